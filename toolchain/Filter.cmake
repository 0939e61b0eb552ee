# What a project defines: filters, and libraries for them.
include_guard(GLOBAL)

# Builds a filter: ${CMAKE_CURRENT_BINARY_DIR}/NAME.wasm, with the target NAME, whose property SLUICE_WASM is that path.
#
# SOURCES      the filter's C++ (or C) files
# INCLUDES     directories to find headers in
# DEFINITIONS  preprocessor definitions
# LIBRARIES    libraries of sluice_add_filter_library()
# PROTOS       .proto files whose messages the filter uses: sent and parsed with <sluice/protobuf.h>, or by themselves. The
#              header of x.proto is "x.pb.h", by its name below the first of IMPORT_DIRS, the current folder and its own
#              that it is below. The files that they import are named here too, protobuf's own (such as
#              google/protobuf/timestamp.proto) included. Needs protoc, and protobuf's sources: see toolchain/Protobuf.cmake.
# IMPORT_DIRS  directories below which PROTOS and what they import have their names
# SPEED        optimise for speed (-O3); without it for size
# SIMD         use WebAssembly's 128-bit SIMD instructions
# COMPAT       the filter is written against the existing C++ SDK: it finds "proxy_wasm_intrinsics.h" (docs/migration.md)
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
  sluice_resolve_protos(arg_PROTOS arg_IMPORT_DIRS "${call}" "${arg_PROTOS}" "${arg_IMPORT_DIRS}" "${arg_COMPAT}")

  sluice_set_record(${NAME} KIND FILTER)
  sluice_set_record(${NAME} OUTPUT_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}")
  foreach(keyword IN LISTS flags values lists)
    sluice_set_record(${NAME} ${keyword} "${arg_${keyword}}")
  endforeach()

  sluice_target_is_wasm(is_wasm)
  if(is_wasm)
    sluice_build_wasm_filter(${NAME})
  else()
    sluice_add_to_sub_build(${NAME})
    add_custom_target(${NAME} ALL)
    add_dependencies(${NAME} sluice_wasm)
    sluice_build_native_filter(${NAME})
  endif()
  set_target_properties(${NAME} PROPERTIES SLUICE_WASM ${CMAKE_CURRENT_BINARY_DIR}/${NAME}.wasm)
endfunction()

# Defines a library that filters and other such libraries name in LIBRARIES: compiled as filters are, for WebAssembly and for
# this machine. Without SOURCES it is one of headers only.
#
# SOURCES      C++ or C files
# INCLUDES     directories to find headers in: the library's own files, and all that use it
# DEFINITIONS  preprocessor definitions, for the same
# LIBRARIES    further libraries of sluice_add_filter_library(), for the same
# SPEED, SIMD  as for sluice_add_filter()
# SYSTEM       somebody else's code: its warnings are not this project's
#
# In a native configure the target NAME is the library for this machine, with SLUICE_SANITIZERS: a test may link it.
function(sluice_add_filter_library NAME)
  sluice_keywords(LIBRARY flags values lists)
  cmake_parse_arguments(PARSE_ARGV 1 arg "${flags}" "${values}" "${lists}")
  set(call "sluice_add_filter_library(${NAME})")
  sluice_check_name("${call}" "${NAME}")
  sluice_check_arguments("${call}" "${lists};${values};${flags}" "${arg_UNPARSED_ARGUMENTS}" "${arg_KEYWORDS_MISSING_VALUES}")
  sluice_require_argument("${call}" "SOURCES, or INCLUDES for a library of headers only," "${arg_SOURCES}${arg_INCLUDES}")
  sluice_resolve_paths(arg_SOURCES "${call}" FILE "${arg_SOURCES}")
  sluice_resolve_paths(arg_INCLUDES "${call}" DIRECTORY "${arg_INCLUDES}")
  sluice_check_includes("${call}" "${arg_INCLUDES}")
  sluice_check_libraries("${call}" "${arg_LIBRARIES}")

  sluice_set_record(${NAME} KIND LIBRARY)
  foreach(keyword IN LISTS flags values lists)
    sluice_set_record(${NAME} ${keyword} "${arg_${keyword}}")
  endforeach()

  sluice_target_is_wasm(is_wasm)
  if(NOT is_wasm)
    sluice_add_to_sub_build(${NAME})
  endif()
  sluice_build_library(${NAME})
endfunction()

# Defines the library of a record, for the machine of this configure.
function(sluice_build_library name)
  sluice_read_record(${name} library SOURCES INCLUDES DEFINITIONS LIBRARIES SYSTEM)
  set(system "")
  if(library_SYSTEM)
    set(system SYSTEM)
  endif()
  if(library_SOURCES AND CMAKE_CXX_COMPILER_LOADED)
    set(scope PUBLIC)
    add_library(${name} STATIC EXCLUDE_FROM_ALL ${library_SOURCES})
    target_link_libraries(${name} PRIVATE Sluice::headers)
    if(library_SYSTEM)
      target_compile_options(${name} PRIVATE -w)
    else()
      target_compile_options(${name} PRIVATE ${SLUICE_FILTER_COMPILE_OPTIONS})
    endif()
    sluice_record_options(${name} options)
    sluice_guest_options(${name} ${options})
  else()
    set(scope INTERFACE)
    add_library(${name} INTERFACE)
  endif()
  target_include_directories(${name} ${system} ${scope} ${library_INCLUDES})
  target_compile_definitions(${name} ${scope} ${library_DEFINITIONS})
  target_link_libraries(${name} ${scope} ${library_LIBRARIES})
endfunction()

# What a filter's target has in both builds, besides how the linker is called.
function(sluice_fill_filter target name sdk compat)
  sluice_read_record(${name} filter INCLUDES DEFINITIONS LIBRARIES PROTOS IMPORT_DIRS COMPAT)
  target_include_directories(${target} PRIVATE ${filter_INCLUDES})
  target_compile_definitions(${target} PRIVATE ${filter_DEFINITIONS})
  target_compile_options(${target} PRIVATE ${SLUICE_FILTER_COMPILE_OPTIONS})
  target_link_libraries(${target} PRIVATE Sluice::headers ${sdk})
  if(filter_PROTOS)
    sluice_add_protos(${target} ${name} "${filter_PROTOS}" "${filter_IMPORT_DIRS}")
  endif()
  sluice_record_options(${name} options)
  sluice_guest_options(${target} ${options})
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
  else()
    sluice_build_library(${name})
  endif()
endfunction()
