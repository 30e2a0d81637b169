/* The whole machine as a file, to go on another time: saved between two instructions, restored
 * into a machine of the same configuration.  Under the virtual clock the two go on in the same
 * way, to the bit. */
#ifndef S370_SAVE_H
#define S370_SAVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct machine;

enum save_result {
    SAVE_DONE,
    SAVE_LATER, /* something that cannot be saved will be over soon: try again then */
    SAVE_FAILED,
};

/* Writes the state to `path`, in place of what was there (at once: a kill leaves the old file or
 * the new one).  Otherwise `message` says what is wrong, or what it waits for. */
enum save_result machine_save(struct machine *m, const char *path, char *message, size_t size);

enum restore_flag {
    RESTORE_ANYWAY = 1, /* media that have changed since are only mentioned */
};
/* Makes the machine what it was.  False with messages to the operator: of the file, or of how
 * the machine or its media differ, and then nothing has changed; if what a sound file holds is
 * impossible, the machine is cleared. */
bool machine_restore(struct machine *m, const char *path, unsigned flags);

/* The same with a state in memory; `name` is for messages.  saved_image's result is to be freed;
 * NULL with `message`, and *later if it waits. */
uint8_t *machine_save_image(struct machine *m, size_t *length, bool *later, char *message,
                            size_t size);
bool machine_restore_image(struct machine *m, const uint8_t *image, size_t length, const char *name,
                           unsigned flags);

#endif
