/* Proves: what each kind of device answers to SENSE after each condition that it can tell, by the
 * control units' manuals (GA26-5988, GA26-3599, GA26-1592, GA26-1619, GA26-1638, GA26-1661,
 * GA26-1657, GA32-0020 to 0022, GA22-6866, GA24-3312, GA24-3543, GA33-1529, GA21-9124, GA27-2749,
 * GA24-3415).  One row for each condition, for all the types that share it. */
#include "channel_fixture.h"
#include "s370/media/ckd_image.h"
#include "s370/media/tape_image.h"

#include <unistd.h>

#define DEVICE  0x131
#define PROGRAM 0x1000u
#define DATA    0x1f00u
#define SENSED  0x3000u
#define CHECK   (GOOD | UNIT_CHECK)

static char directory[32], path[64];

static void setup(void)
{
    fixture_setup();
    strcpy(directory, "/tmp/datbox-sense-XXXXXX");
    ck_assert(mkdtemp(directory) != NULL);
    sprintf(path, "%s/medium", directory);
}

static void teardown(void)
{
    char journal[80];
    fixture_teardown();
    sprintf(journal, "%s.journal", path);
    unlink(journal);
    unlink(path);
    ck_assert_int_eq(rmdir(directory), 0);
}

static void put_hex(uint32_t address, const char *hex)
{
    for (; *hex; hex++) {
        char digits[3] = {hex[0], hex[1], 0};
        if (*hex == ' ')
            continue;
        *at(address++) = (uint8_t)strtoul(digits, NULL, 16);
        hex++;
    }
}

/* --- media --- */

static const char disks[] = "2311 2314 3330 3330-11 3340 3340-70 3350 3375 3380";
static const char old_disks[] = "2311 2314"; /* 2841, 2314: six bytes */
static const char new_disks[] = "3330 3330-11 3340 3340-70 3350 3375 3380";
static const char tapes[] = "2401 2415 2420 3410 3420";

/* So many cylinders; on cylinder 0, head 0 record 1 of 80 bytes. */
static void make_disk(const char *type, unsigned cylinders)
{
    char message[256];
    const struct ckd_geometry *g = ckd_geometry_find(type);
    ck_assert_ptr_null(ckd_image_create(path, g, cylinders, message, sizeof message));
    struct ckd_image *image = ckd_image_open(path, 0, message, sizeof message);
    uint8_t *track = malloc(g->image_track), data[80] = {0};
    struct ckd_builder b;
    ckd_build(&b, g, track, 0, 0);
    ck_assert(ckd_build_record(&b, 1, NULL, 0, data, sizeof data));
    ck_assert(ckd_image_write(image, 0, 0, 0, track, ckd_build_end(&b)));
    ckd_image_close(image);
    free(track);
}

static void make_blocks(void)
{
    FILE *f = fopen(path, "wb");
    ck_assert_int_eq(ftruncate(fileno(f), 100 * 512), 0);
    fclose(f);
}

/* One block, and nothing behind it. */
static void make_tape(void)
{
    char message[256];
    struct tape_image *t = tape_image_open(path, 0, message, sizeof message);
    ck_assert_int_eq(tape_image_write(t, (const uint8_t *)"DATA", 4), TAPE_BLOCK);
    tape_image_close(t);
}

static void make_deck(void)
{
    FILE *f = fopen(path, "wb");
    for (unsigned n = 0; n < 80; n++) /* in each column all twelve rows: no character */
        fwrite("\x3f\x3f", 1, 2, f);
    fclose(f);
}

enum medium {
    NOTHING,
    DISK,
    PROTECTED_DISK,
    BLOCKS,
    TAPE,
    PROTECTED_TAPE,
    DECK,
    PAPER,
    OVERFLOW_PAPER
};

static void attach_with(const char *type, enum medium medium)
{
    switch (medium) {
    case NOTHING:
        attach(DEVICE, type, 0);
        return;
    case DISK:
    case PROTECTED_DISK:
        make_disk(type, 2);
        break;
    case BLOCKS:
        make_blocks();
        break;
    case TAPE:
    case PROTECTED_TAPE:
        make_tape();
        break;
    case DECK:
        make_deck();
        attach(DEVICE, type, 2, path, "binary");
        return;
    case OVERFLOW_PAPER: /* channels 9 and 12 are told */
        attach(DEVICE, type, 2, path, "overflow");
        return;
    case PAPER:
        break;
    }
    bool protects = medium == PROTECTED_DISK || medium == PROTECTED_TAPE;
    attach(DEVICE, type, protects ? 2 : 1, path, "ro");
}

/* --- conditions --- */

/* CCWs. */
#define CHAINED(command, at, count) command " " at " 40 00 " count " "
#define LAST(command, at, count)    command " " at " 20 00 " count
#define SEEK                        CHAINED("07", "001F00", "0006")
#define SEARCH                      CHAINED("31", "001F02", "0005")
#define FOUND                       SEEK SEARCH "08 001008 00 00 0000 "
#define EXTENT                      CHAINED("63", "001F00", "0010")
#define LOCATE                      CHAINED("43", "001F10", "0008")

static const struct row {
    const char *what, *types;
    enum medium medium;
    const char *data, *program;
    uint8_t unit_status;
    const char *sense; /* its first bytes; .. is any */
} rows[] = {
    /* Disks of count, key and data. */
    {"no pack", disks, NOTHING, "", LAST("06", "004000", "0050"), UNIT_CHECK, "40 00"},
    {"unknown command", old_disks, DISK, "", LAST("6E", "004000", "0050"), CHECK, "80 00 00"},
    {"unknown command", new_disks, DISK, "", LAST("6E", "004000", "0050"), CHECK,
     "80 00 .. 00 .. .. .. 01"},
    {"SEEK of five bytes", new_disks, DISK, "", LAST("07", "001F00", "0005"), CHECK,
     "80 00 .. 00 .. .. .. 03"},
    {"SEEK to no cylinder", old_disks, DISK, "0000 0300 0000", LAST("07", "001F00", "0006"), CHECK,
     "81 00 00"},
    {"SEEK to no cylinder", new_disks, DISK, "0000 0300 0000", LAST("07", "001F00", "0006"), CHECK,
     "80 00 .. 00 .. .. .. 04"},
    {"SEEK to no head", new_disks, DISK, "0000 0000 0030", LAST("07", "001F00", "0006"), CHECK,
     "80 00 .. 00 .. .. .. 04"},
    {"WRITE DATA without a search", old_disks, DISK, "", LAST("05", "004000", "0050"), CHECK,
     "80 10 00"},
    {"WRITE DATA without a search", new_disks, DISK, "", LAST("05", "004000", "0050"), CHECK,
     "80 00 .. 00 .. .. .. 02"},
    {"file mask with bit 2", new_disks, DISK, "20", LAST("1F", "001F00", "0001"), CHECK,
     "80 00 .. 00 .. .. .. 04"},
    {"SEEK that the file mask forbids", disks, DISK, "18",
     CHAINED("1F", "001F00", "0001") LAST("07", "001F00", "0006"), CHECK, "00 04"},
    {"WRITE that the file mask forbids", old_disks, DISK, "0000 0000 0000 0140",
     CHAINED("1F", "001F07", "0001")
         SEEK CHAINED("31", "001F02", "0005") "08 001010 00 00 0000 " LAST("05", "004000", "0050"),
     CHECK, "80 04 00"},
    {"WRITE that the file mask forbids", new_disks, DISK, "0000 0000 0000 0140",
     CHAINED("1F", "001F07", "0001")
         SEEK CHAINED("31", "001F02", "0005") "08 001010 00 00 0000 " LAST("05", "004000", "0050"),
     CHECK, "80 00 .. 00 .. .. .. 02"},
    {"no record found", disks, DISK, "0000 0000 0000 09", FOUND LAST("06", "004000", "0050"), CHECK,
     "00 08"},
    {"multitrack past the last head", disks, DISK, "0000 0001 0000 09",
     SEEK CHAINED("B1", "001F02", "0005") "08 001008 00 00 0000 " LAST("06", "004000", "0050"),
     CHECK, "00 20"},
    {"a record that does not fit", disks, DISK, "0000 0000 0000 01 00 0000000002 00 FFFF",
     FOUND LAST("1D", "001F08", "0050"), CHECK, "00 40"},
    {"WRITE to a read-only pack", new_disks, PROTECTED_DISK, "0000 0000 0000 01",
     FOUND LAST("05", "004000", "0050"), CHECK, "10 02 .. 00 .. .. .. 10"},
    {"READ without a seek in the chain", "3375 3380", DISK, "", LAST("06", "004000", "0050"), CHECK,
     "80 00 .. 00 .. .. .. 02"},
    {"SENSE ID", old_disks, DISK, "", LAST("E4", "004000", "0007"), CHECK, "80 00 00"},
    {"SET SECTOR", old_disks, DISK, "", LAST("23", "001F00", "0001"), CHECK, "80 00 00"},
    /* Fixed blocks. */
    {"no pack", "3310 3370", NOTHING, "", LAST("42", "004000", "0200"), UNIT_CHECK, "40 00"},
    {"unknown command", "3310 3370", BLOCKS, "", LAST("06", "004000", "0200"), CHECK, "80 00"},
    {"READ without LOCATE", "3310 3370", BLOCKS, "", LAST("42", "004000", "0200"), CHECK, "80 00"},
    {"LOCATE without an extent", "3310 3370", BLOCKS, "", LAST("43", "001F10", "0008"), CHECK,
     "80 00"},
    {"an extent beyond the disk", "3310 3370", BLOCKS, "00000000 00000000 00000000 00000064",
     LAST("63", "001F00", "0010"), CHECK, "80 04"},
    {"LOCATE beyond the extent", "3310 3370", BLOCKS,
     "00000000 00000000 00000000 00000009 06000001 0000000A", EXTENT LAST("43", "001F10", "0008"),
     CHECK, "80 04"},
    {"WRITE where READ was located", "3310 3370", BLOCKS,
     "00000000 00000000 00000000 00000009 06000001 00000000",
     EXTENT LOCATE LAST("41", "004000", "0200"), CHECK, "80 00"},
    /* Tapes. */
    {"no tape", tapes, NOTHING, "", LAST("02", "004000", "0050"), UNIT_CHECK, "40 22 03"},
    {"unknown command", tapes, TAPE, "", LAST("05", "004000", "0050"), CHECK, "80 48 03"},
    {"backward at the load point", tapes, TAPE, "", LAST("0C", "004000", "0050"), CHECK,
     "00 48 03"},
    {"BACKSPACE at the load point", tapes, TAPE, "",
     CHAINED("03", "000000", "0001") LAST("27", "000000", "0001"), CHECK, "00 48 03"},
    {"WRITE to a protected tape", tapes, PROTECTED_TAPE, "", LAST("01", "004000", "0050"), CHECK,
     "80 4A 03"},
    {"READ behind the last block", tapes, TAPE, "",
     CHAINED("37", "000000", "0001") LAST("02", "004000", "0050"), CHECK, "10 40 03"},
    {"READ behind the last block", "3420", TAPE, "",
     CHAINED("37", "000000", "0001") LAST("02", "004000", "0050"), CHECK,
     "10 40 03 .. .. .. 20 60"},
    {"SENSE ID", "2401 2415 2420", TAPE, "", LAST("E4", "004000", "0007"), CHECK, "80"},
    /* Cards. */
    {"no cards", "3505 2540R 2501 1442", NOTHING, "", LAST("02", "004000", "0050"), UNIT_CHECK,
     "40"},
    {"a column that is no character", "3505 2540R 2501 1442", DECK, "",
     LAST("02", "004000", "0050"), CHECK, "08"},
    {"unknown command", "3505 2540R 2501 1442", DECK, "", LAST("0E", "004000", "0050"), CHECK,
     "80"},
    {"unknown command", "3525 2540P", PAPER, "", LAST("0E", "004000", "0050"), CHECK, "80"},
    /* Printers. */
    {"unknown command", "1403 3203 3211", PAPER, "", LAST("0E", "004000", "0050"), CHECK, "80"},
    {"channel 9", "3203 3211", OVERFLOW_PAPER, "010910",
     CHAINED("63", "001F00", "0003") LAST("0B", "000000", "0001"), CHECK, "01"},
    {"channel 12", "3203 3211", OVERFLOW_PAPER, "010C10",
     CHAINED("63", "001F00", "0003") LAST("0B", "000000", "0001"), GOOD | UNIT_EXCEPTION, "00"},
    {"LOAD FCB on a printer with a tape", "1403", PAPER, "", LAST("63", "001F00", "0002"), CHECK,
     "80"},
    {"a form without an end", "3203 3211", PAPER, "0100", LAST("63", "001F00", "0002"), CHECK,
     "02"},
    {"a channel 13", "3203 3211", PAPER, "010D10", LAST("63", "001F00", "0003"), CHECK, "02"},
    /* Consoles, displays, lines. */
    {"nobody there", "3215 1052 3270", NOTHING, "", LAST("01", "004000", "0050"), UNIT_CHECK, "40"},
    {"unknown command", "3215-C 1052-C", NOTHING, "", LAST("0E", "004000", "0050"), CHECK, "80"},
    {"SENSE ID", "1052-C", NOTHING, "", LAST("E4", "004000", "0007"), CHECK, "80"},
};

/* Runs the program to its end; the status may be that of SIO. */
static struct csw run(void)
{
    while (channel_pending(&machine, ALL_CHANNELS))
        (void)interruption(DEVICE);
    int cc = start(DEVICE, 0, PROGRAM);
    ck_assert(cc == 0 || cc == 1);
    if (cc == 1)
        return stored_csw();
    run_events();
    return interruption(DEVICE);
}

static void sense(void)
{
    put_ccw(0x2000, CCW_SENSE, SENSED, CCW_SUPPRESS_LENGTH, SENSE_MAX);
    ck_assert_csw(run_program(DEVICE, 0x2000), GOOD, 0);
    ck_assert_uint_eq(SENSE_MAX - get16(stored_csw().count),
                      device_find(&machine, DEVICE)->type->sense_bytes);
}

static void expect_bytes(const char *what, const char *type, const char *bytes)
{
    for (uint32_t n = 0; *bytes; bytes++) {
        char digits[3] = {bytes[0], bytes[1], 0};
        if (*bytes == ' ')
            continue;
        bytes++;
        if (strcmp(digits, "..") != 0)
            ck_assert_msg(*at(SENSED + n) == strtoul(digits, NULL, 16),
                          "%s, %s: sense byte %u is %02X, not %s", type, what, n, *at(SENSED + n),
                          digits);
        n++;
    }
}

START_TEST(conditions)
{
    const struct row *row = &rows[_i];
    char types[100], *rest = types, *type;
    strcpy(types, row->types);
    while ((type = strsep(&rest, " "))) {
        attach_with(type, row->medium);
        put_hex(DATA, row->data);
        put_hex(PROGRAM, row->program);
        struct csw csw = run();
        ck_assert_msg(csw.unit_status == row->unit_status, "%s, %s: unit status %02X, not %02X",
                      type, row->what, csw.unit_status, row->unit_status);
        sense();
        expect_bytes(row->what, type, row->sense);
        /* It is told once. */
        sense();
        for (uint32_t n = 0; n < SENSE_MAX; n++)
            ck_assert_uint_eq(*at(SENSED + n), 0);
        ck_assert_ptr_null(device_detach(&machine, DEVICE));
        unlink(path);
    }
}
END_TEST

/* Bytes 2 to 6 of the units with 24: the module, the drive, and where the arm is. */
START_TEST(places)
{
    static const struct {
        const char *type, *bytes; /* drive 1, cylinder 12C, head 3 */
    } units[] = {
        {"3330", "80 00 00 00 31 2C 43"}, {"3330-11", "80 00 00 00 31 2C 23"},
        {"3340", "80 00 81 00 40 2C 23"}, {"3340-70", "80 00 82 00 40 2C 23"},
        {"3350", "80 00 00 00 40 2C 23"}, {"3375", "80 00 00 00 01 2C 43"},
        {"3380", "80 00 00 00 01 2C 13"},
    };
    for (size_t k = 0; k < sizeof units / sizeof *units; k++) {
        make_disk(units[k].type, 0x12d);
        attach(DEVICE, units[k].type, 1, path);
        put_hex(DATA, "0000 012C 0003");
        put_hex(PROGRAM, SEEK LAST("6E", "004000", "0050"));
        ck_assert_csw(run(), CHECK, 0);
        sense();
        expect_bytes("place", units[k].type, units[k].bytes);
        ck_assert_ptr_null(device_detach(&machine, DEVICE));
        unlink(path);
    }
}
END_TEST

static void add(TCase *t)
{
    tcase_add_loop_test(t, conditions, 0, sizeof rows / sizeof *rows);
    tcase_add_test(t, places);
}

int main(void)
{
    return run_suite("sense", setup, teardown, add);
}
