/* The inside of the CPU, for the files of this directory only. */
#ifndef S370_CPU_INTERNAL_H
#define S370_CPU_INTERNAL_H

#include "dat/gate.h"
#include "s370/arch/codes.h"
#include "s370/arch/control.h"
#include "s370/arch/psw.h"
#include "s370/cpu/cpu.h"
#include "s370/cpu/insn.h"

/* What a body returns: one of these, or a program interruption code (1-255). */
enum body_result {
    R_OK = 0,
    R_AGAIN = -1,   /* one unit of an interruptible instruction is done: execute it again */
    R_SYNC = -2,    /* done, and masks, translation or timers may have changed */
    R_PSW = -3,     /* done, and the whole PSW with its address is a new one */
    R_SVC = -4,     /* supervisor call, code in cpu->svc_code */
    R_FETCH = -5,   /* the next instruction cannot be fetched: code in cpu->fetch_code, with
                     * ILC in cpu->fetch_ilc; cpu->ia is its address */
    R_ADDRESS = -7, /* done; cpu->ia is the next instruction's address, perhaps in another space */
    R_SPACE_SWITCH = -8, /* the same, and it is a space-switch event */
    R_BRANCHED = -6,     /* not in the watched loop: done, and cpu->ia is where to go on */
    R_COLD = GATE_MISS,  /* fast loop only: nothing is done, the function must do it */
};

/* How the condition code is kept: as the result that set it. */
enum cc_kind {
    CC_SIGN,  /* 0 cc is zero, 1 less, 2 greater */
    CC_CARRY, /* of 33 bits: left one of the code the leftmost, the right one if others are not zero
               */
};

/* Decoded instructions of one block of storage, see fast.c. */
struct code_block;

/* What is decoded; all CPUs of a machine share it. */
struct code_cache {
    struct machine *machine;
    struct code_block **blocks; /* by absolute block number; NULL where nothing is decoded */
    uint32_t count;
};

/* No address is near this one: a new access key makes the fast loop look for its block again. */
#define NO_BLOCK 0xffffffffu

struct cpu {
    /* The part that every instruction touches. */
    const struct insn *next; /* fast loop, where the compiler makes no jumps: the next record */
    int64_t left;            /* instructions until the loop must look around */
    uint32_t block_address;  /* fast loop: logical address of `block`, or NO_BLOCK */
    struct code_block *block;
    uint32_t ia; /* instruction address; not up to date inside of the fast loop */
    int64_t cc;  /* what the condition code follows from, see enum cc_kind */
    uint8_t cc_kind;
    uint8_t program_mask;
    /* PSW bits 0-31 as they are loaded, without condition code and program mask (EC mode) or
     * interruption code (BC mode), which are zero here. */
    uint32_t psw_left;
    struct cpu_state_regs r;

    bool psw_bad;     /* loaded PSW has an invalid format ... */
    uint64_t bad_psw; /* ... and looks like this */

    bool stopped;
    bool check_stop;
    uint64_t end_count; /* instruction count at which `left` becomes 0 */
    bool broken;        /* cpu_break was called */
    bool look;          /* something that may interrupt has changed: look before going on */
    unsigned looping;   /* so many looks in turn have found it in a loop of interruptions */

    /* Pending external conditions and I/O. */
    bool key_pending, interval_pending;
    struct machine_check checks; /* machine checks that pend */
    uint8_t malfunction_pending; /* a bit for each CPU that is in the check stop */
    uint8_t emergency_pending;   /* a bit (1 << address) for each CPU that has signalled */
    bool call_pending;
    uint8_t call_from; /* address of the CPU that has */
    bool io_pending;
    uint64_t timers_due; /* machine time at which timers must be looked at again */

    /* Timers, in TOD clock units and machine time. */
    uint64_t comparator;
    uint64_t cpu_timer;    /* value at cpu_timer_at, counting down if `running_timer` */
    uint64_t cpu_timer_at; /* ns of machine time */
    uint64_t interval_at;  /* up to here location 80 has been decremented, ns */
    bool timers_run;       /* not stopped */
    bool comparator_due;   /* as of the last look */
    bool cpu_timer_due;    /* the same */

    /* From a body to the loop. */
    int result; /* fast loop: what it returned */
    uint8_t svc_code;
    int fetch_code;
    unsigned fetch_ilc;
    uint32_t identification; /* of an exception of the dual-address-space facility: location 90 */
    bool switched;           /* PC or PT: to another space */
    uint16_t monitor_class;
    uint32_t monitor_code;

    /* Program event recording, watched loop only. */
    uint8_t per_events;     /* of this instruction, bits as in CR9 0-3 */
    uint32_t per_registers; /* that it alters if it is completed, bits as in CR9 16-31 */
    unsigned per_number;    /* of the instruction; of EXECUTE its target's */
    unsigned per_code;      /* with an interruption that has PGM_PER */
    uint32_t per_address;
    bool resume; /* the hook has stopped here: do not ask it again */

    struct machine *machine;
    struct cpu_watch watch;
    bool watched;
    uint8_t facilities; /* enum cpu_facility */

    struct gate gate;
    struct code_block **blocks; /* of the cache, see there */
    struct code_cache *cache;
    unsigned address;
};

/* Where a real address of assigned storage lies in the host's. */
static inline uint8_t *low_storage(const struct cpu *cpu, uint32_t real)
{
    return cpu->gate.storage->main + storage_absolute(cpu->gate.prefix, real);
}

static inline bool insn_is_installed(const struct cpu *cpu, unsigned number)
{
    unsigned attributes = insn_table[number].attributes;
    return !((attributes & A_EXTENSION) && !(cpu->facilities & FACILITY_COMPILER)) &&
           !((attributes & A_DUAL) && !(cpu->facilities & FACILITY_DUAL_SPACE));
}

/* --- condition code --- */

static inline void cc_keep(struct cpu *cpu, enum cc_kind kind, int64_t value)
{
    cpu->cc_kind = (uint8_t)kind;
    cpu->cc = value;
}

static inline void cc_set(struct cpu *cpu, unsigned code)
{
    cc_keep(cpu, CC_CARRY, (int64_t)code << 31);
}

/* 0 zero, 1 less, 2 greater than zero. */
static inline void cc_sign(struct cpu *cpu, int64_t value)
{
    cc_keep(cpu, CC_SIGN, value);
}

/* 0 zero, 1 not. */
static inline void cc_nonzero(struct cpu *cpu, uint32_t value)
{
    cc_keep(cpu, CC_SIGN, -(int64_t)value);
}

/* 0 equal, 1 the first low, 2 high. */
static inline void cc_compare(struct cpu *cpu, uint32_t a, uint32_t b)
{
    cc_keep(cpu, CC_SIGN, (int64_t)(int32_t)a - (int32_t)b);
}

static inline void cc_compare_logical(struct cpu *cpu, uint32_t a, uint32_t b)
{
    cc_keep(cpu, CC_SIGN, (int64_t)a - (int64_t)b);
}

/* Of a sum of 33 bits.  Subtraction adds the complement and one: then no borrow is a carry. */
static inline void cc_carry(struct cpu *cpu, uint64_t sum)
{
    cc_keep(cpu, CC_CARRY, (int64_t)sum);
}

static inline unsigned cc_get(const struct cpu *cpu)
{
    int64_t value = cpu->cc;
    if (cpu->cc_kind == CC_SIGN)
        return (value > 0) * 2u + (value < 0);
    return (unsigned)(value >> 32) * 2 + ((uint32_t)value != 0);
}

/* --- the PSW, and psw.c --- */
static inline bool psw_is_ec(const struct cpu *cpu)
{
    return cpu->psw_left & PSW_LEFT(PSW_EC);
}

static inline bool psw_is_problem(const struct cpu *cpu)
{
    return cpu->psw_left & PSW_LEFT(PSW_PROBLEM);
}

static inline bool psw_waits(const struct cpu *cpu)
{
    return cpu->psw_left & PSW_LEFT(PSW_WAIT);
}

static inline bool psw_allows_mcheck(const struct cpu *cpu)
{
    return cpu->psw_left & PSW_LEFT(PSW_MCHECK);
}

static inline bool psw_allows_external(const struct cpu *cpu)
{
    return cpu->psw_left & PSW_LEFT(PSW_EXTERNAL);
}

/* Program events are recorded. */
static inline bool psw_records(const struct cpu *cpu)
{
    return !(~cpu->psw_left & PSW_LEFT(PSW_EC | PSW_EC_PER));
}

/* Secondary-space mode. */
static inline bool psw_is_secondary(const struct cpu *cpu)
{
    return cpu->psw_left & PSW_LEFT(PSW_EC_SECONDARY);
}

/* System mask: bits 0-7. */
static inline uint8_t psw_masks(const struct cpu *cpu)
{
    return (uint8_t)(cpu->psw_left >> 24);
}

/* The bits of `which`, as in a whole PSW, become those of `bits`. */
static inline void psw_change(struct cpu *cpu, uint64_t which, uint64_t bits)
{
    cpu->psw_left = (cpu->psw_left & ~PSW_LEFT(which)) | PSW_LEFT(bits & which);
}

/* Forgets the TLB entries of all CPUs: keys, a table's entry or the places of code have
 * changed. */
void cpu_purge_all(struct cpu *cpu);
void cpu_set_prefix(struct cpu *cpu, uint32_t prefix);
/* CR0, CR1, CR7 or the translation mode have changed. */
void psw_set_space(struct cpu *cpu);
/* The segment table of the current space: CR1 or CR7. */
static inline uint32_t psw_table(const struct cpu *cpu)
{
    return cpu->r.cr[psw_is_secondary(cpu) ? 7 : 1];
}
/* The loaded PSW may have an invalid format: sets psw_bad. */
void psw_check(struct cpu *cpu, uint64_t psw) __attribute__((noinline));

static inline uint64_t psw_assemble(const struct cpu *cpu, uint32_t code, unsigned ilc)
{
    if (cpu->psw_bad)
        return cpu->bad_psw;
    uint32_t left = cpu->psw_left, rest = cc_get(cpu) << 4 | cpu->program_mask;
    uint32_t right = cpu->ia & ADDRESS_MASK;
    if (left & PSW_LEFT(PSW_EC))
        return (uint64_t)(left | rest << 8) << 32 | right;
    return (uint64_t)(left | (code & 0xffff)) << 32 | (ilc << 30 | rest << 24 | right);
}

/* Nothing is to be done for this PSW but to take it apart: its format is valid, it leaves the
 * address space as it is and asks for no program events and not to wait.  (In the BC mode this
 * looks at the mask of a channel.) */
static inline bool psw_is_usual(const struct cpu *cpu, uint64_t psw)
{
    uint32_t changed = PSW_LEFT(psw) ^ cpu->psw_left;
    uint64_t unusual = psw & PSW_EC ? PSW_EC_ZERO | PSW_EC_PER | PSW_WAIT : PSW_WAIT;
    return !(changed & PSW_LEFT(PSW_EC | PSW_EC_TRANSLATE | PSW_EC_SECONDARY)) &&
           !(psw & unusual) && !cpu->psw_bad;
}

/* Returns the bits of psw_left that have changed. */
static inline uint32_t psw_load_usual(struct cpu *cpu, uint64_t psw)
{
    uint32_t left = PSW_LEFT(psw), changed;
    cpu->ia = psw & PSW_ADDRESS;
    if (left & PSW_LEFT(PSW_EC)) {
        cc_set(cpu, PSW_EC_CC(psw));
        cpu->program_mask = PSW_EC_MASK(psw);
        left &= ~PSW_LEFT(PSW_EC_CC_AND_MASK);
    } else {
        cc_set(cpu, PSW_BC_CC(psw));
        cpu->program_mask = PSW_BC_MASK(psw);
        left &= 0xffff0000;
    }
    changed = left ^ cpu->psw_left;
    cpu->psw_left = left;
    if (changed & PSW_LEFT(PSW_KEY)) {
        gate_set_key(&cpu->gate, left >> 20 & 15);
        cpu->block_address = NO_BLOCK;
    }
    return changed;
}

/* Sets psw_bad if the format is invalid. */
static inline void psw_load(struct cpu *cpu, uint64_t psw)
{
    uint32_t changed = psw_load_usual(cpu, psw);
    if (((psw & PSW_EC) && (psw & PSW_EC_ZERO)) || cpu->psw_bad)
        psw_check(cpu, psw);
    /* The control registers have not changed: those who change them set the space. */
    if (changed & PSW_LEFT(PSW_EC | PSW_EC_TRANSLATE | PSW_EC_SECONDARY))
        psw_set_space(cpu);
}
uint32_t psw_io_masks(const struct cpu *cpu); /* bit 0 is channel 0 */

static inline void psw_set_key(struct cpu *cpu, uint8_t key)
{
    psw_change(cpu, PSW_KEY, (uint64_t)key << 52);
    gate_set_key(&cpu->gate, key);
}

/* --- interruption.c --- */
void interrupt_program(struct cpu *cpu, unsigned code, unsigned ilc);
void interrupt_svc(struct cpu *cpu, unsigned ilc);
/* Takes all interruptions that are pending and enabled, in the order of priority.  False: they
 * have no end, or the PSW is bad, and no instruction may be executed; the machine must breathe. */
bool interrupt_pending(struct cpu *cpu);
/* The machine checks that are pending and enabled: their subclasses. */
uint64_t interrupt_mcheck_due(const struct cpu *cpu);
/* True if one would be taken. */
bool interrupt_is_due(struct cpu *cpu);

/* --- dual_space.c: the dual-address-space facility.  Results are those of bodies. --- */
/* The current state and PSW-key mask allow the use of the key in bits 24-27 of `key`. */
bool dual_key_allowed(const struct cpu *cpu, uint32_t key);
/* The current state and extraction authority allow a look at the PSW and at ASNs. */
bool dual_may_extract(const struct cpu *cpu);
/* PROGRAM CALL and TRANSFER: `next` is the address behind the instruction. */
int dual_program_call(struct cpu *cpu, uint32_t number, uint32_t next);
int dual_program_transfer(struct cpu *cpu, uint32_t r1, uint32_t r2);
int dual_set_secondary(struct cpu *cpu, uint32_t asn);
int dual_load_parameters(struct cpu *cpu, uint64_t parameters, uint32_t options);
/* The access key of the block at a virtual address of the current space. */
int dual_virtual_key(struct cpu *cpu, uint32_t address, uint32_t *key);

/* Accesses go to another space or have another key, until dual_access_end. */
enum dual_space { SPACE_CURRENT, SPACE_PRIMARY, SPACE_SECONDARY };
void dual_access(struct cpu *cpu, enum dual_space space, uint8_t key);
void dual_access_end(struct cpu *cpu, uint8_t key);

/* --- timers.c --- */
void timers_reset(struct cpu *cpu);
void timers_run(struct cpu *cpu, bool run); /* stopped CPU: interval and CPU timer stand still */
uint64_t timers_store_clock(struct cpu *cpu);
uint64_t timers_get_cpu_timer(const struct cpu *cpu);
void timers_set_cpu_timer(struct cpu *cpu, uint64_t value);
/* Brings location 80 and the pending conditions up to date. */
void timers_look(struct cpu *cpu);

/* --- bodies.c: an instruction's body as a function, with cpu->ia at the next instruction --- */
extern insn_body *const *const functions; /* by enum insn_number */
/* The same, but no instruction if it belongs to a facility that is off. */
insn_body *function_of(const struct cpu *cpu, unsigned number);

/* --- the loops: execute until `left` is used up or something needs attention --- */
void fast_run(struct cpu *cpu);
void watched_run(struct cpu *cpu);
/* fast.c: decoded code */
void code_changed(void *context, uint32_t address, uint32_t length);
void code_drop_all(struct code_cache *cache);

/* What the loop does with a body's result that is not R_OK.  cpu->ia is the address of the
 * next instruction; `ilc` is the length of this one.  False: leave the loop. */
bool run_result(struct cpu *cpu, int result, unsigned ilc);

/* Ends the loop after this instruction, to look at conditions or masks. */
static inline void cpu_look(struct cpu *cpu)
{
    cpu->look = true;
    cpu->end_count -= (uint64_t)cpu->left;
    cpu->left = 0;
}

#endif
