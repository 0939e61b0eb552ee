# What the `sluice` command reads about a project: ${CMAKE_BINARY_DIR}/sluice/filters.json, with each filter, its module, its
# native build, and its tests and scenarios.
include_guard(GLOBAL)

# Sets `variable` to `text` as a JSON string.
function(sluice_json_string variable text)
  string(REPLACE "\\" "\\\\" text "${text}")
  string(REPLACE "\"" "\\\"" text "${text}")
  set(${variable} "\"${text}\"" PARENT_SCOPE)
endfunction()

# Sets `variable` to the JSON object of one filter.
function(sluice_filter_manifest variable name)
  sluice_read_record(${name} filter OUTPUT_DIRECTORY FOLDER)
  sluice_json_string(folder "${filter_FOLDER}")
  sluice_json_string(module "${filter_OUTPUT_DIRECTORY}/${name}.wasm")
  set(native "")
  if(TARGET ${name}_native)
    set(native "$<TARGET_FILE:${name}_native>")
  endif()
  sluice_json_string(native "${native}")

  set(tests "")
  get_property(pairs GLOBAL PROPERTY SLUICE_FILTER_TESTS)
  foreach(pair IN LISTS pairs)
    if(pair MATCHES "^(.*):${name}$")
      list(APPEND tests "\"${CMAKE_MATCH_1}\"")
    endif()
  endforeach()
  list(JOIN tests ", " tests)

  set(scenarios "")
  get_property(names GLOBAL PROPERTY SLUICE_SCENARIO_TESTS)
  foreach(scenario IN LISTS names)
    sluice_read_record(${scenario} scenario SCENARIO FILTERS)
    if(name IN_LIST scenario_FILTERS)
      sluice_json_string(file "${scenario_SCENARIO}")
      list(APPEND scenarios "{\"name\": \"${scenario}\", \"file\": ${file}}")
    endif()
  endforeach()
  string(REPLACE ";" ", " scenarios "${scenarios}")

  set(${variable} "  {\"name\": \"${name}\", \"source\": ${folder}, \"module\": ${module}, \"native\": ${native},
   \"tests\": [${tests}], \"scenarios\": [${scenarios}]}" PARENT_SCOPE)
endfunction()

# Sets `variable` to the sanitizers' runtime library, which a program that was built without them must load before a native
# build with them; to nothing where none is needed, or it is not found.
function(sluice_sanitizer_runtime variable)
  set(library "")
  if(SLUICE_SANITIZERS AND CMAKE_CXX_COMPILER_LOADED)
    set(gnu libubsan.so)
    set(clang ubsan_standalone)
    if(SLUICE_SANITIZERS MATCHES "address")
      set(gnu libasan.so)
      set(clang asan)
    endif()
    set(name libclang_rt.${clang}-${CMAKE_SYSTEM_PROCESSOR}.so)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      set(name ${gnu})
    endif()
    execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-file-name=${name} OUTPUT_VARIABLE library ERROR_QUIET
                    OUTPUT_STRIP_TRAILING_WHITESPACE)
    if(NOT IS_ABSOLUTE "${library}" OR NOT EXISTS "${library}")
      set(library "")
    endif()
  endif()
  set(${variable} "${library}" PARENT_SCOPE)
endfunction()

# Editors check a scenario by this schema, if its first line says
# `# yaml-language-server: $schema=build/sluice/scenario.schema.json`.
function(sluice_copy_schema)
  foreach(folder IN ITEMS .. ../docs)
    cmake_path(SET schema NORMALIZE ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/${folder}/scenario.schema.json)
    if(EXISTS ${schema})
      configure_file(${schema} ${CMAKE_BINARY_DIR}/sluice/scenario.schema.json COPYONLY)
    endif()
  endforeach()
endfunction()

# Writes the file, once the whole project is read. `build_type` is the argument that chooses the filters' configuration.
function(sluice_write_manifest build_type)
  get_property(is_multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  if(is_multi_config)
    return() # The command builds one configuration.
  endif()
  string(REGEX REPLACE "^.*CMAKE_BUILD_TYPE=" "" build_type "${build_type}")
  set(filters "")
  set(separator "")
  get_property(names GLOBAL PROPERTY SLUICE_SUB_BUILD_RECORDS)
  foreach(name IN LISTS names)
    sluice_read_record(${name} record KIND)
    if(record_KIND STREQUAL "FILTER")
      sluice_filter_manifest(filter ${name})
      string(APPEND filters "${separator}${filter}")
      set(separator ",\n")
    endif()
  endforeach()
  sluice_json_string(toolchain "${SLUICE_TOOLCHAIN}")
  sluice_json_string(platform "${SLUICE_PLATFORM}")
  sluice_json_string(sanitizers "${SLUICE_SANITIZERS}")
  sluice_sanitizer_runtime(runtime)
  sluice_json_string(runtime "${runtime}")
  sluice_copy_schema()
  file(
    GENERATE
    OUTPUT ${CMAKE_BINARY_DIR}/sluice/filters.json
    CONTENT "{\"toolchain\": ${toolchain}, \"build_type\": \"${build_type}\", \"platform\": ${platform},
 \"sanitizers\": ${sanitizers}, \"sanitizer_runtime\": ${runtime},
 \"filters\": [
${filters}
]}
")
endfunction()
