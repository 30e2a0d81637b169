/* Printer and punch output of CP as files of the host: reading them, and cutting them at the
 * separator pages and cards that CP puts before each spool file (spool/separator.h). */
#ifndef TOOLS_LISTING_H
#define TOOLS_LISTING_H

#include <stdbool.h>
#include <stddef.h>

/* One spool file's text, cut out of a stream. */
struct piece {
    struct piece *next;
    unsigned spool_id;
    char owner[16], name[16], type[16];
    char *text; /* NULL if it has none */
    size_t length;
    unsigned lines;
};

/* The whole file, with a zero behind it; NULL with a message on stderr that begins with
 * `program`. */
char *listing_read(const char *program, const char *path, size_t *length);
/* One spool file's text without separators: lines as in the pieces below. */
struct piece *listing_whole(const char *text, size_t length);
/* NULL if there are no separators. */
struct piece *listing_cut_paper(const char *text, size_t length);
struct piece *listing_cut_cards(const char *text, size_t length);
void listing_free(struct piece *pieces);

#endif
