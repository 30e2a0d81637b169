/* Records in blocks. OS/VS Data Management Services Guide (GC26-3783), "Data Set Record Formats".
 */
#include "cms/os/blocks.h"
#include "cms/os/layout.h"

static bool variable(const struct record_form *f)
{
    return (f->recfm & RECFM_KIND) == RECFM_VARIABLE;
}

static bool fixed(const struct record_form *f)
{
    return (f->recfm & RECFM_KIND) == RECFM_FIXED;
}

enum block_result block_open(struct block *b, const struct record_form *f)
{
    b->at = 0;
    if (!variable(f))
        return BLOCK_OK;
    if (b->length < LENGTH_WORD || load_be16(b->bytes) > b->length ||
        load_be16(b->bytes) < LENGTH_WORD)
        return BLOCK_BAD;
    b->length = load_be16(b->bytes);
    b->at = LENGTH_WORD;
    return BLOCK_OK;
}

enum block_result block_next(struct block *b, const struct record_form *f, uint8_t **record,
                             uint32_t *length)
{
    uint32_t left = b->length - b->at;

    if (!left)
        return BLOCK_END;
    *record = b->bytes + b->at;
    *length = left;
    if (variable(f)) {
        if (left < LENGTH_WORD)
            return BLOCK_BAD;
        *length = load_be16(*record);
        if (*length < LENGTH_WORD || *length > left)
            return BLOCK_BAD;
    } else if (fixed(f)) {
        if (!f->lrecl || left < f->lrecl)
            return BLOCK_BAD;
        *length = f->lrecl;
    }
    b->at += *length;
    return BLOCK_OK;
}

void block_begin(struct block *b, const struct record_form *f)
{
    b->at = b->length = variable(f) ? LENGTH_WORD : 0;
}

uint8_t *block_room(const struct block *b, const struct record_form *f, uint32_t length)
{
    bool full = length > f->blksize - b->at;

    /* Not blocked: one record is all. */
    if (!(f->recfm & RECFM_BLOCKED) && b->at > (variable(f) ? LENGTH_WORD : 0))
        full = true;
    return full ? 0 : b->bytes + b->at;
}

void block_add(struct block *b, uint32_t length)
{
    b->at += length;
    b->length = b->at;
}

uint32_t block_finish(struct block *b, const struct record_form *f)
{
    if (variable(f)) {
        if (b->length <= LENGTH_WORD)
            return 0;
        store_be16(b->bytes, b->length);
        store_be16(b->bytes + 2, 0);
    }
    return b->length;
}

bool form_is_good(const struct record_form *f)
{
    if (!f->blksize)
        return false;
    switch (f->recfm & RECFM_KIND) {
    case RECFM_FIXED:
        return f->lrecl && f->blksize % f->lrecl == 0 &&
               (f->recfm & RECFM_BLOCKED || f->blksize == f->lrecl);
    case RECFM_VARIABLE:
        return f->lrecl > LENGTH_WORD && f->blksize >= f->lrecl + LENGTH_WORD &&
               !(f->recfm & RECFM_SPANNED);
    case RECFM_UNDEFINED:
        return true;
    default:
        return false;
    }
}
