/* What CP keeps about itself on the system residence, in slot 8 (cylinder 0, head 2, record 1):
 * whether it was shut down, the volumes that it owns, in the order in which slot numbers count
 * them, and what a warm start brings back beside the spool.  Numbers are big-endian, text is
 * EBCDIC. */
#ifndef CP_SYSRES_H
#define CP_SYSRES_H

#include "cp/slot.h"
#include "lib/be.h"

#define SYSRES_SLOT  8u
#define SYSRES_MAGIC 0xe2e8e2d9 /* "SYSR" */
#define SYSRES_LINES 8
#define SYSRES_HELD  64

enum sysres_state {
    SYSRES_RUNNING, /* ... when this was written: if CP finds it at a start, it had not been shut
                       down */
    SYSRES_SHUT,    /* SHUTDOWN was complete: there is warm start data */
};

struct sysres {
    be32 magic;
    be32 checksum; /* of the record with this field taken as zero */
    be32 state;    /* enum sysres_state */
    be32 owned_count;
    char owned[VOLUME_MAX][6];
    be64 logmsg_tod; /* 0: there was none */
    char logmsg[SYSRES_LINES][80];
    be32 held_count;
    struct {
        char userid[8];
        uint8_t kinds;
    } held[SYSRES_HELD];
    uint8_t reserved[4096 - 24 - VOLUME_MAX * 6 - SYSRES_LINES * 80 - 4 - SYSRES_HELD * 9];
};
LAYOUT(struct sysres, 4096);

/* Reads the record into cp.sysres, which is all zeros if there is none.  May sleep.  False: no
 * storage. */
bool sysres_read(void);
/* Writes it as `state`.  May sleep. */
bool sysres_write(enum sysres_state state);

#endif
