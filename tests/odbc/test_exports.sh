#!/bin/sh
# The driver exports exactly the functions of driver/odbc/functions.def, narrow and wide, and nothing else;
# SQLGetFunctions says the same; the setup library exports its own entry points alone.
# Usage: tests/odbc/test_exports.sh [build directory]
set -u
build=${1:-${CA_BUILD:-build}}
root=$(cd "$(dirname "$0")/../.." && pwd)
definitions=$root/driver/odbc/functions.def
failed=0

check() { # name, expected, seen
    if [ "$2" = "$3" ]; then
        echo "ok $1"
    else
        failed=$((failed + 1))
        echo "FAIL $1: other names"
        printf '%s\n' "$2" >"$work/expected"
        printf '%s\n' "$3" >"$work/seen"
        diff "$work/expected" "$work/seen" | sed -n 1,20p
    fi
}

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

defined=$(awk -F'|' '!/^#/ && NF > 3 { gsub(/ /, "", $1); print $1; if ($4 ~ /W/) print $1 "W" }' "$definitions" | LC_ALL=C sort)
exported=$(nm -D --defined-only "$build/libconnectaiodbc.so" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | LC_ALL=C sort)
check 'exports are those of functions.def' "$defined" "$exported"

# The old names must not be there: the driver manager would prefer them.
old='SQLAllocConnect SQLAllocEnv SQLAllocStmt SQLColAttributes SQLError SQLFreeConnect SQLFreeEnv SQLGetConnectOption
SQLGetStmtOption SQLParamOptions SQLSetConnectOption SQLSetParam SQLSetScrollOptions SQLSetStmtOption SQLTransact'
found=''
for name in $old; do
    printf '%s\n' "$exported" | grep -qx "$name" && found="$found $name"
done
check 'no names of ODBC 2' '' "$found"

needed=$(readelf -d "$build/libconnectaiodbc.so" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
check 'not linked with the driver manager' '' "$(printf '%s\n' "$needed" | grep '^libodbc\.so')"
undefined=$(nm -D --undefined-only "$build/libconnectaiodbc.so" | awk '{ print $2 }' | grep '^SQL' |
    grep -v -e '^SQLGetPrivateProfileString' -e '^SQLWritePrivateProfileString' -e '^SQLInstall' -e '^SQLPost')
check 'calls no function of the driver manager' '' "$undefined"
flags=$(readelf -d "$build/libconnectaiodbc.so" | grep -c '(SYMBOLIC)')
check 'binds its own names to itself' 1 "$flags"

if [ -f "$build/libconnectaiodbcS.so" ]; then
    stray=$(nm -D --defined-only "$build/libconnectaiodbcS.so" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' |
        grep -v -e '^Config' -e '^ODBCINST')
    check 'the setup library exports its entry points alone' '' "$stray"
fi

# What SQLGetFunctions says, asked of the driver itself.
cat >"$work/ask.c" <<'PROGRAM'
#include <dlfcn.h>
#include <sql.h>
#include <sqlext.h>
#include <stdio.h>

#define GET(name) __typeof__(&name) p##name = (__typeof__(&name))dlsym(library, #name)

int main(int count, char **arguments)
{
    static const struct {
        const char *name;
        SQLUSMALLINT id;
    } known[] = {
#define KNOWN(name, id) {#name, id},
#include "known.h"
    };
    void *library = count > 1 ? dlopen(arguments[1], RTLD_NOW) : NULL;
    SQLHENV env;
    SQLHDBC dbc;
    SQLUSMALLINT all[SQL_API_ODBC3_ALL_FUNCTIONS_SIZE], one;

    if (!library)
        return 1;
    GET(SQLAllocHandle);
    GET(SQLSetEnvAttr);
    GET(SQLGetFunctions);
    pSQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &env);
    pSQLSetEnvAttr(env, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3, 0);
    pSQLAllocHandle(SQL_HANDLE_DBC, env, &dbc);
    if (pSQLGetFunctions(dbc, SQL_API_ODBC3_ALL_FUNCTIONS, all) != SQL_SUCCESS)
        return 1;
    for (unsigned id = 0; id < 2000; id++) {
        const char *name = NULL;
        SQLUSMALLINT set = SQL_FUNC_EXISTS(all, id) ? 1 : 0;
        for (unsigned i = 0; i < sizeof known / sizeof *known; i++)
            if (known[i].id == id)
                name = known[i].name;
        one = 7;
        /* These two ids ask for whole lists. */
        if (id != SQL_API_ALL_FUNCTIONS && id != SQL_API_ODBC3_ALL_FUNCTIONS &&
            (pSQLGetFunctions(dbc, (SQLUSMALLINT)id, &one) != SQL_SUCCESS || one != set))
            printf("differs:%u\n", id);
        if (set)
            printf("%s\n", name ? name : "unknown");
    }
    return 0;
}
PROGRAM
# Ids by name, from the headers of the driver manager; the ODBC 2 synonyms of an id are left out.
printf '%s\n' "$defined" | grep -v 'W$' | while read -r name; do
    id=SQL_API_$(printf '%s' "$name" | tr '[:lower:]' '[:upper:]')
    printf '#ifdef %s\nKNOWN(%s, %s)\n#endif\n' "$id" "$name" "$id"
done >"$work/known.h"
sanitize=$(grep -o -e '-fsanitize=[a-z,]*' "$build/flags" 2>/dev/null)
# shellcheck disable=SC2086
if ${CC:-cc} -D_GNU_SOURCE $sanitize -o "$work/ask" "$work/ask.c" -ldl; then
    said=$("$work/ask" "$build/libconnectaiodbc.so" | LC_ALL=C sort -u)
    narrow=$(printf '%s\n' "$defined" | grep -v 'W$')
    check 'SQLGetFunctions names exactly the exports' "$narrow" "$said"
else
    failed=$((failed + 1))
    echo 'FAIL SQLGetFunctions names exactly the exports: the program that asks was not built'
fi

# A manager may unload it; what the process keeps would be lost, and made anew with the next connection.
check 'the driver stays in the process' NODELETE "$(readelf -d "$build/libconnectaiodbc.so" | grep -o NODELETE)"

[ "$failed" -eq 0 ]
