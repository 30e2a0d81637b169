/* Bytes written out in hexadecimal, with blanks between where the reader wants them. */
#ifndef TESTS_UNIT_HEX_H
#define TESTS_UNIT_HEX_H

#include <check.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Returns how many bytes it put at `to`. */
static inline size_t from_hex(uint8_t *to, const char *hex)
{
    size_t n = 0;
    for (unsigned byte; *hex; hex += *hex == ' ' ? 1 : 2) {
        if (*hex == ' ')
            continue;
        ck_assert_int_eq(sscanf(hex, "%2x", &byte), 1);
        to[n++] = (uint8_t)byte;
    }
    return n;
}

/* Fails at the first byte that is another. */
static inline void is_hex(const uint8_t *bytes, size_t length, const char *hex)
{
    uint8_t want[2048];
    ck_assert_uint_le(strlen(hex), 2 * sizeof want);
    size_t n = from_hex(want, hex);
    ck_assert_uint_eq(length, n);
    for (size_t i = 0; i < n; i++)
        ck_assert_msg(bytes[i] == want[i], "byte %zu is %02X, not %02X", i, bytes[i], want[i]);
}

#endif
