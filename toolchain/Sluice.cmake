# The CMake functions for projects that write filters:
#
#   sluice_add_filter(NAME SOURCES file… [INCLUDES dir…] [DEFINITIONS name[=value]…] [LIBRARIES target…]
#                     [PROTOS file.proto… [IMPORT_DIRS dir…]] [SPEED] [SIMD] [COMPAT])
#   sluice_add_filter_test(NAME FILTER filter SOURCES file…)
#   sluice_add_scenario_test(NAME FILTER filter… SCENARIO file.yaml)
#
# They come with add_subdirectory(), FetchContent and find_package(Sluice) alike. What each does stands above its definition;
# these variables steer them:
#
#   SLUICE_TOOLCHAIN              what filters are compiled with: wasi (default), zig, emscripten, or a toolchain file
#   WASI_SDK_PATH                 for wasi: a wasi-sdk release; otherwise the newest clang with wasi-libc is found
#   SLUICE_ZIG                    for zig: the zig executable, where it is not found by itself
#   SLUICE_FILTER_BUILD_TYPE      Release or Debug; by default Debug where CMAKE_BUILD_TYPE is, Release otherwise
#   SLUICE_FILTER_COMPILE_OPTIONS options for the filters' sources in both builds, such as -Wall
#   SLUICE_SANITIZERS             what filter tests are built with natively (default address,undefined; empty: nothing)
#   SLUICE_PROTOC                 for PROTOS: protoc, where it is not found by itself
#   SLUICE_PROTOBUF_SOURCE        for PROTOS: protobuf's sources, where they are not found by themselves
include_guard(GLOBAL)

set_property(GLOBAL PROPERTY SLUICE_TOOLCHAIN_DIR ${CMAKE_CURRENT_LIST_DIR})

set(SLUICE_TARGET_IS_WASM OFF)
if(CMAKE_SYSTEM_NAME MATCHES "^(WASI|Emscripten)$" OR CMAKE_SYSTEM_PROCESSOR MATCHES "^wasm")
  set(SLUICE_TARGET_IS_WASM ON)
endif()
set_property(GLOBAL PROPERTY SLUICE_TARGET_IS_WASM ${SLUICE_TARGET_IS_WASM})

include(${CMAKE_CURRENT_LIST_DIR}/Arguments.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/Protobuf.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/WasmFilter.cmake)
if(NOT SLUICE_TARGET_IS_WASM)
  set(SLUICE_TOOLCHAIN wasi CACHE STRING "What filters are compiled with: wasi, zig, emscripten, or a toolchain file")
  set_property(CACHE SLUICE_TOOLCHAIN PROPERTY STRINGS wasi zig emscripten)
  set(SLUICE_SANITIZERS "address,undefined" CACHE STRING "Sanitizers for filters and their tests; empty: none")
  include(${CMAKE_CURRENT_LIST_DIR}/NativeFilter.cmake)
  include(${CMAKE_CURRENT_LIST_DIR}/SubBuild.cmake)
endif()

# Builds a filter: ${CMAKE_CURRENT_BINARY_DIR}/NAME.wasm, with the target NAME, whose property SLUICE_WASM is that path.
#
# SOURCES      the filter's C++ (or C) files
# INCLUDES     directories to find headers in
# DEFINITIONS  preprocessor definitions
# LIBRARIES    libraries of this project (added before); their sources are compiled for WebAssembly too
# PROTOS       .proto files whose messages the filter uses: sent and parsed with <sluice/protobuf.h>, or by themselves. The
#              header of x.proto is "x.pb.h", by its name below the first of IMPORT_DIRS, the current folder and its own
#              that it is below. The files that they import are named here too, protobuf's own (such as
#              google/protobuf/timestamp.proto) included. Needs protoc, and protobuf's sources: see toolchain/Protobuf.cmake.
# IMPORT_DIRS  directories below which PROTOS and what they import have their names
# SPEED        optimise for speed (-O3); without it for size
# SIMD         use WebAssembly's 128-bit SIMD instructions
# COMPAT       the filter is written against the existing C++ SDK: it finds "proxy_wasm_intrinsics.h" (docs/migration.md)
#
# A Release filter is optimised at link time, stripped, and passed through wasm-opt where that is found and makes it
# smaller. A Debug filter keeps its names and DWARF. Its linear memory starts with two pages: 64 KiB of stack, then data
# and heap; both grow when the data needs more.
#
# In a native configure (the usual one) the target NAME_native is the same filter compiled for this machine, a shared
# library that tests load; it is built only for a test that wants it.
function(sluice_add_filter NAME)
  cmake_parse_arguments(PARSE_ARGV 1 arg "SPEED;SIMD;COMPAT" "" "SOURCES;INCLUDES;DEFINITIONS;LIBRARIES;PROTOS;IMPORT_DIRS")
  set(call "sluice_add_filter(${NAME})")
  sluice_check_name("${call}" "${NAME}")
  sluice_check_arguments("${call}" "SOURCES;INCLUDES;DEFINITIONS;LIBRARIES;PROTOS;IMPORT_DIRS;SPEED;SIMD;COMPAT")
  sluice_require_arguments("${call}" SOURCES)
  sluice_resolve_paths("${call}" arg_SOURCES FILE)
  sluice_resolve_paths("${call}" arg_INCLUDES DIRECTORY)
  foreach(library IN LISTS arg_LIBRARIES)
    if(NOT TARGET ${library})
      message(FATAL_ERROR "${call}: LIBRARIES names \"${library}\", which is not a target here.\n"
                          "Define it with add_library() before this call.")
    endif()
  endforeach()
  sluice_resolve_protos("${call}")

  if(SLUICE_TARGET_IS_WASM)
    sluice_build_wasm_filter(
      ${NAME}
      OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}
      SOURCES ${arg_SOURCES}
      INCLUDES ${arg_INCLUDES}
      DEFINITIONS ${arg_DEFINITIONS}
      LIBRARIES ${arg_LIBRARIES}
      PROTOS ${arg_PROTOS}
      IMPORT_DIRS ${arg_IMPORT_DIRS}
      SPEED ${arg_SPEED}
      SIMD ${arg_SIMD}
      COMPAT ${arg_COMPAT})
  else()
    sluice_build_filter_in_sub_build(${NAME})
    sluice_build_native_filter(${NAME})
  endif()
  set_target_properties(${NAME} PROPERTIES SLUICE_WASM ${CMAKE_CURRENT_BINARY_DIR}/${NAME}.wasm)
endfunction()

# Builds one GoogleTest executable and makes two CTest tests of it: NAME.wasm runs it on FILTER's real .wasm in the mock
# host's interpreter, NAME.native on FILTER compiled for this machine, with SLUICE_SANITIZERS. They differ in the
# environment variable SLUICE_FILTER alone, and carry the labels `wasm` and `native`.
#
# FILTER    a filter of sluice_add_filter()
# SOURCES   the test's files, with tests written in <sluice/testing.h>'s vocabulary
# INCLUDES  the test's include directories
#
# Nothing happens in a configure with a WebAssembly toolchain file, nor where BUILD_TESTING is off.
function(sluice_add_filter_test NAME)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "FILTER" "SOURCES;INCLUDES")
  set(call "sluice_add_filter_test(${NAME})")
  sluice_check_name("${call}" "${NAME}")
  sluice_check_arguments("${call}" "FILTER;SOURCES;INCLUDES")
  sluice_require_arguments("${call}" FILTER SOURCES)
  sluice_check_filter("${call}" "${arg_FILTER}")
  sluice_resolve_paths("${call}" arg_SOURCES FILE)
  sluice_resolve_paths("${call}" arg_INCLUDES DIRECTORY)
  if(SLUICE_TARGET_IS_WASM OR (DEFINED BUILD_TESTING AND NOT BUILD_TESTING))
    return()
  endif()
  if(NOT TARGET Sluice::testing)
    sluice_explain_missing_host("${call}" "the mock host")
  endif()

  sluice_sanitizer_options(sanitizers)
  add_executable(${NAME} ${arg_SOURCES})
  set_target_properties(${NAME} PROPERTIES ENABLE_EXPORTS ON)
  target_include_directories(${NAME} PRIVATE ${arg_INCLUDES})
  target_link_libraries(${NAME} PRIVATE Sluice::testing)
  target_compile_options(${NAME} PRIVATE ${sanitizers})
  target_link_options(${NAME} PRIVATE ${sanitizers})
  add_dependencies(${NAME} ${arg_FILTER} ${arg_FILTER}_native)

  get_target_property(wasm ${arg_FILTER} SLUICE_WASM)
  sluice_add_filter_run(${NAME}.wasm ${NAME} ${wasm} wasm)
  sluice_add_filter_run(${NAME}.native ${NAME} $<TARGET_FILE:${arg_FILTER}_native> native)
  set_property(GLOBAL APPEND PROPERTY SLUICE_FILTER_TESTS ${NAME}:${arg_FILTER})
endfunction()

# Plays a scenario file twice with `sluice run`, as two CTest tests: NAME.mock on the mock host, NAME.envoy on a real
# Envoy (which fails, and says how to install it, where there is none). The labels are `mock` and `envoy`.
#
# FILTER    a filter of sluice_add_filter(), or several: the modules that the scenario's filters are
# SCENARIO  the scenario file
function(sluice_add_scenario_test NAME)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "SCENARIO" "FILTER")
  set(call "sluice_add_scenario_test(${NAME})")
  sluice_check_name("${call}" "${NAME}")
  sluice_check_arguments("${call}" "FILTER;SCENARIO")
  sluice_require_arguments("${call}" FILTER SCENARIO)
  foreach(filter IN LISTS arg_FILTER)
    sluice_check_filter("${call}" "${filter}")
  endforeach()
  sluice_resolve_paths("${call}" arg_SCENARIO FILE)
  if(SLUICE_TARGET_IS_WASM OR (DEFINED BUILD_TESTING AND NOT BUILD_TESTING))
    return()
  endif()
  if(NOT TARGET Sluice::sluice)
    sluice_explain_missing_host("${call}" "the `sluice` command")
  endif()

  set(modules "")
  foreach(filter IN LISTS arg_FILTER)
    get_target_property(wasm ${filter} SLUICE_WASM)
    list(APPEND modules --filter ${wasm})
  endforeach()
  # Tests do not build what they run.
  add_custom_target(${NAME} ALL)
  add_dependencies(${NAME} ${arg_FILTER} Sluice::sluice)

  get_property(toolchain_dir GLOBAL PROPERTY SLUICE_TOOLCHAIN_DIR)
  find_program(SLUICE_ENVOY envoy HINTS ${CMAKE_SOURCE_DIR}/.venv/bin ${toolchain_dir}/../.venv/bin
               DOC "The Envoy that scenario tests run")
  set(envoy_options "")
  if(SLUICE_ENVOY)
    set(envoy_options --envoy ${SLUICE_ENVOY})
  endif()
  add_test(NAME ${NAME}.mock COMMAND Sluice::sluice run --host mock ${modules} ${arg_SCENARIO})
  add_test(NAME ${NAME}.envoy COMMAND Sluice::sluice run --host envoy ${envoy_options} ${modules} ${arg_SCENARIO})
  set_tests_properties(${NAME}.mock PROPERTIES LABELS mock TIMEOUT 120)
  set_tests_properties(${NAME}.envoy PROPERTIES LABELS envoy TIMEOUT 120)
endfunction()
