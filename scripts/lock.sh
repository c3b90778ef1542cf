#!/usr/bin/env bash
# Pin every package with its hashes after a change of the dependencies in pyproject.toml.
# Needs uv (`pip install uv`). With --upgrade, moves all pins to the newest allowed versions.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Universal: the same pins on every platform and Python from 3.11 on. No index address is written.
compile() {
  local out=$1 about=$2
  shift 2
  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
    --output-file "$out" "$@" pyproject.toml
  printf '%s\n' "# $about Made by scripts/lock.sh." "$(cat "$out")" >"$out"
}

compile requirements.lock "What the portal runs on." "$@"
# The same versions of what all name.
compile requirements-pdf.lock "The same, and what writes PDF; needs Pango." \
  --extra pdf --constraints requirements.lock "$@"
compile requirements-saml.lock "The same, and what log-in with SAML needs." \
  --extra saml --constraints requirements.lock "$@"
compile requirements-dev.lock "The same, and what tests and checks it." \
  --all-extras --constraints requirements.lock "$@"
