/* The directory compiler: takes lines apart, hands statements to statements.c, and packs
 * the users' entries into records. */
#include "cp/directory/compile.h"

#include "lib/fmt.h"

#define LAST_COLUMN 71 /* what follows is a sequence number */

static void tell(struct compiler *c, enum directory_severity severity, const char *text)
{
    if (severity == DIRECTORY_ERROR)
        c->totals->errors++;
    else
        c->totals->warnings++;
    c->source->message(c->source->context, severity, c->line, c->statement, text);
}

void directory_error(struct compiler *c, const char *format, ...)
{
    char text[120];
    va_list args;
    va_start(args, format);
    vfmt(text, sizeof text, format, args);
    va_end(args);
    tell(c, DIRECTORY_ERROR, text);
}

void directory_warning(struct compiler *c, const char *format, ...)
{
    char text[120];
    va_list args;
    va_start(args, format);
    vfmt(text, sizeof text, format, args);
    va_end(args);
    tell(c, DIRECTORY_WARNING, text);
}

/* --- records --- */

static void write_record(struct compiler *c, uint32_t number, const void *bytes)
{
    if (c->failed || !c->source->write_record)
        return;
    if (number >= c->source->max_records) {
        c->failed = true;
        directory_error(c, "the directory needs more than the %u records that it has",
                        c->source->max_records);
    } else if (!c->source->write_record(c->source->context, number, bytes)) {
        c->failed = true;
        directory_error(c, "record %u cannot be written", number);
    }
}

static void end_record(struct compiler *c)
{
    if (!c->record_used)
        return;
    memset(c->record + c->record_used, 0, DIRECTORY_RECORD - c->record_used);
    write_record(c, c->record_number, c->record);
    c->record_number++;
    c->record_used = 0;
}

/* Is there memory for one more user or extent? */
static bool room(struct compiler *c)
{
    if ((uint8_t *)(c->users + c->user_count + 1) <= (uint8_t *)(c->extents - c->extent_count - 1))
        return true;
    if (!c->failed)
        directory_error(c, "there are too many users and minidisks for the storage there is");
    c->failed = true;
    return false;
}

/* Where the user is, or belongs, in the index. */
static uint32_t index_place(const struct compiler *c, const uint8_t userid[8], bool *found)
{
    uint32_t low = 0, high = c->user_count;
    *found = false;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        int order = memcmp(userid, c->users[middle].userid, 8);
        if (!order) {
            *found = true;
            return middle;
        }
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static void end_user(struct compiler *c)
{
    bool found;
    if (!c->entry_used)
        return;
    if (c->record_used + c->entry_used > DIRECTORY_RECORD)
        end_record(c);
    memcpy(c->record + c->record_used, c->entry, c->entry_used);
    struct object_index *at = &c->users[index_place(c, directory_entry(c)->userid, &found)];
    if (found) {
        put32(&at->record, c->record_number);
        put16(&at->offset, c->record_used);
        put16(&at->length, c->entry_used);
    }
    c->record_used += c->entry_used;
    c->entry_used = 0;
}

void directory_begin_user(struct compiler *c, const struct object_user *user)
{
    bool found;
    end_user(c);
    uint32_t place = index_place(c, user->userid, &found);
    if (found)
        directory_error(c, "there is a user %s already", c->userid);
    else if (!room(c))
        return;
    else {
        memmove(c->users + place + 1, c->users + place, (c->user_count - place) * sizeof *c->users);
        memset(&c->users[place], 0, sizeof *c->users);
        memcpy(c->users[place].userid, user->userid, 8);
        c->user_count++;
        c->totals->users++;
    }
    memcpy(c->entry, user, sizeof *user);
    c->entry_used = sizeof *user;
    c->seen = 0;
}

void directory_add_device(struct compiler *c, struct object_device *device, size_t length)
{
    device->length = (uint8_t)(OBJECT_DEVICE_BASE + length);
    for (uint32_t at = sizeof(struct object_user); at < c->entry_used; at += c->entry[at])
        if (load_be16(c->entry + at + 2) == get16(device->address)) {
            directory_error(c, "%s has a device %03X already", c->userid,
                            (unsigned)get16(device->address));
            return;
        }
    if (c->entry_used + device->length > DIRECTORY_RECORD) {
        directory_error(c, "%s has too many devices", c->userid);
        return;
    }
    memcpy(c->entry + c->entry_used, device, device->length);
    c->entry_used += device->length;
}

/* A minidisk from cylinder 0 is the whole pack, for maintenance: it may hold others. */
static bool whole_pack(const struct extent *a, uint32_t start, uint32_t cylinders)
{
    return !a->start && start + cylinders <= a->cylinders;
}

void directory_add_extent(struct compiler *c, const char *volume, uint32_t start,
                          uint32_t cylinders)
{
    struct extent new = {.start = (uint16_t)start, .cylinders = (uint16_t)cylinders};
    c->totals->minidisks++;
    if (!room(c))
        return;
    directory_to_disk(new.volume, volume, sizeof new.volume);
    store_be32(new.line, c->line);
    for (uint32_t i = 1; i <= c->extent_count; i++) {
        const struct extent *e = c->extents - i;
        bool same = e->start == start && e->cylinders == cylinders;
        if (memcmp(e->volume, new.volume, sizeof new.volume) || start >= e->start + e->cylinders ||
            e->start >= start + cylinders || same || whole_pack(e, start, cylinders) ||
            whole_pack(&new, e->start, e->cylinders))
            continue;
        directory_warning(c, "cylinders %u to %u of %s overlap the minidisk of line %u", start,
                          start + cylinders - 1, volume, (unsigned)load_be32(e->line));
        break;
    }
    c->extent_count++;
    *(c->extents - c->extent_count) = new;
}

/* --- lines --- */

static void take_line(struct compiler *c, char *line)
{
    struct operands o = {0};
    const struct statement *s = directory_statements;
    char *p = line;
    c->statement = "";
    while (*p && o.count < sizeof o.word / sizeof o.word[0]) {
        while (str_is_space(*p))
            *p++ = 0;
        if (!*p)
            break;
        o.word[o.count++] = p;
        while (*p && !str_is_space(*p))
            p++;
    }
    if (!o.count || o.word[0][0] == '*')
        return;
    while (s->name && !str_abbrev(o.word[0], s->name, s->least))
        s++;
    if (!s->name) {
        directory_error(c, "there is no statement %.16s", o.word[0]);
        return;
    }
    c->statement = s->name;
    bool good = o.count - 1 >= s->min && o.count - 1 <= s->max;
    if (o.count - 1 < s->min)
        directory_error(c, "operands are missing");
    else if (!good)
        directory_error(c, "%.16s is an operand too many", o.word[s->max + 1]);
    if (s->starts_user) { /* the statements behind a bad one are not told of */
        end_user(c);
        c->skipping = !good;
    }
    if (!good || (s->of_user && c->skipping))
        return;
    if (s->of_user && !c->entry_used)
        directory_error(c, "comes before any USER");
    else
        s->compile(c, &o);
}

static void write_index(struct compiler *c)
{
    static const uint8_t id[4] = {0xc4, 0xd9, 0xc3, 0xe3};
    struct object_header *h = (struct object_header *)c->entry;
    uint32_t first = c->record_number, n = 0;
    for (uint32_t i = 0; i < c->user_count; i += INDEX_ENTRIES, n++) {
        uint32_t part = c->user_count - i < INDEX_ENTRIES ? c->user_count - i : INDEX_ENTRIES;
        memset(c->record, 0, DIRECTORY_RECORD);
        memcpy(c->record, c->users + i, part * sizeof *c->users);
        write_record(c, first + n, c->record);
    }
    c->totals->records = first + n;
    if (c->totals->errors)
        return;
    memset(c->entry, 0, DIRECTORY_RECORD);
    memcpy(h->id, id, sizeof id);
    put32(&h->version, DIRECTORY_VERSION);
    put32(&h->records, first + n);
    put32(&h->users, c->user_count);
    put32(&h->index, first);
    put32(&h->index_records, n);
    put32(&h->systems, c->system_count);
    memcpy(h + 1, c->systems, c->system_count * sizeof *c->systems);
    c->totals->systems = c->system_count;
    write_record(c, 0, c->entry);
}

bool directory_compile(const struct directory_source *source, void *memory, size_t size,
                       struct directory_totals *totals)
{
    struct compiler c = {.source = source, .totals = totals, .record_number = 1, .statement = ""};
    char line[134];
    memset(totals, 0, sizeof *totals);
    if (size < 4 * DIRECTORY_RECORD) {
        directory_error(&c, "not enough storage");
        return false;
    }
    c.record = memory;
    c.entry = c.record + DIRECTORY_RECORD;
    c.systems = (struct object_system *)(c.entry + DIRECTORY_RECORD);
    c.users = (struct object_index *)((uint8_t *)c.systems + DIRECTORY_RECORD);
    c.extents = (struct extent *)(c.record + (size & ~(size_t)15));
    while (source->next_line(source->context, line, sizeof line)) {
        c.line++;
        line[LAST_COLUMN] = 0;
        str_upcase(line, strlen(line));
        take_line(&c, line);
    }
    c.statement = "";
    end_user(&c);
    if (!c.user_count && !totals->errors)
        directory_error(&c, "there is no user in it");
    end_record(&c);
    write_index(&c);
    return !totals->errors && !c.failed;
}
