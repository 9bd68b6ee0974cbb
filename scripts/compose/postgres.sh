#!/bin/sh
# The interface of the official image of PostgreSQL, as far as compose.yaml uses it: POSTGRES_USER, _PASSWORD and _DB,
# data in /var/lib/postgresql/data, and during the first initialization a server without network.
set -eu
rm -rf /etc/postgresql/* # a cluster that Debian's package made; its clients would ask for that one
bin=$(echo /usr/lib/postgresql/*/bin)
data=/var/lib/postgresql/data
as_postgres() { setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; }
mkdir -p "$data" /var/run/postgresql
chown postgres "$data" /var/run/postgresql
if [ ! -s "$data/PG_VERSION" ]; then
    as_postgres "$bin/initdb" -D "$data" -U "$POSTGRES_USER" --auth=trust --encoding=UTF8 --locale=C.UTF-8 >/dev/null
    echo "host all all all scram-sha-256" >>"$data/pg_hba.conf"
    as_postgres "$bin/pg_ctl" -D "$data" -w -o "-c listen_addresses=''" start >/dev/null
    as_postgres "$bin/psql" -q -U "$POSTGRES_USER" -d postgres \
        -c "ALTER USER \"$POSTGRES_USER\" PASSWORD '$POSTGRES_PASSWORD'" -c "CREATE DATABASE \"$POSTGRES_DB\""
    as_postgres "$bin/pg_ctl" -D "$data" -w -m fast stop >/dev/null
fi
if [ "${1:-}" = postgres ]; then shift; fi
exec setpriv --reuid=postgres --regid=postgres --clear-groups "$bin/postgres" -D "$data" -c "listen_addresses=*" "$@"
