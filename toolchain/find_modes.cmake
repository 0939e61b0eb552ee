# Included by toolchain files: what find_package() and its like find in a build for WebAssembly. Nothing of this machine's own,
# but what CMAKE_PREFIX_PATH names; programs are this machine's.
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
# Without a root, ONLY means nothing: so there is one in which nothing lies.
cmake_path(CONVERT "$ENV{CMAKE_PREFIX_PATH}" TO_CMAKE_PATH_LIST sluice_prefixes)
list(APPEND CMAKE_FIND_ROOT_PATH ${CMAKE_CURRENT_LIST_DIR}/Platform ${CMAKE_PREFIX_PATH} ${sluice_prefixes} ${Sluice_ROOT})
