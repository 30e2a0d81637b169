/* Kernel: a compressor of the Lempel-Ziv kind (a window, matches found through a hash of three
 * bytes), and the way back. */
#include "tests/target/bench_c/kernel.h"

#define LENGTH  60000
#define WINDOW  4096
#define LONGEST 66
#define HASHES  4096

static char text[LENGTH];
static uint8_t packed[LENGTH + LENGTH / 8 + 16];
static char again[LENGTH];
static int32_t heads[HASHES], previous[WINDOW];

static uint32_t hash3(const char *p)
{
    uint32_t x = (uint32_t)(uint8_t)p[0] << 10 ^ (uint32_t)(uint8_t)p[1] << 5 ^ (uint8_t)p[2];
    return x % HASHES;
}

static uint32_t match(uint32_t a, uint32_t b)
{
    uint32_t n = 0;
    while (n < LONGEST && b + n < LENGTH && text[a + n] == text[b + n])
        n++;
    return n;
}

static void enter(uint32_t at)
{
    if (at + 3 > LENGTH)
        return;
    uint32_t h = hash3(text + at);
    previous[at % WINDOW] = heads[h];
    heads[h] = (int32_t)at;
}

/* The longest match before `at`, of 16 tries. */
static uint32_t find(uint32_t at, uint32_t *distance)
{
    uint32_t best = 0;
    int32_t from = at + 3 <= LENGTH ? heads[hash3(text + at)] : -1;
    for (int tries = 16; tries && from >= 0 && at - (uint32_t)from < WINDOW; tries--) {
        uint32_t n = match((uint32_t)from, at);
        if (n > best) {
            best = n;
            *distance = at - (uint32_t)from;
        }
        from = previous[(uint32_t)from % WINDOW];
    }
    return best;
}

/* Eight items follow a byte of flags: a byte as it is, or distance and length. */
static uint32_t compress(void)
{
    uint32_t out = 0, flags = 0, items = 8, distance = 0;
    for (uint32_t at = 0; at < LENGTH;) {
        if (items == 8) {
            flags = out++;
            packed[flags] = 0;
            items = 0;
        }
        uint32_t n = find(at, &distance);
        if (n >= 3) {
            packed[flags] |= (uint8_t)(1u << items);
            packed[out++] = (uint8_t)(distance >> 4 & 0xf0) | (uint8_t)((n - 3) >> 4);
            packed[out++] = (uint8_t)distance;
            packed[out++] = (uint8_t)(n - 3);
        } else {
            n = 1;
            packed[out++] = (uint8_t)text[at];
        }
        items++;
        while (n--)
            enter(at++);
    }
    return out;
}

static uint32_t expand(uint32_t length)
{
    uint32_t out = 0, flags = 0, items = 8;
    for (uint32_t at = 0; at < length;) {
        if (items == 8) {
            flags = packed[at++];
            items = 0;
            continue;
        }
        if (flags >> items++ & 1) {
            uint32_t distance = (uint32_t)(packed[at] & 0xf0) << 4 | packed[at + 1];
            for (uint32_t n = packed[at + 2] + 3u; n; n--, out++)
                again[out] = again[out - distance];
            at += 3;
        } else {
            again[out++] = (char)packed[at++];
        }
    }
    return out;
}

uint32_t kernel(void)
{
    uint32_t sum = 0;
    make_text(text, LENGTH, 99);
    for (uint32_t pass = 0; pass < 2; pass++) {
        for (uint32_t k = 0; k < HASHES; k++)
            heads[k] = -1;
        uint32_t length = compress();
        sum = mix(sum, length);
        if (expand(length) != LENGTH)
            return 1;
        for (uint32_t k = 0; k < LENGTH; k++) {
            if (text[k] != again[k])
                return 2;
        }
        text[pass] ^= 1;
    }
    return sum;
}
