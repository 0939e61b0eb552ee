# Toolchain file for filters: clang with wasi-libc.
#
# With WASI_SDK_PATH (a CMake or an environment variable) it uses that release of wasi-sdk
# (https://github.com/WebAssembly/wasi-sdk/releases). Otherwise it takes the newest clang of this machine that compiles and
# links for wasm32-wasi; on Debian that is: apt install clang lld wasi-libc libc++-dev-wasm32 libclang-rt-dev-wasm32.
set(CMAKE_SYSTEM_NAME WASI)
set(CMAKE_SYSTEM_VERSION 1)
set(CMAKE_SYSTEM_PROCESSOR wasm32)
list(APPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR})
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES WASI_SDK_PATH SLUICE_WASI_CLANG SLUICE_WASI_C_INCLUDES SLUICE_WASI_CXX_INCLUDES)

if(NOT WASI_SDK_PATH AND DEFINED ENV{WASI_SDK_PATH})
  set(WASI_SDK_PATH "$ENV{WASI_SDK_PATH}")
endif()

if(WASI_SDK_PATH)
  set(WASI_SDK_PATH "${WASI_SDK_PATH}" CACHE PATH "A wasi-sdk release")
  foreach(part IN ITEMS bin/clang++ bin/llvm-ar share/wasi-sysroot)
    if(NOT EXISTS ${WASI_SDK_PATH}/${part})
      message(FATAL_ERROR "WASI_SDK_PATH is ${WASI_SDK_PATH}, but there is no ${part} in it.\n"
                          "Set it to an unpacked release: https://github.com/WebAssembly/wasi-sdk/releases")
    endif()
  endforeach()
  set(CMAKE_SYSROOT ${WASI_SDK_PATH}/share/wasi-sysroot)
  set(triple wasm32-wasi)
  if(EXISTS ${CMAKE_SYSROOT}/lib/wasm32-wasip1)
    set(triple wasm32-wasip1)
  endif()
  set(clang ${WASI_SDK_PATH}/bin/clang)
  set(tools ${WASI_SDK_PATH}/bin)
  set(suffix "")
else()
  include(${CMAKE_CURRENT_LIST_DIR}/FindWasiClang.cmake)
  set(triple wasm32-wasi)
  set(clang ${SLUICE_WASI_CLANG})
  string(REGEX MATCH "-[0-9]+$" suffix ${clang})
  cmake_path(GET clang PARENT_PATH tools)
  # Debian's wasi-libc has no folder under the newer name, about which clang 20 and later would remind with each file.
  foreach(language IN ITEMS C CXX)
    set(CMAKE_${language}_FLAGS_INIT "-Wno-deprecated -Wdeprecated-declarations ${SLUICE_WASI_${language}_INCLUDES}")
  endforeach()
endif()

string(REGEX REPLACE "clang([-0-9]*)$" "clang++\\1" clangxx ${clang})
set(CMAKE_C_COMPILER ${clang})
set(CMAKE_CXX_COMPILER ${clangxx})
set(CMAKE_C_COMPILER_TARGET ${triple})
set(CMAKE_CXX_COMPILER_TARGET ${triple})
foreach(tool IN ITEMS ar ranlib)
  string(TOUPPER ${tool} variable)
  if(EXISTS ${tools}/llvm-${tool}${suffix})
    set(CMAKE_${variable} ${tools}/llvm-${tool}${suffix})
  endif()
endforeach()

include(${CMAKE_CURRENT_LIST_DIR}/find_modes.cmake)
