/* Proves: the commands of tape units, with status and sense; random channel programs against a
 * model, on plain and compressed tapes; mounting. */
#include "channel_fixture.h"

#include "s370/media/tape_image.h"

#include <sys/stat.h>
#include <unistd.h>

#define TAPE   0x180
#define BUFFER 0x20000u
#define SLI    CCW_SUPPRESS_LENGTH
#define CC     CCW_CHAIN_COMMAND

enum {
    WRITE = 0x01,
    READ = 0x02,
    REWIND = 0x07,
    READ_BACKWARD = 0x0c,
    REWIND_UNLOAD = 0x0f,
    ERASE_GAP = 0x17,
    WRITE_TAPE_MARK = 0x1f,
    BACKSPACE_BLOCK = 0x27,
    BACKSPACE_FILE = 0x2f,
    SPACE_BLOCK = 0x37,
    SPACE_FILE = 0x3f,
    SECURITY_ERASE = 0x97,
};

static char directory[32], path[64];

static void setup(void)
{
    strcpy(directory, "/tmp/datbox-3420-XXXXXX");
    ck_assert(mkdtemp(directory) != NULL);
    sprintf(path, "%s/tape.aws", directory);
    fixture_setup();
}

static void teardown(void)
{
    fixture_teardown();
    unlink(path);
    ck_assert_int_eq(rmdir(directory), 0);
}

/* Runs one command and returns its unit status. Control commands that are immediate end with
 * condition code 1, the others with an interruption; the residual count is then at 46. */
static uint8_t run(uint8_t command, uint16_t count)
{
    put_ccw(0x1000, command, BUFFER, SLI, count);
    int cc = start(TAPE, 0, 0x1000);
    if (cc == 0) {
        run_events();
        struct csw csw = interruption(TAPE);
        ck_assert_uint_eq(csw.channel_status, 0);
        return csw.unit_status;
    }
    ck_assert_int_eq(cc, 1);
    return stored_csw().unit_status;
}

static uint8_t control(uint8_t command)
{
    return run(command, 1);
}

static uint16_t residual(void)
{
    return get16(stored_csw().count);
}

static uint8_t *sense(void)
{
    memset(at(0x3000), 0, SENSE_MAX);
    put_ccw(0x1000, CCW_SENSE, 0x3000, SLI, SENSE_MAX);
    ck_assert_csw(run_program(TAPE, 0x1000), GOOD, 0);
    return at(0x3000);
}

static void ck_sense(uint8_t sense0, uint8_t sense1)
{
    const uint8_t *s = sense();
    ck_assert_uint_eq((unsigned)s[0] << 8 | s[1], (unsigned)sense0 << 8 | sense1);
}

static void write_block(uint8_t byte, uint16_t length)
{
    memset(at(BUFFER), byte, length);
    ck_assert_uint_eq(run(WRITE, length), GOOD);
}

/* Rewinds; its device end has been taken. */
static void rewind_tape(void)
{
    uint8_t status = control(REWIND);
    if (status == GOOD)
        return;
    ck_assert_uint_eq(status, UNIT_CHANNEL_END);
    ck_assert_uint_eq(control(READ), UNIT_BUSY);
    no_interruption();
    run_events();
    ck_assert_csw(interruption(TAPE), UNIT_DEVICE_END, 0);
}

START_TEST(reading)
{
    attach(TAPE, "3420", 1, path);
    write_block(1, 100);
    write_block(2, 50);
    ck_assert_uint_eq(control(WRITE_TAPE_MARK), GOOD);
    rewind_tape();
    ck_assert_uint_eq(control(REWIND), GOOD); /* at load point */

    ck_assert_uint_eq(run(READ, 200), GOOD);
    ck_assert_uint_eq(residual(), 100);
    put_ccw(0x1000, READ, BUFFER, 0, 40); /* too short */
    ck_assert_csw(run_program(TAPE, 0x1000), GOOD, CHANNEL_INCORRECT_LENGTH);
    ck_assert_uint_eq(at(BUFFER)[39], 2);
    ck_assert_uint_eq(at(BUFFER)[40], 1);
    put_ccw(0x1000, READ, BUFFER, 0, 40); /* a tape mark: no length to be incorrect */
    ck_assert_csw(run_program(TAPE, 0x1000), GOOD | UNIT_EXCEPTION, 0);
    ck_assert_uint_eq(residual(), 40);
    ck_sense(0, 0x40);
    ck_assert_uint_eq(run(READ, 40), GOOD | UNIT_CHECK); /* off the reel */
    ck_assert_uint_eq(sense()[0], SENSE_EQUIPMENT);
    ck_assert_uint_eq(control(SPACE_FILE), GOOD | UNIT_CHECK);
    ck_assert_uint_eq(control(BACKSPACE_BLOCK), GOOD | UNIT_EXCEPTION);
}
END_TEST

START_TEST(reading_backward)
{
    attach(TAPE, "3420", 1, path);
    for (int i = 0; i < 10; i++)
        at(BUFFER)[i] = (uint8_t)i;
    ck_assert_uint_eq(run(WRITE, 10), GOOD);
    memset(at(BUFFER), 0xff, 20);
    put_ccw(0x1000, READ_BACKWARD, BUFFER + 9, SLI, 10);
    ck_assert_csw(run_program(TAPE, 0x1000), GOOD, 0);
    for (int i = 0; i < 10; i++)
        ck_assert_uint_eq(at(BUFFER)[i], i);
    ck_assert_uint_eq(at(BUFFER)[10], 0xff);
    ck_assert_uint_eq(run(READ_BACKWARD, 10), GOOD | UNIT_CHECK); /* load point */
    ck_sense(0, 0x48);

    ck_assert_uint_eq(control(SPACE_BLOCK), GOOD);
    memset(at(BUFFER), 0xff, 20);
    put_ccw(0x1000, READ_BACKWARD, BUFFER + 9, 0, 4); /* the last four bytes */
    ck_assert_csw(run_program(TAPE, 0x1000), GOOD, CHANNEL_INCORRECT_LENGTH);
    ck_assert_uint_eq(at(BUFFER)[5], 0xff);
    ck_assert_uint_eq(at(BUFFER)[6], 6);
    ck_assert_uint_eq(at(BUFFER)[9], 9);
}
END_TEST

START_TEST(spacing)
{
    attach(TAPE, "3420", 1, path);
    for (uint8_t file = 1; file <= 3; file++) {
        write_block(file, 80);
        write_block(file, 80);
        ck_assert_uint_eq(control(WRITE_TAPE_MARK), GOOD);
    }
    ck_assert_uint_eq(control(BACKSPACE_BLOCK), GOOD | UNIT_EXCEPTION);
    ck_assert_uint_eq(control(BACKSPACE_BLOCK), GOOD);
    ck_assert_uint_eq(run(READ, 80), GOOD);
    ck_assert_uint_eq(at(BUFFER)[0], 3);
    ck_assert_uint_eq(control(BACKSPACE_FILE), GOOD); /* before the mark of file 2 */
    ck_assert_uint_eq(control(SPACE_BLOCK), GOOD | UNIT_EXCEPTION);
    ck_assert_uint_eq(control(BACKSPACE_FILE), GOOD);
    ck_assert_uint_eq(control(BACKSPACE_FILE), GOOD);
    ck_assert_uint_eq(control(SPACE_FILE), GOOD); /* behind the mark of file 1 */
    ck_assert_uint_eq(run(READ, 80), GOOD);
    ck_assert_uint_eq(at(BUFFER)[0], 2);
    ck_assert_uint_eq(control(BACKSPACE_FILE), GOOD);
    ck_assert_uint_eq(control(BACKSPACE_FILE), GOOD | UNIT_CHECK); /* to load point */
    ck_sense(0, 0x48);
    ck_assert_uint_eq(control(BACKSPACE_BLOCK), GOOD | UNIT_CHECK);
    ck_sense(0, 0x48);
}
END_TEST

/* Writing, a mark and erasing in the middle end the tape there. */
START_TEST(overwriting)
{
    static const uint8_t commands[] = {WRITE, WRITE_TAPE_MARK, ERASE_GAP, SECURITY_ERASE};
    attach(TAPE, "3420", 1, path);
    for (int i = 0; i < 4; i++) {
        rewind_tape();
        write_block(1, 80);
        write_block(2, 80);
        write_block(3, 80);
        rewind_tape();
        ck_assert_uint_eq(control(SPACE_BLOCK), GOOD);
        ck_assert_uint_eq(run(commands[i], 70), GOOD);
        ck_assert_uint_eq(run(READ, 80), GOOD | UNIT_CHECK);
        struct stat st;
        ck_assert_int_eq(stat(path, &st), 0);
        ck_assert_int_eq(st.st_size, i == 0 ? 86 + 76 : i == 1 ? 86 + 6 : 86);
    }
}
END_TEST

/* A program that violates protection writes nothing. */
START_TEST(channel_check)
{
    attach(TAPE, "3420", 1, path);
    put_ccw(0x1000, WRITE, STORAGE_SIZE - 10, 0, 20);
    ck_assert_csw(run_program(TAPE, 0x1000), GOOD, CHANNEL_PROGRAM_CHECK);
    struct stat st;
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_int_eq(st.st_size, 0);
}
END_TEST

/* The whole of a job: rewind in the middle of a chain, and at its end. */
START_TEST(chained_rewind)
{
    attach(TAPE, "3420", 1, path);
    memset(at(BUFFER), 7, 80);
    uint32_t a = put_ccw(0x1000, 0xc3, 0, CC | SLI, 1); /* mode set: 1600 */
    a = put_ccw(a, WRITE, BUFFER, CC, 80);
    a = put_ccw(a, WRITE_TAPE_MARK, 0, CC | SLI, 1);
    a = put_ccw(a, REWIND, 0, CC | SLI, 1);
    a = put_ccw(a, READ, BUFFER + 0x100, CC, 80);
    put_ccw(a, REWIND, 0, SLI, 1);
    ck_assert_int_eq(start(TAPE, 0, 0x1000), 0);
    run_events();
    ck_assert_csw(interruption(TAPE), UNIT_CHANNEL_END, 0);
    ck_assert_csw(interruption(TAPE), UNIT_DEVICE_END, 0);
    ck_assert_uint_eq(at(BUFFER + 0x100)[79], 7);
}
END_TEST

START_TEST(unloading)
{
    attach(TAPE, "3420", 1, path);
    write_block(1, 80);
    ck_assert_uint_eq(control(REWIND_UNLOAD), UNIT_CHANNEL_END);
    run_events();
    ck_assert_csw(interruption(TAPE), UNIT_CONTROL_UNIT_END | UNIT_DEVICE_END | UNIT_CHECK, 0);
    ck_sense(SENSE_INTERVENTION, 0x22);
    ck_assert_uint_eq(run(READ, 80), UNIT_CHECK);
    ck_sense(SENSE_INTERVENTION, 0x22);

    struct device *d = device_find(&machine, TAPE);
    char text[128], *argv[] = {path, "ro"};
    d->type->ops->describe(d, text, sizeof text);
    ck_assert_str_eq(text, "*");
    ck_assert_ptr_null(d->type->ops->mount(d, 2, argv));
    ck_assert_csw(interruption(TAPE), UNIT_DEVICE_END, 0);
    d->type->ops->describe(d, text, sizeof text);
    ck_assert_ptr_nonnull(strstr(text, "tape.aws ro block 0 file 1"));
    ck_assert_uint_eq(run(READ, 80), GOOD);
    ck_assert_uint_eq(run(WRITE, 80), GOOD | UNIT_CHECK);
    ck_sense(SENSE_COMMAND_REJECT, 0x42);
    ck_assert_uint_eq(control(WRITE_TAPE_MARK), GOOD | UNIT_CHECK);
    ck_assert_uint_eq(control(ERASE_GAP), GOOD | UNIT_CHECK);

    argv[0] = "*";
    ck_assert_ptr_null(d->type->ops->mount(d, 1, argv));
    no_interruption();
    ck_assert_uint_eq(run(READ, 80), UNIT_CHECK);
}
END_TEST

/* Another tape while the unit rewinds within a chain: the program goes on with that one. */
START_TEST(mounted_while_rewinding)
{
    attach(TAPE, "3420", 1, path);
    write_block(1, 80);
    put_ccw(put_ccw(0x1000, REWIND, 0, CC | SLI, 1), READ, BUFFER, 0, 80);
    ck_assert_int_eq(start(TAPE, 0, 0x1000), 0);
    struct event *event = event_take(&machine.events, UINT64_MAX);
    event->happen(&machine, event);
    struct device *d = device_find(&machine, TAPE);
    char *argv[] = {path};
    ck_assert_ptr_null(d->type->ops->mount(d, 1, argv));
    run_events();
    ck_assert_csw(interruption(TAPE), GOOD, 0);
    no_interruption();

    ck_assert_uint_eq(control(REWIND), UNIT_CHANNEL_END);
    argv[0] = "*";
    ck_assert_ptr_null(d->type->ops->mount(d, 1, argv));
    ck_assert_csw(interruption(TAPE), UNIT_DEVICE_END | UNIT_CHECK, 0);
    ck_assert_ptr_null(machine.events.first);
}
END_TEST

START_TEST(end_of_tape)
{
    attach(TAPE, "3420", 2, path, "maxsize=1");
    unsigned blocks = 0;
    uint8_t status = GOOD;
    for (; status == GOOD && blocks < 100; blocks++)
        status = run(WRITE, 32768);
    ck_assert_uint_eq(status, GOOD | UNIT_EXCEPTION);
    ck_assert_uint_eq(blocks, 32); /* 32 * 32774 is more than a MiB */
    ck_assert_uint_eq(sense()[4], 0x20);
    ck_assert_uint_eq(control(WRITE_TAPE_MARK), GOOD | UNIT_EXCEPTION);
    ck_assert_uint_eq(run(READ_BACKWARD, 1), GOOD | UNIT_EXCEPTION); /* the mark */
    ck_assert_uint_eq(run(READ_BACKWARD, 1), GOOD);
    for (blocks = 0; run(WRITE, 32768) == (GOOD | UNIT_EXCEPTION) && blocks < 100; blocks++)
        ;
    ck_assert_uint_eq(blocks, 33);                  /* up to 2 MiB */
    ck_assert_uint_eq(sense()[0], SENSE_EQUIPMENT); /* off the reel */
}
END_TEST

START_TEST(types)
{
    static const struct {
        const char *name;
        uint8_t sense_bytes, control_unit;
    } rows[] = {
        {"2401", 6, 0}, {"2415", 6, 0}, {"2420", 6, 0}, {"3410", 9, 0x34}, {"3420", 24, 0x38}};
    for (int i = 0; i < 5; i++) {
        attach(TAPE, rows[i].name, 0);
        put_ccw(0x1000, CCW_SENSE_ID, 0x3000, SLI, 7);
        struct csw csw = run_program(TAPE, 0x1000);
        if (rows[i].control_unit) {
            ck_assert_csw(csw, GOOD, 0);
            ck_assert_uint_eq(at(0x3000)[1], rows[i].control_unit);
        } else {
            ck_assert_csw(csw, GOOD | UNIT_CHECK, 0);
        }
        sense();
        ck_assert_uint_eq(residual(), SENSE_MAX - rows[i].sense_bytes);
        ck_assert_ptr_null(device_detach(&machine, TAPE));
    }
}
END_TEST

START_TEST(rejected)
{
    attach(TAPE, "3420", 1, path);
    ck_assert_uint_eq(run(0x05, 10), GOOD | UNIT_CHECK);
    ck_sense(SENSE_COMMAND_REJECT, 0x48);
    ck_assert_uint_eq(run(0xf4, 10), GOOD | UNIT_CHECK); /* no two-channel switch */
    ck_sense(SENSE_COMMAND_REJECT, 0x48);
    char *argv[] = {path, "maxsize=0"};
    const char *wrong = device_attach(&machine, 0x181, "3420", 2, argv);
    ck_assert(wrong && strstr(wrong, "1 to 1000000 MiB"));
    argv[1] = "blue";
    wrong = device_attach(&machine, 0x181, "3420", 2, argv);
    ck_assert(wrong && strstr(wrong, "unknown option 'blue'"));
    wrong = device_attach(&machine, 0x181, "3420", 1, argv);
    ck_assert(wrong && strstr(wrong, "in use"));
}
END_TEST

START_TEST(damaged)
{
    char message[256];
    struct tape_image *t = tape_image_open(path, TAPE_COMPRESS, message, sizeof message);
    static uint8_t zeros[5000];
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(tape_image_write(t, zeros, sizeof zeros), TAPE_BLOCK);
    uint64_t size = tape_image_offset(t);
    tape_image_close(t);
    FILE *f = fopen(path, "r+");
    fseek(f, 10, SEEK_SET);
    fputs("????", f);
    fclose(f);
    ck_assert_int_eq(truncate(path, (off_t)size - 1), 0);
    attach(TAPE, "3420", 1, path);
    ck_assert(strstr(test_message, "0180: /tmp/") && strstr(test_message, "is incomplete"));
    ck_assert_uint_eq(run(READ, 80), GOOD | UNIT_CHECK);
    ck_assert_uint_eq(sense()[0], SENSE_DATA_CHECK);
    ck_assert_uint_eq(at(0x3000)[3], 0xc4); /* read check; 1600 bytes per inch */
    ck_assert_uint_eq(run(READ, 80), GOOD);
    ck_assert_uint_eq(run(READ, 80), GOOD | UNIT_CHECK);
    ck_assert_uint_eq(sense()[0], SENSE_EQUIPMENT);
}
END_TEST

/* --- random programs --- */

#define BLOCKS_MAX 300

static struct {
    uint16_t length[BLOCKS_MAX]; /* 0: a mark */
    unsigned count, at;
    uint32_t random;
} model;

static unsigned random_below(unsigned limit)
{
    model.random = model.random * 1664525 + 1013904223;
    return (model.random >> 8) % limit;
}

/* The contents of block n: its first bytes tell n and length. */
static void fill(uint8_t *to, unsigned n)
{
    for (unsigned i = 0; i < model.length[n]; i++)
        to[i] = (uint8_t)(i % 3 ? i / 50 : n + model.length[n] * 7u);
}

static uint8_t expect(uint8_t command)
{
    bool backward = command == READ_BACKWARD || command == BACKSPACE_BLOCK;
    if (backward ? model.at == 0 : model.at == model.count)
        return GOOD | UNIT_CHECK;
    unsigned n = backward ? --model.at : model.at++;
    return model.length[n] ? GOOD : GOOD | UNIT_EXCEPTION;
}

static uint8_t expect_file(bool backward)
{
    for (;;) {
        if (backward ? model.at == 0 : model.at == model.count)
            return GOOD | UNIT_CHECK;
        if (!model.length[backward ? --model.at : model.at++])
            return GOOD;
    }
}

static void read_step(uint8_t command)
{
    static uint8_t expected[0x8000];
    uint32_t start_at = command == READ_BACKWARD ? BUFFER + 0x7fff : BUFFER;
    uint8_t status = expect(command);
    put_ccw(0x1000, command, start_at, SLI, 0x8000);
    struct csw csw = run_program(TAPE, 0x1000);
    ck_assert_csw(csw, status, 0);
    unsigned n = command == READ ? model.at - 1 : model.at;
    unsigned length = status == GOOD ? model.length[n] : 0;
    ck_assert_uint_eq(get16(csw.count), 0x8000 - length);
    if (status != GOOD)
        return;
    fill(expected, n);
    ck_assert(!memcmp(at(command == READ ? BUFFER : BUFFER + 0x8000 - length), expected, length));
}

static void write_step(void)
{
    if (model.at == BLOCKS_MAX)
        return;
    model.length[model.at] = random_below(4) ? (uint16_t)(1 + random_below(3000)) : 0;
    if (model.length[model.at]) {
        fill(at(BUFFER), model.at);
        ck_assert_uint_eq(run(WRITE, model.length[model.at]), GOOD);
    } else {
        ck_assert_uint_eq(control(WRITE_TAPE_MARK), GOOD);
    }
    model.count = ++model.at;
}

START_TEST(random_programs)
{
    static const uint8_t commands[] = {READ, READ, READ_BACKWARD, SPACE_BLOCK, BACKSPACE_BLOCK};
    memset(&model, 0, sizeof model);
    attach(TAPE, "3420", _i ? 2 : 1, path, "het");
    for (int i = 0; i < 4000; i++) {
        unsigned what = random_below(60);
        uint8_t command = commands[what % 5];
        if (what == 0) {
            rewind_tape();
            model.at = 0;
        } else if (what < 4) {
            ck_assert_uint_eq(control(SPACE_FILE), expect_file(false));
        } else if (what < 6) {
            ck_assert_uint_eq(control(BACKSPACE_FILE), expect_file(true));
        } else if (what < 26 + (model.at < model.count ? 0 : 25)) {
            if (model.at == model.count || random_below(300) == 0)
                write_step();
            else
                read_step(READ);
        } else if (command == READ || command == READ_BACKWARD) {
            read_step(command);
        } else {
            ck_assert_uint_eq(control(command), expect(command));
        }
    }
    ck_assert_uint_gt(model.count, 50);
}
END_TEST

/* The density is that of the mode set given last at the load point; the sense bytes of both control
 * units tell it, and the direction. */
START_TEST(density_and_direction)
{
    static const char *const units[] = {"3420", "2401"};
    for (int i = 0; i < 2; i++) {
        uint8_t byte6 = i == 0 ? 0x20 : 0;
        attach(TAPE, units[i], 1, path);
        ck_assert_uint_eq(control(0xd3), GOOD);
        write_block(1, 80);
        ck_assert_uint_eq(run(0x05, 1), GOOD | UNIT_CHECK);
        ck_assert_uint_eq(sense()[3], 0);
        ck_assert_uint_eq(at(0x3000)[6] & 0x30, i == 0 ? 0x30 : 0);
        ck_assert_uint_eq(control(0xc3), GOOD); /* not at the load point */
        ck_assert_uint_eq(run(READ_BACKWARD, 80), GOOD);
        ck_assert_uint_eq(run(READ_BACKWARD, 80), GOOD | UNIT_CHECK);
        ck_sense(0, 0x48);
        ck_assert_uint_eq(at(0x3000)[3], 0x02);
        ck_assert_uint_eq(control(0xc3), GOOD);
        ck_assert_uint_eq(run(0x05, 1), GOOD | UNIT_CHECK);
        ck_assert_uint_eq(sense()[3], 0x06);
        ck_assert_uint_eq(at(0x3000)[6], byte6);
        ck_assert_ptr_null(device_detach(&machine, TAPE));
    }
}
END_TEST

/* What takes data but moves no tape, and what takes none. */
START_TEST(diagnostic_commands)
{
    attach(TAPE, "3420", 1, path);
    write_block(1, 80);
    ck_assert_uint_eq(run(0x8b, 3000), GOOD); /* LOOP WRITE TO READ */
    ck_assert_uint_eq(residual(), 0);
    endless_data(TAPE, 0x8b, 0x1000, 0x3000);
    ck_assert_uint_eq(run(0x1b, 1), GOOD); /* REQUEST TRACK IN ERROR */
    ck_assert_uint_eq(residual(), 0);
    ck_assert_uint_eq(control(0x0b), GOOD);
    ck_assert_uint_eq(control(0x4b), GOOD);
    ck_assert_uint_eq(control(0xeb), GOOD);
    ck_assert_uint_eq(run(READ_BACKWARD, 80), GOOD); /* the block is still the last one */
    ck_assert_uint_eq(*at(BUFFER + 79), 1);
    ck_assert_uint_eq(run(0x05, 1), GOOD | UNIT_CHECK);
    ck_sense(SENSE_COMMAND_REJECT, 0x48);
}
END_TEST

/* A write that the channel stops before its first byte leaves the tape alone. */
START_TEST(word_count_zero)
{
    attach(TAPE, "3420", 1, path);
    put_ccw(0x1000, WRITE, STORAGE_SIZE, SLI, 80);
    ck_assert_csw(run_program(TAPE, 0x1000), GOOD | UNIT_CHECK, CHANNEL_PROGRAM_CHECK);
    ck_sense(0x02, 0x4c);
    ck_assert_uint_eq(run(READ, 80), GOOD | UNIT_CHECK);
    ck_assert_uint_eq(sense()[0], SENSE_EQUIPMENT); /* the tape is void */
}
END_TEST

START_TEST(security_erase)
{
    attach(TAPE, "3420", 2, path, "maxsize=1");
    for (int i = 0; i < 33; i++)
        run(WRITE, 32768);
    ck_assert_uint_eq(control(ERASE_GAP), GOOD | UNIT_EXCEPTION);
    ck_assert_uint_eq(control(SECURITY_ERASE), GOOD);
    ck_assert_uint_eq(run(READ_BACKWARD, 1), GOOD);
    ck_assert_uint_eq(control(SECURITY_ERASE), GOOD);
    ck_assert_uint_eq(run(READ, 1), GOOD | UNIT_CHECK);
}
END_TEST

static void put_magazine(const char *text)
{
    FILE *f = fopen(path, "w");
    ck_assert(f != NULL);
    fputs(text, f);
    fclose(f);
}

static char *in_directory(const char *name)
{
    static char text[96];
    snprintf(text, sizeof text, "%s/%s", directory, name);
    return text;
}

START_TEST(magazine)
{
    static char list[80], text[128];
    snprintf(list, sizeof list, "@%s", path);
    put_magazine(
        "# tapes\n one.aws\n\n\"two words.aws\" maxsize=1\nmissing.aws ro\nthree.het # z\n");
    attach(TAPE, "3420", 1, list);
    struct device *d = device_find(&machine, TAPE);
    for (uint8_t i = 1; i <= 3; i++) {
        d->type->ops->describe(d, text, sizeof text);
        ck_assert_msg(strstr(text, i == 1   ? "3 left"
                                   : i == 2 ? "two words.aws"
                                            : "three.het"),
                      "%s", text);
        write_block(i, 80);
        ck_assert_uint_eq(control(REWIND_UNLOAD), UNIT_CHANNEL_END);
        struct event *event = event_take(&machine.events, UINT64_MAX);
        event->happen(&machine, event);
        ck_assert_csw(interruption(TAPE), UNIT_CONTROL_UNIT_END | UNIT_DEVICE_END | UNIT_CHECK, 0);
        ck_assert_uint_eq(control(READ), UNIT_CHECK);
        run_events();
        if (i < 3)
            ck_assert_csw(interruption(TAPE), UNIT_DEVICE_END, 0);
        ck_assert_int_eq(strstr(test_message, "missing.aws") != NULL, i == 2);
    }
    no_interruption();
    ck_assert_msg(strstr(test_message, "is empty"), "%s", test_message);
    ck_assert_uint_eq(control(READ), UNIT_CHECK);
    static const char *const names[] = {"one.aws", "two words.aws", "three.het"};
    for (uint8_t i = 1; i <= 3; i++) {
        ck_assert_ptr_null(d->type->ops->mount(d, 1, (char *[]){in_directory(names[i - 1])}));
        interruption(TAPE);
        ck_assert_uint_eq(run(READ, 80), GOOD);
        ck_assert_uint_eq(*at(BUFFER), i);
        unlink(in_directory(names[i - 1]));
    }
}
END_TEST

START_TEST(bad_magazines)
{
    static char list[80];
    static const char *const bad[] = {"", "# none\n", "a b c d e f\n", "\"open\n"};
    snprintf(list, sizeof list, "@%s", path);
    for (unsigned i = 0; i < 4; i++) {
        put_magazine(bad[i]);
        const char *wrong = device_attach(&machine, TAPE, "3420", 1, (char *[]){list});
        ck_assert_msg(wrong && strstr(wrong, path), "%s", wrong ? wrong : "accepted");
    }
    put_magazine("x.aws ro\n");
    const char *wrong = device_attach(&machine, TAPE, "3420", 1, (char *[]){list});
    ck_assert(wrong && strstr(wrong, "no tape") && strstr(test_message, "is empty"));
    wrong = device_attach(&machine, TAPE, "3420", 2, (char *[]){list, "ro"});
    ck_assert_ptr_nonnull(wrong);
    wrong = device_attach(&machine, TAPE, "3420", 1, (char *[]){"@/nowhere"});
    ck_assert(wrong && strstr(wrong, "/nowhere"));
}
END_TEST

/* Detached in the middle of a chain, and while rewinding: no event is left behind. */
START_TEST(detached_while_busy)
{
    attach(TAPE, "3420", 1, path);
    write_block(1, 80);
    put_ccw(put_ccw(0x1000, REWIND, 0, CC | SLI, 1), READ, BUFFER, 0, 80);
    ck_assert_int_eq(start(TAPE, 0, 0x1000), 0);
    struct event *event = event_take(&machine.events, UINT64_MAX);
    event->happen(&machine, event);
    ck_assert_ptr_null(device_detach(&machine, TAPE));
    ck_assert_ptr_null(machine.events.first);
    attach(TAPE, "3420", 1, path); /* its lock is gone */
    ck_assert_uint_eq(run(READ, 80), GOOD);
    ck_assert_int_eq(start(TAPE, 0, 0x1000), 0);
    ck_assert_ptr_null(device_detach(&machine, TAPE));
    ck_assert_ptr_null(machine.events.first);
    no_interruption();
}
END_TEST

static void add(TCase *t)
{
    tcase_add_test(t, reading);
    tcase_add_test(t, reading_backward);
    tcase_add_test(t, spacing);
    tcase_add_test(t, overwriting);
    tcase_add_test(t, channel_check);
    tcase_add_test(t, chained_rewind);
    tcase_add_test(t, unloading);
    tcase_add_test(t, mounted_while_rewinding);
    tcase_add_test(t, end_of_tape);
    tcase_add_test(t, types);
    tcase_add_test(t, rejected);
    tcase_add_test(t, damaged);
    tcase_add_test(t, density_and_direction);
    tcase_add_test(t, diagnostic_commands);
    tcase_add_test(t, word_count_zero);
    tcase_add_test(t, security_erase);
    tcase_add_test(t, magazine);
    tcase_add_test(t, bad_magazines);
    tcase_add_test(t, detached_while_busy);
    tcase_add_loop_test(t, random_programs, 0, 2);
}

int main(void)
{
    return run_suite("dev_3420", setup, teardown, add);
}
