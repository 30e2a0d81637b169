/* Devices: attached to channels by address, detached, found; the status they present. */
#include "s370/io/internal.h"
#include "s370/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The link that points, or would point, to the device of this address. */
static struct device **device_link(struct machine *m, uint16_t address)
{
    struct device **link = &m->channels->channel[address >> 8].devices;
    while (*link && (*link)->address < address)
        link = &(*link)->next;
    return link;
}

struct device *device_find(struct machine *m, uint16_t address)
{
    if (address >> 8 >= CHANNELS)
        return NULL;
    struct device *d = *device_link(m, address);
    return d && d->address == address ? d : NULL;
}

struct device *device_next(struct machine *m, struct device *d)
{
    if (d && d->next)
        return d->next;
    for (unsigned n = d ? (d->address >> 8) + 1u : 0; n < CHANNELS; n++)
        if (m->channels->channel[n].devices)
            return m->channels->channel[n].devices;
    return NULL;
}

const struct device_type *device_type_find(const char *name)
{
    for (const struct device_type *const *t = device_types; *t; t++)
        if (!strcasecmp((*t)->name, name))
            return *t;
    return NULL;
}

static void device_free(struct device *d)
{
    free(d->subchannel);
    free(d);
}

static void motion_ended(struct machine *m, struct event *event)
{
    struct device *d = (struct device *)(void *)((char *)event - offsetof(struct device, motion));
    (void)m;
    device_status(d, d->motion_status);
}

const char *device_attach(struct machine *m, uint16_t address, const char *type, int argc,
                          char **argv)
{
    char *message = m->channels->message;
    const struct device_type *t = device_type_find(type);
    if (!t)
        return "there is no such device type";
    if (address >> 8 >= CHANNELS)
        return "the device number is too high: the channels are 0 to F";
    if (device_find(m, address))
        return "there is a device of this number already";
    struct device *d = calloc(1, t->size);
    struct channel_program *cp = calloc(1, sizeof *cp);
    if (!d || !cp) {
        free(d);
        free(cp);
        return "no memory";
    }
    d->type = t;
    d->machine = m;
    d->address = address;
    d->subchannel = cp;
    d->motion.happen = motion_ended;
    cp->machine = m;
    cp->device = d;
    const char *wrong = t->create(d, argc, argv);
    if (wrong) {
        snprintf(message, sizeof m->channels->message, "%s", wrong);
        device_free(d);
        return message;
    }
    struct device **link = device_link(m, address);
    d->next = *link;
    *link = d;
    channel_update_pending(d);
    return NULL;
}

const char *device_detach(struct machine *m, uint16_t address)
{
    struct device *d = device_find(m, address);
    if (!d)
        return "there is no such device";
    if (d->subchannel->state == SUBCHANNEL_WORKING)
        program_stop(d->subchannel);
    event_cancel(&m->events, &d->motion);
    d->subchannel->state = SUBCHANNEL_AVAILABLE;
    d->subchannel->pci = false;
    d->pending_status = d->next_status = 0;
    channel_update_pending(d);
    *device_link(m, address) = d->next;
    if (d->type->ops->destroy)
        d->type->ops->destroy(d);
    device_free(d);
    return NULL;
}

void device_status(struct device *d, uint8_t unit_status)
{
    struct channel_program *cp = d->subchannel;
    if (cp->state == SUBCHANNEL_WORKING && cp->wait == WAIT_DEVICE_END &&
        (unit_status & UNIT_DEVICE_END)) {
        program_device_end(cp, unit_status);
        return;
    }
    /* One device end that tells of an error does not take in the next one, which tells that all is
     * well again: a tape that was unloaded, and the next one loaded. */
    bool mixed = d->next_status || ((d->pending_status & unit_status & UNIT_DEVICE_END) &&
                                    ((d->pending_status | unit_status) & UNIT_CHECK));
    if (mixed)
        d->next_status |= unit_status;
    else
        d->pending_status |= unit_status;
    channel_update_pending(d);
}

void device_move(struct device *d, uint64_t ns, uint8_t end)
{
    d->motion_status = end;
    event_schedule(&d->machine->events, &d->motion, machine_now(d->machine) + ns);
}

bool device_works(const struct device *d)
{
    return d->motion.scheduled;
}

uint8_t device_take_status(struct device *d)
{
    uint8_t status = d->pending_status;
    d->pending_status = d->next_status;
    d->next_status = 0;
    return status;
}

void device_status_withdraw(struct device *d, uint8_t unit_status)
{
    d->pending_status &= (uint8_t)~unit_status;
    d->next_status &= (uint8_t)~unit_status;
    if (!d->pending_status)
        device_take_status(d);
    channel_update_pending(d);
}

int device_check(struct device *d, uint8_t sense0)
{
    memset(d->sense, 0, sizeof d->sense);
    d->sense[0] = sense0;
    return UNIT_CHANNEL_END | UNIT_DEVICE_END | UNIT_CHECK;
}
