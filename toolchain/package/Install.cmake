# What `cmake --install` puts down, for find_package(Sluice):
#
#   share/sluice/{sdk,toolchain}   the SDK as source, compiled anew for each project's filters, and the CMake functions
#   share/sluice/protobuf-…        protobuf's sources for filters with PROTOS, where scripts/setup has put them into .cache
#   lib/cmake/Sluice               the package
#   share/sluice/scenario.schema.json   the JSON Schema of scenarios, for editors
#   bin/sluice, lib, include       the command, the mock host and its GoogleTest vocabulary, where they were built
include_guard(GLOBAL)
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(share ${CMAKE_INSTALL_DATADIR}/sluice)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/Sluice)

install(DIRECTORY sdk toolchain DESTINATION ${share} PATTERN package/Install.cmake EXCLUDE PATTERN package/wheel EXCLUDE)
install(FILES LICENSE DESTINATION ${share} OPTIONAL)
file(GLOB protobufs LIST_DIRECTORIES ON ${PROJECT_SOURCE_DIR}/.cache/protobuf-*)
foreach(protobuf IN LISTS protobufs)
  sluice_protobuf_version(version ${protobuf})
  if(version)
    # Both runtimes, and the well-known types that PROTOS may name.
    install(
      DIRECTORY ${protobuf}/src/google DESTINATION ${share}/protobuf-${version}/src
      FILES_MATCHING REGEX "/(compiler|testdata|testing)$" EXCLUDE REGEX "[/_]test|unittest" EXCLUDE REGEX "\\.(h|inc|cc|proto)$")
    install(FILES ${protobuf}/cmake/libprotobuf-lite.cmake ${protobuf}/cmake/libprotobuf.cmake DESTINATION ${share}/protobuf-${version}/cmake)
    install(FILES ${protobuf}/LICENSE DESTINATION ${share}/protobuf-${version})
  endif()
endforeach()
install(TARGETS sluice_abi EXPORT SluiceTargets)
set_target_properties(sluice_abi PROPERTIES EXPORT_NAME abi)
install(EXPORT SluiceTargets NAMESPACE Sluice:: DESTINATION ${package})

if(TARGET sluice_host)
  install(TARGETS sluice_host sluice_testing EXPORT SluiceHostTargets)
  set_target_properties(sluice_host PROPERTIES EXPORT_NAME host)
  set_target_properties(sluice_testing PROPERTIES EXPORT_NAME testing)
  install(DIRECTORY host/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
  install(EXPORT SluiceHostTargets NAMESPACE Sluice:: DESTINATION ${package})
endif()
if(SLUICE_PYTHON_PACKAGE)
  include(${CMAKE_CURRENT_LIST_DIR}/wheel/PythonPackage.cmake)
endif()
if(TARGET sluice)
  install(TARGETS sluice EXPORT SluiceCommandTargets)
  install(FILES docs/scenario.schema.json DESTINATION ${share})
  install(EXPORT SluiceCommandTargets NAMESPACE Sluice:: DESTINATION ${package})
endif()

set(SLUICE_SHARE ${CMAKE_INSTALL_FULL_DATADIR}/sluice)
configure_package_config_file(
  toolchain/package/SluiceConfig.cmake.in ${PROJECT_BINARY_DIR}/SluiceConfig.cmake
  INSTALL_DESTINATION ${package}
  PATH_VARS SLUICE_SHARE)
write_basic_package_version_file(
  ${PROJECT_BINARY_DIR}/SluiceConfigVersion.cmake COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES ${PROJECT_BINARY_DIR}/SluiceConfig.cmake ${PROJECT_BINARY_DIR}/SluiceConfigVersion.cmake
        DESTINATION ${package})
