#!/bin/bash
# The file system on the target: CMS on the bare machine runs COPYFILE, RENAME, SORT, EXECIO and ERASE while
# datbox is killed at its writes to the disk, one after the other (at ROUNDS of them, or at all), on an EDF
# disk, one of 800-byte blocks and a fixed-block one.  After each kill the disk passes the check and CMS
# takes it; KEEP DATA is what it was, SWAP DATA the old or the new one.  By the virtual clock: each
# round is repeatable.
# usage: cms.sh BUILD [ROUNDS]
set -eu
build=$(realpath "$1")
rounds=${2:-3}
work=$(mktemp -d /tmp/datbox-crash-cms-XXXXXX)
trap 'rm -rf "$work"' EXIT
cd "$work"
volume="$build/datbox volume"

fail() {
    echo "crash of CMS's file system: $kind, killed at write $at: $*" >&2
    exit 1
}

run() { # script [environment]
    script=$1
    shift
    timeout 60 env "$@" "$build/datbox" run -c conf --script "$script" --clock virtual --console none >log 2>&1
}

{
    printf 'ipl 190\nexpect 009 "Ready;"\n'
    while read -r line; do
        printf 'type 009 "%s"\nexpect 009 "Ready"\n' "$line"
    done <<'END'
copyfile new data a swap data a (replace
copyfile keep data a more data a
rename more data a less data a
copyfile keep data a less data a (append
execio 20 diskw lines data a (string one more line of it
copyfile keep data a swap data a (replace
END
    printf 'type 009 "sort keep data a sorted data a"\nexpect 009 "FIELDS"\ntype 009 "1 4"\nexpect 009 "Ready"\n'
    printf 'type 009 "erase less data a"\nexpect 009 "Ready"\ntype 009 "erase * data a2"\nexpect 009 "Ready"\nquit\n'
} >change.script
{
    printf 'ipl 190\nexpect 009 "Ready;"\n'
    printf 'type 009 "%s"\nexpect 009 "Ready;"\n' 'state keep data a' 'copyfile keep data a after data a (replace' \
        'compare keep data a after data a'
    echo quit
} >again.script
awk 'BEGIN { for (i = 0; i < 150; i++) printf "%04d kept line\n", i * 7919 % 1000 }' >keep.data
awk 'BEGIN { for (i = 0; i < 200; i++) printf "%04d a new line, longer\n", i }' >new.data

make_disk() {
    rm -f fresh
    case $kind in
    fixed) $volume create fresh --type 3370 --blocks 3000 && $volume cms-format fresh ;;
    cdf) $volume create fresh --cyls 2 && $volume cms-format fresh --blksize 800 ;;
    edf) $volume create fresh --cyls 2 && $volume cms-format fresh ;;
    esac
    $volume cms put fresh keep.data new.data
    $volume cms put fresh keep.data --name swap.data
    type=3350
    [ $kind != fixed ] || type=3370
    printf '%s\n' 'MAINSIZE 1' '0009 3215-C' "0190 3350 $build/volumes/dbxcms.3350 ro" "0191 $type disk" >conf
}

for kind in edf cdf fixed; do
    at=none
    make_disk >/dev/null
    cp fresh disk
    run change.script KILL_COUNT=count "LD_PRELOAD=$build/tests/kill_at.so" || fail "$(tail -3 log)"
    writes=$(cat count)
    step=1
    [ "$rounds" = all ] || step=$(((writes + rounds - 1) / rounds))
    done=0
    for ((at = 1; at <= writes; at += step)); do
        rm -f disk disk.journal
        cp fresh disk
        ! (run change.script KILL_AT=$at "LD_PRELOAD=$build/tests/kill_at.so") 2>/dev/null || fail "it was not killed"
        $volume cms check disk >log 2>&1 || fail "$(cat log)"
        $volume cms get disk keep.data keep && cmp -s keep keep.data || fail "KEEP DATA has changed"
        $volume cms get disk swap.data swap || fail "SWAP DATA is gone"
        cmp -s swap keep.data || cmp -s swap new.data || fail "SWAP DATA is neither old nor new"
        run again.script || fail "afterwards: $(tail -3 log)"
        $volume cms check disk >log 2>&1 || fail "afterwards: $(cat log)"
        done=$((done + 1))
    done
    echo "crash of CMS's file system: $kind, killed at $done of $writes writes, the disk whole each time"
done
