#!/bin/sh
# Proves: `datbox batch` runs decks through the real reader and CMSBATCH and writes what they
# print and punch; the same decks give the same bytes under the virtual clock; a job that
# fails or is cancelled makes the status 1 and does not stop the next one; a deck that is none
# is refused.  A manifest's decks run when, where and in which order it says.  usage: batch.sh BUILD
set -eu
build=$(realpath "$1")
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$build/tests/batch
rm -rf "$work"
mkdir -p "$work"
cd "$work"
batch="timeout 120 $build/datbox batch --volumes $build/volumes"

fail() {
    echo "batch: $*"
    exit 1
}

for run in one two; do
    $batch "$root/docs/examples/hello.job" "$root/docs/examples/sort.job" -o $run --clock virtual \
        >$run.log 2>&1 || fail "the example jobs end with $?: $(cat $run.log)"
done
diff -r one two || fail "two runs under the virtual clock differ"
grep -q "HELLO, WORLD" one/HELLO.listing || fail "HELLO has not said its word"
[ "$(head -1 one/SORT.punch)" = "BASEL          173232" ] || fail "SORT has not sorted"
[ "$(wc -l <one/SORT.punch)" = 6 ] || fail "SORT has not punched all cards"
grep -q "^SORT *00000 " one.log || fail "no line about SORT"

# The host's clock gives the same cards.
$batch "$root/docs/examples/sort.job" -o three >three.log 2>&1 || fail "$(cat three.log)"
cmp one/SORT.punch three/SORT.punch

# A job whose command fails, one that is cancelled by a program check, one that is well, in one
# deck; the last of them under the name of the first.
cat >bad.job <<'END'
/JOB CMSUSER 1 BAD
ERASE NOTHING HERE A
/*
/JOB CMSUSER 1 CRASH
CRASH
HELLO
/*
/JOB CMSUSER 1 BAD
HELLO
/*
END
status=0
$batch bad.job -o bad --clock virtual >bad.log 2>&1 || status=$?
[ $status = 1 ] || fail "a failing job gives status $status: $(cat bad.log)"
grep -q "^BAD *00028 " bad.log || fail "BAD's return code: $(cat bad.log)"
grep -q "^CRASH *00106 " bad.log || fail "CRASH's return code: $(cat bad.log)"
grep -q "HELLO, WORLD" bad/BAD.2.listing || fail "the job behind the cancelled one did not run"
grep -q "HELLO, WORLD" bad/CRASH.listing && fail "a cancelled job went on"

# A job that exceeds its time.
printf '/JOB CMSUSER 1 LONG\n/SET TIME 1\nLOOP\n/*\n' >long.job
status=0
$batch long.job -o long --clock virtual >long.log 2>&1 || status=$?
[ $status = 1 ] || fail "a job over its time gives status $status: $(cat long.log)"
grep -q "^LONG *00107 " long.log || fail "LONG's return code: $(cat long.log)"

# One that prints, and one that punches more than it said.
{
    printf '/JOB CMSUSER 1 LINES\n/SET PRINT 3\nPRINT CITIES DATA *\nHELLO\n/*\n'
    printf '/JOB CMSUSER 1 CARDS\n/SET PUNCH 2\nPUNCH CITIES DATA *\n/*\n'
    printf '/JOB CMSUSER 1 ENOUGH\n/SET PRINT 300\nPRINT CITIES DATA *\n/*\n'
} >output.job
status=0
$batch output.job -o output --clock virtual >output.log 2>&1 || status=$?
[ $status = 1 ] || fail "jobs over their output give status $status: $(cat output.log)"
grep -q "^LINES *00109 " output.log || fail "LINES's return code: $(cat output.log)"
grep -q "^CARDS *00109 " output.log || fail "CARDS's return code: $(cat output.log)"
grep -q "^ENOUGH *00000 " output.log || fail "ENOUGH's return code: $(cat output.log)"
grep -q "EXCEEDS ITS LIMIT OF PRINTED LINES" output/LINES.listing || fail "no message about lines"

# A listing as a PDF.
"$build/datbox" print one/SORT.listing -o sort.pdf >print.log 2>&1 || fail "print: $(cat print.log)"
pdftotext -layout sort.pdf - | grep -q "BERLIN *3664088" || fail "the PDF has not got the listing"

# A manifest: decks that come later, go first, or to the batch machine of their class; several
# batch machines in one system give the same bytes twice, several systems the same output.
mkdir -p folder tasks
cp "$root/docs/examples/hello.job" folder/a.job
cp "$root/docs/examples/sort.job" folder/b.job
cat >manifest <<'END'
# comment
folder/a.job
folder/b.job class=b at=0.25
folder/a.job priority=1 at=1.5
folder/a.job priority=9 at=1.5
END
for run in m1 m2; do
    $batch --manifest manifest -o $run --clock virtual --machines 2 --classes A,AB >$run.log 2>&1 ||
        fail "the manifest's jobs end with $?: $(cat $run.log)"
done
diff -r m1 m2 || fail "two runs with two batch machines differ"
for run in four1 four2; do
    $batch folder folder folder -o $run --clock virtual --machines 4 >$run.log 2>&1 || fail "four machines: $(cat $run.log)"
done
diff -r four1 four2 || fail "two runs with four batch machines differ"
[ "$(grep -o '"machine":"[A-Z0-9]*"' four1/jobs.json | sort -u | wc -l)" = 4 ] || fail "not all four machines had work"
[ "$(grep -c '"job":' m1/jobs.json)" = 4 ] || fail "not four jobs in jobs.json: $(cat m1/jobs.json)"
python3 - m1/jobs.json <<'END' || fail "jobs.json: $(cat m1/jobs.json)"
import json, sys
jobs = [json.loads(line) for line in open(sys.argv[1])]
assert [j["job"] for j in jobs] == ["HELLO", "SORT", "HELLO", "HELLO"]
assert jobs[1]["machine"] == "BATCH2" and jobs[1]["started"] >= jobs[1]["arrived"] == 0.25
assert jobs[3]["started"] < jobs[2]["started"], "the one of higher priority goes first"
assert all(j["rc"] == 0 and j["cpu"] > 0 and j["sio"] > 0 and j["lines"] > 0 for j in jobs)
assert all(abs(j["ended"] - j["started"] - j["elapsed"]) < 1e-5 for j in jobs)
END
cmp m1/SORT.punch one/SORT.punch
xmllint --noout m1/queue.svg 2>/dev/null || grep -q "</svg>" m1/queue.svg || fail "queue.svg"
$batch folder folder -o systems --clock virtual --systems 2 >systems.log 2>&1 ||
    fail "two systems end with $?: $(cat systems.log)"
grep -q '"system":2' systems/jobs.json || fail "the second system has not run"
cmp systems/SORT.2.punch one/SORT.punch

# The same as tasks, each a run of its own, collected; what is missing or no result is named.
for task in 1 2; do
    $batch folder folder -o tasks/$task --clock virtual --task $task/2 >task.log 2>&1 || fail "task $task: $(cat task.log)"
done
"$build/datbox" batch --collect tasks -o collected >collected.log 2>&1 || fail "collect ends with $?: $(cat collected.log)"
diff -r systems collected || fail "two tasks give other bytes than two systems"
sed -i '1s/"number":1,/"number":9,/' tasks/1/jobs.json
rm -r tasks/2
status=0
"$build/datbox" batch --collect tasks -o part >part.log 2>&1 || status=$?
[ $status = 1 ] || fail "collecting half of the tasks gives $status"
grep -q "tasks/1/jobs.json: line 1 is no job of this run" part.log || fail "$(cat part.log)"
grep -q "there is no result of task 2 of 2" part.log || fail "$(cat part.log)"

for bad in "folder/a.job at=x" "folder/a.job priority=100" "folder/a.job class=??" "folder/a.job size=1"; do
    echo "$bad" >bad-manifest
    $batch --manifest bad-manifest -o none >none.log 2>&1 && fail "a manifest with '$bad' was taken"
    grep -q "bad-manifest: line 1: " none.log || fail "$(cat none.log)"
done
echo "folder/a.job class=Z" >bad-manifest
$batch --manifest bad-manifest --classes A -o none >none.log 2>&1 && fail "a class without a machine"
grep -q "no batch machine takes class Z" none.log || fail "$(cat none.log)"

# A session at a line is logged, without the passwords, and replayed as a job.
mkdir box
cat >session.script <<'END'
ipl 150
expect 009 "BATCH MACHINE READY"
connect 0c0
type 0c0 "logon cmsuser"
expect 0c0 "PASSWORD"
type 0c0 "cmsuser"
expect 0c0 "Ready"
type 0c0 "hello"
expect 0c0 "HELLO, WORLD"
type 0c0 "#cp query time"
expect 0c0 "CONNECT="
type 0c0 "listfile nothing here a"
expect 0c0 "Ready(00028)"
type 0c0 "logoff"
expect 0c0 "LOGOFF AT"
quit
END
"$build/datbox" run --data box --script session.script --console none --log-input log >session.log 2>&1 ||
    fail "the session: $(cat session.log)"
printf '%s\n' '/JOB CMSUSER 1 CMSUSER' hello '* #cp query time' 'listfile nothing here a' '/*' |
    cmp - log/CMSUSER-1.job || fail "the logged deck: $(cat log/*)"
status=0
$batch log -o replayed --clock virtual >replayed.log 2>&1 || status=$?
[ $status = 1 ] || fail "the replayed session gives $status: $(cat replayed.log)"
grep -q "^CMSUSER *00028 " replayed.log || fail "$(cat replayed.log)"
grep -q "HELLO, WORLD" replayed/CMSUSER.listing || fail "HELLO was not replayed"

# What is no deck.
printf 'HELLO\n' >none.job
$batch none.job -o none >none.log 2>&1 && fail "a deck without /JOB was taken"
grep -q "none.job: there is no /JOB card" none.log || fail "$(cat none.log)"
$batch nowhere.job -o none >none.log 2>&1 && fail "a deck that isn't there was taken"
grep -q "nowhere.job: No such file" none.log || fail "$(cat none.log)"
head -c 4000 /dev/urandom >random.job
$batch random.job -o none >none.log 2>&1 && fail "a random deck was taken"
echo "batch: jobs run, fail, are cancelled and end, the same bytes twice"
