#!/bin/bash
# How long a start takes: from power-on to the operator's prompt, with the volumes already there
# (a warm start), five times; and a batch job, from nothing to its listing.  usage: bench-start.sh BUILD
set -eu
build=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
run() { "$build/datbox" run --data "$work" --port 0 --script "$here/start.script" >/dev/null 2>&1; }
TIMEFORMAT="%R s"
run
echo "power-on to the operator's prompt (warm start):"
for _ in 1 2 3 4 5; do time run; done
echo "datbox batch docs/examples/hello.job docs/examples/sort.job:"
time "$build/datbox" batch "$here/../../docs/examples/hello.job" "$here/../../docs/examples/sort.job" \
    -o "$work/out" --volumes "$build/volumes" >/dev/null
