/* SCREEN_SOAK=N in the environment: N times as many streams.
 *
 * Proves: the screen model does what s3270 does: random streams go to a display at which
 * s3270 sits, and to the model; then READ BUFFER in character mode (each code, each
 * attribute, the cursor) and READ MODIFIED give the same bytes on both, and the text on
 * both screens is the same.  Keys pressed on both give the same, too.
 *
 * Where s3270 departs from the manual the model follows the manual, and the streams leave it out:
 * background colours of what REPEAT TO ADDRESS writes (s3270 keeps the old ones), intensified
 * highlighting of a field (it forgets it; of characters it doesn't), inserting without fields
 * (it refuses) and in a field that goes on from the end of the screen to its beginning (it loses
 * a character), and the double-byte sets, which this screen doesn't have. */
#include "consoles/screen.h"
#include "consoles/telnet.h"
#include "tests/unit/s3270.h"
#include "tests/unit/run_suite.h"

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

/* SHOW in the environment: all streams, to be tried alone. */
static void show(void)
{
    if (!getenv("SHOW"))
        return;
    fprintf(stderr, "%u by %u: ", model->alternate_rows, model->alternate_columns);
    for (size_t k = 0; k < stream_length; k++)
        fprintf(stderr, "%02X%s", stream[k], k + 1 == stream_length ? "\n" : "");
}

static void compare(const char *what)
{
    size_t n = from_real_length < answer.length ? from_real_length : answer.length, i = 0;
    while (i < n && from_real[i] == answer.bytes[i])
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
    ck_abort_msg("seed %u: %s: %s", seed, what, text);
}

static void compare_buffers(void)
{
    static const uint8_t set_reply_mode[] = {0xf3, 0x00, 0x09, 0x09, 0x00,
                                             0x02, 0x41, 0x42, 0x43, 0x45};
    static const uint8_t read_buffer = 0xf2, read_modified = 0xf6;
    write_both(set_reply_mode, sizeof set_reply_mode);
    read_real("02008000 2000F000");
    screen_execute(model, &read_buffer, 1, &answer);
    compare("READ BUFFER");
    read_real("06008000 2000F000");
    screen_execute(model, &read_modified, 1, &answer);
    compare("READ MODIFIED");
}

static size_t encode(char *to, uint32_t c)
{
    if (c < 0x80) {
        to[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        to[0] = (char)(0xc0 | c >> 6);
        to[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    to[0] = (char)(0xe0 | c >> 12);
    to[1] = (char)(0x80 | (c >> 6 & 0x3f));
    to[2] = (char)(0x80 | (c & 0x3f));
    return 3;
}

/* A row of the model in UTF-8, without trailing blanks. */
static size_t row_text(unsigned row, char *to)
{
    size_t n = 0;
    const struct screen_cell *field = screen_field(model, row * model->columns);
    for (unsigned i = 0; i < model->columns; i++) {
        const struct screen_cell *cell = &model->cells[row * model->columns + i];
        field = cell->is_field ? cell : field;
        bool hidden =
            cell->is_field || (field && (field->field & FIELD_INTENSITY) == FIELD_NONDISPLAY);
        n += encode(to + n, hidden ? ' ' : screen_symbol(cell, 1047));
    }
    while (n && to[n - 1] == ' ')
        n--;
    return n;
}

static void compare_text(void)
{
    char *line = real.text, row[3 * 132];
    s3270_do(&real, "Ascii()");
    for (unsigned i = 0; i < model->rows; i++) {
        char *end = strchr(line, '\n'), *text = line + 6;
        ck_assert(!strncmp(line, "data: ", 6) && end);
        size_t n = row_text(i, row);
        line = end + 1;
        while (end > text && end[-1] == ' ')
            end--;
        ck_assert_msg(n == (size_t)(end - text) && !memcmp(text, row, n),
                      "seed %u row %u: s3270 '%.*s' model '%.*s'", seed, i, (int)(end - text), text,
                      (int)n, row);
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

/* What a run's streams have: REPEAT TO ADDRESS or background colours, or the graphic set. */
static enum flavour { PLAIN, BACKGROUNDS, GRAPHICS, FLAVOURS } flavour;

static uint8_t any_code(void)
{
    static const uint8_t others[] = {0x0c, 0x0d, 0x15, 0x19, 0x1c, 0x1e, 0x25, 0x3f,
                                     0xff, 0x01, 0x03, 0x20, 0x37, 0x3e, 0x00, 0x00};
    return any(20) == 0 ? others[any(sizeof others)] : (uint8_t)(0x40 + any(0xbf));
}

static void put_text(void)
{
    for (unsigned n = 1 + any(12); n > 0; n--) {
        if (flavour == GRAPHICS && any(4) == 0) {
            put(0x08);
            put((uint8_t)(0x40 + any(0xbf)));
        } else {
            put(any_code());
        }
    }
}

/* Any value will do, but most mean something. */
static void put_attribute(bool of_field)
{
    static const uint8_t types[FLAVOURS][3] = {
        {0x41, 0x42, 0x42}, {0x41, 0x42, 0x45}, {0x41, 0x42, 0x43}};
    uint8_t type = types[flavour][any(3)], value = (uint8_t)(any(3) ? 0xf0 + any(8) : any(256));
    put(type);
    if (type == 0x43)
        value = any(2) ? 0xf1 : value % 0xf8; /* above: double-byte */
    if (type == 0x41 && of_field)
        value &= 0xf7;
    put(value);
}

/* Any place; the ends of the screen more often. */
static unsigned any_place(unsigned cells)
{
    return any(4) ? any(cells) : any(2) ? any(12) : cells - 1 - any(12);
}

static void put_repeat(unsigned cells)
{
    if (flavour == BACKGROUNDS)
        return;
    put(0x3c);
    put_address(any_place(cells));
    if (flavour == GRAPHICS && any(4) == 0)
        put(0x08);
    put(any(3) ? (uint8_t)(0x40 + any(0xbf)) : 0);
}

static void put_order(unsigned cells)
{
    unsigned n;
    switch (any(12)) {
    case 0:
    case 1:
        put(0x11);
        put_address(any_place(cells));
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
        put_repeat(cells);
        break;
    case 7: /* s3270 looks for the field when it gets an address */
        put(0x11);
        put_address(any_place(cells));
        put(0x12);
        put_address(any_place(cells));
        break;
    case 8:
        for (n = 1 + any(3); n > 0; n--)
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

static void modify_any_field(unsigned cells)
{
    unsigned at = any(cells), n = 0;
    while (n < cells && !model->cells[at].is_field)
        at = (at + 1) % cells, n++;
    if (n == cells)
        return;
    put(0x11);
    put_address(at);
    put(0x2c);
    put(2);
    put(0xc0);
    put((uint8_t)(0xc0 | any(64)));
    put_attribute(true);
}

static void random_record(bool erase, bool structured)
{
    static const uint8_t commands[] = {0xf5, 0x7e, 0xf1, 0xf1};
    stream_length = 0;
    put(commands[any(erase ? 2 : 4)]);
    put((uint8_t)(0xc0 | any(4)));
    unsigned cells = stream[0] == 0xf5 || structured ? 24 * 80
                     : stream[0] == 0x7e ? model->alternate_rows * model->alternate_columns
                                         : model->cells_in_use;
    if (stream[0] == 0xf1 && !structured)
        modify_any_field(cells);
    for (unsigned n = any(40); n > 0; n--)
        put_order(cells);
}

/* The record as a structured field, Outbound 3270DS; or such a field that erases all unprotected.
 */
static void make_structured(bool erase_unprotected)
{
    size_t n = erase_unprotected ? 5 : stream_length + 4;
    if (erase_unprotected)
        stream[0] = 0x6f;
    memmove(stream + 5, stream, n - 4);
    memcpy(stream, "\xf3\x00\x00\x40\x00", 5);
    stream[1] = (uint8_t)(n >> 8);
    stream[2] = (uint8_t)n;
    stream_length = n + 1;
    if (any(2)) { /* to either size first */
        memmove(stream + 5, stream + 1, n);
        memcpy(stream + 1, any(2) ? "\x00\x04\x03\x80" : "\x00\x04\x03\x00", 4);
        stream_length += 4;
    }
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
        flavour = i / 4 % FLAVOURS;
        random_record(i % 4 == 0, i % 5 == 1); /* three more upon it */
        seed = 370 + i + rows * 10000;
        if (i % 5 == 1)
            make_structured(i % 4 == 3);
        show();
        write_both(stream, stream_length);
        compare_buffers();
        if (i % 8 == 0 && flavour != GRAPHICS)
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
    {KEY_BACKSPACE, "BackSpace()"},
    {KEY_INSERT, "ToggleInsert()"},
    {KEY_DELETE, "Delete()"},
    {KEY_ERASE_EOF, "EraseEOF()"},
    {KEY_ERASE_INPUT, "EraseInput()"},
    {KEY_DUP, "Dup()"},
    {KEY_FIELD_MARK, "FieldMark()"},
};
#define KEYS_USED (sizeof keys / sizeof *keys)

static char pressed[2000];

/* Does the cursor's field go on from the end of the screen to its beginning, or is there none? */
static bool wraps(void)
{
    const struct screen_cell *field = screen_field(model, model->cells_in_use - 1);
    return !model->cells[0].is_field && field == screen_field(model, model->cursor);
}

static void press_both(void)
{
    char command[32];
    unsigned i = any(KEYS_USED + 14);
    size_t p = strlen(pressed);
    snprintf(pressed + p, sizeof pressed - p, "%s@%u ", i < KEYS_USED ? keys[i].action : "x",
             model->cursor);
    if (getenv("SHOW"))
        fprintf(stderr, "seed %u %s\n", seed, pressed);
    if (model->insert && wraps())
        i = 0;
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

START_TEST(keyboard)
{
    sit_down("3279-2-E", 24, 80);
    settle();
    for (unsigned i = 0; i < 40 * soak(); i++) {
        seed = 1970 + i;
        flavour = i % 2 ? PLAIN : GRAPHICS;
        random_record(true, false);
        stream[1] |= 0x02; /* restore */
        show();
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
    tcase_set_timeout(t, 300 * soak());
    tcase_add_test(t, model2);
    tcase_add_test(t, model4);
    tcase_add_test(t, model5);
    tcase_add_test(t, keyboard);
    suite_add_tcase(s, t);
    return run_suite(s);
}
