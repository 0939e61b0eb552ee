# The record of a filter, or of a library for filters: what a call asked for, kept under the name of its target. All helpers
# take that name and read what they need. A native configure writes its records down for the sub-build, which builds from
# them: see SubBuild.cmake.
include_guard(GLOBAL)

# Sets the variables that `flags_name`, `values_name` and `lists_name` name to the keywords that a `kind` of record takes:
# FILTER, LIBRARY or PROJECT. Nowhere else is a list of them.
function(sluice_keywords kind flags_name values_name lists_name)
  if(kind STREQUAL "FILTER")
    set(flags SPEED SIMD RTTI COMPAT PROTOBUF_FULL)
    set(values CXX_STANDARD STACK_SIZE)
    set(lists SOURCES INCLUDES DEFINITIONS LIBRARIES COMPILE_OPTIONS LINK_OPTIONS PROTOS IMPORT_DIRS)
  elseif(kind STREQUAL "LIBRARY")
    set(flags SPEED SIMD RTTI SYSTEM)
    set(values CXX_STANDARD)
    set(lists SOURCES INCLUDES DEFINITIONS LIBRARIES COMPILE_OPTIONS WASM_ARCHIVES NATIVE_ARCHIVES)
  else()
    set(flags SPEED SIMD RTTI)
    set(values SOURCE_DIR CXX_STANDARD)
    set(lists TARGETS COMPILE_OPTIONS CMAKE_ARGS)
  endif()
  set(${flags_name} "${flags}" PARENT_SCOPE)
  set(${values_name} "${values}" PARENT_SCOPE)
  set(${lists_name} "${lists}" PARENT_SCOPE)
endfunction()

# Sets one entry of the record of `name` to `value`, a list perhaps.
function(sluice_set_record name key value)
  set_property(GLOBAL PROPERTY "SLUICE_RECORD ${name} ${key}" "${value}")
  set_property(GLOBAL APPEND PROPERTY "SLUICE_RECORD ${name}" ${key})
endfunction()

# Sets PREFIX_KEY, for each KEY, to what the record of `name` has there; to nothing where it has nothing.
function(sluice_read_record name prefix)
  foreach(key IN LISTS ARGN)
    get_property(value GLOBAL PROPERTY "SLUICE_RECORD ${name} ${key}")
    set(${prefix}_${key} "${value}" PARENT_SCOPE)
  endforeach()
endfunction()

# Sets `variable` to CMake code that makes the same record.
function(sluice_record_as_code name variable)
  get_property(keys GLOBAL PROPERTY "SLUICE_RECORD ${name}")
  list(REMOVE_DUPLICATES keys)
  set(code "")
  foreach(key IN LISTS keys)
    sluice_read_record(${name} record ${key})
    if(NOT record_${key} STREQUAL "")
      string(APPEND code "sluice_set_record(${name} ${key} [==[${record_${key}}]==])\n")
    endif()
  endforeach()
  set(${variable} "${code}" PARENT_SCOPE)
endfunction()

# Sets `variable` to how the record's code is to be compiled: the arguments of sluice_guest_options().
function(sluice_record_options name variable)
  sluice_read_record(${name} record SPEED SIMD RTTI COMPAT CXX_STANDARD CXX_EXTENSIONS)
  set(options CXX_STANDARD ${record_CXX_STANDARD})
  foreach(flag IN ITEMS SPEED SIMD RTTI COMPAT)
    if(record_${flag})
      list(APPEND options ${flag})
    endif()
  endforeach()
  if(record_CXX_EXTENSIONS)
    list(APPEND options CXX_EXTENSIONS ${record_CXX_EXTENSIONS})
  endif()
  set(${variable} "${options}" PARENT_SCOPE)
endfunction()
