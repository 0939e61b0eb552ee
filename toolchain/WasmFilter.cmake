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

# How code that uses the existing SDK's API is compiled, in both builds: filters written against it ask contexts for their
# type by dynamic_cast.
function(sluice_compat_options target)
  target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-frtti>)
endfunction()

function(sluice_wasm_compile_options target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "SPEED;SIMD" "" "")
  get_property(features GLOBAL PROPERTY SLUICE_WASM_FEATURES)
  get_property(lto GLOBAL PROPERTY SLUICE_LTO)
  target_compile_features(${target} PRIVATE cxx_std_20)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS ON)
  set(optimise -Oz)
  if(arg_SPEED)
    set(optimise -O3)
  endif()
  target_compile_options(
    ${target}
    PRIVATE ${features}
            -fno-exceptions
            $<$<COMPILE_LANGUAGE:CXX>:-fno-rtti>
            -fvisibility=hidden
            -ffunction-sections
            -fdata-sections
            "$<IF:$<CONFIG:Debug>,-O1;-g,${optimise};${lto}>")
  if(arg_SIMD)
    target_compile_options(${target} PRIVATE -msimd128)
  endif()
endfunction()

# Defines the executable NAME, which becomes OUTPUT_DIRECTORY/NAME.wasm. SPEED, SIMD and COMPAT take a truth value here.
function(sluice_build_wasm_filter NAME)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "OUTPUT_DIRECTORY;SPEED;SIMD;COMPAT"
                        "SOURCES;INCLUDES;DEFINITIONS;LIBRARIES;PROTOS;IMPORT_DIRS")
  set(options "")
  foreach(option IN ITEMS SPEED SIMD)
    if(arg_${option})
      list(APPEND options ${option})
    endif()
  endforeach()

  add_executable(${NAME} ${arg_SOURCES})
  set_target_properties(
    ${NAME} PROPERTIES OUTPUT_NAME ${NAME} SUFFIX .wasm RUNTIME_OUTPUT_DIRECTORY ${arg_OUTPUT_DIRECTORY})
  target_include_directories(${NAME} PRIVATE ${arg_INCLUDES})
  target_compile_definitions(${NAME} PRIVATE ${arg_DEFINITIONS})
  target_compile_options(${NAME} PRIVATE ${SLUICE_FILTER_COMPILE_OPTIONS})
  # The SDK's objects as a part of the libraries, and before them: see zig.cmake.
  target_link_libraries(${NAME} PRIVATE Sluice::headers $<TARGET_OBJECTS:sluice_sdk>)
  if(arg_PROTOS)
    sluice_add_protos(${NAME} ${NAME} "${arg_PROTOS}" "${arg_IMPORT_DIRS}")
  endif()
  sluice_wasm_compile_options(${NAME} ${options})
  if(arg_COMPAT)
    target_link_libraries(${NAME} PRIVATE $<TARGET_OBJECTS:sluice_compat>)
    target_include_directories(${NAME} PRIVATE $<TARGET_PROPERTY:sluice_compat,INTERFACE_INCLUDE_DIRECTORIES>)
    sluice_compat_options(${NAME})
  endif()
  target_link_libraries(${NAME} PRIVATE ${arg_LIBRARIES})
  sluice_wasm_link_options(${NAME} ${options})

  get_property(toolchain_dir GLOBAL PROPERTY SLUICE_TOOLCHAIN_DIR)
  find_program(SLUICE_WASM_OPT wasm-opt DOC "Binaryen's optimiser, which makes filters a little smaller")
  if(SLUICE_WASM_OPT)
    set(level -Oz)
    if(arg_SPEED)
      set(level -O3)
    endif()
    add_custom_command(
      TARGET ${NAME} POST_BUILD
      COMMAND ${CMAKE_COMMAND} -D CONFIG=$<CONFIG> -D WASM_OPT=${SLUICE_WASM_OPT} -D LEVEL=${level} -D SIMD=${arg_SIMD} -D
              MODULE=$<TARGET_FILE:${NAME}> -P ${toolchain_dir}/optimise.cmake
      VERBATIM)
  endif()
endfunction()

function(sluice_wasm_link_options target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "SPEED;SIMD" "" "")
  get_property(stack GLOBAL PROPERTY SLUICE_STACK_SIZE)
  set(optimise -Oz)
  if(arg_SPEED)
    set(optimise -O3)
  endif()
  get_property(lto GLOBAL PROPERTY SLUICE_LTO)
  target_link_options(${target} PRIVATE "$<IF:$<CONFIG:Debug>,-g,${optimise};${lto}>")
  if(CMAKE_SYSTEM_NAME STREQUAL "Emscripten")
    # No JavaScript; the SDK's malloc, whose growth of memory calls nobody (a hostcall is forbidden while it runs); its abort
    # under a name that does not collide with libc's, which comes along with functions that libc++ refers to.
    sluice_emscripten_hostcalls(hostcalls)
    target_link_options(
      ${target}
      PRIVATE
      -sSTANDALONE_WASM=1
      --no-entry
      -sMALLOC=none
      -sALLOW_MEMORY_GROWTH=1
      -sINITIAL_MEMORY=131072
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
  get_property(toolchain_dir GLOBAL PROPERTY SLUICE_TOOLCHAIN_DIR)
  set(library ${CMAKE_BINARY_DIR}/sluice/hostcalls.js)
  file(READ ${toolchain_dir}/../sdk/abi/include/sluice/abi.h abi)
  string(REGEX MATCHALL "X\\([0-9]+, [0-9]+, proxy_[a-z_]+" entries "${abi}")
  set(names "")
  foreach(entry IN LISTS entries)
    string(REGEX MATCH "proxy_[a-z_]+" name "${entry}")
    string(APPEND names "  ${name}: function() {},\n")
  endforeach()
  file(CONFIGURE OUTPUT ${library} CONTENT "mergeInto(LibraryManager.library, {\n@names@});\n" @ONLY)
  set(${variable} ${library} PARENT_SCOPE)
endfunction()
