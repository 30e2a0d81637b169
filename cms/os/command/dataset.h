/* Data sets by FILEDEF: their blocks (dataset.c) and the records in them (records.c).  For the OS
 * simulation and for MOVEFILE. */
#ifndef CMS_OS_COMMAND_DATASET_H
#define CMS_OS_COMMAND_DATASET_H

#include "cms/kit/cms.h"
#include "cms/os/blocks.h"
#include "cms/os/layout.h"

enum direction { /* as OPEN's list has it */
                 OPEN_INPUT = 0x00,
                 OPEN_INOUT = 0x03,
                 OPEN_UPDAT = 0x04,
                 OPEN_OUTIN = 0x07,
                 OPEN_OUTPUT = 0x0f,
};
struct dataset {
    struct dataset *next;
    struct dcb *dcb;
    struct dcb before; /* as it was before OPEN */
    struct cms_filedef def;
    uint8_t direction;
    struct record_form form;
    struct fscb file;
    uint32_t file_lrecl; /* of a file of F records; 0: V, or new */
    uint32_t item, end;  /* of the next record; behind the last (input) */
    uint32_t last_item;  /* of the last block read or written */
    bool made;           /* output has been written */
    bool at_mark;        /* a tape mark has been read */
    uint32_t residual;   /* of the last block read: what it is shorter than asked for */
    struct block block;  /* GET's and PUT's */
    uint8_t *pending;    /* PUT in locate mode: the record that the program fills */
    struct iob iob;
};
enum dataset_rc { DATASET_OK, DATASET_END, DATASET_ERROR };
/* What OPEN ERROR CODE says. */
enum open_error {
    OPEN_DEVICE = 1,       /* the device cannot be opened so */
    OPEN_DISK = 2,         /* not accessed, or read-only */
    OPEN_RECFM = 3,        /* none, or one that is not simulated */
    OPEN_LENGTH = 4,       /* LRECL, BLKSIZE and the file's records do not go together */
    OPEN_ORGANIZATION = 5, /* DSORG or MACRF is not simulated */
    OPEN_NO_FILE = 6,      /* input: there is none */
    OPEN_NO_MEMBER = 7,
    OPEN_STORAGE = 8,
};
/* Before the DCB's exit: what FILEDEF says, and the file; the DCB's empty fields are filled. */
int dataset_find(struct dataset *d);
/* Behind it: `form` is what the DCB has now; an old file makes place for a new one. */
int dataset_start(struct dataset *d);
enum dataset_rc dataset_read(struct dataset *d, uint8_t *to, uint32_t size, uint32_t *length);
enum dataset_rc dataset_write(struct dataset *d, const uint8_t *from, uint32_t length);
enum dataset_rc dataset_rewrite(struct dataset *d, const uint8_t *from, uint32_t length);
void dataset_close(struct dataset *d, uint8_t option);

/* ---- records.c: out of and into `block` ---- */
/* The next record, V with its length word. */
enum dataset_rc record_next(struct dataset *d, uint8_t **record, uint32_t *length);
/* Room for so many bytes, if need be in the next block; NULL: an error, or longer than a block. */
uint8_t *record_room(struct dataset *d, uint32_t length);
/* Writes what the block has; false: an error. */
bool record_flush(struct dataset *d);

#endif
