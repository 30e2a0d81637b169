/* SAVESYS: see cp/savesys.h. */
#include "cp/savesys.h"

#include "cp/command.h"
#include "cp/guest.h"
#include "cp/state.h"
#include "cp/userdir.h"
#include "cp/vmrun.h"
#include "lib/str.h"
#include "s370/arch/control.h"

_Static_assert(SYSTEM_PAGES <= sizeof((struct saved_header *)0)->page / sizeof(struct saved_page),
               "a header has room for the pages of a NAMESYS");

void saved_lock(void)
{
    while (cp.saved_busy)
        task_sleep(&cp.saved_busy);
    cp.saved_busy = true;
}

void saved_unlock(void)
{
    cp.saved_busy = false;
    task_wake(&cp.saved_busy);
}

/* The sum of the words, each turned by one more bit than the one before. */
static uint32_t checksum(const struct saved_header *header)
{
    const be32 *word = (const be32 *)header;
    uint32_t sum = 0;
    for (uint32_t i = 0; i < sizeof *header / sizeof *word; i++)
        if (i != 1)
            sum = (sum << 1 | sum >> 31) + get32(word[i]);
    return sum;
}

static uint32_t pages_of(const struct directory_system *entry)
{
    uint32_t pages = 0;
    for (unsigned i = 0; i < entry->ranges; i++)
        pages += entry->range[i].last - entry->range[i].first + 1u;
    return pages;
}

/* The header's slot, if all slots of the system are on PERM cylinders of a CP-owned volume. */
static enum saved_result place(const struct directory_system *entry, uint32_t *base)
{
    enum saved_result r = rdev_find_volume(entry->volume) ? SAVED_NOT_OWNED : SAVED_NOT_MOUNTED;
    for (unsigned v = 0; v < cp.volume_count; v++) {
        const struct volume *volume = &cp.volumes[v];
        if (strcmp(volume->volser, entry->volume) || !volume->rdev)
            continue;
        uint32_t last = entry->page + pages_of(entry); /* the header is one more */
        for (uint32_t c = entry->cylinder; c <= entry->cylinder + last / SLOTS_PER_CYLINDER; c++)
            if (c >= volume->cylinders || volume->map[c] != CYLINDER_PERM)
                return SAVED_NOT_OWNED;
        *base = v << 24 | (entry->cylinder * SLOTS_PER_CYLINDER + entry->page);
        return SAVED_OK;
    }
    return r;
}

enum saved_result saved_header_read(const struct directory_system *entry,
                                    struct saved_header *header)
{
    uint32_t base, i = 0;
    enum saved_result r = place(entry, &base);
    if (r != SAVED_OK)
        return r;
    if (!slot_read(base, header))
        return SAVED_IO;
    if (get32(header->magic) != SAVED_MAGIC || get32(header->checksum) != checksum(header) ||
        get32(header->pages) != pages_of(entry))
        return SAVED_EMPTY;
    /* What NAMESYS said when it was saved must be what it says now. */
    for (unsigned k = 0; k < entry->ranges; k++)
        for (uint32_t page = entry->range[k].first; page <= entry->range[k].last; page++, i++) {
            uint32_t slot = get32(header->page[i].slot);
            if (get16(header->page[i].number) != page || (slot && slot != base + 1 + i))
                return SAVED_EMPTY;
        }
    return SAVED_OK;
}

/* --- who uses the old one --- */

/* A page somewhere whose contents are in these slots; NULL: none. */
static struct swap_entry *user_of(uint32_t first, uint32_t last)
{
    LIST_EACH(it, &cp.vms)
    {
        struct vmblok *vm = LIST_ENTRY(it, struct vmblok, link);
        for (uint32_t n = 0; n < vm->segment_count; n++)
            for (uint32_t i = 0; vm->segments[n] && i < PAGES_PER_SEGMENT; i++) {
                struct swap_entry *swap = &vm->segments[n]->swap[i];
                if (swap->flags & SWAP_SAVED && swap->slot >= first && swap->slot <= last)
                    return swap;
            }
    }
    return NULL;
}

/* All of them get the contents in paging space. */
static enum saved_result move_users(uint32_t first, uint32_t last, void *page)
{
    struct swap_entry *swap;
    while ((swap = user_of(first, last))) {
        if (swap->flags & SWAP_MOVING) {
            swap_wait(swap);
            continue;
        }
        swap->flags |= SWAP_MOVING;
        uint32_t old = swap->slot, slot = 0;
        bool moved = slot_read(old, page);
        if (moved && (slot = slot_alloc(CYLINDER_PAGE)) != 0) {
            swap->slot = slot;
            swap->flags &= (uint8_t)~SWAP_SAVED;
            moved = slot_write(slot, page);
            if (!moved) {
                swap->slot = old;
                swap->flags |= SWAP_SAVED;
                slot_free(slot);
            }
        }
        swap->flags &= (uint8_t)~SWAP_MOVING;
        task_wake(swap);
        if (!moved || !slot)
            return moved ? SAVED_FULL : SAVED_IO;
    }
    return SAVED_OK;
}

/* --- saving --- */

static bool is_zero(const uint32_t *page)
{
    for (uint32_t i = 0; i < PAGE_SIZE / sizeof *page; i++)
        if (page[i])
            return false;
    return true;
}

static enum saved_result write_pages(struct vmblok *vm, const struct directory_system *entry,
                                     uint32_t base, struct saved_header *header, void *page)
{
    uint32_t i = 0;
    for (unsigned k = 0; k < entry->ranges; k++)
        for (uint32_t number = entry->range[k].first; number <= entry->range[k].last;
             number++, i++) {
            struct saved_page *to = &header->page[i];
            if (!guest_read(vm, number * PAGE_SIZE, page, PAGE_SIZE))
                return SAVED_IO;
            put16(&to->number, number);
            for (uint32_t half = 0; half < 2; half++)
                to->keys[half] =
                    guest_get_key(vm, number * PAGE_SIZE + half * 2048) & (KEY_ACCESS | KEY_FETCH);
            if (is_zero(page))
                continue;
            put32(&to->slot, base + 1 + i);
            if (!slot_write(base + 1 + i, page))
                return SAVED_IO;
        }
    put32(&header->pages, i);
    return SAVED_OK;
}

static void fill_header(const struct vmblok *vm, const struct directory_system *entry,
                        struct saved_header *header)
{
    put32(&header->magic, SAVED_MAGIC);
    str_pad((char *)header->name, entry->name, sizeof header->name);
    put64(&header->stamp, tod_now());
    put64(&header->psw, vm->psw);
    for (int i = 0; i < 16; i++) {
        put32(&header->gr[i], vm->regs.gr[i]);
        put32(&header->cr[i], vm->cr[i]);
    }
    for (int i = 0; i < 4; i++)
        put64(&header->fpr[i], vm->regs.fpr[i]);
}

/* With the lock; both blocks are zeros. */
static enum saved_result save(struct vmblok *vm, const struct directory_system *entry,
                              struct saved_header *header, void *page)
{
    uint32_t base;
    enum saved_result r = place(entry, &base);
    if (r != SAVED_OK)
        return r;
    for (unsigned k = 0; k < entry->ranges; k++)
        if (!guest_page_exists(vm, entry->range[k].last))
            return SAVED_TOO_SMALL;
    saved_replaced(entry->name);
    r = move_users(base + 1, base + pages_of(entry), page);
    if (r != SAVED_OK)
        return r;
    if (!slot_write(base, header)) /* from now on there is none */
        return SAVED_IO;
    fill_header(vm, entry, header);
    r = write_pages(vm, entry, base, header, page);
    put32(&header->checksum, checksum(header));
    if (r == SAVED_OK && !slot_write(base, header))
        r = SAVED_IO;
    return r;
}

enum saved_result saved_save(struct vmblok *vm, const char *name)
{
    struct directory_system entry;
    if (userdir_find_system(name, &entry) != DIRECTORY_OK)
        return SAVED_UNKNOWN;
    struct saved_header *header = cp_alloc(sizeof *header);
    void *page = cp_alloc(PAGE_SIZE);
    enum saved_result r = SAVED_NO_STORAGE;
    saved_lock();
    if (header && page)
        r = save(vm, &entry, header, page);
    saved_unlock();
    cp_free(header, sizeof *header);
    cp_free(page, PAGE_SIZE);
    return r;
}

int saved_error(struct vmblok *vm, const char *module, const char *name, enum saved_result result)
{
    struct directory_system entry;
    userdir_find_system(name, &entry);
    switch (result) {
    case SAVED_OK:
        return 0;
    case SAVED_UNKNOWN:
        return cp_error(vm, module, 44, "%s DOES NOT EXIST", name);
    case SAVED_NOT_MOUNTED:
        return cp_error(vm, module, 171, "SYSTEM VOL %s NOT MOUNTED", entry.volume);
    case SAVED_NOT_OWNED:
        return cp_error(vm, module, 172, "SYSTEM VOL %s NOT CP OWNED, OR CYLINDER %u NOT PERM",
                        entry.volume, entry.cylinder);
    case SAVED_EMPTY:
        if (!entry.address)
            return cp_error(vm, module, 44, "%s HAS NOT BEEN SAVED", name);
        return cp_error(vm, module, 44, "%s HAS NOT BEEN SAVED; IPL %03X CLEAR PARM SAVESYS %s",
                        name, entry.address, name);
    case SAVED_NO_DEVICE:
        return error_no_device(vm, module, entry.address);
    case SAVED_TOO_SMALL:
        return cp_error(vm, module, 170, "%s NEEDS MORE STORAGE THAN THE VIRTUAL MACHINE HAS",
                        name);
    case SAVED_NO_STORAGE:
        return cp_error(vm, module, 94, "NO STORAGE FOR CONTROL BLOCKS OF %s", name);
    case SAVED_FULL:
        return cp_error(vm, module, 173, "PAGING SPACE IS FULL: %s IS IN USE AND NOT REPLACED",
                        name);
    case SAVED_IO:
        return cp_error(vm, module, 174, "PAGING I/O ERROR; %s", name);
    }
    return 0;
}
