/* SCREEN_SOAK=N in the environment: N times as many streams.
 *
 * Proves: the screen model does what s3270 does: random streams go to a display at which
 * s3270 sits, and to the model; then READ BUFFER in character mode (each code, each
 * attribute, the cursor) and READ MODIFIED give the same bytes on both, and the text on
 * both screens is the same.  Keys pressed on both give the same, too. */
#include "consoles/screen.h"
#include "consoles/telnet.h"
#include "tests/unit/s3270.h"

#define PROGRAM 0x1000
#define BUFFER  0x2000
#define INPUT   0x8000
#define GOOD    (UNIT_CHANNEL_END | UNIT_DEVICE_END)
#define DISPLAY 0xc0

static struct telnet_server *server;
static struct s3270 real;
static struct screen *model;
static struct screen_answer answer;
static uint8_t from_real[0x20000];
static size_t from_real_length;
static uint8_t unit_status;
static uint32_t seed;

static void setup(void)
{
    fixture_open(CLOCK_HOST);
    attach(DISPLAY, "3270");
    server = telnet_listen(machine, NULL, 0);
    answer.size = SCREEN_RECORD_MOST(43 * 80);
    answer.bytes = malloc(answer.size);
}

static void teardown(void)
{
    s3270_close(&real);
    telnet_close(server);
    fixture_close();
    screen_free(model);
    free(answer.bytes);
}

static bool interrupted(void)
{
    uint16_t device;
    uint8_t csw[8];
    if (!channel_take_interrupt(machine, 0xffffffff, &device))
        return false;
    storage_peek(&machine->storage, 0x40, csw, 8);
    unit_status = csw[4];
    return true;
}

static void sit_down(const char *type, unsigned rows, unsigned columns)
{
    char host[64];
    snprintf(host, sizeof host, "127.0.0.1:%u", telnet_port(server));
    s3270_open(&real, type, host);
    run_until(interrupted);
    ck_assert_uint_eq(unit_status, UNIT_DEVICE_END);
    model = screen_create(rows, columns, true);
}

static void run_program(const char *ccws)
{
    poke(PROGRAM, ccws);
    poke(0x48, "00001000");
    ck_assert_int_eq(channel_start_io(machine, DISPLAY, false), 0);
    run_until(interrupted);
}

/* Writes a record on both; the channel command is that of the record's code. */
static void write_both(const uint8_t *record, size_t length)
{
    static const uint8_t codes[][2] = {{0xf1, 0x01}, {0xf5, 0x05}, {0x7e, 0x0d}, {0xf3, 0x11}};
    char ccw[40];
    unsigned i = 0;
    while (codes[i][0] != record[0])
        i++;
    storage_poke(&machine->storage, BUFFER, record + 1, (uint32_t)length - 1);
    snprintf(ccw, sizeof ccw, "%02X%06X 2000%04X", codes[i][1], BUFFER, (unsigned)length - 1);
    run_program(ccw);
    ck_assert_uint_eq(unit_status, GOOD);
    ck_assert(screen_execute(model, record, length, &answer));
}

/* s3270 begins with its alternate size, and takes nothing from its user before there is a
 * field to type in. */
static void settle(void)
{
    write_both((const uint8_t *)"\xf5\xc3\x1d\x40\x13", 5);
    s3270_do(&real, "Wait(InputField)");
}

static void read_real(const char *ccw)
{
    uint8_t csw[8];
    run_program(ccw);
    ck_assert_uint_eq(unit_status, GOOD);
    storage_peek(&machine->storage, 0x40, csw, 8);
    from_real_length = 0xf000u - (unsigned)(csw[6] << 8 | csw[7]);
    storage_peek(&machine->storage, INPUT, from_real, (uint32_t)from_real_length);
}

static uint8_t stream[4096];
static size_t stream_length;

static bool nulls_are_blanks;

static bool same(uint8_t a, uint8_t b)
{
    return a == b || (nulls_are_blanks && a + b == 0x40 && a * b == 0);
}

static void compare(const char *what)
{
    size_t n = from_real_length < answer.length ? from_real_length : answer.length, i = 0;
    while (i < n && same(from_real[i], answer.bytes[i]))
        i++;
    if (i == n && from_real_length == answer.length)
        return;
    char text[400];
    int t = snprintf(text, sizeof text, "at %zu of %zu and %zu: s3270", i, from_real_length,
                     answer.length);
    size_t from = i > 6 ? i - 6 : 0;
    for (size_t k = from; k < from + 24 && k < from_real_length; k++)
        t += snprintf(text + t, sizeof text - (size_t)t, " %02X", from_real[k]);
    t += snprintf(text + t, sizeof text - (size_t)t, " model");
    for (size_t k = from; k < from + 24 && k < answer.length; k++)
        t += snprintf(text + t, sizeof text - (size_t)t, " %02X", answer.bytes[k]);
    if (getenv("SHOW"))
        for (size_t k = 0; k < stream_length; k++)
            fprintf(stderr, "%02X%s", stream[k], k + 1 == stream_length ? "\n" : " ");
    ck_abort_msg("seed %u: %s: %s", seed, what, text);
}

static void compare_buffers(void)
{
    static const uint8_t set_reply_mode[] = {0xf3, 0x00, 0x08, 0x09, 0x00, 0x02, 0x41, 0x42, 0x43};
    static const uint8_t read_buffer = 0xf2, read_modified = 0xf6;
    write_both(set_reply_mode, sizeof set_reply_mode);
    read_real("02008000 2000F000");
    screen_execute(model, &read_buffer, 1, &answer);
    compare("READ BUFFER");
    if (nulls_are_blanks)
        return;
    read_real("06008000 2000F000");
    screen_execute(model, &read_modified, 1, &answer);
    compare("READ MODIFIED");
}

static void compare_text(void)
{
    char row[133], *line = real.text;
    s3270_do(&real, "Ascii()");
    for (unsigned i = 0; i < model->rows; i++) {
        char *end = strchr(line, '\n'), wide[270];
        ck_assert(!strncmp(line, "data: ", 6) && end);
        screen_row(model, i, 1047, row);
        size_t n = 0;
        for (char *c = row; *c; c++) {
            if ((uint8_t)*c >= 0x80)
                wide[n++] = (char)(0xc0 | (uint8_t)*c >> 6);
            wide[n++] = (uint8_t)*c < 0x80 ? *c : (char)(0x80 | (*c & 0x3f));
        }
        wide[n] = 0;
        char *text = line + 6;
        while (end > text && end[-1] == ' ')
            end--;
        ck_assert_msg(n == (size_t)(end - text) && !memcmp(text, wide, n),
                      "seed %u row %u: s3270 '%.*s' model '%s'", seed, i, (int)(end - text), text,
                      wide);
        line = strchr(end, '\n') + 1;
    }
}

/* --- random streams --- */

static unsigned any(unsigned below)
{
    seed = seed * 1103515245u + 12345u;
    return (seed >> 16) % below;
}

static void put(uint8_t byte)
{
    stream[stream_length++] = byte;
}

static void put_address(unsigned address)
{
    put((uint8_t)(address >> 8));
    put((uint8_t)address);
}

static void put_text(void)
{
    for (unsigned n = 1 + any(12); n > 0; n--)
        put(any(20) == 0 ? 0 : (uint8_t)(0x40 + any(0xbf)));
}

static void put_attribute(bool field)
{
    static const uint8_t types[] = {0x41, 0x42, 0x45};
    static const uint8_t highlights[] = {0x00, 0xf1, 0xf2, 0xf4};
    uint8_t type = types[any(3)];
    (void)field;
    put(type);
    put(type == 0x41 ? highlights[any(4)] : any(5) ? (uint8_t)(0xf1 + any(7)) : 0);
}

static void put_order(unsigned cells)
{
    unsigned n;
    switch (any(12)) {
    case 0:
    case 1:
        put(0x11);
        put_address(any(cells));
        break;
    case 2:
    case 3:
        put(0x1d);
        put((uint8_t)(0x40 | any(64)));
        break;
    case 4:
        put(0x29);
        put((uint8_t)(n = any(4)));
        if (n) {
            put(0xc0);
            put((uint8_t)(0xc0 | any(64)));
        }
        for (; n > 1; n--)
            put_attribute(true);
        break;
    case 5:
        put(0x28);
        if (any(4))
            put_attribute(false);
        else
            put(0), put(0);
        break;
    case 6:
        put(0x3c);
        put_address(any(cells));
        put(any(3) ? (uint8_t)(0x40 + any(0xbf)) : 0);
        break;
    case 7: /* not around the end: there s3270 forgets the last field */
        put(0x11);
        put_address(n = any(cells - 1));
        put(0x12);
        put_address(n + 1 + any(cells - n - 1));
        break;
    case 8:
        put(0x05);
        break;
    case 9:
        put(0x13);
        break;
    default:
        put_text();
        break;
    }
}

static void random_record(void)
{
    static const uint8_t commands[] = {0xf1, 0xf1, 0xf5, 0x7e};
    stream_length = 0;
    put(commands[any(4)]);
    put((uint8_t)(0xc0 | any(4)));
    unsigned cells = stream[0] == 0xf5   ? 24 * 80
                     : stream[0] == 0x7e ? model->alternate_rows * model->alternate_columns
                                         : model->cells_in_use;
    if (stream[0] == 0xf1) { /* MODIFY FIELD where there is one */
        unsigned at = any(cells), n = 0;
        while (n < cells && !model->cells[at].is_field)
            at = (at + 1) % cells, n++;
        if (n < cells) {
            put(0x11);
            put_address(at);
            put(0x2c);
            put(2);
            put(0xc0);
            put((uint8_t)(0xc0 | any(64)));
            put_attribute(true);
        }
    }
    for (unsigned n = any(40); n > 0; n--)
        put_order(cells);
}

static unsigned soak(void)
{
    const char *times = getenv("SCREEN_SOAK");
    return times ? (unsigned)atoi(times) : 1;
}

static void random_streams(const char *type, unsigned rows, unsigned columns, unsigned runs)
{
    sit_down(type, rows, columns);
    settle();
    for (unsigned i = 0; i < runs * soak(); i++) {
        seed = 370 + i + rows * 10000;
        random_record();
        seed = 370 + i + rows * 10000;
        write_both(stream, stream_length);
        compare_buffers();
        if (i % 8 == 0)
            compare_text();
    }
}

START_TEST(model2)
{
    random_streams("3279-2-E", 24, 80, 250);
}
END_TEST

START_TEST(model4)
{
    random_streams("3279-4-E", 43, 80, 100);
}
END_TEST

START_TEST(model5)
{
    random_streams("3279-5-E", 27, 132, 100);
}
END_TEST

/* --- keys --- */

static const struct {
    enum screen_key key;
    const char *action;
} keys[] = {
    {KEY_TAB, "Tab()"},
    {KEY_BACKTAB, "BackTab()"},
    {KEY_NEWLINE, "Newline()"},
    {KEY_HOME, "Home()"},
    {KEY_UP, "Up()"},
    {KEY_DOWN, "Down()"},
    {KEY_LEFT, "Left()"},
    {KEY_RIGHT, "Right()"},
    {KEY_DELETE, "Delete()"},
    {KEY_ERASE_EOF, "EraseEOF()"},
    {KEY_ERASE_INPUT, "EraseInput()"},
    {KEY_DUP, "Dup()"},
    {KEY_FIELD_MARK, "FieldMark()"},
};
#define KEYS_USED (sizeof keys / sizeof *keys)

static char pressed[2000];

static void press_both(void)
{
    char command[32];
    unsigned i = any(KEYS_USED + 14);
    size_t p = strlen(pressed);
    snprintf(pressed + p, sizeof pressed - p, "%s@%u ", i < KEYS_USED ? keys[i].action : "x",
             model->cursor);
    if (getenv("SHOW"))
        fprintf(stderr, "seed %u %s\n", seed, pressed);
    if (i < KEYS_USED) {
        screen_press(model, keys[i].key, &answer);
        s3270_try(&real, keys[i].action);
    } else {
        unsigned letter = any(9);
        screen_type(model, (uint8_t)(0xc1 + letter));
        snprintf(command, sizeof command, "Key(%c)", 'A' + letter);
        s3270_try(&real, command);
    }
    if (model->lock == SCREEN_INHIBITED) {
        screen_press(model, KEY_RESET, &answer);
        s3270_do(&real, "Reset()");
    }
}

/* s3270 makes blanks of the nulls before a character that is typed: a service to its user that
 * a 3278 has as an option only. */
START_TEST(keyboard)
{
    nulls_are_blanks = true;
    sit_down("3279-2-E", 24, 80);
    settle();
    for (unsigned i = 0; i < 40 * soak(); i++) {
        seed = 1970 + i;
        random_record();
        stream[1] |= 0x02; /* restore */
        write_both(stream, stream_length);
        compare_buffers(); /* so s3270 has done it */
        pressed[0] = 0;
        for (unsigned n = 0; n < 25; n++)
            press_both();
        compare_buffers();
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("screen and s3270");
    TCase *t = tcase_create("screen");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, model2);
    tcase_add_test(t, model4);
    tcase_add_test(t, model5);
    tcase_add_test(t, keyboard);
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
