/* Writing libraries: members one after the other, the directory behind them. */
#include "cms/library/library.h"
#include "lib/str.h"

static const uint8_t identifier[6] = {0xd3, 0xc9, 0xc2, 0xd7, 0xc4, 0xe2}; /* LIBPDS */

#define BLANK 0x40

static enum library_error put(struct library_writer *w, const uint8_t record[LIBRARY_RECORD])
{
    return w->write(w->context, w->item++, record) ? LIBRARY_OK : LIBRARY_WRITE;
}

enum library_error library_begin(struct library_writer *w)
{
    uint8_t record[LIBRARY_RECORD] = {0};

    w->count = w->depth = 0;
    w->item = 1;
    w->wants_name = false;
    return put(w, record);
}

enum library_error library_member_begin(struct library_writer *w, const uint8_t name[8])
{
    if (w->count == w->most)
        return LIBRARY_FULL;
    struct library_member *m = &w->members[w->count++];
    memcpy(m->name, name, 8);
    put32(&m->item, w->item);
    put32(&m->records, 0);
    return LIBRARY_OK;
}

enum library_error library_record(struct library_writer *w, const uint8_t record[LIBRARY_RECORD])
{
    if (!w->count)
        return LIBRARY_NAME;
    struct library_member *m = &w->members[w->count - 1];
    uint32_t item = get32(m->item), records = get32(m->records) + 1;
    for (; m >= w->members && get32(m->item) == item; m--) /* its other names, too */
        put32(&m->records, records);
    return put(w, record);
}

enum library_error library_alias(struct library_writer *w, const uint8_t name[8])
{
    struct library_member *m = &w->members[w->count - 1];

    if (!w->count)
        return LIBRARY_NAME;
    if (w->count == w->most)
        return LIBRARY_FULL;
    w->members[w->count] = *m;
    memcpy(w->members[w->count++].name, name, 8);
    return LIBRARY_OK;
}

/* The first two words of a card: columns and lengths. */
struct words {
    unsigned label, operation, length;
};

static void cut(const char text[LIBRARY_RECORD], struct words *w)
{
    unsigned n = 0;

    while (n < 71 && text[n] != ' ')
        n++;
    w->label = n;
    while (n < 71 && text[n] == ' ')
        n++;
    w->operation = n;
    while (n < 71 && text[n] != ' ')
        n++;
    w->length = n - w->operation;
}

static bool is(const char *text, const struct words *w, const char *word)
{
    return w->length == strlen(word) && !memcmp(text + w->operation, word, w->length);
}

static bool name_of(const uint8_t *record, unsigned at, unsigned length, uint8_t name[8])
{
    memset(name, BLANK, 8);
    memcpy(name, record + at, length < 8 ? length : 8);
    return length > 0 && length <= 8;
}

enum library_error library_macro_card(struct library_writer *w, const char text[LIBRARY_RECORD],
                                      const uint8_t record[LIBRARY_RECORD])
{
    struct words words;
    uint8_t name[8];
    enum library_error e;
    bool comment = text[0] == '*' || (text[0] == '.' && text[1] == '*');

    cut(text, &words);
    if (!w->depth) {
        if (comment || !is(text, &words, "MACRO"))
            return LIBRARY_OK;
        w->depth = 1;
        w->wants_name = true;
        memset(name, BLANK, 8);
        e = library_member_begin(w, name);
        return e ? e : library_record(w, record);
    }
    if (w->wants_name && !comment) {
        w->wants_name = false;
        if (!name_of(record, words.operation, words.length, w->members[w->count - 1].name))
            return LIBRARY_NAME;
    } else if (!comment) {
        w->depth += is(text, &words, "MACRO");
        w->depth -= is(text, &words, "MEND");
    }
    return library_record(w, record);
}

enum library_error library_copy_card(struct library_writer *w, const char text[LIBRARY_RECORD],
                                     const uint8_t record[LIBRARY_RECORD])
{
    struct words words;
    uint8_t name[8];

    if (memcmp(text, "*COPY ", 6))
        return library_record(w, record);
    cut(text, &words);
    if (!name_of(record, words.operation, words.length, name))
        return LIBRARY_NAME;
    if (w->count && !get32(w->members[w->count - 1].records))
        w->count--; /* the file's own name: nothing came before */
    return library_member_begin(w, name);
}

enum library_error library_end(struct library_writer *w)
{
    uint8_t record[LIBRARY_RECORD];
    struct library_header h = {.directory_item = {{0}}};
    uint32_t size = w->count * (uint32_t)sizeof(struct library_member), at = 0;

    if (w->depth)
        return LIBRARY_OPEN;
    memcpy(h.identifier, identifier, sizeof(identifier));
    put32(&h.directory_size, size);
    put32(&h.directory_item, w->item);
    while (at < size) {
        uint32_t piece = size - at < LIBRARY_RECORD ? size - at : LIBRARY_RECORD;
        memset(record, 0, sizeof(record));
        memcpy(record, (const uint8_t *)w->members + at, piece);
        if (put(w, record))
            return LIBRARY_WRITE;
        at += piece;
    }
    return w->write(w->context, 1, (const uint8_t *)&h) ? LIBRARY_OK : LIBRARY_WRITE;
}

bool library_header_is_good(const struct library_header *h, uint32_t records)
{
    uint32_t size = get32(h->directory_size), item = get32(h->directory_item);

    return !memcmp(h->identifier, identifier, sizeof(identifier)) &&
           size % sizeof(struct library_member) == 0 && item >= 2 && item <= records + 1 &&
           size <= (records + 1 - item) * LIBRARY_RECORD;
}
