/* Blocks of the NJE multi-leaving protocol, as they go over a binary-synchronous line or a
 * channel-to-channel adapter: DLE STX, the block control byte, the function control sequence,
 * records, each with its string compressed, and a zero.  Also the enquiry and the answers that are
 * no data.  Source: "Network Job Entry Formats and Protocols", GG22-9373
 * (SA32-0988 since); GA27-3004 (BSC).
 *
 * All of it is bytes; nothing here waits, and nothing is allocated. */
#ifndef SPOOL_NJE_BLOCK_H
#define SPOOL_NJE_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NJE_BLOCK_MAX  8192u /* longest block */
#define NJE_BLOCK_MIN  300u  /* a partner's buffer must hold a header's record */
#define NJE_RECORD_MAX 256u  /* longest string before compression */

/* Record control bytes.  Those of streams have the stream's number, 1 to 7, in bits 1 to 3. */
enum nje_rcb {
    NJE_RCB_END = 0x00, /* of the block */
    NJE_RCB_REQUEST = 0x90,
    NJE_RCB_PERMIT = 0xa0,
    NJE_RCB_CANCEL = 0xb0, /* no permission, or the receiver gives up */
    NJE_RCB_COMPLETE = 0xc0,
    NJE_RCB_READY = 0xd0,
    NJE_RCB_BCB_ERROR = 0xe0,
    NJE_RCB_CONTROL = 0xf0, /* spool/nje/signon.h */
    NJE_RCB_NMR = 0x9a,
    NJE_RCB_SYSIN = 0x98,
    NJE_RCB_SYSOUT = 0x99,
};
#define NJE_STREAMS 7

/* String control of records on streams: the SRCB. */
enum nje_srcb {
    NJE_SRCB_PLAIN = 0x80,   /* no carriage control */
    NJE_SRCB_MACHINE = 0x90, /* the first byte is a machine's */
    NJE_SRCB_ASA = 0xa0,
    NJE_SRCB_CPDS = 0xb0,
    NJE_SRCB_JOB_HEADER = 0xc0,
    NJE_SRCB_JOB_TRAILER = 0xd0,
    NJE_SRCB_DATA_SET = 0xe0,
};
/* A data record of more than 255 bytes comes in segments. */
enum nje_spanned {
    NJE_SPANNED = 0x0c, /* the bits; 0: it is whole */
    NJE_SPANNED_FIRST = 0x08,
    NJE_SPANNED_MIDDLE = 0x04,
    NJE_SPANNED_LAST = 0x0c,
};

/* Block control bytes, over the sequence number 0 to 15. */
enum nje_bcb {
    NJE_BCB_COUNTED = 0x80,
    NJE_BCB_IGNORE = 0x90, /* do not look at the sequence */
    NJE_BCB_RESET = 0xa0,  /* the next block has this number */
};

/* Function control: wait a bit, and the streams that may send. */
#define NJE_FCS_OPEN    0x8fcfu
#define NJE_FCS_WAIT    0x4000u
#define NJE_FCS_CONSOLE 0x0040u

/* The RCB of stream `number` (1 to 7), from NJE_RCB_SYSIN or NJE_RCB_SYSOUT; and back: 0 if it is
 * no stream's. */
uint8_t nje_stream_rcb(enum nje_rcb kind, unsigned number);
unsigned nje_stream_number(uint8_t rcb, bool *sysin);
/* May records of this RCB be sent to a partner whose last block had this function control? */
bool nje_fcs_permits(unsigned fcs, uint8_t rcb);

/* Compresses a string; returns the number of bytes, its end (a zero) with it, or 0 if `size` is too
 * small. */
size_t nje_compress(uint8_t *to, size_t size, const void *from, size_t length);
/* *used: bytes of `from` that it took.  False if it is no string, or too long for `to`. */
bool nje_decompress(uint8_t *to, size_t size, size_t *length, bool *aborted, const uint8_t *from,
                    size_t from_length, size_t *used);

/* --- making a block --- */

struct nje_writer {
    uint8_t *to;
    size_t size, used;
    bool empty; /* no record is in it */
};

void nje_write_start(struct nje_writer *w, uint8_t *to, size_t size);
/* Adds a record, its string compressed.  False, and nothing is added, if it does not fit. */
bool nje_write_record(struct nje_writer *w, uint8_t rcb, uint8_t srcb, const void *data,
                      size_t length);
/* Adds bytes as they are: control records (spool/nje/signon.h). */
bool nje_write_plain(struct nje_writer *w, const void *bytes, size_t length);
/* Ends it; returns its length. */
size_t nje_write_end(struct nje_writer *w, uint8_t bcb, unsigned fcs);

/* The blocks without data.  To needs 3 bytes; returns 3 or 2. */
size_t nje_put_enquiry(uint8_t *to); /* SOH ENQ */
size_t nje_put_ack(uint8_t *to);     /* DLE ACK0 */
size_t nje_put_nak(uint8_t *to);

/* --- taking one apart --- */

enum nje_block {
    NJE_BLOCK_BAD,
    NJE_BLOCK_ENQUIRY,
    NJE_BLOCK_ACK,
    NJE_BLOCK_NAK,
    NJE_BLOCK_DATA,
};

struct nje_reader {
    const uint8_t *from;
    size_t length, at;
    uint8_t bcb;
    uint16_t fcs;
};

struct nje_record {
    uint8_t rcb, srcb;
    bool aborted; /* the sender gives up this stream's file */
    uint16_t length;
    uint8_t data[NJE_RECORD_MAX];
};

enum nje_record_result { NJE_RECORD, NJE_RECORDS_END, NJE_RECORD_BAD };

enum nje_block nje_read_start(struct nje_reader *r, const void *block, size_t length);
/* The next record.  Control records (NJE_RCB_CONTROL) come whole, with RCB, SRCB and length. */
enum nje_record_result nje_read_record(struct nje_reader *r, struct nje_record *record);

#endif
