/* Saved systems on disk: a header and the pages behind it, in slots of a CP-owned volume's PERM
 * cylinders.  SAVESYS writes the header last, so one that was cut off is none.  Numbers are
 * big-endian. */
#ifndef CP_SAVESYS_H
#define CP_SAVESYS_H

#include "cp/saved.h"
#include "lib/be.h"

#define SAVED_MAGIC 0xe2c1e5c5 /* "SAVE" */

struct saved_header {
    be32 magic;
    be32 checksum; /* of the header with this field taken as zero */
    uint8_t name[8];
    be64 stamp; /* TOD of SAVESYS */
    be64 psw;
    be32 gr[16];
    be32 cr[16];
    be64 fpr[4];
    be32 pages;
    uint8_t reserved[60];
    struct saved_page {
        be16 number;
        uint8_t keys[2];
        be32 slot; /* 0: it holds zeros */
    } page[(4096 - 256) / 8];
};
LAYOUT(struct saved_header, 4096);
FIELD_AT(struct saved_header, page, 256);

/* A saved system that virtual machines use. */
struct saved_system {
    struct list link; /* cp.saved_systems */
    char name[9];
    bool protect;
    bool replaced; /* there is a newer one of this name, or it is going away: no new users */
    uint32_t users;
    struct saved_header *header;
    uint32_t shared_count;
    struct shared_segment {
        uint32_t number;
        struct segment *segment;
    } * shared;
};

/* Nobody reads or writes a saved system meanwhile. */
void saved_lock(void);
void saved_unlock(void);
/* Reads and checks the header of what this entry names; its slots are real ones then. */
enum saved_result saved_header_read(const struct directory_system *entry,
                                    struct saved_header *header);
/* No more users for what there is of this name: cp/saved.c. */
void saved_replaced(const char *name);

#endif
