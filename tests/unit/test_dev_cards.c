/* Proves: a card's two codes agree with each other and with the manual; the readers 3505, 2540R and
 * 2501 read both modes, select stackers, keep a card that is read only, and reject what they
 * have not; the punches 3525 and 2540P punch both modes, read, punch into cards that were read,
 * print on them, and lose no hole in silence. */
#include "channel_fixture.h"

#include "lib/ebcdic.h"
#include "s370/media/card.h"

#include <sys/stat.h>
#include <unistd.h>

#define READER     0x00c
#define PUNCH      0x00d
#define PROGRAM    0x1000
#define BUFFER     0x4000
#define SLI        CCW_SUPPRESS_LENGTH
#define DATA_CHECK 0x08

static char directory[32], deck[64], output[64], printed[64];
static char contents[4096];

static void setup(void)
{
    fixture_setup();
    strcpy(directory, "/tmp/datbox-cd-XXXXXX");
    ck_assert(mkdtemp(directory) != NULL);
    sprintf(deck, "%s/deck", directory);
    sprintf(output, "%s/output", directory);
    sprintf(printed, "%s/printed", directory);
}

static void teardown(void)
{
    fixture_teardown();
    unlink(deck);
    unlink(output);
    unlink(printed);
    ck_assert_int_eq(rmdir(directory), 0);
}

static void put_file(const char *path, const void *bytes, size_t length)
{
    FILE *f = fopen(path, "wb");
    ck_assert(f && fwrite(bytes, 1, length, f) == length);
    fclose(f);
}

static size_t get_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    ck_assert(f != NULL);
    size_t n = fread(contents, 1, sizeof contents - 1, f);
    contents[n] = 0;
    fclose(f);
    return n;
}

static struct csw run(uint16_t device, uint8_t command, uint16_t count)
{
    put_ccw(PROGRAM, command, BUFFER, SLI, count);
    store_be32(at(0x48), PROGRAM);
    int cc = channel_start_io(&machine, device, false);
    if (cc == 1)
        return stored_csw();
    ck_assert_int_eq(cc, 0);
    run_events();
    return interruption(device);
}

/* The sense byte 0 behind a unit check. */
static uint8_t sense(uint16_t device)
{
    uint8_t saved[32];
    memcpy(saved, at(BUFFER), sizeof saved);
    ck_assert_csw(run(device, CCW_SENSE, 1), GOOD, 0);
    uint8_t byte = *at(BUFFER);
    memcpy(at(BUFFER), saved, sizeof saved);
    return byte;
}

static const char *text_at_buffer(unsigned n)
{
    static char text[CARD_COLUMNS + 1];
    latin1_from_ebcdic(text, at(BUFFER), n);
    text[n] = 0;
    while (n > 0 && text[n - 1] == ' ')
        text[--n] = 0;
    return text;
}

START_TEST(codes)
{
    static const struct {
        uint8_t character;
        uint16_t holes;
    } manual[] = {
        {0x40, 0},     {0xc1, 0x900}, /* A: 12-1 */
        {0xe2, 0x280},                /* S: 0-2 */
        {0xf9, 0x001}, {0x61, 0x300}, /* slash: 0-1 */
        {0x50, 0x800},                /* &: 12 */
        {0x5b, 0x442},                /* $: 11-8-3 */
        {0x02, 0x881},                /* object decks: 12-9-2 */
        {0x00, 0xb03},                /* 12-0-9-8-1 */
        {0xff, 0xe07},                /* 12-11-0-9-8-7 */
    };
    for (unsigned i = 0; i < sizeof manual / sizeof *manual; i++)
        ck_assert_uint_eq(card_holes(manual[i].character), manual[i].holes);
    unsigned characters = 0;
    for (uint16_t holes = 0; holes < 0x1000; holes++) {
        uint8_t c;
        unsigned digits = (unsigned)__builtin_popcount(holes >> 2 & 0x7f);
        ck_assert_int_eq(card_character(holes, &c), digits <= 1);
        if (digits > 1)
            continue;
        characters++;
        ck_assert_uint_eq(card_holes(c), holes);
    }
    ck_assert_uint_eq(characters, 256);
}
END_TEST

START_TEST(binary_reading)
{
    uint8_t cards[2 * CARD_BINARY] = {0x24, 0x00, 0xff, 0xff}; /* 12-1; all rows */
    put_file(deck, cards, sizeof cards);
    attach(READER, "3505", 2, deck, "binary");
    interruption(READER);
    ck_assert_csw(run(READER, 0xe2, 160), GOOD, 0); /* read only, so that it can be read again */
    ck_assert_uint_eq(load_be32(at(BUFFER)), 0x24003f3f);
    ck_assert_csw(run(READER, 0xc2, 80), GOOD | UNIT_CHECK, 0);
    ck_assert_uint_eq(*at(BUFFER), 0xc1);
    ck_assert_uint_eq(*at(BUFFER + 1), 0);
    ck_assert_uint_eq(*at(BUFFER + 2), 0x40);
    ck_assert_uint_eq(sense(READER), DATA_CHECK);
    ck_assert_csw(run(READER, 0x23, 1), GOOD, 0);
    ck_assert_csw(run(READER, 0x62, 160), GOOD, 0);
    ck_assert_csw(run(READER, 0x22, 160), GOOD | UNIT_EXCEPTION, 0);
    ck_assert_csw(run(READER, 0x22, 160), UNIT_CHECK, 0);
    ck_assert_uint_eq(sense(READER), SENSE_INTERVENTION);
}
END_TEST

START_TEST(text_in_binary)
{
    put_file(deck, "AZ\n", 3);
    attach(READER, "2540R", 1, deck);
    interruption(READER);
    ck_assert_csw(run(READER, 0xa2, 160), GOOD, 0);
    ck_assert_uint_eq(load_be32(at(BUFFER)), 0x24000801); /* 12-1, 0-9 */
}
END_TEST

START_TEST(rejected_by_readers)
{
    static const struct {
        const char *type;
        uint8_t commands[8];
    } rejects[] = {
        {"3505", {0xe3, 0x01, 0x0a, 0x12, 0xf2, 0x11, 0x2b}},
        {"2540R", {0xe3, 0x01, 0x0a, 0x12, 0xf2, 0x11, 0x09}},
        {"2501", {0x23, 0x42, 0xc2, 0x01, 0x0a, 0x12, 0xa2}},
    };
    put_file(deck, "CARD\n", 5);
    for (unsigned i = 0; i < 3; i++) {
        attach(READER, rejects[i].type, 1, deck);
        interruption(READER);
        for (const uint8_t *c = rejects[i].commands; *c; c++) {
            ck_assert_csw(run(READER, *c, 80), GOOD | UNIT_CHECK, 0);
            ck_assert_uint_eq(sense(READER), SENSE_COMMAND_REJECT);
        }
        ck_assert_csw(run(READER, 0x02, 80), GOOD, 0);
        ck_assert_str_eq(text_at_buffer(80), "CARD");
        ck_assert_ptr_null(device_detach(&machine, READER));
    }
}
END_TEST

START_TEST(bad_binary_deck)
{
    char *argv[] = {deck, (char *)"binary"};
    put_file(deck, "12345", 5);
    const char *wrong = device_attach(&machine, READER, "3505", 2, argv);
    ck_assert_msg(wrong && strstr(wrong, deck) && strstr(wrong, "160"), "%s", wrong);
}
END_TEST

START_TEST(binary_punching)
{
    attach(PUNCH, "3525", 2, output, "binary");
    interruption(PUNCH);
    memset(at(BUFFER), 0xff, 160);
    ck_assert_csw(run(PUNCH, 0x21, 4), GOOD, 0);
    memcpy(at(BUFFER), (uint8_t[]){0xc1, 0x40}, 2);
    ck_assert_csw(run(PUNCH, 0x81, 2), GOOD, 0);
    ck_assert_uint_eq(get_file(output), 320);
    ck_assert_mem_eq(contents, ((uint8_t[]){0x3f, 0x3f, 0x3f, 0x3f, 0, 0}), 6);
    ck_assert_mem_eq(contents + 160, ((uint8_t[]){0x24, 0, 0, 0}), 4);
}
END_TEST

/* Holes that are no characters do not fit in a file of text: the program and the operator are
 * told, and the card is not in the file as another one. */
START_TEST(holes_that_no_text_keeps)
{
    attach(PUNCH, "2540P", 1, output);
    interruption(PUNCH);
    memset(at(BUFFER), 0x3f, 160);
    ck_assert_csw(run(PUNCH, 0x21, 160), GOOD | UNIT_CHECK, 0);
    ck_assert_uint_eq(sense(PUNCH), SENSE_EQUIPMENT);
    ck_assert_msg(strstr(test_message, output) && strstr(test_message, "binary"), "%s",
                  test_message);
    memcpy(at(BUFFER), (uint8_t[]){0x24, 0, 0x08, 0x01}, 4); /* 12-1, 0-9 */
    ck_assert_csw(run(PUNCH, 0x61, 4), GOOD, 0);
    get_file(output);
    ck_assert_str_eq(contents, "AZ\n");
}
END_TEST

static char *option(const char *key, const char *value)
{
    static char text[80];
    snprintf(text, sizeof text, "%s%s", key, value);
    return text;
}

START_TEST(read_feature)
{
    put_file(deck, "ONE\nTWO\nTHREE\n", 14);
    attach(PUNCH, "3525", 2, output, option("hopper=", deck));
    interruption(PUNCH);
    ck_assert_csw(run(PUNCH, 0x02, 80), GOOD, 0);
    ck_assert_str_eq(text_at_buffer(80), "ONE");
    memset(at(BUFFER), 0x40, 80);
    ebcdic_from_latin1(at(BUFFER + 10), "PAID", 4);
    ck_assert_csw(run(PUNCH, 0x01, 80), GOOD, 0);
    ck_assert_csw(run(PUNCH, 0xc2, 80), GOOD, 0);
    ck_assert_csw(run(PUNCH, 0xc2, 80), GOOD, 0);
    ck_assert_str_eq(text_at_buffer(80), "TWO");
    ck_assert_csw(run(PUNCH, 0x42, 80), GOOD, 0);
    ck_assert_str_eq(text_at_buffer(80), "THREE");
    ck_assert_csw(run(PUNCH, 0x23, 1), GOOD, 0);
    ck_assert_csw(run(PUNCH, 0x02, 80), GOOD | UNIT_EXCEPTION, 0);
    ck_assert_csw(run(PUNCH, 0x01, 80), GOOD | UNIT_EXCEPTION, 0);
    get_file(output);
    ck_assert_str_eq(contents, "ONE       PAID\nTWO\nTHREE\n");
}
END_TEST

START_TEST(punch_feed_read)
{
    put_file(deck, "A\nB\n", 4);
    attach(PUNCH, "2540P", 2, output, option("hopper=", deck));
    interruption(PUNCH);
    ck_assert_csw(run(PUNCH, 0x02, 80), GOOD, 0);
    ck_assert_str_eq(text_at_buffer(80), "A");
    memset(at(BUFFER), 0x40, 80);
    ebcdic_from_latin1(at(BUFFER + 2), "X", 1);
    ck_assert_csw(run(PUNCH, 0x49, 80), GOOD, 0);
    ck_assert_csw(run(PUNCH, 0x02, 80), GOOD, 0);
    ck_assert_str_eq(text_at_buffer(80), "B");
    ck_assert_ptr_null(device_detach(&machine, PUNCH)); /* the card in the path is not lost */
    get_file(output);
    ck_assert_str_eq(contents, "A X\nB\n");
    attach(PUNCH, "2540P", 1, output);
    interruption(PUNCH);
    ck_assert_csw(run(PUNCH, 0x09, 80), GOOD | UNIT_CHECK, 0); /* not without a deck */
}
END_TEST

START_TEST(printing_on_cards)
{
    attach(PUNCH, "3525", 2, output, option("print=", printed));
    interruption(PUNCH);
    ebcdic_from_latin1(at(BUFFER), "NAME", 4);
    ck_assert_csw(run(PUNCH, 0x01, 4), GOOD, 0);
    ck_assert_csw(run(PUNCH, 1 << 3 | 5, 4), GOOD, 0);
    ck_assert_csw(run(PUNCH, 3 << 3 | 5, 4), GOOD, 0);
    ck_assert_csw(run(PUNCH, 2 << 3 | 5, 4), GOOD | UNIT_CHECK, 0);
    ck_assert_csw(run(PUNCH, 26 << 3 | 5, 4), GOOD | UNIT_CHECK, 0);
    ck_assert_csw(run(PUNCH, 0x23, 1), GOOD, 0);
    ck_assert_csw(run(PUNCH, 25 << 3 | 5, 4), GOOD, 0);
    get_file(printed);
    ck_assert_str_eq(contents,
                     "NAME\n\nNAME\n\f\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\nNAME\n");
    get_file(output);
    ck_assert_str_eq(contents, "NAME\n\n");
}
END_TEST

/* A 1442 punches into cards that it has read, at once or in pieces, and has two stackers. */
START_TEST(read_punch)
{
    char first[100], second[100];
    snprintf(first, sizeof first, "stacker1=%s", output);
    snprintf(second, sizeof second, "stacker2=%s", printed);
    put_file(deck, "ONE\nTWO\nTHREE\nFOUR\n", 19);
    attach(READER, "1442", 3, deck, first, second);
    interruption(READER);
    ck_assert_csw(run(READER, 0x02, 80), GOOD, 0);
    ck_assert_str_eq(text_at_buffer(80), "ONE");
    memset(at(BUFFER), 0x40, 80);
    ebcdic_from_latin1(at(BUFFER + 8), "PAID", 4);
    ck_assert_csw(run(READER, 0x01, 12), GOOD, 0); /* it stays */
    ebcdic_from_latin1(at(BUFFER), "TWICE", 5);
    ck_assert_csw(run(READER, 0xc1, 5), GOOD, 0); /* from column 13 on; to stacker 2 */
    ebcdic_from_latin1(at(BUFFER), "   +", 4);
    ck_assert_csw(run(READER, 0x01, 4), GOOD, 0); /* TWO has not been read */
    ck_assert_csw(run(READER, 0x62, 160), GOOD, 0);
    ck_assert_uint_eq(load_be32(at(BUFFER)), 0x09002002); /* T: 0-3, H: 12-8 */
    ck_assert_csw(run(READER, 0x43, 1), UNIT_CHANNEL_END | UNIT_DEVICE_END, 0);
    ck_assert_csw(run(READER, 0x83, 1), GOOD, 0);
    ck_assert_csw(run(READER, 0x02, 80), GOOD | UNIT_EXCEPTION, 0);
    ck_assert_csw(run(READER, 0x02, 80), UNIT_CHECK, 0);
    ck_assert_uint_eq(sense(READER), SENSE_INTERVENTION);
    get_file(output);
    ck_assert_str_eq(contents, "FOUR\n");
    get_file(printed);
    ck_assert_str_eq(contents, "ONE     PAIDTWICE\nTWO+\nTHREE\n");
    static const uint8_t unknown[] = {0x12, 0x52, 0x09, 0x23, 0xc2, 0x82, 0x13};
    char *again[] = {deck};
    struct device *d = device_find(&machine, READER);
    char short_name[] = {'x', 0}; /* no option, and nothing behind it is looked at (fuzz_channel) */
    ck_assert(d->type->ops->mount(d, 1, (char *[]){short_name}) != NULL);
    ck_assert(d->type->ops->mount(d, 1, again) == NULL);
    interruption(READER);
    for (size_t i = 0; i < sizeof unknown; i++) {
        ck_assert_csw(run(READER, unknown[i], 80), GOOD | UNIT_CHECK, 0);
        ck_assert_uint_eq(sense(READER), SENSE_COMMAND_REJECT);
    }
    ck_assert_csw(run(READER, 0x02, 80), GOOD, 0);
    ck_assert(device_detach(&machine, READER) == NULL); /* the card in the path is not lost */
    get_file(output);
    ck_assert_str_eq(contents, "FOUR\nONE\n");
}
END_TEST

START_TEST(stackers_of_punches)
{
    char second[100], third[100];
    snprintf(second, sizeof second, "stacker2=%s", printed);
    snprintf(third, sizeof third, "stacker3=%s", deck);
    attach(PUNCH, "2540P", 3, output, second, third);
    interruption(PUNCH);
    for (unsigned i = 0; i < 6; i++) {
        memset(at(BUFFER), 0xf0 + (int)i, 2);
        ck_assert_csw(run(PUNCH, (uint8_t)(0x01 | i % 3 << 6), 2), GOOD, 0);
    }
    get_file(output);
    ck_assert_str_eq(contents, "00\n33\n");
    get_file(printed);
    ck_assert_str_eq(contents, "11\n44\n");
    get_file(deck);
    ck_assert_str_eq(contents, "22\n55\n");
    /* Without files of their own all cards go to the first. */
    ck_assert(device_detach(&machine, PUNCH) == NULL);
    attach(PUNCH, "3525", 2, output, "clear");
    interruption(PUNCH);
    for (unsigned i = 0; i < 3; i++) {
        memset(at(BUFFER), 0xf0 + (int)i, 2);
        ck_assert_csw(run(PUNCH, (uint8_t)(0x01 | i << 6), 2), GOOD, 0);
    }
    get_file(output);
    ck_assert_str_eq(contents, "00\n11\n22\n");
    char *too_many[] = {output, third};
    struct device *d = device_find(&machine, PUNCH);
    ck_assert(strstr(d->type->ops->mount(d, 2, too_many), "two stackers"));
}
END_TEST

static void add(TCase *t)
{
    tcase_add_test(t, codes);
    tcase_add_test(t, binary_reading);
    tcase_add_test(t, text_in_binary);
    tcase_add_test(t, rejected_by_readers);
    tcase_add_test(t, bad_binary_deck);
    tcase_add_test(t, binary_punching);
    tcase_add_test(t, holes_that_no_text_keeps);
    tcase_add_test(t, read_feature);
    tcase_add_test(t, read_punch);
    tcase_add_test(t, stackers_of_punches);
    tcase_add_test(t, punch_feed_read);
    tcase_add_test(t, printing_on_cards);
}

int main(void)
{
    return run_suite("cards", setup, teardown, add);
}
