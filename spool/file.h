/* SFBLOK: what CP keeps of a spool file in storage.  Text members are in the
 * compilation's character set and end with a zero; the checkpoint (spool/checkpoint.h)
 * holds the same in EBCDIC.  The attributes are VM/370's (SY20-0886, SFBLOK). */
#ifndef SPOOL_FILE_H
#define SPOOL_FILE_H

#include "lib/list.h"

#include <stdint.h>

#define SPOOL_ID_MAX     9900u /* spool ids are 1 to 9900 */
#define SPOOL_COPIES_MAX 99
#define SPOOL_TAG        136
#define SPOOL_NAME       12 /* the name and the type of a file, each */

/* The device that made the file, and the queue in which it waits (not CONSOLE). */
enum spool_kind {
    SPOOL_READER = 1,
    SPOOL_PRINTER = 2,
    SPOOL_PUNCH = 3,
    SPOOL_CONSOLE = 4,
};
#define SPOOL_QUEUES 3

enum spool_hold {
    SPOOL_HOLD_USER = 0x80,
    SPOOL_HOLD_SYSTEM = 0x40,
};

struct spool_file {
    struct list link; /* in the queue of its kind */
    uint16_t id;      /* unique in the system */
    uint8_t queue;    /* enum spool_kind */
    uint8_t kind;     /* of the device it came from */
    char class;       /* A-Z, 0-9 */
    uint8_t copies;   /* 1 to SPOOL_COPIES_MAX */
    uint8_t hold;     /* enum spool_hold */
    uint8_t in_use;   /* being written, read or processed: not to be selected or altered */
    uint32_t records; /* data records */
    uint32_t blocks;
    uint32_t first, last; /* slots of the chain's ends */
    uint64_t stamp;       /* as in the blocks */
    uint32_t order;       /* ascending along the queue; kept over a restart */
    int32_t entry;        /* of the checkpoint, -1 = not in it (the file is open) */
    char owner[9], origin[9];
    char name[SPOOL_NAME + 1], type[SPOOL_NAME + 1];
    char dist[9];
    char date[9], time[9]; /* MM/DD/YY, HH:MM:SS */
    char tag[SPOOL_TAG + 1];
};

/* "RDR", "PRT", "PUN", "CON". */
const char *spool_kind_name(unsigned kind);

#endif
