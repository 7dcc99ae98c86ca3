# A private PostgreSQL cluster in .odoo/pg, unless PGHOST names one that you have.

PG=$HOUSE/pg

pg_bin() { compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n 1; }

# PostgreSQL refuses to run as root: then it runs as the user postgres that its package made. It keeps root's
# right to pass through folders, because a checkout may lie below /root.
as_postgres() {
    if ((EUID == 0)); then
        local caps=()
        if setpriv --reuid=postgres --regid=postgres --clear-groups --inh-caps=+dac_override --ambient-caps=+dac_override true 2>/dev/null; then
            caps=(--inh-caps=+dac_override --ambient-caps=+dac_override)
        fi
        setpriv --reuid=postgres --regid=postgres --clear-groups "${caps[@]}" env -u PGHOST -u PGUSER HOME="$PG" "$@"
    else
        env -u PGHOST -u PGUSER "$@"
    fi
}

# The name of a socket may have 107 characters: a checkout in a deep folder gets its socket under /tmp.
pg_socket() {
    local folder=$PG/socket
    if ((${#folder} > 85)); then folder=/tmp/ops_handbook-$EUID-$(hash_of_words "$HOUSE"); fi
    echo "$folder"
}

private_postgres_environment() {
    PGHOST=$(pg_socket); PGUSER=odoo; PGDATABASE=postgres
    export PGHOST PGUSER PGDATABASE
    unset PGPORT PGPASSWORD PGSERVICE PGSSLMODE 2>/dev/null || true
}

# init_cluster FOLDER: an empty cluster.
init_cluster() {
    mkdir -p "$1"
    ((EUID != 0)) || chown postgres:postgres "$1"
    # C.UTF-8: pg_trgm finds nothing in Chinese text under the plain C locale.
    as_postgres "$(pg_bin)/initdb" -D "$1/data" -U odoo --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-instructions >/dev/null || return 1
    as_postgres tee -a "$1/data/postgresql.conf" >/dev/null <<CONF

# ---- ops_handbook ----
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 300
shared_buffers = 512MB
work_mem = 16MB
maintenance_work_mem = 128MB
max_wal_size = 4GB
checkpoint_timeout = 15min
random_page_cost = 1.1
jit = off
log_min_messages = warning
timezone = 'UTC'
CONF
}

make_cluster() {
    need_disk 1000
    if [[ -f $PG/data/PG_VERSION ]]; then as_postgres "$(pg_bin)/pg_ctl" -D "$PG/data" -m immediate stop >/dev/null 2>&1 || true; fi
    rm -rf "$PG"
    init_cluster "$PG"
}

# A second cluster whose clock is SECONDS ahead (or, negative, behind), with a copy of one database: for tests in which
# SQL's now() must agree with a faked clock of Odoo. Prints the folder of its socket.
frozen_start() {
    local database=$1 seconds=$2 folder=$HOUSE/frozen/$1 socket library
    socket=/tmp/ops_handbook-$EUID-$(hash_of_words "$folder")
    library=$(compgen -G '/usr/lib/*/faketime/libfaketime.so.1' | head -n 1)
    frozen_stop "$database"
    mkdir -p "$HOUSE/frozen" "$socket"; chmod 700 "$socket"
    ((EUID != 0)) || chown postgres:postgres "$socket"
    init_cluster "$folder" || return 1
    as_postgres env LD_PRELOAD="$library" FAKETIME="$(printf '%+d' "$seconds")" DONT_FAKE_MONOTONIC=1 NO_FAKE_STAT=1 TZ=UTC \
        "$(pg_bin)/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 60 start \
        -o "-k '$socket' -c fsync=off -c shared_buffers=128MB -c max_connections=100" >/dev/null || { as_postgres tail -n 15 "$folder/log" >&2; return 1; }
    createdb -h "$socket" -T template0 "$database"
    pg_dump -Fc -Z0 "$database" | pg_restore -h "$socket" -d "$database" --no-owner
    echo "$socket"
}

frozen_stop() {
    local folder=$HOUSE/frozen/$1
    if [[ -d $folder ]]; then as_postgres "$(pg_bin)/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$folder"; fi
    rm -rf "/tmp/ops_handbook-$EUID-$(hash_of_words "$folder")"
}

start_cluster() {
    local bin folder; bin=$(pg_bin); folder=$(pg_socket)
    if "$bin/pg_isready" -q -h "$folder"; then return 0; fi
    (
        flock 8
        if "$bin/pg_isready" -q -h "$folder"; then exit 0; fi
        mkdir -p "$folder"; chmod 700 "$folder"
        ((EUID != 0)) || chown postgres:postgres "$folder"
        [[ -O $folder || $EUID == 0 ]] || die "the folder $folder belongs to somebody else: remove it and run the command again."
        # Close the lock for the server, which would hold it for ever.
        if ! as_postgres "$bin/pg_ctl" -D "$PG/data" -l "$PG/log" -o "-k '$folder'" -w -t 60 start 8>&- 9>&- >/dev/null; then
            as_postgres tail -n 15 "$PG/log" >&2 || true
            if grep -q 'No space left' "$PG/log"; then die "the disk is full: free some space and run the command again."; fi
            die "PostgreSQL did not start; its log is $PG/log. When the data is not needed, remove $PG and run the command again."
        fi
    ) 8>"$HOUSE/postgres.lock"
}

database_exists() { [[ $(psql -XAtqc "SELECT 1 FROM pg_database WHERE datname = '$1'" postgres) == 1 ]]; }
