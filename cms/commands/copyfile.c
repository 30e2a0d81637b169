/* COPYFILE fileid1 [fileid2 ...] [output id] [(options]: copies, joins and converts files.  In
 * the output id "=" keeps a part of the input's; several files (or "*") into one id without
 * "=" are joined.  The output is made in a work file that takes its name when it is complete. */
#include "cms/kit/cms.h"

#define MODULE    "CPY"
#define SPECS_MAX 20
#define IDS_MAX   20

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
    APPEND,
    RECFM,
    LRECL,
    TRUNC,
    NOTRUNC,
    FILL,
    UPCASE,
    LOWCASE,
    PROMPT,
    NOPROMPT,
    OPTIONS
};
static const struct cms_option options[OPTIONS] = {
    [TYPE] = {"TYPE", 2},          [NOTYPE] = {"NOTYPE", 3},      [NEWDATE] = {"NEWDATE", 4},
    [OLDDATE] = {"OLDDATE", 4},    [NEWFILE] = {"NEWFILE", 4},    [REPLACE] = {"REPLACE", 3},
    [FROM] = {"FROM", 2, 1},       [FRLABEL] = {"FRLABEL", 3, 1}, [FOR] = {"FOR", 2, 1},
    [TOLABEL] = {"TOLABEL", 3, 1}, [SPECS] = {"SPECS", 2},        [NOSPECS] = {"NOSPECS", 4},
    [APPEND] = {"APPEND", 2},      [RECFM] = {"RECFM", 3, 1},     [LRECL] = {"LRECL", 2, 1},
    [TRUNC] = {"TRUNC", 3},        [NOTRUNC] = {"NOTRUNC", 4},    [FILL] = {"FILL", 3, 1},
    [UPCASE] = {"UPCASE", 2},      [LOWCASE] = {"LOWCASE", 2},    [PROMPT] = {"PROMPT", 3},
    [NOPROMPT] = {"NOPROMPT", 4},
};

/* Part of a record (or a text) that goes to a column of the output. */
struct spec {
    const char *text; /* in the line of specifications; NULL: columns of the record */
    uint32_t from, length, to;
};

struct copy {
    const char *found[OPTIONS];
    uint32_t first, count, lrecl; /* FROM, FOR, LRECL; 0: not given */
    char recfm, fill;
    struct spec specs[SPECS_MAX];
    unsigned spec_count;
    char spec_line[CMS_LINE_MAX + 1];
    /* the output under way */
    struct fscb out;
    struct cms_fileid work, target;
    bool open, appending;
    char out_recfm;
    uint32_t out_lrecl, written, buffer_size;
    char *buffer;
};

/* ---- SPECS ---- */

static bool parse_source(const char **at, struct spec *s)
{
    char word[16], *dash;
    uint32_t last;

    while (**at == ' ')
        ++*at;
    if (**at == '/') {
        const char *begin = ++*at;
        while (**at && **at != '/')
            ++*at;
        s->text = begin;
        s->length = (uint32_t)(*at - begin);
        return *(*at)++ == '/' && s->length;
    }
    if (!str_word(at, word, sizeof(word)))
        return false;
    dash = strchr(word, '-');
    if (dash)
        *dash = 0;
    if (!str_decimal(word, &s->from) || !s->from)
        return false;
    last = s->from;
    if (dash && (!str_decimal(dash + 1, &last) || last < s->from))
        return false;
    s->length = last - s->from + 1;
    return true;
}

static int ask_specs(struct copy *c)
{
    char word[16];
    const char *at = c->spec_line;

    if (!c->found[NOPROMPT])
        cms_error(0, "DMS" MODULE "601R ENTER SPECIFICATION LIST:");
    int n = cms_read(c->spec_line, CMS_LINE_MAX, 0);
    c->spec_line[n > 0 ? n : 0] = 0;
    for (;;) {
        while (*at == ' ')
            at++;
        if (!*at)
            return c->spec_count
                       ? RC_OK
                       : cms_error(RC_BAD_OPERAND, "DMS" MODULE "068E NO SPECIFICATION LIST");
        struct spec *s = &c->specs[c->spec_count];
        if (c->spec_count++ == SPECS_MAX || !parse_source(&at, s) ||
            !str_word(&at, word, sizeof(word)) || !str_decimal(word, &s->to) || !s->to ||
            s->to + s->length > CMS_RECORD_MAX)
            return cms_error(RC_BAD_OPERAND, "DMS" MODULE "068E INVALID SPECIFICATION LIST");
    }
}

/* The record by the specifications, in c->buffer; its length. */
static uint32_t apply_specs(struct copy *c, const char *record, uint32_t length)
{
    uint32_t end = 0;

    memset(c->buffer, c->fill, c->buffer_size);
    for (unsigned i = 0; i < c->spec_count; i++) {
        const struct spec *s = &c->specs[i];
        uint32_t n = s->length;
        const char *from = s->text;
        if (!from) {
            if (s->from > length)
                continue;
            from = record + s->from - 1;
            if (n > length - s->from + 1)
                n = length - s->from + 1;
        }
        if (s->to - 1 + n > c->buffer_size)
            continue;
        memcpy(c->buffer + s->to - 1, from, n);
        if (s->to - 1 + n > end)
            end = s->to - 1 + n;
    }
    return end ? end : 1;
}

/* ---- one record ---- */

static int write_record(struct copy *c, const char *record, uint32_t length)
{
    if (c->spec_count) {
        length = apply_specs(c, record, length);
    } else {
        if (length > c->buffer_size)
            length = c->buffer_size;
        memcpy(c->buffer, record, length);
    }
    if (c->found[UPCASE])
        str_upcase(c->buffer, length);
    for (uint32_t i = 0; c->found[LOWCASE] && i < length; i++)
        c->buffer[i] = str_lower(c->buffer[i]);
    if (c->out_recfm == 'F') {
        if (length < c->out_lrecl)
            memset(c->buffer + length, c->fill, c->out_lrecl - length);
        length = c->out_lrecl;
    } else {
        if (c->lrecl && length > c->lrecl)
            length = c->lrecl;
        while (c->found[TRUNC] && length > 1 && c->buffer[length - 1] == c->fill)
            length--;
    }
    c->written++;
    return cms_file_write(&c->out, c->buffer, length, c->out_recfm);
}

static bool begins_with(const char *record, uint32_t length, const char token[8])
{
    char word[9];

    str_unpad(word, token, 8);
    size_t n = strlen(word);
    return length >= n && !memcmp(record, word, n);
}

/* The records of one input file. */
static int copy_records(struct copy *c, const struct cms_fileinfo *info)
{
    struct fscb in;
    uint32_t size = info->lrecl ? info->lrecl : 1, taken = 0;
    char *record = cms_alloc(size);
    bool started = !c->found[FRLABEL];
    int rc = RC_OK;

    if (!record)
        return cms_error(RC_NO_STORAGE, "DMS" MODULE "109S VIRTUAL STORAGE CAPACITY EXCEEDED");
    cms_file(&in, &info->id);
    for (uint32_t n = c->first ? c->first : 1; n <= info->records && !rc; n++) {
        int got = cms_file_read_at(&in, n, record, size);
        if (got) {
            rc = cms_file_error(MODULE, &in, got, false);
            break;
        }
        if (!started)
            started = begins_with(record, in.nord, c->found[FRLABEL]);
        if (!started)
            continue;
        if (c->found[TOLABEL] && begins_with(record, in.nord, c->found[TOLABEL]))
            break;
        if (c->count && taken++ == c->count)
            break;
        got = write_record(c, record, in.nord);
        if (got)
            rc = cms_file_error(MODULE, &c->out, got, true);
    }
    cms_file_close(&in);
    cms_free(record, size);
    return rc;
}

/* ---- the output file ---- */

static int begin_output(struct copy *c, const struct cms_fileid *target,
                        const struct cms_fileinfo *input)
{
    struct cms_fileinfo old;
    bool in_place = !memcmp(target, &input->id, 17);
    bool exists = cms_state(target, &old) == RC_OK && old.id.fm[0] == target->fm[0];
    int rc = cms_can_create(MODULE, target);

    if (rc)
        return rc;
    if (exists && !in_place && !c->found[REPLACE] && !c->found[APPEND]) {
        char name[24];
        return cms_error(RC_NOT_FOUND,
                         "DMS" MODULE "024E FILE '%s' ALREADY EXISTS -- SPECIFY 'REPLACE'.",
                         cms_fileid_text(name, target));
    }
    c->target = *target;
    c->appending = c->found[APPEND] && exists;
    c->out_recfm = c->appending ? old.recfm : c->recfm ? c->recfm : input->recfm;
    c->out_lrecl = c->appending ? old.lrecl : c->lrecl ? c->lrecl : input->lrecl;
    for (unsigned i = 0; i < c->spec_count && !c->lrecl && !c->appending; i++)
        if (c->specs[i].to - 1 + c->specs[i].length > c->out_lrecl)
            c->out_lrecl = c->specs[i].to - 1 + c->specs[i].length;
    c->buffer_size = c->out_lrecl > input->lrecl ? c->out_lrecl : input->lrecl;
    c->buffer = cms_alloc(c->buffer_size);
    if (!c->buffer)
        return cms_error(RC_NO_STORAGE, "DMS" MODULE "109S VIRTUAL STORAGE CAPACITY EXCEEDED");
    c->work = *target;
    if (!c->appending) {
        cms_fileid(&c->work, "COPYFILE", "CMSUT1", "A1");
        memcpy(c->work.fm, target->fm, 2);
        cms_file_erase(&c->work);
    }
    cms_file(&c->out, &c->work);
    c->open = true;
    c->written = 0;
    return RC_OK;
}

static int end_output(struct copy *c, int rc)
{
    if (!c->open)
        return rc;
    c->open = false;
    int closed = cms_file_close(&c->out);
    cms_free(c->buffer, c->buffer_size);
    if (!rc && closed)
        rc = cms_file_error(MODULE, &c->out, closed, true);
    if (!rc && !c->written && !c->appending)
        rc = cms_error(RC_BAD_FILE, "DMS" MODULE "101S NO RECORDS WERE COPIED");
    if (!rc && !c->appending && cms_replace_file(&c->work, &c->target))
        rc = cms_file_error(MODULE, &c->out, RC_NOT_FOUND, true);
    if (rc && !c->appending)
        cms_file_erase(&c->work);
    return rc;
}

static void take(char *part, const char *asked, const char *input, size_t size)
{
    memcpy(part, asked[0] == '=' ? input : asked, size);
}

static bool names_by_input(const struct cms_fileid *output)
{
    return output->fn[0] == '=' || output->ft[0] == '=';
}

static int copy_file(struct copy *c, const struct cms_fileinfo *info,
                     const struct cms_fileid *output)
{
    int rc = RC_OK;

    if (!c->open) {
        struct cms_fileid target;
        take(target.fn, output->fn, info->id.fn, 8);
        take(target.ft, output->ft, info->id.ft, 8);
        take(target.fm, output->fm, info->id.fm, 2);
        if (target.fm[1] == ' ')
            target.fm[1] = output->fm[0] == '=' ? info->id.fm[1] : '1';
        rc = begin_output(c, &target, info);
    }
    if (!rc) {
        if (c->found[TYPE])
            cms_printf("COPY '%.8s %.8s %.2s' TO '%.8s %.8s %.2s'", info->id.fn, info->id.ft,
                       info->id.fm, c->target.fn, c->target.ft, c->target.fm);
        rc = copy_records(c, info);
    }
    if (names_by_input(output) || rc)
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
        return cms_error(RC_NO_STORAGE, "DMS" MODULE "109S VIRTUAL STORAGE CAPACITY EXCEEDED");
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

static bool option_values(struct copy *c)
{
    bool good = true;

    if (c->found[FROM])
        good = cms_number(c->found[FROM], &c->first) && c->first;
    if (good && c->found[FOR])
        good = cms_number(c->found[FOR], &c->count) && c->count;
    if (good && c->found[LRECL])
        good = cms_number(c->found[LRECL], &c->lrecl) && c->lrecl && c->lrecl <= CMS_RECORD_MAX;
    if (c->found[RECFM])
        c->recfm = c->found[RECFM][0];
    c->fill = c->found[FILL] ? c->found[FILL][0] : ' ';
    return good && (!c->recfm || c->recfm == 'F' || c->recfm == 'V');
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
    if (!operands || operands % 3 || count > IDS_MAX)
        return cms_incomplete(MODULE);
    if (!option_values(&c))
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "029E INVALID PARAMETER IN AN OPTION FIELD");
    for (int i = 0; i < count; i++)
        cms_fileid_of(&ids[i], call, 1 + 3 * i, "A");
    output = ids[count - 1];
    if (count == 1) /* in place */
        memcpy(&output, "=       =       = ", sizeof(output));
    if (c.found[SPECS] && (rc = ask_specs(&c)) != 0)
        return rc;
    return copy_all(&c, ids, count == 1 ? 1 : count - 1, &output);
}
