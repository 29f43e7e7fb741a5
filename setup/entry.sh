# The driver's entry in odbcinst.ini, as register.sh and unregister.sh see it. Sourced by both, from their own
# directory; the driver's name stands in odbcinst.ini.in only. POSIX sh.

template=$setup_dir/../odbcinst.ini.in
driver_name=$(sed -n 's/^\[\(.*\)\]$/\1/p' "$template")

# Prints the value of key $1 in the registered entry; nothing if there is no entry. odbcinst prints its
# complaints to standard output, so only lines of the form key=value count.
registered() {
    odbcinst -q -d -n "$driver_name" 2>/dev/null | sed -n "s/^$1=//p"
}

require_odbcinst() {
    if [ -z "$driver_name" ]; then
        echo "$0: $template names no driver" >&2
        exit 1
    fi
    if ! command -v odbcinst >/dev/null 2>&1; then
        echo "$0: the program odbcinst is not installed (Debian: odbcinst, Fedora: unixODBC)" >&2
        exit 1
    fi
}

# Takes the entry out, whatever its usage count: each call of odbcinst lowers the count by one, and an entry whose
# library is gone helps nobody. Stops when a call no longer changes the entry (odbcinst.ini is not writable).
remove_entry() {
    before=
    while driver=$(registered Driver) && [ -n "$driver" ]; do
        now=$driver:$(registered UsageCount)
        if [ "$now" = "$before" ] || ! odbcinst -u -d -n "$driver_name" >/dev/null; then
            echo "$0: cannot remove [$driver_name] from odbcinst.ini: is it writable?" >&2
            echo "    (odbcinst -j shows where it is)" >&2
            return 1
        fi
        before=$now
    done
}
