#!/bin/sh
# spool.sh BUILD: sessions with CP's spool on copies of the built volumes, and what they leave on
# the paper.
set -e
build=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
work=$build/tests/golden/spool
volumes=$build/volumes
rm -rf "$work"
mkdir -p "$work"
cd "$work"

fail()
{
    echo "spool: $*"
    exit 1
}

card()
{
    printf '%-80s' "$1" | dd conv=ebcdic 2>/dev/null
}

cat >machine.conf <<END
MAINSIZE 16
0009 3215-C
000C 3505
000D 3525 punch.txt ascii clear
000E 1403 printer.txt clear
00C0.4 3215
0150 3350 $volumes/dbxres.3350 cow
0151 3350 $volumes/dbxcms.3350 cow
0152 3350 $volumes/dbxusr.3350 cow
END

cat >run.txt <<END
USERID CMSUSER
one
USERID STUDENT1 CLASS B
two
USERID NOBODY IS KNOWN
USERID STUDENT1 NAME THIRD DECK
three
USERID NOBODY
three
END
printf 'ID STUDENT1 CLASS L NAME LATE DECK\nlate\n' >late.txt
printf 'no id card\nat all\n' >noid.txt
printf 'ID STUDENT1 CLASS\nx\n' >badid.txt
printf 'ID NOBODY\nx\n' >nobody.txt
head -c 240 /dev/zero >binary.cards
{
    card 'USERID CMSUSER NAME UNITREC DECK'
    cat "$build/tests/guests/unitrec.deck"
} >guest.cards

session()
{
    "$build/datbox" run -c machine.conf --script "$here/spool-$1.script" --clock virtual \
        >"$1.out" 2>&1 || {
        cat "$1.out"
        fail "session $1 failed"
    }
    echo "spool session $1: OK"
}

session decks

session guest
tr -d '\f' <printer.txt | grep -q '^HELLO FROM THE GUEST$' || fail "the guest's line is not on the paper"
[ "$(grep -c '^THIRD CARD OF DATA' printer.txt)" = 2 ] || fail "there are not two copies"
grep -q 'SPOOL FILE ....   TYPE PRT   CLASS A   RECORDS 000008   COPY 2 OF 2' printer.txt ||
    fail "the second copy has no separator page"
grep -q 'FILE NAME GUEST        LISTING ' printer.txt || fail "the separator has no name"
grep -q '      TAG To Whom It May Concern' printer.txt || fail "the separator has no TAG"
grep -q 'MM      MM    SSSSSSSS  UU      UU' printer.txt || fail "there are no block letters"
grep -q 'END OF SPOOL FILE ....   USERID CMSUSER' printer.txt || fail "there is no trailer"
grep -q '^\*\*\*\* CMSUSER  BIN1     FILE .... CLASS A' punch.txt || fail "the punch has no separator card"
grep -q '^THIRD CARD OF DATA$' punch.txt || fail "the card is not punched"

session cms
[ "$(grep -c 'VIENNA        1897491$' printer.txt)" = 2 ] || fail "there are not two copies of CITIES DATA"
grep -q '^query files$' printer.txt || fail "what was typed is not in the console's file"
grep -q '^FILES: NO RDR, NO PRT, NO PUN$' printer.txt || fail "what was shown is not there"
! grep -q 'SPOOL FILE' printer.txt || fail "NOSEP has a separator page"

session paper
[ "$(grep -c 'VIENNA        1897491$' paper2.txt)" = 3 ] || fail "there are not three copies"

# A residence volume with one cylinder of spool space.
volume="$build/datbox volume"
cp "$build/volumes/dbxres.3350" small.3350
$volume allocate small.3350 PERM 6-28 >full.log
sed -i "s|^0150 .*|0150 3350 small.3350|" machine.conf
awk 'BEGIN { print "USERID STUDENT1 CLASS H"
    for (i = 0; i < 3000; i++) printf "%078d.\n", i }' >half.txt
awk 'BEGIN { print "USERID STUDENT1 CLASS M"
    for (i = 0; i < 4000; i++) printf "%078d.\n", i }' >most.txt
tail -n +2 most.txt >most.cards
session full
"$build/datbox" spool small.3350 >full.list 2>&1 || fail "$(cat full.list)"
id=$(awk '$3 == "M" { print $2 }' full.list)
"$build/datbox" spool small.3350 "$id" | cmp - most.cards || fail "cards are lost or changed"

# A file that continues on a second volume, which has the lower address and was not there before. A start
# without that volume asks before anything is lost.
$volume create second.3350 --type 3350 --cyls 3 --volser DBXSP2 >>full.log
$volume format second.3350 >>full.log
$volume allocate second.3350 TEMP 1-2 >>full.log
cp machine.conf one.conf
echo '014F 3350 second.3350' >>machine.conf
session two-volumes
cp machine.conf two.conf
cp one.conf machine.conf
session one-of-two
cp two.conf machine.conf
session again-two
cp one.conf machine.conf
session force
cp two.conf machine.conf
session forced

# The tool's own errors.
refused()
{
    want=$1
    shift
    if "$build/datbox" spool "$@" >refused.out 2>&1; then
        fail "datbox spool $* is no error"
    fi
    grep -q "$want" refused.out || fail "datbox spool $*: $(cat refused.out)"
}
refused 'nowhere.3350' nowhere.3350
refused 'most.txt' most.txt
refused 'has no checkpoint cylinder' "$volumes/dbxusr.3350"
refused 'has no spool file 9876' small.3350 9876
refused 'usage: datbox spool VOLUME' small.3350 9901
refused 'usage: datbox spool VOLUME'
echo "datbox spool: OK"
