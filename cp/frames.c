/* Page frames, and free storage carved out of them: see cp/frames.h. */
#include "cp/frames.h"

#include "cp/guest.h"
#include "cp/high.h"
#include "cp/pager.h"
#include "cp/s370.h"
#include "cp/state.h"
#include "lib/str.h"

/* Free blocks of 16 << class bytes; the last two classes are pages and stacks. */
#define BLOCK_LEAST 16u
#define CLASS_PAGE  8 /* 16 << 8 = 4096 */
#define CLASS_STACK 9

#define SMALL 256 /* frames: of these even the reserve is a good part */

void key_set(uint32_t address, uint8_t key)
{
    if (address < LOW_STORAGE)
        s370_ssk(address, key);
    else
        s370_sske(address, key);
}

uint8_t key_get(uint32_t address)
{
    return (uint8_t)(address < LOW_STORAGE ? s370_isk(address) : s370_iske(address));
}

uint8_t key_reset_reference(uint32_t address)
{
    return (uint8_t)(address < LOW_STORAGE ? s370_rrb(address) : s370_rrbe(address));
}

struct frame *frame_of(uint32_t address)
{
    return &cp.frames[PAGE_OF(address)];
}

void frames_init(uint32_t first, uint32_t size)
{
    for (int i = 0; i < 16; i++)
        list_init(&cp.free_blocks[i]);
    cp.storage_size = size;
    cp.frame_count = PAGE_OF(size);
    cp.low_count = cp.frame_count < LOW_FRAMES ? cp.frame_count : LOW_FRAMES;
    first = (first + 7) & ~7u;
    cp.frames = (struct frame *)first;
    memset(cp.frames, 0, cp.frame_count * sizeof(struct frame));
    uint32_t end = first + cp.frame_count * sizeof(struct frame);
    for (uint32_t n = 0; n < cp.frame_count; n++) {
        /* The last one below is where the window to those beyond is: cp/high.c. */
        bool beyond = n >= cp.low_count;
        bool ours = n * PAGE_SIZE < end || (n == LOW_FRAMES - 1 && cp.frame_count > LOW_FRAMES);
        cp.frames[n].use = ours ? FRAME_CP : FRAME_FREE;
        if (ours)
            cp.frames_cp++;
        else if (beyond)
            cp.high_free++;
        else
            cp.frames_free++;
        key_set(n * PAGE_SIZE, 0);
        key_set(n * PAGE_SIZE + 2048, 0);
    }
    cp.frame_hand = PAGE_OF(end) + 1;
    cp.frame_reserve = cp.low_count < SMALL ? 8 : 16 + cp.low_count / 64;
    cp.high_hand = LOW_FRAMES;
}

/* A free frame, marked as CP's; 0 if there is none. */
static uint32_t take_free(void)
{
    if (!cp.frames_free)
        return 0;
    for (uint32_t i = 0; i < cp.low_count; i++) {
        if (++cp.frame_next >= cp.low_count)
            cp.frame_next = 1;
        struct frame *frame = &cp.frames[cp.frame_next];
        if (frame->use == FRAME_FREE) {
            memset(frame, 0, sizeof *frame);
            frame->use = FRAME_CP;
            cp.frames_free--;
            cp.frames_cp++;
            return cp.frame_next * PAGE_SIZE;
        }
    }
    return 0;
}

uint32_t frame_take_cp(void)
{
    uint32_t address = take_free();
    if (cp.frames_free < cp.frame_reserve)
        pager_call();
    if (!address)
        return 0;
    key_set(address, 0);
    key_set(address + 2048, 0);
    memset((void *)address, 0, PAGE_SIZE);
    return address;
}

uint32_t frame_take(struct vmblok *vm)
{
    while (cp.frames_free <= cp.frame_reserve) {
        if (vm->work & (WORK_FORCE | WORK_CLEAR))
            return 0;
        pager_call();
        task_sleep(&cp.frames_free);
    }
    return take_free();
}

void frame_give(uint32_t address)
{
    struct frame *frame = frame_of(address);
    CP_ASSERT(frame->use != FRAME_FREE && !frame->locks);
    if (frame->use == FRAME_CP)
        cp.frames_cp--;
    memset(frame, 0, sizeof *frame);
    key_set(address, 0);
    key_set(address + 2048, 0);
    if (address >= LOW_STORAGE)
        cp.high_free++;
    else if (cp.frames_free++ >= cp.frame_reserve)
        task_wake(&cp.frames_free);
}

uint32_t frames_lockable(void)
{
    return (cp.low_count - cp.frames_cp) / 2;
}

/* Two frames side by side, for a stack.  If there are none, pages of guests that are the same
 * on disk are dropped. */
static uint32_t take_pair(void)
{
    for (int drop = 0; drop < 2; drop++)
        for (uint32_t n = 1; n + 1 < cp.low_count; n++) {
            uint32_t address = n * PAGE_SIZE;
            bool good = true;
            for (uint32_t k = 0; k < 2 && good; k++) {
                uint32_t at = address + k * PAGE_SIZE;
                good = frame_of(at)->use == FRAME_FREE || (drop && pager_drop_clean(at));
            }
            if (!good)
                continue;
            for (uint32_t k = 0; k < 2; k++) {
                struct frame *frame = &cp.frames[n + k];
                frame->use = FRAME_CP;
                cp.frames_free--;
                cp.frames_cp++;
                key_set(address + k * PAGE_SIZE, 0);
                key_set(address + k * PAGE_SIZE + 2048, 0);
            }
            return address;
        }
    return 0;
}

static unsigned class_of(size_t size)
{
    unsigned class = 0;
    while ((BLOCK_LEAST << class) < size)
        class ++;
    return class;
}

/* Splits a page into blocks of `class`. */
static bool refill(unsigned class)
{
    uint32_t page = frame_take_cp();
    if (!page)
        return false;
    for (uint32_t at = 0; at < PAGE_SIZE; at += BLOCK_LEAST << class)
        list_append(&cp.free_blocks[class], (struct list *)(page + at));
    return true;
}

void *cp_alloc(size_t size)
{
    unsigned class = class_of(size);
    void *block;
    CP_ASSERT(size && class <= CLASS_STACK);
    if (!list_empty(&cp.free_blocks[class])) {
        block = cp.free_blocks[class].next;
        list_remove(block);
    } else if (class == CLASS_STACK) {
        block = (void *)take_pair();
    } else if (class == CLASS_PAGE) {
        return (void *)frame_take_cp();
    } else {
        if (!refill(class))
            return NULL;
        block = cp.free_blocks[class].next;
        list_remove(block);
    }
    if (block)
        memset(block, 0, BLOCK_LEAST << class);
    return block;
}

void *cp_alloc_wait(struct vmblok *vm, size_t size)
{
    void *block;
    while ((block = cp_alloc(size)) == NULL && !(vm->work & (WORK_FORCE | WORK_CLEAR))) {
        pager_call();
        task_sleep_until(&cp.frames_free, tod_now() + TOD_MILLISECONDS(100));
    }
    return block;
}

void cp_free(void *block, size_t size)
{
    unsigned class = class_of(size);
    if (!block)
        return;
    if (class == CLASS_PAGE)
        frame_give((uint32_t)block);
    else
        list_append(&cp.free_blocks[class], block);
}
