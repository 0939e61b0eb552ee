# Filters compiled for this machine.
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

# Sets two variables to how guest code is compiled in this configure: all of it, and C++ besides. WasmFilter.cmake has the
# other such function. Traps are C++ exceptions of the host that
# pass through the guest's frames: hence unwind tables in code without exceptions. SPEED and SIMD are the module's alone.
function(sluice_machine_flags flags_name cxx_flags_name)
  cmake_parse_arguments(PARSE_ARGV 2 arg "SPEED;SIMD;RTTI;COMPAT" "CXX_STANDARD;CXX_EXTENSIONS" "")
  sluice_sanitizer_options(flags)
  list(APPEND flags -funwind-tables -g)
  set(${flags_name} "${flags}" PARENT_SCOPE)
  sluice_language_flags(cxx_flags "${arg_RTTI}" "${arg_COMPAT}")
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Each VM of the mock host loads a copy of the library. GCC's unique symbols would make the copies share the static
    # members of templates, and with them the list of callbacks: a second VM would run the first one's code.
    list(APPEND cxx_flags -fno-gnu-unique)
  endif()
  set(${cxx_flags_name} "${cxx_flags}" PARENT_SCOPE)
endfunction()

# The same for a target, whose linker is told too.
function(sluice_guest_options target)
  sluice_set_guest_options(${target} ${ARGN})
  sluice_sanitizer_options(sanitizers)
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  get_target_property(type ${target} TYPE)
  if(type MATCHES "^(OBJECT|STATIC)_LIBRARY$")
    target_link_options(${target} INTERFACE ${sanitizers})
  else()
    target_link_options(${target} PRIVATE ${sanitizers})
  endif()
endfunction()

# Defines NAME_native, from the record of a filter. Its hostcalls are undefined symbols that the program that loads it defines.
function(sluice_build_native_filter name)
  if(NOT CMAKE_CXX_COMPILER_LOADED)
    return()
  endif()
  sluice_read_record(${name} filter SOURCES)
  sluice_archives_without_twin(archives ${name})
  if(archives)
    message(STATUS "${name} has no native build: there are no NATIVE_ARCHIVES in place of ${archives}")
    return()
  endif()
  add_library(${name}_native MODULE EXCLUDE_FROM_ALL ${filter_SOURCES})
  set_target_properties(${name}_native PROPERTIES PREFIX "" OUTPUT_NAME ${name} SUFFIX .so)
  sluice_fill_filter(${name}_native ${name} Sluice::sdk Sluice::compat)
  # The test's program has inline functions too, such as std::mutex::lock(): the filter calls its own, which reach process.cc.
  if(CMAKE_CXX_COMPILER MATCHES "/zig$") # which knows only the option that is about variables too
    target_link_options(${name}_native PRIVATE -Wl,-Bsymbolic)
  else()
    target_link_options(${name}_native PRIVATE -Wl,-Bsymbolic-functions)
  endif()
  target_link_libraries(${name}_native PRIVATE Sluice::native)
endfunction()
