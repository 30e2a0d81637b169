/* Initial program loading: the channel program that nobody wrote.  GA22-7000, "Initial
 * Program Loading": as if location 0 held a CCW to read 24 bytes to 0, with command
 * chaining and SLI, and key 0; the chain goes on with the CCW at 8, which came from the
 * device. */
#include "s370/io/internal.h"
#include "s370/machine.h"

#define IPL_COMMAND 0x02
#define IPL_BYTES   24

const char *channel_ipl(struct machine *m, uint16_t address,
                        void (*done)(struct machine *m, uint16_t address, uint16_t status))
{
    struct device *d = device_find(m, address);
    if (!d)
        return "there is no such device";
    struct channel_program *cp = d->subchannel;
    cp->burst = channel_burst_kind(d);
    if (cp->state != SUBCHANNEL_AVAILABLE || !channel_seize(cp))
        return "the device is busy";
    d->pending_status = d->next_status = 0;
    channel_update_pending(d);
    cp->selecting = false;
    cp->deferred_code = 0;
    cp->fresh = true;
    cp->chained = false;
    cp->check = 0;
    cp->pci = false;
    cp->key = 0;
    cp->next = 8;
    cp->csw_next = 8;
    cp->ipl_done = done;
    program_set(cp, IPL_COMMAND, 0, CCW_CHAIN_COMMAND | CCW_SUPPRESS_LENGTH, IPL_BYTES);
    cp->state = SUBCHANNEL_WORKING;
    d->active = cp;
    program_schedule(cp, START_DELAY_NS);
    return NULL;
}
