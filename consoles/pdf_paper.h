/* Paper: what a line printer has printed, as a PDF.  The text is a printer's output file
 * (s370/devices: lines, form feeds for skips to a new page, carriage returns for overprinting),
 * the paper is 14 7/8 by 11 inches with green bars and sprocket holes: 132 columns at 10 to the
 * inch, 66 lines at 6 to the inch.  What is printed twice in the same place is bold; other
 * overprints stand in each other, as they do on paper.  PDF is made by libharu. */
#ifndef CONSOLES_PDF_PAPER_H
#define CONSOLES_PDF_PAPER_H

#include <stdbool.h>
#include <stddef.h>

#define PDF_PAPER_COLUMNS 132
#define PDF_PAPER_LINES   66

struct pdf_paper;

/* NULL if the host has no memory. `bars`: green bars and holes; else plain white paper. */
struct pdf_paper *pdf_paper_new(bool bars);
/* Prints; columns behind 132 are lost, line 67 is the first of a new page. ISO 8859-1. */
void pdf_paper_print(struct pdf_paper *p, const char *text, size_t length);
/* Finishes the last page and writes the file. False, with the reason in `why`, if that fails. */
bool pdf_paper_save(struct pdf_paper *p, const char *path, char *why, size_t size);
unsigned pdf_paper_pages(const struct pdf_paper *p);
void pdf_paper_free(struct pdf_paper *p);

#endif
