/* Changing a source file by an update file, whose control statements name records by the sequence
 * numbers in columns 73 to 80.  Portable.  Source: CMS Command and Macro Reference (GC20-1818),
 * "UPDATE".
 *
 *     ./ S [start [step [label]]]             number all records anew; alone in its file
 *     ./ I seqno [$ [start [step]]]           insert the records that follow behind seqno
 *     ./ D seqno1 [seqno2] [$]                delete
 *     ./ R seqno1 [seqno2] [$ [start [step]]] replace by the records that follow
 *     ./ * comment
 *
 * With $ the new records are numbered. */
#ifndef CMS_UPDATE_UPDATE_H
#define CMS_UPDATE_UPDATE_H

#include <stdbool.h>
#include <stdint.h>

#define UPDATE_CARD 80

struct update_host {
    void *context;
    /* The next record of the source, of the update file; false: no more. */
    bool (*source)(void *context, char card[UPDATE_CARD]);
    bool (*change)(void *context, char card[UPDATE_CARD]);
    bool (*write)(void *context, const char card[UPDATE_CARD]); /* false: it cannot */
    /* A control statement as it was; a warning, without module and number. */
    void (*log)(void *context, const char *text);
    void (*warn)(void *context, int number, const char *text);
};

enum update_severity {
    UPDATE_GOOD = 0,
    UPDATE_INPUT_ORDER = 4,  /* the source's numbers do not ascend */
    UPDATE_OUTPUT_ORDER = 8, /* the output's do not any more */
    UPDATE_WRONG = 12,       /* a statement could not be carried out */
    UPDATE_NOT_WRITTEN = 100,
};

struct update {
    const struct update_host *host;
    bool eight;     /* numbers of eight digits; else five, behind three characters of a label */
    bool asterisks; /* new records that are not numbered get asterisks there */
    /* private */
    char card[UPDATE_CARD], statement[UPDATE_CARD + 1], next[UPDATE_CARD];
    bool has_card, has_next;
    uint32_t last_in, last_out;
    int severity;
};

/* The highest severity that came up. */
int update_run(struct update *u, const struct update_host *host, bool eight, bool asterisks);

#endif
