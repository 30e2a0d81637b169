/* What a screen sends: READ BUFFER and READ MODIFIED.  GA23-0059, "Read Commands". */
#include "consoles/screen.h"

#include "s370/devices/display.h"
#include "s370/devices/display_stream.h"

#include <string.h>

#define AID_PA2      0x6e
#define AID_PA3      0x6b
#define AID_TEST     0xf0
#define AID_SELECTED 0x7e

void screen_put(struct screen_answer *answer, const void *bytes, size_t n)
{
    if (n > answer->size - answer->length)
        return;
    memcpy(answer->bytes + answer->length, bytes, n);
    answer->length += n;
}

static void put_byte(struct screen_answer *answer, uint8_t byte)
{
    screen_put(answer, &byte, 1);
}

static void put_address(const struct screen *s, struct screen_answer *answer, unsigned address)
{
    uint8_t bytes[2];
    display_address_encode(bytes, address, s->cells_in_use);
    screen_put(answer, bytes, 2);
}

/* The six bits of an attribute as a graphic character. */
static uint8_t field_byte(uint8_t field)
{
    uint8_t bytes[2];
    display_address_encode(bytes, field, 64);
    return bytes[1];
}

static void put_field(const struct screen *s, struct screen_answer *answer,
                      const struct screen_cell *cell)
{
    uint8_t pairs[2 * ATTRIBUTES];
    unsigned n = 0;
    if (s->reply_mode == REPLY_FIELD) {
        put_byte(answer, 0x1d);
        put_byte(answer, field_byte(cell->field));
        return;
    }
    for (unsigned a = 0; a < ATTRIBUTES; a++) {
        if (cell->extended[a]) {
            pairs[2 * n] = screen_attribute_type((enum screen_attribute)a);
            pairs[2 * n++ + 1] = cell->extended[a];
        }
    }
    put_byte(answer, 0x29);
    put_byte(answer, (uint8_t)(n + 1));
    put_byte(answer, 0xc0);
    put_byte(answer, field_byte(cell->field));
    screen_put(answer, pairs, 2 * n);
}

/* A character, with SA orders for what has changed since the last (character mode). */
static void put_character(const struct screen *s, struct screen_answer *answer,
                          const struct screen_cell *cell, uint8_t present[ATTRIBUTES])
{
    for (unsigned a = 0; a < ATTRIBUTES && s->reply_mode == REPLY_CHARACTER; a++) {
        if (!s->reply_attributes[a] || present[a] == cell->extended[a])
            continue;
        put_byte(answer, 0x28);
        put_byte(answer, screen_attribute_type((enum screen_attribute)a));
        put_byte(answer, cell->extended[a]);
        present[a] = cell->extended[a];
    }
    if (cell->graphic)
        put_byte(answer, 0x08);
    put_byte(answer, cell->code);
}

void screen_read_buffer(const struct screen *s, struct screen_answer *answer)
{
    uint8_t present[ATTRIBUTES] = {0};
    put_byte(answer, s->aid);
    put_address(s, answer, s->cursor);
    for (unsigned i = 0; i < s->cells_in_use; i++) {
        if (s->cells[i].is_field)
            put_field(s, answer, &s->cells[i]);
        else
            put_character(s, answer, &s->cells[i], present);
    }
}

static void put_unformatted(const struct screen *s, struct screen_answer *answer)
{
    uint8_t present[ATTRIBUTES] = {0};
    for (unsigned i = 0; i < s->cells_in_use; i++)
        if (s->cells[i].code)
            put_character(s, answer, &s->cells[i], present);
}

static void put_modified_fields(const struct screen *s, struct screen_answer *answer, bool data)
{
    uint8_t present[ATTRIBUTES] = {0};
    unsigned first = 0, cells = s->cells_in_use;
    while (!s->cells[first].is_field)
        first++;
    bool sends = false;
    for (unsigned n = 0; n < cells; n++) { /* from the first attribute around to itself */
        unsigned i = (first + n) % cells;
        const struct screen_cell *cell = &s->cells[i];
        if (cell->is_field) {
            sends = cell->field & FIELD_MODIFIED;
            if (sends) {
                put_byte(answer, 0x11);
                put_address(s, answer, (i + 1) % cells);
            }
        } else if (sends && data && cell->code) {
            put_character(s, answer, cell, present);
        }
    }
}

void screen_read_modified(const struct screen *s, bool all, struct screen_answer *answer)
{
    static const uint8_t test_request[] = {0x01, 0x6c, 0x61, 0x02};
    uint8_t aid = s->aid;
    if (aid == AID_TEST) {
        screen_put(answer, test_request, sizeof test_request);
    } else {
        put_byte(answer, aid);
        if (!all && (aid == AID_PA1 || aid == AID_PA2 || aid == AID_PA3 || aid == AID_CLEAR))
            return; /* short read */
        put_address(s, answer, s->cursor);
    }
    if (screen_field(s, 0))
        put_modified_fields(s, answer, all || aid != AID_SELECTED);
    else
        put_unformatted(s, answer);
}
