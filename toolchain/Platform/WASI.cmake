# Tells CMake what WASI is: the toolchain files add this folder to CMAKE_MODULE_PATH.
set(CMAKE_EXECUTABLE_SUFFIX .wasm)
set(CMAKE_STATIC_LIBRARY_PREFIX lib)
set(CMAKE_STATIC_LIBRARY_SUFFIX .a)
