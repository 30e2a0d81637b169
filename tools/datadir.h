/* The data directory: the volumes, listings and history of a ready-made system. */
#ifndef TOOLS_DATADIR_H
#define TOOLS_DATADIR_H

#include <stdbool.h>
#include <stddef.h>

/* The directory that holds the volumes as they were built: `volumes` beside the program. */
void datadir_built_volumes(char *path, size_t size);
/* Makes the directory if there is none, and locks it against a second datbox for as long as
 * this process lives.  False with a message on stderr that says what to do. */
bool datadir_open(const char *directory);
/* Copies a volume that the directory has not got yet from the built ones; one that is there
 * is never touched.  False with a message on stderr. */
bool datadir_fill(const char *directory, const char *name);

#endif
