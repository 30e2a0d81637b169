/* Files that go out: a virtual reader for each stream, whose file is read by DIAGNOSE 14, block by
 * block, since a reader's cards do not say with which command a line was printed. */
#include "spool/cms/rscs/rscs.h"

#define READERS 0x400 /* their addresses: 16 for each link */

static bool make_device(struct circuit *c, unsigned stream)
{
    struct reading *r = &c->reading[stream];
    if (r->device)
        return true;
    uint16_t device = (uint16_t)(READERS + c->number * 16 + stream);
    r->page = cms_alloc(SPOOL_PAGE);
    if (!r->page)
        return false;
    rscs_cp("DETACH %03X", device); /* of a program before this one */
    if (rscs_cp("DEFINE 3505 AS %03X", device))
        return false;
    /* Whatever happens: a file that was not sent stays. */
    rscs_cp("SPOOL %03X HOLD", device);
    r->device = device;
    return true;
}

bool reading_open(struct circuit *c, unsigned stream, uint16_t id)
{
    struct reading *r = &c->reading[stream];
    struct spool_entry e;
    memset(&e, 0, sizeof e);
    if (!make_device(c, stream))
        return false;
    while (queue_next(&e))
        if (get16(e.id) == id) {
            r->blocks_left = get32(e.blocks);
            r->loaded = r->purge = false;
            if (cms_spool_file(id, r->device, SPOOL_SELECT) != 0)
                return false;
            r->id = id;
            return true;
        }
    return false;
}

/* Records that only move paper or punch nothing come, too: they are the file. */
int reading_next(struct circuit *c, unsigned stream, struct rscs_record *record)
{
    struct reading *r = &c->reading[stream];
    struct spool_record stored;
    for (;;) {
        if (r->loaded && spool_block_next(r->page, &r->offset, &stored)) {
            record->command = stored.command;
            record->length = stored.length < RSCS_RECORD ? stored.length : RSCS_RECORD;
            memcpy(record->data, stored.data, record->length);
            return 1;
        }
        if (!r->blocks_left)
            return 0;
        if (cms_spool_file((uint32_t)r->page, r->device, SPOOL_READ_BLOCK) != 0)
            return -1;
        r->loaded = true;
        r->offset = 0;
        r->blocks_left--;
    }
}

void reading_close(struct circuit *c, unsigned stream, bool sent)
{
    struct reading *r = &c->reading[stream];
    if (!r->id)
        return;
    rscs_cp("CLOSE %03X %s", r->device, sent ? "PURGE" : "HOLD");
    if (!sent)
        rscs_cp("CHANGE RDR %u NOHOLD", (unsigned)r->id);
    r->id = 0;
}
