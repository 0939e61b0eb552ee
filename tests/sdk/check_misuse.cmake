# Compiles SOURCE and compares the compiler's output with the file's first line of the form `// expect: success` or
# `// expect: text`.
# Usage: cmake -DCOMPILER=… [-DTARGET=--target=…] -DINCLUDE=… -DSOURCE=… -P check_misuse.cmake
file(STRINGS "${SOURCE}" expected REGEX "^// expect: " LIMIT_COUNT 1)
if(NOT expected)
  message(FATAL_ERROR "${SOURCE}: there is no line `// expect: …`")
endif()
string(REPLACE "// expect: " "" expected "${expected}")
set(options "")
if(TARGET)
  # The name of the target is deprecated, which is not what is looked for.
  set(options ${TARGET} -Wno-deprecated)
endif()
execute_process(
  COMMAND "${COMPILER}" ${options} -std=c++20 -Wall -Wextra -Werror -fno-exceptions -fno-rtti -fsyntax-only -I "${INCLUDE}" -I "${INCLUDE}/../abi/include" -I "${INCLUDE}/../one_thread/include"
          "${SOURCE}"
  RESULT_VARIABLE result
  ERROR_VARIABLE said)
if(expected STREQUAL "success")
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${SOURCE} must compile, but:\n${said}")
  endif()
  return()
endif()
if(result EQUAL 0)
  message(FATAL_ERROR "${SOURCE} must not compile, but it does")
endif()
string(FIND "${said}" "${expected}" position)
if(position EQUAL -1)
  message(FATAL_ERROR "${SOURCE}: the compiler should say\n  ${expected}\nbut it says\n${said}")
endif()
