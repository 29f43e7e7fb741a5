#!/bin/sh
# Proves the scripts behind `make install` and `make uninstall`, and the data source of the README, with the real
# odbcinst in a directory of the test's own. Run from anywhere; needs the program odbcinst.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
unset DESTDIR
export ODBCSYSINI="$work"
export ODBCINI="$work/user.ini"
failures=0

# check NAME WANTED GOT
check() {
    if [ "$2" = "$3" ]; then
        echo "ok   $1"
    else
        echo "FAIL $1: wanted '$2', got '$3'"
        failures=$((failures + 1))
    fi
}
register() {
    "$root/setup/register.sh" "$@" >/dev/null 2>&1 && echo 0 || echo $?
}
unregister() {
    "$root/setup/unregister.sh" "$@" >/dev/null 2>&1 && echo 0 || echo $?
}
entry() {
    odbcinst -q -d -n "Connect AI" 2>/dev/null | sed -n "s/^$1=//p"
}

printf '[Other]\nDriver=/x/other.so\nUsageCount=2\n' >"$work/odbcinst.ini"

check "a relative directory is refused" 2 "$(register lib)"
check "no directory is refused" 2 "$(register)"
check "with DESTDIR nothing is registered" "0:" "$(DESTDIR=/d register /opt/a):$(entry Driver)"
check "the first registration succeeds" 0 "$(register /opt/a)"
check "it names the driver" /opt/a/libconnectaiodbc.so "$(entry Driver)"
check "it names the setup library" /opt/a/libconnectaiodbcS.so "$(entry Setup)"
check "it counts one user" 1 "$(entry UsageCount)"
check "no comment and no placeholder is left" "" "$(grep '[#@]' "$work/odbcinst.ini" || true)"
check "a second registration succeeds" 0 "$(register /opt/a/)"
check "it does not count again" 1 "$(entry UsageCount)"
odd='/opt/a&b|c\d e'
check "another directory, of odd characters, takes the place" "0:$odd/libconnectaiodbc.so:1" \
    "$(register "$odd"):$(entry Driver):$(entry UsageCount)"
check "another installation's entry stays" "0:$odd/libconnectaiodbc.so" "$(unregister /opt/a):$(entry Driver)"
odbcinst -i -d -f "$root/odbcinst.ini.in" >/dev/null
check "unregistering ends every count" "0:" "$(unregister):$(entry Driver)"
check "unregistering again is no error" 0 "$(unregister)"
check "other drivers are left alone" "[Other] Driver=/x/other.so UsageCount=2" \
    "$(odbcinst -q -d -n Other | paste -sd ' ' -)"
check "a directory that cannot be written is an error" 1 "$(ODBCSYSINI=/nonexistent register /opt/a)"

printf '[Sales]\nDriver = Connect AI\nUID = a@b.c\nPWD = p=a;t#1\n' >"$work/sales.ini"
odbcinst -i -s -h -f "$work/sales.ini" >/dev/null
check "odbcinst adds a data source from a file" "[Sales] Driver=Connect AI UID=a@b.c PWD=p=a;t#1" \
    "$(odbcinst -q -s -n Sales | paste -sd ' ' -)"

[ "$failures" -eq 0 ]
