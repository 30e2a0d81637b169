# The program that both machines execute.  For each record: puts data, keys, control registers and
# registers where they belong and loads the PSW, which leads to the instruction; behind it, and
# where branches go, are supervisor calls.  By whatever interruption it comes back, everything that
# can be seen is stored as the result.  A record that is a link begins with what that has left: so
# links are a program whose every instruction is looked at.  System/370 only; base register 0 but for the data.
#include "tests/differential/layout.h"

        .macro  ssk r1, r2              # the assembler knows no System/370
        .byte   0x08, \r1 * 16 + \r2
        .endm
        .macro  isk r1, r2
        .byte   0x09, \r1 * 16 + \r2
        .endm

        .org    0
        .long   0x00080000, DRIVER      # restart: EC mode, all masked
        .org    0x58                    # new PSWs
        .long   0x00080000, other, 0x00080000, called, 0x00080000, failed
        .long   0x00080000, other, 0x00080000, other

        .org    SAFE
        .long   0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xc2000000, 0x200

        .org    0x480
never:  .quad   -1                      # clock comparator, CPU timer
timer:  .quad   0x7fffffffffffffff
data:   .long   DATA
other7: .long   OTHER
landing: .long  TARGET
calls:  .long   LANDING
blocks: .long   0x4000, 0x4800, 0x5000, 0x5800, 0x6000, 0x7000
        .balign 8
done:   .long   0x000a0000, 0           # the end: disabled wait
size:   .long   RESULT_SIZE

        .org    DRIVER
loop:   l       1,NEXT
        l       2,COUNT
        bctr    2,0
        st      2,COUNT
        ltr     2,2
        bm      end
        mvc     RECORD(256),0(1)
        tm      RECORD+AT_LINK,LINK_DATA
        bo      linked
        l       3,data
        mvc     0(256,3),AT_DATA(1)
        mvc     256(256,3),AT_DATA+256(1)
        l       3,other7
        mvc     0(256,3),AT_DATA+256(1)
linked: la      1,RECORD_SIZE(1)
        st      1,NEXT
        mvc     KEPT(8),RESULT+AT_OLD
        mvc     KEPT+8(64),RESULT+AT_CONTROL
        mvc     KEPT+5(3),RECORD+AT_SLOT+1
        tm      RECORD+AT_LINK,LINK_STATE
        bo      code
        mvc     KEPT(8),RECORD+AT_PSW
        mvc     KEPT+8(64),RECORD+AT_CONTROL
        la      4,KEY_COUNT
keys:   ic      5,RECORD+AT_KEYS-1(4)
        lr      6,4
        sll     6,2
        l       7,blocks-4(6)
        ssk     5,7
        bct     4,keys
        ld      0,RECORD+AT_FLOATING
        ld      2,RECORD+AT_FLOATING+8
        ld      4,RECORD+AT_FLOATING+16
        ld      6,RECORD+AT_FLOATING+24
code:
        l       3,RECORD+AT_SLOT
        mvc     0(CODE_SIZE,3),RECORD+AT_CODE
        l       3,calls                 # as new: supervisor calls
        mvi     0(3),0x0a
        mvc     1(255,3),0(3)
        mvc     256(256,3),255(3)
        l       3,landing
        mvc     0(8,3),RECORD+AT_TARGET
        xc      0x80(32),0x80
        xc      RESULT(256),RESULT
        sckc    never
        spt     timer
        ptlb
        lctl    0,15,KEPT+8
        lm      0,15,RECORD
        lpsw    KEPT

called: stm     0,15,RESULT
        mvc     RESULT+AT_OLD(8),0x20
        mvi     RESULT+AT_CLASS,1
        b       join
failed: stm     0,15,RESULT
        mvc     RESULT+AT_OLD(8),0x28
        mvi     RESULT+AT_CLASS,2
        b       join
other:  stm     0,15,RESULT             # external, or I/O: never expected
        mvc     RESULT+AT_OLD(8),0x18
        mvi     RESULT+AT_CLASS,3

join:   std     0,RESULT+AT_FLOATING
        std     2,RESULT+AT_FLOATING+8
        std     4,RESULT+AT_FLOATING+16
        std     6,RESULT+AT_FLOATING+24
        stctl   0,15,RESULT+AT_CONTROL
        lctl    0,15,SAFE
        stckc   RESULT+AT_TIME
        mvc     RESULT+AT_LOW(32),0x80
        la      4,KEY_COUNT
look:   lr      6,4
        sll     6,2
        l       7,blocks-4(6)
        slr     5,5
        isk     5,7
        stc     5,RESULT+AT_KEYS_NOW-1(4)
        bct     4,look
        l       2,OUT
        mvc     0(256,2),RESULT
        l       3,data
        mvc     256(256,2),0(3)
        mvc     512(256,2),256(3)
        l       3,other7
        mvc     768(256,2),0(3)
        a       2,size
        st      2,OUT
        b       loop
end:    lpsw    done
