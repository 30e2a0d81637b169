/* Count-key-data disk images in the format of Hercules ("CKD_P370"): a header of 512
 * bytes, then every track in order of cylinder and head, each of the same length.
 *
 * A track in the image is its home address (5 bytes: flag, CC, HH), record zero, the other
 * records (8 bytes of count, key, data), an end mark of eight X'FF', and zeros.  All
 * numbers in tracks are big-endian, those in the header little-endian.  The formulas of
 * track capacity are those of GX20-1920 (reference summary "3330, 3340, 3350") and of the
 * devices' component descriptions.
 *
 * A plain image can be several files, NAME_1, NAME_2 and so on (ckd_parts.h); the first is named.
 *
 * Cylinders, heads and offsets count from 0; lengths are in bytes. */
#ifndef S370_MEDIA_CKD_IMAGE_H
#define S370_MEDIA_CKD_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ckd_geometry {
    const char *name;      /* "3350" */
    uint8_t image_type;    /* byte 16 of the image's header */
    uint16_t cylinders;    /* for data; an image may have any number */
    uint16_t alternates;   /* cylinders of alternate tracks, behind the others */
    uint16_t heads;        /* tracks of a cylinder */
    uint16_t track_length; /* for the capacity formula */
    uint16_t record_max;   /* longest data of the only record of a track, without key */
    uint32_t image_track;  /* bytes of a track in the image */
    uint16_t overhead;     /* of each record (but the last one on a 2314) */
    uint16_t key_overhead; /* more, if it has a key */
    uint16_t tolerance;    /* of bytes not in the last record, in 2048ths; 2048 = none */
    uint16_t rounding;     /* data and key with their overheads are rounded up to this */
    bool last_is_short;    /* the last record of a track takes no overhead: 2311, 2314 */
    uint8_t sectors;       /* rotational positions; 0: not sensed */
    uint16_t rotation_us;  /* microseconds per revolution */
};

/* The known device types, ending with a NULL name; NULL if `name` is none. */
extern const struct ckd_geometry ckd_geometries[];
const struct ckd_geometry *ckd_geometry_find(const char *name);
/* Of track_length, what such a record takes; as the last one of the track, if `last`. */
unsigned ckd_record_space(const struct ckd_geometry *g, unsigned key_length, unsigned data_length,
                          bool last);
/* How many records of this size fit on a track. */
unsigned ckd_records_per_track(const struct ckd_geometry *g, unsigned key_length,
                               unsigned data_length);

/* --- images --- */

struct cckd;
struct ckd_image;

enum ckd_open_flags {
    CKD_READ_ONLY = 1,     /* writes are refused */
    CKD_COPY_ON_WRITE = 2, /* writes go to memory; the file is opened for reading only */
    CKD_SHADOW = 4,        /* the file may be a shadow file: ckd_shadow.c */
};

/* Makes a new image at `path`, replacing nothing: `cylinders` cylinders (0: those for data
 * of the type), each track with home address and record zero only.  Returns NULL, or
 * `message` filled in with what is wrong. */
const char *ckd_image_create(const char *path, const struct ckd_geometry *g, unsigned cylinders,
                             char *message, size_t size);

/* The same; `compression` -1: a plain image, else a compressed one, whose tracks will be
 * compressed not at all (0), by zlib (1) or bzip2 (2). */
#define CKD_PLAIN (-1)
const char *ckd_image_create_as(const char *path, const struct ckd_geometry *g, unsigned cylinders,
                                int compression, char *message, size_t size);
#define CKD_SHADOW_FILE 0x100 /* or'ed to compression: an empty shadow file */

/* Opens an image.  An image open for writing is locked against others; one open for
 * reading, against writers.  NULL with `message` (naming the file) if that is not possible.
 * If the file may not be written, it is opened CKD_READ_ONLY.  Compressed images
 * ("CKD_C370") are the same to the caller. */
struct ckd_image *ckd_image_open(const char *path, unsigned flags, char *message, size_t size);
/* Opens an image below a chain of shadow files, as Hercules' sf=: in `shadows` the character before
 * the last dot of the name (or the last one) becomes 1, 2, ... 8.  Writes go to the last one that
 * exists, which is made if there is none; the image itself is not written. */
struct ckd_image *ckd_image_open_shadowed(const char *path, const char *shadows, unsigned flags,
                                          char *message, size_t size);
/* Tracks that `image`, a shadow file, does not have are those of `below`, which it owns now.  False
 * if the two have not the same tracks. */
bool ckd_image_set_below(struct ckd_image *image, struct ckd_image *below);
void ckd_image_close(struct ckd_image *image); /* NULL is allowed */

/* --- shadow files of an image that is open (ckd_shadow.c) --- */

/* Where an image and its shadow files are: what ckd_image_open_shadowed was given. */
struct ckd_shadowed {
    struct ckd_image
        *image;          /* the last one; NULL after a failure from which there is no way back */
    const char *shadows; /* the name, as above */
};

/* How many shadow files lie over the image itself. */
unsigned ckd_shadow_count(const struct ckd_image *image);
/* Makes a new shadow file, over all that there is, which is not written any more. */
bool ckd_shadow_add(struct ckd_shadowed *s, char *message, size_t size);
/* Removes the last shadow file; `merge`: what it has goes to the file below it before. */
bool ckd_shadow_remove(struct ckd_shadowed *s, bool merge, char *message, size_t size);
/* Writes the last file, a compressed one, anew: without free space, and compressed track by track.
 */
bool ckd_shadow_compress(struct ckd_shadowed *s, char *message, size_t size);

const struct ckd_geometry *ckd_image_geometry(const struct ckd_image *image);
unsigned ckd_image_cylinders(const struct ckd_image *image); /* all that the image has */
const char *ckd_image_path(const struct ckd_image *image);
unsigned ckd_image_files(const struct ckd_image *image);          /* of a plain image: 1, 2, ... */
struct ckd_image *ckd_image_below(const struct ckd_image *image); /* or NULL */
const struct cckd *ckd_image_compressed(const struct ckd_image *image); /* its form, or NULL */
bool ckd_image_writable(const struct ckd_image *image);

/* The track in memory, geometry's image_track bytes, valid until the next call for this
 * image.  NULL with errno set if the host cannot read it or it is not a track of this
 * address (EBADMSG). */
const uint8_t *ckd_image_track(struct ckd_image *image, unsigned cylinder, unsigned head);
/* Changes `length` bytes of a track at `offset` of it.  After a kill the file has the old or
 * the new bytes, never a mixture.  False with errno set (EROFS: opened for reading only;
 * ENOSPC ...): nothing has changed then. */
bool ckd_image_write(struct ckd_image *image, unsigned cylinder, unsigned head, uint32_t offset,
                     const void *bytes, uint32_t length);

/* False: a track that is not in this file but below it. */
bool ckd_image_has(const struct ckd_image *image, unsigned cylinder, unsigned head);
/* The length of such a track, with its end mark. */
uint32_t ckd_image_track_length(const struct ckd_image *image, const uint8_t *track);
/* Reads all tracks that are in this file; how many of them are damaged. */
uint32_t ckd_image_check(struct ckd_image *image);

/* For saved states.  A checksum of all tracks as they are in the file (and in those below it),
 * without what was copied on write. */
uint32_t ckd_image_checksum(struct ckd_image *image);
/* Was the track copied on write, and written? */
bool ckd_image_is_changed(const struct ckd_image *image, unsigned cylinder, unsigned head);
/* Forgets all that was: the tracks are those of the file again. */
void ckd_image_forget_changes(struct ckd_image *image);

/* --- what a track holds --- */

#define CKD_HOME_ADDRESS 5u    /* bytes of home address */
#define CKD_COUNT        8u    /* bytes of a count field */
#define CKD_OVERFLOW     0x80u /* in the first byte of a count: continued on the next track */

struct ckd_record {
    uint32_t offset; /* of the count field in the track */
    uint16_t cylinder, head;
    uint8_t record;
    uint8_t key_length;
    uint16_t data_length;
    bool overflow;       /* the record goes on on the next track */
    const uint8_t *key;  /* in the track */
    const uint8_t *data; /* in the track */
};

/* The record whose count field is at `offset`; false at the end mark, or where a record
 * would reach beyond `size` bytes of track.  Record zero is at CKD_HOME_ADDRESS. */
bool ckd_record_at(const uint8_t *track, uint32_t size, uint32_t offset, struct ckd_record *r);
/* The one behind `r`. */
bool ckd_record_next(const uint8_t *track, uint32_t size, struct ckd_record *r);
/* Record `number` of the track after record zero, or false. */
bool ckd_record_find(const uint8_t *track, uint32_t size, uint8_t number, struct ckd_record *r);

/* Builds a track in `track` (image_track bytes). */
struct ckd_builder {
    const struct ckd_geometry *geometry;
    uint8_t *track;
    uint32_t at;   /* where the next record goes */
    uint32_t used; /* of the capacity, by the records so far, none being the last */
    uint16_t cylinder, head;
};

void ckd_build(struct ckd_builder *b, const struct ckd_geometry *g, uint8_t *track,
               unsigned cylinder, unsigned head);
/* Continues a track that has records: the next one goes to `offset`, whatever was there. */
void ckd_build_after(struct ckd_builder *b, const struct ckd_geometry *g, uint8_t *track,
                     unsigned cylinder, unsigned head, uint32_t offset);
/* Adds a record; `key` or `data` NULL gives zeros.  False if the track is full. */
bool ckd_build_record(struct ckd_builder *b, uint8_t record, const void *key, unsigned key_length,
                      const void *data, unsigned data_length);
/* Writes the end mark and zeros; returns the length up to and with the end mark. */
uint32_t ckd_build_end(struct ckd_builder *b);

#endif
