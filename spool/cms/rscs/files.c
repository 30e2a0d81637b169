/* The commands about files: COMMAND [link] n ... or COMMAND [link] ALL. */
#include "spool/cms/rscs/rscs.h"

#define CHOICE_MOST 100

/* The files that a command is about. */
struct choice {
    unsigned count;
    uint16_t ids[CHOICE_MOST];
    const char *rest; /* of the operands */
};

static void choose_all(struct rscs *r, const struct origin *o, int link, struct choice *c)
{
    struct spool_entry e;
    struct rscs_file f;
    memset(&e, 0, sizeof e);
    while (c->count < CHOICE_MOST && queue_next(&e)) {
        queue_file(r, &e, &f);
        if (command_may(o, &f) && (link < 0 || queue_way(r, &f) == link))
            c->ids[c->count++] = f.id;
    }
}

static void choose_one(struct rscs *r, const struct origin *o, int link, const char *word,
                       struct choice *c)
{
    struct spool_entry e;
    struct rscs_file f;
    uint32_t id;
    if (str_decimal(word, &id) && id <= SPOOL_ID_MAX && queue_find(r, (uint16_t)id, &f, &e) &&
        command_may(o, &f) && (link < 0 || queue_way(r, &f) == link) && c->count < CHOICE_MOST)
        c->ids[c->count++] = (uint16_t)id;
    else
        message_answer(r, o, "DMTCMX208E FILE %s IS NOT IN THE QUEUE", word);
}

/* Takes [link] and the files, as many as may be touched.  False after a message: there are none. */
static bool choose(struct rscs *r, const struct origin *o, const char *operands, struct choice *c)
{
    char word[9] = "";
    uint32_t number;
    bool named = false;
    const char *at = operands;
    str_word(&at, word, sizeof word);
    int link = str_decimal(word, &number) ? -1 : rscs_find_link(&r->config, word);
    c->count = 0;
    c->rest = link >= 0 ? at : operands;
    for (at = c->rest; str_word(&at, word, sizeof word); c->rest = at) {
        bool all = !named && str_equal(word, "ALL");
        if (!all && !str_decimal(word, &number))
            break;
        named = true;
        if (all)
            choose_all(r, o, link, c);
        else
            choose_one(r, o, link, word, c);
    }
    if (!named)
        message_answer(r, o, "DMTCMX203E INVALID SPOOL ID %s", word);
    else if (!c->count && c->rest[0] == 0 && str_equal(word, "ALL"))
        message_answer(r, o, "NO FILE IS ENQUEUED");
    return c->count > 0;
}

/* CP's command for each of them. */
static void change_files(struct rscs *r, const struct origin *o, const struct choice *c,
                         const char *command, const char *option, const char *done)
{
    for (unsigned i = 0; i < c->count; i++) {
        unsigned id = c->ids[i];
        if (queue_is_active(r, (uint16_t)id)) {
            message_answer(r, o, "DMTCMX208E FILE %04u IS ACTIVE: FLUSH IT FIRST", id);
            continue;
        }
        int rc = rscs_cp("%s RDR %u %s", command, id, option);
        message_answer(r, o, rc ? "DMTCMX208E FILE %04u IS NOT %s" : "DMTAXS000I FILE %04u %s", id,
                       done);
    }
    queue_arrived(r);
}

void command_purge(struct rscs *r, const struct origin *o, const char *operands)
{
    struct choice c;
    if (choose(r, o, operands, &c))
        change_files(r, o, &c, "PURGE", "", "PURGED");
}

/* The first one that is named is to be the first: so the last is put in front of all, and so on. */
void command_order(struct rscs *r, const struct origin *o, const char *operands)
{
    struct choice c, turned;
    if (!choose(r, o, operands, &c))
        return;
    for (unsigned i = 0; i < c.count; i++)
        turned.ids[i] = c.ids[c.count - 1 - i];
    turned.count = c.count;
    change_files(r, o, &turned, "ORDER", "", "ORDERED");
}

/* The file's TAG says from now on what `f` does. */
static void retag(struct rscs *r, const struct origin *o, struct rscs_file *f)
{
    char tag[NJE_TAG + 1];
    f->arrived = false;
    if (f->transit)
        rscs_tag_put(tag, f);
    else
        fmt(tag, sizeof tag, "%s %s %u", f->to_node, f->to_user, (unsigned)f->priority);
    int rc = queue_is_active(r, f->id) || rscs_cp("TAG FILE %u %s", (unsigned)f->id, tag);
    message_answer(r, o,
                   rc ? "DMTCMX208E FILE %04u IS NOT CHANGED" : "DMTAXS000I FILE %04u CHANGED",
                   (unsigned)f->id);
}

/* Changes the TAGs of them all; a NULL node or a priority over RSCS_PRIORITY_MOST stays. */
static void retag_files(struct rscs *r, const struct origin *o, const struct choice *c,
                        const char *node, const char *user, uint32_t priority)
{
    struct spool_entry e;
    struct rscs_file f;
    for (unsigned i = 0; i < c->count; i++) {
        if (!queue_find(r, c->ids[i], &f, &e))
            continue;
        if (node) {
            str_copy(f.to_node, node, sizeof f.to_node);
            str_copy(f.to_user, user, sizeof f.to_user);
        }
        if (priority <= RSCS_PRIORITY_MOST)
            f.priority = (uint16_t)priority;
        retag(r, o, &f);
    }
    queue_arrived(r);
}

/* CHANGE n PRIORITY p, or what CP's CHANGE knows: CLASS, COPY, HOLD, NOHOLD, DIST, NAME. */
void command_change(struct rscs *r, const struct origin *o, const char *operands)
{
    struct choice c;
    char word[9];
    uint32_t priority;
    if (!choose(r, o, operands, &c))
        return;
    const char *at = c.rest;
    if (!str_word(&at, word, sizeof word) || !str_abbrev(word, "PRIORITY", 3))
        change_files(r, o, &c, "CHANGE", c.rest, "CHANGED");
    else if (!str_word(&at, word, sizeof word) || !str_decimal(word, &priority) ||
             priority > RSCS_PRIORITY_MOST)
        message_answer(r, o, "DMTCMX204E A PRIORITY IS 0 TO 99");
    else
        retag_files(r, o, &c, NULL, NULL, priority);
}

/* TRANSFER n TO node user */
void command_transfer(struct rscs *r, const struct origin *o, const char *operands)
{
    struct choice c;
    char to[9], node[9], user[9];
    if (!choose(r, o, operands, &c))
        return;
    command_name(&c.rest, to);
    command_name(&c.rest, node);
    command_name(&c.rest, user);
    if (!str_equal(to, "TO") || !user[0])
        message_answer(r, o, "DMTCMX202E TRANSFER WANTS FILE TO NODE USER");
    else
        retag_files(r, o, &c, node, user, RSCS_PRIORITY_MOST + 1);
}

/* --- a link, or files --- */

/* HOLD link IMMED: what is on its way goes back into the queue. */
static void hold_at_once(struct circuit *c)
{
    for (unsigned s = 0; s < NJE_STREAMS; s++)
        rscs_link_flush(&c->link, s, NULL);
    printer_give_back(c);
}

/* Names the operands a link alone, perhaps with IMMED? */
static bool names_link(struct rscs *r, const char *operands, bool *at_once)
{
    char word[9] = "";
    str_word(&operands, word, sizeof word);
    if (rscs_find_link(&r->config, word) < 0)
        return false;
    bool more = str_word(&operands, word, sizeof word);
    *at_once = more && str_equal(word, "IMMED");
    return !more || *at_once;
}

static void hold_or_free(struct rscs *r, const struct origin *o, const char *operands, bool hold)
{
    struct choice chosen;
    bool at_once;
    if (!names_link(r, operands, &at_once)) {
        if (choose(r, o, operands, &chosen))
            change_files(r, o, &chosen, "CHANGE", hold ? "HOLD" : "NOHOLD",
                         hold ? "HELD" : "FREED");
        return;
    }
    struct circuit *c = command_link(r, o, &operands);
    if (!c)
        return;
    if (!o->authorized) {
        message_answer(r, o, "DMTCMX201E COMMAND %s IS FOR OPERATORS", hold ? "HOLD" : "FREE");
        return;
    }
    c->holds = hold;
    if (hold && at_once)
        hold_at_once(c);
    message_answer(r, o, "DMTCMX000I LINK %s %s", line_config(c)->name, hold ? "HELD" : "FREED");
    rscs_look(r);
}

void command_hold(struct rscs *r, const struct origin *o, const char *operands)
{
    hold_or_free(r, o, operands, true);
}

void command_free(struct rscs *r, const struct origin *o, const char *operands)
{
    hold_or_free(r, o, operands, false);
}

/* Stops the sending or printing of a file.  False: it is not on its way. */
static bool flush(struct rscs *r, uint16_t id, bool purge)
{
    for (unsigned i = 0; i < RSCS_LINKS; i++) {
        struct circuit *c = r->circuits[i];
        if (!c)
            continue;
        if (printer_flush(c, id, purge))
            return true;
        for (unsigned s = 0; s < NJE_STREAMS; s++)
            if (c->reading[s].id == id) {
                c->reading[s].purge = purge;
                rscs_link_flush(&c->link, s, "FLUSHED");
                line_work(c);
                return true;
            }
    }
    return false;
}

/* FLUSH n [HOLD]: what is on its way goes no further, and is purged, or held. */
void command_flush(struct rscs *r, const struct origin *o, const char *operands)
{
    struct choice c;
    char word[9];
    if (!choose(r, o, operands, &c))
        return;
    command_name(&c.rest, word);
    for (unsigned i = 0; i < c.count; i++)
        message_answer(r, o,
                       flush(r, c.ids[i], !str_equal(word, "HOLD"))
                           ? "DMTCMX000I FILE %04u FLUSHED"
                           : "DMTCMX208E FILE %04u IS NOT ACTIVE",
                       (unsigned)c.ids[i]);
}
