# Runs ${SLUICE} with the list ${ARGUMENTS}; expects the exit code ${CODE} and output that matches ${OUTPUT}.
execute_process(COMMAND ${SLUICE} ${ARGUMENTS} RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(NOT code EQUAL CODE)
  message(FATAL_ERROR "exit code ${code} instead of ${CODE}; it printed:\n${output}")
endif()
if(NOT output MATCHES "${OUTPUT}")
  message(FATAL_ERROR "no match for '${OUTPUT}' in what it printed:\n${output}")
endif()
