/* The line printers 1403 (132 columns, carriage tape), 3203-5 and 3211 (with a forms control buffer
 * that the program loads).  Sources: GA24-3312 (2821), GA33-1529 (3203-5), GA24-3543 (3211).
 *
 * Until a program has loaded the universal character set buffer, all characters are on the chain or
 * train.  Then only those that it names are: others are printed as blanks, a data check unless that
 * is blocked; with folding, one that differs from them in bits 0 and 1 only will do.
 *
 * Under timed I/O a line is in the buffer some microseconds a column later (channel end), and
 * printed after the type's cycle_us, which a single space is part of; other lines pass at 5 ms
 * each.
 *
 * Channels 9 and 12 of the tape are targets of skips; that spacing over them is sensed
 * (unit check, unit exception) is an option, `overflow`, since most programs count lines. */
#include "s370/devices/output_device.h"
#include "s370/devices/types.h"

#include "lib/ebcdic.h"
#include "s370/arch/ccw.h"
#include "s370/io/channel.h"
#include "s370/media/paper.h"
#include "s370/saved.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS_MAX 150
#define UCS_MAX     512
#define BLANK       0x40
#define COLUMN_NS   10000u
#define SPACE_NS    5000000u

#define ENDED (UNIT_CHANNEL_END | UNIT_DEVICE_END)

#define SENSE_CHANNEL_9  0x01 /* byte 0 */
#define SENSE_LOAD_CHECK 0x02
#define SENSE1_POSITION  0x10 /* 3203, 3211: line position check */

enum printer_command {
    PRINTER_DIAGNOSTIC_WRITE = 0x05,
    PRINTER_READ_LINE = 0x02,
    PRINTER_CHECK_READ = 0x06,
    PRINTER_DIAGNOSTIC_GATE = 0x07,
    PRINTER_READ_UCS = 0x0a,
    PRINTER_READ_FCB = 0x12,
    PRINTER_UNFOLD = 0x23,
    PRINTER_FOLD = 0x43,
    PRINTER_LOAD_FCB = 0x63,
    PRINTER_RAISE_COVER = 0x6b,
    PRINTER_BLOCK_DATA_CHECK = 0x73,
    PRINTER_ALLOW_DATA_CHECK = 0x7b,
    PRINTER_UCS_GATE = 0xeb,
    PRINTER_LOAD_UCS_FOLD = 0xf3,
    PRINTER_LOAD_UCS = 0xfb,
};

/* What the models differ in. */
struct model {
    const struct device_type *type;
    uint16_t ucs_size;  /* bytes of the character set buffer */
    uint16_t fcb_lines; /* 0: a carriage tape */
    bool indexed;       /* the forms control buffer may shift the line */
    uint16_t columns_most;
};

static const struct model models[] = {
    {&device_1403, 240, 0, false, 132},
    {&device_3203, 304, 256, false, 132},
    {&device_3211, 512, 180, true, 150},
};

struct printer {
    struct output_device base;
    const struct model *model;
    struct paper paper;
    unsigned columns;
    uint8_t line[COLUMNS_MAX]; /* what was printed last */
    uint8_t ucs[UCS_MAX];
    unsigned ucs_length; /* 0: none has been loaded */
    bool fold, block_data_check;
    uint8_t fcb[PAPER_LINES_MAX]; /* as it was loaded */
};

/* --- motion --- */

/* Moves the form as bits 0-4 of the command say: SKIP and channel, or so many lines. */
static int move_form(struct printer *p, uint8_t command)
{
    struct device *d = &p->base.device;
    unsigned holes;
    if (paper_move(&p->paper, &p->base.output, command, &holes)) {
        if (!p->base.overflow)
            return ENDED;
        int status = holes & PAPER_CHANNEL_9 ? device_check(d, SENSE_CHANNEL_9) : ENDED;
        return holes & PAPER_CHANNEL_12 ? status | UNIT_EXCEPTION : status;
    }
    if (p->model->fcb_lines) { /* it halts when line 1 has passed twice */
        device_check(d, SENSE_EQUIPMENT | SENSE_DATA_CHECK);
        d->sense[1] = SENSE1_POSITION;
    } else {
        device_check(d, SENSE_INTERVENTION); /* the form would run on and on */
    }
    return ENDED | UNIT_CHECK;
}

/* Channel 0 is no motion; a 1403 does not know it. */
static bool is_motion(const struct printer *p, uint8_t command)
{
    unsigned motion = command >> 3 & 0x0f;
    if (!(command & 0x80))
        return motion <= 3;
    return motion <= PAPER_CHANNELS && (motion > 0 || p->model->fcb_lines);
}

/* --- printing --- */

/* The character of the chain that prints for `c`; 0: none. */
static uint8_t find_character(const struct printer *p, uint8_t c)
{
    uint8_t folded = 0;
    if (p->ucs_length == 0) {
        bool lower =
            (c >= 0x81 && c <= 0x89) || (c >= 0x91 && c <= 0x99) || (c >= 0xa2 && c <= 0xa9);
        return p->fold && lower ? c | 0x40 : c;
    }
    for (unsigned i = 0; i < p->ucs_length; i++) {
        if (p->ucs[i] == c)
            return c;
        if (p->fold && (p->ucs[i] & 0x3f) == (c & 0x3f) && p->ucs[i] != BLANK)
            folded = p->ucs[i];
    }
    return folded;
}

static int print_line(struct printer *p, struct channel_program *cp, uint8_t command)
{
    char text[COLUMNS_MAX];
    bool missing = false;
    uint32_t n = channel_take_any(cp, p->line, p->columns);
    if (channel_stopped(cp))
        return ENDED;
    memset(p->line + n, BLANK, sizeof p->line - n);
    for (uint32_t i = 0; i < n; i++) {
        uint8_t c = p->line[i];
        bool blank = c == BLANK || c == 0;
        uint8_t found = blank ? BLANK : find_character(p, c);
        missing |= found == 0;
        char graphic = (char)ebcdic_to_latin1(found ? found : BLANK);
        if ((uint8_t)graphic < 0x20 || (uint8_t)(graphic - 0x7f) < 0x21)
            graphic = ' '; /* on no chain */
        text[i] = graphic;
    }
    paper_print(&p->paper, &p->base.output, text, n);
    int status = move_form(p, command);
    if (!missing || p->block_data_check)
        return status;
    p->base.device.sense[0] |= SENSE_DATA_CHECK;
    return status | UNIT_CHECK;
}

/* --- buffers --- */

static int load_fcb(struct printer *p, struct channel_program *cp)
{
    uint8_t bytes[PAPER_LINES_MAX + 1];
    const struct model *model = p->model;
    uint32_t n = channel_take_any(cp, bytes, model->fcb_lines + (model->indexed ? 1u : 0u));
    if (channel_stopped(cp))
        return ENDED;
    if (!paper_load(&p->paper, bytes, n, model->fcb_lines, model->indexed))
        return device_check(&p->base.device, SENSE_LOAD_CHECK);
    memset(p->fcb, 0, sizeof p->fcb);
    memcpy(p->fcb, bytes, n < sizeof p->fcb ? n : sizeof p->fcb);
    return ENDED;
}

/* A 1403 wants the gate opened in the command before. */
static int load_ucs(struct printer *p, struct channel_program *cp, uint8_t command)
{
    uint8_t bytes[UCS_MAX];
    bool gated = p->model->fcb_lines || channel_previous_command(cp) == PRINTER_UCS_GATE;
    if (!gated)
        return device_check(&p->base.device, SENSE_COMMAND_REJECT);
    uint32_t n = channel_take_any(cp, bytes, p->model->ucs_size);
    if (channel_stopped(cp))
        return ENDED;
    memcpy(p->ucs, bytes, n);
    p->ucs_length = n;
    if (p->base.device.type != &device_3211)
        p->fold = command == PRINTER_LOAD_UCS_FOLD;
    return ENDED;
}

/* CHECK READ: no check has been found at any column; behind a diagnostic gate, the line of the
 * form. The other buffers are read behind a gate only. */
static int read_buffer(struct printer *p, struct channel_program *cp, uint8_t command)
{
    static const uint8_t no_checks[COLUMNS_MAX];
    bool gated = channel_previous_command(cp) == PRINTER_DIAGNOSTIC_GATE;
    uint8_t line = (uint8_t)p->paper.line;
    if (command == PRINTER_READ_LINE)
        channel_give(cp, p->line, p->columns);
    else if (command == PRINTER_CHECK_READ)
        channel_give(cp, gated ? &line : no_checks, gated ? 1 : p->columns);
    else if (!gated)
        return device_check(&p->base.device, SENSE_COMMAND_REJECT);
    else if (command == PRINTER_READ_UCS)
        channel_give(cp, p->ucs, p->model->ucs_size);
    else
        channel_give(cp, p->fcb, p->model->fcb_lines);
    return ENDED;
}

static int diagnostic_write(struct printer *p, struct channel_program *cp)
{
    uint32_t n = channel_take_any(cp, p->line, p->columns);
    memset(p->line + n, BLANK, sizeof p->line - n);
    return ENDED;
}

static int set(bool *what, bool value)
{
    *what = value;
    return ENDED;
}

/* Commands that a printer with a forms control buffer has, and a 1403 has not. */
static bool needs_buffer(uint8_t command)
{
    static const uint8_t codes[] = {PRINTER_LOAD_FCB,        PRINTER_FOLD,     PRINTER_UNFOLD,
                                    PRINTER_DIAGNOSTIC_GATE, PRINTER_READ_UCS, PRINTER_READ_FCB,
                                    PRINTER_RAISE_COVER};
    return memchr(codes, command, sizeof codes) != NULL;
}

/* The commands that move no form; -1: it is none of them. */
static int execute_other(struct printer *p, struct channel_program *cp, uint8_t command)
{
    if (needs_buffer(command) && !p->model->fcb_lines)
        return device_check(&p->base.device, SENSE_COMMAND_REJECT);
    switch (command) {
    case PRINTER_LOAD_FCB:
        return load_fcb(p, cp);
    case PRINTER_LOAD_UCS:
    case PRINTER_LOAD_UCS_FOLD:
        return load_ucs(p, cp, command);
    case PRINTER_READ_LINE:
    case PRINTER_CHECK_READ:
    case PRINTER_READ_UCS:
    case PRINTER_READ_FCB:
        return read_buffer(p, cp, command);
    case PRINTER_DIAGNOSTIC_WRITE:
        return diagnostic_write(p, cp);
    case PRINTER_FOLD:
    case PRINTER_UNFOLD:
        return set(&p->fold, command == PRINTER_FOLD);
    case PRINTER_BLOCK_DATA_CHECK:
    case PRINTER_ALLOW_DATA_CHECK:
        return set(&p->block_data_check, command == PRINTER_BLOCK_DATA_CHECK);
    case PRINTER_DIAGNOSTIC_GATE:
    case PRINTER_RAISE_COVER:
    case PRINTER_UCS_GATE:
        return ENDED;
    default:
        return -1;
    }
}

static int execute(struct device *d, struct channel_program *cp, uint8_t command)
{
    struct printer *p = (struct printer *)d;
    int status = execute_other(p, cp, command);
    if (status >= 0)
        return status;
    bool prints = (command & 0x07) == 0x01, moves = (command & 0x07) == 0x03;
    if ((!prints && !moves) || !is_motion(p, command))
        return device_check(d, SENSE_COMMAND_REJECT);
    unsigned from = p->paper.line;
    p->paper.crlf = p->base.crlf;
    status = prints ? print_line(p, cp, command) : move_form(p, command);
    unsigned lines = (p->paper.line + p->paper.lines - from) % p->paper.lines;
    if (prints) {
        channel_takes(cp, (uint64_t)p->columns * COLUMN_NS);
        channel_moves(cp, d->type->cycle_us * UINT64_C(1000));
        lines -= lines > 0;
    }
    channel_moves(cp, (uint64_t)lines * SPACE_NS);
    return status;
}

/* What a program has loaded is gone, the form stays where it is. */
static void reset(struct device *d)
{
    struct printer *p = (struct printer *)d;
    p->ucs_length = 0;
    p->fold = p->block_data_check = false;
}

/* --- options --- */

struct form_operands {
    unsigned long lines, columns;
    const char *tape;
};

/* KEY=NUMBER between `least` and `most`, or else 0. */
static unsigned long number(const char *text, unsigned long least, unsigned long most)
{
    char *end;
    unsigned long n = strtoul(text, &end, 10);
    return end == text || *end || n < least || n > most ? 0 : n;
}

static const char *form_operands(struct printer *p, int argc, char **argv, struct form_operands *f)
{
    struct device *d = &p->base.device;
    *f = (struct form_operands){66, 132, NULL};
    for (int i = 1; i < argc; i++) {
        if (!strncmp(argv[i], "fcb=", 4))
            f->tape = argv[i] + 4;
        else if (!strncmp(argv[i], "lpp=", 4))
            f->lines = number(argv[i] + 4, 2, PAPER_LINES_MAX);
        else if (!strncmp(argv[i], "columns=", 8))
            f->columns = number(argv[i] + 8, 1, p->model->columns_most);
        if (f->lines > 0 && f->columns > 0)
            continue;
        snprintf(d->message, sizeof d->message, "'%s': lpp is 2 to %u, columns 1 to %u", argv[i],
                 PAPER_LINES_MAX, p->model->columns_most);
        return d->message;
    }
    return NULL;
}

static const char *accept(struct device *d, const char *value)
{
    (void)d, (void)value; /* form_operands() has taken it */
    return NULL;
}

static const char *mount(struct device *d, int argc, char **argv)
{
    static const struct output_option own[] = {
        {"fcb=", accept}, {"lpp=", accept}, {"columns=", accept}, {NULL, NULL}};
    struct printer *p = (struct printer *)d;
    struct form_operands form;
    struct paper paper;
    p->model = models;
    while (p->model->type != d->type)
        p->model++;
    const char *wrong = form_operands(p, argc, argv, &form);
    if (!wrong)
        wrong =
            paper_set_form(&paper, (unsigned)form.lines, form.tape, d->message, sizeof d->message);
    if (!wrong)
        wrong = output_device_mount(d, argc, argv, own);
    if (wrong)
        return wrong;
    p->paper = paper;
    p->columns = (unsigned)form.columns;
    if (p->base.output.had_text)
        output_put(&p->base.output, "\f", 1); /* on a new page */
    return NULL;
}

static void saved_printer(struct device *d, struct saved *s)
{
    struct printer *p = (struct printer *)d;
    output_device_saved(d, s);
    paper_saved(&p->paper, s);
    p->columns = saved_limited(s, p->columns, p->model->columns_most, "the number of columns");
    saved_bytes(s, p->line, sizeof p->line);
    saved_bytes(s, p->ucs, sizeof p->ucs);
    p->ucs_length = saved_limited(s, p->ucs_length, p->model->ucs_size, "the length of a chain");
    saved_bool(s, &p->fold);
    saved_bool(s, &p->block_data_check);
    saved_bytes(s, p->fcb, sizeof p->fcb);
}

static const struct device_ops ops = {
    .select = output_device_select,
    .execute = execute,
    .chain_end = output_device_flush,
    .reset = reset,
    .destroy = output_device_destroy,
    .describe = output_device_describe,
    .mount = mount,
    .saved = saved_printer,
    .medium = output_device_medium,
};

/* All controls but those that load. */
static const uint8_t immediate[] = {0x0b, 0x13, 0x1b, 0x8b, 0x93, 0x9b, 0xa3, 0xab,
                                    0xb3, 0xbb, 0xc3, 0xcb, 0xd3, 0xdb, 0xe3, 0x83,
                                    0x73, 0x7b, 0xeb, 0x07, 0x23, 0x43, 0x6b, 0};

#define FORM_OPTIONS OUTPUT_PLACE " [crlf] [clear|noclear] [overflow] [lpp=LINES] [fcb=TAPE]"

const struct device_type device_1403 = {
    .name = "1403",
    .class = "PRT",
    .size = sizeof(struct printer),
    .sense_id = {0xff, 0x28, 0x21, 0x01, 0x14, 0x03, 0x01},
    .sense_bytes = 1,
    .ops = &ops,
    .immediate = immediate,
    .create = mount,
    .cycle_us = 54500,
    .options = FORM_OPTIONS,
};

/* Its controls give channel end only when they have been executed. */
const struct device_type device_3203 = {
    .name = "3203",
    .class = "PRT",
    .size = sizeof(struct printer),
    .sense_id = {0xff, 0x32, 0x03, 0x05, 0x32, 0x03, 0x05},
    .sense_bytes = 6,
    .ops = &ops,
    .create = mount,
    .cycle_us = 50000,
    .options = FORM_OPTIONS,
};

const struct device_type device_3211 = {
    .name = "3211",
    .class = "PRT",
    .size = sizeof(struct printer),
    .sense_id = {0xff, 0x38, 0x11, 0x01, 0x32, 0x11, 0x01},
    .sense_bytes = 6,
    .ops = &ops,
    .immediate = immediate,
    .create = mount,
    .cycle_us = 30000,
    .options = FORM_OPTIONS " [columns=132|150]",
};
