# Sets SLUICE_ZIG to Zig's executable.
if(NOT "$ENV{SLUICE_ZIG}" STREQUAL "")
  set(zig "$ENV{SLUICE_ZIG}")
  if(NOT EXISTS "${zig}")
    message(FATAL_ERROR "SLUICE_ZIG is ${zig}, but there is no such file. Set it to the executable `zig`.")
  endif()
else()
  find_program(zig zig NO_CACHE)
endif()

if(NOT zig)
  find_program(python3 python3 NO_CACHE)
  cmake_path(SET venv NORMALIZE ${CMAKE_CURRENT_LIST_DIR}/../.venv)
  foreach(python IN ITEMS "${SLUICE_PYTHON}" "$ENV{VIRTUAL_ENV}/bin/python3" "${venv}/bin/python3" "${python3}")
    if(python AND EXISTS "${python}")
      execute_process(
        COMMAND ${python} -c "import os, ziglang; print(os.path.join(os.path.dirname(ziglang.__file__), 'zig'), end='')"
        OUTPUT_VARIABLE zig
        ERROR_QUIET
        RESULT_VARIABLE result)
      if(result EQUAL 0 AND EXISTS "${zig}")
        break()
      endif()
      unset(zig)
    endif()
  endforeach()
endif()

if(NOT zig)
  message(FATAL_ERROR
    "Zig is not here: neither is `zig` on the PATH nor has python3 the package `ziglang`.\n"
    "Install it with `pip install ziglang`, or from https://ziglang.org/download, and set SLUICE_ZIG to the executable where "
    "it is not on the PATH.")
endif()
set(SLUICE_ZIG "${zig}" CACHE FILEPATH "Zig's executable")
