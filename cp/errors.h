/* Error recording: what devices complain of, on the system residence, until somebody looks: `datbox
 * errors`, or a program that reads the pages (DIAGNOSE 2C, 30) and clears them (1C).  Recorded is
 * every unit check that says that a device, its medium or a channel did not work (not: no paper, no
 * such command); and what guests ask to have recorded (DIAGNOSE 48).  SET RECORD adds the unit
 * checks of one device that have certain sense bits.
 *
 * The area is ERRORS_PAGES slots of cylinder 0; each page has a header and records of 128 bytes, in
 * the order of time. Numbers are big-endian, text is EBCDIC. */
#ifndef CP_ERRORS_H
#define CP_ERRORS_H

#include "lib/be.h"

#include <stdbool.h>
#include <stdint.h>

#define ERRORS_SLOT    80u
#define ERRORS_PAGES   32u
#define ERRORS_MAGIC   0xc5d9d9d9 /* "ERRR" */
#define ERRORS_RECORDS 31u        /* in a page */
#define ERRORS_GUEST   96u        /* bytes of a guest's record */

enum error_kind {
    ERROR_DEVICE = 0x30, /* an outboard record of LOGREC has this type */
    ERROR_INTENSIVE,     /* the same, for SET RECORD */
    ERROR_GUEST,
};

struct error_device {
    be16 address;
    be16 type; /* hexadecimal digits */
    char volser[6];
    uint8_t retried; /* more than once: it may have worked then */
    uint8_t sense_length;
    uint8_t ccw[8], csw[8];
    uint8_t sense[32];
    uint8_t unused[36];
};
struct error_record {
    uint8_t kind; /* 0: none */
    uint8_t unused[3];
    be32 number; /* from 1; 0 in no record */
    be64 tod;
    char userid[8]; /* whose task ran; blanks: CP's own */
    be16 length;    /* ERROR_GUEST: of its data */
    uint8_t reserved[6];
    union {
        struct error_device device;
        uint8_t guest[ERRORS_GUEST];
    };
};
LAYOUT(struct error_device, 96);
LAYOUT(struct error_record, 128);

struct error_page {
    be32 magic;
    be32 used; /* records */
    uint8_t unused[120];
    struct error_record record[ERRORS_RECORDS];
};
LAYOUT(struct error_page, 4096);

struct ioreq;
struct vmblok;

/* SET RECORD: of one device every `limit`-th unit check whose sense bits are on: both or one of
 * them. */
struct error_intensive {
    uint16_t address; /* 0: none */
    uint32_t limit, count;
    bool both; /* else one of them is enough */
    struct {
        uint8_t byte, mask; /* mask 0: not given */
    } sense[2];
};

/* A request has ended, or is to be tried again, after a unit check; its sense bytes are there.
 * Never sleeps. */
void errors_unit_check(const struct ioreq *request);
/* The record of a guest's; `length` is cut.  Never sleeps. */
void errors_guest(const struct vmblok *vm, const uint8_t *data, unsigned length);
/* Page `n` of the area, as it is on disk.  May sleep.  False: it cannot be read. */
bool errors_read(uint32_t n, struct error_page *page);
/* Empties all pages.  May sleep. */
bool errors_clear(void);

#endif
