/* The commands.  Everybody may ask, and send messages and commands to other nodes; the rest is for
 * RSCS's console and for those whom AUTH names.  A user may PURGE, HOLD and FREE the files that are
 * theirs. */
#include "spool/cms/rscs/rscs.h"

typedef void command_function(struct rscs *r, const struct origin *o, const char *operands);

/* The link that is named; NULL after a message. */
static struct circuit *link_operand(struct rscs *r, const struct origin *o, const char **operands)
{
    char word[9] = "";
    str_word(operands, word, sizeof word);
    str_upcase(word, strlen(word));
    int link = rscs_find_link(&r->config, word);
    struct circuit *c = link < 0 ? NULL : rscs_circuit(r, (unsigned)link);
    if (!c)
        message_answer(
            r, o, link < 0 ? "DMTCMX202E INVALID LINKID - %s" : "DMTCMX205E NO STORAGE FOR LINK %s",
            word);
    return c;
}

static void command_start(struct rscs *r, const struct origin *o, const char *operands)
{
    struct circuit *c = link_operand(r, o, &operands);
    if (!c)
        return;
    c->look = true;
    line_start(c);
    message_answer(r, o, "DMTCMX000I LINK %s STARTED", r->config.links[c->number].name);
}

static void stop_link(struct rscs *r, const struct origin *o, const char *operands, bool at_once)
{
    struct circuit *c = link_operand(r, o, &operands);
    if (!c)
        return;
    line_stop(c, at_once);
    message_answer(r, o, "DMTCMX540I LINK %s NOW SET TO DEACTIVATE",
                   r->config.links[c->number].name);
}

static void command_drain(struct rscs *r, const struct origin *o, const char *operands)
{
    stop_link(r, o, operands, false);
}

static void command_stop(struct rscs *r, const struct origin *o, const char *operands)
{
    stop_link(r, o, operands, true);
}

static void configure(struct rscs *r, const struct origin *o, const char *statement,
                      const char *operands)
{
    char line[133];
    fmt(line, sizeof line, "%s %s", statement, operands);
    const char *wrong = rscs_configure(&r->config, line);
    message_answer(r, o, wrong ? "DMTCMX207E %s" : "DMTCMX000I %s", wrong ? wrong : line);
    if (!wrong)
        queue_arrived(r);
}

static void command_define(struct rscs *r, const struct origin *o, const char *operands)
{
    configure(r, o, "LINKDEFINE", operands);
}

static void command_route(struct rscs *r, const struct origin *o, const char *operands)
{
    configure(r, o, "ROUTE", operands);
}

static void command_delete(struct rscs *r, const struct origin *o, const char *operands)
{
    struct circuit *c = link_operand(r, o, &operands);
    if (!c)
        return;
    const char *name = r->config.links[c->number].name;
    if (c->state != LINE_STOPPED) {
        message_answer(r, o, "DMTCMX202E LINK %s IS ACTIVE: DRAIN IT FIRST", name);
        return;
    }
    message_answer(r, o, "DMTCMX000I LINK %s DELETED", name);
    rscs_delete_link(&r->config, c->number);
}

/* A node's or user's name, in capitals; "" if there is none. */
static void node_operand(const char **operands, char *node)
{
    node[0] = 0;
    str_word(operands, node, 9);
    str_upcase(node, strlen(node));
}

/* --- files --- */

/* The file whose spool id is named, if it may be touched; false after a message. */
static bool file_operand(struct rscs *r, const struct origin *o, const char **operands,
                         struct rscs_file *f)
{
    char word[9] = "";
    uint32_t id = 0;
    struct spool_entry e;
    memset(&e, 0, sizeof e);
    str_word(operands, word, sizeof word);
    if (str_decimal(word, &id))
        while (queue_next(&e)) {
            if (get16(e.id) != id)
                continue;
            queue_file(r, &e, f);
            if (o->authorized ||
                (str_equal(f->from_user, o->user) && str_equal(f->from_node, o->node)))
                return true;
        }
    message_answer(r, o, "DMTCMX208E FILE %s IS NOT IN THE QUEUE", word);
    return false;
}

static void change_file(struct rscs *r, const struct origin *o, const char *operands,
                        const char *command, const char *option, const char *done)
{
    struct rscs_file f;
    if (!file_operand(r, o, &operands, &f))
        return;
    if (queue_is_active(r, f.id)) {
        message_answer(r, o, "DMTCMX208E FILE %04u IS ACTIVE: FLUSH IT FIRST", (unsigned)f.id);
        return;
    }
    int rc = rscs_cp("%s RDR %u %s", command, (unsigned)f.id, option);
    message_answer(r, o, rc ? "DMTCMX208E FILE %04u IS NOT %s" : "DMTAXS000I FILE %04u %s",
                   (unsigned)f.id, done);
    queue_arrived(r);
}

static void command_purge(struct rscs *r, const struct origin *o, const char *operands)
{
    change_file(r, o, operands, "PURGE", "", "PURGED");
}

static void command_order(struct rscs *r, const struct origin *o, const char *operands)
{
    change_file(r, o, operands, "ORDER", "", "ORDERED");
}

/* The file's TAG says from now on what `f` does. */
static void retag(struct rscs *r, const struct origin *o, const struct rscs_file *f)
{
    char tag[NJE_TAG + 1];
    if (str_equal(f->from_node, r->config.local))
        fmt(tag, sizeof tag, "%s %s %u", f->to_node, f->to_user, (unsigned)f->priority);
    else
        rscs_tag_put(tag, f);
    int rc = rscs_cp("TAG FILE %u %s", (unsigned)f->id, tag);
    message_answer(r, o,
                   rc ? "DMTCMX208E FILE %04u IS NOT CHANGED" : "DMTAXS000I FILE %04u CHANGED",
                   (unsigned)f->id);
    queue_arrived(r);
}

/* CHANGE n PRIORITY p, or what CP's CHANGE knows: CLASS, COPY, HOLD, NOHOLD, DIST, NAME. */
static void command_change(struct rscs *r, const struct origin *o, const char *operands)
{
    struct rscs_file f;
    const char *all = operands;
    char word[9];
    uint32_t priority;
    if (!file_operand(r, o, &operands, &f))
        return;
    const char *options = operands;
    if (!str_word(&operands, word, sizeof word) || !str_abbrev(word, "PRIORITY", 3)) {
        change_file(r, o, all, "CHANGE", options, "CHANGED");
        return;
    }
    if (!str_word(&operands, word, sizeof word) || !str_decimal(word, &priority) ||
        priority > RSCS_PRIORITY_MOST) {
        message_answer(r, o, "DMTCMX204E A PRIORITY IS 0 TO 99");
        return;
    }
    f.priority = (uint16_t)priority;
    retag(r, o, &f);
}

/* TRANSFER n TO node user */
static void command_transfer(struct rscs *r, const struct origin *o, const char *operands)
{
    struct rscs_file f;
    char to[9] = "";
    if (!file_operand(r, o, &operands, &f))
        return;
    str_word(&operands, to, sizeof to);
    node_operand(&operands, f.to_node);
    node_operand(&operands, f.to_user);
    if (!str_equal(to, "TO") || !f.to_user[0])
        message_answer(r, o, "DMTCMX202E TRANSFER WANTS FILE TO NODE USER");
    else if (queue_is_active(r, f.id))
        message_answer(r, o, "DMTCMX208E FILE %04u IS ACTIVE: FLUSH IT FIRST", (unsigned)f.id);
    else
        retag(r, o, &f);
}

/* HOLD and FREE: a link, or a file by its spool id. */
static void hold_or_free(struct rscs *r, const struct origin *o, const char *operands, bool hold)
{
    const char *at = operands;
    char word[9] = "";
    uint32_t id;
    str_word(&at, word, sizeof word);
    if (str_decimal(word, &id)) {
        change_file(r, o, operands, "CHANGE", hold ? "HOLD" : "NOHOLD", hold ? "HELD" : "FREED");
        return;
    }
    struct circuit *c = o->authorized ? link_operand(r, o, &operands) : NULL;
    if (!c)
        return;
    c->holds = hold;
    message_answer(r, o, "DMTCMX000I LINK %s %s", r->config.links[c->number].name,
                   hold ? "HELD" : "FREED");
    rscs_look(r);
}

static void command_hold(struct rscs *r, const struct origin *o, const char *operands)
{
    hold_or_free(r, o, operands, true);
}

static void command_free(struct rscs *r, const struct origin *o, const char *operands)
{
    hold_or_free(r, o, operands, false);
}

/* FLUSH id: the file that is being sent is held. */
static void command_flush(struct rscs *r, const struct origin *o, const char *operands)
{
    struct rscs_file f;
    if (!file_operand(r, o, &operands, &f))
        return;
    for (unsigned i = 0; i < RSCS_LINKS; i++)
        for (unsigned s = 0; r->circuits[i] && s < NJE_STREAMS; s++)
            if (r->circuits[i]->reading[s].id == f.id) {
                rscs_link_flush(&r->circuits[i]->link, s, "FLUSHED");
                line_work(r->circuits[i]);
                message_answer(r, o, "DMTCMX000I FILE %04u FLUSHED", (unsigned)f.id);
                return;
            }
    message_answer(r, o, "DMTCMX208E FILE %04u IS NOT ACTIVE", (unsigned)f.id);
}

/* --- to others --- */

/* MSG node user text */
static void command_msg(struct rscs *r, const struct origin *o, const char *operands)
{
    char node[9], user[9];
    node_operand(&operands, node);
    node_operand(&operands, user);
    if (!*operands) {
        message_answer(r, o, "DMTCMX202E MSG WANTS NODE, USER AND TEXT");
        return;
    }
    message_send(r, node, user, o->user[0] ? o->user : r->me, operands);
}

/* CMD node command: its answers come as messages. */
static void command_cmd(struct rscs *r, const struct origin *o, const char *operands)
{
    struct nje_nmr n = {.flags = NJE_NMR_COMMAND, .level = NJE_NMR_LEVEL};
    node_operand(&operands, n.to_node);
    if (!*operands) {
        message_answer(r, o, "DMTCMX202E CMD WANTS NODE AND COMMAND");
        return;
    }
    str_copy(n.user, o->user[0] ? o->user : r->me, sizeof n.user);
    str_copy(n.from_node, r->config.local, sizeof n.from_node);
    str_copy(n.text, operands, sizeof n.text);
    message_route(r, &n);
}

/* CPQUERY: what anybody may ask of CP here. */
static void command_cpquery(struct rscs *r, const struct origin *o, const char *operands)
{
    static const struct {
        const char *name;
        uint8_t least;
    } allowed[] = {{"NAMES", 1}, {"TIME", 1}, {"USERS", 1}, {"LOGMSG", 3}, {"CPLEVEL", 3}};
    char word[9] = "", answer[1024];
    str_word(&operands, word, sizeof word);
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
        if (!str_abbrev(word, allowed[i].name, allowed[i].least))
            continue;
        rscs_ask(answer, sizeof answer, "QUERY %s %.8s", allowed[i].name, operands);
        for (char *line = answer, *end; *line; line = end) {
            end = strchr(line, 0x15);
            if (end)
                *end++ = 0;
            else
                end = line + strlen(line);
            message_answer(r, o, "%s", line);
        }
        return;
    }
    message_answer(r, o, "DMTCMX204E CPQUERY WANTS NAMES, TIME, USERS, LOGMSG OR CPLEVEL");
}

/* TRACE link ON or OFF: its blocks on the console. */
static void command_trace(struct rscs *r, const struct origin *o, const char *operands)
{
    char word[9] = "";
    struct circuit *c = link_operand(r, o, &operands);
    if (!c)
        return;
    str_word(&operands, word, sizeof word);
    if (!str_equal(word, "ON") && !str_equal(word, "OFF")) {
        message_answer(r, o, "DMTCMX202E TRACE WANTS LINK AND ON OR OFF");
        return;
    }
    c->traced = str_equal(word, "ON");
    message_answer(r, o, "DMTCMX000I LINK %s TRACE %s", r->config.links[c->number].name,
                   c->traced ? "ON" : "OFF");
}

static void command_disconn(struct rscs *r, const struct origin *o, const char *operands)
{
    rscs_cp("DISCONN");
}

static void command_shutdown(struct rscs *r, const struct origin *o, const char *operands)
{
    r->ending = true;
    message_answer(r, o, "DMTREX000I RSCS IS ENDING");
}

enum { ANYBODY, OWNER, OPERATOR };

static const struct {
    const char *name;
    uint8_t least, who;
    command_function *run;
} commands[] = {
    {"CHANGE", 2, OPERATOR, command_change},
    {"CMD", 3, ANYBODY, command_cmd},
    {"CPQUERY", 3, ANYBODY, command_cpquery},
    {"DEFINE", 3, OPERATOR, command_define},
    {"DELETE", 3, OPERATOR, command_delete},
    {"DISCONN", 4, OPERATOR, command_disconn},
    {"DRAIN", 2, OPERATOR, command_drain},
    {"FLUSH", 2, OWNER, command_flush},
    {"FREE", 2, OWNER, command_free},
    {"HOLD", 2, OWNER, command_hold},
    {"MESSAGE", 1, ANYBODY, command_msg},
    {"MSG", 1, ANYBODY, command_msg},
    {"ORDER", 2, OPERATOR, command_order},
    {"PURGE", 2, OWNER, command_purge},
    {"QUERY", 1, ANYBODY, command_query},
    {"ROUTE", 2, OPERATOR, command_route},
    {"SHUTDOWN", 4, OPERATOR, command_shutdown},
    {"START", 3, OPERATOR, command_start},
    {"STOP", 3, OPERATOR, command_stop},
    {"TRACE", 2, OPERATOR, command_trace},
    {"TRANSFER", 4, OPERATOR, command_transfer},
};

void command_run(struct rscs *r, const struct origin *o, const char *line)
{
    char word[12];
    if (!str_word(&line, word, sizeof word))
        return;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (!str_abbrev(word, commands[i].name, commands[i].least))
            continue;
        if (commands[i].who == OPERATOR && !o->authorized)
            message_answer(r, o, "DMTCMX201E COMMAND %s IS FOR OPERATORS", commands[i].name);
        else
            commands[i].run(r, o, line);
        return;
    }
    message_answer(r, o, "DMTCMX201E INVALID COMMAND %s", word);
}
