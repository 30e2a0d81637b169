/* Assigned storage locations, S/370 Principles of Operation (GA22-7000), "Assigned
 * Storage Locations".  Addresses are real; `struct lowcore` lies at 0. */
#ifndef S370_ARCH_LOWCORE_H
#define S370_ARCH_LOWCORE_H

#include "lib/be.h"

struct lowcore {
    be64 iplpsw;              /* 00 IPL PSW; restart new PSW */
    be64 ipl_ccw1;            /* 08 IPL CCW 1; restart old PSW */
    be64 ipl_ccw2;            /* 10 IPL CCW 2 */
    be64 ext_old;             /* 18 external old PSW */
    be64 svc_old;             /* 20 supervisor call old PSW */
    be64 pgm_old;             /* 28 program old PSW */
    be64 mck_old;             /* 30 machine check old PSW */
    be64 io_old;              /* 38 input/output old PSW */
    be64 csw;                 /* 40 channel status word */
    be32 caw;                 /* 48 channel address word */
    uint8_t unused4c[4];      /* 4C */
    be32 interval_timer;      /* 50 */
    uint8_t unused54[4];      /* 54 */
    be64 ext_new;             /* 58 */
    be64 svc_new;             /* 60 */
    be64 pgm_new;             /* 68 */
    be64 mck_new;             /* 70 */
    be64 io_new;              /* 78 */
    uint8_t unused80[4];      /* 80 */
    be16 ext_cpu;             /* 84 CPU address with external interruptions */
    be16 ext_code;            /* 86 EC mode external interruption code */
    uint8_t svc_unused;       /* 88 */
    uint8_t svc_ilc;          /* 89 EC mode: ILC in bits 5-6 */
    be16 svc_code;            /* 8A */
    uint8_t pgm_unused;       /* 8C */
    uint8_t pgm_ilc;          /* 8D */
    be16 pgm_code;            /* 8E */
    be32 translation_address; /* 90 translation exception address, bits 8-31 */
    be16 monitor_class;       /* 94 */
    be16 per_code;            /* 96 */
    be32 per_address;         /* 98 */
    be32 monitor_code;        /* 9C */
    uint8_t unuseda0[8];      /* A0 */
    be32 channel_id;          /* A8 stored by STIDC */
    be32 ioel;                /* AC I/O extended logout pointer */
    be32 limited_logout;      /* B0 limited channel logout */
    uint8_t unusedb4[4];      /* B4 */
    uint8_t measurement[1];   /* B8 */
    be24 io_address;          /* B9 EC mode: I/O address in BA-BB */
    uint8_t unusedbc[0x100 - 0xbc];
    uint8_t mck_area[0x100]; /* 100 machine check extended logout, save areas */
};

LAYOUT(struct lowcore, 0x200);
FIELD_AT(struct lowcore, csw, 0x40);
FIELD_AT(struct lowcore, interval_timer, 0x50);
FIELD_AT(struct lowcore, io_new, 0x78);
FIELD_AT(struct lowcore, svc_code, 0x8a);
FIELD_AT(struct lowcore, translation_address, 0x90);
FIELD_AT(struct lowcore, channel_id, 0xa8);
FIELD_AT(struct lowcore, io_address, 0xb9);

#endif
