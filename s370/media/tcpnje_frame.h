/* The framing of NJE over TCP (TCPNJE, BITNET's VMNET): control records that open a link, and
 * blocks of records.  A block has a head of 8 bytes (TTB: flags, unused, length with all heads,
 * unused), each record one of 4 (TTR: flags, unused, length); a TTR of length zero ends the block.
 * Source: BITNET BRFC 0002.  Names are EBCDIC on the line and host text here. */
#ifndef S370_MEDIA_TCPNJE_FRAME_H
#define S370_MEDIA_TCPNJE_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TCPNJE_CONTROL     33u
#define TCPNJE_BLOCK_MAX   65535u
#define TCPNJE_RECORD_MAX  32768u
#define TCPNJE_BLOCK_HEADS 16u /* bytes that a block of one record adds to it */

enum tcpnje_type { TCPNJE_OPEN, TCPNJE_ACK, TCPNJE_NAK, TCPNJE_TYPES };

enum tcpnje_reason {
    TCPNJE_NO_LINK = 1,   /* no such link here */
    TCPNJE_ACTIVE = 2,    /* it is connected already */
    TCPNJE_BOTH_OPEN = 3, /* this side has just opened it, too */
};

struct tcpnje_control {
    enum tcpnje_type type;
    char sender[9], target[9];               /* node names */
    uint32_t sender_address, target_address; /* IPv4, 0: not known */
    uint8_t reason;
};

void tcpnje_control_put(uint8_t *to, const struct tcpnje_control *c);
bool tcpnje_control_get(struct tcpnje_control *c, const uint8_t *from);

/* A block of one record; `to` needs length + TCPNJE_BLOCK_HEADS bytes. Returns its length. */
size_t tcpnje_block_put(uint8_t *to, const void *record, size_t length);

/* A block that has come in: how many bytes it has, as far as its head says.  0: the head is not
 * complete; -1: it is none. */
int32_t tcpnje_block_length(const uint8_t *from, size_t length);
/* The record at *at (8 for the first one) of a complete block; *at moves behind it.  1: there is
 * one; 0: there are no more; -1: the block is damaged. */
int tcpnje_block_next(const uint8_t *block, size_t length, size_t *at, const uint8_t **record,
                      size_t *record_length);

#endif
