#!/bin/bash
# Proves: IND$FILE moves files between CMS and the real s3270, both ways, by structured fields (DFT) and
# by characters (CUT): text and binary come back byte-identical; RECFM, LRECL and APPEND do what they
# say; what can't be transferred is told to the emulator, and the terminal goes on.
# usage: tests/system/indfile.sh BUILD
set -eu
build=$(realpath "$1")
here=$(realpath "$(dirname "$0")")
work=$build/indfile
port=$((20000 + $$ % 20000))
rm -rf "$work" && mkdir -p "$work"
cd "$work"

fail() {
    echo "indfile: $*"
    tail -5 machine.out
    exit 1
}
. "$here/s3270.sh"

cat >machine.conf <<END
MAINSIZE 16
0009 3215-C
000C 3505
000D 3525 punch.txt
000E 1403 printer.txt
00D8.4 3270
0150 3350 $build/volumes/dbxres.3350 cow
0151 3350 $build/volumes/dbxcms.3350 cow
0152 3350 $build/volumes/dbxusr.3350 cow
END
printf 'ipl 150\nexpect 009 "INDFILE IS OVER" 600\nquit\n' >machine.rc
"$build/datbox" run -c machine.conf --script machine.rc --port $port >machine.out 2>&1 &
machine=$!
trap 'kill $machine ${process[*]} 2>/dev/null || true' EXIT
# The port opens when the machine starts.
until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
    kill -0 $machine || fail "the machine has ended"
done

# What is sent: text with empty lines, long lines and all of Latin-1; every byte, in no order.
{
    printf 'first\n\nthird [with] {brackets} ^ | ~ \\ `\n'
    printf 'a line of more than eighty characters, which a record of variable length must hold as it is: %0100d\n' 0
    for i in $(seq 0 7); do
        for k in $(seq 0 15); do
            c=$((i * 16 + k + 128))
            [ $c -lt 160 ] || printf "\\xc$((c < 192 ? 2 : 3))\\x$(printf %x $((c < 192 ? c : c - 64)))"
        done
        printf '\n'
    done
} >text
for i in $(seq 0 255); do printf "\\x$(printf %02x $((i * 77 % 256)))"; done >block
for i in $(seq 1 150); do cat block; head -c "$i" block; done >binary

# Runs a transfer to its end, which CMS's Ready message tells: RC is its return code.
transfer() { # RC N DIRECTION MODE LOCAL HOST [MORE]
    key "$2" 'Clear()'
    await "$2" 'VM READ'
    say "$2" "Transfer(Direction=$3,LocalFile=$work/$5,\"HostFile=$6\",Host=vm,Mode=$4,Exist=${8-replace}${7-})" ||
        fail "$*: $answer"
    await "$2" "Ready$1;"
    await "$2" 'VM READ'
}
same() { cmp "$1" "$2" || fail "$1 and $2 differ"; }

session() { # MODEL WAY
    open a "$1"
    await a 'Press ENTER or CLEAR'
    key a 'Enter()'
    await a 'CP READ'
    enter a 'logon cmsuser cmsuser'
    transfer '' a send ascii text "test text a"
    transfer '' a receive ascii "text.$2" "test text a"
    same text "text.$2"
    transfer '' a send binary binary "test binary a"
    transfer '' a receive binary "binary.$2" "test binary a"
    same binary "binary.$2"
}
session 3279-2-E dft
transfer '' a send binary block 'test fixed a' ,Recfm=fixed,Lrecl=100
key a 'Clear()'
enter a 'listfile test fixed a (format'
await a 'F        100'
transfer '' a receive binary fixed 'test fixed a'
{ cat block; head -c 44 /dev/zero; } >padded
same padded fixed
transfer '' a send ascii text 'test text a' '' append
transfer '' a receive ascii twice 'test text a'
cat text text >both
same both twice
transfer '(00028)' a receive ascii none 'no such file'
transfer '(00020)' a send ascii text 'bad?name text a'
enter a 'logoff'
await a 'CONNECT='
close a

session 3278-2 cut
enter a '#cp msg operator INDFILE IS OVER'
wait $machine || fail "the machine ended badly"
trap - EXIT
kill "${process[a]}" 2>/dev/null || true
echo "indfile: DFT and CUT, text and binary, options, refusals: OK ($SECONDS s)"
