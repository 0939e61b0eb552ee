# Projects with a CMakeLists.txt of their own, whose libraries filters link: each has a build of its own below this one, in
# the sub-build for WebAssembly and in the native configure for this machine.
include_guard(GLOBAL)

# Defines the library `name` of a record: what CMake itself says of a program that links the project's targets.
function(sluice_build_project name)
  add_library(${name} INTERFACE)
  if(NOT CMAKE_CXX_COMPILER_LOADED)
    return()
  endif()
  set(build_dir ${CMAKE_BINARY_DIR}/sluice/projects/${name})
  sluice_configure_project(${name} ${build_dir})
  sluice_read_project(${name} ${build_dir} includes definitions libraries archives)

  target_include_directories(${name} SYSTEM INTERFACE ${includes})
  target_compile_definitions(${name} INTERFACE ${definitions})
  target_link_libraries(${name} INTERFACE ${libraries})
  add_custom_target(
    ${name}_libraries
    COMMAND ${CMAKE_COMMAND} --build ${build_dir} --target sluice_libraries
    BYPRODUCTS ${archives}
    COMMENT "Building ${name}"
    USES_TERMINAL VERBATIM)
  add_dependencies(${name} ${name}_libraries)
endfunction()

# Configures the project of a record in `build_dir`.
function(sluice_configure_project name build_dir)
  sluice_read_record(${name} project CALL SOURCE_DIR TARGETS CMAKE_ARGS)
  sluice_project_settings(settings ${name})
  set(generator ${CMAKE_GENERATOR})
  if(NOT generator MATCHES "^Ninja$|Makefiles")
    set(generator Ninja)
  endif()
  file(WRITE ${build_dir}/.cmake/api/v1/query/codemodel-v2 "")
  message(STATUS "Configuring ${name}")
  list(JOIN project_TARGETS "\\;" targets) # one argument, which is a list
  execute_process(
    COMMAND ${CMAKE_COMMAND} -S ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/project_build -B ${build_dir} -G ${generator} ${settings} -D
            SLUICE_PROJECT_DIR=${project_SOURCE_DIR} -D SLUICE_PROJECT_TARGETS=${targets} ${project_CMAKE_ARGS}
    RESULT_VARIABLE result
    OUTPUT_VARIABLE output
    ERROR_VARIABLE error)
  if(NOT result EQUAL 0)
    message(NOTICE "${output}${error}")
    set(machine "this machine")
    sluice_target_is_wasm(is_wasm)
    if(is_wasm)
      set(machine "WebAssembly")
    endif()
    message(FATAL_ERROR "${project_CALL}: ${project_SOURCE_DIR} cannot be configured for ${machine}: see above.")
  endif()
endfunction()

# Sets `variable` to CMake arguments by which the project of a record is compiled as filters are.
function(sluice_project_settings variable name)
  sluice_read_record(${name} project SOURCE_DIR COMPILE_OPTIONS CXX_STANDARD SPEED)
  sluice_record_options(${name} options)
  sluice_machine_flags(flags cxx_flags ${options})
  sluice_prefix_map_options(maps)
  list(APPEND maps -fmacro-prefix-map=${project_SOURCE_DIR}/=${name}/)
  list(JOIN maps " " maps)
  list(JOIN flags " " flags)
  list(JOIN cxx_flags " " cxx_flags)
  list(JOIN project_COMPILE_OPTIONS " " compile_options)
  set(settings
      -D "CMAKE_C_FLAGS=${CMAKE_C_FLAGS} ${maps} ${flags} ${compile_options}"
      -D "CMAKE_CXX_FLAGS=${CMAKE_CXX_FLAGS} ${maps} ${flags} ${cxx_flags} ${compile_options}"
      -D CMAKE_CXX_STANDARD=${project_CXX_STANDARD}
      -D SLUICE_IN_PROJECT=ON)
  foreach(language IN ITEMS C CXX)
    string(REPLACE ";" "\\;" launcher "${CMAKE_${language}_COMPILER_LAUNCHER}") # one argument, which is a list
    list(APPEND settings -D "CMAKE_${language}_COMPILER_LAUNCHER=${launcher}")
  endforeach()

  sluice_target_is_wasm(is_wasm)
  if(is_wasm)
    get_property(lto GLOBAL PROPERTY SLUICE_LTO)
    list(JOIN lto " " lto)
    set(optimise -Oz)
    if(project_SPEED)
      set(optimise -O3)
    endif()
    set(build_type Release)
    if(CMAKE_BUILD_TYPE STREQUAL "Debug")
      set(build_type Debug)
    endif()
    foreach(language IN ITEMS C CXX)
      list(APPEND settings -D "CMAKE_${language}_FLAGS_RELEASE=${optimise} ${lto} -DNDEBUG" -D "CMAKE_${language}_FLAGS_DEBUG=-O1 -g")
    endforeach()
    sluice_toolchain_settings(toolchain)
    list(APPEND settings -D CMAKE_BUILD_TYPE=${build_type} -D CMAKE_TOOLCHAIN_FILE=${CMAKE_TOOLCHAIN_FILE} ${toolchain})
  else()
    sluice_c_compiler(c_compiler)
    list(APPEND settings -D CMAKE_BUILD_TYPE=${CMAKE_BUILD_TYPE} -D CMAKE_POSITION_INDEPENDENT_CODE=ON -D
         CMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER} ${c_compiler})
  endif()
  set(${variable} "${settings}" PARENT_SCOPE)
endfunction()

# Sets `variable` to an argument that chooses the C compiler beside this machine's C++ compiler: code with the sanitizers of
# two compilers cannot be linked.
function(sluice_c_compiler variable)
  set(compiler "${CMAKE_C_COMPILER}")
  if(NOT compiler)
    cmake_path(GET CMAKE_CXX_COMPILER FILENAME cxx)
    cmake_path(GET CMAKE_CXX_COMPILER PARENT_PATH folder)
    string(REPLACE "clang++" "clang" c "${cxx}")
    string(REPLACE "g++" "gcc" c "${c}")
    string(REPLACE "c++" "cc" c "${c}")
    if(EXISTS ${folder}/${c})
      set(compiler ${folder}/${c})
    endif()
  endif()
  set(${variable} "" PARENT_SCOPE)
  if(compiler)
    set(${variable} -D CMAKE_C_COMPILER=${compiler} PARENT_SCOPE)
  endif()
endfunction()

# Sets four variables to what a program that links the project's targets has: folders of headers, definitions, what stands on
# the linker's command line, and those of these that the project builds.
function(sluice_read_project name build_dir includes_name definitions_name libraries_name archives_name)
  sluice_read_record(${name} project CALL)
  file(GLOB replies ${build_dir}/.cmake/api/v1/reply/codemodel-v2-*.json)
  list(GET replies -1 reply) # There is one.
  file(READ ${reply} model)
  set(program "")
  string(JSON count LENGTH "${model}" configurations 0 targets)
  math(EXPR last "${count} - 1")
  foreach(index RANGE ${last})
    string(JSON target GET "${model}" configurations 0 targets ${index} name)
    if(target STREQUAL "sluice_program")
      string(JSON file GET "${model}" configurations 0 targets ${index} jsonFile)
      file(READ ${build_dir}/.cmake/api/v1/reply/${file} program)
    endif()
  endforeach()

  sluice_json_values(includes "${program}" path compileGroups 0 includes)
  list(FILTER includes EXCLUDE REGEX "/project_build$")
  sluice_check_includes("${project_CALL}" "${includes}")
  sluice_json_values(definitions "${program}" define compileGroups 0 defines)
  set(libraries "")
  set(archives "")
  string(JSON count ERROR_VARIABLE none LENGTH "${program}" link commandFragments)
  if(count GREATER 0)
    math(EXPR last "${count} - 1")
    foreach(index RANGE ${last})
      string(JSON role GET "${program}" link commandFragments ${index} role)
      string(JSON fragment GET "${program}" link commandFragments ${index} fragment)
      if(NOT role STREQUAL "libraries")
        continue()
      endif()
      separate_arguments(items UNIX_COMMAND "${fragment}")
      foreach(item IN LISTS items)
        if(item MATCHES "\\.so(\\.[0-9.]+)?$")
          message(FATAL_ERROR "${project_CALL}: its TARGETS need ${item}, a shared library, which no module can have.")
        elseif(item MATCHES "\\.a$")
          cmake_path(ABSOLUTE_PATH item BASE_DIRECTORY ${build_dir} NORMALIZE)
          cmake_path(IS_PREFIX build_dir ${item} is_built_here)
          if(is_built_here)
            list(APPEND archives ${item})
          endif()
        endif()
        list(APPEND libraries ${item})
      endforeach()
    endforeach()
  endif()
  list(REMOVE_DUPLICATES archives)
  foreach(result IN ITEMS includes definitions libraries archives)
    set(${${result}_name} "${${result}}" PARENT_SCOPE)
  endforeach()
endfunction()

# Sets `variable` to the member `key` of each object in the array that ARGN leads to; to nothing where there is no such array.
function(sluice_json_values variable json key)
  set(values "")
  string(JSON count ERROR_VARIABLE none LENGTH "${json}" ${ARGN})
  if(count GREATER 0)
    math(EXPR last "${count} - 1")
    foreach(index RANGE ${last})
      string(JSON value GET "${json}" ${ARGN} ${index} ${key})
      list(APPEND values "${value}")
    endforeach()
  endif()
  set(${variable} "${values}" PARENT_SCOPE)
endfunction()
