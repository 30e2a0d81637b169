/* Pseudo page faults: see cp/pagex.h.  The pages of one guest are brought in one after the other by
 * a task that ends when there are no more. */
#include "cp/pagex.h"

#include "cp/guest.h"
#include "cp/shadow.h"
#include "cp/vmrun.h"
#include "lib/str.h"
#include "s370/arch/codes.h"
#include "s370/arch/psw.h"

#define PAGES_MOST 8
#define HAS_COME   0x80000000u

struct pagex {
    struct {
        uint32_t address; /* of the page, as the guest knows it */
        uint32_t page;    /* number in its real storage */
    } page[PAGES_MOST];   /* those that have come, in `come`; then those that are awaited */
    unsigned come, count;
    bool task; /* one runs */
};

static bool is_ready(const struct vmblok *vm)
{
    return vm->psw & PSW_EC && vm->psw & PSW_EC_IO && vm->psw & PSW_EXTERNAL;
}

static void bring(void *argument)
{
    struct vmblok *vm = argument;
    struct pagex *x = vm->pagex;
    while (x->come < x->count) {
        /* If it cannot be read the guest meets that when it tries again. */
        (void)guest_page(vm, x->page[x->come].page);
        if (x->come < x->count) /* no reset has come between */
            x->come++;
        vm_post(vm, WORK_TIMER);
    }
    x->task = false;
    task_wake(x);
}

static bool has_room(struct vmblok *vm)
{
    if (!vm->pagex)
        vm->pagex = cp_alloc(sizeof *vm->pagex);
    return vm->pagex && vm->pagex->count < PAGES_MOST;
}

static void interrupt(struct vmblok *vm, uint32_t address, uint32_t ilc)
{
    vm->translation_address = address;
    vm_program(vm, PGM_PSEUDO_PAGE, ilc);
}

bool pagex_fault(struct vmblok *vm, uint32_t address, uint32_t ilc)
{
    uint32_t real = address;
    if (!vm->set.pagex || !is_ready(vm))
        return false;
    if (shadow_needed(vm) && shadow_walk(vm, address, &real, NULL, NULL))
        return false;
    if (!guest_page_on_disk(vm, PAGE_OF(real)) || !has_room(vm))
        return false;
    struct pagex *x = vm->pagex;
    if (!x->task && !task_create("PAGEX", NULL, bring, vm))
        return false;
    x->task = true;
    x->page[x->count].address = address & ~(PAGE_SIZE - 1);
    x->page[x->count++].page = PAGE_OF(real);
    interrupt(vm, address & ~(PAGE_SIZE - 1), ilc);
    return true;
}

bool pagex_deliver(struct vmblok *vm)
{
    struct pagex *x = vm->pagex;
    if (!x || !x->come || !is_ready(vm))
        return false;
    uint32_t address = x->page[0].address;
    x->come--;
    x->count--;
    memmove(&x->page[0], &x->page[1], x->count * sizeof x->page[0]);
    interrupt(vm, address | HAS_COME, 0);
    return true;
}

void pagex_reset(struct vmblok *vm)
{
    struct pagex *x = vm->pagex;
    if (!x)
        return;
    x->come = x->count = 0;
    while (x->task)
        task_sleep(x);
}

void pagex_free(struct vmblok *vm)
{
    pagex_reset(vm);
    cp_free(vm->pagex, sizeof *vm->pagex);
    vm->pagex = NULL;
}
