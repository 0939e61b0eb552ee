# Toolchain file for filters: Emscripten (3.1.6, Debian bookworm's, or newer), as a standalone module without JavaScript.
#
# em++ is looked for in the environment variable EMSDK's folder, then on the PATH; on Debian: apt install emscripten.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES SLUICE_EMXX)

if(NOT SLUICE_EMXX)
  find_program(SLUICE_EMXX em++ HINTS $ENV{EMSDK}/upstream/emscripten DOC "Emscripten's C++ compiler")
endif()
if(NOT SLUICE_EMXX)
  message(FATAL_ERROR "Emscripten is not here: there is no em++ on the PATH.\n"
                      "Install it (on Debian: apt install emscripten; elsewhere https://emscripten.org), or set SLUICE_EMXX to em++.")
endif()

# Emscripten's own toolchain file stands beside the compiler, or, in Debian, where its wrapper script points to.
file(REAL_PATH ${SLUICE_EMXX} emscripten_root)
cmake_path(GET emscripten_root PARENT_PATH emscripten_root)
foreach(root IN ITEMS ${emscripten_root} ${emscripten_root}/.. /usr/share/emscripten /usr/lib/emscripten)
  if(EXISTS ${root}/cmake/Modules/Platform/Emscripten.cmake)
    include(${root}/cmake/Modules/Platform/Emscripten.cmake)
    return()
  endif()
endforeach()
message(FATAL_ERROR "${SLUICE_EMXX} is here, but not Emscripten's CMake files (cmake/Modules/Platform/Emscripten.cmake beside "
                    "it). Reinstall Emscripten.")
