/* Address compare and data compare, the switches of a machine's console: the CPU stops when
 * storage has been referred to at some place, or has got some value.  The accesses are noted by the
 * gates and by the channels' storage (struct gate_watch); they are looked at before each
 * instruction, so the one that did it is just behind. */
#include "s370/operator/internal.h"

#include "dat/gate.h"
#include "lib/str.h"

#include <stdio.h>
#include <stdlib.h>

#define PLACES     8
#define VALUE_MOST 16 /* bytes */

struct place {
    bool has_value;
    uint8_t value[VALUE_MOST];
};

struct compares {
    unsigned count;
    struct gate_watch watches[PLACES];
    struct place places[PLACES]; /* what belongs to each */
};

static void watch(struct oper *o)
{
    struct compares *c = o->compares;
    for (unsigned n = 0; n < o->m->cpu_count; n++)
        cpu_set_storage_watches(o->m->cpus[n], true, c->count ? c->watches : NULL, c->count);
    o->m->storage.watches = c->count ? c->watches : NULL;
    o->m->storage.watch_count = c->count;
    operator_watch(o);
}

void compare_destroy(struct oper *o)
{
    if (!o->compares)
        return;
    o->compares->count = 0;
    watch(o);
    free(o->compares);
    o->compares = NULL;
}

bool compare_wants_instructions(const struct oper *o)
{
    return o->compares && o->compares->count;
}

static void describe(const struct compares *c, unsigned k, char *text, size_t size)
{
    const struct gate_watch *w = &c->watches[k];
    size_t n = (size_t)snprintf(text, size, "compare %06X", w->address);
    if (!c->places[k].has_value) {
        snprintf(text + n, size - n, ".%X", w->length);
        return;
    }
    n += (size_t)snprintf(text + n, size - n, "=");
    for (unsigned i = 0; i < w->length; i++)
        n += (size_t)snprintf(text + n, size - n, "%02X", c->places[k].value[i]);
}

/* What was done, and whether that counts. */
static bool is_met(const struct oper *o, unsigned k)
{
    const struct compares *c = o->compares;
    const struct gate_watch *w = &c->watches[k];
    return w->hit && (!c->places[k].has_value ||
                      !memcmp(o->m->storage.main + w->address, c->places[k].value, w->length));
}

bool compare_stops(struct oper *o)
{
    struct compares *c = o->compares;
    bool stops = false;
    char text[80];
    for (unsigned k = 0; c && k < c->count; k++) {
        if (is_met(o, k)) {
            uint8_t hit = c->watches[k].hit;
            describe(c, k, text, sizeof text);
            machine_message(o->m, "%s: %s%s%s%s%s", text, hit & GATE_HIT_STORE ? "stored into" : "",
                            (hit & GATE_HIT_STORE) && hit > GATE_HIT_STORE ? ", " : "",
                            hit & GATE_HIT_FETCH ? "fetched" : "",
                            (hit & GATE_HIT_CHANNEL) && (hit & GATE_HIT_FETCH) ? ", " : "",
                            hit & GATE_HIT_CHANNEL ? "used by a channel" : "");
            stops = true;
        }
        c->watches[k].hit = 0;
    }
    return stops;
}

static void list(struct oper *o)
{
    const struct compares *c = o->compares;
    char text[80];
    for (unsigned k = 0; c && k < c->count; k++) {
        const struct gate_watch *w = &c->watches[k];
        describe(c, k, text, sizeof text);
        machine_message(o->m, "%s%s%s%s", text, w->fetch ? " fetch" : "", w->store ? " store" : "",
                        w->channel ? " io" : "");
    }
    if (!c || !c->count)
        machine_message(o->m, "there is no address compare");
}

/* The words behind the place. */
static bool parse_kinds(struct oper *o, int argc, char **argv, struct gate_watch *w,
                        bool *is_virtual)
{
    bool any = true;
    *is_virtual = false;
    for (int k = 2; k < argc; k++) {
        bool *kind = str_equal(argv[k], "fetch")     ? &w->fetch
                     : str_equal(argv[k], "store")   ? &w->store
                     : str_equal(argv[k], "io")      ? &w->channel
                     : str_equal(argv[k], "virtual") ? is_virtual
                                                     : NULL;
        if (!kind)
            return operator_error(o, "compare %s: the words are fetch, store, io, virtual",
                                  argv[k]);
        *kind = true;
        any &= kind == is_virtual;
    }
    if (any)
        w->fetch = w->store = w->channel = true;
    return true;
}

/* Where it is in storage: all of it, in one piece. */
static bool locate(struct oper *o, bool is_virtual, const struct range *range, struct gate_watch *w)
{
    uint32_t end;
    if (!operator_locate(o, is_virtual, range->address, &w->address) ||
        !operator_locate(o, is_virtual, range->address + w->length - 1, &end))
        return false;
    if (end != w->address + w->length - 1)
        return operator_error(o, "compare %06X: the pages are not one behind the other in storage",
                              range->address);
    return true;
}

bool command_compare(struct oper *o, int argc, char **argv)
{
    struct range range;
    struct gate_watch w = {0};
    struct place place = {0};
    bool is_virtual;
    if (argc == 1) {
        list(o);
        return true;
    }
    if (!operator_range(o, argv[1], &range) || !parse_kinds(o, argc, argv, &w, &is_virtual))
        return false;
    w.length = range.has_length ? range.length : 1;
    if (range.value) {
        w.length = operator_bytes(o, range.value, place.value, VALUE_MOST);
        place.has_value = true;
        if (!w.length)
            return false;
    }
    if (!locate(o, is_virtual, &range, &w))
        return false;
    if (!o->compares && !(o->compares = calloc(1, sizeof *o->compares)))
        abort();
    struct compares *c = o->compares;
    if (c->count == PLACES)
        return operator_error(o, "there are %d places already: compare- ADDRESS forgets one",
                              PLACES);
    c->watches[c->count] = w;
    c->places[c->count++] = place;
    watch(o);
    return true;
}

bool command_compare_off(struct oper *o, int argc, char **argv)
{
    struct compares *c = o->compares;
    uint32_t address = 0;
    unsigned kept = 0, count = c ? c->count : 0;
    if (argc > 1 && !operator_address(o, argv[1], &address))
        return operator_error(o, "compare- %s: that is no address, nor a symbol", argv[1]);
    for (unsigned k = 0; k < count; k++) {
        if (argc == 1 || c->watches[k].address == address)
            continue;
        c->watches[kept] = c->watches[k];
        c->places[kept++] = c->places[k];
    }
    if (argc > 1 && kept == count)
        return operator_error(o, "compare- %s: there is no compare at that address", argv[1]);
    if (c) {
        c->count = kept;
        watch(o);
    }
    return true;
}
