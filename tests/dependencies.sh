#!/bin/sh
# Installs, by apt-get, the packages that building and testing need and that are missing. Says and does nothing where
# all are there. The one list of these packages, each with its reason.
set -eu

packages() {
    sed 's/ *#.*//; /^$/d' <<'LIST'
gcc                     # the compiler
g++                     # pyodbc from PyPI, where no wheel fits
make                    # the Makefile
pkg-config              # finds the libraries
unixodbc                # the driver manager's programs: isql, iusql
unixodbc-dev            # sql.h and libodbc, which the tests link
odbcinst                # registers drivers and data sources
libodbcinst2            # the driver and its setup library read odbc.ini with it
libcurl4-openssl-dev    # driver: HTTP
libjson-c-dev           # driver and local service: small JSON documents
libssl-dev              # driver: certificates, digests, signing; local service: proof of signatures
zlib1g-dev              # driver: gzip replies
libmicrohttpd-dev       # local service: HTTP
libsqlite3-dev          # local service: the data
libcmocka-dev           # the C tests
python3                 # client tests
python3-venv            # client tests: their virtual environments
python3-dev             # pyodbc from PyPI, where no wheel fits
python3-pyodbc          # client tests: Debian's pyodbc
libdbd-odbc-perl        # client tests: Perl's DBI
curl                    # scripts: the local service's control endpoint
openssl                 # tests: certificates, keys
libsecret-1-0           # tests: the desktop's secret store, as the driver loads it
gnome-keyring           # tests: that store
dbus-daemon             # tests: the way to it
stunnel4                # tests: TLS servers of every kind, a proxy behind TLS
tinyproxy-bin           # tests: an HTTP proxy
microsocks              # tests: a SOCKS5 proxy
valgrind                # tests: memory
clang                   # make lint: a second compiler's warnings; fuzzing
clang-format            # make lint
LIST
    # clang's sanitizers and fuzzer; the name carries clang's version
    version=$(apt-cache policy clang 2>/dev/null | sed -n 's/^ *Candidate: \(.*:\)\{0,1\}\([0-9]*\)\..*/\2/p')
    echo "libclang-rt-${version:-14}-dev"
}

if ! command -v apt-get >/dev/null 2>&1 || ! command -v dpkg-query >/dev/null 2>&1; then
    echo "$0: there is no apt-get here, so nothing is installed. Needed are (Debian's names):" >&2
    packages | paste -sd ' ' - | fold -s -w 100 | sed 's/^/    /' >&2
    exit 0
fi

# Those of the list that are not installed, each after a blank.
missing() {
    for package in $(packages); do
        case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) in
        *" installed") ;;
        *) printf ' %s' "$package" ;;
        esac
    done
}

[ -n "$(missing)" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
    as_root=sudo
    if ! command -v sudo >/dev/null 2>&1; then
        echo "$0: these packages are missing; install them as root:" >&2
        echo "    apt-get install --no-install-recommends$(missing)" >&2
        exit 1
    fi
fi
echo "Installing:$(missing)"
$as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
# Asked again: clang's version is known only now where apt had no lists. One word a package, to be split.
# shellcheck disable=SC2046
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(missing)
