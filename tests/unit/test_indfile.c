/* Proves: IND$FILE's host says what terminals understand, byte by byte as s3270 was seen to speak
 * it: DFT (open, get, insert, close, messages, errors) and CUT (frames, digits, quadrants); answers
 * that are none, or broken, end a transfer with an error; the ASCII table is one to one, and CUT's
 * alphabet brings every byte back. */
#include "cms/transfer/indfile.h"
#include "tests/unit/hex.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct step {
    const char *sent;   /* hexadecimal digits: how what the host sends begins */
    const char *answer; /* ditto, whole; "*N" for a screen: what was sent, then N */
};

static const struct step *script;
static uint8_t record[INDFILE_FRAME];
static struct indfile_terminal terminal;
static struct indfile x;

static int step(void *context, const uint8_t *sent, size_t n)
{
    uint8_t expected[4096];
    size_t length;
    if (!script->sent)
        return INDFILE_LOST;
    length = from_hex(expected, script->sent);
    ck_assert_uint_ge(n, length);
    for (size_t i = 0; i < length; i++)
        ck_assert_msg(sent[i] == expected[i], "byte %zu is %02x, not %02x of %s", i, sent[i],
                      expected[i], script->sent);
    terminal.length = from_hex(record, script->answer);
    script++;
    return INDFILE_OK;
}

static int structured(void *context, const uint8_t *fields, size_t n, bool answer)
{
    return step(context, fields, n);
}

static void setup(void)
{
    terminal = (struct indfile_terminal){structured, step, NULL, record, 0};
    memset(&x, 0, sizeof x);
}

#define OPEN    "0023 d0 0012 0106010104030a0a0000000011010100500552 03f00309"
#define DATA    OPEN "46543a44415441"
#define MESSAGE OPEN "46543a4d534720"
#define OPENED  "88 0005 d00009"
#define GET     "0010 d04511 010500060009050103 0000 0009 d04611 01040080"

START_TEST(query)
{
    static const struct step steps[] = {
        {"0005 01ff02", "88 0006 8180 8095 000c 8195 0000 4000 4000 0101"},
        {"0005 01ff02", "88 0005 8180 80"},
        {"0005 01ff02", "88 0055 8195 80"},
        {"0005 01ff02", "7d 4040"},
        {NULL, NULL}};
    bool yes;
    script = steps;
    ck_assert_int_eq(indfile_ask(&terminal, &yes), INDFILE_OK);
    ck_assert(yes);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(indfile_ask(&terminal, &yes), INDFILE_OK);
        ck_assert(!yes);
    }
    ck_assert_int_eq(indfile_ask(&terminal, &yes), INDFILE_CONFUSED);
    ck_assert_int_eq(indfile_ask(&terminal, &yes), INDFILE_LOST);
}
END_TEST

START_TEST(dft_to_host)
{
    static const struct step steps[] = {
        {DATA, OPENED},
        {GET, "88 0022 d04605 6306 00000001 c08061 0017 68656c6c6f0d0a776f726c6420d5a9e50d0a"},
        {GET, "88 0009 d04608 69042200"},
        {"0005 d04112", "88 0005 d04109"},
        {MESSAGE, OPENED},
        {"000a d04711 0105008000 000c d04704 c08061 0007 4f4b", "88 000b d04705 6306 00000001"},
        {NULL, NULL}};
    const uint8_t *data;
    size_t n;
    script = steps;
    ck_assert_int_eq(indfile_start(&x, &terminal, false, true), INDFILE_OK);
    ck_assert_int_eq(indfile_get(&x, &data, &n), INDFILE_OK);
    ck_assert_uint_eq(n, 18);
    ck_assert_mem_eq(data, "hello\r\nworld \xd5\xa9\xe5\r\n", 18);
    ck_assert_int_eq(indfile_get(&x, &data, &n), INDFILE_OK);
    ck_assert_uint_eq(n, 0);
    ck_assert_int_eq(indfile_end(&x, &terminal, false, true, (const uint8_t *)"\xd6\xd2", 2),
                     INDFILE_OK);
    ck_assert_ptr_null(script->sent);
}
END_TEST

START_TEST(dft_to_terminal)
{
    static const struct step steps[] = {
        {DATA, OPENED},
        {"000a d04711 0105008000 080a d04704 c08061 0805 5a5a5a", "88 000b d04705 6306 00000001"},
        {"000a d04711 0105008000 000b d04704 c08061 0006 5a", "88 000b d04705 6306 00000002"},
        {"0005 d04112", "88 0005 d04109"},
        {MESSAGE, OPENED},
        {"000a d04711", "88 000b d04705 6306 00000001"},
        {NULL, NULL}};
    static uint8_t bytes[2049];
    memset(bytes, 0x5a, sizeof bytes);
    script = steps;
    ck_assert_int_eq(indfile_start(&x, &terminal, false, false), INDFILE_OK);
    ck_assert_int_eq(indfile_put(&x, bytes, sizeof bytes), INDFILE_OK);
    ck_assert_int_eq(indfile_end(&x, &terminal, false, true, (const uint8_t *)"\xd6\xd2", 2),
                     INDFILE_OK);
    ck_assert_ptr_null(script->sent);
}
END_TEST

START_TEST(dft_errors)
{
    static const struct {
        const char *answer;
        int error;
    } table[] = {{"88 0009 d04608 69040100", INDFILE_CANCELED},
                 {"88 0005 d04608", INDFILE_CANCELED},
                 {"88 0005 d04708", INDFILE_CONFUSED},
                 {"7d 4040", INDFILE_CONFUSED},
                 {"88", INDFILE_CONFUSED},
                 {"88 0022 d04605 6306 00000001 c08061 0017 68", INDFILE_CONFUSED},
                 {"88 0011 d04605 6306 00000001 c08061 0017 68", INDFILE_CONFUSED},
                 {"88 0010 d04605 6306 00000001 c08061 0005", INDFILE_CONFUSED},
                 {"88 0011 d04605 6406 00000001 c08061 0006 68", INDFILE_CONFUSED}};
    const uint8_t *data;
    size_t n;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const struct step steps[] = {{DATA, OPENED}, {GET, table[i].answer}, {NULL, NULL}};
        script = steps;
        ck_assert_int_eq(indfile_start(&x, &terminal, false, true), INDFILE_OK);
        ck_assert_int_eq(indfile_get(&x, &data, &n), table[i].error);
    }
}
END_TEST

#define TAIL "11077f1df0"
/* What the terminal's screen has up to the cell n, then nulls to its end. */
static char *screen_of(const char *cells)
{
    static char text[3 * INDFILE_CELLS];
    uint8_t bytes[100];
    size_t n = from_hex(bytes, cells);
    snprintf(text, sizeof text, "7d4040 %s", cells);
    for (size_t i = n; i < INDFILE_CELLS + 1; i++) /* one cell is an order and an attribute */
        strcat(text, "00");
    return text;
}

START_TEST(cut_to_host)
{
    /* the attribute at 1 is 1D 6C; check digit of 5E C1 C2: 5D & 3F = 29, ',' */
    static char first[3 * INDFILE_CELLS];
    strcpy(first, screen_of("c2 1d6c 82 82 6b 81 84 5e c1 c2"));
    const struct step steps[] = {
        {"c3 c3 81 8181" TAIL, "7d4040"},
        {"c3 c2 1df0 82 82" TAIL, first},
        {"c3 c2 1df0 83 83" TAIL, screen_of("c2 1d6c 83 83 f0 81 83 5c a9")},
        {"c3 c3 84 8189 d6d2" TAIL, "7d4040"},
        {NULL, NULL}};
    const uint8_t *data;
    size_t n;
    script = steps;
    ck_assert_int_eq(indfile_start(&x, &terminal, true, true), INDFILE_OK);
    ck_assert_int_eq(indfile_get(&x, &data, &n), INDFILE_OK);
    ck_assert_uint_eq(n, 2);
    ck_assert_mem_eq(data, "\xc1\xc2", 2);
    ck_assert_int_eq(indfile_get(&x, &data, &n), INDFILE_CONFUSED); /* its check digit is wrong */
    ck_assert_int_eq(indfile_end(&x, &terminal, true, true, (const uint8_t *)"\xd6\xd2", 2),
                     INDFILE_OK);
}
END_TEST

START_TEST(cut_to_terminal)
{
    static const struct step steps[] = {{"c3 c3 81 8181" TAIL, "7d4040"},
                                        /* AB, then a line feed: ";AB*K" */
                                        {"c3 c1 82 a3 81 86 5ec1c2 5cd2" TAIL, "f24040"},
                                        {"c3 c3 83 8194 d6d2" TAIL, "7d4040"},
                                        {NULL, NULL}};
    script = steps;
    ck_assert_int_eq(indfile_start(&x, &terminal, true, false), INDFILE_OK);
    ck_assert_int_eq(indfile_put(&x, (const uint8_t *)"\xc1\xc2\x0a", 3), INDFILE_OK);
    ck_assert_int_eq(indfile_end(&x, &terminal, true, true, (const uint8_t *)"\xd6\xd2", 2),
                     INDFILE_CANCELED);
    ck_assert_int_eq(indfile_end(&x, &terminal, true, false, (const uint8_t *)"\xd6\xd2", 2),
                     INDFILE_OK);
}
END_TEST

START_TEST(tables)
{
    uint8_t bytes[256], cells[600];
    size_t used;
    for (unsigned i = 0; i < 256; i++) {
        ck_assert_uint_eq(indfile_from_ascii[indfile_to_ascii[i]], i);
        bytes[i] = (uint8_t)(i * 77);
    }
    ck_assert_uint_eq(indfile_to_ascii[0xc1], 'A');
    ck_assert_uint_eq(indfile_to_ascii[0xad], 0xd5); /* [ of code page 1047 */
    for (unsigned i = 0; i < 64; i++)
        ck_assert_int_eq(indfile_six_value(indfile_six(i)), (int)i);
    ck_assert_int_eq(indfile_six_value(0x00), -1);
    size_t n = indfile_cut_encode(bytes, 256, &used, cells, sizeof cells);
    ck_assert_uint_eq(used, 256);
    ck_assert_int_eq(indfile_cut_decode(cells, n), 256);
    ck_assert_mem_eq(cells, bytes, 256);
    n = indfile_cut_encode(bytes, 256, &used, cells, 10); /* what fits */
    ck_assert(n <= 10 && used < 10);
    ck_assert_int_eq(indfile_cut_decode((uint8_t[]){0xc1}, 1), -1); /* no quadrant yet */
    ck_assert_int_eq(indfile_cut_decode((uint8_t[]){0x5c, 0x40}, 2), -1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("indfile");
    TCase *t = tcase_create("indfile");
    tcase_add_checked_fixture(t, setup, NULL);
    tcase_add_test(t, query);
    tcase_add_test(t, dft_to_host);
    tcase_add_test(t, dft_to_terminal);
    tcase_add_test(t, dft_errors);
    tcase_add_test(t, cut_to_host);
    tcase_add_test(t, cut_to_terminal);
    tcase_add_test(t, tables);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
