#!/usr/bin/env bash
# Brings a fresh Debian 12 with Python 3.11 to where `make demo` (window) or `make test` (test) can run:
# Debian packages that are missing, the virtual environment .venv, the locked Python packages, the project itself.
# Safe to run again: with nothing to do it takes a fraction of a second.
#
#   setup/prepare.sh window|test|bench      PYTHON=/path/to/python3.11 picks an interpreter
set -euo pipefail
cd "$(dirname "$0")/.."

# Without a screen Qt needs the first line, a real window the second; libcups2 lets it see the system's printers.
WINDOW=(
  libgl1 libegl1 libxkbcommon0 libfontconfig1 libglib2.0-0 libdbus-1-3
  libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-xkb1 libcups2
)
# The tests run against real programs: a secret service, a print server with a driverless printer, a PDF reader, a screen,
# a browser with letters for Chinese.
TEST=(
  "${WINDOW[@]}" gnome-keyring dbus dbus-daemon cups cups-client cups-ipp-utils cups-filters poppler-utils xvfb
  chromium fonts-wqy-zenhei
)
BENCH=("${WINDOW[@]}" libreoffice-writer-nogui)

say() { printf '%s\n' "$*" >&2; }

die() {
  say "setup: $*"
  exit 1
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    env DEBIAN_FRONTEND=noninteractive "$@"
  elif command -v sudo >/dev/null; then
    sudo env DEBIAN_FRONTEND=noninteractive "$@"
  else
    return 1
  fi
}

# Prints those of the named Debian packages that are not installed.
missing() {
  comm -23 <(printf '%s\n' "$@" | sort -u) \
    <(dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' 2>/dev/null | sed -n 's/^ii  *//p' | sort -u)
}

# install_debian PACKAGE…: returns 1, having said what to do, where it cannot.
install_debian() {
  local wanted
  if ! command -v apt-get >/dev/null; then
    say "setup: this is no Debian; your system should offer the same as: $*"
    return 1
  fi
  mapfile -t wanted < <(missing "$@")
  [ "${#wanted[@]}" -gt 0 ] || return 0
  say "setup: installing Debian packages: ${wanted[*]}"
  # one source of many that does not answer makes the update fail, though the packages may be there
  as_root apt-get update -qq || say "setup: could not refresh all package lists"
  if ! as_root apt-get install -qq -y -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 --no-install-recommends \
    "${wanted[@]}" >/dev/null; then
    say "setup: could not install them. As root, or with sudo:  apt-get install ${wanted[*]}"
    return 1
  fi
}

pick_python() {
  local candidate
  for candidate in ${PYTHON:-python3.11 python3 python3.12 python3.13}; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  die "Python 3.11 or newer is needed (Debian: apt-get install python3)."
}

make_venv() {
  local python
  python=$(pick_python)
  # Debian ships the venv module without pip's seed; the package that brings it is named after the version
  if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    install_debian "$("$python" -c 'import sys; print("python{}.{}-venv".format(*sys.version_info))')" ||
      die "$python cannot make virtual environments."
  fi
  say "setup: making .venv with $("$python" --version)"
  rm -rf .venv
  "$python" -m venv .venv
}

install_python() {
  if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then make_venv; fi
  say "setup: installing the locked Python packages (about 350 MB the first time)"
  .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/lock.txt
  .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
}

kind=${1:-}
case "$kind" in
  # the core works without a screen, so a machine that cannot have Qt's libraries still runs the demo
  window) install_debian "${WINDOW[@]}" || say "setup: going on without; only the window needs them." ;;
  test) install_debian "${TEST[@]}" || die "the tests need these packages." ;;
  # LibreOffice is one of the others that the cards are measured against
  bench) install_debian "${BENCH[@]}" || say "setup: going on without; what needs them is left out." ;;
  *) die "usage: setup/prepare.sh window|test|bench" ;;
esac

# the folder is part of the mark: a virtual environment that was moved or copied does not work
mark=$({ pwd; cat requirements/lock.txt pyproject.toml setup/prepare.sh; } | sha256sum)
if [ ! -x .venv/bin/python ] || [ "$(cat .venv/prepared 2>/dev/null)" != "$mark" ]; then
  install_python
  printf '%s\n' "$mark" >.venv/prepared
fi
