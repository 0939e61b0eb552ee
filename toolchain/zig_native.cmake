# Toolchain file for this machine: Zig's C++ compiler with its libc++, for machines that have no other. What it makes runs on
# each Linux with glibc 2.28 or newer. The Python package is built with it, and so are the tests of its users.
#
# SLUICE_ZIG is as for zig.cmake. Zig has a runtime of UndefinedBehaviorSanitizer, and none of AddressSanitizer.
list(APPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR})
include(${CMAKE_CURRENT_LIST_DIR}/zig_compiler.cmake)
set(flags "-target ${CMAKE_HOST_SYSTEM_PROCESSOR}-linux-gnu.2.28")
set(CMAKE_C_FLAGS_INIT "${flags}")
set(CMAKE_CXX_FLAGS_INIT "${flags}")
# As in zig.cmake: a check that links would cost a minute. What CMake would find out so is this.
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_EXECUTABLE_FORMAT ELF)
set(SLUICE_SANITIZERS undefined CACHE STRING "Sanitizers for filters and their tests; empty: none")
