/* A machine with one of each device, in the middle of whatever a test makes of it, and its states
 * in memory: what the tests of saved states share. */
#ifndef TESTS_UNIT_SAVED_FIXTURE_H
#define TESTS_UNIT_SAVED_FIXTURE_H

#include "s370/media/ckd_image.h"
#include "s370/operator/operator.h"
#include "s370/save.h"
#include "tests/unit/machine_fixture.h"

#include <stdarg.h>
#include <unistd.h>

static struct oper *op;
static char directory[64];

static inline const char *in(const char *name)
{
    static char paths[4][128];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", directory, name);
    return path;
}

static inline void write_file(const char *name, const char *text)
{
    FILE *f = fopen(in(name), "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
}

static inline void command(const char *format, ...)
{
    char line[512];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    ck_assert_msg(operator_command(op, line), "%s failed:\n%s", line, said);
}

/* A machine with one of each. */
static inline void power_on(void)
{
    fixture_open(CLOCK_VIRTUAL);
    op = operator_create(machine, 0x009);
    attach(0x009, "3215-C");
    attach(0x0c0, "3215");
    attach(0x0c1, "3270");
    command("attach 00C 3505 %s", in("deck.txt"));
    command("attach 00D 3525 %s", in("punch.txt"));
    command("attach 00E 1403 %s", in("printer.txt"));
    command("attach 150 2311 %s cow", in("disk.2311"));
    command("attach 151 2311 %s", in("other.2311"));
    command("attach 152 3370 %s", in("disk.3370"));
    command("attach 153 3370 %s cow", in("other.3370"));
    command("attach 580 3420 %s", in("tape.aws"));
    command("attach 581 3420 @%s", in("tapes"));
    command("attach 010 2540P %s binary hopper=%s", in("holes"), in("cards"));
    command("attach 011 1442 %s stacker1=%s", in("cards"), in("stack"));
    command("attach 500 CTCA listen=%s", in("adapter"));
    command("attach 030 2703 lnode=A rnode=B lport=%s", in("line"));
}

static inline void power_off(void)
{
    operator_destroy(op);
    fixture_close();
}

static inline void setup(void)
{
    char message[256];
    strcpy(directory, "/tmp/datbox-saved-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
    write_file("deck.txt", "FIRST CARD\nSECOND CARD\nTHIRD CARD\n");
    write_file("tapes", "one.aws\ntwo.aws\n");
    write_file("cards", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n");
    const struct ckd_geometry *g = ckd_geometry_find("2311");
    ck_assert_ptr_null(ckd_image_create(in("disk.2311"), g, 2, message, sizeof message));
    ck_assert_ptr_null(ckd_image_create(in("other.2311"), g, 1, message, sizeof message));
    write_file("disk.3370", "");
    ck_assert_int_eq(truncate(in("disk.3370"), 512 * 100), 0);
    write_file("other.3370", "");
    ck_assert_int_eq(truncate(in("other.3370"), 512 * 1000), 0);
    power_on();
}

static inline void teardown(void)
{
    static const char *const names[] = {"deck.txt",  "punch.txt",  "printer.txt",
                                        "disk.2311", "other.2311", "disk.3370",
                                        "tape.aws",  "state",      "other.2311.journal",
                                        "state.new", "tapes",      "one.aws",
                                        "two.aws",   "holes",      "adapter",
                                        "cards",     "other.3370", "stack",
                                        "line"};
    power_off();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        (void)unlink(in(names[i]));
    ck_assert_int_eq(rmdir(directory), 0);
}

/* --- states in memory --- */

struct state {
    uint8_t *bytes;
    size_t length;
};

static inline struct state save(void)
{
    struct state state;
    char message[256] = "";
    bool later;
    state.bytes = machine_save_image(machine, &state.length, &later, message, sizeof message);
    ck_assert_msg(state.bytes != NULL, "not saved: %s", message);
    return state;
}

static inline void restore(const struct state *state)
{
    said[0] = 0;
    ck_assert_msg(machine_restore_image(machine, state->bytes, state->length, "state", 0), "%s",
                  said);
}

static inline void refused(const struct state *state, const char *why)
{
    said[0] = 0;
    ck_assert(!machine_restore_image(machine, state->bytes, state->length, "state", 0));
    ck_assert_msg(strstr(said, why) != NULL, "%s instead of %s", said, why);
}

static inline void stop_run(struct machine *m, struct event *event)
{
    machine_quit(m, 0);
}

/* The machine runs for so many ns of machine time. */
static inline void run_for(uint64_t ns)
{
    struct event end = {.happen = stop_run};
    machine->quit = false;
    event_schedule(&machine->events, &end, machine_now(machine) + ns);
    machine_run(machine);
}

#endif
