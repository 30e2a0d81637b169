/* The dump that CP writes when it fails, on the DUMP cylinders of the system residence: a header,
 * and the pages of real storage that are CP's.  `datbox dump` shows it.  Numbers are big-endian,
 * text is EBCDIC. */
#ifndef CP_DUMP_H
#define CP_DUMP_H

#include "lib/be.h"

#define DUMP_MAGIC 0xc4e4d4d7 /* "DUMP" */
#define DUMP_PAGES 1800       /* that a header has room for */

/* In the first slot.  The pages are in the slots behind it, in this order. */
struct dump_header {
    be32 magic;
    be32 code;         /* enum panic_code */
    be64 tod, ipl_tod; /* of the failure, of the IPL */
    be64 psw;          /* where it failed; 0: an assertion */
    be32 gr[16], cr[16];
    be32 storage_size;
    be32 vmblok; /* of the task that ran; 0: a system task */
    char task[8];
    char message[120];
    be32 pages;   /* how many */
    be32 missing; /* how many there was no room for */
    uint8_t reserved[192];
    be16 page[DUMP_PAGES]; /* their frame numbers, ascending */
};
LAYOUT(struct dump_header, 4096);
FIELD_AT(struct dump_header, page, 496);

#endif
