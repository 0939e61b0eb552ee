# The CMake functions for projects that write filters:
#
#   sluice_add_filter(NAME SOURCES file… …)                          a module (Filter.cmake)
#   sluice_add_filter_library(NAME SOURCES file… …)                    a library that filters link (Filter.cmake)
#   sluice_add_filter_project(NAME SOURCE_DIR dir TARGETS target…)     a library with a CMakeLists.txt of its own (Filter.cmake)
#   sluice_add_filter_test(NAME FILTER filter SOURCES file…)           a GoogleTest (FilterTests.cmake)
#   sluice_add_scenario_test(NAME FILTER filter… SCENARIO file.yaml)   a scenario (FilterTests.cmake)
#
# They come with add_subdirectory(), FetchContent and find_package(Sluice) alike. What each does stands above its definition;
# these variables steer them:
#
#   SLUICE_TOOLCHAIN              what filters are compiled with: wasi, zig, emscripten, or a toolchain file (default: what is here)
#   SLUICE_PLATFORM               where they run: envoy (default), istio, …, about which `sluice build` warns
#   WASI_SDK_PATH                 for wasi: a wasi-sdk release; otherwise the newest clang with wasi-libc is found
#   SLUICE_WASI_CLANG             for wasi: that clang, whatever is found
#   SLUICE_ZIG                    for zig: the zig executable, where it is not found by itself
#   SLUICE_FILTER_BUILD_TYPE      Release or Debug; by default Debug where CMAKE_BUILD_TYPE is, Release otherwise
#   SLUICE_FILTER_COMPILE_OPTIONS options for the filters' sources in both builds, such as -Wall
#   SLUICE_SANITIZERS             what filter tests are built with natively (default address,undefined; empty: nothing)
#   SLUICE_TEST_CASES             a CTest test for each test case of a filter (default ON), or OFF: for each executable
#   SLUICE_PROTOC                 for PROTOS: protoc, where it is not found by itself
#   SLUICE_PROTOBUF_SOURCE        for PROTOS: protobuf's sources, where they are not found by themselves
include_guard(GLOBAL)

set(SLUICE_TARGET_IS_WASM OFF)
if(CMAKE_SYSTEM_NAME MATCHES "^(WASI|Emscripten)$" OR CMAKE_SYSTEM_PROCESSOR MATCHES "^wasm")
  set(SLUICE_TARGET_IS_WASM ON)
endif()
set_property(GLOBAL PROPERTY SLUICE_TARGET_IS_WASM ${SLUICE_TARGET_IS_WASM})

# For functions, which may be called from where that variable is not seen.
function(sluice_target_is_wasm variable)
  get_property(is_wasm GLOBAL PROPERTY SLUICE_TARGET_IS_WASM)
  set(${variable} ${is_wasm} PARENT_SCOPE)
endfunction()

# Sets `variable` to CMake arguments by which a configure below this one finds the same toolchain.
function(sluice_toolchain_settings variable)
  set(settings "")
  foreach(name IN ITEMS WASI_SDK_PATH SLUICE_WASI_CLANG SLUICE_ZIG SLUICE_EMXX)
    if(${name})
      list(APPEND settings -D "${name}=${${name}}")
    endif()
  endforeach()
  set(${variable} "${settings}" PARENT_SCOPE)
endfunction()

include(${CMAKE_CURRENT_LIST_DIR}/Arguments.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/Record.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/DirectoryState.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/GuestOptions.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/Protobuf.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/Filter.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/Project.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/FilterTests.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/Manifest.cmake)
if(SLUICE_TARGET_IS_WASM)
  include(${CMAKE_CURRENT_LIST_DIR}/WasmFilter.cmake)
else()
  set(SLUICE_TOOLCHAIN "" CACHE STRING "What filters are compiled with: wasi, zig, emscripten, or a toolchain file; empty: what is here")
  set_property(CACHE SLUICE_TOOLCHAIN PROPERTY STRINGS wasi zig emscripten)
  set(SLUICE_PLATFORM envoy CACHE STRING "Where the filters run: `sluice build` warns about what they cannot do there")
  set(SLUICE_SANITIZERS "address,undefined" CACHE STRING "Sanitizers for filters and their tests; empty: none")
  include(${CMAKE_CURRENT_LIST_DIR}/NativeFilter.cmake)
  include(${CMAKE_CURRENT_LIST_DIR}/SubBuild.cmake)
endif()
