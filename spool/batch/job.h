/* The cards of a batch job: what each one is, and the limits on a /SET card.  Portable, so that
 * Check tests it; used by the monitor (cmsbatch.c) and by `datbox batch`. */
#ifndef SPOOL_BATCH_JOB_H
#define SPOOL_BATCH_JOB_H

#include <stdbool.h>
#include <stdint.h>

/* Return codes of a job that used more time than it asked for, and of one with a command that
 * ended abnormally. */
#define JOB_OVER_TIME 107
#define JOB_CANCELLED 106
/* ... and of one that printed or punched more than it asked for. */
#define JOB_OVER_OUTPUT 109

struct job_limits {
    uint32_t seconds, lines, cards; /* 0: any number */
};

struct job {
    char userid[9], account[9], name[9];
    struct job_limits limits;
    int32_t rc;
    bool flushing; /* the rest of its cards is not executed */
};

enum job_card {
    CARD_JOB,
    CARD_SET,
    CARD_END,
    CARD_COMMAND,
    CARD_IGNORED, /* before a job, after a job's end, a comment, or being flushed */
};

/* `card` is a line without trailing blanks. */
enum job_card job_card(const struct job *job, bool in_job, const char *card);
/* Takes the /JOB card; missing operands become *NONE*, 0 and JOB. */
void job_begin(struct job *job, const char *card);
/* Takes a /SET card; false if an operand is wrong. */
bool job_set(struct job *job, const char *card);

/* Takes "[TIME sec] [PRINT lines] [PUNCH cards]"; false if a word is wrong. */
bool job_limits_set(struct job_limits *l, const char *words);
/* Lowers what is more than `most`. */
void job_limits_lower(struct job_limits *l, const struct job_limits *most);

#endif
