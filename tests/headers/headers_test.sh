#!/usr/bin/env bash
# headers_test.sh INCLUDE_DIR WORK_DIR COMPILER [OPTION…]
set -euo pipefail
include=$1 work=$2
shift 2
options=(-std=c++20 -fno-exceptions -fno-rtti -fPIC -Wall -Wextra -Wconversion -Werror "-I$include")

mkdir -p "$work"
cd "$include"
mapfile -t headers < <(find . -name '*.h' | sed 's,^\./,,' | sort)
((${#headers[@]} > 0)) || { echo "there are no headers in $include"; exit 1; }

failed=0
: >"$work/all.cc"
for header in "${headers[@]}"; do
  printf '#include "%s"\n#include "%s"\n' "$header" "$header" >"$work/alone.cc"
  printf '#include "%s"\n' "$header" >>"$work/all.cc"
  if ! "$@" "${options[@]}" -fsyntax-only "$work/alone.cc"; then
    echo "FAILED: $header does not compile alone"
    failed=1
  fi
done

# Two translation units of one program: the linker reports anything defined twice.
echo 'int first;' | cat "$work/all.cc" - >"$work/first.cc"
echo 'int second;' | cat "$work/all.cc" - >"$work/second.cc"
"$@" "${options[@]}" -r -nostdlib -o "$work/both.o" "$work/first.cc" "$work/second.cc" || {
  echo "FAILED: two translation units with all headers do not link"
  failed=1
}
exit $failed
