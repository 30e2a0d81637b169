/* Free storage (VM/370's DMSFREE).  What is taken comes from the top of storage downwards;
 * the user program area grows from X'20000' upwards.  A table holds what is taken, by
 * address: a program that goes wild cannot spoil it, since it is behind the nucleus's
 * storage key.  Sizes are rounded up to doublewords. */
#include "cms/nucleus/nucleus.h"

#define KEY_BLOCK   UINT32_C(2048)
#define KEY_NUCLEUS 0xf0
#define KEY_USER    0xe0

static void set_keys(uint32_t address, uint32_t size, unsigned key)
{
    for (uint32_t a = address; a < address + size; a += KEY_BLOCK)
        set_key(a, key);
}

/* What the nucleus keeps takes whole blocks of its own storage key. */
static uint32_t rounded(uint32_t size, uint8_t owner)
{
    uint32_t unit = owner == OWNER_NUCLEUS ? KEY_BLOCK : 8;

    return (size + unit - 1) & ~(unit - 1);
}

static uint32_t lowest(void)
{
    return nuc.user_end > MODULE_USER_AREA ? nuc.user_end : MODULE_USER_AREA;
}

/* Inserts at index i (entries are in descending order of address). */
static void insert(unsigned i, uint32_t address, uint32_t size, uint8_t owner)
{
    memmove(&nuc.blocks[i + 1], &nuc.blocks[i], (nuc.block_count - i) * sizeof(nuc.blocks[0]));
    nuc.blocks[i].address = address;
    nuc.blocks[i].size_owner = size | owner;
    nuc.block_count++;
}

static void drop(unsigned i)
{
    nuc.block_count--;
    memmove(&nuc.blocks[i], &nuc.blocks[i + 1], (nuc.block_count - i) * sizeof(nuc.blocks[0]));
}

void *storage_get(uint32_t size, uint8_t owner)
{
    uint32_t top = nuc.storage_size;
    unsigned i;

    size = rounded(size, owner);
    if (!size || size > nuc.storage_size || nuc.block_count == STORAGE_BLOCKS)
        return NULL;
    for (i = 0;; i++) {
        uint32_t end = lowest();
        if (i < nuc.block_count)
            end = nuc.blocks[i].address + (nuc.blocks[i].size_owner & ~UINT32_C(7));
        if (owner == OWNER_NUCLEUS)
            top &= ~(KEY_BLOCK - 1);
        if (top >= end && top - end >= size)
            break;
        if (i == nuc.block_count)
            return NULL;
        top = nuc.blocks[i].address;
    }
    insert(i, top - size, size, owner);
    if (top - size < nuc.low_water)
        nuc.low_water = top - size;
    if (owner == OWNER_NUCLEUS)
        set_keys(top - size, size, KEY_NUCLEUS);
    return (void *)(top - size);
}

bool storage_free(void *at, uint32_t size)
{
    for (unsigned i = 0; i < nuc.block_count; i++) {
        uint8_t owner = nuc.blocks[i].size_owner & 7;
        uint32_t has = nuc.blocks[i].size_owner & ~UINT32_C(7);
        if (nuc.blocks[i].address == (uint32_t)at && has == rounded(size, owner)) {
            if (owner == OWNER_NUCLEUS)
                set_keys(nuc.blocks[i].address, has, KEY_USER);
            drop(i);
            return true;
        }
    }
    return false;
}

void storage_free_owner(uint8_t owner)
{
    for (unsigned i = nuc.block_count; i-- > 0;)
        if ((nuc.blocks[i].size_owner & 7) == owner)
            drop(i);
}

uint32_t storage_lowest_taken(void)
{
    return nuc.block_count ? nuc.blocks[nuc.block_count - 1].address : nuc.storage_size;
}

/* Worth a DIAGNOSE from this size on: small commands use the same pages again and again. */
#define RELEASE_LEAST 0x20000
#define PAGE          UINT32_C(4096)

void storage_release_pages(void)
{
    uint32_t from = (nuc.low_water + PAGE - 1) & ~(PAGE - 1);
    uint32_t to = storage_lowest_taken() & ~(PAGE - 1);

    nuc.low_water = nuc.storage_size;
    if (nuc.under_cp && nuc.sw.release_pages && to > from && to - from >= RELEASE_LEAST)
        diagnose_10(from, to - PAGE);
}

bool storage_is_program(uint32_t address, uint32_t size)
{
    return address >= MODULE_USER_AREA && address < nuc.storage_size &&
           size <= nuc.storage_size - address;
}

/* Storage keys: the nucleus's own is F, everything else E, as in VM/370.  Programs run with
 * key E; with SET PROTECT OFF they run with key 0. */
void storage_set_keys(void)
{
    set_keys(0, 0xe000, KEY_NUCLEUS);
    set_keys(0xe000, 0x2000, KEY_USER);
    set_keys(0x10000, 0x10000, KEY_NUCLEUS);
    set_keys(MODULE_USER_AREA, nuc.storage_size - MODULE_USER_AREA, KEY_USER);
}
