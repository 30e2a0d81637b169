/* SCBLOCK: how CMS remembers a subcommand environment (SUBCOM) or a nucleus extension (NUCEXT), and
 * the lists that declare, cancel and look for them by SVC 202.  Source: VM/SP System Programmer's
 * Guide, "Dynamic Linkage: SUBCOM" and "Nucleus Extensions". */
#ifndef CMS_KIT_SCBLOCK_H
#define CMS_KIT_SCBLOCK_H

#include "lib/be.h"

#include <stdint.h>

struct scblock {
    uint32_t next;   /* 00 the one declared before it, or 0 */
    uint32_t user;   /* 04 a word of the program that declared it */
    char name[8];    /* 08 */
    uint8_t mask;    /* 10 system mask and key with which it is entered */
    uint8_t key;     /* 11 */
    uint8_t flags;   /* 12 enum scblock_flag */
    uint8_t zero;    /* 13 */
    uint32_t entry;  /* 14 */
    uint32_t origin; /* 18 of the storage that goes with it, */
    uint32_t length; /* 1C or 0: none */
};
LAYOUT(struct scblock, 32);
FIELD_AT(struct scblock, entry, 0x14);

enum scblock_flag {
    SCBLOCK_SYSTEM = 0x80,  /* lives on when a program ends abnormally */
    SCBLOCK_SERVICE = 0x40, /* called with the word PURGE then, and with RESET by NUCXDROP */
};

/* R1 of a program that was found through its SCBLOCK points to the caller's list, R0 to his
 * extended list, R2 to the SCBLOCK; the rest is as for any program. */

/* The list of SUBCOM and NUCEXT.  Shorter, name alone: does it exist?  (0, or 1.) */
struct scblock_plist {
    char command[8]; /* 00 SUBCOM or NUCEXT */
    char name[8];    /* 08 */
    uint8_t mask;    /* 10 and the next four bytes: as above; */
    uint8_t key;     /*    out, where entry is SCBLOCK_QUERY: A(SCBLOCK) */
    uint8_t flags;
    uint8_t zero;
    uint32_t entry;  /* 14 0: cancel */
    uint32_t user;   /* 18 */
    uint32_t origin; /* 1C NUCEXT only: storage that is given back when it is cancelled */
    uint32_t length; /* 20 */
};
LAYOUT(struct scblock_plist, 36);
#define SCBLOCK_QUERY UINT32_MAX

/* SHVBLOCK: a request for a variable of the EXEC that called the program, by the subcommand
 * environment EXECCOMM; the fourth word of the extended list points to the first of a chain.
 * Source: VM/SP System Product Interpreter Reference, "Direct interface to current variables". */
struct shvblock {
    uint32_t next;        /* 00 */
    uint32_t user;        /* 04 */
    char code;            /* 08 enum shv_code */
    uint8_t result;       /* 09 enum shv_result */
    uint16_t zero;        /* 0A */
    uint32_t size;        /* 0C of the buffer, when fetching */
    uint32_t name;        /* 10 */
    uint32_t name_length; /* 14 */
    uint32_t value;       /* 18 */
    uint32_t length;      /* 1C of the value; out when fetching */
};
LAYOUT(struct shvblock, 32);
FIELD_AT(struct shvblock, length, 0x1c);

enum shv_code { SHV_SET = 'S', SHV_FETCH = 'F', SHV_DROP = 'D', SHV_NEXT = 'N' };
enum shv_result {
    SHV_NEW = 0x01,  /* it did not exist before */
    SHV_LAST = 0x02, /* N: there are no more */
    SHV_CUT = 0x04,  /* the buffer is too small */
    SHV_BAD_NAME = 0x08,
    SHV_BAD_VALUE = 0x10, /* longer than the language allows */
    SHV_BAD_CODE = 0x80,
};

#endif
