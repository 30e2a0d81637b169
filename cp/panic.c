/* The end: a message by polled I/O and a disabled wait.  Also the lines that CP writes before
 * its terminals work. */
#include "cp/message.h"

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

/* Runs one channel program to its end without interruptions. */
static void polled_io(uint16_t address, const struct ccw *program)
{
    for (int tries = 0; tries < 1000; tries++) {
        put32(&lowcore.caw, (uint32_t)program);
        unsigned cc = s370_sio(address);
        if (cc == 3)
            return;
        if (cc == 1 && !(lowcore.csw.b[4] & (UNIT_BUSY | UNIT_ATTENTION)))
            return;
        if (cc == 0)
            break;
        if (cc == 2) /* busy with a READ, most likely */
            s370_hdv(address);
        s370_tio(address);
    }
    for (uint32_t tries = 0; tries < 10000000; tries++) {
        unsigned cc = s370_tio(address);
        if (cc == 0 || cc == 3 || (cc == 1 && lowcore.csw.b[4] & UNIT_DEVICE_END))
            return;
    }
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

void panic(enum panic_code code, const char *format, ...)
{
    char line[MESSAGE_MAX];
    va_list args;
    size_t n = fmt(line, sizeof line, "CP abend %03X: ", (unsigned)code);
    va_start(args, format);
    n += vfmt(line + n, sizeof line - n, format, args);
    va_end(args);
    early_line(line, n);
    early_printf("Task %s", cp.current ? cp.current->name : "none");
    show_callers((uint32_t)__builtin_frame_address(0));
    halt_machine(code);
}

static void show_registers(void)
{
    const uint32_t *gr = low_panic_gr;
    for (int i = 0; i < 16; i += 4)
        early_printf("GR %2d-%2d  %08X %08X %08X %08X", i, i + 3, gr[i], gr[i + 1], gr[i + 2],
                     gr[i + 3]);
    show_callers(gr[15]);
}

/* From entry.S: a program interruption with CP running. */
void cp_program_check(void)
{
    uint64_t psw = get64(lowcore.pgm_old);
    early_printf("CP abend 001: program interruption %04X in CP at %06X, PSW %08X %08X",
                 (unsigned)get16(lowcore.pgm_code), (unsigned)(psw & PSW_ADDRESS),
                 (unsigned)(psw >> 32), (unsigned)psw);
    early_printf("Task %s", cp.current ? cp.current->name : "none");
    show_registers();
    halt_machine(PANIC_PROGRAM);
}

void cp_machine_check(void)
{
    early_printf("CP abend 002: machine check");
    show_registers();
    halt_machine(PANIC_MCHECK);
}
