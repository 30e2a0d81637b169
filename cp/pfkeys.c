/* Program function keys: see pfkeys.h.  Until SET PF12 says otherwise, PF12 is RETRIEVE. */
#include "cp/pfkeys.h"

#include "cp/commands/state.h"
#include "lib/str.h"

#define RETRIEVE_KEY 12

static struct pf_keys *need(struct vmblok *vm)
{
    struct command_vm *data = command_vm(vm);
    if (data->pf)
        return data->pf;
    data->pf = cp_alloc(sizeof *data->pf);
    if (data->pf) {
        data->pf->recalled = PF_LINES;
        pf_set(vm, RETRIEVE_KEY, PF_RETRIEVE, "", NULL, 0);
    }
    return data->pf;
}

const struct pf_key *pf_find(const struct vmblok *vm, unsigned number)
{
    static const struct pf_key retrieve = {.kind = PF_RETRIEVE};
    const struct pf_keys *keys = command_vm((struct vmblok *)vm)->pf;
    if (!keys)
        return number == RETRIEVE_KEY ? &retrieve : NULL;
    return keys->key[number - 1];
}

bool pf_set(struct vmblok *vm, unsigned number, enum pf_kind kind, const char *text,
            const uint8_t *tabs, unsigned tab_count)
{
    struct pf_keys *keys = need(vm);
    if (!keys)
        return false;
    size_t size = sizeof(struct pf_key) + strlen(text) + 1;
    struct pf_key *key = NULL;
    if (kind != PF_UNDEFINED && !(key = cp_alloc(size)))
        return false;
    if (keys->key[number - 1])
        cp_free(keys->key[number - 1], keys->size[number - 1]);
    keys->key[number - 1] = key;
    keys->size[number - 1] = (uint16_t)size;
    if (!key)
        return true;
    key->kind = (uint8_t)kind;
    key->tab_count = (uint8_t)tab_count;
    for (unsigned i = 0; i < tab_count; i++)
        key->tabs[i] = tabs[i];
    strcpy(key->text, text);
    return true;
}

void pf_free(struct vmblok *vm)
{
    struct pf_keys *keys = command_vm(vm)->pf;
    if (!keys)
        return;
    for (unsigned i = 0; i < PF_KEYS; i++)
        if (keys->key[i])
            cp_free(keys->key[i], keys->size[i]);
    cp_free(keys, sizeof *keys);
    command_vm(vm)->pf = NULL;
}

/* --- RETRIEVE --- */

/* The last line that begins before `end`. */
static uint16_t line_before(const struct pf_keys *keys, uint16_t end)
{
    uint16_t at = (uint16_t)(end - 1); /* its zero */
    while (at && keys->lines[at - 1])
        at--;
    return at;
}

void pf_remember(struct vmblok *vm, const char *line, size_t length)
{
    struct pf_keys *keys = need(vm);
    if (!keys)
        return;
    keys->recalled = PF_LINES;
    if (!length)
        return;
    if (keys->used) {
        const char *last = keys->lines + line_before(keys, keys->used);
        if (strlen(last) == length && memcmp(last, line, length) == 0)
            return; /* once is enough */
    }
    while (keys->used + length + 1 > PF_LINES) {
        size_t oldest = strlen(keys->lines) + 1;
        keys->used = (uint16_t)(keys->used - oldest);
        memmove(keys->lines, keys->lines + oldest, keys->used);
    }
    memcpy(keys->lines + keys->used, line, length);
    keys->used = (uint16_t)(keys->used + length);
    keys->lines[keys->used++] = 0;
}

bool pf_recall(struct vmblok *vm, char *to, size_t size)
{
    struct pf_keys *keys = command_vm(vm)->pf;
    if (!keys || !keys->used)
        return false;
    uint16_t from = keys->recalled && keys->recalled < PF_LINES ? keys->recalled : keys->used;
    keys->recalled = line_before(keys, from);
    str_copy(to, keys->lines + keys->recalled, size);
    return true;
}
