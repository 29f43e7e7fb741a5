#!/bin/sh
# lint.sh: holds the ways of the house that a program can hold. Prints `ok RULE`, or `FAIL RULE: reason` and below it
# every place; ends with 1 if a rule is broken. Objects go to build/lint-gcc and build/lint-clang.
set -u
cd "$(dirname "$0")/.." || exit 1
build=build
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# Functions that may be longer than 60 lines: file, function, reason.
long_functions() {
    sed '/^#/d' <<'LIST'
tests/unit/test_service_sample.c every_documented_function_is_found a table of names, one a line
LIST
}

# Objects that may be written to at run time: object file, name, reason.
globals() {
    sed '/^#/d' <<'LIST'
driver/data/double.o c_locale the C locale, made once, by which doubles are read
driver/data/double.o c_locale_once its pthread_once
driver/odbc/handle.o ca_slot_chunks the table of handles
driver/odbc/handle.o table its free places
driver/service/global.o global the one context of the process
driver/service/global.o once its pthread_once
LIST
}

# rule NAME: the rule's findings come on standard input, a line each; none is good.
rule() {
    found=$(cat)
    if [ -z "$found" ]; then
        echo "ok $1"
        return
    fi
    echo "FAIL $1: $(printf '%s\n' "$found" | wc -l) places"
    printf '%s\n' "$found" | sed 's/^/    /'
    touch "$work/broken" # a pipe's last command runs in a shell of its own
}

sources() {
    find "$@" -name '*.[ch]' | sort
}
everything=$(sources driver setup tests)

for tool in clang-format gcc clang make objdump; do
    command -v "$tool" >/dev/null || echo "$tool is not installed (make deps)"
done | rule "the tools are here"

# ---- text ----

# shellcheck disable=SC2086
clang-format --dry-run -Werror $everything 2>&1 | grep 'error:' | cut -d: -f1 | sort | uniq -c |
    awk '{ print $2 ": " $1 " lines (clang-format -i mends them)" }' | rule "clang-format finds nothing to change"

for file in $everything; do
    lines=$(wc -l <"$file")
    if [ "$lines" -gt 600 ]; then
        echo "$file: $lines lines"
    fi
done | rule "no file is longer than 600 lines"

# With the brace style of .clang-format the braces of a function, and no others, stand alone in the first column.
# shellcheck disable=SC2086
awk 'FNR == 1 { previous = ""; begin = 0 }
    /^\{$/ { begin = FNR; name = head }
    /^}$/ && begin {
        if (FNR - begin + 1 > 60)
            print FILENAME, name, FNR - begin + 1
        begin = 0
    }
    /^[A-Za-z_].*\(/ { head = $0; sub(/\(.*/, "", head); sub(/.*[ *]/, "", head) }' $everything |
    while read -r file name length; do
        long_functions | grep -q "^$file $name " || echo "$file: $name has $length lines"
    done | rule "no function is longer than 60 lines"

# A header may speak for the file that implements it.
for file in $everything; do
    case $(head -n 1 "$file") in
    "/*"*) ;;
    "#include \""*"$(basename "$file" .c).h\"") ;;
    *) echo "$file: begins without a comment" ;;
    esac
done | rule "every file says what it owns"

careless='strn?cpy|strn?cat|v?sprintf|strtok|strtok_r|ato[ifl]|atoll|v?[fs]?scanf|gets|setlocale'
sources driver setup | xargs grep -nE "(^|[^A-Za-z0-9_])($careless)[[:space:]]*\(" |
    rule "no function that overruns buffers or depends on the locale"

sources driver setup tests | xargs grep -nwE 'TODO|FIXME|XXX' | rule "nothing is left to do"

for script in .ci/run $(find tests setup -name '*.sh' | sort); do
    sh -n "$script" 2>&1
done | rule "scripts parse"

# ---- which way the rooms look ----

# includes DIRECTORY ALLOWED: include lines of the directory that match none of the patterns.
includes() {
    sources "$1" | xargs grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' | grep -vE "\"($2)\"" || :
}
includes driver/base 'base/[^"]*' | rule "base knows base alone"
includes driver/sql '(sql|base)/[^"]*' | rule "sql knows sql and base"
includes driver/data '(data|base)/[^"]*' | rule "data knows data and base"
includes driver/service '(service|base)/[^"]*|data/(base64|cell|convert|type|parameter)\.h' |
    rule "service knows service, base and the values of data"
includes driver/odbc '(odbc|sql|data|service|base)/[^"]*|functions_[a-z]*\.h' | rule "odbc knows the driver alone"
{
    includes setup '[^"/]*\.h|service/options\.h|base/[^"]*' | grep -v '^setup/dsn/'
    includes setup/dsn '[^"/]*\.h|(service|base)/[^"]*|odbc/version\.h|data/base64\.h'
} | rule "setup knows the options and base, its command the service too"
{
    includes tests/service '[^"/]*\.h'
    sources driver setup | xargs grep -n '^[[:space:]]*#[[:space:]]*include.*\(tests/\|\.\./\)'
    # a header of the service must not be found among the driver's
    find tests/unit -name 'test_service_*' | xargs grep -nE '#include "(odbc|sql|data|service|base)/'
} | rule "the local service and the driver know nothing of each other"

# ---- compilers ----

# compiles NAME: everything, with the warnings of the Makefile as errors; the objects stay for the next time.
compiles() {
    mkdir -p "$build"
    if ! make -j"$(nproc)" BUILD="$build/lint-$1" CC="$1" CFLAGS='-g -Werror' programs \
        >"$build/lint-$1.output" 2>&1; then
        grep -E '(error|warning|note): |undefined|\*\*\*' "$build/lint-$1.output" | tail -n 60
    fi
}
compiles gcc | rule "gcc has no warning"
compiles clang | rule "clang has no warning"

{
    [ -d "$build/lint-gcc/obj/driver" ] || echo "nothing was compiled"
    find "$build/lint-gcc/obj/driver" "$build/lint-gcc/obj/setup" -name '*.o' 2>/dev/null | sort |
        while read -r object; do
            objdump -t "$object" | awk -v file="${object#"$build"/lint-gcc/obj/}" \
                '$0 ~ / O \.t?(data|bss)[.\t]/ && $0 !~ /\.data\.rel\.ro/ { print file, $NF }'
        done |
        while read -r object name; do
            globals | grep -q "^$object $name " || echo "$object: $name"
        done
} | rule "no writable globals but those listed"

# ---- documents ----

sed -n '/^<!-- options begin/,/^<!-- options end/p' README.md | grep '^|' >"$work/table"
"$build/lint-gcc/print-options" 2>&1 | diff "$work/table" - |
    rule "README.md's table of options is the driver's (print-options)"

[ ! -e "$work/broken" ]
