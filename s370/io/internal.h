/* What the files of s370/io share: channels, subchannels and the channel program they run.
 *
 * Every device has a structure of a subchannel.  On multiplexers most of them are indeed
 * subchannels of their own; where some share one, and on a selector channel where all do, no
 * more than one of them is in use.  A subchannel is available, working, or holds the status of an
 * ended operation until an interruption, TIO or CLRIO takes it.  While an operation has the channel
 * for itself (burst mode) nobody else gets it.  GA22-7000, "Input/Output Operations". */
#ifndef S370_IO_INTERNAL_H
#define S370_IO_INTERNAL_H

#include "s370/event.h"
#include "s370/io/channel.h"

#include <stdbool.h>
#include <stdint.h>

#define CHANNELS 16

/* Delays in ns of machine time: of the first command after SIO, and between the steps of a
 * long program.  A step executes at most so many commands. */
#define START_DELAY_NS    20000u
#define STEP_DELAY_NS     2000u
#define COMMANDS_PER_STEP 64u

enum subchannel_state {
    SUBCHANNEL_AVAILABLE,
    SUBCHANNEL_WORKING, /* a channel program runs */
    SUBCHANNEL_ENDED,   /* its status waits in `end_unit`, `end_channel` */
};

enum program_wait {
    WAIT_STEP,       /* for the event */
    WAIT_COMMAND,    /* for channel_command_done */
    WAIT_DEVICE_END, /* for device end, to chain on */
    WAIT_TRANSFER,   /* for the event: the time of the command's transfer is over */
    WAIT_CHANNEL,    /* for the channel, which is in burst mode with another one */
    WAIT_DATA,       /* for the event: the command goes on with its data */
};

/* When an operation has the channel for itself. */
enum burst {
    BURST_NEVER,  /* a byte now and then: unit record, consoles on a byte multiplexer */
    BURST_BLOCKS, /* not while it waits for device end: block multiplexer */
    BURST_WHOLE,  /* until the channel end of the chain: selector */
};

/* A subchannel, and the program it runs. */
struct channel_program {
    struct event event; /* the next step */
    struct machine *machine;
    struct device *device;
    enum subchannel_state state;
    enum program_wait wait;
    bool fresh; /* the first command has not been executed yet */
    enum burst burst;
    bool selecting;        /* SIOF: the device has not answered yet */
    uint8_t deferred_code; /* ... and then it had to refuse: this condition code, for the CSW */

    uint8_t key;       /* of the CAW, in the low half */
    uint32_t next;     /* address of the next CCW */
    uint32_t csw_next; /* CCW address for the CSW: the last one used, plus 8 */

    /* The current CCW. */
    uint8_t command; /* of the command, also while data chaining */
    uint8_t flags;
    uint32_t data;   /* where the next byte goes to or comes from */
    uint32_t idaw;   /* address of the next IDAW, if flags has CCW_INDIRECT */
    bool idaw_due;   /* the next byte needs a new IDAW */
    bool idaw_first; /* ... the first of the CCW, which may point anywhere */
    uint32_t count;  /* residual */

    /* The CCW with which the command began, for the watch. */
    uint32_t began_at;
    struct ccw began;

    bool moved;       /* the command has moved, or tried to move, data */
    bool wanted_more; /* the device had bytes left when the count was used up */
    bool chained;     /* the command was reached by command chaining */
    uint8_t previous; /* the command before it */
    bool halted;      /* by HIO or HDV: it ends with the device's next status */
    uint8_t held;     /* WAIT_TRANSFER: status that ends the command */
    /* Time of the command (ns), under timed I/O: before channel end, from there to device end. */
    uint64_t transfer_ns, motion_ns;
    uint8_t check;       /* channel status: errors of this program so far */
    bool pci;            /* a program-controlled interruption waits */
    uint8_t end_unit;    /* status of the ended operation */
    uint8_t end_channel; /* without the PCI bit, see `pci` */

    /* IPL: called instead of an interruption. */
    void (*ipl_done)(struct machine *m, uint16_t address, uint16_t status);
};

struct channel {
    enum channel_type type;
    bool installed;                /* by the configuration; else when it has a device */
    uint16_t shared;               /* bit 0 leftmost: units 00 to 0F share a subchannel */
    struct device *devices;        /* in order of address */
    unsigned interrupting;         /* how many of them have something to interrupt with */
    struct channel_program *burst; /* it has the channel, or NULL */
    bool tell_available;           /* someone found it busy: channel-available interruption */
    /* SIOF to a unit that is not there: its address, until that was told (deferred code 3). */
    bool absent;
    uint16_t absent_address;
};

struct channels {
    struct channel channel[CHANNELS];
    uint32_t pending;  /* bit 0 leftmost = channel 0: something to interrupt with */
    char message[256]; /* of device_attach */
    void (*watch)(void *context, const struct channel_watch_event *event); /* or NULL */
    void *watch_context;
};

/* --- program.c --- */

/* Fetches the CCW at cp->next.  `data_chaining`: its command code does not count.  False:
 * cp->check says why. */
bool program_fetch(struct channel_program *cp, bool data_chaining);
/* Makes `command` with these operands current, as if fetched. */
void program_set(struct channel_program *cp, uint8_t command, uint32_t address, uint8_t flags,
                 uint32_t count);
/* The initial status: selects the device with the current command and executes it if it is
 * immediate.  0: the command is not ended by that. */
uint8_t program_initial(struct channel_program *cp);
/* Takes up the program `delay` ns from now. */
void program_schedule(struct channel_program *cp, uint64_t delay);
/* What happens at the program's event, by cp->wait. */
void program_set_event(struct channel_program *cp);
/* Stops a working program: no more events, the device halted.  The device comes to its own end
 * later if its mechanics have something to do: it works then. */
void program_stop(struct channel_program *cp);
/* Device end (and more) from a device whose program waits for it. */
void program_device_end(struct channel_program *cp, uint8_t unit_status);

/* --- device.c --- */

/* The mechanics of a device move for `ns`; then it presents `end`. */
void device_move(struct device *d, uint64_t ns, uint8_t end);
/* True while they do: a new operation finds the device busy. */
bool device_works(const struct device *d);
/* Takes the status that the device holds, if any; what came later is next. */
uint8_t device_take_status(struct device *d);

/* --- channel.c --- */

struct channel *channel_of(const struct device *d);
/* How an operation that begins now uses the device's channel. */
enum burst channel_burst_kind(struct device *d);
/* Takes the channel for a program that wants it for itself. False: another one has it. */
bool channel_seize(struct channel_program *cp);
/* The opposite; programs that have waited for the channel go on. */
void channel_release(struct channel_program *cp);
/* The device whose operation is in the subchannel of `d`, or NULL if that is available. */
struct device *channel_subchannel_user(struct device *d);
void channel_store_csw(struct machine *m, uint8_t key, uint32_t address, uint8_t unit,
                       uint8_t channel, uint32_t count);
/* Stores the CSW of an ended operation and makes the subchannel available. */
void channel_take_ended(struct device *d);
/* Stores the CSW of status that the device holds; `busy`: 0, or to be added. */
void channel_take_device_status(struct device *d, uint8_t busy);
/* Ends the data of a working program at once, and the device's work if that has no mechanical
 * part. */
void channel_end_at_once(struct device *d);
void channel_reset_device(struct device *d);

/* --- logout.c --- */

/* A command has been executed: the status it ends with if the channel has failed, else `status`. */
uint8_t logout_check(struct channel_program *cp, uint8_t status);
/* Stores the limited channel logout for the CSW of the ended operation, if that has such an error.
 */
void logout_store(struct channel_program *cp);

/* --- channel.c --- */

/* Recomputes what is pending in channel `n`. */
void channel_update(struct machine *m, unsigned n);

void channel_tell_watch(struct machine *m, const struct channel_watch_event *event);
/* Recomputes whether the device has something to interrupt with. */
void channel_update_pending(struct device *d);

#endif
