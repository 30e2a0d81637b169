/* The log of files sent and received, and the punch's address: see netlog.h. */
#include "spool/cms/netlog.h"

void netlog_now(char *to, size_t size)
{
    struct cms_clock c;

    cms_clock(&c);
    fmt(to, size, "%04u%02u%02u%02u%02u%02u", c.year, c.month, c.day, c.hour, c.minute, c.second);
}

static int cp(const char *format, const char *a, const char *b)
{
    char line[CMS_LINE_MAX];

    return cms_cp(line, fmt(line, sizeof(line), format, a, b), NULL, 0, NULL);
}

/* The SPOOL that gives the punch its settings back: what QUERY says of it in two lines,
 * "PUN 00D CL A CONT ..." and "00D TO user ...". */
static char before[40];

static void remember(const char *userid)
{
    static const char query[] = "QUERY VIRTUAL 00D";
    char answer[200], word[6][9];
    size_t length;

    str_copy(before, "SPOOL 00D OFF", sizeof(before));
    if (cms_cp(query, sizeof(query) - 1, answer, sizeof(answer) - 1, &length) ||
        length >= sizeof(answer))
        return;
    answer[length] = 0;
    const char *at = answer;
    char *second = strchr(answer, '\x15');
    for (int i = 0; i < 5; i++)
        if (!str_word(&at, word[i], sizeof(word[i])))
            return;
    str_copy(word[0], word[4], sizeof(word[0])); /* CONT or NOCONT */
    at = second ? second + 1 : "";
    for (int i = 1; i < 4; i++)
        if (!str_word(&at, word[i], sizeof(word[i])))
            return;
    if (str_equal(word[2], "TO") || !str_equal(word[3], userid))
        fmt(before, sizeof(before), "SPOOL 00D %s %s %s", word[0], word[2], word[3]);
    else
        fmt(before, sizeof(before), "SPOOL 00D %s OFF", word[0]);
}

int netlog_address(const char *module, const struct cms_identity *me, const char *userid,
                   const char *node)
{
    bool here = str_equal(node, me->node);

    remember(me->userid);
    int rc = cp("SPOOL 00D NOCONT TO %s", here ? userid : me->rscs, "");

    if (rc == RC_UNKNOWN_CP)
        return cms_error(RC_FAILED, "DMS%s638E NO MESSAGE OR FILE SENT: THERE IS NO CP HERE",
                         module);
    if (!rc && !here)
        rc = cp("TAG DEV 00D %s %s", node, userid);
    return rc;
}

void netlog_close(const struct cms_fileid *id, bool keep)
{
    char name[24];

    if (keep) {
        str_unpad(name, id->fn, 8);
        size_t n = strlen(name);
        name[n++] = ' ';
        str_unpad(name + n, id->ft, 8);
        cp("CLOSE 00D NAME %s", name, "");
    } else {
        cp("CLOSE 00D PURGE", "", "");
    }
    cp("%s", before, "");
}

void netlog_say(const char *text, bool type, bool log)
{
    struct cms_identity me;
    struct cms_fileid id;
    struct cms_clock c;
    struct fscb f;
    char line[CMS_LINE_MAX];
    struct cms_disk a;

    if (type)
        cms_write(text, strlen(text));
    if (!log || cms_disk('A', &a) || a.read_only)
        return;
    cms_identify(&me);
    cms_clock(&c);
    cms_fileid(&id, me.userid, "NETLOG", "A0");
    cms_file(&f, &id);
    size_t n = fmt(line, sizeof(line), "%s ON %.8s %.8s %s", text, c.date, c.time, me.zone);
    int rc = cms_file_write(&f, line, n, 'V');
    int closed = cms_file_close(&f);
    if (rc || closed)
        cms_write_error("NET", &id, rc ? rc : closed);
}
