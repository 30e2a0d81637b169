/* What CMSBATCH's two kinds of machines share: the monitor, in the virtual machine CMSBATCH, which
 * keeps the queue (monitor.c), and the batch machines that BATCH CONFIG names, which run the jobs
 * (../cmsbatch.c). */
#ifndef SPOOL_CMS_BATCH_H
#define SPOOL_CMS_BATCH_H

#include "cms/kit/cms.h"
#include "spool/batch/config.h"
#include "spool/checkpoint.h"

#define BATCH_MONITOR "CMSBATCH"
#define BATCH_READER  0x00c
#define RSCS          "RSCS" /* whose files come from other systems */

/* What batch machines say to the monitor, by SMSG. */
#define SAY_READY "READY" /* nothing is left in the reader */
#define SAY_BEGIN "BEGIN" /* name, user */
#define SAY_END   "END"

/* A CP command; its return code. */
int batch_cp(const char *format, ...) FMT_CHECK(1, 2);
/* The file in the reader behind `e`, which is all zero at first. */
bool batch_next_file(struct spool_entry *e);
char batch_file_class(const struct spool_entry *e);
/* The node and user at another system from whom a deck has come; "": it is of this one. */
void batch_home(const struct spool_entry *e, char node[9], char user[9]);

/* Never returns but with a return code for what stops it at the beginning. */
int batch_monitor(const struct batch_config *config);

#endif
