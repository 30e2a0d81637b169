/* The CMS file system on "EDF" disks (VM/SP's format, which Linux's cmsfs tools read too), and on
 * disks of 800-byte blocks ("CDF", VM/370's own; cdf.c says what is different there): portable,
 * used by the CMS nucleus through its disk driver and on the host by `datbox volume`.  Sources of
 * the format: IBM's ADTSECT, FSTD and label DSECTs as published in "VM/SP CMS Data Areas";
 * docs/volumes.md retells what we use of it.
 *
 * A disk is `blocks` blocks of 512, 1024, 2048 or 4096 bytes, numbered from 1.  Blocks 1
 * and 2 belong to IPL, block 3 is the label, 4 and 5 take turns as the root of the directory.
 * The directory is a file of 64-byte entries (FSTs); its first two entries describe the
 * directory itself and the allocation map.  Files are trees of pointer blocks over data blocks.
 *
 * Updates are all or nothing.  A block that the label's directory reaches is never
 * overwritten: changes go to free blocks, with a new path of pointer blocks, a new allocation
 * map and a new directory; edf_commit() then writes the label, whose pointer selects the new
 * directory root: that one write makes everything true.  So at every instant the disk holds
 * the state of one commit.  As in CMS, a commit asked for while a file is open for writing
 * happens when the last such file is closed.
 *
 * No allocation: the caller gives the memory (8K do for blocks of 1024 bytes; more is
 * a larger cache).  Names are 8-byte EBCDIC fields filled with blanks (X'40'), on both
 * sides.  One user of a disk at a time; not reentrant. */
#ifndef CMS_FS_EDF_H
#define CMS_FS_EDF_H

#include "lib/be.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum edf_error {
    EDF_OK = 0,
    EDF_NOT_FOUND, /* no such file */
    EDF_EXISTS,    /* the new name is taken */
    EDF_BUSY,      /* the file is open (erase, rename, second open for writing) */
    EDF_FULL,      /* no block free: nothing of the record, or of the call, was done */
    EDF_LIMIT,     /* more records, blocks or files than an 800-byte disk can have; nothing done */
    EDF_READ_ONLY, /* disk mounted, or file opened, for reading only */
    EDF_END,       /* read behind the last record */
    EDF_RECORD,    /* record number 0 < n <= count + 1, length, or format is not possible */
    EDF_NAME,      /* a name is blank or begins with a blank */
    EDF_IO,        /* the driver failed; after a failed write the disk must be mounted anew */
    EDF_FORMAT,    /* no label, or what the disk holds contradicts itself */
    EDF_MEMORY,    /* the memory given is too small */
};

/* The disk driver.  Functions return false for an I/O error.  A write is done (on the
 * medium) when write() returns; or, of a driver that holds blocks back, before EDF_COMMIT_BLOCK is
 * written. */
struct edf_io {
    void *context;
    bool (*read)(void *context, uint32_t block, void *bytes);
    bool (*write)(void *context, uint32_t block, const void *bytes);
    /* Local time, packed decimal: century (X'20'), year, month, day, hour, minute, second. */
    void (*now)(void *context, uint8_t date[7]);
};

#define EDF_BLANK       0x40 /* EBCDIC ' ' */
#define EDF_FIXED       0xc6 /* EBCDIC 'F' */
#define EDF_VARYING     0xe5 /* EBCDIC 'V' */
#define EDF_IPL_BLOCKS  2    /* blocks 1 and 2: for IPL text, not the file system's */
#define EDF_LABEL_BLOCK 3

/* File name and type. */
struct edf_name {
    uint8_t fn[8], ft[8];
};

/* The entry of a file as it is on disk. */
struct edf_fst {
    struct edf_name name; /* 00 */
    uint8_t cdf_date[4];  /* 10 MMDD HHMM, packed */
    be16 write_pointer;   /* 14 next record to write; we keep 0 */
    be16 read_pointer;    /* 16 */
    uint8_t mode[2];      /* 18 letter and number; the letter on disk is 'A' */
    be16 cdf_items;       /* 1A records, if they fit */
    be16 cdf_block;       /* 1C */
    uint8_t recfm;        /* 1E EDF_FIXED or EDF_VARYING */
    uint8_t flags;        /* 1F bit 08: 20xx */
    be32 lrecl;           /* 20 length of the records, or of the longest */
    be16 cdf_blocks;      /* 24 */
    uint8_t year[2];      /* 26 two EBCDIC digits */
    be32 origin;          /* 28 FOP: the only data block, or the root pointer block; or 0 */
    be32 blocks;          /* 2C data blocks */
    be32 items;           /* 30 records */
    uint8_t levels;       /* 34 of pointer blocks */
    uint8_t pointer_size; /* 35 4 (F) or 12 (V) */
    uint8_t date[6];      /* 36 YYMMDDHHMMSS, packed */
    uint8_t realm;        /* 3C */
    uint8_t flag2;        /* 3D */
    uint8_t reserved[2];  /* 3E */
};
LAYOUT(struct edf_fst, 64);
FIELD_AT(struct edf_fst, mode, 0x18);
FIELD_AT(struct edf_fst, origin, 0x28);
FIELD_AT(struct edf_fst, levels, 0x34);
#define EDF_FST_CENTURY 0x08

/* The label, the first 80 bytes of block 3. */
struct edf_label {
    uint8_t id[4];        /* 00 'CMS1' in EBCDIC */
    uint8_t volume[6];    /* 04 */
    uint8_t version[2];   /* 0A */
    be32 block_size;      /* 0C */
    be32 directory;       /* 10 4 or 5 */
    be32 cylinders;       /* 14 in use by the file system */
    be32 formatted;       /* 18 cylinders of the minidisk */
    be32 blocks;          /* 1C */
    be32 used;            /* 20 blocks in use, label and IPL included */
    be32 fst_size;        /* 24 64 */
    be32 fsts_per_block;  /* 28 */
    uint8_t created[6];   /* 2C packed YYMMDDHHMMSS */
    uint8_t flags;        /* 32 01: 20xx */
    uint8_t reserved33;   /* 33 */
    be32 segment_offset;  /* 34 */
    be32 map_next;        /* 38 AMNB */
    be32 map_next_offset; /* 3C AMND */
    be32 map_user;        /* 40 AMUP */
    be32 open_files;      /* 44 */
    uint8_t segment[8];   /* 48 */
};
LAYOUT(struct edf_label, 80);
FIELD_AT(struct edf_label, used, 0x20);

/* What a caller wants to know about a file. */
struct edf_status {
    struct edf_name name;
    uint8_t mode;    /* '0' to '6', EBCDIC */
    uint8_t recfm;   /* EDF_FIXED or EDF_VARYING */
    uint32_t lrecl;  /* V: the longest record so far */
    uint32_t items;  /* records */
    uint32_t blocks; /* data blocks */
    uint8_t date[7]; /* of the last change, packed, century first */
};

/* --- private to the file system, here so that the caller can give the memory --- */

/* A tree of blocks: a file, the directory, the map. */
struct edf_tree {
    uint32_t origin, blocks;
    uint8_t levels, pointer_size;
};

struct edf_buffer {
    uint32_t block; /* 0: empty */
    uint32_t used;  /* clock of last use */
    bool dirty;
    uint8_t *bytes;
};

#define EDF_HINTS 16

struct edf_disk {
    struct edf_io io;
    uint32_t block_size;
    uint32_t blocks;
    uint32_t used;      /* blocks in use in the state being built */
    uint32_t available; /* blocks in use neither there nor in the committed state */
    uint32_t next;      /* where the search for a free block goes on */
    struct edf_tree directory, map;
    struct edf_tree old_map; /* of the committed state */
    uint32_t old_directory;  /* block 4 or 5 */
    uint32_t files;          /* entries of the directory, its own and the map's included */
    uint32_t clock;
    uint16_t writers;     /* files open for writing */
    bool commit_due;      /* asked for, waits for the writers */
    enum edf_error error; /* of the function that has just failed inside */
    uint32_t pending;     /* a block that is taken but not yet marked in the map */
    uint32_t loose[8];    /* blocks that are to be freed as soon as the map is at rest */
    uint8_t loose_count;
    bool writable, changed, broken;
    struct edf_file *open;
    struct edf_label label;
    uint16_t buffer_count;
    struct edf_buffer *buffers;
    bool cdf;         /* an 800-byte disk: cdf.c */
    bool cdf_renewed; /* its map has moved since the last commit */
    uint8_t *mfd;     /* its master file directory as the next commit will write it */
    uint32_t cdf_files;
    struct edf_fst cdf_entry; /* the entry read last, as EDF would have it */
    uint8_t hints[EDF_HINTS]; /* by the block number's low bits: the buffer where it may be */
};

struct edf_file {
    struct edf_disk *disk;
    struct edf_file *next_open;
    struct edf_fst fst;
    struct edf_tree tree;
    uint32_t slot; /* index of its entry in the directory */
    uint32_t items, lrecl;
    uint32_t next;    /* number of the next record to read */
    uint32_t offset;  /* V: where in the file record `next` begins */
    uint32_t end;     /* V: where the next record will be added; 0 if not yet known */
    uint32_t started; /* V: highest record that begins in the tree so far */
    bool writing, changed;
};

/* --- disks --- */

/* Bytes of memory that a cache of `buffers` blocks needs; at least EDF_MIN_BUFFERS. */
#define EDF_MIN_BUFFERS 4
#define EDF_MEMORY_SIZE(block_size, buffers)                                                       \
    ((buffers) * ((block_size) + sizeof(struct edf_buffer)) + 8)

/* Writes label, directory and map of an empty file system (EDF; CDF_BLOCK: an 800-byte disk); the
 * medium must be formatted in records of block_size already, and blocks 1 and 2 are not touched.
 * `volume` is 6 bytes, EBCDIC, with blanks.  Memory is used during the call only; at least
 * EDF_MEMORY_SIZE(block_size, 1). */
enum edf_error edf_format(const struct edf_io *io, uint32_t block_size, uint32_t blocks,
                          uint32_t cylinders, const uint8_t volume[6], void *memory, size_t size);

#define CDF_BLOCK 800u

/* The block whose writing makes a commit true: the label, or an 800-byte disk's directory.  A
 * driver that holds blocks back writes them before it. */
#define EDF_COMMIT_BLOCK(block_size) ((block_size) == CDF_BLOCK ? 4u : EDF_LABEL_BLOCK)

/* Reads the label and makes the disk ready.  A disk of 800-byte blocks (CDF) whose map and counts
 * do not agree is for reading only, whatever is asked: `writable` in the disk says so.  The caller
 * knows the block size (the length of record 3); EDF_FORMAT if the label says another. The memory
 * belongs to the disk until edf_release(). */
enum edf_error edf_mount(struct edf_disk *d, const struct edf_io *io, uint32_t block_size,
                         void *memory, size_t size, bool writable);
/* Closes all files, commits. */
enum edf_error edf_release(struct edf_disk *d);
/* Makes all changes true, once no file is open for writing; EDF_OK also if that is later. */
enum edf_error edf_commit(struct edf_disk *d);
/* Forgets all files and all changes since the last commit. */
enum edf_error edf_abandon(struct edf_disk *d);
uint32_t edf_free_blocks(const struct edf_disk *d);
/* Entries of the directory that are files. */
uint32_t edf_file_count(const struct edf_disk *d);

/* --- files by name --- */

void edf_name_set(struct edf_name *name, const char *fn, const char *ft); /* native text, cut */
enum edf_error edf_state(struct edf_disk *d, const struct edf_name *name, struct edf_status *s);
enum edf_error edf_erase(struct edf_disk *d, const struct edf_name *name);
/* `mode`: new mode number as an EBCDIC digit, or 0 to leave it. */
enum edf_error edf_rename(struct edf_disk *d, const struct edf_name *from,
                          const struct edf_name *to, uint8_t mode);
/* Gives it another date of the last change: packed, century (X'19' or X'20') first. */
enum edf_error edf_redate(struct edf_disk *d, const struct edf_name *name, const uint8_t date[7]);

/* Goes through the files whose names fit a pattern; in fn and ft '*' (X'5C') stands for any
 * characters, '%' (X'6C') for one.  The order is that of the directory.  EDF_END at the end.
 *
 *     struct edf_search s;
 *     edf_search_start(&s, &pattern);
 *     while (edf_search_next(d, &s, &status) == EDF_OK) ... */
struct edf_search {
    struct edf_name pattern;
    uint32_t next;
};
void edf_search_start(struct edf_search *s, const struct edf_name *pattern);
enum edf_error edf_search_next(struct edf_disk *d, struct edf_search *s, struct edf_status *status);
/* Erases the file that edf_search_next() has just returned; the search goes on with the next. */
enum edf_error edf_search_erase(struct edf_disk *d, struct edf_search *s);
bool edf_name_matches(const struct edf_name *pattern, const struct edf_name *name);

/* --- open files --- */

/* Opens an existing file, for reading or for reading and writing.  The file may be open
 * for reading several times, for writing alone. */
enum edf_error edf_open(struct edf_disk *d, struct edf_file *f, const struct edf_name *name,
                        bool write);
/* Makes a new, empty file and opens it for writing.  A file that is still without records when it
 * is closed vanishes.  lrecl: F 1 to 65535 (fixed from now on), V ignored. */
enum edf_error edf_create(struct edf_disk *d, struct edf_file *f, const struct edf_name *name,
                          uint8_t mode, uint8_t recfm, uint32_t lrecl);
/* Writes the entry; then the change is part of the next commit.  The structure is free. */
enum edf_error edf_close(struct edf_file *f);
enum edf_error edf_close_all(struct edf_disk *d);
void edf_file_status(const struct edf_file *f, struct edf_status *s);

/* Reads record `number` (from 1; 0: the one after that read last) into `to`: at most `size`
 * bytes, the rest is left out.  *length is the record's own length. */
enum edf_error edf_read(struct edf_file *f, uint32_t number, void *to, uint32_t size,
                        uint32_t *length);
/* Writes record `number` (0, or count + 1: adds one at the end).  F: length is lrecl, or shorter
 * and filled with blanks; a number behind the end leaves records of zeros between.  V: 1 to 65535
 * bytes; a record in the middle may be replaced by one of the same length only. */
enum edf_error edf_write(struct edf_file *f, uint32_t number, const void *from, uint32_t length);

/* F files: `count` records from `number` on (0 as above), at once.  Reading: as many as there are,
 * *got of them; `to` has room for all.  Writing: all or none of them; `from` is count * lrecl
 * bytes. */
enum edf_error edf_read_many(struct edf_file *f, uint32_t number, void *to, uint32_t count,
                             uint32_t *got);
enum edf_error edf_write_many(struct edf_file *f, uint32_t number, const void *from,
                              uint32_t count);

const char *edf_error_text(enum edf_error e); /* "disk full" */

#endif
