/* COPYFILE fileid1 [fileid2 ...] [output id] [(options]: copies, joins and converts files.  In
 * the output id "=" keeps a part of the input's; several files (or "*") into one id without
 * "=" are joined.  The output is made in a work file that takes its name when it is complete; so
 * an error leaves the old one as it was.  Specifications and packed files are in cms/copy. */
#include "cms/copy/pack.h"
#include "cms/copy/specs.h"
#include "cms/kit/cms.h"

#define MODULE  "CPY"
#define IDS_MAX 20

enum {
    TYPE,
    NOTYPE,
    NEWDATE,
    OLDDATE,
    NEWFILE,
    REPLACE,
    FROM,
    FRLABEL,
    FOR,
    TOLABEL,
    SPECS,
    NOSPECS,
    OVLY,
    APPEND,
    RECFM,
    LRECL,
    TRUNC,
    NOTRUNC,
    PACK,
    UNPACK,
    FILL,
    EBCDIC,
    UPCASE,
    LOWCASE,
    TRANS,
    PROMPT,
    NOPROMPT,
    SINGLE,
    OPTIONS
};
static const struct cms_option options[OPTIONS] = {
    [TYPE] = {"TYPE", 2},          [NOTYPE] = {"NOTYPE", 3},      [NEWDATE] = {"NEWDATE", 4},
    [OLDDATE] = {"OLDDATE", 4},    [NEWFILE] = {"NEWFILE", 4},    [REPLACE] = {"REPLACE", 3},
    [FROM] = {"FROM", 2, 1},       [FRLABEL] = {"FRLABEL", 3, 1}, [FOR] = {"FOR", 3, 1},
    [TOLABEL] = {"TOLABEL", 3, 1}, [SPECS] = {"SPECS", 2},        [NOSPECS] = {"NOSPECS", 4},
    [OVLY] = {"OVLY", 2},          [APPEND] = {"APPEND", 2},      [RECFM] = {"RECFM", 3, 1},
    [LRECL] = {"LRECL", 2, 1},     [TRUNC] = {"TRUNC", 3},        [NOTRUNC] = {"NOTRUNC", 4},
    [PACK] = {"PACK", 2},          [UNPACK] = {"UNPACK", 3},      [FILL] = {"FILL", 3, 1},
    [EBCDIC] = {"EBCDIC", 2},      [UPCASE] = {"UPCASE", 2},      [LOWCASE] = {"LOWCASE", 2},
    [TRANS] = {"TRANS", 2},        [PROMPT] = {"PROMPT", 3},      [NOPROMPT] = {"NOPROMPT", 4},
    [SINGLE] = {"SINGLE", 2},
};

static const uint8_t conflicts[][2] = {
    {TYPE, NOTYPE},  {NEWDATE, OLDDATE}, {NEWFILE, REPLACE}, {NEWFILE, APPEND},
    {NEWFILE, OVLY}, {REPLACE, APPEND},  {REPLACE, OVLY},    {APPEND, OVLY},
    {FROM, FRLABEL}, {FOR, TOLABEL},     {SPECS, NOSPECS},   {TRUNC, NOTRUNC},
    {PACK, UNPACK},  {UPCASE, LOWCASE},  {PROMPT, NOPROMPT}, {PACK, APPEND},
    {PACK, OVLY},    {PACK, RECFM},      {PACK, LRECL},      {PACK, TRUNC},
    {PACK, SPECS},   {UNPACK, APPEND},   {UNPACK, OVLY},     {UNPACK, RECFM},
    {UNPACK, LRECL}, {UNPACK, SPECS},    {PACK, FROM},       {UNPACK, FROM},
    {PACK, FRLABEL}, {UNPACK, FRLABEL},  {PACK, FOR},        {UNPACK, FOR},
    {PACK, TOLABEL}, {UNPACK, TOLABEL},  {UNPACK, TRUNC},
};

struct copy {
    const char *found[OPTIONS];
    uint32_t first, count, lrecl; /* FROM, FOR, LRECL; 0: not given */
    char recfm, fill;
    struct specs specs;
    bool translates;
    uint8_t table[256]; /* EBCDIC, UPCASE, LOWCASE and TRANS together */
    /* the output under way */
    struct fscb out, under; /* under: OVLY's old file */
    struct cms_fileid work, target;
    struct cms_fileinfo dated; /* OLDDATE: the first input */
    bool open, appending, overlaying;
    uint32_t under_records;
    char out_recfm;
    uint32_t out_lrecl, written, buffer_size;
    char
        *buffer; /* for the record that is made: in `batch`, behind those that wait to be written */
    char *batch;
    uint32_t batch_size, waiting, waiting_most;
    /* PACK and UNPACK: a record of PACK_RECORD bytes, and how much of it is used. */
    struct fscb in;
    struct pack_header header;
    uint8_t packed[PACK_RECORD];
    uint32_t packed_used;
    int packed_rc;
};

static int no_storage(void)
{
    return cms_error(RC_NO_STORAGE, "DMS" MODULE "109S VIRTUAL STORAGE CAPACITY EXCEEDED");
}

/* ---- lists that are asked for ---- */

static int bad_specification(enum specs_error e, const char *list, const char *at)
{
    if (e == SPECS_TOO_MANY)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "103S NUMBER OF SPECS EXCEEDS MAX %d",
                         SPECS_MAX);
    if (e == SPECS_NO_ROOM)
        return cms_error(RC_BAD_OPERAND,
                         "DMS" MODULE "101S SPECS TEMP STRING STORAGE EXHAUSTED AT '%.20s'", at);
    return cms_error(RC_BAD_OPERAND, "DMS" MODULE "064E INVALID %sSPECIFICATION AT OR NEAR '%.20s'",
                     list, at);
}

static int ask(struct copy *c, bool translation)
{
    char line[CMS_LINE_MAX + 1];
    const char *at;
    bool more = true, any = false;

    if (!c->found[NOPROMPT])
        cms_error(0, translation ? "DMS" MODULE "602R ENTER TRANSLATION LIST:"
                                 : "DMS" MODULE "601R ENTER SPECIFICATION LIST:");
    while (more) {
        int n = cms_read(line, CMS_LINE_MAX, 0);
        line[n > 0 ? n : 0] = 0;
        enum specs_error e = translation ? trans_add(c->table, line, &more, &at)
                                         : specs_add(&c->specs, line, &more, &at);
        if (e)
            return bad_specification(e, translation ? "TRANSLATE " : "", at);
        any = any || n > 0;
    }
    if (any)
        return RC_OK;
    return cms_error(RC_FAILED, "DMS" MODULE "063E NO %s LIST ENTERED",
                     translation ? "TRANSLATION" : "SPECIFICATION");
}

/* Cards of the 026 keypunch: GC20-1818, COPYFILE, option EBCDIC. */
static const char bcd[] = "%<&#@'", ebcdic[] = "()+='"
                                               ":";

static int prepare_table(struct copy *c)
{
    c->translates = c->found[EBCDIC] || c->found[UPCASE] || c->found[LOWCASE] || c->found[TRANS];
    for (unsigned i = 0; i < 256; i++) {
        char x = (char)i;
        c->table[i] = (uint8_t)(c->found[UPCASE]    ? str_upper(x)
                                : c->found[LOWCASE] ? str_lower(x)
                                                    : x);
    }
    for (unsigned i = 0; c->found[EBCDIC] && bcd[i]; i++)
        c->table[(uint8_t)bcd[i]] = (uint8_t)ebcdic[i];
    return c->found[TRANS] ? ask(c, true) : RC_OK;
}

/* ---- packed records ---- */

static bool put_packed(void *context, uint8_t byte)
{
    struct copy *c = context;

    c->packed[c->packed_used++] = byte;
    if (c->packed_used < PACK_RECORD)
        return true;
    c->packed_used = 0;
    c->packed_rc = cms_file_write(&c->out, c->packed, PACK_RECORD, 'F');
    return !c->packed_rc;
}

static bool get_packed(void *context, uint8_t *byte)
{
    struct copy *c = context;

    if (c->packed_used == PACK_RECORD) {
        c->packed_rc = cms_file_read(&c->in, c->packed, PACK_RECORD);
        if (c->packed_rc)
            return false;
        c->packed_used = 0;
    }
    *byte = c->packed[c->packed_used++];
    return true;
}

static int begin_packing(struct copy *c, const struct cms_fileinfo *info)
{
    struct pack_writer w = {c, put_packed};

    memset(&c->header, 0, sizeof(c->header));
    put32(&c->header.magic, PACK_MAGIC);
    c->header.version = 1;
    c->header.recfm = (uint8_t)info->recfm;
    put32(&c->header.lrecl, info->lrecl);
    put32(&c->header.records, info->records);
    c->packed_used = 0;
    return pack_begin(&w, &c->header) ? 0 : c->packed_rc;
}

static int end_packing(struct copy *c)
{
    if (!c->packed_used)
        return 0;
    memset(c->packed + c->packed_used, 0, PACK_RECORD - c->packed_used);
    return cms_file_write(&c->out, c->packed, PACK_RECORD, 'F');
}

/* ---- one record ---- */

/* F records come and go some at a time, unless storage is short. */
#define BATCH_BYTES 16384

static int write_batch(struct copy *c)
{
    uint32_t n = c->waiting;

    c->waiting = 0;
    c->buffer = c->batch;
    return n ? cms_file_write_many(&c->out, c->batch, c->out_lrecl, n) : 0;
}

static int write_fixed(struct copy *c)
{
    c->buffer += c->out_lrecl;
    return ++c->waiting == c->waiting_most ? write_batch(c) : 0;
}

/* The old file's record below the new one, as long as it is. */
static uint32_t lay_under(struct copy *c)
{
    uint32_t n = 0;

    if (c->overlaying && c->written < c->under_records &&
        cms_file_read_at(&c->under, c->written + 1, c->buffer, c->buffer_size) == 0)
        n = c->under.nord;
    memset(c->buffer + n, c->fill, c->buffer_size - n);
    return n;
}

static int write_record(struct copy *c, const char *record, uint32_t length)
{
    uint32_t under = lay_under(c);

    if (c->specs.count) {
        length = specs_apply(&c->specs, record, length, c->buffer, c->buffer_size);
    } else {
        if (length > c->buffer_size)
            length = c->buffer_size;
        memcpy(c->buffer, record, length);
    }
    if (length < under)
        length = under;
    for (uint32_t i = 0; c->translates && i < length; i++)
        c->buffer[i] = (char)c->table[(uint8_t)c->buffer[i]];
    c->written++;
    if (c->found[PACK]) {
        struct pack_writer w = {c, put_packed};
        return pack_record(&w, &c->header, (const uint8_t *)c->buffer, length) ? 0 : c->packed_rc;
    }
    if (c->out_recfm == 'F')
        return write_fixed(c);
    if (c->lrecl && length > c->lrecl)
        length = c->lrecl;
    while (c->found[TRUNC] && length > 1 && c->buffer[length - 1] == c->fill)
        length--;
    return cms_file_write(&c->out, c->buffer, length, c->out_recfm);
}

static bool begins_with(const char *record, uint32_t length, const char token[8])
{
    char word[9];

    str_unpad(word, token, 8);
    size_t n = strlen(word);
    return length >= n && !memcmp(record, word, n);
}

static int no_label(const struct copy *c, int option, const struct cms_fileinfo *info)
{
    return cms_error(RC_BAD_FILE,
                     "DMS" MODULE "157E LABEL '%.8s' NOT FOUND IN FILE '%.8s %.8s %.2s'",
                     c->found[option], info->id.fn, info->id.ft, info->id.fm);
}

/* The input's records, F ones some at a time. */
struct source {
    char *bytes;
    uint32_t size, lrecl, most; /* of the storage; longest record; records read at once */
    uint32_t first, count;      /* those that are there */
};

static bool open_source(struct source *s, const struct cms_fileinfo *info)
{
    memset(s, 0, sizeof(*s));
    s->lrecl = info->lrecl ? info->lrecl : 1;
    s->most = info->recfm == 'F' && s->lrecl < BATCH_BYTES ? BATCH_BYTES / s->lrecl : 1;
    s->size = s->lrecl * s->most;
    s->bytes = cms_alloc(s->size);
    if (s->bytes || s->most == 1)
        return s->bytes != NULL;
    s->most = 1;
    s->size = s->lrecl;
    return (s->bytes = cms_alloc(s->size)) != NULL;
}

/* Record n and its length. */
static int get_record(struct copy *c, struct source *s, uint32_t n, const char **record,
                      uint32_t *length)
{
    if (n - s->first >= s->count) {
        s->count = 0;
        int rc = cms_file_read_many(&c->in, n, s->bytes, s->size, s->most);
        if (rc)
            return rc;
        s->first = n;
        s->count = s->most > 1 ? c->in.nord / s->lrecl : 1;
    }
    *record = s->bytes + (n - s->first) * s->lrecl;
    *length = s->most > 1 ? s->lrecl : c->in.nord;
    return 0;
}

/* FRLABEL and TOLABEL: where the reader is. */
enum place { BEFORE, WITHIN, BEHIND };

static enum place look_for_labels(const struct copy *c, enum place place, const char *record,
                                  uint32_t length)
{
    if (place == BEFORE && begins_with(record, length, c->found[FRLABEL]))
        place = WITHIN;
    if (place == WITHIN && c->found[TOLABEL] && begins_with(record, length, c->found[TOLABEL]))
        place = BEHIND;
    return place;
}

/* The records of one input file. */
static int copy_records(struct copy *c, const struct cms_fileinfo *info)
{
    struct source s;
    uint32_t taken = 0, length;
    const char *record;
    enum place place = c->found[FRLABEL] ? BEFORE : WITHIN;
    int rc = RC_OK, got = 0;

    if (!open_source(&s, info))
        return no_storage();
    cms_file(&c->in, &info->id);
    for (uint32_t n = c->first ? c->first : 1; n <= info->records && !rc && place != BEHIND; n++) {
        got = get_record(c, &s, n, &record, &length);
        if (got) {
            rc = cms_file_error(MODULE, &c->in, got, false);
            break;
        }
        place = look_for_labels(c, place, record, length);
        if (place != WITHIN)
            continue;
        if (c->count && taken++ == c->count)
            break;
        got = write_record(c, record, length);
        if (got)
            rc = cms_write_error(MODULE, &c->target, got);
    }
    cms_file_close(&c->in);
    cms_free(s.bytes, s.size);
    if (!rc && place == BEFORE)
        rc = no_label(c, FRLABEL, info);
    if (!rc && c->found[TOLABEL] && place != BEHIND)
        rc = no_label(c, TOLABEL, info);
    return rc;
}

static int unpack_records(struct copy *c, const struct cms_fileinfo *info)
{
    struct pack_reader r = {c, get_packed};
    uint32_t size = c->out_lrecl, length, left = get32(c->header.records);
    uint8_t *record = cms_alloc(size);
    int rc = RC_OK;

    if (!record)
        return no_storage();
    for (; left && !rc; left--) {
        if (!unpack_record(&r, &c->header, record, &length))
            rc = cms_error(RC_BAD_FILE,
                           "DMS" MODULE "068E INPUT FILE '%.8s %.8s %.2s' NOT IN PACKED FORMAT",
                           info->id.fn, info->id.ft, info->id.fm);
        else if ((rc = write_record(c, (const char *)record, length)) != 0)
            rc = cms_write_error(MODULE, &c->target, rc);
    }
    cms_file_close(&c->in);
    cms_free(record, size);
    return rc;
}

/* ---- the output file ---- */

/* What a packed file was before it was packed is what the output is to be. */
static int look_into_packed(struct copy *c, struct cms_fileinfo *input)
{
    struct pack_reader r = {c, get_packed};

    cms_file(&c->in, &input->id);
    c->packed_used = PACK_RECORD;
    if (input->recfm != 'F' || input->lrecl != PACK_RECORD || !unpack_begin(&r, &c->header))
        return cms_error(RC_BAD_FILE,
                         "DMS" MODULE "068E INPUT FILE '%.8s %.8s %.2s' NOT IN PACKED FORMAT",
                         input->id.fn, input->id.ft, input->id.fm);
    input->recfm = (char)c->header.recfm;
    input->lrecl = get32(c->header.lrecl);
    return RC_OK;
}

static int form_of_output(struct copy *c, const struct cms_fileinfo *input,
                          const struct cms_fileinfo *old)
{
    bool as_old = c->appending || c->overlaying;
    uint32_t width = specs_width(&c->specs);

    c->out_recfm = as_old ? old->recfm : c->recfm ? c->recfm : input->recfm;
    c->out_lrecl = as_old && old->recfm == 'F' ? old->lrecl : c->lrecl ? c->lrecl : input->lrecl;
    if (!(as_old && old->recfm == 'F') && !c->lrecl && width > c->out_lrecl)
        c->out_lrecl = width;
    c->buffer_size = c->out_lrecl > input->lrecl ? c->out_lrecl : input->lrecl;
    if (c->overlaying && old->lrecl > c->buffer_size)
        c->buffer_size = old->lrecl;
    c->waiting = 0;
    c->waiting_most = c->out_lrecl < BATCH_BYTES && !c->overlaying ? BATCH_BYTES / c->out_lrecl : 1;
    c->batch_size = c->out_lrecl * (c->waiting_most - 1) + c->buffer_size;
    c->batch = cms_alloc(c->batch_size);
    if (!c->batch) {
        c->waiting_most = 1;
        c->batch_size = c->buffer_size;
        c->batch = cms_alloc(c->batch_size);
    }
    c->buffer = c->batch;
    return c->batch ? RC_OK : no_storage();
}

static int begin_output(struct copy *c, const struct cms_fileid *target,
                        const struct cms_fileinfo *input)
{
    struct cms_fileinfo old;
    char name[24];
    bool in_place = !memcmp(target, &input->id, 17);
    bool exists = cms_state(target, &old) == RC_OK && old.id.fm[0] == target->fm[0];
    int rc = cms_can_create(MODULE, target);

    if (rc)
        return rc;
    if (exists && (!in_place || c->found[NEWFILE]) &&
        !(c->found[REPLACE] || c->found[APPEND] || c->found[OVLY]))
        return cms_error(RC_NOT_FOUND,
                         "DMS" MODULE "024E FILE '%s' ALREADY EXISTS -- SPECIFY 'REPLACE'.",
                         cms_fileid_text(name, target));
    c->target = *target;
    c->dated = *input;
    c->appending = c->found[APPEND] && exists;
    c->overlaying = c->found[OVLY] && exists;
    rc = form_of_output(c, input, &old);
    if (rc)
        return rc;
    c->work = *target;
    if (!c->appending) {
        cms_fileid(&c->work, "COPYFILE", "CMSUT1", "A1");
        memcpy(c->work.fm, target->fm, 2);
        cms_file_erase(&c->work);
    }
    if (c->overlaying) {
        cms_file(&c->under, &old.id);
        c->under_records = old.records;
    }
    cms_file(&c->out, &c->work);
    c->open = true;
    c->written = 0;
    rc = c->found[PACK] ? begin_packing(c, input) : 0;
    if (c->found[TYPE])
        cms_error(0, "DMS" MODULE "721I COPY '%.8s %.8s %.2s' %s '%.8s %.8s %.2s' %s FILE",
                  input->id.fn, input->id.ft, input->id.fm,
                  c->appending    ? "APPEND"
                  : c->overlaying ? "OVLY"
                                  : "TO",
                  target->fn, target->ft, target->fm, exists ? "(OLD)" : "(NEW)");
    return rc ? cms_write_error(MODULE, &c->target, rc) : RC_OK;
}

/* Records of the old file that lie behind those laid over it stay. */
static int rest_of_overlaid(struct copy *c)
{
    while (c->written < c->under_records) {
        int rc = cms_file_read_at(&c->under, c->written + 1, c->buffer, c->buffer_size);
        if (rc)
            return cms_file_error(MODULE, &c->under, rc, false);
        c->written++;
        rc = cms_file_write(&c->out, c->buffer, c->under.nord, c->out_recfm);
        if (rc)
            return cms_write_error(MODULE, &c->target, rc);
    }
    return RC_OK;
}

static int complete(struct copy *c)
{
    int rc;

    if (!c->written && !c->appending)
        return cms_error(RC_FAILED,
                         "DMS" MODULE "173E NO RECORDS WERE COPIED TO OUTPUT FILE '%.8s %.8s %.2s'",
                         c->target.fn, c->target.ft, c->target.fm);
    rc = write_batch(c);
    if (rc)
        return cms_write_error(MODULE, &c->target, rc);
    rc = c->overlaying ? rest_of_overlaid(c) : RC_OK;
    if (!rc && c->found[PACK] && (rc = end_packing(c)) != 0)
        rc = cms_write_error(MODULE, &c->target, rc);
    return rc;
}

static int end_output(struct copy *c, int rc)
{
    if (!c->open)
        return rc;
    c->open = false;
    if (!rc)
        rc = complete(c);
    if (c->overlaying)
        cms_file_close(&c->under);
    int closed = cms_file_close(&c->out);
    cms_free(c->batch, c->batch_size);
    if (!rc && closed)
        rc = cms_write_error(MODULE, &c->target, closed);
    if (!rc && c->found[OLDDATE])
        cms_file_redate(&c->work, &c->dated);
    if (!rc && !c->appending && (closed = cms_replace_file(&c->work, &c->target)) != 0)
        rc = cms_write_error(MODULE, &c->target, closed);
    if (rc && !c->appending)
        cms_file_erase(&c->work);
    return rc;
}

static void take(char *part, const char *asked, const char *input, size_t size)
{
    memcpy(part, asked[0] == '=' ? input : asked, size);
}

/* Each input file has an output file of its own. */
static bool names_by_input(const struct copy *c, const struct cms_fileid *output)
{
    return !c->found[SINGLE] && (output->fn[0] == '=' || output->ft[0] == '=');
}

static int copy_file(struct copy *c, const struct cms_fileinfo *found,
                     const struct cms_fileid *output)
{
    struct cms_fileinfo info = *found;
    int rc = RC_OK;

    if (c->open && (c->found[PACK] || c->found[UNPACK]))
        return cms_error(RC_BAD_OPERAND,
                         "DMS" MODULE
                         "067E COMBINED INPUT FILES ILLEGAL WITH PACK OR UNPACK OPTIONS");
    if (c->first > info.records)
        return cms_error(RC_BAD_FILE,
                         "DMS" MODULE
                         "156E 'FROM %u' NOT FOUND -- FILE '%.8s %.8s %.2s' HAS ONLY %u RECORDS",
                         c->first, info.id.fn, info.id.ft, info.id.fm, info.records);
    if (c->found[UNPACK])
        rc = look_into_packed(c, &info);
    if (!rc && !c->open) {
        struct cms_fileid target;
        take(target.fn, output->fn, info.id.fn, 8);
        take(target.ft, output->ft, info.id.ft, 8);
        take(target.fm, output->fm, info.id.fm, 2);
        if (target.fm[1] == ' ')
            target.fm[1] = output->fm[0] == '=' ? info.id.fm[1] : '1';
        rc = begin_output(c, &target, &info);
    }
    if (!rc)
        rc = c->found[UNPACK] ? unpack_records(c, &info) : copy_records(c, &info);
    if (names_by_input(c, output) || rc)
        rc = end_output(c, rc);
    return rc;
}

static bool generic(const struct cms_fileid *id)
{
    for (int i = 0; i < 16; i++)
        if (((const char *)id)[i] == '*' || ((const char *)id)[i] == '%')
            return true;
    return false;
}

/* All files that fit, known before the first is written. */
static int copy_many(struct copy *c, const struct cms_fileid *pattern,
                     const struct cms_fileid *output)
{
    struct cms_list at;
    struct cms_disk disk;
    uint32_t count = 0;
    char letter = pattern->fm[0] == '*' ? 'A' : pattern->fm[0];
    int rc = RC_OK;

    if (cms_disk(letter, &disk))
        return cms_not_accessed(MODULE, letter);
    size_t size = (disk.files + 1) * sizeof(struct cms_fileinfo);
    struct cms_fileinfo *all = cms_alloc(size);
    if (!all)
        return no_storage();
    for (cms_list_start(&at); count <= disk.files && cms_list_next(&at, letter) == RC_OK;)
        if (cms_match(at.info.id.fn, pattern->fn) && cms_match(at.info.id.ft, pattern->ft))
            all[count++] = at.info;
    if (!count)
        rc = cms_no_file(MODULE, pattern);
    for (uint32_t i = 0; i < count && !rc; i++)
        rc = copy_file(c, &all[i], output);
    cms_free(all, size);
    return rc;
}

static int copy_all(struct copy *c, const struct cms_fileid *ids, int inputs,
                    const struct cms_fileid *output)
{
    struct cms_fileinfo info;
    int rc = RC_OK;

    for (int i = 0; i < inputs && !rc; i++) {
        if (generic(&ids[i])) {
            rc = copy_many(c, &ids[i], output);
            continue;
        }
        rc = cms_state(&ids[i], &info);
        rc = rc ? cms_state_error(MODULE, rc, &ids[i]) : copy_file(c, &info, output);
    }
    return end_output(c, rc);
}

/* ---- options ---- */

static int bad_value(const struct copy *c, int option)
{
    char word[9];

    str_unpad(word, c->found[option], 8);
    return cms_error(RC_BAD_OPERAND,
                     "DMS" MODULE "029E INVALID PARAMETER '%s' IN THE OPTION '%s' FIELD", word,
                     options[option].name);
}

static bool fill_character(const char token[8], char *fill)
{
    char word[9];
    uint32_t value;

    str_unpad(word, token, 8);
    *fill = word[0];
    if (!word[1])
        return true;
    if (word[2] || !str_hex(word, &value))
        return false;
    *fill = (char)value;
    return true;
}

static int option_values(struct copy *c)
{
    for (unsigned i = 0; i < sizeof(conflicts) / sizeof(conflicts[0]); i++)
        if (c->found[conflicts[i][0]] && c->found[conflicts[i][1]])
            return cms_error(RC_BAD_OPERAND,
                             "DMS" MODULE "066E '%s' AND '%s' ARE CONFLICTING OPTIONS",
                             options[conflicts[i][0]].name, options[conflicts[i][1]].name);
    if (c->found[FROM] && (!cms_number(c->found[FROM], &c->first) || !c->first))
        return bad_value(c, FROM);
    if (c->found[FOR] && (!cms_number(c->found[FOR], &c->count) || !c->count))
        return bad_value(c, FOR);
    if (c->found[LRECL] &&
        (!cms_number(c->found[LRECL], &c->lrecl) || !c->lrecl || c->lrecl > CMS_RECORD_MAX))
        return bad_value(c, LRECL);
    if (c->found[RECFM]) {
        c->recfm = c->found[RECFM][0];
        if ((c->recfm != 'F' && c->recfm != 'V') || c->found[RECFM][1] != ' ')
            return bad_value(c, RECFM);
    }
    c->fill = ' ';
    if (c->found[FILL] && !fill_character(c->found[FILL], &c->fill))
        return bad_value(c, FILL);
    if (c->found[FRLABEL] && c->found[TOLABEL] && !memcmp(c->found[FRLABEL], c->found[TOLABEL], 8))
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "172E TOLABEL '%.8s' EQUALS FRLABEL '%.8s'",
                         c->found[TOLABEL], c->found[FRLABEL]);
    return RC_OK;
}

int command_main(const struct cms_call *call)
{
    static struct copy c;
    struct cms_fileid ids[IDS_MAX], output;
    int operands = cms_operands_end(call) - 1;
    int count = operands / 3;
    int rc = cms_parse_options(call, MODULE, options, OPTIONS, c.found);

    if (rc)
        return rc;
    if (!operands)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "042E NO FILEID(S) SPECIFIED");
    if (operands % 3)
        return cms_incomplete(MODULE);
    if (count > IDS_MAX)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "102S TOO MANY FILEIDS");
    rc = option_values(&c);
    if (rc)
        return rc;
    for (int i = 0; i < count; i++)
        cms_fileid_of(&ids[i], call, 1 + 3 * i, "A");
    output = ids[count - 1];
    if (count == 1) /* in place */
        memcpy(&output, "=       =       = ", sizeof(output));
    if (c.found[SPECS])
        rc = ask(&c, false);
    if (!rc)
        rc = prepare_table(&c);
    return rc ? rc : copy_all(&c, ids, count == 1 ? 1 : count - 1, &output);
}
