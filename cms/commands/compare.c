/* COMPARE fileid1 fileid2 [(COL mmm-nnn]: types the records that differ. */
#include "cms/kit/cms.h"

#define MODULE "CMP"

enum { COL, OPTIONS };
static const struct cms_option options[OPTIONS] = {[COL] = {"COL", 3, 1}};

struct side {
    struct cms_fileinfo info;
    struct fscb f;
    char *record;
    uint32_t size, length;
};

static int prepare(struct side *s, const struct cms_call *call, int token)
{
    struct cms_fileid id;

    if (!cms_fileid_of(&id, call, token, "*"))
        return cms_incomplete(MODULE);
    if (id.fn[0] == '=')
        memcpy(id.fn, call->token[1], 8);
    if (id.ft[0] == '=')
        memcpy(id.ft, call->token[2], 8);
    int rc = cms_state(&id, &s->info);
    if (rc)
        return cms_state_error(MODULE, rc, &id);
    s->size = s->info.lrecl ? s->info.lrecl : 1;
    s->record = cms_alloc(s->size);
    cms_file(&s->f, &s->info.id);
    return s->record
               ? RC_OK
               : cms_error(RC_NO_STORAGE, "DMS" MODULE "109S VIRTUAL STORAGE CAPACITY EXCEEDED");
}

static int next(struct side *s)
{
    int rc = cms_file_read(&s->f, s->record, s->size);

    s->length = rc ? 0 : s->f.nord;
    return rc;
}

static bool same(const struct side *a, const struct side *b, uint32_t first, uint32_t last)
{
    uint32_t longest = a->length > b->length ? a->length : b->length;

    for (uint32_t i = first; i < longest && i < last; i++) {
        char x = i < a->length ? a->record[i] : ' ', y = i < b->length ? b->record[i] : ' ';
        if (x != y)
            return false;
    }
    return true;
}

static int compare(struct side *a, struct side *b, uint32_t first, uint32_t last)
{
    int rc = RC_OK;

    for (;;) {
        int got_a = next(a), got_b = next(b);
        if (got_a == FILE_END && got_b == FILE_END)
            return rc ? cms_error(rc, "DMS" MODULE "009W FILES DO NOT COMPARE") : RC_OK;
        if (got_a == FILE_END || got_b == FILE_END) {
            const struct side *ended = got_a ? a : b;
            return cms_error(RC_WARNING, "DMS" MODULE "010W PREMATURE EOF ON FILE '%.8s %.8s %.2s'",
                             ended->info.id.fn, ended->info.id.ft, ended->info.id.fm);
        }
        if (got_a || got_b)
            return cms_file_error(MODULE, got_a ? &a->f : &b->f, got_a ? got_a : got_b, false);
        if (same(a, b, first, last))
            continue;
        cms_write(a->record, a->length);
        cms_write(b->record, b->length);
        rc = RC_WARNING;
    }
}

int command_main(const struct cms_call *call)
{
    struct side a, b;
    uint32_t first = 1, last = UINT32_MAX;
    char word[9], *dash;
    const char *found[OPTIONS];
    int rc = cms_parse_options(call, MODULE, options, OPTIONS, found);

    if (rc)
        return rc;
    if (cms_operands_end(call) != 7)
        return cms_incomplete(MODULE);
    if (found[COL]) {
        str_unpad(word, found[COL], 8);
        dash = strchr(word, '-');
        if (dash)
            *dash = 0;
        if (!str_decimal(word, &first) || !first || (dash && !str_decimal(dash + 1, &last)))
            return cms_bad_operand(MODULE, found[COL]);
    }
    memset(&a, 0, sizeof(a));
    memset(&b, 0, sizeof(b));
    rc = prepare(&a, call, 1);
    if (!rc)
        rc = prepare(&b, call, 4);
    if (!rc && !memcmp(&a.info.id, &b.info.id, 18))
        rc = cms_error(RC_BAD_OPERAND, "DMS" MODULE "019E IDENTICAL FILEIDS SPECIFIED");
    if (!rc) {
        cms_printf("COMPARING '%.8s %.8s %.2s' WITH '%.8s %.8s %.2s'.", a.info.id.fn, a.info.id.ft,
                   a.info.id.fm, b.info.id.fn, b.info.id.ft, b.info.id.fm);
        rc = compare(&a, &b, first - 1, last);
    }
    cms_file_close(&a.f);
    cms_file_close(&b.f);
    return rc;
}
