#!/usr/bin/env bash
# project_test.sh PYTHON PAGE WORK_DIR "EXPECTED_TEST…" CMAKE_OPTION…
#
# Builds and tests the project whose files a page gives, as a reader would.
set -euo pipefail
python=$1 page=$2 work=$3 expected=$4
shift 4
rm -rf "$work"
"$python" "$(dirname "$0")/pages.py" project "$page" "$work/project"
exec "$(dirname "$0")/../consumer/consumer_test.sh" "$work/project" "$work/build" "$expected" "$@"
