/* Files that come in: a virtual punch or printer for each stream, spooled to RSCS's own reader with
 * a TAG that says all of the file.  It is kept when it is seen there and its key is on disk. */
#include "spool/cms/rscs/rscs.h"

#define PUNCHES  0x200 /* addresses: 16 for each link */
#define PRINTERS 0x300
#define CARD     80

static bool make_device(uint16_t *device, uint16_t address, const char *type)
{
    if (*device)
        return true;
    rscs_cp("DETACH %03X", address);
    if (rscs_cp("DEFINE %s AS %03X", type, address))
        return false;
    *device = address;
    return true;
}

bool writing_open(struct circuit *c, unsigned stream, const struct rscs_file *f)
{
    struct writing *w = &c->writing[stream];
    char tag[NJE_TAG + 1];
    uint16_t address = (uint16_t)((f->print ? PRINTERS : PUNCHES) + c->number * 16 + stream);
    if (!make_device(f->print ? &w->printer : &w->punch, address, f->print ? "3211" : "3525"))
        return false;
    w->file = *f;
    w->open = address;
    w->written = false;
    rscs_tag_put(tag, f);
    rscs_cp("CLOSE %03X PURGE", address);
    rscs_cp("TAG DEV %03X %s", address, tag);
    /* Until it is complete: if this virtual machine is logged off meanwhile, nothing is to be left.
     */
    return !rscs_cp("SPOOL %03X TO %s CLASS %c COPY %u NOHOLD NOCONT PURGE", address, c->rscs->me,
                    f->class, f->copies > SPOOL_COPIES_MAX ? SPOOL_COPIES_MAX : f->copies);
}

bool writing_put(struct circuit *c, unsigned stream, const struct rscs_record *record)
{
    struct writing *w = &c->writing[stream];
    struct ccw ccw
        __attribute__((aligned(8))) = {.command = record->command, .flags = CCW_SUPPRESS_LENGTH};
    struct cms_io io = {.address = w->open, .ccws = (uint32_t)&ccw};
    uint8_t data[RSCS_RECORD + CARD];
    size_t length = record->length;
    memcpy(data, record->data, length);
    if (!w->file.print)
        while (length < CARD)
            data[length++] = ' ';
    if (!length)
        data[length++] = ' ';
    put24(&ccw.address, (uint32_t)data);
    put16(&ccw.count, length);
    w->written = true;
    return cms_io(&io) == 0;
}

/* True when it is in the reader and on the list of those received. */
bool writing_close(struct circuit *c, unsigned stream)
{
    struct writing *w = &c->writing[stream];
    char key[RSCS_KEY];
    rscs_file_key(key, &w->file);
    rscs_cp("SPOOL %03X NOPURGE", w->open);
    const char *dist = w->file.distribution[0] ? w->file.distribution : w->file.to_user;
    int rc = w->file.name[0] ? rscs_cp("CLOSE %03X NAME %s %s DIST %s", w->open, w->file.name,
                                       w->file.type, dist)
                             : rscs_cp("CLOSE %03X DIST %s", w->open, dist);
    if (rc) {
        writing_purge(c, stream);
        return false;
    }
    w->open = 0;
    if (w->written && !queue_has(c->rscs, key))
        return false;
    return queue_note_received(c->rscs, key);
}

void writing_purge(struct circuit *c, unsigned stream)
{
    struct writing *w = &c->writing[stream];
    if (w->open)
        rscs_cp("CLOSE %03X PURGE", w->open);
    w->open = 0;
}
