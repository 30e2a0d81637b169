/* What the files of s370/operator/ share: the operator's state and the functions of the
 * commands, which are rows of the table in commands.c. */
#ifndef S370_OPERATOR_INTERNAL_H
#define S370_OPERATOR_INTERNAL_H

#include "s370/machine.h"
#include "s370/operator/operator.h"
#include "s370/operator/symbols.h"

#include <stdio.h>

#define BREAKPOINTS  16
#define COMMAND_SIZE 1024 /* longest command line */
#define COMMAND_ARGS 32

struct compares;
struct exits;
struct gdb;
struct insn_trace;
struct io_trace;
struct saving;
struct script;
struct trace;

struct oper {
    struct machine *m;
    uint16_t console;
    const char *hint;
    struct symbols *symbols;                              /* or NULL */
    struct script *script;                                /* NULL: none was ever used */
    const struct operator_screens *screens;               /* or NULL */
    bool (*gdb_listen)(void *context, const char *where); /* or NULL */
    void *gdb_context;
    struct gdb *gdb;          /* a debugger is connected, or NULL */
    struct trace *trace;      /* NULL: not tracing */
    struct exits *exits;      /* NULL: not counted */
    struct io_trace *io;      /* NULL: no channel programs traced */
    struct insn_trace *insns; /* NULL: no instructions traced */
    FILE *trace_file;         /* lines of all traces go there; NULL: to the operator */
    struct cpu_watch watch;
    struct saving *saving; /* a save waits, or NULL */
    bool step_always;      /* s+ */
    bool stepping;         /* stop when `steps` instructions are done */
    uint32_t steps;
    uint64_t started_at; /* instructions executed when the CPU was last started */
    uint32_t breakpoints[BREAKPOINTS];
    unsigned breakpoint_count;
    struct compares *compares; /* NULL: no address compare was ever used */
    const char *line;          /* the command being executed, for those that take it whole */
};

/* Says what is wrong with a command, and returns false. */
bool operator_error(struct oper *o, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Installs the hooks that stepping and trace need at the moment, and no others. */
void operator_watch(struct oper *o);
/* "PSW=... " and the instruction it points at. */
void operator_show_psw(struct oper *o, const char *prefix);
/* The instruction at a virtual address with the current PSW's translation, as text. */
void operator_instruction(struct oper *o, uint32_t address, char *text, size_t size);
/* The instruction at a virtual address of that CPU: its length in bytes, or 0 if it is not in
 * storage. */
unsigned operator_code(struct oper *o, struct cpu *cpu, uint32_t address, uint8_t bytes[6]);
/* A line of a trace: to the operator, or to the file that `tracefile` has named. */
void operator_trace(struct oper *o, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* An address from text: hexadecimal, or a symbol, or a symbol + hexadecimal. */
bool operator_address(struct oper *o, const char *text, uint32_t *address);
/* "stopped: ..." for the CPU's state. */
void operator_show_stop(struct oper *o);
/* Starts the CPU, one step at a time if s+ is on. */
void operator_start_cpu(struct oper *o);
/* A device address; false with a message. */
bool operator_device(struct oper *o, const char *word, uint16_t *address);

/* Sets the watch's hooks; false if neither trace nor the count of exits wants any. */
bool trace_hooks(struct oper *o);
void exits_count(struct oper *o, struct cpu *cpu);
void trace_destroy(struct oper *o);
bool trace_wants_instructions(const struct oper *o); /* t+ calls is on */
void trace_instruction(struct oper *o, uint32_t address);

void io_trace_destroy(struct oper *o);

void insn_trace_begin(struct oper *o, struct cpu *cpu, uint32_t address);
/* `from`: the old PSW; the CPU has the new one. */
void insn_trace_interruption(struct oper *o, struct cpu *cpu, const char *name, uint64_t from,
                             bool is_io);
void insn_trace_load_psw(struct oper *o, struct cpu *cpu);
void insn_trace_destroy(struct oper *o);

void compare_destroy(struct oper *o);
bool compare_wants_instructions(const struct oper *o); /* there are places to compare */
/* Before each instruction: true, and a message, if the last one has met such a place. */
bool compare_stops(struct oper *o);
/* The absolute address of an operator's real or virtual one; false with a message. */
bool operator_locate(struct oper *o, bool is_virtual, uint32_t address, uint32_t *absolute);
/* "ADDRESS.LENGTH", "ADDRESS-END", "ADDRESS" (then the length is a usual one), or "ADDRESS=HEX".
 * False with a message. */
struct range {
    uint32_t address;
    uint32_t length;
    bool has_length;
    const char *value; /* the digits, or NULL */
};
bool operator_range(struct oper *o, const char *text, struct range *range);
/* Bytes from hexadecimal text, at most `most`; 0 with a message. */
unsigned operator_bytes(struct oper *o, const char *text, uint8_t *bytes, unsigned most);

/* The script's side: hears of the CPU's state; true if it has said it. */
bool script_state_changed(struct oper *o, enum cpu_state state);
void script_destroy(struct oper *o);
/* The command can't be done yet: the script does it again a little later.  False if none is
 * running, or it has been tried too long. */
bool script_again(struct oper *o);
/* Is the command that is executed now a line of a script? */
bool script_executes(const struct oper *o);

void saving_destroy(struct oper *o);

#define COMMAND(name) bool command_##name(struct oper *o, int argc, char **argv)
COMMAND(attach);
COMMAND(attention);
COMMAND(breakpoint);
COMMAND(breakpoint_off);
COMMAND(ccw_off);
COMMAND(ccw_on);
COMMAND(clocks);
COMMAND(compare);
COMMAND(compare_off);
COMMAND(connect);
COMMAND(cpu);
COMMAND(cr);
COMMAND(detach);
COMMAND(devinit);
COMMAND(devlist);
COMMAND(disconnect);
COMMAND(expect);
COMMAND(ext);
COMMAND(fpr);
COMMAND(gdb);
COMMAND(gpr);
COMMAND(help);
COMMAND(insn_off);
COMMAND(insn_on);
COMMAND(ipl);
COMMAND(iplc);
COMMAND(key);
COMMAND(loadcore);
COMMAND(chcheck);
COMMAND(mcheck);
COMMAND(message);
COMMAND(psw);
COMMAND(quit);
COMMAND(real);
COMMAND(restart);
COMMAND(restore);
COMMAND(save);
COMMAND(screen);
COMMAND(script);
COMMAND(shadow);
COMMAND(start);
COMMAND(step);
COMMAND(step_off);
COMMAND(step_on);
COMMAND(step_query);
COMMAND(stop);
COMMAND(store);
COMMAND(symbols);
COMMAND(sysclear);
COMMAND(sysreset);
COMMAND(trace_file);
COMMAND(trace_off);
COMMAND(trace_on);
COMMAND(trace_query);
COMMAND(transcript);
COMMAND(type);
COMMAND(virtual);
COMMAND(wait);
#undef COMMAND

#endif
