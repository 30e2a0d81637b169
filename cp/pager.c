/* The pager keeps frames free.  A hand goes round the frames: a guest page referenced
 * since the hand last came stays (its reference bit is put aside for the guest and
 * reset); another goes, and is written to a page slot if it has changed since it came. */
#include "cp/pager.h"

#include "cp/guest.h"
#include "cp/high.h"
#include "cp/s370.h"
#include "cp/shadow.h"
#include "cp/state.h"
#include "cp/vmrun.h"
#include "s370/arch/control.h"

#define FRAMES_AHEAD 8    /* stolen beyond the reserve before the pager rests */
#define HIGH_LEAST   32   /* free frames beyond 16M below which some are freed ... */
#define HIGH_STEPS   4096 /* ... looking at no more than this at a time */

void pager_call(void)
{
    cp.pager_wanted = true;
    task_wake(&cp.pager_wanted);
}

/* Takes the page out of its owner's tables; the machine must not know it any more.  Shared pages
 * are in nobody's shadow tables. */
static void unmap(struct frame *frame)
{
    frame->segment->page_table[frame->index] |= PTE4K_INVALID;
    if (frame->segment->vm)
        shadow_page_gone(frame->segment->vm);
    s370_ptlb();
}

static bool is_changed(const struct frame *frame, uint32_t address)
{
    return frame->changed || ((key_get(address) | key_get(address + 2048)) & KEY_CHANGE);
}

/* Keeps the keys as the guest is to see them, and frees the frame. */
static void let_go(struct frame *frame, uint32_t address)
{
    struct swap_entry *swap = &frame->segment->swap[frame->index];
    for (uint32_t half = 0; half < 2; half++)
        swap->keys[half] = key_get(address + half * 2048) | frame->guest_bits[half];
    if (frame->segment->vm)
        frame->segment->vm->resident--;
    cp.page_steals++;
    frame_give(address);
}

bool pager_drop_clean(uint32_t address)
{
    struct frame *frame = frame_of(address);
    if (frame->use != FRAME_GUEST || frame->locks || frame->moving || is_changed(frame, address))
        return false;
    unmap(frame);
    let_go(frame, address);
    return true;
}

/* Once the PAGE cylinders are full, pages go to spool space, as long as a quarter of it stays free.
 */
static uint32_t overflow_slot(void)
{
    uint32_t all, used;
    slot_count(CYLINDER_TEMP, &all, &used);
    return used < all - all / 4 ? slot_alloc(CYLINDER_TEMP) : 0;
}

/* A slot for a page that has none of its own; 0: paging space is full. */
static uint32_t new_slot(void)
{
    uint32_t slot = cp.page_space_full ? 0 : slot_alloc(CYLINDER_PAGE);
    if (!slot && !cp.page_space_full)
        slot = overflow_slot();
    if (!slot && !cp.page_space_full) {
        operator_printf("DMKPGT400I PAGING SPACE IS FULL");
        cp.page_space_full = true; /* until a slot is freed */
    }
    return slot;
}

/* A page of zeros needs no slot. */
static bool is_zero(uint32_t address)
{
    const uint64_t *at = (const uint64_t *)address;
    for (uint32_t i = 0; i < PAGE_SIZE / sizeof *at; i++)
        if (at[i])
            return false;
    return true;
}

static void let_go_of_zeros(struct frame *frame, uint32_t address)
{
    struct swap_entry *swap = &frame->segment->swap[frame->index];
    if (swap->slot && !(swap->flags & SWAP_SAVED))
        slot_free(swap->slot);
    swap->slot = 0;
    swap->flags = 0;
    unmap(frame);
    let_go(frame, address);
}

/* Writes a changed page to its slot and frees the frame.  If that fails the page stays. May
 * sleep. */
static void page_out(struct frame *frame, uint32_t address)
{
    struct segment *segment = frame->segment;
    uint32_t index = frame->index;
    struct swap_entry *swap = &segment->swap[index];
    struct swap_entry before = *swap;
    if (is_zero(address)) {
        let_go_of_zeros(frame, address);
        return;
    }
    bool own = swap->slot && !(swap->flags & SWAP_SAVED);
    uint32_t slot = own ? swap->slot : new_slot();
    if (!slot)
        return;
    unmap(frame);
    frame->moving = true;
    swap->slot = slot;
    swap->flags = SWAP_MOVING;
    bool written = slot_write(slot, (const void *)address);
    swap->flags = 0;
    frame->moving = false;
    if (written) {
        cp.page_writes++;
        if (segment->vm)
            segment->vm->count.page_writes++;
        let_go(frame, address);
    } else {
        if (!own)
            slot_free(slot);
        swap->slot = before.slot;
        swap->flags = before.flags;
        frame->changed = true;
        segment->page_table[index] &= (uint16_t)~PTE4K_INVALID;
    }
    task_wake(swap);
}

/* Resets the reference bits of a frame; true if one was on. */
static bool was_referenced(struct frame *frame, uint32_t address)
{
    bool referenced = false;
    for (uint32_t half = 0; half < 2; half++)
        if (key_reset_reference(address + half * 2048) & 2) {
            frame->guest_bits[half] |= KEY_REFERENCE;
            referenced = true;
        }
    return referenced;
}

/* SET RESERVE: the user has no more pages than he is to keep. */
static bool is_reserved(const struct frame *frame)
{
    const struct vmblok *vm = frame->segment->vm;
    return vm && vm->resident <= vm->reserved;
}

/* Beyond 16M there is room for the page, if its halves have the same key. */
static bool move_up(const struct frame *frame, uint32_t address)
{
    uint8_t keys = key_get(address) ^ key_get(address + 2048);
    uint32_t high = keys & (KEY_ACCESS | KEY_FETCH) ? 0 : high_take();
    if (high)
        high_move_up(address, high);
    return high != 0;
}

/* One step of the hand of the frames beyond 16M: those not lately referenced go out, by way of a
 * frame below.  May sleep. */
static void step_high(void)
{
    if (++cp.high_hand >= cp.frame_count)
        cp.high_hand = LOW_FRAMES;
    struct frame *frame = &cp.frames[cp.high_hand];
    uint32_t address = cp.high_hand * PAGE_SIZE;
    if (frame->use != FRAME_GUEST || frame->locks || was_referenced(frame, address) ||
        is_reserved(frame) || pager_drop_clean(address))
        return;
    uint32_t low = cp.page_space_full ? 0 : frame_take_cp();
    if (!low)
        return;
    high_move_down(address, low);
    page_out(frame_of(low), low);
}

/* Keeps some frames beyond 16M free to move pages to. */
static void make_room_above(void)
{
    uint32_t steps = 0;
    if (cp.high_free >= HIGH_LEAST || cp.frame_count <= LOW_FRAMES)
        return;
    while (cp.high_free < 2 * HIGH_LEAST && steps++ < HIGH_STEPS)
        step_high();
}

/* One step of the hand.  May sleep. */
static void step(void)
{
    if (++cp.frame_hand >= cp.low_count)
        cp.frame_hand = 0;
    struct frame *frame = &cp.frames[cp.frame_hand];
    uint32_t address = cp.frame_hand * PAGE_SIZE;
    if (frame->use != FRAME_GUEST || frame->locks || frame->moving ||
        was_referenced(frame, address) || move_up(frame, address) || is_reserved(frame))
        return;
    if (is_changed(frame, address))
        page_out(frame, address);
    else
        pager_drop_clean(address);
}

/* Nothing can be freed: all is changed and paging space is full.  Who has the most pages gives them
 * back, so that the others go on. */
static void take_from_largest(void)
{
    struct vmblok *largest = NULL;
    uint32_t most = 0;
    LIST_EACH(it, &cp.vms)
    {
        struct vmblok *vm = LIST_ENTRY(it, struct vmblok, link);
        uint32_t resident, on_disk;
        if (vm->work & WORK_CLEAR)
            return; /* it has not come to it yet */
        guest_page_counts(vm, &resident, &on_disk);
        if (resident + on_disk > most) {
            most = resident + on_disk;
            largest = vm;
        }
    }
    if (!largest)
        return;
    operator_printf("DMKPGT402E STORAGE OF %s IS CLEARED: PAGING SPACE IS FULL", largest->userid);
    vm_post(largest, WORK_CLEAR);
}

void pager_main(void *unused)
{
    for (;;) {
        while (!cp.pager_wanted)
            task_sleep(&cp.pager_wanted);
        cp.pager_wanted = false;
        /* Twice round: after the first no page is "referenced" any more but those in use right
         * now.  If that frees nothing all is locked or the slots are full. */
        uint32_t steps = 0, enough = cp.frame_reserve + FRAMES_AHEAD;
        make_room_above();
        while (cp.frames_free <= enough && steps++ < 2 * cp.low_count)
            step();
        if (cp.frames_free <= cp.frame_reserve) {
            if (cp.page_space_full)
                take_from_largest();
            task_wake(&cp.frames_free);
            task_sleep_until(&cp.frame_hand, tod_now() + TOD_MILLISECONDS(100));
            cp.pager_wanted = true;
        }
        task_wake(&cp.frames_free);
    }
}
