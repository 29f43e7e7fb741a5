#!/bin/sh
# Runs the allocation torture against a local service: sh tests/torture/run.sh BUILD [STEP]
set -eu
build=${1:-build/torture}
work=$(mktemp -d)
trap 'kill "$service" 2>/dev/null || true; rm -rf "$work"' EXIT
"$build/connectai-local" --port 0 --port-file "$work/port" > "$work/log" 2>&1 &
service=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
    [ -s "$work/port" ] && break
    sleep 0.2
done
"$build/torture" "http://127.0.0.1:$(cat "$work/port")/api" "${2:-1}"
