#!/usr/bin/env bash
# refused_test.sh WORK_DIR PATTERN CMAKE_OPTION…
#
# Configuring the project must fail, and the output must match PATTERN.
set -euo pipefail
work=$1 pattern=$2
shift 2
rm -rf "$work"
if output=$(cmake -S "$(dirname "$0")/project" -B "$work" -G Ninja "$@" 2>&1); then
  echo "FAILED: it was configured"
  exit 1
fi
tr -s ' \n' ' ' <<<"$output" | grep -E -e "$pattern" || { printf 'FAILED: no "%s" in\n%s\n' "$pattern" "$output"; exit 1; }
