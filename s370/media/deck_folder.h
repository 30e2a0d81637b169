/* A folder that is watched for decks.  A file that appears in it is a deck as soon as nobody has it
 * open for writing; decks are taken in the order in which they appeared (of several found at once:
 * by time of last change, then by name).  One that has been read to its end moves to the folder
 * `done` in it.  One that was being read when datbox ended is still there and is read again, from
 * its beginning.
 *
 * No decks are: names that begin with a dot or end in ~, .tmp or .part; empty files; what is not a
 * regular file.  A file that is no deck is named once to the operator and stays; when it has
 * changed it is looked at again. */
#ifndef S370_MEDIA_DECK_FOLDER_H
#define S370_MEDIA_DECK_FOLDER_H

#include "s370/media/deck.h"

struct deck_folder;
struct uv_loop_s;

struct deck_folder_calls {
    void (*changed)(void *context); /* there may be a deck now */
    void (*message)(void *context, const char *text);
};

/* Watches the folder, which is locked: no other datbox can.  NULL with `message` filled in if that
 * is not possible.  `calls` must stay. */
struct deck_folder *deck_folder_open(struct uv_loop_s *loop, const char *path,
                                     const struct deck_options *options,
                                     const struct deck_folder_calls *calls, void *context,
                                     char *message, size_t size);
void deck_folder_close(struct deck_folder *f); /* NULL is allowed */
/* The next deck; NULL if there is none that is complete, `changed` follows then.  The one before
 * must be done. */
struct deck *deck_folder_take(struct deck_folder *f);
/* The deck that was taken has been read. */
void deck_folder_done(struct deck_folder *f);
/* It has not been, and will not be now: it is there to be taken again. */
void deck_folder_put_back(struct deck_folder *f);
const char *deck_folder_path(const struct deck_folder *f);

#endif
