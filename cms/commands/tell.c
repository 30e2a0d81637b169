/* TELL name [AT node] text: a message to a user, or to those whom a nickname of `userid NAMES`
 * means. To another system it goes by RSCS. */
#include "cms/names/command/lookup.h"

#define MODULE "TEL"

struct telling {
    const char *text;
    struct cms_identity me;
    int rc;
};

static int tell(void *context, const char *userid, const char *node)
{
    struct telling *t = context;
    char line[CMS_LINE_MAX + 1];
    size_t n;

    if (str_equal(node, t->me.node))
        n = fmt(line, sizeof(line), "MSG %s %s", userid, t->text);
    else
        n = fmt(line, sizeof(line), "SMSG %s MSG %s %s %s", t->me.rscs, node, userid, t->text);
    if (n > 132)
        cms_error(0, "DMS" MODULE "637W MESSAGE TO %s IS CUT", userid);
    int rc = cms_cp(line, n, NULL, 0, NULL);
    if (rc == RC_UNKNOWN_CP)
        rc = cms_error(RC_FAILED, "DMS" MODULE "638E NO MESSAGE SENT: THERE IS NO CP HERE");
    if (rc)
        t->rc = rc;
    return rc == RC_FAILED ? rc : RC_OK;
}

int command_main(const struct cms_call *call)
{
    struct telling t = {.rc = RC_OK};
    char line[CMS_LINE_MAX + 1], name[9], word[9], node[9] = "";
    const char *at = line;

    cms_arguments(call, 1, line);
    if (!str_word(&at, name, sizeof(name)))
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "647E NO USERID SPECIFIED");
    const char *behind = at;
    if (str_word(&behind, word, sizeof(word)) && str_equal(word, "AT")) {
        at = behind;
        if (!str_word(&at, node, sizeof(node)))
            return cms_error(RC_BAD_OPERAND, "DMS" MODULE "648E NO NODE SPECIFIED AFTER 'AT'");
    }
    if (!*at)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "649E NO MESSAGE TEXT SPECIFIED");
    t.text = at;
    cms_identify(&t.me);
    struct names_visitor v = {&t, tell};
    int rc = names_resolve(name, node[0] ? node : NULL, &v);
    return rc ? rc : t.rc;
}
