#!/bin/bash
# hercules.sh BUILD: our system volume on Hercules 3.13, as far as it goes.
#
# CP is compiled C: its first relative instruction (LARL) gives an operation exception on a strict
# System/370, and Hercules 3.13 is one; nothing of CP's own can run there (Hercules 4 has the same
# extension).  What can be proved there is the way to it: the volume is attached, IPL 150 loads the
# whole nucleus, and CP gets control.  Here a machine without the extension must do the same: stop
# with the same old PSW, and the same nucleus in storage.
set -eu
build=$(realpath "$1")
if ! command -v hercules >/dev/null; then
    echo "hercules: not installed: nothing compared"
    exit 0
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cp "$build/volumes/dbxres.3350" res.3350
# From the first instruction to what is cleared first; then the old PSW.
end=$(printf '%X' $((0x$(s390x-linux-gnu-nm "$build/cp.elf" | awk '$3 == "__bss_start" { print $1 }') - 1)))

cat >hercules.cnf <<END
CPUSERIAL 000001
CPUMODEL 0158
MAINSIZE 16
XPNDSIZE 0
NUMCPU 1
ARCHMODE S/370
OSTAILOR NULL
CNSLPORT 0
0150 3350 $dir/res.3350
END
# Its automatic operator saves the storage at the exception, again if the CPU was not stopped yet.
printf 'hao tgt HHCCP014I\nhao cmd script %s/end.rc\nhao tgt HHCPN102E\nhao cmd script %s/end.rc\n' \
    "$dir" "$dir" >run.rc
printf 'hao tgt HHCPN170I\nhao cmd quit\nipl 150\n' >>run.rc
printf 'stopall\nsavecore %s/core 0 %s\n' "$dir" "$end" >end.rc
HERCULES_RC=run.rc timeout -k 1 60 hercules -d -f hercules.cnf </dev/null >log 2>&1 || true
[ -s core ] || { echo "hercules.sh: no operation exception on Hercules:"; cat log; exit 1; }
theirs=$(grep -m1 -o 'PSW=[0-9A-F]\{8\} [0-9A-F]\{8\}' log) # the old one of the first exception
theirs=${theirs#PSW=}
at=$(printf '%X' $((0x${theirs#* ??} - 6)))
code=$(tail -c +$((0x$at + 1)) core | head -c 6 | od -An -tx1 | tr -d ' \n')
case $code in
c0?0*) ;;
*) echo "hercules.sh: the first exception is that of $code at $at, not LARL's"; exit 1 ;;
esac

printf 'MAINSIZE 16\nFACILITY DISABLE 370_EXTENSION\n0150 3350 %s/res.3350\n' "$dir" >datbox.conf
# A program interruption loop, because there is no new PSW yet: stopped at its first exception.
{
    printf 'b 0\nipl 150\nwait 10\nr 28.8\n'
    for from in $(seq $((0x1000)) 65536 $((0x$end))); do
        last=$((from + 65535 < 0x$end ? from + 65535 : 0x$end))
        printf 'r %X-%X\n' "$from" "$last"
    done
    printf 'quit\n'
} >script
"$build/datbox" run -c datbox.conf --script script --data "$dir" >ours

psw=$(sed -n 's/^R:000028: \([0-9A-F]*\) \([0-9A-F]*\).*/\1 \2/p' ours)
if [ "$psw" != "$theirs" ]; then
    echo "hercules.sh: here the old PSW is $psw, there it is $theirs"
    exit 1
fi
sed -n 's/^R:[0-9A-F]\{5\}0: //p' ours | tr -d ' \n' >nucleus.ours
tail -c +4097 core | od -An -v -tx1 | tr -d ' \n' | tr a-f A-F >nucleus.theirs
if ! cmp nucleus.ours nucleus.theirs; then
    echo "hercules.sh: the nuclei differ"
    exit 1
fi
echo "hercules: IPL of CP: 1000 to $end alike, then LARL at $at"
