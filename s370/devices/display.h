/* A display: what stands between a local 3270 (s370/devices/dev_3270.c) and whoever sits at
 * it: a TN3270 client or a script.  The device owns the display; a backend attaches itself
 * to it.  What passes are whole records of the 3270 data stream (GA23-0059):
 *
 * - outbound: the command in its stream form (enum display_code), then what belongs to it
 *   (WCC and orders; structured fields; nothing behind a read command);
 * - inbound: the AID, the cursor address, and the data, as the terminal sends them.
 *
 * A backend that gets ready gives unsolicited device end; one that drops gives attention with
 * unit check (intervention required).  A record that the terminal sends by itself gives
 * attention and is kept for the next READ MODIFIED; a newer one takes its place. */
#ifndef S370_DEVICES_DISPLAY_H
#define S370_DEVICES_DISPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct display;
struct machine;

#define DISPLAY_RECORD_MOST 65536u /* longest record in either direction, bytes */

enum display_code {
    DISPLAY_WRITE = 0xf1,
    DISPLAY_ERASE_WRITE = 0xf5,
    DISPLAY_ERASE_WRITE_ALTERNATE = 0x7e,
    DISPLAY_ERASE_ALL_UNPROTECTED = 0x6f,
    DISPLAY_WRITE_STRUCTURED = 0xf3,
    DISPLAY_READ_BUFFER = 0xf2,
    DISPLAY_READ_MODIFIED = 0xf6,
};

/* Attention identifiers that the device or the server must know. */
#define AID_NONE       0x60
#define AID_STRUCTURED 0x88
#define AID_PA1        0x6c
#define AID_CLEAR      0x6d

#define SENSE_OPERATION_CHECK 0x01

/* What sits there.  Default size: 24 by 80. */
struct display_terminal {
    unsigned rows, columns; /* alternate size; 0: not known (asked by Query) */
    bool extended;          /* takes structured fields and extended attributes */
};

struct display_backend {
    /* Takes a record.  False: it was taken, but the terminal is slow: the device waits for
     * display_drained before it ends the command. */
    bool (*send)(void *context, const uint8_t *record, size_t length);
    /* The machine wants the connection closed (device detached, machine ends). */
    void (*hang_up)(void *context);
};

/* Attaches; false if somebody is there already.  The device gets ready by display_ready only:
 * until then the display is reserved. */
bool display_connect(struct display *display, const struct display_terminal *terminal,
                     const struct display_backend *backend, void *context);
void display_ready(struct display *display);
void display_disconnect(struct display *display);
bool display_is_connected(const struct display *display);
/* What sits there, or sat there last. */
const struct display_terminal *display_terminal_of(const struct display *display);

/* The terminal has sent a record: an attention, or the answer to a read.  Records that are
 * empty or too long are ignored. */
void display_input(struct display *display, const uint8_t *record, size_t length);
/* The terminal can't do what a record said (a negative response), for this reason. */
void display_error(struct display *display, uint8_t sense);
/* The terminal has taken what it was behind with. */
void display_drained(struct display *display);

/* The display of a 3270 device by address, or NULL if it is none. */
struct display *display_of_device(struct machine *m, unsigned address);
/* True if the machine has a 3270. */
bool display_any(struct machine *m);

enum display_found { DISPLAY_FOUND, DISPLAY_IN_USE, DISPLAY_UNKNOWN };
/* A free display for a terminal that asks for `name`: an address in hexadecimal, or a group;
 * NULL or "": any that belongs to no group. */
enum display_found display_find(struct machine *m, const char *name, struct display **found);
uint16_t display_address(const struct display *display);

/* Lets `tap` see all records that the device sends, until `context` is taken off again; the same
 * context once only.  At most DISPLAY_TAPS at a time. */
#define DISPLAY_TAPS 4
bool display_tap(struct display *display,
                 void (*tap)(void *context, const uint8_t *record, size_t length), void *context);
void display_untap(struct display *display, const void *context);
/* Every key's record that comes from the terminal, for who records sessions. */
void display_watch_input(struct display *display,
                         void (*watch)(void *context, const uint8_t *record, size_t length),
                         void *context);

#endif
