-- Runs once, by psql, when the volume is new: an owner for each database, none of them a superuser.
\set docfly_password `cat /run/secrets/docfly_password`
\set temporal_password `cat /run/secrets/temporal_password`

create role docfly login password :'docfly_password';
create database docfly owner docfly;
revoke connect, temporary on database docfly from public;

-- Makes its two databases itself: deploy/temporal-schema.sh.
create role temporal login createdb password :'temporal_password';
