#!/usr/bin/env bash
# consumer_test.sh WORK_DIR "EXPECTED_TEST…" CMAKE_OPTION…
#
# A project outside the tree that uses Sluice: configures and builds a copy of `project` and runs its tests, which must be
# exactly the expected ones. Its filter must be there either way.
set -euo pipefail
work=$1 expected=$2
shift 2
rm -rf "$work"
mkdir -p "$work"
cp -R "$(dirname "$0")/project" "$work/project"

cmake -S "$work/project" -B "$work/build" -G Ninja "$@"
cmake --build "$work/build" --parallel "${SLUICE_JOBS:-2}"
[[ -s $work/build/filters/hello.wasm ]] || { echo "FAILED: there is no hello.wasm"; exit 1; }

found=$(ctest --test-dir "$work/build" --show-only | sed -nE 's/^ *Test +#[0-9]+: //p' | sort | tr '\n' ' ')
[[ ${found% } == "$expected" ]] || { echo "FAILED: the tests are \"$found\", not \"$expected\""; exit 1; }
[[ -z $expected ]] || ctest --test-dir "$work/build" --output-on-failure
