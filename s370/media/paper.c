/* Continuous forms in a printer, as a text file. */
#include "s370/media/paper.h"

#include <string.h>

#define FCB_LAST    0x10
#define FCB_CHANNEL 0x0f

void paper_init(struct paper *p)
{
    static const uint8_t standard[PAPER_CHANNELS + 1] = {0,  1,  7,  13, 19, 25, 31,
                                                         37, 43, 63, 49, 55, 61};
    memset(p, 0, sizeof *p);
    p->lines = 66;
    p->line = 1;
    for (uint8_t channel = 1; channel <= PAPER_CHANNELS; channel++)
        p->channel[standard[channel]] = channel;
}

bool paper_load(struct paper *p, const uint8_t *fcb, unsigned length)
{
    struct paper loaded = *p;
    memset(loaded.channel, 0, sizeof loaded.channel);
    for (unsigned i = 0; i < length && i < PAPER_LINES_MAX; i++) {
        uint8_t channel = fcb[i] & FCB_CHANNEL;
        if (channel > PAPER_CHANNELS || (fcb[i] & 0xe0))
            return false;
        loaded.channel[i + 1] = channel;
        if (i > 0 && (fcb[i] & FCB_LAST)) { /* in the first byte it means 8 lines an inch */
            loaded.lines = i + 1;
            loaded.line = 1;
            *p = loaded;
            return true;
        }
    }
    return false;
}

void paper_print(struct paper *p, struct output *o, const char *text, unsigned length)
{
    while (length > 0 && text[length - 1] == ' ')
        length--;
    if (length == 0)
        return;
    if (p->printed)
        output_put(o, "\r", 1);
    output_put(o, text, length);
    p->printed = true;
}

static void line_feed(struct paper *p, struct output *o)
{
    output_put(o, p->crlf ? "\r\n" : "\n", p->crlf ? 2 : 1);
    p->printed = false;
}

enum paper_hole paper_space(struct paper *p, struct output *o, unsigned lines)
{
    enum paper_hole hole = PAPER_NO_HOLE;
    for (unsigned i = 0; i < lines; i++) {
        line_feed(p, o);
        p->line = p->line % p->lines + 1;
        uint8_t channel = p->channel[p->line];
        if (channel == 9 || channel == 12)
            hole = channel == 9 ? PAPER_CHANNEL_9 : PAPER_CHANNEL_12;
    }
    return hole;
}

bool paper_skip(struct paper *p, struct output *o, unsigned channel)
{
    unsigned target = p->line;
    for (unsigned i = 0; i < p->lines; i++) {
        if (p->channel[target] == channel && !(target == p->line && p->printed))
            break;
        target = target % p->lines + 1;
    }
    if (p->channel[target] != channel)
        return false;
    if (target == p->line && !p->printed)
        return true; /* it is under the carriage already */
    if (p->printed)
        line_feed(p, o);
    else if (channel != 1)
        line_feed(p, o);
    unsigned from = p->line % p->lines + 1;
    if (channel == 1) {
        output_put(o, "\f", 1);
    } else {
        if (target < from) { /* over the fold */
            output_put(o, "\f", 1);
            from = 1;
        }
        for (; from < target; from++)
            line_feed(p, o);
    }
    p->line = target;
    return true;
}
