#!/usr/bin/env bash
# root_test.sh WHEEL SUITE FOLDER
#
# Installs the Python package in a minimal Debian of the release SUITE, which FOLDER keeps for the next run, and makes,
# builds and tests a filter there: as an ordinary user, without a compiler, without other packages of Debian's, and with
# no network but PyPI's, which is away once pip has ended. Needs root and debootstrap; without them it is skipped (77).
set -euo pipefail
wheel=$1 suite=$2 folder=$3
root=$folder/$suite

skip() {
  echo "skipped: $*" >&2
  exit 77
}
[[ $(id -u) == 0 ]] || skip "only root may make a root file system"
command -v debootstrap >/dev/null || skip "there is no debootstrap here"

if [[ ! -e $root/.complete ]]; then
  rm -rf "$root"
  mkdir -p "$root"
  debootstrap --variant=minbase --include=python3,python3-venv,python3-pip "$suite" "$root" \
    >"$folder/$suite.log" || { tail "$folder/$suite.log" >&2; skip "$suite cannot be had here"; }
  chroot "$root" useradd --create-home author
  touch "$root/.complete"
fi
cp /etc/resolv.conf /etc/hosts "$root/etc/"
mkdir -p "$root/etc/ssl/certs"
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"

# Everything of an earlier run goes but pip's downloads.
home=$root/home/author
find "$home" -mindepth 1 -maxdepth 1 ! -name .cache -exec rm -rf {} +
rm -rf "$home/.cache/zig"
cp "$wheel" "$home/"
cp "$(dirname "$0")/author.sh" "$home/"
chroot "$root" chown -R author: /home/author

# Runs author.sh STEP there. Mounts and processes end with it. The steps in "offline" have no network.
as_author() {
  local network=()
  [[ $1 == install ]] || network=(--net)
  # shellcheck disable=SC2016 # for the inner shell
  unshare --mount --pid --fork --kill-child "${network[@]}" bash -euc '
    root=$1 step=$2
    [[ $step == install ]] || ip link set lo up
    mount --make-rprivate /
    mount -t proc proc "$root/proc"
    mount --bind /dev "$root/dev"
    exec chroot --userspec=author:author "$root" \
      env -i HOME=/home/author PATH=/usr/bin:/bin LANG=C.UTF-8 bash -eu /home/author/author.sh "$step"' - "$root" "$1"
}

for step in install use; do
  echo "== [$SECONDS s] $suite: $step"
  as_author "$step"
done
echo "== [$SECONDS s] $suite: done"
