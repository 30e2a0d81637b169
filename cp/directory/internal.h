/* The object form of the user directory, and what compiler and reader share.  All text is
 * EBCDIC with blanks, all numbers big-endian. */
#ifndef CP_DIRECTORY_INTERNAL_H
#define CP_DIRECTORY_INTERNAL_H

#include "cp/directory/directory.h"
#include "lib/be.h"
#include "lib/ebcdic.h"
#include "lib/str.h"

#define DIRECTORY_VERSION 2

/* Record 0: this, and the named systems. */
struct object_header {
    uint8_t id[4]; /* DRCT */
    be32 version;
    be32 records; /* this one included */
    be32 users;
    be32 index;         /* first record of the index */
    be32 index_records; /* of INDEX_ENTRIES each */
    be32 systems;
    uint8_t reserved[4];
};
LAYOUT(struct object_header, 32);

struct object_system {
    uint8_t name[8], volume[6];
    be16 cylinder;
    uint8_t page, protect;
    be16 address;
    be32 size;
    struct {
        be16 first, last;
    } range[SYSTEM_RANGES];
    uint8_t shared[32];
    uint8_t ranges;
    uint8_t reserved[7];
};
LAYOUT(struct object_system, 96);
#define SYSTEMS_MAX                                                                                \
    ((DIRECTORY_RECORD - sizeof(struct object_header)) / sizeof(struct object_system))

struct object_index {
    uint8_t userid[8];
    be32 record;
    be16 offset, length; /* of the entry */
};
LAYOUT(struct object_index, 16);
#define INDEX_ENTRIES (DIRECTORY_RECORD / sizeof(struct object_index))

struct object_password {
    uint8_t kind;
    uint8_t mixed[8];
};

/* An entry: this, then devices. */
struct object_user {
    uint8_t userid[8];
    struct object_password password;
    uint8_t classes, priority, affinity;
    be32 storage, max_storage;
    uint8_t edit[4]; /* line end, line delete, character delete, escape; 0 off */
    uint8_t account[8], distribution[8];
    be16 options;
    be32 cpuid;
    uint8_t ipl[8];
    uint8_t ipl_parm[64];
    uint8_t reserved[2];
};
LAYOUT(struct object_user, 128);

struct object_device {
    uint8_t length; /* of this device, this byte included */
    uint8_t kind;
    be16 address;
    uint8_t type[5];
    union {
        struct {
            uint8_t spool_class;
            uint8_t secondary[8];
        } unit; /* console, spool */
        struct {
            be16 start, cylinders;
            uint8_t volume[6];
            uint8_t mode;
            struct object_password password[3];
        } disk; /* mdisk, tdisk */
        struct {
            be16 real;
            uint8_t volume[6];
            uint8_t read_only;
        } dedicate;
        struct {
            uint8_t owner[8];
            be16 address;
            uint8_t mode;
        } link;
    };
};
#define OBJECT_DEVICE_BASE 9
LAYOUT(struct object_device, OBJECT_DEVICE_BASE + 38);

/* Text between the compilation's character set and EBCDIC. */
static inline uint8_t to_disk_char(char c)
{
    return ' ' == 0x40 ? (uint8_t)c : latin1_to_ebcdic((uint8_t)c);
}
static inline char from_disk_char(uint8_t c)
{
    return (char)(' ' == 0x40 ? c : ebcdic_to_latin1(c));
}
void directory_to_disk(uint8_t *field, const char *text, size_t size);   /* blank padded, cut */
void directory_from_disk(char *text, const uint8_t *field, size_t size); /* size + 1 bytes */

/* The mixture of a password with its owner's name. */
void directory_mix(uint8_t mixed[8], const char *userid, const char *password);

/* Device types: what kind of statement they go with. */
struct directory_type {
    const char *name;
    uint8_t kinds; /* bits 1 << enum directory_kind */
    uint8_t unit;  /* enum directory_unit */
    uint16_t cylinders;
};
const struct directory_type *directory_type_find(const char *name);

#endif
