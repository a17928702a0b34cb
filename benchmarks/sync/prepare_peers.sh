#!/usr/bin/env bash
# Puts the peers of the sync benchmarks into build/peers: Anki's sync server and PouchDB with express-pouchdb.
# They are measured against, never shipped.  What cannot be installed is said, and the benchmark goes on without it.
set -euo pipefail
cd "$(dirname "$0")/../.."
room=build/peers
here=benchmarks/sync
mkdir -p "$room"

# unchanged NAME FILE…: whether this was installed from these very files before
unchanged() { [ "$(cat "$room/$1.prepared" 2>/dev/null)" = "$(cat "${@:2}" | sha256sum)" ]; }
done_with() { cat "${@:2}" | sha256sum >"$room/$1.prepared"; }

anki() {
  rm -rf "$room/anki"
  .venv/bin/python -m venv "$room/anki" &&
    "$room/anki/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r "$here/requirements-peers.txt"
}

pouch() {
  cp "$here/package.json" "$here/package-lock.json" "$room/" &&
    (cd "$room" && npm ci --silent --no-audit --no-fund --ignore-scripts)
}

if ! unchanged anki "$here/requirements-peers.txt"; then
  echo "bench-sync: installing Anki's library and sync server into $room" >&2
  if anki; then done_with anki "$here/requirements-peers.txt"; else
    rm -rf "$room/anki"
    echo "bench-sync: Anki could not be installed; it is left out" >&2
  fi
fi
if ! unchanged pouch "$here/package-lock.json"; then
  if ! command -v npm >/dev/null; then
    echo "bench-sync: there is no npm (Debian: apt-get install nodejs npm); PouchDB is left out" >&2
  else
    echo "bench-sync: installing PouchDB and express-pouchdb into $room" >&2
    if pouch; then done_with pouch "$here/package-lock.json"; else
      rm -rf "$room/node_modules"
      echo "bench-sync: PouchDB could not be installed; it is left out" >&2
    fi
  fi
fi
