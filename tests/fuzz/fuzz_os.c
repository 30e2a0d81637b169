/* Blocks of OS's record forms as a tape may have them, of any bytes; LINEDIT's texts and values. */
#include "cms/os/blocks.h"
#include "cms/os/layout.h"
#include "cms/os/linedit.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The records of a block lie in it, one behind the other; put into another block they are the same.
 */
static void records(const struct record_form *f, uint8_t *bytes, uint32_t length)
{
    uint8_t *copy = malloc(f->blksize ? f->blksize : 1), *record, *to;
    struct block b = {bytes, length, 0}, c = {copy, 0, 0};
    bool builds = form_is_good(f);
    if (builds)
        block_begin(&c, f);
    enum block_result r = block_open(&b, f);
    while (r == BLOCK_OK && (r = block_next(&b, f, &record, &length)) == BLOCK_OK) {
        if (!length || record < bytes || record + length > bytes + b.length)
            abort();
        to = builds ? block_room(&c, f, length) : NULL;
        if (!to)
            continue;
        memcpy(to, record, length);
        block_add(&c, length);
    }
    if (builds && block_finish(&c, f) > f->blksize)
        abort();
    free(copy);
}

/* Any address is that of 256 bytes. */
static const uint8_t *fetch(void *context, uint32_t address)
{
    return context;
}

static void edit(const uint8_t *data, size_t size)
{
    static uint8_t storage[256];
    struct linedit_value values[4];
    char to[LINEDIT_MOST];
    if (size < sizeof values)
        return;
    memcpy(values, data, sizeof values);
    size_t n = linedit_fill(to, (const char *)data + sizeof values, size - sizeof values, data[0],
                            values, 4, fetch, storage);
    if (n > sizeof to)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 6)
        return 0;
    struct record_form f = {data[0], load_be16(data + 1), load_be16(data + 3)};
    uint8_t *bytes = malloc(size - 5);
    memcpy(bytes, data + 5, size - 5);
    records(&f, bytes, (uint32_t)size - 5);
    free(bytes);
    edit(data + 5, size - 5);
    return 0;
}
