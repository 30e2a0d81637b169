/* Blocks of the NJE multi-leaving protocol. */
#include "spool/nje/block.h"

#include "lib/be.h"
#include "lib/str.h"

enum { SOH = 0x01, STX = 0x02, DLE = 0x10, ETB = 0x26, ENQ = 0x2d, NAK = 0x3d, ACK0 = 0x70 };
enum { PAD = 0xff, BLANK = 0x40 };

/* String control bytes; the count is in the bits that are zero here. */
enum { SCB_END = 0x00, SCB_ABORT = 0x40, SCB_BLANKS = 0x80, SCB_REPEAT = 0xa0, SCB_LITERAL = 0xc0 };
#define REPEAT_MOST  31u
#define LITERAL_MOST 63u

#define HEAD 5u /* DLE STX BCB FCS FCS */
#define TAIL 3u /* end of block, DLE ETB */

uint8_t nje_stream_rcb(enum nje_rcb kind, unsigned number)
{
    return (uint8_t)(kind + ((number - 1) << 4));
}

unsigned nje_stream_number(uint8_t rcb, bool *sysin)
{
    unsigned low = rcb & 0x0f, high = rcb >> 4;
    *sysin = low == (NJE_RCB_SYSIN & 0x0f);
    return (low == 8 || low == 9) && high >= 9 ? high - 8 : 0;
}

/* SYSIN's streams have the bits from one end, SYSOUT's from the other: eight serve all fourteen. */
bool nje_fcs_permits(unsigned fcs, uint8_t rcb)
{
    static const uint16_t bits[] = {0x0800, 0x0400, 0x0200, 0x0100, 0x0008, 0x0004, 0x0002, 0x0001};
    bool sysin;
    unsigned stream = nje_stream_number(rcb, &sysin), bit = 0;
    if (stream)
        bit = bits[sysin ? stream - 1 : 8 - stream];
    else if (rcb == NJE_RCB_NMR)
        bit = NJE_FCS_CONSOLE;
    return !(fcs & NJE_FCS_WAIT) && (fcs & bit) == bit;
}

/* --- strings --- */

/* How often the byte at `from` stands there, at most REPEAT_MOST times. */
static size_t run_length(const uint8_t *from, size_t length)
{
    size_t n = 1;
    while (n < length && n < REPEAT_MOST && from[n] == from[0])
        n++;
    return n;
}

/* Runs that are shorter than this cost more than they save. */
static size_t worth_a_run(uint8_t c)
{
    return c == BLANK ? 2 : 3;
}

static size_t literal_length(const uint8_t *from, size_t length)
{
    size_t n = 0;
    while (n < length && n < LITERAL_MOST &&
           run_length(from + n, length - n) < worth_a_run(from[n]))
        n++;
    return n;
}

size_t nje_compress(uint8_t *to, size_t size, const void *from_bytes, size_t length)
{
    const uint8_t *from = from_bytes;
    size_t used = 0;
    while (length) {
        size_t literal = literal_length(from, length), taken = literal;
        if (used + 2 + literal > size)
            return 0;
        if (literal) {
            to[used++] = (uint8_t)(SCB_LITERAL + literal);
            memcpy(to + used, from, literal);
            used += literal;
        } else {
            taken = run_length(from, length);
            to[used++] = (uint8_t)((*from == BLANK ? SCB_BLANKS : SCB_REPEAT) + taken);
            if (*from != BLANK)
                to[used++] = *from;
        }
        from += taken;
        length -= taken;
    }
    if (used >= size)
        return 0;
    to[used++] = SCB_END;
    return used;
}

/* One SCB with what belongs to it; the bytes that it stands for are added to `to`. */
static bool take_scb(uint8_t *to, size_t size, size_t *length, const uint8_t *from, size_t left,
                     size_t *used)
{
    uint8_t scb = *from;
    bool literal = scb >= SCB_LITERAL, repeat = !literal && scb >= SCB_REPEAT;
    size_t count = scb & (literal ? LITERAL_MOST : REPEAT_MOST);
    *used = 1 + (literal ? count : repeat);
    if (scb < SCB_BLANKS || *used > left || count > size - *length)
        return false;
    if (literal)
        memcpy(to + *length, from + 1, count);
    else
        memset(to + *length, repeat ? from[1] : BLANK, count);
    *length += count;
    return true;
}

bool nje_decompress(uint8_t *to, size_t size, size_t *length, bool *aborted, const uint8_t *from,
                    size_t from_length, size_t *used)
{
    size_t n;
    *length = *used = 0;
    *aborted = false;
    while (*used < from_length) {
        uint8_t scb = from[*used];
        if (scb == SCB_END || scb == SCB_ABORT) {
            *aborted = scb == SCB_ABORT;
            *used += 1;
            return true;
        }
        if (!take_scb(to, size, length, from + *used, from_length - *used, &n))
            return false;
        *used += n;
    }
    return false;
}

/* --- making a block --- */

void nje_write_start(struct nje_writer *w, uint8_t *to, size_t size)
{
    w->to = to;
    w->size = size - TAIL;
    w->used = HEAD;
    w->empty = true;
}

bool nje_write_record(struct nje_writer *w, uint8_t rcb, uint8_t srcb, const void *data,
                      size_t length)
{
    if (w->used + 3 > w->size)
        return false;
    size_t n = nje_compress(w->to + w->used + 2, w->size - w->used - 2, data, length);
    if (!n)
        return false;
    w->to[w->used] = rcb;
    w->to[w->used + 1] = srcb;
    w->used += 2 + n;
    w->empty = false;
    return true;
}

bool nje_write_plain(struct nje_writer *w, const void *bytes, size_t length)
{
    if (w->used + length > w->size)
        return false;
    memcpy(w->to + w->used, bytes, length);
    w->used += length;
    w->empty = false;
    return true;
}

size_t nje_write_end(struct nje_writer *w, uint8_t bcb, unsigned fcs)
{
    w->to[0] = DLE;
    w->to[1] = STX;
    w->to[2] = bcb;
    store_be16(w->to + 3, fcs);
    w->to[w->used++] = NJE_RCB_END;
    w->to[w->used++] = DLE;
    w->to[w->used++] = ETB;
    return w->used;
}

size_t nje_put_enquiry(uint8_t *to)
{
    to[0] = SOH;
    to[1] = ENQ;
    to[2] = PAD;
    return 3;
}

size_t nje_put_ack(uint8_t *to)
{
    to[0] = DLE;
    to[1] = ACK0;
    to[2] = PAD;
    return 3;
}

size_t nje_put_nak(uint8_t *to)
{
    to[0] = NAK;
    to[1] = PAD;
    return 2;
}

/* --- taking one apart --- */

enum nje_block nje_read_start(struct nje_reader *r, const void *block, size_t length)
{
    const uint8_t *b = block;
    r->from = b;
    r->length = length;
    r->at = HEAD;
    if (length >= HEAD && b[0] == DLE && b[1] == STX) {
        r->bcb = b[2];
        r->fcs = load_be16(b + 3);
        return NJE_BLOCK_DATA;
    }
    if (length >= 2 && b[0] == SOH && b[1] == ENQ)
        return NJE_BLOCK_ENQUIRY;
    if (length >= 2 && b[0] == DLE && b[1] == ACK0)
        return NJE_BLOCK_ACK;
    return length >= 1 && b[0] == NAK ? NJE_BLOCK_NAK : NJE_BLOCK_BAD;
}

/* RCB, SRCB, length of all three and what follows. */
static enum nje_record_result read_control(struct nje_reader *r, struct nje_record *record)
{
    const uint8_t *at = r->from + r->at;
    size_t left = r->length - r->at, length = left >= 3 ? at[2] : 2;
    if (record->srcb == 0xc2) /* B, signoff, has no length */
        length = 2;
    else if (length < 3 || length > left)
        return NJE_RECORD_BAD;
    memcpy(record->data, at, length);
    record->length = (uint16_t)length;
    r->at += length;
    return NJE_RECORD;
}

enum nje_record_result nje_read_record(struct nje_reader *r, struct nje_record *record)
{
    size_t length, used;
    if (r->at >= r->length || r->from[r->at] == NJE_RCB_END)
        return NJE_RECORDS_END;
    if (r->length - r->at < 2)
        return NJE_RECORD_BAD;
    record->rcb = r->from[r->at];
    record->srcb = r->from[r->at + 1];
    record->aborted = false;
    if (record->rcb == NJE_RCB_CONTROL)
        return read_control(r, record);
    if (!(record->rcb & 0x80) ||
        !nje_decompress(record->data, sizeof record->data, &length, &record->aborted,
                        r->from + r->at + 2, r->length - r->at - 2, &used))
        return NJE_RECORD_BAD;
    record->length = (uint16_t)length;
    r->at += 2 + used;
    return NJE_RECORD;
}
