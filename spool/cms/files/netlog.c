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

int netlog_address(const char *module, const struct cms_identity *me, const char *userid,
                   const char *node)
{
    bool here = str_equal(node, me->node);
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
    cp("SPOOL 00D OFF", "", "");
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
