"""Runs the command of this package, which finds CMake, Ninja, Zig and Envoy in the environment that it is installed in."""

import os
import sys
import sysconfig

from sluice import PREFIX


def folder_of_programs():
    """Where pip has put cmake: beside this command, in the environment, or for the user."""
    scripts = sysconfig.get_path("scripts"), sysconfig.get_path("scripts", "posix_user")
    for folder in (os.path.dirname(os.path.abspath(sys.argv[0])), *scripts):
        if os.path.isfile(os.path.join(folder, "cmake")):
            return folder
    return None


def main():
    path = os.environ.get("PATH", os.defpath).split(os.pathsep)
    folder = folder_of_programs()
    if folder is not None and folder not in path:
        os.environ["PATH"] = os.pathsep.join([folder, *path])
    os.execv(os.path.join(PREFIX, "bin", "sluice"), ["sluice", *sys.argv[1:]])


if __name__ == "__main__":
    main()
