/* Virtual devices and virtual channels.  A virtual device has an operations table for its
 * kind.  Simulated devices (console, unit record) implement `command`: CP interprets the
 * guest's channel program and calls it for each CCW.  Others (minidisk, dedicated
 * device) implement `start_io` themselves: the program is translated and given to a real
 * device.
 *
 * All functions run in the task of the VM and may sleep unless noted. */
#ifndef CP_VDEV_H
#define CP_VDEV_H

#include "cp/rio.h"
#include "lib/list.h"
#include "s370/arch/ccw.h"

#include <stdbool.h>
#include <stdint.h>

struct vmblok;
struct vdev;
struct vchannel;

/* What `command` returns instead of a unit status: the device will end the command later
 * with vchannel_end, in the task of the VM. */
#define COMMAND_PENDING 0x100

struct vdev_ops {
    const char *class_name; /* "CONS", "RDR", "PUN", "PRT", "DASD", ... as QUERY VIRTUAL shows it */
    /* One command of the channel program: move data with vchannel_give and vchannel_take,
     * return the unit status (UNIT_...; good is channel end and device end), or
     * COMMAND_PENDING.  `ch->command` is the command. Unit check: set vdev->sense first.
     * SENSE and NOP are done by CP itself.  NULL if start_io is given. */
    unsigned (*command)(struct vdev *vdev, struct vchannel *ch);
    /* The whole SIO at the address in the CAW: returns the condition code; for 1 it has set
     * vdev->csw.  NULL: CP interprets the program with `command`. */
    int (*start_io)(struct vdev *vdev, uint8_t key, uint32_t ccw_address);
    /* HALT: ends what is going on.  NULL: nothing to do. */
    void (*halt)(struct vdev *vdev);
    /* What vdev_post asked for, in the VM's own task.  NULL: nothing to do. */
    void (*work)(struct vdev *vdev);
    /* System reset: forget what is going on (do not close files). NULL: nothing to do. */
    void (*reset)(struct vdev *vdev);
    /* The device goes away (DETACH, LOGOFF): release all. NULL: nothing to do. */
    void (*detach)(struct vdev *vdev);
};

/* A channel program as it is interpreted, for simulated devices. */
struct vchannel {
    bool active;       /* a COMMAND_PENDING command is going on */
    uint8_t key;       /* of the CAW, 0-15 */
    uint8_t command;   /* of the current CCW (the first of a data chain) */
    uint8_t flags;     /* of the current CCW */
    uint8_t control;   /* its sixth byte, which DIAGNOSE 58 looks at */
    uint32_t next;     /* guest real address of the CCW after the current one */
    uint32_t address;  /* where the next byte goes: guest real, or of the next IDAW */
    uint32_t count;    /* bytes left in the current CCW */
    uint32_t ida_left; /* bytes left in the block of the current IDAW */
    uint32_t ida_list; /* guest real address of the next IDAW */
    uint8_t channel_status;
    bool first;       /* the first command of the program */
    bool wanted_more; /* the device had or wanted more than the count */
};

struct vdev {
    struct list link; /* vm->vdevs, by address */
    struct vmblok *vm;
    const struct vdev_ops *ops;
    uint16_t address;
    uint16_t type; /* 0x3215, 0x2540, 0x1403, 0x3350 ... as DIAGNOSE 24 and QUERY show it */
    uint8_t model;
    enum device_class class;
    void *data; /* of the operations: spool file, minidisk, terminal */

    /* Status for the guest. */
    bool busy;        /* an operation is going on */
    bool working;     /* channel end has been given, device end will come unasked */
    bool has_work;    /* ops->work is to be called */
    bool pending;     /* csw waits to be taken by interruption or TIO */
    bool by_diagnose; /* the program that goes on was started by DIAGNOSE 58 */
    bool not_ready;   /* NOTREADY was given: intervention required */
    struct csw csw;
    bool pci; /* a CCW with PCI was come to: pci_csw waits, while the device is busy */
    struct csw pci_csw;
    uint8_t unsolicited;  /* unit status to present when the device is free (attention, DE) */
    uint8_t sense_length; /* 0: sense is zeros */
    uint8_t sense[SENSE_MAX];

    struct vchannel ch;
};

/* Adds a device to the VM.  NULL if the address is in use or there is no storage. */
struct vdev *vdev_create(struct vmblok *vm, uint16_t address, const struct vdev_ops *ops);
struct vdev *vdev_find(struct vmblok *vm, uint16_t address);
/* Ends its I/O, calls ops->detach and frees it. */
void vdev_detach(struct vdev *vdev);
void vdev_reset(struct vdev *vdev);

/* An unsolicited status (UNIT_ATTENTION, UNIT_DEVICE_END) for the guest, kept until the device
 * is free.  From anywhere, never sleeps. */
void vdev_attention(struct vdev *vdev, uint8_t unit_status);
/* Takes it back, unless it has been presented. Never sleeps. */
void vdev_withdraw(struct vdev *vdev, uint8_t unit_status);
/* The program has come to a CCW with PCI; `next` is the guest's CCW behind it.  From anywhere. */
void vdev_pci(struct vdev *vdev, uint8_t key, uint32_t next);
/* Has ops->work called in the task of the VM.  From anywhere, never sleeps. */
void vdev_post(struct vdev *vdev);
/* Calls ops->work of the devices that were posted.  May sleep. */
void vdev_work(struct vmblok *vm);

/* --- for `command` --- */

/* Device to guest storage; returns how many bytes the channel took.  Less than `length`: the
 * count is used up (the rest is lost) or the program made an error. */
uint32_t vchannel_give(struct vdev *vdev, const void *from, uint32_t length);
/* Guest storage to device; returns how many bytes the channel gave. */
uint32_t vchannel_take(struct vdev *vdev, void *to, uint32_t length);
/* How many bytes the channel takes at once: up to the end of the current CCW, or of the next one of
 * a data chain; 0: none, the count is used up. */
uint32_t vchannel_room(struct vdev *vdev);
/* Ends a COMMAND_PENDING command with this unit status and goes on with the chain. */
void vchannel_end(struct vdev *vdev, uint8_t unit_status);
/* Ends it, and the chain with it: HALT. */
void vchannel_halt(struct vdev *vdev);
/* Sets one sense byte and returns channel end, device end and unit check. */
unsigned vdev_check(struct vdev *vdev, uint8_t sense0);

/* --- virtual I/O instructions; the condition code is returned, and CSW has been stored in guest
 * storage where the architecture says so.  `address` is the guest's I/O address. --- */
int vio_start(struct vmblok *vm, uint16_t address);
/* The same for a program that DIAGNOSE 58 names: with commands that only it has. */
int vio_start_diagnose(struct vmblok *vm, uint16_t address, uint32_t ccw_address);
int vio_test(struct vmblok *vm, uint16_t address);
int vio_clear(struct vmblok *vm, uint16_t address);
int vio_halt(struct vmblok *vm, uint16_t address);
int vio_halt_device(struct vmblok *vm, uint16_t address);
int vio_test_channel(struct vmblok *vm, uint16_t address);
int vio_store_channel_id(struct vmblok *vm, uint16_t address);

/* Runs a channel program of the guest to its end and gives the status in vdev->csw, no
 * interruption: IPL, DIAGNOSE 18 and 20.  `key` 0-15; `ccw_address` is guest real.  Condition
 * code: 0 done (look at vdev->csw), 1 ended at once (same), 2 busy, 3 not
 * operational. */
int vio_synchronous(struct vdev *vdev, uint8_t key, uint32_t ccw_address);
/* The pending status of highest priority among channels in `masks` (as CR2): stored as CSW
 * in guest storage and cleared; returns the device, NULL if there is none. */
struct vdev *vio_take_pending(struct vmblok *vm, uint32_t masks);

/* --- minidisks and dedicated devices (cp/io/vdasd.c, vdedicated.c) --- */

extern const struct vdev_ops minidisk_ops;
extern const struct vdev_ops dedicated_ops;

/* A virtual device whose programs a real device runs: cp/io/vreal.c. */
struct vreal {
    struct rdev *rdev;
    struct ioreq request;
    struct translation *translation; /* of the running program */
    /* Called before the guest gets "intervention required", if not NULL.  Must not sleep. */
    void (*lost)(struct vdev *vdev);
    bool resumes; /* the program was cut and goes on at resume_at */
    uint32_t resume_at;
    bool changing; /* the translation is being changed, and ... */
    bool ended;    /* ... the program has ended meanwhile */
    bool leave;    /* dedicated tape: stays loaded when it is detached */
    uint64_t
        account_tod; /* dedicated, or a temporary disk: since when it has not been accounted for */
    /* Dedicated: whose the real device's interruptions were, and will be again. */
    void (*unsolicited)(struct rdev *rdev, uint8_t status);
    void *context;
};

struct minidisk {
    struct vreal real;             /* must be first */
    uint16_t start, cylinders;     /* extent on the real volume */
    uint16_t at_cylinder, at_head; /* where the virtual arm is */
    bool read_only;
    bool temporary;         /* its cylinders are TDSK space: cp/tdisk.h */
    char owner[9];          /* whose MDISK statement this is, and its address there: what */
    uint16_t owner_address; /* LINK compares to find other links */
};

/* Adds a minidisk at `address`; NULL if the address is in use or there is no storage. */
struct vdev *minidisk_create(struct vmblok *vm, uint16_t address, struct rdev *rdev, uint16_t start,
                             uint16_t cylinders, bool read_only);
static inline struct minidisk *minidisk_of(struct vdev *vdev)
{
    return vdev->data;
}
struct vdev *dedicated_create(struct vmblok *vm, uint16_t address, struct rdev *rdev,
                              bool read_only);

/* Spool devices: cp/spool; console: cp/vconsole.c.  Each makes the vdev with its data. */
struct vdev *vconsole_create(struct vmblok *vm, uint16_t address, uint16_t type);
struct vdev *vspool_create(struct vmblok *vm, uint16_t address, uint16_t type, char spool_class);

#endif
