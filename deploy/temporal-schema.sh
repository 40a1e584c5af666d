#!/bin/sh
# One shot: Temporal's two databases and their schemas. Safe to repeat.
set -eu
for database in temporal temporal_visibility; do
  versioned=$([ "$database" = temporal ] && echo temporal || echo visibility)
  temporal-sql-tool --database "$database" create-database || true # it exists
  temporal-sql-tool --database "$database" setup-schema -v 0.0 || true # it is set up
  temporal-sql-tool --database "$database" update-schema \
    --schema-dir "/etc/temporal/schema/postgresql/v12/$versioned/versioned"
done
