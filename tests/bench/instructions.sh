#!/bin/sh
# Counts the instructions that fetching one cell takes, and fails where the count has grown by more than 5 %.
#     instructions.sh BUILD [write]        write makes tests/bench/baseline anew
#     COUNT_ONLY="Rows 20000 0 column 1000 typed" counts that path alone
#
# A run of 40,000 rows less a run of 20,000, so that connecting and describing do not count; callgrind counts the same
# on a busy machine as on an idle one. The count is of all that an application loads to fetch: driver, driver manager,
# libcurl, C library; not of the measuring program, and not of the kernel.
set -eu
HERE=$(cd "$(dirname "$0")" && pwd)
BUILD=$(cd "$1" && pwd)
WRITE=${2:-}
COUNT_ONLY=${COUNT_ONLY:-}
BASELINE=$HERE/baseline
[ "$WRITE" != write ] || BASELINE=/dev/null
DIR=$(mktemp -d)
SERVICE=
clean_up() {
    [ -z "$SERVICE" ] || kill "$SERVICE" 2>/dev/null || :
    rm -rf "$DIR"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

"$BUILD/connectai-local" --prerender --port-file "$DIR/port" >"$DIR/service.log" 2>&1 &
SERVICE=$!
tries=0
while [ ! -s "$DIR/port" ]; do
    tries=$((tries + 1))
    [ $tries -le 100 ] || { cat "$DIR/service.log" >&2; exit 1; }
    sleep 0.1
done
CONNECTION="DRIVER=$BUILD/libconnectaiodbc.so;URL=http://127.0.0.1:$(cat "$DIR/port")/api;UID=demo@example.com;PWD=demo-token"

# The C library's functions for every processor: those for newer ones differ between machines, and callgrind counts each
# octet that `rep movsb` moves, which the processor does by the line.
export GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-AVX_Fast_Unaligned_Load,-ERMS,-AVX512F,-AVX512VL

# count TABLE ROWS PATH COMPRESSION: instructions and cells of one run.
count() {
    valgrind --tool=callgrind --callgrind-out-file="$DIR/counts" "$BUILD/bench/fetch" "$CONNECTION;Compression=$4" \
        "SELECT * FROM [Bench].[Bench].[$1] LIMIT $2" $3 >"$DIR/figures" 2>"$DIR/log" ||
        { cat "$DIR/log" >&2; exit 1; }
    callgrind_annotate --auto=no --threshold=100 "$DIR/counts" |
        awk '/^ *[0-9,]+ \(/ && !/PROGRAM TOTALS/ && !/\/bench\/fetch\]/ { gsub(",", "", $1); sum += $1 } END { print sum }'
    sed -n 's/.*cells=\([0-9]*\).*/\1/p' "$DIR/figures"
}

# calls: how often the run that was counted last allocated, locked and asked the kernel.
calls() {
    awk '
        /^c?fn=/ {
            id = name = $0
            sub(/^c?fn=/, "", id)
            sub(/ .*/, "", id)
            if (sub(/^[^ ]* /, "", name)) names[id] = name
            if (/^cfn=/) called = id
        }
        /^calls=/ { split($1, times, "="); count[called] += times[2] }
        END {
            for (id in count) {
                if (names[id] ~ /^(malloc|calloc|realloc|aligned_alloc)(@|$)/) allocations += count[id]
                if (names[id] ~ /^pthread_(mutex|rwlock)_[a-z]*lock(@|$)/ && names[id] !~ /unlock/) locks += count[id]
                if (names[id] ~ /^(recv|send|read|write|poll|mmap|munmap|mremap|brk|madvise|getpid)(@|$)/ ||
                    names[id] ~ /futex.*wait|lll_lock_wa/) asked += count[id]
            }
            print allocations + 0, locks + 0, asked + 0
        }' "$DIR/counts"
}

# The first path again: what must not be there for every cell is said in calls for a thousand cells.
seldom() {
    few=$(count Rows 20000 'column 1000 typed' 0) few_calls=$(calls)
    many=$(count Rows 40000 'column 1000 typed' 0) many_calls=$(calls)
    echo $few $many $few_calls $many_calls | awk '{
        cells = ($4 - $2) / 1000
        allocations = ($8 - $5) / cells; locks = ($9 - $6) / cells; asked = ($10 - $7) / cells
        bad = allocations > 2 || locks > 2 || asked > 2
        printf "%s calls for a thousand cells (at most 2 each): %.2f allocations, %.2f locks, %.2f of the kernel\n",
            bad ? "FAIL" : "ok", allocations, locks, asked
        exit bad
    }'
}

# per_cell TABLE ROWS PATH COMPRESSION, where the runs are of ROWS and of twice as many.
per_cell() {
    few=$(count "$1" "$2" "$3" "$4") many=$(count "$1" $(($2 * 2)) "$3" "$4")
    echo $few $many | awk '{ printf "%.1f", ($3 - $1) / ($4 - $2) }'
}

# grew NAME COUNT: is it more than 5 % over the baseline, or is there none?
grew() {
    awk -F ': ' -v name="$1" -v now="$2" '
        $1 == name { before = $2 }
        END { exit !(now > before * 1.05) }' "$BASELINE"
}

# How a reply falls into packets moves a count by a few per cent: one that grew is taken again, and the least counts.
rows() {
    while read -r table rows compression path; do
        name="$table $rows $compression $path"
        [ -z "$COUNT_ONLY" ] || [ "$name" = "$COUNT_ONLY" ] || continue
        counted=$(per_cell "$table" "$rows" "$path" "$compression")
        for _ in 2 3; do
            grew "$name" "$counted" || break
            again=$(per_cell "$table" "$rows" "$path" "$compression")
            counted=$(printf '%s\n' "$counted" "$again" | sort -n | head -n 1)
        done
        echo "$name: $counted"
    done <<END
Rows 20000 0 column 1000 typed
Rows 20000 0 column 1000 char
Rows 20000 0 column 1000 wchar
Rows 20000 0 column 1 typed
Rows 20000 0 row 1000 typed
Rows 20000 0 getdata 1 typed
Rows 20000 0 getdata 1 char
Rows 20000 0 getdata 1 wchar
Rows 20000 1 column 1000 typed
Narrow 40000 0 column 1000 typed
Wide 2000 0 column 1000 typed
Text 8000 0 column 100 char
Text 8000 0 column 100 wchar
END
}

rows >"$DIR/counted"
if [ "$WRITE" = write ]; then
    cp "$DIR/counted" "$HERE/baseline"
    cat "$HERE/baseline"
    exit
fi
awk -F ': ' '
    FNR == NR { before[$1] = $2; next }
    {
        change = ($1 in before) ? ($2 / before[$1] - 1) * 100 : 0
        verdict = !($1 in before) ? "no baseline" : change > 5 ? "GREW" : change < -5 ? "shrank: write a new baseline" : "ok"
        bad = verdict == "GREW" || verdict == "no baseline"
        printf "%s %s: %.1f instructions a cell, %+.1f %%, %s\n", bad ? "FAIL" : "ok", $1, $2, change, verdict
        failed = failed || bad
    }
    END { exit failed }' "$BASELINE" "$DIR/counted"
[ -n "$COUNT_ONLY" ] || seldom
