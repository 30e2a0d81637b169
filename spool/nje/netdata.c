/* NETDATA: text units, control records, segments. */
#include "spool/nje/netdata.h"

#include "lib/be.h"
#include "lib/ebcdic.h"
#include "lib/str.h"

enum { FIRST = 0x80, LAST = 0x40, CONTROL = 0x20, NUMBERED = 0x10 };
#define SEGMENT_MOST 253u
#define ID_BYTES     6u /* "INMR01" */
#define CONTROL_MAX  512u

/* Keys of text units. */
enum key {
    INMDSNAM = 0x0002,
    INMTERM = 0x0028,
    INMDSORG = 0x003c,
    INMLRECL = 0x0042,
    INMRECFM = 0x0049,
    INMTNODE = 0x1001,
    INMTUID = 0x1002,
    INMFNODE = 0x1011,
    INMFUID = 0x1012,
    INMLCHG = 0x1021,
    INMFTIME = 0x1024,
    INMFACK = 0x1026,
    INMUTILN = 0x1028,
    INMRECCT = 0x102a,
    INMSIZE = 0x102c,
    INMFFM = 0x102d,
    INMNUMF = 0x102f,
};

enum { ORGANIZATION_PHYSICAL = 0x4000, RECFM_FIXED = 0x8000, RECFM_VARIABLE = 0x4000 };

/* --- making them --- */

/* A control record that is being made. */
struct control {
    uint8_t bytes[CONTROL_MAX];
    size_t length;
};

static void begin_control(struct control *c, const char *id)
{
    ebcdic_put_field(c->bytes, id, ID_BYTES);
    c->length = ID_BYTES;
}

/* A text unit of `count` values. */
static void begin_unit(struct control *c, enum key key, unsigned count)
{
    store_be16(c->bytes + c->length, key);
    store_be16(c->bytes + c->length + 2, count);
    c->length += 4;
}

static void add_text(struct control *c, const char *text)
{
    size_t n = strlen(text);
    store_be16(c->bytes + c->length, n);
    ebcdic_put_field(c->bytes + c->length + 2, text, n);
    c->length += 2 + n;
}

static void put_text(struct control *c, enum key key, const char *text)
{
    if (!*text)
        return;
    begin_unit(c, key, 1);
    add_text(c, text);
}

static void put_number(struct control *c, enum key key, uint32_t value, unsigned size)
{
    begin_unit(c, key, 1);
    store_be16(c->bytes + c->length, size);
    if (size == 4)
        store_be32(c->bytes + c->length + 2, value);
    else
        store_be16(c->bytes + c->length + 2, value);
    c->length += 2 + size;
}

static void put_bytes(struct netdata_writer *w, const uint8_t *bytes, size_t length)
{
    while (length && !w->failed) {
        size_t room = NETDATA_CARD - w->used, n = length < room ? length : room;
        memcpy(w->at + w->used, bytes, n);
        w->used = (uint8_t)(w->used + n);
        bytes += n;
        length -= n;
        if (w->used < NETDATA_CARD)
            return;
        w->failed = !w->card(w->context, w->at);
        w->used = 0;
    }
}

static bool put_record(struct netdata_writer *w, const uint8_t *bytes, size_t length,
                       uint8_t control)
{
    uint8_t flags = (uint8_t)(FIRST | control);
    do {
        size_t n = length < SEGMENT_MOST ? length : SEGMENT_MOST;
        if (n == length)
            flags |= LAST;
        put_bytes(w, (const uint8_t[]){(uint8_t)(n + 2), flags}, 2);
        put_bytes(w, bytes, n);
        bytes += n;
        length -= n;
        flags &= (uint8_t)~FIRST;
    } while (!(flags & LAST));
    return !w->failed;
}

static bool put_control(struct netdata_writer *w, const struct control *c)
{
    return put_record(w, c->bytes, c->length, CONTROL);
}

static void put_name(struct control *c, const struct netdata_file *f)
{
    char mode[2] = {f->mode[0] ? f->mode[0] : 'A', 0}, number[2] = {f->mode[0] ? f->mode[1] : 0, 0};
    begin_unit(c, INMDSNAM, 3);
    add_text(c, mode);
    add_text(c, f->name);
    add_text(c, f->type);
    put_text(c, INMFFM, number);
}

static bool put_header(struct netdata_writer *w, const struct netdata_file *f)
{
    struct control c;
    begin_control(&c, "INMR01");
    put_number(&c, INMLRECL, NETDATA_CARD, 4);
    put_text(&c, INMFNODE, f->from_node);
    put_text(&c, INMFUID, f->from_user);
    put_text(&c, INMTNODE, f->to_node);
    put_text(&c, INMTUID, f->to_user);
    put_text(&c, INMFTIME, f->sent);
    if (f->acknowledge) {
        begin_unit(&c, INMFACK, 1);
        add_text(&c, "");
    }
    if (!f->is_acknowledgement)
        put_number(&c, INMNUMF, 1, 2);
    return put_control(w, &c);
}

static uint16_t recfm_bits(const struct netdata_file *f)
{
    return f->recfm == 'F' ? RECFM_FIXED : RECFM_VARIABLE;
}

bool netdata_begin(struct netdata_writer *w, const struct netdata_file *f)
{
    struct control c;
    w->used = 0;
    w->failed = false;
    put_header(w, f);
    begin_control(&c, "INMR02");
    store_be32(c.bytes + c.length, 1); /* the first file */
    c.length += 4;
    put_text(&c, INMUTILN, "INMCOPY");
    put_number(&c, INMDSORG, ORGANIZATION_PHYSICAL, 2);
    put_number(&c, INMLRECL, f->lrecl, 4);
    put_number(&c, INMRECFM, recfm_bits(f), 2);
    put_number(&c, INMSIZE, f->bytes, 4);
    put_name(&c, f);
    put_text(&c, INMLCHG, f->changed);
    if (f->records)
        put_number(&c, INMRECCT, f->records, 4);
    if (f->is_note) {
        begin_unit(&c, INMTERM, 0);
    }
    put_control(w, &c);
    begin_control(&c, "INMR03");
    put_number(&c, INMDSORG, ORGANIZATION_PHYSICAL, 2);
    put_number(&c, INMLRECL, f->lrecl, 4);
    put_number(&c, INMRECFM, recfm_bits(f), 2);
    put_number(&c, INMSIZE, f->bytes, 4);
    return put_control(w, &c);
}

bool netdata_record(struct netdata_writer *w, const void *record, size_t length)
{
    return put_record(w, record, length, 0);
}

bool netdata_end(struct netdata_writer *w)
{
    static const uint8_t fill[NETDATA_CARD] = {0};
    struct control c;
    begin_control(&c, "INMR06");
    put_control(w, &c);
    if (w->used)
        put_bytes(w, fill, NETDATA_CARD - w->used);
    return !w->failed;
}

bool netdata_acknowledge(struct netdata_writer *w, const struct netdata_file *f)
{
    struct control c;
    struct netdata_file header = *f;
    header.is_acknowledgement = true;
    header.acknowledge = false;
    w->used = 0;
    w->failed = false;
    put_header(w, &header);
    begin_control(&c, "INMR07");
    put_text(&c, INMFTIME, f->sent);
    put_name(&c, f);
    put_control(w, &c);
    return netdata_end(w);
}

/* --- reading them --- */

void netdata_open(struct netdata_reader *r, void *record, size_t size)
{
    memset(r, 0, sizeof *r);
    r->record = record;
    r->size = size;
    r->file.recfm = 'V';
}

void netdata_card(struct netdata_reader *r, const void *card, size_t length)
{
    r->card = card;
    r->at = 0;
    r->card_length = (uint8_t)length;
}

static enum netdata_event bad(struct netdata_reader *r, const char *why)
{
    r->why = why;
    r->ended = true;
    return NETDATA_BAD;
}

/* A value of a text unit. */
struct value {
    const uint8_t *at;
    size_t length;
};

static void take_text(char *to, size_t size, const struct value *v)
{
    size_t n = v->length < size - 1 ? v->length : size - 1;
    ebcdic_get_field(to, v->at, n);
}

static uint32_t take_number(const struct value *v)
{
    uint32_t value = 0;
    for (size_t i = 0; i < v->length; i++)
        value = value << 8 | v->at[i];
    return value;
}

/* CMS's names are mode, name, type; a data set's last two parts serve as such. */
static void take_name(struct netdata_file *f, const struct value *values, unsigned count)
{
    if (count >= 3 && values[0].length == 1) {
        take_text(f->mode, 2, &values[0]);
        values++;
        count--;
    }
    if (count >= 2) {
        take_text(f->name, sizeof f->name, &values[count - 2]);
        take_text(f->type, sizeof f->type, &values[count - 1]);
    } else if (count) {
        take_text(f->name, sizeof f->name, &values[0]);
    }
}

/* What a text unit says of the file.  `global`: it is of the header. */
static void take_unit(struct netdata_file *f, uint16_t key, const struct value *v, unsigned count,
                      bool global)
{
    static const struct {
        uint16_t key;
        uint16_t member, size;
    } texts[] = {
        {INMTNODE, offsetof(struct netdata_file, to_node), 9},
        {INMTUID, offsetof(struct netdata_file, to_user), 9},
        {INMFNODE, offsetof(struct netdata_file, from_node), 9},
        {INMFUID, offsetof(struct netdata_file, from_user), 9},
        {INMFTIME, offsetof(struct netdata_file, sent), NETDATA_DATE},
        {INMLCHG, offsetof(struct netdata_file, changed), NETDATA_DATE},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts && count; i++)
        if (texts[i].key == key)
            take_text((char *)f + texts[i].member, texts[i].size, v);
    if (key == INMFACK)
        f->acknowledge = true;
    else if (key == INMTERM)
        f->is_note = true;
    else if (key == INMDSNAM)
        take_name(f, v, count);
    else if (key == INMFFM && count && f->mode[0])
        take_text(f->mode + 1, 2, v);
    else if (key == INMLRECL && count && !global)
        f->lrecl = take_number(v);
    else if (key == INMRECFM && count && v->length == 2)
        f->recfm = load_be16(v->at) & RECFM_FIXED ? 'F' : 'V';
    else if (key == INMRECCT && count)
        f->records = take_number(v);
    else if (key == INMSIZE && count)
        f->bytes = take_number(v);
}

#define VALUES_MOST 22 /* parts of a name, the most values that a unit has */

/* The text units from `at` on.  False: they do not fit into the record. */
static bool take_units(struct netdata_reader *r, size_t at, bool global)
{
    const uint8_t *b = r->record;
    while (at < r->length) {
        struct value values[VALUES_MOST] = {{NULL, 0}};
        if (r->length - at < 4)
            return false;
        uint16_t key = load_be16(b + at), count = load_be16(b + at + 2);
        at += 4;
        for (unsigned i = 0; i < count; i++) {
            if (r->length - at < 2)
                return false;
            size_t n = load_be16(b + at);
            at += 2;
            if (n > r->length - at)
                return false;
            if (i < VALUES_MOST)
                values[i] = (struct value){b + at, n};
            at += n;
        }
        take_unit(&r->file, key, values, count < VALUES_MOST ? count : VALUES_MOST, global);
    }
    return true;
}

static enum netdata_event take_control(struct netdata_reader *r)
{
    char id[ID_BYTES + 1];
    if (r->length < ID_BYTES)
        return bad(r, "A CONTROL RECORD IS TOO SHORT");
    ebcdic_get_field(id, r->record, ID_BYTES);
    bool header = !strcmp(id, "INMR01"), file = !strcmp(id, "INMR02"), data = !strcmp(id, "INMR03");
    if (header != !r->header_seen)
        return bad(r, "THERE IS NOT ONE HEADER, AT THE BEGIN");
    if (!strcmp(id, "INMR06")) {
        r->ended = true;
        return NETDATA_END;
    }
    bool acknowledgement = !strcmp(id, "INMR07");
    if (!header && !file && !data && !acknowledgement)
        return NETDATA_MORE; /* of no consequence here */
    if (file && r->started)
        return bad(r, "THERE IS MORE THAN ONE FILE");
    if (file && r->length < ID_BYTES + 4)
        return bad(r, "A CONTROL RECORD IS TOO SHORT");
    /* An unloaded library has a second INMR02 with the utility's own; INMR03 repeats it. */
    if (!data && !take_units(r, ID_BYTES + (file ? 4 : 0), header))
        return bad(r, "A TEXT UNIT IS LONGER THAN ITS RECORD");
    r->header_seen = true;
    r->file.is_acknowledgement |= acknowledgement;
    if (!data && !acknowledgement)
        return NETDATA_MORE;
    r->started = true;
    return NETDATA_START;
}

static enum netdata_event take_record(struct netdata_reader *r)
{
    r->in_record = false;
    if (r->control)
        return take_control(r);
    return r->started ? NETDATA_DATA : bad(r, "DATA COME BEFORE THE FILE'S DESCRIPTION");
}

/* The two bytes before a segment's data.  False: they cannot be. */
static bool take_head(struct netdata_reader *r, uint8_t flags)
{
    bool first = flags & FIRST;
    r->has_length = false;
    if (r->head < 2 || first == r->in_record)
        return false;
    if (first) {
        r->length = 0;
        r->control = flags & CONTROL;
        r->in_record = true;
    } else if (r->control != !!(flags & CONTROL)) {
        return false;
    }
    r->flags = flags;
    r->segment_left = (uint8_t)(r->head - 2);
    return true;
}

enum netdata_event netdata_next(struct netdata_reader *r)
{
    while (!r->ended) {
        bool segment_ended = r->in_record && !r->segment_left && !r->has_length && r->flags;
        if (segment_ended) {
            bool last = r->flags & LAST, numbered = r->flags & NUMBERED;
            r->flags = 0;
            if (numbered)
                return bad(r, "NUMBERED RECORDS ARE NOT TAKEN");
            enum netdata_event e = last ? take_record(r) : NETDATA_MORE;
            if (e != NETDATA_MORE)
                return e;
        }
        if (r->at >= r->card_length)
            return NETDATA_MORE;
        if (r->segment_left) {
            size_t left = (size_t)(r->card_length - r->at);
            size_t n = r->segment_left < left ? r->segment_left : left;
            if (n > r->size - r->length)
                return bad(r, "A RECORD IS TOO LONG");
            memcpy(r->record + r->length, r->card + r->at, n);
            r->length += n;
            r->at = (uint8_t)(r->at + n);
            r->segment_left = (uint8_t)(r->segment_left - n);
        } else if (!r->has_length) {
            r->head = r->card[r->at++];
            r->has_length = true;
        } else if (!take_head(r, r->card[r->at++])) {
            return bad(r, "A SEGMENT IS NOT THE NEXT ONE");
        }
    }
    return r->why ? NETDATA_BAD : NETDATA_END;
}
