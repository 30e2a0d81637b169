/* Proves: the 3505 reads text and card images (all byte values), ends decks with unit exception
 * or intervention required, queues decks and says device end for each; the 3525 punches
 * both forms; the 1403 spaces, skips, overprints and appends; all of them name the file in
 * messages, and what a full disk of the host refuses is kept and written later. */
#include "channel_fixture.h"

#include "lib/ebcdic.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#define READER  0x00c
#define PUNCH   0x00d
#define PRINTER 0x00e
#define PROGRAM 0x1000
#define BUFFER  0x4000
#define CC      CCW_CHAIN_COMMAND
#define SLI     CCW_SUPPRESS_LENGTH

static char directory[32], deck[64], deck2[64], output[64];
static char contents[4096];

static void setup(void)
{
    fixture_setup();
    strcpy(directory, "/tmp/datbox-ur-XXXXXX");
    ck_assert(mkdtemp(directory) != NULL);
    sprintf(deck, "%s/deck", directory);
    sprintf(deck2, "%s/deck2", directory);
    sprintf(output, "%s/output", directory);
}

static void teardown(void)
{
    fixture_teardown();
    unlink(deck);
    unlink(deck2);
    unlink(output);
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

static void expect_card(const char *text)
{
    char card[81] = {0};
    put_ccw(PROGRAM, 0x02, BUFFER, 0, 80);
    ck_assert_csw(run_program(READER, PROGRAM), GOOD, 0);
    latin1_from_ebcdic(card, at(BUFFER), 80);
    for (int n = 79; n >= 0 && card[n] == ' '; n--)
        card[n] = 0;
    ck_assert_str_eq(card, text);
}

static void expect_not_ready(uint16_t device)
{
    ck_assert_int_eq(start(device, 0, PROGRAM), 1);
    ck_assert_csw(stored_csw(), UNIT_CHECK, 0);
    put_ccw(0x1800, CCW_SENSE, BUFFER, SLI, 1);
    ck_assert_csw(run_program(device, 0x1800), GOOD, 0);
    ck_assert_uint_eq(*at(BUFFER), SENSE_INTERVENTION);
}

static const char *devinit(uint16_t device, int argc, ...)
{
    char *argv[4];
    va_list args;
    va_start(args, argc);
    for (int i = 0; i < argc; i++)
        argv[i] = va_arg(args, char *);
    va_end(args);
    struct device *d = device_find(&machine, device);
    return d->type->ops->mount(d, argc, argv);
}

START_TEST(text_deck)
{
    static const char text[] = "USERID CMSUSER\r\n\tTAB\n\nlast";
    put_file(deck, text, sizeof text - 1);
    attach(READER, "3505", 1, deck);
    ck_assert_csw(interruption(READER), UNIT_DEVICE_END, 0);
    expect_card("USERID CMSUSER");
    expect_card("        TAB");
    expect_card("");
    expect_card("last");
    struct csw csw = run_program(READER, PROGRAM);
    ck_assert_csw(csw, GOOD | UNIT_EXCEPTION, 0);
    expect_not_ready(READER);
}
END_TEST

START_TEST(queued_decks)
{
    put_file(deck, "ONE\n", 4);
    put_file(deck2, "TWO\n", 4);
    attach(READER, "3505", 0);
    no_interruption();
    put_ccw(PROGRAM, 0x02, BUFFER, 0, 80);
    expect_not_ready(READER);
    ck_assert(!devinit(READER, 2, deck, deck2));
    ck_assert_csw(interruption(READER), UNIT_DEVICE_END, 0);
    ck_assert(!devinit(READER, 1, deck));
    no_interruption();
    static const char *const expected[] = {"ONE", "TWO", "ONE"};
    for (int i = 0; i < 3; i++) {
        expect_card(expected[i]);
        ck_assert_csw(run_program(READER, PROGRAM), GOOD | UNIT_EXCEPTION, 0);
        if (i < 2)
            ck_assert_csw(interruption(READER), UNIT_DEVICE_END, 0);
    }
    no_interruption();
    expect_not_ready(READER);
}
END_TEST

START_TEST(card_images)
{
    uint8_t cards[160];
    for (int i = 0; i < 160; i++)
        cards[i] = (uint8_t)(i + 96);
    put_file(deck, cards, sizeof cards);
    attach(READER, "3505", 2, deck, "intrq");
    interruption(READER);
    uint32_t p = put_ccw(PROGRAM, 0x02, BUFFER, CC, 80);
    put_ccw(p, 0x42, BUFFER + 80, 0, 80);
    ck_assert_csw(run_program(READER, PROGRAM), GOOD, 0);
    ck_assert_mem_eq(at(BUFFER), cards, 160);
    expect_not_ready(READER);
}
END_TEST

START_TEST(bad_decks)
{
    static const char long_line[] =
        "A\n123456789012345678901234567890123456789012345678901234567890123456789012345678901\n";
    put_file(deck, long_line, sizeof long_line - 1);
    attach(READER, "3505", 0);
    const char *wrong = devinit(READER, 1, deck);
    ck_assert_msg(wrong && strstr(wrong, deck) && strstr(wrong, "line 2"), "%s", wrong);
    ck_assert(!devinit(READER, 2, deck, "trunc"));
    uint8_t bytes[90];
    memset(bytes, 0xc1, sizeof bytes);
    put_file(deck2, bytes, sizeof bytes);
    wrong = devinit(READER, 2, deck, deck2);
    ck_assert_msg(wrong && strstr(wrong, deck2) == NULL, "%s", wrong); /* deck is bad first */
    wrong = devinit(READER, 1, deck2);
    ck_assert_msg(wrong && strstr(wrong, deck2) && strstr(wrong, "90 bytes"), "%s", wrong);
    ck_assert(!devinit(READER, 2, deck2, "autopad"));
    wrong = devinit(READER, 1, "/nowhere");
    ck_assert(wrong && strstr(wrong, "/nowhere"));
    wrong = devinit(READER, 1, directory);
    ck_assert(wrong && strstr(wrong, directory));
}
END_TEST

START_TEST(punch)
{
    attach(PUNCH, "3525", 1, output);
    interruption(PUNCH);
    memset(at(BUFFER), 0x40, 80);
    ebcdic_from_latin1(at(BUFFER), "CARD 1", 6);
    uint32_t p = put_ccw(PROGRAM, 0x01, BUFFER, CC, 80);
    put_ccw(p, 0x41, BUFFER, 0, 4);
    ck_assert_csw(run_program(PUNCH, PROGRAM), GOOD, 0);
    get_file(output);
    ck_assert_str_eq(contents, "CARD 1\nCARD\n");
    ck_assert(!devinit(PUNCH, 3, output, "clear", "ebcdic"));
    interruption(PUNCH);
    *at(BUFFER + 79) = 0x00;
    ck_assert_csw(run_program(PUNCH, PROGRAM), GOOD, 0);
    ck_assert_uint_eq(get_file(output), 160);
    ck_assert_mem_eq(contents, at(BUFFER), 80);
    ck_assert_uint_eq((uint8_t)contents[80 + 4], 0x40);
    put_ccw(PROGRAM, 0x02, BUFFER, 0, 80);
    ck_assert_csw(run_program(PUNCH, PROGRAM), GOOD | UNIT_CHECK, 0);
}
END_TEST

/* A chain of commands on the same text. */
static struct csw print(const char *text, unsigned n, const uint8_t *commands)
{
    uint32_t p = PROGRAM;
    ebcdic_from_latin1(at(BUFFER), text, strlen(text));
    for (unsigned i = 0; i < n; i++)
        p = put_ccw(p, commands[i], BUFFER, i + 1 < n ? CC : 0, (uint16_t)strlen(text));
    return run_program(PRINTER, PROGRAM);
}

START_TEST(carriage)
{
    attach(PRINTER, "1403", 1, output);
    interruption(PRINTER);
    static const uint8_t spaces[] = {0x8b, 0x09, 0x11, 0x01, 0x01, 0x0b, 0x1b, 0x89};
    ck_assert_csw(print("LINE", 8, spaces), GOOD, 0);
    get_file(output);
    ck_assert_str_eq(contents, "LINE\nLINE\n\nLINE\rLINE\n\n\n\nLINE\n\f");
    /* Channel 2 is at line 7, channel 12 at 61: the page is at line 1 now. */
    static const uint8_t skips[] = {0x93, 0x91};
    ck_assert(!devinit(PRINTER, 2, output, "clear"));
    interruption(PRINTER);
    ck_assert_csw(print("X", 2, skips), GOOD, 0);
    get_file(output);
    ck_assert_str_eq(contents, "\n\n\n\n\n\nX\n\f\n\n\n\n\n\n");
    static const uint8_t bad[] = {0x63};
    ck_assert_csw(print("X", 1, bad), GOOD | UNIT_CHECK, 0);
    static const uint8_t ucs[] = {0xeb, 0xf3};
    ck_assert_csw(print("X", 2, ucs), GOOD, 0);
}
END_TEST

START_TEST(form_channels)
{
    attach(PRINTER, "3211", 2, output, "overflow");
    interruption(PRINTER);
    static const uint8_t fcb[] = {0x01, 0x00, 0x0c, 0x00, 0x09, 0x10};
    memcpy(at(BUFFER), fcb, sizeof fcb);
    put_ccw(PROGRAM, 0x63, BUFFER, 0, sizeof fcb);
    ck_assert_csw(run_program(PRINTER, PROGRAM), GOOD, 0);
    static const uint8_t one[] = {0x09}, two[] = {0x11}, channel2[] = {0x91}, top[] = {0x89};
    ck_assert_csw(print("A", 1, one), GOOD, 0);
    ck_assert_csw(print("B", 1, one), GOOD | UNIT_EXCEPTION, 0);
    ck_assert_csw(print("C", 1, two), GOOD | UNIT_CHECK, 0);
    put_ccw(PROGRAM, CCW_SENSE, BUFFER, SLI, 1);
    run_program(PRINTER, PROGRAM);
    ck_assert_uint_eq(*at(BUFFER), 0x01);
    ck_assert_csw(print("D", 1, top), GOOD, 0);
    ck_assert_csw(print("E", 1, channel2), GOOD | UNIT_CHECK, 0);
    memset(at(BUFFER), 0, 20); /* no end of the form */
    put_ccw(PROGRAM, 0x63, BUFFER, 0, 20);
    ck_assert_csw(run_program(PRINTER, PROGRAM), GOOD | UNIT_CHECK, 0);
}
END_TEST

START_TEST(appends)
{
    put_file(output, "OLD\n", 4);
    attach(PRINTER, "1403", 1, output);
    interruption(PRINTER);
    static const uint8_t one[] = {0x09};
    print("NEW", 1, one);
    get_file(output);
    ck_assert_str_eq(contents, "OLD\n\fNEW\n");
    ck_assert(strstr(devinit(PRINTER, 1, "/nowhere/list"), "/nowhere/list"));
    print("MORE", 1, one);
    get_file(output);
    ck_assert_str_eq(contents, "OLD\n\fNEW\nMORE\n");
}
END_TEST

START_TEST(host_disk_full)
{
    attach(PRINTER, "1403", 1, output);
    interruption(PRINTER);
    static const uint8_t one[] = {0x09, 0x09};
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit = {10, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = RLIM_INFINITY;
    ebcdic_from_latin1(at(BUFFER), "A LINE", 6);
    uint32_t p = put_ccw(PROGRAM, 0x09, BUFFER, CC, 6);
    put_ccw(p, 0x09, BUFFER, 0, 6);
    store_be32(at(0x48), PROGRAM);
    int first = channel_start_io(&machine, PRINTER, false);
    run_events();
    int second = channel_test_io(&machine, PRINTER);
    int refused = channel_start_io(&machine, PRINTER, false);
    uint8_t unit = stored_csw().unit_status;
    setrlimit(RLIMIT_FSIZE, &limit);
    ck_assert(first == 0 && second == 1 && refused == 1);
    ck_assert_uint_eq(unit, UNIT_CHECK);
    ck_assert_msg(strstr(test_message, output) && strstr(test_message, "000E"), "%s", test_message);
    print("LAST", 1, one);
    get_file(output);
    ck_assert_str_eq(contents, "A LINE\nA LINE\nLAST\n");
}
END_TEST

START_TEST(kept_text_moves)
{
    static const uint8_t one[] = {0x09};
    attach(PRINTER, "1403", 1, "/dev/full");
    interruption(PRINTER);
    print("KEPT", 1, one);
    ck_assert_msg(strstr(test_message, "/dev/full"), "%s", test_message);
    ck_assert(!devinit(PRINTER, 1, output));
    interruption(PRINTER);
    print("MORE", 1, one);
    get_file(output);
    ck_assert_str_eq(contents, "KEPT\nMORE\n");
}
END_TEST

static void add(TCase *t)
{
    tcase_add_test(t, text_deck);
    tcase_add_test(t, queued_decks);
    tcase_add_test(t, card_images);
    tcase_add_test(t, bad_decks);
    tcase_add_test(t, punch);
    tcase_add_test(t, carriage);
    tcase_add_test(t, form_channels);
    tcase_add_test(t, appends);
    tcase_add_test(t, host_disk_full);
    tcase_add_test(t, kept_text_moves);
}

int main(void)
{
    return run_suite("unit record", setup, teardown, add);
}
