# Sets SLUICE_WASI_CLANG to the clang of this machine that filters are tested with, if it links C++20 for wasm32-wasi, and
# SLUICE_WASI_C_INCLUDES and SLUICE_WASI_CXX_INCLUDES to options by which it sees no headers but those for WebAssembly.

# A distribution's clang looks for headers in /usr/include and /usr/local/include too, for whatever target. Sets `variable` to
# options by which it does not: its other folders by name, before and behind those of the compiler itself.
function(sluice_wasi_includes variable clang language)
  execute_process(COMMAND ${clang} --target=wasm32-wasi -x ${language} -E -v /dev/null OUTPUT_QUIET ERROR_VARIABLE output)
  string(REGEX MATCH "<\\.\\.\\.> search starts here:\n(.*)End of search list" matched "${output}")
  string(REPLACE "\n" ";" directories "${CMAKE_MATCH_1}")
  set(options -nostdlibinc)
  set(option -isystem)
  foreach(directory IN LISTS directories)
    string(STRIP "${directory}" directory)
    if(directory MATCHES "/lib/clang/[^/]+/include$")
      set(option -idirafter)
    elseif(directory AND NOT directory MATCHES "^/usr(/local)?/include$")
      list(APPEND options ${option} ${directory})
    endif()
  endforeach()
  list(JOIN options " " options)
  set(${variable} "${options}" CACHE INTERNAL "Options by which clang sees headers for WebAssembly alone")
endfunction()

if(SLUICE_WASI_CLANG)
  if(NOT SLUICE_WASI_C_INCLUDES OR NOT SLUICE_WASI_CXX_INCLUDES)
    sluice_wasi_includes(SLUICE_WASI_C_INCLUDES ${SLUICE_WASI_CLANG} c)
    sluice_wasi_includes(SLUICE_WASI_CXX_INCLUDES ${SLUICE_WASI_CLANG} c++)
  endif()
  return()
endif()

set(probe_dir ${CMAKE_BINARY_DIR}/CMakeFiles/sluice-wasi-clang)
file(
  WRITE ${probe_dir}/probe.cc
  "#if __clang_major__ != 22\n#error clang 22 is the one that filters are tested with: SLUICE_WASI_CLANG takes another\n#endif\n"
  "#include <concepts>\n#include <string>\n"
  "__attribute__((export_name(\"probe\"))) unsigned long probe(const std::string* s) { return s->find('x', 1); }\n")
set(tried "")
set(versions "")
foreach(version RANGE 40 16 -1)
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
    sluice_wasi_includes(SLUICE_WASI_C_INCLUDES ${clang} c)
    sluice_wasi_includes(SLUICE_WASI_CXX_INCLUDES ${clang} c++)
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
  "or unpack a release of wasi-sdk (https://github.com/WebAssembly/wasi-sdk/releases) and set WASI_SDK_PATH to it,\n"
  "or `pip install ziglang` and set SLUICE_TOOLCHAIN to zig.")
