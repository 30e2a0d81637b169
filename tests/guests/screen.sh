#!/bin/sh
# screen.sh BUILD DECK: a guest that writes and reads a formatted 3270 screen, driven by a script
# of the machine, and by s3270 through TN3270.  It must end with the PSW that says that all went
# well, and show what was typed.
set -e
build=$1
deck=$(realpath "$2")
work=$build/tests/guests/screen
port=$((20000 + $$ % 20000))
mkdir -p "$work"
printf 'MAINSIZE 1\n0009 3215-C\n000C 3505 %s ebcdic\n00C0 3270\n' "$deck" >"$work/conf"

fail() {
    echo "guest screen, $1:"
    cat "$work"/*.out
    exit 1
}

cat >"$work/script.rc" <<'EOF2'
ipl 00c
connect 0c0
expect 0c0 "DATBOX TEST"
type 0c0 "hello"
key 0c0 ENTER
expect 0c0 "HELLO"
key 0c0 HOME
type 0c0 "again "
key 0c0 TAB
key 0c0 ENTER
expect 0c0 "AGAIN"
screen 0c0
key 0c0 PF3
wait 10
quit
EOF2
rm -f "$work"/*.out
"$build/datbox" run -c "$work/conf" --script "$work/script.rc" --clock virtual >"$work/script.out" ||
    fail "driven by a script"
grep -q 'PSW=00020000 0000600D' "$work/script.out" || fail "driven by a script"
grep -q 'DATBOX TEST' "$work/script.out" || fail "the screen was not printed"

# s3270 connects as soon as the port is open, and ends when the machine has ended.
printf 'ipl 00c\nwait 20\nquit\n' >"$work/s3270.rc"
"$build/datbox" run -c "$work/conf" --script "$work/s3270.rc" --port $port >"$work/datbox.out" &
machine=$!
{
    echo 'Wait(InputField)'
    echo 'String("world")'
    echo 'Enter()'
    echo 'Wait(Unlock)'
    echo 'Ascii(1,0,1,80)'
    echo 'PF(3)'
    echo 'Wait(Disconnect)'
} >"$work/s3270.in"
tries=0
until s3270 -connecttimeout 20 127.0.0.1:$port <"$work/s3270.in" >"$work/s3270.out" 2>&1 &&
    grep -q 'WORLD' "$work/s3270.out"; do
    tries=$((tries + 1))
    [ $tries -lt 50 ] && kill -0 $machine 2>/dev/null || break
done
wait $machine || fail "driven by s3270"
grep -q 'Name  *world  *WORLD' "$work/s3270.out" || fail "driven by s3270"
grep -q 'PSW=00020000 0000600D' "$work/datbox.out" || fail "driven by s3270"
echo "guest screen: by script and by s3270 OK"
