# Toolchain file for filters: Zig's C++ compiler, which brings clang, wasi-libc and libc++ along (`pip install ziglang`).
#
# SLUICE_ZIG (a CMake or an environment variable) is the executable `zig`; without it `zig` is looked for on the PATH, then in
# the Python package `ziglang` of SLUICE_PYTHON, an active virtual environment, or python3. The first use takes a minute or
# two: Zig compiles its libraries and keeps them in its cache.
set(CMAKE_SYSTEM_NAME WASI)
set(CMAKE_SYSTEM_VERSION 1)
set(CMAKE_SYSTEM_PROCESSOR wasm32)
list(APPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR})
include(${CMAKE_CURRENT_LIST_DIR}/zig_compiler.cmake)
# Zig takes its own spelling of the target, and knows WebAssembly's features as parts of the CPU's name.
set(flags "-target wasm32-wasi -mcpu=mvp+bulk_memory+mutable_globals+nontrapping_fptoint+sign_ext")
set(CMAKE_C_FLAGS_INIT "${flags}")
set(CMAKE_CXX_FLAGS_INIT "${flags}")
# CMake's compiler checks would link, and with that compile Zig's libraries for flags that no filter uses: a minute each.
# A project of sluice_add_filter_project() needs the checks.
if(NOT SLUICE_IN_PROJECT)
  set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
endif()

# Zig puts its libc first on the linker's command line. So that the SDK's malloc and abort win, they must stand before all
# that uses them: libraries (the SDK's objects are among them) before the filter's own objects.
set(CMAKE_CXX_LINK_EXECUTABLE
    "<CMAKE_CXX_COMPILER> <FLAGS> <CMAKE_CXX_LINK_FLAGS> <LINK_FLAGS> <LINK_LIBRARIES> <OBJECTS> -o <TARGET>")

include(${CMAKE_CURRENT_LIST_DIR}/find_modes.cmake)
