/* Kernel: the queens' problem by recursion, with tables and with bits. */
#include "tests/target/bench_c/kernel.h"

#define SIZE 8

static uint8_t column[SIZE], up[2 * SIZE], down[2 * SIZE], place[SIZE];
static uint32_t sum;

static void table(int row)
{
    if (row == SIZE) {
        for (int k = 0; k < SIZE; k++)
            sum = mix(sum, place[k]);
        return;
    }
    for (int c = 0; c < SIZE; c++) {
        if (column[c] || up[row + c] || down[row - c + SIZE])
            continue;
        column[c] = up[row + c] = down[row - c + SIZE] = 1;
        place[row] = (uint8_t)c;
        table(row + 1);
        column[c] = up[row + c] = down[row - c + SIZE] = 0;
    }
}

static uint32_t bits(uint32_t columns, uint32_t left, uint32_t right, uint32_t all)
{
    uint32_t count = 0, free = all & ~(columns | left | right);
    if (columns == all)
        return 1;
    while (free) {
        uint32_t one = free & -free;
        free ^= one;
        count += bits(columns | one, (left | one) << 1, (right | one) >> 1, all);
    }
    return count;
}

uint32_t kernel(void)
{
    sum = 0;
    for (int pass = 0; pass < 60; pass++)
        table(0);
    for (uint32_t n = 4; n <= 11; n++)
        sum = mix(sum, bits(0, 0, 0, (1u << n) - 1));
    return sum;
}
