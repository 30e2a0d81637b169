/* Error recording: see cp/errors.h.  Records wait in storage for a task that writes them and ends
 * when there are no more. */
#include "cp/errors.h"

#include "cp/frames.h"
#include "cp/message.h"
#include "cp/slot.h"
#include "cp/state.h"
#include "lib/str.h"

#define WAITING_MOST  64
#define ALL_RECORDS   (ERRORS_PAGES * ERRORS_RECORDS)
#define NEARLY_FULL   (ALL_RECORDS * 9 / 10)
#define RECORDED_BITS (SENSE_BUS_OUT | SENSE_EQUIPMENT | SENSE_DATA_CHECK | SENSE_OVERRUN)

struct waiting {
    struct list link;
    struct error_record record;
};

/* --- the area --- */

bool errors_read(uint32_t n, struct error_page *page)
{
    return slot_read(ERRORS_SLOT + n, page);
}

static void make_empty(struct error_page *page)
{
    memset(page, 0, sizeof *page);
    put32(&page->magic, ERRORS_MAGIC);
}

bool errors_clear(void)
{
    struct error_page *page = cp_alloc(sizeof *page);
    bool good = page != NULL;
    if (!page)
        return false;
    make_empty(page);
    for (uint32_t n = 0; n < ERRORS_PAGES && good; n++)
        good = slot_write(ERRORS_SLOT + n, page);
    cp_free(page, sizeof *page);
    cp.errors_full = false;
    return good;
}

/* The first page with room for a record, in *page; ERRORS_PAGES: there is none. */
static uint32_t find_room(struct error_page *page)
{
    for (uint32_t n = 0; n < ERRORS_PAGES; n++) {
        if (!errors_read(n, page))
            return ERRORS_PAGES;
        if (get32(page->magic) != ERRORS_MAGIC)
            make_empty(page);
        if (get32(page->used) < ERRORS_RECORDS)
            return n;
    }
    return ERRORS_PAGES;
}

static void store(struct error_page *page, struct error_record *record)
{
    uint32_t n = find_room(page);
    if (n == ERRORS_PAGES) {
        if (!cp.errors_full)
            operator_printf("DMKIOG551E ERROR RECORDING AREA IS FULL");
        cp.errors_full = true;
        return;
    }
    uint32_t used = get32(page->used), number = n * ERRORS_RECORDS + used + 1;
    put32(&record->number, number);
    page->record[used] = *record;
    put32(&page->used, used + 1);
    if (slot_write(ERRORS_SLOT + n, page) && number == NEARLY_FULL)
        operator_printf("DMKIOG553I ERROR RECORDING AREA IS 90 PERCENT FULL");
}

static struct waiting *first_waiting(void)
{
    return LIST_ENTRY(cp.errors_waiting.next, struct waiting, link);
}

static void write_all(void *unused)
{
    struct error_page *page = cp_alloc(sizeof *page);
    while (!list_empty(&cp.errors_waiting)) {
        struct waiting *waiting = first_waiting();
        list_remove(&waiting->link);
        cp.errors_count--;
        if (page)
            store(page, &waiting->record);
        cp_free(waiting, sizeof *waiting);
    }
    cp_free(page, sizeof *page);
    cp.errors_task = false;
}

/* --- records --- */

/* A record that will be written, with what all have; NULL: there are too many, or the residence is
 * none. */
static struct error_record *new_record(enum error_kind kind, const struct vmblok *vm)
{
    if (!cp.up || cp.errors_count == WAITING_MOST || cp.errors_full || !cp.residence->is_system)
        return NULL;
    struct waiting *waiting = cp_alloc(sizeof *waiting);
    if (!waiting)
        return NULL;
    if (!cp.errors_task && !task_create("ERRORS", NULL, write_all, NULL)) {
        cp_free(waiting, sizeof *waiting);
        return NULL;
    }
    cp.errors_task = true;
    cp.errors_count++;
    list_append(&cp.errors_waiting, &waiting->link);
    waiting->record.kind = (uint8_t)kind;
    put64(&waiting->record.tod, tod_now());
    str_pad(waiting->record.userid, vm ? vm->userid : "", sizeof waiting->record.userid);
    return &waiting->record;
}

static bool has_sense(const struct ioreq *request, unsigned which)
{
    const struct error_intensive *i = &cp.errors_intensive;
    uint8_t byte = i->sense[which].byte;
    return byte < request->sense_length && request->sense[byte] & i->sense[which].mask;
}

/* Does SET RECORD want this one? */
static bool is_wanted(const struct ioreq *request)
{
    struct error_intensive *i = &cp.errors_intensive;
    if (!i->address || i->address != request->rdev->address)
        return false;
    bool first = has_sense(request, 0), second = has_sense(request, 1);
    bool match = !i->sense[1].mask ? first : i->both ? first && second : first || second;
    if (!match || ++i->count < i->limit)
        return false;
    i->count = 0;
    return true;
}

void errors_unit_check(const struct ioreq *request)
{
    const struct rdev *rdev = request->rdev;
    bool broken = request->sense[0] & RECORDED_BITS, wanted = is_wanted(request);
    if (!broken && !wanted)
        return;
    /* A residence that does not take the records is not to make more of them. */
    if (rdev == cp.residence && cp.errors_task)
        return;
    struct error_record *record = new_record(wanted ? ERROR_INTENSIVE : ERROR_DEVICE, vm_current());
    if (!record)
        return;
    struct error_device *d = &record->device;
    put16(&d->address, rdev->address);
    put16(&d->type, rdev->type);
    str_pad(d->volser, rdev->volser, sizeof d->volser);
    d->retried = request->retries;
    d->sense_length =
        request->sense_length < sizeof d->sense ? request->sense_length : sizeof d->sense;
    memcpy(d->csw, &request->csw, sizeof d->csw);
    memcpy(d->sense, request->sense, d->sense_length);
    /* The CSW points behind the CCW that failed. */
    uint32_t at = get24(request->csw.address);
    if (at >= 8 && at <= cp.storage_size)
        memcpy(d->ccw, (const void *)(at - 8), sizeof d->ccw);
}

void errors_guest(const struct vmblok *vm, const uint8_t *data, unsigned length)
{
    struct error_record *record = new_record(ERROR_GUEST, vm);
    if (!record)
        return;
    if (length > sizeof record->guest)
        length = sizeof record->guest;
    put16(&record->length, length);
    memcpy(record->guest, data, length);
}
