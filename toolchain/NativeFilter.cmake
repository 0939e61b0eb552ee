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

# How guest code is compiled in this configure; WasmFilter.cmake has the other one. Traps are C++ exceptions of the host that
# pass through the guest's frames: hence unwind tables in code without exceptions. SPEED and SIMD are the module's alone.
function(sluice_guest_options target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "SPEED;SIMD;RTTI" "" "")
  sluice_sanitizer_options(sanitizers)
  target_compile_features(${target} PRIVATE cxx_std_20)
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  set(rtti -fno-rtti)
  if(arg_RTTI)
    set(rtti -frtti)
  endif()
  target_compile_options(
    ${target} PRIVATE ${sanitizers} -fno-exceptions $<$<COMPILE_LANGUAGE:CXX>:${rtti}> -funwind-tables -g)
  # Each VM of the mock host loads a copy of the library. GCC's unique symbols would make the copies share the static
  # members of templates, and with them the list of callbacks: a second VM would run the first one's code.
  target_compile_options(${target} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
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
  add_library(${name}_native MODULE EXCLUDE_FROM_ALL ${filter_SOURCES})
  set_target_properties(${name}_native PROPERTIES PREFIX "" OUTPUT_NAME ${name} SUFFIX .so)
  sluice_fill_filter(${name}_native ${name} Sluice::sdk Sluice::compat)
endfunction()
