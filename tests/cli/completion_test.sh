#!/usr/bin/env bash
# What bash completes with the script that `sluice completion bash` prints; and that zsh and fish can read theirs, where
# they are installed.
set -euo pipefail
sluice=$1

source <("$sluice" completion bash)

# Expects the completions of a command line: its words, of which the last is the one to complete.
expect() {
  local expected=$1
  shift
  COMP_WORDS=("$@")
  COMP_CWORD=$(($# - 1))
  COMPREPLY=()
  _sluice
  if [[ ${COMPREPLY[*]} != "$expected" ]]; then
    echo "for '$*': '${COMPREPLY[*]}' instead of '$expected'" >&2
    exit 1
  fi
}

expect 'check' sluice che
expect 'bench' sluice be
expect '--version' sluice --ver
expect '--host' sluice test --ho
expect '--host' sluice test a.yaml --ho
expect 'mock native envoy all' sluice test --host ''
expect 'envoy' sluice test a.yaml --host e
expect '' sluice test ''
expect '' sluice test --module ''
expect 'bash' sluice completion b
expect 'envoy' sluice config ''
expect '--snippet' sluice config envoy --sn
expect 'closed open reload' sluice config envoy --fail-policy ''
expect '--json' sluice inspect m.wasm --j
expect '' sluice unknown --

for shell in zsh fish; do
  "$sluice" completion "$shell" | grep 'mock native envoy all' >/dev/null
  if command -v "$shell" >/dev/null; then "$shell" -n <("$sluice" completion "$shell"); fi
done
