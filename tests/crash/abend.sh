#!/bin/sh
# abend.sh BUILD: CP's own code is destroyed while it runs.  CP tells the operator, dumps its storage, comes up
# again by itself with the spool files that there were, and users log on again; `datbox dump` tells where it
# happened, by name.  A CP that fails before it is up stops.
set -eu
build=$(realpath "$1")
work=$(mktemp -d /tmp/datbox-abend-XXXXXX)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
    echo "abend: $*" >&2
    cat log >&2
    exit 1
}

cp --sparse=always "$build"/volumes/dbxres.3350 .
printf '%s\n' 'MAINSIZE 4' '0009 3215-C' '000E 1403 paper clear' '00C0.2 3215' '0150 3350 dbxres.3350' \
    "0151 3350 $build/volumes/dbxcms.3350 ro" "0152 3350 $build/volumes/dbxusr.3350 cow" >conf
cat >script <<END
symbols $build/cp.elf
ipl 150
expect 009 "LOGOFF AS AUTOLOG1"
type 009 "DRAIN ALL#SET DUMP AUTO ALL#QUERY DUMP"
expect 009 "DUMP UNIT 150 ALL"
connect 0C0
expect 0C0 "online"
type 0C0 "LOGON STUDENT1 STUDENT1"
expect 0C0 "Ready;"
type 0C0 "PRINT PROFILE EXEC"
expect 0C0 "Ready;"
r query_time=00000000
type 0C0 "#CP QUERY TIME"
expect 009 "CP abend 001: program interruption 0001 in CP at "
expect 009 "Task LOGON"
expect 009 "DMKDMP908I SYSTEM FAILURE CODE 000001"
expect 009 "SYSTEM DUMP: "
expect 009 " PAGES ON DBXRES"
expect 009 "datbox CP Release"
expect 009 "datbox CP SYSTEM RESTART"
expect 009 "SPOOL CKPT START: 0 RDR, 1 PRT"
expect 009 "LOGON AT"
connect 0C1
expect 0C1 "online"
type 0C1 "LOGON STUDENT1 STUDENT1"
expect 0C1 "Ready;"
type 0C1 "#CP QUERY TIME"
expect 0C1 "TIME IS"
type 009 "SHUTDOWN REIPL"
expect 009 "DMKCPI961W SYSTEM SHUTDOWN COMPLETE"
expect 009 "datbox CP SYSTEM RESTART"
expect 009 "SPOOL WARM START:"
expect 009 "LOGON AT"
quit
END
"$build/datbox" run -c conf --script script --clock virtual >log 2>&1 || fail "CP did not come back"
"$build/datbox" dump dbxres.3350 --symbols "$build/cp.elf" >log 2>&1 || fail "no dump"
for line in '^CP abend 001' '^User:    STUDENT1$' '^PSW .*query_time+' \
    '  command_query+' '  command_run+' '^Storage: 4096K'; do
    grep -q "$line" log || fail "the dump does not say $line"
done
[ "$(sed -n 's/^Storage: 4096K, \([0-9]*\) pages .*/\1/p' log)" -gt 200 ] || fail "the pages of guests are not in the dump"
"$build/datbox" dump dbxres.3350 --symbols "$build/cp.elf" query_time.10 >log 2>&1 || fail "no storage"
grep -q ' 00000000 ' log || fail "that is not query_time"

# Too early.
cat >script <<END
symbols $build/cp.elf
b recover
ipl 150
wait
r sysres_write=00000000
b- recover
start
expect 009 "DMKDMP908I SYSTEM FAILURE CODE 000001"
wait
quit
END
"$build/datbox" run -c conf --script script --clock virtual >log 2>&1 || fail "it went on"
grep -q 'stopped: disabled wait PSW=000A0000 00000001' log || fail "it did not stop"
echo "abend: message, dump, restart; SHUTDOWN REIPL"
