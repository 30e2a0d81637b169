/* Random numbers, and numbers at the edges of their formats. */
#include "tests/generator/generator.h"

#include "lib/be.h"

#include <string.h>

static uint64_t state;

static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

void random_seed(uint64_t seed, unsigned row, unsigned number)
{
    state = mix(mix(seed) ^ (uint64_t)row << 32 ^ number);
}

uint64_t random64(void)
{
    state += UINT64_C(0x9e3779b97f4a7c15);
    return mix(state);
}

uint32_t random32(void)
{
    return (uint32_t)(random64() >> 32);
}

uint32_t below(uint32_t n)
{
    return (uint32_t)((uint64_t)random32() * n >> 32);
}

bool chance(unsigned percent)
{
    return below(100) < percent;
}

/* From a pool: a case's storage costs no more than copying. */
void random_bytes(uint8_t *p, uint32_t length)
{
    static uint8_t pool[1u << 16];
    if (!pool[0] && !pool[1] && !pool[2] && !pool[3]) {
        uint64_t before = state;
        state = 370;
        for (unsigned k = 0; k < sizeof pool; k += 8)
            store_be64(pool + k, random64());
        state = before;
    }
    while (length) {
        uint32_t from = below(sizeof pool - 2048), n = length < 2048 ? length : 2048;
        memcpy(p, pool + from, n);
        p += n;
        length -= n;
    }
}

uint32_t edge_word(void)
{
    static const uint32_t edges[] = {
        0,      1,      2,      10,     0xffffffff, 0xfffffffe, 0x80000000, 0x80000001, 0x7fffffff,
        0x7ffe, 0x7fff, 0x8000, 0x8001, 0xffff,     0x10000,    0x40000000, 0xc0000000, 0xffff8000,
        0xff,   0x80,   0x7f,   0x100,  0x00ffffff, 0x01000000, 0x0f000000};
    switch (below(4)) {
    case 0:
    case 1:
        return edges[below(sizeof edges / sizeof edges[0])];
    case 2:
        return chance(50) ? below(64) : 0u - below(64);
    default:
        return random32() >> below(32);
    }
}

uint64_t edge_double(void)
{
    uint64_t high = edge_word();
    return chance(50) ? high << 32 | edge_word() : high << 32 | random32();
}

/* Exponents often near each other or at the ends, fractions of all kinds. */
uint64_t edge_float(void)
{
    uint64_t fraction = random64() >> 8, exponent = below(128);
    if (chance(60))
        exponent = 60 + below(10);
    else if (chance(50))
        exponent = chance(50) ? below(4) : 124 + below(4);
    switch (below(8)) {
    case 0:
        fraction = 0;
        break;
    case 1:
        fraction = (UINT64_C(1) << 56) - 1 - below(2);
        break;
    case 2:
        fraction = UINT64_C(1) << 4 * below(14);
        break;
    case 3:
        fraction >>= 4 * below(14);
        break;
    case 4: /* exact in the short form */
        fraction &= UINT64_C(0xffffff00000000);
        break;
    case 5: /* the half that rounds */
        fraction = (fraction & UINT64_C(0xffffff00000000)) | UINT64_C(0x80000000) | below(2);
        break;
    default:
        break;
    }
    if (chance(3))
        return 0;
    return (uint64_t)below(2) << 63 | exponent << 56 | fraction;
}

void edge_decimal(uint8_t *p, unsigned bytes)
{
    static const uint8_t signs[] = {0xc, 0xd, 0xf, 0xa, 0xb, 0xe};
    unsigned count = below(2 * bytes); /* digits */
    unsigned fill = below(4);
    memset(p, 0, bytes);
    for (unsigned k = 0; k < 2 * bytes - 1; k++) {
        unsigned digit = fill == 0 ? 9 : fill == 1 ? (k + 1 == 2 * bytes - 1 ? 1 : 0) : below(10);
        if (k + count < 2 * bytes - 1)
            digit = 0;
        p[k / 2] |= (uint8_t)(k % 2 ? digit : digit << 4);
    }
    p[bytes - 1] |= chance(70) ? signs[below(2)] : signs[below(6)];
    if (chance(6))
        p[below(bytes)] |= 0xf0;
    if (chance(4))
        p[below(bytes)] |= 0x0a;
    if (chance(4))
        p[bytes - 1] &= 0xf7;
}
