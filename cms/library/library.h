/* MACLIBs and TXTLIBs: files of 80-byte records with members and a directory.  The first record is
 * `struct library_header`; members' records follow, then the directory.  The header is that of
 * CMS's control block LIBSECT ("LIBPDS"); a directory entry has 16 bytes.  Everything is EBCDIC.
 * The writer is portable: CMS's commands and the host's tool make libraries with it. */
#ifndef CMS_LIBRARY_LIBRARY_H
#define CMS_LIBRARY_LIBRARY_H

#include "lib/be.h"

#include <stdbool.h>
#include <stdint.h>

#define LIBRARY_RECORD 80

struct library_header {
    uint8_t identifier[6]; /* LIBPDS */
    be16 reserved;
    be32 directory_size; /* bytes */
    be32 directory_item; /* record number, from 1 */
    uint8_t reserved2[64];
};
LAYOUT(struct library_header, LIBRARY_RECORD);

struct library_member {
    uint8_t name[8];
    be32 item, records; /* first record, and how many */
};
LAYOUT(struct library_member, 16);

enum library_error { LIBRARY_OK, LIBRARY_FULL, LIBRARY_WRITE, LIBRARY_NAME, LIBRARY_OPEN };

struct library_writer {
    void *context;
    /* Writes record `item`; records come in order, but the first one twice. */
    bool (*write)(void *context, uint32_t item, const uint8_t record[LIBRARY_RECORD]);
    struct library_member *members; /* room for `most` */
    uint32_t count, most, item;
    unsigned depth;  /* of macro definitions */
    bool wants_name; /* the next statement of a definition is its prototype */
};

enum library_error library_begin(struct library_writer *w);
enum library_error library_member_begin(struct library_writer *w, const uint8_t name[8]);
enum library_error library_record(struct library_writer *w, const uint8_t record[LIBRARY_RECORD]);
/* One more name for the member that is being written (a TXTLIB's entry points). */
enum library_error library_alias(struct library_writer *w, const uint8_t name[8]);
/* A card of a file of macro definitions: each becomes a member; what is outside is left out.
 * `text` is the card in the compilation's character set, `record` in EBCDIC. */
enum library_error library_macro_card(struct library_writer *w, const char text[LIBRARY_RECORD],
                                      const uint8_t record[LIBRARY_RECORD]);
/* A card of a COPY file, after library_member_begin; a `*COPY name` begins another member. */
enum library_error library_copy_card(struct library_writer *w, const char text[LIBRARY_RECORD],
                                     const uint8_t record[LIBRARY_RECORD]);
/* Directory and header.  LIBRARY_OPEN: a definition has no MEND. */
enum library_error library_end(struct library_writer *w);
/* True for a header whose directory lies within a file of `records`. */
bool library_header_is_good(const struct library_header *h, uint32_t records);

#endif
