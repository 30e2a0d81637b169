/* Program event recording.  A guest in EC mode with the PER bit in its PSW records events for
 * itself: it runs with its own control registers 9 to 11.  Otherwise CP may record what its user
 * wants to see (TRACE INSTRUCT and BRANCH, PER).  While a guest does, its user sees nothing: the
 * machine has one range of addresses. GA22-7000, "Program-Event Recording". */
#ifndef CP_PER_H
#define CP_PER_H

#include <stdbool.h>
#include <stdint.h>

struct vmblok;

/* Events, as in the byte at 96. */
enum per_event {
    PER_BRANCH = 0x80,
    PER_FETCH = 0x40,
    PER_STORE = 0x20,
    PER_REGISTER = 0x10,
};

struct per {
    uint32_t control, from, to; /* what the user wants: as control registers 9 to 11; 0: nothing */
    uint8_t pending;            /* events that the guest's next program interruption tells */
    uint32_t address;           /* of their instruction */
};

/* Before the guest runs: sets control registers and PSW. */
void per_enter(struct vmblok *vm);
/* A program interruption with PER came: `base` is the rest of its code.  May sleep. */
void per_event(struct vmblok *vm, uint32_t events, uint32_t address, uint32_t base);
/* The instruction that had the events is over; `ilc` of it. */
void per_finish(struct vmblok *vm, uint32_t ilc);

/* What the simulated instruction there does: stores, and changes registers (`before`: 16). */
void per_stores(struct vmblok *vm, uint32_t instruction, uint32_t address, uint32_t length);
void per_registers(struct vmblok *vm, uint32_t instruction, const uint32_t *before);

#endif
