/* LISTFILE [fn [ft [fm]]] [(options]: what files there are. */
#include "cms/kit/cms.h"

#define MODULE "LST"

enum detail { FNAME, FTYPE, FMODE, FORMAT, ALLOC, DATE, LABEL };
enum { HEADER = LABEL + 1, NOHEADER, EXEC, APPEND, STACK, FIFO, LIFO, OPTIONS };
static const struct cms_option options[OPTIONS] = {
    [FNAME] = {"FNAME", 2},   [FTYPE] = {"FTYPE", 2},   [FMODE] = {"FMODE", 2},
    [FORMAT] = {"FORMAT", 2}, [ALLOC] = {"ALLOC", 2},   [DATE] = {"DATE", 1},
    [LABEL] = {"LABEL", 1},   [HEADER] = {"HEADER", 1}, [NOHEADER] = {"NOHEADER", 3},
    [EXEC] = {"EXEC", 1},     [APPEND] = {"APPEND", 2}, [STACK] = {"STACK", 5},
    [FIFO] = {"FIFO", 4},     [LIFO] = {"LIFO", 4},
};

static const char *const titles[] = {
    [FNAME] = "FILENAME",
    [FTYPE] = " FILETYPE",
    [FMODE] = " FM",
    [FORMAT] = " FORMAT LRECL",
    [ALLOC] = "    RECORDS     BLOCKS",
    [DATE] = "     DATE     TIME",
    [LABEL] = " LABEL",
};

static unsigned digits(uint8_t packed)
{
    return (packed >> 4) * 10u + (packed & 15u);
}

static void add_column(char *line, size_t size, enum detail column, const struct cms_fileinfo *f,
                       const char *label)
{
    size_t n = strlen(line);
    char *to = line + n;

    size -= n;
    switch (column) {
    case FNAME:
        fmt(to, size, "%.8s", f->id.fn);
        break;
    case FTYPE:
        fmt(to, size, " %.8s", f->id.ft);
        break;
    case FMODE:
        fmt(to, size, " %.2s", f->id.fm);
        break;
    case FORMAT:
        fmt(to, size, " %c %10u", f->recfm, f->lrecl);
        break;
    case ALLOC:
        fmt(to, size, " %10u %10u", f->records, f->blocks);
        break;
    case DATE:
        fmt(to, size, " %2u/%02u/%02u %2u:%02u:%02u", digits(f->date[1]), digits(f->date[2]),
            digits(f->date[0]), digits(f->date[3]), digits(f->date[4]), digits(f->date[5]));
        break;
    case LABEL:
        fmt(to, size, " %.6s", label);
        break;
    }
}

struct listing {
    struct cms_fileid pattern;
    enum detail detail;
    bool header, to_exec, stack, lifo;
    struct fscb exec_file;
    struct cms_disk disk; /* of the last file, for its label */
};

static int put_line(struct listing *l, const char *line)
{
    char record[80];

    if (l->stack)
        return cms_stack(line, strlen(line), l->lifo ? STACK_LIFO : STACK_FIFO);
    if (!l->to_exec) {
        cms_write(line, strlen(line));
        return RC_OK;
    }
    memset(record, ' ', sizeof(record));
    memcpy(record, "&1 &2 ", 6);
    size_t n = strlen(line);
    memcpy(record + 6, line, n > sizeof(record) - 6 ? sizeof(record) - 6 : n);
    int rc = cms_file_write(&l->exec_file, record, sizeof(record), 'F');
    return rc ? cms_file_error(MODULE, &l->exec_file, rc, true) : RC_OK;
}

static int list(struct listing *l)
{
    struct cms_list at;
    char line[CMS_LINE_MAX], letter = l->pattern.fm[0] == '*' ? 0 : l->pattern.fm[0];
    bool any = false;
    int rc = RC_OK;

    for (cms_list_start(&at); rc == RC_OK && cms_list_next(&at, letter) == RC_OK;) {
        if (!cms_match(at.info.id.fn, l->pattern.fn) || !cms_match(at.info.id.ft, l->pattern.ft))
            continue;
        if (str_is_digit(l->pattern.fm[1]) && l->pattern.fm[1] != at.info.id.fm[1])
            continue;
        line[0] = 0;
        if (!any && l->header && !l->to_exec && !l->stack) {
            for (unsigned c = 0; c <= l->detail; c++)
                str_copy(line + strlen(line), titles[c], sizeof(line) - strlen(line));
            cms_write(line, strlen(line));
            line[0] = 0;
        }
        any = true;
        if (l->disk.letter != at.info.id.fm[0])
            cms_disk(at.info.id.fm[0], &l->disk);
        for (unsigned c = 0; c <= l->detail; c++)
            add_column(line, sizeof(line), c, &at.info, l->disk.label);
        rc = put_line(l, line);
    }
    if (!any && cms_is_quiet(MODULE))
        return RC_NOT_FOUND;
    if (!any)
        return cms_error(RC_NOT_FOUND, "DMS" MODULE "002E FILE NOT FOUND");
    return rc;
}

static int prepare_exec(struct listing *l, bool append)
{
    struct cms_fileid id;
    int rc = cms_can_write(MODULE, 'A');

    if (rc)
        return rc;
    cms_fileid(&id, "CMS", "EXEC", "A1");
    if (!append)
        cms_file_erase(&id);
    cms_file(&l->exec_file, &id);
    l->to_exec = true;
    return RC_OK;
}

int command_main(const struct cms_call *call)
{
    struct listing l;
    const char *found[OPTIONS];
    struct cms_disk disk;
    int end = cms_operands_end(call);
    int rc = cms_parse_options(call, MODULE, options, OPTIONS, found);

    if (rc)
        return rc;
    if (end > 4)
        return cms_bad_operand(MODULE, call->token[4]);
    memset(&l, 0, sizeof(l));
    cms_fileid(&l.pattern, "*", "*", "A");
    memcpy(l.pattern.fn, call->token[end > 1 ? 1 : 0], end > 1 ? 8 : 0);
    memcpy(l.pattern.ft, call->token[end > 2 ? 2 : 0], end > 2 ? 8 : 0);
    memcpy(l.pattern.fm, call->token[end > 3 ? 3 : 0], end > 3 ? 2 : 0);
    if (l.pattern.fm[0] != '*' && cms_disk(l.pattern.fm[0], &disk))
        return cms_not_accessed(MODULE, l.pattern.fm[0]);
    l.detail = FMODE;
    for (int i = FNAME; i <= LABEL; i++)
        if (found[i])
            l.detail = (enum detail)i;
    l.lifo = found[LIFO] != NULL;
    l.stack = found[STACK] || found[FIFO] || l.lifo;
    if (l.stack && (found[EXEC] || found[APPEND]))
        return cms_error(RC_BAD_OPERAND,
                         "DMS" MODULE "066E 'STACK' AND 'EXEC' ARE CONFLICTING OPTIONS");
    l.header = (l.detail > FMODE || found[HEADER]) && !found[NOHEADER];
    if (found[EXEC] || found[APPEND])
        rc = prepare_exec(&l, found[APPEND] != NULL);
    if (!rc)
        rc = list(&l);
    if (l.to_exec)
        cms_file_close(&l.exec_file);
    return rc;
}
