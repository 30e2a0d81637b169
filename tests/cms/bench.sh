#!/bin/bash
# What CMS costs: copying 10 MB, sorting 100,000 records, an EXEC of 100,000 clauses, assembling 19,805
# statements; on the bare machine, and under CP with disks by DIAGNOSE 18 and by SIO, with the exits from
# the virtual machine for each 4096 bytes copied.  In millions of instructions, virtual and with CP's part:
# CPU time as CMS's Ready line has it, under the virtual clock (100 ns for one), so that it does not depend
# on the host.
# usage: bench.sh BUILD
set -eu
build=$(realpath "$1")
here=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mega=10
records=$((mega * 1024 * 1024 / 80))

awk -v n=$records 'BEGIN {
    for (i = 0; i < n; i++) printf "%07d THE QUICK BROWN FOX JUMPS OVER THE LAZY DOG %d\n", i, i * 7919 % 1000
}' >big.data
awk 'BEGIN { srand(370); for (i = 0; i < 100000; i++) printf "%08d%08d REST\n", rand() * 1e8, i }' >recs.data
cat >loop.exec <<'END'
&CONTROL OFF
&I = 0
&LOOP 4 25000
&I = &I + 1
&IF &I EQ 25001 &EXIT 1
&A = &CONCAT X &I
&B = &SUBSTR &A 2 3
&TYPE &I &A &B
END
awk 'BEGIN {
    print "BIG      CSECT\n         BALR  12,0\n         USING *,12"
    for (i = 0; i < 6600; i++)
        printf "L%-7d LA    %d,%d(1,2)\n         AR    3,4\n         SR    5,6\n", i, i % 12, i % 4000
    print "         BR    14\n         END"
}' >big.assemble

"$build/datbox" volume create bench.3350 --type 3350 --cyls 120 >/dev/null
"$build/datbox" volume cms-format bench.3350 --label BENCH >/dev/null
"$build/datbox" volume cms put bench.3350 big.data big.assemble --recfm F --lrecl 80
"$build/datbox" volume cms put bench.3350 recs.data --recfm F --lrecl 40
"$build/datbox" volume cms put bench.3350 loop.exec

# The commands, with an expectation each; CONSOLE becomes the console's address.
copying() { # console
    sed "s/CONSOLE/$1/" <<'END'
type CONSOLE "copyfile big data a copy data a"
expect CONSOLE "Ready;" 3600
END
}
exits() { # console
    printf 'type %s "indicate exits"\nexpect %s "Ready"\n' "$1" "$1"
}
programs() { # console
    sed "s/CONSOLE/$1/" <<'END'
type CONSOLE "sort recs data a sorted data a"
expect CONSOLE "FIELDS"
type CONSOLE "1 8"
expect CONSOLE "Ready;" 3600
type CONSOLE "loop"
expect CONSOLE "Ready;" 3600
type CONSOLE "assemble big (noprint noxref"
expect CONSOLE "Ready;" 3600
END
}

cat >bare.conf <<END
MAINSIZE 16
0009 3215-C
0190 3350 $build/volumes/dbxcms.3350 ro
0191 3350 bench.3350 cow
END
{
    printf 'transcript 009 bare.out\nipl 190\nexpect 009 "Ready;"\n'
    copying 009
    programs 009
    echo quit
} >bare.script

# A user with the same disk: a volume of its own.
sed -e '/^USER CMSUSER /,/^\*/{s/ 1M 16M / 8M 16M /; s/^ MDISK 191 .*/ MDISK 191 3350 000 120 BENCH MR/}' \
    "$here/cp/datbox.direct" >bench.direct
cp "$build/volumes/dbxres.3350" .
"$build/datbox" volume directory dbxres.3350 bench.direct >/dev/null
cat >cp.conf <<END
MAINSIZE 16
0009 3215-C
00C0 3215
0150 3350 dbxres.3350 cow
0151 3350 $build/volumes/dbxcms.3350 cow
0152 3350 $build/volumes/dbxusr.3350 cow
0153 3350 bench.3350 cow
END
for io in diag sio; do
    {
        printf 'transcript 0C0 %s.out\nipl 150\nexpect 009 "LOGOFF AS AUTOLOG1"\n' $io
        printf 'connect 0C0\nexpect 0C0 "online"\ntype 0C0 "logon cmsuser cmsuser"\nexpect 0C0 "Ready;"\n'
        printf 'type 0C0 "set diskio %s"\nexpect 0C0 "Ready;"\n' $io
        exits 0C0
        copying 0C0
        exits 0C0
        [ $io = sio ] || programs 0C0
        echo quit
    } >$io.script
done

for system in bare diag sio; do
    conf=$system
    [ $system = bare ] || conf=cp
    start=$(date +%s.%N)
    "$build/datbox" run -c $conf.conf --clock virtual --io immediate --console none \
        --script $system.script >$system.log 2>&1 </dev/null || {
        tail -5 $system.log
        exit 1
    }
    awk -v a=$start -v b=$(date +%s.%N) -v s=$system 'BEGIN { printf "%s: all of it in %.1f s of the host'\''s clock\n", s, b - a }'
done

# The times of the nth Ready line, in millions of instructions.
times() { # file n
    sed -n 's/^Ready; T=\([0-9.]*\)\/\([0-9.]*\) .*/\1 \2/p' "$1" |
        awk -v n="$2" 'NR == n { printf "%.1f %.1f", $1 * 10, $2 * 10 }'
}
total() { # file n: the nth total of INDICATE EXITS
    awk '/^TOTAL /{print $2}' "$1" | sed -n "$2p"
}
row() { # what, then a file and a number for each column
    printf '%-34s' "$1"
    shift
    while [ $# -gt 0 ]; do
        # shellcheck disable=SC2046
        printf ' %8s /%7s' $(times "$1" "$2")
        shift 2
    done
    echo
}
echo "million instructions, / with CP:          bare           DIAGNOSE 18             SIO"
row "COPYFILE, $mega MB" bare.out 2 diag.out 4 sio.out 4
row "SORT, 100,000 records of 40" bare.out 3 diag.out 6
row "EXEC, 100,000 clauses" bare.out 4 diag.out 7
row "ASSEMBLE, 19,805 statements" bare.out 5 diag.out 8
for io in diag sio; do
    awk -v n=$(($(total $io.out 2) - $(total $io.out 1))) -v blocks=$((mega * 256)) -v io=$io 'BEGIN {
        printf "exits from the virtual machine, %s: %d, %.2f for 4096 bytes copied\n", toupper(io), n, n / blocks
    }'
done
