#!/bin/sh
# A kill -9 during file updates loses nothing: CMSUSER changes files while datbox is killed at ROUNDS
# points, evenly spread over all its writes to the volumes. After each kill the user's
# disk is consistent, each file is the old or the new one, other users' disks are whole, and the
# system starts and works.  Everything runs by the virtual clock: each round is repeatable.
# usage: crash.sh BUILD [ROUNDS]
set -eu
build=$(realpath "$1")
rounds=${2:-30}
here=$(dirname "$0")
here=$(realpath "$here")
direct=$(realpath "$here/../../cp/datbox.direct")
work=$(mktemp -d /tmp/datbox-crash-XXXXXX)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
    echo "crash test: killed at write $at: $*" >&2
    exit 1
}

disk=dbxusr.3350@CMSUSER:191
volume="$build/datbox volume cms"

run() { # script [environment of datbox]
    script=$1
    shift
    timeout 120 env "$@" "$build/datbox" run -c conf --script "$here/$script" --clock virtual --console none
}

fresh() {
    rm -f -- *.3350 *.journal
    cp --sparse=always pristine/*.3350 .
}

printf '%s\n' 'MAINSIZE 16' '0009 3215-C' '000C 3505' '000D 3525 punch clear' '000E 1403 paper clear' \
    '00C0 3215' '0150 3350 dbxres.3350' '0151 3350 dbxcms.3350' '0152 3350 dbxusr.3350' >conf
i=0
while [ $i -lt 400 ]; do
    echo "old line $i"
    i=$((i + 1))
done >old.data
sed 's/old line/this line is new and longer:/' old.data >new.data
mkdir pristine
cp --sparse=always "$build"/volumes/dbxres.3350 "$build"/volumes/dbxcms.3350 \
    "$build"/volumes/dbxusr.3350 pristine
cd pristine
for name in old new; do
    $volume put $disk ../$name.data --name $name.data --directory "$direct" >/dev/null
done
$volume put $disk ../old.data --name swap.data --directory "$direct" >/dev/null
cd ..

at=none
fresh
run update.script KILL_COUNT=count "LD_PRELOAD=$build/tests/kill_at.so" >log 2>&1 || fail "$(cat log)"
writes=$(cat count)
[ "$writes" -gt "$rounds" ] || fail "only $writes writes"

round=1
while [ "$round" -le "$rounds" ]; do
    at=$((writes * round / (rounds + 1)))
    fresh
    if run update.script KILL_AT=$at "LD_PRELOAD=$build/tests/kill_at.so" >log 2>&1; then
        fail "it was not killed"
    fi
    for user in CMSUSER MAINT STUDENT1; do
        $volume check dbxusr.3350@$user:191 --directory "$direct" >log 2>&1 ||
            fail "$user's disk: $(cat log)"
    done
    $volume get $disk swap.data swap --directory "$direct" >log 2>&1 || fail "$(cat log)"
    cmp -s swap old.data || cmp -s swap new.data || fail "SWAP DATA is neither old nor new"
    $volume get $disk old.data old --directory "$direct" >log 2>&1 || fail "$(cat log)"
    cmp -s old old.data || fail "OLD DATA has changed"
    run again.script >log 2>&1 || fail "afterwards: $(cat log)"
    $volume check $disk --directory "$direct" >log 2>&1 || fail "afterwards: $(cat log)"
    round=$((round + 1))
done
echo "crash test: killed at $rounds of $writes writes, all disks whole"
