/* What people read about spool files: the lines of QUERY READER/PRINTER/PUNCH, the
 * messages about a file, the ID card of a deck.  Text in the compilation's character set.
 * Source: VM/370 Operator's Guide, GC20-1806, "QUERY", and "Spooling". */
#ifndef SPOOL_REPORT_H
#define SPOOL_REPORT_H

#include "spool/file.h"

#include <stdbool.h>
#include <stddef.h>

#define SPOOL_LINE 100 /* room for any of the lines below */

/* The title and the line of a file.  `full`: with date, time, name, type, distribution.
 * `by_owner`: the first column is the owner (class D), else the file's origin. */
void spool_report_title(char *to, size_t size, bool full, bool by_owner);
void spool_report_line(char *to, size_t size, const struct spool_file *f, bool full, bool by_owner);

/* "PUN FILE 0012 FROM CMSUSER  COPY 001 NOHOLD"; `relation` is FROM, TO or FOR. */
void spool_report_file(char *to, size_t size, const struct spool_file *f, const char *relation,
                       const char *userid);

/* The card before a deck: `USERID xxx [CLASS c] [NAME name [type]]`, or ID for USERID. */
struct spool_deck {
    char userid[9];
    char class;
    char name[SPOOL_NAME + 1], type[SPOOL_NAME + 1];
};
/* NULL; or what is wrong with the card; SPOOL_NOT_AN_ID_CARD if it is none. */
extern const char SPOOL_NOT_AN_ID_CARD[];
const char *spool_deck_card(struct spool_deck *deck, const char *card);

#endif
