/* The spool's coming up: its store on TEMP and CKPT cylinders, the files of the checkpoint, the
 * tasks of the real unit record devices; and the messages about files. */
#include "cp/spool/cpspool.h"
#include "cp/spool/unit.h"

#include "cp/command.h"
#include "cp/message.h"
#include "cp/slot.h"
#include "cp/state.h"
#include "cp/userdir.h"
#include "cp/text/clock.h"
#include "lib/str.h"
#include "spool/checkpoint.h"
#include "spool/report.h"

/* One block of free storage must hold the table of checkpoint entries. */
#define CHECKPOINT_SLOTS_MAX (2 * (8192 / (SPOOL_ENTRIES * sizeof(struct spool_file *))))

struct spool *the_spool(void)
{
    return &cp.spool->spool;
}

static bool store_read(void *context, uint32_t slot, void *page)
{
    return slot_read(slot, page);
}

static bool store_write(void *context, uint32_t slot, const void *page)
{
    return slot_write(slot, page);
}

static uint32_t store_alloc(void *context)
{
    uint32_t slot = slot_alloc(CYLINDER_TEMP);
    return slot ? slot : SPOOL_NO_SLOT;
}

static void store_free(void *context, uint32_t slot)
{
    cp.spool->full_told = false;
    slot_free(slot);
}

static bool store_take(void *context, uint32_t slot)
{
    return slot_reserve(CYLINDER_TEMP, slot);
}

static uint32_t checkpoint_slot(uint32_t n)
{
    uint32_t first = slot_area(CYLINDER_CKPT, n / SLOTS_PER_CYLINDER);
    return first ? first + n % SLOTS_PER_CYLINDER : 0;
}

static bool store_checkpoint_read(void *context, uint32_t n, void *page)
{
    uint32_t slot = checkpoint_slot(n);
    return slot && slot_read(slot, page);
}

static bool store_checkpoint_write(void *context, uint32_t n, const void *page)
{
    uint32_t slot = checkpoint_slot(n);
    return slot && slot_write(slot, page);
}

static void *store_page_get(void *context)
{
    return cp_alloc(SPOOL_PAGE);
}

static void store_page_put(void *context, void *page)
{
    cp_free(page, SPOOL_PAGE);
}

static struct spool_file *store_file_get(void *context)
{
    return cp_alloc(sizeof(struct spool_file));
}

static void store_file_put(void *context, struct spool_file *f)
{
    cp_free(f, sizeof *f);
}

static const struct spool_store slots_store = {
    NULL,           store_read,     store_write,           store_alloc,
    store_free,     store_take,     store_checkpoint_read, store_checkpoint_write,
    store_page_get, store_page_put, store_file_get,        store_file_put,
};

static void start_report(void *context, const struct spool_file *f, const char *what)
{
    if (f)
        operator_printf("DMKCKS917E SPOOL FILE %04d OF %s: ITS CHAIN %s", (int)f->id,
                        f->owner[0] ? f->owner : "?", what);
    else
        operator_printf("DMKCKS915E %s", what);
}

/* The checkpoint is on the residence, which is volume 0 and always there. */
static uint32_t checkpoint_slots(void)
{
    uint32_t slots = 0, slot;
    for (unsigned n = 0; (slot = slot_area(CYLINDER_CKPT, n)) && !SLOT_VOLUME(slot); n++)
        slots += SLOTS_PER_CYLINDER;
    return slots > CHECKPOINT_SLOTS_MAX ? CHECKPOINT_SLOTS_MAX : slots;
}

void spool_init_state(void)
{
    struct spool_state *s = cp_alloc(sizeof *s);
    uint32_t slots = checkpoint_slots();
    size_t entries = spool_entry_count(slots) * sizeof(struct spool_file *);
    size_t pages = spool_page_count(slots) * sizeof(uint32_t);
    struct spool_file **entry = cp_alloc(entries ? entries : 8);
    uint32_t *generations = cp_alloc(pages ? pages : 8);
    if (!s || !entry || !generations)
        panic(PANIC_STORAGE, "NO STORAGE FOR THE SPOOL");
    s->store = slots_store;
    list_init(&s->vspools);
    list_init(&s->units);
    list_init(&s->held);
    spool_init(&s->spool, &s->store, slots, entry, generations);
    cp.spool = s;
    if (!slots)
        operator_printf("DMKCKS911E NO CKPT CYLINDER: SPOOL FILES CANNOT BE KEPT");
}

bool spool_load(enum start_kind kind)
{
    struct spool *s = the_spool();
    if (kind == START_COLD)
        return spool_cold_start(s) == SPOOL_OK;
    if (!cp.spool->loaded)
        spool_warm_start(s, start_report, NULL);
    cp.spool->loaded = true;
    if (s->lost && kind == START_FORCE)
        spool_forget_lost(s);
    return !s->lost;
}

void spool_begin(const char *kind, bool drained)
{
    unsigned count[SPOOL_QUEUES + 1] = {0}, all = 0;
    for (unsigned q = SPOOL_READER; q <= SPOOL_QUEUES; q++)
        for (struct spool_file *f = NULL; (f = spool_next_file(the_spool(), q, f, "", '*')); all++)
            count[q]++;
    if (all)
        operator_printf("SPOOL %s START: %d RDR, %d PRT, %d PUN FILES", kind,
                        (int)count[SPOOL_READER], (int)count[SPOOL_PRINTER],
                        (int)count[SPOOL_PUNCH]);
    else
        operator_printf("SPOOL %s START: NO FILES", kind);
    units_start(drained);
}

void spool_hold(const char *userid, uint8_t kinds)
{
    struct held_user *h = cp_alloc(sizeof *h);
    if (!h)
        return;
    str_copy(h->userid, userid, sizeof h->userid);
    h->kinds = kinds;
    list_append(&cp.spool->held, &h->link);
}

bool spool_user_exists(const char *userid)
{
    struct directory_user user;
    if (vm_find(userid))
        return true;
    return userdir_find(userid, &user) == DIRECTORY_OK;
}

void spool_stamp_date(struct spool_file *f)
{
    uint64_t now = tod_now();
    clock_format_date(f->date, now);
    clock_format_time(f->time, now);
}

void spool_tell_full(enum spool_result result)
{
    if (cp.spool->full_told)
        return;
    cp.spool->full_told = true;
    operator_printf("DMKPGT401I %s", spool_result_text(result));
}

void spool_ready_readers(const struct spool_file *f)
{
    LIST_EACH(it, &cp.spool->vspools)
    {
        struct vspool *v = LIST_ENTRY(it, struct vspool, link);
        if (v->kind == SPOOL_READER && !v->reader.file && !strcmp(v->vm->userid, f->owner) &&
            (v->set.class == '*' || v->set.class == f->class))
            vdev_attention(v->vdev, UNIT_DEVICE_END);
    }
}

void spool_arrived(struct spool_file *f, const char *from)
{
    char line[SPOOL_LINE];
    struct vmblok *vm = vm_find(f->owner);
    if (!vm)
        return;
    if (!f->hold)
        spool_ready_readers(f);
    spool_report_file(line, sizeof line, f, "FROM", from);
    if (vm->set.imsg)
        cp_printf(vm, "%s", line);
}

bool spool_account_card(const void *card)
{
    struct spool *s = the_spool();
    struct spool_writer w;
    struct spool_file *f;
    struct spool_record record = {0x01, 0, 80, card};
    if (spool_write_open(s, &w, SPOOL_PUNCH, tod_now()) != SPOOL_OK)
        return false;
    w.file->class = 'C'; /* VM/370 punches accounting cards in class C */
    str_copy(w.file->owner, "SYSTEM", sizeof w.file->owner);
    str_copy(w.file->origin, "SYSTEM", sizeof w.file->origin);
    str_copy(w.file->name, "ACCOUNT", sizeof w.file->name);
    str_copy(w.file->type, "CARD", sizeof w.file->type);
    spool_stamp_date(w.file);
    if (spool_write(s, &w, &record) == SPOOL_OK && spool_write_close(s, &w, &f) == SPOOL_OK) {
        spool_wake_units();
        return true;
    }
    spool_write_purge(s, &w);
    return false;
}
