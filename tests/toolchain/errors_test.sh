#!/usr/bin/env bash
# errors_test.sh SLUICE_SOURCE_DIR WORK_DIR
#
# Each mistake in a user's CMakeLists.txt has an error that names the call, what is wrong, and what to do.
set -euo pipefail
sluice=$1 work=$2
rm -rf "$work"
mkdir -p "$work/project/folder"
cd "$work/project"
echo 'int x;' >filter.cc
echo '' >scenario.yaml
failures=0 cases=0

# expect WHAT PATTERN… -- [CMAKE_OPTION…]: configures the project whose CMakeLists.txt is on standard input, which must fail
# with output that matches each PATTERN, once line breaks are folded.
expect() {
  local what=$1 patterns=() output pattern
  shift
  while (($#)) && [[ $1 != -- ]]; do
    patterns+=("$1")
    shift
  done
  shift || true
  {
    echo 'cmake_minimum_required(VERSION 3.22)'
    echo 'project(Mistake LANGUAGES NONE)'
    echo 'enable_testing()'
    echo "include($sluice/toolchain/Sluice.cmake)"
    cat
  } >CMakeLists.txt
  rm -rf ../build
  cases=$((cases + 1))
  if output=$(cmake -S . -B ../build "$@" 2>&1); then
    echo "FAILED: $what: no error"
    failures=$((failures + 1))
    return
  fi
  output=$(tr -s ' \n' ' ' <<<"$output")
  for pattern in "${patterns[@]}"; do
    if ! grep -q -E -e "$pattern" <<<"$output"; then
      printf 'FAILED: %s: no "%s" in\n%s\n' "$what" "$pattern" "$output"
      failures=$((failures + 1))
    fi
  done
}

expect "no sources" 'sluice_add_filter\(f\): SOURCES is missing' <<<'sluice_add_filter(f)'
expect "nothing after SOURCES" 'sluice_add_filter\(f\): nothing follows SOURCES' <<<'sluice_add_filter(f SOURCES SPEED)'
expect "an unknown argument" 'sluice_add_filter\(f\): unknown argument FASTER' 'Known are SOURCES, .*SPEED, SIMD' \
  <<<'sluice_add_filter(f FASTER SOURCES filter.cc)'
expect "a source that is not there" 'sluice_add_filter\(f\): there is no .*/project/fliter.cc' \
  <<<'sluice_add_filter(f SOURCES fliter.cc)'
expect "a folder as a source" 'folder is a folder, not a file' <<<'sluice_add_filter(f SOURCES folder)'
expect "a file as an include directory" 'filter.cc is not a folder' \
  <<<'sluice_add_filter(f SOURCES filter.cc INCLUDES filter.cc)'
expect "a name that cannot be one" '"a b" cannot be a target' <<<'sluice_add_filter("a b" SOURCES filter.cc)'
expect "a name that is taken" 'there is a target "f" already' \
  <<<'add_custom_target(f) 
sluice_add_filter(f SOURCES filter.cc)'
expect "an unknown library" 'LIBRARIES names "nothing", which is not a library for filters' \
  'sluice_add_filter_library\(nothing SOURCES' <<<'sluice_add_filter(f SOURCES filter.cc LIBRARIES nothing)'
expect "a library for this machine" 'LIBRARIES names "l", which is a library for this machine alone \(INTERFACE_LIBRARY\)' \
  'sluice_add_filter_library\(l SOURCES .* INCLUDES .*\); without SOURCES where it has headers only' <<<'add_library(l INTERFACE)
sluice_add_filter(f SOURCES filter.cc LIBRARIES l)'
expect "a filter as a library" 'sluice_add_filter_library\(g\): LIBRARIES names "f", which is a filter' \
  <<<'sluice_add_filter(f SOURCES filter.cc)
sluice_add_filter_library(g SOURCES filter.cc LIBRARIES f)'
expect "headers among the machine's own" 'sluice_add_filter\(f\): INCLUDES names /usr/include: .* do not fit WebAssembly' \
  <<<'sluice_add_filter(f SOURCES filter.cc INCLUDES /usr/include)'
expect "a library's headers among them" 'sluice_add_filter_library\(l\): INCLUDES names /usr/include: ' \
  <<<'sluice_add_filter_library(l INCLUDES /usr/include)'
expect "a library of nothing" 'sluice_add_filter_library\(l\): SOURCES, or INCLUDES for .* headers only, is missing' \
  <<<'sluice_add_filter_library(l)'
expect "a filter's keyword for a library" 'unknown argument COMPAT' 'Known are SOURCES, .*SYSTEM' \
  <<<'sluice_add_filter_library(l COMPAT SOURCES filter.cc)'
expect "a library whose name is taken" 'sluice_add_filter_library\(f\): there is a target "f" already' \
  <<<'sluice_add_filter(f SOURCES filter.cc)
sluice_add_filter_library(f SOURCES filter.cc)'

expect "an unknown standard" 'sluice_add_filter\(f\): CXX_STANDARD is "17"; it can be 20 \(the default\), 23 or 26' \
  <<<'sluice_add_filter(f SOURCES filter.cc CXX_STANDARD 17)'
for size in 100 64K -16; do
  expect "a stack of $size" "STACK_SIZE is \"$size\"; it is a number of bytes, a multiple of 16" \
    <<<"sluice_add_filter(f SOURCES filter.cc STACK_SIZE $size)"
done
expect "definitions after the call" 'sluice_add_filter\(f\): add_compile_definitions\(\) or include_directories\(\) stand after this call' \
  'Write them before it' <<<'sluice_add_filter(f SOURCES filter.cc)
add_compile_definitions(LATE)'
expect "folders after the call" 'or include_directories\(\) stand after this call' <<<'sluice_add_filter_library(l SOURCES filter.cc)
include_directories(folder)'
expect "a project without a folder" 'sluice_add_filter_project\(p\): SOURCE_DIR is missing' <<<'sluice_add_filter_project(p TARGETS t)'
expect "a project without targets" 'sluice_add_filter_project\(p\): TARGETS is missing' \
  <<<'sluice_add_filter_project(p SOURCE_DIR folder)'
expect "a folder without a project" 'there is no CMakeLists.txt in .*/folder. .*sluice_add_filter_library\(p SOURCES' \
  <<<'sluice_add_filter_project(p SOURCE_DIR folder TARGETS t)'
mkdir other
echo 'add_library(t STATIC nothing.cc)' >other/CMakeLists.txt
expect "a target that the project lacks" 'TARGETS names "u", which .*/other/CMakeLists.txt does not define' \
  'sluice_add_filter_project\(p\): .*/other cannot be configured for WebAssembly: see above' \
  <<<'sluice_add_filter_project(p SOURCE_DIR other TARGETS u)'

expect "PROTOS of something else" 'PROTOS names filter.cc, which is no .proto file' \
  <<<'sluice_add_filter(f SOURCES filter.cc PROTOS filter.cc)'
expect "a .proto file that is not there" 'there is no .*/project/nothing.proto' \
  <<<'sluice_add_filter(f SOURCES filter.cc PROTOS nothing.proto)'
expect "IMPORT_DIRS without PROTOS" 'IMPORT_DIRS says where PROTOS are imported from, but there are no PROTOS' \
  <<<'sluice_add_filter(f SOURCES filter.cc IMPORT_DIRS folder)'
expect "an import directory that is not there" 'there is no .*/project/nowhere' \
  <<<'sluice_add_filter(f SOURCES filter.cc PROTOS one.proto IMPORT_DIRS nowhere)'
printf 'syntax = "proto3";\nimport public "folder/other.proto";\n' >one.proto
echo 'syntax = "proto3";' >folder/other.proto
expect "an import that nobody names" 'one.proto imports "folder/other.proto", which is not among the PROTOS: one.proto' \
  'Add it there, and to IMPORT_DIRS' <<<'sluice_add_filter(f SOURCES filter.cc PROTOS one.proto)'
expect "an import under another name" 'imports "folder/other.proto", which is not among the PROTOS: one.proto, other.proto' \
  <<<'sluice_add_filter(f SOURCES filter.cc PROTOS one.proto folder/other.proto IMPORT_DIRS folder)'
# Protocs of other versions, for none of which there are sources here.
for version in 3.20.99 3.11.4 22.0; do
  printf '#!/bin/sh\necho "libprotoc %s"\n' $version >protoc-$version
  chmod +x protoc-$version
done
messages='sluice_add_filter(f SOURCES filter.cc PROTOS folder/other.proto)'
expect "something else as protoc" '`/bin/true --version` does not answer as protoc does' -- -D SLUICE_PROTOC=/bin/true <<<"$messages"
for version in 3.11.4 22.0; do
  expect "protoc $version" "protoc-$version is of version $version; filters can have 3.12 to 3.21" 'Abseil' \
    -- -D SLUICE_PROTOC="$PWD/protoc-$version" <<<"$messages"
done
expect "sources that are none" "PROTOS needs protobuf's sources, which are not in .*/project/folder: there is no src/google" \
  'apt-get source protobuf' -- -D SLUICE_PROTOBUF_SOURCE=folder <<<"$messages"
expect "sources that cannot be downloaded" "protobuf's sources, which are not in .*/_deps/sluice_protobuf-src: " \
  'Set SLUICE_PROTOBUF_SOURCE to the source tree of version 3.20.99' \
  -- -D SLUICE_PROTOC="$PWD/protoc-3.20.99" -D FETCHCONTENT_FULLY_DISCONNECTED=ON <<<"$messages"
# As it would be after the download.
mkdir -p sources/src/google/protobuf/stubs sources/cmake
touch sources/cmake/libprotobuf-lite.cmake
echo '#define GOOGLE_PROTOBUF_VERSION 3019004' >sources/src/google/protobuf/stubs/common.h
for where in SLUICE_PROTOBUF_SOURCE FETCHCONTENT_SOURCE_DIR_SLUICE_PROTOBUF; do
  expect "sources of another version" 'protoc-3.20.99\) is of version 3.20.99, but .*/sources are of version 3.19.4' \
    -- -D SLUICE_PROTOC="$PWD/protoc-3.20.99" -D $where="$PWD/sources" <<<"$messages"
done

expect "a test without a filter" 'sluice_add_filter_test\(t\): FILTER is missing' \
  <<<'sluice_add_filter_test(t SOURCES filter.cc)'
expect "a test without sources" 'sluice_add_filter_test\(t\): SOURCES is missing' \
  <<<'sluice_add_filter(f SOURCES filter.cc)
sluice_add_filter_test(t FILTER f)'
expect "a test of an unknown filter" 'FILTER names "g", which is not a filter' 'sluice_add_filter\(g SOURCES' \
  <<<'sluice_add_filter_test(t FILTER g SOURCES filter.cc)'
expect "a test of what is no filter" 'FILTER names "g", which is not a filter' \
  <<<'add_custom_target(g)
sluice_add_filter_test(t FILTER g SOURCES filter.cc)'
expect "a test without the mock host" 'sluice_add_filter_test\(t\): needs the mock host' 'SLUICE_BUILD_HOST' \
  'BUILD_TESTING=OFF' <<<'sluice_add_filter(f SOURCES filter.cc)
sluice_add_filter_test(t FILTER f SOURCES filter.cc)'
expect "a scenario that is not there" 'sluice_add_scenario_test\(s\): there is no .*nothing.yaml' \
  <<<'sluice_add_filter(f SOURCES filter.cc)
sluice_add_scenario_test(s FILTER f SCENARIO nothing.yaml)'
expect "two scenarios" 'sluice_add_scenario_test\(s\): unknown argument two.yaml' \
  <<<'sluice_add_filter(f SOURCES filter.cc)
sluice_add_scenario_test(s FILTER f SCENARIO scenario.yaml two.yaml)'
expect "a scenario without the command" 'needs the `sluice` command' \
  <<<'sluice_add_filter(f SOURCES filter.cc)
sluice_add_scenario_test(s FILTER f SCENARIO scenario.yaml)'

filter='sluice_add_filter(f SOURCES filter.cc)'
expect "an unknown toolchain" 'SLUICE_TOOLCHAIN is "gcc", but there is no toolchain file' 'wasi, zig, emscripten' \
  -- -D SLUICE_TOOLCHAIN=gcc <<<"$filter"
echo 'set(CMAKE_SYSTEM_NAME Linux)' >native.cmake
expect "a toolchain file for something else" 'native.cmake is not a toolchain file for WebAssembly' \
  -- -D SLUICE_TOOLCHAIN="$PWD/native.cmake" <<<"$filter"
expect "an unknown build type" 'SLUICE_FILTER_BUILD_TYPE is "Fast"; it can be Release or Debug' \
  -- -D SLUICE_FILTER_BUILD_TYPE=Fast <<<"$filter"
expect "one build type of several" 'SLUICE_FILTER_BUILD_TYPE is for generators of one configuration; Ninja Multi-Config builds' \
  -- -G "Ninja Multi-Config" -D SLUICE_FILTER_BUILD_TYPE=Debug <<<"$filter"
expect "WASI_SDK_PATH without a wasi-sdk" 'WASI_SDK_PATH is /nowhere, but there is no bin/clang' 'wasi-sdk/releases' \
  -- -D WASI_SDK_PATH=/nowhere <<<"$filter"
SLUICE_ZIG=/nowhere/zig expect "SLUICE_ZIG without Zig" 'SLUICE_ZIG is /nowhere/zig, but there is no such file' \
  -- -D SLUICE_TOOLCHAIN=zig <<<"$filter"

# Where nothing is installed: the toolchain files alone, with nothing on any path.
nothing=(-G Ninja -D CMAKE_FIND_USE_CMAKE_SYSTEM_PATH=OFF -D CMAKE_FIND_USE_SYSTEM_ENVIRONMENT_PATH=OFF
  -D CMAKE_MAKE_PROGRAM="$(command -v ninja)" -D SLUICE_PYTHON=)
expect "no protoc" 'PROTOS needs protoc, which is not here; set SLUICE_PROTOC' 'apt install protobuf-compiler' \
  -- "${nothing[@]}" <<<"$messages"
for case in 'wasi|There is no clang here|apt install clang-22 lld-22 wasi-libc .*WASI_SDK_PATH' \
  'emscripten|Emscripten is not here|apt install emscripten' 'zig|Zig is not here|pip install ziglang'; do
  IFS='|' read -r toolchain error advice <<<"$case"
  # A copy, so that the environment of the tree's own scripts is not found beside it.
  cp -R "$sluice/toolchain" "$work/toolchain"
  expect "no $toolchain" "$error" "$advice" -- --toolchain "$work/toolchain/$toolchain.cmake" "${nothing[@]}" \
    <<<'enable_language(CXX)'
  rm -rf "$work/toolchain"
done

# A clang without the WebAssembly libraries.
mkdir "$work/bin"
printf '#!/bin/sh\necho "probe.cc:1:10: fatal error: no string" >&2\nexit 1\n' >"$work/bin/clang++-22"
chmod +x "$work/bin/clang++-22"
expect "a clang without libraries" 'clang\+\+-22: .*fatal error: no string' 'libc\+\+-22-dev-wasm32' \
  -- --toolchain "$sluice/toolchain/wasi.cmake" "${nothing[@]}" -D CMAKE_PROGRAM_PATH="$work/bin" \
  <<<'enable_language(CXX)'

# One that is too old: what it is does not matter to the preprocessor of the one that is here.
clang=$(command -v clang++-22)
printf '#!/bin/sh\nexec %s -U__clang_major__ -D__clang_major__=19 "$@"\n' "$clang" >"$work/bin/clang++-22"
expect "a clang that is too old" 'clang\+\+-22: .*clang 22 is the one that filters are tested with' \
  -- --toolchain "$sluice/toolchain/wasi.cmake" "${nothing[@]}" -D CMAKE_PROGRAM_PATH="$work/bin" <<<'enable_language(CXX)'

echo "$cases mistakes tried, $failures without the right error"
((failures == 0))
