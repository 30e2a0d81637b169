/* The trap trace (t+): one line for every interruption that takes a program out of problem
 * state, which is how a control program gets hold of its guests:
 *
 *   time     guest PSW   instruction            interruption       taken by     back
 *
 * The line is printed when the same program (its PSW again in problem state, the same
 * segment table) goes on: so it can say when that was.  If somebody else is dispatched
 * first, or the CPU waits, the line is printed then and says so, and a second line comes
 * when the program goes on.  All is seen from outside, through the CPU's watch hooks.
 *
 * "t+ calls" adds the functions that the control program went through until then, each once,
 * in the order in which they were entered: with the symbol file, that is the trap's way
 * through the source. */
#include "s370/operator/internal.h"

#include "dat/translate.h"
#include "s370/arch/codes.h"
#include "s370/arch/psw.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUSPENDED 32 /* programs that others overtook, and that are remembered */

struct trap {
    uint64_t time, instructions;
    uint32_t address;
    uint32_t segment_table; /* CR1: says which guest it is */
};

#define CALLS 64 /* functions shown for one trap */

struct trace {
    bool open;  /* a trap's line waits for its end */
    bool calls; /* t+ calls */
    const char *called[CALLS];
    unsigned called_count;
    struct trap last;
    struct trap suspended[SUSPENDED];
    unsigned suspended_count;
    char line[320];
    unsigned long long traps;
};

static const char *program_name(uint32_t code)
{
    static const struct {
        uint32_t code;
        const char *name;
    } names[] = {
        {PGM_OPERATION, "operation"},
        {PGM_PRIVILEGED, "privileged"},
        {PGM_EXECUTE, "execute"},
        {PGM_PROTECTION, "protection"},
        {PGM_ADDRESSING, "addressing"},
        {PGM_SPECIFICATION, "specification"},
        {PGM_DATA, "data"},
        {PGM_FIXED_OVERFLOW, "fixed overflow"},
        {PGM_FIXED_DIVIDE, "fixed divide"},
        {PGM_DECIMAL_OVERFLOW, "decimal overflow"},
        {PGM_DECIMAL_DIVIDE, "decimal divide"},
        {PGM_SEGMENT, "segment translation"},
        {PGM_PAGE, "page translation"},
        {PGM_TRANSLATION, "translation specification"},
        {PGM_SPECIAL_OPERATION, "special operation"},
        {PGM_ASN_SPECIFICATION, "ASN-translation specification"},
        {PGM_SPACE_SWITCH, "space switch"},
        {PGM_PC_SPECIFICATION, "PC-translation specification"},
        {PGM_AFX, "AFX translation"},
        {PGM_ASX, "ASX translation"},
        {PGM_LX, "LX translation"},
        {PGM_EX, "EX translation"},
        {PGM_PRIMARY_AUTHORITY, "primary authority"},
        {PGM_SECONDARY_AUTHORITY, "secondary authority"},
        {PGM_MONITOR, "monitor call"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].code == (code & ~(uint32_t)PGM_PER))
            return names[i].name;
    return code & PGM_PER ? "PER" : "other";
}

static void interruption_name(enum interruption_class class, uint32_t code, char *text, size_t size)
{
    switch (class) {
    case INT_PROGRAM:
        snprintf(text, size, "PGM %04X %s", code, program_name(code));
        break;
    case INT_SVC:
        snprintf(text, size, "SVC %02X", code);
        break;
    case INT_EXTERNAL:
        snprintf(text, size, "EXT %04X", code);
        break;
    case INT_IO:
        snprintf(text, size, "I/O %03X", code);
        break;
    case INT_MCHECK:
        snprintf(text, size, "MCHK");
        break;
    case INT_RESTART:
        snprintf(text, size, "RESTART");
        break;
    }
}

static bool is_nullifying(uint32_t code)
{
    code &= ~(uint32_t)PGM_PER;
    return code == PGM_SEGMENT || code == PGM_PAGE ||
           (code >= PGM_AFX && code <= PGM_SECONDARY_AUTHORITY);
}

/* The instruction that trapped lies before the old PSW's address by its length, unless the
 * interruption nullified it (GA22-7000, "Instruction-Length Code") or came between two. */
static uint32_t trapped_address(struct oper *o, enum interruption_class class, uint32_t code,
                                uint64_t psw)
{
    uint8_t ilc = 0;
    if (class == INT_SVC)
        ilc = 2;
    else if (class == INT_PROGRAM && !is_nullifying(code)) {
        if (psw & PSW_EC)
            storage_peek(&o->m->storage, 0x8d, &ilc, 1);
        else
            ilc = (uint8_t)(PSW_BC_ILC(psw) * 2);
        ilc &= 6;
    }
    return ((uint32_t)psw - ilc) & PSW_ADDRESS;
}

/* Translates with the interrupted PSW's mode, after the PSW swap: the segment table is still
 * the program's. */
static bool locate(struct oper *o, uint64_t psw, uint32_t address, uint32_t *real)
{
    const uint32_t *cr = cpu_regs(o->m->cpu)->cr;
    struct dat_result result;
    *real = address & PSW_ADDRESS;
    if (!(psw & PSW_EC) || !(psw & PSW_EC_TRANSLATE)) {
        *real = storage_absolute(cpu_prefix(o->m->cpu), *real);
        return true;
    }
    uint32_t table = cr[psw & PSW_EC_SECONDARY ? 7 : 1];
    if (dat_translate(&o->m->storage, cpu_prefix(o->m->cpu), cr[0], table, *real, &result) ||
        result.kind != DAT_REAL)
        return false;
    *real = storage_absolute(cpu_prefix(o->m->cpu), result.address);
    return true;
}

static void instruction_text(struct oper *o, uint64_t psw, uint32_t address, char *text,
                             size_t size)
{
    uint8_t bytes[6] = {0};
    unsigned length = 2;
    for (unsigned i = 0; i < length; i += 2) {
        uint32_t real;
        if (!locate(o, psw, address + i, &real) ||
            !storage_peek(&o->m->storage, real, bytes + i, 2)) {
            snprintf(text, size, "(not in storage)");
            return;
        }
        if (i == 0)
            length = bytes[0] < 0x40 ? 2 : bytes[0] < 0xc0 ? 4 : 6;
    }
    disassemble(bytes, address, text, size);
}

/* The functions entered since the trap, in lines of their own. */
static void show_calls(struct oper *o)
{
    struct trace *t = o->trace;
    char line[100] = "";
    size_t n = 0;
    for (unsigned i = 0; i < t->called_count; i++) {
        if (n && n + strlen(t->called[i]) + 2 > sizeof line) {
            operator_trace(o, "        %s", line);
            n = 0;
        }
        n += (size_t)snprintf(line + n, sizeof line - n, " %s", t->called[i]);
        n = n < sizeof line ? n : sizeof line - 1;
    }
    if (n)
        operator_trace(o, "        %s", line);
    t->called_count = 0;
}

static void close_line(struct oper *o, const char *end)
{
    if (!o->trace->open)
        return;
    o->trace->open = false;
    operator_trace(o, "%s  %s", o->trace->line, end);
    show_calls(o);
}

/* Notes a function that is entered while a trap's line is open. */
static void note_call(struct oper *o, uint32_t address)
{
    struct trace *t = o->trace;
    uint32_t offset;
    const char *name = symbols_find(o->symbols, address, &offset);
    if (!name || offset || t->called_count == CALLS)
        return;
    for (unsigned i = 0; i < t->called_count; i++)
        if (!strcmp(t->called[i], name))
            return;
    t->called[t->called_count++] = name;
}

bool trace_wants_instructions(const struct oper *o)
{
    return o->trace && o->trace->calls;
}

void trace_instruction(struct oper *o, uint32_t address)
{
    if (o->trace->open && o->trace->calls)
        note_call(o, address);
}

static void trace_interruption(struct oper *o, struct cpu *cpu, enum interruption_class class,
                               uint32_t code, uint64_t from)
{
    struct trace *t = o->trace;
    char instruction[80], name[64], taken[80];
    uint32_t address = trapped_address(o, class, code, from);
    uint32_t target = (uint32_t)(cpu_psw(cpu) & PSW_ADDRESS);
    instruction_text(o, from, address, instruction, sizeof instruction);
    interruption_name(class, code, name, sizeof name);
    operator_symbol(o, target, taken, sizeof taken);
    if (!taken[0])
        snprintf(taken, sizeof taken, "%06X", target);
    close_line(o, "(not seen to go on)");
    t->open = true;
    t->traps++;
    t->last =
        (struct trap){machine_now(o->m), cpu_instructions(cpu), address, cpu_regs(cpu)->cr[1]};
    snprintf(t->line, sizeof t->line, "%llu.%06llu %06X %-26s %-26s -> %-16s",
             (unsigned long long)(t->last.time / 1000000000),
             (unsigned long long)(t->last.time / 1000 % 1000000), address, instruction, name,
             taken);
}

/* The program of the open line is overtaken: it is remembered until it goes on. */
static void suspend(struct trace *t)
{
    if (t->suspended_count == SUSPENDED) /* forget the oldest */
        memmove(t->suspended, t->suspended + 1, --t->suspended_count * sizeof t->suspended[0]);
    t->suspended[t->suspended_count++] = t->last;
}

/* Prints that a suspended program goes on, if the one that now runs is one. */
static void resume(struct oper *o, uint32_t segment_table, uint32_t address)
{
    struct trace *t = o->trace;
    for (unsigned i = 0; i < t->suspended_count; i++) {
        const struct trap *trap = &t->suspended[i];
        if (trap->segment_table != segment_table)
            continue;
        uint64_t now = machine_now(o->m);
        operator_trace(o, "%llu.%06llu %06X goes on, %.1f us after the trap at %06X",
                       (unsigned long long)(now / 1000000000),
                       (unsigned long long)(now / 1000 % 1000000), address,
                       (double)(now - trap->time) / 1000, trap->address);
        memmove(t->suspended + i, t->suspended + i + 1,
                (--t->suspended_count - i) * sizeof t->suspended[0]);
        return;
    }
}

static void on_load_psw(void *context, struct cpu *cpu)
{
    struct oper *o = context;
    struct trace *t = o->trace;
    uint64_t psw = cpu_psw(cpu);
    uint32_t address = (uint32_t)(psw & PSW_ADDRESS), segment_table = cpu_regs(cpu)->cr[1];
    if (o->insns)
        insn_trace_load_psw(o, cpu);
    if (!t || (psw & (PSW_PROBLEM | PSW_WAIT)) == 0)
        return;
    if (t->open) {
        char end[120];
        unsigned long long executed = cpu_instructions(cpu) - t->last.instructions;
        double us = (double)(machine_now(o->m) - t->last.time) / 1000;
        bool same = !(psw & PSW_WAIT) && segment_table == t->last.segment_table;
        if (same)
            snprintf(end, sizeof end, "back at %06X after %llu instructions, %.1f us", address,
                     executed, us);
        else
            snprintf(end, sizeof end, "%s after %llu instructions, %.1f us",
                     psw & PSW_WAIT ? "CPU waits" : "another guest goes on", executed, us);
        close_line(o, end);
        if (same)
            return;
        suspend(t);
    }
    if (!(psw & PSW_WAIT))
        resume(o, segment_table, address);
}

static void on_interruption(void *context, struct cpu *cpu, enum interruption_class class,
                            uint32_t code, uint64_t from)
{
    struct oper *o = context;
    if (o->insns) {
        char name[64];
        interruption_name(class, code, name, sizeof name);
        insn_trace_interruption(o, cpu, name, from, class == INT_IO);
    }
    if (!(from & PSW_PROBLEM))
        return;
    if (o->exits)
        exits_count(o, cpu);
    if (o->trace)
        trace_interruption(o, cpu, class, code, from);
}

void operator_trace(struct oper *o, const char *format, ...)
{
    char line[600];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (!o->trace_file) {
        machine_message(o->m, "%s", line);
    } else if (fprintf(o->trace_file, "%s\n", line) < 0) {
        machine_message(o->m,
                        "the trace's file can't be written (%s): it is closed, traces come here",
                        strerror(errno));
        fclose(o->trace_file);
        o->trace_file = NULL;
    }
}

bool trace_hooks(struct oper *o)
{
    bool any = o->trace || o->exits || o->insns;
    o->watch.interruption = any ? on_interruption : NULL;
    o->watch.load_psw = o->trace || o->insns ? on_load_psw : NULL;
    return any;
}

void trace_destroy(struct oper *o)
{
    free(o->trace);
    o->trace = NULL;
}

bool command_trace_on(struct oper *o, int argc, char **argv)
{
    if (argc > 2 || (argc == 2 && strcmp(argv[1], "calls")))
        return operator_error(o, "t+: the operand can be calls, not '%s'", argv[1]);
    if (!o->trace && !(o->trace = calloc(1, sizeof *o->trace)))
        return operator_error(o, "t+: the host has no memory");
    o->trace->calls = argc == 2;
    operator_watch(o);
    machine_message(o->m, "trace is on");
    if (!o->symbols)
        machine_message(o->m, "(no symbols: symbols FILE names the ELF file of the program)");
    return true;
}

bool command_trace_off(struct oper *o, int argc, char **argv)
{
    if (o->trace) {
        close_line(o, "(trace ends)");
        machine_message(o->m, "%llu traps traced", o->trace->traps);
    }
    trace_destroy(o);
    operator_watch(o);
    return true;
}

bool command_trace_query(struct oper *o, int argc, char **argv)
{
    machine_message(o->m, "trace is %s", o->trace ? "on" : "off");
    return true;
}

/* tracefile FILE: lines of all traces go there; without one, to the operator again. */
bool command_trace_file(struct oper *o, int argc, char **argv)
{
    FILE *file = NULL;
    if (argc > 2)
        return operator_error(o, "tracefile wants one file, or nothing");
    if (argc == 2 && !(file = fopen(argv[1], "a")))
        return operator_error(o, "tracefile %s: %s", argv[1], strerror(errno));
    if (file)
        setvbuf(file, NULL, _IOLBF, 0);
    if (o->trace_file && fclose(o->trace_file))
        machine_message(o->m, "the last lines of the trace's file are lost: %s", strerror(errno));
    o->trace_file = file;
    return true;
}
