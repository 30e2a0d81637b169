/* Hercules as a black box, for programs that compare with it. */
#ifndef TESTS_DIFFERENTIAL_HERCULES_H
#define TESTS_DIFFERENTIAL_HERCULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Loads an image of `size` bytes at 0 of a machine of 16 MiB, starts it by RESTART, waits for its
 * disabled wait, and fills `storage` from `from` to `to` with what is there then.  Its files are in
 * `directory` (an absolute path).  False: it does not come to an end. */
bool run_hercules(const char *directory, const uint8_t *image, size_t size, uint32_t from,
                  uint32_t to, uint8_t *storage);

#endif
