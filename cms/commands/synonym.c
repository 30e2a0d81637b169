/* SYNONYM [fn [SYNONYM [fm]]] [(STD|NOSTD|CLEAR]: names of the user's own for commands.  Each
 * record of the file: command, synonym, and how many of its letters suffice. */
#include "cms/kit/cms.h"

#define MODULE "SYN"

enum { STD, NOSTD, CLEAR, OPTIONS };
static const struct cms_option options[OPTIONS] = {
    [STD] = {"STD", 3},
    [NOSTD] = {"NOSTD", 5},
    [CLEAR] = {"CLEAR", 2},
};

static bool parse(const char *record, size_t length, struct cms_synonym *s)
{
    char line[CMS_LINE_MAX + 1], word[9];
    const char *at = line;
    uint32_t least = 0;

    memcpy(line, record, length);
    line[length] = 0;
    str_upcase(line, length);
    memset(s, 0, sizeof(*s));
    if (!str_word(&at, word, sizeof(word)))
        return false;
    str_pad(s->command, word, 8);
    if (!str_word(&at, word, sizeof(word)))
        return false;
    str_pad(s->synonym, word, 8);
    if (str_word(&at, word, sizeof(word)) && !str_decimal(word, &least))
        return false;
    s->least = (uint8_t)least;
    return least <= 8;
}

static int read_file(const struct cms_fileinfo *info, struct cms_synonym *table, uint32_t *count)
{
    struct fscb f;
    char record[CMS_LINE_MAX];
    int rc = RC_OK, got;

    cms_file(&f, &info->id);
    while (!rc && (got = cms_file_read(&f, record, sizeof(record))) != FILE_END) {
        if (got)
            rc = cms_file_error(MODULE, &f, got, false);
        else if (*count == CMS_SYNONYMS || !parse(record, f.nord, &table[*count]))
            rc = cms_error(RC_BAD_FILE,
                           "DMS" MODULE "056E FILE '%.8s %.8s %.2s' CONTAINS INVALID "
                           "RECORD FORMATS",
                           info->id.fn, info->id.ft, info->id.fm);
        else
            ++*count;
    }
    cms_file_close(&f);
    return rc;
}

int command_main(const struct cms_call *call)
{
    struct cms_synonym table[CMS_SYNONYMS];
    struct cms_fileid id;
    struct cms_fileinfo info;
    uint32_t count = 0;
    const char *found[OPTIONS];
    int end = cms_operands_end(call);
    int rc = cms_parse_options(call, MODULE, options, OPTIONS, found);

    if (rc)
        return rc;
    if (end > 1 && !found[CLEAR]) {
        cms_fileid(&id, "", "SYNONYM", "*");
        memcpy(id.fn, call->token[1], 8);
        if (end > 3)
            memcpy(id.fm, call->token[3], 2);
        rc = cms_state(&id, &info);
        if (rc)
            return cms_state_error(MODULE, rc, &id);
        rc = read_file(&info, table, &count);
        if (rc)
            return rc;
    }
    uint32_t p[5] = {(uint32_t)table, count, found[NOSTD] == NULL};
    return cms_service(SERVICE_SYNONYMS, p);
}
