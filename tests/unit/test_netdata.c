/* Proves: NETDATA is what TSO/E Customization's tables say, byte by byte, against an example
 * written out by hand; what is written is read back, whatever the records' lengths and however the
 * cards are cut; what cannot be is refused with a reason. */
#include "spool/nje/netdata.h"
#include "tests/unit/hex.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint8_t cards[400000], record[NETDATA_RECORD_MAX];
static size_t length, room = sizeof cards;

static bool take_card(void *context, const uint8_t *card)
{
    if (length + 80 > room)
        return false;
    memcpy(cards + length, card, 80);
    length += 80;
    return true;
}

static const struct netdata_file example = {.from_node = "A",
                                            .from_user = "U1",
                                            .to_node = "B",
                                            .to_user = "U2",
                                            .sent = "20261201",
                                            .name = "X",
                                            .type = "DATA",
                                            .mode = "A1",
                                            .recfm = 'F',
                                            .lrecl = 3,
                                            .bytes = 6};

static const char example_hex[] =
    "46 E0 C9D5D4D9F0F1 0042 0001 0004 00000050 1011 0001 0001 C1 1012 0001 0002 E4F1 "
    "1001 0001 0001 C2 1002 0001 0002 E4F2 1024 0001 0008 F2F0F2F6F1F2F0F1 102F 0001 0002 0001 "
    "54 E0 C9D5D4D9F0F2 00000001 1028 0001 0007 C9D5D4C3D6D7E8 003C 0001 0002 4000 "
    "0042 0001 0004 00000003 0049 0001 0002 8000 102C 0001 0004 00000006 "
    "0002 0003 0001 C1 0001 E7 0004 C4C1E3C1 102D 0001 0001 F1 "
    "2C E0 C9D5D4D9F0F3 003C 0001 0002 4000 0042 0001 0004 00000003 0049 0001 0002 8000 "
    "102C 0001 0004 00000006 "
    "05 C0 C1C2C3 05 C0 C4C5C6 08 E0 C9D5D4D9F0F6";

/* Feeds cards of `size` bytes and returns the next event. */
static size_t fed;
static enum netdata_event next(struct netdata_reader *r, size_t size)
{
    enum netdata_event e;
    while ((e = netdata_next(r)) == NETDATA_MORE && fed < length) {
        size_t n = length - fed < size ? length - fed : size;
        netdata_card(r, cards + fed, n);
        fed += n;
    }
    return e;
}

static void start(struct netdata_reader *r)
{
    fed = 0;
    netdata_open(r, record, sizeof record);
}

START_TEST(by_hand)
{
    struct netdata_writer w = {.card = take_card};
    uint8_t want[1024] = {0};
    size_t n = from_hex(want, example_hex);
    length = 0;
    ck_assert(netdata_begin(&w, &example));
    ck_assert(netdata_record(&w, "\xc1\xc2\xc3", 3) && netdata_record(&w, "\xc4\xc5\xc6", 3));
    ck_assert(netdata_end(&w));
    ck_assert_uint_eq(length, (n + 79) / 80 * 80);
    for (size_t i = 0; i < length; i++)
        ck_assert_msg(cards[i] == want[i], "byte %zu is %02X, not %02X", i, cards[i], want[i]);
}
END_TEST

START_TEST(there_and_back)
{
    static const size_t sizes[] = {0, 1, 252, 253, 254, 506, 507, 4096, 65535};
    static const size_t cuts[] = {80, 1, 7, 255};
    static uint8_t data[NETDATA_RECORD_MAX];
    struct netdata_reader r;
    struct netdata_writer w = {.card = take_card};
    struct netdata_file f = example;
    f.recfm = 'V';
    f.lrecl = 65535;
    f.records = 9;
    f.acknowledge = f.is_note = true;
    strcpy(f.changed, "20261130121314");
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 7 + (i >> 8));
    length = 0;
    ck_assert(netdata_begin(&w, &f));
    for (size_t i = 0; i < 9; i++)
        ck_assert(netdata_record(&w, data + i, sizes[i] == 65535 ? 65535 - 9 : sizes[i]));
    ck_assert(netdata_end(&w));
    for (size_t c = 0; c < 4; c++) {
        start(&r);
        ck_assert_int_eq(next(&r, cuts[c]), NETDATA_START);
        ck_assert_str_eq(r.file.name, "X");
        ck_assert_str_eq(r.file.type, "DATA");
        ck_assert_str_eq(r.file.mode, "A1");
        ck_assert_str_eq(r.file.from_user, "U1");
        ck_assert_str_eq(r.file.to_node, "B");
        ck_assert_str_eq(r.file.sent, "20261201");
        ck_assert_str_eq(r.file.changed, "20261130121314");
        ck_assert(r.file.recfm == 'V' && r.file.lrecl == 65535 && r.file.records == 9);
        ck_assert(r.file.acknowledge && r.file.is_note && !r.file.is_acknowledgement);
        for (size_t i = 0; i < 9; i++) {
            size_t want = sizes[i] == 65535 ? 65535 - 9 : sizes[i];
            ck_assert_int_eq(next(&r, cuts[c]), NETDATA_DATA);
            ck_assert_uint_eq(r.length, want);
            ck_assert(!memcmp(record, data + i, want));
        }
        ck_assert_int_eq(next(&r, cuts[c]), NETDATA_END);
        ck_assert_int_eq(next(&r, cuts[c]), NETDATA_END);
    }
}
END_TEST

START_TEST(acknowledged)
{
    struct netdata_reader r;
    struct netdata_writer w = {.card = take_card};
    length = 0;
    ck_assert(netdata_acknowledge(&w, &example));
    start(&r);
    ck_assert_int_eq(next(&r, 80), NETDATA_START);
    ck_assert(r.file.is_acknowledgement && !strcmp(r.file.name, "X"));
    ck_assert_int_eq(next(&r, 80), NETDATA_END);
}
END_TEST

/* A data set of TSO: its name has no mode, two INMR02 and text units that nobody here knows. */
START_TEST(of_tso)
{
    struct netdata_reader r;
    length = from_hex(cards, "17 E0 C9D5D4D9F0F1 1011 0001 0001 C1 1012 0001 0002 E4F1 "
                             "35 E0 C9D5D4D9F0F2 00000001 0042 0001 0002 0050 0049 0001 0002 8000 "
                             "0002 0003 0001 E4 0003 C1C2C3 0004 C4C1E3C1 8012 0001 0001 80 "
                             "14 E0 C9D5D4D9F0F2 00000001 1028 0000 1021 0000 "
                             "08 E0 C9D5D4D9F0F3 "
                             "03 80 C1 03 40 C2 08 E0 C9D5D4D9F0F6");
    start(&r);
    ck_assert_int_eq(next(&r, 80), NETDATA_START);
    ck_assert_str_eq(r.file.name, "ABC");
    ck_assert_str_eq(r.file.type, "DATA");
    ck_assert(r.file.recfm == 'F' && r.file.lrecl == 80);
    ck_assert_int_eq(next(&r, 80), NETDATA_DATA);
    ck_assert(r.length == 2 && record[0] == 0xc1 && record[1] == 0xc2);
    ck_assert_int_eq(next(&r, 80), NETDATA_END);
}
END_TEST

START_TEST(refused)
{
    static const struct {
        const char *hex, *why;
    } cases[] = {
        {"05 C0 C1C2C3", "DATA COME BEFORE THE FILE'S DESCRIPTION"},
        {"08 E0 C9D5D4D9F0F6", "THERE IS NOT ONE HEADER, AT THE BEGIN"},
        {"07 E0 C9D5D4D9F0", "A CONTROL RECORD IS TOO SHORT"},
        {"0E E0 C9D5D4D9F0F1 0042 0001 0004", "A TEXT UNIT IS LONGER THAN ITS RECORD"},
        {"0B E0 C9D5D4D9F0F1 0042 00", "A TEXT UNIT IS LONGER THAN ITS RECORD"},
        {"03 40 C1", "A SEGMENT IS NOT THE NEXT ONE"},
        {"01 C0", "A SEGMENT IS NOT THE NEXT ONE"},
        {"03 A0 C9 03 40 D5", "A SEGMENT IS NOT THE NEXT ONE"},
        {"08 E0 C9D5D4D9F0F1 08 E0 C9D5D4D9F0F1", "THERE IS NOT ONE HEADER, AT THE BEGIN"},
        {"08 F0 C9D5D4D9F0F1", "NUMBERED RECORDS ARE NOT TAKEN"},
    };
    struct netdata_reader r;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        length = from_hex(cards, cases[i].hex);
        start(&r);
        ck_assert_int_eq(next(&r, 80), NETDATA_BAD);
        ck_assert_str_eq(r.why, cases[i].why);
        ck_assert_int_eq(next(&r, 80), NETDATA_BAD);
    }
    length = from_hex(cards, example_hex);
    fed = 0;
    netdata_open(&r, record, 20);
    ck_assert_int_eq(next(&r, 80), NETDATA_BAD);
    ck_assert_str_eq(r.why, "A RECORD IS TOO LONG");
    /* Whoever takes the cards has no room any more. */
    struct netdata_writer w = {.card = take_card};
    length = 0;
    room = 80;
    ck_assert(!netdata_begin(&w, &example) && !netdata_record(&w, "A", 1) && !netdata_end(&w));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("netdata");
    TCase *t = tcase_create("netdata");
    tcase_add_test(t, by_hand);
    tcase_add_test(t, there_and_back);
    tcase_add_test(t, acknowledged);
    tcase_add_test(t, of_tso);
    tcase_add_test(t, refused);
    suite_add_tcase(s, t);
    return run_suite(s);
}
