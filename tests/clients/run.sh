#!/bin/sh
# run.sh BUILD: runs the client tests: isql and iusql, iodbctest, Perl's DBI, pyodbc of the distribution and of PyPI,
# arrow-odbc (the Rust library odbc-api), and the vendor's Python library, all against the local service. Prints
# `ok NAME` or `FAIL NAME: reason` for each test. The packages of PyPI are kept in BUILD/clients; without a network, and
# without them, the tests that need them fail.
set -u

build=$(cd "${1:?usage: run.sh BUILD}" && pwd) || exit 1
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$build/clients"
export CA_BUILD="$build" PYTHONDONTWRITEBYTECODE=1
unset ODBCSYSINI ODBCINI ODBCINSTINI PYTHONPATH PYTHONHOME
# The service is on this machine.
export no_proxy="127.0.0.1" NO_PROXY="127.0.0.1"
failures=0

# environment NAME OPTIONS MODULES [PACKAGES]: a virtual environment in which MODULES can be imported. It is made from
# the distribution's Python, the one that python3-pyodbc belongs to; another python3 may stand first on PATH.
environment() {
    python=$build/clients/$1/bin/python
    if [ -x "$python" ] && "$python" -c "import $3" 2>/dev/null; then
        return 0
    fi
    output=$build/clients/$1.output
    # shellcheck disable=SC2086
    if /usr/bin/python3 -m venv --clear $2 "$build/clients/$1" >"$output" 2>&1 &&
        { [ -z "${4:-}" ] || "$python" -m pip install --quiet --disable-pip-version-check $4 >>"$output" 2>&1; } &&
        "$python" -c "import $3" >>"$output" 2>&1; then
        return 0
    fi
    echo "FAIL clients/$1: no Python environment with $3"
    sed 's/^/    /' "$output"
    failures=$((failures + 1))
    return 1
}

# tests PYTHON PATTERN: a script that dies without saying which test failed is a failure too.
tests() {
    for test in "$here"/$2; do
        output=$build/clients/$(basename "$test" .py).output
        "$1" "$test" >"$output" 2>&1
        status=$?
        cat "$output"
        if [ "$status" -ne 0 ]; then
            failures=$((failures + 1))
            grep -q '^FAIL ' "$output" || echo "FAIL clients/$(basename "$test"): ended with status $status"
        fi
    done
}

tests /usr/bin/python3 'test_isql.py'
tests /usr/bin/python3 'test_iodbctest.py'
tests /usr/bin/python3 'test_dbi.py'
tests /usr/bin/python3 'test_sign_in.py'
tests /usr/bin/python3 'test_secret_store.py'
if environment debian "--system-site-packages --without-pip" pyodbc; then
    tests "$build/clients/debian/bin/python" 'test_pyodbc_*.py'
fi
if environment pypi "" pyodbc,cdata_connect_ai "pyodbc cdata-connect-ai"; then
    tests "$build/clients/pypi/bin/python" 'test_pyodbc_*.py'
    tests "$build/clients/pypi/bin/python" 'test_sdk.py'
fi
if environment arrow "" arrow_odbc,pyarrow "arrow-odbc pyarrow"; then
    tests "$build/clients/arrow/bin/python" 'test_arrow.py'
fi
[ "$failures" -eq 0 ]
