/* The checkpoint area: the SFBLOKs of all closed spool files on disk, always current.
 *
 * It is a row of 4096-byte slots, used in pairs.  A pair holds one page of 15 entries
 * twice; each write goes to the older copy and has the next generation number and a
 * checksum, so a write that a crash cuts in two leaves the copy before it.  An entry is
 * an SFBLOK, 256 bytes, text in EBCDIC; spool id 0 = no file.  Entries are in no order:
 * each has a queue number `order`, ascending along its queue. */
#ifndef SPOOL_CHECKPOINT_H
#define SPOOL_CHECKPOINT_H

#include "spool/spool.h"

#define SPOOL_ENTRIES          15u
#define SPOOL_CHECKPOINT_MAGIC 0xe2d7c3f1 /* "SPC1" */

struct spool_entry {
    be16 id;
    uint8_t queue;
    uint8_t kind;
    uint8_t class;
    uint8_t copies;
    uint8_t hold;
    uint8_t unused7;
    be32 records;
    be32 blocks;
    be32 first;
    be32 last;
    be64 stamp;
    be32 order;
    uint8_t owner[8];
    uint8_t origin[8];
    uint8_t name[SPOOL_NAME];
    uint8_t type[SPOOL_NAME];
    uint8_t dist[8];
    uint8_t date[8];
    uint8_t time[8];
    uint8_t tag[SPOOL_TAG];
    uint8_t unused[20];
};
LAYOUT(struct spool_entry, 256);
FIELD_AT(struct spool_entry, owner, 0x24);
FIELD_AT(struct spool_entry, tag, 0x64);

struct spool_checkpoint {
    be32 magic;
    be32 checksum; /* spool_checksum() */
    be32 page;     /* number of the pair, from 0 */
    be32 generation;
    uint8_t unused[240];
    struct spool_entry entry[SPOOL_ENTRIES];
};
LAYOUT(struct spool_checkpoint, 4096);

void spool_entry_from_file(struct spool_entry *e, const struct spool_file *f);
/* False if a member has a value that no file has. */
bool spool_entry_to_file(struct spool_file *f, const struct spool_entry *e);

/* Writes the page that holds this entry, as the queues are now. */
enum spool_result spool_checkpoint_write(struct spool *s, uint32_t entry);

/* What a warm start met.  `f` is NULL if it is about a checkpoint page. */
typedef void spool_report(void *context, const struct spool_file *f, const char *what);

/* Warm start: reads the checkpoint, walks each file's chain, takes its slots and queues
 * it.  Returns the number of files.  Files with damaged chains are reported and counted in s->lost;
 * they are still in the checkpoint, and nothing else may be done with the spool but the next two.
 */
uint32_t spool_warm_start(struct spool *s, spool_report *report, void *context);
/* The checkpoint without the files that are lost. */
enum spool_result spool_forget_lost(struct spool *s);
/* No files at all. */
enum spool_result spool_cold_start(struct spool *s);

#endif
