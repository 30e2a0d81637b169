/* DIAGNOSE codes of those who look after the system, and of other systems that run as guests.
 * GC20-1807, "DIAGNOSE Instruction in a Virtual Machine"; for 6C and 70 SC19-6203 (VM/SP). */
#include "cp/diagnose.h"

#include "cp/commands/state.h"
#include "cp/dump.h"
#include "cp/errors.h"
#include "cp/guest.h"
#include "cp/slot.h"
#include "cp/state.h"
#include "cp/userdir.h"
#include "cp/vmrun.h"
#include "lib/be.h"
#include "lib/str.h"
#include "s370/arch/codes.h"
#include "s370/arch/psw.h"

#define VOLUME_NAME 6

/* 04: words of real storage.  Rx: a list of their addresses, Ry how many, Ry+1 where they go. */
int diagnose_examine(struct vmblok *vm, const struct diagnose *d)
{
    const uint32_t *gr = vm->regs.gr;
    if (d->ry == 15)
        return -PGM_SPECIFICATION;
    uint32_t list = gr[d->rx] & 0x00ffffff, result = gr[d->ry + 1] & 0x00ffffff;
    for (uint32_t i = 0; i < gr[d->ry]; i++) {
        uint32_t at;
        if (!guest_read32(vm, list + i * 4, &at))
            return -PGM_ADDRESSING;
        at &= 0x00ffffff;
        if (at > cp.storage_size - 4)
            return -PGM_ADDRESSING;
        if (!guest_write32(vm, result + i * 4, load_be32((const uint8_t *)(uintptr_t)at)))
            return -PGM_ADDRESSING;
    }
    return DIAGNOSE_KEEP_CC;
}

/* 3C: the directory on this volume is taken up: the first four letters of the name are in Rx, the
 * others at the left of Ry.  CP's directory is on the residence. */
int diagnose_swap(struct vmblok *vm, const struct diagnose *d)
{
    char field[8], name[VOLUME_NAME + 1];
    store_be32(field, vm->regs.gr[d->rx]);
    store_be32(field + 4, vm->regs.gr[d->ry]);
    str_unpad(name, field, VOLUME_NAME);
    if (!cp.residence || strcmp(name, cp.residence->volser) != 0)
        return 2;
    switch (userdir_swap()) {
    case DIRECTORY_OK:
        return 0;
    case DIRECTORY_IO:
        return 3;
    default:
        return 2;
    }
}

/* --- error recording: cp/errors.h --- */

/* A place on disk as CP gives it to programs: cylinder, page in it from 1, volume. */
static uint32_t place(uint32_t slot)
{
    return slot / SLOTS_PER_CYLINDER << 16 | (slot % SLOTS_PER_CYLINDER + 1) << 8;
}

static bool write_page(struct vmblok *vm, uint32_t address, const void *page)
{
    return guest_write(vm, address & 0x00ffffff, page, PAGE_SIZE);
}

/* 1C: Rx is 1, 2 or 3: all, which is what there is. */
int diagnose_clear_errors(struct vmblok *vm, const struct diagnose *d)
{
    uint32_t what = vm->regs.gr[d->rx] & 0xff;
    if (what < 1 || what > 3)
        return -PGM_SPECIFICATION;
    return errors_clear() ? 0 : 1;
}

/* 2C: Rx says what is asked: 1 where the area begins (into Rx) and how many cylinders (Ry); 2 where
 * the first record is; 4 whether there are frame records, which no machine here makes. */
int diagnose_find_errors(struct vmblok *vm, const struct diagnose *d)
{
    uint32_t *gr = vm->regs.gr, what = gr[d->rx] & 0xff;
    if (what < 1 || what > 6 || what == 3 || what == 5)
        return -PGM_SPECIFICATION;
    if (what & 4)
        gr[d->ry] &= 0xffffff00;
    if (what == 1)
        gr[d->ry] = 1;
    if (what & 3)
        gr[d->rx] = place(ERRORS_SLOT);
    return DIAGNOSE_KEEP_CC;
}

/* 30: the page at the place in Rx goes to Ry. */
int diagnose_read_errors(struct vmblok *vm, const struct diagnose *d)
{
    uint32_t at = vm->regs.gr[d->rx], to = vm->regs.gr[d->ry];
    uint32_t n = (at >> 8 & 0xff) - 1 - ERRORS_SLOT;
    if (to % PAGE_SIZE)
        return -PGM_SPECIFICATION;
    if (at >> 16 || at & 0xff || n >= ERRORS_PAGES)
        return 3;
    struct error_page *page = cp_alloc(sizeof *page);
    if (!page)
        return 2;
    int result = 2;
    if (errors_read(n, page)) {
        bool empty = get32(page->magic) != ERRORS_MAGIC || !get32(page->used);
        result = empty ? 1 : write_page(vm, to, page) ? 0 : -PGM_ADDRESSING;
    }
    cp_free(page, sizeof *page);
    return result;
}

/* 48: Rx 4: the data of the length in GR0 (complemented) at GR1 are recorded; 8: the guest does
 * that itself, by its own SVC 76. */
int diagnose_record(struct vmblok *vm, const struct diagnose *d)
{
    const uint32_t *gr = vm->regs.gr;
    uint8_t data[ERRORS_GUEST];
    if (gr[d->rx] == 8) {
        vm_svc(vm, 76, 4);
        return DIAGNOSE_KEEP_CC;
    }
    if (gr[d->rx] != 4 || (int32_t)gr[0] >= 0)
        return -PGM_SPECIFICATION;
    uint32_t length = -gr[0] < sizeof data ? -gr[0] : (uint32_t)sizeof data;
    if (!guest_read(vm, gr[1] & 0x00ffffff, data, length))
        return -PGM_ADDRESSING;
    errors_guest(vm, data, length);
    return DIAGNOSE_KEEP_CC;
}

/* --- 34, 38: CP's own storage, when it failed, and now --- */

/* The page behind the one that this user has read last goes to Rx: first the header (cp/dump.h),
 * then the pages of storage in its order.  1: that was the last; 2: there is no dump. */
int diagnose_dump(struct vmblok *vm, const struct diagnose *d)
{
    struct command_vm *data = command_vm(vm);
    uint32_t to = vm->regs.gr[d->rx], n = data->dump_next;
    if (to % PAGE_SIZE || d->ry == 15)
        return -PGM_SPECIFICATION;
    struct dump_header *page = cp_alloc(sizeof *page);
    if (!page)
        return 3;
    int result = 2;
    uint32_t first = slot_area(CYLINDER_DUMP, n / SLOTS_PER_CYLINDER);
    data->dump_next = 0;
    if (n && n >= data->dump_pages) {
        result = 1;
    } else if (first && slot_read(first + n % SLOTS_PER_CYLINDER, page)) {
        if (!n)
            data->dump_pages = get32(page->magic) == DUMP_MAGIC ? get32(page->pages) + 1 : 0;
        if (data->dump_pages) {
            data->dump_next = n + 1;
            result = write_page(vm, to, page) ? 0 : -PGM_ADDRESSING;
        }
    }
    cp_free(page, sizeof *page);
    return result;
}

/* A page of names of CP's storage, eight characters and an address each; zeros behind the last. */
int diagnose_symbols(struct vmblok *vm, const struct diagnose *d)
{
    extern char cp_entry[], __text_end[], __bss_end[];
    const struct {
        const char *name;
        const void *address;
    } symbols[] = {
        {"CP", &cp},
        {"CPENTRY", cp_entry},
        {"CPTEXTND", __text_end},
        {"CPEND", __bss_end},
        {"CPVMS", &cp.vms},
        {"CPRDEVS", &cp.rdevs},
        {"CPTASKS", &cp.tasks},
        {"CPREADY", &cp.ready},
        {"CPFRAMES", cp.frames},
        {"CPSPOOL", cp.spool},
        {"CPVOLUMS", &cp.volumes},
    };
    struct symbol {
        char name[8];
        be32 address;
    } *page = cp_alloc(PAGE_SIZE);
    uint32_t to = vm->regs.gr[d->rx];
    if (!page)
        return -PGM_ADDRESSING;
    for (size_t i = 0; i < sizeof symbols / sizeof symbols[0]; i++) {
        str_pad(page[i].name, symbols[i].name, sizeof page[i].name);
        put32(&page[i].address, (uint32_t)symbols[i].address);
    }
    bool good = to % PAGE_SIZE == 0 && write_page(vm, to, page);
    cp_free(page, PAGE_SIZE);
    return good ? DIAGNOSE_KEEP_CC : to % PAGE_SIZE ? -PGM_SPECIFICATION : -PGM_ADDRESSING;
}

/* --- 6C, 70: for systems that run as guests --- */

/* 6C: MVS tells which page of its address space is its page zero.  CP's shadow tables show all
 * pages alike, so there is nothing to do; a BC mode guest has none. */
int diagnose_shadow(struct vmblok *vm, const struct diagnose *d)
{
    return vm->psw & PSW_EC ? 0 : 3;
}

/* 70: from now on the 16 bytes at Rx say how much CPU time the guest has used, and when it was last
 * dispatched. */
int diagnose_clock(struct vmblok *vm, const struct diagnose *d)
{
    uint32_t at = vm->regs.gr[d->rx] & 0x00ffffff;
    if (at % 8)
        return -PGM_SPECIFICATION;
    if (!guest_page_exists(vm, PAGE_OF(at + 15)))
        return -PGM_ADDRESSING;
    vm->clock_area = at;
    vm->has_clock_area = true;
    return DIAGNOSE_KEEP_CC;
}
