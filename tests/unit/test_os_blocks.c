/* Proves: records come out of blocks of OS's forms as they went in, F, V and U, blocked or not; a
 * block takes as many as fit and no more; lengths in a block that contradict each other are found
 * and nothing outside of the block is looked at; LRECL and BLKSIZE that do not go together are
 * refused. */
#include "cms/os/blocks.h"
#include "cms/os/layout.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct record_form fixed = {RECFM_FIXED | RECFM_BLOCKED, 3, 9};
static const struct record_form variable = {RECFM_VARIABLE | RECFM_BLOCKED, 12, 20};
static const struct record_form undefined = {RECFM_UNDEFINED, 0, 20};

static uint8_t bytes[64];

static struct block empty(const struct record_form *f)
{
    struct block b = {bytes, 0, 0};
    memset(bytes, 0xee, sizeof bytes);
    block_begin(&b, f);
    return b;
}

/* V records get their length word. */
static bool add(struct block *b, const struct record_form *f, const char *text)
{
    uint32_t word = (f->recfm & RECFM_KIND) == RECFM_VARIABLE ? LENGTH_WORD : 0;
    uint32_t length = (uint32_t)strlen(text) + word;
    uint8_t *at = block_room(b, f, length);
    if (!at)
        return false;
    if (word)
        store_be32(at, length << 16);
    memcpy(at + word, text, length - word);
    block_add(b, length);
    return true;
}

static void next_is(struct block *b, const struct record_form *f, const char *text)
{
    uint32_t word = (f->recfm & RECFM_KIND) == RECFM_VARIABLE ? LENGTH_WORD : 0, length;
    uint8_t *record;
    ck_assert_int_eq(block_next(b, f, &record, &length), BLOCK_OK);
    ck_assert_uint_eq(length, strlen(text) + word);
    ck_assert_int_eq(memcmp(record + word, text, strlen(text)), 0);
}

static void ends(struct block *b, const struct record_form *f, enum block_result how)
{
    uint32_t length;
    uint8_t *record;
    ck_assert_int_eq(block_next(b, f, &record, &length), how);
}

START_TEST(fixed_blocks)
{
    struct block b = empty(&fixed);
    ck_assert(add(&b, &fixed, "abc") && add(&b, &fixed, "def") && add(&b, &fixed, "ghi"));
    ck_assert(!add(&b, &fixed, "jkl"));
    ck_assert_uint_eq(block_finish(&b, &fixed), 9);
    ck_assert_int_eq(block_open(&b, &fixed), BLOCK_OK);
    next_is(&b, &fixed, "abc");
    next_is(&b, &fixed, "def");
    next_is(&b, &fixed, "ghi");
    ends(&b, &fixed, BLOCK_END);
    /* A short block is good, a part of a record is not. */
    b.length = 7;
    ck_assert_int_eq(block_open(&b, &fixed), BLOCK_OK);
    next_is(&b, &fixed, "abc");
    next_is(&b, &fixed, "def");
    ends(&b, &fixed, BLOCK_BAD);
}
END_TEST

START_TEST(unblocked)
{
    struct record_form f = {RECFM_FIXED, 3, 3};
    struct block b = empty(&f);
    ck_assert_uint_eq(block_finish(&b, &f), 0);
    ck_assert(add(&b, &f, "abc") && !add(&b, &f, "def"));
    struct record_form v = {RECFM_VARIABLE, 12, 40};
    b = empty(&v);
    ck_assert(add(&b, &v, "abc") && !add(&b, &v, "def"));
}
END_TEST

START_TEST(variable_blocks)
{
    struct block b = empty(&variable);
    ck_assert_uint_eq(block_finish(&b, &variable), 0);
    ck_assert(add(&b, &variable, "abcd") && add(&b, &variable, "ef"));
    ck_assert(!add(&b, &variable, "g"));
    ck_assert_uint_eq(block_finish(&b, &variable), 18);
    static const uint8_t is[] = {0, 18, 0, 0, 0, 8, 0, 0, 'a', 'b', 'c', 'd', 0, 6, 0, 0, 'e', 'f'};
    ck_assert_int_eq(memcmp(bytes, is, sizeof is), 0);
    /* On a tape the block may be longer than it says: padding. */
    b.length = 20;
    ck_assert_int_eq(block_open(&b, &variable), BLOCK_OK);
    next_is(&b, &variable, "abcd");
    next_is(&b, &variable, "ef");
    ends(&b, &variable, BLOCK_END);
}
END_TEST

START_TEST(undefined_blocks)
{
    struct block b = empty(&undefined);
    ck_assert(add(&b, &undefined, "all of it") && !add(&b, &undefined, "x"));
    ck_assert_uint_eq(block_finish(&b, &undefined), 9);
    ck_assert_int_eq(block_open(&b, &undefined), BLOCK_OK);
    next_is(&b, &undefined, "all of it");
    ends(&b, &undefined, BLOCK_END);
}
END_TEST

/* Any bytes: what comes back is within the block. */
START_TEST(damaged)
{
    static const struct record_form *forms[] = {&fixed, &variable, &undefined};
    unsigned seed = 1, bad = 0;
    for (unsigned n = 0; n < 100000; n++) {
        uint8_t *block = malloc(24), *record;
        uint32_t size = (uint32_t)rand_r(&seed) % 25, length;
        for (uint32_t i = 0; i < size; i++)
            block[i] = (uint8_t)(rand_r(&seed) % 3 ? 0 : rand_r(&seed) % 26);
        uint8_t *exact = malloc(size ? size : 1);
        memcpy(exact, block, size);
        const struct record_form *f = forms[n % 3];
        struct block b = {exact, size, 0};
        enum block_result r = block_open(&b, f);
        while (r == BLOCK_OK && (r = block_next(&b, f, &record, &length)) == BLOCK_OK)
            ck_assert(length && record >= exact && record + length <= exact + size);
        bad += r == BLOCK_BAD;
        free(exact);
        free(block);
    }
    ck_assert_uint_gt(bad, 1000);
}
END_TEST

START_TEST(forms)
{
    static const struct {
        struct record_form form;
        bool good;
    } cases[] = {
        {{RECFM_FIXED, 80, 80}, true},
        {{RECFM_FIXED, 80, 160}, false},
        {{RECFM_FIXED | RECFM_BLOCKED, 80, 800}, true},
        {{RECFM_FIXED | RECFM_BLOCKED, 80, 790}, false},
        {{RECFM_FIXED, 0, 80}, false},
        {{RECFM_FIXED, 80, 0}, false},
        {{RECFM_VARIABLE, 84, 88}, true},
        {{RECFM_VARIABLE, 84, 87}, false},
        {{RECFM_VARIABLE, 4, 88}, false},
        {{RECFM_VARIABLE | RECFM_SPANNED, 84, 88}, false},
        {{RECFM_UNDEFINED, 0, 100}, true},
        {{0, 80, 80}, false},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++)
        ck_assert_msg(form_is_good(&cases[i].form) == cases[i].good, "case %u", i);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("os blocks");
    TCase *t = tcase_create("blocks");
    tcase_add_test(t, fixed_blocks);
    tcase_add_test(t, unblocked);
    tcase_add_test(t, variable_blocks);
    tcase_add_test(t, undefined_blocks);
    tcase_add_test(t, damaged);
    tcase_add_test(t, forms);
    suite_add_tcase(s, t);
    return run_suite(s);
}
