/* The whole screen of the 3270 that the user sits at, for a program: DIAGNOSE 58 of CP.  While a
 * program has the screen an attention is a key for it, not a typed line.  A line that
 * anybody writes to the console ends that; so does CP, for a message or a command of its own, and
 * then the program has to write its screen anew.
 * Source: VM/SP System Programmer's Guide, SC19-6203, "DIAGNOSE Code X'58'". */
#include "cms/nucleus/nucleus.h"

#define SCREEN_WRITE 0x29
#define SCREEN_READ  0x2a
#define ERASE        0x80 /* in the control byte of a write */
#define STRUCTURED   0x20

void screen_leave(void)
{
    if (nuc.screen)
        nuc.attention = false; /* that was a key */
    nuc.screen = false;
}

int screen_size(uint32_t *columns, uint32_t *rows, uint32_t *flags)
{
    uint8_t size[6];

    if (!nuc.under_cp || diagnose_8c(size, sizeof(size)))
        return RC_FAILED;
    *flags = size[0];
    *columns = load_be16(size + 2);
    *rows = load_be16(size + 4);
    return RC_OK;
}

static void wait_for_attention(void)
{
    while (!nuc.attention && !nuc.halt_program)
        io_wait();
    nuc.attention = false;
}

/* The user was disconnected: CP gives attention when he is back and goes on.  A batch job has
 * nobody to wait for. */
static int wait_for_user(void)
{
    if (nuc.sw.reader_input)
        return RC_FAILED;
    wait_for_attention();
    return RC_WARNING;
}

/* One command.  4: CP had the screen. */
static int run(uint8_t command, const void *data, uint32_t length, uint8_t control,
               struct cms_io *io)
{
    struct ccw ccw;

    if (!nuc.under_cp)
        return RC_FAILED;
    ccw_set(&ccw, command, data, CCW_SUPPRESS_LENGTH, length);
    ccw.unused = control;
    io->address = nuc.console;
    io->ccws = (uint32_t)&ccw;
    switch (io_run_display(io)) {
    case 0:
        return RC_OK;
    case IO_NOT_OPERATIONAL:
        return RC_FAILED;
    default:
        break;
    }
    if (!(io->unit_status & UNIT_CHECK))
        return RC_IO_ERROR;
    if (!io->sense[0])
        return RC_WARNING;
    if (io->sense[0] & SENSE_COMMAND_REJECT)
        return RC_FAILED;
    return io->sense[0] & SENSE_INTERVENTION ? wait_for_user() : RC_IO_ERROR;
}

int screen_write(const void *stream, uint32_t length, uint8_t control)
{
    struct cms_io io;
    int rc;

    for (;;) {
        rc = run(SCREEN_WRITE, stream, length, control, &io);
        /* A write of the whole screen is refused as long as typed lines wait. */
        if (rc != RC_WARNING || !(control & ERASE))
            break;
        nuc.attention = false;
        if (!(io.sense[0] & SENSE_INTERVENTION))
            console_take_line();
    }
    if (rc == RC_OK && !nuc.screen) {
        nuc.screen = true;
        nuc.attention = false;
    } else if (rc) {
        screen_leave();
    }
    return rc;
}

int screen_read(void *buffer, uint32_t *length, uint8_t control)
{
    struct cms_io io;

    wait_for_attention();
    int rc = run(SCREEN_READ, buffer, *length, control, &io);
    *length = rc ? 0 : *length - io.residual;
    if (rc)
        screen_leave();
    return rc;
}
