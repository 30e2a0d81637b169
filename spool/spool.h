/* The spool: its files in three queues, their ids, and the way they change.  Storage
 * and disk belong to the caller, who gives `struct spool_store`; its read and write
 * functions may wait (CP's tasks), so a file that is being worked on is marked in_use
 * and every function leaves the queues whole before it calls one of them.
 *
 * What survives a crash: a file is on disk, block after block, before the checkpoint
 * names it, and its slots are free for others only after the checkpoint has forgotten
 * it.  One write of one checkpoint slot makes, changes or deletes a file. */
#ifndef SPOOL_SPOOL_H
#define SPOOL_SPOOL_H

#include "spool/block.h"
#include "spool/file.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum spool_result {
    SPOOL_OK,
    SPOOL_END,     /* no more records */
    SPOOL_FULL,    /* no slot is free; nothing was lost, try again later */
    SPOOL_NO_ROOM, /* no storage, spool id or checkpoint entry */
    SPOOL_ERROR,   /* the disk does not read or write */
    SPOOL_DAMAGED, /* a block is not what it should be */
};

struct spool_store {
    void *context;
    /* One 4096-byte slot of the TEMP area.  False: I/O error, or no such slot. */
    bool (*read)(void *context, uint32_t slot, void *page);
    bool (*write)(void *context, uint32_t slot, const void *page);
    /* A free slot, or SPOOL_NO_SLOT. */
    uint32_t (*alloc)(void *context);
    void (*free)(void *context, uint32_t slot);
    /* At a warm start: takes this very slot; false if there is none or it is taken. */
    bool (*take)(void *context, uint32_t slot);
    /* Slot `n` of the checkpoint area, from 0. */
    bool (*checkpoint_read)(void *context, uint32_t n, void *page);
    bool (*checkpoint_write)(void *context, uint32_t n, const void *page);
    /* Storage: a page of 4096 bytes, an SFBLOK.  NULL if there is none. */
    void *(*page_get)(void *context);
    void (*page_put)(void *context, void *page);
    struct spool_file *(*file_get)(void *context);
    void (*file_put)(void *context, struct spool_file *file);
};

struct spool {
    const struct spool_store *store;
    struct list queue[SPOOL_QUEUES + 1]; /* by enum spool_kind */
    struct list open;                    /* files being written: they have an id */
    uint16_t last_id;
    uint32_t last_order;
    uint64_t last_stamp;
    uint32_t pages;              /* of the checkpoint: pairs of slots */
    struct spool_file **entries; /* pages * SPOOL_ENTRIES */
    uint32_t *generations;       /* pages */
    uint32_t lost;               /* files that the warm start could not restore */
};

/* How many entries and generations a checkpoint area of `slots` slots needs. */
uint32_t spool_entry_count(uint32_t slots);
uint32_t spool_page_count(uint32_t slots);

/* Gives an empty spool on a checkpoint area of `slots` slots.  The arrays are the
 * caller's, of the sizes above; they are cleared. */
void spool_init(struct spool *s, const struct spool_store *store, uint32_t slots,
                struct spool_file **entries, uint32_t *generations);

/* Finding files.  A user of "" is any user; `class` '*' is any class. */
struct spool_file *spool_find(struct spool *s, unsigned queue, uint16_t id);
/* In whatever queue, or open. */
struct spool_file *spool_find_any(struct spool *s, uint16_t id);
/* The first file of the queue behind `after` (NULL: the first) that belongs to the user. */
struct spool_file *spool_next_file(struct spool *s, unsigned queue, struct spool_file *after,
                                   const char *owner, char class);
/* The first file of this owner that a virtual reader of this class may read. */
struct spool_file *spool_select_reader(struct spool *s, const char *owner, char class);
/* The first file that a real printer or punch may process: classes in order of preference.
 * `withheld` (may be NULL) says whether this owner's output is to wait. */
struct spool_file *spool_select_output(struct spool *s, unsigned queue, const char *classes,
                                       bool (*withheld)(void *context, const char *owner),
                                       void *context);

/* A free spool id, or 0. */
uint16_t spool_new_id(struct spool *s);

/* The changes.  After one of them the file may be gone as soon as the caller sleeps, unless it
 * has marked it in_use. */

/* Puts a complete file (all blocks written) into its queue's end and the checkpoint. */
enum spool_result spool_enter(struct spool *s, struct spool_file *f);
/* Writes the changed attributes of a file to the checkpoint. */
enum spool_result spool_update(struct spool *s, struct spool_file *f);
/* Moves the file to the end of another queue or owner (the file's `queue` and `owner` are
 * set here), and writes that. */
enum spool_result spool_move(struct spool *s, struct spool_file *f, unsigned queue,
                             const char *owner);
/* Moves the file to the front of its owner's files, and writes that. */
enum spool_result spool_front(struct spool *s, struct spool_file *f);
/* Removes the file from queue and checkpoint, frees its slots and the SFBLOK. */
enum spool_result spool_delete(struct spool *s, struct spool_file *f);

/* Frees the chain that ends with the block in `last`; `from` is that block's page if it
 * is not on disk yet, else NULL. */
void spool_free_chain(struct spool *s, uint32_t last, const void *from);

/* What a user reads about a result. */
const char *spool_result_text(enum spool_result result);

#endif
