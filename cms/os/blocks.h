/* Records in blocks: F one length, V each behind its length word, U the block is the record.
 * Portable. */
#ifndef CMS_OS_BLOCKS_H
#define CMS_OS_BLOCKS_H

#include <stdbool.h>
#include <stdint.h>

struct record_form {
    uint8_t recfm; /* enum dcb_recfm */
    uint16_t lrecl, blksize;
};

/* A block: `at` is where the next record begins (reading) or goes (building). */
struct block {
    uint8_t *bytes;
    uint32_t length, at;
};

enum block_result { BLOCK_OK, BLOCK_END, BLOCK_BAD };

/* The first record is the next one. */
enum block_result block_open(struct block *b, const struct record_form *f);
/* *record, *length: a V record's length word is its first 4 bytes.  BLOCK_BAD: lengths that
 * contradict each other. */
enum block_result block_next(struct block *b, const struct record_form *f, uint8_t **record,
                             uint32_t *length);
/* An empty block, to be built. */
void block_begin(struct block *b, const struct record_form *f);
/* Where a record of `length` bytes (V: the length word counted) goes; NULL: it does not fit any
 * more. */
uint8_t *block_room(const struct block *b, const struct record_form *f, uint32_t length);
/* The record there is complete. */
void block_add(struct block *b, uint32_t length);
/* No more records: block length. 0: it has none. */
uint32_t block_finish(struct block *b, const struct record_form *f);
/* True if lrecl and blksize can be: F a multiple; V room for both length words. */
bool form_is_good(const struct record_form *f);

#endif
