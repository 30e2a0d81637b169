/* READ, WRITE, CHECK, NOTE, POINT, BSP: blocks, where the program wants them.  Every READ and WRITE
 * is at its end when it returns; CHECK tells how it went. */
#include "cms/os/command/os.h"

#define ECB_AT_END UINT32_C(0x42000000) /* our own: READ found the end */

static struct dataset *opened(const struct decb *decb)
{
    return dataset_of((struct dcb *)os_address(get32(decb->dcb)));
}

/* How many bytes WRITE means: 'S' is the block size, V blocks say it themselves. */
static uint32_t write_length(const struct dataset *d, const struct decb *decb, const uint8_t *area)
{
    if ((d->form.recfm & RECFM_KIND) == RECFM_VARIABLE)
        return load_be16(area);
    if (decb->flags & DECB_LENGTH_S || !get16(decb->length))
        return d->form.blksize;
    return get16(decb->length);
}

static enum dataset_rc do_write(struct dataset *d, const struct decb *decb, const uint8_t *area)
{
    uint32_t length = write_length(d, decb, area);

    return d->direction == OPEN_UPDAT ? dataset_rewrite(d, area, length)
                                      : dataset_write(d, area, length);
}

static enum dataset_rc do_read(struct dataset *d, const struct decb *decb, uint8_t *area)
{
    uint32_t length, size = get16(decb->length);

    if ((d->form.recfm & RECFM_KIND) != RECFM_UNDEFINED || decb->flags & DECB_LENGTH_S || !size)
        size = d->form.blksize;
    return dataset_read(d, area, size, &length);
}

static bool allowed(const struct dataset *d, uint8_t type)
{
    if (type == DECB_WRITE)
        return d->direction != OPEN_INPUT;
    return type == DECB_READ && d->direction != OPEN_OUTPUT;
}

uint32_t basic_read_write(uint32_t r0, struct decb *decb, uint32_t *save)
{
    struct dataset *d;
    enum dataset_rc rc = DATASET_ERROR;

    decb = (struct decb *)os_address((uint32_t)decb);
    d = opened(decb);
    if (!d) {
        put32(&decb->ecb, ECB_ERROR);
        return 0;
    }
    uint8_t *area = (uint8_t *)os_address(get32(decb->area));
    if (allowed(d, decb->type))
        rc = decb->type == DECB_WRITE ? do_write(d, decb, area) : do_read(d, decb, area);
    put32(&decb->iob, (uint32_t)&d->iob);
    put32(&d->iob.ecb, (uint32_t)decb);
    store_be16(d->iob.csw + 6, d->residual);
    put32(&decb->ecb, rc == DATASET_OK ? ECB_DONE : rc == DATASET_END ? ECB_AT_END : ECB_ERROR);
    return 0;
}

uint32_t basic_check(uint32_t r0, struct decb *decb, uint32_t *save)
{
    decb = (struct decb *)os_address((uint32_t)decb);
    struct dataset *d = opened(decb);
    uint32_t ecb = get32(decb->ecb), where = 0;

    if (!d || ecb == ECB_DONE)
        return 0;
    if (ecb == ECB_AT_END)
        where = access_end(d);
    return where ? where : access_error(d, decb->type == DECB_WRITE, save);
}

/* How many items a block has. */
static uint32_t step(const struct dataset *d)
{
    bool many = d->def.device == FILEDEF_DISK && (d->form.recfm & RECFM_KIND) == RECFM_FIXED;

    return many ? d->form.blksize / d->form.lrecl : 1;
}

/* TTRZ: the number of the block's first record, and 0. */
uint32_t basic_note(uint32_t r0, struct dcb *dcb, uint32_t *save)
{
    const struct dataset *d = dataset_of((struct dcb *)os_address((uint32_t)dcb));

    save[SAVE_R1] = d ? d->last_item << 8 : 0;
    return 0;
}

static void move_tape(struct dataset *d, uint32_t item)
{
    int rc = 0;

    while (d->item > item && !rc) {
        rc = cms_tape_control(d->def.tape, TAPE_BACKSPACE_BLOCK);
        d->item--;
    }
    while (d->item < item && !rc) {
        rc = cms_tape_control(d->def.tape, TAPE_FORWARD_BLOCK);
        d->item++;
    }
}

static void go_to(struct dataset *d, uint32_t item)
{
    if (d->def.device == FILEDEF_TAPE)
        move_tape(d, item);
    else
        d->item = item;
}

/* R0 -> TTRZ; Z 1: the block behind that. */
uint32_t basic_point(uint32_t r0, struct dcb *dcb, uint32_t *save)
{
    struct dataset *d = dataset_of((struct dcb *)os_address((uint32_t)dcb));
    uint32_t ttrz = load_be32((const void *)os_address(r0)), item = ttrz >> 8;

    if (!d)
        return 0;
    if (ttrz & 1)
        item += step(d);
    if (!item && d->def.device == FILEDEF_DISK)
        item = 1;
    go_to(d, item);
    return 0;
}

/* BSP, R1 -> DCB: one block back; R15 4 at the beginning. */
enum os_answer os_backspace(struct os_call *c)
{
    struct dataset *d = dataset_of((struct dcb *)os_address(c->r[1]));
    uint32_t first = d && d->def.device == FILEDEF_DISK ? 1 : 0;

    c->r[15] = 4;
    if (d && d->item >= first + step(d)) {
        go_to(d, d->item - step(d));
        c->r[15] = 0;
    }
    return OS_DONE;
}
