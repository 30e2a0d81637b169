/* The files of a plain disk image that has several: NAME_1, NAME_2 ... each with a header of its
 * own and some of the cylinders, as Hercules writes them where a file must not be larger than 2
 * GiB. An image of one file is the same with one part.  Offsets of the image are those that its
 * tracks would have in one file. */
#ifndef S370_MEDIA_CKD_PARTS_H
#define S370_MEDIA_CKD_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CKD_HEADER     512u /* bytes at the start of each file */
#define CKD_PARTS_MOST 27u

/* The header's fields; numbers are little-endian. */
enum ckd_header_offset {
    HEADER_ID = 0,
    HEADER_HEADS = 8,
    HEADER_TRACK_SIZE = 12,
    HEADER_TYPE = 16,
    HEADER_SEQUENCE = 17,      /* 0: the only file; else 1, 2, ... */
    HEADER_HIGH_CYLINDER = 18, /* of this file; 0 in the last one */
    HEADER_SERIAL = 20,
};

struct ckd_parts {
    unsigned count;
    uint64_t cylinder_bytes;
    struct ckd_part {
        int fd;
        unsigned first, cylinders;
    } part[CKD_PARTS_MOST];
};

/* The first file is open, with this header and of this length: opens the others, for writing or
 * not, and locks them.  False with `message`, which names the file that is wrong. */
bool ckd_parts_open(struct ckd_parts *p, const char *path, int fd, const uint8_t *header,
                    uint64_t length, bool writable, char *message, size_t size);
/* Closes all but the first. */
void ckd_parts_close(struct ckd_parts *p);
unsigned ckd_parts_cylinders(const struct ckd_parts *p);
/* The file that has this byte of the image; *offset becomes where in it. */
int ckd_parts_find(const struct ckd_parts *p, uint64_t *offset);
/* Locks a file against writers, or if `exclusive` against all. */
bool ckd_lock_file(int fd, const char *path, bool exclusive, char *message, size_t size);

#endif
