/* What DISPLAY, STORE and DUMP share with DCP, STCP and DMCP: storage of a virtual machine, or real
 * storage (`of` NULL), as bytes and as text. */
#ifndef CP_COMMANDS_VIEW_H
#define CP_COMMANDS_VIEW_H

#include "cp/vmblok.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* False: a byte is outside.  May sleep. */
bool view_get(struct vmblok *of, uint32_t address, void *to, uint32_t length);
bool view_put(struct vmblok *of, uint32_t address, const void *from, uint32_t length);
uint32_t view_size(const struct vmblok *of);
/* The bytes between asterisks, with a point for what cannot be shown; returns the length, n + 2. */
size_t view_text(char *to, const uint8_t *bytes, size_t n);

#endif
