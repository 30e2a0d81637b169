/* The MODULE file: a program that CMS can load.  `datbox volume` makes one from an ELF file
 * (tools/module.c), GENMOD makes one from storage, the nucleus loads them
 * (cms/nucleus/loader.c).  Text fields are EBCDIC, numbers big-endian.
 *
 * A MODULE is a V file (RECFM V), as in VM/370, with these records:
 *   1       struct module_header, 80 bytes
 *   2 ...   the image: image_size bytes in records of MODULE_RECORD bytes, the last one shorter
 *           (none if image_size is 0)
 *   then    the relocation list: relocations x 4 bytes in records of MODULE_RECORD bytes, the
 *           last one shorter (none if there are no relocations)
 *   then    the load map: `symbols` records, each a struct module_symbol (GENMOD ... (MAP)
 *
 * Two kinds:
 * - relocatable (MODULE_RELOCATABLE): linked at `origin` 0 by cms/kit/module.ld with
 *   --emit-relocs.  The nucleus takes total_size bytes of free storage, reads the image to its
 *   beginning, clears the rest, and adds the storage's address to the fullword at every
 *   offset of the relocation list.  The offsets are those of the ELF file's R_390_32
 *   relocations in allocated sections, minus the lowest address; relative ones (R_390_PC*,
 *   R_390_PLT*) need nothing; a converter must refuse any other absolute kind (R_390_12,
 *   R_390_16, R_390_8, R_390_GOT*) and a reference to an undefined weak symbol is left out.
 * - fixed: what GENMOD makes, or an ELF program linked at X'20000': loaded at `origin`, always
 *   overlaying what is there; relocations is 0.
 */
#ifndef CMS_KIT_MODULE_H
#define CMS_KIT_MODULE_H

#include "lib/be.h"

#define MODULE_RECORD 4096

/* "DBXM" in EBCDIC. */
#define MODULE_MAGIC UINT32_C(0xc4c2e7d4)

enum module_flag {
    MODULE_RELOCATABLE = 0x80,
    MODULE_STR = 0x20,    /* GENMOD ... (STR: what was loaded behind its end is given up */
    MODULE_SYSTEM = 0x10, /* GENMOD ... (SYSTEM: runs with storage key 0 */
};

/* Where fixed programs begin: the user program area, or the transient area. */
#define MODULE_USER_AREA UINT32_C(0x20000)
#define TRANSIENT_AREA   UINT32_C(0xe000)
#define TRANSIENT_END    UINT32_C(0x10000)

struct module_header {
    be32 magic;       /* 00 MODULE_MAGIC */
    uint8_t version;  /* 04 1 */
    uint8_t flags;    /* 05 enum module_flag */
    uint8_t zero[2];  /* 06 */
    be32 origin;      /* 08 address the image was linked for; 0 if relocatable */
    be32 image_size;  /* 0C bytes in the file */
    be32 total_size;  /* 10 bytes in storage: image and zeros (bss) after it */
    be32 entry;       /* 14 entry point, as an address linked for (>= origin) */
    be32 relocations; /* 18 number of fullwords to relocate */
    char name[8];     /* 1C the program's name, EBCDIC, blank padded; informational */
    be32 symbols;     /* 24 records of the load map */
    uint8_t pad[40];  /* 28 zeros */
};
LAYOUT(struct module_header, 80);
FIELD_AT(struct module_header, name, 0x1c);
FIELD_AT(struct module_header, symbols, 0x24);

/* A name of the load map; a fixed program's. */
struct module_symbol {
    char name[8];
    be32 address;
    be32 length;  /* of a control section */
    uint8_t kind; /* enum load_kind of cms/load/load.h */
    uint8_t pad[3];
};
LAYOUT(struct module_symbol, 20);

#endif
