#!/bin/bash
# Once, when the cluster is new: each service its own database and a role that owns that one and can enter no other.
set -euo pipefail
for service in workers jobs access; do
  psql --quiet --set=ON_ERROR_STOP=1 --username=postgres --dbname=postgres \
    --set=service="$service" --set=password="$(cat "/run/secrets/${service}_database_password")" <<'SQL'
CREATE ROLE :"service" LOGIN PASSWORD :'password';
CREATE DATABASE :"service" OWNER :"service";
REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
SQL
done
