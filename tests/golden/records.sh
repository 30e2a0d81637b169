#!/bin/sh
# records.sh BUILD: what CP records, read on the host: MONITOR's tape and spool files by datbox monitor, which counts
# what the guest of records.script did; accounting cards of devices, which wait for a punch that the machine does not
# have; errors of a damaged tape by datbox errors.
set -e
build=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
work=$build/tests/golden/records
volumes=$build/volumes
rm -rf "$work"
mkdir -p "$work"
cd "$work"

fail()
{
    echo "records: $*"
    exit 1
}

cp "$volumes/dbxres.3350" .
# A tape whose second block's header does not know the first.
{
    printf '\020\000\000\000\240\000ABCDEFGHIJKLMNOP'
    printf '\020\000\143\000\240\000ABCDEFGHIJKLMNOP'
} >damaged.aws
printf '\020\000\000\000\240\000ABCDEFGHIJKLMNOP' >protected.aws
cat >machine.conf <<END
MAINSIZE 16
0009 3215-C
00C0.4 3215
0150 3350 dbxres.3350
0151 3350 $volumes/dbxcms.3350 cow
0152 3350 $volumes/dbxusr.3350 cow
0580 3420 monitor.aws
0581 3420 damaged.aws
0582 3420 protected.aws ro
001E 3211 paper.txt
END
"$build/datbox" run -c machine.conf --script "$here/records.script" --clock virtual >session.out 2>&1 || {
    grep -v '^not stopped' session.out
    fail "the session failed"
}

# What the stream says of the guest's hundred ISK: has FILE PATTERN...
has()
{
    file=$1
    for pattern; do
        [ "$pattern" = "$file" ] || grep -Eq -- "$pattern" "$file" || { cat "$file"; fail "$file: no '$pattern'"; }
    done
}

"$build/datbox" monitor --records monitor.aws >tape.records
has tape.records 'PERFORM start: .* by MAINT, classes F?' 'PERFORM stop: MAINT' 'RESPONSE input: STUDENT1 0C0 .STORE PSW 0 800#BEGIN.' \
    'RESPONSE output: STUDENT1 0C0' 'SCHEDULE add: STUDENT1 Q1' 'SCHEDULE drop: STUDENT1 Q[12].*resident' \
    'SYSPROF drop: STUDENT1' 'USER exits: STUDENT1 own' 'DASTAP activity: .*150 3350 DBXRES' \
    'INSTSIM begins: STUDENT1 820008[0-9A-F]* at 00080A' 'INSTSIM exit: STUDENT1 LPSW took CP'
[ "$(grep -c 'INSTSIM begins: STUDENT1 0902' tape.records)" = 100 ] || fail "not 100 ISK begin"
[ "$(grep -c 'INSTSIM exit: STUDENT1 ISK' tape.records)" = 100 ] || fail "not 100 ISK end"
"$build/datbox" monitor monitor.aws >tape.summary
has tape.summary '^STUDENT1' ' PRIV +101 ' ' ISK +100 ' ' LPSW +1 ' 'on the bare machine' '^CPU: '

"$build/datbox" spool dbxres.3350 >files
set -- $(sed -n 's/^STUDENT1 \([0-9]*\) M PUN.* MONITOR .*/\1/p' files)
[ $# -ge 4 ] || { cat files; fail "$# spool files"; }
"$build/datbox" spool --binary dbxres.3350 "$1" >cards
"$build/datbox" monitor cards >cards.summary
has cards.summary 'Records: PERFORM [0-9]+ USER' '^STUDENT1' ' ISK +100 '
for file; do
    "$build/datbox" spool --binary dbxres.3350 "$file" >one
    "$build/datbox" monitor one >/dev/null || fail "file $file"
done

# Cards: userid, account, time, then binary: connect time, class, type, model, features, cylinders.
cards=$(sed -n 's/^SYSTEM  *\([0-9]*\) C PUN.* ACCOUNT .*/\1/p' files)
for file in $cards; do
    "$build/datbox" spool --binary dbxres.3350 "$file" >card
    printf '%s %s %s\n' "$(head -c 8 card | iconv -f IBM1047)" "$(tail -c 2 card | iconv -f IBM1047)" \
        "$(tail -c +33 card | head -c 6 | od -An -tx1)"
done >accounts
has accounts '^MAINT    02  08 10 .. 00 00 00$' '^STUDENT1 03  04 08 00 00 00 02$' '^STUDENT1 03  04 08 00 00 00 01$' '^STUDENT1 01' '^STUDENT2 01'
[ "$(grep -c ' 0[23] ' accounts)" = 7 ] || { cat accounts; fail "not seven devices"; }

# What was recorded after the area was cleared.
"$build/datbox" errors dbxres.3350 >errors
has errors '^ +1 .* MAINT +GUEST C8C5D3D3D6404040 \*HELLO +\*$' '^ +2 .* MAINT +ERROR  581 3420 .* CSW .*0E.* SENSE 08'
[ "$(wc -l <errors)" = 2 ] || { cat errors; fail "not two errors"; }

# Damage is told, not believed.
head -c 79 cards >short
"$build/datbox" monitor short >/dev/null 2>&1 && fail "a part of a card is read"
"$build/datbox" monitor session.out >/dev/null 2>&1 && fail "anything is read"
echo "records: MONITOR, accounting, forms, errors: as the guests did"
