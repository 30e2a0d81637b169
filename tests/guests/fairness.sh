#!/bin/sh
# fairness.sh BUILD: eight users; STUDENT1 gives LISTFILE five times while the others do nothing, and
# five times while STUDENT8 is in an endless loop.  Prints how long the answers took in machine time;
# fails if the loop made them slower by half.
# I/O takes no time, so it is the CPU's that is measured.
set -e
build=$1
mkdir -p "$build/tests/guests/fairness"
work=$(realpath "$build/tests/guests/fairness")
cp "$build"/volumes/dbxres.3350 "$build"/volumes/dbxcms.3350 "$build"/volumes/dbxusr.3350 "$work"
{
    printf '%-80s' "USERID STUDENT8 CLASS A NAME LOOP DECK" | iconv -f ASCII -t IBM1047
    cat "$build/tests/guests/loop.deck"
} >"$work/loop.deck"
{
    printf 'MAINSIZE 16\n0009 3215-C\n000C 3505 %s/loop.deck ebcdic\n' "$work"
    printf '000D 3525 %s/punch.txt\n000E 1403 %s/printer.txt\n' "$work" "$work"
    for i in 1 2 3 4 5 6 7 8; do printf '002%d 3215\n' $i; done
    printf '0150 3350 %s/dbxres.3350\n0151 3350 %s/dbxcms.3350\n0152 3350 %s/dbxusr.3350\n' \
        "$work" "$work" "$work"
} >"$work/fairness.conf"

# Five commands, each timed from the typing to the prompt.
five() {
    for n in 1 2 3 4 5; do
        printf 'wait 1\nmessage %s\nclocks\ntype 0021 "listfile * * a"\n' "$1"
        printf 'expect 0021 "Ready" 20\nclocks\n'
    done
}
{
    printf 'ipl 150\nexpect 0009 "BY OPERATOR" 30\n'
    for i in 1 2 3 4 5 6 7 8; do
        printf 'connect 002%d\nexpect 002%d "online"\n' $i $i
        if [ $i = 8 ]; then
            printf 'type 0028 "logon student8 student8 noipl"\nexpect 0028 "LOGON AT"\n'
        else
            printf 'type 002%d "logon student%d student%d"\nexpect 002%d "CMS" 20\n' $i $i $i $i
            printf 'type 002%d ""\nexpect 002%d "Ready" 20\n' $i $i
        fi
    done
    five idle
    printf 'type 0028 "ipl 00c"\n'
    five looping
    printf 'quit 0\n'
} >"$work/fairness.rc"
if ! "$build/datbox" run -c "$work/fairness.conf" --script "$work/fairness.rc" --clock virtual --io immediate \
    >"$work/fairness.out" 2>&1; then
    echo "the fairness session failed:"
    cat "$work/fairness.out"
    exit 1
fi
# "machine time SECONDS, ..." comes twice after each "idle" or "looping".
awk '
/^(idle|looping)$/ { kind = $1; from = 0 }
/^machine time/ {
    t = $3 + 0
    if (!from) { from = t; next }
    sum[kind] += t - from; count[kind]++
}
END {
    if (count["idle"] != 5 || count["looping"] != 5) { print "no measurements"; exit 1 }
    idle = sum["idle"] / 5 * 1000; looping = sum["looping"] / 5 * 1000
    printf "LISTFILE among 8 users: %.2f ms; with one of them looping: %.2f ms\n", idle, looping
    exit looping > idle * 1.5
}' "$work/fairness.out"
