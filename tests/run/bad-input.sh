#!/bin/sh
# datbox run against bad input: each case must end by itself, with the right status and a
# message that says what to do.  usage: bad-input.sh DATBOX
set -eu
datbox=$(realpath "$1")
work=$(mktemp -d)
trap 'kill $other 2>/dev/null || :; rm -rf "$work"' EXIT
other=
cd "$work"
failed=0
port=$((20000 + $$ % 20000)) # another one for each run

# expect STATUS "TEXT" COMMAND...: runs it; the status and the text must come.
expect() {
    status=$1 text=$2 got=0
    shift 2
    timeout 60 "$@" >out 2>&1 </dev/null || got=$?
    if [ $got != "$status" ] || ! grep -qF -- "$text" out; then
        echo "FAILED: $*"
        echo "  status $got instead of $status, or not said: $text"
        sed 's/^/  | /' out
        failed=1
    fi
}

printf 'message fine\nquit\n' >quit
expect 2 "usage: datbox" "$datbox" run --frobnicate
expect 2 "there is no clock 'sundial'" "$datbox" run --clock sundial
expect 2 "there is no console 'paper'" "$datbox" run --console paper
expect 2 "there is no port '70000'" "$datbox" run --port 70000
expect 2 "unexpected argument 'x'" "$datbox" run x
expect 2 "there is no command 'frobnicate'" "$datbox" frobnicate
expect 1 "no.conf: cannot read this configuration" "$datbox" run -c no.conf

# A configuration with a wrong device number, a wrong type and a missing file.
printf '0009 3215-C\n01G0 3350 x\n0150 9350 x\n' >bad.conf
expect 1 "bad.conf:2: '01G0' is neither a statement nor a device address" "$datbox" run -c bad.conf
expect 1 "bad.conf:3: device 0150: there is no type '9350'" "$datbox" run -c bad.conf
printf '0150 3350 nowhere.3350\n' >bad.conf
expect 1 "bad.conf:1: device 0150 (3350):" "$datbox" run -c bad.conf
head -c 3000 /dev/urandom >bad.conf
expect 1 "bad.conf" "$datbox" run -c bad.conf

# A good one, a script that isn't there, one that fails.
printf '0009 3215-C\n00C0 3215\n' >good.conf
expect 0 "fine" "$datbox" run -c good.conf --script quit
expect 1 "script no: No such file" "$datbox" run -c good.conf --script no
printf 'expect 009 "hello" 1\n' >fails
expect 1 'fails:1: expected "hello" from 009' "$datbox" run -c good.conf --script fails --clock virtual

# A port in use, by a machine that runs.
mkfifo control
"$datbox" run -c good.conf --console line --port $port <control >first 2>&1 &
other=$!
exec 3>control
printf '!message ready\n' >&3
timeout 60 sh -c 'until grep -q "^ready" first; do :; done'
expect 1 "port $port on 127.0.0.1 is in use by another program" "$datbox" run -c good.conf --console none --port $port
printf '!quit\n' >&3
exec 3>&-
wait $other || { echo "FAILED: the first machine ended with $?"; failed=1; }
other=

# The data directory: missing volumes, not to be written, in use.
mkdir bin
cp "$datbox" bin/datbox
expect 1 "the volume $work/box/dbxres.3350 is missing" bin/datbox run --data box --script quit
expect 1 "name one that can be written with --data DIR or DATBOX_DATA" bin/datbox run --data /proc/box --script quit
mkdir -p locked
expect 1 "another datbox is running on it" flock -n locked/lock bin/datbox run --data locked --script quit
mkdir bin/volumes
echo "no volume" >bin/volumes/dbxres.3350
echo "no volume" >bin/volumes/dbxcms.3350
echo "no volume" >bin/volumes/dbxusr.3350
expect 1 "device 0150 (3350):" bin/datbox run --data box --script quit
[ "$(cat box/dbxres.3350)" = "no volume" ] || { echo "FAILED: a volume was changed"; failed=1; }

# The host's disk is full (here: files may have 32 KiB) while the volumes are copied: nothing half
# done stays.
head -c 100000 /dev/urandom >bin/volumes/dbxres.3350
expect 1 "copying $work/bin/volumes/dbxres.3350 to $work/small/dbxres.3350 failed: File too large" \
    sh -c 'ulimit -f 64; exec "$@"' sh bin/datbox run --data small --script quit
[ "$(ls small)" = lock ] || { echo "FAILED: half a volume is left"; ls small; failed=1; }

[ $failed = 0 ] && echo "datbox run: bad input gets clear answers"
exit $failed
