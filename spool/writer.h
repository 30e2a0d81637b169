/* Writing and reading the records of spool files: what virtual punches and printers,
 * the real reader, and on the other side virtual readers and real printers use. */
#ifndef SPOOL_WRITER_H
#define SPOOL_WRITER_H

#include "spool/spool.h"

/* A file being written.  All zero: none. */
struct spool_writer {
    struct spool_file *file; /* in spool.open; the owner of the writer sets its attributes */
    uint8_t *page;
    uint32_t slot; /* where the page will be written */
    uint32_t sequence;
    uint32_t next; /* a slot in hand for the next block, or SPOOL_NO_SLOT */
};

/* Opens a file of this kind with the TOD clock `now` as its stamp; id, class A, one copy.
 * Its other attributes are empty. */
enum spool_result spool_write_open(struct spool *s, struct spool_writer *w, unsigned kind,
                                   uint64_t now);
/* Appends a record.  After SPOOL_FULL or SPOOL_ERROR the record is not in the file and the
 * same call may be tried again. */
enum spool_result spool_write(struct spool *s, struct spool_writer *w,
                              const struct spool_record *record);
/* Writes the last block and enters the file into its queue and the checkpoint.  Not OK:
 * the file is still open.  A file without records is thrown away, *closed is NULL then. */
enum spool_result spool_write_close(struct spool *s, struct spool_writer *w,
                                    struct spool_file **closed);
/* Throws the open file away. */
void spool_write_purge(struct spool *s, struct spool_writer *w);

/* A file being read.  All zero: none.  The file is in_use meanwhile. */
struct spool_reader {
    struct spool_file *file;
    uint8_t *page;
    uint32_t slot; /* of the block at hand, SPOOL_NO_SLOT behind the last */
    uint32_t previous;
    uint32_t sequence;
    bool loaded;     /* the block is in the page */
    uint32_t offset; /* of the next record in the block */
    uint32_t record; /* its number in the file, from 0 */
};

enum spool_result spool_read_open(struct spool *s, struct spool_reader *r, struct spool_file *f);
/* The next record; its data are valid until the next call.  After SPOOL_ERROR the same
 * call may be tried again. */
enum spool_result spool_read(struct spool *s, struct spool_reader *r, struct spool_record *record);
/* To the first record, or to the one with this number (or the file's end). */
void spool_read_rewind(struct spool_reader *r);
enum spool_result spool_read_seek(struct spool *s, struct spool_reader *r, uint32_t record);
/* Ends reading; the file stays and is no longer in_use. */
void spool_read_close(struct spool *s, struct spool_reader *r);

#endif
