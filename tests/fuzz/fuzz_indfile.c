/* IND$FILE's host: a terminal that answers with any bytes, by structured fields or on the screen,
 * while a file goes one way or the other. */
#include "cms/transfer/indfile.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
    const uint8_t *at, *end;
};

static struct indfile_terminal terminal;

/* An answer: its length (2 bytes), and the bytes; a screen's is filled up with nulls. */
static int answer(struct input *in, bool is_screen)
{
    if (in->end - in->at < 2)
        return INDFILE_LOST;
    size_t n = (size_t)(in->at[0] & 0x3f) << 8 | in->at[1];
    in->at += 2;
    if (n > (size_t)(in->end - in->at))
        n = (size_t)(in->end - in->at);
    free(terminal.record);
    terminal.length = is_screen && n < INDFILE_CELLS + 4 ? INDFILE_CELLS + 4 : n;
    terminal.record = calloc(1, terminal.length + 1); /* its end is looked after */
    memcpy(terminal.record, in->at, n);
    in->at += n;
    return INDFILE_OK;
}

static int structured(void *context, const uint8_t *fields, size_t n, bool wanted)
{
    return wanted ? answer(context, false) : INDFILE_OK;
}

static int screen(void *context, const uint8_t *stream, size_t n)
{
    if (n > 2 * INDFILE_CELLS)
        abort();
    return answer(context, true);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct indfile x;
    struct input in = {data + 1, data + size};
    const uint8_t *got;
    size_t n = 1, total = 0;
    bool yes;
    if (size < 1)
        return 0;
    bool cut = data[0] & 1, to_host = data[0] & 2;
    terminal = (struct indfile_terminal){structured, screen, &in, NULL, 0};
    memset(&x, 0, sizeof x);
    if (data[0] & 4)
        indfile_ask(&terminal, &yes);
    int rc = indfile_start(&x, &terminal, cut, to_host);
    while (!rc && to_host && n && !(rc = indfile_get(&x, &got, &n)))
        for (size_t i = 0; i < n; i++)
            total += got[i];
    for (unsigned i = 0; !rc && !to_host && i < 20; i++)
        rc = indfile_put(&x, data, size < 700 ? size : 700);
    indfile_end(&x, &terminal, cut, !rc, (const uint8_t *)"\xd6\xd2", 2);
    uint8_t cells[200];
    size_t used, length = indfile_cut_encode(data, size, &used, cells, sizeof cells);
    if (used > size || indfile_cut_decode(cells, length) != (int)used ||
        memcmp(cells, data, used) != 0)
        abort();
    free(terminal.record);
    return total == SIZE_MAX;
}
