#!/usr/bin/env bash
# Each template of `sluice init` builds and passes its own tests as written; what init refuses changes nothing.
#
#   init_test.sh PREFIX WORK ENVOY CMAKE_OPTION…
#
# PREFIX is an installation of Sluice. The projects are configured with the options, for the compiler that built it.
set -euo pipefail
prefix=$1 work=$2 envoy=$3
shift 3
options=("$@")
sluice=$prefix/bin/sluice

fail() {
  echo "$*" >&2
  exit 1
}

# Expects that a command fails with exit code 2 and a message that contains a text.
expect_refused() {
  local text=$1 output code=0
  shift
  output=$("$sluice" init "$@" 2>&1 </dev/null) || code=$?
  [[ $code == 2 && $output == *"$text"* ]] || fail "init $*: exit code $code, no '$text' in: $output"
}

rm -rf "$work"
mkdir -p "$work/a folder"
cd "$work/a folder"

# The first project as the command says, which finds its own installation; with the options from then on.
"$sluice" init hello-world </dev/null >output
grep -q 'hello-world/hello_world.cc' output
grep -q '^  sluice test$' output
cd hello-world
[[ -f .github/workflows/test.yml && $(<runtime-config.json) == *'"rootIds": ["hello_world"]'* ]]
compiler=$(printf '%s\n' "${options[@]}" | sed -n 's/^CMAKE_CXX_COMPILER=//p')
CXX=$compiler "$sluice" build >../output 2>build.log || fail "$(<build.log)"
grep -q 'build/hello_world.wasm: [0-9]* bytes, ABI 0.2.1, 4 callbacks' ../output
cmake --preset default "${options[@]}" >configure.log || fail "$(<configure.log)"
"$sluice" test --envoy "$envoy" --junit results.xml >test.log 2>&1 || fail "$(<test.log)"
grep -q 'hello_world_test.native.* Passed' test.log
for host in 'the mock host' 'the native build' Envoy; do
  grep -q "^1 scenario on $host: 1 as expected" test.log || fail "not played on $host: $(<test.log)"
done
grep -q '<testsuites tests="7" failures="0" errors="0"' results.xml || fail "$(<results.xml)"
"$sluice" test >test.log 2>&1 || fail "$(<test.log)" # Everything is built already.
! grep -q 'Building CXX' test.log || fail "built again: $(<test.log)"
cd ..

# The others in one project, so that the SDK is built once.
mkdir all
cat >all/CMakeLists.txt <<'CMAKE'
cmake_minimum_required(VERSION 3.22)
project(All CXX)
enable_testing()
foreach(template IN ITEMS auth body grpc metrics tcp)
  add_subdirectory(${template})
endforeach()
CMAKE
for template in auth body grpc metrics tcp; do
  "$sluice" init "all/$template" --template "$template" --name "my_$template" >output
done
cmake -S all -B all/build -D CMAKE_PREFIX_PATH="$prefix" -D SLUICE_ENVOY="$envoy" "${options[@]}" >configure.log || fail "$(<configure.log)"
CMAKE_BUILD_PARALLEL_LEVEL=2 cmake --build all/build >build.log || fail "$(<build.log)"
ctest --test-dir all/build --output-on-failure >test.log || fail "$(<test.log)"
grep -q 'my_grpc_scenario.envoy .* Passed' test.log

# What is refused leaves everything as it was.
expect_refused "has files in it" all
expect_refused "output: is not a folder" output
expect_refused "cannot be a filter's name" 1st
expect_refused "cannot be a filter's name" new --name "a b"
expect_refused "--template" new --template nothing
expect_refused "--platform" new --platform nothing
expect_refused "'auth' needs proxy_http_call, which Google Cloud" new --template auth --platform google-cloud
[[ ! -e new && ! -e 1st ]] || fail "a refused project left a folder"
mkdir read-only
chmod a-w read-only
if [[ $(id -u) != 0 ]]; then
  expect_refused "read-only/new: the folder cannot be created: Permission denied" read-only/new
fi
expect_refused "/dev/full" /dev/full/new # no folder at all
mkdir empty
"$sluice" init empty >output
[[ -e empty/.gitignore ]]
