/* CP commands: one file in cp/commands each (or a family), one row in the table of
 * cp/commands/table.c. */
#ifndef CP_COMMAND_H
#define CP_COMMAND_H

#include "cp/message.h"
#include "cp/vmblok.h"

#include <stdbool.h>
#include <stdint.h>

/* Runs with the operands behind the command's name (blanks skipped, upper case only where the
 * command does it itself).  Returns the return code: 0, or the number of the error message as
 * DIAGNOSE 8 gives it (DMKxxx020E is 20).  May sleep. */
typedef int command_function(struct vmblok *vm, const char *operands);

struct command {
    const char *name;
    uint8_t least;     /* characters of the shortest abbreviation */
    uint8_t classes;   /* enum vm_class: one of them is needed; CLASS_ANY: none */
    bool before_logon; /* may be given at a terminal where nobody is logged on */
    command_function *run;
    const char *help; /* operands and effect in one line, for HELP and docs/cp-commands.md */
};

/* The table (cp/commands/table.c); ends with a row without name.  Where an abbreviation fits two
 * rows, the first that the user's classes allow is taken. */
extern const struct command commands[];

/* QUERY and SET have tables of their own, of the same form, by their first operand. */
extern const struct command query_operands[];
extern const struct command set_operands[];

/* The row for `word` that one of `classes` may use, or NULL. */
const struct command *command_find(const struct command *table, const char *word, uint8_t classes);

/* One command line, without logical line ends. Unknown commands: message and return code 1.
 * May sleep. */
int command_run(struct vmblok *vm, const char *line);

/* An error message `DMKmmmnnnE text` as SET EMSG wants it; returns `number`.  `module` is the
 * three letters of VM/370's module for this message ("CFC"). */
int cp_error(struct vmblok *vm, const char *module, int number, const char *format, ...)
    FMT_CHECK(4, 5);
/* The same with another severity letter: I, W, A, S. */
int cp_message(struct vmblok *vm, const char *module, int number, char severity, const char *format,
               ...) FMT_CHECK(5, 6);

/* Messages that many commands give; all return the number. */
int error_operand(struct vmblok *vm, const char *module, const char *word); /* 002, missing: 026 */
int error_option(struct vmblok *vm, const char *module, const char *word);  /* 003 */
int error_userid(struct vmblok *vm, const char *module);                    /* 020 */
int error_vaddr(struct vmblok *vm, const char *module);                     /* 022 */
int error_no_device(struct vmblok *vm, const char *module, uint32_t vaddr); /* 040 */
int error_not_logged_on(struct vmblok *vm, const char *module, const char *userid); /* 045 */

/* DIAGNOSE (instruction 83 in virtual supervisor state): `code` is the operand address, r1 and
 * r2 register numbers.  The virtual PSW points behind it.  Gives program interruptions itself. May
 * sleep.  Table in cp/diagnose.c. */
void diagnose(struct vmblok *vm, uint32_t code, unsigned r1, unsigned r2);

/* What TRACE can be asked for: called if vm->trace_events has the bit 1 << kind; may sleep
 * and may put the VM into CP mode.  True: the interruption was CP's own (an ADSTOP), the guest
 * does not get it. */
enum trace_kind {
    TRACE_SVC,      /* code: SVC number; PSW is the old one */
    TRACE_PROGRAM,  /* code: interruption code */
    TRACE_EXTERNAL, /* code: interruption code */
    TRACE_IO,       /* code: device address */
    TRACE_PRIV,     /* code: first two bytes of the instruction; before it is simulated */
    TRACE_SIO,      /* code: device address; after it, condition code set */
    TRACE_INSTRUCT, /* code: address of an instruction that has been done */
    TRACE_BRANCH,   /* the same, of a branch taken: the PSW is where it led */
    TRACE_PER,      /* code: events (cp/per.h) of the instruction at vm->per.address */
};
bool trace_report(struct vmblok *vm, enum trace_kind kind, uint32_t code);

/* Called in a system task once CP is up: logs the operator on at the console of IPL, opens the
 * lines, starts AUTOLOG1. */
void commands_start(void);
/* The VM must be logged off (FORCE, terminal lost before logon): runs in its task and ends it. */
void vm_force(struct vmblok *vm) __attribute__((noreturn));

#endif
