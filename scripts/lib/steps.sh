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

# Runs scripts/setup. What it could not install it has said; what is needed of that, the next steps say.
set_up() {
  local code=0
  scripts/setup "$@" || code=$?
  if ((code == 3)); then
    note "Going on with what is here."
  elif ((code != 0)); then
    exit "$code"
  fi
}

# Fails where one of these programs is missing.
require() {
  local program
  for program in "$@"; do
    command -v "$program" >/dev/null || fail "there is no $program here, and nothing can be done without it"
  done
}
