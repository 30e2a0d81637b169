/* A saved state of the machine: how its parts put themselves into one, and take themselves out.
 *
 * Each part has one function that goes through its fields in order, for both directions: while
 * a state is saved saved_u32(s, &x) writes x, while one is restored it reads it.  So the two
 * cannot differ.  A part that is restored checks what it has read before it uses it: a state
 * file may be anything.  The first thing that is wrong is kept; after that all fields read as
 * zero.  Numbers are big-endian.  The file is made of sections (s370/save.c). */
#ifndef S370_SAVED_H
#define S370_SAVED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event;
struct machine;

/* An event of the part that is being restored, to be scheduled when all of them are known. */
struct saved_event {
    struct event *event;
    uint64_t when;
    uint32_t rank; /* place in the queue: of two at the same time, the lower one comes first */
};

struct saved {
    bool reading;
    bool later;      /* while saving: something that cannot be saved will be over soon */
    char wrong[256]; /* why it cannot be saved or restored; empty: nothing is wrong */
    uint8_t *bytes;  /* of this section */
    size_t length, room;
    size_t at; /* reading */
    struct saved_event *events;
    size_t event_count, event_room;
};

void saved_free(struct saved *s); /* its buffers */

void saved_bytes(struct saved *s, void *bytes, size_t length);
void saved_bool(struct saved *s, bool *value);
void saved_u8(struct saved *s, uint8_t *value);
void saved_u16(struct saved *s, uint16_t *value);
void saved_u32(struct saved *s, uint32_t *value);
void saved_u64(struct saved *s, uint64_t *value);
/* A number that must not be greater than `most`: an index, an enumeration, a length. */
uint32_t saved_limited(struct saved *s, uint32_t value, uint32_t most, const char *what);
/* A string of at most size - 1 characters. */
void saved_string(struct saved *s, char *text, size_t size);
/* When the event is due, if it is; restored, it is scheduled by saved_schedule. */
void saved_event(struct saved *s, struct machine *m, struct event *event);

/* How many bytes are left of the section; SIZE_MAX while saving.  Ask before allocating. */
size_t saved_left(const struct saved *s);
/* True until something is wrong. */
bool saved_good(const struct saved *s);
/* It cannot be saved, or what was read is impossible: tells why, and of whom. */
void saved_refuse(struct saved *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* It cannot be saved now, but soon: tells what it waits for. */
void saved_wait(struct saved *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Schedules the events that were restored, in their order. */
void saved_schedule(struct saved *s, struct machine *m);

#endif
