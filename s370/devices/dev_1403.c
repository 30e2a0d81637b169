/* The line printers 1403 (132 columns, carriage tape) and 3211 (the same with a forms
 * control buffer that the program loads). Sources: GA24-3312 (2821), GA24-3543 (3211).
 *
 * Channels 9 and 12 of the tape are targets of skips; that spacing over them is sensed
 * (unit check, unit exception) is an option, `overflow`, since most programs count lines. */
#include "s370/devices/output_device.h"
#include "s370/devices/types.h"

#include "lib/ebcdic.h"
#include "s370/arch/ccw.h"
#include "s370/io/channel.h"
#include "s370/media/paper.h"

#include <string.h>

#define COLUMNS 132
#define UCS_MAX 512
#define FCB_MAX 256

#define ENDED (UNIT_CHANNEL_END | UNIT_DEVICE_END)

#define SENSE_CHANNEL_9  0x01 /* byte 0 */
#define SENSE_LOAD_CHECK 0x02

enum printer_command {
    PRINTER_LOAD_FCB = 0x63, /* 3211 */
    PRINTER_BLOCK_DATA_CHECK = 0x73,
    PRINTER_ALLOW_DATA_CHECK = 0x7b,
    PRINTER_UCS_GATE = 0xeb,
    PRINTER_LOAD_UCS = 0xf3,
    PRINTER_LOAD_UCS_FOLD = 0xfb,
};

struct printer {
    struct output_device base;
    struct paper paper;
};

/* Moves the form as bits 0-4 of the command say: SKIP and channel, or so many lines. */
static int move_form(struct printer *p, uint8_t command)
{
    struct device *d = &p->base.device;
    unsigned motion = command >> 3 & 0x0f;
    if (command & 0x80) {
        if (motion == 0)
            return ENDED; /* channel 0 of a 3211: no motion */
        if (paper_skip(&p->paper, &p->base.output, motion))
            return ENDED;
        device_check(d, SENSE_INTERVENTION); /* the form would run on and on */
        return ENDED | UNIT_CHECK;
    }
    enum paper_hole hole = paper_space(&p->paper, &p->base.output, motion);
    if (hole == PAPER_NO_HOLE || !p->base.overflow)
        return ENDED;
    return hole == PAPER_CHANNEL_9 ? device_check(d, SENSE_CHANNEL_9) : ENDED | UNIT_EXCEPTION;
}

static bool is_motion(uint8_t command)
{
    unsigned motion = command >> 3 & 0x0f;
    return command & 0x80 ? motion <= PAPER_CHANNELS : motion <= 3;
}

static int print_line(struct printer *p, struct channel_program *cp, uint8_t command)
{
    uint8_t bytes[COLUMNS];
    char text[COLUMNS];
    uint32_t n = channel_take_any(cp, bytes, sizeof bytes);
    latin1_from_ebcdic(text, bytes, n);
    for (uint32_t i = 0; i < n; i++)
        if ((uint8_t)text[i] < 0x20 || (uint8_t)(text[i] - 0x7f) < 0x21)
            text[i] = ' '; /* not on the chain */
    p->paper.crlf = p->base.crlf;
    paper_print(&p->paper, &p->base.output, text, n);
    return move_form(p, command);
}

static int load(struct printer *p, struct channel_program *cp, bool forms)
{
    uint8_t bytes[UCS_MAX];
    uint32_t n = channel_take_any(cp, bytes, forms ? FCB_MAX : UCS_MAX);
    uint32_t index = forms && n > 0 && (bytes[0] & 0x80) ? 1 : 0; /* print position indexing */
    if (forms && !paper_load(&p->paper, bytes + index, n - index))
        return device_check(&p->base.device, SENSE_LOAD_CHECK);
    return ENDED;
}

static int execute(struct device *d, struct channel_program *cp, uint8_t command)
{
    struct printer *p = (struct printer *)d;
    switch (command) {
    case PRINTER_LOAD_FCB:
        if (d->type == &device_3211)
            return load(p, cp, true);
        return device_check(d, SENSE_COMMAND_REJECT);
    case PRINTER_LOAD_UCS:
    case PRINTER_LOAD_UCS_FOLD:
        return load(p, cp, false);
    case PRINTER_UCS_GATE:
    case PRINTER_BLOCK_DATA_CHECK:
    case PRINTER_ALLOW_DATA_CHECK:
        return ENDED;
    }
    if ((command & 0x07) == 0x01 && is_motion(command))
        return print_line(p, cp, command);
    if ((command & 0x07) == 0x03 && is_motion(command)) {
        p->paper.crlf = p->base.crlf;
        return move_form(p, command);
    }
    return device_check(d, SENSE_COMMAND_REJECT);
}

static const char *mount(struct device *d, int argc, char **argv)
{
    struct printer *p = (struct printer *)d;
    const char *wrong = output_device_mount(d, argc, argv, NULL);
    if (wrong)
        return wrong;
    paper_init(&p->paper);
    if (p->base.output.had_text)
        output_put(&p->base.output, "\f", 1); /* on a new page */
    return NULL;
}

static const struct device_ops ops = {
    .select = output_device_select,
    .execute = execute,
    .chain_end = output_device_flush,
    .destroy = output_device_destroy,
    .describe = output_device_describe,
    .mount = mount,
};

/* All controls but the loading of forms control. */
static const uint8_t immediate[] = {0x0b, 0x13, 0x1b, 0x8b, 0x93, 0x9b, 0xa3, 0xab, 0xb3, 0xbb,
                                    0xc3, 0xcb, 0xd3, 0xdb, 0xe3, 0x83, 0x73, 0x7b, 0xeb, 0};

const struct device_type device_1403 = {
    .name = "1403",
    .class = "PRT",
    .size = sizeof(struct printer),
    .sense_id = {0xff, 0x28, 0x21, 0x01, 0x14, 0x03, 0x01},
    .sense_bytes = 1,
    .ops = &ops,
    .immediate = immediate,
    .create = mount,
    .options = "FILE [crlf] [clear|noclear] [overflow]",
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
    .options = "FILE [crlf] [clear|noclear] [overflow]",
};
