#!/bin/sh
# The server knows its database's password from a variable only: it is put there here, out of the secret's file.
set -eu
POSTGRES_PWD=$(cat /run/secrets/temporal_password)
export POSTGRES_PWD
exec /etc/temporal/entrypoint.sh
