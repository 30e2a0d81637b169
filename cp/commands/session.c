/* LOGOFF, DISCONN, SLEEP, ECHO: the user and the terminal. */
#include "cp/commands/commands.h"
#include "cp/commands/state.h"
#include "cp/monitor/monitor.h"
#include "cp/session.h"
#include "cp/text/operands.h"
#include "cp/vconsole.h"
#include "lib/str.h"

int command_logoff(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    /* HOLD keeps a switched line: ours is kept anyway. */
    if (str_word(&operands, word, sizeof word) && !str_abbrev(word, "HOLD", 2))
        return error_operand(vm, "USO", word);
    session_end(vm, "");
}

int command_disconn(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE], stamp[CLOCK_STAMP_SIZE];
    if (str_word(&operands, word, sizeof word) && !str_abbrev(word, "HOLD", 2))
        return error_operand(vm, "USO", word);
    clock_format_stamp(stamp, tod_now());
    terminal_tell(vm, "DISCONNECT AT %s", stamp);
    /* Without a terminal nobody can type BEGIN: the guest goes on. */
    if (vm->cp_mode && command_vm(vm)->ipl_count)
        console_resume(vm);
    if (vm->terminal)
        session_disconnect(vm);
    return 0;
}

int command_sleep(struct vmblok *vm, const char *operands)
{
    static const struct keyword units[] = {{"SEC", 1, 1}, {"MIN", 1, 60}, {"HRS", 1, 0}, {0}};
    char word[WORD_SIZE];
    uint32_t count, seconds;
    if (!str_word(&operands, word, sizeof word)) {
        terminal_wait(vm, UINT64_MAX);
        return 0;
    }
    if (!str_decimal(word, &count) || count > 99)
        return error_operand(vm, "CFC", word);
    seconds = count * 60;
    if (str_word(&operands, word, sizeof word)) {
        const struct keyword *unit = keyword_find(units, word);
        if (!unit)
            return error_operand(vm, "CFC", word);
        seconds = count * (unit->value ? unit->value : 3600);
    }
    const struct monitor_line event = {.vm = vm};
    MONITOR_CALL(MONITOR_RESPONSE, RESPONSE_SLEEP, &event);
    uint64_t until = tod_now() + (uint64_t)seconds * TOD_MILLISECONDS(1000);
    if (vm->terminal)
        terminal_wait(vm, until);
    else
        while (tod_now() < until && !(vm->work & WORK_FORCE))
            task_sleep_until(vm, until);
    return 0;
}

int command_echo(struct vmblok *vm, const char *operands)
{
    char line[TERMINAL_LINE + 1], word[WORD_SIZE];
    uint32_t times = 1;
    if (str_word(&operands, word, sizeof word) &&
        (!str_decimal(word, &times) || !times || times > 9999))
        return error_operand(vm, "MSW", word);
    cp_printf(vm, "ECHO ENTERED; TO TERMINATE TEST, TYPE END");
    while (terminal_ask(vm, "ENTER LINE", false, line, sizeof line) >= 0) {
        if (str_equal(line, "END"))
            return 0;
        for (uint32_t i = 0; i < times && vm->terminal && !(vm->work & WORK_FORCE); i++) {
            terminal_tell(vm, "%s", line);
            terminal_throttle(vm);
        }
    }
    return 0;
}
