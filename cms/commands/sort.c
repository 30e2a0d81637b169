/* SORT fileid1 fileid2: the records of a file in ascending order of fields, into a new one.
 * The fields are asked for: pairs of first and last column. */
#include "cms/kit/cms.h"

#define MODULE     "SRT"
#define FIELDS_MAX 16

struct sorting {
    char *records;
    uint32_t *order, *spare; /* numbers of records */
    uint32_t count, lrecl;
    struct {
        uint32_t first, length;
    } fields[FIELDS_MAX];
    unsigned field_count;
};

static int compare(const struct sorting *s, uint32_t a, uint32_t b)
{
    for (unsigned i = 0; i < s->field_count; i++) {
        uint32_t at = s->fields[i].first;
        int c = memcmp(s->records + a * s->lrecl + at, s->records + b * s->lrecl + at,
                       s->fields[i].length);
        if (c)
            return c;
    }
    return 0;
}

static void merge(struct sorting *s, uint32_t left, uint32_t middle, uint32_t right)
{
    uint32_t a = left, b = middle;

    for (uint32_t i = left; i < right; i++) {
        bool take_left = a < middle && (b >= right || compare(s, s->order[a], s->order[b]) <= 0);
        s->spare[i] = take_left ? s->order[a++] : s->order[b++];
    }
}

/* Merge sort from the bottom: stable, no recursion. */
static void sort(struct sorting *s)
{
    for (uint32_t width = 1; width < s->count; width *= 2) {
        for (uint32_t left = 0; left < s->count; left += 2 * width) {
            uint32_t middle = left + width < s->count ? left + width : s->count;
            uint32_t right = left + 2 * width < s->count ? left + 2 * width : s->count;
            merge(s, left, middle, right);
        }
        uint32_t *swap = s->order;
        s->order = s->spare;
        s->spare = swap;
    }
}

static int ask_fields(struct sorting *s)
{
    char line[CMS_LINE_MAX + 1], word[12];
    const char *at = line;
    uint32_t first, last;

    cms_error(0, "DMS" MODULE "604R ENTER SORT FIELDS:");
    int n = cms_read(line, sizeof(line) - 1, READ_UPPER);
    line[n > 0 ? n : 0] = 0;
    while (str_word(&at, word, sizeof(word))) {
        bool good = str_decimal(word, &first) && str_word(&at, word, sizeof(word)) &&
                    str_decimal(word, &last);
        if (!good || !first || first > last || last > s->lrecl || s->field_count == FIELDS_MAX)
            return cms_error(RC_BAD_OPERAND, "DMS" MODULE "053E INVALID SORT FIELD PAIR DEFINED");
        s->fields[s->field_count].first = first - 1;
        s->fields[s->field_count++].length = last - first + 1;
    }
    if (!s->field_count)
        return cms_error(40, "DMS" MODULE "063E NO SORT LIST GIVEN");
    return RC_OK;
}

/* F records are read and written some at a time. */
#define BATCH_BYTES 8192

static uint32_t batch_of(const struct sorting *s, char recfm)
{
    return recfm == 'F' && s->lrecl < BATCH_BYTES ? BATCH_BYTES / s->lrecl : 1;
}

static int read_records(struct sorting *s, const struct cms_fileinfo *info)
{
    struct fscb f;
    uint32_t batch = batch_of(s, info->recfm);
    int rc = RC_OK;

    if (info->recfm == 'V')
        memset(s->records, ' ', s->count * s->lrecl);
    for (uint32_t i = 0; i < s->count; i++)
        s->order[i] = i;
    cms_file(&f, &info->id);
    for (uint32_t i = 0; i < s->count && !rc; i += batch) {
        if (batch > s->count - i)
            batch = s->count - i;
        rc = cms_file_read_many(&f, 0, s->records + i * s->lrecl, batch * s->lrecl, batch);
    }
    cms_file_close(&f);
    return rc ? cms_file_error(MODULE, &f, rc, false) : RC_OK;
}

static int write_fixed(const struct sorting *s, struct fscb *f)
{
    static char batch[BATCH_BYTES];
    uint32_t most = batch_of(s, 'F'), n = 0;
    int rc = RC_OK;

    if (most == 1) {
        for (uint32_t i = 0; i < s->count && !rc; i++)
            rc = cms_file_write(f, s->records + s->order[i] * s->lrecl, s->lrecl, 'F');
        return rc;
    }
    for (uint32_t i = 0; i < s->count && !rc; i++) {
        memcpy(batch + n * s->lrecl, s->records + s->order[i] * s->lrecl, s->lrecl);
        if (++n == most || i + 1 == s->count) {
            rc = cms_file_write_many(f, batch, s->lrecl, n);
            n = 0;
        }
    }
    return rc;
}

static int write_varying(const struct sorting *s, struct fscb *f)
{
    int rc = RC_OK;

    for (uint32_t i = 0; i < s->count && !rc; i++) {
        const char *record = s->records + s->order[i] * s->lrecl;
        uint32_t length = s->lrecl;
        while (length > 1 && record[length - 1] == ' ')
            length--;
        rc = cms_file_write(f, record, length, 'V');
    }
    return rc;
}

/* Into a work file, which takes the name when it is complete. */
static int write_records(const struct sorting *s, const struct cms_fileid *id, char recfm)
{
    struct cms_fileid work;
    struct fscb f;
    int rc = RC_OK;

    cms_fileid(&work, "SORT", "CMSUT1", "A1");
    memcpy(work.fm, id->fm, 2);
    cms_file_erase(&work);
    cms_file(&f, &work);
    rc = recfm == 'F' ? write_fixed(s, &f) : write_varying(s, &f);
    int closed = cms_file_close(&f);
    if (!rc)
        rc = closed;
    if (!rc)
        rc = cms_replace_file(&work, id);
    if (rc) {
        rc = cms_write_error(MODULE, id, rc);
        cms_file_erase(&work);
    }
    return rc;
}

static int sort_file(const struct cms_fileinfo *info, const struct cms_fileid *to)
{
    struct sorting s;
    int rc;

    memset(&s, 0, sizeof(s));
    s.count = info->records;
    s.lrecl = info->lrecl;
    rc = ask_fields(&s);
    if (rc)
        return rc;
    size_t text = (size_t)s.count * s.lrecl, numbers = (size_t)s.count * 2 * sizeof(uint32_t);
    s.records = cms_alloc(text);
    uint32_t *order = cms_alloc(numbers);
    if (!s.records || !order)
        return cms_error(RC_NO_STORAGE, "DMS" MODULE "212E MAXIMUM NUMBER OF RECORDS EXCEEDED");
    s.order = order;
    s.spare = order + s.count;
    rc = read_records(&s, info);
    if (!rc) {
        sort(&s);
        rc = write_records(&s, to, info->recfm);
    }
    cms_free(s.records, text);
    cms_free(order, numbers);
    return rc;
}

int command_main(const struct cms_call *call)
{
    struct cms_fileid from, to;
    struct cms_fileinfo info, other;

    if (cms_operands_end(call) < 7)
        return cms_incomplete(MODULE);
    int rc = cms_only_fileid(&to, call, MODULE, 4, "A");
    if (rc)
        return rc;
    cms_fileid_of(&from, call, 1, "*");
    for (int i = 0; i < 18; i++) /* "=" keeps a part */
        if (((char *)&to)[i] == '=' && (i == 0 || i == 8 || i == 16))
            memcpy((char *)&to + i, (char *)&from + i, i == 16 ? 2 : 8);
    rc = cms_state(&from, &info);
    if (rc)
        return cms_state_error(MODULE, rc, &from);
    rc = cms_can_write(MODULE, to.fm[0]);
    if (rc)
        return rc;
    if (cms_state(&to, &other) == RC_OK && !memcmp(&other.id, &info.id, 17))
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "019E IDENTICAL FILEIDS SPECIFIED");
    return sort_file(&info, &to);
}
