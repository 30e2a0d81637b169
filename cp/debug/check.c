/* The checker of control blocks in the debug nucleus (cp/check.h): lists, tasks, frames and page
 * tables, shadow tables, devices, and a hash over the nucleus' code, a page of it at each
 * dispatch.  It is slow and means to be: what it finds, it finds at the next dispatch. */
#include "cp/check.h"

#include "cp/guest.h"
#include "cp/high.h"
#include "cp/savesys.h"
#include "cp/shadow.h"
#include "cp/state.h"
#include "cp/vdev.h"
#include "s370/arch/control.h"
#include "s370/arch/psw.h"

#define STACK_BOTTOM 32 /* bytes that no stack reaches */

extern const char cp_entry[], __text_end[];

/* --- lists --- */

static unsigned check_list(const struct list *head)
{
    unsigned n = 0;
    for (const struct list *it = head->next; it != head; it = it->next, n++)
        CP_ASSERT(it->next->prev == it && it->prev->next == it);
    return n;
}

static void check_free_blocks(void)
{
    for (unsigned class = 0; class < 16; class ++) {
        check_list(&cp.free_blocks[class]);
        LIST_EACH(it, &cp.free_blocks[class])
        {
            CP_ASSERT(((uint32_t)it & 7) == 0 && (uint32_t)it < cp.storage_size);
            CP_ASSERT(frame_of((uint32_t)it)->use == FRAME_CP);
        }
    }
}

/* --- tasks --- */

static void check_task(const struct task *task)
{
    const uint32_t *bottom = (const uint32_t *)task->stack;
    CP_ASSERT(task->state == TASK_READY || task->state == TASK_SLEEPING);
    CP_ASSERT(task->sp > (uint32_t)task->stack && task->sp < (uint32_t)task->stack + TASK_STACK);
    for (unsigned i = 0; i < STACK_BOTTOM / 4; i++)
        CP_ASSERT(!bottom[i]);
    CP_ASSERT(!task->vm || task->vm->task == task);
}

static void check_tasks(void)
{
    unsigned all = check_list(&cp.tasks), listed = check_list(&cp.sleeping);
    LIST_EACH(it, &cp.tasks)
    check_task(LIST_ENTRY(it, struct task, all));
    LIST_EACH(it, &cp.sleeping)
    CP_ASSERT(LIST_ENTRY(it, struct task, link)->state == TASK_SLEEPING);
    for (unsigned queue = 0; queue < QUEUE_COUNT; queue++) {
        uint64_t before = 0;
        listed += check_list(&cp.ready[queue]);
        LIST_EACH(it, &cp.ready[queue])
        {
            const struct task *task = LIST_ENTRY(it, struct task, link);
            CP_ASSERT(task->state == TASK_READY && task->queue == queue);
            CP_ASSERT(queue != QUEUE_2 || task->deadline >= before);
            before = task->deadline;
        }
    }
    CP_ASSERT(listed == all);
    uint64_t when = 0;
    check_list(&cp.clock_requests);
    LIST_EACH(it, &cp.clock_requests)
    {
        const struct clock_request *request = LIST_ENTRY(it, struct clock_request, link);
        CP_ASSERT(request->when >= when && request->expired);
        when = request->when;
    }
}

/* --- storage --- */

struct totals {
    uint32_t mapped, moving, slots;
};

/* Has it a slot of its own in page space?  Overflow in spool space is not counted. */
static bool is_page_slot(const struct swap_entry *swap)
{
    const struct volume *volume = &cp.volumes[SLOT_VOLUME(swap->slot)];
    return swap->slot && !(swap->flags & SWAP_SAVED) &&
           volume->map[SLOT_NUMBER(swap->slot) / SLOTS_PER_CYLINDER] == CYLINDER_PAGE;
}

/* Every valid entry shows a frame that holds this page of this guest, and no other. */
static void check_segment(const struct segment *segment, struct totals *totals)
{
    for (uint32_t i = 0; i < PAGES_PER_SEGMENT; i++) {
        uint16_t entry = segment->page_table[i];
        totals->slots += is_page_slot(&segment->swap[i]);
        if (entry & PTE4K_INVALID)
            continue;
        const struct frame *frame = frame_of(pte_real(entry));
        CP_ASSERT(pte_real(entry) < cp.storage_size && frame->use == FRAME_GUEST);
        CP_ASSERT(frame->segment == segment && frame->index == i && !frame->moving);
        CP_ASSERT(!(segment->swap[i].flags & SWAP_LOCKED) || frame->locks);
        totals->mapped++;
    }
}

static void check_shadow_entry(const struct vmblok *vm, uint16_t entry)
{
    if (entry & (PTE4K_INVALID | PTE2K_INVALID))
        return;
    const struct frame *frame = frame_of(PTE4K_FRAME(entry));
    CP_ASSERT(PTE4K_FRAME(entry) < cp.storage_size);
    CP_ASSERT(frame->use == FRAME_GUEST && (!frame->segment->vm || frame->segment->vm == vm));
}

static void check_set(const struct vmblok *vm, const struct shadow *shadow)
{
    for (unsigned n = 0; n < SHADOW_SEGMENTS; n++) {
        if (!shadow->page_tables[n])
            CP_ASSERT(shadow->segment_table[n] & STE_INVALID);
        for (unsigned i = 0; shadow->page_tables[n] && i < SHADOW_PAGES; i++)
            check_shadow_entry(vm, shadow->page_tables[n][i]);
    }
}

static void check_shadow(const struct vmblok *vm)
{
    for (unsigned i = 0; vm->shadows && i < SHADOW_SETS && vm->shadows->set[i]; i++)
        check_set(vm, vm->shadows->set[i]);
}

/* Pages of a guest's, or of all guests' (NULL), that are on their way out. */
static uint32_t count_moving(const struct vmblok *vm)
{
    uint32_t n = 0;
    for (const struct frame *f = cp.frames; f < cp.frames + cp.frame_count; f++)
        n += f->moving && (!vm || f->segment->vm == vm);
    return n;
}

static void check_storage(const struct vmblok *vm, struct totals *all)
{
    struct totals totals = {0};
    for (uint32_t n = 0; vm->segments && n < vm->segment_count; n++) {
        uint32_t entry = vm->segment_table[n];
        CP_ASSERT(!vm->segments[n] == !!(entry & STE_INVALID));
        if (!vm->segments[n])
            continue;
        CP_ASSERT(STE_ORIGIN(entry) == (uint32_t)vm->segments[n]);
        CP_ASSERT(!vm->segments[n]->vm || vm->segments[n]->vm == vm);
        if (vm->segments[n]->vm)
            check_segment(vm->segments[n], &totals);
    }
    if (vm->segment_table)
        CP_ASSERT(CR1_ORIGIN(vm->regs.run_cr1) == (uint32_t)vm->segment_table);
    check_shadow(vm);
    CP_ASSERT(totals.mapped + (all->moving ? count_moving(vm) : 0) == vm->resident);
    all->mapped += totals.mapped;
    all->slots += totals.slots;
}

/* Shared segments belong to no virtual machine. */
static void check_shared(struct totals *totals)
{
    check_list(&cp.saved_systems);
    LIST_EACH(it, &cp.saved_systems)
    {
        const struct saved_system *system = LIST_ENTRY(it, struct saved_system, link);
        for (uint32_t i = 0; i < system->shared_count; i++)
            if (system->shared[i].segment) {
                CP_ASSERT(!system->shared[i].segment->vm);
                check_segment(system->shared[i].segment, totals);
            }
    }
}

static void check_frames(const struct totals *totals)
{
    uint32_t uses[FRAME_ORPHAN + 1] = {0}, slots, used;
    for (uint32_t n = 0; n < cp.frame_count; n++) {
        const struct frame *frame = &cp.frames[n];
        CP_ASSERT(frame->use <= FRAME_ORPHAN);
        CP_ASSERT(frame->use != FRAME_ORPHAN || frame->locks);
        CP_ASSERT(frame->use >= FRAME_GUEST || (!frame->locks && !frame->segment));
        uses[frame->use]++;
    }
    CP_ASSERT(uses[FRAME_FREE] == cp.frames_free + cp.high_free && uses[FRAME_CP] == cp.frames_cp);
    CP_ASSERT(uses[FRAME_GUEST] == totals->mapped + totals->moving);
    slot_count(CYLINDER_PAGE, &slots, &used);
    CP_ASSERT(used == totals->slots);
}

/* --- virtual machines and devices --- */

static void check_devices(struct vmblok *vm)
{
    uint32_t before = 0;
    check_list(&vm->vdevs);
    LIST_EACH(it, &vm->vdevs)
    {
        struct vdev *vdev = LIST_ENTRY(it, struct vdev, link);
        CP_ASSERT(vdev->vm == vm && vdev->address + 1u > before && vdev->ops);
        before = vdev->address + 1u;
        if (vdev->ops != &minidisk_ops)
            continue;
        const struct minidisk *disk = minidisk_of(vdev);
        CP_ASSERT(disk->cylinders && disk->start + disk->cylinders <= disk->real.rdev->cylinders);
    }
}

static unsigned links_to(const struct rdev *rdev)
{
    unsigned n = 0;
    LIST_EACH(vm, &cp.vms)
    LIST_EACH(it, &LIST_ENTRY(vm, struct vmblok, link)->vdevs)
    {
        struct vdev *vdev = LIST_ENTRY(it, struct vdev, link);
        n += vdev->ops == &minidisk_ops && minidisk_of(vdev)->real.rdev == rdev;
    }
    return n;
}

static void check_real_devices(void)
{
    check_list(&cp.rdevs);
    LIST_EACH(it, &cp.rdevs)
    {
        const struct rdev *rdev = LIST_ENTRY(it, struct rdev, link);
        check_list(&rdev->queue);
        CP_ASSERT(!rdev->active || rdev->active->rdev == rdev);
        CP_ASSERT(rdev->links == links_to(rdev));
    }
}

static void check_machine(struct vmblok *vm, struct totals *totals)
{
    const uint64_t bits = PSW_EC | PSW_EC_TRANSLATE | PSW_PROBLEM;
    CP_ASSERT(!vm->regs.run_psw || (vm->regs.run_psw & bits) == bits);
    check_devices(vm);
    check_storage(vm, totals);
}

/* --- the code --- */

static uint32_t hash_page(const char *page)
{
    uint32_t hash = 0;
    const char *end = page + PAGE_SIZE < __text_end ? page + PAGE_SIZE : __text_end;
    for (const char *at = page; at + 4 <= end; at += 4)
        hash = hash * 31 + *(const uint32_t *)at;
    return hash;
}

static void check_code(void)
{
    enum { PAGES_MOST = 128 };
    static uint32_t hashes[PAGES_MOST], next;
    uint32_t pages = ((uint32_t)(__text_end - cp_entry) + PAGE_SIZE - 1) / PAGE_SIZE;
    CP_ASSERT(pages <= PAGES_MOST);
    const char *page = cp_entry + next % pages * PAGE_SIZE;
    uint32_t hash = hash_page(page);
    if (next < pages)
        hashes[next] = hash;
    CP_ASSERT(hashes[next % pages] == hash);
    next++;
}

void check_blocks(void)
{
    struct totals totals = {.moving = count_moving(NULL)};
    check_code();
    check_tasks();
    check_free_blocks();
    check_list(&cp.vms);
    LIST_EACH(it, &cp.vms)
    check_machine(LIST_ENTRY(it, struct vmblok, link), &totals);
    check_real_devices();
    check_shared(&totals);
    check_frames(&totals);
}
