/* DIAGNOSE 64: named segments.  Source: VM/370 System Programmer's Guide, GC20-1807, "DIAGNOSE Code
 * X'64'".  Rx has the address of the name, Ry the function. */
#include "cp/diagnose.h"
#include "cp/guest.h"
#include "cp/saved.h"
#include "lib/str.h"
#include "s370/arch/codes.h"

enum { LOADSYS_SHARED = 0, LOADSYS_OWN = 4, PURGESYS = 8, FINDSYS = 12 };

/* Return codes in Ry, with condition code 2. */
#define NO_SEGMENT   44
#define PAGING_ERROR 177

static int failed(struct vmblok *vm, const struct diagnose *d, enum saved_result result)
{
    vm->regs.gr[d->ry] =
        result == SAVED_UNKNOWN || result == SAVED_EMPTY ? NO_SEGMENT : PAGING_ERROR;
    return 2;
}

/* Rx becomes where the segment begins.  Condition code 1: in the virtual machine's storage, and Ry
 * is where what was there ends. */
static int load(struct vmblok *vm, const struct diagnose *d, const char *name, bool shared)
{
    struct saved_extent extent;
    enum saved_result result = saved_load(vm, name, shared, &extent);
    if (result != SAVED_OK)
        return failed(vm, d, result);
    vm->regs.gr[d->rx] = extent.first * PAGE_SIZE;
    if (extent.first * PAGE_SIZE >= vm->storage_size)
        return 0;
    vm->regs.gr[d->ry] = (extent.last + 1) * PAGE_SIZE - 1;
    return 1;
}

static int find(struct vmblok *vm, const struct diagnose *d, const char *name)
{
    struct saved_extent extent;
    bool loaded;
    enum saved_result result = saved_find(vm, name, &extent, &loaded);
    if (result != SAVED_OK)
        return failed(vm, d, result);
    vm->regs.gr[d->rx] = extent.first * PAGE_SIZE;
    vm->regs.gr[d->ry] = (extent.last + 1) * PAGE_SIZE - 1;
    return loaded ? 0 : 1;
}

int diagnose_segment(struct vmblok *vm, const struct diagnose *d)
{
    uint32_t at = vm->regs.gr[d->rx] & 0x00ffffff;
    char field[8], name[9];
    bool loaded;
    if (at % 8)
        return -PGM_SPECIFICATION;
    if (!guest_read(vm, at, field, sizeof field))
        return -PGM_ADDRESSING;
    str_unpad(name, field, sizeof field);
    switch (vm->regs.gr[d->ry]) {
    case LOADSYS_SHARED:
        return load(vm, d, name, true);
    case LOADSYS_OWN:
        return load(vm, d, name, false);
    case PURGESYS: {
        enum saved_result result = saved_purge(vm, name, &loaded);
        return result != SAVED_OK ? failed(vm, d, result) : loaded ? 0 : 1;
    }
    case FINDSYS:
        return find(vm, d, name);
    }
    return -PGM_SPECIFICATION;
}
