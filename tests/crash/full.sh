#!/bin/sh
# A full disk of the host (no file may be written beyond 100 blocks: the same to a program): the
# operator is told which volume, the program gets its error, the system goes on, and all files are
# as they were.
# usage: full.sh BUILD
set -eu
build=$(realpath "$1")
here=$(realpath "$(dirname "$0")")
direct=$(realpath "$here/../../cp/datbox.direct")
work=$(mktemp -d /tmp/datbox-full-XXXXXX)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
    echo "full disk test: $*" >&2
    cat log >&2
    exit 1
}

disk=dbxusr.3350@CMSUSER:191
volume="$build/datbox volume cms"
printf '%s\n' 'MAINSIZE 16' '0009 3215-C' '000C 3505' '000D 3525 punch' '000E 1403 paper' '00C0 3215' \
    '0150 3350 dbxres.3350' '0151 3350 dbxcms.3350' '0152 3350 dbxusr.3350' >conf
cp --sparse=always "$build"/volumes/dbxres.3350 "$build"/volumes/dbxcms.3350 \
    "$build"/volumes/dbxusr.3350 .
$volume list $disk --directory "$direct" >before
(ulimit -f 100
timeout 120 "$build/datbox" run -c conf --script "$here/full.script" --clock virtual --console none >log 2>&1) ||
    fail "the script failed"
grep -q '0152: ./dbxusr.3350: cannot write cylinder' log || fail "the operator was not told"
$volume check $disk --directory "$direct" >log 2>&1 || fail "the disk is damaged"
$volume list $disk --directory "$direct" >after
cmp before after >log || fail "files have changed"
sed -e 's/NOT UPDATED/Ready/' "$here/full.script" >again.script
timeout 120 "$build/datbox" run -c conf --script again.script --clock virtual --console none >log 2>&1 ||
    fail "afterwards"
$volume list $disk --directory "$direct" >log 2>&1
grep -q 'NEW  *EXEC' log || fail "the file is not there afterwards"
echo "full disk test: told, refused, nothing lost"
