/* Proves: under timed I/O devices last what their mechanics last.  An arm's motion, a disk's
 * turning, a tape's start, a printed line, a card; channel end comes when the channel is done,
 * device end when the device is, and the device is busy in between; halting ends the one and not
 * the other. */
#include "channel_fixture.h"
#include "s370/media/ckd_image.h"
#include "s370/media/tape_image.h"

#include <unistd.h>

#define DISK     0x131
#define TAPE     0x181
#define PRINTER  0x00e
#define READER   0x00c
#define PROGRAM  0x1000
#define SEEK_TO  0x1f00 /* BBCCHH, and CCHHR at + 2 */
#define BUFFER   0x4000
#define CC       CCW_CHAIN_COMMAND
#define SLI      CCW_SUPPRESS_LENGTH
#define MS       UINT64_C(1000000)
#define ROTATION (16700 * UINT64_C(1000))
#define LATE     (100 * UINT64_C(1000)) /* what starting and stepping may add */

static char directory[32], disk[64], tape[64], paper[64], deck[64];

static void make_disk(void)
{
    char message[256];
    const struct ckd_geometry *g = ckd_geometry_find("3350");
    ck_assert(!ckd_image_create(disk, g, 555, message, sizeof message));
    struct ckd_image *image = ckd_image_open(disk, 0, message, sizeof message);
    uint8_t *track = malloc(g->image_track), data[4096];
    struct ckd_builder b;
    for (unsigned cylinder = 0; cylinder < 2; cylinder++) {
        ckd_build(&b, g, track, cylinder, 0);
        for (uint8_t r = 1; r <= 4; r++) {
            memset(data, r, sizeof data);
            ck_assert(ckd_build_record(&b, r, NULL, 0, data, sizeof data));
        }
        ck_assert(ckd_image_write(image, cylinder, 0, 0, track, ckd_build_end(&b)));
    }
    ckd_image_close(image);
    free(track);
}

static void setup(void)
{
    fixture_setup();
    machine.timed_io = true;
    strcpy(directory, "/tmp/datbox-timed-XXXXXX");
    ck_assert(mkdtemp(directory) != NULL);
    sprintf(disk, "%s/disk", directory);
    sprintf(tape, "%s/tape.aws", directory);
    sprintf(paper, "%s/paper", directory);
    sprintf(deck, "%s/deck", directory);
    make_disk();
}

static void teardown(void)
{
    char journal[80];
    fixture_teardown();
    sprintf(journal, "%s.journal", disk);
    unlink(journal);
    unlink(disk);
    unlink(tape);
    unlink(paper);
    unlink(deck);
    ck_assert_int_eq(rmdir(directory), 0);
}

/* Lets time pass until the device interrupts; returns how much that was. */
static uint64_t wait_for(uint16_t device, uint8_t unit_status)
{
    uint64_t before = test_now;
    struct event *event;
    while (!channel_pending(&machine, ALL_CHANNELS) && machine.events.first) {
        if (machine.events.first->when > test_now)
            test_now = machine.events.first->when;
        event = event_take(&machine.events, test_now);
        event->happen(&machine, event);
    }
    ck_assert_csw(interruption(device), unit_status, 0);
    return test_now - before;
}

static void assert_time(uint64_t ns, uint64_t least, uint64_t most)
{
    ck_assert_msg(ns >= least && ns <= most, "it lasts %lu ns, not %lu to %lu", (unsigned long)ns,
                  (unsigned long)least, (unsigned long)most);
}

static void seek_address(unsigned cylinder, unsigned head, unsigned record)
{
    uint8_t *s = at(SEEK_TO);
    memset(s, 0, 7);
    store_be16(s + 2, cylinder);
    store_be16(s + 4, head);
    s[6] = (uint8_t)record;
}

/* Seek, search for the record, and on at what is returned. */
static uint32_t put_search(unsigned cylinder, unsigned record)
{
    seek_address(cylinder, 0, record);
    uint32_t p = put_ccw(PROGRAM, 0x07, SEEK_TO, CC, 6);
    p = put_ccw(p, 0x31, SEEK_TO + 2, CC, 5);
    return put_ccw(p, CCW_TIC, p - 8, 0, 0);
}

static uint64_t seek_time(unsigned cylinder)
{
    seek_address(cylinder, 0, 0);
    put_ccw(PROGRAM, 0x07, SEEK_TO, 0, 6);
    ck_assert_int_eq(start(DISK, 0, PROGRAM), 0);
    assert_time(wait_for(DISK, UNIT_CHANNEL_END), 0, LATE);
    return wait_for(DISK, UNIT_DEVICE_END);
}

START_TEST(seeks)
{
    attach(DISK, "3350", 1, disk);
    ck_assert_uint_eq(seek_time(1), 10 * MS);
    ck_assert_uint_eq(seek_time(186), 25 * MS);
    ck_assert_uint_eq(get24(stored_csw().address), 0); /* of device end alone */
    ck_assert_uint_eq(seek_time(0), 25067000);
    ck_assert_uint_eq(seek_time(554), 50 * MS);
    /* Where the arm is already there is nothing to wait for. */
    seek_address(554, 3, 0);
    ck_assert_int_eq(start(DISK, 0, PROGRAM), 0);
    assert_time(wait_for(DISK, GOOD), 0, LATE);
    /* Recalibrate is immediate: its channel end is in the initial status. */
    put_ccw(PROGRAM, 0x13, 0, SLI, 1);
    ck_assert_int_eq(start(DISK, 0, PROGRAM), 1);
    ck_assert_csw(stored_csw(), UNIT_CHANNEL_END, 0);
    ck_assert_uint_eq(wait_for(DISK, UNIT_DEVICE_END), 50 * MS);
}
END_TEST

/* Subchannel available, device working. */
START_TEST(busy)
{
    attach(DISK, "3350", 1, disk);
    seek_address(554, 0, 0);
    put_ccw(PROGRAM, 0x07, SEEK_TO, 0, 6);
    ck_assert_int_eq(start(DISK, 0, PROGRAM), 0);
    wait_for(DISK, UNIT_CHANNEL_END);
    ck_assert_int_eq(start(DISK, 0, PROGRAM), 1);
    ck_assert_csw(stored_csw(), UNIT_BUSY, 0);
    memset(at(0x40), 0x55, 8);
    ck_assert_int_eq(channel_test_io(&machine, DISK), 1);
    ck_assert_csw(stored_csw(), UNIT_BUSY, 0);
    ck_assert_uint_eq(get24(stored_csw().address), 0);
    ck_assert_int_eq(channel_halt_device(&machine, DISK), 1);
    ck_assert_csw(stored_csw(), 0, 0);
    no_interruption();
    assert_time(wait_for(DISK, UNIT_DEVICE_END), 49 * MS, 50 * MS); /* the arm has gone on */
    ck_assert_int_eq(channel_test_io(&machine, DISK), 0);
    /* A reset forgets the motion. */
    seek_address(0, 0, 0);
    ck_assert_int_eq(start(DISK, 0, PROGRAM), 0);
    wait_for(DISK, UNIT_CHANNEL_END);
    channels_reset(&machine);
    run_events();
    no_interruption();
    ck_assert_int_eq(channel_test_io(&machine, DISK), 0);
}
END_TEST

START_TEST(turning)
{
    attach(DISK, "3350", 1, disk);
    put_ccw(put_search(0, 2), 0x06, BUFFER, 0, 4096);
    ck_assert_int_eq(start(DISK, 0, PROGRAM), 0);
    assert_time(wait_for(DISK, GOOD), 3 * MS, 2 * ROTATION);
    ck_assert_uint_eq(*at(BUFFER), 2);
    uint64_t place = test_now % ROTATION; /* two of four records are behind the head */
    assert_time(place, 6 * MS, 8 * MS);
    /* The same record comes by again a rotation later, and the next one at once. */
    ck_assert_int_eq(start(DISK, 0, PROGRAM), 0);
    ck_assert_uint_eq(wait_for(DISK, GOOD), ROTATION);
    put_ccw(put_search(0, 4), 0x06, BUFFER, 0, 4096);
    ck_assert_int_eq(start(DISK, 0, PROGRAM), 0);
    assert_time(wait_for(DISK, GOOD), 6 * MS, 8 * MS);
    /* Four records in one chain: a rotation from before the first. */
    uint32_t p = put_search(0, 1);
    for (unsigned i = 0; i < 4; i++)
        p = put_ccw(p, 0x06, BUFFER, i < 3 ? CC : 0, 4096);
    ck_assert_int_eq(start(DISK, 0, PROGRAM), 0);
    assert_time(wait_for(DISK, GOOD), 14 * MS, 2 * ROTATION);
    ck_assert_uint_eq(*at(BUFFER), 4);
    ck_assert_int_eq(start(DISK, 0, PROGRAM), 0);
    ck_assert_uint_eq(wait_for(DISK, GOOD), ROTATION);
}
END_TEST

/* What comes first under the head is next, unless a search asks for something else. */
START_TEST(orientation)
{
    attach(DISK, "3350", 1, disk);
    put_ccw(put_search(0, 2), 0x06, BUFFER, 0, 4096);
    ck_assert_int_eq(start(DISK, 0, PROGRAM), 0);
    wait_for(DISK, GOOD);
    put_ccw(PROGRAM, 0x06, BUFFER, 0, 4096); /* a gap later */
    ck_assert_int_eq(start(DISK, 0, PROGRAM), 0);
    wait_for(DISK, GOOD);
    ck_assert_uint_eq(*at(BUFFER), 4); /* the third one had begun */
    /* A search for what is not there sees the index twice. */
    put_ccw(put_search(0, 9), 0x06, BUFFER, 0, 4096);
    ck_assert_int_eq(start(DISK, 0, PROGRAM), 0);
    assert_time(wait_for(DISK, GOOD | UNIT_CHECK), ROTATION, 2 * ROTATION);
    /* R0 and home address are behind the index. */
    put_ccw(PROGRAM, 0x16, BUFFER, SLI, 8);
    ck_assert_int_eq(start(DISK, 0, PROGRAM), 0);
    wait_for(DISK, GOOD);
    assert_time(test_now % ROTATION, 0, MS / 10);
}
END_TEST

/* SET SECTOR: channel end at once, the channel waits for the sector with command chaining. */
START_TEST(sector)
{
    attach(DISK, "3350", 1, disk);
    uint32_t p = put_search(0, 3);
    p = put_ccw(p, 0x06, BUFFER, CC, 4096);
    put_ccw(p, 0x22, BUFFER, 0, 1); /* read sector */
    ck_assert_int_eq(start(DISK, 0, PROGRAM), 0);
    wait_for(DISK, GOOD);
    uint64_t end = test_now % ROTATION;
    uint8_t where = *at(BUFFER);
    assert_time(where, 50, 70); /* of 128, half a track away */
    put_ccw(PROGRAM, 0x23, BUFFER, SLI, 1);
    ck_assert_int_eq(start(DISK, 0, PROGRAM), 0);
    assert_time(wait_for(DISK, UNIT_CHANNEL_END), 0, LATE);
    wait_for(DISK, UNIT_DEVICE_END);
    assert_time(test_now % ROTATION, where * ROTATION / 128 - MS / 2, where * ROTATION / 128);
    /* Behind it the record is found by the first search. */
    *at(0x1ff0) = where;
    p = put_search(0, 3);
    put_ccw(PROGRAM, 0x23, 0x1ff0, CC, 1);
    put_ccw(p, 0x06, BUFFER, 0, 4096);
    test_now += 2 * MS;
    ck_assert_int_eq(start(DISK, 0, PROGRAM), 0);
    assert_time(wait_for(DISK, GOOD), ROTATION, ROTATION + 2 * MS);
    ck_assert_uint_eq(test_now % ROTATION, end);
    ck_assert_uint_eq(*at(BUFFER), 3);
}
END_TEST

START_TEST(halted)
{
    attach(DISK, "3350", 1, disk);
    uint32_t p = put_search(0, 1);
    put_ccw(put_ccw(p, 0x06, BUFFER, CC, 4096), 0x06, BUFFER, 0, 4096);
    ck_assert_int_eq(start(DISK, 0, PROGRAM), 0);
    struct event *event = event_take(&machine.events, UINT64_MAX);
    test_now += MS;
    event->happen(&machine, event);
    /* The disk turns to the record: the channel is free of it at once. */
    ck_assert_int_eq(channel_halt_device(&machine, DISK), 1);
    ck_assert_csw(interruption(DISK), UNIT_CHANNEL_END, 0);
    ck_assert_int_eq(start(DISK, 0, PROGRAM), 1);
    ck_assert_csw(stored_csw(), UNIT_BUSY, 0);
    assert_time(wait_for(DISK, UNIT_DEVICE_END), 1, ROTATION);
    /* A chain that waits for the arm ends with the arm's device end. */
    seek_address(300, 0, 1);
    ck_assert_int_eq(start(DISK, 0, PROGRAM), 0);
    event = event_take(&machine.events, UINT64_MAX);
    event->happen(&machine, event);
    ck_assert_int_eq(channel_halt_device(&machine, DISK), 1);
    no_interruption();
    ck_assert_int_eq(channel_test_io(&machine, DISK), 2);
    assert_time(wait_for(DISK, UNIT_DEVICE_END), 30 * MS, 35 * MS);
    ck_assert_uint_eq(get24(stored_csw().address), PROGRAM + 8);
    /* CLEAR I/O frees the subchannel, not the arm. */
    seek_address(0, 0, 1);
    ck_assert_int_eq(start(DISK, 0, PROGRAM), 0);
    event = event_take(&machine.events, UINT64_MAX);
    event->happen(&machine, event);
    ck_assert_int_eq(channel_clear_io(&machine, DISK), 1);
    ck_assert_int_eq(start(DISK, 0, PROGRAM), 1);
    ck_assert_csw(stored_csw(), UNIT_BUSY, 0);
    assert_time(wait_for(DISK, UNIT_DEVICE_END), 30 * MS, 35 * MS);
}
END_TEST

START_TEST(tapes)
{
    attach(TAPE, "3420", 1, tape);
    /* 3200 bytes of 1600 per inch at 200 inches a second, a gap, and a start. */
    for (unsigned i = 0; i < 10; i++) {
        put_ccw(PROGRAM, 0x01, BUFFER, 0, 3200);
        ck_assert_int_eq(start(TAPE, 0, PROGRAM), 0);
        assert_time(wait_for(TAPE, GOOD), 14 * MS, 15 * MS);
    }
    /* Spacing: channel end in the initial status. */
    put_ccw(PROGRAM, 0x27, 0, SLI, 1);
    ck_assert_int_eq(start(TAPE, 0, PROGRAM), 1);
    ck_assert_csw(stored_csw(), UNIT_CHANNEL_END, 0);
    assert_time(wait_for(TAPE, UNIT_DEVICE_END), 14 * MS, 15 * MS);
    /* Nine blocks, 2.6 inches each, at 640 inches a second. */
    put_ccw(PROGRAM, 0x07, 0, SLI, 1);
    ck_assert_int_eq(start(TAPE, 0, PROGRAM), 1);
    ck_assert_csw(stored_csw(), UNIT_CHANNEL_END, 0);
    assert_time(wait_for(TAPE, UNIT_DEVICE_END), 36 * MS, 39 * MS);
}
END_TEST

START_TEST(paper_and_cards)
{
    FILE *f = fopen(deck, "w");
    fputs("ONE\nTWO\n", f);
    fclose(f);
    attach(PRINTER, "1403", 1, paper);
    attach(READER, "3505", 1, deck);
    while (channel_pending(&machine, ALL_CHANNELS)) {
        uint16_t address;
        channel_take_interrupt(&machine, ALL_CHANNELS, &address);
    }
    put_ccw(PROGRAM, 0x09, BUFFER, SLI, 132); /* 1100 lines a minute */
    ck_assert_int_eq(start(PRINTER, 0, PROGRAM), 0);
    assert_time(wait_for(PRINTER, UNIT_CHANNEL_END), MS, 2 * MS);
    ck_assert_int_eq(start(PRINTER, 0, PROGRAM), 1);
    ck_assert_csw(stored_csw(), UNIT_BUSY, 0);
    ck_assert_uint_eq(wait_for(PRINTER, UNIT_DEVICE_END), 54500000);
    put_ccw(PROGRAM, 0x89, BUFFER, SLI, 132); /* and over 64 lines more */
    ck_assert_int_eq(start(PRINTER, 0, PROGRAM), 0);
    wait_for(PRINTER, UNIT_CHANNEL_END);
    ck_assert_uint_eq(wait_for(PRINTER, UNIT_DEVICE_END), 54500000 + 64 * 5 * MS);
    put_ccw(put_ccw(PROGRAM, 0x02, BUFFER, CC, 80), 0x02, BUFFER, 0, 80);
    ck_assert_int_eq(start(READER, 0, PROGRAM), 0); /* 1200 cards a minute */
    assert_time(wait_for(READER, UNIT_CHANNEL_END), 50 * MS, 50 * MS + LATE);
    ck_assert_uint_eq(wait_for(READER, UNIT_DEVICE_END), 50 * MS);
    put_ccw(PROGRAM, 0x02, BUFFER, 0, 80);
    ck_assert_int_eq(start(READER, 0, PROGRAM), 0);
    wait_for(READER, GOOD | UNIT_EXCEPTION);
}
END_TEST

START_TEST(fixed_blocks)
{
    uint8_t *p = at(0x1f00);
    FILE *f = fopen(disk, "wb");
    ck_assert_int_eq(ftruncate(fileno(f), 744 * 100 * 512), 0);
    fclose(f);
    attach(DISK, "3370", 1, disk);
    memset(p, 0, 16);
    store_be32(p + 12, 744 * 100 - 1);
    static const uint8_t where[8] = {6, 0, 0, 2, 0, 0, 0x45, 0xc0}; /* two blocks, cylinder 24 */
    memcpy(p + 16, where, 8);
    uint32_t next = put_ccw(PROGRAM, 0x63, 0x1f00, CC, 16);
    next = put_ccw(next, 0x43, 0x1f10, CC, 8);
    put_ccw(next, 0x42, BUFFER, 0, 1024);
    ck_assert_int_eq(start(DISK, 0, PROGRAM), 0);
    assert_time(wait_for(DISK, GOOD), 16 * MS, 60 * MS);
    ck_assert_int_eq(start(DISK, 0, PROGRAM), 0); /* the arm is there: the disk turns once */
    assert_time(wait_for(DISK, GOOD), 20 * MS, 20200000 + LATE);
}
END_TEST

static void add(TCase *t)
{
    tcase_add_test(t, seeks);
    tcase_add_test(t, busy);
    tcase_add_test(t, turning);
    tcase_add_test(t, orientation);
    tcase_add_test(t, sector);
    tcase_add_test(t, halted);
    tcase_add_test(t, tapes);
    tcase_add_test(t, paper_and_cards);
    tcase_add_test(t, fixed_blocks);
}

int main(void)
{
    return run_suite("timed I/O", setup, teardown, add);
}
