# Sourced by the scripts beside it: what they say, and what they share.

# A step of work, with the seconds since the script started.
step() { printf '\n== [%4ds] %s\n' "$SECONDS" "$*"; }
note() { printf '   %s\n' "$*"; }
fail() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# Has CMake compile with ccache if this machine has it: the tests build the same sources in several build directories. The
# cache is in .cache/ccache, so that nobody else's settings change. Absolute paths stay as they are: what __FILE__ gives in a
# module must not depend on the cache.
use_ccache() {
  command -v ccache >/dev/null || return 0
  export CMAKE_C_COMPILER_LAUNCHER=${CMAKE_C_COMPILER_LAUNCHER-ccache}
  export CMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER-ccache}
  export CCACHE_DIR=${CCACHE_DIR:-$PWD/.cache/ccache} CCACHE_MAXSIZE=${CCACHE_MAXSIZE:-5G} CCACHE_NOHASHDIR=1
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
