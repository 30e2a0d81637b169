/* Real unit record devices as the spool's: each has a task that prints or punches the files
 * of its classes, or reads decks into files.  The operator's commands set fields here
 * and wake the task. */
#ifndef CP_SPOOL_UNIT_H
#define CP_SPOOL_UNIT_H

#include "cp/rio.h"
#include "spool/writer.h"

#include <stdbool.h>
#include <stdint.h>

#define UNIT_CLASSES 4   /* classes a printer or punch can be started with */
#define UNIT_BATCH   24u /* lines or cards in one channel program */
#define UNIT_WIDTH   160u

/* One page: the channel program and its data. */
struct unit_buffer {
    struct ccw ccw[UNIT_BATCH];
    uint8_t data[UNIT_BATCH][UNIT_WIDTH];
};
_Static_assert(sizeof(struct unit_buffer) <= 4096, "a page");

/* What the operator wants with the file at hand. */
enum unit_request {
    REQUEST_NONE,
    REQUEST_FLUSH,      /* end this copy */
    REQUEST_FLUSH_ALL,  /* end all copies */
    REQUEST_FLUSH_HOLD, /* end, keep the file in system hold */
    REQUEST_RESTART,    /* BACKSPAC raddr FILE */
    REQUEST_BACKSPACE,  /* BACKSPAC raddr pages */
};

struct unit {
    struct list link; /* cp.spool->units */
    struct rdev *rdev;
    uint8_t kind; /* enum spool_kind: reader, printer, punch */
    char classes[UNIT_CLASSES + 1];
    bool separator;
    bool manual;     /* START ... MANUAL: drain after each file */
    bool drained;    /* does nothing until START */
    bool draining;   /* drained after the file at hand */
    bool waiting;    /* for the operator: intervention required */
    bool single;     /* SPACE: single space whatever the file says */
    uint8_t request; /* enum unit_request */
    uint8_t pages;   /* of REQUEST_BACKSPACE */
    struct unit_buffer *buffer;
    unsigned used;              /* lines in the buffer */
    bool more_cards;            /* reader: made ready, or not known to be empty */
    struct spool_reader reader; /* printer, punch: the file at hand */
    struct spool_writer writer; /* reader */
    struct ioreq io;
};

/* Makes units of all unit record devices that nobody owns, starts them and says so. */
void units_start(bool drained);
struct unit *unit_find(uint16_t address);
void unit_wake(struct unit *u);
/* "PRT 00E" */
#define UNIT_NAME 12
void unit_name(const struct unit *u, char *to);
/* Sleeps until the unit is woken, 20 seconds at most. */
void unit_sleep(struct unit *u);
/* Intervention is required: tells the operator once, and sleeps as above. */
void unit_intervention(struct unit *u, const char *why);
/* It does not work: tells the operator why, and drains it. */
void unit_broken(struct unit *u, const char *why);

/* Puts one line or card into the buffer, or runs what is there.  False if the unit broke. */
bool unit_put(struct unit *u, uint8_t command, const void *data, unsigned length);
bool unit_run(struct unit *u);

/* The next file for a printer or punch, or NULL. */
struct spool_file *unit_select(struct unit *u);
/* Processes the file: `copy_out` puts out one copy; true if it was put out or flushed, false if
 * the unit broke. */
void unit_process(struct unit *u, struct spool_file *f,
                  bool (*copy_out)(struct unit *u, unsigned copy));

/* The bodies of the tasks. */
void real_printer_main(void *unit);
void real_punch_main(void *unit);
void real_reader_main(void *unit);

#endif
