# What a project defines: filters, and libraries for them.
include_guard(GLOBAL)

# Builds a filter: ${CMAKE_CURRENT_BINARY_DIR}/NAME.wasm, with the target NAME, whose property SLUICE_WASM is that path. (In
# a build with several configurations it lies in a folder of the configuration's name.)
#
# SOURCES          the filter's C++ (or C) files
# INCLUDES         directories to find headers in
# DEFINITIONS      preprocessor definitions
# LIBRARIES        libraries of sluice_add_filter_library() and sluice_add_filter_project()
# COMPILE_OPTIONS  options for the compiler, in both builds
# LINK_OPTIONS     options for the linker of the module; the native build has none of them
# CXX_STANDARD     20, 23 or 26; without it CMAKE_CXX_STANDARD where that is newer than 20
# STACK_SIZE       bytes of stack in the module (65536): a multiple of 16
# RTTI             dynamic_cast and typeid
# SPEED            optimise for speed (-O3); without it for size
# SIMD             use WebAssembly's 128-bit SIMD instructions
# COMPAT           the filter is written against the existing C++ SDK: it finds "proxy_wasm_intrinsics.h", has RTTI, and its
#                  `try`, `catch` and `throw` compile, though nothing is ever caught (docs/migration.md)
# PROTOS           .proto files whose messages the filter uses: sent and parsed with <sluice/protobuf.h>, or by themselves.
#                  The header of x.proto is "x.pb.h", by its name below the first of IMPORT_DIRS, the current folder and its
#                  own that it is below. The files that they import are named here too, protobuf's own (such as
#                  google/protobuf/timestamp.proto) included. Needs protoc and protobuf's sources: see Protobuf.cmake.
# IMPORT_DIRS      directories below which PROTOS and what they import have their names
# PROTOBUF_FULL    protobuf's full runtime: reflection, text format, JSON (google/protobuf/util/json_util.h). The module grows
#                  by some hundred kilobytes
#
# What add_compile_definitions(), include_directories() and add_compile_options() say in the current folder holds too, in
# both builds: see DirectoryState.cmake.
#
# A Release filter is optimised at link time, stripped, and passed through wasm-opt where that is found and makes it
# smaller. A Debug filter keeps its names and DWARF. Its linear memory starts with two pages: 64 KiB of stack, then data
# and heap; both grow when the data needs more.
#
# In a native configure (the usual one) the target NAME_native is the same filter compiled for this machine, a shared
# library that tests load; it is built only for a test that wants it.
function(sluice_add_filter NAME)
  sluice_keywords(FILTER flags values lists)
  cmake_parse_arguments(PARSE_ARGV 1 arg "${flags}" "${values}" "${lists}")
  set(call "sluice_add_filter(${NAME})")
  sluice_check_name("${call}" "${NAME}")
  sluice_check_arguments("${call}" "${lists};${values};${flags}" "${arg_UNPARSED_ARGUMENTS}" "${arg_KEYWORDS_MISSING_VALUES}")
  sluice_require_argument("${call}" SOURCES "${arg_SOURCES}")
  sluice_resolve_paths(arg_SOURCES "${call}" FILE "${arg_SOURCES}")
  sluice_resolve_paths(arg_INCLUDES "${call}" DIRECTORY "${arg_INCLUDES}")
  sluice_check_includes("${call}" "${arg_INCLUDES}")
  sluice_check_libraries("${call}" "${arg_LIBRARIES}")
  sluice_check_stack_size("${call}" "${arg_STACK_SIZE}")
  sluice_choose_standard(arg_CXX_STANDARD "${call}" "${arg_CXX_STANDARD}")
  sluice_resolve_protos(arg_PROTOS arg_IMPORT_DIRS "${call}" "${arg_PROTOS}" "${arg_IMPORT_DIRS}" "${arg_COMPAT}")

  sluice_output_directory(output_directory)
  foreach(keyword IN LISTS flags values lists)
    sluice_set_record(${NAME} ${keyword} "${arg_${keyword}}")
  endforeach()
  sluice_finish_record(${NAME} FILTER "${call}")
  sluice_set_record(${NAME} OUTPUT_DIRECTORY "${output_directory}")
  sluice_set_record(${NAME} FOLDER "${CMAKE_CURRENT_SOURCE_DIR}")

  sluice_target_is_wasm(is_wasm)
  if(is_wasm)
    sluice_build_wasm_filter(${NAME})
  else()
    add_custom_target(${NAME} ALL)
    add_dependencies(${NAME} sluice_wasm)
    sluice_build_native_filter(${NAME})
  endif()
  set_target_properties(${NAME} PROPERTIES SLUICE_WASM ${output_directory}/${NAME}.wasm)
endfunction()

# Defines a library that filters and other such libraries name in LIBRARIES: compiled as filters are, for WebAssembly and for
# this machine. Without SOURCES it is one of headers only, or one that was built elsewhere.
#
# SOURCES          C++ or C files
# INCLUDES         directories to find headers in: the library's own files, and all that use it
# DEFINITIONS      preprocessor definitions, for the same
# LIBRARIES        further libraries of sluice_add_filter_library(), for the same
# COMPILE_OPTIONS  options for the compiler, for the library's own files
# WASM_ARCHIVES    archives (.a) that were built for WebAssembly already, and
# NATIVE_ARCHIVES  the same for this machine; without these, filters that use the library have no native build
# CXX_STANDARD, RTTI, SPEED, SIMD   as for sluice_add_filter()
# SYSTEM           somebody else's code: its warnings are not this project's
#
# In a native configure the target NAME is the library for this machine, with SLUICE_SANITIZERS: a test may link it.
function(sluice_add_filter_library NAME)
  sluice_keywords(LIBRARY flags values lists)
  cmake_parse_arguments(PARSE_ARGV 1 arg "${flags}" "${values}" "${lists}")
  set(call "sluice_add_filter_library(${NAME})")
  sluice_check_name("${call}" "${NAME}")
  sluice_check_arguments("${call}" "${lists};${values};${flags}" "${arg_UNPARSED_ARGUMENTS}" "${arg_KEYWORDS_MISSING_VALUES}")
  sluice_require_argument("${call}" "SOURCES, or INCLUDES for a library of headers only," "${arg_SOURCES}${arg_INCLUDES}${arg_WASM_ARCHIVES}")
  foreach(keyword IN ITEMS SOURCES WASM_ARCHIVES NATIVE_ARCHIVES)
    sluice_resolve_paths(arg_${keyword} "${call}" FILE "${arg_${keyword}}")
  endforeach()
  sluice_resolve_paths(arg_INCLUDES "${call}" DIRECTORY "${arg_INCLUDES}")
  sluice_check_includes("${call}" "${arg_INCLUDES}")
  sluice_check_libraries("${call}" "${arg_LIBRARIES}")
  sluice_choose_standard(arg_CXX_STANDARD "${call}" "${arg_CXX_STANDARD}")

  foreach(keyword IN LISTS flags values lists)
    sluice_set_record(${NAME} ${keyword} "${arg_${keyword}}")
  endforeach()
  sluice_finish_record(${NAME} LIBRARY "${call}")
  sluice_build_library(${NAME})
endfunction()

# Defines a library from a folder with a CMakeLists.txt of its own, such as an unpacked release of somebody else's: that
# project is configured and built twice, with the WebAssembly toolchain and for this machine, each time as filters are
# compiled. Its checks of the platform are therefore right, and it does not meet the targets of this project.
#
# SOURCE_DIR       the folder
# TARGETS          those of its libraries that filters use, as one would name them in target_link_libraries()
# CMAKE_ARGS       arguments for both configures, such as -D FMT_INSTALL=OFF
# COMPILE_OPTIONS  options for the compiler
# CXX_STANDARD, RTTI, SPEED, SIMD   as for sluice_add_filter()
function(sluice_add_filter_project NAME)
  sluice_keywords(PROJECT flags values lists)
  cmake_parse_arguments(PARSE_ARGV 1 arg "${flags}" "${values}" "${lists}")
  set(call "sluice_add_filter_project(${NAME})")
  sluice_check_name("${call}" "${NAME}")
  sluice_check_arguments("${call}" "${lists};${values};${flags}" "${arg_UNPARSED_ARGUMENTS}" "${arg_KEYWORDS_MISSING_VALUES}")
  sluice_require_argument("${call}" SOURCE_DIR "${arg_SOURCE_DIR}")
  sluice_require_argument("${call}" TARGETS "${arg_TARGETS}")
  sluice_resolve_paths(arg_SOURCE_DIR "${call}" DIRECTORY "${arg_SOURCE_DIR}")
  if(NOT EXISTS ${arg_SOURCE_DIR}/CMakeLists.txt)
    message(FATAL_ERROR "${call}: there is no CMakeLists.txt in ${arg_SOURCE_DIR}.\n"
                        "Name its sources with sluice_add_filter_library(${NAME} SOURCES … INCLUDES …) instead.")
  endif()
  sluice_choose_standard(arg_CXX_STANDARD "${call}" "${arg_CXX_STANDARD}")

  foreach(keyword IN LISTS flags values lists)
    sluice_set_record(${NAME} ${keyword} "${arg_${keyword}}")
  endforeach()
  sluice_finish_record(${NAME} PROJECT "${call}")
  sluice_build_project(${NAME})
endfunction()

# The rest of a record, and its way to the sub-build in a native configure.
function(sluice_finish_record name kind call)
  sluice_set_record(${name} KIND ${kind})
  sluice_set_record(${name} CALL "${call}")
  sluice_target_is_wasm(is_wasm)
  sluice_read_record(${name} record SOURCES)
  if(record_SOURCES)
    sluice_record_directory(${name})
  endif()
  if(NOT is_wasm)
    sluice_add_to_sub_build(${name})
  endif()
endfunction()

# Sets `variable` to the folder that modules of the current one are put into.
function(sluice_output_directory variable)
  set(directory ${CMAKE_CURRENT_BINARY_DIR})
  get_property(is_multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  if(is_multi_config)
    string(APPEND directory /$<CONFIG>)
  endif()
  set(${variable} ${directory} PARENT_SCOPE)
endfunction()

# Sets `variable` to the archives for WebAssembly that a filter links, over however many libraries, and that have no twin for
# this machine.
function(sluice_archives_without_twin variable name)
  sluice_read_record(${name} library LIBRARIES WASM_ARCHIVES NATIVE_ARCHIVES)
  set(found "")
  if(library_WASM_ARCHIVES AND NOT library_NATIVE_ARCHIVES)
    list(APPEND found ${library_WASM_ARCHIVES})
  endif()
  foreach(library IN LISTS library_LIBRARIES)
    sluice_archives_without_twin(more ${library})
    list(APPEND found ${more})
  endforeach()
  set(${variable} "${found}" PARENT_SCOPE)
endfunction()

# Sources in C need a project with that language, which only the project itself can choose.
function(sluice_check_languages name sources)
  set(c_sources ${sources})
  list(FILTER c_sources INCLUDE REGEX "\\.c$")
  if(c_sources AND NOT CMAKE_C_COMPILER_LOADED)
    sluice_read_record(${name} record CALL)
    list(GET c_sources 0 source)
    message(FATAL_ERROR "${record_CALL}: ${source} is C, and this project has not that language.\n"
                        "Write project(… LANGUAGES C CXX), with a C compiler that fits the C++ compiler: clang with clang++, "
                        "gcc with g++.")
  endif()
endfunction()

# Defines the library of a record, for the machine of this configure.
function(sluice_build_library name)
  sluice_read_record(${name} library SOURCES INCLUDES DEFINITIONS LIBRARIES COMPILE_OPTIONS SYSTEM WASM_ARCHIVES NATIVE_ARCHIVES)
  set(system "")
  if(library_SYSTEM)
    set(system SYSTEM)
  endif()
  if(library_SOURCES AND CMAKE_CXX_COMPILER_LOADED)
    sluice_check_languages(${name} "${library_SOURCES}")
    set(scope PUBLIC)
    add_library(${name} STATIC EXCLUDE_FROM_ALL ${library_SOURCES})
    sluice_apply_directory(${name} ${name})
    target_link_libraries(${name} PRIVATE Sluice::headers)
    target_compile_options(${name} PRIVATE ${SLUICE_FILTER_COMPILE_OPTIONS})
    sluice_record_options(${name} options)
    sluice_guest_options(${name} ${options})
    sluice_prefix_map_options(maps)
    target_compile_options(${name} PRIVATE ${maps} ${library_COMPILE_OPTIONS})
    if(library_SYSTEM)
      target_compile_options(${name} PRIVATE -w)
    endif()
  else()
    set(scope INTERFACE)
    add_library(${name} INTERFACE)
  endif()
  target_include_directories(${name} ${system} ${scope} ${library_INCLUDES})
  target_compile_definitions(${name} ${scope} ${library_DEFINITIONS})
  sluice_target_is_wasm(is_wasm)
  if(is_wasm)
    target_link_libraries(${name} ${scope} ${library_LIBRARIES} ${library_WASM_ARCHIVES})
  else()
    target_link_libraries(${name} ${scope} ${library_LIBRARIES} ${library_NATIVE_ARCHIVES})
  endif()
endfunction()

# What a filter's target has in both builds, besides how the linker is called.
function(sluice_fill_filter target name sdk compat)
  sluice_read_record(${name} filter INCLUDES DEFINITIONS LIBRARIES COMPILE_OPTIONS PROTOS IMPORT_DIRS PROTOBUF_FULL COMPAT)
  sluice_apply_directory(${target} ${name})
  target_include_directories(${target} PRIVATE ${filter_INCLUDES})
  target_compile_definitions(${target} PRIVATE ${filter_DEFINITIONS})
  target_compile_options(${target} PRIVATE ${SLUICE_FILTER_COMPILE_OPTIONS})
  target_link_libraries(${target} PRIVATE Sluice::headers ${sdk})
  if(filter_PROTOS)
    sluice_add_protos(${target} ${name} "${filter_PROTOS}" "${filter_IMPORT_DIRS}" "${filter_PROTOBUF_FULL}")
  endif()
  sluice_record_options(${name} options)
  sluice_guest_options(${target} ${options})
  sluice_prefix_map_options(maps)
  target_compile_options(${target} PRIVATE ${maps} ${filter_COMPILE_OPTIONS})
  if(filter_COMPAT)
    target_link_libraries(${target} PRIVATE ${compat})
    target_include_directories(${target} PRIVATE $<TARGET_PROPERTY:sluice_compat,INTERFACE_INCLUDE_DIRECTORIES>)
  endif()
  target_link_libraries(${target} PRIVATE ${filter_LIBRARIES})
endfunction()

# Defines what a record of the native configure asks for, in the sub-build.
function(sluice_build_record name)
  sluice_read_record(${name} record KIND)
  if(record_KIND STREQUAL "FILTER")
    sluice_build_wasm_filter(${name})
  elseif(record_KIND STREQUAL "PROJECT")
    sluice_build_project(${name})
  else()
    sluice_build_library(${name})
  endif()
endfunction()
