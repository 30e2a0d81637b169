/* Data blocks of spool files.  A file is a chain of 4096-byte slots of a TEMP area.
 * Every block names its file (spool id and stamp), its place in the file and both of
 * its neighbours, and carries a checksum, so that a chain which a crash or an
 * overwritten slot has damaged is recognised when it is walked.
 *
 * Records follow the header without gaps.  A record is what one channel command moved:
 * the command code as the guest gave it (the real printer gets the same commands
 * again), the data without its trailing blanks, and their length.  A record does not
 * cross a block.  The idea is VM/370's (SY20-0886, "Spool File Format"); the layout is
 * our own.  All numbers are big-endian, all text is EBCDIC. */
#ifndef SPOOL_BLOCK_H
#define SPOOL_BLOCK_H

#include "lib/be.h"

#include <stdbool.h>

#define SPOOL_PAGE        4096u
#define SPOOL_NO_SLOT     0xffffffffu
#define SPOOL_RECORD_MAX  256u       /* longest data of one record, in bytes */
#define SPOOL_BLOCK_MAGIC 0xe2d7c2f1 /* "SPB1" */

struct spool_block {
    be32 magic;
    be32 checksum; /* of the page with this field taken as zero */
    be32 next;     /* slot of the next block, SPOOL_NO_SLOT in the last */
    be32 previous; /* slot of the block before, SPOOL_NO_SLOT in the first */
    be64 stamp;    /* of the file: the TOD clock when it was opened, never twice the same */
    be32 sequence; /* of this block in the file, from 0 */
    be16 id;       /* spool id of the file */
    be16 used;     /* bytes of records behind the header */
    be32 records;  /* in this block */
    be32 unused;
};
LAYOUT(struct spool_block, 40);
FIELD_AT(struct spool_block, id, 28);

/* Bits of a stored record's flag byte. */
enum spool_record_flag {
    SPOOL_BINARY = 0x80, /* column binary: two bytes for each card column */
};

/* A record on its way in or out; `data` points into the block when read. */
struct spool_record {
    uint8_t command;
    uint8_t flags;
    uint16_t length;
    const uint8_t *data;
};

/* What names a block: its file and its place there. */
struct spool_place {
    uint16_t id;
    uint64_t stamp;
    uint32_t sequence;
    uint32_t previous;
};

/* Makes `page` an empty block. */
void spool_block_start(void *page, const struct spool_place *place);
/* Appends a record (trailing blanks are not stored); false if it does not fit. */
bool spool_block_add(void *page, const struct spool_record *record);
/* Sets the link to the next block and the checksum: the page is ready to be written. */
void spool_block_seal(void *page, uint32_t next);
/* Takes the record at *offset (0 is the first) and moves *offset behind it.  False at the
 * end of the block. */
bool spool_block_next(const void *page, uint32_t *offset, struct spool_record *record);
/* NULL if the page is the block that `place` names, whole; else what is wrong with it. */
const char *spool_block_check(const void *page, const struct spool_place *place);

/* Over 4096 bytes, the checksum field (bytes 4 to 7) taken as zero. */
uint32_t spool_checksum(const void *page);

#endif
