/* Virtual machines come and go: see cp/vmblok.h. */
#include "cp/vmblok.h"

#include "cp/guest.h"
#include "cp/sched.h"
#include "cp/pagex.h"
#include "cp/shadow.h"
#include "cp/state.h"
#include "cp/vdev.h"
#include "cp/vmrun.h"
#include "lib/str.h"
#include "s370/arch/control.h"

#define PRIORITY_NORMAL 50

struct vmblok *vm_create(void)
{
    struct vmblok *vm = cp_alloc(sizeof *vm);
    if (!vm)
        return NULL;
    list_init(&vm->vdevs);
    list_init(&vm->attached);
    list_init(&vm->clock.link);
    list_append(&cp.vms, &vm->link);
    vm->cp_mode = true;
    vm->exits.reason = EXIT_CONSOLE;
    vm->priority = PRIORITY_NORMAL;
    vm->classes = CLASS_G;
    vm->serial = ++cp.next_serial;
    vm->set.msg = vm->set.wng = vm->set.imsg = vm->set.smsg = true;
    vm->set.emsg_code = vm->set.emsg_text = true;
    vm->set.linedit = vm->set.timer = true;
    vm->set.chardel = '@';
    vm->set.linedel = 0x4a; /* cent sign */
    vm->set.lineend = '#';
    vm->set.escape = '"';
    vm->set.linesize = 80;
    vm->logon_tod = tod_now();
    vm_reset(vm);
    return vm;
}

bool vm_start(struct vmblok *vm)
{
    vm->task = task_create(vm->userid[0] ? vm->userid : "LOGON", vm, vm_main, vm);
    if (vm->task)
        vm_interactive(vm);
    return vm->task != NULL;
}

void vm_destroy(struct vmblok *vm)
{
    clock_cancel(&vm->clock);
    while (!list_empty(&vm->vdevs))
        vdev_detach(LIST_ENTRY(vm->vdevs.next, struct vdev, link));
    pagex_free(vm);
    guest_set_size(vm, 0);
    shadow_free(vm);
    sched_drop(vm);
    list_remove(&vm->link);
    if (cp.operator_vm == vm)
        cp.operator_vm = NULL;
    if (vm->task)
        vm->task->vm = NULL;
    cp_free(vm, sizeof *vm);
}

struct vmblok *vm_find(const char *userid)
{
    LIST_EACH(it, &cp.vms)
    {
        struct vmblok *vm = LIST_ENTRY(it, struct vmblok, link);
        if (vm->userid[0] && strcmp(vm->userid, userid) == 0)
            return vm;
    }
    return NULL;
}

struct vmblok *vm_virt_real(void)
{
    LIST_EACH(it, &cp.vms)
    {
        struct vmblok *vm = LIST_ENTRY(it, struct vmblok, link);
        if (vm->stays)
            return vm;
    }
    return NULL;
}

struct vmblok *vm_current(void)
{
    return cp.current ? cp.current->vm : NULL;
}
