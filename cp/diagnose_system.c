/* DIAGNOSE codes of those who look after the system: 04 and 3C.  GC20-1807, "DIAGNOSE Code X'04'",
 * "DIAGNOSE Code X'3C'". */
#include "cp/diagnose.h"

#include "cp/guest.h"
#include "cp/state.h"
#include "cp/userdir.h"
#include "lib/be.h"
#include "lib/str.h"
#include "s370/arch/codes.h"

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
