/* Packed files, as COPYFILE PACK writes them: repeated characters are written once.  Portable, of a
 * form of our own: a stream of bytes, in fixed records of PACK_RECORD bytes, the last filled with
 * zeros.
 *
 * It begins with struct pack_header.  Then come the records, a V record behind a halfword with its
 * length; each is a row of groups until it is complete: a byte below X'80' is one less than the
 * number of bytes that follow as they are; from X'80' on, its low bits are two less than how often
 * the next byte is repeated. */
#ifndef CMS_COPY_PACK_H
#define CMS_COPY_PACK_H

#include "lib/be.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PACK_RECORD 1024
#define PACK_MAGIC  UINT32_C(0xd7c1c3d2) /* "PACK" in EBCDIC */

struct pack_header {
    be32 magic;
    uint8_t version; /* 1 */
    uint8_t recfm;   /* X'C6' or X'E5' */
    uint8_t zero[2];
    be32 lrecl;   /* F: of each record; V: of the longest */
    be32 records; /* how many */
};
LAYOUT(struct pack_header, 16);

bool pack_header_is_good(const struct pack_header *h);

/* Bytes go out, and come in, through the caller's functions; false from them ends it. */
struct pack_writer {
    void *context;
    bool (*put)(void *context, uint8_t byte);
};
bool pack_begin(const struct pack_writer *w, const struct pack_header *h);
bool pack_record(const struct pack_writer *w, const struct pack_header *h, const uint8_t *record,
                 uint32_t length);

struct pack_reader {
    void *context;
    bool (*get)(void *context, uint8_t *byte);
};
bool unpack_begin(const struct pack_reader *r, struct pack_header *h);
/* The next record, *length bytes of it, to `to` with room for lrecl bytes.  False: the stream ends
 * or contradicts itself. */
bool unpack_record(const struct pack_reader *r, const struct pack_header *h, uint8_t *to,
                   uint32_t *length);

#endif
