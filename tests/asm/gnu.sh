#!/bin/bash
# Proves: the assembler makes the same code as the GNU assembler for s390, of which it knows nothing:
# every mnemonic of cms/asm/opcodes.c that both know, with random operands.  usage: gnu.sh BUILD [SEED]
set -e
build=$1
work=$build/tests/asm-gnu
as="${CROSS:-s390x-linux-gnu-}as -m31 -mesa -march=z900"
rm -rf "$work"
mkdir -p "$work"

# Rows as "name format".
sed -n 's/.*MACHINE("\([A-Z]*\)", FMT_\([A-Z0-9]*\),.*/\1 \2/p; s/.*EXTENDED("\([A-Z]*\)", FMT_\([A-Z0-9]*\),.*/\1 \2/p' \
    <(tr '}' '\n' <cms/asm/opcodes.c | sed 's/MACHINE(/\nMACHINE(/g; s/EXTENDED(/\nEXTENDED(/g' | grep -E '^(MACHINE|EXTENDED)\("') |
    sort >"$work/rows"

# generate ROWS TIMES: one statement a line, the same text for both.
generate() {
    awk -v times="$2" -v seed="${3:-370}" '
        function r(n) { return int(rand() * n) }
        function reg() { return 2 * r(2) * (r(2) ? 1 : 2) }       # 0, 2, 4: good for every kind
        function base() { return 1 + r(15) }
        function address() { return r(4096) "(" base() ")" }
        function indexed() { return r(4096) "(" base() "," base() ")" }
        function sized(n) { return r(4096) "(" 1 + r(n) "," base() ")" }
        BEGIN { srand(seed) }
        { for (i = 0; i < times; i++) {
            f = $2
            if (f == "NONE") o = ""
            else if (f == "RR" || f == "RRE") o = 4 * r(2) "," 4 * r(2)
            else if (f == "R" || f == "RRE1") o = 4 * r(2)
            else if (f == "MR") o = r(16) "," r(16)
            else if (f == "BR") o = r(16)
            else if (f == "I") o = r(256)
            else if (f == "RX") o = 4 * r(2) "," indexed()
            else if (f == "MX") o = r(16) "," indexed()
            else if (f == "BX") o = indexed()
            else if (f == "RS") o = 4 * r(2) "," 4 * r(2) "," address()
            else if (f == "RSH") o = 4 * r(2) "," address()
            else if (f == "SI") o = address() "," r(256)
            else if (f == "S") o = address()
            else if (f == "SS1") o = sized(256) "," address()
            else if (f == "SS2") o = sized(16) "," sized(16)
            else if (f == "SSI") o = sized(16) "," address() "," r(10)
            else if (f == "SSK") o = r(4096) "(" r(16) "," base() ")," address() "," r(16)
            else if (f == "SSE") o = address() "," address()
            else { print "no operands for format " f >"/dev/stderr"; exit 1 }
            print " " $1 " " o
        } }' "$1"
}

# What GNU as does not know (System/370 instructions that ESA/390 has dropped) is left out, by name.
generate "$work/rows" 1 >"$work/once"
tr 'A-Z' 'a-z' <"$work/once" >"$work/once.s"
$as -o /dev/null "$work/once.s" 2>"$work/unknown" || true
sed -n 's/.*once.s:\([0-9]*\): Error.*/\1/p' "$work/unknown" | sort -n >"$work/lines"
awk 'NR == FNR { skip[$1]; next } !(FNR in skip)' "$work/lines" "$work/rows" >"$work/common"
left=$(awk 'NR == FNR { skip[$1]; next } FNR in skip { printf " %s", $1 }' "$work/lines" "$work/rows")

generate "$work/common" 12 "${2:-370}" >"$work/all"
tr 'A-Z' 'a-z' <"$work/all" | sed 's/^ /\t/' >"$work/gnu.s"
$as -o "$work/gnu.o" "$work/gnu.s"
"${CROSS:-s390x-linux-gnu-}objcopy" -O binary -j .text "$work/gnu.o" "$work/gnu.bin"
{ echo "A        CSECT"; cat "$work/all"; echo " END"; } >"$work/ours.asm"
"$build/datbox" asm "$work/ours.asm" -o "$work/ours.text" 2>"$work/ours.log" || {
    head -5 "$work/ours.log"
    exit 1
}
# The bytes of the TXT cards, one after the other.
od -An -v -tx1 -w80 "$work/ours.text" | awk '
    function digit(c) { return index("0123456789abcdef", c) - 1 }
    function hex(s) { return digit(substr(s, 1, 1)) * 16 + digit(substr(s, 2, 1)) }
    $2 $3 $4 == "e3e7e3" { n = hex($11) * 256 + hex($12); for (i = 0; i < n; i++) print $(17 + i) }' \
    >"$work/ours.bytes"
od -An -v -tx1 -w1 "$work/gnu.bin" | tr -d ' ' | head -n "$(wc -l <"$work/ours.bytes")" >"$work/gnu.bytes"
if ! cmp "$work/gnu.bytes" "$work/ours.bytes"; then
    echo "the GNU assembler's code and ours differ (in $work)"
    exit 1
fi
echo "assembler: $(wc -l <"$work/all") statements of $(wc -l <"$work/common") mnemonics, the same code as GNU as;" \
    "not known there:$left"
