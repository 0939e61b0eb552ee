# How a filter is compiled and linked by a WebAssembly toolchain: in a configure with a toolchain file, and in the sub-build.
include_guard(GLOBAL)

# Two pages of memory: the stack first, so that its overflow traps, and a page for data and heap.
set_property(GLOBAL PROPERTY SLUICE_STACK_SIZE 65536)

# Instructions that every host has had for years. All others are off, even where the compiler would use them by itself:
# reference types, for one, make each indirect call four bytes longer.
set(sluice_wasm_features -mbulk-memory -mmutable-globals -mnontrapping-fptoint -msign-ext)
if(CMAKE_CXX_COMPILER MATCHES "zig")
  set(sluice_wasm_features "") # in zig.cmake
elseif(NOT CMAKE_SYSTEM_NAME STREQUAL "Emscripten")
  list(PREPEND sluice_wasm_features -mcpu=mvp)
endif()
set_property(GLOBAL PROPERTY SLUICE_WASM_FEATURES ${sluice_wasm_features})

# Virtual calls with one override, as in a module with one filter, become direct ones; virtual functions that nobody calls go.
set_property(GLOBAL PROPERTY SLUICE_LTO -flto -fwhole-program-vtables -fvirtual-function-elimination)
if(CMAKE_CXX_COMPILER MATCHES "zig") # whose libc++ is not split into units as these ask for
  set_property(GLOBAL PROPERTY SLUICE_LTO -flto)
endif()

# Sets two variables to how guest code is compiled in this configure: all of it, and C++ besides. NativeFilter.cmake has the
# other such function.
function(sluice_machine_flags flags_name cxx_flags_name)
  cmake_parse_arguments(PARSE_ARGV 2 arg "SPEED;SIMD;RTTI;COMPAT" "CXX_STANDARD;CXX_EXTENSIONS" "")
  get_property(flags GLOBAL PROPERTY SLUICE_WASM_FEATURES)
  if(arg_SIMD)
    list(APPEND flags -msimd128)
  endif()
  # Before the standard library's headers, which these include and complete.
  cmake_path(SET one_thread NORMALIZE ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../sdk/one_thread/include)
  list(APPEND flags -I${one_thread} -fvisibility=hidden -ffunction-sections -fdata-sections)
  set(${flags_name} "${flags}" PARENT_SCOPE)
  sluice_language_flags(cxx_flags "${arg_RTTI}" "${arg_COMPAT}")
  set(${cxx_flags_name} "${cxx_flags}" PARENT_SCOPE)
endfunction()

# The same for a target, with the optimisation of its configuration.
function(sluice_guest_options target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "SPEED" "" "")
  sluice_set_guest_options(${target} ${ARGN})
  get_property(lto GLOBAL PROPERTY SLUICE_LTO)
  set(optimise -Oz)
  if(arg_SPEED)
    set(optimise -O3)
  endif()
  target_compile_options(${target} PRIVATE "$<IF:$<CONFIG:Debug>,-O1;-g,${optimise};${lto}>")
endfunction()

# Defines the executable NAME, which becomes NAME.wasm, from the record of a filter.
function(sluice_build_wasm_filter name)
  sluice_read_record(${name} filter OUTPUT_DIRECTORY SOURCES SPEED SIMD STACK_SIZE LINK_OPTIONS)
  add_executable(${name} ${filter_SOURCES})
  set_target_properties(
    ${name} PROPERTIES OUTPUT_NAME ${name} SUFFIX .wasm RUNTIME_OUTPUT_DIRECTORY ${filter_OUTPUT_DIRECTORY})
  # The SDK's objects as a part of the libraries, and before them: see zig.cmake.
  sluice_fill_filter(${name} ${name} $<TARGET_OBJECTS:sluice_sdk> $<TARGET_OBJECTS:sluice_compat>)
  set(optimise -Oz)
  if(filter_SPEED)
    set(optimise -O3)
  endif()
  sluice_wasm_link_options(${name} ${optimise} "${filter_STACK_SIZE}")
  target_link_options(${name} PRIVATE ${filter_LINK_OPTIONS})

  find_program(SLUICE_WASM_OPT wasm-opt DOC "Binaryen's optimiser, which makes filters a little smaller")
  if(SLUICE_WASM_OPT)
    add_custom_command(
      TARGET ${name} POST_BUILD
      COMMAND ${CMAKE_COMMAND} -D CONFIG=$<CONFIG> -D WASM_OPT=${SLUICE_WASM_OPT} -D LEVEL=${optimise} -D SIMD=${filter_SIMD} -D
              MODULE=$<TARGET_FILE:${name}> -P ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/optimise.cmake
      VERBATIM)
  endif()
endfunction()

function(sluice_wasm_link_options target optimise stack)
  if(NOT stack)
    get_property(stack GLOBAL PROPERTY SLUICE_STACK_SIZE)
  endif()
  get_property(lto GLOBAL PROPERTY SLUICE_LTO)
  target_link_options(${target} PRIVATE "$<IF:$<CONFIG:Debug>,-g,${optimise};${lto}>")
  if(CMAKE_SYSTEM_NAME STREQUAL "Emscripten")
    # No JavaScript; the SDK's malloc, whose growth of memory calls nobody (a hostcall is forbidden while it runs); its abort
    # under a name that does not collide with libc's, which comes along with functions that libc++ refers to.
    sluice_emscripten_hostcalls(hostcalls)
    math(EXPR memory "(${stack} + 65535) / 65536 * 65536 + 65536") # whole pages: the stack, and one for data and heap
    target_link_options(
      ${target}
      PRIVATE
      -sSTANDALONE_WASM=1
      --no-entry
      -sMALLOC=none
      -sALLOW_MEMORY_GROWTH=1
      -sINITIAL_MEMORY=${memory}
      -sTOTAL_STACK=${stack}
      -Wl,--stack-first
      -Wl,--wrap=abort
      -sGLOBAL_BASE=${stack}
      -sFILESYSTEM=0
      --js-library=${hostcalls})
  else()
    target_link_options(${target} PRIVATE -mexec-model=reactor -Wl,-z,stack-size=${stack}
                        "$<$<NOT:$<CONFIG:Debug>>:-Wl$<COMMA>--strip-all>")
    if(NOT CMAKE_CXX_COMPILER MATCHES "zig") # which always does so
      target_link_options(${target} PRIVATE -Wl,--stack-first)
    endif()
  endif()
endfunction()

# Emscripten takes a symbol that nothing defines for a mistake, imported or not, unless a JavaScript library has it. Sets
# `variable` to such a library of the hostcalls' names, which it writes; none of it comes into the module.
function(sluice_emscripten_hostcalls variable)
  set(library ${CMAKE_BINARY_DIR}/sluice/hostcalls.js)
  file(READ ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../sdk/abi/include/sluice/abi.h abi)
  string(REGEX MATCHALL "X\\([0-9]+, [0-9]+, proxy_[a-z_]+" entries "${abi}")
  set(names "")
  foreach(entry IN LISTS entries)
    string(REGEX MATCH "proxy_[a-z_]+" name "${entry}")
    string(APPEND names "  ${name}: function() {},\n")
  endforeach()
  file(CONFIGURE OUTPUT ${library} CONTENT "mergeInto(LibraryManager.library, {\n@names@});\n" @ONLY)
  set(${variable} ${library} PARENT_SCOPE)
endfunction()
