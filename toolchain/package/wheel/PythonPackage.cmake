# What the Python package holds besides an installation: the libraries that the mock host's own needs, GoogleTest, the
# licences of both, and the toolchain file for its users.

# Who links the mock host then needs nothing else.
get_target_property(libraries sluice_host SLUICE_LIBRARIES)
list(TRANSFORM libraries REPLACE "(.+)" "\"$<TARGET_FILE:\\1>\"")
list(JOIN libraries " " libraries)
install(CODE "
  set(archive \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_LIBDIR}/$<TARGET_FILE_NAME:sluice_host>\")
  execute_process(COMMAND \"${SLUICE_ZIG}\" ar qL \"\${archive}\" ${libraries} COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND \"${SLUICE_ZIG}\" ranlib \"\${archive}\" COMMAND_ERROR_IS_FATAL ANY)")

cmake_path(SET libraries_prefix NORMALIZE ${GTest_DIR}/../../..)
foreach(library IN ITEMS gtest gtest_main gmock gmock_main)
  install(FILES ${libraries_prefix}/lib/lib${library}.a DESTINATION ${CMAKE_INSTALL_LIBDIR})
endforeach()
install(DIRECTORY ${libraries_prefix}/include/gtest ${libraries_prefix}/include/gmock DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY ${GTest_DIR} DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake)
install(DIRECTORY ${libraries_prefix}/share/licenses DESTINATION ${share})
install(FILES ${CMAKE_CURRENT_LIST_DIR}/wheel.cmake DESTINATION ${share})
