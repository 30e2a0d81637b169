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

static const char *const type_names[RSCS_LINK_TYPES] = {"NJE", "CTCA", "PRINTER"};

const char *rscs_type_name(enum rscs_link_type type)
{
    return type_names[type];
}

/* --- LINKDEFINE's options --- */

/* The next word as a number between two others. */
static bool take_number(const char **line, uint32_t least, uint32_t most, uint32_t *number)
{
    char word[12];
    return str_word(line, word, sizeof word) && str_decimal(word, number) && *number >= least &&
           *number <= most;
}

static const char *take_type(struct rscs_link_config *l, const char **line)
{
    char word[9];
    if (str_word(line, word, sizeof word))
        for (unsigned i = 0; i < RSCS_LINK_TYPES; i++)
            if (str_equal(word, type_names[i])) {
                l->type = (enum rscs_link_type)i;
                return NULL;
            }
    return "TYPE is NJE, CTCA or PRINTER";
}

static const char *take_line(struct rscs_link_config *l, const char **line)
{
    char word[10];
    uint32_t number;
    if (!str_word(line, word, sizeof word) || !str_hex(word, &number) || !number || number > 0xfff)
        return "LINE wants a device address";
    l->line = (uint16_t)number;
    return NULL;
}

static const char *take_node(struct rscs_link_config *l, const char **line)
{
    return take_name(line, l->node) ? NULL : "NODE wants a node's name";
}

static const char *take_streams(struct rscs_link_config *l, const char **line)
{
    uint32_t number;
    if (!take_number(line, 1, NJE_STREAMS, &number))
        return "STREAMS wants a number from 1 to 7";
    l->streams = (uint8_t)number;
    return NULL;
}

static const char *take_password(struct rscs_link_config *l, const char **line)
{
    return take_name(line, l->password) ? NULL : "PASSWORD wants up to 8 characters";
}

static const char *take_timeout(struct rscs_link_config *l, const char **line)
{
    return take_number(line, 1, 86400, &l->timeout) ? NULL : "TIMEOUT wants seconds, 1 to 86400";
}

static const char *take_nosep(struct rscs_link_config *l, const char **line)
{
    (void)line;
    l->separate = false;
    return NULL;
}

static const char *take_ast(struct rscs_link_config *l, const char **line)
{
    (void)line;
    l->start = true;
    return NULL;
}

#define OF(type) (1u << (type))
#define NETWORK  (OF(RSCS_NJE) | OF(RSCS_CTCA))
#define ANY      (NETWORK | OF(RSCS_PRINTER))

static const struct link_option {
    const char *name;
    unsigned types; /* of links that have it */
    const char *(*take)(struct rscs_link_config *, const char **);
} options[] = {
    {"TYPE", ANY, take_type},
    {"LINE", ANY, take_line},
    {"NODE", ANY, take_node},
    {"STREAMS", NETWORK, take_streams},
    {"PASSWORD", NETWORK, take_password},
    {"TIMEOUT", NETWORK, take_timeout},
    {"NOSEP", OF(RSCS_PRINTER), take_nosep},
    {"AST", ANY, take_ast},
};

static const struct link_option *find_option(const char *word)
{
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (str_equal(word, options[i].name))
            return &options[i];
    return NULL;
}

static const char *take_options(struct rscs_link_config *l, const char *line)
{
    char word[10];
    unsigned types = ANY;
    while (str_word(&line, word, sizeof word)) {
        const struct link_option *o = find_option(word);
        const char *wrong = o ? o->take(l, &line)
                              : "LINKDEFINE knows TYPE, NODE, LINE, STREAMS, PASSWORD, TIMEOUT, "
                                "NOSEP and AST";
        if (wrong)
            return wrong;
        types &= o->types;
    }
    if (!l->line)
        return "a link wants a LINE";
    return types & OF(l->type) ? NULL : "a link of this TYPE has no such option";
}

static const char *take_link(struct rscs_config *c, const char *line)
{
    struct rscs_link_config l = {.streams = 1, .timeout = RSCS_TIMEOUT, .separate = true};
    int at = 0;
    if (!take_name(&line, l.name))
        return "LINKDEFINE wants a link's name";
    str_copy(l.node, l.name, sizeof l.node);
    const char *wrong = take_options(&l, line);
    if (wrong)
        return wrong;
    if (rscs_find_link(c, l.name) >= 0)
        return "there is such a link already";
    while (at < RSCS_LINKS && c->links[at].name[0])
        at++;
    if (at == RSCS_LINKS)
        return "there are too many links";
    c->links[at] = l;
    return NULL;
}

static void remove_route(struct rscs_config *c, unsigned at)
{
    c->route_count--;
    memmove(&c->routes[at], &c->routes[at + 1], (c->route_count - at) * sizeof *c->routes);
}

static const char *take_route(struct rscs_config *c, const char *line)
{
    char node[9] = "", to[9] = "", name[9] = "";
    take_name(&line, node);
    take_name(&line, to);
    take_name(&line, name);
    bool off = str_equal(to, "OFF") && !name[0];
    if (!off && (!str_equal(to, "TO") || !name[0]))
        return "ROUTE wants node TO link, or node OFF";
    unsigned at = 0;
    while (at < c->route_count && !str_equal(c->routes[at].node, node))
        at++;
    if (off) {
        if (at == c->route_count)
            return "there is no such ROUTE";
        remove_route(c, at);
        return NULL;
    }
    int link = rscs_find_link(c, name);
    if (link < 0)
        return "ROUTE names no link";
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
