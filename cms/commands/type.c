/* TYPE fn ft [fm [rec1 [recn]]] [(HEX COL xxxxx-yyyyy MEMBER name|*]: a file at the terminal. */
#include "cms/kit/cms.h"

#define MODULE "TYP"

enum { HEX, COL, MEMBER, OPTIONS };
static const struct cms_option options[OPTIONS] = {
    [HEX] = {"HEX", 3},
    [COL] = {"COL", 3, 1},
    [MEMBER] = {"MEMBER", 3, 1},
};

struct typing {
    uint32_t first, last;               /* records */
    uint32_t first_column, last_column; /* from 1 */
    bool hex;
    struct fscb file;
    char *record;
    uint32_t size;
};

/* "xxxxx-yyyyy", either part may be missing. */
static bool columns(struct typing *t, const char *token)
{
    char word[9], *dash;

    str_unpad(word, token, 8);
    dash = strchr(word, '-');
    if (dash)
        *dash = 0;
    if (word[0] && !str_decimal(word, &t->first_column))
        return false;
    if (dash && dash[1] && !str_decimal(dash + 1, &t->last_column))
        return false;
    return t->first_column && t->first_column <= t->last_column;
}

static bool range(struct typing *t, const struct cms_call *call, int end)
{
    if (end > 4 && call->token[4][0] != '*' && !cms_number(call->token[4], &t->first))
        return false;
    if (end > 5 && call->token[5][0] != '*' && !cms_number(call->token[5], &t->last))
        return false;
    return t->first && t->first <= t->last;
}

/* In hexadecimal: groups of four bytes, 16 to a line. */
static void type_hex(const uint8_t *bytes, uint32_t length)
{
    char line[80];

    for (uint32_t at = 0; at < length; at += 16) {
        size_t n = 0;
        for (uint32_t i = at; i < length && i < at + 16; i++)
            n += fmt(line + n, sizeof(line) - n, i % 4 == 0 && i > at ? " %02X" : "%02X", bytes[i]);
        cms_write(line, n);
    }
}

static void type_record(const struct typing *t, const char *record, uint32_t length)
{
    uint32_t from = t->first_column - 1;

    if (length > t->last_column)
        length = t->last_column;
    if (from > length)
        from = length;
    if (t->hex) {
        type_hex((const uint8_t *)record + from, length - from);
        return;
    }
    while (length > from && record[length - 1] == ' ')
        length--;
    do {
        uint32_t piece = length - from > 130 ? 130 : length - from;
        cms_write(record + from, piece);
        from += piece;
    } while (from < length);
}

/* Record numbers are the member's. */
static int type_part(void *context, const struct cms_part *part)
{
    struct typing *t = context;
    const struct cms_switches *switches = cms_view_switches();

    /* HT: no use in reading on. */
    for (uint32_t n = t->first; n <= t->last && n <= part->count && !switches->typing_halted; n++) {
        int got = cms_file_read_at(&t->file, part->first + n - 1, t->record, t->size);
        if (got)
            return cms_file_error(MODULE, &t->file, got, false);
        type_record(t, t->record, t->file.nord);
    }
    return RC_OK;
}

static int type_file(struct typing *t, const struct cms_fileinfo *info, const char *member)
{
    t->size = info->lrecl ? info->lrecl : 1;
    t->record = cms_alloc(t->size);
    if (!t->record)
        return cms_error(RC_NO_STORAGE, "DMS" MODULE "109S VIRTUAL STORAGE CAPACITY EXCEEDED");
    cms_file(&t->file, &info->id);
    int rc = cms_parts(MODULE, info, member, type_part, t);
    cms_file_close(&t->file);
    cms_free(t->record, t->size);
    return rc;
}

int command_main(const struct cms_call *call)
{
    struct cms_fileid id;
    struct cms_fileinfo info;
    struct typing t = {
        .first = 1, .last = UINT32_MAX, .first_column = 1, .last_column = UINT32_MAX};
    const char *found[OPTIONS];
    int end = cms_operands_end(call);
    int rc = cms_parse_options(call, MODULE, options, OPTIONS, found);

    if (rc)
        return rc;
    if (!cms_fileid_of(&id, call, 1, "*"))
        return cms_incomplete(MODULE);
    if (end > 6)
        return cms_bad_operand(MODULE, call->token[6]);
    if (!range(&t, call, end))
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "009E COLUMN OR RECORD RANGE NOT VALID");
    if (found[COL] && !columns(&t, found[COL]))
        return cms_bad_operand(MODULE, found[COL]);
    t.hex = found[HEX] != NULL;
    rc = cms_state(&id, &info);
    if (rc)
        return cms_state_error(MODULE, rc, &id);
    if (t.first > info.records)
        return cms_error(RC_BAD_FILE, "DMS" MODULE "033E FILE HAS %u RECORDS ONLY", info.records);
    return type_file(&t, &info, found[MEMBER]);
}
