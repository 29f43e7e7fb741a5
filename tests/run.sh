#!/bin/sh
# run.sh BUILD all|native: runs the tests that stand built in BUILD and counts them.
#
#   native   the C programs of tests/unit and tests/odbc, and the scripts tests/odbc/test_*.sh
#   all      also programs of tests/odbc through iODBC, tests/clients/run.sh (Python, isql) and tests/lint.sh
#
# A C program reports as cmocka does; anything else prints `ok NAME` or `FAIL NAME: reason`, a line for each test. What
# crashed, ran too long, ended badly without a failure or ran no test counts as a failure, and so does a skipped test.
# The last line is `N passed, N failed`; the exit status is 0 only if something passed and nothing failed.
set -u

build=${1:?usage: run.sh BUILD all|native}
what=${2:-all}
cd "$(dirname "$0")/.." || exit 1
build=$(cd "$build" && pwd) || exit 1
case $what in
all | native) ;;
*)
    echo "usage: run.sh BUILD all|native" >&2
    exit 2
    ;;
esac
results=$build/results
mkdir -p "$results"
passed=0
failed=0

export CA_BUILD="$build"
# No data source, driver or proxy of the user's takes part.
unset ODBCSYSINI ODBCINI ODBCINSTINI
unset http_proxy HTTP_PROXY https_proxy HTTPS_PROXY all_proxy ALL_PROXY no_proxy NO_PROXY
if grep -q -- -fsanitize "$build/flags" 2>/dev/null; then
    export ASAN_OPTIONS="detect_stack_use_after_return=1:strict_string_checks=1:check_initialization_order=1"
    export LSAN_OPTIONS="suppressions=$PWD/tests/lsan.supp:print_suppressions=0"
    export UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1"
    export TSAN_OPTIONS="second_deadlock_stack=1:halt_on_error=0"
fi

# The sum of the numbers that the pattern $2 finds in file $1.
sum() {
    sed -n "s/$2/\\1/p" "$1" | awk '{ sum += $1 } END { print sum + 0 }'
}
lines() {
    grep -c -- "$2" "$1" || :
}

# test_program NAME SECONDS COMMAND...: runs one, counts its tests, shows its output where one failed.
test_program() {
    name=$1
    seconds=$2
    shift 2
    output=$results/$(printf '%s' "$name" | tr / _).output
    begun=$(date +%s)
    timeout -k 10 "$seconds" "$@" >"$output" 2>&1 </dev/null
    status=$?
    took=$(($(date +%s) - begun))
    good=$(lines "$output" '^\(\[       OK \]\|ok \)')
    bad=$(($(sum "$output" '^\[==========\] Running \([0-9]*\) test(s).*') - $(lines "$output" '^\[       OK \]')))
    [ "$bad" -ge 0 ] || bad=0
    bad=$((bad + $(lines "$output" '^FAIL ')))
    why=
    if [ "$status" -eq 124 ] || [ "$status" -eq 137 ]; then
        why="ran longer than $seconds seconds"
    elif [ "$status" -ge 128 ]; then
        why="ended by signal $((status - 128))"
    elif [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
        why="ended with status $status"
    elif [ "$((good + bad))" -eq 0 ]; then
        why="ran no test"
    fi
    if [ -n "$why" ] && [ "$bad" -eq 0 ]; then
        bad=1
    fi
    passed=$((passed + good))
    failed=$((failed + bad))
    if [ "$bad" -eq 0 ]; then
        printf '%-32s %5d passed  %4d s\n' "$name" "$good" "$took"
    else
        printf '%-32s %5d passed, %d FAILED%s\n' "$name" "$good" "$bad" "${why:+ ($why)}"
        grep -v '^\(\[ RUN      \]\|\[       OK \]\|ok \)' "$output" | tail -n 300 | sed 's/^/    /'
    fi
}

# The sources say what there is to run: a program that was not built is a failure, one left over is not run.
for source in tests/unit/test_*.c tests/odbc/test_*.c; do
    room=${source#tests/}
    test_program "${room%.c}" 300 "$build/${room%.c}"
done
for script in tests/odbc/test_*.sh; do
    test_program "${script#tests/}" 300 sh "$script"
done
test_program soak 600 sh tests/soak/run.sh "$build" 30
if [ "$what" = all ]; then
    for name in $(make -s IODBC=1 iodbc-tests); do
        test_program "iodbc/$name" 300 "$build/iodbc/odbc/$name"
    done
    test_program clients 1800 sh tests/clients/run.sh "$build"
    test_program lint 1800 sh tests/lint.sh
    # The baseline is of processors with AVX2; others take another way through the row reader.
    if grep -q -w avx2 /proc/cpuinfo; then
        test_program instructions 1800 sh tests/bench/instructions.sh "$build"
    else
        echo "instructions: not run, the baseline is for x86-64 with AVX2"
    fi
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
