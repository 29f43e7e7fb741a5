#!/bin/sh
# The measure: this driver and others on the same rows, side by side in one run. See README.md.
#     run.sh BUILD [quick]        ROUNDS=n, ROWS=n and ONLY="A B calls" change what is run
set -eu
LC_ALL=C.UTF-8
export LC_ALL
HERE=$(cd "$(dirname "$0")" && pwd)
BUILD=$(cd "$1" && pwd)
QUICK=${2:-}
DIR=$BUILD/bench
ROUNDS=${ROUNDS:-3}
ROWS=${ROWS:-$([ -n "$QUICK" ] && echo 300000 || echo 1000000)}
ONLY=${ONLY:-A B C D E L P calls}
FIGURES=$DIR/figures.tsv
mkdir -p "$DIR"
. "$HERE/servers.sh"
trap stop_servers EXIT
trap 'exit 1' INT TERM

# cell SHAPE PATH CONTENDER COMMAND...: one run, one line of figures.
cell() {
    if line=$(shift 3; "$@" 2>"$DIR/error"); then
        printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$line" >>"$FIGURES"
        printf '%s | %s | %s | %s\n' "$1" "$2" "$3" "$line" >&2
    else
        printf '%s\t%s\t%s\tfailed=1\n' "$1" "$2" "$3" >>"$FIGURES"
        printf '%s | %s | %s | failed: %s\n' "$1" "$2" "$3" "$(tail -n 1 "$DIR/error")" >&2
    fi
}

# fetch SHAPE PATH CONTENDER, where PATH is "MODE ARRAY TYPES" and the shape's table is known to every contender.
fetch() {
    connection=$(connection_of "$3")
    query=$(query_of "$1" "$3")
    [ -z "$connection" ] || cell "$1" "$2" "$3" "$BUILD/bench/fetch" "$connection" "$query" $2
}

limit_of() {
    case $1 in
    B) echo $((ROWS * 5)) ;;
    L) echo $((ROWS * 10)) ;;
    C | P) echo $((ROWS / 10)) ;;
    D) echo $((ROWS / 5)) ;;
    *) echo "$ROWS" ;;
    esac
}

table_of() {
    case $1 in
    B) echo Narrow ;;
    C) echo Wide ;;
    D) echo Text ;;
    *) echo Rows ;;
    esac
}

query_of() {
    table=$(table_of "$1")
    case $2 in
    psqlODBC* | MariaDB*) echo "SELECT * FROM bench_$(echo "$table" | tr '[:upper:]' '[:lower:]')" ;;
    *) echo "SELECT * FROM [Bench].[Bench].[$table] LIMIT $(limit_of "$1")" ;;
    esac
}

connection_of() {
    case $1 in
    'this driver') echo "DRIVER={Connect AI};URL=http://127.0.0.1:$SERVICE_PORT/api;$ACCOUNT;Compression=0" ;;
    'this driver, gzip') echo "DRIVER={Connect AI};URL=http://127.0.0.1:$SERVICE_PORT/api;$ACCOUNT;Compression=1" ;;
    'this driver, TLS') echo "DRIVER={Connect AI};URL=https://127.0.0.1:$TLS_PORT/api;$ACCOUNT;Compression=0;TrustStore=$DIR/cert.pem" ;;
    'this driver, TLS and gzip') echo "DRIVER={Connect AI};URL=https://127.0.0.1:$TLS_PORT/api;$ACCOUNT;Compression=1;TrustStore=$DIR/cert.pem" ;;
    psqlODBC*)
        [ -n "$PG_PORT" ] || return 0
        case $1 in *cursor*) more='UseDeclareFetch=1;Fetch=1000' ;; *) more='UseDeclareFetch=0' ;; esac
        echo "DRIVER={PostgreSQL Unicode};SERVER=127.0.0.1;PORT=$PG_PORT;DATABASE=bench;UID=bench;SSLmode=disable;BoolsAsChar=0;$more"
        ;;
    MariaDB*)
        [ -n "$MARIADB_PORT" ] || return 0
        echo "DRIVER={MariaDB Unicode};SERVER=127.0.0.1;PORT=$MARIADB_PORT;DATABASE=bench;UID=bench;PWD=bench;CHARSET=utf8mb4"
        ;;
    esac
}

# write_odbc DIRECTORY Yes|No: whether the driver manager keeps connections is said here, not by the application.
write_odbc() {
    mkdir -p "$1"
    {
        printf '[ODBC]\nPooling=%s\n' "$2"
        printf '[Connect AI]\nDriver=%s\nThreading=0\nCPTimeout=60\n' "$BUILD/libconnectaiodbc.so"
        [ -z "$PG_PORT" ] || printf '[PostgreSQL Unicode]\nDriver=%s\nThreading=0\nCPTimeout=60\n' "$PG_DRIVER"
        [ -z "$MARIADB_PORT" ] || printf '[MariaDB Unicode]\nDriver=%s\nThreading=0\nCPTimeout=60\n' "$MARIADB_DRIVER"
    } >"$1/odbcinst.ini"
    : >"$1/odbc.ini"
}

# The driver manager reads its drivers from here, so nothing of the machine is changed and nothing of it counts.
choose_odbc() {
    write_odbc "$DIR/odbc-cold" No
    write_odbc "$DIR/odbc-pooled" Yes
    export ODBCSYSINI="$DIR/odbc-cold" ODBCINSTINI=odbcinst.ini ODBCINI="$DIR/odbc-cold/odbc.ini"
}

make_venv() {
    PYTHON=$DIR/venv/bin/python3
    [ -x "$PYTHON" ] || python3 -m venv "$DIR/venv"
    for package in cdata-connect-ai pyodbc arrow-odbc pyarrow turbodbc; do
        [ -e "$DIR/venv/$package.tried" ] ||
            timeout 300 "$PYTHON" -m pip install -q "$package" >"$DIR/venv/$package.tried" 2>&1 || :
    done
}

# python SHAPE NAME CONTENDER: NAME is the client.
python() {
    "$PYTHON" -c "import $(echo "$2" | sed 's/arrow/arrow_odbc/')" 2>/dev/null || return 0
    connection=$(connection_of "$3")
    [ -z "$connection" ] || cell "$1" "$2" "$3" "$PYTHON" "$HERE/client.py" "$2" "$connection" "$(query_of "$1" "$3")"
}

floor() {
    shape=$1 contender=$2 url=$3
    shift 3
    cell "$shape" floor "$contender" python3 "$HERE/client.py" curl "$url" "$(query_of "$shape" "this driver")" "$@"
}

# paths SHAPE "CONTENDER/CONTENDER" PATH...
paths() {
    shape=$1 contenders=$2
    shift 2
    for path in "$@"; do
        old=$IFS
        IFS=/
        for contender in $contenders; do
            IFS=$old
            fetch "$shape" "$path" "$contender"
        done
        IFS=$old
    done
}

# The rows alone: the reply is in memory before the first of them is fetched.
parsing() {
    cell "$1" parsing 'this driver' "$BUILD/bench/fetch" \
        "$(connection_of 'this driver');ResultMode=spool;SpoolMemoryBytes=1073741824" "$(query_of "$1" 'this driver')" column 1000 typed
}

ALL='this driver/psqlODBC/MariaDB'
MORE='psqlODBC, cursor'

shape_A() {
    floor A curl "$PLAIN"
    parsing A
    paths A "$ALL" 'column 1 typed' 'column 100 typed' 'column 1000 typed' 'column 10000 typed' 'column 1000 char' \
        'column 1000 wchar' 'column 1 char' 'row 1000 typed' 'row 1000 char' 'getdata 1 typed' 'getdata 1 char' 'getdata 1 wchar'
    paths A "$MORE" 'column 1000 typed' 'column 1000 char' 'getdata 1 char'
    for client in pyodbc arrow turbodbc; do
        for contender in 'this driver' psqlODBC MariaDB; do
            python A "$client" "$contender"
        done
    done
}

# The vendor's Python library takes minutes for a million rows.
shape_P() {
    paths P 'this driver' 'column 1000 typed'
    python P pyodbc 'this driver'
    cell P pyodbc 'Python SDK' "$PYTHON" "$HERE/client.py" sdk "$PLAIN" "$(query_of P 'this driver')"
}

shape_B() {
    floor B curl "$PLAIN"
    paths B "$ALL" 'column 1000 typed' 'column 1000 char' 'getdata 1 char'
}

shape_C() {
    floor C curl "$PLAIN"
    paths C "$ALL" 'column 1000 typed' 'column 1000 char' 'getdata 1 char'
}

shape_D() {
    floor D curl "$PLAIN"
    paths D "$ALL" 'column 100 char' 'column 100 wchar' 'getdata 1 char'
}

# Ten times A, for the memory that it takes.
shape_L() {
    paths L 'this driver' 'column 1000 typed' 'getdata 1 char'
}

shape_E() {
    floor E curl "$PLAIN"
    floor E 'curl, gzip' "$PLAIN" --compressed
    floor E 'curl, TLS' "https://127.0.0.1:$TLS_PORT/api" --cacert "$DIR/cert.pem"
    floor E 'curl, TLS and gzip' "https://127.0.0.1:$TLS_PORT/api" --cacert "$DIR/cert.pem" --compressed
    paths E 'this driver/this driver, gzip/this driver, TLS/this driver, TLS and gzip' 'column 1000 typed' 'getdata 1 char'
}

quick() {
    floor A curl "$PLAIN"
    parsing A
    paths A 'this driver' 'column 1 typed'
    paths A "$ALL" 'column 1000 typed' 'column 1000 char' 'column 1000 wchar' 'getdata 1 char'
}

COLUMNS='Id, Name, Amount, Quantity, Ratio, Active, Created, Day'

count_requests() {
    curl -s "$CONTROL/stats" | sed 's/.*"requests":\([0-9]*\).*/\1/'
}

# The requests that the service saw are in the line too.
counted() {
    before=$(count_requests)
    line=$("$@") || return 1
    echo "$line requests=$(($(count_requests) - before))"
}

# insert CONTENDER TABLE ARRAY
insert() {
    connection=$(connection_of "$1")
    [ -n "$connection" ] || return 0
    "$BUILD/bench/calls" "$connection" execute "DELETE FROM $2" 2>/dev/null || :
    cell calls "insert, arrays of $3" "$1" counted "$BUILD/bench/calls" "$connection" insert \
        "INSERT INTO $2 ($COLUMNS) VALUES (?, ?, ?, ?, ?, ?, ?, ?)" $((ROWS / 10)) "$3"
}

shape_calls() {
    for array in 1000 10000; do
        insert 'this driver' '[SQLite1].[main].[bench_insert]' $array
        insert psqlODBC bench_insert $array
        insert MariaDB bench_insert $array
    done
    for way in cold pooled; do
        for contender in 'this driver' 'this driver, TLS' psqlODBC MariaDB; do
            connection=$(connection_of "$contender")
            [ -z "$connection" ] || cell calls "connect, $way" "$contender" \
                counted env ODBCSYSINI="$DIR/odbc-$way" "$BUILD/bench/calls" "$connection" connect 'SELECT 1' 200 $way
        done
    done
    many="DRIVER={Connect AI};URL=http://127.0.0.1:$MANY_PORT/api;$ACCOUNT"
    cell calls 'SQLTables of 5000 tables' 'this driver' "$BUILD/bench/calls" "$many" tables
    cell calls 'SQLColumns of 5000 tables' 'this driver' "$BUILD/bench/calls" "$many" columns
}

# The same values everywhere: the checksum of the typed path, once.
verify() {
    for contender in 'this driver' psqlODBC MariaDB; do
        connection=$(connection_of "$contender")
        [ -z "$connection" ] || cell A values "$contender" "$BUILD/bench/fetch" "$connection" \
            "$(query_of A "$contender")" column 1000 typed check
    done
}

start_all() {
    PG_PORT='' MARIADB_PORT='' ACCOUNT='UID=demo@example.com;PWD=demo-token'
    [ -n "$QUICK" ] || install_databases
    start_service plain --prerender
    SERVICE_PORT=$PORT PLAIN=http://127.0.0.1:$PORT/api CONTROL=http://127.0.0.1:$PORT/control
    if have_postgresql; then start_postgresql || PG_PORT=''; fi
    if have_mariadb; then start_mariadb || MARIADB_PORT=''; fi
    choose_odbc
    [ -n "$QUICK" ] || start_more
    servers="${PG_PORT:+postgresql }${MARIADB_PORT:+mariadb}"
    for shape in $(echo "${QUICK:+A}" | grep . || echo "$ONLY" | tr -d ELP | sed 's/calls//'); do
        table=bench_$(table_of "$shape" | tr '[:upper:]' '[:lower:]')
        load "$servers" "$table" "$(query_of "$shape" 'this driver')"
    done
}

# What only the full run needs: TLS, many tables, Python, tables to insert into.
start_more() {
    certificate
    start_service tls --prerender --tls "$DIR/cert.pem" "$DIR/key.pem"
    TLS_PORT=$PORT
    start_service many --tables 5000
    MANY_PORT=$PORT
    make_venv
    types='Id BIGINT, Name VARCHAR(60), Amount DECIMAL(18,4), Quantity INTEGER, Ratio DOUBLE PRECISION, Active %s, Created %s, Day DATE'
    "$BUILD/bench/calls" "$(connection_of 'this driver')" execute \
        "CREATE TABLE [SQLite1].[main].[bench_insert] ($(printf "$types" BOOLEAN TIMESTAMP | sed 's/ PRECISION//'))"
    [ -z "$PG_PORT" ] ||
        psql_bench -d bench -c "CREATE TABLE IF NOT EXISTS bench_insert ($(printf "$types" BOOLEAN 'TIMESTAMP(6)'))" 2>/dev/null
    [ -z "$MARIADB_PORT" ] ||
        mariadb_bench bench -e "CREATE TABLE IF NOT EXISTS bench_insert ($(printf "$types" 'BIT(1)' 'DATETIME(6)'))"
}

# The first request for a query makes the file behind it: that is not to be measured.
warm() {
    for shape in $1; do
        for url in "$PLAIN" ${TLS_PORT:+"https://127.0.0.1:$TLS_PORT/api"}; do
            for encoding in identity gzip; do
                [ "$shape$encoding" = "${shape}identity" ] || [ "$shape" = E ] || continue
                case $shape$url in [BCDLP]https*) continue ;; esac
                curl -sS -k -o /dev/null -u demo@example.com:demo-token -H "Accept-Encoding: $encoding" \
                    -H 'Content-Type: application/json' -d "{\"query\": \"$(query_of "$shape" 'this driver')\"}" "$url/query"
            done
        done
    done
}

TLS_PORT='' MANY_PORT='' PYTHON=python3
: >"$FIGURES"
start_all
if [ -n "$QUICK" ]; then shapes=A; else shapes=$ONLY; fi
warm "$(echo "$shapes" | sed 's/calls//')"
case $shapes in *A*) verify ;; esac
round=0
while [ $round -lt "$ROUNDS" ]; do
    round=$((round + 1))
    if [ -n "$QUICK" ]; then
        quick
    else
        for shape in $shapes; do shape_"$shape"; done
    fi
done
if [ -n "$QUICK" ]; then COUNT_ONLY='Rows 20000 0 column 1000 typed'; else COUNT_ONLY=; fi
export COUNT_ONLY
sh "$HERE/instructions.sh" "$BUILD" >"$DIR/instructions" 2>&1 || echo 'bench: see the instructions below' >&2
sh "$HERE/machine.sh" >"$DIR/results.md"
awk -f "$HERE/report.awk" -v rows="$ROWS" -v instructions="$DIR/instructions" "$FIGURES" >>"$DIR/results.md"
cat "$DIR/results.md"
