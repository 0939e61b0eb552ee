# Sourced by the scripts beside it: what they say, and what they share.

# A step of work, with the seconds since the script started.
step() { printf '\n== [%4ds] %s\n' "$SECONDS" "$*"; }
note() { printf '   %s\n' "$*"; }
fail() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# The newest program `$1-<version>`, or `$1` itself.
newest() {
  local version
  for version in {30..14}; do
    command -v "$1-$version" && return
  done
  command -v "$1" || fail "there is no $1 here: run scripts/setup"
}
