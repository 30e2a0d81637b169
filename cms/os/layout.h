/* What OS/360's programs and supervisor calls have in common in storage: DCB, DECB, the buffer
 * pool, the program interruption blocks.  OS/VS Data Management Macro Instructions (GC26-3793),
 * OS/VS1 Supervisor Services (GC24-5103); the names in comments are those of the DCBD macro. */
#ifndef CMS_OS_LAYOUT_H
#define CMS_OS_LAYOUT_H

#include "lib/be.h"

enum dcb_recfm {
    RECFM_FIXED = 0x80,
    RECFM_VARIABLE = 0x40,
    RECFM_UNDEFINED = 0xc0,
    RECFM_KIND = 0xc0,
    RECFM_BLOCKED = 0x10,
    RECFM_SPANNED = 0x08, /* of F: standard */
    RECFM_ASA = 0x04,
    RECFM_MACHINE = 0x02,
};
enum dcb_dsorg { DSORG_SEQUENTIAL = 0x4000, DSORG_PARTITIONED = 0x0200 };
enum dcb_macrf { /* two bytes: input's, output's */
                 MACRF_GET = 0x4000,
                 MACRF_READ = 0x2000,
                 MACRF_GET_MOVE = 0x1000,
                 MACRF_GET_LOCATE = 0x0800,
                 MACRF_READ_POINT = 0x0400,
                 MACRF_PUT = 0x0040,
                 MACRF_WRITE = 0x0020,
                 MACRF_PUT_MOVE = 0x0010,
                 MACRF_PUT_LOCATE = 0x0008,
};
enum dcb_oflgs { OFLGS_OPEN = 0x10 };
enum dcb_eropt { EROPT_ACCEPT = 0x80, EROPT_SKIP = 0x40, EROPT_ABEND = 0x20 };

struct dcb {
    uint8_t device[20]; /* 00 direct access interface */
    uint8_t bufno;      /* 14 */
    be24 bufcb;         /* 15 buffer pool; 1: none */
    be16 bufl;          /* 18 */
    be16 dsorg;         /* 1A */
    be32 iobad;         /* 1C */
    uint8_t bftek;      /* 20 */
    be24 eodad;         /* 21 */
    uint8_t recfm;      /* 24 */
    be24 exlst;         /* 25 */
    union {
        uint8_t ddname[8]; /* 28 while it is not open */
        struct {
            be16 tiot;      /* 28 */
            be16 macrf;     /* 2A */
            uint8_t iflags; /* 2C */
            be24 debad;     /* 2D */
        } open;
    };
    uint8_t oflgs; /* 30 */
    union {
        struct {
            uint8_t iflg; /* 31 */
            be16 macr;    /* 32 */
        } closed;
        be24 routine; /* 31 GET, PUT; READ, WRITE */
    };
    uint8_t optcd;     /* 34 */
    be24 check;        /* 35 CHECK */
    be32 synad;        /* 38 */
    uint8_t cind[2];   /* 3C */
    be16 blksi;        /* 3E */
    uint8_t offset[4]; /* 40 */
    be32 ioba;         /* 44 */
    uint8_t ncp;       /* 48 */
    be24 eobr;         /* 49 */
    be32 eobw;         /* 4C */
    be16 dirct;        /* 50 */
    be16 lrecl;        /* 52 */
    uint8_t eropt;     /* 54 */
    be24 note;         /* 55 BSAM: NOTE, and 4 bytes behind it POINT */
};
LAYOUT(struct dcb, 88);
FIELD_AT(struct dcb, recfm, 0x24);
FIELD_AT(struct dcb, optcd, 0x34);
FIELD_AT(struct dcb, lrecl, 0x52);

/* Whether an address field of a DCB holds one: the macro leaves 1, or 0. */
static inline int dcb_address_given(uint32_t address)
{
    return address > 1;
}

/* Behind what READ and WRITE expand to. */
struct decb {
    be32 ecb;      /* 00 */
    uint8_t flags; /* 04 80: the length is 'S', the block size */
    uint8_t type;  /* 05 */
    be16 length;   /* 06 */
    be32 dcb;      /* 08 */
    be32 area;     /* 0C */
    be32 iob;      /* 10 -> struct iob */
};
LAYOUT(struct decb, 20);
enum decb_type { DECB_READ = 0x80, DECB_READ_BACKWARD = 0x40, DECB_WRITE = 0x20 };
#define DECB_LENGTH_S 0x80

enum ecb { ECB_WAITING = 0x80, ECB_POSTED = 0x40 };
#define ECB_DONE  UINT32_C(0x7f000000) /* READ, WRITE ended well */
#define ECB_ERROR UINT32_C(0x41000000)

/* As much of an input/output block as programs look at: the residual count. */
struct iob {
    uint8_t flags[4];
    be32 ecb;
    uint8_t csw[8]; /* 08: the last halfword is the count that was left */
};
LAYOUT(struct iob, 16);

/* At the beginning of a buffer pool, as GETPOOL makes and FREEPOOL reads it. */
struct buffer_pool {
    be32 next;
    uint8_t flags, count;
    be16 length;
};
LAYOUT(struct buffer_pool, 8);

/* SPIE: the program's request, and what its exit gets. */
struct pica {
    uint8_t mask; /* program mask in the right half */
    be24 exit;
    be16 interruptions; /* bit n: interruption n */
};
LAYOUT(struct pica, 6);
struct pie {
    be32 pica;
    uint8_t psw[8];
    be32 r14, r15, r0, r1, r2;
};
LAYOUT(struct pie, 32);

/* Variable records: a block's and a record's length words, 4 bytes each with themselves counted. */
#define LENGTH_WORD 4

#endif
