/* The assembler's storage: pieces of large chunks, zeroed, never given back.  The first pass makes
 * sure before each statement that ASM_RESERVE bytes are there, so that nothing inside has to look
 * for the end of storage. */
#include "cms/asm/internal.h"

bool asm_room(struct assembler *a, size_t size)
{
    if (a->room >= size)
        return true;
    size_t chunk = size > ASM_CHUNK ? size : ASM_CHUNK;
    char *more = a->host->memory(a->host->context, chunk);
    if (!more) {
        a->out_of_storage = true;
        return false;
    }
    a->chunk = more;
    a->room = chunk;
    return true;
}

void *asm_alloc(struct assembler *a, size_t size)
{
    size = (size + 7) & ~(size_t)7;
    if (!asm_room(a, size))
        return memset(a->last_resort, 0, sizeof(a->last_resort));
    void *p = a->chunk;
    a->chunk += size;
    a->room -= size;
    return memset(p, 0, size);
}

struct slice asm_keep(struct assembler *a, const char *text, size_t length)
{
    struct slice s = {"", (unsigned)length};

    if (length) {
        char *to = asm_alloc(a, length);
        memcpy(to, text, length);
        s.at = to;
    }
    return s;
}

bool slice_is(struct slice s, const char *text)
{
    return s.length == strlen(text) && !memcmp(s.at, text, s.length);
}

unsigned asm_hash(const char *name, size_t length, unsigned size)
{
    uint32_t h = 0;

    for (size_t i = 0; i < length; i++)
        h = h * 31 + (uint8_t)name[i];
    return (h ^ h >> 15) & (size - 1);
}

uint8_t asm_ebcdic(const struct assembler *a, char c)
{
    return a->host->to_ebcdic ? a->host->to_ebcdic[(uint8_t)c] : (uint8_t)c;
}
