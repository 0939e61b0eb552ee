# The tests of filters.
include_guard(GLOBAL)

option(SLUICE_TEST_CASES "Make a CTest test of each test case of a filter, not of each executable" ON)
set(SLUICE_TEST_COMPILE_OPTIONS "" CACHE STRING "Further options to compile the sources of filters' tests with, such as -O0")

# Builds one GoogleTest executable and makes two CTest tests of each test case in it: NAME.wasm.SUITE.CASE runs it on
# FILTER's real .wasm in the mock host's interpreter, NAME.native.SUITE.CASE on FILTER compiled for this machine, with
# SLUICE_SANITIZERS. They differ in the environment variable SLUICE_FILTER alone, and carry the labels `wasm` and
# `native`. With SLUICE_TEST_CASES off there are only two, NAME.wasm and NAME.native, which run all cases in one process.
# A filter with libraries that were built for WebAssembly alone has no native build, and its test only the first.
#
# FILTER    a filter of sluice_add_filter()
# SOURCES   the test's files, with tests written in <sluice/testing.h>'s vocabulary
# INCLUDES  the test's include directories
#
# Nothing happens in a configure with a WebAssembly toolchain file, nor where BUILD_TESTING is off.
function(sluice_add_filter_test NAME)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "FILTER" "SOURCES;INCLUDES")
  set(call "sluice_add_filter_test(${NAME})")
  sluice_check_name("${call}" "${NAME}")
  sluice_check_arguments("${call}" "FILTER;SOURCES;INCLUDES" "${arg_UNPARSED_ARGUMENTS}" "${arg_KEYWORDS_MISSING_VALUES}")
  sluice_require_argument("${call}" FILTER "${arg_FILTER}")
  sluice_require_argument("${call}" SOURCES "${arg_SOURCES}")
  sluice_check_filter("${call}" "${arg_FILTER}")
  sluice_resolve_paths(arg_SOURCES "${call}" FILE "${arg_SOURCES}")
  sluice_resolve_paths(arg_INCLUDES "${call}" DIRECTORY "${arg_INCLUDES}")
  sluice_target_is_wasm(is_wasm)
  if(is_wasm OR (DEFINED BUILD_TESTING AND NOT BUILD_TESTING))
    return()
  endif()
  if(NOT TARGET Sluice::testing)
    sluice_explain_missing_host("${call}" "the mock host")
  endif()

  sluice_sanitizer_options(sanitizers)
  add_executable(${NAME} ${arg_SOURCES})
  set_target_properties(${NAME} PROPERTIES ENABLE_EXPORTS ON)
  target_include_directories(${NAME} PRIVATE ${arg_INCLUDES})
  target_link_libraries(${NAME} PRIVATE Sluice::testing)
  target_compile_options(${NAME} PRIVATE ${sanitizers} ${SLUICE_TEST_COMPILE_OPTIONS})
  target_link_options(${NAME} PRIVATE ${sanitizers})
  add_dependencies(${NAME} ${arg_FILTER})

  get_target_property(wasm ${arg_FILTER} SLUICE_WASM)
  sluice_add_filter_run(${NAME}.wasm ${NAME} ${wasm} wasm)
  if(TARGET ${arg_FILTER}_native)
    add_dependencies(${NAME} ${arg_FILTER}_native)
    sluice_add_filter_run(${NAME}.native ${NAME} $<TARGET_FILE:${arg_FILTER}_native> native)
  endif()
  set_property(GLOBAL APPEND PROPERTY SLUICE_FILTER_TESTS ${NAME}:${arg_FILTER})
endfunction()

# Plays a scenario file twice with `sluice test`, as two CTest tests: NAME.mock on the mock host, NAME.envoy on a real
# Envoy (which fails, and says how to install it, where there is none). The labels are `mock` and `envoy`.
#
# FILTER    a filter of sluice_add_filter(), or several: the modules that the scenario's filters are
# SCENARIO  the scenario file
function(sluice_add_scenario_test NAME)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "SCENARIO" "FILTER")
  set(call "sluice_add_scenario_test(${NAME})")
  sluice_check_name("${call}" "${NAME}")
  sluice_check_arguments("${call}" "FILTER;SCENARIO" "${arg_UNPARSED_ARGUMENTS}" "${arg_KEYWORDS_MISSING_VALUES}")
  sluice_require_argument("${call}" FILTER "${arg_FILTER}")
  sluice_require_argument("${call}" SCENARIO "${arg_SCENARIO}")
  foreach(filter IN LISTS arg_FILTER)
    sluice_check_filter("${call}" "${filter}")
  endforeach()
  sluice_resolve_paths(arg_SCENARIO "${call}" FILE "${arg_SCENARIO}")
  sluice_target_is_wasm(is_wasm)
  if(is_wasm OR (DEFINED BUILD_TESTING AND NOT BUILD_TESTING))
    return()
  endif()
  if(NOT TARGET Sluice::sluice)
    sluice_explain_missing_host("${call}" "the `sluice` command")
  endif()

  set(modules "")
  foreach(filter IN LISTS arg_FILTER)
    get_target_property(wasm ${filter} SLUICE_WASM)
    list(APPEND modules --module ${wasm})
  endforeach()
  set_property(GLOBAL APPEND PROPERTY SLUICE_SCENARIO_TESTS ${NAME})
  sluice_set_record(${NAME} SCENARIO "${arg_SCENARIO}")
  sluice_set_record(${NAME} FILTERS "${arg_FILTER}")
  # Tests do not build what they run.
  add_custom_target(${NAME} ALL)
  add_dependencies(${NAME} ${arg_FILTER} Sluice::sluice)

  find_program(SLUICE_ENVOY envoy HINTS ${CMAKE_SOURCE_DIR}/.venv/bin ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../.venv/bin
               DOC "The Envoy that scenario tests run")
  set(envoy_options "")
  if(SLUICE_ENVOY)
    set(envoy_options --envoy ${SLUICE_ENVOY})
  endif()
  add_test(NAME ${NAME}.mock COMMAND Sluice::sluice test --host mock ${modules} ${arg_SCENARIO})
  add_test(NAME ${NAME}.envoy COMMAND Sluice::sluice test --host envoy ${envoy_options} ${modules} ${arg_SCENARIO})
  set_tests_properties(${NAME}.mock PROPERTIES LABELS mock TIMEOUT 120)
  set_tests_properties(${NAME}.envoy PROPERTIES LABELS envoy TIMEOUT 120)
endfunction()

# The CTest tests of a filter test's executable on one build of the filter.
function(sluice_add_filter_run name executable filter label)
  set(properties LABELS ${label} TIMEOUT 300 ENVIRONMENT SLUICE_FILTER=${filter})
  if(SLUICE_TEST_CASES)
    include(GoogleTest)  # Here, because it sets variables, and the caller may be in another folder than Sluice's.
    # The executable is asked for its cases when ctest runs, so that the build does not have to run it.
    gtest_discover_tests(${executable} TEST_PREFIX ${name}. DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
                         PROPERTIES ${properties})
  else()
    add_test(NAME ${name} COMMAND ${executable})
    set_tests_properties(${name} PROPERTIES ${properties})
  endif()
endfunction()
