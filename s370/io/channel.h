/* Channels: they run channel programs, keep status until it is taken, and interrupt.
 * The CPU calls the I/O instructions here; devices call what moves data.
 * Source: GA22-7000, "Input/Output Operations". */
#ifndef S370_IO_CHANNEL_H
#define S370_IO_CHANNEL_H

#include "s370/arch/ccw.h"
#include "s370/io/device.h"

#include <stdbool.h>
#include <stdint.h>

struct machine;
struct saved;
struct channels;

enum channel_type {
    CHANNEL_BYTE,     /* byte multiplexer: channel 0, if nothing else is said */
    CHANNEL_SELECTOR, /* one subchannel, always in burst mode */
    CHANNEL_BLOCK,    /* block multiplexer: the others; a selector for operations that begin while
                         bit 0 of control register 0 is zero */
};

/* Installs channel `n` (0 to 15) as of this type; `shared`: bit 0, the leftmost, means that units
 * 00 to 0F share a subchannel, and so on. */
void channel_install(struct machine *m, unsigned n, enum channel_type type, uint16_t shared);

struct channels *channels_create(struct machine *m);
void channels_destroy(struct channels *c); /* detaches and destroys all devices */
void channels_reset(struct machine *m);    /* system reset */

/* Saves or restores all devices; on the way back they are the same ones. */
void channels_saved(struct machine *m, struct saved *s);

/* --- for the CPU: each returns the condition code, and has stored CSW where the
 * architecture says so.  `address` is bits 16-31 of the operand address. --- */
int channel_start_io(struct machine *m, uint16_t address, bool fast_release); /* SIO, SIOF */
int channel_test_io(struct machine *m, uint16_t address);
int channel_clear_io(struct machine *m, uint16_t address);
int channel_halt_io(struct machine *m, uint16_t address);
int channel_halt_device(struct machine *m, uint16_t address);
int channel_test_channel(struct machine *m, uint16_t address);
/* CLRCH: a reset of the channel and its devices. */
int channel_clear_channel(struct machine *m, uint16_t address);
int channel_store_id(struct machine *m, uint16_t address); /* STIDC, stores at A8 */

/* True if an interruption is pending on a channel in `masks` (bit 0 leftmost = channel 0,
 * as in CR2). */
bool channel_pending(const struct machine *m, uint32_t masks);
/* Takes the one of highest priority: stores the CSW at 40 and returns the device address
 * through *address. False if there is none. */
bool channel_take_interrupt(struct machine *m, uint32_t masks, uint16_t *address);

/* --- for IPL: reads 24 bytes to 0 with the implied READ IPL and chains on; the result is
 * delivered to `done` with the CSW's status halves (0x0c00 is good). --- */
const char *channel_ipl(struct machine *m, uint16_t address,
                        void (*done)(struct machine *m, uint16_t address, uint16_t status));

/* --- for the operator --- */

/* The channel's equipment fails in the device's next command (`check` is CHANNEL_DATA_CHECK; in one
 * that moves data), CHANNEL_CONTROL_CHECK or CHANNEL_INTERFACE_CHECK: it ends with that, and with
 * its CSW the limited channel logout is stored. */
void channel_break(struct device *d, uint8_t check);

/* --- for the glass box --- */

enum channel_watch_kind {
    WATCH_START,        /* SIO: condition_code, ccw_address (of the CAW), and status if code 1 */
    WATCH_COMMAND,      /* a command has ended: ccw_address, ccw, residual, status */
    WATCH_INTERRUPTION, /* it was taken: csw */
};

struct channel_watch_event {
    enum channel_watch_kind kind;
    const struct device *device;
    int condition_code;
    uint32_t ccw_address;
    struct ccw ccw;    /* as it was when the command began (of a data chain: the first) */
    uint32_t residual; /* count of the CCW that was current at the end */
    uint8_t unit_status, channel_status;
    struct csw csw;
};

/* Calls `watch` for each of these events; NULL: no more. It must not change anything. */
void channel_set_watch(struct machine *m,
                       void (*watch)(void *context, const struct channel_watch_event *event),
                       void *context);

/* --- for devices, during a command --- */

/* Bytes still wanted or offered by the current CCW and its data chain are not known in
 * advance: move what you have and look at the return value. */

/* Device to storage. Returns how many bytes the channel took (the rest exceeded the count,
 * or the program was stopped by a check). */
uint32_t channel_give(struct channel_program *cp, const void *from, uint32_t length);
/* Storage to device. Returns how many bytes the channel gave. */
uint32_t channel_take(struct channel_program *cp, void *to, uint32_t length);
/* The same for a device that takes what there is: a shorter count is no incorrect length. */
uint32_t channel_take_any(struct channel_program *cp, void *to, uint32_t length);
/* How many bytes the current CCW still has (of a data chain, not those behind it). */
uint32_t channel_count(const struct channel_program *cp);
/* True when no more bytes can be moved by the current command. */
bool channel_exhausted(const struct channel_program *cp);
/* True when a channel check (protection, program, ...) has ended the data. */
bool channel_stopped(const struct channel_program *cp);
/* Facts about the chain for devices whose commands depend on it (DASD). */
bool channel_is_chained(const struct channel_program *cp); /* not the first command */
uint8_t channel_previous_command(const struct channel_program *cp);
/* How long the command lasts (ns): before its channel end, and from there to its device end, which
 * then comes alone.  What is said several times adds up.  Nothing, unless I/O takes time
 * (m->timed_io). The status that execute() returns is presented at these times. */
void channel_takes(struct channel_program *cp, uint64_t ns);
void channel_moves(struct channel_program *cp, uint64_t ns);
/* Ends a COMMAND_PENDING command with this unit status. */
void channel_command_done(struct device *d, uint8_t unit_status);

#endif
