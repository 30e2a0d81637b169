/* Continuous forms in a printer, as a text file. */
#include "s370/media/paper.h"

#include "s370/saved.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FCB_LAST       0x10
#define FCB_CHANNEL    0x0f
#define FCB_INDEX      0x80
#define FCB_INDEX_LEFT 0x40
#define FCB_STOPS_MOST 30
#define INDENT_MOST    32

/* --- the form --- */

static const uint8_t standard_tape[PAPER_CHANNELS + 1] = {0,  1,  7,  13, 19, 25, 31,
                                                          37, 43, 63, 49, 55, 61};
static const uint8_t std2_tape[PAPER_CHANNELS + 1] = {0,  1,  7,  13, 19, 25, 31,
                                                      37, 43, 49, 55, 61, 63};
static const uint8_t hardware_tape[PAPER_CHANNELS + 1] = {0, 1};

static void punch_tape(struct paper *p, const uint8_t *tape)
{
    for (unsigned channel = 1; channel <= PAPER_CHANNELS; channel++)
        if (tape[channel] > 0 && tape[channel] <= p->lines)
            p->channels[tape[channel]] |= (uint16_t)(1u << channel);
}

static void blank_form(struct paper *p, unsigned lines)
{
    memset(p, 0, sizeof *p);
    p->lines = lines;
    p->line = 1;
}

void paper_init(struct paper *p)
{
    blank_form(p, 66);
    punch_tape(p, standard_tape);
}

/* CHANNEL:LINE,...  False: the list is wrong. */
static bool punch_list(struct paper *p, const char *list)
{
    for (;;) {
        char *end;
        unsigned long channel = strtoul(list, &end, 10);
        if (end == list || *end != ':' || channel < 1 || channel > PAPER_CHANNELS)
            return false;
        list = end + 1;
        unsigned long line = strtoul(list, &end, 10);
        if (end == list || line < 1 || line > p->lines)
            return false;
        p->channels[line] |= (uint16_t)(1u << channel);
        if (!*end)
            return true;
        if (*end != ',')
            return false;
        list = end + 1;
    }
}

const char *paper_set_form(struct paper *p, unsigned lines, const char *tape, char *message,
                           size_t size)
{
    static const struct {
        const char *name;
        const uint8_t *tape;
    } tapes[] = {{"standard", standard_tape}, {"std2", std2_tape}, {"hardware", hardware_tape}};
    if (lines < 2 || lines > PAPER_LINES_MAX) {
        snprintf(message, size, "a form has 2 to %u lines", PAPER_LINES_MAX);
        return message;
    }
    blank_form(p, lines);
    for (size_t i = 0; i < sizeof tapes / sizeof *tapes; i++)
        if (!tape || !strcmp(tape, tapes[i].name)) {
            punch_tape(p, tapes[i].tape);
            return NULL;
        }
    if (punch_list(p, tape))
        return NULL;
    snprintf(message, size,
             "fcb=%s: is neither standard, std2 or hardware nor a list CHANNEL:LINE,... with "
             "channels 1 to 12 and lines 1 to %u",
             tape, lines);
    return message;
}

bool paper_load(struct paper *p, const uint8_t *fcb, unsigned length, unsigned most, bool indexed)
{
    struct paper loaded = *p;
    unsigned stops = 0;
    loaded.indent = 0;
    if (indexed && length > 0 && (fcb[0] & FCB_INDEX)) {
        int columns = (fcb[0] & 0x1f) - 1;
        if (columns < 0 || (fcb[0] & 0x20))
            return false;
        loaded.indent = fcb[0] & FCB_INDEX_LEFT ? -columns : columns;
        fcb++;
        length--;
    }
    memset(loaded.channels, 0, sizeof loaded.channels);
    for (unsigned i = 0; i < length && i < most; i++) {
        unsigned channel = fcb[i] & FCB_CHANNEL;
        stops += channel > 0;
        if (channel > PAPER_CHANNELS || (fcb[i] & 0xe0) || stops > FCB_STOPS_MOST)
            return false;
        loaded.channels[i + 1] = channel ? (uint16_t)(1u << channel) : 0;
        if (i > 0 && (fcb[i] & FCB_LAST)) { /* in the first byte it means 8 lines an inch */
            loaded.lines = i + 1;
            loaded.line = 1;
            *p = loaded;
            return true;
        }
    }
    return false;
}

/* Is the form one that can be? */
static bool is_good(const struct paper *p)
{
    bool good = p->lines > 0 && p->line > 0 && p->line <= p->lines;
    for (unsigned i = 0; i <= PAPER_LINES_MAX; i++)
        good = good && !(p->channels[i] & ~0x1ffeu);
    return good && p->indent > -INDENT_MOST && p->indent < INDENT_MOST;
}

void paper_saved(struct paper *p, struct saved *s)
{
    uint32_t indent = (uint32_t)p->indent;
    for (unsigned i = 0; i <= PAPER_LINES_MAX; i++)
        saved_u16(s, &p->channels[i]);
    p->lines = saved_limited(s, p->lines, PAPER_LINES_MAX, "the length of a form");
    p->line = saved_limited(s, p->line, PAPER_LINES_MAX, "the line of a form");
    saved_u32(s, &indent);
    p->indent = (int)indent;
    saved_bool(s, &p->printed);
    saved_bool(s, &p->written);
    if (is_good(p))
        return;
    paper_init(p);
    saved_refuse(s, "the form of a printer is impossible");
}

/* --- printing --- */

static void put_blanks(struct output *o, int n)
{
    while (n-- > 0)
        output_put(o, " ", 1);
}

void paper_print(struct paper *p, struct output *o, const char *text, unsigned length)
{
    p->written = true;
    unsigned cut = p->indent < 0 ? (unsigned)-p->indent : 0; /* it is off the paper */
    while (length > 0 && text[length - 1] == ' ')
        length--;
    if (length <= cut)
        return;
    if (p->printed)
        output_put(o, "\r", 1);
    put_blanks(o, p->indent);
    output_put(o, text + cut, length - cut);
    p->printed = true;
}

static void line_feed(struct paper *p, struct output *o)
{
    output_put(o, p->crlf ? "\r\n" : "\n", p->crlf ? 2 : 1);
    p->printed = p->written = false;
}

unsigned paper_space(struct paper *p, struct output *o, unsigned lines)
{
    unsigned holes = 0;
    for (unsigned i = 0; i < lines; i++) {
        line_feed(p, o);
        p->line = p->line % p->lines + 1;
        holes |= p->channels[p->line] & 1u << 9 ? PAPER_CHANNEL_9 : 0;
        holes |= p->channels[p->line] & 1u << 12 ? PAPER_CHANNEL_12 : 0;
    }
    return holes;
}

/* The next line with the channel; 0: there is none.  It may be this one if nothing was written
 * here. */
static unsigned find_channel(const struct paper *p, unsigned channel)
{
    unsigned line = p->line;
    for (unsigned i = 0; i <= p->lines; i++) {
        if ((p->channels[line] & 1u << channel) && (i > 0 || !p->written))
            return line;
        line = line % p->lines + 1;
    }
    return 0;
}

bool paper_skip(struct paper *p, struct output *o, unsigned channel)
{
    unsigned target = find_channel(p, channel);
    if (target == 0)
        return false;
    if (target == p->line && !p->written)
        return true; /* it is under the carriage already */
    unsigned from = p->line;
    if (target <= p->line) { /* on the next form */
        if (p->printed)
            line_feed(p, o);
        output_put(o, "\f", 1);
        from = 1;
    }
    for (; from < target; from++)
        line_feed(p, o);
    p->line = target;
    p->printed = p->written = false;
    return true;
}

bool paper_move(struct paper *p, struct output *o, uint8_t command, unsigned *holes)
{
    unsigned motion = command >> 3 & 0x0f;
    *holes = 0;
    if (command & 0x80)
        return motion == 0 || paper_skip(p, o, motion);
    *holes = paper_space(p, o, motion);
    return true;
}
