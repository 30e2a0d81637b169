#!/bin/sh
# Measures: jobs a second of `datbox batch` against the number of batch machines and systems.  Of ten
# jobs six are short, one sorts, one assembles, one loops until its time is over, one fills its disk; all
# must be accounted for.  usage: bench-batch.sh BUILD [JOBS] ["MACHINES SYSTEMS" ...]
set -eu
build=$(realpath "$1")
jobs=${2:-200}
[ $# -lt 2 ] && shift || shift 2
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cp "$root/docs/examples/sort.job" 6.job
printf '/JOB BENCH 1 SHORT\nHELLO\nLISTFILE * * A\nTYPE CITIES DATA *\n/*\n' >short.job
for n in 0 1 2 3 4 5; do cp short.job $n.job; done
{
    printf '/JOB BENCH 1 ASM\nREADCARD FIRST ASSEMBLE A\n'
    cat "$root/tests/golden/cms-assembler/first.assemble"
    printf '/*\nASSEMBLE FIRST\n/*\n'
} >7.job
printf '/JOB BENCH 1 LOOP\n/SET TIME 1\nLOOP\n/*\n' >8.job
cat >9.job <<'END'
/JOB BENCH 1 FILL
READCARD FILL EXEC A
&CONTROL OFF
COPYFILE CITIES DATA * ONE DATA A
-AGAIN
COPYFILE ONE DATA A TWO DATA A ( APPEND
&IF &RETCODE NE 0 &EXIT &RETCODE
COPYFILE TWO DATA A ONE DATA A ( APPEND
&IF &RETCODE NE 0 &EXIT &RETCODE
&GOTO -AGAIN
/*
FILL
/*
END
n=0
while [ $n -lt "$jobs" ]; do
    echo "$((n % 10)).job"
    n=$((n + 1))
done >manifest
[ $# -gt 0 ] || set -- "1 1" "2 1" "4 1" "1 2" "1 4" "2 2"
printf '%8s %8s %8s  %s\n' machines systems jobs result
for shape; do
    status=0
    "$build/datbox" batch --volumes "$build/volumes" --manifest manifest -o out --machines "${shape% *}" \
        --systems "${shape#* }" --clock virtual --io immediate >log 2>&1 || status=$?
    [ "$(grep -c '"job":' out/jobs.json)" = "$jobs" ] && [ $status -le 1 ] || {
        tail log
        exit 1
    }
    [ "$(grep -c '"rc":107' out/jobs.json)" = $((jobs / 10)) ] || { echo "not every loop was ended"; exit 1; }
    printf '%8s %8s %8s  %s\n' "${shape% *}" "${shape#* }" "$jobs" "$(tail -1 log)"
    rm -r out
done
