/* Channels: who has them, what is pending in them, and I/O interruptions.
 * GA22-7000, "Input/Output Operations", "Conclusion of Input/Output Operations". */
#include "s370/arch/control.h"
#include "s370/cpu/cpu.h"
#include "s370/io/internal.h"
#include "s370/machine.h"

#include <stdlib.h>
#include <string.h>

#define CSW storage_absolute(cpu_prefix(m->cpu), 0x40)

struct channel *channel_of(const struct device *d)
{
    return &d->machine->channels->channel[d->address >> 8];
}

/* --- burst mode --- */

static bool is_storage(const struct device *d)
{
    return !strcmp(d->type->class, "DASD") || !strcmp(d->type->class, "TAPE");
}

enum burst channel_burst_kind(struct device *d)
{
    switch (channel_of(d)->type) {
    case CHANNEL_BYTE: /* what is too fast for single bytes has blocks */
        return is_storage(d) ? BURST_BLOCKS : BURST_NEVER;
    case CHANNEL_BLOCK:
        return cpu_regs(d->machine->cpu)->cr[0] & CR0_BLOCK_MULTIPLEX ? BURST_BLOCKS : BURST_WHOLE;
    default:
        return BURST_WHOLE;
    }
}

bool channel_seize(struct channel_program *cp)
{
    struct channel *c = channel_of(cp->device);
    if (cp->burst == BURST_NEVER || c->burst == cp)
        return true;
    if (c->burst)
        return false;
    c->burst = cp;
    channel_update(cp->machine, cp->device->address >> 8);
    return true;
}

void channel_release(struct channel_program *cp)
{
    struct channel *c = channel_of(cp->device);
    if (c->burst != cp)
        return;
    c->burst = NULL;
    channel_update(cp->machine, cp->device->address >> 8);
    /* The first one that has waited gets it, by the order of addresses as on the interface. */
    for (struct device *d = c->devices; d; d = d->next) {
        struct channel_program *next = d->subchannel;
        if (next->state == SUBCHANNEL_WORKING && next->wait == WAIT_CHANNEL) {
            channel_seize(next);
            program_schedule(next, STEP_DELAY_NS);
            return;
        }
    }
}

struct device *channel_subchannel_user(struct device *d)
{
    const struct channel *c = channel_of(d);
    unsigned sixteen = d->address >> 4 & 15;
    if (d->subchannel->state != SUBCHANNEL_AVAILABLE)
        return d;
    if (c->type != CHANNEL_SELECTOR && !(c->shared & 0x8000 >> sixteen))
        return NULL;
    for (struct device *e = c->devices; e; e = e->next)
        if (e->subchannel->state != SUBCHANNEL_AVAILABLE &&
            (c->type == CHANNEL_SELECTOR || (e->address >> 4 & 15) == sixteen))
            return e;
    return NULL;
}

/* --- status --- */

void channel_store_csw(struct machine *m, uint8_t key, uint32_t address, uint8_t unit,
                       uint8_t channel, uint32_t count)
{
    struct csw csw = {.key = key, .unit_status = unit, .channel_status = channel};
    put24(&csw.address, address & 0xffffff);
    put16(&csw.count, count);
    storage_poke(&m->storage, CSW, &csw, sizeof csw);
}

static bool has_interruption(const struct device *d)
{
    const struct channel_program *cp = d->subchannel;
    return cp->state == SUBCHANNEL_ENDED || cp->pci ||
           (d->pending_status && cp->state == SUBCHANNEL_AVAILABLE);
}

/* In burst mode nothing comes through but the program's own PCI. */
void channel_update(struct machine *m, unsigned n)
{
    const struct channel *c = &m->channels->channel[n];
    uint32_t bit = 0x80000000u >> n, before = m->channels->pending;
    bool any = c->burst ? c->burst->pci : c->interrupting > 0 || c->tell_available || c->absent;
    m->channels->pending = any ? before | bit : before & ~bit;
    if (m->channels->pending || before)
        cpu_io_pending(m->cpu);
}

void channel_update_pending(struct device *d)
{
    struct channel *c = channel_of(d);
    bool interrupts = has_interruption(d);
    c->interrupting += (unsigned)interrupts - (unsigned)d->interrupts;
    d->interrupts = interrupts;
    channel_update(d->machine, d->address >> 8);
}

/* Whoever has found the channel busy has been told of its end. */
static void told_available(struct device *d)
{
    struct channel *c = channel_of(d);
    if (!c->burst)
        c->tell_available = false;
    channel_update_pending(d);
}

void channel_take_ended(struct device *d)
{
    struct channel_program *cp = d->subchannel;
    uint8_t channel = cp->end_channel | (cp->pci ? CHANNEL_PCI : 0);
    channel_store_csw(d->machine, (uint8_t)(cp->key << 4 | cp->deferred_code), cp->csw_next,
                      cp->end_unit, channel, cp->count);
    logout_store(cp);
    cp->state = SUBCHANNEL_AVAILABLE;
    cp->pci = false;
    told_available(d);
}

void channel_take_device_status(struct device *d, uint8_t busy)
{
    channel_store_csw(d->machine, 0, 0, device_take_status(d) | busy, 0, 0);
    told_available(d);
}

/* --- interruptions --- */

bool channel_pending(const struct machine *m, uint32_t masks)
{
    return (m->channels->pending & masks) != 0;
}

/* The device whose turn it is: in burst mode the only one that may speak; then, on a selector
 * channel, the one that has ended; then by address.  NULL: the channel itself has something. */
static struct device *first_device(const struct channel *c)
{
    if (c->burst)
        return c->burst->device;
    struct device *first = NULL;
    for (struct device *d = c->devices; d; d = d->next) {
        if (!d->interrupts)
            continue;
        if (c->type != CHANNEL_SELECTOR || d->subchannel->state == SUBCHANNEL_ENDED)
            return d;
        first = first ? first : d;
    }
    return first;
}

/* Deferred condition code 3, or that the channel is available again. */
static void interrupt_of_channel(struct machine *m, unsigned n, uint16_t *address)
{
    struct channel *c = &m->channels->channel[n];
    *address = c->absent ? c->absent_address : (uint16_t)(n << 8);
    channel_store_csw(m, c->absent ? 3 : 0, 0, 0, 0, 0);
    c->absent = c->tell_available = false;
    channel_update(m, n);
}

static void interrupt_of_device(struct device *d)
{
    struct channel_program *cp = d->subchannel;
    if (cp->state == SUBCHANNEL_ENDED) {
        channel_take_ended(d);
    } else if (cp->pci) {
        channel_store_csw(d->machine, (uint8_t)(cp->key << 4), cp->csw_next, 0, CHANNEL_PCI,
                          cp->count);
        cp->pci = false;
        channel_update_pending(d);
    } else {
        channel_take_device_status(d, 0);
    }
}

bool channel_take_interrupt(struct machine *m, uint32_t masks, uint16_t *address)
{
    struct channels *c = m->channels;
    uint32_t enabled = c->pending & masks;
    if (!enabled)
        return false;
    unsigned n = (unsigned)__builtin_clz(enabled);
    struct device *d = first_device(&c->channel[n]);
    if (!d) {
        interrupt_of_channel(m, n, address);
        return true;
    }
    *address = d->address;
    interrupt_of_device(d);
    struct channel_watch_event event = {.kind = WATCH_INTERRUPTION, .device = d};
    storage_peek(&m->storage, CSW, &event.csw, sizeof event.csw);
    channel_tell_watch(m, &event);
    return true;
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
    struct channels *c = calloc(1, sizeof(struct channels));
    for (unsigned n = 0; c && n < CHANNELS; n++)
        c->channel[n].type = n == 0 ? CHANNEL_BYTE : CHANNEL_BLOCK;
    return c;
}

void channel_install(struct machine *m, unsigned n, enum channel_type type, uint16_t shared)
{
    struct channel *c = &m->channels->channel[n];
    c->type = type;
    c->shared = shared;
    c->installed = true;
}

void channels_destroy(struct channels *c)
{
    if (!c)
        return;
    for (unsigned n = 0; n < CHANNELS; n++)
        while (c->channel[n].devices)
            device_detach(c->channel[n].devices->machine, c->channel[n].devices->address);
    free(c);
}

void channel_end_at_once(struct device *d)
{
    struct channel_program *cp = d->subchannel;
    program_stop(cp);
    cp->state = SUBCHANNEL_ENDED;
    cp->end_unit = device_works(d) ? UNIT_CHANNEL_END : UNIT_CHANNEL_END | UNIT_DEVICE_END;
    cp->end_channel = 0;
    cp->ipl_done = NULL;
    channel_update_pending(d);
}

void channel_reset_device(struct device *d)
{
    struct channel_program *cp = d->subchannel;
    if (cp->state == SUBCHANNEL_WORKING)
        program_stop(cp);
    event_cancel(&d->machine->events, &d->motion);
    cp->state = SUBCHANNEL_AVAILABLE;
    cp->pci = false;
    cp->ipl_done = NULL;
    d->pending_status = d->next_status = d->broken = 0;
    memset(d->sense, 0, sizeof d->sense);
    channel_of(d)->absent = channel_of(d)->tell_available = false;
    channel_update_pending(d);
    if (d->type->ops->reset)
        d->type->ops->reset(d);
}

void channels_reset(struct machine *m)
{
    for (struct device *d = device_next(m, NULL); d; d = device_next(m, d))
        channel_reset_device(d);
}
