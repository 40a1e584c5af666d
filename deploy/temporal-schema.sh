#!/bin/sh
# One shot: Temporal's two databases and their schemas. Safe to repeat, also when it was cut short.
set -eu
SQL_PASSWORD=$(cat /run/secrets/temporal_password)
export SQL_PASSWORD

bring_up_to_date() {
  temporal-sql-tool --database "$1" create-database
  temporal-sql-tool --database "$1" setup-schema -v 0.0
  temporal-sql-tool --database "$1" update-schema -d "/etc/temporal/schema/postgresql/v12/$2/versioned"
}

bring_up_to_date temporal temporal
bring_up_to_date temporal_visibility visibility
