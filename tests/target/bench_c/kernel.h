/* A kernel of `make bench` in C: one portable file, compiled for the machine (start.S calls it)
 * and for the host (native.c), with the same result on both. */
#ifndef BENCH_C_KERNEL_H
#define BENCH_C_KERNEL_H

#include <stddef.h>
#include <stdint.h>

/* Does the work once, from the same beginning each time, and returns a checksum of what it
 * has computed. */
uint32_t kernel(void);

/* Numbers that look like chance. */
static inline uint32_t next_random(uint32_t *state)
{
    *state = *state * 1103515245u + 12345u;
    return *state >> 8;
}

static inline uint32_t mix(uint32_t sum, uint32_t value)
{
    return (sum << 5 | sum >> 27) ^ value;
}

/* Fills `text` with `length` bytes of lines of words, in ASCII. */
static inline void make_text(char *text, uint32_t length, uint32_t state)
{
    static const char syllables[16][4] = {"ka", "ron", "te", "mis", "lo",  "var", "en", "qui",
                                          "do", "sta", "re", "pel", "tri", "u",   "ga", "in"};
    uint32_t column = 0, at = 0;
    while (at < length) {
        uint32_t r = next_random(&state);
        for (uint32_t n = r % 3 + 1; n && at < length; n--) {
            r = next_random(&state);
            /* The product makes some words much more frequent than others. */
            const char *s = syllables[(r & 15) * (r >> 4 & 15) >> 4];
            while (*s && at < length) {
                text[at++] = *s++;
                column++;
            }
        }
        if (at < length)
            text[at++] = column > 60 ? '\n' : ' ';
        if (column > 60)
            column = 0;
    }
}

#endif
