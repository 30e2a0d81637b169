/* PRINT fn ft [fm] [(CC|NOCC HEX LINECOUN nn UPCASE MEMBER name|*]: a file to the printer 00E. */
#include "cms/kit/cms.h"

#define MODULE "PRT"
#define WIDTH  132

enum { CC, NOCC, HEX, LINECOUN, MEMBER, UPCASE, OPTIONS };
static const struct cms_option options[OPTIONS] = {
    [CC] = {"CC", 2},         [NOCC] = {"NOCC", 3},
    [HEX] = {"HEX", 3},       [LINECOUN] = {"LINECOUN", 2, 1},
    [UPCASE] = {"UPCASE", 2}, [MEMBER] = {"MEMBER", 3, 1},
};

enum { WRITE_SPACE = 0x09, NEW_PAGE = 0x8b };

struct print {
    bool control, hex, upcase;
    uint32_t lines_per_page, line;
    struct fscb file;
    char *record;
    uint32_t size;
};

static int print_line(struct print *p, const char *text, uint32_t length)
{
    if (p->lines_per_page && p->line == p->lines_per_page) {
        int rc = cms_print(" ", 1, NEW_PAGE);
        if (rc)
            return rc;
        p->line = 0;
    }
    p->line++;
    return cms_print(text, length, WRITE_SPACE);
}

static int print_hex(struct print *p, const uint8_t *bytes, uint32_t length)
{
    char line[WIDTH];
    int rc = RC_OK;

    for (uint32_t at = 0; at < length && !rc; at += 32) {
        size_t n = 0;
        for (uint32_t i = at; i < length && i < at + 32; i++)
            n += fmt(line + n, sizeof(line) - n, i % 4 == 0 && i > at ? " %02X" : "%02X", bytes[i]);
        rc = print_line(p, line, n);
    }
    return rc;
}

static int print_record(struct print *p, char *record, uint32_t length)
{
    if (p->hex)
        return print_hex(p, (const uint8_t *)record, length);
    if (p->upcase)
        str_upcase(record, length);
    while (length > 1 && record[length - 1] == ' ')
        length--;
    return p->control ? cms_print_controlled(record, length) : print_line(p, record, length);
}

/* Each member begins a page. */
static int print_part(void *context, const struct cms_part *part)
{
    struct print *p = context;
    int rc = p->control ? RC_OK : cms_print(" ", 1, NEW_PAGE);

    p->line = 0;
    for (uint32_t n = 0; n < part->count && !rc; n++) {
        int got = cms_file_read_at(&p->file, part->first + n, p->record, p->size);
        if (got)
            return cms_file_error(MODULE, &p->file, got, false);
        rc = print_record(p, p->record, p->file.nord);
    }
    if (rc)
        cms_error(RC_IO_ERROR, "DMS" MODULE "123S ERROR PRINTING FILE '%.8s %.8s %.2s'", p->file.fn,
                  p->file.ft, p->file.fm);
    return rc ? RC_IO_ERROR : RC_OK;
}

static int print_file(struct print *p, const struct cms_fileinfo *info, const char *member)
{
    char line[48];

    p->size = info->lrecl ? info->lrecl : 1;
    p->record = cms_alloc(p->size);
    if (!p->record)
        return cms_error(RC_NO_STORAGE, "DMS" MODULE "109S VIRTUAL STORAGE CAPACITY EXCEEDED");
    cms_file(&p->file, &info->id);
    int rc = cms_parts(MODULE, info, member, print_part, p);
    cms_file_close(&p->file);
    cms_free(p->record, p->size);
    if (rc)
        return rc;
    size_t n = fmt(line, sizeof(line), "CLOSE 00E NAME %.8s %.8s", info->id.fn, info->id.ft);
    cms_cp(line, n, NULL, 0, NULL);
    return RC_OK;
}

int command_main(const struct cms_call *call)
{
    struct cms_fileid id;
    struct cms_fileinfo info;
    struct print p = {.lines_per_page = 55};
    const char *found[OPTIONS];
    int rc = cms_parse_options(call, MODULE, options, OPTIONS, found);

    if (rc)
        return rc;
    if (!cms_fileid_of(&id, call, 1, "*"))
        return cms_incomplete(MODULE);
    if (cms_operands_end(call) > 4)
        return cms_bad_operand(MODULE, call->token[4]);
    if (found[LINECOUN] &&
        (!cms_number(found[LINECOUN], &p.lines_per_page) || p.lines_per_page > 144))
        return cms_bad_operand(MODULE, found[LINECOUN]);
    rc = cms_state(&id, &info);
    if (rc)
        return cms_state_error(MODULE, rc, &id);
    p.control = (found[CC] || str_field_equal(info.id.ft, "LISTING", 8)) && !found[NOCC];
    p.hex = found[HEX] != NULL;
    p.upcase = found[UPCASE] != NULL;
    if (!p.hex && info.lrecl > WIDTH + (p.control ? 1u : 0u))
        return cms_error(RC_BAD_FILE, "DMS" MODULE "044E RECORD LENGTH EXCEEDS ALLOWABLE MAXIMUM");
    return print_file(&p, &info, found[MEMBER]);
}
