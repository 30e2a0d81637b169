/* What the compiler makes of C, computed on both sides: this file is compiled for the host
 * too, where `main` prints the checksums as a header; the target program compares its own
 * with them.  It is the test of the instructions that no other machine has in System/370
 * mode (relative and immediate, 64-bit arithmetic, MVST and its kin). */
#include <stdint.h>

#define CHECKS 8

static uint32_t state;

/* Numbers that repeat, with many edge values. */
static uint32_t number(void)
{
    static const uint32_t edges[] = {0, 1, 2, 0x7fffffff, 0x80000000, 0xffffffff, 0xffff, 0x8000};
    state = state * 1103515245u + 12345u;
    if ((state >> 16 & 7) == 0)
        return edges[state >> 20 & 7];
    return state >> 16 | state << 16;
}

static uint32_t mix(uint32_t sum, uint64_t value)
{
    sum = (sum << 5 | sum >> 27) ^ (uint32_t)value;
    return (sum << 7 | sum >> 25) + (uint32_t)(value >> 32);
}

static uint32_t arithmetic(uint32_t sum)
{
    for (int k = 0; k < 3000; k++) {
        uint32_t a = number(), b = number();
        int32_t c = (int32_t)a, d = (int32_t)b;
        sum = mix(sum, a + b);
        sum = mix(sum, a * b);
        sum = mix(sum, a * 1000u + 77u);
        sum = mix(sum, (uint32_t)(c >> (b & 31)));
        sum = mix(sum, a << (b & 31) | a >> (-b & 31));
        if (b)
            sum = mix(sum, a / b + a % b);
        if (d && !(c == INT32_MIN && d == -1))
            sum = mix(sum, (uint32_t)(c / d) + (uint32_t)(c % d));
        sum = mix(sum, (c < d) | (a < b) << 1 | (a == b) << 2 | (c < 100) << 3);
    }
    return sum;
}

static uint32_t wide(uint32_t sum)
{
    for (int k = 0; k < 1000; k++) {
        uint64_t a = (uint64_t)number() << 32 | number(), b = (uint64_t)number() << 32 | number();
        unsigned shift = number() & 63;
        sum = mix(sum, a + b);
        sum = mix(sum, a - b);
        sum = mix(sum, a * b);
        sum = mix(sum, a << shift);
        sum = mix(sum, a >> shift);
        sum = mix(sum, (uint64_t)((int64_t)a >> shift));
        sum = mix(sum, (a < b) | ((int64_t)a < (int64_t)b) << 1 | (a > b + 1) << 2);
        sum = mix(sum, (uint64_t)(uint32_t)a * (uint32_t)b);
        sum = mix(sum, (uint64_t)((int64_t)(int32_t)a * (int32_t)b));
        if (b)
            sum = mix(sum, a / b + a % b);
        if ((uint32_t)b)
            sum = mix(sum, a / (uint32_t)b);
    }
    return sum;
}

static uint32_t bytes(uint32_t sum)
{
    static uint8_t buffer[3000], copy[3000];
    for (unsigned k = 0; k < sizeof buffer; k++)
        buffer[k] = (uint8_t)(number() & 0x3f);
    for (int k = 0; k < 500; k++) {
        unsigned from = number() % 2000, to = number() % 2000, n = number() % 900, i;
        for (i = 0; i < n; i++)
            copy[to + i] ^= buffer[from + i];
        for (i = 0; i < n && buffer[from + i] == copy[to + i]; i++)
            ;
        sum = mix(sum, i);
        buffer[to] = copy[from];
        *(volatile uint16_t *)(buffer + (to & ~1u)) += (uint16_t)n;
    }
    /* The value of the halfword above depends on the order of bytes; the sum must not. */
    for (unsigned k = 0; k < sizeof copy; k++)
        sum = mix(sum, copy[k] == 0);
    return sum & 0;
}

static uint32_t sorting(uint32_t sum)
{
    static int32_t table[400];
    for (int k = 0; k < 400; k++)
        table[k] = (int32_t)number();
    for (int k = 1; k < 400; k++) {
        int32_t v = table[k];
        int j = k;
        for (; j > 0 && table[j - 1] > v; j--)
            table[j] = table[j - 1];
        table[j] = v;
    }
    for (int k = 0; k < 400; k++)
        sum = mix(sum, (uint32_t)table[k]);
    return sum;
}

static uint32_t chosen(uint32_t sum, uint32_t v)
{
    switch (v & 15) {
    case 0:
        return sum + 1;
    case 3:
        return sum ^ v;
    case 4:
        return sum - v;
    case 9:
        return sum | 1;
    case 15:
        return sum * 3;
    default:
        return v & 0x00ff0000 ? sum + v : sum - 1;
    }
}

static uint32_t choices(uint32_t sum)
{
    for (int k = 0; k < 5000; k++)
        sum = mix(chosen(sum, number()), (uint32_t)k);
    return sum;
}

static uint32_t depth(uint32_t sum, unsigned n)
{
    return n ? mix(depth(sum + 1, n - 1), n) : sum;
}

static uint32_t recursion(uint32_t sum)
{
    return depth(sum, 60);
}

static uint32_t bits(uint32_t sum)
{
    for (int k = 0; k < 2000; k++) {
        uint32_t v = number();
        sum =
            mix(sum, (v & 0x00f00000 ? 1 : 0) | (v & 0x3c ? 2 : 0) | ((v & 0x81) == 0x81 ? 4 : 0));
        sum = mix(sum, __builtin_bswap32(v));
        sum = mix(sum, (uint32_t)(int8_t)v + (uint32_t)(int16_t)(v >> 8));
    }
    return sum;
}

static uint32_t (*const checks[CHECKS])(uint32_t) = {
    arithmetic, wide, bytes, sorting, choices, recursion, bits, arithmetic,
};

static uint32_t check(unsigned n)
{
    state = 42 + n;
    return checks[n](n);
}

#ifdef TARGET
#include "compiled_sums.h"

unsigned check_all(void);

/* The number of the first check that fails, from 1, or 0. */
unsigned check_all(void)
{
    for (unsigned n = 0; n < CHECKS; n++) {
        if (check(n) != compiled_sums[n])
            return n + 1;
    }
    return 0;
}
#else
#include <stdio.h>

int main(void)
{
    printf("/* Made by tests/target/compiled.c on the host. */\n");
    printf("static const uint32_t compiled_sums[] = {\n");
    for (unsigned n = 0; n < CHECKS; n++)
        printf("    0x%08xu,\n", (unsigned)check(n));
    printf("};\n");
    return 0;
}
#endif
