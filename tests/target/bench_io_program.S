# I/O kernel: the shortest channel program with data, SENSE; what starting and ending cost.
        .equ    PASSES, 400000
        .include "bench_io.inc"
        START
        FINISH
ccws:   CCW     0x04, buffer, 0x20, 24
buffer: .space  24
