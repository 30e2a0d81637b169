/* Saved systems in use: see cp/saved.h.  How they come to the disk is in cp/savesys.c. */
#include "cp/saved.h"

#include "cp/command.h"
#include "cp/guest.h"
#include "cp/high.h"
#include "cp/s370.h"
#include "cp/savesys.h"
#include "cp/state.h"
#include "cp/userdir.h"
#include "cp/vdev.h"
#include "cp/vmrun.h"
#include "lib/str.h"
#include "s370/arch/control.h"

/* That a virtual machine has one. */
struct attachment {
    struct list link; /* vm->attached */
    struct saved_system *system;
    bool shared; /* it has the shared segments, not copies */
};

static uint32_t page_of(const struct saved_system *system, uint32_t i)
{
    return get16(system->header->page[i].number);
}

static uint32_t page_count(const struct saved_system *system)
{
    return get32(system->header->pages);
}

static struct saved_extent extent_of(const struct saved_system *system)
{
    return (struct saved_extent){page_of(system, 0), page_of(system, page_count(system) - 1)};
}

/* --- coming and going --- */

static void system_free(struct saved_system *system)
{
    for (uint32_t i = 0; i < system->shared_count; i++) {
        struct segment *segment = system->shared[i].segment;
        if (!segment)
            continue;
        segment_empty(segment);
        system->shared[i].segment = NULL;
        cp_free(segment, sizeof *segment);
    }
    list_remove(&system->link);
    cp_free(system->shared, system->shared_count * sizeof *system->shared);
    cp_free(system->header, sizeof *system->header);
    cp_free(system, sizeof *system);
}

static void release(struct saved_system *system)
{
    if (--system->users)
        return;
    system->replaced = true; /* nobody is to find it any more */
    system_free(system);
}

/* Page `i` of the saved system becomes that of a segment. */
static void set_page(struct segment *segment, const struct saved_system *system, uint32_t i)
{
    struct swap_entry *swap = &segment->swap[page_of(system, i) % PAGES_PER_SEGMENT];
    swap->slot = get32(system->header->page[i].slot);
    swap->flags = swap->slot ? SWAP_SAVED : 0;
    memcpy(swap->keys, system->header->page[i].keys, sizeof swap->keys);
}

/* The segments that the directory calls shared. */
static bool make_shared(struct saved_system *system, const struct directory_system *entry)
{
    uint32_t count = 0;
    for (uint32_t n = 0; n < 256; n++)
        count += (entry->shared[n / 8] & 0x80 >> n % 8) != 0;
    if (!count)
        return true;
    system->shared = cp_alloc(count * sizeof *system->shared);
    if (!system->shared)
        return false;
    system->shared_count = count;
    for (uint32_t n = 0, k = 0; n < 256; n++) {
        if (!(entry->shared[n / 8] & 0x80 >> n % 8))
            continue;
        struct segment *segment = segment_new(NULL);
        if (!segment)
            return false;
        segment->attached = true;
        system->shared[k++] = (struct shared_segment){n, segment};
        for (uint32_t i = 0; i < page_count(system); i++)
            if (page_of(system, i) / PAGES_PER_SEGMENT == n)
                set_page(segment, system, i);
    }
    return true;
}

static struct saved_system *in_use(const char *name)
{
    LIST_EACH(it, &cp.saved_systems)
    {
        struct saved_system *system = LIST_ENTRY(it, struct saved_system, link);
        if (!system->replaced && str_equal(name, system->name))
            return system;
    }
    return NULL;
}

/* From disk.  With the lock. */
static enum saved_result read_system(const struct directory_system *entry,
                                     struct saved_system **result)
{
    struct saved_system *system = cp_alloc(sizeof *system);
    if (!system)
        return SAVED_NO_STORAGE;
    list_init(&system->link);
    str_copy(system->name, entry->name, sizeof system->name);
    system->protect = entry->protect;
    system->header = cp_alloc(sizeof *system->header);
    enum saved_result r =
        system->header ? saved_header_read(entry, system->header) : SAVED_NO_STORAGE;
    if (r == SAVED_OK && !make_shared(system, entry))
        r = SAVED_NO_STORAGE;
    if (r != SAVED_OK) {
        system_free(system);
        return r;
    }
    list_append(&cp.saved_systems, &system->link);
    *result = system;
    return SAVED_OK;
}

/* The system with one more user, whom release() takes away again. */
static enum saved_result acquire(const char *name, struct directory_system *entry,
                                 struct saved_system **system)
{
    enum saved_result r = SAVED_OK;
    if (userdir_find_system(name, entry) != DIRECTORY_OK)
        return SAVED_UNKNOWN;
    saved_lock();
    *system = in_use(name);
    if (!*system)
        r = read_system(entry, system);
    if (r == SAVED_OK)
        (*system)->users++;
    saved_unlock();
    return r;
}

void saved_replaced(const char *name)
{
    struct saved_system *system = in_use(name);
    if (system)
        system->replaced = true;
}

/* --- in a virtual machine --- */

static struct attachment *find(const struct vmblok *vm, const struct saved_system *system)
{
    LIST_EACH(it, &vm->attached)
    {
        struct attachment *a = LIST_ENTRY(it, struct attachment, link);
        if (a->system == system)
            return a;
    }
    return NULL;
}

static bool has_segment(const struct saved_system *system, uint32_t n)
{
    for (uint32_t i = 0; i < system->shared_count; i++)
        if (system->shared[i].number == n)
            return true;
    return false;
}

/* The virtual machine's segment `n` is not needed any more: gone if it lies beyond storage. */
static void shorten(struct vmblok *vm, uint32_t n)
{
    if (n * SEGMENT_SIZE >= vm->storage_size && vm->segments[n])
        guest_replace_segment(vm, n, NULL);
}

static void detach(struct vmblok *vm, struct attachment *a)
{
    struct saved_system *system = a->system;
    list_remove(&a->link);
    for (uint32_t i = 0; i < page_count(system); i++) {
        uint32_t page = page_of(system, i), n = page / PAGES_PER_SEGMENT;
        struct segment *segment = vm->segments[n];
        if (!segment)
            continue;
        if (segment->vm)
            segment_release_page(segment, page % PAGES_PER_SEGMENT);
        else
            guest_replace_segment(vm, n, NULL);
        shorten(vm, n);
    }
    s370_ptlb();
    cp_free(a, sizeof *a);
    release(system);
}

void saved_detach_all(struct vmblok *vm)
{
    while (!list_empty(&vm->attached))
        detach(vm, LIST_ENTRY(vm->attached.next, struct attachment, link));
}

/* Do the two have a segment in common? */
static bool overlap(const struct saved_system *a, const struct saved_system *b)
{
    for (uint32_t i = 0; i < page_count(a); i++)
        for (uint32_t k = 0; k < page_count(b); k++)
            if (page_of(a, i) / PAGES_PER_SEGMENT == page_of(b, k) / PAGES_PER_SEGMENT)
                return true;
    return false;
}

/* Takes over the caller's use of the system, also if it fails. */
static enum saved_result attach(struct vmblok *vm, struct saved_system *system, bool shared)
{
    struct attachment *a = cp_alloc(sizeof *a);
    if (!a || !guest_grow(vm, extent_of(system).last / PAGES_PER_SEGMENT)) {
        cp_free(a, sizeof *a);
        release(system);
        return SAVED_NO_STORAGE;
    }
    LIST_EACH_SAFE(it, &vm->attached)
    {
        struct attachment *other = LIST_ENTRY(it, struct attachment, link);
        if (overlap(other->system, system))
            detach(vm, other);
    }
    a->system = system;
    a->shared = shared;
    list_append(&vm->attached, &a->link);
    for (uint32_t i = 0; shared && i < system->shared_count; i++)
        guest_replace_segment(vm, system->shared[i].number, system->shared[i].segment);
    for (uint32_t i = 0; i < page_count(system); i++) {
        uint32_t page = page_of(system, i), n = page / PAGES_PER_SEGMENT;
        if (shared && has_segment(system, n))
            continue;
        struct segment *segment = guest_segment(vm, page);
        if (!segment) {
            detach(vm, a);
            return SAVED_NO_STORAGE;
        }
        segment->attached = page * PAGE_SIZE >= vm->storage_size;
        segment_release_page(segment, page % PAGES_PER_SEGMENT);
        set_page(segment, system, i);
    }
    s370_ptlb();
    return SAVED_OK;
}

/* Copies instead of the shared segments. */
static void own(struct vmblok *vm, struct attachment *a)
{
    struct saved_system *system = a->system;
    a->shared = false;
    for (uint32_t i = 0; i < system->shared_count; i++) {
        uint32_t n = system->shared[i].number;
        const struct segment *shared = system->shared[i].segment;
        struct segment *copy = segment_new(vm);
        for (uint32_t k = 0; copy && k < PAGES_PER_SEGMENT; k++) {
            copy->swap[k] = shared->swap[k];
            copy->swap[k].flags &= SWAP_SAVED;
        }
        if (copy)
            copy->attached = n * SEGMENT_SIZE >= vm->storage_size;
        guest_replace_segment(vm, n, copy);
    }
}

static struct attachment *sharing(const struct vmblok *vm, uint32_t page)
{
    LIST_EACH(it, &vm->attached)
    {
        struct attachment *a = LIST_ENTRY(it, struct attachment, link);
        if (a->shared && has_segment(a->system, page / PAGES_PER_SEGMENT))
            return a;
    }
    return NULL;
}

bool saved_is_shared(const struct vmblok *vm, uint32_t page)
{
    return !list_empty(&vm->attached) && sharing(vm, page);
}

void saved_own_page(struct vmblok *vm, uint32_t page)
{
    struct attachment *a = list_empty(&vm->attached) ? NULL : sharing(vm, page);
    if (!a)
        return;
    own(vm, a);
    cp_printf(vm, "DMKVMA181E SHARED SYSTEM %s REPLACED WITH NON-SHARED COPY", a->system->name);
}

void saved_before_store(struct vmblok *vm, uint32_t page)
{
    const struct attachment *a = list_empty(&vm->attached) ? NULL : sharing(vm, page);
    if (a && a->system->protect)
        saved_own_page(vm, page);
}

void saved_own_all(struct vmblok *vm)
{
    LIST_EACH(it, &vm->attached)
    {
        struct attachment *a = LIST_ENTRY(it, struct attachment, link);
        if (a->shared)
            own(vm, a);
    }
}

/* --- altered pages --- */

static void check_segment(struct vmblok *vm, const struct shared_segment *shared)
{
    struct segment *segment = shared->segment;
    for (uint32_t i = 0; i < PAGES_PER_SEGMENT; i++) {
        uint32_t real = pte_real(segment->page_table[i]);
        if (segment->page_table[i] & PTE4K_INVALID ||
            !((key_get(real) | key_get(real + 2048)) & KEY_CHANGE))
            continue;
        vm->altered = shared->number * SEGMENT_SIZE + i * PAGE_SIZE;
        segment_drop_frame(segment, i);
        s370_ptlb();
        vm_post(vm, WORK_ALTERED);
    }
}

void saved_check(struct vmblok *vm)
{
    LIST_EACH(it, &vm->attached)
    {
        const struct attachment *a = LIST_ENTRY(it, struct attachment, link);
        for (uint32_t i = 0; a->shared && a->system->protect && i < a->system->shared_count; i++)
            check_segment(vm, &a->system->shared[i]);
    }
}

void saved_tell_altered(struct vmblok *vm)
{
    const struct attachment *a = sharing(vm, PAGE_OF(vm->altered));
    if (a)
        cp_printf(vm, "DMKVMA456W CP ENTERED; %s - SHARED PAGE %06X ALTERED", a->system->name,
                  (unsigned)vm->altered);
    vm->cp_mode = true;
}

/* --- IPL and DIAGNOSE 64 --- */

static void take_registers(struct vmblok *vm, const struct saved_header *header)
{
    for (int i = 0; i < 16; i++) {
        vm->regs.gr[i] = get32(header->gr[i]);
        vm->cr[i] = get32(header->cr[i]);
    }
    for (int i = 0; i < 4; i++)
        vm->regs.fpr[i] = get64(header->fpr[i]);
    vm_load_psw(vm, get64(header->psw));
}

enum saved_result saved_ipl(struct vmblok *vm, const char *name, bool clear)
{
    struct directory_system entry;
    struct saved_system *system;
    enum saved_result r = acquire(name, &entry, &system);
    if (r != SAVED_OK)
        return r;
    if (entry.address && !vdev_find(vm, entry.address))
        r = SAVED_NO_DEVICE;
    else if (vm->storage_size < entry.size ||
             extent_of(system).last >= vm->storage_size / PAGE_SIZE)
        r = SAVED_TOO_SMALL;
    if (r != SAVED_OK) {
        release(system);
        return r;
    }
    if (clear)
        vm_reset_clear(vm);
    else
        vm_reset(vm);
    const struct saved_header *header = system->header;
    r = attach(vm, system, true);
    if (r == SAVED_OK)
        take_registers(vm, header);
    return r;
}

enum saved_result saved_find(struct vmblok *vm, const char *name, struct saved_extent *extent,
                             bool *loaded)
{
    struct directory_system entry;
    struct saved_system *system;
    enum saved_result r = acquire(name, &entry, &system);
    if (r != SAVED_OK)
        return r;
    *loaded = find(vm, system) != NULL;
    *extent = extent_of(system);
    release(system);
    return SAVED_OK;
}

enum saved_result saved_load(struct vmblok *vm, const char *name, bool shared,
                             struct saved_extent *extent)
{
    struct directory_system entry;
    struct saved_system *system;
    enum saved_result r = acquire(name, &entry, &system);
    if (r != SAVED_OK)
        return r;
    *extent = extent_of(system);
    return attach(vm, system, shared);
}

enum saved_result saved_purge(struct vmblok *vm, const char *name, bool *loaded)
{
    struct directory_system entry;
    *loaded = false;
    LIST_EACH(it, &vm->attached)
    {
        struct attachment *a = LIST_ENTRY(it, struct attachment, link);
        if (str_equal(name, a->system->name)) { /* it may have been replaced since */
            *loaded = true;
            detach(vm, a);
            return SAVED_OK;
        }
    }
    return userdir_find_system(name, &entry) == DIRECTORY_OK ? SAVED_OK : SAVED_UNKNOWN;
}

void saved_count(const struct vmblok *vm, const char *name, struct saved_use *use)
{
    const struct saved_system *system = in_use(name);
    memset(use, 0, sizeof *use);
    if (!system)
        return;
    use->users = system->users;
    use->mine = find(vm, system) != NULL;
    for (uint32_t i = 0; i < system->shared_count; i++)
        for (uint32_t k = 0; k < PAGES_PER_SEGMENT; k++)
            use->resident += !(system->shared[i].segment->page_table[k] & PTE4K_INVALID);
}
