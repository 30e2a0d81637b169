/* The files in RSCS's reader.  A user's comes by SPOOL TO RSCS with TAG DEV; one that came over a
 * link was written by RSCS itself.  A file of a node here goes on to its user, one of another waits
 * for the link; one that has no way goes back to the user who sent it, or is held.
 *
 * The keys of the files that were received lately are in RSCS LOG, so that a file which the partner
 * sends again, since the line broke before it knew, is recognised. */
#include "spool/cms/rscs/rscs.h"

#include "lib/ebcdic.h"

#define READER     0x00c
#define LOG_RECORD 40
#define LOG_NUMBER 36 /* column of the record's number, which goes on over the list's end */

static void log_id(struct cms_fileid *id)
{
    cms_fileid(id, "RSCS", "LOG", "A1");
}

bool queue_next(struct spool_entry *e)
{
    return cms_spool_file((uint32_t)e, READER, SPOOL_NEXT_DESCRIPTION) == 0;
}

bool queue_file(const struct rscs *r, const struct spool_entry *e, struct rscs_file *f)
{
    char tag[SPOOL_TAG + 1], origin[9], class[2];
    memset(f, 0, sizeof *f);
    ebcdic_get_field(tag, e->tag, sizeof e->tag);
    ebcdic_get_field(origin, e->origin, sizeof e->origin);
    ebcdic_get_field(class, &e->class, 1);
    f->id = (uint16_t)get16(e->id);
    f->print = e->kind != SPOOL_PUNCH && e->kind != SPOOL_READER;
    f->class = class[0];
    f->copies = e->copies;
    f->records = get32(e->records);
    ebcdic_get_field(f->name, e->name, sizeof e->name);
    ebcdic_get_field(f->type, e->type, sizeof e->type);
    ebcdic_get_field(f->distribution, e->dist, sizeof e->dist);
    /* What came over a link says where from; a user's file comes from its user. */
    bool transit = !strcmp(origin, r->me);
    str_copy(f->from_node, r->config.local, sizeof f->from_node);
    str_copy(f->from_user, origin, sizeof f->from_user);
    f->number = f->id;
    f->entered = get64(e->stamp);
    return rscs_tag_get(f, tag, transit);
}

/* A user here may be the name of a printer's link. */
int queue_way(const struct rscs *r, const struct rscs_file *f)
{
    int way = rscs_route(&r->config, f->to_node);
    int link = way == RSCS_HERE ? rscs_find_link(&r->config, f->to_user) : -1;
    return link >= 0 && r->config.links[link].type == RSCS_PRINTER ? link : way;
}

bool queue_find(const struct rscs *r, uint16_t id, struct rscs_file *f, struct spool_entry *e)
{
    memset(e, 0, sizeof *e);
    while (queue_next(e))
        if (get16(e->id) == id) {
            queue_file(r, e, f);
            return true;
        }
    return false;
}

bool queue_is_active(const struct rscs *r, uint16_t id)
{
    for (unsigned i = 0; i < RSCS_LINKS; i++)
        for (unsigned s = 0; r->circuits[i] && s < NJE_STREAMS; s++)
            if (r->circuits[i]->reading[s].id == id)
                return true;
    return false;
}

bool queue_select(struct circuit *c, struct rscs_file *f)
{
    struct spool_entry e;
    struct rscs_file g;
    bool found = false;
    if (!c->look || c->holds)
        return false;
    memset(&e, 0, sizeof e);
    while (queue_next(&e)) {
        if (e.hold || queue_is_active(c->rscs, (uint16_t)get16(e.id)) ||
            !queue_file(c->rscs, &e, &g) || queue_way(c->rscs, &g) != (int)c->number)
            continue;
        if (!found || g.priority < f->priority)
            *f = g;
        found = true;
    }
    c->look = found;
    return found;
}

bool queue_has(const struct rscs *r, const char *key)
{
    struct spool_entry e;
    struct rscs_file f;
    char other[RSCS_KEY];
    memset(&e, 0, sizeof e);
    while (queue_next(&e)) {
        if (!queue_file(r, &e, &f))
            continue;
        rscs_file_key(other, &f);
        if (!strcmp(other, key))
            return true;
    }
    return false;
}

/* --- delivery --- */

void queue_tell_origin(struct rscs *r, const struct rscs_file *f, const char *what)
{
    char text[133];
    fmt(text, sizeof text, "DMTAXS104I FILE %04u %s %s -- ORG %s(%s)", (unsigned)f->number, what,
        f->to_user, f->from_node, f->from_user);
    message_send(r, f->from_node, f->from_user, "", text);
}

/* The TAG of a file from elsewhere is turned round while the file is still RSCS's: its user must
 * find it so. */
static bool turn_tag(const struct rscs_file *f)
{
    struct rscs_file g = *f;
    char tag[NJE_TAG + 1];
    if (!f->transit || f->arrived)
        return true;
    g.arrived = true;
    rscs_tag_put(tag, &g);
    return !rscs_cp("TAG FILE %u %s", (unsigned)f->id, tag);
}

/* A file for a user here. */
static void deliver(struct rscs *r, const struct rscs_file *f)
{
    bool system = !strcmp(f->to_user, "SYSTEM");
    const char *user = rscs_is_job(f) ? "CMSBATCH" : f->to_user;
    int rc = !turn_tag(f) ? RC_FAILED
             : system
                 ? rscs_cp("TRANSFER %u TO %s %s", (unsigned)f->id, r->me, f->print ? "PRT" : "PUN")
                 : rscs_cp("TRANSFER %u TO %s RDR", (unsigned)f->id, user);
    if (rc) {
        rscs_cp("CHANGE RDR %u HOLD", (unsigned)f->id);
        queue_tell_origin(r, f, "IS HELD: THERE IS NO USER");
        rscs_operator("DMTAXS103E FILE %04u HELD -- THERE IS NO USER %s", (unsigned)f->id,
                      f->to_user);
        return;
    }
    rscs_operator("DMTAXS104I FILE SPOOLED TO %s -- ORG %s(%s)", f->to_user, f->from_node,
                  f->from_user);
    if (!str_equal(f->from_node, r->config.local))
        queue_tell_origin(r, f, "SPOOLED TO");
}

/* A file without a way. */
static void reject(struct rscs *r, const struct spool_entry *e, const struct rscs_file *f)
{
    char origin[9];
    ebcdic_get_field(origin, e->origin, sizeof e->origin);
    rscs_operator("DMTAXS103E FILE %04u REJECTED -- INVALID DESTINATION ADDRESS", (unsigned)f->id);
    if (!strcmp(origin, r->me)) {
        rscs_cp("CHANGE RDR %u HOLD", (unsigned)f->id);
        return;
    }
    rscs_cp("MSGNOH %s DMTAXS103E FILE %04u REJECTED -- INVALID DESTINATION ADDRESS", origin,
            (unsigned)f->id);
    rscs_cp("TRANSFER %u TO %s RDR", (unsigned)f->id, origin);
}

/* One file that needs something done, since the queue may be another afterwards. */
static bool settle_one(struct rscs *r)
{
    struct spool_entry e;
    struct rscs_file f;
    memset(&e, 0, sizeof e);
    while (queue_next(&e)) {
        bool good = queue_file(r, &e, &f);
        int way = good ? queue_way(r, &f) : RSCS_NOWHERE;
        if (e.hold || way >= 0)
            continue;
        if (way == RSCS_HERE)
            deliver(r, &f);
        else
            reject(r, &e, &f);
        return true;
    }
    return false;
}

void queue_arrived(struct rscs *r)
{
    while (settle_one(r))
        ;
    rscs_look(r);
}

/* --- what was received --- */

bool queue_was_received(const struct rscs *r, const char *key)
{
    for (uint32_t i = 0; i < r->received_count; i++)
        if (!strcmp(r->received[i], key))
            return true;
    return false;
}

bool queue_note_received(struct rscs *r, const char *key)
{
    struct cms_fileid id;
    struct fscb f;
    char record[LOG_RECORD + 1], number[5];
    uint32_t at = r->received_next;
    log_id(&id);
    cms_file(&f, &id);
    str_pad(record, key, LOG_RECORD);
    fmt(number, sizeof number, "%04X", (unsigned)(r->received_number & 0xffff));
    memcpy(record + LOG_NUMBER, number, 4);
    int rc = cms_file_write_at(&f, at + 1, record, LOG_RECORD, 'F');
    if (!rc)
        rc = cms_file_close(&f);
    if (rc) {
        rscs_operator("DMTAXS200I I/O ERROR: RSCS LOG CANNOT BE WRITTEN, RC %d", rc);
        return false;
    }
    str_copy(r->received[at], key, RSCS_KEY);
    r->received_number++;
    r->received_next = (at + 1) % RECEIVED_MOST;
    if (at == r->received_count)
        r->received_count++;
    return true;
}

/* The list from the disk; and those that are in the reader, whose key was not written any more. */
void queue_load_received(struct rscs *r)
{
    struct cms_fileid id;
    struct fscb f;
    struct spool_entry e;
    struct rscs_file file;
    char record[LOG_RECORD + 1], key[RSCS_KEY], origin[9];
    bool ended = false; /* the newest one has been seen */
    log_id(&id);
    cms_file(&f, &id);
    while (r->received_count < RECEIVED_MOST && !cms_file_read(&f, record, LOG_RECORD)) {
        uint32_t number;
        record[LOG_RECORD] = 0;
        str_unpad(r->received[r->received_count++], record, RSCS_KEY - 1);
        if (!str_hex(record + LOG_NUMBER, &number))
            number = r->received_number & 0xffff;
        ended |= r->received_count > 1 && number != (r->received_number & 0xffff);
        if (ended)
            continue;
        r->received_number = number + 1;
        r->received_next = r->received_count % RECEIVED_MOST;
    }
    cms_file_close(&f);
    memset(&e, 0, sizeof e);
    while (queue_next(&e)) {
        ebcdic_get_field(origin, e.origin, sizeof e.origin);
        if (strcmp(origin, r->me) != 0 || !queue_file(r, &e, &file))
            continue;
        rscs_file_key(key, &file);
        if (!queue_was_received(r, key))
            queue_note_received(r, key);
    }
}
