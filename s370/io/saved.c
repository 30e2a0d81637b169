/* Subchannels and devices in a saved state.
 *
 * A channel program is saved between two steps, or while it waits for its device: a console's
 * READ, a tape that rewinds.  What a device is doing is the device's to save. */
#include "s370/io/internal.h"
#include "s370/machine.h"
#include "s370/saved.h"

#include <string.h>

static void saved_program(struct channel_program *cp, struct saved *s)
{
    cp->wait = (enum program_wait)saved_limited(s, cp->wait, WAIT_DATA, "a wait");
    saved_bool(s, &cp->fresh);
    cp->key = (uint8_t)saved_limited(s, cp->key, 15, "a channel program's key");
    saved_u32(s, &cp->next);
    saved_u32(s, &cp->csw_next);
    saved_u8(s, &cp->command);
    saved_u8(s, &cp->flags);
    saved_u32(s, &cp->data);
    saved_u32(s, &cp->idaw);
    saved_bool(s, &cp->idaw_due);
    saved_bool(s, &cp->idaw_first);
    cp->count = saved_limited(s, cp->count, 65536, "a count");
    saved_u32(s, &cp->began_at);
    saved_bytes(s, &cp->began, sizeof cp->began);
    saved_bool(s, &cp->moved);
    saved_bool(s, &cp->wanted_more);
    saved_bool(s, &cp->chained);
    saved_u8(s, &cp->previous);
    cp->burst = (enum burst)saved_limited(s, cp->burst, BURST_WHOLE, "a kind of burst");
    saved_bool(s, &cp->selecting);
    saved_u8(s, &cp->deferred_code);
    saved_bool(s, &cp->halted);
    saved_u8(s, &cp->held);
    saved_u64(s, &cp->motion_ns);
    saved_u8(s, &cp->check);
    saved_bool(s, &cp->pci);
    saved_u8(s, &cp->end_unit);
    saved_u8(s, &cp->end_channel);
}

/* The program's next step is an event exactly while it waits for one. */
static void saved_step(struct channel_program *cp, struct saved *s)
{
    bool steps = cp->state == SUBCHANNEL_WORKING &&
                 (cp->wait == WAIT_STEP || cp->wait == WAIT_TRANSFER || cp->wait == WAIT_DATA);
    size_t events = s->event_count;
    program_set_event(cp);
    saved_event(s, cp->machine, &cp->event);
    if (s->reading && saved_good(s) && steps != (s->event_count > events))
        saved_refuse(s, "the channel program of %03X has no next step", cp->device->address);
}

static void saved_device(struct device *d, struct saved *s)
{
    struct channel_program *cp = d->subchannel;
    if (!s->reading && !d->type->ops->saved) {
        saved_refuse(s, "the state of a %s (%03X) cannot be saved: detach it first", d->type->name,
                     d->address);
        return;
    }
    if (cp->ipl_done) {
        saved_wait(s, "an IPL from %03X is going on", d->address);
        return;
    }
    cp->state = (enum subchannel_state)saved_limited(s, cp->state, SUBCHANNEL_ENDED, "a state");
    saved_program(cp, s);
    saved_step(cp, s);
    saved_bytes(s, d->sense, sizeof d->sense);
    saved_u8(s, &d->pending_status);
    saved_u8(s, &d->next_status);
    saved_u8(s, &d->broken);
    saved_u8(s, &d->motion_status);
    saved_event(s, d->machine, &d->motion);
    d->active = cp->state == SUBCHANNEL_WORKING ? cp : NULL;
    if (d->type->ops->saved)
        d->type->ops->saved(d, s);
}

#define NOBODY 0x10000u /* in place of a device address */

/* Who has the channel. */
static void saved_burst(struct machine *m, struct channel *c, struct saved *s)
{
    uint32_t owner = c->burst ? c->burst->device->address : NOBODY;
    owner = saved_limited(s, owner, NOBODY, "who has a channel");
    if (!s->reading)
        return;
    struct device *d = owner == NOBODY ? NULL : device_find(m, (uint16_t)owner);
    bool good = d && channel_of(d) == c && d->subchannel->state == SUBCHANNEL_WORKING &&
                d->subchannel->burst != BURST_NEVER;
    c->burst = good ? d->subchannel : NULL;
    if (!good && owner != NOBODY)
        saved_refuse(s, "%03X had a channel and does nothing", (unsigned)owner);
}

static void saved_channel(struct machine *m, struct channel *c, struct saved *s)
{
    saved_burst(m, c, s);
    c->type = (enum channel_type)saved_limited(s, c->type, CHANNEL_BLOCK, "a channel's type");
    saved_u16(s, &c->shared);
    saved_bool(s, &c->tell_available);
    saved_bool(s, &c->absent);
    saved_u16(s, &c->absent_address);
}

void channels_saved(struct machine *m, struct saved *s)
{
    for (struct device *d = device_next(m, NULL); d && saved_good(s); d = device_next(m, d)) {
        uint16_t address = d->address;
        saved_u16(s, &address);
        if (address != d->address)
            saved_refuse(s, "the devices are in another order");
        else
            saved_device(d, s);
    }
    for (unsigned n = 0; n < CHANNELS && saved_good(s); n++)
        saved_channel(m, &m->channels->channel[n], s);
    for (struct device *d = device_next(m, NULL); s->reading && d; d = device_next(m, d))
        channel_update_pending(d);
}

bool device_waits_for_command(const struct device *d)
{
    const struct channel_program *cp = d->subchannel;
    return cp->state == SUBCHANNEL_WORKING && cp->wait == WAIT_COMMAND;
}
