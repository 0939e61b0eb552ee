# Filters compiled for this machine, and the tests that load them.
include_guard(GLOBAL)

# Sets `variable` to the compile and link options for SLUICE_SANITIZERS; a finding ends the program.
function(sluice_sanitizer_options variable)
  set(options "")
  if(SLUICE_SANITIZERS)
    set(options -fsanitize=${SLUICE_SANITIZERS} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    if(SLUICE_SANITIZERS MATCHES "undefined")
      # Guests have no RTTI, which this check needs.
      list(APPEND options -fno-sanitize=vptr)
    endif()
  endif()
  set(${variable} "${options}" PARENT_SCOPE)
endfunction()

# How guest code is compiled natively. Traps are C++ exceptions of the host that pass through the guest's frames: hence
# unwind tables in code without exceptions.
function(sluice_native_guest_options target)
  sluice_sanitizer_options(sanitizers)
  target_compile_features(${target} PRIVATE cxx_std_20)
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_compile_options(
    ${target} PRIVATE ${sanitizers} -fno-exceptions $<$<COMPILE_LANGUAGE:CXX>:-fno-rtti> -funwind-tables -g)
  # Each VM of the mock host loads a copy of the library. GCC's unique symbols would make the copies share the static
  # members of templates, and with them the list of callbacks: a second VM would run the first one's code.
  target_compile_options(${target} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "OBJECT_LIBRARY")
    target_link_options(${target} INTERFACE ${sanitizers})
  else()
    target_link_options(${target} PRIVATE ${sanitizers})
  endif()
endfunction()

# Defines NAME_native, for sluice_add_filter() and with its `arg_` variables. Its hostcalls are undefined symbols that the
# program that loads it defines.
function(sluice_build_native_filter NAME)
  if(NOT CMAKE_CXX_COMPILER_LOADED)
    return()
  endif()
  add_library(${NAME}_native MODULE EXCLUDE_FROM_ALL ${arg_SOURCES})
  set_target_properties(${NAME}_native PROPERTIES PREFIX "" OUTPUT_NAME ${NAME} SUFFIX .so)
  target_include_directories(${NAME}_native PRIVATE ${arg_INCLUDES})
  target_compile_definitions(${NAME}_native PRIVATE ${arg_DEFINITIONS})
  target_compile_options(${NAME}_native PRIVATE ${SLUICE_FILTER_COMPILE_OPTIONS})
  target_link_libraries(${NAME}_native PRIVATE Sluice::sdk ${arg_LIBRARIES})
  if(arg_PROTOS)
    sluice_add_protos(${NAME}_native ${NAME} "${arg_PROTOS}" "${arg_IMPORT_DIRS}")
  endif()
  sluice_native_guest_options(${NAME}_native)
  if(arg_COMPAT)
    target_link_libraries(${NAME}_native PRIVATE Sluice::compat)
    sluice_compat_options(${NAME}_native)
  endif()
endfunction()

# One CTest test: a filter test's executable on one build of the filter.
function(sluice_add_filter_run name executable filter label)
  add_test(NAME ${name} COMMAND ${executable})
  set_tests_properties(${name} PROPERTIES LABELS ${label} TIMEOUT 300 ENVIRONMENT SLUICE_FILTER=${filter})
endfunction()
