# What the caller's folder says about all that is compiled in it: CMAKE_CXX_STANDARD, add_compile_definitions(),
# include_directories(), add_compile_options(). A native target has these by itself; the sub-build is told, so that what is
# tested is what ships.
include_guard(GLOBAL)

# Options for one machine, or for one kind of build: a filter has its own.
set_property(GLOBAL PROPERTY SLUICE_MACHINE_OPTIONS
  "(^|[: ,])(-f(no-)?sanitize|-fno-omit-frame-pointer|-m[a-z]|-O[0-9sgzf]?>*$|-g[0-9a-z-]*>*$|-flto|-pthread|-f(pic|PIC|pie|PIE)>*$|--?coverage|"
  "-fprofile|-ftest-coverage|-fcoverage|-fstack-protector|-fstack-clash|-fcf-protection|-f(no-)?exceptions|-f(no-)?rtti|-std=|"
  "-D_?FORTIFY_SOURCE|-static|-fuse-ld|-stdlib=|--target=)")

# Sets `variable` to the C++ standard of a call: `asked`, or the folder's, or the SDK's.
function(sluice_choose_standard variable call asked)
  if("${asked}" STREQUAL "")
    set(asked 20)
    if("${CMAKE_CXX_STANDARD}" MATCHES "^(23|26)$")
      set(asked ${CMAKE_CXX_STANDARD})
    endif()
  elseif(NOT asked MATCHES "^(20|23|26)$")
    message(FATAL_ERROR "${call}: CXX_STANDARD is \"${asked}\"; it can be 20 (the default), 23 or 26.")
  endif()
  set(${variable} ${asked} PARENT_SCOPE)
endfunction()

# Notes the state of the caller's folder in the record of `name`.
function(sluice_record_directory name)
  get_directory_property(definitions COMPILE_DEFINITIONS)
  get_directory_property(includes INCLUDE_DIRECTORIES)
  get_directory_property(options COMPILE_OPTIONS)
  get_property(machine_options GLOBAL PROPERTY SLUICE_MACHINE_OPTIONS)
  list(JOIN machine_options "" machine_options)
  list(FILTER options EXCLUDE REGEX "${machine_options}")
  set(portable_includes ${includes})
  list(FILTER portable_includes EXCLUDE REGEX "^/usr(/local)?/include/?$")
  if(options)
    # They may be another compiler's; one that this one does not know is an error, but for the names of warnings.
    list(APPEND options -Wno-unknown-warning-option)
  endif()
  sluice_set_record(${name} DIRECTORY_DEFINITIONS "${definitions}")
  sluice_set_record(${name} DIRECTORY_INCLUDES "${portable_includes}")
  sluice_set_record(${name} DIRECTORY_OPTIONS "${options}")
  sluice_set_record(${name} CXX_EXTENSIONS "${CMAKE_CXX_EXTENSIONS}")
  # Both commands change targets that are there already, so what follows this call matters too.
  cmake_language(EVAL CODE "cmake_language(DEFER CALL sluice_check_directory [[${name}]] [[${definitions}]] [[${includes}]])")
endfunction()

# When the folder is read, its state must still be that of the call which made the record of `name`.
function(sluice_check_directory name definitions includes)
  get_directory_property(definitions_now COMPILE_DEFINITIONS)
  get_directory_property(includes_now INCLUDE_DIRECTORIES)
  if(NOT "${definitions}" STREQUAL "${definitions_now}" OR NOT "${includes}" STREQUAL "${includes_now}")
    sluice_read_record(${name} record CALL)
    message(FATAL_ERROR "${record_CALL}: add_compile_definitions() or include_directories() stand after this call in the same folder: they would "
                        "change the native build alone.\nWrite them before it, or as its DEFINITIONS and INCLUDES.")
  endif()
endfunction()

# Gives `target` the state that the record of `name` has, before all other options. In its own folder it has this already,
# with options for this machine, which no module must have.
function(sluice_apply_directory target name)
  # link_libraries() is for this machine: neither build has it.
  set_property(TARGET ${target} PROPERTY LINK_LIBRARIES "")
  sluice_target_is_wasm(is_wasm)
  if(NOT is_wasm)
    return()
  endif()
  sluice_read_record(${name} directory DIRECTORY_DEFINITIONS DIRECTORY_INCLUDES DIRECTORY_OPTIONS)
  set_property(TARGET ${target} PROPERTY COMPILE_OPTIONS ${directory_DIRECTORY_OPTIONS})
  if(SLUICE_OUTER_SOURCE_DIR)
    target_compile_definitions(${target} PRIVATE ${directory_DIRECTORY_DEFINITIONS})
    target_include_directories(${target} PRIVATE ${directory_DIRECTORY_INCLUDES})
  endif()
endfunction()
