/* Proves: COPYFILE's specifications and translations are read as the manual says and refused where
 * they begin to be wrong; parts of records go to their columns and never past the buffer; what is
 * packed unpacks to itself, takes less room where characters repeat, and a stream that was changed
 * or cut is refused or gives records within their length. */
#include "cms/copy/pack.h"
#include "cms/copy/specs.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct specs specs;
static bool more;
static const char *at;

static enum specs_error add(const char *line)
{
    return specs_add(&specs, line, &more, &at);
}

START_TEST(specifications)
{
    char to[40];
    memset(&specs, 0, sizeof specs);
    ck_assert_int_eq(add(" 1-3 5 /a b/ 1 ++ "), SPECS_OK);
    ck_assert(more);
    ck_assert_int_eq(add("hC1 10 7 12 20-30 20 "), SPECS_OK);
    ck_assert(!more);
    ck_assert_uint_eq(specs.count, 5);
    ck_assert_uint_eq(specs_width(&specs), 30);
    memset(to, '.', sizeof to);
    ck_assert_uint_eq(specs_apply(&specs, "abcdefgh", 8, to, sizeof to), 12);
    ck_assert_mem_eq(to, "a b.abc..\xc1.g........", 20);
    /* A buffer that is too small, and a record that ends within a part. */
    memset(to, '.', sizeof to);
    ck_assert_uint_eq(specs_apply(&specs, "ab", 2, to, 6), 6);
    ck_assert_mem_eq(to, "a b.ab....", 10);
}
END_TEST

static const struct {
    const char *line, *at;
} bad[] = {
    {"1-3", "1-3"},
    {"1-3 x", "1-3 x"},
    {"0 1", "0 1"},
    {"3-1 1", "3-1 1"},
    {"1 1 /abc 3", "/abc 3"},
    {"// 1", "// 1"},
    {"abc 1", "abc 1"},
    {"hC 1", "hC 1"},
    {"hh", "hh"},
    {"hXY 1", "hXY 1"},
    {"1 65535 1-2 65535", "1-2 65535"},
    {"1 0", "1 0"},
    {"1 1x", "1 1x"},
    {"1 1 ++ 2", "++ 2"},
    {"65536 1", "65536 1"},
};

START_TEST(refused)
{
    memset(&specs, 0, sizeof specs);
    ck_assert_int_eq(add(bad[_i].line), SPECS_BAD);
    ck_assert_str_eq(at, bad[_i].at);
}
END_TEST

START_TEST(too_much)
{
    char text[300];
    memset(&specs, 0, sizeof specs);
    for (int i = 0; i < SPECS_MAX; i++)
        ck_assert_int_eq(add("1 1"), SPECS_OK);
    ck_assert_int_eq(add("1 1"), SPECS_TOO_MANY);
    memset(&specs, 0, sizeof specs);
    memset(text, 'x', sizeof text);
    text[0] = text[295] = '/';
    strcpy(text + 296, " 1");
    ck_assert_int_eq(add(text), SPECS_OK);
    ck_assert_int_eq(add(text), SPECS_NO_ROOM);
}
END_TEST

START_TEST(translations)
{
    uint8_t table[256] = {0};
    ck_assert_int_eq(trans_add(table, " a b  C1 * x 40 ++", &more, &at), SPECS_OK);
    ck_assert(more);
    ck_assert_uint_eq(table['a'], 'b');
    ck_assert_uint_eq(table[0xc1], '*');
    ck_assert_uint_eq(table['x'], 0x40);
    ck_assert_int_eq(trans_add(table, "a b c", &more, &at), SPECS_BAD);
    ck_assert_str_eq(at, "c");
    ck_assert_int_eq(trans_add(table, "a XYZ", &more, &at), SPECS_BAD);
}
END_TEST

static uint8_t stream[200000];
static size_t used, taken;

static bool put(void *context, uint8_t byte)
{
    stream[used++] = byte;
    return used < sizeof stream;
}

static bool get(void *context, uint8_t *byte)
{
    if (taken == used)
        return false;
    *byte = stream[taken++];
    return true;
}

static const struct pack_writer writer = {NULL, put};
static const struct pack_reader reader = {NULL, get};

/* Records of all kinds of repetition. */
static uint32_t make(uint8_t *record, unsigned number, uint32_t lrecl, bool fixed)
{
    uint32_t length = fixed ? lrecl : number * 37 % lrecl + 1;
    for (uint32_t i = 0; i < length; i++)
        record[i] = (uint8_t)(i / (number + 1) * 7 + number);
    if (number % 3 == 0)
        memset(record + length / 2, 0x40, length - length / 2);
    return length;
}

static size_t pack(struct pack_header *h, uint8_t recfm, uint32_t lrecl, unsigned records)
{
    static uint8_t record[65535];
    size_t bytes = 0;
    memset(h, 0, sizeof *h);
    put32(&h->magic, PACK_MAGIC);
    h->version = 1;
    h->recfm = recfm;
    put32(&h->lrecl, lrecl);
    put32(&h->records, records);
    used = taken = 0;
    ck_assert(pack_begin(&writer, h));
    for (unsigned i = 0; i < records; i++) {
        uint32_t n = make(record, i, lrecl, recfm == 0xc6);
        ck_assert(pack_record(&writer, h, record, n));
        bytes += n;
    }
    return bytes;
}

static const struct {
    uint8_t recfm;
    uint32_t lrecl;
} forms[] = {{0xc6, 1}, {0xc6, 80}, {0xe5, 80}, {0xe5, 1000}, {0xc6, 5000}};

START_TEST(there_and_back)
{
    static uint8_t wanted[65535], got[65535];
    struct pack_header h, read;
    uint32_t n;
    size_t bytes = pack(&h, forms[_i].recfm, forms[_i].lrecl, 30);
    if (forms[_i].lrecl >= 80)
        ck_assert_uint_lt(used, bytes);
    ck_assert(unpack_begin(&reader, &read));
    ck_assert_mem_eq(&h, &read, sizeof h);
    for (unsigned i = 0; i < 30; i++) {
        uint32_t length = make(wanted, i, forms[_i].lrecl, forms[_i].recfm == 0xc6);
        ck_assert(unpack_record(&reader, &read, got, &n));
        ck_assert_uint_eq(n, length);
        ck_assert_mem_eq(got, wanted, n);
    }
    ck_assert_uint_eq(taken, used);
    ck_assert(!unpack_record(&reader, &read, got, &n));
}
END_TEST

START_TEST(damaged)
{
    static uint8_t got[80];
    struct pack_header h;
    uint32_t n;
    pack(&h, 0xe5, 80, 10);
    for (size_t i = 0; i < used; i++) {
        for (unsigned bit = 1; bit < 256; bit <<= 1) {
            stream[i] ^= (uint8_t)bit;
            taken = 0;
            if (unpack_begin(&reader, &h) && get32(h.lrecl) <= sizeof got)
                while (unpack_record(&reader, &h, got, &n))
                    ck_assert_uint_le(n, sizeof got);
            stream[i] ^= (uint8_t)bit;
        }
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("copy");
    TCase *tc = tcase_create("copy");
    tcase_add_test(tc, specifications);
    tcase_add_loop_test(tc, refused, 0, sizeof bad / sizeof *bad);
    tcase_add_test(tc, too_much);
    tcase_add_test(tc, translations);
    tcase_add_loop_test(tc, there_and_back, 0, sizeof forms / sizeof *forms);
    tcase_add_test(tc, damaged);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
