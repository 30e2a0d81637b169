/* The file of a saved state.
 *
 *     0  8  "DATBOXST"
 *     8  4  version: 3
 *    12  4  number of sections
 *    16     the sections: a name of 8 characters, length (8 bytes), length in the file (8 bytes),
 *           and its bytes, compressed by zlib
 *           4 bytes: CRC-32 of all before
 *
 * Numbers are big-endian.  A section is what the functions of s370/save.c put into it. */
#ifndef S370_SAVE_FILE_H
#define S370_SAVE_FILE_H

#include "s370/saved.h"

enum save_section {
    SAVE_CONFIGURATION,
    SAVE_MEDIA,
    SAVE_MACHINE,
    SAVE_STORAGE,
    SAVE_DEVICES,
    SAVE_SECTIONS,
};

/* The file's bytes, to be freed; NULL: no memory. */
uint8_t *save_pack(const struct saved *sections, size_t *length);
/* Makes sections to read from.  Returns NULL, or what is wrong with the file. */
const char *save_unpack(const uint8_t *image, size_t length, struct saved *sections);

/* The whole file, to be freed; NULL with a message that names it. */
uint8_t *save_read(const char *path, size_t *length, char *message, size_t size);
/* Writes beside it and renames.  False with such a message. */
bool save_write(const char *path, const uint8_t *image, size_t length, char *message, size_t size);

#endif
