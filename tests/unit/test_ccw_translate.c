/* CCW translation (cp/ccw): addresses, seeks and guards are what the real channel may be given; a
 * guest's program cannot reach beyond its storage and its minidisk, however it is written. */
#include "cp/ccw/translate.h"
#include "lib/be.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define GUEST_SIZE 0x20000u
#define CELLS_AT   0x900000u /* where the real channel finds the translation */

static uint8_t guest[GUEST_SIZE];
static unsigned locked[GUEST_SIZE / 4096];

/* Guest pages lie in real storage in pairs that are exchanged: 0 and 1 at 101000 and
 * 100000, so an odd page follows its even one never, an even page its odd one always. */
static uint32_t frame_of_page(uint32_t page)
{
    return 0x100000 + (page ^ 1) * 4096;
}

static bool storage_read(void *context, uint32_t address, void *to, uint32_t length)
{
    if (address > GUEST_SIZE || length > GUEST_SIZE - address)
        return false;
    memcpy(to, guest + address, length);
    return true;
}

static uint32_t storage_lock(void *context, uint32_t page, bool stores)
{
    if (page >= GUEST_SIZE / 4096)
        return 0;
    locked[page]++;
    return frame_of_page(page);
}

static struct translate_block blocks[TRANSLATE_BLOCKS];
static unsigned blocks_given, blocks_most;

static uint32_t storage_real_of(void *context, const void *p)
{
    return CELLS_AT + (uint32_t)((const uint8_t *)p - (const uint8_t *)blocks);
}

static struct translate_block *storage_more(void *context)
{
    if (blocks_given == blocks_most)
        return NULL;
    memset(&blocks[blocks_given], 0, sizeof *blocks);
    return &blocks[blocks_given++];
}

static struct translation t;
static struct translate_storage storage = {&t, storage_read, storage_lock, storage_real_of,
                                           storage_more};

static enum translate_result translate(uint32_t address)
{
    blocks_given = 0;
    return ccw_translate(&t, address);
}

static void setup(void)
{
    memset(guest, 0, sizeof guest);
    memset(locked, 0, sizeof locked);
    memset(&t, 0, sizeof t);
    t.storage = &storage;
    blocks_most = TRANSLATE_BLOCKS;
    t.is_dasd = true;
    t.start = 100;
    t.cylinders = 10;
}

static void put(uint32_t at, uint8_t command, uint32_t address, uint8_t flags, unsigned count)
{
    struct ccw *ccw = (struct ccw *)(guest + at);
    ccw->command = command;
    put24(&ccw->address, address);
    ccw->flags = flags;
    put16(&ccw->count, count);
}

static const struct ccw *cell(unsigned n)
{
    return (const struct ccw *)blocks[0].cells[n];
}

static const uint8_t *data_at(uint32_t real)
{
    ck_assert_uint_ge(real, CELLS_AT);
    ck_assert_uint_lt(real, CELLS_AT + sizeof blocks);
    return (const uint8_t *)blocks + (real - CELLS_AT);
}

static void check_seek(const struct ccw *ccw, unsigned cylinder, unsigned head)
{
    const uint8_t *data = data_at(get24(ccw->address));
    ck_assert_uint_eq(load_be16(data), 0);
    ck_assert_uint_eq(load_be16(data + 2), cylinder);
    ck_assert_uint_eq(load_be16(data + 4), head);
}

static void put_seek(uint32_t at, unsigned cylinder, unsigned head)
{
    store_be16(guest + at, 0);
    store_be16(guest + at + 2, cylinder);
    store_be16(guest + at + 4, head);
}

START_TEST(usual_read)
{
    setup();
    t.at_cylinder = 3, t.at_head = 4;
    put_seek(0x500, 5, 6);
    put(0x400, 0x07, 0x500, CCW_CHAIN_COMMAND, 6);
    put(0x408, 0x31, 0x502, CCW_CHAIN_COMMAND, 5);
    put(0x410, CCW_TIC, 0x408, 0, 0);
    put(0x418, 0x06, 0x2000, 0, 800);
    ck_assert_int_eq(translate(0x400), TRANSLATE_OK);
    /* The guard: the arm goes to where this guest left it. */
    ck_assert_uint_eq(cell(0)->command, 0x07);
    check_seek(cell(0), 103, 4);
    ck_assert_uint_eq(cell(1)->command, 0x07);
    check_seek(cell(1), 105, 6);
    ck_assert_uint_eq(cell(2)->command, 0x31);
    ck_assert_uint_eq(get24(cell(2)->address), frame_of_page(0) + 0x502);
    ck_assert_uint_eq(cell(3)->command, CCW_TIC);
    ck_assert_uint_eq(get24(cell(3)->address), CELLS_AT + 16);
    ck_assert_uint_eq(cell(4)->command, 0x06);
    ck_assert_uint_eq(get24(cell(4)->address), frame_of_page(2));
    ck_assert_uint_eq(get16(cell(4)->count), 800);
    ck_assert_uint_eq(cell(4)->flags, 0);
    ck_assert(t.seeks && t.last_cylinder == 5 && t.last_head == 6);
    ck_assert_uint_eq(locked[0], 1);
    ck_assert_uint_eq(locked[2], 1);
    ck_assert_uint_eq(t.pages_used, 2);
    /* The CSW after the read points behind the guest's CCW. */
    ck_assert_uint_eq(ccw_untranslate(&t, CELLS_AT + 5 * 8), 0x420);
    ck_assert_uint_eq(ccw_untranslate(&t, CELLS_AT + 8), 0x408);
}
END_TEST

START_TEST(buffers_in_pieces)
{
    setup();
    /* From page 2 into page 3: frames 3 and 2, not in order. */
    put(0x400, 0x06, 0x2c00, CCW_SUPPRESS_LENGTH, 0x1000);
    ck_assert_int_eq(translate(0x400), TRANSLATE_OK);
    const struct ccw *read = cell(1);
    ck_assert_uint_eq(read->flags, CCW_SUPPRESS_LENGTH | CCW_INDIRECT);
    const uint8_t *list = data_at(get24(read->address));
    ck_assert_uint_eq(load_be32(list), frame_of_page(2) + 0xc00);
    ck_assert_uint_eq(load_be32(list + 4), frame_of_page(3));
    ck_assert_uint_eq(load_be32(list + 8), frame_of_page(3) + 0x800);
    /* The guest's own list gives the same. */
    setup();
    store_be32(guest + 0x600, 0x2c00);
    store_be32(guest + 0x604, 0x8000);
    put(0x400, 0x06, 0x600, CCW_INDIRECT, 0x600);
    ck_assert_int_eq(translate(0x400), TRANSLATE_OK);
    list = data_at(get24(cell(1)->address));
    ck_assert_uint_eq(load_be32(list), frame_of_page(2) + 0xc00);
    ck_assert_uint_eq(load_be32(list + 4), frame_of_page(8));
}
END_TEST

/* A tape reads backward: from the address down, each further block from its end. */
START_TEST(backward)
{
    setup();
    t.is_dasd = false;
    put(0x400, 0x0c, 0x3400, CCW_SUPPRESS_LENGTH, 0x1000);
    ck_assert_int_eq(translate(0x400), TRANSLATE_OK);
    ck_assert_uint_eq(cell(0)->flags, CCW_SUPPRESS_LENGTH | CCW_INDIRECT);
    const uint8_t *list = data_at(get24(cell(0)->address));
    ck_assert_uint_eq(load_be32(list), frame_of_page(3) + 0x400);
    ck_assert_uint_eq(load_be32(list + 4), frame_of_page(2) + 0xfff);
    ck_assert_uint_eq(load_be32(list + 8), frame_of_page(2) + 0x7ff);
    /* In one page: no list.  The next CCW of a data chain goes the same way. */
    setup();
    t.is_dasd = false;
    put(0x400, 0x0c, 0x3400, CCW_CHAIN_DATA, 0x100);
    put(0x408, 0x02, 0x2fff, 0, 0x1000);
    ck_assert_int_eq(translate(0x400), TRANSLATE_OK);
    ck_assert_uint_eq(get24(cell(0)->address), frame_of_page(3) + 0x400);
    ck_assert_uint_eq(get24(cell(1)->address), frame_of_page(2) + 0xfff);
    ck_assert_uint_eq(cell(1)->flags, 0);
    /* No way to read it forward, or a forward one backward: not by a TIC, which finds it as what
     * it is come to ... */
    setup();
    t.is_dasd = false;
    put(0x400, 0x02, 0x2000, CCW_CHAIN_DATA, 8);
    put(0x408, CCW_TIC, 0x410, 0, 0);
    put(0x410, 0x0c, 0x37c0, 0, 0x100);
    ck_assert_int_eq(translate(0x400), TRANSLATE_OK);
    ck_assert_uint_eq(get24(cell(1)->address), CELLS_AT + 2 * 8);
    ck_assert_uint_eq(get24(cell(2)->address), frame_of_page(3) + 0x7c0);
    ck_assert_uint_eq(cell(2)->flags, 0);
    /* ... nor by going below its storage. */
    setup();
    t.is_dasd = false;
    put(0x400, 0x0c, 0x400, 0, 0x1000);
    ck_assert_int_eq(translate(0x400), TRANSLATE_PROGRAM_CHECK);
}
END_TEST

START_TEST(extent_and_guards)
{
    setup();
    t.read_only = true;
    put_seek(0x500, 10, 0); /* one beyond */
    guest[0x510] = 0xc0;    /* a file mask that allows all */
    put(0x400, 0x07, 0x500, CCW_CHAIN_COMMAND, 6);
    put(0x408, 0x1f, 0x510, CCW_CHAIN_COMMAND, 1);
    put(0x410, 0x05, 0x2000, 0, 8);
    ck_assert_int_eq(translate(0x400), TRANSLATE_OK);
    ck_assert_uint_eq(cell(1)->command, 0x1f);
    ck_assert_uint_eq(*data_at(get24(cell(1)->address)), 0x40);
    check_seek(cell(2), 0xffff, 0);
    ck_assert_uint_eq(cell(3)->command, CCW_NOP);
    /* Writable: the guest's own mask goes through, but not for home addresses. */
    t.read_only = false;
    ck_assert_int_eq(translate(0x400), TRANSLATE_OK);
    ck_assert_uint_eq(cell(2)->command, 0x1f);
    ck_assert_uint_eq(*data_at(get24(cell(2)->address)), 0x00);
}
END_TEST

START_TEST(tricks)
{
    /* A seek address in two pieces would not be seen whole. */
    setup();
    put(0x400, 0x07, 0x500, CCW_CHAIN_DATA, 2);
    put(0x408, 0x07, 0x600, 0, 4);
    ck_assert_int_eq(translate(0x400), TRANSLATE_PROGRAM_CHECK);
    /* A seek that hides as the continuation of a write, and is then jumped to: it has a cell as
     * data, which is no seek, and one as a command, which was moved into the extent. */
    setup();
    put(0x400, 0x05, 0x2000, CCW_CHAIN_DATA, 8);
    put(0x408, 0x07, 0x500, CCW_CHAIN_COMMAND, 6);
    put(0x410, CCW_TIC, 0x408, 0, 0);
    ck_assert_int_eq(translate(0x400), TRANSLATE_OK);
    ck_assert_uint_eq(cell(2)->command, CCW_NOP);
    ck_assert_uint_eq(get24(cell(2)->address), frame_of_page(0) + 0x500);
    ck_assert_uint_eq(get24(cell(3)->address), CELLS_AT + 4 * 8);
    ck_assert_uint_eq(cell(4)->command, 0x07);
    check_seek(cell(4), 100, 0);
    /* A seek, and a read that jumps to it for more of its data: they go to the guest's storage, not
     * to the seek address. */
    setup();
    put(0x400, 0x07, 0x500, CCW_CHAIN_COMMAND, 6);
    put(0x408, 0x06, 0x2000, CCW_CHAIN_DATA, 8);
    put(0x410, CCW_TIC, 0x400, 0, 0);
    ck_assert_int_eq(translate(0x400), TRANSLATE_OK);
    ck_assert_uint_eq(get24(cell(3)->address), CELLS_AT + 4 * 8);
    ck_assert_uint_eq(get24(cell(4)->address), frame_of_page(0) + 0x500);
    /* Addresses outside: the channel gives a program check when it gets there. */
    setup();
    put(0x400, CCW_NOP, 0, CCW_CHAIN_COMMAND, 1);
    put(0x408, 0x06, GUEST_SIZE - 16, 0, 32);
    ck_assert_int_eq(translate(0x400), TRANSLATE_OK);
    ck_assert_uint_eq(cell(2)->command & 15, 0);
    setup();
    ck_assert_int_eq(translate(GUEST_SIZE), TRANSLATE_PROGRAM_CHECK);
    put(0x400, CCW_TIC, 0x408, 0, 0);
    ck_assert_int_eq(translate(0x400), TRANSLATE_PROGRAM_CHECK);
    /* A program without end fits nowhere. */
    setup();
    for (uint32_t at = 0; at < GUEST_SIZE; at += 8)
        put(at, CCW_NOP, 0, CCW_CHAIN_COMMAND, 1);
    ck_assert_int_eq(translate(0), TRANSLATE_TOO_LONG);
}
END_TEST

/* Where the real channel goes on from a real address: through at most one TIC. */
static uint32_t through_tic(uint32_t real)
{
    const struct ccw *ccw = (const struct ccw *)data_at(real);
    if (!CCW_IS_TIC(ccw->command))
        return real;
    real = get24(ccw->address);
    ck_assert(!CCW_IS_TIC(((const struct ccw *)data_at(real))->command));
    return real;
}

/* The channel at `real` is at the copy of the guest's CCW at `at`. */
static void check_at(uint32_t real, uint32_t at)
{
    const struct ccw *ccw = (const struct ccw *)data_at(real);
    ck_assert_uint_eq(ccw->command, guest[at]);
    ck_assert_uint_eq(ccw_untranslate(&t, real + 8), at + 8);
}

/* A program of many blocks: the channel goes through the copy as it would through the guest's, also
 * where the device skips a CCW; and it has no more than it may. */
START_TEST(long_programs)
{
    setup();
    uint32_t end = 0x1000 + 1000 * 24;
    for (uint32_t at = 0x1000; at < end; at += 24) {
        put(at, 0x31, 0x502, CCW_CHAIN_COMMAND, 5);
        put(at + 8, CCW_TIC, at, 0, 0);
        put(at + 16, 0x06, 0x8800, CCW_CHAIN_COMMAND, 2000); /* two frames apart: an address list */
    }
    put(end, CCW_NOP, 0, 0, 1);
    ck_assert_int_eq(translate(0x1000), TRANSLATE_OK);
    ck_assert_uint_gt(t.block_count, 9);
    uint32_t real = CELLS_AT + 8; /* behind the guard */
    for (uint32_t at = 0x1000; at < end; at += 24) {
        real = through_tic(real);
        check_at(real, at);
        check_at(through_tic(real + 8), at); /* not found: once more */
        real = through_tic(real + 16);       /* found: the TIC is skipped */
        check_at(real, at + 16);
        real += 8;
    }
    check_at(through_tic(real), end);
    blocks_most = 5;
    ck_assert_int_eq(translate(0x1000), TRANSLATE_NO_STORAGE);
    /* Pages are limited, too. */
    setup();
    t.page_limit = 2;
    put(0x400, 0x06, 0x2000, 0, 0x3000);
    ck_assert_int_eq(translate(0x400), TRANSLATE_PROGRAM_CHECK);
}
END_TEST

/* PCI is the guest's: it stays in the CCW that has it. */
START_TEST(program_controlled_interruption)
{
    setup();
    put_seek(0x500, 1, 0);
    put(0x400, 0x07, 0x500, CCW_CHAIN_COMMAND | CCW_PCI, 6);
    put(0x408, 0x06, 0x2000, CCW_PCI, 80);
    ck_assert_int_eq(translate(0x400), TRANSLATE_OK);
    ck_assert_uint_eq(cell(0)->flags, CCW_CHAIN_COMMAND);
    ck_assert_uint_eq(cell(1)->flags, CCW_CHAIN_COMMAND | CCW_PCI);
    ck_assert_uint_eq(cell(2)->flags, CCW_PCI);
}
END_TEST

/* TICs and no-operations that the guest changes while the program runs. */
START_TEST(changed_programs)
{
    setup();
    put(0x400, CCW_NOP, 0, CCW_CHAIN_COMMAND, 1);
    put(0x408, CCW_TIC, 0x400, 0, 0);
    put(0x600, 0x06, 0x2000, 0, 80);
    ck_assert_int_eq(translate(0x400), TRANSLATE_OK);
    ck_assert_uint_eq(get24(cell(2)->address), CELLS_AT + 8);
    put(0x408, CCW_TIC, 0x600, 0, 0);
    ck_assert_int_eq(ccw_retranslate(&t, 0x408), RETRANSLATE_OK);
    ck_assert_uint_eq(cell(2)->command, CCW_TIC);
    check_at(get24(cell(2)->address), 0x600);
    put(0x408, CCW_NOP, 0, CCW_SUPPRESS_LENGTH, 1);
    ck_assert_int_eq(ccw_retranslate(&t, 0x408), RETRANSLATE_OK);
    ck_assert_uint_eq(cell(2)->command, CCW_NOP);
    ck_assert_uint_eq(cell(2)->flags, CCW_SUPPRESS_LENGTH);
    put(0x400, CCW_TIC, 0x600, 0, 0);
    ck_assert_int_eq(ccw_retranslate(&t, 0x400), RETRANSLATE_OK);
    check_at(get24(cell(1)->address), 0x600);
    /* What may not be. */
    ck_assert_int_eq(ccw_retranslate(&t, 0x410), RETRANSLATE_NOT_FOUND);
    ck_assert_int_eq(ccw_retranslate(&t, 0x600), RETRANSLATE_NOT_TIC);
    put(0x408, 0x05, 0x2000, 0, 80);
    ck_assert_int_eq(ccw_retranslate(&t, 0x408), RETRANSLATE_NOT_TIC);
    put(0x408, CCW_TIC, 0x604, 0, 0);
    ck_assert_int_eq(ccw_retranslate(&t, 0x408), RETRANSLATE_UNALIGNED);
    put(0x408, CCW_TIC, GUEST_SIZE, 0, 0);
    ck_assert_int_eq(ccw_retranslate(&t, 0x408), RETRANSLATE_OUTSIDE);
}
END_TEST

/* ISAM: a command that reads into a seek address or a CCW, of what follows or of what was before,
 * ends the program for now. */
START_TEST(programs_that_read_into_themselves)
{
    setup();
    put_seek(0x500, 1, 0);
    put(0x400, 0x07, 0x500, CCW_CHAIN_COMMAND, 6);
    put(0x408, 0x12, 0x602, CCW_CHAIN_COMMAND, 8);
    put(0x410, 0x07, 0x600, CCW_CHAIN_COMMAND, 6);
    put(0x418, 0x06, 0x2000, 0, 80);
    ck_assert_int_eq(translate(0x400), TRANSLATE_OK);
    ck_assert_uint_eq(cell(2)->flags, CCW_CHAIN_COMMAND);
    ck_assert(!ccw_was_cut(&t, 0x410));
    t.isam = true;
    ck_assert_int_eq(translate(0x400), TRANSLATE_OK);
    ck_assert_uint_eq(cell(1)->flags, CCW_CHAIN_COMMAND);
    ck_assert_uint_eq(cell(2)->command, 0x12);
    ck_assert_uint_eq(cell(2)->flags, 0);
    ck_assert(ccw_was_cut(&t, 0x410));
    ck_assert(!ccw_was_cut(&t, 0x420));
    /* Into a CCW behind it. */
    put(0x408, 0x06, 0x418, CCW_CHAIN_COMMAND, 8);
    ck_assert_int_eq(translate(0x400), TRANSLATE_OK);
    ck_assert_uint_eq(cell(2)->flags, 0);
    ck_assert(ccw_was_cut(&t, 0x410));
    /* Into one that is come to again: the seek at the beginning, and its address. */
    for (unsigned n = 0; n < 2; n++) {
        put(0x408, 0x12, n ? 0x502 : 0x400, CCW_CHAIN_COMMAND, 8);
        put(0x410, CCW_TIC, 0x400, 0, 0);
        ck_assert_int_eq(translate(0x400), TRANSLATE_OK);
        ck_assert_uint_eq(cell(2)->flags, 0);
        ck_assert(ccw_was_cut(&t, 0x410));
    }
    /* Elsewhere. */
    put(0x408, 0x12, 0x2000, CCW_CHAIN_COMMAND, 8);
    put(0x410, 0x06, 0x2000, 0, 80);
    ck_assert_int_eq(translate(0x400), TRANSLATE_OK);
    ck_assert_uint_eq(cell(2)->flags, CCW_CHAIN_COMMAND);
    ck_assert(!ccw_was_cut(&t, 0x410));
}
END_TEST

START_TEST(initial_program_loading)
{
    setup();
    put(0, 0x02, 0x1000, CCW_CHAIN_COMMAND | CCW_SUPPRESS_LENGTH, 24);
    put(8, CCW_NOP, 0, 0, 1);
    ck_assert_int_eq(translate(0), TRANSLATE_OK);
    ck_assert_uint_eq(cell(1)->command, 0x07);
    check_seek(cell(1), 100, 0);
    ck_assert_uint_eq(cell(2)->command, 0x16);
    ck_assert(cell(2)->flags & CCW_SKIP);
    ck_assert_uint_eq(cell(3)->command, 0x06);
    ck_assert_uint_eq(get24(cell(3)->address), frame_of_page(1));
    ck_assert_uint_eq(ccw_untranslate(&t, CELLS_AT + 4 * 8), 8);
}
END_TEST

/* Tapes read backward: the data go down from the address, and so do those that are chained. A
 * buffer that begins a page must not reach the frame before. */
START_TEST(directions)
{
    setup();
    t.is_dasd = false;
    put(0x400, 0x0c, 0x3100, CCW_CHAIN_DATA, 0x202);
    put(0x408, CCW_NOP, 0, CCW_SUPPRESS_LENGTH, 1);
    ck_assert_int_eq(translate(0x400), TRANSLATE_OK);
    /* From page 3 down to page 2: frames 2 and 3. */
    ck_assert_uint_eq(cell(0)->flags, CCW_CHAIN_DATA | CCW_INDIRECT);
    const uint8_t *list = data_at(get24(cell(0)->address));
    ck_assert_uint_eq(load_be32(list), frame_of_page(3) + 0x100);
    ck_assert_uint_eq(load_be32(list + 4), frame_of_page(2) + 0xfff);
    ck_assert_uint_eq(get24(cell(1)->address), frame_of_page(0)); /* data, not a no-op */
    ck_assert_uint_eq(cell(1)->flags, CCW_SUPPRESS_LENGTH);
    /* In one page, over a block's edge. */
    setup();
    t.is_dasd = false;
    put(0x400, 0x0c, 0x3900, 0, 0x500);
    ck_assert_int_eq(translate(0x400), TRANSLATE_OK);
    ck_assert_uint_eq(cell(0)->flags, 0);
    ck_assert_uint_eq(get24(cell(0)->address), frame_of_page(3) + 0x900);
    /* Below the guest's storage. */
    put(0x400, 0x0c, 0x10, 0, 0x20);
    ck_assert_int_eq(translate(0x400), TRANSLATE_PROGRAM_CHECK);
    /* The guest's own list: all but its first word end a block. */
    setup();
    t.is_dasd = false;
    store_be32(guest + 0x600, 0x3000);
    store_be32(guest + 0x604, 0x87ff);
    put(0x400, 0x0c, 0x600, CCW_INDIRECT, 0x10);
    ck_assert_int_eq(translate(0x400), TRANSLATE_OK);
    list = data_at(get24(cell(0)->address));
    ck_assert_uint_eq(load_be32(list), frame_of_page(3));
    ck_assert_uint_eq(load_be32(list + 4), frame_of_page(8) + 0x7ff);
    store_be32(guest + 0x604, 0x8000);
    ck_assert_int_eq(translate(0x400), TRANSLATE_PROGRAM_CHECK);
    /* The same CCW for data of both directions has a cell for each. */
    setup();
    t.is_dasd = false;
    put(0x400, 0x02, 0x3000, CCW_CHAIN_DATA, 0x10);
    put(0x408, 0x02, 0x4000, CCW_CHAIN_COMMAND, 0x20);
    put(0x410, 0x0c, 0x3fff, CCW_CHAIN_DATA, 0x10);
    put(0x418, CCW_TIC, 0x408, 0, 0);
    ck_assert_int_eq(translate(0x400), TRANSLATE_OK);
    ck_assert_uint_eq(cell(1)->flags, CCW_CHAIN_COMMAND); /* up from 4000 */
    ck_assert_uint_eq(get24(cell(3)->address), CELLS_AT + 4 * 8);
    ck_assert_uint_eq(cell(4)->flags, CCW_CHAIN_COMMAND | CCW_INDIRECT); /* down from it */
    list = data_at(get24(cell(4)->address));
    ck_assert_uint_eq(load_be32(list), frame_of_page(4));
    ck_assert_uint_eq(load_be32(list + 4), frame_of_page(3) + 0xfff);
}
END_TEST

/* Whatever bytes a guest calls a channel program: the translation ends, every address in it is one
 * of a locked page or of the translation, and every seek stays in the extent or fails. */
START_TEST(random_programs)
{
    srandom(370);
    for (int round = 0; round < 3000; round++) {
        setup();
        for (unsigned i = 0; i < 0x800; i++)
            guest[i] = (uint8_t)random();
        static const uint8_t likely[] = {0x07, 0x31, 0x08, 0x06, 0x05, 0x1f, 0x02, 0x13, 0x1b};
        for (unsigned i = 0; i < 0x800; i += 8) {
            if (random() % 4)
                guest[i] = likely[random() % sizeof likely];
            guest[i + 1] = 0;
            guest[i + 2] &= 0x1f;
            guest[i + 4] &= 0xf4;
            guest[i + 6] &= 0x1f;
        }
        t.isam = round % 2;
        (void)translate((uint32_t)random() & 0x7f8);
        for (unsigned i = 0; i < t.block_count * TRANSLATE_CELLS; i++) {
            const struct translate_block *block = &blocks[i / TRANSLATE_CELLS];
            if (i % TRANSLATE_CELLS >= block->cells_used)
                continue;
            const struct ccw *ccw = (const struct ccw *)block->cells[i % TRANSLATE_CELLS];
            uint32_t address = get24(ccw->address), count = get16(ccw->count);
            uint8_t command = ccw->command;
            if ((command & 15) == 0 || ccw->flags & CCW_SKIP)
                continue;
            if (address >= CELLS_AT) {
                ck_assert_uint_lt(address, CELLS_AT + sizeof blocks);
            } else if (!(ccw->flags & CCW_INDIRECT)) {
                ck_assert_uint_ge(address, 0x100000);
                ck_assert_uint_le(address + count, 0x100000 + GUEST_SIZE);
            }
            if (command == 0x07 || command == 0x0b) {
                uint32_t cylinder = load_be16(data_at(address) + 2);
                ck_assert(cylinder == 0xffff || (cylinder >= 100 && cylinder < 110));
            }
        }
        ck_assert_uint_le(t.pages_used, TRANSLATE_PAGES);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("CCW translation");
    TCase *tc = tcase_create("all");
    tcase_add_test(tc, usual_read);
    tcase_add_test(tc, buffers_in_pieces);
    tcase_add_test(tc, backward);
    tcase_add_test(tc, extent_and_guards);
    tcase_add_test(tc, tricks);
    tcase_add_test(tc, long_programs);
    tcase_add_test(tc, program_controlled_interruption);
    tcase_add_test(tc, changed_programs);
    tcase_add_test(tc, programs_that_read_into_themselves);
    tcase_add_test(tc, initial_program_loading);
    tcase_add_test(tc, directions);
    tcase_add_test(tc, random_programs);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
