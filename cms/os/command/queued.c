/* GET and PUT: records out of blocks and into them, moved, or located in the buffer. */
#include "cms/os/command/os.h"

#define ABEND_NO_EODAD 0x337
#define ABEND_IO_ERROR 0x001
#define ABEND_CLOSED   0x002 /* GET or PUT without the DCB being open for it */

static bool variable(const struct dataset *d)
{
    return (d->form.recfm & RECFM_KIND) == RECFM_VARIABLE;
}

static void end_program(uint32_t code, const uint32_t *save)
{
    os.caller = os_address(save[SAVE_R14]);
    issue_abend(code << 12);
}

uint32_t access_end(struct dataset *d)
{
    uint32_t eodad = get24(d->dcb->eodad);

    return dcb_address_given(eodad) ? eodad : 0;
}

/* SYNAD gets the DCB in R1, returns to behind GET, PUT or CHECK. */
uint32_t access_error(struct dataset *d, bool output, uint32_t *save)
{
    uint32_t synad = os_address(get32(d->dcb->synad));
    char name[9];

    if (dcb_address_given(synad)) {
        save[SAVE_R0] = (uint32_t)&d->iob;
        save[SAVE_R1] = (uint32_t)d->dcb;
        return synad;
    }
    if (d->block.bytes && !output && d->dcb->eropt & (EROPT_ACCEPT | EROPT_SKIP))
        return 0;
    str_unpad(name, (const char *)d->before.ddname, 8);
    cms_error(0, "DMSSCT120S %s ERROR ON %s.", output ? "OUTPUT" : "INPUT", name);
    end_program(ABEND_IO_ERROR, save);
    return 0;
}

static uint32_t get(struct dataset *d, void *area, uint32_t *save)
{
    uint8_t *record;
    uint32_t length, where;
    enum dataset_rc rc;

    do {
        rc = record_next(d, &record, &length);
        if (rc == DATASET_END) {
            where = access_end(d);
            if (!where)
                end_program(ABEND_NO_EODAD, save);
            return where;
        }
        where = rc == DATASET_ERROR ? access_error(d, false, save) : 0;
        if (where)
            return where;
    } while (rc == DATASET_ERROR);
    if ((d->form.recfm & RECFM_KIND) != RECFM_FIXED)
        put16(&d->dcb->lrecl, length);
    if (get16(d->before.closed.macr) & MACRF_GET_MOVE)
        memcpy(area, record, length);
    else
        save[SAVE_R1] = (uint32_t)record;
    return 0;
}

/* What a record that the program has made is long. */
static uint32_t length_of(const struct dataset *d, const uint8_t *record)
{
    if (variable(d))
        return load_be16(record);
    return (d->form.recfm & RECFM_KIND) == RECFM_FIXED ? d->form.lrecl : get16(d->dcb->lrecl);
}

/* The record in the buffer that PUT located has its length now. */
static bool add_pending(struct dataset *d)
{
    if (!d->pending)
        return true;
    uint32_t length = length_of(d, d->pending), left = d->form.blksize - d->block.at;
    d->pending = NULL;
    if (length > left || (variable(d) && length < LENGTH_WORD))
        return false;
    block_add(&d->block, length);
    return true;
}

bool queued_finish(struct dataset *d)
{
    return add_pending(d) && record_flush(d);
}

static uint32_t put(struct dataset *d, const uint8_t *area, uint32_t *save)
{
    bool move = get16(d->before.closed.macr) & MACRF_PUT_MOVE;
    uint32_t most =
        (d->form.recfm & RECFM_KIND) == RECFM_UNDEFINED ? d->form.blksize : d->form.lrecl;
    bool good = add_pending(d);
    uint32_t length = move ? length_of(d, area) : most;

    good = good && length <= most && (!variable(d) || length >= LENGTH_WORD);
    uint8_t *at = good ? record_room(d, length) : NULL;
    if (!at)
        return access_error(d, true, save);
    if (move) {
        memcpy(at, area, length);
        block_add(&d->block, length);
    } else {
        d->pending = at;
        save[SAVE_R1] = (uint32_t)at;
    }
    return 0;
}

uint32_t queued_get_put(uint32_t r0, struct dcb *dcb, uint32_t *save)
{
    struct dataset *d = dataset_of((struct dcb *)os_address((uint32_t)dcb));

    if (!d)
        end_program(ABEND_CLOSED, save);
    void *area = (void *)os_address(r0);
    return d->direction == OPEN_INPUT ? get(d, area, save) : put(d, area, save);
}
