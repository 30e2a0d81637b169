/* The instruction trace (i+): a line for each instruction, when it is known what it has done:
 *
 *   time     address  instruction                  what it has changed, where it went
 *
 * "i+ branch" shows the branches that were taken, "i+ io" the I/O instructions, both with the
 * interruptions; two addresses limit it to what lies between them.  All is seen from outside,
 * through the CPU's watch hooks: an instruction is known to be over when the next one begins, an
 * interruption comes, or a PSW is loaded. */
#include "s370/operator/internal.h"

#include "lib/be.h"
#include "lib/str.h"
#include "s370/arch/psw.h"
#include "s370/cpu/insn.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CSW 0x40 /* location of the channel status word */

/* An instruction that a CPU has begun. */
struct begun {
    bool open;
    uint32_t address, next; /* next: if it does not branch */
    unsigned number;        /* enum insn_number */
    char text[80];
    uint16_t device; /* of an I/O instruction */
    unsigned cc;
    struct cpu_state_regs regs;
};

struct insn_trace {
    bool branches, io; /* neither: everything */
    uint32_t first, last;
    struct begun begun[CPUS_MAX];
    unsigned long long lines;
};

static unsigned condition_code(uint64_t psw)
{
    return psw & PSW_EC ? PSW_EC_CC(psw) : PSW_BC_CC(psw);
}

static unsigned cpu_number(const struct oper *o, const struct cpu *cpu)
{
    unsigned n = 0;
    while (o->m->cpus[n] != cpu)
        n++;
    return n;
}

static void put_line(struct oper *o, unsigned n, char *line)
{
    for (size_t end = strlen(line); end && line[end - 1] == ' ';)
        line[--end] = 0;
    char which[16] = "";
    uint64_t us = machine_now(o->m) / 1000;
    if (o->m->cpu_count > 1)
        snprintf(which, sizeof which, "CPU %u ", n);
    o->insns->lines++;
    operator_trace(o, "%" PRIu64 ".%06" PRIu64 " %s%s", us / 1000000, us % 1000000, which, line);
}

static void add(char *text, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void add(char *text, size_t size, const char *format, ...)
{
    size_t used = strlen(text);
    va_list args;
    va_start(args, format);
    vsnprintf(text + used, size - used, format, args);
    va_end(args);
}

/* Registers that are others now, and the condition code (an I/O instruction shows it always). */
static void add_changes(char *text, size_t size, struct cpu *cpu, const struct begun *b)
{
    const struct cpu_state_regs *now = cpu_regs(cpu);
    unsigned cc = condition_code(cpu_psw(cpu));
    for (unsigned r = 0; r < 16; r++)
        if (now->gr[r] != b->regs.gr[r])
            add(text, size, " R%u=%08X", r, now->gr[r]);
    for (unsigned r = 0; r < 4; r++)
        if (now->fpr[r] != b->regs.fpr[r])
            add(text, size, " F%u=%016" PRIX64, 2 * r, now->fpr[r]);
    for (unsigned r = 0; r < 16; r++)
        if (now->cr[r] != b->regs.cr[r])
            add(text, size, " C%u=%08X", r, now->cr[r]);
    if (cc != b->cc && !(insn_table[b->number].attributes & A_IO))
        add(text, size, " CC=%u", cc);
}

static void add_place(struct oper *o, char *text, size_t size, uint32_t address)
{
    char name[80];
    operator_symbol(o, address, name, sizeof name);
    add(text, size, " -> %06X%s%s", address, *name ? " " : "", name);
}

/* The CPU's last instruction is over, and has led to `address`; `swapped`: by another PSW, with
 * whose condition code it has nothing to do. */
static void finish(struct oper *o, struct cpu *cpu, uint32_t address, bool swapped)
{
    unsigned n = cpu_number(o, cpu);
    struct begun *b = &o->insns->begun[n];
    if (!b->open)
        return;
    b->open = false;
    unsigned attributes = insn_table[b->number].attributes;
    bool jumped = address != b->next;
    bool io = attributes & A_IO, branch = attributes & A_BRANCH && jumped;
    if ((o->insns->branches || o->insns->io) &&
        !((o->insns->io && io) || (o->insns->branches && branch)))
        return;
    char line[400];
    snprintf(line, sizeof line, "%06X %-26s", b->address, b->text);
    if (swapped)
        b->cc = condition_code(cpu_psw(cpu));
    add_changes(line, sizeof line, cpu, b);
    if (io) {
        uint8_t csw[8];
        unsigned cc = condition_code(cpu_psw(cpu));
        add(line, sizeof line, " device %03X CC=%u", b->device, cc);
        if (cc == 1 && storage_peek(&o->m->storage, cpu_prefix(cpu) + CSW, csw, sizeof csw))
            add(line, sizeof line, " CSW %08X %08X", load_be32(csw), load_be32(csw + 4));
    }
    if (jumped)
        add_place(o, line, sizeof line, address);
    put_line(o, n, line);
}

void insn_trace_begin(struct oper *o, struct cpu *cpu, uint32_t address)
{
    struct insn_trace *t = o->insns;
    struct begun *b = &t->begun[cpu_number(o, cpu)];
    uint8_t bytes[6];
    finish(o, cpu, address, false);
    unsigned length = operator_code(o, cpu, address, bytes);
    if (!length || (t->first <= t->last ? address < t->first || address > t->last
                                        : address < t->first && address > t->last))
        return;
    b->open = true;
    b->address = address;
    b->next = (address + length) & PSW_ADDRESS;
    b->number = insn_find(bytes);
    b->cc = condition_code(cpu_psw(cpu));
    b->regs = *cpu_regs(cpu);
    disassemble(bytes, address, b->text, sizeof b->text);
    if (insn_table[b->number].attributes & A_IO) {
        struct insn insn;
        insn_decode(&insn, bytes, b->number);
        b->device = (uint16_t)(b->regs.gr[insn.b2] + insn.d2);
    }
}

void insn_trace_interruption(struct oper *o, struct cpu *cpu, const char *name, uint64_t from,
                             bool is_io)
{
    struct insn_trace *t = o->insns;
    char line[400];
    uint8_t csw[8];
    uint32_t at = (uint32_t)(from & PSW_ADDRESS), to = (uint32_t)(cpu_psw(cpu) & PSW_ADDRESS);
    struct begun *b = &t->begun[cpu_number(o, cpu)];
    bool shown = b->open || (is_io && t->io);
    finish(o, cpu, at, true);
    if (!shown)
        return;
    snprintf(line, sizeof line, "%06X * %-24s", at, name);
    if (is_io && storage_peek(&o->m->storage, cpu_prefix(cpu) + CSW, csw, sizeof csw))
        add(line, sizeof line, " CSW %08X %08X", load_be32(csw), load_be32(csw + 4));
    add_place(o, line, sizeof line, to);
    put_line(o, cpu_number(o, cpu), line);
}

void insn_trace_load_psw(struct oper *o, struct cpu *cpu)
{
    finish(o, cpu, (uint32_t)(cpu_psw(cpu) & PSW_ADDRESS), true);
}

void insn_trace_destroy(struct oper *o)
{
    free(o->insns);
    o->insns = NULL;
}

/* "ADDRESS-END", names allowed. */
static bool parse_limits(struct oper *o, const char *text, struct insn_trace *t)
{
    struct range range;
    if (!operator_range(o, text, &range))
        return false;
    if (!range.has_length || range.value)
        return operator_error(o, "i+ %s: from where to where? ADDRESS-END or ADDRESS.LENGTH", text);
    t->first = range.address;
    t->last = range.address + range.length - 1;
    return true;
}

bool command_insn_on(struct oper *o, int argc, char **argv)
{
    struct insn_trace *t = calloc(1, sizeof *t);
    if (!t)
        return operator_error(o, "i+: the host has no memory");
    t->last = PSW_ADDRESS;
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "branch"))
            t->branches = true;
        else if (!strcmp(argv[i], "io"))
            t->io = true;
        else if (!parse_limits(o, argv[i], t)) {
            free(t);
            return false;
        }
    }
    insn_trace_destroy(o);
    o->insns = t;
    operator_watch(o);
    return true;
}

bool command_insn_off(struct oper *o, int argc, char **argv)
{
    if (o->insns) {
        for (unsigned n = 0; n < o->m->cpu_count; n++)
            insn_trace_load_psw(o, o->m->cpus[n]);
        machine_message(o->m, "%llu lines traced", o->insns->lines);
    }
    insn_trace_destroy(o);
    operator_watch(o);
    return true;
}
