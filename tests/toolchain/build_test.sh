#!/usr/bin/env bash
# build_test.sh SLUICE_SOURCE_DIR WORK_DIR GENERATOR
#
# What a user sees of sluice_add_filter's sub-build: what is in the modules, what a change rebuilds, where errors show.
set -euo pipefail
export SLUICE_TEST_SOURCE_DIR=$1
sluice=$1 work=$2 generator=$3
project=$work/project build=$work/build

fail() {
  echo "FAILED: $*" >&2
  exit 1
}
build() { cmake --build "$build" "$@" >"$work/output.txt" 2>&1 || { cat "$work/output.txt"; fail "the build"; }; }
holds() { grep -q -a -F "$2" "$1" || fail "$1 does not hold \"$2\""; }
lacks() { ! grep -q -a -F "$2" "$1" || fail "$1 holds \"$2\""; }
# Changes a file, with a time of change that no build tool takes for the old one.
change() {
  sed -i "$2" "$1"
  touch -d '+2 seconds' "$1"
}

rm -rf "$work"
mkdir -p "$work"
cp -R "$(dirname "$0")/project" "$project"
configure() { cmake -S "$project" -B "$build" -G "$generator" -D SLUICE_SOURCE_DIR="$sluice" "$@"; }
configure >/dev/null
plain=$build/plain.wasm fast=$build/nested/fast.wasm

echo "-- a release: small, stripped, without imports that a proxy lacks"
build
for module in "$plain" "$fast"; do
  wasm-objdump -x "$module" >"$work/dump.txt"
  ! grep -E '<- ' "$work/dump.txt" | grep -vE '<- env\.proxy_' || fail "$module has these imports"
  grep -q ' -> "proxy_on_response_headers"' "$work/dump.txt" || fail "$module does not export its callback"
  grep -q ' -> "_initialize"' "$work/dump.txt" || fail "$module does not export _initialize"
  grep -qE 'memory\[0\] pages: initial=[12]( |$)' "$work/dump.txt" || fail "$module starts with more than two pages"
  ! wasm-objdump -h "$module" | grep Custom || fail "$module has custom sections"
done
holds "$plain" "good morning"
holds "$plain" plainlibrary
holds "$fast" "fasta blibrary"

echo "-- nothing to do the second time"
cp -p "$plain" "$work/before.wasm"
build
[[ ! $plain -nt $work/before.wasm ]] || fail "the module was built again without reason"

echo "-- a changed header of a library, a changed source"
change "$project/text/greeting_text.h" 's/morning/evening/'
build
holds "$plain" "good evening"
holds "$fast" "good evening"
change "$project/filter.cc" 's/"plain"/"ordinary"/'
build --target plain
holds "$plain" ordinarylibrary

echo "-- changed arguments of sluice_add_filter"
change "$project/nested/CMakeLists.txt" 's/"fast/"quick/; s/\\"fast\\"/\\"quick\\"/'
build
holds "$fast" "quicka blibrary"

echo "-- an error of the compiler reaches the terminal"
change "$project/filter.cc" 's/registration;/registration/'
! cmake --build "$build" >"$work/output.txt" 2>&1 || fail "a filter with a syntax error was built"
grep -q "filter.cc:.*error: expected ';'" "$work/output.txt" || { cat "$work/output.txt"; fail "no error of the compiler"; }
change "$project/filter.cc" 's/registration$/registration;/'

echo "-- a function that nothing defines is an error of the linker"
change "$project/greeting.cc" 's/^std::string_view greeting()/std::string_view greting()/'
! cmake --build "$build" >"$work/output.txt" 2>&1 || fail "a filter was linked without one of its functions"
grep -q "undefined symbol: greeting()" "$work/output.txt" || { cat "$work/output.txt"; fail "no error of the linker"; }
change "$project/greeting.cc" 's/greting/greeting/'
build

[[ $generator == Ninja ]] || exit 0

echo "-- another toolchain does not meet the first one's results; a debug build keeps names and DWARF"
cp "$(dirname "$0")/other_toolchain.cmake" "$work/other.cmake"
configure -D CMAKE_BUILD_TYPE=Debug -D SLUICE_TOOLCHAIN="$work/other.cmake" >/dev/null
build
holds "$build/sluice/wasm/build/CMakeCache.txt" "=$work/other.cmake"
wasm-objdump -h "$plain" >"$work/dump.txt"
grep -q '"name"' "$work/dump.txt" || fail "a debug build has no names"
grep -q '".debug_info"' "$work/dump.txt" || fail "a debug build has no DWARF"

echo "-- the native twin is there for those who ask, and only for them"
[[ ! -e $build/plain.so ]] || fail "plain.so was built though nobody needs it"
build --target plain_native
[[ -e $build/plain.so ]] || fail "there is no plain.so"
