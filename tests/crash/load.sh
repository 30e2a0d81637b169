#!/bin/bash
# load.sh BUILD [ROUNDS]: kill -9 at random moments while nine CMS users copy, print and punch.  Then every
# spool file that CP had told a user of is there, once, and whole; no user's disk has a block that is
# shared or lost; and a checkpoint start finds just these files.  The seed of the moments is ROUNDS'.
set -eu
build=$(realpath "$1")
rounds=${2:-2}
here=$(cd "$(dirname "$0")" && pwd)
direct=$here/../../cp/datbox.direct
work=$(mktemp -d /tmp/datbox-load-XXXXXX)
trap 'rm -rf "$work"' EXIT
cd "$work"
users="STUDENT1 STUDENT2 STUDENT3 STUDENT4 STUDENT5 STUDENT6 STUDENT7 STUDENT8 CMSUSER"
RANDOM=$((rounds + 1))
round=0

fail() {
    echo "crash under load, round $round: $*" >&2
    exit 1
}

printf '%s\n' 'MAINSIZE 4' '0009 3215-C' '000C 3505' '000D 3525 punch clear' '000E 1403 paper clear' \
    '00C0.16 3215' '0150 3350 dbxres.3350' '0151 3350 dbxcms.3350 ro' '0152 3350 dbxusr.3350' >conf
mkdir pristine
cp --sparse=always "$build"/volumes/dbx{res,usr}.3350 pristine
cp --sparse=always "$build"/volumes/dbxcms.3350 .
seq -f 'line %g of the data that is copied, printed and punched again and again' 150 >old.data
for user in $users; do
    for file in "$here/load.exec" old.data; do
        "$build/datbox" volume cms put "pristine/dbxusr.3350@$user:191" "$file" --directory "$direct"
    done
done >/dev/null

# Each sends its decks to the next one.
{
    echo 'ipl 150'
    echo 'expect 009 "LOGOFF AS AUTOLOG1"'
    echo 'type 009 "DRAIN ALL"'
    device=$((0xc0))
    for user in $users; do
        line=$(printf %X $device)
        printf 'connect %s\nexpect %s "online"\ntranscript %s told.%s\n' "$line" "$line" "$line" "$user"
        printf 'type %s "LOGON %s %s"\nexpect %s "Ready;"\n' "$line" "$user" "$user" "$line"
        device=$((device + 1))
    done
    device=$((0xc0))
    for user in $users; do
        next=${users#*"$user"}
        set -- $next STUDENT1
        printf 'type %X "LOAD %s"\n' $device "$1"
        device=$((device + 1))
    done
    echo 'expect 0C0 "the end" 100000'
} >load.script
cat >look.script <<'END'
ipl 150
expect 009 "SPOOL CKPT START: "
expect 009 "LOGON AT"
quit
END

files=0
while [ "$round" -lt "$rounds" ]; do
    round=$((round + 1))
    rm -f told.* ./*.journal
    cp --sparse=always pristine/*.3350 .
    "$build/datbox" run -c conf --script load.script --clock virtual >run.log 2>&1 &
    pid=$!
    # When the load has begun, and up to two seconds later.
    until grep -qs 'PRT FILE' told.STUDENT1 || ! kill -0 $pid 2>/dev/null; do sleep 0.05; done
    sleep "$((RANDOM % 2)).$(printf %03d $((RANDOM % 1000)))"
    kill -9 $pid || fail "it ended by itself: $(cat run.log)"
    wait $pid 2>/dev/null || true
    "$build/datbox" spool dbxres.3350 >list 2>errors || fail "$(cat errors)"
    [ ! -s errors ] || fail "$(cat errors)"
    awk 'FNR == NR { if ($2 ~ /^[0-9]+$/ && there[$2]++) { print "file " $2 " is there twice"; bad = 1 } next }
        / (PRT|PUN) FILE |^(PRT|PUN) FILE / {
            for (i = 1; i < NF; i++) if ($i == "FILE" && $(i + 1) ~ /^[0-9]+$/) {
                told++
                if (!($(i + 1) in there)) { print "file " $(i + 1) " is lost"; bad = 1 } } }
        END { print told + 0 > "count"; exit bad }' list told.* >verdict || fail "$(cat verdict)"
    files=$((files + $(cat count)))
    for user in $users; do
        "$build/datbox" volume cms check "dbxusr.3350@$user:191" --directory "$direct" >log 2>&1 ||
            fail "$user's disk: $(cat log)"
    done
    "$build/datbox" run -c conf --script look.script --clock virtual >look.log 2>&1 || fail "$(cat look.log)"
    "$build/datbox" spool dbxres.3350 | cut -c 1-60 | sort >after
    grep -q 'DMKCKS' look.log && fail "$(cat look.log)"
    awk '$2 ~ /^[0-9]+$/ && $3 == "L" { print $1, $2 }' list | sort >before.ids
    awk '$2 ~ /^[0-9]+$/ && $3 == "L" { print $1, $2 }' after | sort >after.ids
    # Nothing is lost by the start; what the printer took meanwhile is of class L neither.
    cmp -s before.ids after.ids || fail "the checkpoint start has other files: $(diff before.ids after.ids)"
done
[ "$files" -gt "$rounds" ] || fail "only $files files were told of"
echo "crash under load: killed $rounds times, $files spool files told of, all there; all disks whole"
