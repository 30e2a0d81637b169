/* What `datbox volume` does with disk images: CP's labels and formats, the user directory, nuclei,
 * and CMS disks.  Host code, apart from the command line (tools/volume.c), so that tests can call
 * it.  Functions return false with a message in the volume that names the file and says what is
 * wrong.
 *
 * A CP volume has records of 4096 bytes on all its tracks (four on a 3350's).  On cylinder 0, head
 * 0 there are instead R1 (key IPL1: what IPL reads), R2 (IPL2), R3 (VOL1 label), R4 (the allocation
 * map: a byte for each cylinder); head 1 has an empty VTOC.  docs/volumes.md has all of it. */
#ifndef TOOLS_VOLUME_VOLUME_H
#define TOOLS_VOLUME_VOLUME_H

#include "cms/fs/edf.h"
#include "s370/media/ckd_image.h"
#include "s370/media/fba_image.h"

#include <stdio.h>

#define CP_RECORD 4096u /* bytes of a record of CP's */

struct volume {
    struct ckd_image *image;
    const struct ckd_geometry *geometry;
    unsigned cylinders;
    struct fba_image *fixed; /* instead of the three: volume_open_any() */
    const char *path;
    char message[512];
};

enum allocation {
    ALLOCATION_FREE = 0x00,
    ALLOCATION_PERM = 0x01,
    ALLOCATION_TEMP = 0x02,
    ALLOCATION_DRCT = 0x04,
    ALLOCATION_PAGE = 0x08,
    ALLOCATION_CKPT = 0x10,
    ALLOCATION_NUCL = 0x20,
    ALLOCATION_TDSK = 0x40,
    ALLOCATION_DUMP = 0x80,
};

/* --- volume.c: images and records --- */
bool volume_open(struct volume *v, const char *path, bool write);
/* Also a fixed-block disk: only for what takes both. */
bool volume_open_any(struct volume *v, const char *path, bool write);
void volume_close(struct volume *v);
bool volume_fail(struct volume *v, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A record's data; its length must be `length`. */
bool volume_read(struct volume *v, unsigned cylinder, unsigned head, unsigned record, void *data,
                 unsigned length);
bool volume_write(struct volume *v, unsigned cylinder, unsigned head, unsigned record,
                  const void *data, unsigned length);
/* Writes a track anew, with records 1, 2, ... of `length` zero bytes, as many as fit.  The count
 * fields have the cylinder's number on the minidisk that begins at cylinder `start`: a guest that
 * searches for a record knows no other. */
bool volume_format_track(struct volume *v, unsigned start, unsigned cylinder, unsigned head,
                         unsigned length);
/* Cylinders, or a fixed-block disk's blocks. */
uint32_t volume_size(const struct volume *v);
/* Is the range on the volume? */
bool volume_extent(struct volume *v, unsigned start, unsigned cylinders);
/* Local time, or SOURCE_DATE_EPOCH's, packed decimal, century first. */
void volume_now(void *context, uint8_t date[7]);

/* --- copy.c --- */
/* Copies all tracks or blocks of an image to a new one; `compression`: as for ckd_image_create_as.
 */
bool volume_copy(struct volume *v, const char *from, const char *to, int compression);

/* --- info.c --- */
/* What kind of image it is, how large, and its label. */
bool volume_info(struct volume *v, const char *path, FILE *out);
/* Is the file an image of a fixed-block disk?  (Any file that is no count-key-data one.) */
bool volume_is_fixed_block(const char *path);

/* --- label.c: CP's volumes --- */
/* Makes a new image with CP's cylinder 0. */
bool volume_create(struct volume *v, const char *path, const char *type, unsigned cylinders,
                   const char *volser);
bool volume_good_volser(struct volume *v, const char *volser);
/* 80 bytes: VOL1, serial number, owner; the rest blanks. */
void volume_make_label(uint8_t *label, const char *volser);
bool volume_format(struct volume *v, unsigned start, unsigned cylinders);
bool volume_label(struct volume *v, const char *volser);
/* The volume's serial number and allocation map (CP_RECORD bytes; NULL: not wanted). */
bool volume_read_label(struct volume *v, char volser[7], uint8_t *map);
bool volume_allocate(struct volume *v, enum allocation kind, unsigned start, unsigned cylinders);
bool allocation_parse(const char *word, enum allocation *kind);
const char *allocation_name(uint8_t kind);
/* The first run of cylinders of a kind; false if there is none. */
bool volume_find_allocation(struct volume *v, enum allocation kind, unsigned *start,
                            unsigned *cylinders);

/* --- fixed.c: fixed-block disks --- */
/* A new one, with a label in block 1; `blocks` 0: those of the type. */
bool volume_create_fixed(struct volume *v, const char *path, const char *type, uint32_t blocks,
                         const char *volser);
/* Writes the program of an ELF file from block 2 on, and makes block 0 load it at IPL. */
bool volume_nucleus_fixed(struct volume *v, const char *path, const char *elf);

/* --- nucleus.c --- */
/* Writes the program of an ELF file to `cylinders` cylinders from `start` and makes
 * cylinder `base`, head 0, record 1 load it; cylinder numbers in that record count from
 * `base`, where the minidisk begins. */
bool volume_nucleus(struct volume *v, const char *elf, unsigned base, unsigned start,
                    unsigned cylinders);

/* --- directory.c --- */
/* Compiles a directory's source; with v->image, on to the volume's DRCT space.  Messages
 * about the source go to `out`. */
bool volume_directory(struct volume *v, const char *source, bool check_only, FILE *out);
/* Where a user's minidisk lies, from the source: "CMSUSER:191". */
bool volume_find_minidisk(struct volume *v, const char *source, const char *name, char volser[7],
                          unsigned *start, unsigned *cylinders);
/* Formats all minidisks that the source has on this volume, but those of whole packs. */
bool volume_minidisks(struct volume *v, const char *source, unsigned block_size);

/* --- cms_disk.c: CMS disks on volumes --- */
struct cms_disk {
    struct volume *volume;
    unsigned start, cylinders; /* of the volume; of a fixed-block disk: blocks of 512 bytes */
    unsigned block_size, per_track;
    struct edf_io io;
    struct edf_disk disk;
    void *memory;
};

/* `nucleus`: cylinders at the end that are not the file system's but CP_RECORD records. */
bool cms_disk_format(struct volume *v, unsigned start, unsigned cylinders, unsigned nucleus,
                     unsigned block_size, const char *label);
bool cms_disk_open(struct cms_disk *c, struct volume *v, unsigned start, unsigned cylinders,
                   bool write);
bool cms_disk_close(struct cms_disk *c); /* commits */
/* Only finds it, by the length of the record where the label is: for check and repair. */
bool cms_disk_find(struct cms_disk *c, struct volume *v, unsigned start, unsigned cylinders);
uint32_t cms_disk_capacity(const struct cms_disk *c); /* blocks */

/* --- cms_files.c --- */
struct cms_put {
    bool binary, module;
    bool page_037;    /* text: EBCDIC code page 037, not 1047 */
    char recfm;       /* 'F', 'V', or 0: V (binary: F) */
    unsigned lrecl;   /* 0: 80 */
    char mode;        /* '1' if 0 */
    const char *name; /* "FN.FT", or NULL: from the host file's name */
};

bool cms_put_file(struct cms_disk *c, const char *path, const struct cms_put *how);
/* `to` NULL: name in lower case in the current directory. "-": standard output. */
bool cms_get_file(struct cms_disk *c, const char *name, const char *to, bool binary, bool page_037);
bool cms_erase_file(struct cms_disk *c, const char *name);
bool cms_list(struct cms_disk *c, const char *pattern, FILE *out);
bool cms_name_parse(struct volume *v, const char *text, struct edf_name *name);

/* --- elf.c, module.c --- */
struct elf {
    uint8_t *bytes;
    size_t size;
    uint32_t base, end; /* addresses of the loaded image; `end` before zeros */
    uint32_t total_end; /* with zeros */
    uint32_t entry;
    uint8_t *image; /* end - base bytes */
};

bool elf_open(struct volume *v, struct elf *e, const char *path);
void elf_close(struct elf *e);
/* Calls back for every address that holds an absolute address (R_390_32); refuses others. */
bool elf_relocations(struct volume *v, const struct elf *e, const char *path,
                     void (*found)(void *context, uint32_t address), void *context);
/* Makes the records of a MODULE (cms/kit/module.h). */
bool module_put(struct cms_disk *c, const char *path, const struct edf_name *name,
                struct edf_file *f);

#endif
