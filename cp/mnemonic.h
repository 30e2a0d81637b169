/* Names of the machine's instructions, for TRACE. */
#ifndef CP_MNEMONIC_H
#define CP_MNEMONIC_H

#include <stdint.h>

/* Of the instruction at `code` (six bytes, of which its length counts); "????": there is none. */
const char *mnemonic(const uint8_t *code);
/* Its length in bytes, by its first byte. */
static inline uint32_t instruction_length(uint8_t first)
{
    return first < 0x40 ? 2 : first < 0xc0 ? 4 : 6;
}

#endif
