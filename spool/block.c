/* Data blocks of spool files: building, sealing, reading, checking. */
#include "spool/block.h"

#include "lib/str.h"

#define RECORD_HEADER 4u /* length (2), command, flags */
#define ROOM          (SPOOL_PAGE - sizeof(struct spool_block))
#define EBCDIC_BLANK  0x40

uint32_t spool_checksum(const void *page)
{
    const uint8_t *p = page;
    uint32_t sum = 0;
    for (uint32_t i = 0; i < SPOOL_PAGE; i += 4)
        sum = (sum << 1 | sum >> 31) + (i == 4 ? 0 : load_be32(p + i));
    return sum;
}

void spool_block_start(void *page, const struct spool_place *place)
{
    struct spool_block *b = page;
    memset(page, 0, SPOOL_PAGE);
    put32(&b->magic, SPOOL_BLOCK_MAGIC);
    put32(&b->next, SPOOL_NO_SLOT);
    put32(&b->previous, place->previous);
    put64(&b->stamp, place->stamp);
    put32(&b->sequence, place->sequence);
    put16(&b->id, place->id);
}

bool spool_block_add(void *page, const struct spool_record *record)
{
    struct spool_block *b = page;
    uint32_t used = get16(b->used);
    uint32_t length = record->length;
    if (!(record->flags & SPOOL_BINARY))
        while (length && record->data[length - 1] == EBCDIC_BLANK)
            length--;
    if (length > SPOOL_RECORD_MAX)
        length = SPOOL_RECORD_MAX;
    if (used + RECORD_HEADER + length > ROOM)
        return false;
    uint8_t *at = (uint8_t *)page + sizeof *b + used;
    store_be16(at, length);
    at[2] = record->command;
    at[3] = record->flags;
    memcpy(at + RECORD_HEADER, record->data, length);
    put16(&b->used, used + RECORD_HEADER + length);
    put32(&b->records, get32(b->records) + 1);
    return true;
}

void spool_block_seal(void *page, uint32_t next)
{
    struct spool_block *b = page;
    put32(&b->next, next);
    put32(&b->checksum, spool_checksum(page));
}

bool spool_block_next(const void *page, uint32_t *offset, struct spool_record *record)
{
    const struct spool_block *b = page;
    uint32_t used = get16(b->used);
    if (used > ROOM)
        used = ROOM;
    if (*offset + RECORD_HEADER > used)
        return false;
    const uint8_t *at = (const uint8_t *)page + sizeof *b + *offset;
    uint32_t length = load_be16(at);
    if (length > SPOOL_RECORD_MAX || *offset + RECORD_HEADER + length > used)
        return false;
    record->length = (uint16_t)length;
    record->command = at[2];
    record->flags = at[3];
    record->data = at + RECORD_HEADER;
    *offset += RECORD_HEADER + length;
    return true;
}

const char *spool_block_check(const void *page, const struct spool_place *place)
{
    const struct spool_block *b = page;
    struct spool_record record;
    uint32_t offset = 0, count = 0;
    if (get32(b->magic) != SPOOL_BLOCK_MAGIC)
        return "IS NOT A SPOOL BLOCK";
    if (get32(b->checksum) != spool_checksum(page))
        return "HAS A WRONG CHECKSUM";
    if (get16(b->id) != place->id || get64(b->stamp) != place->stamp)
        return "BELONGS TO ANOTHER FILE";
    if (get32(b->sequence) != place->sequence || get32(b->previous) != place->previous)
        return "IS NOT THE NEXT BLOCK";
    while (spool_block_next(page, &offset, &record))
        count++;
    if (offset != get16(b->used) || count != get32(b->records))
        return "HAS DAMAGED RECORDS";
    return NULL;
}
