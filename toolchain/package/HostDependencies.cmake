# What the mock host and the command are built with, and what to say where it is missing. Has no include guard: it sets
# variables, and each folder that calls find_package(Sluice) needs its own.

list(APPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR})  # Findnghttp2.cmake

set(SLUICE_HOST_PACKAGES wabt GTest OpenSSL Threads ZLIB)
set(SLUICE_CLI_PACKAGES yaml-cpp nlohmann_json CLI11 Boost nghttp2)

# Finds the packages, in the caller's scope; sets `missing` to a sentence about those that are not here, or to nothing.
macro(sluice_find_host_packages missing)
  set(sluice_missing "")
  foreach(sluice_package ${ARGN})
    find_package(${sluice_package} QUIET)
    if(NOT ${sluice_package}_FOUND)
      list(APPEND sluice_missing ${sluice_package})
    endif()
  endforeach()
  set(${missing} "")
  if(sluice_missing)
    list(JOIN sluice_missing ", " sluice_missing)
    string(
      CONCAT ${missing} "these packages are not installed here: ${sluice_missing}. On Debian: apt install wabt libssl-dev "
             "zlib1g-dev libgmock-dev libyaml-cpp-dev nlohmann-json3-dev libcli11-dev libboost1.81-dev libnghttp2-dev")
  endif()
endmacro()

# Declares the option `name` (ON, OFF, or AUTO: if its packages are here) for `part`, and sets `with` to whether it is built.
macro(sluice_host_option name with part)
  set(${name} AUTO CACHE STRING "Build ${part}: ON, OFF, or AUTO (where the packages it needs are installed)")
  set_property(CACHE ${name} PROPERTY STRINGS AUTO ON OFF)
  set(${with} OFF)
  if(${name} OR "${${name}}" STREQUAL "AUTO")
    sluice_find_host_packages(sluice_reason ${ARGN})
    if(NOT sluice_reason)
      set(${with} ON)
    elseif("${${name}}" STREQUAL "AUTO")
      message(STATUS "Sluice is built without ${part}: ${sluice_reason}")
      set_property(GLOBAL PROPERTY SLUICE_HOST_MISSING "${sluice_reason}")
    else()
      message(FATAL_ERROR "${name} is ON, but ${sluice_reason}\nFilters need none of it: -D ${name}=OFF")
    endif()
  endif()
endmacro()
