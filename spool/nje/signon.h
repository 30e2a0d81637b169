/* NJE control records, which go uncompressed: I and J begin a session, K and L start it anew, M and
 * N tell of connections elsewhere, B ends it.  Source: GG22-9373, "Network Connection Control
 * Records".  Names are text of the compilation's character set. */
#ifndef SPOOL_NJE_SIGNON_H
#define SPOOL_NJE_SIGNON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NJE_CONTROL_MAX 41u

/* The record's SRCB: the letter in EBCDIC. */
enum nje_control_kind {
    NJE_SIGNON = 0xc9,          /* I */
    NJE_SIGNON_RESPONSE = 0xd1, /* J */
    NJE_RESET = 0xd2,           /* K */
    NJE_RESET_RESPONSE = 0xd3,  /* L */
    NJE_CONNECTED = 0xd4,       /* M: two nodes have a connection */
    NJE_DISCONNECTED = 0xd5,    /* N: they have none any more */
    NJE_SIGNOFF = 0xc2,         /* B */
};

/* Which members are in a record depends on its kind; the others are zero. */
struct nje_control {
    uint8_t kind; /* enum nje_control_kind */
    char node[9]; /* I, J: the sender; M, N: one end */
    uint8_t qualifier;
    char other[9]; /* M, N: the other end */
    uint8_t other_qualifier;
    uint32_t event;       /* sequence number of the event */
    uint16_t resistance;  /* of the path */
    uint16_t buffer_size; /* the rest: I, J */
    char line_password[9], node_password[9];
    uint8_t flags;
    uint32_t features;
};

/* Returns the length, RCB with it; `to` needs NJE_CONTROL_MAX bytes. */
size_t nje_control_put(uint8_t *to, const struct nje_control *c);
/* `from` begins with the RCB.  False: no such record, or cut short. */
bool nje_control_get(struct nje_control *c, const uint8_t *from, size_t length);

#endif
