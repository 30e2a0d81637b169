#!/bin/sh
# bare.sh BUILD DECK...: IPLs each deck on the bare machine; it must end with the wait PSW that
# says that all its checks went well.
set -e
build=$1
shift
work=$build/tests/guests/bare
mkdir -p "$work"
for deck; do
    name=$(basename "$deck" .deck)
    {
        printf 'MAINSIZE 1\n0009 3215-C\n000C 3505 %s ebcdic\n' "$(realpath "$deck")"
        printf '000D 3525 %s.punched ascii clear\n000E 1403 %s.printed clear\n' "$name" "$name"
    } >"$work/$name.conf"
    printf 'ipl 00c\nwait 10\nquit 0\n' >"$work/$name.rc"
    "$build/datbox" run -c "$work/$name.conf" --script "$work/$name.rc" --clock virtual >"$work/$name.out"
    if ! grep -q 'PSW=00020000 0000600D' "$work/$name.out"; then
        echo "guest $name failed on the bare machine:"
        cat "$work/$name.out"
        exit 1
    fi
    echo "guest $name: bare machine OK"
done
