/* Channel programs: START I/O and waiting for its end; what other devices present meanwhile
 * (the attention key above all) is kept.  GA22-7000, "Input/Output Operations". */
#include "cms/nucleus/nucleus.h"
#include "s370/arch/lowcore.h"

#define LOWCORE ((struct lowcore *)page_zero)

/* The CSW and the address at an I/O interruption: unsolicited status is noted. */
static void note_unsolicited(uint32_t device, const struct csw *csw)
{
    if (event_note(device, csw) || handler_io(device, csw))
        return;
    if (device == nuc.console && (csw->unit_status & UNIT_ATTENTION))
        nuc.attention = true;
    if (device == CARD_READER && (csw->unit_status & UNIT_DEVICE_END))
        nuc.reader_ready = true;
}

static void copy_csw(struct csw *csw)
{
    memcpy(csw, &LOWCORE->csw, sizeof(*csw));
}

/* BC mode: the device's address is the interruption code in the old PSW. */
static uint32_t interrupting_device(void)
{
    return load_be16(LOWCORE->io_old.b + 2);
}

static void add_status(struct cms_io *io, const struct csw *csw)
{
    io->unit_status |= csw->unit_status;
    io->channel_status |= csw->channel_status;
    if (csw->unit_status & (UNIT_CHANNEL_END | UNIT_CHECK)) {
        io->residual = (uint16_t)get16(csw->count);
        io->last_ccw = get24(csw->address);
    }
}

/* Waits until `device` has presented something; other devices are noted. */
static void wait_for_device(uint32_t device, struct csw *csw)
{
    for (;;) {
        clock_wait_begins();
        wait_for_io();
        clock_wait_ends();
        copy_csw(csw);
        if (interrupting_device() == device)
            return;
        note_unsolicited(interrupting_device(), csw);
    }
}

static bool finished(const struct cms_io *io)
{
    return (io->unit_status & (UNIT_DEVICE_END | UNIT_CHECK)) || (io->channel_status & 0x3e);
}

static void read_sense(struct cms_io *io)
{
    struct ccw sense;
    struct csw csw;

    memset(io->sense, 0, sizeof(io->sense));
    ccw_set(&sense, CCW_SENSE, io->sense, CCW_SUPPRESS_LENGTH, sizeof(io->sense));
    put32(&LOWCORE->caw, (uint32_t)&sense);
    for (;;) {
        int cc = sio(io->address);
        if (cc == 0)
            wait_for_device(io->address, &csw);
        if (cc != 1)
            return;
        /* It had something to say before, a device end that nobody must miss. */
        copy_csw(&csw);
        if (!(csw.unit_status & UNIT_BUSY))
            return;
        note_unsolicited(io->address, &csw);
        if (csw.unit_status == UNIT_BUSY)
            wait_for_device(io->address, &csw);
    }
}

static int outcome(struct cms_io *io)
{
    if (io->unit_status & UNIT_CHECK)
        read_sense(io);
    bool bad = (io->unit_status & UNIT_CHECK) || (io->channel_status & 0x3f);
    return bad ? 1 : 0;
}

/* Starts the program with START I/O, or with DIAGNOSE 58. */
static int start(const struct cms_io *io, bool display)
{
    uint32_t ccws = io->ccws & 0x00ffffff;

    if (display)
        return diagnose_58(ccws, io->address);
    put32(&LOWCORE->caw, ccws);
    return sio(io->address);
}

static int run(struct cms_io *io, bool display)
{
    struct csw csw;
    bool started = false;

    io->unit_status = io->channel_status = 0;
    io->residual = 0;
    while (!started) {
        switch (start(io, display)) {
        case 0:
            started = true;
            break;
        case 1:
            copy_csw(&csw);
            if (csw.unit_status & UNIT_BUSY) {
                /* Busy, or busy with status that was pending: that is cleared, try again. */
                note_unsolicited(io->address, &csw);
                if (csw.unit_status == UNIT_BUSY)
                    wait_for_device(io->address, &csw);
                break;
            }
            add_status(io, &csw);
            started = true;
            break;
        case 2: /* the channel or subchannel is busy or has an interruption pending */
            clock_wait_begins();
            wait_for_io();
            clock_wait_ends();
            copy_csw(&csw);
            note_unsolicited(interrupting_device(), &csw);
            break;
        default:
            return IO_NOT_OPERATIONAL;
        }
    }
    /* A line that gave attention before a READ began is what the READ will get; attention from
     * now on means another line. */
    if (nuc.reading && io->address == nuc.console)
        nuc.attention = false;
    while (!finished(io)) {
        wait_for_device(io->address, &csw);
        /* Attention may come by itself or together with the end. */
        if (csw.unit_status & UNIT_ATTENTION)
            note_unsolicited(io->address, &csw);
        csw.unit_status &= (uint8_t)~UNIT_ATTENTION;
        if (csw.unit_status || csw.channel_status)
            add_status(io, &csw);
    }
    return outcome(io);
}

int io_run(struct cms_io *io)
{
    return run(io, false);
}

int io_run_display(struct cms_io *io)
{
    return run(io, true);
}

int io_simple(uint32_t device, uint8_t command, const void *data, uint32_t count, struct cms_io *io)
{
    struct ccw ccw;

    ccw_set(&ccw, command, data, CCW_SUPPRESS_LENGTH, count);
    io->address = device;
    io->ccws = (uint32_t)&ccw;
    return io_run(io);
}

void io_note(void)
{
    struct csw csw;

    copy_csw(&csw);
    note_unsolicited(interrupting_device(), &csw);
}

void io_wait(void)
{
    clock_wait_begins();
    wait_for_io();
    clock_wait_ends();
    io_note();
}

/* An I/O interruption of a program: only what nobody waited for. */
void io_interrupt(struct interrupt_frame *frame)
{
    end_wait(frame);
    io_note();
    console_attention();
}
