#!/bin/sh
# spool-kill.sh BUILD [ROUNDS]: kill -9 at different times while decks are read, files changed and
# purged.  Then every file whose arrival CP had told is there whole, every file whose purge it had
# told is gone (looked at with `datbox spool`), and CP comes up with them.
set -e
build=$(realpath "$1")
rounds=${2:-8}
work=$build/tests/golden/spool-kill
volumes=$build/volumes
rm -rf "$work"
mkdir -p "$work"
cd "$work"

cat >machine.conf <<END
MAINSIZE 16
0009 3215-C
000C 3505
000D 3525 punch.txt ascii clear
000E 1403 printer.txt clear
00C0.2 3215
0150 3350 dbxres.3350
0151 3350 $volumes/dbxcms.3350 cow
0152 3350 $volumes/dbxusr.3350 cow
END

# Decks of one block to four; the class tells them from the system's own files.
for size in 1 30 90 200; do
    {
        echo "USERID STUDENT1 CLASS K NAME DECK$size"
        awk -v n=$size 'BEGIN { for (i = 0; i < n; i++)
            printf "card %05d of a deck ..........................................\n", i }'
    } >deck$size.txt
done

# Every second deck is changed, every third purges the oldest.
cat >churn.script <<END
ipl 150
expect 009 "AUTO LOGON"
connect 0c0
type 0c0 "logon student1 noipl"
expect 0c0 "PASSWORD"
type 0c0 "student1"
expect 0c0 "LOGON AT"
transcript 0c0 told.txt
END
awk 'BEGIN {
    split("1 30 90 200", size)
    for (i = 1; i <= 2000; i++) {
        printf "devinit 00c deck%d.txt\nexpect 0c0 \"FROM STUDENT1 COPY\"\n", size[i % 4 + 1]
        if (i % 2 == 0)
            printf "type 0c0 \"change rdr all copy %d\"\nexpect 0c0 \"CHANGED\"\n", i % 90 + 1
        if (i % 12 == 0)
            printf "type 0c0 \"purge rdr class k\"\nexpect 0c0 \"PURGED\"\n"
    }
}' >>churn.script

# It says how many files there are.
cat >look.script <<END
ipl 150
expect 009 "AUTO LOGON"
type 009 "query rdr student1 all"
wait 2
type 009 "purge system rdr all"
expect 009 "PURGED"
transcript 009 after.txt
type 009 "query files system"
expect 009 "FILES: NO RDR"
quit
END

fail()
{
    echo "spool kill, round $round: $*"
    exit 1
}

round=0
files=0
while [ $round -lt "$rounds" ]; do
    round=$((round + 1))
    cp "$volumes/dbxres.3350" dbxres.3350
    : >told.txt
    # IPL and logon take about half a second.  When the kill comes does not matter, only that it
    # comes at many different places.
    "$build/datbox" run -c machine.conf --script churn.script >churn.out 2>&1 &
    pid=$!
    sleep "$(awk -v r=$round 'BEGIN { print 0.6 + r % 10 * 0.13 }')"
    kill -9 $pid || fail "it ended by itself"
    wait $pid 2>/dev/null || true
    "$build/datbox" spool dbxres.3350 >list.txt 2>errors.txt || fail "$(cat errors.txt)"
    [ -s errors.txt ] && fail "$(cat errors.txt)"
    # What came since the last purge is there; what was purged is not.  Every twelfth deck is followed
    # by a purge: then some may be gone without a word.
    awk '
        FNR == NR { if ($1 == "STUDENT1" && $3 == "K") there[$2] = 1; next }
        /FROM STUDENT1/ { for (i = 1; i < NF; i++) if ($i == "FILE") { came[$(i + 1)] = 1; n++ } }
        /PURGED/ { for (id in came) { gone[id] = 1; delete came[id] }; n = 0 }
        END {
            for (id in gone) if (id in there) { print "file " id " is back"; bad = 1 }
            for (id in came) if (!(id in there) && n < 12) { print "file " id " is lost"; bad = 1 }
            exit bad
        }' list.txt told.txt >verdict.txt || fail "$(cat verdict.txt)"
    files=$((files + $(grep -c ' K RDR' list.txt || true)))
    if [ $((round % 4)) = 0 ]; then
        "$build/datbox" run -c machine.conf --script look.script --clock virtual >look.out 2>&1 ||
            fail "$(cat look.out)"
        grep -q 'IS LOST' look.out && fail "$(cat look.out)"
    fi
done
echo "spool killed $rounds times, $files files found whole: OK"
