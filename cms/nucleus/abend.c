/* When a program cannot go on: program checks, HX, the external interruption key.  The
 * program and all that called it are given up, their files closed, their storage freed,
 * and the command loop goes on. */
#include "cms/nucleus/nucleus.h"
#include "s370/arch/codes.h"

static const char *const exceptions[] = {
    [PGM_OPERATION] = "OPERATION",
    [PGM_PRIVILEGED] = "PRIVILEGED OPERATION",
    [PGM_EXECUTE] = "EXECUTE",
    [PGM_PROTECTION] = "PROTECTION",
    [PGM_ADDRESSING] = "ADDRESSING",
    [PGM_SPECIFICATION] = "SPECIFICATION",
    [PGM_DATA] = "DECIMAL DATA",
    [PGM_FIXED_OVERFLOW] = "FIXED-POINT OVERFLOW",
    [PGM_FIXED_DIVIDE] = "FIXED-POINT DIVIDE",
    [PGM_DECIMAL_OVERFLOW] = "DECIMAL OVERFLOW",
    [PGM_DECIMAL_DIVIDE] = "DECIMAL DIVIDE",
    [PGM_EXPONENT_OVERFLOW] = "EXPONENT OVERFLOW",
    [PGM_EXPONENT_UNDERFLOW] = "EXPONENT UNDERFLOW",
    [PGM_SIGNIFICANCE] = "SIGNIFICANCE",
    [PGM_FLOATING_DIVIDE] = "FLOATING-POINT DIVIDE",
};

void stop_nucleus(enum stop_code code)
{
    uint32_t psw[2] __attribute__((aligned(8)));

    psw[0] = 0x00020000; /* wait, disabled */
    psw[1] = code;
    __asm__ volatile("lpsw %0" : : "Q"(psw[0]) : "memory");
    __builtin_unreachable();
}

static void give_up(void)
{
    nuc.halt_program = false;
    nuc.levels = 0;
    memset(nuc.program, ' ', 8);
    file_close_all();
    stack_clear();
    queue_clear(&nuc.typed);
    nuc.sw.exec_level = nuc.sw.in_subset = nuc.sw.no_file_quiet = 0;
    nuc.sw.halt_exec = nuc.sw.typing_halted = 0;
    nuc.user_end = 0;
    nuc.sw.module_begin = nuc.sw.module_end = nuc.sw.module_entry = nuc.sw.loader_table = 0;
    event_forget();
    resident_end_of_command();
    storage_free_owner(OWNER_PROGRAM);
    resident_purge();
    memset(&nuc.os, 0, sizeof(nuc.os));
    clock_alarm(0);
    filedefs_clear();
    if (!nuc.prompted)
        console_write("CMS", 3, 0);
    nuc.prompted = false;
    command_loop();
}

void abend_give_up(void)
{
    restart_nucleus(give_up);
}

void abend_halt(void)
{
    if (!nuc.in_command) {
        nuc.halt_program = false;
        return;
    }
    nuc.sw.typing_halted = 0;
    abend_give_up();
}

void program_interrupt(struct interrupt_frame *frame)
{
    uint32_t code = load_be16(frame->psw + 2);
    uint32_t at = load_be24(frame->psw + 5);
    const char *name = NULL;
    char routine[9];

    if (debug_breakpoint(frame) || simulation_program_check(frame))
        return;
    if (code < sizeof(exceptions) / sizeof(exceptions[0]))
        name = exceptions[code];
    nuc.sw.typing_halted = 0;
    if (!(frame->psw[1] & 0xf0) && at >= (uint32_t)_start && at < MODULE_USER_AREA)
        memcpy(nuc.program, "CMS     ", 8);
    str_unpad(routine, nuc.program, 8);
    console_error(0, "DMSITP141T %s EXCEPTION OCCURRED AT %06X IN ROUTINE %s.",
                  name ? name : "PROGRAM", at, routine);
    console_print("PSW = %08X %08X", load_be32(frame->psw), load_be32(frame->psw + 4));
    for (unsigned i = 0; i < 16; i += 4)
        console_print("GPR %2u-%2u = %08X %08X %08X %08X", i, i + 3, frame->r[i], frame->r[i + 1],
                      frame->r[i + 2], frame->r[i + 3]);
    if (debug_after_abend(frame))
        return;
    abend_give_up();
}

void end_wait(struct interrupt_frame *frame)
{
    if (!(frame->psw[1] & PSW_WAIT))
        return;
    clock_wait_ends();
    frame->psw[1] &= (uint8_t)~PSW_WAIT;
}

/* The interval timer is let run unless it limits a program's time; the interruption key stops a
 * program as HX does. */
void external_interrupt(struct interrupt_frame *frame)
{
    uint32_t code = load_be16(frame->psw + 2);

    end_wait(frame);
    if (code == EXT_CLOCK_COMPARATOR)
        simulation_alarm(frame);
    else if (code & EXT_INTERVAL_TIMER && nuc.time_limited) {
        clock_limit(0);
        nuc.halt_program = true;
    }
    if ((code & EXT_INTERRUPT_KEY && !handler_external(frame)) || nuc.halt_program)
        abend_halt();
}
