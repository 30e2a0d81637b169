# Kernel: the loop of bench_dat with translation off, in the same mode: what DAT costs.
#define SYSTEM_MASK 0
#include "bench_dat.S"
