#!/usr/bin/env bash
# author.sh install|use: what root_test.sh runs as a user of a machine that has Python and nothing else.
set -euo pipefail
cd
environment="$HOME/with a space/venv"

for program in cc c++ gcc clang cmake ninja make zig envoy; do
  ! command -v "$program" || { echo "there is a $program on this machine" >&2; exit 1; }
done

case $1 in
install)
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --disable-pip-version-check "$(echo ./*.whl)[envoy]"
  ;;
use)
  # By its path: the environment is not active, and its programs are not on PATH.
  sluice=("$environment/bin/sluice")
  "${sluice[@]}" version
  "${sluice[@]}" doctor
  "${sluice[@]}" init 'my filters/hello' --template headers
  cd 'my filters/hello'
  "${sluice[@]}" build
  "${sluice[@]}" test --host all
  # And with CMake alone.
  PATH=$environment/bin:$PATH
  settings=$(sluice version --json | sed -n 's/.*"prefix": "\(.*\)",/\1/p')/share/sluice/wheel.cmake
  cmake -S . -B build-cmake -G Ninja --toolchain "$settings" -D CMAKE_BUILD_TYPE=RelWithDebInfo
  cmake --build build-cmake
  ctest --test-dir build-cmake --output-on-failure
  ;;
esac
