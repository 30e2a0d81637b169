/* QUERY: the system, links, nodes, and the files that wait. */
#include "spool/cms/rscs/rscs.h"

#include "lib/ebcdic.h"

static const char *state_name(const struct circuit *c)
{
    static const char *const names[] = {"INACTIVE", "STARTING", "CONNECT", "CONNECT",
                                        "CONNECT",  "CONNECT",  "CONNECT", "ENDING"};
    if (!c || !c->wanted)
        return c && c->state != LINE_STOPPED ? "DRAINING" : "INACTIVE";
    if (c->state == LINE_ENABLING && line_config(c)->type == RSCS_PRINTER)
        return "NOTREADY";
    return c->link.state == RSCS_OPENING ? "SIGNON" : names[c->state];
}

/* How many files wait for a link. */
static unsigned count_files(struct rscs *r, int link)
{
    struct spool_entry e;
    struct rscs_file f;
    unsigned n = 0;
    memset(&e, 0, sizeof e);
    while (queue_next(&e))
        n += queue_file(r, &e, &f) && queue_way(r, &f) == link;
    return n;
}

static void tell_link(struct rscs *r, const struct origin *o, unsigned i)
{
    const struct rscs_link_config *l = &r->config.links[i];
    const struct circuit *c = r->circuits[i];
    message_answer(r, o, "%-8s %-8s %-7s %03X %-8s%s Q=%u SENT=%u RECEIVED=%u", l->name, l->node,
                   rscs_type_name(l->type), l->line, state_name(c), c && c->holds ? " HOLD" : "",
                   count_files(r, (int)i), c ? (unsigned)c->files_sent : 0,
                   c ? (unsigned)c->files_received : 0);
}

static void query_system(struct rscs *r, const struct origin *o, const char *operands)
{
    unsigned links = 0;
    message_answer(r, o, "NODE %s: RSCS OF DATBOX", r->config.local);
    for (unsigned i = 0; i < RSCS_LINKS; i++)
        if (r->config.links[i].name[0]) {
            tell_link(r, o, i);
            links++;
        }
    if (!links)
        message_answer(r, o, "NO LINK IS DEFINED");
}

static void query_nodes(struct rscs *r, const struct origin *o, const char *operands)
{
    for (unsigned i = 0; i < RSCS_LINKS; i++)
        if (r->config.links[i].name[0])
            message_answer(r, o, "NODE %-8s LINK %s", r->config.links[i].node,
                           r->config.links[i].name);
    for (unsigned i = 0; i < r->config.route_count; i++)
        message_answer(r, o, "NODE %-8s LINK %s", r->config.routes[i].node,
                       r->config.links[r->config.routes[i].link].name);
}

static void tell_file(struct rscs *r, const struct origin *o, const struct spool_entry *e)
{
    struct rscs_file f;
    int way = queue_file(r, e, &f) ? queue_way(r, &f) : RSCS_NOWHERE;
    message_answer(r, o, "FILE %04u %s(%s) TO %s(%s) CL %c PR %02u REC %06u %s %s", (unsigned)f.id,
                   f.from_node, f.from_user, f.to_node, f.to_user, f.class, (unsigned)f.priority,
                   (unsigned)f.records, way >= 0 ? r->config.links[way].name : "-",
                   queue_is_active(r, f.id) ? "ACTIVE"
                   : e->hold                ? "HOLD"
                                            : "WAITING");
}

/* The files of a link (-1: all), or those of them that are on their way. */
static void tell_files(struct rscs *r, const struct origin *o, int link, bool active)
{
    struct spool_entry e;
    struct rscs_file f;
    unsigned n = 0;
    memset(&e, 0, sizeof e);
    while (queue_next(&e)) {
        int way = queue_file(r, &e, &f) ? queue_way(r, &f) : RSCS_NOWHERE;
        if ((link >= 0 && way != link) || (active && !queue_is_active(r, f.id)))
            continue;
        tell_file(r, o, &e);
        n++;
    }
    if (!n)
        message_answer(r, o, active ? "NO FILE IS ACTIVE" : "NO FILE IS ENQUEUED");
}

static void query_queues(struct rscs *r, const struct origin *o, const char *operands)
{
    (void)operands;
    tell_files(r, o, -1, false);
}

/* FILE n, or all of them. */
static void query_files(struct rscs *r, const struct origin *o, const char *operands)
{
    struct spool_entry e;
    struct rscs_file f;
    char word[9];
    uint32_t id;
    if (!str_word(&operands, word, sizeof word))
        tell_files(r, o, -1, false);
    else if (str_decimal(word, &id) && id <= SPOOL_ID_MAX && queue_find(r, (uint16_t)id, &f, &e))
        tell_file(r, o, &e);
    else
        message_answer(r, o, "DMTCMX208E FILE %s IS NOT IN THE QUEUE", word);
}

/* link [STATUS | ACTIVE | QUEUE] */
static void query_link(struct rscs *r, const struct origin *o, unsigned link, const char *operands)
{
    char word[9] = "STATUS";
    str_word(&operands, word, sizeof word);
    if (str_abbrev(word, "STATUS", 1))
        tell_link(r, o, link);
    else if (str_abbrev(word, "ACTIVE", 1) || str_abbrev(word, "QUEUES", 1))
        tell_files(r, o, (int)link, str_abbrev(word, "ACTIVE", 1));
    else
        message_answer(r, o, "DMTCMX204E INVALID KEYWORD %s", word);
}

void command_query(struct rscs *r, const struct origin *o, const char *operands)
{
    static const struct {
        const char *name;
        uint8_t least;
        command_function *tell;
    } rows[] = {
        {"SYSTEM", 1, query_system}, {"LINKS", 1, query_system}, {"QUEUES", 1, query_queues},
        {"FILES", 1, query_files},   {"NODES", 1, query_nodes},  {"ROUTES", 1, query_nodes},
    };
    char word[9] = "SYSTEM";
    str_word(&operands, word, sizeof word);
    int link = rscs_find_link(&r->config, word);
    if (link >= 0) {
        query_link(r, o, (unsigned)link, operands);
        return;
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (str_abbrev(word, rows[i].name, rows[i].least)) {
            rows[i].tell(r, o, operands);
            return;
        }
    message_answer(r, o, "DMTCMX204E INVALID KEYWORD %s", word);
}
