#!/bin/sh
# A fixed-block disk under CP: the operator attaches it, CMS formats and uses it (by DIAGNOSE 18, then by
# SIO), and the host's check finds it whole, with the files that CMS wrote.
# usage: fixed.sh BUILD
set -eu
build=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
"$build/datbox" volume create f.3370 --type 3370 --blocks 20000
{
    cat <<'END'
attach 0158 3370 f.3370
ipl 150
expect 009 "LOGON AT"
connect 0C0
expect 0C0 "online"
type 0C0 "LOGON STUDENT1 STUDENT1"
expect 0C0 "Ready;"
type 009 "ATTACH 158 STUDENT1 194"
expect 009 "DEV  158 ATTACH TO STUDENT1 194"
type 0C0 "CP QUERY VIRTUAL 194"
expect 0C0 "DEV  194 ON DEV 158 3370"
type 0C0 "FORMAT 194 C (BLKSIZE 4096"
expect 0C0 "(YES"
type 0C0 "YES"
expect 0C0 "LABEL"
type 0C0 "FIXED"
expect 0C0 "'20000' FB-512 BLOCKS FORMATTED ON 'C(194)'"
END
    for line in 'COPYFILE TOUR EXEC S TOUR EXEC C' 'SET DISKIO SIO' 'COPYFILE CMS HELP S CMS HELP C' 'ACCESS 194 C' \
        'COMPARE CMS HELP S CMS HELP C' 'SET DISKIO DIAG' 'COMPARE TOUR EXEC S TOUR EXEC C'; do
        printf 'type 0C0 "%s"\nexpect 0C0 "Ready;"\n' "$line"
    done
    echo quit
} >script
timeout 100 "$build/datbox" run --data data --clock virtual --console none --script script >log 2>&1 || {
    tail -5 log
    exit 1
}
"$build/datbox" volume cms check f.3370
[ "$("$build/datbox" volume cms list f.3370 | wc -l)" = 2 ]
echo "fixed-block disk under CP: formatted, written, whole"
