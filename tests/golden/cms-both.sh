#!/bin/sh
# Popek and Goldberg's equivalence, as far as a console shows it: the same CMS runs the same
# session on the bare machine and under CP; the transcripts must be equal.  What CP itself
# says (a file that was printed) does not count.  usage: cms-both.sh BUILD
set -e
build=$1
here=$(dirname "$0")
work=$build/tests/both
rm -rf "$work"
mkdir -p "$work"
volumes=../../volumes

printf '0042 ANSWER\n0007 DAYS\n0012 MONTHS\n0003 LEVELS\n' >"$work/numbers.txt"
{ echo "USERID CMSUSER"; cat "$work/numbers.txt"; } >"$work/deck.txt"

cat >"$work/bare.conf" <<END
MAINSIZE 1
0009 3215-C
000C 3505 numbers.txt
000D 3525 bare-punch.txt
000E 1403 bare-printer.txt
0190 3350 $volumes/dbxcms.3350 ro
0191 3350 $volumes/dbxwrk.3350 cow
END
{
    echo 'transcript 009 bare.out'
    echo 'ipl 190'
    echo 'expect 009 "Ready;"'
    sed '/^#/d; s/CONSOLE/009/' "$here/cms-both.session"
} >"$work/bare.script"

cat >"$work/cp.conf" <<END
MAINSIZE 16
0009 3215-C
000C 3505 deck.txt
000D 3525 cp-punch.txt
000E 1403 cp-printer.txt
00C0 3215
0150 3350 $volumes/dbxres.3350 cow
0151 3350 $volumes/dbxcms.3350 cow
0152 3350 $volumes/dbxusr.3350 cow
END
{
    echo 'transcript 0C0 cp.out'
    echo 'ipl 150'
    echo 'expect 009 "LOGOFF AS AUTOLOG1"'
    echo 'connect 0C0'
    echo 'expect 0C0 "online"'
    echo 'type 0C0 "logon cmsuser cmsuser"'
    echo 'expect 0C0 "Ready;"'
    echo 'type 0C0 "release y"'
    echo 'expect 0C0 "Ready;"'
    sed '/^#/d; s/CONSOLE/0C0/' "$here/cms-both.session"
} >"$work/cp.script"

for system in bare cp; do
    if ! (cd "$work" && ../../datbox run -c $system.conf --clock virtual --script $system.script \
        </dev/null >$system.log 2>&1); then
        echo "$system: the session failed; $work/$system.log ends with:"
        tail -5 "$work/$system.log"
        exit 1
    fi
    # Where commands lie in storage depends on which disks were accessed before.
    sed -n '/^R;/,$p' "$work/$system.out" | grep -v '^P[RU][TN] FILE ' |
        sed 's/GPR 0-3.*//' >"$work/$system.txt"
done
if ! diff -u "$work/bare.txt" "$work/cp.txt"; then
    echo "CMS does not answer the same under CP as on the bare machine"
    exit 1
fi
echo "CMS on the bare machine and under CP: $(wc -l <"$work/cp.txt") lines, the same"
