/* Real input/output.  Requests for a device are queued and started one after the other;
 * a request is done at device end.  After a unit check CP reads the sense bytes at once.
 * Addresses in channel programs are real. */
#ifndef CP_RIO_H
#define CP_RIO_H

#include "cp/task.h"
#include "lib/list.h"
#include "s370/arch/ccw.h"

#include <stdbool.h>
#include <stdint.h>

struct vmblok;
struct rdev;
struct ioreq;

enum device_class {
    CLASS_NONE, /* answers, but CP does not know what it is: for ATTACH only */
    CLASS_DASD,
    CLASS_TAPE,
    CLASS_READER,
    CLASS_PUNCH,
    CLASS_PRINTER,
    CLASS_CONSOLE, /* 3215 and like */
    CLASS_GRAPHIC, /* 3270 */
};

#define SENSE_MAX 32

struct rdev {
    struct list link; /* cp.rdevs, by address */
    uint16_t address;
    enum device_class class;
    uint16_t type; /* 0x3350, 0x3215, ...: the number as its hex digits */
    uint8_t model;
    bool online;
    uint8_t first_status; /* unsolicited status that came before `unsolicited` was set */
    bool is_system;       /* CP's own (CP-owned volume, spooling unit record device, terminal) */
    char volser[7];       /* DASD: from its label; empty if it has none */
    bool
        cms_label; /* DASD: the label is that of a CMS disk, which has its name in the same place */
    uint16_t cylinders;   /* DASD */
    uint16_t heads;       /* DASD */
    struct vmblok *owner; /* attached to, or logged on at this terminal */
    uint16_t links;       /* DASD: minidisks in use on it */
    struct list queue;    /* requests, the first is active if `active` */
    struct ioreq *active; /* started, not done */
    /* An interruption that no request waits for; `status` is its unit status.  Must not
     * sleep.  NULL: ignored. */
    void (*unsolicited)(struct rdev *rdev, uint8_t status);
    void *context; /* of the owner of `unsolicited` */
    uint32_t io_count;
    uint16_t arm; /* DASD: the cylinder of the last SEEK that MONITOR has seen */
    /* For cp/io/rio.c. */
    struct clock_request watchdog;
    bool sensing; /* the active program is the SENSE after a unit check */
    bool retry;   /* the start was refused as busy: try again */
    struct ccw sense_ccw;
};

struct ioreq {
    struct list link;
    struct rdev *rdev;
    const struct ccw *program; /* real address of the first CCW, below 16 MiB */
    uint8_t key;               /* 0-15 */
    bool done;
    uint8_t cc;     /* of the SIO that ended it: 0, 1 (CSW stored) or 3 (not operational) */
    struct csw csw; /* status bytes merged from channel end to device end */
    uint8_t sense_length;
    uint8_t sense[SENSE_MAX]; /* after unit check */
    uint8_t retries;          /* how often to try again after an error that may go away */
    uint64_t limit;           /* TOD units after which the program is halted; 0: none */
    /* Called once when done, if not NULL; must not sleep.  The request then belongs to its
     * owner again. */
    void (*completed)(struct ioreq *request);
    /* Called when the program comes to a CCW with PCI, if not NULL; must not sleep. */
    void (*pci)(struct ioreq *request, const struct csw *csw);
    void *context;
};

/* Finds the devices on channels 0-5 and what they are; reads DASD labels.  May sleep. */
void rio_init(void);
/* Asks a device that nobody uses anew what it is and, of a disk, its label; also one that has come
 * to the channel since IPL.  NULL: none there.  May sleep. */
struct rdev *rio_vary_on(uint16_t address);
struct rdev *rdev_find(uint16_t address); /* NULL: none */
struct rdev *rdev_find_volume(const char *volser);
const char *device_class_name(enum device_class class); /* "DASD", "CONS", ... */

/* Queues the request (and starts it if the device is free).  Never sleeps. */
void rio_start(struct ioreq *request);
/* Sleeps until it is done.  True if it ended with channel end and device end and nothing
 * else (unit exception, incorrect length and all else: false; see the CSW). */
bool rio_wait(struct ioreq *request);
/* Both, with `retries` for errors that may go away. */
bool rio_run(struct rdev *rdev, const struct ccw *program, struct ioreq *request);
/* Ends the active request with HALT DEVICE; its completion comes as always. */
void rio_halt(struct rdev *rdev);
/* Takes away a request that is not active yet; false if it is active or done. */
bool rio_cancel(struct ioreq *request);

/* The I/O interruption: from run_guest and the idle wait. */
void rio_interrupt(uint16_t address, const struct csw *csw);

#endif
