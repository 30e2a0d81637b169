/* NAMES files: who is meant by a nickname.  An entry begins with a line whose first word is
 * `:nick.` and reaches to the next such line; in it are tags, `:name.value`, whose values reach to
 * the next tag or the entry's end.  Portable.  Source: VM/SP CMS User's Guide, "Using the NAMES
 * command". */
#ifndef CMS_NAMES_NAMES_H
#define CMS_NAMES_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#define NAMES_ENTRY 4096 /* longest entry */

struct names_entry {
    char text[NAMES_ENTRY]; /* its lines, joined with blanks */
    size_t length;
};

bool names_begins_entry(const char *line, size_t length);
/* Adds a line; what does not fit any more is cut. */
void names_add(struct names_entry *e, const char *line, size_t length);
/* The value of a tag (its name without colon and period), blanks around it removed; *length is 0
 * and the result false if it has none.  Case of the name does not count. */
bool names_tag(const struct names_entry *e, const char *tag, const char **value, size_t *length);
/* Is the tag's value the same, whatever its case? */
bool names_is(const struct names_entry *e, const char *tag, const char *value);

#endif
