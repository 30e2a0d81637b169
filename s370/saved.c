/* Fields of saved states, in both directions. */
#include "s370/saved.h"

#include "lib/be.h"
#include "s370/event.h"
#include "s370/machine.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void saved_free(struct saved *s)
{
    free(s->bytes);
    free(s->events);
    memset(s, 0, sizeof *s);
}

bool saved_good(const struct saved *s)
{
    return !s->wrong[0];
}

size_t saved_left(const struct saved *s)
{
    if (!s->reading)
        return SIZE_MAX;
    return saved_good(s) ? s->length - s->at : 0;
}

static void refuse(struct saved *s, const char *format, va_list args)
{
    if (saved_good(s))
        vsnprintf(s->wrong, sizeof s->wrong, format, args);
}

void saved_refuse(struct saved *s, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    refuse(s, format, args);
    va_end(args);
}

void saved_wait(struct saved *s, const char *format, ...)
{
    va_list args;
    if (saved_good(s))
        s->later = true;
    va_start(args, format);
    refuse(s, format, args);
    va_end(args);
}

/* Makes room for at least one more of `size` bytes. */
static void *grow(void *array, size_t used, size_t *room, size_t more, size_t size)
{
    if (more <= *room - used)
        return array;
    size_t wanted = 2 * (used + more) + 64;
    void *bigger = realloc(array, wanted * size);
    if (!bigger)
        abort(); /* the host is out of memory */
    *room = wanted;
    return bigger;
}

void saved_bytes(struct saved *s, void *bytes, size_t length)
{
    if (!s->reading) {
        s->bytes = grow(s->bytes, s->length, &s->room, length, 1);
        if (length)
            memcpy(s->bytes + s->length, bytes, length);
        s->length += length;
        return;
    }
    if (length > s->length - s->at)
        saved_refuse(s, "a part of it is too short");
    if (saved_good(s) && length)
        memcpy(bytes, s->bytes + s->at, length);
    else if (length)
        memset(bytes, 0, length);
    if (saved_good(s))
        s->at += length;
}

void saved_bool(struct saved *s, bool *value)
{
    uint8_t byte = *value;
    saved_u8(s, &byte);
    *value = byte != 0;
}

void saved_u8(struct saved *s, uint8_t *value)
{
    saved_bytes(s, value, 1);
}

void saved_u16(struct saved *s, uint16_t *value)
{
    uint8_t bytes[2];
    store_be16(bytes, *value);
    saved_bytes(s, bytes, sizeof bytes);
    *value = load_be16(bytes);
}

void saved_u32(struct saved *s, uint32_t *value)
{
    uint8_t bytes[4];
    store_be32(bytes, *value);
    saved_bytes(s, bytes, sizeof bytes);
    *value = load_be32(bytes);
}

void saved_u64(struct saved *s, uint64_t *value)
{
    uint8_t bytes[8];
    store_be64(bytes, *value);
    saved_bytes(s, bytes, sizeof bytes);
    *value = load_be64(bytes);
}

uint32_t saved_limited(struct saved *s, uint32_t value, uint32_t most, const char *what)
{
    saved_u32(s, &value);
    if (value <= most)
        return value;
    saved_refuse(s, "%s is %u, but at most %u is possible", what, value, most);
    return 0;
}

void saved_string(struct saved *s, char *text, size_t size)
{
    uint32_t length = s->reading ? 0 : (uint32_t)strlen(text);
    length = saved_limited(s, length, (uint32_t)size - 1, "the length of a name");
    saved_bytes(s, text, length);
    text[length] = 0;
}

void saved_event(struct saved *s, struct machine *m, struct event *event)
{
    bool scheduled = event->scheduled;
    struct saved_event e = {event, event->when, 0};
    if (!s->reading) {
        for (const struct event *at = m->events.first; at && at != event; at = at->next)
            e.rank++;
    }
    saved_bool(s, &scheduled);
    if (!scheduled)
        return;
    saved_u64(s, &e.when);
    saved_u32(s, &e.rank);
    if (!s->reading || !saved_good(s))
        return;
    s->events = grow(s->events, s->event_count, &s->event_room, 1, sizeof *s->events);
    s->events[s->event_count++] = e;
}

static int by_time(const void *a, const void *b)
{
    const struct saved_event *x = a, *y = b;
    if (x->when != y->when)
        return x->when < y->when ? -1 : 1;
    return x->rank < y->rank ? -1 : x->rank > y->rank;
}

void saved_schedule(struct saved *s, struct machine *m)
{
    if (s->event_count)
        qsort(s->events, s->event_count, sizeof *s->events, by_time);
    for (size_t i = 0; i < s->event_count; i++)
        event_schedule(&m->events, s->events[i].event, s->events[i].when);
    s->event_count = 0;
}
