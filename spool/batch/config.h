/* What BATCH CONFIG says of the batch machines: who they are, which classes of jobs they take, and
 * how much a job of a class may use.  Lines:
 *
 *     MACHINE userid [CLASSES abc] [STANDBY]
 *     CLASS c [TIME sec] [PRINT lines] [PUNCH cards]
 *
 * and comments, which begin with an asterisk.  Portable. */
#ifndef SPOOL_BATCH_CONFIG_H
#define SPOOL_BATCH_CONFIG_H

#include "spool/batch/job.h"

#define BATCH_MACHINES 32
#define BATCH_CLASSES  36 /* letters and digits */

struct batch_config_machine {
    char user[9];
    char classes[BATCH_CLASSES + 1]; /* "": all */
    bool standby;                    /* is not logged on when a job waits, only used */
};

/* All zero at first. */
struct batch_config {
    unsigned machine_count;
    struct batch_config_machine machines[BATCH_MACHINES];
    struct job_limits limits[BATCH_CLASSES];
};

/* Takes a line without trailing blanks.  NULL, or what is wrong with it. */
const char *batch_configure(struct batch_config *c, const char *line);
/* The number of this machine; -1: there is none. */
int batch_find_machine(const struct batch_config *c, const char *user);
bool batch_machine_takes_class(const struct batch_config_machine *m, char class);
/* What a job of this class may use; none of it is limited for a class that there is not. */
struct job_limits batch_class_limits(const struct batch_config *c, char class);

#endif
