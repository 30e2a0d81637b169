#!/bin/bash
# The panel of a stopped machine with known registers looks as tests/panel/stopped.png; a changed
# register is seen; a panel that only looks on cannot work the keys; a second panel can look at
# the same time; without a machine the panel says what to do.
# usage: shot.sh BUILD [keep]    keep: make the pictures that are compared with
set -euo pipefail
build=$1
dir=$(mktemp -d)
machine=
trap '[ -z "$machine" ] || kill $machine 2>/dev/null || true; rm -rf "$dir"' EXIT

fail() { echo "panel: $*" >&2; exit 1; }

"$build/datbox-panel" --socket "$dir/none.sock" --shot "$dir/none.png" 2>"$dir/error" &&
    fail "a picture of no machine"
grep -q "no running datbox at $dir/none.sock" "$dir/error" || fail "$(cat "$dir/error")"

printf 'MAINSIZE 1\n0009 3215-C\n000C 3505 deck.txt\n00C0 3270\n' >"$dir/machine.conf"
for i in $(seq 400); do echo "CARD $i"; done >"$dir/deck.txt"
"$build/datbox" run -c "$dir/machine.conf" --console none --panel-socket "$dir/p.sock" \
    >"$dir/machine.log" 2>&1 &
machine=$!
until [ -S "$dir/p.sock" ]; do kill -0 $machine || fail "$(cat "$dir/machine.log")"; done

panel() { "$build/datbox-panel" --socket "$dir/p.sock" --paper "$dir/paper.txt" "$@"; }
printf 'LINE ONE\nLINE TWO\n' >"$dir/paper.txt"
panel --command 'gpr 5=AAAAAAAA' --command 'gpr 10=12345678' --command 'r 2000=0A64' \
    --command 'psw 000C0000 00002000' --shot "$dir/answers.png"
panel --shot "$dir/stopped.png" # without the answers to the commands
if [ "${2-}" = keep ]; then
    cp "$dir/stopped.png" tests/panel/stopped.png
fi
"$build/tests/panel/compare" "$dir/stopped.png" tests/panel/stopped.png ||
    fail "the picture is another one"

# Looking on: the command is refused.
panel --view --command 'gpr 5=FFFFFFFF' --shot "$dir/view.png" &
other=$!
panel --shot "$dir/same.png"
wait $other || fail "the panel that looks on"
panel --command 'gpr 5=0' --shot "$dir/answers.png"
panel --shot "$dir/changed.png"
"$build/tests/panel/compare" "$dir/same.png" tests/panel/stopped.png ||
    fail "a panel that only looks on has changed something"
"$build/tests/panel/compare" "$dir/changed.png" tests/panel/stopped.png >/dev/null &&
    fail "a changed register is not seen"
echo "panel: pictures as they should be"
