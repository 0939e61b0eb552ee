# Sets SLUICE_WASI_CLANG to the newest clang of this machine that compiles and links C++20 for wasm32-wasi.
if(SLUICE_WASI_CLANG)
  return()
endif()

set(probe_dir ${CMAKE_BINARY_DIR}/CMakeFiles/sluice-wasi-clang)
file(
  WRITE ${probe_dir}/probe.cc
  "#include <concepts>\n#include <string>\n"
  "__attribute__((export_name(\"probe\"))) unsigned long probe(const std::string* s) { return s->find('x', 1); }\n")
set(tried "")
set(versions "")
foreach(version RANGE 40 14 -1)
  list(APPEND versions -${version})
endforeach()
foreach(version IN LISTS versions ITEMS "")
  find_program(clangxx clang++${version} NO_CACHE)
  if(NOT clangxx)
    continue()
  endif()
  execute_process(
    COMMAND ${clangxx} --target=wasm32-wasi -mexec-model=reactor -std=c++20 -fno-exceptions -w -o ${probe_dir}/probe.wasm
            ${probe_dir}/probe.cc
    RESULT_VARIABLE result
    OUTPUT_QUIET
    ERROR_VARIABLE error)
  if(result EQUAL 0)
    string(REPLACE "clang++" "clang" clang ${clangxx})
    set(SLUICE_WASI_CLANG ${clang} CACHE FILEPATH "clang that compiles for wasm32-wasi")
    return()
  endif()
  string(REGEX MATCH "[^\n]*error:[^\n]*" error "${error}")
  string(APPEND tried "\n  ${clangxx}: ${error}")
  unset(clangxx)
endforeach()

if(NOT tried)
  set(verdict "There is no clang here.")
else()
  set(verdict "No clang here compiles for wasm32-wasi:${tried}")
endif()
message(FATAL_ERROR "${verdict}\n"
  "Either install one with its WebAssembly libraries; on Debian bookworm:\n"
  "  apt install clang-22 lld-22 wasi-libc libc++-22-dev-wasm32 libc++abi-22-dev-wasm32 libclang-rt-22-dev-wasm32\n"
  "or unpack a release of wasi-sdk (https://github.com/WebAssembly/wasi-sdk/releases) and set WASI_SDK_PATH to it.")
