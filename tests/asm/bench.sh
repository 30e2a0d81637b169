#!/bin/bash
# How long the assembler takes for 100,000 statements without macros, and for 100,000 that macros make,
# with and without a listing: the least of five runs.  usage: bench.sh BUILD
set -e
build=$1
work=$build/tests/asm-bench
mkdir -p "$work"
awk 'BEGIN { print "A        CSECT"; print " BALR 12,0"; print " USING *,12"; print "AREA     EQU 2000"
    for (i = 0; i < 20000; i++) {
        printf "L%05d   L     1,AREA             A REMARK\n         AR    1,2\n", i
        printf "         ST    1,AREA(3)\n         MVC   0(4,5),=F'"'"'%d'"'"'\n         BNE   100(,12)\n", i % 50
        if (i % 500 == 499) { print " LTORG"; print " DROP 12"; print " BALR 12,0"; print " USING *,12" } }
    print " END" }' >"$work/plain.asm"
awk 'BEGIN { print "         MACRO"; print "&L       STEP  &N"; print "&L       L     1,&N.(,13)"
    print "         LA    1,&N.(1)"; print "         AIF   (&N EQ 7).OUT"; print "         ST    1,&N.(,13)"
    print ".OUT     AR    2,1"; print "         MEND"; print "A        CSECT"
    for (i = 0; i < 25000; i++) printf "S%05d   STEP  %d\n", i, i % 50 * 4 + 8
    print " END" }' >"$work/macro.asm"
least() {
    local best=999999 t
    for _ in 1 2 3 4 5; do
        t=$( { TIMEFORMAT=%U; time "$build/datbox" asm "$@" >/dev/null 2>&1; } 2>&1 | tr -d .)
        [ $((10#$t)) -ge $best ] || best=$((10#$t))
    done
    echo "$best"
}
for kind in plain macro; do
    statements=$("$build/datbox" asm "$work/$kind.asm" -o /dev/null -l - 2>/dev/null |
        sed -n 's/.* \([0-9]*\) STATEMENTS$/\1/p')
    echo "$kind: $statements statements, $(least "$work/$kind.asm" -o "$work/t") ms" \
        "($(least "$work/$kind.asm" -o "$work/t" -l "$work/l") ms with listing and cross-reference)"
done
