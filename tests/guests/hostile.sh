#!/bin/bash
# hostile.sh BUILD ROUNDS SEED...: hostile guests (c/hostile.c) beside others that must not notice.
#
# STUDENT1 and STUDENT2 run hostile guests; ROUNDS times, a second of machine time apart, they IPL them
# again. STUDENT3 is in CMS, with two equal files in its reader: one is read before, one after, and both must be
# equal. STUDENT4 runs c/victim.c, which looks at every word of its storage all the time. STUDENT5 is not
# logged on: its minidisk and everything else on the volumes that is not the hostile guests' to write
# must be the same afterwards. CP is the debug nucleus, which checks its control blocks and its code at
# every dispatch; it must be up to the end, answer, and SHUTDOWN.  It records all that MONITOR can, for a moment every half
# minute.
set -e
build=$1 rounds=$2
shift 2
guests=$build/tests/guests
work=$(mktemp -d "$guests/hostile.XXXXXX")
work=$(realpath "$work")
trap 'rm -rf "$work"' EXIT

# card USERID NAME: an ID card in EBCDIC.
card() {
    printf '%-80s' "USERID $1 CLASS A NAME $2 DECK" | tr a-z A-Z | iconv -f ASCII -t IBM1047
}

# deck NAME SEED: an IPL deck of the guest in C.
deck() {
    cp "$guests/$1.bin" "$work/image"
    printf "\\x$(printf '%02x' $(($2 >> 8)))\\x$(printf '%02x' $(($2 & 255)))" |
        dd of="$work/image" bs=1 seek=10 conv=notrunc status=none
    "$guests/mkdeck" "$work/image" "$work/image.deck"
    cat "$work/image.deck"
}

text() {
    for i in $(seq 200); do printf '%-80s' "LINE $i OF WHAT MUST NOT CHANGE"; done | iconv -f ASCII -t IBM1047
}

all_decks() {
    for i in $(seq "$rounds"); do
        card STUDENT1 HOSTILE; deck hostile "$1"
        card STUDENT2 HOSTILE; deck hostile $(($1 + 1000))
    done
    card STUDENT3 BEFORE; text
    card STUDENT3 AFTER; text
    card STUDENT4 VICTIM; deck victim 0
}

script() {
    printf 'transcript 0009 %s/console\n' "$work"
    printf 'ipl 150\nexpect 0009 "BY OPERATOR" 30\nwait 60\n'
    for i in 1 2 3 4; do
        printf 'connect 002%d\nexpect 002%d "online"\n' $i $i
        printf 'type 002%d "logon student%d student%d %s"\n' $i $i $i "$([ $i = 3 ] || echo noipl)"
        printf 'expect 002%d "LOGON AT"\n' $i
    done
    cat <<'END'
expect 0023 "CMS" 20
type 0023 ""
expect 0023 "Ready" 20
type 0023 "readcard before text a"
expect 0023 "Ready;" 20
type 0024 "ipl 00c"
type 0009 "monitor enable all#monitor limit 40 sample#monitor interval 30#monitor start spool buffs 10"
expect 0009 "COMPLETE"
END
    for i in $(seq "$rounds"); do
        for user in 1 2; do printf 'type 002%d "#CP CLOSE 00C#READY 00C#IPL 00C"\n' $user; done
        echo 'wait 1'
    done
    cat <<'END'
type 0021 "#CP"
type 0022 "#CP"
wait 2
type 0023 "readcard after text a"
expect 0023 "Ready;" 300
type 0023 "compare before text a after text a"
expect 0023 "Ready;" 300
type 0024 "#CP EXTERNAL"
expect 0024 "DISABLED WAIT PSW '00020000 0000600D'" 300
type 0009 "indicate exits student1"
expect 0009 "BARE MACHINE" 300
type 0009 "indicate exits student2"
expect 0009 "BARE MACHINE" 300
clocks
type 0009 "shutdown"
expect 0009 "SYSTEM SHUTDOWN COMPLETE" 100
quit 0
END
}

# differ FILE COPY CYLINDER...: fails if the 3350 images differ in another cylinder than these.
differ() {
    old=$1 new=$2
    shift 2
    cmp -l "$old" "$new" | awk -v allowed=" $* " '
        { c = int(($1 - 1 - 512) / (30 * 19456)) }
        !index(allowed, " " c " ") { bad[c]++ }
        END { for (c in bad) { print "cylinder " c " has changed"; failed = 1 }; exit failed }'
}

{
    printf 'MAINSIZE 4\n0009 3215-C\n000C 3505 %s/reader.deck ebcdic\n' "$work"
    printf '000D 3525 %s/punch.txt\n000E 1403 %s/printer.txt\n' "$work" "$work"
    for i in 1 2 3 4; do printf '002%d 3215\n' $i; done
    for v in 0=res 1=cms 2=usr; do printf '015%s 3350 %s/dbx%s.3350\n' ${v%=*} "$work" ${v#*=}; done
} >"$work/machine.conf"
# The checker is there and finds a byte of the nucleus' code that has changed.
end=$(nm "$build/cp-debug.elf" | awk '/__text_end/ { print $1 }')
cp "$build/volumes/dbxres-debug.3350" "$work/dbxres.3350"
cp "$build"/volumes/dbxcms.3350 "$build"/volumes/dbxusr.3350 "$work"
: >"$work/reader.deck"
{
    printf 'ipl 150\nexpect 0009 "BY OPERATOR" 30\nwait 60\nr %X=07\n' $((0x$end - 2))
    for i in $(seq 50); do printf 'type 0009 "query time"\nwait 1\n'; done
    printf 'expect 0009 "CP abend 006: "\nquit 0\n'
} >"$work/found"
if ! "$build/datbox" run -c "$work/machine.conf" --script "$work/found" --clock virtual >"$work/out" 2>&1; then
    echo "the debug nucleus does not notice that its code has changed:"
    cat "$work/out"
    exit 1
fi

script >"$work/script"
status=0
for seed; do
    cp "$build/volumes/dbxres-debug.3350" "$work/dbxres.3350"
    cp "$build"/volumes/dbxcms.3350 "$build"/volumes/dbxusr.3350 "$work"
    all_decks "$seed" >"$work/reader.deck"
    if ! timeout 600 "$build/datbox" run -c "$work/machine.conf" --script "$work/script" --clock virtual \
        --io immediate >"$work/out" 2>&1; then
        echo "hostile guests, seed $seed: failed"
        cat "$work/out"
        status=1
    elif grep 'CP abend' "$work/console"; then
        echo "hostile guests, seed $seed: CP has failed, and come back"
        status=1
    elif ! differ "$build/volumes/dbxcms.3350" "$work/dbxcms.3350" ||
        ! differ "$build/volumes/dbxusr.3350" "$work/dbxusr.3350" 9 10 11 12 13 20 21 22 23 24 25 26 27 28; then
        echo "hostile guests, seed $seed: a disk has changed that is not theirs"
        status=1
    else
        echo "hostile guests, seed $seed: CP and the others unharmed ($(grep -o '[0-9]* instructions' "$work/out" | tail -1))"
    fi
done
exit $status
