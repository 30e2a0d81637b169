/* Lines for people.  Text is EBCDIC as compiled; lib/fmt.h's formats.  cp_printf and
 * operator_printf are in cp/terminal.c, the others in cp/panic.c. */
#ifndef CP_MESSAGE_H
#define CP_MESSAGE_H

#include "lib/fmt.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vmblok;

#define MESSAGE_MAX 240

/* A line to the virtual machine's terminal, or into the buffer of the DIAGNOSE 8 that is going
 * on.  Dropped if it is disconnected (its console spool file may get it).  May sleep. */
void cp_printf(struct vmblok *vm, const char *format, ...) FMT_CHECK(2, 3);
/* While CP comes up, and in panic: a line to the console by polled I/O (cp/panic.c). */
void early_printf(const char *format, ...) FMT_CHECK(1, 2);
/* A line to the system operator's terminal, with the time before it.  Kept and
 * written later if the caller may not sleep: from anywhere. */
void operator_printf(const char *format, ...) FMT_CHECK(1, 2);

/* CP is broken: PSW, registers and stack go to the operator's console by polled I/O.  If CP had
 * come up its storage is dumped, and it is IPLed anew; else a disabled wait PSW with `code` in its
 * address is loaded. */
enum panic_code {
    PANIC_PROGRAM = 0x001, /* program interruption in CP */
    PANIC_MCHECK = 0x002,  /* machine check */
    PANIC_STORAGE = 0x003, /* no storage to come up with */
    PANIC_NO_CONSOLE = 0x004,
    PANIC_NO_RESIDENCE = 0x005, /* the system residence volume cannot be read */
    PANIC_BUG = 0x006,          /* an assertion of CP failed */
    PANIC_SHUTDOWN = 0xfff,     /* not a failure: SHUTDOWN is complete */
};
void panic(enum panic_code code, const char *format, ...) __attribute__((noreturn)) FMT_CHECK(2, 3);
/* SHUTDOWN's last step: loads a disabled wait PSW with address FFF. */
void halt_machine(enum panic_code code) __attribute__((noreturn));

#define CP_ASSERT(condition)                                                                       \
    do {                                                                                           \
        if (!(condition))                                                                          \
            panic(PANIC_BUG, "%s:%d %s", __FILE__, __LINE__, #condition);                          \
    } while (0)

#endif
