# shellcheck shell=bash
# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Sourced by examples/run and tests/run: gets the machine and the build folder ready. Both build
# in the same folder, so both start from the same list of packages.

# What `meson setup` and `meson compile` need with the default options.
mpel_build_packages=(
  gcc
  gobject-introspection
  libc6-dev
  libgirepository1.0-dev
  libglib2.0-dev
  libglib2.0-dev-bin
  meson
  ninja-build
  pkg-config
  valac
)

mpel_say () {
  printf 'mpel: %s\n' "$*" >&2
}

# Runs a command without a word, unless it fails: then all that it said is shown.
mpel_quietly () {
  local log status=0

  log=$(mktemp) || return
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [ "$status" -ne 0 ]; then
    cat "$log" >&2
    mpel_say "failed with status $status: $*"
  fi
  rm -f "$log"
  return "$status"
}

mpel_is_installed () {
  # The name may stand for several architectures; one that is installed will do.
  dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed
}

mpel_install () {
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)

  mpel_say "installing $*"
  # One broken source need not matter; whether it does, the installation will tell.
  mpel_quietly "${apt[@]}" update || true
  mpel_quietly "${apt[@]}" install --yes --no-install-recommends "$@"
}

# mpel_prepare PACKAGE…: installs those Debian packages that are missing. Touches neither apt nor
# the network when none is. Returns 1 when some are missing and cannot be installed.
mpel_prepare () {
  local package missing=()

  if ! command -v dpkg-query >/dev/null; then
    mpel_say "no dpkg here, so what is installed is not checked; Debian's names for what is needed: $*"
    return 0
  fi

  for package; do
    mpel_is_installed "$package" || missing+=("$package")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0

  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    mpel_say "these Debian packages are missing; install them and try again:"
    mpel_say "  apt-get install --no-install-recommends ${missing[*]}"
    return 1
  fi
  mpel_install "${missing[@]}" || return 1
}

# mpel_configure FOLDER [OPTION…]: makes a build folder of the checkout in the current folder,
# unless it is one already. A caller whose build depends on packages that the other caller does
# not install runs `meson setup --reconfigure` itself.
mpel_configure () {
  [ -f "$1/build.ninja" ] && return
  mpel_say "configuring in $1"
  mpel_quietly meson setup "$@"
}
