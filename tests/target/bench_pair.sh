#!/bin/bash
# Compares two builds of the machine on the same host while others work there too: runs each
# kernel with the one and the other in turn, ROUNDS times, and prints the best speed of each in
# millions of instructions a second of CPU time, and their ratio.
# usage: bench_pair.sh OLD NEW IMAGE...   ROUNDS=7; OLD and NEW are programs made of bench.c
set -euo pipefail
old=$1 new=$2
shift 2
rounds=${ROUNDS:-7}

best() { awk -v best="$1" '{ speed = $2 / $3 / 1000; print (speed > best ? speed : best) }'; }

printf '%-12s %8s %8s %7s\n' kernel old new ratio
for image in "$@"; do
    a=0 b=0
    for round in $(seq "$rounds"); do
        a=$("$old" "$image" | best "$a")
        b=$("$new" "$image" | best "$b")
    done
    name=$(basename "$image" .bin)
    echo "${name#bench_} $a $b" | awk '{ printf "%-12s %8.1f %8.1f %7.3f\n", $1, $2, $3, $3 / $2 }'
done
