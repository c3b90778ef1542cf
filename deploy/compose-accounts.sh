#!/bin/sh
# Runs once, in the new and empty database of compose.yaml: the two accounts of
# database-roles.sql, with the passwords that .env gives them. postgres is left for whoever runs
# the server.
set -eu
ask() { psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username=postgres --dbname=krams "$@"; }
ask --single-transaction --file="${ACCOUNTS:-/deploy/database-roles.sql}"
# From standard input, so that no list of processes shows them; :'…' is quoted by psql.
ask <<'SQL'
\getenv owner_password OWNER_PASSWORD
\getenv portal_password PORTAL_PASSWORD
ALTER ROLE krams_owner PASSWORD :'owner_password';
ALTER ROLE krams PASSWORD :'portal_password';
ALTER DATABASE krams OWNER TO krams_owner;
SQL
