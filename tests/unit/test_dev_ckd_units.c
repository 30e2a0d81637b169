/* Proves: what the control units 2841, 2314, 3830 and 3880 have each of its own: record overflow,
 * file scan, Read Multiple CKD, Space Count, diagnostic commands, reserve and release, the sense
 * bytes of old units; and packs that are taken off and put on. */
#include "channel_fixture.h"
#include "s370/media/ckd_image.h"

#include <unistd.h>

#define DISK    0x131
#define PROGRAM 0x1000
#define SEEK_TO 0x1f00 /* BBCCHH, and CCHHR at + 2 */
#define BUFFER  0x4000
#define CC      CCW_CHAIN_COMMAND
#define SLI     CCW_SUPPRESS_LENGTH

static char path[64];

static void setup(void)
{
    fixture_setup();
    strcpy(path, "/tmp/datbox-unit-XXXXXX");
    close(mkstemp(path));
    unlink(path);
}

static void teardown(void)
{
    char journal[80];
    fixture_teardown();
    sprintf(journal, "%s.journal", path);
    unlink(journal);
    unlink(path);
}

static void mount(const char *type)
{
    char message[256];
    ck_assert(!ckd_image_create(path, ckd_geometry_find(type), 2, message, sizeof message));
    attach(DISK, type, 1, path);
}

static uint32_t put_search(unsigned head, unsigned record)
{
    uint8_t *s = at(SEEK_TO);
    memset(s, 0, 7);
    store_be16(s + 4, head);
    s[6] = (uint8_t)record;
    uint32_t p = put_ccw(PROGRAM, 0x07, SEEK_TO, CC, 6);
    p = put_ccw(p, 0x31, SEEK_TO + 2, CC, 5);
    return put_ccw(p, CCW_TIC, p - 8, 0, 0);
}

/* Writes record 1 of track 0/`head`: `length` bytes of `value`. */
static void format(uint8_t command, unsigned head, unsigned key, unsigned length, uint8_t value)
{
    memset(at(BUFFER), value, 8 + key + length);
    memset(at(BUFFER), 0, 8);
    store_be16(at(BUFFER + 2), head);
    *at(BUFFER + 4) = 1;
    *at(BUFFER + 5) = (uint8_t)key;
    store_be16(at(BUFFER + 6), length);
    put_ccw(put_search(head, 0), command, BUFFER, 0, (uint16_t)(8 + key + length));
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
}

static void expect_sense(unsigned length, unsigned b0, unsigned b1, unsigned b3, unsigned b5)
{
    uint8_t *s = at(BUFFER + 0x10000);
    put_ccw(0x1800, CCW_SENSE, BUFFER + 0x10000, 0, (uint16_t)length);
    ck_assert_csw(run_program(DISK, 0x1800), GOOD, 0);
    ck_assert_uint_eq((uint32_t)s[0] << 24 | s[1] << 16 | s[3] << 8 | s[5],
                      b0 << 24 | b1 << 16 | b3 << 8 | b5);
}

START_TEST(overflow)
{
    mount("2314");
    format(0x01, 3, 0, 7000, 0x11);
    format(0x01, 4, 0, 7000, 0x22);
    format(0x1d, 5, 0, 300, 0x33);
    memset(at(BUFFER), 0, 16000);
    put_ccw(put_search(3, 1), 0x06, BUFFER, 0, 14300);
    struct csw csw = run_program(DISK, PROGRAM);
    ck_assert_csw(csw, GOOD, 0);
    ck_assert_uint_eq(*at(BUFFER + 6999) << 16 | *at(BUFFER + 7000) << 8 | *at(BUFFER + 14299),
                      0x112233);
    /* The count of a segment shows no mark, and a read of a part sets incorrect length. */
    put_ccw(put_search(3, 0), 0x12, BUFFER, 0, 8);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    ck_assert_uint_eq(*at(BUFFER), 0);
    put_ccw(put_search(3, 1), 0x06, BUFFER, 0, 7000);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, CHANNEL_INCORRECT_LENGTH);
    /* An update goes through all segments; a mask without seeks stops it behind the first. */
    memset(at(BUFFER), 0x55, 14300);
    put_ccw(put_search(3, 1), 0x05, BUFFER, 0, 14300);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    memset(at(BUFFER), 0, 14300);
    put_ccw(put_search(5, 1), 0x06, BUFFER, 0, 300);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    ck_assert_uint_eq(*at(BUFFER + 299), 0x55);
    *at(0x1e00) = 0x18;
    uint32_t p = put_search(3, 1);
    memmove(at(PROGRAM + 16), at(PROGRAM + 8), 8);
    put_ccw(PROGRAM + 8, 0x1f, 0x1e00, CC, 1);
    put_ccw(p, CCW_TIC, PROGRAM + 16, 0, 0);
    put_ccw(p + 8, 0x06, BUFFER, 0, 14300);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD | UNIT_CHECK, CHANNEL_INCORRECT_LENGTH);
    expect_sense(6, 0, 0x05, 0x40, 0x06);
    /* The chain of segments ends with the cylinder. */
    format(0x01, 19, 0, 100, 0x66);
    put_ccw(put_search(19, 1), 0x06, BUFFER, SLI, 200);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD | UNIT_CHECK, 0);
    expect_sense(6, 0, 0x21, 0x44, 0x06);
}
END_TEST

START_TEST(overflow_3330)
{
    mount("3330");
    format(0x01, 18, 0, 100, 0x66);
    memset(at(BUFFER), 0, 200);
    put_ccw(put_search(18, 1), 0x05, BUFFER, SLI, 200);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD | UNIT_CHECK, 0);
    expect_sense(24, 0, 0x21, 0x05, 0x00);
}
END_TEST

START_TEST(file_scan)
{
    mount("2311");
    format(0x1d, 2, 4, 100, 0x40);
    memset(at(BUFFER), 0x40, 104);
    *at(BUFFER + 50) = 0xff; /* agrees with anything */
    uint32_t p = put_ccw(PROGRAM, 0x07, SEEK_TO, CC, 6);
    p = put_ccw(p, 0x2d, BUFFER, CC, 104);
    p = put_ccw(p, CCW_TIC, p - 8, 0, 0);
    put_ccw(p, CCW_NOP, 0, SLI, 1);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    /* Two scans make one: the first differs from nothing, the second is lower. */
    *at(BUFFER + 103) = 0x3f;
    p = put_ccw(PROGRAM, 0x07, SEEK_TO, CC, 6);
    p = put_ccw(p, 0x4d, BUFFER, CC | SLI, 100);
    p = put_ccw(p, 0x45, BUFFER + 100, CC, 4);
    p = put_ccw(p, 0x0b, SEEK_TO, SLI, 1); /* not reached: it would be refused */
    put_ccw(p, CCW_NOP, 0, SLI, 1);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    /* Bytes that are passed without comparing, with status modifier or without; then the rest. */
    static const uint8_t passes[] = {0x35, 0x75, 0x55};
    *at(BUFFER + 103) = 0x40;
    memset(at(BUFFER + 60), 0x99, 20);
    for (int i = 0; i < 3; i++) {
        p = put_ccw(PROGRAM, 0x07, SEEK_TO, CC, 6);
        p = put_ccw(p, 0x2d, BUFFER, CC | SLI, 60);
        p = put_ccw(p, CCW_NOP, 0, SLI, 1); /* not reached: so far it is equal */
        p = put_ccw(p, passes[i], BUFFER + 60, CC | SLI, 20);
        if (i < 2)
            p = put_ccw(p, 0x0b, SEEK_TO, SLI, 1); /* nor this */
        p = put_ccw(p, 0x25, BUFFER + 80, CC, 24);
        p = put_ccw(p, 0x0b, SEEK_TO, SLI, 1); /* nor this */
        put_ccw(p, CCW_NOP, 0, SLI, 1);
        ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
        ck_assert_uint_eq(get24(stored_csw().address), p + 8);
    }
    /* Only behind a scan; not on a 3330. */
    put_ccw(PROGRAM, 0x25, BUFFER, 0, 4);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD | UNIT_CHECK, 0);
    expect_sense(6, 0x80, 0x10, 0xc8, 0);
}
END_TEST

START_TEST(old_units)
{
    mount("2311");
    put_ccw(PROGRAM, 0x05, BUFFER, 0, 4);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD | UNIT_CHECK, 0);
    expect_sense(6, 0x80, 0x10, 0xc8, 0);
    *at(0x1e00) = 0x40;
    uint32_t p = put_ccw(PROGRAM, 0x1f, 0x1e00, CC, 1);
    put_ccw(p, 0x05, BUFFER, 0, 4);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD | UNIT_CHECK, 0);
    expect_sense(6, 0x80, 0x04, 0xc8, 0);
    static const uint8_t unknown[] = {0x23, 0x22, 0x5e, 0x53, 0x64, 0x14, 0xa4};
    for (size_t i = 0; i < sizeof unknown; i++) {
        put_ccw(PROGRAM, unknown[i], BUFFER, SLI, 1);
        ck_assert_csw(run_program(DISK, PROGRAM), GOOD | UNIT_CHECK, 0);
        expect_sense(6, 0x80, 0, 0xc8, 0);
    }
}
END_TEST

START_TEST(multiple)
{
    mount("3380");
    format(0x1d, 2, 4, 100, 0x77);
    /* Not before the arm was sent somewhere in this chain. */
    put_ccw(PROGRAM, 0x5e, BUFFER, SLI, 4096);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD | UNIT_CHECK, 0);
    put_ccw(PROGRAM, 0x01, BUFFER, SLI, 10);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD | UNIT_CHECK, 0);
    expect_sense(24, 0x80, 0, 0, 0);
    memset(at(BUFFER + 0x100), 0, 8);
    memcpy(at(BUFFER + 0x100), "\0\0\0\2\2\0\0\0", 8);
    put_ccw(put_search(2, 1), 0x1d, BUFFER + 0x100, 0, 8);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    memset(at(BUFFER), 0xee, 200);
    put_ccw(put_ccw(PROGRAM, 0x07, SEEK_TO, CC, 6), 0x5e, BUFFER, SLI, 4096);
    struct csw csw = run_program(DISK, PROGRAM);
    ck_assert_csw(csw, GOOD, 0);
    ck_assert_uint_eq(get16(csw.count), 4096 - 120);
    ck_assert_mem_eq(at(BUFFER), "\0\0\0\2\1\4\0\144\x77", 9);
    ck_assert_mem_eq(at(BUFFER + 112), "\0\0\0\2\2\0\0\0\xee", 9);
}
END_TEST

START_TEST(control)
{
    mount("3350");
    format(0x1d, 2, 0, 100, 0x77);
    uint32_t p = put_ccw(PROGRAM, 0x07, SEEK_TO, CC, 6);
    p = put_ccw(p, 0x0f, 0x1e00, CC, 3);
    put_ccw(p, 0x06, BUFFER, 0, 100);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    ck_assert_uint_eq(*at(BUFFER + 99), 0x77);
    /* Diagnostic commands: refused by the mask, then as unknown. */
    put_ccw(PROGRAM, 0x73, BUFFER, SLI, 1);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD | UNIT_CHECK, 0);
    put_ccw(0x1800, CCW_SENSE, BUFFER, 0, 24);
    ck_assert_csw(run_program(DISK, 0x1800), GOOD, 0);
    ck_assert_uint_eq(*at(BUFFER) << 8 | *at(BUFFER + 7), 0x8005);
    put_ccw(PROGRAM, 0xb4, BUFFER, 0, 24);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    put_ccw(put_ccw(PROGRAM, CCW_NOP, 0, CC | SLI, 1), 0x94, BUFFER, 0, 24);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD | UNIT_CHECK, 0);
    put_ccw(PROGRAM, 0x94, BUFFER, 0, 24);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
}
END_TEST

START_TEST(pack_off_and_on)
{
    mount("3350");
    struct device *d = device_find(&machine, DISK);
    char *nothing[] = {(char *)"*"}, *again[] = {path};
    char text[100];
    ck_assert(d->type->ops->mount(d, 1, nothing) == NULL);
    d->type->ops->describe(d, text, sizeof text);
    ck_assert_str_eq(text, "no pack");
    ck_assert(!channel_pending(&machine, ALL_CHANNELS));
    put_search(2, 0);
    start(DISK, 0, PROGRAM);
    ck_assert_uint_eq(stored_csw().unit_status, UNIT_CHECK);
    expect_sense(24, 0x40, 0, 0, 0);
    ck_assert(d->type->ops->mount(d, 1, again) == NULL);
    ck_assert_csw(interruption(DISK), UNIT_DEVICE_END, 0);
    put_ccw(put_search(2, 0), 0x06, BUFFER, 0, 8);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    /* A drive may begin without a pack. */
    attach(0x132, "3330", 0);
    put_ccw(PROGRAM, 0x03, 0, SLI, 1);
    channels_reset(&machine);
}
END_TEST

static const char *shadow(const char *command, const char *word)
{
    struct device *d = device_find(&machine, DISK);
    test_message[0] = 0;
    return d->type->ops->shadow(d, command, word);
}

/* The operator's commands between the program's: the program sees one disk. */
START_TEST(shadow_commands)
{
    char option[96], name[80], message[256];
    snprintf(name, sizeof name, "%s_1", path);
    snprintf(option, sizeof option, "sf=%s_x", path);
    ck_assert(!ckd_image_create(path, ckd_geometry_find("2314"), 2, message, sizeof message));
    attach(DISK, "2314", 2, path, option);
    format(0x1d, 3, 0, 100, 0x11);
    ck_assert(!shadow("sf+", "") && strstr(test_message, "_2"));
    format(0x1d, 4, 0, 100, 0x22);
    ck_assert(!shadow("sfd", "") && strstr(test_message, path));
    ck_assert(!shadow("sfk", "") && strstr(test_message, "0 damaged"));
    ck_assert(!shadow("sfc", "") && strstr(test_message, "_2"));
    ck_assert(!shadow("sf-", "merge") && strstr(test_message, "_1"));
    for (unsigned head = 3; head <= 4; head++) {
        put_ccw(put_search(head, 1), 0x06, BUFFER, 0, 100);
        ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
        ck_assert_uint_eq(*at(BUFFER + 99), head == 3 ? 0x11 : 0x22);
    }
    ck_assert(!shadow("sf-", "nomerge"));
    put_ccw(put_search(3, 1), 0x06, BUFFER, 0, 100);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD | UNIT_CHECK, 0); /* no record found */
    ck_assert(strstr(shadow("sf-", ""), "no shadow file"));
    ck_assert(strstr(shadow("sf-", "margin"), "merge"));
    ck_assert(strstr(shadow("sfc", ""), "not compressed"));
    ck_assert(!shadow("sf=", name) && !shadow("sf+", ""));
    ck_assert(strstr(shadow("sf=", "other"), "another name"));
    ck_assert(!shadow("sf-", "merge") && access(name, F_OK) != 0);
    ck_assert(device_detach(&machine, DISK) == NULL);
    attach(DISK, "2314", 2, path, "cow");
    ck_assert(strstr(shadow("sf+", ""), "not mounted for writing"));
}
END_TEST

static void add(TCase *t)
{
    tcase_add_test(t, overflow);
    tcase_add_test(t, overflow_3330);
    tcase_add_test(t, file_scan);
    tcase_add_test(t, old_units);
    tcase_add_test(t, multiple);
    tcase_add_test(t, control);
    tcase_add_test(t, pack_off_and_on);
    tcase_add_test(t, shadow_commands);
}

int main(void)
{
    return run_suite("disk control units", setup, teardown, add);
}
