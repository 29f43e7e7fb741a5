# Owns what the bench measures against: the local service and two databases, each on a port that the system gave,
# started and stopped here by process id. Sourced by run.sh, which sets HERE, BUILD and DIR (absolute), and ROWS.

STARTED=

stop_servers() {
    [ -z "$STARTED" ] || kill $STARTED 2>/dev/null || :
    # The databases write out what they hold before they go.
    [ -z "$STARTED" ] || wait $STARTED 2>/dev/null || :
    STARTED=
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# wait_for SECONDS COMMAND...
wait_for() {
    left=$(($1 * 10))
    shift
    while ! "$@" >/dev/null 2>&1; do
        left=$((left - 1))
        [ $left -gt 0 ] || return 1
        sleep 0.1
    done
}

# exec_as USER COMMAND...: servers that refuse to run as root run as the user that their package made. The process
# becomes the command, so that its id is the server's.
exec_as() {
    user=$1
    shift
    if [ "$(id -u)" = 0 ]; then
        exec setpriv --reuid="$user" --regid="$user" --init-groups "$@"
    else
        exec "$@"
    fi
}

own() {
    [ "$(id -u)" != 0 ] || chown -R "$1" "$2"
}

# start_service NAME OPTION... sets PORT.
start_service() {
    file=$DIR/service-$1.port
    log=$DIR/service-$1.log
    shift
    rm -f "$file"
    "$BUILD/connectai-local" --port-file "$file" "$@" >"$log" 2>&1 &
    STARTED="$STARTED $!"
    wait_for 20 test -s "$file" || { cat "$log"; exit 1; }
    PORT=$(cat "$file")
}

certificate() {
    [ -s "$DIR/cert.pem" ] ||
        openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 \
            -keyout "$DIR/key.pem" -out "$DIR/cert.pem" 2>/dev/null
}

find_library() {
    find /usr/lib /usr/local/lib -name "$1" 2>/dev/null | head -n 1
}

# sets PG (its programs) and PG_DRIVER, or returns 1.
have_postgresql() {
    PG=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
    PG_DRIVER=$(find_library psqlodbcw.so)
    [ -n "$PG" ] && [ -x "$PG/initdb" ] && [ -n "$PG_DRIVER" ]
}

have_mariadb() {
    MARIADB=$(PATH=$PATH:/usr/sbin command -v mariadbd)
    MARIADB_DRIVER=$(find_library libmaodbc.so)
    [ -n "$MARIADB" ] && [ -n "$MARIADB_DRIVER" ]
}

# Databases without their packages are left out of the tables, unless the packages can be had.
install_databases() {
    have_postgresql && have_mariadb && return
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        echo "bench: not root, so the databases to compare with are not installed" >&2
        return
    fi
    apt-get update -qq || :
    # In run level 1 the packages do not start servers of their own.
    RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        postgresql odbc-postgresql mariadb-server mariadb-client odbc-mariadb >"$DIR/apt.log" 2>&1 ||
        echo "bench: see $DIR/apt.log" >&2
}

psql_bench() {
    psql -X -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$PG_PORT" -U bench "$@"
}

start_postgresql() {
    PG_PORT=$(free_port)
    data=$DIR/postgresql
    if [ ! -s "$data/PG_VERSION" ]; then
        rm -rf "$data" "$DIR"/*.in-postgresql
        mkdir -p "$data"
        own postgres "$data"
        (exec_as postgres "$PG/initdb" -D "$data" -U bench -A trust -E UTF8 --locale=C.UTF-8) >"$DIR/postgresql.log"
    fi
    rm -f "$data/postmaster.pid"
    exec_as postgres "$PG/postgres" -D "$data" -p "$PG_PORT" -c listen_addresses=127.0.0.1 \
        -c unix_socket_directories= -c shared_buffers=1GB -c max_wal_size=4GB -c fsync=off -c jit=off \
        >>"$DIR/postgresql.log" 2>&1 &
    STARTED="$STARTED $!"
    wait_for 30 psql_bench -d postgres -c 'SELECT 1' || { tail "$DIR/postgresql.log"; return 1; }
    psql_bench -d postgres -c 'CREATE DATABASE bench' 2>/dev/null || :
}

mariadb_bench() {
    mariadb --no-defaults --local-infile=1 -h 127.0.0.1 -P "$MARIADB_PORT" -u bench --password=bench "$@"
}

start_mariadb() {
    MARIADB_PORT=$(free_port)
    data=$DIR/mariadb
    if [ ! -d "$data/mysql" ]; then
        rm -rf "$data" "$DIR"/*.in-mariadb
        mkdir -p "$data"
        own mysql "$data"
        mariadb-install-db --no-defaults --datadir="$data" --skip-test-db --auth-root-authentication-method=normal \
            >"$DIR/mariadb.log" 2>&1
        own mysql "$data"
    fi
    printf '%s\n' 'CREATE DATABASE IF NOT EXISTS bench CHARACTER SET utf8mb4;' \
        "CREATE USER IF NOT EXISTS bench@'127.0.0.1' IDENTIFIED BY 'bench';" \
        "GRANT ALL ON *.* TO bench@'127.0.0.1';" >"$data/start.sql"
    exec_as mysql "$MARIADB" --no-defaults --datadir="$data" --port="$MARIADB_PORT" --bind-address=127.0.0.1 \
        --socket="$data/socket" --pid-file="$data/pid" --innodb-buffer-pool-size=2G --innodb-log-file-size=1G \
        --innodb-flush-log-at-trx-commit=0 --max-allowed-packet=64M --skip-name-resolve --local-infile=1 --init-file="$data/start.sql" \
        >>"$DIR/mariadb.log" 2>&1 &
    STARTED="$STARTED $!"
    wait_for 60 mariadb_bench -e 'SELECT 1' || { tail "$DIR/mariadb.log"; return 1; }
}

# load SERVERS TABLE QUERY: once for each number of rows; what is loaded stays under build/bench.
load() {
    missing=
    for server in $1; do
        [ -e "$DIR/$2.$ROWS.in-$server" ] || missing="$missing $server"
    done
    [ -n "$missing" ] || return 0
    echo "loading $2 into$missing" >&2
    python3 "$HERE/rows.py" "$(echo $missing | tr ' ' ,)" "$2" "http://127.0.0.1:$SERVICE_PORT/api" "$3" "$DIR/$2.rows"
    for server in $missing; do
        case $server in
        postgresql) psql_bench -d bench -f "$DIR/$2.rows.postgresql.sql" && psql_bench -d bench -c "VACUUM ANALYZE $2" ;;
        mariadb) mariadb_bench bench <"$DIR/$2.rows.mariadb.sql" ;;
        esac >&2
        rm -f "$DIR/$2".*.in-"$server"
        touch "$DIR/$2.$ROWS.in-$server"
    done
    rm -f "$DIR/$2.rows"
}
