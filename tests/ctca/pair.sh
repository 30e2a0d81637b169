#!/bin/sh
# Two datboxes, a channel-to-channel adapter between them, and a program in each (pair.S) that exchanges
# blocks with the other one; whichever side is started first.
# usage: pair.sh BUILD
set -eu

datbox=$(realpath "$1/datbox")
program=$(realpath "$1/tests/ctca/pair.bin")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

for role in 0 1; do
    [ $role = 0 ] && side=listen || side=connect
    printf 'MAINSIZE 1\n0500 CTCA %s=%s\n' $side "$dir/adapter" >$role.conf
    printf 'loadcore %s\nr 300=0%s\nrestart\nwait 60\nquit\n' "$program" $role >$role.script
done

side() {
    timeout 100 "$datbox" run -c "$1.conf" --script "$1.script" --console none --data "$dir" >"$1.log" 2>&1 || true
}

for first in 0 1; do
    side $first &
    side $((1 - first))
    wait
    for role in 0 1; do
        grep -q "disabled wait PSW=00020000 0000600D" $role.log || {
            echo "pair.sh: side $role (started first: $first):" >&2
            cat $role.log >&2
            exit 1
        }
    done
    rm -f adapter
done
echo "adapter: two programs have talked to each other"
