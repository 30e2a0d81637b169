/* The operator's commands for shadow files of disks: the device does them. */
#include "s370/io/device.h"
#include "s370/operator/internal.h"

/* sf+ DEVICE, sf- DEVICE [merge|nomerge], sfc DEVICE, sfd DEVICE, sfk DEVICE, sf= DEVICE NAME */
bool command_shadow(struct oper *o, int argc, char **argv)
{
    uint16_t address;
    if (argc < 2)
        return operator_error(o, "%s wants the address of a disk", argv[0]);
    if (!operator_device(o, argv[1], &address))
        return false;
    struct device *d = device_find(o->m, address);
    if (!d)
        return operator_error(o, "%s %03X: there is no such device", argv[0], address);
    if (!d->type->ops->shadow)
        return operator_error(o, "%s %03X: a %s has no shadow files", argv[0], address,
                              d->type->name);
    if (argc > 3)
        return operator_error(o, "%s %03X: too many operands", argv[0], address);
    const char *wrong = d->type->ops->shadow(d, argv[0], argc > 2 ? argv[2] : "");
    return wrong ? operator_error(o, "%s %03X: %s", argv[0], address, wrong) : true;
}
