/* The I/O instructions, as the CPU executes them.  GA22-7000, "Input/Output Instructions"; the
 * condition codes by state are those of the table in docs/life-of-a-start-io.md. */
#include "s370/arch/control.h"
#include "s370/arch/lowcore.h"
#include "s370/cpu/cpu.h"
#include "s370/io/internal.h"
#include "s370/machine.h"

#define CSW storage_absolute(cpu_prefix(m->cpu), 0x40)
#define CAW storage_absolute(cpu_prefix(m->cpu), 0x48)

/* The status halves only: condition code 1 of SIO, HIO, HDV. */
static void store_status(struct machine *m, uint8_t unit, uint8_t channel)
{
    uint8_t status[2] = {unit, channel};
    storage_poke(&m->storage, CSW + 4, status, sizeof status);
}

static struct channel *channel_at(struct machine *m, uint16_t address)
{
    struct channel *c = &m->channels->channel[address >> 8 & 15];
    return address >> 8 < CHANNELS && (c->devices || c->installed) ? c : NULL;
}

static bool multiplexes(const struct machine *m)
{
    return cpu_regs(m->cpu)->cr[0] & CR0_BLOCK_MULTIPLEX;
}

/* An instruction finds the channel in burst mode: a block multiplexer will tell when it is not. */
static int channel_is_busy(struct channel *c)
{
    c->tell_available |= c->type == CHANNEL_BLOCK;
    return 2;
}

/* --- SIO, SIOF --- */

/* Readies the subchannel with the CAW and the first CCW. False: cp->check says why not. */
static bool prepare(struct channel_program *cp)
{
    uint8_t caw[4];
    struct machine *m = cp->machine;
    cp->fresh = true;
    cp->chained = false;
    cp->selecting = false;
    cp->deferred_code = 0;
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

/* SIOF leaves the CPU before the device has answered: what it holds, or that it works, comes later
 * as if SIO had found it, with deferred condition code 1. */
static int start(struct machine *m, struct device *d, bool fast)
{
    struct channel_program *cp = d->subchannel;
    cp->burst = channel_burst_kind(d);
    bool holds = d->pending_status || device_works(d);
    if (holds && !fast) {
        store_status(m, device_take_status(d) | UNIT_BUSY, 0);
        channel_update_pending(d);
        return 1;
    }
    bool ready = prepare(cp);
    uint8_t initial = ready && !fast ? program_initial(cp) : 0;
    if (!ready || initial) {
        store_status(m, initial, cp->check | (cp->pci ? CHANNEL_PCI : 0));
        cp->pci = false;
        channel_update_pending(d);
        if (initial && d->type->ops->chain_end)
            d->type->ops->chain_end(d);
        return 1;
    }
    cp->selecting = fast;
    cp->state = SUBCHANNEL_WORKING;
    d->active = cp;
    channel_seize(cp);
    channel_update_pending(d);
    program_schedule(cp, START_DELAY_NS);
    return 0;
}

/* SIOF to a unit that is not there. */
static int start_absent(struct machine *m, struct channel *c, uint16_t address)
{
    if (c->absent)
        return 2;
    c->absent = true;
    c->absent_address = address;
    channel_update(m, address >> 8);
    return 0;
}

static void tell_start(struct machine *m, const struct device *d, int cc)
{
    struct channel_watch_event event = {.kind = WATCH_START, .device = d, .condition_code = cc};
    uint8_t caw[4];
    storage_peek(&m->storage, CAW, caw, sizeof caw);
    storage_peek(&m->storage, CSW, &event.csw, sizeof event.csw);
    event.ccw_address = load_be24(caw + 1);
    event.unit_status = event.csw.unit_status;
    event.channel_status = event.csw.channel_status;
    channel_tell_watch(m, &event);
}

int channel_start_io(struct machine *m, uint16_t address, bool fast_release)
{
    struct channel *c = channel_at(m, address);
    struct device *d = device_find(m, address);
    if (!c)
        return 3;
    bool fast = fast_release && c->type == CHANNEL_BLOCK && multiplexes(m);
    int cc;
    if (c->burst)
        cc = channel_is_busy(c);
    else if (!d)
        cc = fast ? start_absent(m, c, address) : 3;
    else if (channel_subchannel_user(d))
        cc = 2;
    else
        cc = start(m, d, fast);
    if (d)
        tell_start(m, d, cc);
    return cc;
}

/* --- the others --- */

int channel_test_io(struct machine *m, uint16_t address)
{
    struct device *d = device_find(m, address);
    if (!d)
        return 3;
    if (channel_of(d)->burst)
        return channel_is_busy(channel_of(d));
    const struct device *user = channel_subchannel_user(d);
    if (user && (user != d || d->subchannel->state == SUBCHANNEL_WORKING))
        return 2;
    if (user) {
        channel_take_ended(d);
        return 1;
    }
    if (d->pending_status || device_works(d)) {
        channel_take_device_status(d, device_works(d) ? UNIT_BUSY : 0);
        return 1;
    }
    return 0;
}

/* Without block multiplexing this is TIO. */
int channel_clear_io(struct machine *m, uint16_t address)
{
    struct device *d = device_find(m, address);
    if (!d)
        return 3;
    if (!multiplexes(m))
        return channel_test_io(m, address);
    struct channel_program *cp = d->subchannel;
    struct channel *c = channel_of(d);
    if (c->burst && c->burst != cp)
        return channel_is_busy(c);
    if (cp->state == SUBCHANNEL_AVAILABLE)
        return 0;
    if (cp->state == SUBCHANNEL_WORKING) {
        channel_end_at_once(d);
        cp->end_unit = 0;
    }
    channel_take_ended(d);
    return 1;
}

/* Ends the operation of the device's subchannel. */
static void halt(struct device *d)
{
    struct channel_program *cp = d->subchannel;
    if (cp->state == SUBCHANNEL_WORKING && cp->wait == WAIT_DEVICE_END)
        cp->halted = true; /* the motion goes on, nothing comes after it */
    else if (cp->state == SUBCHANNEL_WORKING)
        channel_end_at_once(d);
    if (cp->state != SUBCHANNEL_ENDED && d->type->ops->cancel)
        d->type->ops->cancel(d);
}

int channel_halt_device(struct machine *m, uint16_t address)
{
    struct device *d = device_find(m, address);
    if (!d)
        return 3;
    const struct channel *c = channel_of(d);
    if (c->burst && c->burst != d->subchannel)
        return 2;
    const struct device *user = channel_subchannel_user(d);
    if (user && (user != d || d->subchannel->state == SUBCHANNEL_ENDED))
        return 0;
    store_status(m, 0, 0);
    halt(d);
    return 1;
}

/* In burst mode whoever has the channel is halted, whatever device is addressed. */
int channel_halt_io(struct machine *m, uint16_t address)
{
    struct device *d = device_find(m, address);
    const struct channel *c = channel_at(m, address);
    if (c && c->burst) {
        halt(c->burst->device);
        return 2;
    }
    if (!d)
        return 3;
    const struct device *user = channel_subchannel_user(d);
    if (user && user->subchannel->state == SUBCHANNEL_ENDED)
        return 0;
    store_status(m, 0, 0);
    halt(d);
    return 1;
}

int channel_test_channel(struct machine *m, uint16_t address)
{
    const struct channel *c = channel_at(m, address);
    if (!c)
        return 3;
    if (c->burst)
        return 2;
    if (c->tell_available)
        return 1;
    for (const struct device *d = c->devices; c->type == CHANNEL_SELECTOR && d; d = d->next)
        if (d->subchannel->state == SUBCHANNEL_ENDED)
            return 1;
    return 0;
}

int channel_store_id(struct machine *m, uint16_t address)
{
    static const uint32_t types[] = {
        [CHANNEL_SELECTOR] = 0, [CHANNEL_BYTE] = 0x10000000u, [CHANNEL_BLOCK] = 0x20000000u};
    const struct channel *c = channel_at(m, address);
    if (!c)
        return 3;
    uint8_t id[4];
    store_be32(id, types[c->type]);
    storage_poke(&m->storage,
                 storage_absolute(cpu_prefix(m->cpu), offsetof(struct lowcore, channel_id)), id,
                 sizeof id);
    return 0;
}

int channel_clear_channel(struct machine *m, uint16_t address)
{
    const struct channel *c = channel_at(m, address);
    if (!c)
        return 3;
    for (struct device *d = c->devices; d; d = d->next)
        channel_reset_device(d);
    return 0;
}
