/* Proves: the ELF reader finds functions by address and says how far behind their beginning
 * an address is; a file that is cut or damaged anywhere gives a message, never a crash. */
#include "lib/be.h"
#include "s370/operator/symbols.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define STRINGS "\0main\0trap\0.L1\0label\0size"
#define HEADERS 52
#define SYMBOLS (HEADERS + 3 * 40)
#define COUNT   6
#define TEXT    (SYMBOLS + COUNT * 16)
#define LENGTH  (TEXT + sizeof STRINGS)

static uint8_t image[LENGTH];

static void put_section(unsigned n, uint32_t type, uint32_t offset, uint32_t size, uint32_t link)
{
    uint8_t *s = image + HEADERS + n * 40;
    store_be32(s + 4, type);
    store_be32(s + 16, offset);
    store_be32(s + 20, size);
    store_be32(s + 24, link);
}

static void put_symbol(unsigned n, uint32_t name, uint32_t value, uint32_t size, uint8_t type)
{
    uint8_t *s = image + SYMBOLS + n * 16;
    store_be32(s, name);
    store_be32(s + 4, value);
    store_be32(s + 8, size);
    s[12] = type;
    store_be16(s + 14, 1);
}

static void setup(void)
{
    memset(image, 0, sizeof image);
    memcpy(image, "\177ELF\1\2\1", 7);
    store_be32(image + 32, HEADERS);
    store_be16(image + 46, 40);
    store_be16(image + 48, 3);
    put_section(1, 2, SYMBOLS, COUNT * 16, 2);
    put_section(2, 3, TEXT, sizeof STRINGS, 0);
    put_symbol(1, 6, 0x2000, 0x40, 2);
    put_symbol(2, 1, 0x1000, 0x100, 2);
    put_symbol(3, 11, 0x1010, 0, 0);
    put_symbol(4, 15, 0x3000, 0, 0);
    put_symbol(5, 21, 0x1234, 0, 0); /* a constant */
    store_be16(image + SYMBOLS + 5 * 16 + 14, 0xfff1);
    memcpy(image + TEXT, STRINGS, sizeof STRINGS);
}

START_TEST(addresses)
{
    char error[100];
    uint32_t offset = 99;
    struct symbols *s = symbols_parse(image, LENGTH, error, sizeof error);
    ck_assert_ptr_nonnull(s);
    ck_assert_uint_eq(symbols_count(s), 3); /* .L1 is the compiler's own */
    uint32_t value = 0;
    ck_assert(symbols_constant(s, "size", &value) && value == 0x1234);
    ck_assert(!symbols_constant(s, "main", &value) && !symbols_address(s, "size", &value));
    ck_assert_str_eq(symbols_find(s, 0x1000, &offset), "main");
    ck_assert_uint_eq(offset, 0);
    ck_assert_str_eq(symbols_find(s, 0x10ff, &offset), "main");
    ck_assert_uint_eq(offset, 0xff);
    ck_assert_ptr_null(symbols_find(s, 0x1100, &offset));
    ck_assert_ptr_null(symbols_find(s, 0xfff, &offset));
    ck_assert_str_eq(symbols_find(s, 0x203f, &offset), "trap");
    ck_assert_str_eq(symbols_find(s, 0x3004, &offset), "label");
    uint32_t address = 99;
    ck_assert(symbols_address(s, "trap", &address) && address == 0x2000);
    ck_assert(!symbols_address(s, "tra", &address) && !symbols_address(NULL, "trap", &address));
    ck_assert_ptr_null(symbols_find(NULL, 0x1000, &offset));
    symbols_free(s);
}
END_TEST

START_TEST(damaged)
{
    char error[100];
    for (size_t length = 0; length < LENGTH; length++) {
        uint8_t *cut = malloc(length + 1);
        memcpy(cut, image, length);
        ck_assert_ptr_null(symbols_parse(cut, length, error, sizeof error));
        ck_assert(error[0] != 0);
        free(cut);
    }
    for (size_t i = 0; i < LENGTH; i++) {
        for (int bit = 0; bit < 8; bit++) {
            setup();
            image[i] ^= (uint8_t)(1 << bit);
            symbols_free(symbols_parse(image, LENGTH, error, sizeof error));
        }
    }
    ck_assert_ptr_null(symbols_read("/nonexistent", error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "No such file"));
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("symbols");
    tcase_add_checked_fixture(t, setup, NULL);
    tcase_add_test(t, addresses);
    tcase_add_test(t, damaged);
    Suite *s = suite_create("symbols");
    suite_add_tcase(s, t);
    return run_suite(s);
}
