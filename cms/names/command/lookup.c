/* Reading NAMES files and finding people in them: see lookup.h. */
#include "cms/names/command/lookup.h"

int names_open(struct names_file *n, const char *fn)
{
    struct cms_identity me;
    struct cms_fileid id;
    struct cms_fileinfo info;

    memset(n, 0, sizeof(*n));
    if (!fn) {
        cms_identify(&me);
        fn = me.userid;
    }
    cms_fileid(&id, fn, "NAMES", "*");
    if (cms_state(&id, &info))
        return RC_NOT_FOUND;
    cms_file(&n->f, &info.id);
    return RC_OK;
}

static bool read_line(struct names_file *n)
{
    int rc = cms_file_read(&n->f, n->line, sizeof(n->line));

    n->length = n->f.nord;
    n->number++;
    return rc == 0 || rc == FILE_CUT;
}

bool names_next(struct names_file *n, struct names_entry *e)
{
    e->length = 0;
    while (!n->held) {
        if (!read_line(n))
            return false;
        n->held = names_begins_entry(n->line, n->length);
    }
    n->first = n->number;
    do {
        names_add(e, n->line, n->length);
        n->held = read_line(n);
    } while (n->held && !names_begins_entry(n->line, n->length));
    return true;
}

void names_close(struct names_file *n)
{
    cms_file_close(&n->f);
}

/* ---- people ---- */

#define LIST_DEPTH 4 /* lists in lists */

static bool find_nick(const char *nick, struct names_entry *e)
{
    struct names_file n;
    bool found = false;

    if (names_open(&n, NULL))
        return false;
    while (!found && names_next(&n, e))
        found = names_is(e, "NICK", nick);
    names_close(&n);
    return found;
}

static void word_of(char to[9], const char *value, size_t length)
{
    size_t i = 0;

    for (; i < 8 && i < length && value[i] != ' '; i++)
        to[i] = str_upper(value[i]);
    to[i] = 0;
}

static int resolve(const char *name, const char *node, const struct names_visitor *v, int depth)
{
    struct names_entry *e = cms_alloc(sizeof(*e));
    const char *value, *list;
    char userid[9], at[9], member[9];
    size_t length, list_length;
    int rc = RC_OK;

    if (!e)
        return RC_NO_STORAGE;
    word_of(userid, name, strlen(name));
    word_of(at, node ? node : "", node ? strlen(node) : 0);
    bool known = !node && find_nick(name, e);
    if (known && names_tag(e, "USERID", &value, &length)) {
        word_of(userid, value, length);
        if (names_tag(e, "NODE", &value, &length))
            word_of(at, value, length);
    }
    if (known && depth && names_tag(e, "LIST", &list, &list_length)) {
        while (list_length && !rc) {
            word_of(member, list, list_length);
            rc = resolve(member, NULL, v, depth - 1);
            while (list_length && *list != ' ')
                list++, list_length--;
            while (list_length && *list == ' ')
                list++, list_length--;
        }
    } else {
        struct cms_identity me;
        cms_identify(&me);
        rc = v->visit(v->context, userid, at[0] ? at : me.node);
    }
    cms_free(e, sizeof(*e));
    return rc;
}

int names_resolve(const char *name, const char *node, const struct names_visitor *v)
{
    return resolve(name, node, v, LIST_DEPTH);
}
