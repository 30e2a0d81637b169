/* A track of a count-key-data disk: its records' counts are read first, then all of them by one
 * channel program. */
#include "cms/ddr/command/ddr.h"
#include "s370/arch/ccw.h"

enum {
    SEEK = 0x07,
    READ_DATA = 0x06,
    READ_COUNT = 0x12,
    READ_R0 = 0x16,
    READ_CKD = 0x1e,
    SEARCH_ID = 0x31,
    WRITE_CKD = 0x1d,
    ERASE = 0x11,
};
enum { SENSE_NO_RECORD = 0x08, SENSE_END_OF_CYLINDER = 0x20 }; /* second byte */

static struct ccw ccws[DDR_RECORDS_MOST + 5];
static uint8_t place[8]; /* BBCCHH */
static uint8_t record0[16];

static void set_place(uint32_t cylinder, uint32_t head)
{
    memset(place, 0, sizeof(place));
    store_be16(place + 2, cylinder);
    store_be16(place + 4, head);
    ccw_set(&ccws[0], SEEK, place, CCW_CHAIN_COMMAND, 6);
    ccw_set(&ccws[1], READ_R0, record0, CCW_CHAIN_COMMAND | CCW_SUPPRESS_LENGTH, 16);
}

/* Ends the chain behind CCW `last`. */
static int run(const struct unit *u, unsigned last, struct cms_io *io)
{
    ccws[last].flags &= (uint8_t)~CCW_CHAIN_COMMAND;
    memset(io, 0, sizeof(*io));
    io->address = u->address;
    io->ccws = (uint32_t)ccws;
    return cms_io(io);
}

static int failed(const struct unit *u, uint32_t cylinder, uint32_t head, const struct cms_io *io)
{
    return cms_error(RC_IO_ERROR,
                     "DMS" MODULE "705E I/O ERROR %03X CYL %03u HD %02u STATUS %02X%02X SENSE "
                     "%02X%02X%02X",
                     u->address, cylinder, head, io->unit_status, io->channel_status, io->sense[0],
                     io->sense[1], io->sense[2]);
}

/* How many records there are; after the last the first comes round again, or a program check by the
 * index ends it. */
static int read_counts(struct ddr *d, uint32_t cylinder, uint32_t head, uint32_t *records)
{
    static uint8_t counts[DDR_RECORDS_MOST][DDR_COUNT];
    struct cms_io io;

    set_place(cylinder, head);
    memset(counts, 0, sizeof(counts));
    for (unsigned i = 0; i < DDR_RECORDS_MOST; i++)
        ccw_set(&ccws[2 + i], READ_COUNT, counts[i], CCW_CHAIN_COMMAND, DDR_COUNT);
    int rc = run(&d->input, DDR_RECORDS_MOST + 1, &io);
    bool round = rc == 1 && (io.unit_status & UNIT_CHECK) &&
                 (io.sense[1] & (SENSE_NO_RECORD | SENSE_END_OF_CYLINDER));
    if (rc && !round)
        return failed(&d->input, cylinder, head, &io);
    uint32_t most =
        round ? (io.last_ccw - (uint32_t)ccws) / sizeof(struct ccw) - 3 : DDR_RECORDS_MOST;
    for (*records = 0; *records < most; ++*records)
        if (*records && !memcmp(counts[*records], counts[0], DDR_COUNT))
            break;
    for (uint32_t i = 0; i < *records; i++)
        memcpy(d->track.bytes + i * DDR_COUNT, counts[i], DDR_COUNT);
    return RC_OK;
}

int track_read(struct ddr *d, uint32_t cylinder, uint32_t head)
{
    uint32_t records = 0, length = 0;
    struct cms_io io;
    static uint8_t counts[DDR_RECORDS_MOST][DDR_COUNT];
    int rc = read_counts(d, cylinder, head, &records);

    if (rc)
        return rc;
    memcpy(counts, d->track.bytes, records * DDR_COUNT);
    set_place(cylinder, head);
    for (uint32_t i = 0; i < records; i++) {
        uint32_t size = record_length(counts[i]);
        if (length + size > DDR_TRACK_MOST)
            return failed(&d->input, cylinder, head, &io);
        ccw_set(&ccws[2 + i], READ_CKD, d->track.bytes + length,
                CCW_CHAIN_COMMAND | CCW_SUPPRESS_LENGTH, size);
        length += size;
    }
    if (records && run(&d->input, records + 1, &io) && !(io.unit_status & UNIT_EXCEPTION))
        return failed(&d->input, cylinder, head, &io);
    memset(&d->track.header, 0, sizeof(d->track.header));
    memcpy(d->track.header.id, "TRK ", 4);
    put16(&d->track.header.cylinder, cylinder);
    put16(&d->track.header.head, head);
    put16(&d->track.header.records, records);
    put32(&d->track.header.length, length);
    return RC_OK;
}

/* Counts that name the track that was read name the one that is written. */
static void rename_counts(struct ddr *d, uint32_t cylinder)
{
    uint8_t *count = d->track.bytes;
    uint32_t was = get16(d->track.header.cylinder);

    for (uint32_t i = 0; i < get16(d->track.header.records); i++) {
        if (load_be16(count) == was)
            store_be16(count, cylinder);
        count += record_length(count);
    }
}

int track_write(struct ddr *d, uint32_t cylinder, uint32_t head)
{
    uint32_t records = get16(d->track.header.records);
    const uint8_t *at = d->track.bytes;
    struct cms_io io;

    if (cylinder != get16(d->track.header.cylinder))
        rename_counts(d, cylinder);
    set_place(cylinder, head);
    ccw_set(&ccws[2], SEARCH_ID, record0, CCW_CHAIN_COMMAND, 5);
    ccw_set(&ccws[3], CCW_TIC, &ccws[2], 0, 1);
    if (!records)
        ccw_set(&ccws[4], ERASE, d->track.bytes, CCW_SUPPRESS_LENGTH, DDR_COUNT);
    for (uint32_t i = 0; i < records; i++) {
        uint32_t size = record_length(at);
        ccw_set(&ccws[4 + i], WRITE_CKD, at, CCW_CHAIN_COMMAND, size);
        at += size;
    }
    return run(&d->output, records ? records + 3 : 4, &io) ? failed(&d->output, cylinder, head, &io)
                                                           : RC_OK;
}

void disk_label(const struct unit *u, char volid[6])
{
    static char label[80];
    struct cms_io io;

    memcpy(volid, "NONE  ", 6);
    set_place(0, 0);
    memset(label, 0, sizeof(label));
    place[6] = 3;
    ccw_set(&ccws[1], SEARCH_ID, place + 2, CCW_CHAIN_COMMAND, 5);
    ccw_set(&ccws[2], CCW_TIC, &ccws[1], 0, 1);
    ccw_set(&ccws[3], READ_DATA, label, CCW_SUPPRESS_LENGTH, sizeof(label));
    if (run(u, 3, &io))
        return;
    if (!memcmp(label, "VOL1", 4) || !memcmp(label, "CMS1", 4) || !memcmp(label, "CMS=", 4))
        memcpy(volid, label + 4, 6);
}
