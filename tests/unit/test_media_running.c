/* Proves: while a program goes on reading or writing, media of every kind are replaced, taken off,
 * and their units detached and attached again, by the operator's commands.  The program sees each
 * time what is there: the other medium, a unit that is not ready, none at all; what it has written
 * is whole; a command that is refused changes nothing. */
#include "machine_fixture.h"
#include "tests/unit/run_suite.h"

#include "lib/be.h"
#include "s370/media/ckd_image.h"
#include "s370/media/fba_image.h"
#include "s370/media/tape_image.h"
#include "s370/operator/operator.h"

#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEEN     0x910 /* what the program has read last */
#define CHAIN    0x940
#define NOT_OP   0xffffffffu
#define NO_READY 0xeeeeeeeeu

static char directory[32];
static struct oper *op;
static uint32_t wanted;

static const char *in(const char *name)
{
    static char names[4][300];
    static unsigned next;
    char *to = names[next++ % 4];
    snprintf(to, sizeof names[0], "%s/%s", directory, name);
    return to;
}

static void setup(void)
{
    strcpy(directory, "/tmp/datbox-media-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
    fixture_open(CLOCK_VIRTUAL);
    op = operator_create(machine, 0x009);
}

static void teardown(void)
{
    char text[64];
    operator_destroy(op);
    fixture_close();
    snprintf(text, sizeof text, "rm -rf %s", directory);
    ck_assert_int_eq(system(text), 0);
}

static bool command(const char *format, ...)
{
    char line[512];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    return operator_command(op, line);
}

static void must(const char *line)
{
    ck_assert_msg(operator_command(op, line), "%s: %s", line, said);
}

/* For ever: starts the chain at the device in GR1, waits for its end by TIO, and keeps the first
 * four bytes that it has read; or FF if there is no device, EE after a unit check. */
static void start_program(uint16_t device, const char *chain)
{
    poke(0x800, "D20300480900 9C001000 47100840 47200806 47400822 9D001000 47200816 47100840"
                "91020044 47100850 91040044 47800816 D20309100A00 47F00860");
    poke(0x840, "D20309100920 47F00860");
    poke(0x850, "D20309100924 47F00860");
    poke(0x860, "D7030A000A00 47F00800");
    poke(0x900, "00000940");
    poke(0x920, "FFFFFFFF EEEEEEEE");
    poke(CHAIN, chain);
    cpu_regs(machine->cpu)->gr[1] = device;
    cpu_load_psw(machine->cpu, UINT64_C(0x0000000000000800));
    cpu_start(machine->cpu);
}

static bool is_seen(void)
{
    return load_be32(machine->storage.main + SEEN) == wanted;
}

static void sees(uint32_t what)
{
    wanted = what;
    run_until(is_seen);
}

/* Replaces A by B, B by nothing, that by A; detaches and attaches; refuses what is no medium. */
static void goes_round(const char *device, const char *type, const char *chain, bool replaces)
{
    char attach_a[400], mount_a[400], mount_b[400], line[400];
    snprintf(attach_a, sizeof attach_a, "attach %s %s %s", device, type, in("a"));
    snprintf(mount_a, sizeof mount_a, "devinit %s %s", device, in("a"));
    snprintf(mount_b, sizeof mount_b, "devinit %s %s", device, in("b"));
    must(attach_a);
    start_program((uint16_t)strtoul(device, NULL, 16), chain);
    sees(0xaaaaaaaa);
    for (int i = 0; i < 3; i++) {
        must(mount_b);
        sees(0xbbbbbbbb);
        ck_assert(!command("devinit %s %s", device, in("nothing/at/all")));
        if (replaces)
            sees(0xbbbbbbbb);
        snprintf(line, sizeof line, "devinit %s *", device);
        if (replaces)
            must(line);
        sees(NO_READY);
        must(mount_a);
        sees(0xaaaaaaaa);
        snprintf(line, sizeof line, "detach %s", device);
        must(line);
        sees(NOT_OP);
        must(attach_a);
        sees(0xaaaaaaaa);
    }
}

static void make_ckd(const char *name, const char *type, int kind, uint8_t fill)
{
    char message[256];
    uint8_t track[0xba00], data[100];
    struct ckd_builder b;
    const struct ckd_geometry *g = ckd_geometry_find(type);
    ck_assert(!ckd_image_create_as(in(name), g, 1, kind, message, sizeof message));
    struct ckd_image *image = ckd_image_open(in(name), 0, message, sizeof message);
    memset(data, fill, sizeof data);
    ckd_build(&b, g, track, 0, 0);
    ckd_build_record(&b, 1, NULL, 0, data, sizeof data);
    ck_assert(ckd_image_write(image, 0, 0, 0, track, ckd_build_end(&b)));
    ckd_image_close(image);
}

static void poke_search(void)
{
    poke(0x980, "000000000000 01"); /* BB CC HH; CC HH R at 982 */
}

/* Seek, search record 1, read. */
#define READ_CKD "07000980 40000006 31000982 40000005 08000948 00000001 06000A00 20000004"

START_TEST(disks)
{
    static const char *const types[] = {"2311", "2314", "3330", "3340", "3350", "3375", "3380"};
    const char *type = types[_i / 2];
    make_ckd("a", type, _i % 2 ? 1 : CKD_PLAIN, 0xaa);
    make_ckd("b", type, _i % 2 ? CKD_PLAIN : 2, 0xbb);
    poke_search();
    goes_round("131", type, READ_CKD, true);
}
END_TEST

static void make_fba(const char *name, int kind, uint8_t fill)
{
    char message[256];
    uint8_t block[FBA_BLOCK];
    memset(block, fill, sizeof block);
    ck_assert(!fba_image_create(in(name), 200, kind, message, sizeof message));
    struct fba_image *image = fba_image_open(in(name), 0, message, sizeof message);
    ck_assert(fba_image_write(image, 150, 1, block));
    fba_image_close(image);
}

START_TEST(fixed_blocks)
{
    make_fba("a", _i ? 1 : CKD_PLAIN, 0xaa);
    make_fba("b", _i ? CKD_PLAIN : 2, 0xbb);
    poke(0x980, "00000000 00000000 00000000 000000C7");
    poke(0x990, "06000001 00000096");
    goes_round("240", _i ? "3310" : "3370", "63000980 40000010 43000990 40000008 42000A00 20000004",
               true);
}
END_TEST

static void make_tape(const char *name, unsigned flags, uint8_t fill)
{
    char message[256];
    uint8_t block[800];
    memset(block, fill, sizeof block);
    struct tape_image *t = tape_image_open(in(name), flags, message, sizeof message);
    ck_assert(t && tape_image_write(t, block, sizeof block) == TAPE_BLOCK);
    tape_image_close(t);
}

START_TEST(tapes)
{
    make_tape("a", 0, 0xaa);
    make_tape("b", TAPE_COMPRESS, 0xbb);
    goes_round("180", _i ? "3420" : "2401", "07000000 60000001 02000A00 20000004", true);
}
END_TEST

static void make_deck(const char *name, uint8_t fill)
{
    FILE *f = fopen(in(name), "w");
    for (unsigned i = 0; i < 200 * 80; i++)
        fputc(fill, f);
    ck_assert_int_eq(fclose(f), 0);
}

/* Behind a deck the reader is not ready; the next one comes behind those that are there. */
START_TEST(cards)
{
    static const char *const types[] = {"3505", "2540R", "2501"};
    make_deck("a", 0xaa);
    make_deck("b", 0xbb);
    goes_round("00C", types[_i], "02000A00 20000004", false);
}
END_TEST

static const char *growing;
static off_t grows_from;

static bool has_grown(void)
{
    struct stat st;
    return stat(growing, &st) == 0 && st.st_size > grows_from;
}

static void grows(const char *path)
{
    struct stat st;
    growing = path;
    grows_from = stat(path, &st) == 0 ? st.st_size + 500 : 500;
    run_until(has_grown);
}

/* All lines of the file are whole: "ABCD". */
static void expect_lines(const char *path)
{
    char line[200];
    FILE *f = fopen(path, "r");
    ck_assert_ptr_nonnull(f);
    while (fgets(line, sizeof line, f)) {
        char *text = line + (line[0] == '\f');
        ck_assert_msg(!*text || !strcmp(text, "ABCD\n"), "%s: %s", path, line);
    }
    fclose(f);
}

START_TEST(paper_and_punch)
{
    static const char *const types[] = {"1403", "3203", "3211", "3525", "2540P"};
    char line[400];
    poke(0x980, "C1C2C3C4");
    snprintf(line, sizeof line, "attach 00E %s %s", types[_i], in("a"));
    must(line);
    start_program(0x00e, _i < 3 ? "09000980 20000004" : "01000980 20000004");
    grows(in("a"));
    for (int i = 0; i < 3; i++) {
        ck_assert(command("devinit 00E %s", in("b")));
        grows(in("b"));
        ck_assert(!command("devinit 00E %s", in("nothing/at/all")));
        grows(in("b"));
        must("detach 00E");
        sees(NOT_OP);
        must(line);
        grows(in("a"));
    }
    expect_lines(in("a"));
    expect_lines(in("b"));
}
END_TEST

/* Half of an adapter that waits for the other one, which will never come. */
START_TEST(adapter)
{
    char line[400];
    snprintf(line, sizeof line, "attach 500 CTCA listen=%s", in("socket"));
    must(line);
    start_program(0x500, "02000A00 20000004");
    for (int i = 0; i < 3; i++) {
        must("detach 500");
        sees(NOT_OP);
        must(line);
        wanted = 0; /* it waits for its READ */
        poke(SEEN, "00000000");
        sees(0);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("media while running");
    TCase *t = tcase_create("media");
    tcase_set_timeout(t, 300);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, disks, 0, 14);
    tcase_add_loop_test(t, fixed_blocks, 0, 2);
    tcase_add_loop_test(t, tapes, 0, 2);
    tcase_add_loop_test(t, cards, 0, 3);
    tcase_add_loop_test(t, paper_and_punch, 0, 5);
    tcase_add_test(t, adapter);
    suite_add_tcase(s, t);
    return run_suite(s);
}
