/* What the two files of `datbox batch` share: jobs, and what became of them. */
#ifndef TOOLS_BATCH_H
#define TOOLS_BATCH_H

#include "spool/batch/job.h"

#include <stdbool.h>
#include <stddef.h>

struct batch_job {
    struct job job;
    const char *deck; /* its file, for messages */
    bool started, ended;
    int rc;
    char cpu[16]; /* virtual CPU time, seconds */
    unsigned lines, cards;
};

/* Divides what the printer and the punch made into the jobs' files DIR/NAME.listing and
 * DIR/NAME.punch (NAME.2.listing for the second job of that name), and counts lines and
 * cards.  False with a message if a file can't be read or written. */
bool batch_divide(struct batch_job *jobs, size_t count, const char *printer, const char *punch,
                  const char *directory);

#endif
