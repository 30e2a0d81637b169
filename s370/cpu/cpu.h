/* The CPU: registers, PSW, timers, and the functions that run it.  Instructions are
 * described in insn.def; their bodies are in the sem_*.inc files.  Source: GA22-7000.
 *
 * The CPU knows its storage and, for the I/O instructions and interruptions, the
 * channels (s370/io/channel.h); nothing else of the machine. */
#ifndef S370_CPU_CPU_H
#define S370_CPU_CPU_H

#include "dat/storage.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct machine;
struct saved; /* s370/saved.h */
struct cpu;

enum cpu_state {
    CPU_STOPPED,
    CPU_RUNNING,
    CPU_WAIT,          /* wait bit on, some class enabled */
    CPU_DISABLED_WAIT, /* wait bit on, all classes disabled: only the operator can help */
};

/* Why cpu_run came back. */
enum cpu_exit {
    CPU_EXIT_LIMIT, /* the instruction count was reached, or cpu_break was called */
    CPU_EXIT_WAIT,  /* a wait PSW is loaded and no interruption is pending */
    CPU_EXIT_STOP,  /* stopped: watch hook or check stop (cpu->check_stop says which) */
};

/* Interruptions, for the watch hooks. */
enum interruption_class {
    INT_RESTART,
    INT_EXTERNAL,
    INT_SVC,
    INT_PROGRAM,
    INT_MCHECK,
    INT_IO,
};

/* What the glass box sees.  All may be NULL.  Hooks must not change the CPU's state;
 * an `instruction` hook that returns true stops the CPU before that instruction. */
struct cpu_watch {
    void *context;
    bool (*instruction)(void *context, struct cpu *cpu, uint32_t address);
    /* After the PSW swap: `from` is the old PSW (as stored), `code` the code. */
    void (*interruption)(void *context, struct cpu *cpu, enum interruption_class class,
                         uint32_t code, uint64_t from);
    /* LPSW has loaded a PSW (also by interruption new PSW: not called then). */
    void (*load_psw)(void *context, struct cpu *cpu);
};

struct cpu_state_regs {
    uint32_t gr[17]; /* [16] is always zero: the base or index of operands that have none */
    uint32_t cr[16];
    uint64_t fpr[4]; /* floating-point registers 0, 2, 4, 6 */
};

/* `struct cpu` itself is in s370/cpu/internal.h; others use these functions. */
/* `address`: what STORE CPU ADDRESS gives; 0 is made first and shares its decoded code. */
struct cpu *cpu_create(struct machine *m, struct storage *storage, unsigned address);
void cpu_destroy(struct cpu *cpu);
void cpu_reset(struct cpu *cpu, bool clear_registers); /* CPU reset; true: initial CPU reset */

/* Runs at most `limit` instructions (a few more may be executed, never fewer without a
 * reason), taking pending enabled interruptions at instruction boundaries. */
enum cpu_exit cpu_run(struct cpu *cpu, uint64_t limit);
/* Asks cpu_run to return at the next boundary (from an event, a hook, a device). */
void cpu_break(struct cpu *cpu);
uint64_t cpu_instructions(const struct cpu *cpu); /* executed since power-on */

/* Program interruptions without end: the program-new PSW is invalid, or there is one at the first
 * instruction under it. */
struct cpu_loop {
    uint64_t new_psw;
    unsigned code; /* of the interruptions */
    bool invalid;
};
/* To be asked after each cpu_run: true, with *loop, when the CPU has done nothing else for a
 * hundred of them; once until it does something else, or is started. */
bool cpu_begins_to_loop(struct cpu *cpu, struct cpu_loop *loop);

enum cpu_state cpu_get_state(const struct cpu *cpu);
void cpu_start(struct cpu *cpu);
void cpu_stop(struct cpu *cpu);
bool cpu_is_check_stopped(const struct cpu *cpu);

uint64_t cpu_psw(const struct cpu *cpu);          /* as it would be stored */
bool cpu_load_psw(struct cpu *cpu, uint64_t psw); /* false: early specification */
struct cpu_state_regs *cpu_regs(struct cpu *cpu); /* alter CRs with cpu_set_cr */
void cpu_set_cr(struct cpu *cpu, unsigned n, uint32_t value);

void cpu_interrupt_key(struct cpu *cpu); /* operator's INTERRUPT key */
void cpu_restart(struct cpu *cpu);       /* PSW swap by RESTART */
void cpu_store_status(struct cpu *cpu);
/* A machine check: bits of the interruption code (MCIC_... of s370/arch/control.h), and what their
 * validity bits say that there is. */
struct machine_check {
    uint64_t bits;
    uint32_t external; /* MCIC_EXTERNAL_CODE: what is damaged, location F4 */
    uint32_t address;  /* MCIC_FAILING_ADDRESS: of storage, absolute, F8 */
    uint32_t region;   /* MCIC_REGION_CODE: this model's word for where, FC */
};
/* It pends until the PSW and its mask allow the interruption, or stops the CPU. */
void cpu_machine_check(struct cpu *cpu, const struct machine_check *check);
uint32_t cpu_prefix(const struct cpu *cpu);
/* SIGNAL PROCESSOR's `order` for this CPU from the one at address `from`.  Returns the
 * condition code; 1 with *status. */
unsigned cpu_signal(struct cpu *cpu, unsigned order, unsigned from, uint32_t *status);
/* Loads the PSW at 0 at the end of an IPL from device `address`, which goes where the
 * mode says (BC: code of the PSW at 0..; EC: location BA); the CPU then runs. */
void cpu_ipl_complete(struct cpu *cpu, uint16_t address);

/* A channel has an interruption pending, or has none any more: any CPU may take it. */
void cpu_io_pending(struct cpu *cpu);
/* The clock has moved: recompute when timers are due (called between slices). */
void cpu_timers_update(struct cpu *cpu);
/* Machine time, ns, at which the next timer interruption may be due; UINT64_MAX if none.
 * In the wait state the machine sleeps (or skips virtual time) until then. */
uint64_t cpu_timers_next(const struct cpu *cpu);

void cpu_set_watch(struct cpu *cpu, const struct cpu_watch *watch); /* NULL: none */
/* Storage to be watched by the operator, or else a debugger: see gate_set_watches. */
void cpu_set_storage_watches(struct cpu *cpu, bool by_operator, struct gate_watch *watches,
                             unsigned count);

/* Optional facilities: their instructions give an operation exception without them. */
enum cpu_facility {
    FACILITY_COMPILER = 1,   /* the compiler's instructions (DESIGN.md section 3); on by default */
    FACILITY_DUAL_SPACE = 2, /* dual-address-space facility; off by default */
};
/* Installs or removes one, on all CPUs of the machine. */
void cpu_set_facility(struct cpu *cpu, enum cpu_facility facility, bool on);

/* Saves or restores the CPU; `now` is the machine time of the state. */
void cpu_saved(struct cpu *cpu, struct saved *s, uint64_t now);

/* Address translation for the operator and trace: virtual to real with the current PSW's
 * mode. Returns 0, or the program interruption code it would give. */
int cpu_translate(const struct cpu *cpu, uint32_t virtual_address, uint32_t *real);

/* Disassembles the instruction at `bytes` (2, 4 or 6 valid bytes as its first byte says)
 * that lies at `address`. Returns its length; unknown codes print as DC. */
unsigned disassemble(const uint8_t *bytes, uint32_t address, char *text, size_t size);

#endif
