# The settings of a project that the Python package's Sluice configures: it finds this Sluice, compiles its filters with Zig,
# and its tests with Zig for this machine, as the package's own libraries are compiled. `sluice build` names this file to CMake;
# by hand it is `cmake --toolchain FILE` or `cmake -C FILE`.
set(CMAKE_TOOLCHAIN_FILE ${CMAKE_CURRENT_LIST_FILE} CACHE FILEPATH "Zig for this machine")
set(SLUICE_TOOLCHAIN zig CACHE STRING "What filters are compiled with: wasi, zig, emscripten, or a toolchain file")
cmake_path(SET sluice_prefix NORMALIZE "${CMAKE_CURRENT_LIST_DIR}/../..")
list(PREPEND CMAKE_PREFIX_PATH "${sluice_prefix}")

# The package `ziglang` that this one depends on, and the programs of the environment that both are installed in.
cmake_path(SET sluice_site_packages NORMALIZE "${sluice_prefix}/..")
cmake_path(SET sluice_programs NORMALIZE "${sluice_site_packages}/../../../bin")
list(APPEND CMAKE_PROGRAM_PATH "${sluice_programs}")
if(EXISTS "${sluice_site_packages}/ziglang/zig")
  set(SLUICE_ZIG "${sluice_site_packages}/ziglang/zig" CACHE FILEPATH "Zig's executable")
endif()
include(${CMAKE_CURRENT_LIST_DIR}/toolchain/zig_native.cmake)
