/* The dual-address-space facility: walks through its tables, and its instructions.  GA22-7000-10,
 * "ASN Translation", "ASN Authorization", "PC-Number Translation", "Control Instructions". */
#include "tests/reference/reference.h"

#define R1 r->gr[o->r1]
#define R2 r->gr[o->r2]

#define PKM(r)  ((r)->cr[3] >> 16)
#define SASN(r) ((r)->cr[3] & 0xffff)
#define AX(r)   ((r)->cr[4] >> 16)
#define PASN(r) ((r)->cr[4] & 0xffff)

static bool translating(const struct reference *r)
{
    return r->ec && (r->system_mask & 0x04);
}

/* CR0 bits 4 and 5. */
static bool extraction_authority(const struct reference *r)
{
    return r->cr[0] & 0x08000000;
}

static bool secondary_control(const struct reference *r)
{
    return r->cr[0] & 0x04000000;
}

/* CR14 bit 12. */
static bool asn_control(const struct reference *r)
{
    return r->cr[14] & 0x00080000;
}

/* The rest of the first word of an entry: ones where zeros must be. */
static bool has_ones(uint32_t word, uint32_t zeros)
{
    return word & zeros;
}

/* --- tables: in real storage, not protected --- */

static int words(struct reference *r, uint32_t real, uint32_t *word, unsigned count)
{
    for (unsigned k = 0; k < count; k++) {
        if (!ref_table(r, PLUS(real, 4 * k), 4, &word[k]))
            return PGM_ADDRESSING;
    }
    return 0;
}

/* An address-space number to the four words of its ASN-second-table entry. */
static int asn_translation(struct reference *r, uint32_t asn, uint32_t *entry)
{
    uint32_t first, afx = asn >> 6, asx = asn & 0x3f;
    r->identification = asn;
    int code = words(r, PLUS((r->cr[14] & 0xfff) << 12, 4 * afx), &first, 1);
    if (code)
        return code;
    if (first >> 31)
        return PGM_AFX;
    if (has_ones(first, 0x7f00000f)) /* bits 1-7, 28-31 */
        return PGM_ASN_SPECIFICATION;
    code = words(r, PLUS(first & 0x00fffff0, 16 * asx), entry, 4);
    if (code)
        return code;
    if (entry[0] >> 31)
        return PGM_ASX;
    /* Bits 1-7, 30-31; 60-63; 97-103. */
    if (has_ones(entry[0], 0x7f000003) || has_ones(entry[1], 0xf) || has_ones(entry[3], 0x7f000000))
        return PGM_ASN_SPECIFICATION;
    return 0;
}

/* Bits P and S of the authority table: two for each authorization index. */
static int authorization(struct reference *r, const uint32_t *entry, uint32_t index, bool secondary)
{
    int refused = secondary ? PGM_SECONDARY_AUTHORITY : PGM_PRIMARY_AUTHORITY;
    uint32_t byte;
    if (index >> 4 > (entry[1] >> 4 & 0xfff))
        return refused;
    if (!ref_table(r, PLUS(entry[0] & 0x00fffffc, index >> 2), 1, &byte))
        return PGM_ADDRESSING;
    unsigned bit = 2 * (index & 3) + secondary;
    return byte >> (7 - bit) & 1 ? 0 : refused;
}

/* A PC number to the four words of its entry-table entry. */
static int pc_translation(struct reference *r, uint32_t number, uint32_t *entry)
{
    uint32_t linkage, lx = number >> 8, ex = number & 0xff;
    r->identification = number;
    if (lx >> 5 > (r->cr[5] & 0x7f)) /* in units of 32 entries */
        return PGM_LX;
    int code = words(r, PLUS(r->cr[5] & 0x00ffff80, 4 * lx), &linkage, 1);
    if (code)
        return code;
    if (linkage >> 31)
        return PGM_LX;
    if (has_ones(linkage, 0x7f000000))
        return PGM_PC_SPECIFICATION;
    if (ex >> 2 > (linkage & 0x3f)) /* in units of four entries */
        return PGM_EX;
    code = words(r, PLUS(linkage & 0x00ffffc0, 16 * ex), entry, 4);
    if (code)
        return code;
    return has_ones(entry[1], 0xff000000) ? PGM_PC_SPECIFICATION : 0;
}

/* --- calls between spaces --- */

/* PC and PT: translation on, in the primary-space mode, and CR5 bit 0. */
static bool may_link(const struct reference *r)
{
    return translating(r) && !r->secondary && r->cr[5] >> 31;
}

/* The new primary space.  What it gives: completion, or the event. */
static int switch_space(struct reference *r, uint32_t asn, const uint32_t *entry)
{
    bool event = (r->cr[1] & 1) || (entry[2] & 1);
    r->identification = r->cr[1] << 31 | PASN(r);
    r->cr[1] = entry[2];
    r->cr[4] = (entry[1] & 0xffff0000) | asn;
    r->cr[5] = entry[3];
    r->switched = true;
    return event ? PGM_SPACE_SWITCH : COMPLETED;
}

BODY(pc)
{
    uint32_t entry[4], space[4];
    if (!may_link(r))
        return PGM_SPECIAL_OPERATION;
    int code = pc_translation(r, o->address2 & 0xfffff, entry);
    if (code)
        return code;
    if (r->problem && !(entry[0] >> 16 & PKM(r)))
        return PGM_PRIVILEGED;
    uint32_t asn = entry[0] & 0xffff;
    if (asn && !asn_control(r))
        return PGM_SPECIAL_OPERATION;
    if (asn && (code = asn_translation(r, asn, space)) != 0)
        return code;
    r->gr[3] = PKM(r) << 16 | PASN(r);
    r->gr[4] = entry[2];
    r->gr[14] = o->next | r->problem;
    ref_alters(r, 3);
    ref_alters(r, 4);
    ref_alters(r, 14);
    r->cr[3] = (PKM(r) | entry[3] >> 16) << 16 | PASN(r);
    r->cr[7] = r->cr[1];
    r->problem = entry[1] & 1;
    code = asn ? switch_space(r, asn, space) : COMPLETED;
    ref_branch(r, entry[1] & 0x00fffffe);
    return code;
}

BODY(pt)
{
    uint32_t first = R1, second = R2, asn = first & 0xffff, space[4];
    bool to_problem = second & 1, switches = asn != PASN(r);
    int code = COMPLETED;
    if (!may_link(r))
        return PGM_SPECIAL_OPERATION;
    if (r->problem && !to_problem)
        return PGM_PRIVILEGED;
    if (second >> 24)
        return PGM_SPECIFICATION;
    if (switches && !asn_control(r))
        return PGM_SPECIAL_OPERATION;
    if (switches && (code = asn_translation(r, asn, space)) != 0)
        return code;
    if (switches && (code = authorization(r, space, AX(r), false)) != 0)
        return code;
    r->cr[3] = (PKM(r) & first >> 16) << 16 | asn;
    r->problem = to_problem;
    if (switches)
        code = switch_space(r, asn, space);
    r->cr[7] = r->cr[1];
    ref_branch(r, second & 0x00fffffe);
    return code;
}

/* --- which spaces --- */

BODY(ssar)
{
    uint32_t asn = R1 & 0xffff, space[4];
    if (!translating(r) || !asn_control(r))
        return PGM_SPECIAL_OPERATION;
    if (asn == PASN(r)) {
        r->cr[7] = r->cr[1];
    } else {
        int code = asn_translation(r, asn, space);
        if (!code)
            code = authorization(r, space, AX(r), true);
        if (code)
            return code;
        r->cr[7] = space[2];
    }
    r->cr[3] = PKM(r) << 16 | asn;
    return COMPLETED;
}

BODY(sac)
{
    unsigned mode = o->address2 >> 8 & 15;
    if (!translating(r) || !secondary_control(r))
        return PGM_SPECIAL_OPERATION;
    if (mode > 1)
        return PGM_SPECIFICATION;
    r->secondary = mode;
    return COMPLETED;
}

#define EXTRACTING()                                                                               \
    do {                                                                                           \
        if (!translating(r))                                                                       \
            return PGM_SPECIAL_OPERATION;                                                          \
        if (r->problem && !extraction_authority(r))                                                \
            return PGM_PRIVILEGED;                                                                 \
    } while (0)

BODY(iac)
{
    EXTRACTING();
    R1 = (R1 & 0xffff00ff) | (r->secondary ? 0x100 : 0);
    r->cc = r->secondary;
    return COMPLETED;
}

BODY(epar)
{
    EXTRACTING();
    R1 = PASN(r);
    return COMPLETED;
}

BODY(esar)
{
    EXTRACTING();
    R1 = SASN(r);
    return COMPLETED;
}

/* The key of a block by its virtual address; no protection applies. */
BODY(ivsk)
{
    uint32_t real, address = R2 & ADDRESS;
    unsigned kind;
    EXTRACTING();
    int code = ref_walk(r, address, false, &real, &kind);
    uint32_t at = ref_absolute(r, real);
    if (!code && at >= r->size)
        code = PGM_ADDRESSING;
    if (code) {
        ref_note(r, code, address);
        return code;
    }
    R1 = (R1 & 0xffffff00) | (r->keys[at / REF_BLOCK] & 0xf8);
    return COMPLETED;
}

/* --- moves between spaces and keys --- */

struct side {
    uint32_t address;
    enum ref_space space;
    uint8_t key;
};

/* Looks at, or reaches for, one side: with its key, in its space. */
static void begin_side(struct reference *r, const struct side *side)
{
    r->space = side->space;
    r->key = side->key;
}

static int move(struct reference *r, uint32_t length, struct side to, struct side from)
{
    uint8_t own = r->key;
    uint32_t count = length > 256 ? 256 : length;
    int code;
    begin_side(r, &from);
    ref_probe(r, from.address, count, REF_FETCH);
    begin_side(r, &to);
    ref_probe(r, to.address, count, REF_STORE);
    code = ref_raise(r);
    for (uint32_t k = 0; k < count && !code; k++) {
        begin_side(r, &from);
        uint8_t byte = ref_fetch(r, PLUS(from.address, k));
        begin_side(r, &to);
        ref_store(r, PLUS(to.address, k), byte);
    }
    r->space = REF_CURRENT;
    r->key = own;
    if (!code)
        r->cc = length > 256 ? 3 : 0;
    return code;
}

/* In the problem state the PSW-key mask must have the key. */
static bool key_allowed(const struct reference *r, uint8_t key)
{
    return !r->problem || (PKM(r) << key & 0x8000);
}

BODY(mvck)
{
    uint8_t key = R2 >> 4 & 15;
    if (!key_allowed(r, key))
        return PGM_PRIVILEGED;
    return move(r, R1, (struct side){o->address1, REF_CURRENT, r->key},
                (struct side){o->address2, REF_CURRENT, key});
}

BODY(mvcp)
{
    uint8_t key = R2 >> 4 & 15;
    if (!translating(r) || !secondary_control(r))
        return PGM_SPECIAL_OPERATION;
    if (!key_allowed(r, key))
        return PGM_PRIVILEGED;
    return move(r, R1, (struct side){o->address1, REF_PRIMARY, r->key},
                (struct side){o->address2, REF_SECONDARY, key});
}

BODY(mvcs)
{
    uint8_t key = R2 >> 4 & 15;
    if (!translating(r) || !secondary_control(r))
        return PGM_SPECIAL_OPERATION;
    if (!key_allowed(r, key))
        return PGM_PRIVILEGED;
    return move(r, R1, (struct side){o->address1, REF_SECONDARY, key},
                (struct side){o->address2, REF_PRIMARY, r->key});
}

/* --- LOAD ADDRESS SPACE PARAMETERS: its "Summary of Actions" --- */

static bool not_available(int code)
{
    return code == PGM_AFX || code == PGM_ASX;
}

BODY(lasp)
{
    uint32_t primary[4] = {0}, secondary[4];
    uint64_t operand;
    int code;
    PRIVILEGED();
    if (!asn_control(r))
        return PGM_SPECIAL_OPERATION;
    if (o->address1 % 8)
        return PGM_SPECIFICATION;
    OPERAND(operand, o->address1, 8);
    uint32_t pkm_d = (uint32_t)(operand >> 48), sasn_d = operand >> 32 & 0xffff,
             ax_d = operand >> 16 & 0xffff, pasn_d = operand & 0xffff;
    bool force = o->address2 & 4, use_ax = o->address2 & 2, skip = o->address2 & 1;
    uint32_t pstd = r->cr[1], ltd = r->cr[5], ax = AX(r), sstd = r->cr[7];
    if (pasn_d != PASN(r) || force) {
        code = asn_translation(r, pasn_d, primary);
        if (not_available(code)) {
            r->cc = 1;
            return COMPLETED;
        }
        if (code)
            return code;
        if ((r->cr[1] & 1) || (primary[2] & 1)) {
            r->cc = 3;
            return COMPLETED;
        }
        pstd = primary[2];
        ltd = primary[3];
        ax = primary[1] >> 16;
    }
    if (use_ax)
        ax = ax_d;
    if (sasn_d == pasn_d) {
        sstd = pstd;
    } else if (sasn_d != SASN(r) || force || !skip) {
        code = asn_translation(r, sasn_d, secondary);
        if (!code && !skip)
            code = authorization(r, secondary, ax, true);
        if (not_available(code) || code == PGM_SECONDARY_AUTHORITY) {
            r->cc = 2;
            return COMPLETED;
        }
        if (code)
            return code;
        sstd = secondary[2];
    }
    r->cr[1] = pstd;
    r->cr[3] = pkm_d << 16 | sasn_d;
    r->cr[4] = ax << 16 | pasn_d;
    r->cr[5] = ltd;
    r->cr[7] = sstd;
    r->cc = 0;
    return COMPLETED;
}
