/* Real unit record devices: what their tasks have in common. */
#include "cp/spool/unit.h"
#include "cp/spool/cpspool.h"

#include "cp/message.h"
#include "cp/state.h"
#include "cp/task.h"
#include "lib/fmt.h"
#include "lib/str.h"

#define RETRY_SECONDS 20u

void unit_name(const struct unit *u, char *to)
{
    fmt(to, UNIT_NAME, "%s %03X", spool_kind_name(u->kind), (unsigned)u->rdev->address);
}

struct unit *unit_find(uint16_t address)
{
    LIST_EACH(it, &cp.spool->units)
    {
        struct unit *u = LIST_ENTRY(it, struct unit, link);
        if (u->rdev->address == address)
            return u;
    }
    return NULL;
}

void unit_wake(struct unit *u)
{
    task_wake(u);
}

void spool_wake_units(void)
{
    LIST_EACH(it, &cp.spool->units)
    unit_wake(LIST_ENTRY(it, struct unit, link));
}

void unit_sleep(struct unit *u)
{
    task_sleep_until(u, tod_now() + TOD_MILLISECONDS(1000u * RETRY_SECONDS));
}

/* Made ready: a deck was put in, paper was loaded. */
static void unit_unsolicited(struct rdev *rdev, uint8_t status)
{
    struct unit *u = rdev->context;
    if (status & UNIT_DEVICE_END) {
        u->more_cards = true;
        unit_wake(u);
    }
}

void unit_intervention(struct unit *u, const char *why)
{
    char name[UNIT_NAME];
    unit_name(u, name);
    if (!u->waiting)
        operator_printf("%s %s", name, why);
    u->waiting = true;
    unit_sleep(u);
}

void unit_broken(struct unit *u, const char *why)
{
    char name[UNIT_NAME];
    unit_name(u, name);
    operator_printf("DMKUNT501E %s %s; DRAINED", name, why);
    u->drained = true;
    u->draining = false;
}

bool unit_put(struct unit *u, uint8_t command, const void *data, unsigned length)
{
    unsigned n = u->used;
    if (length > UNIT_WIDTH)
        length = UNIT_WIDTH;
    memcpy(u->buffer->data[n], data, length);
    if (!length) { /* a count of 0 is no CCW; a blank prints nothing */
        u->buffer->data[n][0] = ' ';
        length = 1;
    }
    ccw_set(&u->buffer->ccw[n], command, u->buffer->data[n],
            CCW_SUPPRESS_LENGTH | CCW_CHAIN_COMMAND, (uint16_t)length);
    u->used++;
    return u->used < UNIT_BATCH || unit_run(u);
}

/* What to do after the CCW that ended the program with other than good status. */
enum after { GO_ON, AGAIN, GIVE_UP };

static enum after look_at_end(struct unit *u, unsigned *errors)
{
    const struct ioreq *io = &u->io;
    if (!(io->csw.unit_status & UNIT_CHECK)) {
        if (io->csw.channel_status & ~(unsigned)CHANNEL_INCORRECT_LENGTH)
            return ++*errors < 5 ? AGAIN : GIVE_UP;
        return GO_ON; /* channel 12, or nothing bad */
    }
    uint8_t sense = io->sense[0];
    if (sense & (SENSE_INTERVENTION | SENSE_EQUIPMENT)) {
        unit_intervention(u, sense & SENSE_INTERVENTION ? "INTERVENTION REQUIRED"
                                                        : "EQUIPMENT CHECK, INTERVENTION REQUIRED");
        return AGAIN;
    }
    if (!(sense & ~(SENSE_DATA_CHECK | 0x01)))
        return GO_ON; /* channel 9, or a character that does not print: the line is out */
    return ++*errors < 5 ? AGAIN : GIVE_UP;
}

bool unit_run(struct unit *u)
{
    unsigned first = 0, last = u->used, errors = 0;
    u->used = 0;
    if (!last)
        return true;
    u->buffer->ccw[last - 1].flags &= (uint8_t)~CCW_CHAIN_COMMAND;
    while (first < last) {
        bool good = rio_run(u->rdev, &u->buffer->ccw[first], &u->io);
        if (u->io.cc == 3) {
            unit_broken(u, "NOT OPERATIONAL");
            return false;
        }
        if (good)
            break;
        const uint8_t *end = (const uint8_t *)(uintptr_t)get24(u->io.csw.address);
        unsigned done = (unsigned)(end - (const uint8_t *)u->buffer->ccw) / sizeof(struct ccw);
        if (done > first && done <= last)
            first = done - 1; /* the CCW that ended it */
        switch (look_at_end(u, &errors)) {
        case GO_ON:
            first++;
            break;
        case AGAIN:
            if (u->request == REQUEST_NONE || u->request == REQUEST_BACKSPACE)
                break;
            return true; /* flushed: the rest of the buffer is not wanted */
        case GIVE_UP:
            unit_broken(u, "IN ERROR");
            return false;
        }
    }
    u->waiting = false;
    return true;
}

static bool withheld(void *context, const char *owner)
{
    const struct unit *u = context;
    LIST_EACH(it, &cp.spool->held)
    {
        struct held_user *h = LIST_ENTRY(it, struct held_user, link);
        if (!strcmp(h->userid, owner) && h->kinds >> u->kind & 1)
            return true;
    }
    return false;
}

struct spool_file *unit_select(struct unit *u)
{
    return u->drained ? NULL : spool_select_output(the_spool(), u->kind, u->classes, withheld, u);
}

void unit_process(struct unit *u, struct spool_file *f,
                  bool (*copy_out)(struct unit *u, unsigned copy))
{
    struct spool *s = the_spool();
    char name[UNIT_NAME];
    unit_name(u, name);
    if (spool_read_open(s, &u->reader, f) != SPOOL_OK) {
        unit_sleep(u); /* no storage: later */
        return;
    }
    operator_printf("%s OUTPUT OF %-8s FILE = %04d RECDS = %06d COPY = %02d %c %s", name, f->owner,
                    (int)f->id, (int)f->records, (int)f->copies, f->class,
                    spool_kind_name(f->kind));
    bool good = true, hold = false;
    u->single = false;
    for (unsigned copy = 1; good && !hold; copy++) {
        u->request = REQUEST_NONE;
        spool_read_rewind(&u->reader);
        good = copy_out(u, copy);
        hold = u->request == REQUEST_FLUSH_HOLD;
        if (!good || hold || u->request == REQUEST_FLUSH_ALL || f->copies <= 1)
            break;
        f->copies--;
        spool_update(s, f);
    }
    u->request = REQUEST_NONE;
    u->used = 0;
    spool_read_close(s, &u->reader);
    if (good && !hold) {
        spool_delete(s, f);
    } else if (hold) {
        f->hold |= SPOOL_HOLD_SYSTEM;
        spool_update(s, f);
    }
    if (u->draining || u->manual) {
        u->draining = false;
        u->drained = true;
        operator_printf("%s DRAINED", name);
    }
}

static void unit_start(struct rdev *rdev, unsigned kind, void (*main)(void *), bool drained,
                       char *names, size_t size)
{
    char name[UNIT_NAME];
    struct unit *u = cp_alloc(sizeof *u);
    struct unit_buffer *buffer = cp_alloc(SPOOL_PAGE);
    if (!u || !buffer) {
        operator_printf("NO STORAGE FOR UNIT RECORD DEVICE %03X", (unsigned)rdev->address);
        return;
    }
    u->rdev = rdev;
    u->kind = (uint8_t)kind;
    u->buffer = buffer;
    u->separator = true;
    u->more_cards = true;
    u->drained = drained;
    str_copy(u->classes, kind == SPOOL_PUNCH ? "AC" : "A", sizeof u->classes);
    rdev->is_system = true;
    rdev->context = u;
    rdev->unsolicited = unit_unsolicited;
    list_append(&cp.spool->units, &u->link);
    fmt(name, sizeof name, "%s%03X", spool_kind_name(kind), (unsigned)rdev->address);
    task_create(name, NULL, main, u);
    unit_name(u, name);
    size_t n = strlen(names);
    fmt(names + n, size - n, "%s%s", n ? ", " : "", name);
}

void units_start(bool drained)
{
    char names[MESSAGE_MAX - 40] = "";
    LIST_EACH(it, &cp.rdevs)
    {
        struct rdev *rdev = LIST_ENTRY(it, struct rdev, link);
        if (!rdev->online || rdev->owner)
            continue;
        if (rdev->class == CLASS_READER)
            unit_start(rdev, SPOOL_READER, real_reader_main, drained, names, sizeof names);
        else if (rdev->class == CLASS_PUNCH)
            unit_start(rdev, SPOOL_PUNCH, real_punch_main, drained, names, sizeof names);
        else if (rdev->class == CLASS_PRINTER)
            unit_start(rdev, SPOOL_PRINTER, real_printer_main, drained, names, sizeof names);
    }
    if (names[0])
        operator_printf("%s: %s", drained ? "DRAINED" : "STARTED", names);
}
