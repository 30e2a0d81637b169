/* What stands beside the panel; see panel_beside.h. */
#include "consoles/panel_beside.h"

#include "consoles/screen.h"
#include "lib/ebcdic.h"
#include "s370/devices/display.h"
#include "s370/devices/hopper.h"
#include "s370/machine.h"

#include <stdlib.h>
#include <string.h>

#define CODE_PAGE 1047

/* A display that is followed. */
struct followed {
    struct followed *next;
    struct beside *beside;
    uint16_t device;
    struct screen *model;
    struct screen_answer answer; /* nobody's */
};

struct beside {
    struct machine *m;
    struct followed *displays;
    struct followed *shown; /* the one that was written last */
    unsigned screen_changes, card_changes;
    struct panel_cards cards;
    struct panel_screen screen; /* being made */
};

/* --- displays --- */

static void set_size(struct followed *f, unsigned rows, unsigned columns)
{
    screen_free(f->model);
    free(f->answer.bytes);
    f->model = screen_create(rows, columns, true);
    f->answer.size =
        f->model ? SCREEN_RECORD_MOST(f->model->alternate_rows * f->model->alternate_columns) : 0;
    f->answer.bytes = malloc(f->answer.size);
    if (!f->model || !f->answer.bytes)
        abort();
}

static void follow(void *context, const uint8_t *record, size_t length)
{
    struct followed *f = context;
    struct display *display = display_of_device(f->beside->m, f->device);
    const struct display_terminal *t = display ? display_terminal_of(display) : NULL;
    unsigned rows = t && t->rows ? t->rows : 24, columns = t && t->rows ? t->columns : 80;
    if (!f->model || f->model->alternate_rows != rows || f->model->alternate_columns != columns)
        set_size(f, rows, columns);
    screen_execute(f->model, record, length, &f->answer);
    f->beside->shown = f;
    f->beside->screen_changes++;
}

static void follow_display(struct beside *b, uint16_t device, struct display *display)
{
    struct followed *f = b->displays;
    while (f && f->device != device)
        f = f->next;
    if (!f) {
        f = calloc(1, sizeof *f);
        if (!f)
            return;
        f->beside = b;
        f->device = device;
        f->next = b->displays;
        b->displays = f;
    }
    (void)display_tap(display, follow, f); /* again: the device may be a new one */
}

static enum panel_look look_of(const struct screen_cell *cell, const struct screen_cell *field)
{
    uint8_t highlight = cell->extended[ATTRIBUTE_HIGHLIGHT];
    if (!highlight && field)
        highlight = field->extended[ATTRIBUTE_HIGHLIGHT];
    if (highlight == 0xf2)
        return LOOK_REVERSE;
    return field && (field->field & FIELD_INTENSITY) == FIELD_HIGH ? LOOK_BRIGHT : LOOK_NORMAL;
}

size_t beside_screen(struct beside *b, uint8_t bytes[PANEL_SCREEN_SIZE])
{
    struct panel_screen *to = &b->screen;
    const struct screen *s = b->shown ? b->shown->model : NULL;
    struct display *display = s ? display_of_device(b->m, b->shown->device) : NULL;
    if (!s || s->cells_in_use > PANEL_CELLS)
        return 0;
    to->device = b->shown->device;
    to->rows = (uint8_t)s->rows;
    to->columns = (uint8_t)s->columns;
    to->cursor = (uint16_t)s->cursor;
    to->connected = display && display_is_connected(display);
    const struct screen_cell *field = screen_field(s, 0);
    for (unsigned row = 0; row < s->rows; row++) {
        char text[PANEL_CELLS + 1];
        unsigned at = row * s->columns;
        screen_row(s, row, CODE_PAGE, text);
        size_t length = strlen(text);
        for (unsigned i = 0; i < s->columns; i++) {
            const struct screen_cell *cell = &s->cells[at + i];
            field = cell->is_field ? cell : field;
            to->text[at + i] = i < length ? (uint8_t)text[i] : ' ';
            to->looks[at + i] = (uint8_t)(cell->is_field ? LOOK_NORMAL : look_of(cell, field));
        }
    }
    return panel_screen_encode(to, bytes);
}

/* --- cards --- */

static void look_at_cards(struct beside *b, const struct device *d, const struct hopper *h)
{
    uint8_t codes[CARD_COLUMNS];
    struct panel_cards now = {.device = d->address,
                              .ready = h->deck != NULL,
                              .hopper = (uint32_t)hopper_cards(h),
                              .stacker = h->stacked};
    memcpy(now.holes, h->card.holes, sizeof now.holes);
    (void)card_to_ebcdic(&h->card, codes);
    latin1_from_ebcdic(now.text, codes, CARD_COLUMNS);
    if (b->card_changes && !memcmp(&now, &b->cards, sizeof now))
        return;
    b->cards = now;
    b->card_changes++;
}

void beside_cards(const struct beside *b, uint8_t bytes[PANEL_CARDS_SIZE])
{
    panel_cards_encode(&b->cards, bytes);
}

/* --- both --- */

void beside_look(struct beside *b)
{
    bool reader = false;
    for (struct device *d = NULL; (d = device_next(b->m, d));) {
        struct display *display = display_of_device(b->m, d->address);
        const struct hopper *h = reader ? NULL : hopper_of(d);
        if (display)
            follow_display(b, d->address, display);
        if (h)
            look_at_cards(b, d, h);
        reader |= h != NULL;
    }
}

unsigned beside_screen_changes(const struct beside *b)
{
    return b->screen_changes;
}

unsigned beside_card_changes(const struct beside *b)
{
    return b->card_changes;
}

struct beside *beside_create(struct machine *m)
{
    struct beside *b = calloc(1, sizeof *b);
    if (!b)
        return NULL;
    b->m = m;
    beside_look(b);
    return b;
}

void beside_destroy(struct beside *b)
{
    while (b && b->displays) {
        struct followed *f = b->displays;
        struct display *display = display_of_device(b->m, f->device);
        b->displays = f->next;
        if (display)
            display_untap(display, f);
        screen_free(f->model);
        free(f->answer.bytes);
        free(f);
    }
    free(b);
}
