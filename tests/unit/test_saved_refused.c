/* Proves: a state of another machine or other media, a damaged or impossible one is refused with
 * the reason and, as far as it can be found out before, without a change; no byte of a state is
 * lost on the way back; files of states are written whole or not at all. */
#include "tests/unit/saved_fixture.h"
#include "tests/unit/run_suite.h"

#include <zlib.h>

START_TEST(other_machine)
{
    struct state state = save();
    poke(0x800, "AABB");
    command("detach 0C0");
    refused(&state, "it has a 3215 at 0C0, this machine has none");
    command("attach 0C0 3215-C");
    refused(&state, "it has a 3215 at 0C0, this machine a 3215-C");
    command("detach 0C0");
    command("attach 0C0 3215");
    command("attach 0CF 3215");
    refused(&state, "it has no device at 0CF, this machine has a 3215");
    command("detach 0CF");
    command("attach 582 3420");
    refused(&state, "it has no device at 582, this machine has a 3420");
    command("detach 582");
    ck_assert_uint_eq(machine->storage.main[0x800], 0xaa); /* nothing has changed */
    restore(&state);
    ck_assert_uint_eq(machine->storage.main[0x800], 0);
    ck_assert(machine_install_cpus(machine, 2));
    refused(&state, "it has 1 CPUs, this machine 2");
    free(state.bytes);
}
END_TEST

START_TEST(other_media)
{
    char message[256];
    struct state state = save();
    poke(0x800, "AABB");
    command("devinit 00E *");
    refused(&state, "00E: printer.txt was mounted there, now it is nothing");
    command("devinit 00E %s", in("punch.txt"));
    refused(&state, "00E: printer.txt was mounted there, now it is punch.txt");
    command("devinit 00E %s", in("printer.txt"));
    /* A disk that is another inside. */
    command("devinit 151 *");
    struct ckd_image *image = ckd_image_open(in("other.2311"), 0, message, sizeof message);
    ck_assert_ptr_nonnull(image);
    ck_assert(ckd_image_write(image, 0, 3, 10, "x", 1));
    ckd_image_close(image);
    command("devinit 151 %s", in("other.2311"));
    refused(&state, "has changed since");
    ck_assert_ptr_nonnull(strstr(said, "anyway"));
    ck_assert_uint_eq(machine->storage.main[0x800], 0xaa);
    said[0] = 0;
    ck_assert(machine_restore_image(machine, state.bytes, state.length, "state", RESTORE_ANYWAY));
    ck_assert_ptr_nonnull(strstr(said, "has changed since"));
    ck_assert_uint_eq(machine->storage.main[0x800], 0);
    free(state.bytes);
}
END_TEST

START_TEST(damaged)
{
    struct state state = save();
    poke(0x800, "AABB");
    for (size_t i = 0; i < state.length; i += i < 300 ? 1 : 389) {
        state.bytes[i] ^= 0x10;
        said[0] = 0;
        ck_assert(!machine_restore_image(machine, state.bytes, state.length, "state", 0));
        ck_assert_uint_ne(said[0], 0);
        state.bytes[i] ^= 0x10;
    }
    for (size_t n = 0; n < state.length; n += n < 300 ? 1 : 389) {
        size_t whole = state.length;
        state.length = n;
        refused(&state, "state: ");
        state.length = whole;
    }
    ck_assert_uint_eq(machine->storage.main[0x800], 0xaa);
    restore(&state);
    free(state.bytes);
}
END_TEST

/* A file with a good checksum whose contents are impossible: the section `name` has its byte
 * `at` changed. */
static struct state forged(const struct state *from, const char *name, size_t at, uint8_t value)
{
    struct state to = {malloc(from->length + 4096), 16};
    memcpy(to.bytes, from->bytes, 16);
    for (size_t in_at = 16; in_at < from->length - 4;) {
        const uint8_t *heading = from->bytes + in_at;
        uint64_t length = load_be64(heading + 8), packed = load_be64(heading + 16);
        uint8_t *plain = malloc(length + 1);
        uLongf n = length, room = packed + 512;
        ck_assert_int_eq(uncompress(plain, &n, heading + 24, packed), Z_OK);
        if (!memcmp(heading, name, strlen(name)))
            plain[at] = value;
        ck_assert_int_eq(compress2(to.bytes + to.length + 24, &room, plain, n, 1), Z_OK);
        memcpy(to.bytes + to.length, heading, 16);
        store_be64(to.bytes + to.length + 16, room);
        to.length += 24 + room;
        in_at += 24 + packed;
        free(plain);
    }
    store_be32(to.bytes + to.length, (uint32_t)crc32(0, to.bytes, (unsigned)to.length));
    to.length += 4;
    return to;
}

START_TEST(impossible)
{
    struct state state = save();
    struct state bad = forged(&state, "machine", 0, 0xff); /* the time */
    refused(&bad, "its time is impossible");
    ck_assert_ptr_nonnull(strstr(said, "the machine was cleared"));
    free(bad.bytes);
    bad = forged(&state, "devices", 5, 9); /* a subchannel's state */
    refused(&bad, "a state is 9, but at most 2 is possible");
    free(bad.bytes);
    bad = forged(&state, "storage", 0, 0xff); /* how many pages */
    refused(&bad, "the number of pages");
    free(bad.bytes);
    restore(&state);
    free(state.bytes);
}
END_TEST

/* The plain bytes of a section, to be freed. */
static uint8_t *section(const struct state *state, const char *name, size_t *length)
{
    for (size_t at = 16; at < state->length - 4;) {
        const uint8_t *heading = state->bytes + at;
        uint64_t n = load_be64(heading + 8), packed = load_be64(heading + 16);
        if (!memcmp(heading, name, strlen(name))) {
            uint8_t *plain = malloc(n + 1);
            uLongf size = n;
            ck_assert_int_eq(uncompress(plain, &size, heading + 24, packed), Z_OK);
            *length = n;
            return plain;
        }
        at += 24 + packed;
    }
    ck_abort_msg("there is no section %s", name);
    return NULL;
}

/* What is restored is saved again: of each byte its lowest bit is turned, and either that is
 * refused, or the next state has it.  Returns how many were lost. */
static unsigned lost_bits(const char *name)
{
    struct state state = save();
    size_t length, again_length;
    uint8_t *plain = section(&state, name, &length);
    unsigned lost = 0;
    for (size_t at = 0; at < length; at++) {
        struct state bad = forged(&state, name, at, plain[at] ^ 1);
        char message[256];
        struct state again;
        bool later;
        said[0] = 0;
        if (machine_restore_image(machine, bad.bytes, bad.length, "state", 0) &&
            (again.bytes =
                 machine_save_image(machine, &again.length, &later, message, sizeof message))) {
            uint8_t *plain_again = section(&again, name, &again_length);
            plain[at] ^= 1;
            lost += again_length != length || memcmp(plain, plain_again, length) != 0;
            plain[at] ^= 1;
            free(plain_again);
            free(again.bytes);
        }
        free(bad.bytes);
    }
    free(plain);
    free(state.bytes);
    return lost;
}

/* The bits that are lost have no meaning here: the interruption code in a BC mode PSW (2 bytes);
 * the lengths of output files (8 each), who was connected, a card that waits at a punch without a
 * hopper, where a head is on a disk that is at its index, the checksum of no tape. */
START_TEST(nothing_is_lost)
{
    ck_assert_uint_le(lost_bits("machine"), 2);
    ck_assert_uint_le(lost_bits("devices"), 41);
}
END_TEST

START_TEST(files)
{
    said[0] = 0;
    command("save %s", in("state"));
    ck_assert_ptr_nonnull(strstr(said, "saved: "));
    ck_assert_int_ne(access(in("state.new"), F_OK), 0);
    poke(0x800, "AABB");
    command("restore %s", in("state"));
    ck_assert_uint_eq(machine->storage.main[0x800], 0);
    ck_assert(!operator_command(op, "save /nowhere/at/all"));
    ck_assert_ptr_nonnull(strstr(said, "/nowhere/at/all: cannot write it: No such file"));
    ck_assert(!operator_command(op, "restore /nowhere/at/all"));
    ck_assert_ptr_nonnull(strstr(said, "/nowhere/at/all: cannot read it: No such file"));
    ck_assert(!operator_command(op, "restore"));
    ck_assert(!operator_command(op, "restore a b"));
    ck_assert(!operator_command(op, "save"));
    write_file("state", "something else");
    said[0] = 0;
    char line[200];
    snprintf(line, sizeof line, "restore %s", in("state"));
    ck_assert(!operator_command(op, line));
    ck_assert_ptr_nonnull(strstr(said, "is no saved state of datbox"));
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("refused");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 300);
    tcase_add_test(t, other_machine);
    tcase_add_test(t, other_media);
    tcase_add_test(t, damaged);
    tcase_add_test(t, impossible);
    tcase_add_test(t, files);
    tcase_add_test(t, nothing_is_lost);
    Suite *s = suite_create("saved, refused");
    suite_add_tcase(s, t);
    return run_suite(s);
}
