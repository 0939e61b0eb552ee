# cmake -D MODULE=x.wasm -D WASM_OPT=… -D LEVEL=-Oz -D SIMD=ON|OFF -D CONFIG=Release -P optimise.cmake
#
# Replaces a module by what wasm-opt makes of it, where that is smaller. The linker's own output stands where wasm-opt is
# too old for it or fails, and in a Debug build, whose DWARF it would spoil.
if(CONFIG STREQUAL "Debug")
  return()
endif()
set(features --enable-bulk-memory --enable-mutable-globals --enable-nontrapping-float-to-int --enable-sign-ext)
if(SIMD)
  list(APPEND features --enable-simd)
endif()
set(optimised ${MODULE}.optimised)
execute_process(
  COMMAND ${WASM_OPT} ${features} ${LEVEL} --converge --strip-debug --strip-producers --strip-target-features ${MODULE} -o ${optimised}
  RESULT_VARIABLE result
  ERROR_VARIABLE error)
cmake_path(GET MODULE FILENAME name)
if(NOT result EQUAL 0)
  string(STRIP "${error}" error)
  message(STATUS "${name}: kept as linked, since ${WASM_OPT} failed: ${error}")
  file(REMOVE ${optimised})
  return()
endif()
file(SIZE ${MODULE} before)
file(SIZE ${optimised} after)
if(after LESS before)
  file(RENAME ${optimised} ${MODULE})
else()
  file(REMOVE ${optimised})
endif()
