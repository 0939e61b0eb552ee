# Which toolchain compiles filters where nobody has said so.
include_guard(GLOBAL)

# Sets `variable` to the first of wasi, zig and emscripten that is here; to wasi, which says what to install, if none is.
function(sluice_choose_toolchain variable)
  set(${variable} wasi PARENT_SCOPE)
  if(WASI_SDK_PATH OR SLUICE_WASI_CLANG OR NOT "$ENV{WASI_SDK_PATH}" STREQUAL "")
    return()
  endif()
  if(SLUICE_ZIG OR NOT "$ENV{SLUICE_ZIG}" STREQUAL "")
    set(${variable} zig PARENT_SCOPE)
    return()
  endif()
  # Each finder ends the script that runs it where it finds nothing.
  set(folder ${CMAKE_BINARY_DIR}/CMakeFiles/sluice-toolchain)
  file(MAKE_DIRECTORY ${folder})
  foreach(pair IN ITEMS "FindWasiClang wasi" "FindZig zig")
    separate_arguments(pair)
    list(GET pair 0 finder)
    list(GET pair 1 toolchain)
    execute_process(
      COMMAND ${CMAKE_COMMAND} -P ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/${finder}.cmake
      WORKING_DIRECTORY ${folder}
      RESULT_VARIABLE result
      OUTPUT_QUIET ERROR_QUIET)
    if(result EQUAL 0)
      set(${variable} ${toolchain} PARENT_SCOPE)
      return()
    endif()
  endforeach()
  find_program(emxx em++ HINTS $ENV{EMSDK}/upstream/emscripten NO_CACHE)
  if(emxx)
    set(${variable} emscripten PARENT_SCOPE)
  endif()
endfunction()
