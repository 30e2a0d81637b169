/* Real storage beyond 16M: see cp/high.h.  CP copies with translation on: tables that are the
 * identity but for one page, the window.  GA22-7000, "Extended real addressing". */
#include "cp/high.h"

#include "cp/guest.h"
#include "cp/s370.h"
#include "cp/shadow.h"
#include "cp/state.h"
#include "cp/trap.h"

#define HIGH_MAX      0x4000000u
#define STEP          0x100000u
#define SEGMENTS      256u
#define WINDOW        0xfff000u /* the last page below: its frame is nobody's */
#define PROBE_KEY     0x50
#define STE_FULL      0xf0000000u
#define TABLES_BYTES  (SEGMENTS * PAGES_PER_SEGMENT * 2)
#define SEGMENT_BYTES (SEGMENTS * 4)

bool probe_key(uint32_t address);
void copy_translated(uint32_t to, uint32_t from, const uint32_t cr[2]);

uint32_t high_find(void)
{
    uint32_t size = LOW_STORAGE;
    if (!probe_key(size))
        return size;
    /* A machine that ignores the upper bits would set the key of a frame below. */
    s370_sske(size + 2 * PAGE_SIZE, PROBE_KEY);
    bool same = (s370_isk(2 * PAGE_SIZE) & KEY_ACCESS) == PROBE_KEY;
    s370_ssk(2 * PAGE_SIZE, 0);
    while (!same && size < HIGH_MAX && probe_key(size))
        size += STEP;
    return size;
}

void high_init(void)
{
    if (cp.frame_count <= LOW_FRAMES)
        return;
    uint16_t *pages = cp_alloc(TABLES_BYTES);
    uint32_t *segments = cp_alloc(SEGMENT_BYTES);
    if (!pages || !segments) {
        cp.high_free = 0;
        return;
    }
    for (uint32_t n = 0; n < SEGMENTS * PAGES_PER_SEGMENT; n++)
        pages[n] = pte_make(n * PAGE_SIZE);
    for (uint32_t n = 0; n < SEGMENTS; n++)
        segments[n] = STE_FULL | (uint32_t)(pages + n * PAGES_PER_SEGMENT);
    cp.high_window = pages + WINDOW / PAGE_SIZE;
    cp.high_cr[0] = TRAP_CR0;
    cp.high_cr[1] = (SEGMENT_BYTES / 64 - 1) << 24 | (uint32_t)segments;
}

uint32_t high_take(void)
{
    for (uint32_t i = LOW_FRAMES; cp.high_free && i < cp.frame_count; i++) {
        if (++cp.high_next >= cp.frame_count || cp.high_next < LOW_FRAMES)
            cp.high_next = LOW_FRAMES;
        if (cp.frames[cp.high_next].use != FRAME_FREE)
            continue;
        cp.high_free--;
        return cp.high_next * PAGE_SIZE;
    }
    return 0;
}

/* Gives the page's place in `from` to `to`: contents, keys, and where its segment finds it. */
static void move(uint32_t from, uint32_t to)
{
    struct frame *old = frame_of(from), *new = frame_of(to);
    struct segment *segment = old->segment;
    uint32_t up = to >= LOW_STORAGE;
    segment->page_table[old->index] |= PTE4K_INVALID;
    if (segment->vm)
        shadow_page_gone(segment->vm);
    s370_ptlb();
    *new = *old;
    for (uint32_t half = 0; half < 2; half++) {
        uint8_t key = key_get(from + half * 2048);
        new->guest_bits[half] |= key &(KEY_REFERENCE | KEY_CHANGE);
        new->changed |= (key & KEY_CHANGE) != 0;
        key_set(to + half * 2048, key & (KEY_ACCESS | KEY_FETCH));
    }
    *cp.high_window = pte_make(up ? to : from);
    copy_translated(up ? WINDOW : to, up ? from : WINDOW, cp.high_cr);
    /* The copy has set bits in the key that are not the guest's. */
    for (uint32_t half = 0; half < 2; half++)
        key_set(to + half * 2048, key_get(to + half * 2048) & (KEY_ACCESS | KEY_FETCH));
    segment->page_table[new->index] = pte_make(to);
    frame_give(from);
}

void high_move_up(uint32_t low, uint32_t high)
{
    move(low, high);
}

void high_move_down(uint32_t high, uint32_t low)
{
    cp.frames_cp--; /* it becomes a guest's */
    move(high, low);
}
