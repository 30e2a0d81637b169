/* Messages and commands: to a user here by MSGNOH, to another node by its link; a command for this
 * node is run, and its answers go back as messages. */
#include "spool/cms/rscs/rscs.h"

/* To a user of this system. The reason if it is not received, else NULL. */
static const char *deliver(const struct nje_nmr *n)
{
    int rc;
    const char *user = n->user[0] ? n->user : "OPERATOR";
    if (n->sender[0])
        rc = rscs_cp("MSGNOH %s FROM %s(%s): %s", user, n->from_node, n->sender, n->text);
    else
        rc = rscs_cp("MSGNOH %s FROM %s: %s", user, n->from_node, n->text);
    return rc == 45 ? "NOT LOGGED ON" : rc == 57 ? "NOT RECEIVING" : rc ? "NOT KNOWN" : NULL;
}

/* The sender learns that the message has not got there; who has no name learns nothing, so no
 * answer is answered. */
static void return_it(struct rscs *r, const struct nje_nmr *n, const char *what, const char *why)
{
    char text[NJE_NMR_TEXT + 1];
    bool command = n->flags & NJE_NMR_COMMAND;
    const char *sender = command ? n->user : n->sender;
    if (!sender[0])
        return;
    fmt(text, sizeof text, "DMTCMX%s %s %s", command ? "336E COMMAND NOT SENT --" : "171I", what,
        why);
    message_send(r, n->from_node, sender, "", text);
}

static void run_command(struct rscs *r, const struct nje_nmr *n)
{
    struct origin o = {.authorized = rscs_is_authorized(&r->config, n->from_node, n->user)};
    str_copy(o.node, n->from_node, sizeof o.node);
    str_copy(o.user, n->user, sizeof o.user);
    command_run(r, &o, n->text);
}

void message_route(struct rscs *r, const struct nje_nmr *n)
{
    int way = rscs_route(&r->config, n->to_node);
    if (way == RSCS_HERE && n->flags & NJE_NMR_COMMAND) {
        run_command(r, n);
    } else if (way == RSCS_HERE) {
        const char *why = deliver(n);
        if (why)
            return_it(r, n, n->user, why);
    } else if (way == RSCS_NOWHERE) {
        return_it(r, n, n->to_node, "IS NO NODE OF THIS NETWORK");
    } else {
        struct circuit *c = r->circuits[way];
        if (c && rscs_link_message(&c->link, n))
            line_work(c);
        else
            return_it(r, n, r->config.links[way].name, "LINK IS NOT CONNECTED");
    }
}

void message_send(struct rscs *r, const char *node, const char *user, const char *from,
                  const char *text)
{
    struct nje_nmr n = {.flags = NJE_NMR_USER, .level = NJE_NMR_LEVEL};
    n.type = from[0] ? NJE_NMR_DELIVERED : NJE_NMR_NO_TIME;
    str_copy(n.to_node, node, sizeof n.to_node);
    str_copy(n.user, user, sizeof n.user);
    str_copy(n.from_node, r->config.local, sizeof n.from_node);
    str_copy(n.sender, from, sizeof n.sender);
    str_copy(n.text, text, sizeof n.text);
    message_route(r, &n);
}

void message_answer(struct rscs *r, const struct origin *o, const char *format, ...)
{
    char text[NJE_NMR_TEXT + 1];
    va_list args;
    va_start(args, format);
    vfmt(text, sizeof text, format, args);
    va_end(args);
    if (!o->user[0])
        cms_printf("%s", text);
    else if (str_equal(o->node, r->config.local))
        rscs_cp("MSGNOH %s %s", o->user, text);
    else
        message_send(r, o->node, o->user, "", text);
}
