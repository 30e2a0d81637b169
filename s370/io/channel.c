/* The I/O instructions and I/O interruptions, as the CPU sees them.
 * GA22-7000, "Input/Output Operations", "Conclusion of Input/Output Operations"; the
 * condition codes by state are those of the table in docs/life-of-a-start-io.md. */
#include "s370/arch/lowcore.h"
#include "s370/cpu/cpu.h"
#include "s370/io/internal.h"
#include "s370/machine.h"

#include <stdlib.h>
#include <string.h>

#define CSW storage_absolute(cpu_prefix(m->cpu), 0x40)
#define CAW storage_absolute(cpu_prefix(m->cpu), 0x48)

#define CHANNEL_TYPE_BYTE  0x10000000u /* byte multiplexer, in the word that STIDC stores */
#define CHANNEL_TYPE_BLOCK 0x20000000u

/* --- status --- */

static void store_csw(struct machine *m, uint8_t key, uint32_t address, uint8_t unit,
                      uint8_t channel, uint32_t count)
{
    struct csw csw = {.key = (uint8_t)(key << 4), .unit_status = unit, .channel_status = channel};
    put24(&csw.address, address & 0xffffff);
    put16(&csw.count, count);
    storage_poke(&m->storage, CSW, &csw, sizeof csw);
}

/* The status halves only: condition code 1 of SIO, HIO, HDV. */
static void store_status(struct machine *m, uint8_t unit, uint8_t channel)
{
    uint8_t status[2] = {unit, channel};
    storage_poke(&m->storage, CSW + 4, status, sizeof status);
}

static bool has_interruption(const struct device *d)
{
    const struct channel_program *cp = d->subchannel;
    return cp->state == SUBCHANNEL_ENDED || cp->pci ||
           (d->pending_status && cp->state == SUBCHANNEL_AVAILABLE);
}

void channel_update_pending(struct device *d)
{
    struct channels *c = d->machine->channels;
    unsigned n = d->address >> 8;
    uint32_t bit = 0x80000000u >> n, before = c->pending;
    c->pending &= ~bit;
    for (const struct device *e = c->devices[n]; e; e = e->next)
        if (has_interruption(e))
            c->pending |= bit;
    if (c->pending || before)
        cpu_io_pending(d->machine->cpu);
}

/* Stores the CSW of an ended operation and makes the subchannel available. */
static void take_ended(struct device *d)
{
    struct channel_program *cp = d->subchannel;
    uint8_t channel = cp->end_channel | (cp->pci ? CHANNEL_PCI : 0);
    store_csw(d->machine, cp->key, cp->csw_next, cp->end_unit, channel, cp->count);
    cp->state = SUBCHANNEL_AVAILABLE;
    cp->pci = false;
    channel_update_pending(d);
}

static void take_device_status(struct device *d, uint8_t busy)
{
    store_csw(d->machine, 0, 0, d->pending_status | busy, 0, 0);
    d->pending_status = 0;
    channel_update_pending(d);
}

bool channel_pending(const struct machine *m, uint32_t masks)
{
    return (m->channels->pending & masks) != 0;
}

bool channel_take_interrupt(struct machine *m, uint32_t masks, uint16_t *address)
{
    struct channels *c = m->channels;
    uint32_t enabled = c->pending & masks;
    if (!enabled)
        return false;
    struct device *d = c->devices[__builtin_clz(enabled)];
    while (d && !has_interruption(d))
        d = d->next;
    if (!d)
        return false;
    struct channel_program *cp = d->subchannel;
    *address = d->address;
    if (cp->state == SUBCHANNEL_ENDED) {
        take_ended(d);
    } else if (cp->pci) {
        store_csw(m, cp->key, cp->csw_next, 0, CHANNEL_PCI, cp->count);
        cp->pci = false;
        channel_update_pending(d);
    } else {
        take_device_status(d, 0);
    }
    struct channel_watch_event event = {.kind = WATCH_INTERRUPTION, .device = d};
    storage_peek(&m->storage, CSW, &event.csw, sizeof event.csw);
    channel_tell_watch(m, &event);
    return true;
}

/* --- instructions --- */

/* Readies the subchannel with the CAW and the first CCW. False: cp->check says why not. */
static bool prepare(struct channel_program *cp)
{
    uint8_t caw[4];
    struct machine *m = cp->machine;
    cp->fresh = true;
    cp->chained = false;
    cp->check = 0;
    cp->pci = false;
    storage_peek(&m->storage, CAW, caw, sizeof caw);
    cp->key = caw[0] >> 4;
    cp->next = load_be24(caw + 1);
    cp->csw_next = cp->next;
    if (caw[0] & 0x0f) {
        cp->check = CHANNEL_PROGRAM_CHECK;
        return false;
    }
    return program_fetch(cp, false);
}

static int start_io(struct machine *m, struct device *d)
{
    struct channel_program *cp = d->subchannel;
    if (cp->state != SUBCHANNEL_AVAILABLE)
        return 2;
    if (d->pending_status || device_works(d)) {
        store_status(m, d->pending_status | UNIT_BUSY, 0);
        d->pending_status = 0;
        channel_update_pending(d);
        return 1;
    }
    bool ready = prepare(cp);
    uint8_t initial = ready ? program_initial(cp) : 0;
    if (!ready || initial) {
        store_status(m, initial, cp->check | (cp->pci ? CHANNEL_PCI : 0));
        cp->pci = false;
        channel_update_pending(d);
        if (initial && d->type->ops->chain_end)
            d->type->ops->chain_end(d);
        return 1;
    }
    cp->state = SUBCHANNEL_WORKING;
    d->active = cp;
    program_schedule(cp, START_DELAY_NS);
    return 0;
}

int channel_start_io(struct machine *m, uint16_t address, bool fast_release)
{
    struct device *d = device_find(m, address);
    (void)fast_release; /* SIOF may do what SIO does */
    if (!d)
        return 3;
    int cc = start_io(m, d);
    struct channel_watch_event event = {.kind = WATCH_START, .device = d, .condition_code = cc};
    uint8_t caw[4];
    storage_peek(&m->storage, CAW, caw, sizeof caw);
    storage_peek(&m->storage, CSW, &event.csw, sizeof event.csw);
    event.ccw_address = load_be24(caw + 1);
    event.unit_status = event.csw.unit_status;
    event.channel_status = event.csw.channel_status;
    channel_tell_watch(m, &event);
    return cc;
}

int channel_test_io(struct machine *m, uint16_t address)
{
    struct device *d = device_find(m, address);
    if (!d)
        return 3;
    if (d->subchannel->state == SUBCHANNEL_WORKING)
        return 2;
    if (d->subchannel->state == SUBCHANNEL_ENDED) {
        take_ended(d);
        return 1;
    }
    if (d->pending_status || device_works(d)) {
        take_device_status(d, device_works(d) ? UNIT_BUSY : 0);
        return 1;
    }
    return 0;
}

/* Ends the data of a working program at once, and the device's work if that has no mechanical
 * part. */
static void end_at_once(struct device *d)
{
    struct channel_program *cp = d->subchannel;
    program_stop(cp);
    cp->state = SUBCHANNEL_ENDED;
    cp->end_unit = device_works(d) ? UNIT_CHANNEL_END : UNIT_CHANNEL_END | UNIT_DEVICE_END;
    cp->end_channel = 0;
    cp->ipl_done = NULL;
    channel_update_pending(d);
}

int channel_clear_io(struct machine *m, uint16_t address)
{
    struct device *d = device_find(m, address);
    if (!d)
        return 3;
    struct channel_program *cp = d->subchannel;
    if (cp->state == SUBCHANNEL_AVAILABLE)
        return 0;
    if (cp->state == SUBCHANNEL_WORKING) {
        end_at_once(d);
        cp->end_unit = 0;
    }
    take_ended(d);
    return 1;
}

int channel_halt_device(struct machine *m, uint16_t address)
{
    struct device *d = device_find(m, address);
    if (!d)
        return 3;
    if (d->subchannel->state == SUBCHANNEL_ENDED)
        return 0;
    store_status(m, 0, 0);
    if (d->subchannel->state == SUBCHANNEL_WORKING && d->subchannel->wait == WAIT_DEVICE_END)
        d->subchannel->halted = true; /* the motion goes on, nothing comes after it */
    else if (d->subchannel->state == SUBCHANNEL_WORKING)
        end_at_once(d);
    return 1;
}

/* No channel is ever found in burst mode, so HIO has nothing to end but the device's own
 * operation. */
int channel_halt_io(struct machine *m, uint16_t address)
{
    return channel_halt_device(m, address);
}

int channel_test_channel(struct machine *m, uint16_t address)
{
    unsigned n = address >> 8;
    return n < CHANNELS && m->channels->devices[n] ? 0 : 3;
}

int channel_store_id(struct machine *m, uint16_t address)
{
    if (channel_test_channel(m, address) != 0)
        return 3;
    uint8_t id[4];
    store_be32(id, address >> 8 == 0 ? CHANNEL_TYPE_BYTE : CHANNEL_TYPE_BLOCK);
    storage_poke(&m->storage,
                 storage_absolute(cpu_prefix(m->cpu), offsetof(struct lowcore, channel_id)), id,
                 sizeof id);
    return 0;
}

/* --- the glass box --- */

void channel_set_watch(struct machine *m,
                       void (*watch)(void *context, const struct channel_watch_event *event),
                       void *context)
{
    m->channels->watch = watch;
    m->channels->watch_context = context;
}

void channel_tell_watch(struct machine *m, const struct channel_watch_event *event)
{
    if (m->channels->watch)
        m->channels->watch(m->channels->watch_context, event);
}

/* --- machine --- */

struct channels *channels_create(struct machine *m)
{
    (void)m;
    return calloc(1, sizeof(struct channels));
}

void channels_destroy(struct channels *c)
{
    if (!c)
        return;
    for (unsigned n = 0; n < CHANNELS; n++)
        while (c->devices[n])
            device_detach(c->devices[n]->machine, c->devices[n]->address);
    free(c);
}

static void reset_device(struct device *d)
{
    struct channel_program *cp = d->subchannel;
    if (cp->state == SUBCHANNEL_WORKING)
        program_stop(cp);
    event_cancel(&d->machine->events, &d->motion);
    cp->state = SUBCHANNEL_AVAILABLE;
    cp->pci = false;
    cp->ipl_done = NULL;
    d->pending_status = 0;
    memset(d->sense, 0, sizeof d->sense);
    channel_update_pending(d);
    if (d->type->ops->reset)
        d->type->ops->reset(d);
}

int channel_clear_channel(struct machine *m, uint16_t address)
{
    if (channel_test_channel(m, address) == 3)
        return 3;
    for (struct device *d = device_next(m, NULL); d; d = device_next(m, d)) {
        if (d->address >> 8 == address >> 8)
            reset_device(d);
    }
    return 0;
}

void channels_reset(struct machine *m)
{
    for (struct device *d = device_next(m, NULL); d; d = device_next(m, d))
        reset_device(d);
}
