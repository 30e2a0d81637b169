/* Records out of a data set's blocks and into them. */
#include "cms/os/command/dataset.h"

enum dataset_rc record_next(struct dataset *d, uint8_t **record, uint32_t *length)
{
    for (;;) {
        switch (block_next(&d->block, &d->form, record, length)) {
        case BLOCK_OK:
            return DATASET_OK;
        case BLOCK_BAD:
            d->block.length = d->block.at; /* the rest cannot be read */
            return DATASET_ERROR;
        default:
            break;
        }
        enum dataset_rc rc = dataset_read(d, d->block.bytes, d->form.blksize, &d->block.length);
        d->block.at = 0;
        if (rc != DATASET_OK)
            d->block.length = 0;
        if (rc == DATASET_OK && block_open(&d->block, &d->form) == BLOCK_BAD) {
            d->block.length = 0;
            rc = DATASET_ERROR;
        }
        if (rc != DATASET_OK)
            return rc;
    }
}

bool record_flush(struct dataset *d)
{
    uint32_t length = block_finish(&d->block, &d->form);
    bool good = !length || dataset_write(d, d->block.bytes, length) == DATASET_OK;

    block_begin(&d->block, &d->form);
    return good;
}

uint8_t *record_room(struct dataset *d, uint32_t length)
{
    uint8_t *at = block_room(&d->block, &d->form, length);

    if (at)
        return at;
    return record_flush(d) ? block_room(&d->block, &d->form, length) : NULL;
}
