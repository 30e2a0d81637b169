/* Storage as the manual describes it: prefixing, dynamic address translation, protection,
 * reference and change recording.  GA22-7000, "Storage", "Dynamic Address Translation". */
#include "tests/reference/reference.h"

#include "s370/arch/control.h"

uint32_t ref_absolute(const struct reference *r, uint32_t real)
{
    uint32_t block = real & ~0xfffu;
    if (block == 0)
        return r->prefix | (real & 0xfff);
    if (block == r->prefix)
        return real & 0xfff;
    return real;
}

void ref_touch(struct reference *r, uint32_t absolute)
{
    uint32_t block = absolute / REF_BLOCK;
    if (!r->is_dirty[block])
        r->dirty[r->dirty_count++] = block;
    r->is_dirty[block] = 1;
}

static bool in_secondary(const struct reference *r)
{
    return r->space == REF_SECONDARY || (r->space == REF_CURRENT && r->secondary);
}

void ref_note(struct reference *r, int code, uint32_t address)
{
    if (r->found_count < REF_FOUND)
        r->found[r->found_count++] =
            (struct ref_found){code, (address & ADDRESS) | (uint32_t)in_secondary(r) << 31};
}

uint32_t ref_byte_index(const struct reference *r)
{
    return r->cr[0] & CR0_PAGE_4K ? 0xfff : 0x7ff;
}

/* One of equal priority: that which the machine has chosen, if it is among them. */
static const struct ref_found *choose(const struct reference *r, bool *same)
{
    const struct ref_found *best = &r->found[0];
    *same = false;
    for (unsigned k = 0; k < r->found_count; k++) {
        if (r->found[k].code != r->prefer_code)
            continue;
        bool translation = r->prefer_code == PGM_SEGMENT || r->prefer_code == PGM_PAGE;
        if (!*same ||
            (translation && !((r->found[k].address ^ r->prefer_address) & ~ref_byte_index(r))))
            best = &r->found[k];
        *same = true;
    }
    return best;
}

int ref_raise(struct reference *r)
{
    bool same;
    if (!r->found_count)
        return 0;
    r->found[0] = *choose(r, &same);
    return r->found[0].code;
}

int ref_raise_optional(struct reference *r)
{
    bool same = false;
    if (r->found_count) {
        r->found[0] = *choose(r, &same);
        if (same)
            return r->found[0].code;
        r->skipped = true;
    }
    r->found_count = 0;
    return 0;
}

static void use_table(struct reference *r, uint32_t at)
{
    for (unsigned k = 0; k < r->table_count; k++) {
        if (r->tables[k] == at)
            return;
    }
    if (r->table_count < REF_TABLES)
        r->tables[r->table_count++] = at;
}

bool ref_table(struct reference *r, uint32_t real, unsigned length, uint32_t *entry)
{
    uint32_t at = ref_absolute(r, real);
    if (at >= r->size)
        return false;
    r->referenced[at / REF_BLOCK] = 1;
    use_table(r, at);
    *entry = 0;
    for (unsigned k = 0; k < length; k++)
        *entry = *entry << 8 | r->storage[at + k];
    return true;
}

int ref_walk(struct reference *r, uint32_t address, bool lra, uint32_t *real, unsigned *kind)
{
    bool pages_4k, segments_1m;
    uint32_t entry;
    uint32_t designation = r->cr[in_secondary(r) ? 7 : 1];
    *kind = 0;
    r->segment_protects = false;
    /* CR0 bits 8-9 and 10-12. */
    unsigned pages = r->cr[0] >> 22 & 3, segments = r->cr[0] >> 19 & 7;
    if (pages == 1)
        pages_4k = false;
    else if (pages == 2)
        pages_4k = true;
    else
        return PGM_TRANSLATION;
    if (segments == 0)
        segments_1m = false;
    else if (segments == 2)
        segments_1m = true;
    else
        return PGM_TRANSLATION;

    /* The segment table. */
    uint32_t segment_index = segments_1m ? address >> 20 & 0xf : address >> 16 & 0xff;
    uint32_t at = PLUS(designation & 0x00ffffc0, 4 * segment_index);
    if (!segments_1m && (address >> 20 & 0xf) > designation >> 24) {
        *kind = 3;
        *real = at;
        return lra ? 0 : PGM_SEGMENT;
    }
    if (!ref_table(r, at, 4, &entry))
        return PGM_ADDRESSING;
    if (entry & 1) {
        *kind = 1;
        *real = at;
        return lra ? 0 : PGM_SEGMENT;
    }
    if (entry & 0x0f000000)
        return PGM_TRANSLATION;

    r->segment_protects = entry & 4;

    /* The page table: its length counts sixteenths of the greatest possible one. */
    uint32_t in_segment = address & (segments_1m ? 0xfffff : 0xffff);
    uint32_t page_index = in_segment / (pages_4k ? 4096 : 2048);
    uint32_t sixteenth = in_segment / (segments_1m ? 0x10000 : 0x1000);
    at = PLUS(entry & 0x00fffff8, 2 * page_index);
    if (sixteenth > entry >> 28) {
        *kind = 3;
        *real = at;
        return lra ? 0 : PGM_PAGE;
    }
    if (!ref_table(r, at, 2, &entry))
        return PGM_ADDRESSING;
    if (entry & (pages_4k ? 0x0008 : 0x0004)) {
        *kind = 2;
        *real = at;
        return lra ? 0 : PGM_PAGE;
    }
    if (!pages_4k) {
        if (entry & 0x0002)
            return PGM_TRANSLATION;
        *real = (entry & 0xfff8) << 8 | (address & 0x7ff);
        return 0;
    }
    /* Bits 13 and 14 extend the address if the facility is there, else they must be zero. */
    if ((entry & 0x0006) && r->size <= 0x1000000)
        return PGM_TRANSLATION;
    *real = (entry & 0x0006) << 23 | (entry & 0xfff0) << 8 | (address & 0xfff);
    return 0;
}

static bool translates(const struct reference *r)
{
    return r->ec && (r->system_mask & 0x04);
}

/* The absolute address of a logical one, or an exception. */
static int find(struct reference *r, uint32_t address, enum ref_access access, uint32_t *absolute)
{
    unsigned kind;
    /* Low-address protection is by the effective address, before translation. */
    if (access == REF_STORE && address < 512 && (r->cr[0] & 0x10000000))
        return PGM_PROTECTION;
    uint32_t real = address;
    if (translates(r)) {
        int code = ref_walk(r, address, false, &real, &kind);
        if (code)
            return code;
    }
    *absolute = ref_absolute(r, real);
    if (*absolute >= r->size)
        return PGM_ADDRESSING;
    if (access == REF_STORE && translates(r) && r->segment_protects)
        return PGM_PROTECTION;
    uint8_t key = r->keys[*absolute / REF_BLOCK];
    r->referenced[*absolute / REF_BLOCK] = 1;
    if (r->key != 0 && r->key != key >> 4 && (access == REF_STORE || (key & 0x08)))
        return PGM_PROTECTION;
    return 0;
}

void ref_probe(struct reference *r, uint32_t address, uint32_t length, enum ref_access access)
{
    uint32_t absolute;
    for (uint32_t k = 0; k < length; k++) {
        uint32_t at = PLUS(address, k);
        if (k && at % 512) /* nothing changes within 512 bytes */
            continue;
        int code = find(r, at, access, &absolute);
        if (code)
            ref_note(r, code, at);
    }
}

void ref_may_look(struct reference *r, uint32_t address, uint32_t length)
{
    unsigned before = r->found_count;
    ref_probe(r, address, length, REF_FETCH);
    r->found_count = before;
}

uint32_t ref_place(struct reference *r, uint32_t address)
{
    uint32_t real = address;
    unsigned kind;
    if (translates(r) && ref_walk(r, address, false, &real, &kind))
        return 0;
    return ref_absolute(r, real) % r->size;
}

uint8_t ref_fetch(struct reference *r, uint32_t address)
{
    uint32_t at = ref_place(r, address & ADDRESS);
    r->keys[at / REF_BLOCK] |= 0x04;
    r->referenced[at / REF_BLOCK] = 1;
    /* By their logical addresses they do not overlap, or it would have been seen. */
    if (r->moved[at])
        r->open = "long operands that overlap in real storage";
    return r->storage[at];
}

void ref_store(struct reference *r, uint32_t address, uint8_t byte)
{
    uint32_t at = ref_place(r, address & ADDRESS);
    r->keys[at / REF_BLOCK] |= 0x06;
    ref_touch(r, at);
    if (r->storage[at] != byte) {
        for (unsigned k = 0; k < r->table_count; k++) {
            if (at - r->tables[k] < 4)
                r->open = "a table entry is changed that the instruction uses";
        }
    }
    r->moved[at] = (insn_table[r->number].attributes & A_INTERRUPTIBLE) != 0;
    /* An instruction that proceeds in units may be fetched again after each. */
    for (unsigned k = 0; k < r->own_count; k++) {
        if (r->own[k] == at && (insn_table[r->number].attributes & A_INTERRUPTIBLE))
            r->open = "an interruptible instruction that is stored into by itself";
    }
    r->storage[at] = byte;
    /* For program event recording: one run of bytes, or another. */
    address &= ADDRESS;
    for (unsigned k = 0; k < r->stored_count; k++) {
        if (PLUS(r->stored_from[k], r->stored_length[k]) == address) {
            r->stored_length[k]++;
            return;
        }
        if (((address - r->stored_from[k]) & ADDRESS) < r->stored_length[k])
            return;
        if (NEXT(address) == r->stored_from[k]) { /* from right to left */
            r->stored_from[k] = address;
            r->stored_length[k]++;
            return;
        }
    }
    if (r->stored_count < 2) {
        r->stored_from[r->stored_count] = address;
        r->stored_length[r->stored_count++] = 1;
    }
}

uint64_t ref_fetch_number(struct reference *r, uint32_t address, unsigned length)
{
    uint64_t value = 0;
    for (unsigned k = 0; k < length; k++)
        value = value << 8 | ref_fetch(r, PLUS(address, k));
    return value;
}

void ref_store_number(struct reference *r, uint32_t address, unsigned length, uint64_t value)
{
    for (unsigned k = 0; k < length; k++)
        ref_store(r, PLUS(address, k), (uint8_t)(value >> 8 * (length - 1 - k)));
}

void ref_store_time(struct reference *r, uint32_t address, uint64_t value)
{
    r->timed = true;
    for (unsigned k = 0; k < 8; k++)
        r->time_at[k] = ref_place(r, PLUS(address, k));
    ref_store_number(r, address, 8, value);
}

void ref_store_real(struct reference *r, uint32_t real, unsigned length, uint64_t value)
{
    for (unsigned k = 0; k < length; k++) {
        uint32_t at = ref_absolute(r, real + k);
        r->storage[at] = (uint8_t)(value >> 8 * (length - 1 - k));
        r->keys[at / REF_BLOCK] |= 0x06;
        r->referenced[at / REF_BLOCK] = 1;
        ref_touch(r, at);
        for (unsigned n = 0; n < 8; n++)
            r->time_at[n] = r->time_at[n] == at ? REF_NOWHERE : r->time_at[n];
    }
}

uint64_t ref_fetch_real(struct reference *r, uint32_t real, unsigned length)
{
    uint64_t value = 0;
    for (unsigned k = 0; k < length; k++) {
        uint32_t at = ref_absolute(r, real + k);
        r->referenced[at / REF_BLOCK] = 1;
        value = value << 8 | r->storage[at];
    }
    return value;
}
