/* Guest storage: see cp/guest.h. */
#include "cp/guest.h"

#include "cp/high.h"
#include "cp/pager.h"
#include "cp/saved.h"
#include "cp/sched.h"
#include "cp/s370.h"
#include "cp/shadow.h"
#include "cp/state.h"
#include "cp/vmrun.h"
#include "lib/str.h"
#include "s370/arch/codes.h"
#include "s370/arch/control.h"

#define LOW_PROTECTED 512         /* bytes that low-address protection covers */
#define STE_FULL      0xf0000000u /* page table of 16 entries */

static uint32_t table_bytes(uint32_t segments)
{
    return (segments + 15) / 16 * 64;
}

/* --- sizes --- */

static void free_tables(struct vmblok *vm)
{
    if (vm->segment_table)
        cp_free(vm->segment_table, table_bytes(vm->segment_count));
    if (vm->segments)
        cp_free(vm->segments, vm->segment_count * sizeof *vm->segments);
    vm->segment_table = NULL;
    vm->segments = NULL;
    vm->segment_count = vm->storage_size = 0;
}

static void use_tables(struct vmblok *vm, uint32_t *table, struct segment **segments,
                       uint32_t count)
{
    vm->segment_table = table;
    vm->segments = segments;
    vm->segment_count = count;
    vm->regs.run_cr1 = (table_bytes(count) / 64 - 1) << 24 | (uint32_t)table;
}

bool guest_set_size(struct vmblok *vm, uint32_t size)
{
    guest_clear(vm);
    free_tables(vm);
    vm->regs.run_cr1 = 0;
    if (!size)
        return true;
    vm->storage_size = size;
    if (guest_grow(vm, (size + SEGMENT_SIZE - 1) / SEGMENT_SIZE - 1))
        return true;
    vm->storage_size = 0;
    return false;
}

struct segment *segment_new(struct vmblok *vm)
{
    struct segment *segment = cp_alloc(sizeof *segment);
    if (!segment)
        return NULL;
    for (uint32_t i = 0; i < PAGES_PER_SEGMENT; i++)
        segment->page_table[i] = PTE4K_INVALID;
    segment->vm = vm;
    return segment;
}

static void set_segment(struct vmblok *vm, uint32_t n, struct segment *segment)
{
    vm->segments[n] = segment;
    vm->segment_table[n] = segment ? STE_FULL | (uint32_t)segment : STE_INVALID;
}

struct segment *guest_segment(struct vmblok *vm, uint32_t page)
{
    uint32_t n = page / PAGES_PER_SEGMENT;
    if (!vm->segments[n]) {
        struct segment *segment = segment_new(vm);
        if (!segment)
            return NULL;
        set_segment(vm, n, segment);
    }
    return vm->segments[n];
}

bool guest_page_exists(const struct vmblok *vm, uint32_t page)
{
    uint32_t n = page / PAGES_PER_SEGMENT;
    return page < vm->storage_size / PAGE_SIZE ||
           (n < vm->segment_count && vm->segments[n] && vm->segments[n]->attached);
}

bool guest_grow(struct vmblok *vm, uint32_t n)
{
    uint32_t old = vm->segment_count, count = n + 1;
    if (n < old)
        return true;
    uint32_t *table = cp_alloc(table_bytes(count));
    struct segment **segments = cp_alloc(count * sizeof *segments);
    if (!table || !segments) {
        cp_free(table, table_bytes(count));
        cp_free(segments, count * sizeof *segments);
        return false;
    }
    for (uint32_t i = 0; i < table_bytes(count) / 4; i++)
        table[i] = i < old ? vm->segment_table[i] : STE_INVALID;
    if (old)
        memcpy(segments, vm->segments, old * sizeof *segments);
    uint32_t size = vm->storage_size;
    free_tables(vm);
    vm->storage_size = size;
    use_tables(vm, table, segments, count);
    s370_ptlb();
    return true;
}

void swap_wait(struct swap_entry *swap)
{
    while (swap->flags & SWAP_MOVING)
        task_sleep(swap);
}

/* The keys that the guest has set on a page, wherever they are now. */
static void copy_keys(const struct segment *segment, uint32_t index, uint8_t keys[2])
{
    uint16_t entry = segment->page_table[index];
    for (uint32_t half = 0; half < 2; half++) {
        keys[half] = segment->swap[index].keys[half];
        if (!(entry & PTE4K_INVALID))
            keys[half] = key_get(pte_real(entry) + half * 2048);
        keys[half] &= KEY_ACCESS | KEY_FETCH;
    }
}

static void unfix(struct swap_entry *swap, struct frame *frame)
{
    swap->flags &= (uint8_t)~SWAP_LOCKED;
    cp.frames_locked--;
    CP_ASSERT(frame->locks);
    frame->locks--;
}

void segment_drop_frame(struct segment *segment, uint32_t index)
{
    uint32_t real = pte_real(segment->page_table[index]);
    struct frame *frame = frame_of(real);
    segment->page_table[index] = PTE4K_INVALID;
    if (segment->swap[index].flags & SWAP_LOCKED)
        unfix(&segment->swap[index], frame);
    if (segment->vm) {
        segment->vm->resident--;
        shadow_page_gone(segment->vm);
    }
    if (frame->locks) /* an I/O operation still moves data there */
        frame->use = FRAME_ORPHAN;
    else
        frame_give(real);
}

void segment_release_page(struct segment *segment, uint32_t index)
{
    struct swap_entry *swap = &segment->swap[index];
    swap_wait(swap);
    if (!(segment->page_table[index] & PTE4K_INVALID))
        segment_drop_frame(segment, index);
    if (swap->slot && !(swap->flags & SWAP_SAVED))
        slot_free(swap->slot);
    memset(swap, 0, sizeof *swap);
}

void segment_empty(struct segment *segment)
{
    bool waited;
    do { /* another task may bring a page back in meanwhile */
        waited = false;
        for (uint32_t i = 0; i < PAGES_PER_SEGMENT; i++) {
            waited |= (segment->swap[i].flags & SWAP_MOVING) != 0;
            segment_release_page(segment, i);
        }
    } while (waited);
}

void guest_replace_segment(struct vmblok *vm, uint32_t n, struct segment *segment)
{
    struct segment *old = vm->segments[n];
    if (old && old->vm)
        segment_empty(old);
    set_segment(vm, n, segment);
    s370_ptlb();
    if (old && old->vm)
        cp_free(old, sizeof *old);
}

void guest_release(struct vmblok *vm, uint32_t from_page, uint32_t to_page)
{
    for (uint32_t page = from_page; page <= to_page && page * PAGE_SIZE < vm->storage_size;
         page++) {
        struct segment *segment = vm->segments[page / PAGES_PER_SEGMENT];
        uint32_t index = page % PAGES_PER_SEGMENT;
        uint8_t keys[2];
        if (!segment || !segment->vm) /* not there yet; or not the guest's to give back */
            continue;
        copy_keys(segment, index, keys);
        segment_release_page(segment, index);
        memcpy(segment->swap[index].keys, keys, sizeof keys);
    }
    s370_ptlb();
}

void guest_clear(struct vmblok *vm)
{
    saved_detach_all(vm);
    for (uint32_t n = 0; n < vm->segment_count; n++)
        if (vm->segments[n])
            guest_replace_segment(vm, n, NULL);
}

void guest_page_counts(const struct vmblok *vm, uint32_t *resident, uint32_t *on_disk)
{
    *resident = vm->resident;
    *on_disk = 0;
    for (uint32_t n = 0; n < vm->segment_count; n++)
        for (uint32_t i = 0; vm->segments[n] && i < PAGES_PER_SEGMENT; i++)
            *on_disk += vm->segments[n]->vm && vm->segments[n]->swap[i].slot &&
                        !(vm->segments[n]->swap[i].flags & SWAP_SAVED);
}

/* --- pages --- */

/* Fills a frame with the contents of the page.  May sleep. */
static bool fill(struct vmblok *vm, struct swap_entry *swap, uint32_t real)
{
    if (swap->slot) {
        if (!slot_read(swap->slot, (void *)real))
            return false;
        cp.page_reads++;
        vm->count.page_reads++;
    } else {
        memset((void *)real, 0, PAGE_SIZE);
    }
    return true;
}

/* LOCK for a page that is in a frame. */
static bool fix(struct segment *segment, uint32_t index)
{
    struct swap_entry *swap = &segment->swap[index];
    struct frame *frame = frame_of(pte_real(segment->page_table[index]));
    if (swap->flags & SWAP_LOCKED)
        return true;
    if (frame->locks == UINT16_MAX)
        return false;
    frame->locks++;
    swap->flags |= SWAP_LOCKED;
    cp.frames_locked++;
    return true;
}

/* The page comes into a frame: the address of that, or 0.  Nobody else moves the page meanwhile.
 * May sleep. */
static uint32_t bring_in(struct vmblok *vm, struct segment *segment, uint32_t index)
{
    struct swap_entry *swap = &segment->swap[index];
    uint32_t real = frame_take(vm);
    if (!real)
        return 0;
    if (!fill(vm, swap, real)) {
        frame_give(real);
        return 0;
    }
    struct frame *frame = frame_of(real);
    cp.frames_cp--;
    frame->use = FRAME_GUEST;
    frame->segment = segment;
    frame->index = (uint8_t)index;
    for (uint32_t half = 0; half < 2; half++) {
        key_set(real + half * 2048, swap->keys[half] & (KEY_ACCESS | KEY_FETCH));
        frame->guest_bits[half] = swap->keys[half] & (KEY_REFERENCE | KEY_CHANGE);
    }
    segment->page_table[index] = pte_make(real);
    if (segment->vm)
        segment->vm->resident++;
    if (segment->vm && segment->vm->stays && cp.frames_locked < frames_lockable())
        fix(segment, index);
    sched_page_in(vm);
    return real;
}

/* The page is in a frame; beyond 16M it is brought down: its address then, 0 if that cannot be
 * done, or the page has gone meanwhile (*gone).  May sleep. */
static uint32_t bring_down(struct vmblok *vm, struct segment *segment, uint32_t index, bool *gone)
{
    uint32_t real = pte_real(segment->page_table[index]);
    *gone = false;
    if (real < LOW_STORAGE)
        return real;
    frame_of(real)->locks++;
    uint32_t low = frame_take(vm);
    guest_unlock_frame(real);
    uint16_t entry = segment->page_table[index];
    *gone = low && (entry & PTE4K_INVALID || pte_real(entry) != real);
    if (*gone)
        frame_give(low);
    if (!low || *gone)
        return 0;
    high_move_down(real, low);
    return low;
}

uint32_t guest_page(struct vmblok *vm, uint32_t page)
{
    if (!guest_page_exists(vm, page))
        return 0;
    struct segment *segment = guest_segment(vm, page);
    if (!segment)
        return 0;
    uint32_t index = page % PAGES_PER_SEGMENT, real;
    struct swap_entry *swap = &segment->swap[index];
    bool gone = true;
    while (gone) {
        if (segment->page_table[index] & PTE4K_INVALID)
            swap_wait(swap);
        /* Another user of a shared page has brought it in; or a page-out failed. */
        if (segment->page_table[index] & PTE4K_INVALID)
            break;
        real = bring_down(vm, segment, index, &gone);
        if (!gone)
            return real;
    }
    swap->flags |= SWAP_MOVING;
    real = bring_in(vm, segment, index);
    swap->flags &= (uint8_t)~SWAP_MOVING;
    task_wake(swap);
    return real;
}

bool guest_page_on_disk(const struct vmblok *vm, uint32_t page)
{
    if (!guest_page_exists(vm, page))
        return false;
    const struct segment *segment = vm->segments[page / PAGES_PER_SEGMENT];
    uint32_t index = page % PAGES_PER_SEGMENT;
    return segment && segment->page_table[index] & PTE4K_INVALID && segment->swap[index].slot;
}

bool guest_page_in(struct vmblok *vm, uint32_t address)
{
    return guest_page(vm, PAGE_OF(address)) != 0;
}

uint32_t guest_lock_page(struct vmblok *vm, uint32_t page, bool stores)
{
    if (stores)
        saved_before_store(vm, page);
    uint32_t real = guest_page(vm, page);
    if (!real || frame_of(real)->locks == UINT16_MAX)
        return 0;
    frame_of(real)->locks++;
    return real;
}

void guest_unlock_frame(uint32_t real)
{
    struct frame *frame = frame_of(real);
    CP_ASSERT(frame->locks);
    if (!--frame->locks && frame->use == FRAME_ORPHAN)
        frame_give(real);
}

uint32_t guest_fix(struct vmblok *vm, uint32_t page)
{
    uint32_t real = guest_page(vm, page);
    return real && fix(vm->segments[page / PAGES_PER_SEGMENT], page % PAGES_PER_SEGMENT) ? real : 0;
}

uint32_t guest_unfix(struct vmblok *vm, uint32_t page)
{
    const struct segment *segment =
        guest_page_exists(vm, page) ? vm->segments[page / PAGES_PER_SEGMENT] : NULL;
    uint32_t index = page % PAGES_PER_SEGMENT;
    if (!segment || !(segment->swap[index].flags & SWAP_LOCKED))
        return 0;
    uint32_t real = pte_real(segment->page_table[index]);
    unfix((struct swap_entry *)&segment->swap[index], frame_of(real));
    return real;
}

/* --- copies --- */

/* The part of [address, address+length) that lies in one page. */
static uint32_t part_in_page(uint32_t address, uint32_t length)
{
    uint32_t left = PAGE_SIZE - address % PAGE_SIZE;
    return length < left ? length : left;
}

bool guest_read(struct vmblok *vm, uint32_t address, void *to, uint32_t length)
{
    for (uint8_t *at = to; length;) {
        uint32_t part = part_in_page(address, length);
        uint32_t real = guest_page(vm, PAGE_OF(address));
        if (!real)
            return false;
        memcpy(at, (const void *)(real + address % PAGE_SIZE), part);
        at += part, address += part, length -= part;
    }
    return true;
}

bool guest_write(struct vmblok *vm, uint32_t address, const void *from, uint32_t length)
{
    for (const uint8_t *at = from; length;) {
        uint32_t part = part_in_page(address, length);
        saved_before_store(vm, PAGE_OF(address));
        uint32_t real = guest_page(vm, PAGE_OF(address));
        if (!real)
            return false;
        memcpy((void *)(real + address % PAGE_SIZE), at, part);
        at += part, address += part, length -= part;
    }
    return true;
}

bool guest_read32(struct vmblok *vm, uint32_t address, uint32_t *value)
{
    return guest_read(vm, address, value, 4);
}

bool guest_write32(struct vmblok *vm, uint32_t address, uint32_t value)
{
    return guest_write(vm, address, &value, 4);
}

bool guest_low_protected(const struct vmblok *vm, uint32_t address)
{
    return address < LOW_PROTECTED && vm->cr[0] & CR0_LOW_PROTECTION;
}

/* May an access with the virtual PSW's key touch the block at guest real `address`? */
static bool key_allows(struct vmblok *vm, uint32_t address, bool store)
{
    uint8_t key = vm_key(vm);
    uint8_t storage_key = guest_get_key(vm, address);
    return !key || key == storage_key >> 4 || (!store && !(storage_key & KEY_FETCH));
}

/* One pass over a logical operand: checks it (move NULL), or moves it. */
static int access_logical(struct vmblok *vm, uint32_t address, uint8_t *data, uint32_t length,
                          bool store, bool move)
{
    while (length) {
        uint32_t real;
        /* Keys belong to 2K blocks, and guest pages may be as small. */
        uint32_t part = 2048 - address % 2048;
        if (part > length)
            part = length;
        int code = guest_translate(vm, address, &real);
        if (code)
            return code;
        if (!guest_page_exists(vm, PAGE_OF(real)))
            return PGM_ADDRESSING;
        if (!move && (!key_allows(vm, real, store) || (store && guest_low_protected(vm, address))))
            return PGM_PROTECTION;
        if (move) {
            if (!(store ? guest_write(vm, real, data, part) : guest_read(vm, real, data, part)))
                return PGM_ADDRESSING;
            data += part;
        }
        length -= part;
        address = (address + part) & 0x00ffffff;
    }
    return 0;
}

/* The usual case, made short: no translation by the guest, key zero, all in one page that
 * is in its frame.  The operand's real address, or NULL. */
static void *in_frame(const struct vmblok *vm, uint32_t address, uint32_t length, bool store)
{
    if (shadow_needed(vm) || vm_key(vm) || address >= vm->storage_size ||
        address % PAGE_SIZE + length > PAGE_SIZE)
        return NULL;
    const struct segment *segment = vm->segments[address / SEGMENT_SIZE];
    if (store && segment && !segment->vm)
        return NULL;
    uint16_t entry =
        segment ? segment->page_table[PAGE_OF(address) % PAGES_PER_SEGMENT] : PTE4K_INVALID;
    bool there = !(entry & PTE4K_INVALID) && pte_real(entry) < LOW_STORAGE;
    return there ? (void *)(pte_real(entry) | address % PAGE_SIZE) : NULL;
}

int guest_check(struct vmblok *vm, uint32_t address, uint32_t length, bool store)
{
    if (in_frame(vm, address, length, store) && !guest_low_protected(vm, address))
        return 0;
    return access_logical(vm, address, NULL, length, store, false);
}

int guest_fetch(struct vmblok *vm, uint32_t address, void *to, uint32_t length)
{
    const void *from = in_frame(vm, address, length, false);
    if (from) {
        memcpy(to, from, length);
        return 0;
    }
    int code = access_logical(vm, address, to, length, false, false);
    return code ? code : access_logical(vm, address, to, length, false, true);
}

int guest_store(struct vmblok *vm, uint32_t address, const void *from, uint32_t length)
{
    void *to = in_frame(vm, address, length, true);
    if (to && !guest_low_protected(vm, address)) {
        memcpy(to, from, length);
        return 0;
    }
    int code = access_logical(vm, address, (uint8_t *)from, length, true, false);
    return code ? code : access_logical(vm, address, (uint8_t *)from, length, true, true);
}

/* --- keys --- */

uint8_t guest_get_key(struct vmblok *vm, uint32_t address)
{
    uint32_t half = address / 2048 % 2;
    struct segment *segment = guest_segment(vm, PAGE_OF(address));
    if (!segment)
        return 0;
    uint32_t index = PAGE_OF(address) % PAGES_PER_SEGMENT;
    swap_wait(&segment->swap[index]);
    uint16_t entry = segment->page_table[index];
    if (entry & PTE4K_INVALID)
        return segment->swap[index].keys[half];
    uint32_t real = pte_real(entry);
    return key_get(real + half * 2048) | frame_of(real)->guest_bits[half];
}

void guest_set_key(struct vmblok *vm, uint32_t address, uint8_t key)
{
    uint32_t half = address / 2048 % 2;
    if (saved_is_shared(vm, PAGE_OF(address)) &&
        ((guest_get_key(vm, address) ^ key) & (KEY_ACCESS | KEY_FETCH)))
        saved_own_page(vm, PAGE_OF(address));
    struct segment *segment = guest_segment(vm, PAGE_OF(address));
    if (!segment || !segment->vm) /* the key of a shared page is what it was */
        return;
    uint32_t index = PAGE_OF(address) % PAGES_PER_SEGMENT;
    swap_wait(&segment->swap[index]);
    uint16_t entry = segment->page_table[index];
    if (entry & PTE4K_INVALID) {
        segment->swap[index].keys[half] = key & 0xfe;
        return;
    }
    if (pte_real(entry) >= LOW_STORAGE) { /* its halves can have keys of their own only below */
        if (!guest_page(vm, PAGE_OF(address)))
            return;
        entry = segment->page_table[index];
    }
    /* The change bit of the machine tells the pager whether to write the page: what SSK takes
     * away from the guest is kept in `changed`. */
    uint32_t real = pte_real(entry);
    struct frame *frame = frame_of(real);
    if (key_get(real + half * 2048) & KEY_CHANGE)
        frame->changed = true;
    key_set(real + half * 2048, key & (KEY_ACCESS | KEY_FETCH));
    frame->guest_bits[half] = key & (KEY_REFERENCE | KEY_CHANGE);
}

unsigned guest_reset_reference(struct vmblok *vm, uint32_t address)
{
    uint8_t key = guest_get_key(vm, address);
    uint32_t half = address / 2048 % 2, index = PAGE_OF(address) % PAGES_PER_SEGMENT;
    struct segment *segment = vm->segments[PAGE_OF(address) / PAGES_PER_SEGMENT];
    uint16_t entry = segment ? segment->page_table[index] : PTE4K_INVALID;
    if (segment && !segment->vm) {
        /* Others see that, too. */
    } else if (!(entry & PTE4K_INVALID)) {
        key_reset_reference(pte_real(entry) + half * 2048);
        frame_of(pte_real(entry))->guest_bits[half] &= (uint8_t)~KEY_REFERENCE;
    } else if (segment) {
        segment->swap[index].keys[half] &= (uint8_t)~KEY_REFERENCE;
    }
    return (key & KEY_REFERENCE ? 2u : 0) + (key & KEY_CHANGE ? 1u : 0);
}
