/* Shadow tables: see cp/shadow.h.  The shadow has segments of 64K, and pages of the guest's size:
 * two 2K pages of the guest side by side may lie anywhere. */
#include "cp/shadow.h"

#include "cp/guest.h"
#include "cp/s370.h"
#include "cp/saved.h"
#include "cp/state.h"
#include "cp/trap.h"
#include "lib/str.h"
#include "s370/arch/codes.h"
#include "s370/arch/control.h"
#include "s370/arch/psw.h"

#define STE_FULL    0xf0000000u
#define PTE_INVALID (PTE4K_INVALID | PTE2K_INVALID) /* whatever the page size is */

bool shadow_needed(const struct vmblok *vm)
{
    return (vm->psw & PSW_EC) && (vm->psw & PSW_EC_TRANSLATE);
}

static void empty_table(struct shadow *shadow)
{
    for (uint32_t i = 0; i < SHADOW_SEGMENTS; i++) {
        for (uint32_t k = 0; shadow->page_tables[i] && k < SHADOW_PAGES; k++)
            shadow->page_tables[i][k] = PTE_INVALID;
        if (!shadow->page_tables[i])
            shadow->segment_table[i] = STE_INVALID;
    }
    shadow->empty = true;
}

static bool has_small_pages(const struct vmblok *vm)
{
    return (vm->cr[0] & (CR0_PAGE_2K | CR0_PAGE_4K)) == CR0_PAGE_2K;
}

uint32_t shadow_cr0(const struct vmblok *vm)
{
    return has_small_pages(vm) ? TRAP_CR0 ^ CR0_PAGE_4K ^ CR0_PAGE_2K : TRAP_CR0;
}

static struct shadow *new_set(void)
{
    struct shadow *shadow = cp_alloc(sizeof *shadow);
    if (!shadow)
        return NULL;
    shadow->segment_table = cp_alloc(SHADOW_SEGMENTS * 4);
    if (!shadow->segment_table) {
        cp_free(shadow, sizeof *shadow);
        return NULL;
    }
    empty_table(shadow);
    return shadow;
}

static bool is_of(const struct shadow *shadow, const struct vmblok *vm)
{
    return shadow->cr1 == vm->cr[1] && shadow->cr0 == (vm->cr[0] & CR0_TRANSLATION);
}

/* The set for this space, at *place; NULL: there is none, and *place is behind those that there
 * are. */
static struct shadow *find_set(const struct vmblok *vm, unsigned *place)
{
    const struct shadows *all = vm->shadows;
    for (*place = 0; *place < SHADOW_SETS && all->set[*place]; ++*place)
        if (is_of(all->set[*place], vm))
            return all->set[*place];
    return NULL;
}

/* A set for a space that has none.  Where there is no storage for another one, one of the old ones
 * does. */
static struct shadow *take_set(struct vmblok *vm, unsigned *place)
{
    struct shadows *all = vm->shadows;
    struct shadow *shadow = *place < SHADOW_SETS ? new_set() : NULL;
    if (!shadow && *place) {
        shadow = all->set[--*place];
        if (!shadow->empty) {
            empty_table(shadow);
            s370_ptlb();
        }
    }
    if (!shadow)
        return NULL;
    shadow->cr0 = vm->cr[0] & CR0_TRANSLATION;
    shadow->cr1 = vm->cr[1];
    return shadow;
}

uint32_t shadow_cr1(struct vmblok *vm)
{
    unsigned place;
    if (!vm->shadows && !(vm->shadows = cp_alloc(sizeof *vm->shadows)))
        return 0;
    struct shadows *all = vm->shadows;
    if (!all->set[0] || !is_of(all->set[0], vm)) {
        struct shadow *shadow = find_set(vm, &place);
        if (!shadow && !(shadow = take_set(vm, &place)))
            return 0;
        memmove(&all->set[1], &all->set[0], place * sizeof all->set[0]);
        all->set[0] = shadow;
    }
    return (SHADOW_SEGMENTS / 16 - 1) << 24 | (uint32_t)all->set[0]->segment_table;
}

/* True if there was anything in them. */
static bool empty_all(struct vmblok *vm)
{
    bool any = false;
    for (unsigned i = 0; vm->shadows && i < SHADOW_SETS && vm->shadows->set[i]; i++) {
        if (vm->shadows->set[i]->empty)
            continue;
        empty_table(vm->shadows->set[i]);
        any = true;
    }
    return any;
}

void shadow_purge(struct vmblok *vm)
{
    if (empty_all(vm))
        s370_ptlb();
}

void shadow_page_gone(struct vmblok *vm)
{
    /* Which entries show the page is not recorded: all go. The caller purges the TLB. */
    empty_all(vm);
}

static void free_set(struct shadow *shadow)
{
    for (uint32_t i = 0; i < SHADOW_SEGMENTS; i++)
        cp_free(shadow->page_tables[i], SHADOW_PAGES * sizeof(uint16_t));
    cp_free(shadow->segment_table, SHADOW_SEGMENTS * 4);
    cp_free(shadow, sizeof *shadow);
}

void shadow_free(struct vmblok *vm)
{
    struct shadows *all = vm->shadows;
    if (!all)
        return;
    for (unsigned i = 0; i < SHADOW_SETS && all->set[i]; i++)
        free_set(all->set[i]);
    cp_free(all, sizeof *all);
    vm->shadows = NULL;
    s370_ptlb(); /* another guest's tables may lie where these were */
}

/* The guest's format, from its control register 0. */
struct format {
    unsigned page_bits, segment_bits;
};

static bool format_of(uint32_t cr0, struct format *format)
{
    switch (cr0 & CR0_TRANSLATION) {
    case CR0_PAGE_2K | CR0_SEGMENT_64K:
        *format = (struct format){11, 16};
        return true;
    case CR0_PAGE_4K | CR0_SEGMENT_64K:
        *format = (struct format){12, 16};
        return true;
    case CR0_PAGE_2K | CR0_SEGMENT_1M:
        *format = (struct format){11, 20};
        return true;
    case CR0_PAGE_4K | CR0_SEGMENT_1M:
        *format = (struct format){12, 20};
        return true;
    }
    return false;
}

int shadow_walk(struct vmblok *vm, uint32_t address, uint32_t *real, uint32_t *entry,
                bool *length_violation)
{
    struct format f;
    uint32_t segment_entry, where;
    uint16_t page_entry;
    if (length_violation)
        *length_violation = false;
    if (!format_of(vm->cr[0], &f))
        return PGM_TRANSLATION;
    address &= 0x00ffffff;
    uint32_t segment = address >> f.segment_bits;
    where = (CR1_ORIGIN(vm->cr[1]) + segment * 4) & 0x00ffffff;
    if (entry)
        *entry = where;
    /* The table's length counts sixteenths of what 64K segments would need. */
    if (f.segment_bits == 16 && segment >> 4 > CR1_LENGTH(vm->cr[1])) {
        if (length_violation)
            *length_violation = true;
        return PGM_SEGMENT;
    }
    if (!guest_read(vm, where, &segment_entry, 4))
        return PGM_ADDRESSING;
    if (segment_entry & STE_INVALID)
        return PGM_SEGMENT;
    if (segment_entry & 0x0f000000)
        return PGM_TRANSLATION;
    unsigned index_bits = f.segment_bits - f.page_bits;
    uint32_t index = address >> f.page_bits & ((1u << index_bits) - 1);
    where = (STE_ORIGIN(segment_entry) + index * 2) & 0x00ffffff;
    if (entry)
        *entry = where;
    if (index >> (index_bits - 4) > STE_LENGTH(segment_entry)) {
        if (length_violation)
            *length_violation = true;
        return PGM_PAGE;
    }
    if (!guest_read(vm, where, &page_entry, 2))
        return PGM_ADDRESSING;
    bool small = f.page_bits == 11;
    if (page_entry & (small ? PTE2K_INVALID : PTE4K_INVALID))
        return PGM_PAGE;
    if (page_entry & (small ? 2 : 6))
        return PGM_TRANSLATION;
    *real = (small ? PTE2K_FRAME(page_entry) : PTE4K_FRAME(page_entry)) |
            (address & ((1u << f.page_bits) - 1));
    return 0;
}

int shadow_fault(struct vmblok *vm, uint32_t address)
{
    uint32_t real;
    int code = shadow_walk(vm, address, &real, NULL, NULL);
    if (code)
        return code;
    uint32_t frame = guest_page(vm, PAGE_OF(real)); /* may sleep, and empty the tables */
    if (!frame)
        return PGM_ADDRESSING;
    if (saved_is_shared(vm, PAGE_OF(real))) { /* a shadow entry may be stored through */
        saved_own_page(vm, PAGE_OF(real));
        frame = guest_page(vm, PAGE_OF(real));
        if (!frame)
            return PGM_ADDRESSING;
    }
    if (!shadow_cr1(vm))
        return PGM_ADDRESSING;
    struct shadow *shadow = vm->shadows->set[0];
    uint32_t segment = (address & 0x00ffffff) >> 16;
    if (!shadow->page_tables[segment]) {
        uint16_t *table = cp_alloc(SHADOW_PAGES * sizeof(uint16_t));
        if (!table)
            return PGM_ADDRESSING;
        for (uint32_t k = 0; k < SHADOW_PAGES; k++)
            table[k] = PTE_INVALID;
        shadow->page_tables[segment] = table;
        shadow->segment_table[segment] = STE_FULL | (uint32_t)table;
    }
    if (has_small_pages(vm))
        shadow->page_tables[segment][address >> 11 & 31] = (uint16_t)((frame | (real & 2048)) >> 8);
    else
        shadow->page_tables[segment][address >> 12 & 15] = (uint16_t)(frame >> 8);
    shadow->empty = false;
    return 0;
}

int guest_translate(struct vmblok *vm, uint32_t logical, uint32_t *real)
{
    logical &= 0x00ffffff;
    if (!shadow_needed(vm)) {
        *real = logical;
        return 0;
    }
    int code = shadow_walk(vm, logical, real, NULL, NULL);
    if (code == PGM_SEGMENT || code == PGM_PAGE)
        vm->translation_address = logical;
    return code;
}
