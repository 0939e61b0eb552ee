#!/usr/bin/env bash
# consumer_test.sh PROJECT BUILD_DIR "EXPECTED_TEST…" CMAKE_OPTION…
#
# Configures and builds a project outside the tree that uses Sluice, and runs its tests, which must be exactly the
# expected ones. The project's filter must exist in any case.
set -euo pipefail
project=$1 build=$2 expected=$3
shift 3
rm -rf "$build"

cmake -S "$project" -B "$build" -G Ninja "$@"
cmake --build "$build" --parallel "${SLUICE_JOBS:-2}"
[[ -n $(find "$build" -name sluice -prune -o -name '*.wasm' -size +0 -print) ]] || { echo "FAILED: there is no filter"; exit 1; }

found=$(ctest --test-dir "$build" --show-only | sed -nE 's/^ *Test +#[0-9]+: //p' | sort | tr '\n' ' ')
[[ ${found% } == "$expected" ]] || { echo "FAILED: the tests are \"$found\", not \"$expected\""; exit 1; }
[[ -z $expected ]] || ctest --test-dir "$build" --output-on-failure
