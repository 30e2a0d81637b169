/* What the machine's panel shows at a moment, and how it travels: between the running machine
 * (consoles/panel_server.c) and the panels (consoles/panel/) over a local socket.
 *
 * The link.  Each message is a byte that says what it is, its length in three bytes, and as
 * many bytes of content.  From the machine: PANEL_FRAME (an encoded struct panel_frame, about
 * thirty times a second), PANEL_TEXT (a line the machine told its operator), PANEL_SCREEN (the
 * screen of the 3270 that was written last) and PANEL_CARDS (the first card reader), each when it
 * has changed.  From the
 * panel: PANEL_COMMAND (an operator command) and PANEL_VIEW (this panel only looks on: from
 * then on its commands are refused).  All numbers are big-endian. */
#ifndef CONSOLES_PANEL_FRAME_H
#define CONSOLES_PANEL_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PANEL_CHANNELS 16
#define PANEL_MESSAGE  8192 /* longest content of a message, bytes */
#define PANEL_HEADER   4

/* Name of the socket in the data directory. */
#define PANEL_SOCKET "panel.sock"

enum panel_message {
    PANEL_FRAME = 'F',
    PANEL_TEXT = 'T',
    PANEL_SCREEN = 'S',
    PANEL_CARDS = 'K',
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

/* A 3270's screen.  Cells: ISO 8859-1 and how they look. */
#define PANEL_CELLS 3564 /* of a model 5, the largest that is shown */
enum panel_look { LOOK_NORMAL, LOOK_BRIGHT, LOOK_REVERSE };
struct panel_screen {
    uint16_t device;
    uint8_t rows, columns;
    uint16_t cursor;
    bool connected; /* somebody sits there */
    uint8_t text[PANEL_CELLS], looks[PANEL_CELLS];
};
#define PANEL_SCREEN_SIZE (7 + 2 * PANEL_CELLS)
/* Returns the length. */
size_t panel_screen_encode(const struct panel_screen *screen, uint8_t bytes[PANEL_SCREEN_SIZE]);
bool panel_screen_decode(struct panel_screen *screen, const uint8_t *bytes, size_t length);

/* A card reader: how many cards lie where, and the holes of the last one that was read. */
#define PANEL_COLUMNS 80
struct panel_cards {
    uint16_t device;
    bool ready;
    uint32_t hopper, stacker;
    uint16_t holes[PANEL_COLUMNS];
    uint8_t text[PANEL_COLUMNS]; /* ISO 8859-1 */
};
#define PANEL_CARDS_SIZE (11 + 3 * PANEL_COLUMNS)
void panel_cards_encode(const struct panel_cards *cards, uint8_t bytes[PANEL_CARDS_SIZE]);
bool panel_cards_decode(struct panel_cards *cards, const uint8_t *bytes, size_t length);

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
