#!/bin/sh
# run.sh DIRECTORY SECONDS: runs the fuzzers of DIRECTORY one after the other, so many seconds each, from the corpus that is
# kept here and what they found before. Ends with 1 at the first finding, whose input then stands in DIRECTORY.
set -eu
directory=${1:?usage: run.sh DIRECTORY SECONDS}
seconds=${2:?usage: run.sh DIRECTORY SECONDS}
corpus=$(dirname "$0")/corpus

for fuzzer in "$directory"/fuzz_*; do
    name=${fuzzer##*/fuzz_}
    mkdir -p "$directory/found-$name"
    echo "fuzz_$name, $seconds seconds"
    "$fuzzer" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2000 -verbosity=0 -print_final_stats=1 \
        -artifact_prefix="$directory/" "$directory/found-$name" "$corpus/$name"
done
