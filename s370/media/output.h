/* A host file that a printer or punch writes to, at its end.  What the host refuses (a full
 * disk) stays in memory until a later flush succeeds: nothing is lost. */
#ifndef S370_MEDIA_OUTPUT_H
#define S370_MEDIA_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

struct output {
    char *path;
    int fd;
    bool had_text; /* the file was not empty when it was opened */
    char *bytes;   /* what is not in the file yet */
    size_t length, room;
};

/* Opens or creates the file; `clear` empties it.  NULL, or `message` filled in. */
const char *output_open(struct output *o, const char *path, bool clear, char *message, size_t size);
void output_put(struct output *o, const char *bytes, size_t length);
/* False with errno set if the host refuses; the rest is kept. */
bool output_flush(struct output *o);
/* Flushes and closes.  Returns how many bytes the host would not take. */
size_t output_close(struct output *o);

#endif
