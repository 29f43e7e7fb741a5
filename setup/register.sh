#!/bin/sh
# register.sh LIBDIR: tells the driver manager that the driver is installed in LIBDIR, an absolute path.
# Run again it changes nothing; an entry for another directory is replaced. With DESTDIR set, that is while a
# package is made, it does nothing: the package registers the driver where it is installed.
set -eu

if [ -n "${DESTDIR:-}" ]; then
    exit 0
fi
case ${1:-} in
/*) libdir=${1%/} ;;
*)
    echo "usage: $0 LIBDIR (an absolute path)" >&2
    exit 2
    ;;
esac
setup_dir=$(cd "$(dirname "$0")" && pwd)
. "$setup_dir/entry.sh"
require_odbcinst

filled=$(mktemp)
trap 'rm -f "$filled"' EXIT
trap 'exit 1' HUP INT TERM
# What sed would take for a command in the replacement loses its meaning.
replacement=$(printf '%s\n' "$libdir" | sed 's/[\\&|]/\\&/g')
sed "s|@LIBDIR@|$replacement|g" "$template" >"$filled"

# The value of key $1 in the filled template.
wanted() {
    sed -n "s/^$1 *= *//p" "$filled"
}

if [ "$(registered Driver)" = "$(wanted Driver)" ] && [ "$(registered Setup)" = "$(wanted Setup)" ]; then
    echo "[$driver_name] is registered already: $(wanted Driver)"
    exit 0
fi
remove_entry
if ! said=$(odbcinst -i -d -f "$filled"); then
    echo "$said" >&2
    echo "$0: odbcinst could not write odbcinst.ini. Run this as root, or keep an odbcinst.ini of your own:" >&2
    echo "    set ODBCSYSINI to its directory, here and wherever the driver is used." >&2
    exit 1
fi
echo "[$driver_name] is registered: $(wanted Driver)"
