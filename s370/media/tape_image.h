/* Magnetic tapes in files, in the AWS format and in that of Hercules (HET), which is the same
 * with compressed blocks.
 *
 * A file is a row of chunks.  Each has a header of six bytes: length of what follows,
 * length of the previous chunk (both 16 bits, little-endian), two bytes of flags.  A block is
 * one chunk, or several if it is longer than 65535 bytes; a tape mark is a header without
 * data.  The tape ends with the file.  What lies behind a block that is written is gone, as
 * on a real tape.
 *
 * The file's chunks are indexed when it is opened, so that damage is found then: the tape can be
 * read up to there, and the damaged rest is as one block that cannot be read. */
#ifndef S370_MEDIA_TAPE_IMAGE_H
#define S370_MEDIA_TAPE_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TAPE_BLOCK_MAX (1u << 20) /* bytes; a longer block is neither read nor written */

struct tape_image;

enum tape_open_flags {
    TAPE_READ_ONLY = 1,
    TAPE_COMPRESS = 2, /* write blocks compressed (HET); so too if the file has such blocks */
};

/* What has been met or done. */
enum tape_result {
    TAPE_BLOCK,      /* a block was read, passed or written */
    TAPE_MARK,       /* a tape mark was passed or written */
    TAPE_LOAD_POINT, /* there is nothing before this; the tape has not moved */
    TAPE_END,        /* there is nothing behind this; the tape has not moved */
    TAPE_DAMAGED,    /* a block was passed whose contents are lost */
    TAPE_FAILED,     /* the host failed; errno says how; the tape has not moved */
};

/* Opens the file, which is made if it is not there (not for TAPE_READ_ONLY), at its load
 * point.  A file that may not be written is opened TAPE_READ_ONLY.  NULL with `message`
 * (naming the file) if that is not possible: in use, not a tape.  Otherwise `message` is
 * empty, or warns of what was found: damage, an incomplete last block. */
struct tape_image *tape_image_open(const char *path, unsigned flags, char *message, size_t size);
void tape_image_close(struct tape_image *tape); /* NULL is allowed */

const char *tape_image_path(const struct tape_image *tape);
bool tape_image_writable(const struct tape_image *tape);
bool tape_image_at_load_point(const struct tape_image *tape);
/* Where the tape is, in bytes of its file, in blocks and marks, and in marks, from 0. */
uint64_t tape_image_offset(const struct tape_image *tape);
uint32_t tape_image_position(const struct tape_image *tape);
uint32_t tape_image_file(const struct tape_image *tape);

/* Goes to a position; false if the tape has none such. */
bool tape_image_seek(struct tape_image *tape, uint32_t position);
/* Of all bytes of the tape. */
uint32_t tape_image_checksum(const struct tape_image *tape);

void tape_image_rewind(struct tape_image *tape);
/* Passes the next block or mark, or the one before. */
enum tape_result tape_image_space(struct tape_image *tape, bool backward);
/* The same, and a block's bytes, in their order on the tape, are at *bytes until the next call. */
enum tape_result tape_image_read(struct tape_image *tape, bool backward, const uint8_t **bytes,
                                 uint32_t *length);
/* Writes a block of 1 to TAPE_BLOCK_MAX bytes, or a mark, here. A kill leaves it complete or
 * absent for whoever opens the file next. TAPE_FAILED with errno EROFS: opened read-only. */
enum tape_result tape_image_write(struct tape_image *tape, const uint8_t *bytes, uint32_t length);
enum tape_result tape_image_write_mark(struct tape_image *tape);
/* Erases all from here on.  False with errno set. */
bool tape_image_erase(struct tape_image *tape);

#endif
