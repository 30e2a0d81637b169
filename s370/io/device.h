/* Devices as the channel sees them.  A device type is one file of s370/devices/ with a
 * `struct device_type`, and one row in s370/devices/types.c.
 *
 * A device executes one command at a time.  For each CCW the channel calls
 * ops->execute(); the device moves bytes with channel_take() and channel_give()
 * (s370/io/channel.h), which do data chaining, indirect addressing, skipping and
 * protection, and returns unit status; or COMMAND_PENDING, and later, from an event or a
 * host callback, calls channel_command_done().  Everything runs on the one thread, between
 * instructions. */
#ifndef S370_IO_DEVICE_H
#define S370_IO_DEVICE_H

#include "s370/event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct machine;
struct saved;
struct device;
struct channel_program; /* s370/io/channel.h */

#define SENSE_MAX 32

/* Returned by execute() instead of unit status. */
#define COMMAND_PENDING 0x100
#define COMMAND_GOES_ON 0x200

struct device_ops {
    /* Unit status at the selection for `command`: 0 to go on, or unit check (with sense set)
     * for a device that is not ready.  NULL: always ready. Not called for SENSE, SENSE ID. */
    uint8_t (*select)(struct device *d, uint8_t command);
    /* Executes `command` (never TIC, SENSE, SENSE ID or NOP,
     * which the channel does) and returns unit status
     * (UNIT_CHANNEL_END | ...) or COMMAND_PENDING; or COMMAND_GOES_ON if it has moved much and is
     * to be called again for the rest: a data chain may be a loop, and only HIO ends it. */
    int (*execute)(struct device *d, struct channel_program *cp, uint8_t command);
    /* A channel program has ended (also by halt or reset): the place to flush to the host.
     * NULL: nothing to do. */
    void (*chain_end)(struct device *d);
    /* HIO/HDV, system reset, CLRIO while a command is pending: stop it; no status follows. */
    void (*halt)(struct device *d);
    /* HIO/HDV while the device still does what has given channel end: it may end that, with
     * device_status().  NULL: it goes on, as mechanics do. */
    void (*cancel)(struct device *d);
    /* Resets the device to its state after power-on (selective or system reset). */
    void (*reset)(struct device *d);
    /* Closes media; the device is going away. */
    void (*destroy)(struct device *d);
    /* One line for the operator's `devlist`: what is mounted. */
    void (*describe)(struct device *d, char *text, size_t size);
    /* Mounts other media (operator's devinit): arguments as in the configuration. Returns
     * NULL, or a message (static or in d->message). NULL: not possible for this type. */
    const char *(*mount)(struct device *d, int argc, char **argv);
    /* Saves the device's own state, or restores it (s370/saved.h); the subchannel's is there
     * already, and the device was reset.  What is mounted is the same then.  NULL: a machine with
     * such a device cannot be saved. */
    void (*saved)(struct device *d, struct saved *s);
    /* What is mounted, for saved states: the file's name, and a checksum of what it holds that
     * the state depends on.  NULL, also as a function: nothing is. */
    const char *(*medium)(struct device *d, uint32_t *checksum);
    /* The operator's commands for shadow files, "sf+" and so on, with their operand or "". Returns
     * NULL, or a message (static or in d->message).  NULL: the type has none. */
    const char *(*shadow)(struct device *d, const char *command, const char *word);
};

struct device_type {
    const char *name;    /* as in the configuration: "3350" */
    const char *class;   /* "DASD", "RDR", "PCH", "PRT", "CON", "TAPE", "CTCA" */
    size_t size;         /* of the type's own structure, which begins with struct device */
    uint8_t sense_id[7]; /* answer to SENSE ID: FF, CU type, CU model, type, model; a first
                            byte of 0: the command is rejected */
    uint8_t sense_bytes; /* how many bytes SENSE gives */
    const struct device_ops *ops;
    const uint8_t *immediate; /* control commands beside NOP that move no data and end in the
                                 initial status, up to a 0; may be NULL */
    /* Attaches the device with the configuration's arguments. Returns NULL, or a message
     * that says what is wrong with which file or argument (static or in d->message). */
    const char *(*create)(struct device *d, int argc, char **argv);
    const char *options; /* for messages and docs: "FILE [ro] [cow]" */
    uint32_t cycle_us;   /* of a card or a line, under timed I/O */
};

struct device {
    const struct device_type *type;
    struct machine *machine;
    struct device *next;      /* on its channel */
    uint16_t address;         /* channel in the high byte, unit in the low */
    uint8_t sense[SENSE_MAX]; /* what SENSE will give; the device sets it with UNIT_CHECK */
    struct channel_program *subchannel;
    struct channel_program *active; /* the program being executed, or NULL */
    uint8_t pending_status;         /* unsolicited or secondary unit status to be presented */
    uint8_t next_status;            /* and after that: a device end that is not like the other */
    uint8_t broken;        /* channel status that the next command ends with: channel_break */
    bool interrupts;       /* it has something to interrupt with */
    struct event motion;   /* timed I/O: the device works, until this */
    uint8_t motion_status; /* ... and then presents this */
    char message[256];     /* room for messages of create and mount */
};

/* The table of types, ending with a NULL name; device_type_find returns NULL if unknown. */
extern const struct device_type *const device_types[];
const struct device_type *device_type_find(const char *name);

/* Attaches a device of the named type. Returns NULL, or a message to print. */
const char *device_attach(struct machine *m, uint16_t address, const char *type, int argc,
                          char **argv);
const char *device_detach(struct machine *m, uint16_t address);
struct device *device_find(struct machine *m, uint16_t address);
/* The devices in order of address: give NULL to start. */
struct device *device_next(struct machine *m, struct device *d);

/* For saved states: is the device in the middle of a command (COMMAND_PENDING)? */
bool device_waits_for_command(const struct device *d);

/* Presents unsolicited status (attention, device end after not ready), or'ed to what is
 * pending; an interruption follows when the channel is free and the mask allows. */
void device_status(struct device *d, uint8_t unit_status);

/* The opposite: such status has lost its reason before it was presented. */
void device_status_withdraw(struct device *d, uint8_t unit_status);

/* Sets sense byte 0 (others zero) and returns channel end, device end and unit check. */
int device_check(struct device *d, uint8_t sense0);

#endif
