/* Real input/output: queues, starts, interruptions.  See cp/rio.h. */
#include "cp/rio.h"

#include "cp/lowstor.h"
#include "cp/monitor/monitor.h"
#include "cp/s370.h"
#include "cp/state.h"
#include "lib/str.h"

#define BUSY_AGAIN TOD_MILLISECONDS(20)

static void start_next(struct rdev *rdev);

static void unsolicited(struct rdev *rdev, uint8_t status)
{
    if (status && rdev->unsolicited)
        rdev->unsolicited(rdev, status);
    else
        rdev->first_status |= status;
}

static void set_retry(struct rdev *rdev, bool on)
{
    if (rdev->retry == on)
        return;
    rdev->retry = on;
    cp.rio_retries += on ? 1 : -1u;
}

/* The active request is over. */
static void finish(struct rdev *rdev)
{
    struct ioreq *request = rdev->active;
    bool again = request->sense_length && request->retries &&
                 request->sense[0] & (SENSE_DATA_CHECK | SENSE_OVERRUN | SENSE_EQUIPMENT);
    rdev->active = NULL;
    clock_cancel(&rdev->watchdog);
    if (request->sense_length)
        errors_unit_check(request);
    if (again) {
        request->retries--;
        request->sense_length = 0;
        memset(&request->csw, 0, sizeof request->csw);
        list_prepend(&rdev->queue, &request->link);
    } else {
        request->done = true;
        if (request->completed)
            request->completed(request);
        task_wake(request);
    }
    start_next(rdev);
}

static void issue(struct rdev *rdev);

/* Status of the active program, from the SIO or an interruption: merges it; after the device's
 * end goes on to SENSE or finishes. */
static void take_status(struct rdev *rdev, const struct csw *csw, uint8_t cc)
{
    struct ioreq *request = rdev->active;
    /* Busy comes by an interruption if it is that of a chained command. */
    bool ended = csw->unit_status & (UNIT_DEVICE_END | UNIT_CHECK | UNIT_BUSY) ||
                 !csw->unit_status || (cc == 1 && !(csw->unit_status & UNIT_CHANNEL_END));
    if (rdev->sensing) {
        if (!ended)
            return;
        rdev->sensing = false;
        request->sense_length = (uint8_t)(SENSE_MAX - get16(csw->count));
        if (csw->unit_status & UNIT_CHECK || request->sense_length > SENSE_MAX)
            request->sense_length = 1; /* it cannot even tell: sense[0] is equipment check */
        finish(rdev);
        return;
    }
    uint8_t unit = request->csw.unit_status, channel = request->csw.channel_status;
    if (csw->unit_status & UNIT_CHANNEL_END || csw->channel_status || !unit)
        request->csw = *csw;
    request->csw.unit_status |= unit | csw->unit_status;
    request->csw.channel_status |= channel;
    request->cc = cc;
    if (!ended)
        return;
    if (request->csw.unit_status & UNIT_CHECK) {
        request->sense[0] = SENSE_EQUIPMENT;
        ccw_set(&rdev->sense_ccw, CCW_SENSE, request->sense, CCW_SUPPRESS_LENGTH, SENSE_MAX);
        rdev->sensing = true;
        issue(rdev);
        return;
    }
    finish(rdev);
}

#define COLLISION (UNIT_BUSY | UNIT_ATTENTION)

/* SIO for the active request, or for its SENSE. */
static void issue(struct rdev *rdev)
{
    bool collided = false;
    struct ioreq *request = rdev->active;
    const struct ccw *program = rdev->sensing ? &rdev->sense_ccw : request->program;
    uint32_t key = rdev->sensing ? 0 : request->key;
    set_retry(rdev, false);
    for (;;) {
        put32(&lowcore.caw, key << 28 | (uint32_t)program);
        unsigned cc = s370_sio(rdev->address);
        struct csw csw;
        memcpy(&csw, &lowcore.csw, sizeof csw);
        if (cc == 0)
            return;
        if (cc == 3) {
            rdev->sensing = false;
            request->cc = 3;
            finish(rdev);
            return;
        }
        if (cc == 2 || csw.unit_status == UNIT_BUSY ||
            csw.unit_status == (UNIT_BUSY | UNIT_STATUS_MODIFIER)) {
            set_retry(rdev, true);
            clock_request(&cp.rio_clock, tod_now() + BUSY_AGAIN);
            return;
        }
        bool earlier = csw.unit_status && !csw.channel_status &&
                       !(csw.unit_status & (UNIT_CHANNEL_END | UNIT_CHECK));
        /* An adapter whose other side is first says so each time: the guest must look. */
        bool again = collided && rdev->owner && csw.unit_status == COLLISION;
        collided = csw.unit_status == COLLISION;
        if (!again && (csw.unit_status & (UNIT_BUSY | UNIT_ATTENTION) || earlier)) {
            /* It had something to tell first; now it is free. */
            unsolicited(rdev, csw.unit_status & (uint8_t)~UNIT_BUSY);
            continue;
        }
        /* Only the status was stored. */
        csw.key = 0;
        put24(&csw.address, 0);
        put16(&csw.count, 0);
        take_status(rdev, &csw, 1);
        return;
    }
}

/* A guest's channel program may be an endless loop: others have a right to the device too. */
static void watchdog_barks(struct clock_request *request)
{
    struct rdev *rdev = LIST_ENTRY(request, struct rdev, watchdog);
    if (rdev->active)
        s370_hdv(rdev->address);
}

static void start_next(struct rdev *rdev)
{
    if (rdev->active || list_empty(&rdev->queue))
        return;
    struct ioreq *request = LIST_ENTRY(rdev->queue.next, struct ioreq, link);
    list_remove(&request->link);
    rdev->active = request;
    rdev->io_count++;
    cp.real_io++;
    if (rdev->class == CLASS_DASD)
        MONITOR_CALL(MONITOR_SEEKS, SEEKS_REQUEST, rdev);
    if (request->limit) {
        rdev->watchdog.expired = watchdog_barks;
        clock_request(&rdev->watchdog, tod_now() + request->limit);
    }
    issue(rdev);
}

static void retry_all(void)
{
    if (!cp.rio_retries)
        return;
    LIST_EACH(it, &cp.rdevs)
    {
        struct rdev *rdev = LIST_ENTRY(it, struct rdev, link);
        if (rdev->retry && rdev->active)
            issue(rdev);
    }
}

void rio_clock_expired(struct clock_request *request);
void rio_clock_expired(struct clock_request *request)
{
    retry_all();
}

void rio_start(struct ioreq *request)
{
    struct rdev *rdev = request->rdev;
    CP_ASSERT(((uint32_t)request->program & 7) == 0);
    request->done = false;
    request->cc = 0;
    request->sense_length = 0;
    memset(&request->csw, 0, sizeof request->csw);
    list_append(&rdev->queue, &request->link);
    start_next(rdev);
}

bool rio_wait(struct ioreq *request)
{
    while (!request->done)
        task_sleep(request);
    return request->cc != 3 && request->csw.unit_status == (UNIT_CHANNEL_END | UNIT_DEVICE_END) &&
           request->csw.channel_status == 0;
}

bool rio_run(struct rdev *rdev, const struct ccw *program, struct ioreq *request)
{
    memset(request, 0, sizeof *request);
    request->rdev = rdev;
    request->program = program;
    request->retries = 5;
    rio_start(request);
    return rio_wait(request);
}

void rio_halt(struct rdev *rdev)
{
    if (rdev->active)
        s370_hdv(rdev->address);
}

bool rio_cancel(struct ioreq *request)
{
    if (request->done || request->rdev->active == request)
        return false;
    list_remove(&request->link);
    return true;
}

void rio_interrupt(uint16_t address, const struct csw *csw)
{
    struct rdev *rdev = rdev_find(address);
    if (!rdev) { /* a channel that was busy is available */
        retry_all();
        return;
    }
    bool for_program =
        csw->unit_status & (UNIT_CHANNEL_END | UNIT_DEVICE_END | UNIT_CHECK | UNIT_BUSY) ||
        (csw->channel_status & (uint8_t)~CHANNEL_PCI);
    if (csw->unit_status == 0 && csw->channel_status == CHANNEL_PCI) {
        if (rdev->active && !rdev->sensing && rdev->active->pci)
            rdev->active->pci(rdev->active, csw);
        return;
    }
    /* A guest's own adapter ends a program with attention, when the other side's is first. */
    bool only_told = !rdev->owner && csw->unit_status & UNIT_ATTENTION;
    if (rdev->active && !rdev->retry && for_program && !only_told)
        take_status(rdev, csw, 0);
    else
        unsolicited(rdev, csw->unit_status);
    retry_all();
}
