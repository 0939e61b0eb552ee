# The sub-build: one CMake project in the build tree, configured with the WebAssembly toolchain, that builds all filters of a
# native configure. The target `sluice_wasm` runs it, once for all of them.
include_guard(GLOBAL)
include(${CMAKE_CURRENT_LIST_DIR}/ChooseToolchain.cmake)

# Hands the record of `name` to the sub-build.
function(sluice_add_to_sub_build name)
  set_property(GLOBAL APPEND PROPERTY SLUICE_SUB_BUILD_RECORDS ${name})
  get_property(scheduled GLOBAL PROPERTY SLUICE_SUB_BUILD_SCHEDULED)
  if(NOT scheduled)
    set_property(GLOBAL PROPERTY SLUICE_SUB_BUILD_SCHEDULED ON)
    # When the whole project is read: all records are there then.
    cmake_language(DEFER DIRECTORY ${CMAKE_SOURCE_DIR} CALL sluice_configure_sub_build)
  endif()
endfunction()

# Sets `code` to what the sub-build builds from, and `modules` to the files that come out.
function(sluice_sub_build_code code modules)
  get_property(names GLOBAL PROPERTY SLUICE_SUB_BUILD_RECORDS)
  set(written "")
  set(files "")
  foreach(name IN LISTS names)
    sluice_record_as_code(${name} record)
    string(APPEND written "${record}sluice_build_record(${name})\n\n")
    sluice_read_record(${name} record KIND OUTPUT_DIRECTORY)
    if(record_KIND STREQUAL "FILTER")
      list(APPEND files ${record_OUTPUT_DIRECTORY}/${name}.wasm)
    endif()
  endforeach()
  set(${code} "${written}" PARENT_SCOPE)
  set(${modules} "${files}" PARENT_SCOPE)
endfunction()

# Sets `variable` to the toolchain file that SLUICE_TOOLCHAIN means.
function(sluice_toolchain_file variable)
  if(SLUICE_TOOLCHAIN MATCHES "^(wasi|zig|emscripten)$")
    set(file ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/${SLUICE_TOOLCHAIN}.cmake)
  else()
    cmake_path(ABSOLUTE_PATH SLUICE_TOOLCHAIN BASE_DIRECTORY ${CMAKE_SOURCE_DIR} NORMALIZE OUTPUT_VARIABLE file)
    if(NOT EXISTS ${file} OR IS_DIRECTORY ${file})
      message(FATAL_ERROR "SLUICE_TOOLCHAIN is \"${SLUICE_TOOLCHAIN}\", but there is no toolchain file ${file}.\n"
                          "Set it to wasi, zig, emscripten, or to the path of a CMake toolchain file.")
    endif()
  endif()
  set(${variable} ${file} PARENT_SCOPE)
endfunction()

# Sets `generator` to how the sub-build is built, and `build_type` to an argument that chooses its configurations.
function(sluice_sub_build_configurations generator_name build_type_name)
  get_property(is_multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  if(is_multi_config)
    if(SLUICE_FILTER_BUILD_TYPE)
      message(FATAL_ERROR "SLUICE_FILTER_BUILD_TYPE is for generators of one configuration; ${CMAKE_GENERATOR} builds filters in the "
                          "configuration that is asked for, such as `cmake --build … --config Debug`.")
    endif()
    list(JOIN CMAKE_CONFIGURATION_TYPES "\\;" types)
    set(${generator_name} "Ninja Multi-Config" PARENT_SCOPE)
    set(${build_type_name} -D "CMAKE_CONFIGURATION_TYPES=${types}" PARENT_SCOPE)
    return()
  endif()
  set(type "${SLUICE_FILTER_BUILD_TYPE}")
  if(NOT type)
    set(type Release)
    if(CMAKE_BUILD_TYPE STREQUAL "Debug")
      set(type Debug)
    endif()
  endif()
  if(NOT type MATCHES "^(Release|Debug)$")
    message(FATAL_ERROR "SLUICE_FILTER_BUILD_TYPE is \"${type}\"; it can be Release or Debug.")
  endif()
  set(generator ${CMAKE_GENERATOR})
  if(NOT generator MATCHES "^Ninja$|Makefiles")
    set(generator Ninja)
  endif()
  set(${generator_name} ${generator} PARENT_SCOPE)
  set(${build_type_name} -D CMAKE_BUILD_TYPE=${type} PARENT_SCOPE)
endfunction()

# What the environment says to compilers is for this machine's.
set_property(GLOBAL PROPERTY SLUICE_CLEAN_ENVIRONMENT
  ${CMAKE_COMMAND} -E env --unset=CFLAGS --unset=CXXFLAGS --unset=LDFLAGS --unset=CPATH --unset=C_INCLUDE_PATH
  --unset=CPLUS_INCLUDE_PATH --unset=LIBRARY_PATH)

function(sluice_configure_sub_build)
  sluice_sub_build_code(code modules)
  if(NOT SLUICE_TOOLCHAIN)
    sluice_choose_toolchain(SLUICE_TOOLCHAIN)
    set_property(CACHE SLUICE_TOOLCHAIN PROPERTY VALUE ${SLUICE_TOOLCHAIN})
  endif()
  sluice_toolchain_file(toolchain_file)
  sluice_sub_build_configurations(generator build_type)

  set(source_dir ${CMAKE_BINARY_DIR}/sluice/wasm)
  set(build_dir ${source_dir}/build)
  # What was built by one toolchain is nothing to another.
  sluice_toolchain_settings(settings)
  set(identity "${generator}\n${toolchain_file}\n${settings}\n$ENV{WASI_SDK_PATH}\n$ENV{SLUICE_ZIG}\n")
  set(previous "")
  if(EXISTS ${source_dir}/toolchain.txt)
    file(READ ${source_dir}/toolchain.txt previous)
  endif()
  if(NOT previous STREQUAL identity)
    file(REMOVE_RECURSE ${build_dir})
    file(WRITE ${source_dir}/toolchain.txt "${identity}")
  endif()
  sluice_write_manifest("${build_type}")
  file(CONFIGURE OUTPUT ${source_dir}/filters.cmake CONTENT "@code@" @ONLY)

  list(APPEND settings "${build_type}" -D CMAKE_TOOLCHAIN_FILE=${toolchain_file} -D SLUICE_FILTERS=${source_dir}/filters.cmake -D
       SLUICE_OUTER_SOURCE_DIR=${CMAKE_SOURCE_DIR} -D SLUICE_OUTER_BINARY_DIR=${CMAKE_BINARY_DIR})
  foreach(variable IN ITEMS SLUICE_FILTER_COMPILE_OPTIONS CMAKE_C_COMPILER_LAUNCHER CMAKE_CXX_COMPILER_LAUNCHER)
    string(REPLACE ";" "\\;" value "${${variable}}") # one argument, which is a list
    list(APPEND settings -D "${variable}=${value}")
  endforeach()
  if(SLUICE_WASM_OPT)
    list(APPEND settings -D SLUICE_WASM_OPT=${SLUICE_WASM_OPT})
  endif()
  if(CMAKE_MAKE_PROGRAM AND generator STREQUAL CMAKE_GENERATOR)
    list(APPEND settings -D CMAKE_MAKE_PROGRAM=${CMAKE_MAKE_PROGRAM})
  endif()
  get_property(protobuf GLOBAL PROPERTY SLUICE_PROTOBUF_DIR)
  if(protobuf)
    list(APPEND settings -D SLUICE_PROTOC=${SLUICE_PROTOC} -D SLUICE_PROTOBUF_SOURCE=${protobuf})
  endif()
  message(STATUS "Configuring the build of the filters (${SLUICE_TOOLCHAIN})")
  get_property(clean GLOBAL PROPERTY SLUICE_CLEAN_ENVIRONMENT)
  execute_process(
    COMMAND ${clean} ${CMAKE_COMMAND} -S ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/sub_build -B ${build_dir} -G ${generator} ${settings}
    RESULT_VARIABLE result
    OUTPUT_VARIABLE output
    ERROR_VARIABLE error)
  if(NOT result EQUAL 0)
    message(NOTICE "${error}")
    message(FATAL_ERROR "The build of the filters (SLUICE_TOOLCHAIN=${SLUICE_TOOLCHAIN}) cannot be configured: see above.")
  endif()

  set(build ${CMAKE_COMMAND} --build ${build_dir})
  if(generator STREQUAL "Ninja Multi-Config")
    list(APPEND build --config $<CONFIG>)
  elseif(CMAKE_GENERATOR MATCHES "Makefiles")
    set(build "$(MAKE)" -C ${build_dir})
  endif()
  add_custom_target(
    sluice_wasm ALL
    COMMAND ${clean} ${build}
    BYPRODUCTS ${modules}
    COMMENT "Building the filters (WebAssembly)"
    USES_TERMINAL VERBATIM)
endfunction()
