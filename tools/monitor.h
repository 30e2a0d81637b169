/* What CP's MONITOR has written (cp/monitor/record.h), taken apart: printed record by record, and
 * summed up by user and reason. */
#ifndef TOOLS_MONITOR_H
#define TOOLS_MONITOR_H

#include "cp/monitor/record.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* One record in hand; `data` has `length` bytes. */
struct record {
    unsigned class, code;
    uint64_t tod; /* as the field of the header has it */
    const uint8_t *data;
    size_t length;
};

#define MONITOR_ROWS 64

/* What one name stands for: a reason, or a kind of privileged operation. */
struct exit_count {
    char name[9];
    uint64_t times, time;
};

struct user {
    struct user *next;
    char userid[9];
    uint64_t virtual_time, bare_time;
    unsigned reasons, kinds;
    struct exit_count row[MONITOR_ROWS];
    /* The last record's values, or what there was before the stream began. */
    uint64_t last_virtual, last_bare;
    struct exit_count last[MONITOR_ROWS];
    unsigned last_rows;
};

struct stream {
    FILE *out;
    bool show_records;
    bool started;
    uint64_t base; /* the whole clock, of which the headers have a part */
    uint64_t first_tod, last_tod;
    bool first_sample_over;
    unsigned performs;
    struct monitor_perform first_perform, last_perform;
    uint64_t records[MONITOR_CLASSES], lost;
    struct user *users;
};

/* Of tools/monitor_print.c: a kind of record, by class and code, with how much data it has at
 * least. */
struct record_kind {
    uint8_t class, code;
    uint16_t least; /* bytes of data */
    const char *name;
    void (*print)(FILE *out, const struct record *r);
};
/* NULL: unknown, or the record is too short for what it says it is. */
const struct record_kind *record_kind(const struct record *r);
const char *record_class_name(unsigned class);
/* A field of text as a string of size+1 bytes, what cannot be shown as points.  Returns `to`. */
const char *record_text(char *to, const void *field, size_t size);
/* How many rows a record of USER's exits has room for; the first *reasons of them are reasons. */
unsigned record_exit_rows(const struct record *r, unsigned *reasons);
double record_ms(uint64_t tod);

/* The records of a block of at most `length` bytes, printed to s->out if that is wanted.  False: it
 * is no such block; what came before the damage has been taken. */
bool stream_block(struct stream *s, const uint8_t *block, size_t length);
/* Blocks in cards, one after the other. */
bool stream_cards(struct stream *s, const uint8_t *bytes, size_t length);
void stream_summary(const struct stream *s);
void stream_free(struct stream *s);

#endif
