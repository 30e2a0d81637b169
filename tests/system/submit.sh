#!/bin/sh
# Proves: `datbox batch --submit` sends decks to a running system as a node of its network, and writes the same
# listings and cards as a system of its own; also when that system is killed meanwhile and comes back. Who does
# not know this node, or is no node, is named.  usage: submit.sh BUILD
set -eu
build=$(realpath "$1")
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d /tmp/datbox-submit-XXXXXX)
system=""
finish() {
    [ -z "$system" ] || kill "$system" 2>/dev/null || true
    wait
    rm -rf "$work"
}
trap finish EXIT
cd "$work"

fail() {
    echo "submit: $*"
    tail -n 5 system.log
    exit 1
}

cp --sparse=always "$build"/volumes/dbxres.3350 "$build"/volumes/dbxcms.3350 "$build"/volumes/dbxusr.3350 .
printf 'LOCAL ALPHA\nLINKDEFINE HOST LINE 030 STREAMS 2 AST\n' >rscs.config
"$build/datbox" volume cms put dbxusr.3350@RSCS:191 rscs.config --directory "$root/cp/datbox.direct" >/dev/null
cat >conf <<END
MAINSIZE 16
0009 3215-C
000C 3505
000D 3525 punch
000E 1403 paper
0030 2703 lnode=ALPHA rnode=HOST lport=$work/line
0150 3350 dbxres.3350
0151 3350 dbxcms.3350
0152 3350 dbxusr.3350
END
printf 'ipl 150\nexpect 009 "this never comes" 600\n' >script
start() {
    "$build/datbox" run -c conf --data . --script script --console none >system.log 2>&1 &
    system=$!
}

# Decks of one and of several jobs, two of the same name in one of them; jobs that fail, print and punch.
mkdir decks
cp "$root/docs/examples/hello.job" decks/a.job
cat "$root/docs/examples/sort.job" "$root/docs/examples/hello.job" "$root/docs/examples/sort.job" >decks/b.job
printf '/JOB CMSUSER 1 BAD\n/SET PRINT 3\nPRINT CITIES DATA *\n/*\n' >decks/c.job
start
status=0
timeout 120 "$build/datbox" batch decks -o sent --submit "$work/line" --nodes host,alpha >sent.log 2>&1 || status=$?
[ $status = 1 ] || fail "a failing job gives $status: $(cat sent.log)"
"$build/datbox" batch --volumes "$build/volumes" decks -o own >own.log 2>&1 || true
# All but the times and counts in the logs.
for file in sent/*.listing own/*.listing; do sed -i 's/^\(JOB .* ENDED RC [0-9]*\) .*/\1/' "$file"; done
for file in own/*.listing own/*.punch; do cmp "$file" "sent/${file#own/}" || fail "$file"; done
[ "$(ls own)" = "$(ls sent)" ] || fail "$(ls sent) and $(ls own)"
python3 - own/jobs.json sent/jobs.json <<'END' || fail "jobs.json: $(cat sent/jobs.json)"
import json, sys
own, sent = ([json.loads(line) for line in open(name)] for name in sys.argv[1:])
for name in "number", "job", "output", "user", "account", "rc", "lines", "cards":
    assert [j[name] for j in own] == [j[name] for j in sent], name
assert all(j["cpu"] > 0 and j["sio"] > 0 and j["arrived"] <= j["started"] < j["ended"] for j in sent)
END

# The system is killed when it has the first job, and comes back: each job's output is here, once.
i=0
mkdir many
while [ $i -lt 12 ]; do
    i=$((i + 1))
    printf '/JOB CMSUSER 1 MANY%s\nHELLO\nPRINT CITIES DATA *\n/*\n' $i >many/$i.job
done
timeout 120 "$build/datbox" batch many -o many.out --submit "$work/line" --nodes host,alpha >many.log 2>&1 &
submit=$!
timeout 60 sh -c 'tail -n +1 -f many.log | grep -q -m 1 " sent"' || fail "no job was sent: $(cat many.log)"
kill -9 $system
wait $system 2>/dev/null || true
start
wait $submit || fail "jobs with a kill end with $?: $(cat many.log)"
grep -q "^12 jobs in " many.log || fail "$(cat many.log)"
i=0
while [ $i -lt 12 ]; do
    i=$((i + 1))
    [ "$(grep -c "HELLO, WORLD" many.out/MANY$i.listing)" = 1 ] || fail "MANY$i: $(cat many.out/MANY$i.listing)"
    grep -q "WIEN\|VIENNA\|BERLIN" many.out/MANY$i.listing || fail "MANY$i has not printed"
done

# A node that does not know us; somebody who is no node.
status=0
timeout 60 "$build/datbox" batch decks -o none --submit "$work/line" --nodes nobody,alpha >none.log 2>&1 || status=$?
[ $status = 1 ] || fail "an unknown node gives $status"
grep -q "the other side refuses: it knows no such link" none.log || fail "$(cat none.log)"
"$build/datbox" batch decks -o none --submit "$work/line" >none.log 2>&1 && fail "--submit without --nodes was taken"
grep -q "wants --nodes" none.log || fail "$(cat none.log)"
echo "submit: a node gets what its own system would give, also when the other one is killed"
