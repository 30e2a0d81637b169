/* OPEN and CLOSE.  A DCB's exit is called in the middle of OPEN: what comes behind it is done when
 * the exit returns. */
#include "cms/os/command/os.h"

#define LIST_LAST     UINT32_C(0x80000000)
#define DATASET_POOL  252 /* the subpool of what the simulation itself takes */
#define ABEND_NO_ROOM 0x80a

struct dataset *dataset_of(const struct dcb *dcb)
{
    struct dataset *d = os.datasets;

    while (d && d->dcb != dcb)
        d = d->next;
    return d;
}

static uint32_t macrf(const struct dataset *d)
{
    return get16(d->before.closed.macr);
}

static bool queued(const struct dataset *d)
{
    return macrf(d) & (MACRF_GET | MACRF_PUT);
}

/* ---- CLOSE ---- */

static void forget(struct dataset *d)
{
    struct dataset **link = &os.datasets;

    while (*link != d)
        link = &(*link)->next;
    *link = d->next;
    freemain(d, sizeof(*d), DATASET_POOL);
}

/* The DCB is as it was before OPEN, but for what the program itself may have changed. */
static void restore(struct dataset *d)
{
    struct dcb *dcb = d->dcb;
    const struct dcb *before = &d->before;

    dcb->recfm = before->recfm;
    dcb->optcd = before->optcd;
    dcb->lrecl = before->lrecl;
    dcb->blksi = before->blksi;
    dcb->check = before->check;
    memcpy(dcb->ddname, before->ddname, 8);
    dcb->oflgs = before->oflgs;
    dcb->routine = before->routine;
    if (!queued(d))
        dcb->note = before->note;
}

static void close_one(struct dataset *d, uint8_t option)
{
    if (d->block.bytes && d->direction == OPEN_OUTPUT)
        queued_finish(d);
    dataset_close(d, option);
    restore(d);
    forget(d);
}

/* R1 -> words: option and DCB, the last one with 80. */
enum os_answer os_close(struct os_call *c)
{
    const uint32_t *list = (const uint32_t *)os_address(c->r[1]);

    do {
        struct dataset *d = dataset_of((struct dcb *)os_address(*list));
        if (d)
            close_one(d, (uint8_t)(*list >> 24));
    } while (!(*list++ & LIST_LAST));
    c->r[15] = 0;
    return OS_DONE;
}

/* CLOSE TYPE=T: what was written is permanent, and the DCB stays open. */
enum os_answer os_close_temporarily(struct os_call *c)
{
    const uint32_t *list = (const uint32_t *)os_address(c->r[1]);

    do {
        struct dataset *d = dataset_of((struct dcb *)os_address(*list));
        if (d && d->def.device == FILEDEF_DISK)
            cms_file_close(&d->file);
    } while (!(*list++ & LIST_LAST));
    c->r[15] = 0;
    return OS_DONE;
}

static uint32_t routine_of(const struct dataset *d)
{
    return queued(d) ? (uint32_t)enter_queued : (uint32_t)enter_basic;
}

/* The program has ended, but START may begin it again: its DCBs are made ready for that, if they
 * are still there. */
void datasets_end(void)
{
    while (os.datasets) {
        struct dataset *d = os.datasets;
        if (d->block.bytes && d->direction == OPEN_OUTPUT)
            queued_finish(d);
        dataset_close(d, 0);
        if (d->dcb->oflgs & OFLGS_OPEN && get24(d->dcb->routine) == routine_of(d)) {
            restore(d);
            put24(&d->dcb->bufcb, get24(d->before.bufcb));
        }
        forget(d);
    }
}

/* ---- OPEN ---- */

/* GET and PUT, or READ and WRITE, that go with the direction. */
static bool macros_are_good(const struct dataset *d)
{
    bool reads = d->direction != OPEN_OUTPUT, writes = d->direction != OPEN_INPUT;
    uint32_t m = macrf(d);

    if (get16(d->dcb->dsorg) != DSORG_SEQUENTIAL && get16(d->dcb->dsorg) != DSORG_PARTITIONED)
        return false;
    if (queued(d))
        return (d->direction == OPEN_INPUT && m & (MACRF_GET_MOVE | MACRF_GET_LOCATE)) ||
               (d->direction == OPEN_OUTPUT && m & (MACRF_PUT_MOVE | MACRF_PUT_LOCATE));
    return (!reads || m & MACRF_READ) && (!writes || m & MACRF_WRITE);
}

/* The DCB's pool of buffers, or a new one, that FREEPOOL gives back. */
static bool take_buffer(struct dataset *d)
{
    struct dcb *dcb = d->dcb;
    uint32_t length = (d->form.blksize + 7u) & ~7u;
    struct buffer_pool *pool = (struct buffer_pool *)get24(dcb->bufcb);

    if (!dcb_address_given(get24(dcb->bufcb)) || get16(pool->length) < d->form.blksize) {
        if (length > UINT16_MAX)
            return false;
        pool = getmain(sizeof(*pool) + length, 0);
        if (!pool)
            return false;
        memset(pool, 0, sizeof(*pool));
        pool->count = 1;
        put16(&pool->length, length);
        put24(&dcb->bufcb, (uint32_t)pool);
    }
    d->block.bytes = (uint8_t *)(pool + 1);
    d->block.length = d->block.at = 0;
    if (d->direction == OPEN_OUTPUT)
        block_begin(&d->block, &d->form);
    return true;
}

static int complete(struct dataset *d)
{
    struct dcb *dcb = d->dcb;
    uint32_t m = macrf(d);
    int error = dataset_start(d);

    if (!error && queued(d) && !take_buffer(d))
        error = OPEN_STORAGE;
    if (error)
        return error;
    put16(&dcb->open.tiot, 0);
    put16(&dcb->open.macrf, m);
    dcb->open.iflags = 0;
    put24(&dcb->open.debad, 0);
    put24(&dcb->routine, routine_of(d));
    dcb->oflgs = d->before.oflgs | OFLGS_OPEN;
    if (!queued(d)) {
        put24(&dcb->check, (uint32_t)enter_check);
        put24(&dcb->note, (uint32_t)enter_note);
    }
    return 0;
}

static void not_opened(struct dataset *d, int error)
{
    char name[9];

    str_unpad(name, (const char *)d->before.ddname, 8);
    cms_error(error, "DMSSOP036E OPEN ERROR CODE '%02d' ON '%s'.", error, name);
    restore(d);
    forget(d);
}

/* The DCB's exit in its exit list: entries of a code and an address, the last one with 80. */
static uint32_t dcb_exit(const struct dcb *dcb)
{
    enum { EXIT_DCB = 0x05, EXIT_CODE = 0x7f };
    const uint32_t *list = (const uint32_t *)get24(dcb->exlst);

    if (!dcb_address_given(get24(dcb->exlst)))
        return 0;
    do
        if ((*list >> 24 & EXIT_CODE) == EXIT_DCB)
            return os_address(*list);
    while (!(*list++ & LIST_LAST));
    return 0;
}

static struct dataset *new_dataset(struct dcb *dcb, uint8_t option)
{
    struct dataset *d = getmain(sizeof(*d), DATASET_POOL);

    if (!d)
        return NULL;
    memset(d, 0, sizeof(*d));
    d->dcb = dcb;
    d->before = *dcb;
    d->direction = option & 0x0f;
    d->next = os.datasets;
    os.datasets = d;
    return d;
}

/* Opens the list's DCBs from os.opening on, as far as there is an exit to call. */
static enum os_answer open_list(struct os_call *c)
{
    for (;;) {
        uint32_t entry = *(const uint32_t *)os.opening;
        struct dcb *dcb = (struct dcb *)os_address(entry);
        struct dataset *d = NULL;
        if (!dataset_of(dcb)) {
            d = new_dataset(dcb, (uint8_t)(entry >> 24));
            if (!d)
                return abend_system(c, ABEND_NO_ROOM);
            int error = macros_are_good(d) ? dataset_find(d) : OPEN_ORGANIZATION;
            uint32_t exit = error ? 0 : dcb_exit(dcb);
            if (exit && context_call(c, CONTEXT_OPEN, exit)) {
                c->r[1] = (uint32_t)dcb;
                return OS_DONE;
            }
            if (!error)
                error = complete(d);
            if (error)
                not_opened(d, error);
        }
        if (entry & LIST_LAST)
            return OS_DONE;
        os.opening += sizeof(uint32_t);
    }
}

enum os_answer os_open(struct os_call *c)
{
    os.opening = os_address(c->r[1]);
    c->r[15] = 0;
    return open_list(c);
}

enum os_answer open_go_on(struct os_call *c)
{
    uint32_t entry = *(const uint32_t *)os.opening;
    struct dataset *d = dataset_of((struct dcb *)os_address(entry));
    int error = complete(d);

    if (error)
        not_opened(d, error);
    if (entry & LIST_LAST)
        return OS_DONE;
    os.opening += sizeof(uint32_t);
    return open_list(c);
}

/* R1 -> ddname, R0 -> two words: the device's type, the longest block. */
enum os_answer os_devtype(struct os_call *c)
{
    static const struct {
        uint32_t type, most;
    } types[] = {
        [FILEDEF_DISK] = {0x3050200b, 19069},
        [FILEDEF_TERMINAL] = {0x10000820, 130},
        [FILEDEF_READER] = {0x10000801, 80},
        [FILEDEF_PUNCH] = {0x10000802, 80},
        [FILEDEF_PRINTER] = {0x10000808, 132},
        [FILEDEF_TAPE] = {0x30008003, 32760},
        [FILEDEF_DUMMY] = {0, 0},
    };
    struct cms_filedef def;
    uint32_t *answer = (uint32_t *)os_address(c->r[0]);

    if (cms_filedef((const char *)os_address(c->r[1]), &def)) {
        c->r[15] = 4;
        return OS_DONE;
    }
    answer[0] = types[def.device].type;
    answer[1] = types[def.device].most;
    c->r[15] = 0;
    return OS_DONE;
}
