#!/usr/bin/env bash
# install_test.sh BUILD_DIR PREFIX
#
# Installs a build into a new prefix: what an earlier version has installed there would hide what is missing now.
set -euo pipefail
build=$1 prefix=$2
rm -rf "$prefix"
cmake --install "$build" --prefix "$prefix"
