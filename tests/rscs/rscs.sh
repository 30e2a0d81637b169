#!/bin/sh
# Three systems, ALPHA - BETA - GAMMA: files, messages and commands go both ways through BETA, which is
# killed (SIGKILL) at several of its writes to disk, in the middle of files, and comes back each time.
# Proves: each file arrives once, whole and in the form in which it was sent, and none stays behind; a job
# runs two nodes away, and its output comes home; SENDFILE, TELL, RSCS's commands and console, its printer and
# its accounting.  ALPHA and BETA have an adapter between them, BETA and GAMMA a line, and ALPHA's RSCS a virtual
# adapter to one in another virtual machine.  GAMMA has another neighbour,
# at the same port, who is no datbox and behaves badly (peer.c): what that sends, and what it is sent,
# comes once and whole as well, and the operator is told what is wrong.
# usage: rscs.sh BUILD [KILLS]
set -eu
build=$(realpath "$1")
kills=${2:-1}
here=$(realpath "$(dirname "$0")")
direct=$here/../../cp/datbox.direct
work=$(mktemp -d /tmp/datbox-rscs-XXXXXX)
running=""
finish_running() {
    for pid in $running; do kill "$pid" 2>/dev/null || true; done
    wait
    running=""
}
finish() {
    finish_running
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' TERM
cd "$work"

fail() {
    echo "rscs.sh: $*" >&2
    tail -n 12 ./*/log >&2
    exit 1
}
cms() { "$build/datbox" volume cms "$@" --directory "$direct" >/dev/null; }

# NAME LINES CONFIG: a system of its own.
make_system() {
    mkdir "$1"
    cp --sparse=always "$build"/volumes/dbxres.3350 "$build"/volumes/dbxcms.3350 \
        "$build"/volumes/dbxusr.3350 "$1"
    printf '%b' "$3" >rscs.config
    cms put "$1/dbxusr.3350@RSCS:191" rscs.config
    printf '%b' "MAINSIZE 16\n0009 3215-C\n000C 3505\n000D 3525 punch\n000E 1403 paper\n00C0 3215\n00C1 3215\n$2" \
        >"$1/conf"
    printf '%s\n' "0150 3350 dbxres.3350" "0151 3350 dbxcms.3350" "0152 3350 dbxusr.3350" >>"$1/conf"
}
run() { # NAME SECONDS, and the environment: in a subshell, which becomes the system
    cd "$1"
    script=$here/$1.script
    seconds=$2
    shift 2
    exec timeout "$seconds" env "$@" "$build/datbox" run -c conf --data . --script "$script" --console none >log 2>&1
}

make_system alpha "0500 CTCA connect=$work/ab\n001F 1403 /dev/full\n" \
    "LOCAL ALPHA\nLINKDEFINE BETA TYPE CTCA LINE 500 STREAMS 2 AST\nROUTE GAMMA TO BETA\nLINKDEFINE PRT1 TYPE PRINTER LINE 01F NOSEP AST\nAUTH OPERATOR\n"
make_system beta "0500 CTCA listen=$work/ab\n0031 2703 lnode=BETA rnode=GAMMA lport=$work/bc rport=$work/cb\n" \
    "LOCAL BETA\nLINKDEFINE ALPHA TYPE CTCA LINE 500 STREAMS 2 AST\nLINKDEFINE GAMMA LINE 031 STREAMS 3 AST\n"
make_system gamma "0031 2703 lnode=GAMMA rnode=BETA lport=$work/cb rport=$work/bc\n0032 2703 lnode=GAMMA rnode=PEER lport=$work/cb rport=$work/pc\n" \
    "LOCAL GAMMA\nLINKDEFINE BETA LINE 031 AST\nROUTE * TO BETA\nLINKDEFINE PEER LINE 032 TIMEOUT 2 AST\n"

seq -f 'line %g of the first file' 1 30 >first.data
seq -f '%06g: a line of the big file, as long as a card lets it be, behind its number' 1 3000 >big.data
seq -f 'back %g' 1 500 >back.data
for page in 1 2 3 4 5; do
    echo "1PAGE $page"
    seq -f ' line %g' 2 10
done >pages.listing
cp "$here/../../docs/examples/hello.job" hello.job
cms put alpha/dbxusr.3350@CMSUSER:191 first.data big.data hello.job pages.listing
printf "LOCAL DELTA\nLINKDEFINE ALPHA TYPE CTCA LINE 600 AST\n" >rscs.config
cms put alpha/dbxusr.3350@STUDENT2:191 rscs.config
echo "* ALPHA RSCS" >system.netid
cms put alpha/dbxusr.3350@CMSUSER:191 system.netid
echo "* GAMMA RSCS" >system.netid
cms put gamma/dbxusr.3350@STUDENT1:191 back.data system.netid

run alpha 300 &
alpha=$!
run gamma 300 &
gamma=$!
timeout 200 "$build/tests/peer" pc cb back.data >peer.log 2>&1 &
peer=$!
running="$alpha $gamma $peer"
n=0
while [ "$n" -lt "$kills" ]; do
    n=$((n + 1))
    rm -f ab bc
    status=0
    { (run beta 10 LD_PRELOAD="$build/tests/kill_at.so" KILL_AT=$((30 + n * 100 / kills))) || status=$?; } 2>/dev/null
    # 124: it has got everything through before the write at which it was to be killed.
    [ $status = 137 ] || [ $status = 124 ] || fail "BETA was not killed: $status"
done
rm -f ab bc
run beta 300 &
beta=$!
running="$running $beta"
wait $alpha || fail "ALPHA's session"
wait $gamma || fail "GAMMA's session"
wait $peer || fail "the peer's session: $(tail -n 3 peer.log)"
running=$beta
finish_running

for name in one two three; do
    cms get gamma/dbxusr.3350@STUDENT1:191 $name.data $name.got
done
cms get alpha/dbxusr.3350@CMSUSER:191 back.data back.got
sed 's/ *$//' back.got | cmp - back.data || fail "what came back to ALPHA"
# The second page was begun before the printer was full; then one was passed over.
[ "$(tr -d '\f\r' <alpha/paper.txt | grep PAGE | tr '\n' ' ')" = "PAGE 1 PAGE 2 PAGE 4 PAGE 5 " ] ||
    fail "the printer's pages: $(cat alpha/paper.txt)"
"$build/datbox" print alpha/paper.txt -o paper.pdf >/dev/null && [ "$(head -c 5 paper.pdf)" = "%PDF-" ] || fail "no PDF of the paper"
grep -q "^RSCS    CMSUSER ALPHA   ALPHA   PRT1    PRT1    .*AP............50  C0$" alpha/punch &&
    [ $(grep -c "^RSCS    CMSUSER ALPHA   GAMMA   STUDENT1BETA .*[AR]S............50  C0$" alpha/punch) -ge 4 ] &&
    grep -q "^RSCS    STUDENT1GAMMA   ALPHA   CMSUSER BETA    ....00000500AR............10  C0$" alpha/punch ||
    fail "accounting: $(cat alpha/punch)"
cms get gamma/dbxusr.3350@STUDENT1:191 its.data its.got
cmp its.got first.data || fail "what SENDFILE sent"
cms get alpha/dbxusr.3350@CMSUSER:191 hello.listing hello.got
grep -q "HELLO, WORLD" hello.got || fail "the job's output: $(cat hello.got)"
found=0
for name in one two three; do
    sed 's/ *$//' $name.got >got
    for sent in first big; do
        cmp -s got $sent.data && found=$((found + 1))
    done
done
[ $found -ge 2 ] || fail "the files at GAMMA"
grep -q "line 30 of the first file" one.got two.got three.got || fail "the listing"
"$build/datbox" spool gamma/dbxres.3350 | grep "^STUDENT2" >peer.files || true
[ $(wc -l <peer.files) = 1 ] || fail "the peer's file: $(cat peer.files)"
"$build/datbox" spool gamma/dbxres.3350 "$(sed 's/^STUDENT2 *\([0-9]*\).*/\1/' peer.files)" | tr '\f\r' '\n\n' >peer.got
[ $(grep -c "THE PEERS LINE" peer.got) = 60 ] && grep -q "^SPANNED *X*$" peer.got && grep -q "^X*ZZZZZZZZ$" peer.got ||
    fail "the peer's listing: $(cat peer.got)"
for name in alpha beta gamma; do
    "$build/datbox" spool $name/dbxres.3350 >left.log 2>&1
    if grep -q " RSCS " left.log; then fail "$name kept: $(cat left.log)"; fi
done
echo "rscs: three systems, the middle one killed $kills times: each file came once"
