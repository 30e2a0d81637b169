/* Proves: a machine that is saved and restored goes on to the bit as if nothing had been, with
 * each type of device in the middle of something; what a user's terminal was doing ends as the
 * program expects.  What is refused: test_saved_refused.c. */
#include "s370/devices/display.h"
#include "s370/devices/line.h"
#include "tests/unit/saved_fixture.h"
#include "tests/unit/run_suite.h"

static void same(const struct state *a, const struct state *b)
{
    ck_assert_uint_eq(a->length, b->length);
    ck_assert_int_eq(memcmp(a->bytes, b->bytes, a->length), 0);
}

/* Saves, runs on, saves; then again from the first state: the second must be the same.  The
 * second time is in a machine that has just been switched on. */
static void goes_on(uint64_t ns, bool anew)
{
    struct state before = save();
    run_for(ns);
    struct state after = save();
    if (anew) {
        power_off();
        power_on();
    }
    restore(&before);
    struct state again = save();
    same(&before, &again);
    run_for(ns);
    struct state after_again = save();
    same(&after, &after_again);
    free(before.bytes);
    free(after.bytes);
    free(again.bytes);
    free(after_again.bytes);
}

/* --- programs --- */

/* A loop that counts in GR1 and stores, with the timers in use. */
static void counting(void)
{
    poke(0x1000, "41101001 50100900 B2050910 B2090918 47F0C000"); /* LA, ST, STCK, STPT, B */
    poke(0x50, "00010000");
    cpu_regs(machine->cpu)->gr[12] = 0x1000;
    cpu_regs(machine->cpu)->cr[0] = 0xe0;
    cpu_load_psw(machine->cpu, UINT64_C(0x0008000000001000));
    cpu_start(machine->cpu);
}

/* Starts the channel program at 2000 on the device again and again, and takes its interruptions:
 * counts them in GR3, the last CSW is at 40. */
static void starting(uint16_t address, const char *ccws)
{
    char sio[16];
    snprintf(sio, sizeof sio, "9C00%04X", address);
    poke(0x48, "00002000");
    poke(0x2000, ccws);
    poke(0x1000, sio);
    poke(0x1004, "82000F00"); /* LPSW: wait, I/O enabled */
    poke(0xf00, "020A0000 00000000");
    poke(0x78, "00080000 00001010");   /* I/O new PSW */
    poke(0x1010, "41303001 47F0C000"); /* LA 3,1(3); B to the SIO */
    poke(0x3000, "C1C2C3C4C5C6C7C8C9D1");
    cpu_regs(machine->cpu)->gr[12] = 0x1000;
    cpu_set_cr(machine->cpu, 2, 0xffffffff);
    cpu_load_psw(machine->cpu, UINT64_C(0x0008000000001000));
    cpu_start(machine->cpu);
}

static void does_io(uint16_t address, const char *ccws, bool anew)
{
    starting(address, ccws);
    /* Points of a program's way: before its first command, between steps, at its end. */
    for (unsigned i = 0; i < 12; i++) {
        run_for(7700);
        goes_on(50000, anew && i % 4 == 0);
    }
    ck_assert_uint_gt(cpu_regs(machine->cpu)->gr[3], 3);
}

START_TEST(cpu)
{
    counting();
    run_for(123400);
    goes_on(1000000, false);
    goes_on(1000000, true);
    ck_assert_uint_gt(cpu_regs(machine->cpu)->gr[1], 100);
}
END_TEST

START_TEST(four_cpus)
{
    ck_assert(machine_install_cpus(machine, 4));
    counting();
    for (unsigned n = 1; n < 4; n++) {
        cpu_regs(machine->cpus[n])->gr[12] = 0x1000;
        cpu_load_psw(machine->cpus[n], UINT64_C(0x0008000000001000));
        cpu_start(machine->cpus[n]);
    }
    run_for(77700);
    goes_on(1000000, false);
    goes_on(123456, false);
}
END_TEST

START_TEST(disk)
{
    /* Seek; search; write behind it; the same sector again: 150 keeps what is written. */
    poke(0x3100, "000000010002 0001000201");
    poke(0x3110, "0001000201000010");
    poke(0x3118, "F1F2F3F4F5F6F7F8F9F0F1F2F3F4F5F6");
    poke(0x3130, "C0");
    poke(0x3140, "0001000200");
    does_io(0x150,
            "07003100 40000006 1F003130 40000001 31003140 40000005 08002010 00000000"
            "1D003110 60000018 31003106 40000005 08002028 00000000 06004000 20000020",
            true);
    ck_assert_uint_eq(load_be32(machine->storage.main + 0x44) >> 16, 0x0c00);
    ck_assert_mem_eq(machine->storage.main + 0x4000, machine->storage.main + 0x3118, 16);
}
END_TEST

START_TEST(fixed_blocks)
{
    poke(0x3100, "C0000000 00000002 00000000 0000000F");
    poke(0x3110, "01000003 00000004");
    /* What it writes is the same each time: once it is there the disk does not change any more. */
    starting(0x152, "63003100 40000010 43003110 40000008 41003000 20000300");
    run_for(1000000);
    does_io(0x152, "63003100 40000010 43003110 40000008 41003000 20000300", true);
    ck_assert_uint_eq(load_be32(machine->storage.main + 0x44) >> 16, 0x0c00);
}
END_TEST

/* Blocks that are copied on write are in the state. */
START_TEST(fixed_blocks_in_memory)
{
    poke(0x3100, "C0000000 00000000 00000000 000003E7");
    poke(0x3110, "01000001 00000384");
    poke(0x3118, "06000001 00000384");
    does_io(0x153,
            "63003100 40000010 43003110 40000008 41003000 60000020 43003118 40000008"
            "42004000 00000200",
            true);
    ck_assert_uint_eq(load_be32(machine->storage.main + 0x44) >> 16, 0x0c00);
    ck_assert_mem_eq(machine->storage.main + 0x4000, machine->storage.main + 0x3000, 32);
}
END_TEST

START_TEST(tape)
{
    /* Write twice, backspace, read, rewind (a millisecond). */
    starting(0x580, "01003000 6000000A 01003000 60000005 27000000 60000001 02004000 60000050 "
                    "07000000 20000001");
    for (unsigned i = 0; i < 12; i++) {
        run_for(177000);
        struct state before = save();
        run_for(20000);
        free(before.bytes);
    }
    poke(0x2000, "02004000 60000050 02004000 60000050 07000000 20000001");
    run_for(3000000);
    for (unsigned i = 0; i < 12; i++) {
        run_for(177000);
        goes_on(1500000, i % 4 == 0);
    }
    ck_assert_uint_gt(cpu_regs(machine->cpu)->gr[3], 3);
}
END_TEST

START_TEST(reader)
{
    does_io(0x00c, "02004000 20000050", true);
    /* Between the cards, and with another deck in the hopper. */
    command("devinit 00C %s %s", in("deck.txt"), in("deck.txt"));
    goes_on(100000, false);
    ck_assert_int_eq(unlink(in("deck.txt")), 0); /* the cards are in the state */
    struct state state = save();
    restore(&state);
    free(state.bytes);
}
END_TEST

static size_t size_of(const char *name)
{
    FILE *f = fopen(in(name), "r");
    ck_assert_ptr_nonnull(f);
    fseek(f, 0, SEEK_END);
    size_t n = (size_t)ftell(f);
    fclose(f);
    return n;
}

/* PUNCH, FEED, READ: the card that was read waits for the punch. */
START_TEST(punch)
{
    starting(0x010, "09003000 6000000A 02004000 20000050");
    run_for(30000);
    struct state before = save();
    size_t was = size_of("holes");
    run_for(50000);
    struct state after = save();
    ck_assert_uint_gt(size_of("holes"), was);
    ck_assert_int_eq(truncate(in("holes"), (off_t)was), 0);
    restore(&before);
    run_for(50000);
    struct state again = save();
    same(&after, &again);
    free(before.bytes);
    free(after.bytes);
    free(again.bytes);
}
END_TEST

/* A card that was read and punched half waits for the rest. */
START_TEST(half_a_card)
{
    starting(0x011, "02004000 60000050 01003000 20000005");
    run_for(100000);
    does_io(0x011, "81003000 60000003 02004000 20000050", true);
}
END_TEST

/* The second tape of a magazine is on, behind its first block. */
START_TEST(magazine)
{
    starting(0x581, "0F000000 60000001 03000000 20000001"); /* REWIND UNLOAD; the loader works */
    poke(0x1010, "82000F00");                               /* once is enough */
    run_for(5000000);
    cpu_stop(machine->cpu);
    starting(0x581, "01003000 2000000A");
    run_for(100000);
    cpu_stop(machine->cpu);
    run_for(100000);
    ck_assert_uint_gt(size_of("two.aws"), 0);
    struct state before = save();
    power_off();
    power_on();
    restore(&before);
    struct state again = save();
    same(&before, &again);
    said[0] = 0;
    command("devlist");
    ck_assert_ptr_nonnull(strstr(said, "two.aws block "));
    ck_assert_int_eq(truncate(in("two.aws"), 0), 0);
    refused(&before, "the tape on 581 has changed since");
    free(before.bytes);
    free(again.bytes);
}
END_TEST

/* What an adapter waits for it waits for again; of the other side nothing is known. */
START_TEST(adapter)
{
    starting(0x500, "02004000 20000050");
    run_for(100000);
    uint32_t interruptions = cpu_regs(machine->cpu)->gr[3]; /* device ends of what was mounted */
    goes_on(100000, true);
    ck_assert_uint_eq(cpu_regs(machine->cpu)->gr[3], interruptions); /* the READ still waits */
    machine_system_reset(machine, false);
    starting(0x500, "E3000000 20000001"); /* PREPARE: channel end, and device end when? */
    run_for(100000);
    goes_on(100000, true);
}
END_TEST

START_TEST(printer)
{
    starting(0x00e, "89003000 6000000A 11003000 6000000A 09003000 2000000A");
    run_for(100000);
    struct state before = save();
    size_t was = size_of("printer.txt");
    ck_assert_uint_gt(was, 0);
    run_for(100000);
    size_t more = size_of("printer.txt") - was;
    ck_assert_uint_gt(more, 0);
    /* The file has grown since: nothing of it is lost, and that is said. */
    restore(&before);
    ck_assert_ptr_nonnull(strstr(said, "what comes goes to its end"));
    run_for(100000);
    ck_assert_uint_eq(size_of("printer.txt"), was + 2 * more);
    free(before.bytes);
    /* The same with the file as it was. */
    before = save();
    was = size_of("printer.txt");
    run_for(100000);
    struct state after = save();
    ck_assert_int_eq(truncate(in("printer.txt"), (off_t)was), 0);
    restore(&before);
    run_for(100000);
    struct state again = save();
    same(&after, &again);
    free(before.bytes);
    free(after.bytes);
    free(again.bytes);
}
END_TEST

/* --- people --- */

static unsigned reads_started, reads_ended, hung_up;
static char printed[4096];

static void on_write(void *context, const char *text, size_t length)
{
    size_t n = strlen(printed);
    snprintf(printed + n, sizeof printed - n, "%.*s", (int)length, text);
}

static void on_read(void *context, bool hidden)
{
    reads_started++;
}

static void on_read_end(void *context)
{
    reads_ended++;
}

static void on_nothing(void *context)
{
}

static const struct line_backend person = {on_write,   on_read,    on_read_end,
                                           on_nothing, on_nothing, NULL};

START_TEST(console_reads)
{
    starting(0x009, "0A004000 20000050");
    ck_assert(line_connect(line_of_device(machine, 0x009), &person, NULL));
    run_for(100000); /* the READ waits */
    ck_assert_uint_eq(reads_started, 1);
    struct state before = save();
    ck_assert(line_input(line_of_device(machine, 0x009), "hello", 5));
    run_for(100000);
    struct state after = save();
    ck_assert_uint_eq(load_be32(machine->storage.main + 0x4000), 0x88859393); /* hell */
    restore(&before);
    ck_assert_uint_eq(reads_started, 3); /* the second READ, and the restored one */
    ck_assert(line_input(line_of_device(machine, 0x009), "hello", 5));
    run_for(100000);
    struct state again = save();
    same(&after, &again);
    /* Lines typed ahead are kept. */
    cpu_stop(machine->cpu);
    ck_assert(line_input(line_of_device(machine, 0x009), "one", 3));
    ck_assert(line_input(line_of_device(machine, 0x009), "two", 3));
    ck_assert(line_input(line_of_device(machine, 0x009), "three", 5));
    cpu_start(machine->cpu);
    goes_on(100000, false);
    free(before.bytes);
    free(after.bytes);
    free(again.bytes);
}
END_TEST

/* Whoever sat at a terminal is gone when the machine is restored elsewhere. */
START_TEST(user_is_gone)
{
    struct state with, without;
    cpu_set_cr(machine->cpu, 2, 0);
    without = save();
    ck_assert(line_connect(line_of_device(machine, 0x0c0), &person, NULL));
    with = save();
    line_disconnect(line_of_device(machine, 0x0c0));
    restore(&with);
    struct device *d = device_find(machine, 0x0c0);
    ck_assert_uint_eq(d->pending_status & (UNIT_ATTENTION | UNIT_CHECK),
                      UNIT_ATTENTION | UNIT_CHECK);
    ck_assert(!line_is_connected(line_of_device(machine, 0x0c0)));
    /* And who has come meanwhile is new to the program. */
    restore(&without);
    ck_assert(line_connect(line_of_device(machine, 0x0c0), &person, NULL));
    restore(&without);
    ck_assert_uint_eq(d->pending_status, UNIT_DEVICE_END);
    free(with.bytes);
    free(without.bytes);
}
END_TEST

static bool on_record(void *context, const uint8_t *record, size_t length)
{
    return true;
}

static void on_hang_up(void *context)
{
    hung_up++;
}

START_TEST(terminal_lost)
{
    static const struct display_backend terminal = {on_record, on_hang_up};
    static const struct display_terminal model = {24, 80, false};
    char message[256];
    size_t length;
    bool later;
    struct display *display = display_of_device(machine, 0x0c1);
    ck_assert(display_connect(display, &model, &terminal, NULL));
    display_ready(display);
    starting(0x0c1, "02004000 20000050");
    run_for(200000); /* READ BUFFER waits for the terminal */
    ck_assert_ptr_null(machine_save_image(machine, &length, &later, message, sizeof message));
    ck_assert(later);
    ck_assert_str_eq(message, "the terminal at 0C1 has to answer");
    /* The command says that it waits, and saves when the answer is there. */
    said[0] = 0;
    command("save %s", in("state"));
    ck_assert_ptr_nonnull(strstr(said, "that is waited for"));
    run_for(3000000);
    ck_assert_ptr_null(strstr(said, "saved: "));
    poke(0x1010, "41303001 82000F00"); /* one interruption is enough */
    display_input(display, (const uint8_t *)"\x60\x40\x40", 3);
    run_for(3000000);
    ck_assert_ptr_nonnull(strstr(said, "saved: "));
    /* Restored, nobody sits there. */
    command("restore %s", in("state"));
    ck_assert_uint_eq(hung_up, 1);
    ck_assert(!display_is_connected(display));
    run_for(100000);
    ck_assert_uint_eq(machine->storage.main[0x44], UNIT_ATTENTION | UNIT_CHECK);
}
END_TEST

/* The clock of a machine on the host's time goes on from where it stood. */
START_TEST(host_clock)
{
    struct state state = save();
    uint64_t now = machine_now(machine), tod = machine_tod(machine);
    power_off();
    power_on();
    machine->clock = CLOCK_HOST;
    machine->host_origin = 0;
    restore(&state);
    uint64_t later = machine_now(machine);
    ck_assert_uint_ge(later, now);
    ck_assert_uint_lt(later - now, UINT64_C(5000000000));
    ck_assert_uint_lt(machine_tod(machine) - tod, UINT64_C(5000000) * 4096);
    machine->clock = CLOCK_VIRTUAL;
    free(state.bytes);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("saved");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 300);
    tcase_add_test(t, cpu);
    tcase_add_test(t, four_cpus);
    tcase_add_test(t, disk);
    tcase_add_test(t, fixed_blocks);
    tcase_add_test(t, fixed_blocks_in_memory);
    tcase_add_test(t, tape);
    tcase_add_test(t, reader);
    tcase_add_test(t, printer);
    tcase_add_test(t, punch);
    tcase_add_test(t, half_a_card);
    tcase_add_test(t, magazine);
    tcase_add_test(t, adapter);
    tcase_add_test(t, console_reads);
    tcase_add_test(t, user_is_gone);
    tcase_add_test(t, terminal_lost);
    tcase_add_test(t, host_clock);
    Suite *s = suite_create("saved");
    suite_add_tcase(s, t);
    return run_suite(s);
}
