#!/bin/sh
# unregister.sh [LIBDIR]: takes the driver's entry out of the driver manager's odbcinst.ini. With LIBDIR, only an entry
# for that directory: one that another installation has made stays. Without an entry, or with DESTDIR set, it does
# nothing.
set -eu

if [ -n "${DESTDIR:-}" ]; then
    exit 0
fi
setup_dir=$(cd "$(dirname "$0")" && pwd)
. "$setup_dir/entry.sh"
# No odbcinst, no entry: uninstalling must not fail for that.
command -v odbcinst >/dev/null 2>&1 || exit 0
require_odbcinst

driver=$(registered Driver)
if [ -z "$driver" ]; then
    exit 0
fi
libdir=${1:-}
libdir=${libdir%/}
if [ -n "$libdir" ] && [ "${driver%/*}" != "$libdir" ]; then
    echo "[$driver_name] belongs to another installation and stays: $driver"
    exit 0
fi
remove_entry
echo "[$driver_name] is no longer registered"
