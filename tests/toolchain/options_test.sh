#!/usr/bin/env bash
# options_test.sh SLUICE_SOURCE_DIR WORK_DIR WASI_CLANG
#
# What reaches both builds of a filter, and what reaches neither: the folder's state, compiler launchers, unity builds,
# configurations, projects of others, archives, headers of the build machine, the paths of folders.
set -euo pipefail
sluice=$1 work=$2 clang=$3
here=$(cd "$(dirname "$0")" && pwd)

fail() {
  echo "FAILED: $*" >&2
  exit 1
}
run() { "$@" >"$work/output.txt" 2>&1 || { cat "$work/output.txt"; fail "$*"; }; }
holds() { grep -q -a -F -e "$2" "$1" || fail "$1 does not hold \"$2\""; }
lacks() { ! grep -q -a -F -e "$2" "$1" || fail "$1 holds \"$2\""; }

rm -rf "$work"
mkdir -p "$work"
cp -R "$here/options" "$work/first"
cp -R "$here/options" "$work/the_second"

echo "-- several configurations, a launcher, a unity build; variables of the environment for this machine's compiler"
printf '#!/bin/sh\necho "$*" >>%q\nexec "$@"\n' "$work/launched.txt" >"$work/launcher"
chmod +x "$work/launcher"
export CPATH=/usr/include CXXFLAGS="-D FROM_ENVIRONMENT"
run cmake -S "$work/first" -B "$work/first/build" -G "Ninja Multi-Config" -D SLUICE_SOURCE_DIR="$sluice" -D CMAKE_UNITY_BUILD=ON \
  -D CMAKE_CXX_COMPILER_LAUNCHER="$work/launcher" -D CMAKE_C_COMPILER_LAUNCHER="$work/launcher"
run cmake --build "$work/first/build" --config Release
unset CPATH CXXFLAGS
release=$work/first/build/Release/state.wasm
grep -q -- '--target=wasm32.*/state\.cc' "$work/launched.txt" || fail "the launcher was not used for the filter"
grep -q -- '--target=wasm32.*/letters\.c' "$work/launched.txt" || fail "the launcher was not used for the project"
lacks "$work/launched.txt" "FROM_ENVIRONMENT"
[[ ! -e $work/first/build/Debug/state.wasm ]] || fail "a configuration was built that nobody asked for"
! wasm-objdump -h "$release" | grep Custom || fail "a release has custom sections"
run cmake --build "$work/first/build" --config Debug
wasm-objdump -h "$work/first/build/Debug/state.wasm" | grep -q '".debug_info"' || fail "Debug has no DWARF"
run cmake --build "$work/first/build" --config Release --target state_native
native=$(find "$work/first/build" -name state.so)

echo "-- the state of the folder, in both builds"
for module in "$release" "$native"; do
  holds "$module" "a definition of the folder"
  holds "$module" "an option of the folder"
  holds "$module" "a definition of the party"
  holds "$module" "file:state.cc"
done
wasm-objdump -x "$release" >"$work/dump.txt"
grep -q ' -> "stack_end"' "$work/dump.txt" || fail "LINK_OPTIONS have no effect"
grep -q 'global\[0\] i32 mutable=1 .*init i32=131072' "$work/dump.txt" || fail "STACK_SIZE has no effect"
! grep -E '<- ' "$work/dump.txt" | grep -vE '<- env\.proxy_' || fail "$release has these imports"

echo "-- the project of somebody else asks the machine that it is compiled for"
holds "$release" "guests on WASI, threads 1, strings 1, fork , zlib PARTY_ZLIB-NOTFOUND."
holds "$native" "guests on $(uname -s), threads 1, strings 1, fork 1, zlib "

echo "-- another folder, another build, the same bytes"
run cmake -S "$work/the_second" -B "$work/elsewhere" -G Ninja -D SLUICE_SOURCE_DIR="$sluice"
run cmake --build "$work/elsewhere"
cmp "$release" "$work/elsewhere/state.wasm" || fail "the folder of the build is in the module"

echo "-- a change in the project of somebody else reaches the module"
sed -i 's/ on \$/ at ${PARTY_NAME} on $/' "$work/the_second/party/CMakeLists.txt"
touch -d '+2 seconds' "$work/the_second/party/CMakeLists.txt"
run cmake --build "$work/elsewhere"
holds "$work/elsewhere/state.wasm" "guests at guests on WASI"

echo "-- directly, with a toolchain file; an archive that was built elsewhere"
run "$clang" --target=wasm32-wasi -O1 -c "$here/options/archive.c" -o "$work/archive.o"
run llvm-ar-"$("$clang" -dumpversion | cut -d. -f1)" rcs "$work/libarchive.a" "$work/archive.o"
direct=(cmake -S "$work/first" -B "$work/direct" -G Ninja --toolchain "$sluice/toolchain/wasi.cmake" -D CMAKE_BUILD_TYPE=Release
  -D SLUICE_SOURCE_DIR="$sluice")
run "${direct[@]}" -D BUILT_ARCHIVE="$work/libarchive.a" -D HOST_HEADERS="zlib;elf;pthread;string"
run cmake --build "$work/direct" --target archive
holds "$work/direct/archive.wasm" "built elsewhere"

echo "-- no header of this machine is seen"
[[ -e /usr/include/zlib.h && -e /usr/include/elf.h ]] || fail "this machine has no zlib.h or no elf.h, so nothing can be shown"
object() { cmake --build "$work/direct" --target "CMakeFiles/uses_$1.dir/uses_header.cc.obj" >"$work/output.txt" 2>&1; }
for header in string pthread; do
  object $header || { cat "$work/output.txt"; fail "<$header.h> is not found"; }
done
for header in zlib elf; do
  ! object $header || fail "<$header.h> is this machine's"
  grep -q "fatal error: '$header.h' file not found" "$work/output.txt" || { cat "$work/output.txt"; fail "$header.h: another error"; }
done

echo "-- an archive without a twin: no native build, a line that says so, and a test of the module"
run cmake -S "$work/first" -B "$work/without_twin" -G Ninja -D SLUICE_SOURCE_DIR="$sluice" -D BUILT_ARCHIVE="$work/libarchive.a" \
  -D TEST_ARCHIVE=ON -D SLUICE_TEST_CASES=OFF
tr -s ' \n' ' ' <"$work/output.txt" | grep -E 'archive has no native build: there are no NATIVE_ARCHIVES in place of .*libarchive.a' ||
  { cat "$work/output.txt"; fail "nothing is said"; }
ctest --test-dir "$work/without_twin" -N >"$work/tests.txt"
holds "$work/tests.txt" "archive_test.wasm"
lacks "$work/tests.txt" "archive_test.native"
