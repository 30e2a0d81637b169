/* RUN fn [ft [fm]] [(arguments]: an EXEC, a MODULE or a TEXT file, whichever there is.  VM/370 CMS
 * Command and Macro Reference (GC20-1818), RUN. */
#include "cms/kit/cms.h"

#define MODULE "RUN"

static const char types[][9] = {"EXEC", "MODULE", "TEXT"};
enum { EXEC, TEXT = 2, TYPES };

static int command(const char *line, const char *arguments)
{
    char text[CMS_LINE_MAX];
    size_t n = fmt(text, sizeof(text), "%s%s", line, arguments);

    return cms_command(text, n, 0);
}

static int run(int type, const struct cms_fileid *id, const char *arguments)
{
    char line[40], fn[9];

    str_unpad(fn, id->fn, 8);
    if (type != TEXT) {
        fmt(line, sizeof(line), "%s%s", type == EXEC ? "EXEC " : "", fn);
        return command(line, arguments);
    }
    fmt(line, sizeof(line), "LOAD %s", fn);
    int rc = command(line, "");
    return rc ? rc : command("START *", arguments);
}

static void collect(const struct cms_call *call, int from, char *to, size_t size)
{
    size_t n = 0;
    char word[9];

    to[0] = 0;
    for (int i = from; i < call->tokens; i++) {
        str_unpad(word, call->token[i], 8);
        if (strcmp(word, ")"))
            n += fmt(to + n, size - n, " %s", word);
    }
}

int command_main(const struct cms_call *call)
{
    struct cms_fileid id;
    struct cms_fileinfo info;
    char arguments[CMS_LINE_MAX];
    int end = cms_operands_end(call);
    bool any = end < 3 || call->token[2][0] == '*', known = false;

    if (end < 2)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "001E NO FILENAME SPECIFIED");
    if (end > 4)
        return cms_bad_operand(MODULE, call->token[4]);
    collect(call, end + 1, arguments, sizeof(arguments));
    for (int i = 0; i < TYPES; i++) {
        if (!any && !str_field_equal(call->token[2], types[i], 8))
            continue;
        known = true;
        cms_fileid(&id, "", types[i], "*");
        memcpy(id.fn, call->token[1], 8);
        if (end > 3)
            memcpy(id.fm, call->token[3], 2);
        if (!cms_state(&id, &info))
            return run(i, &id, arguments);
    }
    if (!known) {
        str_unpad(arguments, call->token[2], 8);
        return cms_error(RC_BAD_FILE, "DMS" MODULE "032E INVALID FILETYPE '%s'", arguments);
    }
    if (any)
        str_pad(id.ft, "*", 8);
    return cms_no_file(MODULE, &id);
}
