/* The commands; those about files are in files.c.  Everybody may ask, and send messages and
 * commands to other nodes; the rest is for RSCS's console and for those whom AUTH names, but that a
 * user may do some of it with files of their own. */
#include "spool/cms/rscs/rscs.h"

struct circuit *command_link(struct rscs *r, const struct origin *o, const char **operands)
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
    struct circuit *c = command_link(r, o, &operands);
    if (!c)
        return;
    c->look = true;
    line_start(c);
    message_answer(r, o, "DMTCMX000I LINK %s STARTED", r->config.links[c->number].name);
}

static void stop_link(struct rscs *r, const struct origin *o, const char *operands, bool at_once)
{
    struct circuit *c = command_link(r, o, &operands);
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
    str_upcase(line, strlen(line));
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
    struct circuit *c = command_link(r, o, &operands);
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

void command_name(const char **operands, char *to)
{
    to[0] = 0;
    str_word(operands, to, 9);
    str_upcase(to, strlen(to));
}

/* BACKSPAC and FWDSPACE link pages; BACKSPAC link FILE. */
static void space(struct rscs *r, const struct origin *o, const char *operands, int sign)
{
    struct circuit *c = command_link(r, o, &operands);
    char word[9] = "";
    uint32_t pages = 0;
    if (!c)
        return;
    const char *name = line_config(c)->name;
    str_word(&operands, word, sizeof word);
    bool all = sign < 0 && str_equal(word, "FILE");
    if (!all && (!str_decimal(word, &pages) || !pages || pages > 9999))
        message_answer(r, o, "DMTCMX204E INVALID KEYWORD %s: HOW MANY PAGES", word);
    else if (line_config(c)->type != RSCS_PRINTER)
        message_answer(r, o, "DMTCMX209E LINK %s IS NO PRINTER: A FILE IS SENT AS A WHOLE", name);
    else if (!printer_space(c, sign * (int)pages, all))
        message_answer(r, o, "DMTCMX510I LINK %s PRINTS NO FILE", name);
    else
        message_answer(r, o, "DMTCMX511I LINK %s %s", name,
                       sign < 0 ? "BACKSPACED" : "FORWARD SPACED");
}

static void command_backspac(struct rscs *r, const struct origin *o, const char *operands)
{
    space(r, o, operands, -1);
}

static void command_fwdspace(struct rscs *r, const struct origin *o, const char *operands)
{
    space(r, o, operands, 1);
}

/* --- to others --- */

/* MSG node user text */
static void command_msg(struct rscs *r, const struct origin *o, const char *operands)
{
    char node[9], user[9];
    command_name(&operands, node);
    command_name(&operands, user);
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
    command_name(&operands, n.to_node);
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
    struct circuit *c = command_link(r, o, &operands);
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

bool command_may(const struct origin *o, const struct rscs_file *f)
{
    return o->authorized || (str_equal(f->from_user, o->user) && str_equal(f->from_node, o->node));
}

enum { ANYBODY, OWNER, OPERATOR };

static const struct {
    const char *name;
    uint8_t least, who;
    command_function *run;
} commands[] = {
    {"BACKSPAC", 2, OPERATOR, command_backspac},
    {"CHANGE", 2, OWNER, command_change},
    {"CMD", 3, ANYBODY, command_cmd},
    {"CPQUERY", 3, ANYBODY, command_cpquery},
    {"DEFINE", 3, OPERATOR, command_define},
    {"DELETE", 3, OPERATOR, command_delete},
    {"DISCONN", 4, OPERATOR, command_disconn},
    {"DRAIN", 2, OPERATOR, command_drain},
    {"FLUSH", 2, OWNER, command_flush},
    {"FREE", 2, OWNER, command_free},
    {"FWDSPACE", 2, OPERATOR, command_fwdspace},
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
    {"TRANSFER", 4, OWNER, command_transfer},
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
