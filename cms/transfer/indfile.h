/* The host's side of IND$FILE: a file goes between a program and the terminal's file system through
 * the 3270 data stream.  Two ways: DFT, by structured fields (Distributed Data Management, D0), for
 * terminals that tell of it in their answer to Query; and CUT, by characters on the screen.
 * Portable; the program brings the terminal and the file as functions.
 *
 * Source: s3270, whose side of both was observed; the structured field's frame is GA23-0059's.
 *
 * A transfer: indfile_ask (optional), indfile_start with DFT or CUT, then as many indfile_put or
 * indfile_get as there are data, then indfile_end with a message for the user; indfile_end alone
 * says why there was no transfer.  All give 0 or an error of enum indfile_error. */
#ifndef CMS_TRANSFER_INDFILE_H
#define CMS_TRANSFER_INDFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INDFILE_CELLS 1920u  /* CUT works on a screen of 24 by 80 */
#define INDFILE_FRAME 16384u /* longest record from or to the terminal, bytes */
#define INDFILE_DATA  2048u  /* of the data of one DFT record to the terminal */

enum indfile_error {
    INDFILE_OK,
    INDFILE_LOST,     /* the terminal has gone, or somebody else has its screen */
    INDFILE_CANCELED, /* by the user, or the terminal can't write its file */
    INDFILE_CONFUSED, /* it has said something that it can't say here */
};

/* How the program talks to the terminal. */
struct indfile_terminal {
    /* Writes structured fields; with `answer`: waits and reads what comes (AID and fields). */
    int (*structured)(void *context, const uint8_t *fields, size_t n, bool answer);
    /* Erases a screen of 24 by 80 and writes WCC and orders, waits for a key, and reads the whole
     * buffer (AID, cursor, cells with SF orders). */
    int (*screen)(void *context, const uint8_t *stream, size_t n);
    void *context;
    uint8_t *record; /* what was read: INDFILE_FRAME bytes of room */
    size_t length;
};

struct indfile {
    struct indfile_terminal *terminal;
    bool cut;       /* else DFT */
    bool started;   /* a transfer goes on */
    bool to_host;   /* the terminal sends */
    uint32_t count; /* records */
    size_t length;  /* of the data that wait in `data` */
    uint8_t data[INDFILE_DATA];
    uint8_t frame[INDFILE_DATA + 64];
};

/* Does the terminal know DFT?  *yes is false for one that does not answer. */
int indfile_ask(struct indfile_terminal *terminal, bool *yes);
int indfile_start(struct indfile *x, struct indfile_terminal *terminal, bool cut, bool to_host);
/* Sends data, any number of bytes. */
int indfile_put(struct indfile *x, const uint8_t *data, size_t n);
/* Gets some: *data is valid until the next call; *n is 0 at the end. */
int indfile_get(struct indfile *x, const uint8_t **data, size_t *n);
/* Ends it, with a message of the terminal's characters (EBCDIC; `good` if all went well). */
int indfile_end(struct indfile *x, struct indfile_terminal *terminal, bool cut, bool good,
                const uint8_t *message, size_t n);

/* Characters: the ASCII that travels, which programs of terminals know to be just this table. */
extern const uint8_t indfile_to_ascii[256], indfile_from_ascii[256];

/* --- the pieces, for tests and for the terminal's side --- */

/* CUT's six-bit digits, as EBCDIC; the value of one, or -1. */
uint8_t indfile_six(unsigned value);
int indfile_six_value(uint8_t digit);
/* Encodes as much of `data` as fits into `size` cells; *used bytes of it.  Returns the cells. */
size_t indfile_cut_encode(const uint8_t *data, size_t n, size_t *used, uint8_t *to, size_t size);
/* Decodes in place: the number of bytes, or -1: no such characters. */
int indfile_cut_decode(uint8_t *cells, size_t n);

#endif
