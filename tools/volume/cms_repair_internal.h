/* What the repairs of EDF and of 800-byte disks share. */
#ifndef TOOLS_VOLUME_CMS_REPAIR_INTERNAL_H
#define TOOLS_VOLUME_CMS_REPAIR_INTERNAL_H

#include "cms/fs/edf_internal.h"
#include "tools/volume/cms_repair.h"

enum use {
    UNUSED, /* or not yet known to be used */
    KEPT,   /* of the repaired disk */
    OLD,    /* of the damaged one, and needed until the repair is true */
};

/* A data block of a file: number (0: a hole); V, EDF: what its pointer says. */
struct leaf {
    uint32_t block, highest, start;
    bool shared; /* another file has the block: this one gets a copy */
};

struct saved_file {
    struct edf_fst fst;
    struct leaf *leaf;
    uint32_t leaves, room;
    uint32_t *link; /* pointer blocks */
    uint32_t links;
    uint32_t unmarked; /* data blocks that the old map has as free */
    bool rebuild;      /* its pointers are to be written anew */
};

struct repair {
    const struct edf_io *io;
    uint32_t size, blocks;
    uint8_t *use;    /* by block number */
    uint8_t *marked; /* the old map says that it is in use */
    uint32_t *owner; /* a data block's file: index + 1 */
    uint32_t next;   /* where the search for a free block goes on */
    struct saved_file *file;
    unsigned files;
    bool failed;
    void (*message)(void *context, const char *text);
    void *context;
};

/* Says what was mended; f NULL: of the disk. */
void repair_say(struct repair *r, const struct saved_file *f, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same, and the repair ends. */
void repair_fail(struct repair *r, const char *text);
/* Reads a block; false if there is no such block or it cannot be read. */
bool repair_read(struct repair *r, uint32_t block, void *bytes);
void repair_write(struct repair *r, uint32_t block, const void *bytes);
/* A free block, KEPT from now on; 0 and r->failed if there is none. */
uint32_t repair_take(struct repair *r);
/* Takes a block of pointers or of the directory out of what can be used; false if it is used
 * already or cannot be read into `bytes`. */
bool repair_claim(struct repair *r, uint32_t block, enum use use, void *bytes);

/* A new file with the entry; levels and pointers are the caller's to walk. */
struct saved_file *repair_file(struct repair *r, const struct edf_fst *fst);
void repair_link(struct saved_file *f, uint32_t block);
/* Data block `index` of the file; `where` says what its pointer says. */
void repair_leaf(struct repair *r, struct saved_file *f, uint64_t index, struct leaf where);

/* Makes records and blocks agree, names unique; files without records are dropped.  Then what no
 * file has becomes a file. `most`: blocks of a file. */
void repair_files(struct repair *r, uint32_t most);
/* Is the block in use on the repaired disk? */
bool repair_used(const struct repair *r, uint32_t block);

/* Read the directory and all files of it; false with r->failed if that is not possible. */
bool edf_repair_read(struct repair *r, uint32_t capacity, struct edf_label *label);
bool cdf_repair_read(struct repair *r, uint32_t capacity, uint8_t *mfd);
/* Write pointers, directory and map, and make them true. */
void edf_repair_write(struct repair *r, struct edf_label *label);
void cdf_repair_write(struct repair *r, uint8_t *mfd);

#endif
