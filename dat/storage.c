/* Main storage and its keys, the channels' access to it, and the operator's.  The CPU
 * does not come here: its accesses go through dat/gate.h. */
#include "dat/storage.h"

#include "s370/arch/control.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

bool storage_init(struct storage *s, uint32_t size)
{
    assert(size && size % 4096 == 0 && size <= STORAGE_SIZE_MOST);
    memset(s, 0, sizeof *s);
    s->size = size;
    s->main = calloc(1, size);
    s->keys = calloc(size / STORAGE_BLOCK, 1);
    s->code = calloc(size / STORAGE_BLOCK, 1);
    s->code_lines = calloc(size / STORAGE_BLOCK, sizeof *s->code_lines);
    if (s->main && s->keys && s->code && s->code_lines)
        return true;
    storage_free(s);
    return false;
}

void storage_free(struct storage *s)
{
    free(s->main);
    free(s->keys);
    free(s->code);
    free(s->code_lines);
    memset(s, 0, sizeof *s);
}

/* Tells the CPU that bytes are about to change, if it holds decoded code there. */
static void code_changes(const struct storage *s, uint32_t address, uint32_t length)
{
    for (uint32_t b = address / STORAGE_BLOCK; b <= (address + length - 1) / STORAGE_BLOCK; b++) {
        if (s->code[b]) {
            s->code_changed(s->code_cpu, address, length);
            return;
        }
    }
}

void storage_clear(struct storage *s)
{
    code_changes(s, 0, s->size);
    memset(s->main, 0, s->size);
    memset(s->keys, 0, s->size / STORAGE_BLOCK);
}

/* All blocks of a channel's access, without moving anything. */
static enum storage_result check(const struct storage *s, uint32_t address, uint32_t length,
                                 uint8_t key, bool store)
{
    if (address >= s->size || length > s->size - address)
        return STORAGE_ADDRESSING;
    for (uint32_t b = address / STORAGE_BLOCK; b <= (address + length - 1) / STORAGE_BLOCK; b++) {
        uint8_t k = s->keys[b];
        if (key && key != k >> 4 && (store || (k & KEY_FETCH)))
            return STORAGE_PROTECTION;
    }
    return STORAGE_OK;
}

static void mark(struct storage *s, uint32_t address, uint32_t length, uint8_t bits)
{
    for (unsigned n = 0; n < s->watch_count; n++) {
        struct gate_watch *w = &s->watches[n];
        if (w->channel && address < w->address + w->length && address + length > w->address)
            w->hit |= GATE_HIT_CHANNEL;
    }
    for (uint32_t b = address / STORAGE_BLOCK; b <= (address + length - 1) / STORAGE_BLOCK; b++)
        s->keys[b] |= bits;
}

enum storage_result channel_fetch(struct storage *s, uint32_t address, uint8_t key, void *to,
                                  uint32_t length)
{
    if (!length)
        return STORAGE_OK;
    enum storage_result result = check(s, address, length, key & 15, false);
    if (result != STORAGE_OK)
        return result;
    mark(s, address, length, KEY_REFERENCE);
    memcpy(to, s->main + address, length);
    return STORAGE_OK;
}

enum storage_result channel_store(struct storage *s, uint32_t address, uint8_t key,
                                  const void *from, uint32_t length)
{
    if (!length)
        return STORAGE_OK;
    enum storage_result result = check(s, address, length, key & 15, true);
    if (result != STORAGE_OK)
        return result;
    mark(s, address, length, KEY_REFERENCE | KEY_CHANGE);
    code_changes(s, address, length);
    memcpy(s->main + address, from, length);
    return STORAGE_OK;
}

bool storage_peek(const struct storage *s, uint32_t address, void *to, uint32_t length)
{
    if (address >= s->size || length > s->size - address)
        return false;
    memcpy(to, s->main + address, length);
    return true;
}

bool storage_poke(struct storage *s, uint32_t address, const void *from, uint32_t length)
{
    if (address >= s->size || length > s->size - address)
        return false;
    if (length) {
        code_changes(s, address, length);
        memcpy(s->main + address, from, length);
    }
    return true;
}
