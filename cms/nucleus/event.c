/* Events: a program that serves several devices starts them, does not wait for any, and asks what
 * comes first: the end of a channel program, a typed line, a message by VMCF, a file in the reader,
 * a time.
 */
#include "cms/nucleus/nucleus.h"
#include "s370/arch/codes.h"
#include "s370/arch/lowcore.h"

#define LOWCORE  ((struct lowcore *)page_zero)
#define EXT_VMCF 0x4001

static struct event_device *find(uint32_t address)
{
    for (unsigned i = 0; i < EVENT_DEVICES; i++)
        if (nuc.event_devices[i].active && nuc.event_devices[i].address == address)
            return &nuc.event_devices[i];
    return NULL;
}

bool event_note(uint32_t device, const struct csw *csw)
{
    struct event_device *d = find(device);

    if (!d)
        return false;
    d->unit_status |= csw->unit_status;
    d->channel_status |= csw->channel_status;
    if (csw->unit_status & (UNIT_CHANNEL_END | UNIT_CHECK)) {
        d->residual = (uint16_t)get16(csw->count);
        d->last_ccw = get24(csw->address);
    }
    uint8_t ends = UNIT_DEVICE_END | UNIT_CHECK | (d->listens ? UNIT_ATTENTION : 0);
    if ((d->unit_status & ends) || (d->channel_status & 0x3e))
        d->ended = true;
    return true;
}

/* A free place, or the device's own. */
static struct event_device *place_for(uint32_t address)
{
    struct event_device *d = find(address);

    for (unsigned i = 0; !d && i < EVENT_DEVICES; i++)
        if (!nuc.event_devices[i].active)
            d = &nuc.event_devices[i];
    return d;
}

/* SIO's status stored with condition code 1: the end at once, or what the device had to say before.
 * A channel-to-channel adapter is busy, with attention, when the other side's command is first:
 * that is for the program.
 */
static bool started_with_status(struct event_device *d)
{
    struct csw csw;

    memcpy(&csw, &LOWCORE->csw, sizeof(csw));
    if ((csw.unit_status & UNIT_BUSY) && !(d->listens && (csw.unit_status & UNIT_ATTENTION)))
        return false;
    event_note(d->address, &csw);
    return true;
}

/* Nothing is known of it yet. */
static void begin(struct event_device *d, uint32_t device, bool listens)
{
    memset(d, 0, sizeof(*d));
    d->address = (uint16_t)device;
    d->active = true;
    d->listens = listens;
}

int event_start(uint32_t device, uint32_t ccws)
{
    struct event_device *d = place_for(device);

    if (!d)
        return RC_NO_STORAGE;
    bool listens = d->active && d->listens;
    if (!ccws) {
        begin(d, device, true);
        return RC_OK;
    }
    for (;;) {
        begin(d, device, listens);
        put32(&LOWCORE->caw, ccws & 0x00ffffff);
        int cc = sio(device);
        if (cc == 0 || (cc == 1 && started_with_status(d)))
            return RC_OK;
        d->active = listens;
        if (cc == 3)
            return IO_NOT_OPERATIONAL;
        if (cc == 2) /* the channel has something else to present first */
            io_wait();
    }
}

void event_forget(void)
{
    memset(nuc.event_devices, 0, sizeof(nuc.event_devices));
    memset(nuc.handlers, 0, sizeof(nuc.handlers));
    nuc.message = false;
    nuc.key_depth = 0;
}

/* An external interruption while the nucleus waited. */
static void external_came(void)
{
    uint32_t code = load_be16(LOWCORE->ext_old.b + 2);

    if (code == EXT_VMCF)
        nuc.message = true;
    else if (code == EXT_CLOCK_COMPARATOR) {
        nuc.time_over = true;
        clock_alarm(0); /* it stays pending while the clock is behind it */
    } else if (code & EXT_INTERRUPT_KEY)
        abend_halt();
}

static bool take_device(uint32_t *p)
{
    for (unsigned i = 0; i < EVENT_DEVICES; i++) {
        struct event_device *d = &nuc.event_devices[i];
        if (!d->active || !d->ended)
            continue;
        p[0] = EVENT_DEVICE;
        p[1] = d->address;
        p[2] = (uint32_t)d->unit_status << 8 | d->channel_status;
        p[3] = d->residual;
        p[4] = d->last_ccw;
        if (d->listens)
            begin(d, d->address, true);
        else
            d->active = false;
        return true;
    }
    return false;
}

static bool take_flag(bool *flag, enum event_kind kind, uint32_t *p)
{
    if (!*flag)
        return false;
    *flag = false;
    p[0] = kind;
    return true;
}

static void wait_for_event(uint32_t *p)
{
    for (;;) {
        if (nuc.attention)
            console_attention();
        if (take_device(p) || take_flag(&nuc.message, EVENT_MESSAGE, p) ||
            take_flag(&nuc.reader_ready, EVENT_READER, p) ||
            take_flag(&nuc.time_over, EVENT_TIME, p))
            return;
        if (nuc.typed.lines) {
            p[0] = EVENT_LINE;
            return;
        }
        clock_wait_begins();
        bool external = wait_for_any();
        clock_wait_ends();
        if (external)
            external_came();
        else
            io_note();
    }
}

/* The alarm is set with interruptions off, so that it cannot come before the wait. */
void event_wait(uint32_t *p)
{
    uint32_t seconds = p[0];

    nuc.time_over = false;
    if (seconds)
        clock_alarm_seconds(seconds);
    wait_for_event(p);
    if (seconds)
        clock_alarm(0);
}
