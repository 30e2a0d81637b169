/* INDICATE EXITS: why guests leave their virtual machines, how often, what CP's part costs, and
 * what the same work costs on the bare machine.  A table for people who watch virtualization
 * happen. */
#include "cp/commands/commands.h"
#include "cp/commands/state.h"
#include "cp/privop.h"
#include "cp/text/operands.h"
#include "cp/text/ratio.h"
#include "lib/str.h"

static const char *const reasons[EXIT_REASONS] = {
    [EXIT_PRIVILEGED] = "PRIVILEGED OPERATIONS", [EXIT_PAGE] = "PAGE FAULTS: PAGED IN",
    [EXIT_SHADOW] = "PAGE FAULTS: SHADOW",       [EXIT_SVC] = "SVC",
    [EXIT_PROGRAM] = "PROGRAM INTERRUPTIONS",    [EXIT_IO] = "I/O INTERRUPTIONS",
    [EXIT_TIMER] = "TIMER, END OF SLICE",
};

/* --- one guest --- */

/* An interval in milliseconds, with three decimals. */
static const char *milliseconds(char *to, size_t size, uint64_t interval)
{
    uint64_t microseconds = interval >> TOD_MICROSECONDS;
    uint32_t whole = clock_milliseconds(interval);
    fmt(to, size, "%u.%03u", (unsigned)whole, (unsigned)(uint32_t)(microseconds - whole * 1000ull));
    return to;
}

static void show_line(struct vmblok *vm, const char *what, uint32_t times, uint64_t time)
{
    char shown[16];
    uint32_t each = ratio(time >> TOD_MICROSECONDS, times, 100);
    cp_printf(vm, "%-24s%10u %13s %9u.%02u", what, (unsigned)times,
              milliseconds(shown, sizeof shown, time), (unsigned)(each / 100),
              (unsigned)(each % 100));
}

static void show_reasons(struct vmblok *vm, const struct exits *exits)
{
    char name[16];
    for (unsigned reason = 0; reason < EXIT_CONSOLE; reason++) {
        if (exits->times[reason])
            show_line(vm, reasons[reason], exits->times[reason], exits->time[reason]);
        for (unsigned kind = 0; reason == EXIT_PRIVILEGED && kind < PRIVOP_KINDS; kind++) {
            fmt(name, sizeof name, "    %s", privop_name(kind));
            if (exits->kind_times[kind])
                show_line(vm, name, exits->kind_times[kind], exits->kind_time[kind]);
        }
    }
}

static int show_user(struct vmblok *vm, const struct vmblok *user)
{
    char own[16], bare[16], here[16];
    /* While these lines are written it may log off. */
    const struct exits exits = user->exits;
    uint64_t virtual = user->virtual_time, time = 0;
    uint64_t on_bare = exits_bare_time(user, exits_privileged_time());
    uint32_t times = 0;
    for (unsigned reason = 0; reason < EXIT_CONSOLE; reason++) {
        times += exits.times[reason];
        time += exits.time[reason];
    }
    cp_printf(vm, "%-24s%10s %13s %12s", user->userid, "TIMES", "CP TIME, MS", "EACH, US");
    show_reasons(vm, &exits);
    show_line(vm, "TOTAL", times, time);
    uint64_t all = virtual + time;
    uint32_t factor = ratio(all, on_bare, 1000);
    cp_printf(vm, "ITS OWN INSTRUCTIONS %s MS, WITH CP'S PART %s MS",
              milliseconds(own, sizeof own, virtual), milliseconds(here, sizeof here, all));
    cp_printf(vm, "ON THE BARE MACHINE  %s MS: HERE %u.%03u TIMES AS LONG",
              milliseconds(bare, sizeof bare, on_bare), (unsigned)(factor / 1000),
              (unsigned)(factor % 1000));
    return 0;
}

/* --- all of them --- */

static int show_all(struct vmblok *vm)
{
    cp_printf(vm, "USERID       PRIV   PAGED  SHADOW     SVC PROGRAM     I/O   TIMER  CP/OWN TIME");
    for (struct vmblok *user = user_next(NULL); user; user = user_next(user)) {
        const uint32_t *times = user->exits.times;
        uint64_t time = 0;
        for (unsigned reason = 0; reason < EXIT_CONSOLE; reason++)
            time += user->exits.time[reason];
        cp_printf(vm, "%-8s %8u%8u%8u%8u%8u%8u%8u %10u%%", user->userid,
                  (unsigned)times[EXIT_PRIVILEGED], (unsigned)times[EXIT_PAGE],
                  (unsigned)times[EXIT_SHADOW], (unsigned)times[EXIT_SVC],
                  (unsigned)times[EXIT_PROGRAM], (unsigned)times[EXIT_IO],
                  (unsigned)times[EXIT_TIMER], (unsigned)ratio(time, user->virtual_time, 100));
        terminal_throttle(vm);
    }
    return 0;
}

int indicate_exits(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    const char *rest = operands;
    int error = 0;
    if (vm->classes & CLASS_E && str_word(&rest, word, sizeof word) && str_equal(word, "ALL"))
        return show_all(vm);
    const struct vmblok *user = indicate_whom(vm, operands, &error);
    return user ? show_user(vm, user) : error;
}
