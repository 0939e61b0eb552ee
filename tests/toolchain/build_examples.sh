#!/usr/bin/env bash
# build_examples.sh SLUICE_SOURCE_DIR BUILD_DIR "EXAMPLE;…" CMAKE_OPTION…
#
# Builds the examples directly with a WebAssembly toolchain file, and looks at what they import.
set -euo pipefail
sluice=$1 build=$2
IFS=';' read -r -a examples <<<"$3"
shift 3
((${#examples[@]} > 0)) || { echo "there are no examples"; exit 1; }

# Zig and Emscripten are driver scripts, which a compiler cache need not know.
unset CMAKE_C_COMPILER_LAUNCHER CMAKE_CXX_COMPILER_LAUNCHER
cmake -S "$sluice" -B "$build" -G Ninja -D CMAKE_BUILD_TYPE=Release "$@"
cmake --build "$build" --parallel "${SLUICE_JOBS:-2}" --target "${examples[@]}"

for example in "${examples[@]}"; do
  module=$(find "$build/examples" "$build/tests" -name "$example.wasm")
  wasm-objdump -x "$module" >"$module.txt"
  stat -c '%s bytes: %n' "$module"
  if grep -E '<- ' "$module.txt" | grep -vE '<- env\.proxy_'; then
    echo "FAILED: a proxy has none of these imports of $module"
    exit 1
  fi
  grep -E 'memory\[0\] pages: initial=[12]( |$)' "$module.txt" || {
    echo "FAILED: $module starts with more than two pages"
    exit 1
  }
done
