/* Hercules as a black box, for programs that compare with it. */
#ifndef TESTS_DIFFERENTIAL_HERCULES_H
#define TESTS_DIFFERENTIAL_HERCULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a program has left in the CPU and in the keys. */
struct hercules_state {
    uint64_t psw, fpr[4];
    uint32_t gr[16], cr[16], prefix;
    uint8_t *keys; /* one for each 2048 bytes of storage, as SET STORAGE KEY has them */
};

struct hercules_run {
    const char *directory;        /* an absolute path: its files are left there */
    const char *mode;             /* ARCHMODE: "S/370", "ESA/390" */
    unsigned megabytes;           /* of storage */
    const char *devices;          /* lines of its configuration; NULL: only an empty reader */
    const uint8_t *image;         /* loaded at 0 */
    size_t size;                  /* of the image, in bytes */
    uint32_t from, to;            /* what is wanted of the storage afterwards; `to` is behind it */
    uint8_t *storage;             /* gets it, at its place */
    struct hercules_state *state; /* gets the rest; NULL: not wanted */
};

/* Starts the image by RESTART and waits for its disabled wait.  False: it does not come to an
 * end, or Hercules is not installed. */
bool run_hercules(const struct hercules_run *run);

#endif
