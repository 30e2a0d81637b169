/* The 3270 screen model: records of any bytes (data stream, structured fields) and keys, on
 * screens of all models.  Also the control unit's walk over the same bytes. */
#include "consoles/screen.h"
#include "s370/devices/display.h"
#include "s370/devices/display_stream.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What the model promises of itself. */
static void check(const struct screen *s, const struct screen_answer *answer)
{
    if (s->cursor >= s->cells_in_use || s->address >= s->cells_in_use ||
        answer->length > answer->size)
        abort();
}

/* All rows: once for an input, since each looks for its field. */
static void look(const struct screen *s)
{
    char row[SCREEN_CELLS_MOST + 1];
    for (unsigned i = 0; i < s->rows; i++)
        screen_row(s, i, i % 2 ? 37 : 1047, row);
}

static void walk(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size + 1);
    int position = 0;
    display_walk(data, size, 1920, &position);
    display_fields_good(data, size, 1920);
    memcpy(copy, data, size);
    size_t left = display_from_position(copy, size, size % 2, 500);
    if (left > size || position >= 1920)
        abort();
    free(copy);
}

/* Each piece: a length (2 bytes), and a record; a length of 0: a key or character follows. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t sizes[][2] = {{24, 80}, {32, 80}, {43, 80}, {27, 132}};
    if (size < 1)
        return 0;
    const uint8_t *at = data + 1, *end = data + size;
    const uint8_t *model = sizes[data[0] % 4];
    struct screen *s = screen_create(model[0], model[1], data[0] & 0x80);
    struct screen_answer answer = {.size = SCREEN_RECORD_MOST((size_t)model[0] * model[1])};
    answer.bytes = malloc(answer.size);
    walk(at, (size_t)(end - at));
    while (end - at >= 2) {
        size_t n = (size_t)(at[0] & 0x0f) << 8 | at[1];
        at += 2;
        if (n > (size_t)(end - at))
            n = (size_t)(end - at);
        if (n > 0) {
            screen_execute(s, at, n, &answer);
            at += n;
        } else if (at < end && *at < KEYS) {
            screen_press(s, (enum screen_key) * at++, &answer);
        } else if (at < end) {
            screen_type(s, *at++);
        }
        check(s, &answer);
    }
    look(s);
    screen_free(s);
    free(answer.bytes);
    return 0;
}
