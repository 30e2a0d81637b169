#!/bin/sh
# CMS's golden sessions on the bare machine: each script types lines and expects answers; then the
# whole transcript is compared with the expected one. usage: cms.sh BUILD [update]
# The volumes are those of the build; what the sessions write on them is not kept.
set -e
build=$1
here=$(dirname "$0")
work=$build/tests/cms
rm -rf "$work"
mkdir -p "$work"
"$build/tests/old_disk" "$work/old.3350"
"$build/datbox" volume create "$work/fixed.3370" --type 3370 --blocks 6000
cp "$here/cms-deck.txt" "$work/deck-cms-bare.txt"
# cms-wrong is made: each command without operands, and with an option that there is not; then cms-wrong.lines.
{
    for command in cms/commands/*.c; do
        command=$(basename "$command" .c)
        [ "$command" != indfile ] || command='ind$file'
        case $command in
        ddr) printf '!type 009 "ddr"\n\n' ;;
        debug | subset) printf '!type 009 "%s"\nreturn\n' "$command" ;;
        *) echo "$command" ;;
        esac
        echo "$command x y (nonsense"
    done
    cat "$here/cms-wrong.lines"
} | awk 'BEGIN { print "transcript 009 cms-wrong.out\nipl 190\nexpect 009 \"Ready;\"" }
    /^#/ { next }
    sub(/^!/, "") { print; next }
    { print "type 009 \"" $0 "\"\nexpect 009 \"Ready\"" }' >"$work/cms-wrong.script"
for session in cms-bare cms-deck cms-assembler cms-exec cms-files cms-os cms-tape cms-c cms-debug cms-ddr cms-wrong; do
    cat >"$work/$session.conf" <<END
MAINSIZE 1
0009 3215-C
000C 3505 deck-$session.txt
000D 3525 punch-$session.txt ebcdic
000E 1403 printer-$session.txt
0181 3420 tape-$session.aws
0182 3420
0190 3350 ../../volumes/dbxcms.3350 ro
0191 3350 $session.3350
0193 3350 old.3350 cow
0194 3350 ../../volumes/dbxwrk.3350 cow
0195 3370 fixed.3370 cow
END
    [ -f "$work/deck-$session.txt" ] || : >"$work/deck-$session.txt"
    cp "$build/volumes/dbxwrk.3350" "$work/$session.3350"
    # Files that a session begins with.
    [ ! -d "$here/$session" ] || "$build/datbox" volume cms put "$work/$session.3350" \
        "$here/$session"/* --recfm F --lrecl 80
    if [ -f "$here/$session.modules" ]; then
        for module in $(cat "$here/$session.modules"); do
            "$build/datbox" volume cms put "$work/$session.3350" "$build/modules/$module.elf" --module
        done
    fi
    [ $session != cms-deck ] || mv "$work/punch-cms-bare.txt" "$work/deck-$session.txt"
    [ ! -f "$here/$session.script" ] || cp "$here/$session.script" "$work/"
    if ! (cd "$work" && ../../datbox run -c $session.conf --clock virtual --script $session.script \
        </dev/null >$session.log 2>&1); then
        echo "$session: failed; $work/$session.log ends with:"
        tail -5 "$work/$session.log"
        exit 1
    fi
    # CPU times, seconds and the addresses of modules are nobody's promise.
    sed -i 's|T=[0-9./]*|T=n/n|; s/12:00:[0-9][0-9]/12:00:nn/; s/AT 0[0-9A-F]* IN/AT nnnnnn IN/; s/^PSW = .*/PSW = n/; /^GPR .* = /d; s/^GLOBALV  [0-9A-F]\{6\} .*/GLOBALV n/' \
        "$work/$session.out"
    if [ "$2" = update ]; then
        cp "$work/$session.out" "$here/$session.expected"
    elif ! diff -u "$here/$session.expected" "$work/$session.out"; then
        echo "$session: the transcript is not the expected one (make golden-cms accepts it)"
        exit 1
    fi
done
# It filled up, commands were halted while they wrote, and it was taken away.
"$build/datbox" volume cms check "$work/cms-wrong.3350" >"$work/cms-wrong.check"
if [ "$2" = update ]; then
    cp "$work/printer-cms-bare.txt" "$here/cms-printer.expected"
    cp "$work/printer-cms-os.txt" "$here/cms-os-printer.expected"
    grep -o '^N/D = .* FROM' "$work/printer-cms-debug.txt" | sed 's/  */ /g' >"$here/cms-trace.expected"
    od -A x -t x1 "$work/tape-cms-tape.aws" >"$here/cms-tape.aws.expected"
fi
diff -u "$here/cms-printer.expected" "$work/printer-cms-bare.txt"
diff -u "$here/cms-os-printer.expected" "$work/printer-cms-os.txt"
# What SVCTRACE has seen: not what was called after SO and HO.
grep -o '^N/D = .* FROM' "$work/printer-cms-debug.txt" | sed 's/  */ /g' | diff -u "$here/cms-trace.expected" -
# What TAPE, VMFPLC2 and a program wrote on tape, to the byte.
od -A x -t x1 "$work/tape-cms-tape.aws" | diff -u "$here/cms-tape.aws.expected" -
echo "CMS on the bare machine: 11 sessions, as expected"
