#!/usr/bin/env bash
# Whether a known weakness stands in what is pinned: in what runs, and in what only develops.
#
#   bash scripts/audit.sh PIP-AUDIT
#
# PIP-AUDIT is the program, in an environment of its own. Asks the advisory service of the package
# index (with AUDIT_SERVICE=osv the one of osv.dev) and installs nothing. Exits with 1 where there is
# a weakness, and with 2 where that could not be found out: no answer is no good news.
set -euo pipefail
audit=$1
cd "$(dirname "${BASH_SOURCE[0]}")/.."
said=$(mktemp)
trap 'rm -f "$said"' EXIT
status=0
for lock in requirements.lock requirements-pdf.lock requirements-saml.lock requirements-dev.lock; do
  echo "$lock:"
  # Strict: a package that the service does not know is not passed over in silence.
  if "$audit" --strict --progress-spinner off --require-hashes --disable-pip \
    --vulnerability-service "${AUDIT_SERVICE:-pypi}" --requirement "$lock" >"$said" 2>&1; then
    cat "$said"
  elif grep -qE '^Found [0-9]+ known vulnerabilit' "$said"; then
    cat "$said"
    status=1
  else
    tail -n 3 "$said" >&2
    echo "The advisory service cannot be asked: nobody knows whether $lock is safe." >&2
    exit 2
  fi
done
exit "$status"
