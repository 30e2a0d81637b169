/* Channel programs: fetching CCWs, selecting the device, chaining and ending.
 * GA22-7000, "Input/Output Operations", "Execution of Input/Output Operations".
 *
 * SIO checks the first CCW; the commands run in steps, from events of machine time, so the
 * CPU sees the subchannel working in between.  How the bytes move is in data.c. */
#include "s370/io/internal.h"
#include "s370/machine.h"

#include <string.h>

#define CHAIN_STATUS (UNIT_CHANNEL_END | UNIT_DEVICE_END | UNIT_STATUS_MODIFIER)

static uint8_t check_of(enum storage_result result)
{
    return result == STORAGE_PROTECTION ? CHANNEL_PROTECTION_CHECK : CHANNEL_PROGRAM_CHECK;
}

/* Reads the CCW at cp->next to `ccw`.  The CSW's address moves on only for a CCW that is
 * in storage: of one that is not, the TIC that led to it is reported. */
static bool fetch_at_next(struct channel_program *cp, struct ccw *ccw, bool after_tic)
{
    if (cp->next & 7) {
        cp->check |= CHANNEL_PROGRAM_CHECK;
        return false;
    }
    enum storage_result result =
        channel_fetch(&cp->machine->storage, cp->next, cp->key, ccw, sizeof *ccw);
    if (result != STORAGE_OK) {
        if (!after_tic)
            cp->csw_next = cp->next + 8;
        cp->check |= check_of(result);
        return false;
    }
    return true;
}

bool program_fetch(struct channel_program *cp, bool data_chaining)
{
    struct ccw ccw;
    if (!fetch_at_next(cp, &ccw, false))
        return false;
    if (CCW_IS_TIC(ccw.command)) {
        cp->csw_next = cp->next + 8;
        cp->next = get24(ccw.address);
        if (cp->fresh || !fetch_at_next(cp, &ccw, true) || CCW_IS_TIC(ccw.command)) {
            cp->check |= cp->check ? 0 : CHANNEL_PROGRAM_CHECK;
            return false;
        }
    }
    cp->csw_next = cp->next + 8;
    cp->next += 8;
    bool valid = (data_chaining || (ccw.command & 0x0f) != 0) && get16(ccw.count) != 0 &&
                 !(ccw.flags & 0x03) && !((ccw.flags & CCW_INDIRECT) && (get24(ccw.address) & 3));
    program_set(cp, data_chaining ? cp->command : ccw.command, get24(ccw.address), ccw.flags,
                get16(ccw.count));
    if (!valid)
        cp->check |= CHANNEL_PROGRAM_CHECK;
    return valid;
}

void program_set(struct channel_program *cp, uint8_t command, uint32_t address, uint8_t flags,
                 uint32_t count)
{
    cp->command = command;
    cp->flags = flags;
    cp->count = count;
    cp->data = address;
    cp->idaw = address;
    cp->idaw_due = cp->idaw_first = flags & CCW_INDIRECT;
    if ((flags & CCW_PCI) && !cp->ipl_done && !cp->pci) {
        cp->pci = true;
        channel_update_pending(cp->device);
    }
}

static bool is_immediate(const struct device *d, uint8_t command)
{
    if (command == CCW_NOP)
        return true;
    for (const uint8_t *c = d->type->immediate; c && *c; c++)
        if (*c == command)
            return true;
    return false;
}

/* The flag for command chaining counts only without that for data chaining. */
static bool chains_commands(const struct channel_program *cp)
{
    return (cp->flags & (CCW_CHAIN_COMMAND | CCW_CHAIN_DATA)) == CCW_CHAIN_COMMAND;
}

static int execute_sense(struct channel_program *cp)
{
    struct device *d = cp->device;
    channel_give(cp, d->sense, d->type->sense_bytes);
    memset(d->sense, 0, sizeof d->sense);
    return UNIT_CHANNEL_END | UNIT_DEVICE_END;
}

static int execute_sense_id(struct channel_program *cp)
{
    struct device *d = cp->device;
    if (d->type->sense_id[0] == 0)
        return device_check(d, SENSE_COMMAND_REJECT);
    channel_give(cp, d->type->sense_id, sizeof d->type->sense_id);
    return UNIT_CHANNEL_END | UNIT_DEVICE_END;
}

/* Selects the device with the current command.  Returns its unit status, COMMAND_PENDING,
 * or 0 when `only_initial` and the command is not ended by its initial status. */
static int program_execute(struct channel_program *cp, bool only_initial)
{
    struct device *d = cp->device;
    bool sensing = cp->command == CCW_SENSE || cp->command == CCW_SENSE_ID;
    if (!sensing && cp->command != CCW_NOP)
        memset(d->sense, 0, sizeof d->sense);
    uint8_t initial = !sensing && d->type->ops->select ? d->type->ops->select(d, cp->command) : 0;
    if (initial)
        return initial;
    if (only_initial && (!is_immediate(d, cp->command) || chains_commands(cp)))
        return 0;
    cp->moved = cp->wanted_more = cp->halted = false;
    cp->transfer_ns = cp->motion_ns = 0;
    cp->began_at = cp->csw_next - 8;
    cp->began = (struct ccw){.command = cp->command, .flags = cp->flags};
    put24(&cp->began.address, cp->data);
    put16(&cp->began.count, cp->count);
    if (cp->command == CCW_NOP)
        return UNIT_CHANNEL_END | UNIT_DEVICE_END;
    if (cp->command == CCW_SENSE)
        return execute_sense(cp);
    if (cp->command == CCW_SENSE_ID)
        return execute_sense_id(cp);
    return d->type->ops->execute(d, cp, cp->command);
}

/* Channel end and device end apart, if the mechanics have something to do in between: what
 * belongs to the device comes with its end. */
static uint8_t part_status(struct channel_program *cp, uint8_t status)
{
    const uint8_t both = UNIT_CHANNEL_END | UNIT_DEVICE_END;
    if (!cp->motion_ns || (status & both) != both)
        return status;
    device_move(cp->device, cp->motion_ns, status & (uint8_t)~UNIT_CHANNEL_END);
    cp->motion_ns = 0;
    return UNIT_CHANNEL_END;
}

uint8_t program_initial(struct channel_program *cp)
{
    int status = program_execute(cp, true);
    cp->motion_ns += cp->transfer_ns;
    return part_status(cp, (uint8_t)status);
}

void channel_takes(struct channel_program *cp, uint64_t ns)
{
    cp->transfer_ns += cp->machine->timed_io ? ns : 0;
}

void channel_moves(struct channel_program *cp, uint64_t ns)
{
    cp->motion_ns += cp->machine->timed_io ? ns : 0;
}

static void wait_for_event(struct channel_program *cp, enum program_wait wait, uint64_t delay)
{
    cp->wait = wait;
    program_set_event(cp);
    event_schedule(&cp->machine->events, &cp->event, machine_now(cp->machine) + delay);
}

void program_schedule(struct channel_program *cp, uint64_t delay)
{
    wait_for_event(cp, WAIT_STEP, delay);
}

static void end_program(struct channel_program *cp, uint8_t unit_status)
{
    struct device *d = cp->device;
    channel_release(cp);
    cp->state = SUBCHANNEL_ENDED;
    cp->end_unit = unit_status;
    cp->end_channel = cp->check;
    d->active = NULL;
    if (d->type->ops->chain_end)
        d->type->ops->chain_end(d);
    if (cp->ipl_done) {
        void (*done)(struct machine *, uint16_t, uint16_t) = cp->ipl_done;
        cp->ipl_done = NULL;
        cp->state = SUBCHANNEL_AVAILABLE;
        done(cp->machine, d->address, (uint16_t)(cp->end_unit << 8 | cp->end_channel));
        return;
    }
    channel_update_pending(d);
}

/* Incorrect length, by the table in "Channel Status Conditions". */
static bool incorrect_length(const struct channel_program *cp, uint8_t unit_status)
{
    if (!(unit_status & UNIT_CHANNEL_END) || channel_stopped(cp))
        return false;
    if (!cp->moved &&
        (CCW_IS_CONTROL(cp->command) || (unit_status & (UNIT_CHECK | UNIT_EXCEPTION))))
        return false; /* ended without data: as in the initial status */
    if (cp->count > 0)
        return (cp->flags & CCW_CHAIN_DATA) || !(cp->flags & CCW_SUPPRESS_LENGTH);
    return cp->wanted_more && !(cp->flags & CCW_SUPPRESS_LENGTH);
}

/* Fetches the next command of the chain.  False: the program has ended; the status of the
 * command before, which led to chaining, is not reported. */
static bool chain_on(struct channel_program *cp, uint8_t unit_status)
{
    if (unit_status & UNIT_STATUS_MODIFIER)
        cp->next += 8;
    cp->previous = cp->command;
    cp->chained = true;
    if (program_fetch(cp, false))
        return true;
    end_program(cp, 0);
    return false;
}

static void tell_watch(const struct channel_program *cp, uint8_t unit_status)
{
    struct channel_watch_event event = {
        .kind = WATCH_COMMAND,
        .device = cp->device,
        .ccw_address = cp->began_at,
        .ccw = cp->began,
        .residual = cp->count,
        .unit_status = unit_status,
        .channel_status = cp->check,
    };
    channel_tell_watch(cp->machine, &event);
}

/* The device has given status.  True if the chain goes on with a command fetched. */
static bool take_status(struct channel_program *cp, int unit_status)
{
    struct device *d = cp->device;
    if (unit_status == COMMAND_PENDING) {
        cp->wait = WAIT_COMMAND;
        if (cp->burst == BURST_BLOCKS)
            channel_release(cp);
        return false;
    }
    uint8_t status = logout_check(cp, part_status(cp, (uint8_t)unit_status));
    if (incorrect_length(cp, status))
        cp->check |= CHANNEL_INCORRECT_LENGTH;
    tell_watch(cp, status);
    bool chain = chains_commands(cp) && !cp->check && !(status & ~CHAIN_STATUS) &&
                 (status & UNIT_CHANNEL_END);
    if (chain && !(status & UNIT_DEVICE_END) && !(d->pending_status & UNIT_DEVICE_END)) {
        cp->wait = WAIT_DEVICE_END;
        if (cp->burst == BURST_BLOCKS)
            channel_release(cp);
        return false;
    }
    if (chain) {
        d->pending_status &= (uint8_t)~UNIT_DEVICE_END;
        return chain_on(cp, status);
    }
    end_program(cp, status);
    return false;
}

/* SIOF: the device answers only now.  Had it been SIO, what ends or refuses the operation in its
 * initial status would have been condition code 1. */
static bool select_late(struct channel_program *cp)
{
    struct device *d = cp->device;
    cp->selecting = false;
    uint8_t busy = d->pending_status || device_works(d) ? UNIT_BUSY : 0;
    uint8_t initial = device_take_status(d) | busy;
    if (!initial)
        initial = program_initial(cp);
    if (!initial)
        return true;
    cp->deferred_code = 1;
    end_program(cp, initial);
    return false;
}

/* COMMAND_GOES_ON: the device, if it is still ready, takes more of the same command's data. */
static int program_continue(struct channel_program *cp)
{
    struct device *d = cp->device;
    uint8_t initial = d->type->ops->select ? d->type->ops->select(d, cp->command) : 0;
    cp->wait = WAIT_STEP;
    return initial ? initial : d->type->ops->execute(d, cp, cp->command);
}

static void run(struct channel_program *cp)
{
    if (!channel_seize(cp)) {
        cp->wait = WAIT_CHANNEL;
        return;
    }
    if (cp->selecting && !select_late(cp))
        return;
    for (unsigned n = 0; n < COMMANDS_PER_STEP; n++) {
        cp->fresh = false;
        int status = cp->wait == WAIT_DATA ? program_continue(cp) : program_execute(cp, false);
        if (status == COMMAND_GOES_ON) {
            wait_for_event(cp, WAIT_DATA, STEP_DELAY_NS);
            return;
        }
        if (cp->transfer_ns && status != COMMAND_PENDING) {
            cp->held = (uint8_t)status;
            wait_for_event(cp, WAIT_TRANSFER, cp->transfer_ns);
            return;
        }
        if (!take_status(cp, status))
            return;
    }
    program_schedule(cp, STEP_DELAY_NS);
}

static void step(struct machine *m, struct event *event)
{
    (void)m;
    run((struct channel_program *)event);
}

static void transferred(struct machine *m, struct event *event)
{
    struct channel_program *cp = (struct channel_program *)event;
    (void)m;
    if (take_status(cp, cp->held))
        run(cp);
}

void program_set_event(struct channel_program *cp)
{
    cp->event.happen = cp->wait == WAIT_TRANSFER ? transferred : step;
    cp->event.eager = !cp->machine->timed_io;
}

void program_stop(struct channel_program *cp)
{
    struct device *d = cp->device;
    struct machine *m = cp->machine;
    if (cp->wait == WAIT_TRANSFER && cp->event.scheduled) {
        uint64_t now = machine_now(m), rest = cp->motion_ns;
        rest += cp->event.when > now ? cp->event.when - now : 0;
        if (rest)
            device_move(d, rest, UNIT_DEVICE_END);
    }
    event_cancel(&m->events, &cp->event);
    channel_release(cp);
    if (cp->wait == WAIT_COMMAND && d->type->ops->halt)
        d->type->ops->halt(d);
    d->active = NULL;
    if (d->type->ops->chain_end)
        d->type->ops->chain_end(d);
}

void program_device_end(struct channel_program *cp, uint8_t unit_status)
{
    if (cp->halted || (unit_status & ~CHAIN_STATUS))
        end_program(cp, unit_status);
    else if (chain_on(cp, unit_status))
        program_schedule(cp, STEP_DELAY_NS);
}

void channel_command_done(struct device *d, uint8_t unit_status)
{
    struct channel_program *cp = d->active;
    if (cp && cp->wait == WAIT_COMMAND && take_status(cp, unit_status))
        program_schedule(cp, STEP_DELAY_NS);
}

bool channel_is_chained(const struct channel_program *cp)
{
    return cp->chained;
}

uint8_t channel_previous_command(const struct channel_program *cp)
{
    return cp->chained ? cp->previous : 0;
}
