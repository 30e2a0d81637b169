#!/bin/sh
# Popek and Goldberg's equivalence, as far as a console shows it: the same CMS runs the same session on
# the bare machine (level 0), under CP (1), under CP under CP (2), and so on; the transcripts must be
# equal. What CP itself says (a file that was printed) does not count. Prints what the session took on each
# level, in instructions of the machine.  usage: cms-both.sh BUILD [LAST-LEVEL]
#
# An inner CP has a pack of its own, as second-level systems had: its three volumes are minidisks on
# it of the user NEST, who IPLs them; behind them lies the pack for the next level.
set -e
build=$1 last=${2:-1}
here=$(dirname "$0")
work=$build/tests/both
rm -rf "$work"
mkdir -p "$work"
volumes=../../volumes

printf '0042 ANSWER\n0007 DAYS\n0012 MONTHS\n0003 LEVELS\n' >"$work/numbers.txt"

cat >"$work/0.conf" <<END
MAINSIZE 1
0009 3215-C
000C 3505 numbers.txt
000D 3525 0-punch.txt
000E 1403 0-printer.txt
0190 3350 $volumes/dbxcms.3350 ro
0191 3350 $volumes/dbxwrk.3350 cow
END
{
    echo 'transcript 009 0.out'
    echo 'ipl 190'
    echo 'expect 009 "Ready;"'
    echo 'clocks'
    sed '/^#/d; s/CONSOLE/009/' "$here/cms-both.session"
    echo 'clocks'
} >"$work/0.script"

# The pack of the last level but N: volumes on cylinders 1 to 124, and the next pack from 125 on.
pack() {
    "$build/datbox" volume create "$work/pack$1.3350" --type 3350 --cyls $((125 * $1)) --volser PACK01
    "$build/tests/guests/place" "$work/nest.3350" "$work/pack$1.3350" 1
    "$build/tests/guests/place" "$build/volumes/dbxcms.3350" "$work/pack$1.3350" 61
    "$build/tests/guests/place" "$build/volumes/dbxusr.3350" "$work/pack$1.3350" 81
    [ "$1" = 1 ] || "$build/tests/guests/place" "$work/pack$(($1 - 1)).3350" "$work/pack$1.3350" 125
}

if [ "$last" -gt 1 ]; then
    {
        cat "$here/../../cp/datbox.direct"
        cat <<'END'
USER NEST NEST 6M 16M G
 OPTION ECMODE REALTIMER
 CONSOLE 009 3215
 SPOOL 00C 3505 *
 SPOOL 00D 3525 A
 SPOOL 00E 1403 A
 MDISK 150 3350 001 060 PACK01 MR
 MDISK 151 3350 061 020 PACK01 MR
 MDISK 152 3350 081 044 PACK01 MR
END
        [ "$last" = 2 ] || echo " MDISK 160 3350 125 $((125 * (last - 2))) PACK01 MR"
    } >"$work/nest.direct"
    cp "$build/volumes/dbxres.3350" "$work/nest.3350"
    "$build/datbox" volume directory "$work/nest.3350" "$work/nest.direct" >"$work/nest.log" 2>&1 ||
        { cat "$work/nest.log"; exit 1; }
    for n in $(seq $((last - 1))); do pack "$n"; done
fi

# What is typed until a user of level $1 sits in CMS.
script() {
    echo "transcript 0C0 $1.out"
    echo 'ipl 150'
    echo 'expect 009 "LOGOFF AS AUTOLOG1"'
    echo 'connect 0C0'
    echo 'expect 0C0 "online"'
    for n in $(seq $(($1 - 1))); do
        cat <<'END'
type 0C0 "logon nest nest"
expect 0C0 "LOGON AT" 300
type 0C0 "terminal linedel off chardel off escape off linend off"
type 0C0 "set linedit off"
type 0C0 "ipl 150"
expect 0C0 "LOGOFF AS AUTOLOG1" 300
type 0C0 "logoff"
expect 0C0 "online  line 009" 300
END
    done
    echo 'type 0C0 "logon cmsuser cmsuser"'
    echo 'expect 0C0 "Ready;" 300'
    # The cards that the bare machine has in its reader: punched, as a reader of a deck for an inner
    # CP would take the next ID card in it for the beginning of another deck.
    cat <<'END'
type 0C0 "edit numbers cards"
expect 0C0 "EDIT:" 300
type 0C0 "input"
expect 0C0 "INPUT:" 300
END
    sed 's/.*/type 0C0 "&"/' "$work/numbers.txt"
    cat <<'END'
type 0C0 ""
expect 0C0 "EDIT:" 300
type 0C0 "file"
expect 0C0 "Ready;" 300
type 0C0 "spool d to *"
expect 0C0 "Ready;" 300
type 0C0 "punch numbers cards a (noheader"
expect 0C0 "Ready;" 300
type 0C0 "spool d off"
expect 0C0 "Ready;" 300
type 0C0 "release y"
expect 0C0 "Ready;" 300
clocks
END
    sed '/^#/d; s/CONSOLE/0C0/; /^expect/s/$/ 300/' "$here/cms-both.session"
    echo 'clocks'
}

for level in $(seq "$last"); do
    {
        printf 'MAINSIZE 16\n0009 3215-C\n000C 3505\n'
        printf '000D 3525 %s-punch.txt\n000E 1403 %s-printer.txt\n00C0 3215\n' "$level" "$level"
        printf '0151 3350 %s/dbxcms.3350 cow\n0152 3350 %s/dbxusr.3350 cow\n' $volumes $volumes
        if [ "$last" -gt 1 ]; then
            echo '0150 3350 nest.3350 cow'
            echo "0160 3350 pack$((last - 1)).3350 cow"
        else
            echo "0150 3350 $volumes/dbxres.3350 cow"
        fi
    } >"$work/$level.conf"
    script "$level" >"$work/$level.script"
done

for level in $(seq 0 "$last"); do
    if ! (cd "$work" && ../../datbox run -c "$level.conf" --clock virtual --script "$level.script" \
        </dev/null >"$level.log" 2>&1); then
        echo "level $level: the session failed; $work/$level.log ends with:"
        tail -5 "$work/$level.log"
        exit 1
    fi
    # Where commands lie in storage depends on which disks were accessed before.
    sed -n '/^R;/,$p' "$work/$level.out" | grep -Ev '^(..:..:.. )?P(RT|UN) (FILE|00[DE] OUTPUT) ' |
        sed 's/^GPR .*//' >"$work/$level.txt"
    if ! diff -u "$work/0.txt" "$work/$level.txt"; then
        echo "CMS does not answer the same under CP (level $level) as on the bare machine"
        exit 1
    fi
    grep 'machine time' "$work/$level.log" | awk -v level="$level" -v lines="$(wc -l <"$work/0.txt")" '
        { seconds = $3 - before; count = $4 - n; before = $3; n = $4 }
        END { printf "CMS at level %d: %d lines, the same; %.2f s, %d instructions\n", level, lines, seconds, count }'
done
