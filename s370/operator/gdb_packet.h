/* The frames of GDB's remote serial protocol: $PAYLOAD#SS, with a checksum SS; + and - that
 * acknowledge them; and the byte 03, Ctrl-C.  Nothing here knows of a machine.  Source: the
 * manual "Debugging with GDB", appendix "GDB Remote Serial Protocol", section "Overview". */
#ifndef S370_OPERATOR_GDB_PACKET_H
#define S370_OPERATOR_GDB_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GDB_PACKET_MOST 8192u /* longest payload in either direction, bytes */
#define GDB_FRAME_MOST  (2 * GDB_PACKET_MOST + 4)

enum gdb_event {
    GDB_NOTHING,    /* the byte was part of something, or noise between frames */
    GDB_PACKET,     /* a whole packet: reader->payload, reader->length */
    GDB_BAD_PACKET, /* its checksum is wrong, or it is too long */
    GDB_BREAK,      /* Ctrl-C */
    GDB_ACK,        /* + */
    GDB_NAK,        /* -: send the last frame again */
};

/* All zeros at first. */
struct gdb_reader {
    enum { GDB_OUTSIDE, GDB_INSIDE, GDB_ESCAPED, GDB_SUM_FIRST, GDB_SUM_SECOND } state;
    bool too_long;
    uint8_t sum, given_sum;
    size_t length;                     /* of the payload so far */
    char payload[GDB_PACKET_MOST + 1]; /* escapes undone; a zero follows when it is whole */
};

enum gdb_event gdb_reader_byte(struct gdb_reader *r, uint8_t byte);

/* Makes a frame of a payload of at most GDB_PACKET_MOST bytes; `frame` has GDB_FRAME_MOST.
 * Returns the frame's length. */
size_t gdb_frame(char *frame, const char *payload, size_t length);

/* Numbers in payloads: moves *at behind the hexadecimal digits.  False if there are none, or
 * more than fit. */
bool gdb_number(const char **at, uint32_t *value);
/* Two digits a byte; false if the text has not exactly `length` bytes more. */
bool gdb_bytes(const char *text, uint8_t *bytes, size_t length);
/* Appends two digits for each byte and a zero; returns behind the digits. */
char *gdb_hex(char *text, const void *bytes, size_t length);

#endif
