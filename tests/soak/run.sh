#!/bin/sh
# run.sh BUILD SECONDS: runs the soak, stops with its status.
set -eu
build=$(cd "${1:?usage: run.sh BUILD SECONDS}" && pwd)
export CA_BUILD="$build" CA_SOAK_SECONDS="${2:-1800}"
unset ODBCSYSINI ODBCINI ODBCINSTINI http_proxy HTTP_PROXY || :
exec "$build/soak"
