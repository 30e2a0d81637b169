/* Interruptions: the PSW swap, and what each class stores.  In the BC mode the code is in
 * the old PSW, in the EC mode in the words from 84 on; the mode is that of the old PSW.
 * GA22-7000, "Interruptions". */
#include "s370/cpu/swap.h"

#include "s370/io/channel.h"
#include "s370/machine.h"

#include <stddef.h>

static inline __attribute__((always_inline)) void swap(struct cpu *cpu,
                                                       enum interruption_class class,
                                                       uint32_t old_at, uint32_t new_at,
                                                       uint32_t code, unsigned ilc)
{
    uint64_t old = psw_assemble(cpu, code, ilc);
    interrupt_store(cpu, old_at, old, 8);
    psw_load(cpu, load_be64(low_storage(cpu, new_at)));
    if (cpu->watch.interruption)
        cpu->watch.interruption(cpu->watch.context, cpu, class, code, old);
}

/* Codes from PGM_SEGMENT on: what they tell beside the code, and whether the instruction is
 * nullified, so that the old PSW designates it. */
static __attribute__((noinline)) void describe(struct cpu *cpu, unsigned code, unsigned ilc)
{
    unsigned base = code & 0x7f;
    bool translation = base == PGM_SEGMENT || base == PGM_PAGE;
    bool dual_space = base >= PGM_AFX && base <= PGM_SECONDARY_AUTHORITY;
    if (translation || dual_space)
        cpu->ia = (cpu->ia - 2 * ilc) & ADDRESS_MASK;
    if (psw_is_ec(cpu) && translation)
        interrupt_store(cpu, AT(translation_address), cpu->gate.fault_address, 4);
    else if (psw_is_ec(cpu) && (dual_space || base == PGM_SPACE_SWITCH))
        interrupt_store(cpu, AT(translation_address), cpu->identification, 4);
    if (code & PGM_PER) {
        interrupt_store(cpu, AT(per_code), cpu->per_code << 8, 2);
        interrupt_store(cpu, AT(per_address), cpu->per_address, 4);
    }
    if (base == PGM_MONITOR) {
        interrupt_store(cpu, AT(monitor_class), cpu->monitor_class, 2);
        interrupt_store(cpu, AT(monitor_code), cpu->monitor_code, 4);
    }
}

/* A word: zero, the instruction's length in bytes, the code. */
void interrupt_program(struct cpu *cpu, unsigned code, unsigned ilc)
{
    if (psw_is_ec(cpu))
        interrupt_store(cpu, AT(pgm_unused), ilc << 17 | code, 4);
    if (code >= PGM_SEGMENT)
        describe(cpu, code, ilc);
    swap(cpu, INT_PROGRAM, AT(pgm_old), AT(pgm_new), code, ilc);
}

void interrupt_svc(struct cpu *cpu, unsigned ilc)
{
    if (psw_is_ec(cpu))
        interrupt_store(cpu, AT(svc_unused), ilc << 17 | cpu->svc_code, 4);
    swap(cpu, INT_SVC, AT(svc_old), AT(svc_new), cpu->svc_code, ilc);
}

/* The external condition of highest priority that is enabled, or 0.  The interval timer
 * and the key come together in one code. */
static uint32_t external_code(const struct cpu *cpu)
{
    uint32_t cr0 = cpu->r.cr[0], code = 0;
    if (!psw_allows_external(cpu))
        return 0;
    if (cpu->interval_pending && (cr0 & CR0_INTERVAL_MASK))
        code |= EXT_INTERVAL_TIMER;
    if (cpu->key_pending && (cr0 & CR0_KEY_MASK))
        code |= EXT_INTERRUPT_KEY;
    if (code)
        return code;
    if (cpu->malfunction_pending && (cr0 & CR0_MALFUNCTION_MASK))
        return EXT_MALFUNCTION_ALERT;
    if (cpu->emergency_pending && (cr0 & CR0_EMERGENCY_MASK))
        return EXT_EMERGENCY_SIGNAL;
    if (cpu->call_pending && (cr0 & CR0_CALL_MASK))
        return EXT_EXTERNAL_CALL;
    if (cpu->comparator_due && (cr0 & CR0_COMPARATOR_MASK))
        return EXT_CLOCK_COMPARATOR;
    if (cpu->cpu_timer_due && (cr0 & CR0_CPU_TIMER_MASK))
        return EXT_CPU_TIMER;
    return 0;
}

static void take_external(struct cpu *cpu, uint32_t code)
{
    if (code < 0x1000) { /* the combined code; the others are conditions that last */
        cpu->interval_pending &= !(code & EXT_INTERVAL_TIMER);
        cpu->key_pending &= !(code & EXT_INTERRUPT_KEY);
    }
    bool signal = true;
    unsigned from = 0;
    if (code == EXT_MALFUNCTION_ALERT) {
        from = (unsigned)__builtin_ctz(cpu->malfunction_pending);
        cpu->malfunction_pending &= (uint8_t)(cpu->malfunction_pending - 1);
    } else if (code == EXT_EMERGENCY_SIGNAL) {
        from = (unsigned)__builtin_ctz(cpu->emergency_pending);
        cpu->emergency_pending &= (uint8_t)(cpu->emergency_pending - 1);
    } else if (code == EXT_EXTERNAL_CALL) {
        from = cpu->call_from;
        cpu->call_pending = false;
    } else {
        signal = false;
    }
    if (psw_is_ec(cpu) || signal) /* the address of the signalling CPU, in both modes */
        interrupt_store(cpu, AT(ext_cpu), from, 2);
    if (psw_is_ec(cpu)) {
        interrupt_store(cpu, AT(ext_code), code, 2);
    }
    swap(cpu, INT_EXTERNAL, AT(ext_old), AT(ext_new), code, 0);
}

static bool io_due(struct cpu *cpu)
{
    if (!cpu->io_pending)
        return false;
    cpu->io_pending = channel_pending(cpu->machine, UINT32_MAX);
    uint32_t masks = psw_io_masks(cpu);
    return masks && channel_pending(cpu->machine, masks);
}

static void take_io(struct cpu *cpu)
{
    uint16_t address;
    if (!channel_take_interrupt(cpu->machine, psw_io_masks(cpu), &address))
        return;
    if (psw_is_ec(cpu))
        interrupt_store(cpu, AT(measurement) + 1, address, 3);
    swap(cpu, INT_IO, AT(io_old), AT(io_new), address, 0);
}

/* Exigent conditions are enabled by the PSW alone. */
uint64_t interrupt_mcheck_due(const struct cpu *cpu)
{
    static const struct {
        uint64_t conditions;
        uint32_t mask;
    } masks[] = {
        {MCIC_RECOVERY, CR14_RECOVERY},
        {MCIC_DEGRADATION, CR14_DEGRADATION},
        {MCIC_INTERVAL_TIMER | MCIC_TIMING | MCIC_EXTERNAL_DAMAGE, CR14_EXTERNAL_DAMAGE},
        {MCIC_WARNING, CR14_WARNING},
    };
    uint64_t pending = cpu->checks.bits, due = pending & MCIC_EXIGENT;
    if (!psw_allows_mcheck(cpu) || !pending)
        return 0;
    for (unsigned k = 0; k < sizeof masks / sizeof masks[0]; k++) {
        if (cpu->r.cr[14] & masks[k].mask)
            due |= pending & masks[k].conditions;
    }
    return due;
}

/* The save areas in low storage. */
static void save_registers(struct cpu *cpu)
{
    interrupt_store(cpu, 0xd8, timers_get_cpu_timer(cpu), 8);
    interrupt_store(cpu, 0xe0, cpu->comparator, 8);
    for (unsigned i = 0; i < 4; i++)
        interrupt_store(cpu, 0x160 + 8 * i, cpu->r.fpr[i], 8);
    for (unsigned i = 0; i < 16; i++) {
        interrupt_store(cpu, 0x180 + 4 * i, cpu->r.gr[i], 4);
        interrupt_store(cpu, 0x1c0 + 4 * i, cpu->r.cr[i], 4);
    }
}

/* The fixed logout of this model: PSW, prefix, CPU address, instructions executed, TOD clock.  It
 * has no extended logout: the length is zero, here and in STORE CPU ID. */
static void log_out(struct cpu *cpu)
{
    for (uint32_t at = 0x100; at < 0x160; at += 8)
        interrupt_store(cpu, at, 0, 8);
    interrupt_store(cpu, 0x100, psw_assemble(cpu, 0, 0), 8);
    interrupt_store(cpu, 0x108, cpu->gate.prefix, 4);
    interrupt_store(cpu, 0x10c, cpu->address, 4);
    interrupt_store(cpu, 0x110, cpu_instructions(cpu), 8);
    interrupt_store(cpu, 0x118, machine_tod(cpu->machine), 8);
}

static void take_mcheck(struct cpu *cpu, uint64_t due)
{
    struct machine_check *checks = &cpu->checks;
    uint64_t told = checks->bits & ~MCIC_SUBCLASSES;
    save_registers(cpu);
    log_out(cpu);
    if (told & MCIC_EXTERNAL_CODE)
        interrupt_store(cpu, 0xf4, checks->external, 4);
    if (told & MCIC_FAILING_ADDRESS)
        interrupt_store(cpu, 0xf8, checks->address, 4);
    if (told & MCIC_REGION_CODE)
        interrupt_store(cpu, 0xfc, checks->region, 4);
    interrupt_store(cpu, 0xe8, due | told | MCIC_VALID, 8);
    /* What else pends waits for its mask. */
    checks->bits &= MCIC_SUBCLASSES & ~due;
    if (checks->bits)
        checks->bits |= MCIC_DELAYED;
    swap(cpu, INT_MCHECK, AT(mck_old), AT(mck_new), (uint32_t)(due >> 32), 0);
}

bool interrupt_is_due(struct cpu *cpu)
{
    return cpu->psw_bad || interrupt_mcheck_due(cpu) || external_code(cpu) || io_due(cpu);
}

/* More interruptions than this without an instruction between them are a string without end: the
 * condition lasts (a comparator that is due), and the new PSW allows it again. */
#define STRING_MOST 64u

bool interrupt_pending(struct cpu *cpu)
{
    /* Each swap may disable what comes next; a bad PSW goes first, at once. */
    for (unsigned count = 0; count < STRING_MOST; count++) {
        uint32_t code;
        if (cpu->psw_bad) {
            interrupt_program(cpu, PGM_SPECIFICATION, 0);
            return !cpu->psw_bad;
        }
        uint64_t damage = interrupt_mcheck_due(cpu);
        if (damage)
            take_mcheck(cpu, damage);
        else if ((code = external_code(cpu)))
            take_external(cpu, code);
        else if (io_due(cpu))
            take_io(cpu);
        else
            return true;
    }
    return false;
}

void cpu_restart(struct cpu *cpu)
{
    if (cpu->check_stop)
        return;
    swap(cpu, INT_RESTART, AT(ipl_ccw1), AT(iplpsw), 0, 0);
    cpu_start(cpu);
}

void cpu_ipl_complete(struct cpu *cpu, uint16_t address)
{
    uint64_t psw = load_be64(cpu->gate.storage->main);
    if (psw & PSW_EC) /* the prefix is zero after the reset */
        interrupt_store(cpu, AT(measurement) + 1, address, 3);
    else
        interrupt_store(cpu, 2, address, 2);
    psw_load(cpu, load_be64(cpu->gate.storage->main));
    cpu_start(cpu);
}

/* Absolute addresses, whatever the prefix. */
void cpu_store_status(struct cpu *cpu)
{
    uint32_t prefix = cpu->gate.prefix;
    cpu->gate.prefix = 0;
    interrupt_store(cpu, 0x108, prefix, 4);
    interrupt_store(cpu, 0x100, psw_assemble(cpu, 0, 0), 8);
    save_registers(cpu);
    cpu->gate.prefix = prefix;
}

/* Looks that have to find the CPU in the loop before that is said: a tenth of a second of a machine
 * of ten million instructions a second. */
#define LOOKS_IN_LOOP 100u

bool cpu_begins_to_loop(struct cpu *cpu, struct cpu_loop *loop)
{
    const uint8_t *low = low_storage(cpu, 0);
    uint64_t old = load_be64(low + AT(pgm_old)), new = load_be64(low + AT(pgm_new));
    uint32_t start = new &PSW_ADDRESS, at = old &PSW_ADDRESS;
    bool ec = old & PSW_EC;
    unsigned length = ec ? low[AT(pgm_unused) + 1] & 6 : old >> 29 & 6;
    bool at_start = at == start || ((at - length) & ADDRESS_MASK) == start;
    if (!cpu->psw_bad && !(at_start && cpu->ia == start && !psw_waits(cpu))) {
        cpu->looping = 0;
        return false;
    }
    loop->new_psw = new;
    loop->code = ec ? load_be16(low + AT(pgm_unused) + 2) : PSW_LEFT(old) & 0xffff;
    loop->invalid = cpu->psw_bad;
    cpu->looping += cpu->looping <= LOOKS_IN_LOOP;
    return cpu->looping == LOOKS_IN_LOOP;
}
