/* One step: fetching, decoding, executing, interruptions, program event recording.
 * GA22-7000, "Program Execution", "Interruptions". */
#include "tests/reference/reference.h"

#include "s370/arch/lowcore.h"

#include <string.h>

/* --- the table: codes and formats from insn.def, bodies from rows.def --- */

enum group {
    G_ONE,
    G_01 = 0x01,
    G_A7 = 0xa7,
    G_B2 = 0xb2,
    G_B9 = 0xb9,
    G_C0 = 0xc0,
    G_E3 = 0xe3,
    G_E5 = 0xe5,
    G_EB = 0xeb
};

static const struct {
    unsigned group, code, number;
} codes[] = {
#define INSN(group, code, name, mnemonic, format, attributes) {G_##group, code, I_##name},
#include "s370/arch/insn.def"
#undef INSN
};

static ref_body *const bodies[INSN_COUNT] = {
#define ROW(name, kinds, exceptions, ccs) [I_##name] = ref_##name,
#include "tests/reference/rows.def"
#undef ROW
};

bool ref_covers(unsigned number)
{
    return bodies[number] != NULL;
}

unsigned ref_find(const uint8_t *b)
{
    for (unsigned k = 0; k < sizeof codes / sizeof codes[0]; k++) {
        unsigned group = codes[k].group, code = codes[k].code;
        bool found;
        if (group == G_ONE)
            found = b[0] == code;
        else if (group == G_A7 || group == G_C0)
            found = b[0] == group && (b[1] & 15) == code;
        else if (group == G_E3 || group == G_EB)
            found = b[0] == group && b[5] == code;
        else
            found = b[0] == group && b[1] == code;
        if (found)
            return codes[k].number;
    }
    return I_none;
}

/* Bits 0-1 of the first byte: 00 one halfword, 01 and 10 two, 11 three. */
static unsigned length_of(uint8_t first)
{
    return first >> 6 == 0 ? 2 : first >> 6 == 3 ? 6 : 4;
}

/* --- PSW --- */

uint64_t ref_psw(const struct reference *r, unsigned code, unsigned ilc)
{
    if (r->psw_bad)
        return r->psw_seen;
    uint64_t psw = (uint64_t)r->system_mask << 56 | (uint64_t)r->key << 52;
    psw |= (uint64_t)r->ec << 51 | (uint64_t)r->mcheck << 50 | (uint64_t)r->wait << 49 |
           (uint64_t)r->problem << 48;
    if (r->ec)
        psw |=
            (uint64_t)r->secondary << 47 | (uint64_t)r->cc << 44 | (uint64_t)r->program_mask << 40;
    else
        psw |= (uint64_t)code << 32 | (uint64_t)ilc << 30 | (uint64_t)r->cc << 28 |
               (uint64_t)r->program_mask << 24;
    return psw | r->ia;
}

void ref_load_psw(struct reference *r, uint64_t psw)
{
    r->psw_seen = psw;
    r->system_mask = (uint8_t)(psw >> 56);
    r->key = psw >> 52 & 15;
    r->ec = psw >> 51 & 1;
    r->mcheck = psw >> 50 & 1;
    r->wait = psw >> 49 & 1;
    r->problem = psw >> 48 & 1;
    r->cc = psw >> (r->ec ? 44 : 28) & 3;
    r->program_mask = psw >> (r->ec ? 40 : 24) & 15;
    r->ia = psw & ADDRESS;
    r->secondary = r->ec && r->dual && (psw >> 47 & 1);
    /* EC: bits 0, 2-4, 16, 17 and 24-39 must be zero; 16 has a use if there are two spaces. */
    unsigned zeros = r->dual ? 1 : 3;
    r->psw_bad = r->ec && ((psw >> 56 & 0xb8) || (psw >> 46 & zeros) || (psw >> 24 & 0xffff));
}

/* --- interruptions --- */

static void swap(struct reference *r, uint32_t old, uint32_t new, unsigned code, unsigned ilc)
{
    r->interrupted = true;
    ref_store_real(r, old, 8, ref_psw(r, code, ilc));
    ref_load_psw(r, ref_fetch_real(r, new, 8));
}

static void program(struct reference *r, unsigned code, unsigned ilc)
{
    unsigned base = code & 0x7f;
    bool translation = base == PGM_SEGMENT || base == PGM_PAGE;
    bool number = base >= PGM_AFX && base <= PGM_SECONDARY_AUTHORITY;
    if (translation || number) /* nullified */
        r->ia = (r->ia - 2 * ilc) & ADDRESS;
    if (r->ec) {
        ref_store_real(r, 0x8c, 2, ilc << 1);
        ref_store_real(r, 0x8e, 2, code);
        if (translation) {
            ref_store_real(r, 0x90, 4, r->found[0].address);
            r->fault_address = true;
        } else if (number || base == PGM_SPACE_SWITCH) {
            ref_store_real(r, 0x90, 4, r->identification);
        }
    }
    swap(r, 0x28, 0x68, code, ilc);
}

static void supervisor_call(struct reference *r, unsigned code, unsigned ilc)
{
    if (r->ec) {
        ref_store_real(r, 0x88, 2, ilc << 1);
        ref_store_real(r, 0x8a, 2, code);
    }
    swap(r, 0x20, 0x60, code, ilc);
}

static void external(struct reference *r)
{
    unsigned code = 0;
    if (!(r->system_mask & 1))
        return;
    if (r->tod > r->comparator && (r->cr[0] & 0x800))
        code = EXT_CLOCK_COMPARATOR;
    else if (r->cpu_timer >> 63 && (r->cr[0] & 0x400))
        code = EXT_CPU_TIMER;
    if (!code)
        return;
    if (r->ec) {
        ref_store_real(r, 0x84, 2, 0);
        ref_store_real(r, 0x86, 2, code);
    }
    swap(r, 0x18, 0x58, code, 0);
}

/* --- operands --- */

static uint32_t address_of(const struct reference *r, const uint8_t *p, unsigned index)
{
    unsigned base = p[0] >> 4, displacement = (p[0] & 15) << 8 | p[1];
    return ((base ? r->gr[base] : 0) + (index ? r->gr[index] : 0) + displacement) & ADDRESS;
}

/* `own` is the address of the bytes: relative operands count from there. */
static void decode(const struct reference *r, struct operands *o, unsigned number, uint32_t own)
{
    const uint8_t *b = o->bytes;
    o->i = b[1];
    o->r1 = b[1] >> 4;
    o->r2 = b[1] & 15;
    switch (insn_table[number].format) {
    case F_RX:
    case F_MX:
    case F_RXE:
        o->address1 = o->address2 = address_of(r, b + 2, o->r2);
        break;
    case F_SS1:
    case F_SS2:
    case F_SSR:
    case F_SSK:
    case F_SSE:
        o->address1 = address_of(r, b + 2, 0);
        o->address2 = address_of(r, b + 4, 0);
        break;
    case F_RRE:
    case F_RRE1:
        o->r1 = b[3] >> 4;
        o->r2 = b[3] & 15;
        break;
    case F_RI:
        o->immediate = (int16_t)(b[2] << 8 | b[3]);
        break;
    case F_RIR:
    case F_MI:
    case F_RSI:
        o->target = (own + 2u * (uint32_t)(int16_t)(b[2] << 8 | b[3])) & ADDRESS;
        break;
    case F_RIL:
    case F_MIL:
        o->target = (own + 2u * ((uint32_t)b[2] << 24 | (uint32_t)b[3] << 16 | (uint32_t)b[4] << 8 |
                                 b[5])) &
                    ADDRESS;
        break;
    case F_RS:
    case F_RSM:
    case F_SHIFT:
    case F_SI:
    case F_S:
    case F_RSE:
        o->address1 = o->address2 = address_of(r, b + 2, 0);
        break;
    default:
        break;
    }
}

/* Registers that are altered though they may get the value they had: by the description in
 * insn.def; bodies that alter others, or only sometimes, say so themselves. */
static void alters(struct reference *r, const struct operands *o, unsigned number)
{
    unsigned attributes = insn_table[number].attributes;
    if (attributes & (A_R1 | A_PAIR | A_RANGE))
        ref_alters(r, o->r1);
    if (attributes & A_PAIR)
        ref_alters(r, o->r1 + 1);
    for (unsigned n = o->r1; (attributes & A_RANGE) && n != o->r2; n = (n + 1) & 15)
        ref_alters(r, n + 1);
}

static int run(struct reference *r, struct operands *o, uint32_t own)
{
    unsigned number = ref_find(o->bytes);
    r->number = number;
    if (number == I_none || ((insn_table[number].attributes & A_DUAL) && !r->dual))
        return PGM_OPERATION;
    if (!bodies[number]) {
        r->open = "not covered";
        return PGM_OPERATION;
    }
    if (insn_table[number].attributes & A_INTERRUPTIBLE) {
        if (r->per)
            r->open = "events of an instruction that proceeds in units";
        if (r->no_units)
            r->open = "an instruction that proceeds in units";
        if (r->open)
            return PGM_OPERATION;
    }
    if ((insn_table[number].attributes & A_EXTENSION) && !r->extension)
        return PGM_OPERATION;
    decode(r, o, number, own);
    alters(r, o, number);
    return bodies[number](r, o);
}

static void note_own(struct reference *r, uint32_t address, unsigned length)
{
    for (unsigned k = 0; k < length && r->own_count < sizeof r->own / sizeof r->own[0]; k++)
        r->own[r->own_count++] = ref_place(r, PLUS(address, k));
}

/* Fetches the instruction.  0, or the exception with *ilc. */
static int fetch(struct reference *r, uint8_t *bytes, unsigned *ilc)
{
    *ilc = 1;
    if (r->ia & 1)
        return PGM_SPECIFICATION;
    ref_probe(r, r->ia, 2, REF_FETCH);
    RAISE();
    for (unsigned k = 0; k < 2; k++)
        bytes[k] = ref_fetch(r, r->ia + k);
    unsigned length = length_of(bytes[0]);
    *ilc = length / 2;
    if (length > 2) {
        ref_probe(r, PLUS(r->ia, 2), length - 2, REF_FETCH);
        RAISE();
    }
    for (unsigned k = 2; k < length; k++)
        bytes[k] = ref_fetch(r, PLUS(r->ia, k));
    note_own(r, r->ia, length);
    return 0;
}

/* EXECUTE.  The target is modified in a copy; its length is that of EXECUTE. */
BODY(ex)
{
    struct operands target = {.length = 4, .next = o->next};
    uint32_t at = o->address2;
    if (at & 1)
        return PGM_SPECIFICATION;
    ref_probe(r, at, 2, REF_FETCH);
    RAISE();
    target.bytes[0] = ref_fetch(r, at);
    target.bytes[1] = ref_fetch(r, NEXT(at));
    if (target.bytes[0] == 0x44)
        return PGM_EXECUTE;
    unsigned length = length_of(target.bytes[0]);
    ref_probe(r, PLUS(at, 2), length - 2, REF_FETCH);
    RAISE();
    for (unsigned k = 2; k < length; k++)
        target.bytes[k] = ref_fetch(r, PLUS(at, k));
    if (o->r1)
        target.bytes[1] |= (uint8_t)r->gr[o->r1];
    note_own(r, at, length);
    r->executed_target = true;
    r->target_at = at;
    return run(r, &target, at);
}

/* --- program event recording: GA22-7000, "Program-Event Recording" --- */

static bool in_range(const struct reference *r, uint32_t address)
{
    uint32_t start = r->per_control[1] & ADDRESS, end = r->per_control[2] & ADDRESS;
    if (start <= end)
        return start <= address && address <= end;
    return address >= start || address <= end;
}

/* The events of the instruction at `address`, as in CR9 bits 0-3 (leftmost byte).  The area of
 * CR10 and CR11 is that of fetches and stores; a branch counts wherever it leads.  An instruction
 * that changes the masks is recorded under those with which it began. */
static unsigned events(const struct reference *r, uint32_t address, const uint32_t *before,
                       bool completed)
{
    unsigned events = 0, mask = r->altered;
    if (!r->per)
        return 0;
    if (in_range(r, address) || (r->executed_target && in_range(r, r->target_at)))
        events |= 0x40;
    if (!completed)
        return events & r->per_control[0] >> 24;
    if (r->branched)
        events |= 0x80;
    for (unsigned k = 0; k < r->stored_count; k++) {
        for (uint32_t n = 0; n < r->stored_length[k]; n++) {
            if (in_range(r, PLUS(r->stored_from[k], n)))
                events |= 0x20;
        }
    }
    for (unsigned n = 0; n < 16; n++) {
        if (before[n] != r->gr[n])
            mask |= 0x8000u >> n;
    }
    if (mask & r->per_control[0] & 0xffff)
        events |= 0x10;
    return events & r->per_control[0] >> 24;
}

static void store_per(struct reference *r, unsigned events, uint32_t address)
{
    ref_store_real(r, 0x96, 2, events << 8);
    ref_store_real(r, 0x98, 4, address);
}

/* --- the step --- */

static void begin(struct reference *r)
{
    r->code = 0;
    r->per = r->executed_target = r->interrupted = false;
    r->altered = 0;
    r->executed = r->branched = r->fault_address = r->switched = false;
    r->space = REF_CURRENT;
    r->number = r->outer = I_none;
    r->found_count = r->stored_count = r->own_count = 0;
}

void ref_begin(struct reference *r)
{
    uint32_t blocks = r->size / REF_BLOCK;
    for (unsigned k = 0; k < r->dirty_count; k++) {
        memset(r->moved + r->dirty[k] * REF_BLOCK, 0, REF_BLOCK);
        r->is_dirty[r->dirty[k]] = 0;
    }
    memset(r->referenced, 0, blocks);
    memset(r->changed, 0, blocks);
    memset(r->undefined, 0, sizeof r->undefined);
    r->open = NULL;
    r->timed = r->skipped = false;
    r->dirty_count = r->table_count = 0;
}

enum { SUPERVISOR_CALL = -1 };

BODY(svc)
{
    r->svc_code = o->i;
    return SUPERVISOR_CALL;
}

/* The instruction has done its work, though an exception is indicated. */
static bool is_completion(int code, unsigned number)
{
    return code <= 0 || code == PGM_FIXED_OVERFLOW || code == PGM_DECIMAL_OVERFLOW ||
           code == PGM_EXPONENT_OVERFLOW || code == PGM_EXPONENT_UNDERFLOW ||
           code == PGM_SIGNIFICANCE || code == PGM_MONITOR || code == PGM_SPACE_SWITCH ||
           (code == PGM_FIXED_DIVIDE && number == I_cvb) ||
           (code == PGM_SPECIFICATION &&
            (number == I_ssm || number == I_stnsm || number == I_stosm));
}

static void execute(struct reference *r)
{
    struct operands o = {.length = 0};
    uint32_t own = r->ia, before[16];
    unsigned ilc;
    r->per = r->ec && (r->system_mask & 0x40);
    memcpy(before, r->gr, sizeof before);
    memcpy(r->per_control, &r->cr[9], sizeof r->per_control);
    int code = fetch(r, o.bytes, &ilc);
    r->ia = PLUS(r->ia, 2 * ilc);
    if (code) {
        r->code = code;
        program(r, (unsigned)code, ilc);
        return;
    }
    r->executed = true;
    r->outer = ref_find(o.bytes);
    o.length = 2 * ilc;
    o.next = r->ia;
    code = run(r, &o, own);
    r->code = code > 0 ? code : 0;
    unsigned happened = events(r, own, before, is_completion(code, r->number));
    if (code == SUPERVISOR_CALL)
        supervisor_call(r, r->svc_code, ilc);
    if (code <= 0 && !happened)
        return;
    if (code <= 0 && r->switched) /* any event reports it */
        code = PGM_SPACE_SWITCH;
    if (happened)
        store_per(r, happened, own);
    if (code <= 0 && r->psw_bad) { /* LPSW, SVC: both conditions in one code */
        code = PGM_SPECIFICATION;
        ilc = 0;
    }
    program(r, (code > 0 ? (unsigned)code : 0) | (happened ? PGM_PER : 0u), ilc);
}

void ref_step(struct reference *r)
{
    begin(r);
    if (r->psw_bad) {
        program(r, PGM_SPECIFICATION, 0);
        return;
    }
    if (r->wait)
        return;
    execute(r);
    if (r->psw_bad) /* early: recognized at once */
        program(r, PGM_SPECIFICATION, 0);
    else
        external(r);
}
