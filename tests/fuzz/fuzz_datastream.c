/* What CP and CMS read from a 3270 and write to it: records of any bytes as keys and Query replies;
 * any text, cleaned, as rows of a screen. */
#include "lib/datastream.h"

#include "consoles/screen.h"
#include "s370/devices/display.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_rows(const struct ds_size *on, const uint8_t *data, size_t size)
{
    struct screen *s = screen_create(on->rows, on->columns, true);
    uint8_t *record = malloc(size * 2 + 64), *text = malloc(size + 1);
    struct ds_stream to = {record + 1, 0, size * 2 + 63, ds_cells(on)};
    struct screen_answer none = {0};
    if (!s || !record || !text)
        abort();
    memcpy(text, data, size);
    ds_clean(text, size);
    record[0] = ds_is_alternate(on) ? DISPLAY_ERASE_WRITE_ALTERNATE : DISPLAY_ERASE_WRITE;
    ds_put_wcc(&to, WCC_RESTORE);
    ds_put_field(&to, ds_cells(on) - 1, FIELD_SKIP);
    ds_put_text(&to, (const char *)data, size);
    ds_put_nulls(&to, ds_cells(on) - 1);
    memcpy(record + 1 + to.used, text, size < ds_room(&to) ? size : ds_room(&to));
    if (!screen_execute(s, record, to.used + 1, &none) || s->errors)
        abort(); /* what we write is always a good stream */
    free(record);
    free(text);
    screen_free(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ds_size on = {24, 80, false, 0};
    struct ds_key key;
    if (ds_parse_key(data, size, &key) && key.length &&
        (key.text < data || key.text + key.length > data + size))
        abort();
    ds_pf_key(key.aid);
    if (ds_parse_query(data, size, &on) && (on.rows < 24 || on.columns < 80 || !on.extended))
        abort();
    if (ds_cells(&on) > SCREEN_CELLS_MOST)
        abort();
    uint8_t cells[80];
    ds_parse_buffer(data, size, cells, sizeof cells);
    write_rows(&on, data, size);
    return 0;
}
