/* Printers' buffers: see cp/text/forms.h. */
#include "cp/text/forms.h"

#include "lib/str.h"

#define CHANNELS   12
#define LAST_LINE  0x10 /* in the first byte: eight lines an inch */
#define INDEX_FLAG 0x80

static const struct named_forms {
    char name[5];
    uint8_t lines;
    bool eight;
    uint8_t line[CHANNELS]; /* of channel 1 to 12, from 1 */
} forms[] = {
    {"FCB1", 66, false, {1, 3, 5, 7, 9, 11, 13, 15, 64, 19, 21, 23}},
    {"FCB8", 68, true, {1, 4, 8, 12, 16, 20, 24, 28, 66, 32, 36, 63}},
};

bool forms_named(struct forms *f, const char *name)
{
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (!str_equal(forms[i].name, name))
            continue;
        memset(f, 0, sizeof *f);
        f->lines = forms[i].lines;
        f->eight = forms[i].eight;
        for (uint8_t c = 0; c < CHANNELS; c++)
            f->channel[forms[i].line[c] - 1] = (uint8_t)(c + 1);
        return true;
    }
    return false;
}

bool forms_load(struct forms *f, const uint8_t *bytes, unsigned length, bool may_index)
{
    struct forms loaded = {0};
    if (may_index && length && bytes[0] & INDEX_FLAG) {
        bytes++;
        length--;
    }
    for (unsigned i = 0; i < length && i < FORMS_LINES; i++) {
        uint8_t channel = bytes[i] & 0x0f;
        if (channel > CHANNELS || bytes[i] & 0xe0)
            return false;
        loaded.channel[i] = channel;
        if (i > 0 && bytes[i] & LAST_LINE) {
            loaded.lines = (uint8_t)(i + 1);
            loaded.eight = bytes[0] & LAST_LINE;
            *f = loaded;
            return true;
        }
    }
    return false;
}

unsigned forms_image(const struct forms *f, uint8_t *bytes)
{
    memcpy(bytes, f->channel, f->lines);
    if (f->eight)
        bytes[0] |= LAST_LINE;
    bytes[f->lines - 1] |= LAST_LINE;
    return f->lines;
}

static void skip(struct forms *f, unsigned channel)
{
    for (unsigned i = 1; i <= f->lines; i++) {
        unsigned line = (f->line + i) % f->lines;
        if (f->channel[line] != channel)
            continue;
        f->line = (uint8_t)line;
        return;
    }
}

unsigned forms_move(struct forms *f, uint8_t command)
{
    unsigned motion = command >> 3, holes = 0;
    if (!f->lines)
        return 0;
    if (motion & 0x10) {
        skip(f, motion & 0x0f);
        return 0;
    }
    while (motion--) {
        f->line = (uint8_t)((f->line + 1) % f->lines);
        holes |= f->channel[f->line] == 9 ? FORMS_CHANNEL_9 : 0;
        holes |= f->channel[f->line] == 12 ? FORMS_CHANNEL_12 : 0;
    }
    return holes;
}

#define LETTERS_DIGITS "1234567890STUVWXYZJKLMNOPQRABCDEFGHI"

static const struct {
    char name[4], name_3211[4];
    const char *set;
} sets[] = {
    {"AN", "A11", LETTERS_DIGITS "#@/&,%-$*+.'"},
    {"HN", "H11", LETTERS_DIGITS "='/&,(-$*+.)"},
    {"PN", "P11", LETTERS_DIGITS "='/&,(-$*+.)#@%_:;?<>|~\""},
    {"TN", "T11", LETTERS_DIGITS "='/&,(-$*+.)#@%_:;?<>|~\"!abcdefghijklmnopqrstuvwxyz[]{}\\^"},
};

bool forms_characters(const char *name, bool is_3211, uint8_t *bytes, unsigned length)
{
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        if (!str_equal(is_3211 ? sets[i].name_3211 : sets[i].name, name))
            continue;
        size_t n = strlen(sets[i].set);
        for (unsigned k = 0; k < length; k++)
            bytes[k] = (uint8_t)sets[i].set[k % n];
        return true;
    }
    return false;
}
