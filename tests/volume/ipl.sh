#!/bin/sh
# IPL of a nucleus from a CP volume, from a CMS disk, and from fixed-block disks, plain and compressed: on our
# machine and, if it is there, on Hercules.
# The nucleus adds up its own image: all of it must have come to its place.
# usage: ipl.sh BUILD NUCLEUS.ELF
set -eu

datbox=$(realpath "$1/datbox")
elf=$(realpath "$2")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
unset HERCULES_RC

# The sum as it should be: n(0) = 1, n(i+1) = (5 n(i) + 3) mod 2**27; modulo 2**32.
sum=$(awk 'BEGIN { n = 1; for (i = 0; i < 13000; i++) { s = (s + n) % 4294967296;
    n = (n * 5 + 3) % 134217728 } printf "%08X", s }')

$datbox volume create cp.3350 --cyls 4 --volser TEST01
$datbox volume format cp.3350
$datbox volume allocate cp.3350 NUCL 2-2
$datbox volume nucleus cp.3350 "$elf"
$datbox volume create cms.3350 --cyls 4
$datbox volume cms-format cms.3350 --label TEST --nucleus 1
$datbox volume nucleus cms.3350@0 "$elf" --at 3

$datbox volume create fixed.3370 --type 3370 --blocks 1000
$datbox volume nucleus fixed.3370 "$elf"
$datbox volume copy fixed.3370 packed.3370 --compress zlib

cat >machine.conf <<END
MAINSIZE 2
0150 3350 $dir/cp.3350
0151 3350 $dir/cms.3350
0152 3370 $dir/fixed.3370
0153 3370 $dir/packed.3370
END
cat >hercules.cnf <<END
CPUSERIAL 000001
CPUMODEL 0158
MAINSIZE 2
XPNDSIZE 0
NUMCPU 1
ARCHMODE S/370
OSTAILOR QUIET
CNSLPORT 0
0150 3350 cp.3350
0151 3350 cms.3350
0152 3370 fixed.3370
0153 3370 packed.3370
END

expect() {
    grep -q "$sum 00000$2" "$3" || { echo "ipl.sh: IPL $2 on $1: not $sum in:" >&2; cat "$3" >&2; exit 1; }
}

for device in 150 151 152 153; do
    printf 'ipl %s\nwait 10\nr 200.8\nquit\n' $device >script
    "$datbox" run -c machine.conf --script script --data "$dir" >log 2>&1 || true
    expect datbox $device log
    command -v hercules >/dev/null || continue
    printf 'hao tgt HHCCP029E\nhao cmd quit\nhao tgt HHCCP011I\nhao cmd r 200.8\n' >run.rc
    printf 'hao tgt R:00000200\nhao cmd quit\nipl %s\n' $device >>run.rc
    HERCULES_RC=run.rc timeout -k 1 60 hercules -d -f hercules.cnf </dev/null >log 2>&1 || true
    expect Hercules $device log
done
echo "IPL: the nucleus is loaded whole"
