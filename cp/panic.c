/* The end: a message by polled I/O, a dump and IPL anew (cp/dump.c) or a disabled wait.  Also the
 * lines that CP writes before its terminals work. */
#include "cp/message.h"

#include "cp/failure.h"
#include "cp/lowstor.h"
#include "cp/s370.h"
#include "cp/state.h"
#include "lib/str.h"
#include "s370/arch/psw.h"

extern char cp_entry[], __text_end[];

#define USUAL_CONSOLE 0x009 /* before CP has looked what there is */
#define CONSOLE_WRITE 0x09  /* 3215: write, then carrier return */

void cp_program_check(void) __attribute__((noreturn));
void cp_machine_check(void) __attribute__((noreturn));

bool polled_io(uint16_t address, const struct ccw *program)
{
    for (int tries = 0; tries < 1000; tries++) {
        put32(&lowcore.caw, (uint32_t)program);
        unsigned cc = s370_sio(address);
        if (cc == 3 || (cc == 1 && !(lowcore.csw.b[4] & (UNIT_BUSY | UNIT_ATTENTION))))
            return false;
        if (cc == 0)
            break;
        if (cc == 2) /* busy with a READ, most likely */
            s370_hdv(address);
        s370_tio(address);
    }
    for (uint32_t tries = 0; tries < 10000000; tries++) {
        unsigned cc = s370_tio(address);
        if (cc == 1 && lowcore.csw.b[4] & UNIT_DEVICE_END)
            return !(lowcore.csw.b[4] & UNIT_CHECK) && !lowcore.csw.b[5];
        if (cc == 0 || cc == 3)
            return false;
    }
    return false;
}

static void early_line(const char *text, size_t length)
{
    struct ccw ccw;
    uint16_t console = cp.console_address ? cp.console_address : USUAL_CONSOLE;
    ccw_set(&ccw, CONSOLE_WRITE, text, CCW_SUPPRESS_LENGTH, (uint16_t)length);
    polled_io(console, &ccw);
}

void early_printf(const char *format, ...)
{
    char line[MESSAGE_MAX];
    va_list args;
    va_start(args, format);
    size_t n = vfmt(line, sizeof line, format, args);
    va_end(args);
    early_line(line, n);
}

void halt_machine(enum panic_code code)
{
    volatile uint64_t psw = PSW_EC | PSW_WAIT | (uint32_t)code;
    for (;;)
        __asm__ volatile("lpsw %0" : : "Q"(psw));
}

static bool is_return(uint32_t word)
{
    if (word & 1 || word < (uint32_t)cp_entry + 6 || word >= (uint32_t)__text_end)
        return false;
    const uint8_t *code = (const uint8_t *)word;
    return (code[-6] == 0xc0 && (code[-5] & 15) == 5) || code[-2] == 0x0d;
}

/* Who called: words on the stack that are behind a BRASL or BASR.  Some may be left over. */
static void show_callers(uint32_t sp)
{
    uint32_t bottom = sp & 0x00fffffc, shown = 0;
    uint32_t top = cp.current ? (uint32_t)cp.current->stack + TASK_STACK : bottom + TASK_STACK;
    for (uint32_t at = bottom; at < top && at < cp.storage_size && shown < 8; at += 4)
        if (is_return(*(const uint32_t *)at)) {
            early_printf("called from %06X", (unsigned)*(const uint32_t *)at);
            shown++;
        }
}

/* After the message: a dump and IPL, if CP had come up; a CP that fails before that would fail
 * again. */
static void end(enum panic_code code, uint64_t psw, const uint32_t gr[16], const char *message)
    __attribute__((noreturn));
static void end(enum panic_code code, uint64_t psw, const uint32_t gr[16], const char *message)
{
    if (cp.failing) {
        early_printf("DMKDMP905W SYSTEM DUMP FAILURE; PROGRAM CHECK");
        halt_machine(code);
    }
    cp.failing = true;
    early_printf("Task %s", cp.current ? cp.current->name : "none");
    show_callers(gr[15]);
    early_printf("DMKDMP908I SYSTEM FAILURE CODE %06X", (unsigned)code);
    if (cp.up && code != PANIC_MCHECK) {
        failure_quiesce();
        dump_write(code, psw, gr, message);
        system_restart("CKPT RESTART");
    }
    halt_machine(code);
}

void panic(enum panic_code code, const char *format, ...)
{
    char line[MESSAGE_MAX];
    uint32_t gr[16];
    va_list args;
    __asm__ volatile("stm %%r0,%%r15,%0" : "=Q"(gr));
    size_t n = fmt(line, sizeof line, "CP abend %03X: ", (unsigned)code);
    va_start(args, format);
    n += vfmt(line + n, sizeof line - n, format, args);
    va_end(args);
    early_line(line, n);
    end(code, 0, gr, line);
}

/* From entry.S: a program interruption with CP running. */
void cp_program_check(void)
{
    char line[MESSAGE_MAX];
    uint64_t psw = get64(lowcore.pgm_old);
    const uint32_t *gr = low_panic_gr;
    size_t n = fmt(line, sizeof line,
                   "CP abend 001: program interruption %04X in CP at %06X, PSW %08X %08X",
                   (unsigned)get16(lowcore.pgm_code), (unsigned)(psw & PSW_ADDRESS),
                   (unsigned)(psw >> 32), (unsigned)psw);
    early_line(line, n);
    for (int i = 0; i < 16; i += 4)
        early_printf("GR %2d-%2d  %08X %08X %08X %08X", i, i + 3, gr[i], gr[i + 1], gr[i + 2],
                     gr[i + 3]);
    end(PANIC_PROGRAM, psw, gr, line);
}

void cp_machine_check(void)
{
    early_printf("CP abend 002: machine check");
    end(PANIC_MCHECK, 0, low_panic_gr, "CP abend 002: machine check");
}
