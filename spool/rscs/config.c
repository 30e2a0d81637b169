/* RSCS's configuration. */
#include "spool/rscs/config.h"

#include "lib/str.h"
#include "spool/nje/block.h"

/* The next word as a name of at most eight characters. */
static bool take_name(const char **line, char *to)
{
    char word[10];
    if (!str_word(line, word, sizeof word) || strlen(word) > 8)
        return false;
    str_copy(to, word, 9);
    str_upcase(to, strlen(to));
    return true;
}

int rscs_find_link(const struct rscs_config *c, const char *name)
{
    for (int i = 0; i < RSCS_LINKS; i++)
        if (c->links[i].name[0] && str_equal(c->links[i].name, name))
            return i;
    return -1;
}

int rscs_route(const struct rscs_config *c, const char *node)
{
    int others = RSCS_NOWHERE;
    if (str_equal(node, c->local))
        return RSCS_HERE;
    for (unsigned i = 0; i < c->route_count; i++) {
        if (str_equal(c->routes[i].node, node))
            return c->routes[i].link;
        if (!strcmp(c->routes[i].node, "*"))
            others = c->routes[i].link;
    }
    for (int i = 0; i < RSCS_LINKS; i++)
        if (c->links[i].name[0] && str_equal(c->links[i].node, node))
            return i;
    return others;
}

void rscs_delete_link(struct rscs_config *c, unsigned link)
{
    unsigned kept = 0;
    c->links[link].name[0] = 0;
    for (unsigned i = 0; i < c->route_count; i++)
        if (c->routes[i].link != link)
            c->routes[kept++] = c->routes[i];
    c->route_count = kept;
}

bool rscs_is_authorized(const struct rscs_config *c, const char *node, const char *user)
{
    bool here = str_equal(node, c->local);
    for (unsigned i = 0; i < c->auth_count; i++)
        if (str_equal(c->auth[i].user, user) &&
            (c->auth[i].node[0] ? str_equal(c->auth[i].node, node) : here))
            return true;
    return false;
}

static const char *take_local(struct rscs_config *c, const char *line)
{
    return take_name(&line, c->local) ? NULL : "LOCAL wants a node's name of up to 8 characters";
}

/* One option of LINKDEFINE with its value. */
static const char *link_option(struct rscs_link_config *l, const char *word, const char **line)
{
    char value[10];
    uint32_t number;
    if (str_equal(word, "AST")) {
        l->start = true;
        return NULL;
    }
    if (str_equal(word, "NODE"))
        return take_name(line, l->node) ? NULL : "NODE wants a node's name";
    if (str_equal(word, "PASSWORD"))
        return take_name(line, l->password) ? NULL : "PASSWORD wants up to 8 characters";
    if (str_equal(word, "TYPE"))
        return str_word(line, value, sizeof value) && str_equal(value, "NJE")
                   ? NULL
                   : "the only TYPE of a link is NJE";
    bool is_line = str_equal(word, "LINE"), is_streams = str_equal(word, "STREAMS");
    if (!is_line && !is_streams)
        return "LINKDEFINE knows NODE, LINE, STREAMS, PASSWORD, TYPE and AST";
    if (!str_word(line, value, sizeof value))
        value[0] = 0;
    if (is_line) {
        if (!str_hex(value, &number) || !number || number > 0xfff)
            return "LINE wants a device address";
        l->line = (uint16_t)number;
        return NULL;
    }
    if (!str_decimal(value, &number) || number < 1 || number > NJE_STREAMS)
        return "STREAMS wants a number from 1 to 7";
    l->streams = (uint8_t)number;
    return NULL;
}

static const char *take_link(struct rscs_config *c, const char *line)
{
    struct rscs_link_config l = {.streams = 1};
    char word[10];
    int at = 0;
    if (!take_name(&line, l.name))
        return "LINKDEFINE wants a link's name";
    str_copy(l.node, l.name, sizeof l.node);
    while (str_word(&line, word, sizeof word)) {
        const char *wrong = link_option(&l, word, &line);
        if (wrong)
            return wrong;
    }
    if (!l.line)
        return "a link wants a LINE";
    if (rscs_find_link(c, l.name) >= 0)
        return "there is such a link already";
    while (at < RSCS_LINKS && c->links[at].name[0])
        at++;
    if (at == RSCS_LINKS)
        return "there are too many links";
    c->links[at] = l;
    return NULL;
}

static const char *take_route(struct rscs_config *c, const char *line)
{
    char node[9], to[9], name[9];
    if (!take_name(&line, node) || !take_name(&line, to) || !str_equal(to, "TO") ||
        !take_name(&line, name))
        return "ROUTE wants node TO link";
    int link = rscs_find_link(c, name);
    if (link < 0)
        return "ROUTE names no link";
    unsigned at = 0;
    while (at < c->route_count && !str_equal(c->routes[at].node, node))
        at++;
    if (at == RSCS_ROUTES)
        return "there are too many routes";
    str_copy(c->routes[at].node, node, sizeof node);
    c->routes[at].link = (uint8_t)link;
    if (at == c->route_count)
        c->route_count++;
    return NULL;
}

static const char *take_auth(struct rscs_config *c, const char *line)
{
    char user[9], at[9], node[9] = "";
    if (!take_name(&line, user))
        return "AUTH wants a userid";
    if (take_name(&line, at) && (!str_equal(at, "AT") || !take_name(&line, node)))
        return "AUTH wants userid AT node";
    if (c->auth_count == RSCS_AUTH)
        return "too many are authorized";
    str_copy(c->auth[c->auth_count].user, user, sizeof user);
    str_copy(c->auth[c->auth_count++].node, node, sizeof node);
    return NULL;
}

const char *rscs_configure(struct rscs_config *c, const char *line)
{
    static const struct {
        const char *name;
        const char *(*take)(struct rscs_config *, const char *);
    } statements[] = {{"LOCAL", take_local},
                      {"LINKDEFINE", take_link},
                      {"ROUTE", take_route},
                      {"AUTH", take_auth}};
    char word[12];
    if (!str_word(&line, word, sizeof word) || word[0] == '*')
        return NULL;
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
        if (str_equal(word, statements[i].name))
            return statements[i].take(c, line);
    return "a statement is LOCAL, LINKDEFINE, ROUTE or AUTH";
}
