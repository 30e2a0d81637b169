/* The dual-address-space facility: address spaces have numbers (ASNs), programs call each other
 * across them by PROGRAM CALL numbers, and tables in real storage say who may.  Here are the walks
 * through these tables and what changes control registers; the bodies are in sem_dual.inc.
 * GA22-7000-10, "ASN Translation", "ASN Authorization", "PC-Number Translation". */
#include "s370/cpu/internal.h"

/* What an ASN-second-table entry says about a space. */
struct space {
    uint32_t authority;        /* address of its authority table ... */
    uint32_t authority_length; /* ... in units of 4 bytes, minus one */
    uint32_t index;            /* authorization index of its programs */
    uint32_t segments;         /* segment-table designation, as in CR1 */
    uint32_t linkage;          /* linkage-table designation, as in CR5 */
};

/* What an entry-table entry says about an entry. */
struct entry {
    uint32_t authorized; /* a mask of keys: whose programs may call */
    uint32_t asn;        /* 0: the current primary space */
    uint32_t address;    /* bit 31: in problem state */
    uint32_t parameter;
    uint32_t keys; /* that the entry may use besides */
};

/* The tables lie in real storage and are not protected. */
static int fetch_word(const struct cpu *cpu, uint32_t real, uint32_t *value)
{
    uint32_t at = storage_absolute(cpu->gate.prefix, real & ADDRESS_MASK);
    if (at > cpu->gate.storage->size - 4)
        return PGM_ADDRESSING;
    *value = load_be32(cpu->gate.storage->main + at);
    return R_OK;
}

static int fetch_words(const struct cpu *cpu, uint32_t real, uint32_t *value, unsigned count)
{
    for (unsigned n = 0; n < count; n++) {
        int fault = fetch_word(cpu, real + 4 * n, &value[n]);
        if (fault)
            return fault;
    }
    return R_OK;
}

static int asn_translate(struct cpu *cpu, uint32_t asn, struct space *space)
{
    uint32_t first, second[4];
    cpu->identification = asn;
    int fault = fetch_word(cpu, CR14_ASN_ORIGIN(cpu->r.cr[14]) + (asn >> 6) * 4, &first);
    if (fault)
        return fault;
    if (first & CR_BIT(0))
        return PGM_AFX;
    if (first & 0x7f00000f)
        return PGM_ASN_SPECIFICATION;
    fault = fetch_words(cpu, (first & 0x00fffff0) + (asn & 0x3f) * 16, second, 4);
    if (fault)
        return fault;
    if (second[0] & CR_BIT(0))
        return PGM_ASX;
    if ((second[0] & 0x7f000003) || (second[1] & 0x0000000f) || (second[3] & 0x7f000000))
        return PGM_ASN_SPECIFICATION;
    *space = (struct space){
        .authority = second[0] & 0x00fffffc,
        .authority_length = second[1] >> 4 & 0xfff,
        .index = second[1] >> 16,
        .segments = second[2],
        .linkage = second[3],
    };
    return R_OK;
}

/* Two bits for each authorization index: may make the space the primary one, the secondary one. */
enum { AUTHORITY_PRIMARY = 0x80, AUTHORITY_SECONDARY = 0x40 };

/* R_OK, or `refusal`. */
static int authorize(const struct cpu *cpu, const struct space *space, uint32_t index,
                     uint32_t authority, int refusal)
{
    if (index >> 4 > space->authority_length)
        return refusal;
    uint32_t at = (space->authority + (index >> 2)) & ADDRESS_MASK;
    at = storage_absolute(cpu->gate.prefix, at);
    if (at >= cpu->gate.storage->size)
        return PGM_ADDRESSING;
    uint32_t bits = (uint32_t)cpu->gate.storage->main[at] << 2 * (index & 3);
    return bits & authority ? R_OK : refusal;
}

static int number_translate(struct cpu *cpu, uint32_t number, struct entry *entry)
{
    uint32_t cr5 = cpu->r.cr[5], linkage, words[4];
    cpu->identification = number;
    if (number >> 13 > CR5_LENGTH(cr5))
        return PGM_LX;
    int fault = fetch_word(cpu, CR5_ORIGIN(cr5) + (number >> 8) * 4, &linkage);
    if (fault)
        return fault;
    if (linkage & CR_BIT(0))
        return PGM_LX;
    if (linkage & 0x7f000000)
        return PGM_PC_SPECIFICATION;
    if ((number & 0xff) >> 2 > (linkage & 0x3f))
        return PGM_EX;
    fault = fetch_words(cpu, (linkage & 0x00ffffc0) + (number & 0xff) * 16, words, 4);
    if (fault)
        return fault;
    if (words[1] & 0xff000000)
        return PGM_PC_SPECIFICATION;
    *entry = (struct entry){
        .authorized = words[0] >> 16,
        .asn = words[0] & 0xffff,
        .address = words[1],
        .parameter = words[2],
        .keys = words[3] >> 16,
    };
    return R_OK;
}

bool dual_key_allowed(const struct cpu *cpu, uint32_t key)
{
    return !psw_is_problem(cpu) ||
           ((cpu->facilities & FACILITY_DUAL_SPACE) && (cpu->r.cr[3] & CR_BIT(key >> 4 & 15)));
}

bool dual_may_extract(const struct cpu *cpu)
{
    return !psw_is_problem(cpu) ||
           ((cpu->facilities & FACILITY_DUAL_SPACE) && (cpu->r.cr[0] & CR0_EXTRACTION));
}

int dual_virtual_key(struct cpu *cpu, uint32_t address, uint32_t *key)
{
    struct gate *g = &cpu->gate;
    uint32_t absolute;
    g->fault_address = psw_is_secondary(cpu) ? address | GATE_SECONDARY : address;
    int fault = gate_translate(g, address, &absolute);
    if (!fault)
        *key = g->storage->keys[absolute / STORAGE_BLOCK] & (KEY_ACCESS | KEY_FETCH);
    return fault;
}

/* PC and PT need translation in the primary-space mode, and leave to link. */
static bool may_link(const struct cpu *cpu)
{
    return cpu->gate.translate && !psw_is_secondary(cpu) && (cpu->r.cr[5] & CR5_LINKAGE);
}

/* Makes the space with this ASN the primary one.  The result is that of the instruction. */
static int enter_space(struct cpu *cpu, uint32_t asn, const struct space *space)
{
    uint32_t *cr = cpu->r.cr;
    cpu->identification = (cr[1] & CR1_SPACE_SWITCH) << 31 | CR_RIGHT(cr[4]);
    bool event = (cr[1] | space->segments) & CR1_SPACE_SWITCH;
    cr[1] = space->segments;
    cr[4] = space->index << 16 | asn;
    cr[5] = space->linkage;
    return event ? R_SPACE_SWITCH : R_ADDRESS;
}

int dual_program_call(struct cpu *cpu, uint32_t number, uint32_t next)
{
    uint32_t *cr = cpu->r.cr, *gr = cpu->r.gr;
    struct entry entry;
    struct space space;
    if (!may_link(cpu))
        return PGM_SPECIAL_OPERATION;
    int result = number_translate(cpu, number, &entry);
    if (result)
        return result;
    if (psw_is_problem(cpu) && !(entry.authorized & CR_LEFT(cr[3])))
        return PGM_PRIVILEGED;
    if (entry.asn) {
        if (!(cr[14] & CR14_ASN))
            return PGM_SPECIAL_OPERATION;
        result = asn_translate(cpu, entry.asn, &space);
        if (result)
            return result;
    }
    gr[3] = (cr[3] & 0xffff0000) | CR_RIGHT(cr[4]);
    gr[14] = next | psw_is_problem(cpu);
    gr[4] = entry.parameter;
    cr[3] = (cr[3] & 0xffff0000) | entry.keys << 16 | CR_RIGHT(cr[4]);
    cr[7] = cr[1];
    cpu->ia = entry.address & ADDRESS_MASK & ~1u;
    psw_change(cpu, PSW_PROBLEM, entry.address & 1 ? PSW_PROBLEM : 0);
    cpu->switched = entry.asn != 0;
    result = entry.asn ? enter_space(cpu, entry.asn, &space) : R_ADDRESS;
    psw_set_space(cpu);
    return result;
}

int dual_program_transfer(struct cpu *cpu, uint32_t r1, uint32_t r2)
{
    uint32_t *cr = cpu->r.cr, asn = r1 & 0xffff;
    bool switches = asn != CR_RIGHT(cr[4]);
    struct space space;
    int result;
    if (!may_link(cpu))
        return PGM_SPECIAL_OPERATION;
    if (psw_is_problem(cpu) && !(r2 & 1))
        return PGM_PRIVILEGED;
    if (r2 & 0xff000000)
        return PGM_SPECIFICATION;
    if (switches) {
        if (!(cr[14] & CR14_ASN))
            return PGM_SPECIAL_OPERATION;
        result = asn_translate(cpu, asn, &space);
        if (!result)
            result =
                authorize(cpu, &space, CR_LEFT(cr[4]), AUTHORITY_PRIMARY, PGM_PRIMARY_AUTHORITY);
        if (result)
            return result;
    }
    cr[3] = (cr[3] & r1 & 0xffff0000) | asn;
    cpu->ia = r2 & ADDRESS_MASK & ~1u;
    psw_change(cpu, PSW_PROBLEM, r2 & 1 ? PSW_PROBLEM : 0);
    cpu->switched = switches;
    result = switches ? enter_space(cpu, asn, &space) : R_ADDRESS;
    cr[7] = cr[1];
    psw_set_space(cpu);
    return result;
}

int dual_set_secondary(struct cpu *cpu, uint32_t asn)
{
    uint32_t *cr = cpu->r.cr;
    struct space space = {.segments = cr[1]};
    if (!cpu->gate.translate || !(cr[14] & CR14_ASN))
        return PGM_SPECIAL_OPERATION;
    if (asn != CR_RIGHT(cr[4])) {
        int result = asn_translate(cpu, asn, &space);
        if (!result)
            result = authorize(cpu, &space, CR_LEFT(cr[4]), AUTHORITY_SECONDARY,
                               PGM_SECONDARY_AUTHORITY);
        if (result)
            return result;
    }
    cr[3] = (cr[3] & 0xffff0000) | asn;
    cr[7] = space.segments;
    psw_set_space(cpu);
    return R_SYNC;
}

/* Bits 29-31 of LASP's second address. */
enum {
    LASP_FORCE = 4,     /* translate ASNs that do not change, too */
    LASP_USE_INDEX = 2, /* the authorization index of the operand, not the space's */
    LASP_SKIP_TEST = 1, /* no test of the secondary authority */
};

static bool is_unavailable(int result)
{
    return result == PGM_AFX || result == PGM_ASX;
}

/* GA22-7000-10, "Summary of Actions: LOAD ADDRESS SPACE PARAMETERS". */
int dual_load_parameters(struct cpu *cpu, uint64_t parameters, uint32_t options)
{
    uint32_t *cr = cpu->r.cr;
    uint32_t keys = (uint32_t)(parameters >> 48), secondary = parameters >> 32 & 0xffff;
    uint32_t index = parameters >> 16 & 0xffff, primary = parameters & 0xffff;
    struct space old = {.index = CR_LEFT(cr[4]), .segments = cr[1], .linkage = cr[5]};
    struct space p = old, s = {.segments = cr[7]};
    if ((options & LASP_FORCE) || primary != CR_RIGHT(cr[4])) {
        int result = asn_translate(cpu, primary, &p);
        bool event = (cr[1] | p.segments) & CR1_SPACE_SWITCH;
        if (result && !is_unavailable(result))
            return result;
        if (result || event) {
            cc_set(cpu, result ? 1 : 3);
            return R_OK;
        }
    }
    if (options & LASP_USE_INDEX)
        p.index = index;
    if (secondary == primary) {
        s.segments = p.segments;
    } else if (secondary != CR_RIGHT(cr[3]) || (options & LASP_FORCE) ||
               !(options & LASP_SKIP_TEST)) {
        int result = asn_translate(cpu, secondary, &s);
        if (!result && !(options & LASP_SKIP_TEST))
            result = authorize(cpu, &s, p.index, AUTHORITY_SECONDARY, PGM_SECONDARY_AUTHORITY);
        if (is_unavailable(result) || result == PGM_SECONDARY_AUTHORITY) {
            cc_set(cpu, 2);
            return R_OK;
        }
        if (result)
            return result;
    }
    cr[1] = p.segments;
    cr[3] = keys << 16 | secondary;
    cr[4] = p.index << 16 | primary;
    cr[5] = p.linkage;
    cr[7] = s.segments;
    psw_set_space(cpu);
    cc_set(cpu, 0);
    return R_SYNC;
}

void dual_access(struct cpu *cpu, enum dual_space space, uint8_t key)
{
    if (space != SPACE_CURRENT) {
        cpu->gate.secondary = space == SPACE_SECONDARY;
        gate_set_space(&cpu->gate, true, cpu->r.cr[0], cpu->r.cr[cpu->gate.secondary ? 7 : 1]);
    }
    gate_set_key(&cpu->gate, key);
}

void dual_access_end(struct cpu *cpu, uint8_t key)
{
    psw_set_space(cpu);
    gate_set_key(&cpu->gate, key);
}
