#!/bin/sh
# Proves: decks that users spool to CMSBATCH run in the batch machines of their class, one of which is logged on when
# it is needed; a job is ended by its class's limits, and /SET cannot raise them; anybody can look at the queue, and hold
# and purge their own decks; a batch machine that was logged off is logged on again; each job makes an accounting
# record.  usage: queue.sh BUILD
set -eu
build=$(realpath "$1")
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d /tmp/datbox-queue-XXXXXX)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
    echo "queue: $*"
    tail -n 15 log
    exit 1
}

cp --sparse=always "$build"/volumes/dbxres.3350 "$build"/volumes/dbxcms.3350 "$build"/volumes/dbxusr.3350 .
printf '%s\n' '* a machine for each' 'MACHINE BATCH1 CLASSES AB' 'MACHINE BATCH2 CLASSES C STANDBY' \
    'CLASS A TIME 2' 'CLASS B PRINT 3' >batch.config
printf '/JOB CMSUSER 77 LIMIT\n/SET PRINT 900\nPRINT CITIES DATA *\n/*\n' >limit.job
printf '/JOB CMSUSER 77 LONG\nLOOP\n/*\n' >long.job
printf '/JOB CMSUSER 77 NEXT\nHELLO\n/*\n' >next.job
cms() { "$build/datbox" volume cms put "dbxusr.3350@$1:191" "$2" --directory "$root/cp/datbox.direct" >/dev/null; }
cms CMSBATCH batch.config
for job in limit long next; do cms CMSUSER $job.job; done
printf '%s\n' 'MAINSIZE 16' '0009 3215-C' '000C 3505' '000D 3525 punch' '000E 1403 paper' '00C0 3215' \
    '0150 3350 dbxres.3350' '0151 3350 dbxcms.3350' '0152 3350 dbxusr.3350' >conf
cat >script <<'END'
ipl 150
expect 009 "MSG FROM CMSBATCH: BATCH MACHINE READY"
connect 0c0
type 0c0 "logon cmsuser cmsuser"
expect 0c0 "Ready;"
type 0c0 "smsg cmsbatch query"
expect 0c0 "NO JOB WAITS OR RUNS"
type 0c0 "smsg cmsbatch query limits"
expect 0c0 "CLASS A TIME 2 PRINT 0 PUNCH 0"
expect 0c0 "CLASS B TIME 0 PRINT 3 PUNCH 0"
# A class that no machine takes waits, until its owner purges it.
type 0c0 "cp spool punch to cmsbatch class h"
type 0c0 "punch next job a ( noheader"
expect 0c0 "PUN FILE 0002 TO   CMSBATCH"
type 0c0 "smsg cmsbatch query queue"
expect 0c0 "0002 H CMSUSER           NEXT     JOB          3 WAITS"
type 0c0 "smsg cmsbatch hold 2"
expect 0c0 "DECK 0002 HELD"
type 0c0 "smsg cmsbatch query"
expect 0c0 "3 HELD"
type 0c0 "smsg cmsbatch free 2"
expect 0c0 "DECK 0002 FREED"
type 0c0 "smsg cmsbatch purge 2"
expect 0c0 "DECK 0002 PURGED"
type 0c0 "smsg cmsbatch purge 2"
expect 0c0 "DMSBTM208E NO DECK 2 OF YOURS WAITS"
type 0c0 "smsg cmsbatch jump"
expect 0c0 "DMSBTM201E INVALID COMMAND JUMP"
# Its class's limit ends it, whatever its /SET says.
type 0c0 "cp spool punch class b"
type 0c0 "punch limit job a ( noheader"
expect 009 "MSG FROM BATCH1  : JOB LIMIT ENDED RC 109"
# One that runs is seen to run, until its machine is logged off, which is on again when there is work.
type 0c0 "cp spool punch class a"
type 0c0 "punch long job a ( noheader"
expect 009 "JOB LONG OF CMSUSER STARTED"
type 0c0 "smsg cmsbatch query"
expect 0c0 "RUNS IN BATCH1"
type 009 "force batch1"
expect 009 "LOGOFF AS BATCH1"
type 0c0 "punch next job a ( noheader"
expect 009 "JOB NEXT ENDED RC 0"
type 0c0 "punch long job a ( noheader"
expect 009 "MSG FROM BATCH1  : JOB LONG ENDED RC 107"
# A machine that stands by takes its class once it is there.
type 0c0 "cp spool punch class c"
type 0c0 "punch next job a ( noheader"
type 0c0 "smsg cmsbatch query machines"
expect 0c0 "BATCH1   CLASSES AB"
expect 0c0 "BATCH2   CLASSES C NOT LOGGED ON"
type 009 "autolog batch2"
expect 009 "MSG FROM BATCH2  : JOB NEXT ENDED RC 0"
type 009 "shutdown"
expect 009 "SYSTEM SHUTDOWN COMPLETE"
quit
END
timeout 120 "$build/datbox" run -c conf --data . --script script --console none --clock virtual --io immediate >log 2>&1 || fail "the session"
# Columns 9 to 78: user, account, job, node, class, return code, CPU time in ms.
for record in "BATCH1  CMSUSER 77      LIMIT           B00109" "BATCH1  CMSUSER 77      LONG            A001070000[12]" \
    "BATCH2  CMSUSER 77      NEXT            C00000"; do
    grep -q "^$record" punch || fail "no accounting record $record: $(grep 'CMSUSER 77' punch)"
done
echo "queue: decks run in the machines of their class, within its limits"
