/* What the machine's panel shows at a moment, and how it travels: between the running machine
 * (consoles/panel_server.c) and the panels (consoles/panel/) over a local socket.
 *
 * The link.  Each message is a byte that says what it is, its length in three bytes, and as
 * many bytes of content.  From the machine: PANEL_FRAME (an encoded struct panel_frame, about
 * thirty times a second) and PANEL_TEXT (a line the machine told its operator).  From the
 * panel: PANEL_COMMAND (an operator command) and PANEL_VIEW (this panel only looks on: from
 * then on its commands are refused).  All numbers are big-endian. */
#ifndef CONSOLES_PANEL_FRAME_H
#define CONSOLES_PANEL_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PANEL_CHANNELS 16
#define PANEL_MESSAGE  4096 /* longest content of a message, bytes */
#define PANEL_HEADER   4

/* Name of the socket in the data directory. */
#define PANEL_SOCKET "panel.sock"

enum panel_message {
    PANEL_FRAME = 'F',
    PANEL_TEXT = 'T',
    PANEL_COMMAND = 'C',
    PANEL_VIEW = 'V',
};

enum panel_lamp { LAMP_SYSTEM, LAMP_MANUAL, LAMP_WAIT, LAMP_TEST, LAMP_LOAD, LAMP_COUNT };

/* Brightness of each light, 0 to 255: the share of the samples since the last frame in which
 * it was lit.  Bytes only, so that it travels as it is; bit 0 is the leftmost. */
struct panel_lights {
    uint8_t psw[64];
    uint8_t address[24]; /* instruction address */
    uint8_t data[32];    /* the word there */
    uint8_t gr[16][32];
    uint8_t lamps[LAMP_COUNT];
    uint8_t channels[PANEL_CHANNELS]; /* a channel program is being executed */
};

struct panel_frame {
    uint64_t instructions; /* executed since power-on */
    uint64_t now;          /* machine time, ns since power-on */
    uint64_t psw;
    uint64_t fpr[4];
    uint32_t gr[16], cr[16];
    struct panel_lights lights;
};

#define PANEL_FRAME_SIZE (7 * 8 + 32 * 4 + sizeof(struct panel_lights))

void panel_frame_encode(const struct panel_frame *frame, uint8_t bytes[PANEL_FRAME_SIZE]);
/* False if the content is no frame. */
bool panel_frame_decode(struct panel_frame *frame, const uint8_t *bytes, size_t length);

/* Writes the header of a message of `length` bytes. */
void panel_header(uint8_t header[PANEL_HEADER], enum panel_message kind, size_t length);

/* Takes messages out of a stream of bytes that arrives in pieces.  Zero-initialize. */
struct panel_input {
    uint8_t bytes[PANEL_HEADER + PANEL_MESSAGE];
    size_t length;
};

typedef void panel_take(void *context, enum panel_message kind, const uint8_t *content,
                        size_t length);

/* Adds bytes, and hands every message that is complete to `take`.  False if a message is
 * longer than any can be: the stream is none of ours. */
bool panel_input_add(struct panel_input *input, const uint8_t *bytes, size_t length,
                     panel_take *take, void *context);

#endif
