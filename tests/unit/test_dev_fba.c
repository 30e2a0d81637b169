/* Proves: the commands of a fixed-block disk: extents and masks, LOCATE's operations, reads and
 * writes with short counts, READ IPL, characteristics, the refusals; an image that Hercules'
 * dasdinit has made, and a label in it; packs taken off and put on. */
#include "channel_fixture.h"
#include "lib/ebcdic.h"
#include "s370/media/fba_image.h"

#include <unistd.h>

#define DISK    0x240
#define PROGRAM 0x1000
#define EXTENT  0x1e00
#define WHERE   0x1f00
#define BUFFER  0x4000
#define CC      CCW_CHAIN_COMMAND
#define SLI     CCW_SUPPRESS_LENGTH
#define BLOCKS  100

static char path[64];

static void setup(void)
{
    uint8_t block[FBA_BLOCK];
    fixture_setup();
    strcpy(path, "/tmp/datbox-fba-XXXXXX");
    int fd = mkstemp(path);
    for (int i = 0; i < BLOCKS; i++) {
        memset(block, i, sizeof block);
        ck_assert(write(fd, block, sizeof block) == sizeof block);
    }
    close(fd);
}

static void teardown(void)
{
    fixture_teardown();
    unlink(path);
}

/* DEFINE EXTENT from block `start`, `n` blocks that are numbered from 1000; LOCATE. */
static uint32_t put_locate(uint8_t mask, uint32_t start, uint32_t n, uint8_t operation,
                           uint32_t block, uint32_t blocks)
{
    memset(at(EXTENT), 0, 16);
    *at(EXTENT) = mask;
    store_be32(at(EXTENT + 4), start);
    store_be32(at(EXTENT + 8), 1000);
    store_be32(at(EXTENT + 12), 1000 + n - 1);
    store_be32(at(WHERE), (uint32_t)operation << 24 | blocks);
    store_be32(at(WHERE + 4), block);
    uint32_t p = put_ccw(PROGRAM, 0x63, EXTENT, CC, 16);
    return put_ccw(p, 0x43, WHERE, CC, 8);
}

static void expect_refused(unsigned byte0, unsigned byte1)
{
    ck_assert_uint_eq(run_program(DISK, PROGRAM).unit_status, GOOD | UNIT_CHECK);
    put_ccw(0x1800, CCW_SENSE, BUFFER + 0x8000, 0, 24);
    ck_assert_csw(run_program(DISK, 0x1800), GOOD, 0);
    ck_assert_uint_eq(*at(BUFFER + 0x8000) << 8 | *at(BUFFER + 0x8001), byte0 << 8 | byte1);
}

START_TEST(read_and_write)
{
    attach(DISK, "3370", 1, path);
    put_ccw(put_locate(0, 10, 20, 6, 1005, 3), 0x42, BUFFER, 0, 1536);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    ck_assert_uint_eq(*at(BUFFER), 15);
    ck_assert_uint_eq(*at(BUFFER + 1535), 17);
    /* A short write fills its last block with zeros and leaves the others. */
    memset(at(BUFFER), 0xee, 1536);
    put_ccw(put_locate(0x80, 10, 20, 1, 1005, 3), 0x41, BUFFER, SLI, 600);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    put_ccw(put_locate(0, 10, 20, 6, 1005, 3), 0x42, BUFFER, 0, 1536);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    ck_assert_uint_eq(*at(BUFFER + 599) << 16 | *at(BUFFER + 600) << 8 | *at(BUFFER + 1024),
                      0xee0011);
    put_ccw(put_locate(0xc0, 10, 20, 5, 1000, 1), 0x41, BUFFER, SLI, 2000);
    struct csw csw = run_program(DISK, PROGRAM);
    ck_assert_csw(csw, GOOD, 0);
    ck_assert_uint_eq(get16(csw.count), 2000 - 512);
}
END_TEST

START_TEST(refused)
{
    attach(DISK, "3310", 1, path);
    put_ccw(PROGRAM, 0x43, WHERE, 0, 8); /* no extent */
    expect_refused(0x80, 0);
    put_ccw(PROGRAM, 0x42, BUFFER, 0, 512); /* no LOCATE */
    expect_refused(0x80, 0);
    put_locate(0, 90, 11, 6, 1000, 1); /* beyond the disk */
    expect_refused(0x80, 0x04);
    put_locate(0, 90, 10, 6, 1005, 6); /* beyond the extent */
    expect_refused(0x80, 0x04);
    put_locate(0, 90, 10, 6, 999, 1);
    expect_refused(0x80, 0x04);
    put_locate(0x40, 90, 10, 1, 1005, 1); /* no writes */
    expect_refused(0x80, 0x04);
    put_locate(0x80, 90, 10, 4, 1005, 1); /* no formatting */
    expect_refused(0x80, 0x04);
    put_locate(0x20, 90, 10, 6, 1005, 1);
    expect_refused(0x80, 0);
    put_locate(0, 90, 10, 3, 1005, 1);
    expect_refused(0x80, 0);
    put_locate(0, 90, 10, 6, 1005, 0);
    expect_refused(0x80, 0);
    put_ccw(put_locate(0, 90, 10, 6, 1005, 1), 0x41, BUFFER, 0, 512); /* located to read */
    expect_refused(0x80, 0);
    put_ccw(PROGRAM + 8, 0x63, EXTENT, 0, 16); /* twice */
    expect_refused(0x80, 0);
    put_ccw(PROGRAM, 0x06, BUFFER, 0, 512);
    expect_refused(0x80, 0);
    ck_assert(device_detach(&machine, DISK) == NULL);
    attach(DISK, "3310", 2, path, "ro");
    put_locate(0, 90, 10, 1, 1005, 1);
    expect_refused(0x10, 0x02);
}
END_TEST

START_TEST(ipl_and_characteristics)
{
    attach(DISK, "3370", 1, path);
    uint32_t p = put_ccw(PROGRAM, 0x02, BUFFER, CC | SLI, 24);
    store_be32(at(WHERE), 0x06000001);
    store_be32(at(WHERE + 4), 99);
    p = put_ccw(p, 0x43, WHERE, CC, 8); /* the extent is the whole disk */
    put_ccw(p, 0x42, BUFFER, 0, 512);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    ck_assert_uint_eq(*at(BUFFER + 511), 99);
    put_ccw(PROGRAM, 0x64, BUFFER, 0, 32);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    ck_assert_mem_eq(at(BUFFER), "\x30\x08\x21\x02\x02\0\0\0\0\x3e\0\0\2\xe8\0\0\0\x64", 18);
    put_ccw(PROGRAM, 0xe4, BUFFER, 0, 7);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    ck_assert_mem_eq(at(BUFFER), "\xff\x38\x80\x01\x33\x70\0", 7);
}
END_TEST

START_TEST(their_image)
{
    char command[128], label[10];
    unlink(path);
    sprintf(command, "dasdinit %s 3310 HERC31 >/dev/null 2>&1", path);
    ck_assert_int_eq(system(command), 0);
    attach(DISK, "3310", 1, path);
    put_ccw(put_locate(0, 0, 2, 6, 1001, 1), 0x42, BUFFER, 0, 512);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    latin1_from_ebcdic(label, at(BUFFER), 10);
    ck_assert_mem_eq(label, "VOL1HERC31", 10);
}
END_TEST

START_TEST(pack_off_and_on)
{
    attach(DISK, "3370", 0);
    put_locate(0, 0, 2, 6, 1001, 1);
    start(DISK, 0, PROGRAM);
    ck_assert_uint_eq(stored_csw().unit_status, UNIT_CHECK);
    struct device *d = device_find(&machine, DISK);
    char *file[] = {path}, *ckd[] = {(char *)"/dev/null"};
    ck_assert(strstr(d->type->ops->mount(d, 1, ckd), "/dev/null"));
    ck_assert(d->type->ops->mount(d, 1, file) == NULL);
    ck_assert_csw(interruption(DISK), UNIT_DEVICE_END, 0);
    ck_assert(truncate(path, 1000) == 0);
    attach(0x241, "3370", 0);
    d = device_find(&machine, 0x241);
    ck_assert(strstr(d->type->ops->mount(d, 1, file), "512"));
}
END_TEST

START_TEST(in_memory)
{
    attach(DISK, "3370", 2, path, "cow");
    memset(at(BUFFER), 0xee, 512);
    put_ccw(put_locate(0xc0, 0, 100, 1, 1005, 1), 0x41, BUFFER, 0, 512);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    put_ccw(put_locate(0, 0, 100, 6, 1004, 2), 0x42, BUFFER, 0, 1024);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    ck_assert_uint_eq(*at(BUFFER + 511) << 8 | *at(BUFFER + 512), 0x04ee);
    ck_assert(device_detach(&machine, DISK) == NULL);
    attach(DISK, "3370", 1, path);
    put_ccw(put_locate(0, 0, 100, 6, 1005, 1), 0x42, BUFFER, 0, 512);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    ck_assert_uint_eq(*at(BUFFER), 5);
}
END_TEST

/* A transfer over several groups of blocks, and counts that end within one, with data chaining. */
START_TEST(many_blocks)
{
    ck_assert(truncate(path, 512 * 400) == 0);
    attach(DISK, "3370", 1, path);
    for (uint32_t i = 0; i < 0x9000; i++)
        *at(BUFFER + i) = (uint8_t)(i ^ i >> 8);
    uint32_t p = put_locate(0xc0, 0, 400, 1, 1100, 80);
    p = put_ccw(p, 0x41, BUFFER, CCW_CHAIN_DATA, 300);
    p = put_ccw(p, 0, BUFFER + 300, CC | SLI, 0x9000 - 300 - 10);
    store_be32(at(WHERE + 16), 0x06000050);
    store_be32(at(WHERE + 20), 1100);
    p = put_ccw(p, 0x43, WHERE + 16, CC, 8);
    p = put_ccw(p, 0x42, BUFFER + 0x10000, CCW_CHAIN_DATA, 15000);
    put_ccw(p, 0, BUFFER + 0x10000 + 15000, SLI, 0x9000 - 15000 - 10);
    ck_assert_csw(run_program(DISK, PROGRAM), GOOD, 0);
    ck_assert(!memcmp(at(BUFFER), at(BUFFER + 0x10000), 0x9000 - 10));
}
END_TEST

static void add(TCase *t)
{
    tcase_add_test(t, read_and_write);
    tcase_add_test(t, refused);
    tcase_add_test(t, ipl_and_characteristics);
    tcase_add_test(t, their_image);
    tcase_add_test(t, in_memory);
    tcase_add_test(t, many_blocks);
    tcase_add_test(t, pack_off_and_on);
}

int main(void)
{
    return run_suite("3370", setup, teardown, add);
}
