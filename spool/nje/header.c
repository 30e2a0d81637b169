/* NJE headers: sections, segments, nodal message records. */
#include "spool/nje/header.h"

#include "lib/be.h"
#include "lib/ebcdic.h"
#include "lib/str.h"
#include "spool/nje/block.h"
#include "spool/nje/fields.h"

#define PREFIX 4u /* length (2), flags, sequence */

enum { SECTION_GENERAL = 0x00, SECTION_RSCS = 0x87 };

/* A section: 2 bytes of length, id, modifier, then its fields, whose offsets count from the length.
 */
struct section {
    uint8_t id;
    uint8_t length;
    const struct nje_field *fields;
    size_t count;
};

#define JOB      struct nje_job
#define DATA_SET struct nje_data_set
#define TRAILER  struct nje_trailer

static const struct nje_field job_fields[] = {
    NJE_NUMBER_AT(4, JOB, id),
    NJE_CHARACTER_AT(6, JOB, class),
    NJE_CHARACTER_AT(7, JOB, message_class),
    NJE_NUMBER_AT(8, JOB, flags),
    NJE_NUMBER_AT(9, JOB, priority),
    NJE_NUMBER_AT(10, JOB, qualifier),
    NJE_NUMBER_AT(11, JOB, copies),
    NJE_NUMBER_AT(12, JOB, lines_per_page),
    NJE_TEXT_AT(16, JOB, account),
    NJE_TEXT_AT(24, JOB, name),
    NJE_TEXT_AT(32, JOB, user),
    NJE_TEXT_AT(40, JOB, password),
    NJE_TEXT_AT(48, JOB, new_password),
    NJE_NUMBER_AT(56, JOB, entered),
    NJE_TEXT_AT(64, JOB, origin_node),
    NJE_TEXT_AT(72, JOB, origin_user),
    NJE_TEXT_AT(80, JOB, execution_node),
    NJE_TEXT_AT(88, JOB, execution_user),
    NJE_TEXT_AT(96, JOB, print_node),
    NJE_TEXT_AT(104, JOB, print_user),
    NJE_TEXT_AT(112, JOB, punch_node),
    NJE_TEXT_AT(120, JOB, punch_user),
    NJE_TEXT_AT(128, JOB, form),
    NJE_NUMBER_AT(136, JOB, cards),
    NJE_NUMBER_AT(140, JOB, seconds),
    NJE_NUMBER_AT(144, JOB, lines),
    NJE_NUMBER_AT(148, JOB, cards_out),
    NJE_TEXT_AT(152, JOB, programmer),
    NJE_TEXT_AT(172, JOB, room),
    NJE_TEXT_AT(180, JOB, department),
    NJE_TEXT_AT(188, JOB, building),
    NJE_NUMBER_AT(196, JOB, records),
};

static const struct nje_field data_set_fields[] = {
    NJE_TEXT_AT(4, DATA_SET, node),         NJE_TEXT_AT(12, DATA_SET, user),
    NJE_TEXT_AT(20, DATA_SET, procedure),   NJE_TEXT_AT(28, DATA_SET, step),
    NJE_TEXT_AT(36, DATA_SET, dd),          NJE_NUMBER_AT(44, DATA_SET, number),
    NJE_CHARACTER_AT(47, DATA_SET, class),  NJE_NUMBER_AT(48, DATA_SET, records),
    NJE_NUMBER_AT(52, DATA_SET, flags),     NJE_NUMBER_AT(53, DATA_SET, recfm),
    NJE_NUMBER_AT(54, DATA_SET, lrecl),     NJE_NUMBER_AT(56, DATA_SET, copies),
    NJE_NUMBER_AT(57, DATA_SET, fcb_index), NJE_NUMBER_AT(58, DATA_SET, lines_per_page),
    NJE_TEXT_AT(60, DATA_SET, form),        NJE_TEXT_AT(68, DATA_SET, fcb),
    NJE_TEXT_AT(76, DATA_SET, ucs),         NJE_TEXT_AT(84, DATA_SET, writer),
    NJE_NUMBER_AT(100, DATA_SET, output),   NJE_NUMBER_AT(101, DATA_SET, ucs_options),
    NJE_TEXT_AT(104, DATA_SET, mode),
};

static const struct nje_field rscs_fields[] = {
    NJE_NUMBER_AT(4, DATA_SET, rscs_flags), NJE_CHARACTER_AT(5, DATA_SET, rscs_class),
    NJE_NUMBER_AT(6, DATA_SET, device),     NJE_NUMBER_AT(7, DATA_SET, page_length),
    NJE_TEXT_AT(8, DATA_SET, distribution), NJE_TEXT_AT(16, DATA_SET, file_name),
    NJE_TEXT_AT(28, DATA_SET, file_type),   NJE_NUMBER_AT(40, DATA_SET, priority),
    NJE_NUMBER_AT(42, DATA_SET, version),   NJE_NUMBER_AT(43, DATA_SET, release),
    NJE_TEXT_AT(44, DATA_SET, tag),
};

static const struct nje_field trailer_fields[] = {
    NJE_NUMBER_AT(4, TRAILER, flags),
    NJE_CHARACTER_AT(5, TRAILER, class),
    NJE_NUMBER_AT(8, TRAILER, started),
    NJE_NUMBER_AT(16, TRAILER, stopped),
    NJE_NUMBER_AT(24, TRAILER, cpu),
    NJE_NUMBER_AT(28, TRAILER, lines),
    NJE_NUMBER_AT(32, TRAILER, cards),
    NJE_NUMBER_AT(36, TRAILER, excp),
    NJE_NUMBER_AT(40, TRAILER, priority),
    NJE_NUMBER_AT(41, TRAILER, last_priority),
    NJE_NUMBER_AT(42, TRAILER, output_priority),
    NJE_NUMBER_AT(43, TRAILER, last_output_priority),
};

static const struct section job_section = {SECTION_GENERAL, 200, NJE_FIELDS(job_fields)};
static const struct section data_set_section = {SECTION_GENERAL, 112, NJE_FIELDS(data_set_fields)};
static const struct section rscs_section = {SECTION_RSCS, 180, NJE_FIELDS(rscs_fields)};
static const struct section trailer_section = {SECTION_GENERAL, 44, NJE_FIELDS(trailer_fields)};

/* --- sections --- */

/* Appends a section to the header of *length bytes. */
static void put_section(uint8_t *header, size_t *length, const struct section *s, const void *from)
{
    uint8_t *at = header + *length;
    memset(at, 0, s->length);
    store_be16(at, s->length);
    at[2] = s->id;
    nje_fields_put(at, from, s->fields, s->count);
    *length += s->length;
}

static size_t put_prefix(uint8_t *header, size_t length)
{
    memset(header, 0, PREFIX);
    store_be16(header, length);
    return length;
}

/* The section of this id: its place and *section_length; NULL: there is none, or one before it is
 * wrong. */
static const uint8_t *find_section(const uint8_t *header, size_t length, uint8_t id,
                                   size_t *section_length)
{
    for (size_t at = PREFIX; at + 4 <= length; at += *section_length) {
        *section_length = load_be16(header + at);
        if (*section_length < 4 || *section_length > length - at)
            return NULL;
        if (header[at + 2] == id)
            return header + at;
    }
    return NULL;
}

static bool get_section(void *to, const uint8_t *header, size_t length, const struct section *s)
{
    size_t n;
    const uint8_t *at = find_section(header, length, s->id, &n);
    if (at)
        nje_fields_get(to, at, n, s->fields, s->count);
    return at != NULL;
}

size_t nje_job_put(uint8_t *to, const struct nje_job *job)
{
    size_t length = PREFIX;
    put_section(to, &length, &job_section, job);
    return put_prefix(to, length);
}

size_t nje_data_set_put(uint8_t *to, const struct nje_data_set *d)
{
    size_t length = PREFIX;
    put_section(to, &length, &data_set_section, d);
    if (d->has_rscs)
        put_section(to, &length, &rscs_section, d);
    return put_prefix(to, length);
}

size_t nje_trailer_put(uint8_t *to, const struct nje_trailer *t)
{
    size_t length = PREFIX;
    put_section(to, &length, &trailer_section, t);
    return put_prefix(to, length);
}

bool nje_job_get(struct nje_job *job, const uint8_t *from, size_t length)
{
    memset(job, 0, sizeof *job);
    return get_section(job, from, length, &job_section);
}

bool nje_data_set_get(struct nje_data_set *d, const uint8_t *from, size_t length)
{
    memset(d, 0, sizeof *d);
    if (!get_section(d, from, length, &data_set_section))
        return false;
    d->has_rscs = get_section(d, from, length, &rscs_section);
    return true;
}

bool nje_trailer_get(struct nje_trailer *t, const uint8_t *from, size_t length)
{
    memset(t, 0, sizeof *t);
    return get_section(t, from, length, &trailer_section);
}

/* --- segments --- */

#define SEGMENT_MORE  0x80
#define SEGMENT_BYTES (NJE_RECORD_MAX - PREFIX)

size_t nje_segment_put(uint8_t *to, const uint8_t *header, size_t length, unsigned number)
{
    size_t body = length - PREFIX, at = (size_t)number * SEGMENT_BYTES;
    if (at >= body)
        return 0;
    bool more = body - at > SEGMENT_BYTES;
    size_t n = more ? SEGMENT_BYTES : body - at;
    store_be16(to, n + PREFIX);
    to[2] = header[2];
    to[3] = (uint8_t)((more ? SEGMENT_MORE : 0) | number);
    memcpy(to + PREFIX, header + PREFIX + at, n);
    return n + PREFIX;
}

bool nje_segment_get(struct nje_joiner *j, const uint8_t *record, size_t length)
{
    if (length < PREFIX || load_be16(record) != length || (record[3] & 0x7f) != j->next ||
        j->complete)
        return false;
    if (!j->next) {
        memcpy(j->header, record, PREFIX);
        j->length = PREFIX;
    }
    if (j->length + length - PREFIX > sizeof j->header)
        return false;
    memcpy(j->header + j->length, record + PREFIX, length - PREFIX);
    j->length = (uint16_t)(j->length + length - PREFIX);
    j->complete = !(record[3] & SEGMENT_MORE);
    j->next++;
    return true;
}

/* --- nodal message records --- */

#define NMR struct nje_nmr

static const struct nje_field nmr_fields[] = {
    NJE_NUMBER_AT(0, NMR, flags),         NJE_NUMBER_AT(1, NMR, level),
    NJE_NUMBER_AT(2, NMR, type),          NJE_TEXT_AT(4, NMR, to_node),
    NJE_NUMBER_AT(12, NMR, to_qualifier), NJE_TEXT_AT(13, NMR, user),
    NJE_TEXT_AT(21, NMR, from_node),      NJE_NUMBER_AT(29, NMR, from_qualifier),
};

/* How many bytes in front of a message's text are the time stamp and the sender's userid. */
static bool has_sender(const struct nje_nmr *n)
{
    return !(n->flags & NJE_NMR_COMMAND) && (n->type & NJE_NMR_SENDER);
}

static bool has_time(const struct nje_nmr *n)
{
    return has_sender(n) && !(n->type & NJE_NMR_NO_TIME);
}

size_t nje_nmr_put(uint8_t *to, const struct nje_nmr *n)
{
    size_t length = strlen(n->text), at = NJE_NMR_HEAD;
    if (length > NJE_NMR_TEXT)
        length = NJE_NMR_TEXT;
    memset(to, 0, NJE_NMR_HEAD);
    nje_fields_put(to, n, NJE_FIELDS(nmr_fields));
    if (has_time(n)) {
        ebcdic_put_field(to + at, "", 8); /* whoever gets it has a clock */
        at += 8;
    }
    if (has_sender(n)) {
        ebcdic_put_field(to + at, n->sender, 8);
        at += 8;
    }
    ebcdic_put_field(to + at, n->text, length);
    at += length;
    to[3] = (uint8_t)(at - NJE_NMR_HEAD);
    return at;
}

bool nje_nmr_get(struct nje_nmr *n, const uint8_t *from, size_t length)
{
    size_t at = NJE_NMR_HEAD, end;
    memset(n, 0, sizeof *n);
    if (length < NJE_NMR_HEAD)
        return false;
    nje_fields_get(n, from, length, NJE_FIELDS(nmr_fields));
    end = at + from[3];
    if (end > length)
        return false;
    if (has_time(n))
        at += 8;
    if (has_sender(n) && at + 8 <= end) {
        ebcdic_get_field(n->sender, from + at, 8);
        at += 8;
    }
    if (at > end)
        return false;
    size_t most = end - at > NJE_NMR_TEXT ? NJE_NMR_TEXT : end - at;
    ebcdic_get_field(n->text, from + at, most);
    return true;
}
