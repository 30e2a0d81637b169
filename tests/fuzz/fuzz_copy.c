/* What COPYFILE is given: specifications, translations, packed files, and NAMES files, of any
 * bytes. */
#include "cms/copy/pack.h"
#include "cms/copy/specs.h"
#include "cms/names/names.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
    const uint8_t *at, *end;
};

static bool get(void *context, uint8_t *byte)
{
    struct input *in = context;
    if (in->at == in->end)
        return false;
    *byte = *in->at++;
    return true;
}

static void unpack(const uint8_t *data, size_t size)
{
    struct input in = {data, data + size};
    struct pack_reader r = {&in, get};
    struct pack_header h;
    uint32_t n;
    if (!unpack_begin(&r, &h))
        return;
    uint8_t *record = malloc(get32(h.lrecl));
    for (uint32_t i = 0; i < get32(h.records) && unpack_record(&r, &h, record, &n); i++)
        if (n > get32(h.lrecl))
            abort();
    free(record);
}

static void lines(char *text)
{
    static struct specs specs;
    static struct names_entry entry;
    uint8_t table[256] = {0};
    const char *at, *value;
    char to[64];
    size_t n;
    bool more;
    memset(&specs, 0, sizeof specs);
    entry.length = 0;
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        specs_add(&specs, line, &more, &at);
        trans_add(table, line, &more, &at);
        names_begins_entry(line, strlen(line));
        names_add(&entry, line, strlen(line));
    }
    specs_width(&specs);
    if (specs_apply(&specs, "a record", 8, to, sizeof to) > sizeof to)
        abort();
    names_tag(&entry, "nick", &value, &n);
    names_is(&entry, "node", "X");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    memcpy(text, data, size);
    text[size] = 0;
    unpack(data, size);
    lines(text);
    free(text);
    return 0;
}
