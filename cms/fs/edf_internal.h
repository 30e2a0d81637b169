/* What the files of the CMS file system share: edf_block.c (cache), edf_map.c (which blocks
 * are in use), edf_tree.c (blocks of a file), edf_directory.c (entries), edf_disk.c (label,
 * commit), edf_file.c (records), cdf*.c (what an 800-byte disk has instead).
 *
 * Rule for block pointers: what edf_block() returns is valid until the second next call of
 * edf_block() or edf_block_new(); other functions here may call these any number of times.
 * Functions that fail return false, 0 or NULL with d->error set. */
#ifndef CMS_FS_EDF_INTERNAL_H
#define CMS_FS_EDF_INTERNAL_H

#include "cms/fs/edf.h"
#include "lib/str.h"

#define EDF_ROOT_A     4u
#define EDF_ROOT_B     5u
#define EDF_MAX_LEVELS 6u
#define EDF_NO_START   0xffffffffu /* V pointer: no record begins in the block */

/* Where a record that is being added begins: its number, data block, and byte in it. */
struct edf_start {
    uint32_t record, index, offset;
};

/* --- edf_block.c --- */
uint8_t *edf_block(struct edf_disk *d, uint32_t block);
/* `n` bytes from `within` on.  A whole block that is not in the cache is not put there: who reads a
 * file from end to end would drive out the pointers. */
bool edf_block_copy(struct edf_disk *d, uint32_t block, uint32_t within, uint8_t *to, uint32_t n);
uint8_t *edf_block_new(struct edf_disk *d, uint32_t block);                   /* zeros, dirty */
uint8_t *edf_block_move(struct edf_disk *d, uint32_t block, uint32_t target); /* the copy, dirty */
void edf_block_dirty(struct edf_disk *d, const uint8_t *bytes);
uint8_t *edf_block_to_write(struct edf_disk *d, uint32_t block); /* edf_block, dirty */
bool edf_block_is_dirty(struct edf_disk *d, uint32_t block);
void edf_block_forget(struct edf_disk *d, uint32_t block); /* not needed: do not write it */
bool edf_flush(struct edf_disk *d);
bool edf_fail(struct edf_disk *d, enum edf_error e); /* false */

/* --- edf_map.c --- */
uint32_t edf_allocate(struct edf_disk *d);
bool edf_free(struct edf_disk *d, uint32_t block);
bool edf_map_settle(struct edf_disk *d); /* frees what waits for it */
/* Is the block part of the last commit? */
bool edf_committed(struct edf_disk *d, uint32_t block);
/* Blocks that erasing a file and committing that may take at most. */
uint32_t edf_overhead(const struct edf_disk *d);

/* --- edf_tree.c --- */
uint32_t edf_fanout(const struct edf_disk *d, const struct edf_tree *t);
/* Block number of data block `index`.  0: a block of zeros (d->error is EDF_OK), or an error. */
uint32_t edf_leaf(struct edf_disk *d, const struct edf_tree *t, uint32_t index);
/* The data block, for changing, new path and all. `start` for V files, when adding. */
uint8_t *edf_tree_write(struct edf_disk *d, struct edf_tree *t, uint32_t index,
                        const struct edf_start *start);
/* Makes *block one that may be changed: a new block if there was none, a copy elsewhere if it is
 * part of the last commit. */
bool edf_renew(struct edf_disk *d, uint32_t *block);
/* Frees the last data block of a tree of F records, unless it is the first; levels stay. */
bool edf_tree_cut(struct edf_disk *d, struct edf_tree *t);
bool edf_tree_free(struct edf_disk *d, struct edf_tree *t);
void edf_tree_load(struct edf_tree *t, const struct edf_fst *fst);
void edf_tree_store(const struct edf_tree *t, struct edf_fst *fst);
/* Could such a tree be? */
bool edf_tree_plausible(const struct edf_disk *d, const struct edf_tree *t);

/* --- edf_directory.c --- */
bool edf_slot_read(struct edf_disk *d, uint32_t slot, struct edf_fst *fst);
bool edf_slot_write(struct edf_disk *d, uint32_t slot, const struct edf_fst *fst);
bool edf_slot_add(struct edf_disk *d, const struct edf_fst *fst, uint32_t *slot);
bool edf_slot_remove(struct edf_disk *d, uint32_t slot);
void edf_slot_moved(struct edf_disk *d, uint32_t from, uint32_t to); /* open files learn it */
bool edf_find(struct edf_disk *d, const struct edf_name *name, uint32_t *slot, struct edf_fst *fst);
void edf_fst_stamp(const struct edf_disk *d, struct edf_fst *fst);
void edf_fst_status(const struct edf_fst *fst, struct edf_status *s);

/* --- cdf.c, cdf_change.c, cdf_format.c: what an 800-byte disk has instead --- */
#define CDF_MFD             4u
#define CDF_BLOCKS_MOST     65535u
#define CDF_RECORDS_MOST    65535u
#define CDF_FILE_MOST       (60u + 40 * 400) /* data blocks of a file */
#define CDF_EXTENSIONS_MOST 10u              /* blocks of the map behind its part in the MFD */

/* Places in the MFD. */
enum {
    CDF_LIST = 182, /* halfwords of the list at its beginning */
    CDF_LIST_MAP = 0xfffd,
    CDF_LIST_END = 0xffff,
    CDF_TOTAL = 364,
    CDF_USED = 368,
    CDF_LEFT = 372,
    CDF_LAST = 376,
    CDF_CYLINDERS = 380,
    CDF_MAP = 384,
    CDF_MAP_BYTES = 215,
    CDF_UNIT = 599,
};
/* Entries, and what a chain link's halfwords are. */
enum {
    CDF_ENTRIES = 20, /* in a block */
    CDF_ENTRY_SIZE = 40,
    CDF_LINKS = 40,     /* of the first: chain links, and behind them ... */
    CDF_LINK_DATA = 60, /* ... data blocks */
    CDF_LINK_POINTERS = 400,
};
extern const uint8_t cdf_label_id[4];

bool cdf_mount(struct edf_disk *d, bool writable);
const struct edf_fst *cdf_entry(struct edf_disk *d, uint32_t slot);
uint32_t cdf_leaf(struct edf_disk *d, const struct edf_tree *t, uint32_t index);
bool cdf_tree_plausible(const struct edf_disk *d, const struct edf_tree *t);

/* The map: part 0 is in the MFD, part n the n-th block of the MFD's list behind CDF_LIST_MAP. */
uint32_t cdf_part_of(uint32_t block);
uint32_t cdf_part_first(uint32_t part); /* the first block that it describes */
/* Its place in the list of an MFD; NULL: not there, all it describes is free. */
uint8_t *cdf_part_place(uint8_t *mfd, uint32_t part);
/* Blocks of the list that are the directory's. */
uint32_t cdf_list_length(const uint8_t *mfd);
/* Names part `part`'s block, the next one that is not there yet or one that is. */
void cdf_part_set(struct edf_disk *d, uint32_t part, uint32_t block);
uint8_t *cdf_tree_write(struct edf_disk *d, struct edf_tree *t, uint32_t index);
bool cdf_tree_free(struct edf_disk *d, struct edf_tree *t);
/* Makes the halfwords and the letter of an entry that has the fullwords. */
void cdf_entry_finish(struct edf_fst *fst, uint32_t blocks);
bool cdf_slot_write(struct edf_disk *d, uint32_t slot, const struct edf_fst *fst);
bool cdf_slot_add(struct edf_disk *d, const struct edf_fst *fst, uint32_t *slot);
bool cdf_slot_remove(struct edf_disk *d, uint32_t slot);
bool cdf_commit(struct edf_disk *d);
enum edf_error cdf_format(const struct edf_io *io, uint32_t blocks, uint32_t cylinders,
                          const uint8_t volume[6], uint8_t *bytes);

/* --- edf_disk.c --- */
bool edf_may_change(struct edf_disk *d); /* writable, not broken; d->error if not */
/* An entry of the directory for the directory itself (1) or the map (2). */
void edf_system_entry(struct edf_disk *d, struct edf_fst *fst, unsigned number, uint32_t lrecl,
                      uint32_t items);
/* That of a new disk, in d->label. */
void edf_label_fill(struct edf_disk *d, uint32_t cylinders, const uint8_t volume[6]);
bool edf_label_write(struct edf_disk *d, uint8_t *bytes); /* with a block's room */

#endif
