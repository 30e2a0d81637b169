/* Proves: the commands of a 3350 as GA26-1592 and GA26-1638 describe them: seeks and the
 * file mask, searches with their rules of orientation, reads, writes and what must stand
 * before them, multitrack, and the sense bytes of each refusal; IPL from a disk; options
 * ro and cow. */
#include "channel_fixture.h"
#include "s370/media/ckd_image.h"

#include <sys/resource.h>
#include <signal.h>
#include <unistd.h>

#define DISK    0x131
#define PROGRAM 0x1000
#define SEEK_TO 0x1f00 /* BBCCHH, and CCHHR at + 2 */
#define BUFFER  0x4000
#define CC      CCW_CHAIN_COMMAND
#define SLI     CCW_SUPPRESS_LENGTH

static char path[64];

/* Cylinder 0 head 0: records 1 (key "IPL1", 24 bytes), 2 (144 bytes); cylinder 1 head 3:
 * records 1 to 4 of 800 bytes filled with their number, 5 of length 0 (end of file). */
static void make_disk(void)
{
    char message[256];
    strcpy(path, "/tmp/datbox-dev-XXXXXX");
    close(mkstemp(path));
    unlink(path);
    const struct ckd_geometry *g = ckd_geometry_find("3350");
    ck_assert(!ckd_image_create(path, g, 2, message, sizeof message));
    struct ckd_image *image = ckd_image_open(path, 0, message, sizeof message);
    uint8_t *track = malloc(g->image_track), data[800] = {0};
    struct ckd_builder b;
    static const uint8_t ipl[24] = {0x00, 0x0a, 0, 0, 0,  0, 1, 0, /* PSW */
                                    0x06, 0,    2, 0, CC, 0, 0, 144, 0x03, 0, 0, 0, SLI, 0, 0, 1};
    ckd_build(&b, g, track, 0, 0);
    ck_assert(ckd_build_record(&b, 1, "IPL1", 4, ipl, sizeof ipl));
    memset(data, 0xee, sizeof data);
    ck_assert(ckd_build_record(&b, 2, "IPL2", 4, data, 144));
    ck_assert(ckd_image_write(image, 0, 0, 0, track, ckd_build_end(&b)));
    ckd_build(&b, g, track, 1, 3);
    for (uint8_t r = 1; r <= 4; r++) {
        memset(data, r, sizeof data);
        ck_assert(ckd_build_record(&b, r, "KEY1", r == 3 ? 4 : 0, data, 800));
    }
    ck_assert(ckd_build_record(&b, 5, NULL, 0, NULL, 0));
    ck_assert(ckd_image_write(image, 1, 3, 0, track, ckd_build_end(&b)));
    ckd_image_close(image);
    free(track);
}

static void setup(void)
{
    fixture_setup();
    make_disk();
}

static void teardown(void)
{
    char journal[80];
    fixture_teardown();
    sprintf(journal, "%s.journal", path);
    unlink(journal);
    unlink(path);
}

static void mount(void)
{
    attach(DISK, "3350", 1, path);
}

/* Seek to cylinder and head, search for the record, go on: the usual beginning. Returns
 * where the next CCW goes. */
static uint32_t put_search(unsigned cylinder, unsigned head, unsigned record)
{
    uint8_t *s = at(SEEK_TO);
    memset(s, 0, 7);
    store_be16(s + 2, cylinder);
    store_be16(s + 4, head);
    s[6] = (uint8_t)record;
    uint32_t p = put_ccw(PROGRAM, 0x07, SEEK_TO, CC, 6);
    p = put_ccw(p, 0x31, SEEK_TO + 2, CC, 5);
    return put_ccw(p, CCW_TIC, p - 8, 0, 0);
}

static void expect_sense(unsigned byte0, unsigned byte1, unsigned byte7)
{
    put_ccw(0x1800, CCW_SENSE, BUFFER + 0x8000, 0, 24);
    ck_assert_csw(run_program(DISK, 0x1800), GOOD, 0);
    const uint8_t *sense = at(BUFFER + 0x8000);
    ck_assert_uint_eq(sense[0] << 16 | sense[1] << 8 | sense[7], byte0 << 16 | byte1 << 8 | byte7);
}

static void expect_bytes(uint32_t address, uint8_t value, uint32_t length)
{
    uint32_t same = 0;
    while (same < length && *at(address + same) == value)
        same++;
    ck_assert_uint_eq(same, length);
}

START_TEST(search_and_read)
{
    mount();
    put_ccw(put_search(1, 3, 3), 0x06, BUFFER, 0, 800);
    struct csw csw = run_program(DISK, PROGRAM);
    ck_assert_csw(csw, GOOD, 0);
    ck_assert_uint_eq(get24(csw.address), PROGRAM + 32);
    ck_assert_uint_eq(get16(csw.count), 0);
    expect_bytes(BUFFER, 3, 800);
    /* Count, key and data: the record behind the one found. */
    put_ccw(put_search(1, 3, 2), 0x1e, BUFFER, SLI, 2000);
    csw = run_program(DISK, PROGRAM);
    ck_assert_uint_eq(get16(csw.count), 2000 - 812);
    ck_assert_mem_eq(at(BUFFER),
                     "\0\1\0\3\3\4\3\x20"
                     "KEY1",
                     12);
    expect_bytes(BUFFER + 12, 3, 800);
    /* Key and data of the one found. */
    put_ccw(put_search(1, 3, 3), 0x0e, BUFFER, 0, 804);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    ck_assert_mem_eq(at(BUFFER), "KEY1\3", 5);
    /* A longer count is an incorrect length, a shorter one as well. */
    put_ccw(put_search(1, 3, 3), 0x06, BUFFER, 0, 801);
    csw = run_program(DISK, PROGRAM);
    ck_assert_csw(csw, GOOD, CHANNEL_INCORRECT_LENGTH);
    ck_assert_uint_eq(get16(csw.count), 1);
    put_ccw(put_search(1, 3, 3), 0x06, BUFFER, 0, 799);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, CHANNEL_INCORRECT_LENGTH);
    /* A record of length zero is the end of a file. */
    put_ccw(put_search(1, 3, 5), 0x06, BUFFER, SLI, 800);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD | UNIT_EXCEPTION, 0);
}
END_TEST

START_TEST(successive_reads)
{
    mount();
    uint32_t p = put_search(1, 3, 1);
    p = put_ccw(p, 0x06, BUFFER, CC, 800);
    p = put_ccw(p, 0x06, BUFFER + 800, CC, 800);
    p = put_ccw(p, 0x12, BUFFER + 1600, CC, 8);
    p = put_ccw(p, 0x06, BUFFER + 1608, CC, 800);
    p = put_ccw(p, 0x1a, BUFFER + 2408, CC, 5);
    p = put_ccw(p, 0x16, BUFFER + 2413, CC, 16);
    put_ccw(p, 0x06, BUFFER + 2429, 0, 800);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    expect_bytes(BUFFER, 1, 800);
    expect_bytes(BUFFER + 800, 2, 800);
    ck_assert_mem_eq(at(BUFFER + 1600), "\0\1\0\3\3\4\3\x20", 8);
    expect_bytes(BUFFER + 1608, 3, 800);
    ck_assert_mem_eq(at(BUFFER + 2408), "\0\0\1\0\3\0\1\0\3\0\0\0\10\0\0\0\0\0\0\0\0", 21);
    expect_bytes(BUFFER + 2429, 1, 800);
}
END_TEST

START_TEST(search_key_and_high)
{
    mount();
    put_search(1, 3, 0);
    memcpy(at(BUFFER), "KEY1", 4);
    uint32_t p = put_ccw(PROGRAM, 0x07, SEEK_TO, CC, 6);
    p = put_ccw(p, 0x29, BUFFER, CC | SLI, 4); /* records without key move none */
    p = put_ccw(p, CCW_TIC, p - 8, 0, 0);
    put_ccw(p, 0x06, BUFFER, 0, 800);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    expect_bytes(BUFFER, 3, 800);
    put_search(1, 3, 1);
    p = put_ccw(PROGRAM + 8, 0x51, SEEK_TO + 2, CC, 5); /* high */
    p = put_ccw(p, CCW_TIC, p - 8, 0, 0);
    put_ccw(p, 0x06, BUFFER, 0, 800);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    expect_bytes(BUFFER, 2, 800);
    p = put_ccw(PROGRAM + 8, 0x71, SEEK_TO + 2, CC, 5); /* equal or high */
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    expect_bytes(BUFFER, 1, 800);
    p = put_ccw(PROGRAM + 8, 0x39, SEEK_TO + 2, CC, 4); /* home address */
    put_ccw(p + 8, 0x06, BUFFER, 0, 800);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    expect_bytes(BUFFER, 1, 800);
}
END_TEST

START_TEST(not_found)
{
    mount();
    put_ccw(put_search(1, 3, 9), 0x06, BUFFER, 0, 800);
    struct csw csw = run_program(DISK, PROGRAM);
    ck_assert_csw(csw, GOOD | UNIT_CHECK, 0);
    ck_assert_uint_eq(get24(csw.address), PROGRAM + 16);
    expect_sense(0, 0x08, 0);
    ck_assert_uint_eq(at(BUFFER + 0x8000)[5], 1); /* cylinder, head */
    ck_assert_uint_eq(at(BUFFER + 0x8000)[6], 3);
    /* Multitrack: past the last head of the cylinder. */
    put_ccw(put_search(1, 3, 9), 0x06, BUFFER, 0, 800);
    *at(PROGRAM + 8) = 0xb1;
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD | UNIT_CHECK, 0);
    expect_sense(0, 0x20, 0);
    /* Multitrack finds what lies on a later track. */
    put_search(1, 0, 1);
    store_be16(at(SEEK_TO + 16), 1);
    store_be16(at(SEEK_TO + 18), 3);
    *at(SEEK_TO + 20) = 4;
    uint32_t p = put_ccw(PROGRAM + 8, 0xb1, SEEK_TO + 16, CC, 5);
    p = put_ccw(p, CCW_TIC, p - 8, 0, 0);
    put_ccw(p, 0x06, BUFFER, 0, 800);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    expect_bytes(BUFFER, 4, 800);
}
END_TEST

START_TEST(refused)
{
    mount();
    put_search(2, 0, 0);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD | UNIT_CHECK, 0);
    expect_sense(0x80, 0, 4);
    put_search(1, 30, 0);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD | UNIT_CHECK, 0);
    expect_sense(0x80, 0, 4);
    put_ccw(PROGRAM, 0x07, SEEK_TO, 0, 5);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD | UNIT_CHECK, CHANNEL_INCORRECT_LENGTH);
    expect_sense(0x80, 0, 3);
    put_ccw(PROGRAM, 0x6e, SEEK_TO, 0, 5);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD | UNIT_CHECK, 0);
    expect_sense(0x80, 0, 1);
    put_ccw(PROGRAM, 0x05, BUFFER, 0, 800);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD | UNIT_CHECK, 0);
    expect_sense(0x80, 0, 2);
    /* The file mask: no seeks, no writes, once only, bit 2. */
    *at(BUFFER) = 0x18;
    uint32_t p = put_ccw(PROGRAM, 0x1f, BUFFER, CC, 1);
    put_search(1, 3, 1);
    memmove(at(0x1100), at(PROGRAM), 16);
    put_ccw(0x1110, CCW_TIC, 0x1108, 0, 0);
    p = put_ccw(PROGRAM, 0x1f, BUFFER, CC, 1);
    put_ccw(p, CCW_TIC, 0x1100, 0, 0);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD | UNIT_CHECK, 0);
    expect_sense(0, 0x04, 0);
    *at(BUFFER) = 0x40;
    put_ccw(0x1118, 0x05, BUFFER, 0, 800);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD | UNIT_CHECK, 0);
    expect_sense(0x80, 0, 2);
    put_ccw(p, 0x1f, BUFFER, 0, 1);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD | UNIT_CHECK, 0);
    expect_sense(0x80, 0, 2);
    *at(BUFFER) = 0x20;
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD | UNIT_CHECK, 0);
    expect_sense(0x80, 0, 4);
}
END_TEST

START_TEST(write_data)
{
    mount();
    memset(at(BUFFER), 0x99, 800);
    put_ccw(put_search(1, 3, 2), 0x05, BUFFER, SLI, 300);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    uint32_t p = put_search(1, 3, 2);
    p = put_ccw(p, 0x06, BUFFER, CC, 800);
    put_ccw(p, 0x06, BUFFER + 800, 0, 800);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    expect_bytes(BUFFER, 0x99, 300);
    expect_bytes(BUFFER + 300, 0, 500);
    expect_bytes(BUFFER + 800, 3, 800);
    /* Key and data; and it is in the file after the device has gone. */
    memcpy(at(BUFFER), "KEYX", 4);
    memset(at(BUFFER + 4), 0x77, 800);
    put_ccw(put_search(1, 3, 3), 0x0d, BUFFER, 0, 804);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    ck_assert(device_detach(&machine, DISK) == NULL);
    attach(DISK, "3350", 2, path, "ro");
    put_ccw(put_search(1, 3, 3), 0x0e, BUFFER, 0, 804);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    ck_assert_mem_eq(at(BUFFER), "KEYX\x77", 5);
    put_ccw(put_search(1, 3, 3), 0x0d, BUFFER, 0, 804);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD | UNIT_CHECK, 0);
    expect_sense(0x10, 0x02, 0x10);
}
END_TEST

START_TEST(format_track)
{
    mount();
    for (unsigned r = 0; r < 3; r++) {
        uint8_t *count = at(BUFFER + 0x1000 * r);
        memset(count, 0x10 + (int)r, 4008);
        memcpy(count, "\0\1\0\5\0\0\x0f\xa0", 8);
        count[4] = (uint8_t)(r + 1);
    }
    uint32_t p = put_search(1, 5, 0);
    p = put_ccw(p, 0x1d, BUFFER, CC, 4008);
    p = put_ccw(p, 0x1d, BUFFER + 0x1000, CC, 4008);
    put_ccw(p, 0x1d, BUFFER + 0x2000, 0, 4008);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    put_ccw(put_search(1, 5, 3), 0x06, BUFFER, 0, 4000);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    expect_bytes(BUFFER, 0x12, 4000);
    /* A fifth of 4000 bytes does not fit, and nothing is written. */
    *at(BUFFER + 0x2000 + 4) = 4;
    put_ccw(put_search(1, 5, 3), 0x1d, BUFFER + 0x2000, CC, 4008);
    put_ccw(PROGRAM + 32, 0x1d, BUFFER + 0x2000, 0, 4008);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD | UNIT_CHECK, CHANNEL_INCORRECT_LENGTH);
    expect_sense(0, 0x40, 0);
    /* Erase behind record 1: 2 is gone. */
    put_ccw(put_search(1, 5, 1), 0x11, BUFFER + 0x1000, SLI, 8);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    put_ccw(put_search(1, 5, 2), 0x06, BUFFER, 0, 4000);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD | UNIT_CHECK, 0);
}
END_TEST

START_TEST(record_zero)
{
    mount();
    *at(BUFFER) = 0xc0;
    uint8_t *r0 = at(BUFFER + 16);
    memcpy(r0, "\0\1\0\6\0\0\0\4ABCD", 12);
    put_search(1, 6, 0);
    uint32_t p = put_ccw(PROGRAM, 0x07, SEEK_TO, CC, 6);
    p = put_ccw(p, 0x1f, BUFFER, CC, 1);
    p = put_ccw(p, 0x39, SEEK_TO + 2, CC, 4);
    p = put_ccw(p, CCW_TIC, p - 8, 0, 0);
    p = put_ccw(p, 0x15, BUFFER + 16, CC, 12);
    put_ccw(p, 0x16, BUFFER + 64, 0, 12);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    ck_assert_mem_eq(at(BUFFER + 64), "\0\1\0\6\0\0\0\4ABCD", 12);
    *at(BUFFER) = 0; /* without the mask */
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD | UNIT_CHECK, 0);
    expect_sense(0x80, 0, 2);
}
END_TEST

static uint16_t ipl_status;

static void ipl_done(struct machine *m, uint16_t address, uint16_t status)
{
    ck_assert(m == &machine);
    ck_assert_uint_eq(address, DISK);
    ipl_status = status;
}

START_TEST(ipl)
{
    mount();
    ck_assert(channel_ipl(&machine, DISK, ipl_done) == NULL);
    ck_assert_int_eq(channel_start_io(&machine, DISK, false), 2);
    run_events();
    ck_assert_uint_eq(ipl_status, 0x0c00);
    ck_assert_csw(interruption(0x100), 0, 0); /* the channel, busy for the SIO, is available */
    no_interruption();
    ck_assert_uint_eq(*at(1), 0x0a);
    expect_bytes(0x200, 0xee, 144);
    ck_assert(channel_ipl(&machine, 0x777, ipl_done) != NULL);
}
END_TEST

START_TEST(sense_id_and_sectors)
{
    mount();
    put_ccw(PROGRAM, CCW_SENSE_ID, BUFFER, 0, 7);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    ck_assert_mem_eq(at(BUFFER), "\xff\x38\x30\x02\x33\x50\x00", 7);
    *at(BUFFER) = 127;
    uint32_t p = put_ccw(PROGRAM, 0x23, BUFFER, CC, 1);
    p = put_ccw(p, 0x22, BUFFER + 1, CC, 1);
    put_ccw(p, 0x13, 0, 0, 1);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    *at(BUFFER) = 128;
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD | UNIT_CHECK, 0);
}
END_TEST

/* Every type of disk is formatted and read by the same programs; a 3880 tells what it has. */
START_TEST(all_types)
{
    static const char *const types[] = {"2311", "2314",    "3330", "3330-11", "3340",
                                        "3350", "3340-70", "3375", "3380"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        char message[256];
        const struct ckd_geometry *g = ckd_geometry_find(types[i]);
        unlink(path);
        ck_assert(!ckd_image_create(path, g, 2, message, sizeof message));
        attach(DISK, types[i], 1, path);
        memset(at(BUFFER), 0x99, 1008);
        memcpy(at(BUFFER), "\0\1\0\7\1\0\3\xe8", 8);
        put_ccw(put_search(1, 7, 0), 0x1d, BUFFER, 0, 1008);
        ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
        put_ccw(put_search(1, 7, 1), 0x1e, BUFFER + 2000, 0, 1008);
        *at(PROGRAM + 8) = 0x31;
        *at(SEEK_TO + 6) = 0;
        ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
        ck_assert_mem_eq(at(BUFFER), at(BUFFER + 2000), 1008);
        put_ccw(PROGRAM, 0x64, BUFFER, 0, 64);
        bool told = !(run_program(DISK, PROGRAM).unit_status & UNIT_CHECK);
        ck_assert(told == (g->rounding > 1));
        if (told)
            ck_assert_uint_eq(load_be16(at(BUFFER + 14)), g->heads);
        ck_assert(device_detach(&machine, DISK) == NULL);
    }
}
END_TEST

START_TEST(mount_options)
{
    char *bad[] = {path, (char *)"wr"}, *missing[] = {(char *)"/nowhere/disk"};
    ck_assert(strstr(device_attach(&machine, DISK, "3350", 2, bad), "wr"));
    ck_assert(strstr(device_attach(&machine, DISK, "3350", 1, missing), "/nowhere/disk"));
    ck_assert(strstr(device_attach(&machine, DISK, "3330", 1, bad), "3350"));
    attach(DISK, "3350", 2, path, "cow");
    memset(at(BUFFER), 0x99, 800);
    put_ccw(put_search(1, 3, 2), 0x05, BUFFER, 0, 800);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    put_ccw(put_search(1, 3, 2), 0x06, BUFFER + 800, 0, 800);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    expect_bytes(BUFFER + 800, 0x99, 800);
    ck_assert(device_detach(&machine, DISK) == NULL);
    mount();
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    expect_bytes(BUFFER + 800, 2, 800);
}
END_TEST

START_TEST(host_disk_full)
{
    mount();
    memset(at(BUFFER), 0x99, 4008);
    memcpy(at(BUFFER), "\0\1\0\x1d\1\0\x0f\xa0", 8);
    put_ccw(put_search(1, 29, 0), 0x1d, BUFFER, 0, 4008);
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit = {512 + 59 * 0x4c00 + 200, RLIM_INFINITY};
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    struct csw csw = run_program(DISK, PROGRAM);
    limit.rlim_cur = RLIM_INFINITY;
    setrlimit(RLIMIT_FSIZE, &limit);
    ck_assert_csw(csw, GOOD | UNIT_CHECK, 0);
    expect_sense(0x10, 0, 0x10);
    ck_assert_msg(strstr(test_message, path) && strstr(test_message, "0131"), "%s", test_message);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
}
END_TEST

static void add(TCase *t)
{
    tcase_add_test(t, search_and_read);
    tcase_add_test(t, successive_reads);
    tcase_add_test(t, search_key_and_high);
    tcase_add_test(t, not_found);
    tcase_add_test(t, refused);
    tcase_add_test(t, write_data);
    tcase_add_test(t, format_track);
    tcase_add_test(t, record_zero);
    tcase_add_test(t, ipl);
    tcase_add_test(t, sense_id_and_sectors);
    tcase_add_test(t, all_types);
    tcase_add_test(t, mount_options);
    tcase_add_test(t, host_disk_full);
}

int main(void)
{
    return run_suite("3350", setup, teardown, add);
}
