/* The pages that a real printer puts before and behind each copy of a file, and the card
 * of a real punch: whose it is in block letters, and all about the file. */
#ifndef SPOOL_SEPARATOR_H
#define SPOOL_SEPARATOR_H

#include "spool/file.h"

#include <stddef.h>
#include <stdint.h>

#define SPOOL_PRINT_WIDTH 132

/* Called for each line: a printer's channel command and text ("" for controls alone).  A
 * result that is not 0 ends the page, and is what the function returns. */
typedef int spool_line(void *context, uint8_t command, const char *text);

/* `copy`: which copy this is, from 1.  `system` is the system's name. */
int spool_separator_page(const struct spool_file *f, unsigned copy, const char *system,
                         spool_line *line, void *context);
int spool_trailer_page(const struct spool_file *f, unsigned copy, spool_line *line, void *context);

/* 80 columns without a zero behind them. */
void spool_separator_card(char card[80], const struct spool_file *f);

#endif
