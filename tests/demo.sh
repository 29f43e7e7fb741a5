#!/bin/sh
# demo.sh BUILD: starts the local service, sets up a data source for it in BUILD/demo, and shows its data in isql.
# Touches nothing outside BUILD/demo, and ends the service again. `make demo` calls it.
set -eu

build=$(cd "${1:?usage: demo.sh BUILD}" && pwd)
directory=$build/demo
source="Connect AI Demo"
user=demo@example.com
token=demo-token
mkdir -p "$directory"

service=
# The output of make demo may go to a pager that ends early.
trap 'if [ -n "$service" ]; then kill "$service" 2>/dev/null || :; wait "$service" 2>/dev/null || :; fi' EXIT
trap 'exit 1' HUP INT TERM PIPE

# ---- the service ----

rm -f "$directory/port"
"$build/connectai-local" --port-file "$directory/port" --user "$user" --token "$token" \
    >"$directory/service.output" 2>&1 &
service=$!
waited=0
while [ ! -s "$directory/port" ]; do
    if ! kill -0 "$service" 2>/dev/null || [ "$waited" -ge 200 ]; then
        echo "$0: the local service did not start:" >&2
        cat "$directory/service.output" >&2
        exit 1
    fi
    sleep 0.05
    waited=$((waited + 1))
done
port=$(cat "$directory/port")

# ---- the data source ----

cat >"$directory/odbcinst.ini" <<INI
[Connect AI]
Description = ODBC driver for CData Connect AI
Driver = $build/libconnectaiodbc.so
Setup = $build/libconnectaiodbcS.so
INI
# odbc.ini holds a token: it is made for its owner alone.
rm -f "$directory/odbc.ini"
(
    umask 077
    cat >"$directory/odbc.ini" <<INI
[$source]
Driver = Connect AI
Description = The sample data of the local service
URL = http://127.0.0.1:$port/api
UID = $user
PWD = $token
INI
)
export ODBCSYSINI="$directory" ODBCINI="$directory/odbc.ini"

# ---- the queries ----

# isql would pad each column to 300 characters. So it writes its rows with an octet between the cells that no sample
# value holds, and this lays them out: a row is complete when it has as many cells as the first line (texts hold line
# ends), and the columns that fit are shown. In the C locale a character is counted by its first octet.
separator=$(printf '\037')
width=$(stty size 2>/dev/null </dev/tty | cut -d' ' -f2 || :)
case $width in
'' | *[!0-9]* | ? | 0*) width=110 ;;
esac
lay_out() {
    LC_ALL=C awk -F"$separator" -v screen="$width" -v widest=32 '
        function characters(text) {
            gsub(/[\200-\277]/, "", text)
            return length(text)
        }
        function shortened(text) {
            gsub(/[\001-\037]+/, " ", text)
            if (characters(text) <= widest)
                return text
            while (characters(text) > widest - 3)
                text = substr(text, 1, length(text) - 1)
            return text "..."
        }
        BEGIN { rows = 0 }
        { record = record == "" ? $0 : record " " $0 }
        NR == 1 { columns = NF }
        split(record, cells, FS) >= columns {
            for (c = 1; c <= columns; c++) {
                grid[rows, c] = shortened(cells[c])
                if (characters(grid[rows, c]) > room[c])
                    room[c] = characters(grid[rows, c])
            }
            rows++
            record = ""
        }
        END {
            # isql says an error where rows should be, and ends as if there were none
            if (columns < 2 || record != "")
                exit 1
            for (shown = 0; shown < columns && used + room[shown + 1] <= screen; shown++)
                used += room[shown + 1] + 2
            for (r = 0; r < rows; r++) {
                line = ""
                for (c = 1; c <= shown; c++)
                    line = line grid[r, c] sprintf("%*s", room[c] - characters(grid[r, c]) + 2, "")
                sub(/ +$/, "", line)
                print "    " line
                if (r == 0) {
                    gsub(/[^ ]/, "-", line)
                    gsub(/[\200-\377]/, "", line)
                    print "    " line
                }
            }
            printf "    (%d row%s", rows - 1, rows == 2 ? "" : "s"
            if (shown < columns)
                printf ", %d of %d columns", shown, columns
            print ")"
        }'
}

show() {
    printf '\nSQL> %s\n' "$1"
    status=0
    if printf '%s\n' "$1" | isql -b -v -c -d"$separator" "$source" >"$directory/rows" 2>"$directory/errors"; then
        lay_out <"$directory/rows" || status=$?
    else
        status=1
    fi
    case $status in
    0) ;;
    1)
        echo "$0: the query failed:" >&2
        cat "$directory/rows" "$directory/errors" >&2
        exit 1
        ;;
    *) exit 1 ;; # whoever read the output has had enough
    esac
}

# A word that a shell reads back as it was.
quoted() {
    case $1 in
    *[!A-Za-z0-9_./:@%+=-]*) printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")" ;;
    *) printf '%s' "$1" ;;
    esac
}

width=$((width - 4))
echo "The local Connect AI service answers at http://127.0.0.1:$port/api; isql asks it through the driver."
show 'SELECT CatalogName, SchemaName, TableName FROM sys_tables LIMIT 25'
show 'SELECT * FROM [Salesforce].[Salesforce].[Account] LIMIT 5'
show 'SELECT * FROM [Workday].[Workday].[Worker] LIMIT 5'

cat <<TEXT

Go on by hand. The service has ended with this demo; these lines start it again and open isql:

    $(quoted "$build/connectai-local") --port $port --user $user --token $token &
    export ODBCSYSINI=$(quoted "$directory") ODBCINI=$(quoted "$directory/odbc.ini")
    isql -v "$source"

To ask your own account with the same data source, with the e-mail address and a personal access token of yours:

    isql -v -k "DSN=$source;URL=https://cloud.cdata.com/api;UID=you@example.com;PWD=your-token"

or write them into $directory/odbc.ini (URL, UID, PWD). \`make install\` installs the driver for everyone.
TEXT
