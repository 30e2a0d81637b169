/* QUERY: the system, links, nodes, and the files that wait. */
#include "spool/cms/rscs/rscs.h"

#include "lib/ebcdic.h"

static const char *state_name(const struct circuit *c)
{
    static const char *const names[] = {"INACTIVE", "STARTING", "CONNECT",
                                        "CONNECT",  "CONNECT",  "ENDING"};
    if (!c || !c->wanted)
        return c && c->state != LINE_STOPPED ? "DRAINING" : "INACTIVE";
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
        n += queue_file(r, &e, &f) && rscs_route(&r->config, f.to_node) == link;
    return n;
}

static void tell_link(struct rscs *r, const struct origin *o, unsigned i)
{
    const struct rscs_link_config *l = &r->config.links[i];
    const struct circuit *c = r->circuits[i];
    message_answer(r, o, "%-8s %-8s %03X %-8s STREAMS %u%s Q=%u SENT=%u RECEIVED=%u", l->name,
                   l->node, l->line, state_name(c), l->streams, c && c->holds ? " HOLD" : "",
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

static void query_queues(struct rscs *r, const struct origin *o, const char *operands)
{
    struct spool_entry e;
    struct rscs_file f;
    unsigned n = 0;
    memset(&e, 0, sizeof e);
    while (queue_next(&e)) {
        bool good = queue_file(r, &e, &f);
        int way = good ? rscs_route(&r->config, f.to_node) : RSCS_NOWHERE;
        message_answer(r, o, "FILE %04u %s(%s) TO %s(%s) CL %c PR %02u REC %06u %s %s",
                       (unsigned)f.id, f.from_node, f.from_user, f.to_node, f.to_user, f.class,
                       (unsigned)f.priority, (unsigned)f.records,
                       way >= 0 ? r->config.links[way].name : "-",
                       queue_is_active(r, f.id) ? "ACTIVE"
                       : e.hold                 ? "HOLD"
                                                : "WAITING");
        n++;
    }
    if (!n)
        message_answer(r, o, "NO FILE IS ENQUEUED");
}

void command_query(struct rscs *r, const struct origin *o, const char *operands)
{
    static const struct {
        const char *name;
        uint8_t least;
        void (*tell)(struct rscs *, const struct origin *, const char *);
    } rows[] = {
        {"SYSTEM", 1, query_system}, {"LINKS", 1, query_system}, {"QUEUES", 1, query_queues},
        {"FILES", 1, query_queues},  {"NODES", 1, query_nodes},  {"ROUTES", 1, query_nodes},
    };
    char word[9];
    if (!str_word(&operands, word, sizeof word)) {
        query_system(r, o, operands);
        return;
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (str_abbrev(word, rows[i].name, rows[i].least)) {
            rows[i].tell(r, o, operands);
            return;
        }
    int link = rscs_find_link(&r->config, word);
    if (link >= 0)
        tell_link(r, o, (unsigned)link);
    else
        message_answer(r, o, "DMTCMX204E INVALID KEYWORD %s", word);
}
