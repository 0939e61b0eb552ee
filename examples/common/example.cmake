# Builds the example NAME in the current folder: the filter (further arguments go to sluice_add_filter()), its test
# NAME_test.cc, and a test of each scenario in the folder.
function(sluice_example NAME)
  sluice_add_filter(${NAME} INCLUDES .. ${ARGN})
  sluice_add_filter_test(${NAME}_test FILTER ${NAME} SOURCES ${NAME}_test.cc INCLUDES ..)
  file(GLOB scenarios CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.yaml)
  foreach(scenario IN LISTS scenarios)
    cmake_path(GET scenario STEM stem)
    sluice_add_scenario_test(${NAME}_${stem} FILTER ${NAME} SCENARIO ${scenario})
  endforeach()
endfunction()
