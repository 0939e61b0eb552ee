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
  if "${sluice[@]}" --help | grep -q '^  build '; then
    "${sluice[@]}" build
    "${sluice[@]}" test
  else
    PATH=$environment/bin:$PATH
    cmake -S . -B build -G Ninja -C "$(sluice version --json | sed -n 's/.*"prefix": "\(.*\)",/\1/p')/share/sluice/wheel.cmake"
    cmake --build build
    ctest --test-dir build --output-on-failure
  fi
  # The scenario in a real Envoy too.
  "${sluice[@]}" test scenario.yaml --module build/hello.wasm --host envoy
  "${sluice[@]}" inspect build/hello.wasm | grep 'can load it'
  ;;
esac
