/* DIAGNOSE 18, 20, 24 and 28: input/output that ends before the guest goes on, what a device is,
 * changes of channel programs.  GC20-1807, "DIAGNOSE Code X'18'" and following. */
#include "cp/diagnose.h"

#include "cp/commands/state.h"
#include "cp/io/vreal.h"
#include "cp/screen.h"
#include "cp/vctca.h"
#include "cp/vmrun.h"
#include "lib/be.h"
#include "s370/arch/ccw.h"
#include "s370/arch/codes.h"

#define GOOD           (UNIT_CHANNEL_END | UNIT_DEVICE_END)
#define SENSE1_INHIBIT 0x02 /* write inhibited: the disk is linked R/O */

/* VM/370's codes for device classes and types (its DEVTYPES). */
enum {
    TYPE_TERMINAL = 0x80,
    TYPE_GRAPHIC = 0x40,
    TYPE_INPUT = 0x20,
    TYPE_OUTPUT = 0x10,
    TYPE_TAPE = 0x08,
    TYPE_DASD = 0x04,
    TYPE_SPECIAL = 0x02,
    TYPE_FIXED_BLOCK = 0x01,
};
static const struct {
    uint16_t type;
    uint8_t type_class, code;
} types[] = {
    {0x3215, TYPE_TERMINAL, 0x00},    {0x3210, TYPE_TERMINAL, 0x00},
    {0x1052, TYPE_TERMINAL, 0x00},    {0x3277, TYPE_GRAPHIC, 0x04},
    {0x3270, TYPE_GRAPHIC, 0x04},     {0x3278, TYPE_GRAPHIC, 0x01},
    {0x2501, TYPE_INPUT, 0x81},       {0x2540, TYPE_INPUT, 0x82},
    {0x3505, TYPE_INPUT, 0x84},       {0x2541, TYPE_OUTPUT, 0x82},
    {0x3525, TYPE_OUTPUT, 0x84},      {0x1403, TYPE_OUTPUT, 0x41},
    {0x3211, TYPE_OUTPUT, 0x42},      {0x3203, TYPE_OUTPUT, 0x43},
    {0x1443, TYPE_OUTPUT, 0x44},      {0x2314, TYPE_DASD, 0x80},
    {0x3330, TYPE_DASD, 0x10},        {0x3340, TYPE_DASD, 0x01},
    {0x3350, TYPE_DASD, 0x08},        {0x3375, TYPE_DASD, 0x02},
    {0x3380, TYPE_DASD, 0x04},        {0x3420, TYPE_TAPE, 0x10},
    {0x3410, TYPE_TAPE, 0x08},        {VCTCA_TYPE, TYPE_SPECIAL, 0x80},
    {0x3310, TYPE_FIXED_BLOCK, 0x01}, {0x3370, TYPE_FIXED_BLOCK, 0x02},
};

uint32_t diagnose_type_code(uint16_t type)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i].type == type)
            return (uint32_t)types[i].type_class << 24 | (uint32_t)types[i].code << 16;
    return (uint32_t)TYPE_SPECIAL << 24;
}

/* The numbers in general register 15. */
enum {
    RC_NOT_ATTACHED = 1,
    RC_NO_DASD = 2,
    RC_READ_ONLY = 3,
    RC_BUSY = 5,
    RC_NOT_ALIGNED = 1,
    RC_TRANSFERS = 7,
    RC_UNIT_EXCEPTION = 2,
    RC_LENGTH = 3,
    RC_ERROR = 13,
};

static int answer(struct vmblok *vm, uint32_t rc, int cc)
{
    vm->regs.gr[15] = rc;
    return cc;
}

static bool is_write_inhibited(const struct vdev *vdev)
{
    return vdev->csw.unit_status & UNIT_CHECK && vdev->sense_length > 1 &&
           vdev->sense[1] & SENSE1_INHIBIT;
}

/* A disk of either kind. */
static bool is_disk(const struct vdev *vdev)
{
    return vdev->class == CLASS_DASD || diagnose_type_code(vdev->type) >> 24 == TYPE_FIXED_BLOCK;
}

/* 18: reads and writes of CMS blocks.  Rx device, Ry address of the channel program, register 15
 * how many transfers it has. */
int diagnose_disk(struct vmblok *vm, const struct diagnose *d)
{
    uint32_t *gr = vm->regs.gr;
    uint32_t program = gr[d->ry] & 0x00ffffff;
    struct vdev *vdev = vdev_find(vm, (uint16_t)gr[d->rx]);
    if (!vdev)
        return answer(vm, RC_NOT_ATTACHED, 1);
    if (!is_disk(vdev))
        return answer(vm, RC_NO_DASD, 1);
    if (program % 8)
        return answer(vm, RC_NOT_ALIGNED, 2);
    if (!gr[15] || gr[15] > 255)
        return answer(vm, RC_TRANSFERS, 2);
    vm->count.sio++;
    int cc = vio_synchronous(vdev, vm_key(vm), program);
    if (cc == 2)
        return answer(vm, RC_BUSY, 1);
    if (cc == 3)
        return answer(vm, RC_NOT_ATTACHED, 1);
    if (is_write_inhibited(vdev))
        return answer(vm, RC_READ_ONLY, 1);
    if (vdev->csw.unit_status != GOOD || vdev->csw.channel_status)
        return answer(vm, RC_ERROR, 3);
    return answer(vm, 0, 0);
}

/* 20: any channel program.  After an error the sense bytes are in Ry+1. */
int diagnose_general_io(struct vmblok *vm, const struct diagnose *d)
{
    uint32_t *gr = vm->regs.gr;
    uint32_t program = gr[d->ry] & 0x00ffffff;
    struct vdev *vdev = vdev_find(vm, (uint16_t)gr[d->rx]);
    if (program % 8)
        return -PGM_SPECIFICATION;
    if (!vdev)
        return answer(vm, RC_NOT_ATTACHED, 1);
    vm->count.sio++;
    int cc = vio_synchronous(vdev, vm_key(vm), program);
    if (cc == 2)
        return answer(vm, RC_BUSY, 1);
    if (cc == 3)
        return answer(vm, RC_NOT_ATTACHED, 1);
    if (vdev->csw.unit_status & UNIT_CHECK || vdev->csw.channel_status & 0x3f) {
        if (d->ry < 15)
            gr[d->ry + 1] = (gr[d->ry + 1] & 0xffff0000) | load_be16(vdev->sense);
        return answer(vm, RC_ERROR, 3);
    }
    if (vdev->csw.unit_status & UNIT_EXCEPTION)
        return answer(vm, RC_UNIT_EXCEPTION, 2);
    if (vdev->csw.channel_status & CHANNEL_INCORRECT_LENGTH)
        return answer(vm, RC_LENGTH, 2);
    return answer(vm, 0, 0);
}

/* 28: Rx is the address of a TIC or no-operation that the guest has changed, or into one, while its
 * channel program runs; Ry the device.  Programs of simulated devices are read as they run. */
int diagnose_change(struct vmblok *vm, const struct diagnose *d)
{
    /* In register 15, by enum retranslate_result. */
    static const uint8_t codes[] = {0, 5, 6, 7, 8, 5};
    uint32_t at = vm->regs.gr[d->rx];
    struct vdev *vdev = vdev_find(vm, (uint16_t)vm->regs.gr[d->ry]);
    if (d->rx == d->ry)
        return answer(vm, 1, 1);
    if (!vdev)
        return answer(vm, 2, 1);
    if (at >= vm->storage_size)
        return answer(vm, 3, 1);
    if (at % 8)
        return answer(vm, 4, 1);
    bool real = vdev->ops == &minidisk_ops || vdev->ops == &dedicated_ops;
    int result = real ? vreal_change(vdev, at) : vdev->busy ? 0 : -1;
    if (result < 0)
        return answer(vm, 9, 2);
    return answer(vm, codes[result], codes[result] ? 1 : 0);
}

/* --- 24 --- */

static uint32_t type_word(const struct vdev *vdev)
{
    return diagnose_type_code(vdev->type == 0x2540 && vdev->class == CLASS_PUNCH ? 0x2541
                                                                                 : vdev->type);
}

/* The terminal that a virtual console is on: its type, model and line size. */
static uint32_t terminal_word(const struct vmblok *vm, const struct vdev *console)
{
    const struct terminal *t = vm->terminal;
    if (!t->screen)
        return type_word(console) | vm->set.linesize;
    return diagnose_type_code(0x3278) | ds_model(&t->screen->size) << 8 | (vm->set.linesize & 0xff);
}

static uint32_t status_bits(const struct vdev *vdev)
{
    uint32_t bits = vdev->busy ? 0x2000 : 0;
    bits |= vdev->pending ? 0x1000 : 0;
    bits |= vdev->not_ready ? 0x0800 : 0;
    if (vdev->ops == &minidisk_ops && minidisk_of((struct vdev *)vdev)->read_only)
        bits |= 0x80;
    return bits;
}

/* Rx: a device, or -1 for the console, whose address it becomes.  Ry: the virtual device, Ry+1:
 * the real one, where there is one. */
int diagnose_device(struct vmblok *vm, const struct diagnose *d)
{
    uint32_t *gr = vm->regs.gr;
    bool console = gr[d->rx] == UINT32_MAX;
    struct vdev *vdev = console ? vm->console : vdev_find(vm, (uint16_t)gr[d->rx]);
    if (!vdev)
        return 3;
    if (console)
        gr[d->rx] = vdev->address;
    gr[d->ry] = type_word(vdev) | status_bits(vdev);
    bool real = vdev->class == CLASS_DASD || (vdev == vm->console && vm->terminal);
    if (!real)
        return 2;
    if (d->ry < 15)
        gr[d->ry + 1] = vdev->class == CLASS_DASD ? type_word(vdev) : terminal_word(vm, vdev);
    return 0;
}
