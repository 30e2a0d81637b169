/* Blocks of a CMS minidisk: records of one length on count-key-data tracks, or some of a
 * fixed-block disk's blocks.  The same channel program goes to SIO on the bare machine and to
 * DIAGNOSE 18 under CP.  Capacities: the devices' own manuals (GA26-1592 for the 3330, GA26-1638
 * for the 3350, ...). */
#include "cms/nucleus/nucleus.h"

#include "s370/arch/fba.h"

enum {
    DASD_WRITE = 0x05,
    DASD_READ = 0x06,
    DASD_SEEK = 0x07,
    DASD_SEARCH_ID = 0x31,
};

/* Bytes of a track and what each record takes beside its data. */
static const struct {
    uint16_t type;
    uint16_t heads, cylinders;
    uint16_t track, overhead;
    uint8_t rounding;     /* data and overhead are rounded up to it (3375, 3380) */
    uint8_t virtual_type; /* DIAGNOSE 24's type code: of class 04, without heads of class 01 */
} models[] = {
    {0x3350, 30, 555, 19254, 185, 1, 0x08},  {0x3330, 19, 808, 13165, 135, 1, 0x10},
    {0x3340, 12, 696, 8535, 167, 1, 0x01},   {0x3380, 15, 2655, 47968, 492, 32, 0x04},
    {0x3375, 12, 959, 36000, 384, 32, 0x02}, {0x2314, 20, 200, 7294, 101, 1, 0x80},
    {0x3310, 0, 0, 0, 0, 1, 0x01},           {0x3370, 0, 0, 0, 0, 1, 0x02},
};
#define MODEL_COUNT (sizeof(models) / sizeof(models[0]))

unsigned dasd_records_per_track(uint16_t type, unsigned block_size)
{
    for (unsigned i = 0; i < MODEL_COUNT; i++) {
        if (models[i].type != type || !models[i].heads)
            continue;
        unsigned each = block_size + models[i].overhead;
        /* 2314: records but the last take 2137/2048 of their data, and 101 bytes. */
        if (type == 0x2314)
            return (7294 - block_size) / (block_size * 2137 / 2048 + 101) + 1;
        each = (each + models[i].rounding - 1) / models[i].rounding * models[i].rounding;
        return models[i].track / each;
    }
    return 0;
}

static bool read_blocks(uint16_t address, uint32_t *blocks)
{
    struct fba_characteristics c = {0};
    struct cms_io io;

    if (io_simple(address, FBA_READ_CHARACTERISTICS, &c, sizeof(c), &io) != 0)
        return false;
    *blocks = get32(c.blocks);
    return true;
}

static bool model_fill(struct geometry *g, uint16_t address, uint16_t type)
{
    for (unsigned i = 0; i < MODEL_COUNT; i++)
        if (models[i].type == type) {
            g->type = type;
            g->heads = models[i].heads;
            g->cylinders = models[i].cylinders;
            return g->heads || read_blocks(address, &g->blocks);
        }
    return false;
}

/* What device is it?  DIAGNOSE 24 under CP, else SENSE ID. */
bool dasd_identify(uint16_t address, struct geometry *g, bool *read_only)
{
    struct cms_io io;
    uint8_t id[8];

    memset(g, 0, sizeof(*g));
    *read_only = false;
    if (nuc.under_cp) {
        uint32_t device = address, info[2] = {0, 0};
        if (diagnose_24(&device, info) == 3)
            return false;
        /* Class 04 is DASD, 01 fixed-block; in the fourth byte 80 is read-only. */
        uint8_t class = info[0] >> 24;
        if (class != 0x04 && class != 0x01)
            return false;
        *read_only = info[0] & 0x80;
        for (unsigned i = 0; i < MODEL_COUNT; i++)
            if (models[i].virtual_type == (info[0] >> 16 & 0xff) &&
                !models[i].heads == (class == 0x01))
                return model_fill(g, address, models[i].type);
    }
    memset(id, 0, sizeof(id));
    if (io_simple(address, CCW_SENSE_ID, id, 7, &io) != 0 || id[0] != 0xff)
        return false;
    g->model = id[6];
    return model_fill(g, address, load_be16(id + 4));
}

static void set_address(struct track_address *a, uint32_t cylinder, uint32_t head, uint32_t record)
{
    store_be16(a->bb, 0);
    store_be16(a->id, cylinder);
    store_be16(a->id + 2, head);
    a->id[4] = (uint8_t)record;
}

/* The channel program that reads or writes one record. */
static void build(struct ccw ccw[4], const struct track_address *at, uint8_t command,
                  const void *bytes, uint32_t size)
{
    ccw_set(&ccw[0], DASD_SEEK, at->bb, CCW_CHAIN_COMMAND, 6);
    ccw_set(&ccw[1], DASD_SEARCH_ID, at->id, CCW_CHAIN_COMMAND, 5);
    ccw_set(&ccw[2], CCW_TIC, &ccw[1], 0, 1);
    ccw_set(&ccw[3], command, bytes, CCW_SUPPRESS_LENGTH, size);
}

/* Runs it by SIO; 0, 1 with errors in io, 3. */
static int transfer(struct cms_io *io, uint16_t device, const struct track_address *at,
                    uint8_t command, const void *bytes, uint32_t size)
{
    struct ccw ccw[4];

    build(ccw, at, command, bytes, size);
    io->address = device;
    io->ccws = (uint32_t)ccw;
    return io_run(io);
}

/* The label's record, from or to 4096 bytes; as transfer() does. */
static int label_transfer(struct cms_io *io, uint16_t device, const struct geometry *g,
                          bool writing, const void *bytes, uint32_t size)
{
    struct track_address at;
    struct fba_program p;

    if (g->heads) {
        set_address(&at, 0, 0, EDF_LABEL_BLOCK);
        return transfer(io, device, &at, writing ? DASD_WRITE : DASD_READ, bytes, size);
    }
    uint32_t count, block = fba_of_cms_block(EDF_LABEL_BLOCK, size, &count);
    fba_program_build(&p, block, count, bytes, writing);
    io->address = device;
    io->ccws = (uint32_t)p.ccws;
    return io_run(io);
}

/* By the label: EDF's, or that of an 800-byte disk.  (On a 2314 these lie fifteen to two tracks:
 * their label is not where it is looked for.) */
static int label_size(const char *label, int size, const struct geometry *g)
{
    if (!g->heads)
        size = (int)get32(((const struct edf_label *)label)->block_size);
    bool edf = !memcmp(label, "CMS1", 4), cdf = !memcmp(label, "CMS=", 4);

    return (edf && size > 0 && size <= 4096) || (cdf && size == CDF_BLOCK) ? size : 0;
}

int dasd_block_size(uint16_t address, const struct geometry *g)
{
    struct cms_io io;
    char *buffer = storage_get(4096, OWNER_PROGRAM);
    int size = -1;

    if (!buffer)
        return -1;
    memset(buffer, 0, 8);
    if (label_transfer(&io, address, g, false, buffer, 4096) == 0)
        size = label_size(buffer, 4096 - io.residual, g);
    else if (io.sense[1] & 0x08) /* no record found: the disk was never formatted */
        size = 0;
    storage_free(buffer, 4096);
    return size;
}

/* Is the medium write protected?  Its label is written as it is. (Under CP the virtual device
 * says it.) */
bool dasd_is_protected(uint16_t address, const struct geometry *g, uint16_t block_size)
{
    struct cms_io io;
    char *buffer = storage_get(block_size, OWNER_PROGRAM);
    bool protected = false;

    if (!buffer)
        return true;
    if (label_transfer(&io, address, g, false, buffer, block_size) == 0)
    protected = label_transfer(&io, address, g, true, buffer, block_size) != 0;
    storage_free(buffer, block_size);
    return protected;
}

static void block_address(struct track_address *at, const struct disk *d, uint32_t block)
{
    uint32_t track = (block - 1) / d->geometry.per_track;

    set_address(at, track / d->geometry.heads, track % d->geometry.heads,
                (block - 1) % d->geometry.per_track + 1);
}

/* Four CCWs for each block; records in a row, so the program runs from track to track. */
static void build_run(const struct disk *d, const struct block_program *p,
                      const struct block_run *r, uint8_t command)
{
    for (uint32_t i = 0; i < r->count; i++) {
        struct ccw *ccw = &p->ccws[4 * i];
        block_address(&p->places[i], d, r->first + i);
        build(ccw, &p->places[i], command, r->bytes + i * d->block_size, d->block_size);
        if (i + 1 < r->count)
            ccw[3].flags |= CCW_CHAIN_COMMAND;
    }
}

static bool run_by_sio(const struct disk *d, const struct ccw *ccws)
{
    struct cms_io io;

    for (unsigned tries = 0; tries < 10; tries++) {
        io.address = d->address;
        io.ccws = (uint32_t)ccws;
        int rc = io_run(&io);
        if (rc == 0)
            return io.residual == 0;
        if (rc == IO_NOT_OPERATIONAL)
            return false;
        /* Only data checks and overruns are worth another try. */
        if (!(io.sense[0] & (SENSE_DATA_CHECK | SENSE_OVERRUN)))
            return false;
    }
    return false;
}

static bool run_channel(const struct disk *d, const struct ccw *ccws, uint32_t transfers)
{
    if (nuc.under_cp && !nuc.sw.disk_sio)
        return diagnose_18(d->address, ccws, transfers) == 0;
    return run_by_sio(d, ccws);
}

/* One READ or WRITE for all of the run; the label is a run of its own, and shorter than a block. */
static bool fixed_transfer(const struct disk *d, const struct block_run *r, bool writing)
{
    struct fba_program p;
    uint32_t each, first = fba_of_cms_block(r->first, d->block_size, &each);

    if (each != d->block_size / FBA_BLOCK_BYTES && !writing)
        memset(r->bytes, 0, d->block_size);
    fba_program_build(&p, first, each * r->count, r->bytes, writing);
    return run_channel(d, p.ccws, 1);
}

/* Under CP one DIAGNOSE does it all, without interruptions; SET DISKIO SIO shows what it saves. */
bool dasd_transfer(struct disk *d, const struct block_run *r, bool writing)
{
    struct ccw ccws[4];
    struct track_address place;
    struct block_program one = {ccws, &place};
    const struct block_program *p = r->count > 1 ? &d->program : &one;

    if (!d->geometry.heads)
        return fixed_transfer(d, r, writing);
    build_run(d, p, r, writing ? DASD_WRITE : DASD_READ);
    return run_channel(d, p->ccws, r->count);
}

/* How many cylinders can be reached: CP and the device refuse a seek behind the last. */
uint32_t dasd_cylinders(uint16_t address, const struct geometry *g)
{
    struct cms_io io;
    struct track_address at;
    uint32_t reached = 0, behind = g->heads ? g->cylinders : g->blocks;

    while (g->heads && behind - reached > 1) {
        uint32_t middle = (reached + behind) / 2;
        set_address(&at, middle, 0, 0);
        if (io_simple(address, DASD_SEEK, at.bb, 6, &io) == 0)
            reached = middle;
        else
            behind = middle;
    }
    return behind;
}
