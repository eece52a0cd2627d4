#!/usr/bin/env bash
# Compares `gutskin profile` with scikit-bio and biom-format. Needs python3 and a package index; sets up its own
# environment under target/. Exits non-zero on a mismatch.
# usage: crosscheck/profiles.sh [GUTSKIN_BINARY]
set -euo pipefail
cd "$(dirname "$0")/.."
binary=${1:-target/debug/gutskin}
venv=target/crosscheck-venv
if [ ! -x "$venv/bin/python" ]; then
  python3 -m venv "$venv"
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check scikit-bio==0.7.4 biom-format==2.1.18 h5py==3.16.0
[ -x "$binary" ] || cargo build -p gutskin-cli
"$venv/bin/python" crosscheck/profiles.py "$binary"
