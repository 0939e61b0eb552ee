# What guest code is compiled with in both builds. What each build adds is in WasmFilter.cmake and NativeFilter.cmake.
include_guard(GLOBAL)

# Sets `variable` to the options for C++ alone. Nothing is ever caught in a filter. In one written against the existing SDK
# (COMPAT) `try` and `catch` are read and ignored, and `throw` ends the VM: see sdk/compat/src/exceptions.cc.
function(sluice_language_flags variable is_rtti is_compat)
  set(flags -fno-rtti)
  if(is_rtti OR is_compat) # whose filters ask contexts for their type by dynamic_cast
    set(flags -frtti)
  endif()
  if(NOT is_compat)
    list(APPEND flags -fno-exceptions)
  else()
    # Libraries must not count on exceptions.
    list(APPEND flags -fexceptions -U__cpp_exceptions -Wno-builtin-macro-redefined -D_LIBCPP_NO_EXCEPTIONS)
    if(CMAKE_SYSTEM_NAME STREQUAL "Emscripten") # which takes -fexceptions for the wish to have them emulated
      list(REMOVE_ITEM flags -fexceptions)
    endif()
    if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      list(APPEND flags -fignore-exceptions)
    endif()
  endif()
  set(${variable} "${flags}" PARENT_SCOPE)
endfunction()

# Sets `variable` to options by which __FILE__ is a path below the project's folder, and the same wherever that and the build
# lie. Where two fit, the last counts.
function(sluice_prefix_map_options variable)
  sluice_project_directories(source_dir binary_dir)
  set(${variable} -fmacro-prefix-map=${source_dir}/= -fmacro-prefix-map=${binary_dir}/= PARENT_SCOPE)
endfunction()

# Sets two variables to the folders of the project that defines filters; the sub-build was told which they are.
function(sluice_project_directories source_name binary_name)
  set(${source_name} ${CMAKE_SOURCE_DIR} PARENT_SCOPE)
  set(${binary_name} ${CMAKE_BINARY_DIR} PARENT_SCOPE)
  if(SLUICE_OUTER_SOURCE_DIR)
    set(${source_name} ${SLUICE_OUTER_SOURCE_DIR} PARENT_SCOPE)
    set(${binary_name} ${SLUICE_OUTER_BINARY_DIR} PARENT_SCOPE)
  endif()
endfunction()

function(sluice_set_guest_options target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "SPEED;SIMD;RTTI;COMPAT" "CXX_STANDARD;CXX_EXTENSIONS" "")
  if(NOT arg_CXX_STANDARD)
    set(arg_CXX_STANDARD 20)
  endif()
  if("${arg_CXX_EXTENSIONS}" STREQUAL "")
    set(arg_CXX_EXTENSIONS ON)
  endif()
  # Unity builds put into one file what has the same names on purpose.
  set_target_properties(
    ${target} PROPERTIES CXX_STANDARD ${arg_CXX_STANDARD} CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS ${arg_CXX_EXTENSIONS}
                         UNITY_BUILD OFF)
  sluice_check_standard(${arg_CXX_STANDARD})
  cmake_path(SET sluice_dir NORMALIZE ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/..)
  sluice_machine_flags(flags cxx_flags ${ARGN})
  target_compile_options(
    ${target} PRIVATE -fmacro-prefix-map=${sluice_dir}=sluice/ ${flags} "$<$<COMPILE_LANGUAGE:CXX>:${cxx_flags}>")
endfunction()

# Makes sure that the compiler of this configure has a standard, and tells CMake where that does not know it yet.
function(sluice_check_standard standard)
  if(DEFINED CMAKE_CXX${standard}_STANDARD_COMPILE_OPTION)
    return()
  endif()
  if(standard EQUAL 26
     AND ((CMAKE_CXX_COMPILER_ID MATCHES "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 17)
          OR (CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 14)))
    set(CMAKE_CXX26_STANDARD_COMPILE_OPTION -std=c++2c CACHE INTERNAL "")
    set(CMAKE_CXX26_EXTENSION_COMPILE_OPTION -std=gnu++2c CACHE INTERNAL "")
    return()
  endif()
  message(FATAL_ERROR "CXX_STANDARD ${standard}: ${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION} (${CMAKE_CXX_COMPILER}) does not "
                      "have it. Filters are compiled for WebAssembly and, for tests, for this machine: choose another "
                      "CMAKE_CXX_COMPILER, SLUICE_TOOLCHAIN, or an earlier standard.")
endfunction()
