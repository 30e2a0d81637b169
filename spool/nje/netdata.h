/* NETDATA: files and their names as a stream of cards, what SENDFILE and TSO's TRANSMIT send.
 * Records are cut into segments of at most 253 bytes with a length and a flag byte each, and the
 * segments follow each other through the cards.  Control records INMR01 (header), INMR02 (the
 * file), INMR03 (its data), INMR06 (trailer), INMR07 (acknowledgement) hold text units: key, number
 * of values, each with its length.  Source: TSO/E Customization, SA32-0976, "Transmitted data
 * format".
 *
 * Names are text of the compilation's character set; data are bytes.  Dates are "YYYYMMDDhhmmss".
 */
#ifndef SPOOL_NJE_NETDATA_H
#define SPOOL_NJE_NETDATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NETDATA_CARD       80
#define NETDATA_RECORD_MAX 65535u
#define NETDATA_DATE       21 /* digits of a date, down to microseconds, and a zero */

struct netdata_file {
    /* Of the header. */
    char from_node[9], from_user[9], to_node[9], to_user[9];
    char sent[NETDATA_DATE];
    bool acknowledge; /* the sender wants to know */
    /* Of the file: its name's parts, joined by blanks ("PROFILE EXEC A") or points. */
    char name[9], type[9], mode[3];
    char recfm; /* 'F' or 'V' */
    uint32_t lrecl;
    uint32_t records; /* 0: not said */
    uint32_t bytes;
    char changed[NETDATA_DATE]; /* "": not said */
    bool is_note;
    /* Of an acknowledgement. */
    bool is_acknowledgement;
};

/* --- making cards --- */

struct netdata_writer {
    /* Takes a card of 80 bytes; false: it cannot. */
    bool (*card)(void *context, const uint8_t *card);
    void *context;
    uint8_t at[NETDATA_CARD];
    uint8_t used;
    bool failed;
};

/* Each gives false once a card could not be taken. */
bool netdata_begin(struct netdata_writer *w, const struct netdata_file *f); /* INMR01 to 03 */
bool netdata_record(struct netdata_writer *w, const void *record, size_t length);
bool netdata_end(struct netdata_writer *w); /* INMR06, and the last card filled up */
/* A whole acknowledgement of the file `f`: INMR07. */
bool netdata_acknowledge(struct netdata_writer *w, const struct netdata_file *f);

/* --- reading them --- */

enum netdata_event {
    NETDATA_MORE,  /* wants the next card */
    NETDATA_START, /* the file is known: `file` */
    NETDATA_DATA,  /* a record: `record`, `length` */
    NETDATA_END,   /* the trailer */
    NETDATA_BAD,   /* this is no NETDATA; `why` */
};

struct netdata_reader {
    struct netdata_file file;
    uint8_t *record; /* the caller's, of `size` bytes (NETDATA_RECORD_MAX are always enough) */
    size_t size, length;
    const char *why;
    bool header_seen, started, ended;
    /* The segment at hand. */
    bool control, in_record, has_length;
    uint8_t flags;
    uint8_t segment_left; /* bytes of its data to come */
    uint8_t head;
    const uint8_t *card;
    uint8_t at, card_length;
};

void netdata_open(struct netdata_reader *r, void *record, size_t size);
/* Gives it a card (at most 255 bytes, which must stay until NETDATA_MORE). */
void netdata_card(struct netdata_reader *r, const void *card, size_t length);
/* What comes next. */
enum netdata_event netdata_next(struct netdata_reader *r);

#endif
