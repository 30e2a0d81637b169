/* MONITOR: what is recorded of CP's work, when and where to (cp/monitor/monitor.h).
 * Source: System Programmer's Guide, GC20-1807, "The MONITOR Command"; Operator's Guide, GC20-1806.
 */
#include "cp/monitor/monitor.h"

#include "cp/commands/commands.h"
#include "cp/commands/state.h"
#include "cp/spool/cpspool.h"
#include "cp/text/operands.h"
#include "lib/str.h"

#define MODULE      "MCC"
#define MINUTES_DAY 1440u

static const struct keyword classes[] = {
    {"PERFORM", 4, MONITOR_PERFORM},
    {"RESPONSE", 4, MONITOR_RESPONSE},
    {"SCHEDULE", 5, MONITOR_SCHEDULE},
    {"USER", 4, MONITOR_USER},
    {"INSTSIM", 5, MONITOR_INSTSIM},
    {"DASTAP", 3, MONITOR_DASTAP},
    {"SEEKS", 4, MONITOR_SEEKS},
    {"SYSPROF", 4, MONITOR_SYSPROF},
    {0},
};

/* --- ENABLE, DISABLE --- */

/* What the words name, as bits; 0 after a message, its number in *error. */
static uint16_t take_classes(struct vmblok *vm, const char *operands, int *error)
{
    char word[WORD_SIZE];
    uint16_t bits = 0;
    while (str_word(&operands, word, sizeof word)) {
        const struct keyword *class = keyword_find(classes, word);
        if (str_equal(word, "ALL")) {
            for (class = classes; class->name; class ++)
                bits |= MONITOR_BIT(class->value);
        } else if (class) {
            bits |= MONITOR_BIT(class->value);
        } else {
            *error = error_operand(vm, MODULE, word);
            return 0;
        }
    }
    if (!bits)
        *error = error_operand(vm, MODULE, NULL);
    return bits;
}

/* SYSPROF adds to two other classes; what a disk did is compared with what it had done at the
 * start. */
static int use_classes(struct vmblok *vm, struct monitor *m, uint16_t bits)
{
    uint16_t needed = MONITOR_BIT(MONITOR_DASTAP) | MONITOR_BIT(MONITOR_SCHEDULE);
    if (bits & MONITOR_BIT(MONITOR_SYSPROF) && (bits & needed) != needed)
        return cp_error(vm, MODULE, 13, "CONFLICTING OPTION - SYSPROF NEEDS DASTAP AND SCHEDULE");
    if (m->active && bits & ~m->classes & MONITOR_BIT(MONITOR_DASTAP))
        return cp_error(vm, MODULE, 13, "CONFLICTING OPTION - DASTAP AFTER START");
    m->classes = bits;
    monitor_set_classes();
    return 0;
}

/* As in VM/370, each ENABLE is a new set of classes. */
static int monitor_enable(struct vmblok *vm, const char *operands)
{
    int error = 0;
    uint16_t bits = take_classes(vm, operands, &error);
    return bits ? use_classes(vm, cp.monitor, bits) : error;
}

static int monitor_disable(struct vmblok *vm, const char *operands)
{
    int error = 0;
    uint16_t bits = take_classes(vm, operands, &error);
    return bits ? use_classes(vm, cp.monitor, cp.monitor->classes & (uint16_t)~bits) : error;
}

/* --- START, STOP, CLOSE --- */

static int take_buffers(struct vmblok *vm, const char **operands)
{
    char word[WORD_SIZE];
    uint32_t n;
    if (!str_word(operands, word, sizeof word))
        return error_operand(vm, MODULE, NULL);
    if (!str_decimal(word, &n) || !n || n > MONITOR_BUFFERS_MAX)
        return error_operand(vm, MODULE, word);
    cp.monitor->buffers_wanted = n;
    return 0;
}

static int take_recipient(struct vmblok *vm, const char **operands)
{
    char word[WORD_SIZE], userid[USERID_SIZE];
    if (!str_word(operands, word, sizeof word) ||
        (!str_equal(word, "*") && !operand_userid(word, userid)))
        return error_userid(vm, MODULE);
    if (str_equal(word, "*"))
        str_copy(userid, vm->userid, sizeof userid);
    if (!spool_user_exists(userid))
        return cp_error(vm, MODULE, 53, "%s NOT IN CP DIRECTORY", userid);
    str_copy(cp.monitor->recipient, userid, sizeof cp.monitor->recipient);
    return 0;
}

static int take_density(struct vmblok *vm, const char **operands, uint8_t *density)
{
    static const struct keyword densities[] = {
        {"800", 3, 0xcb}, {"1600", 4, 0xc3}, {"6250", 4, 0xd3}, {0}};
    char word[WORD_SIZE];
    if (!str_word(operands, word, sizeof word))
        return error_operand(vm, MODULE, NULL);
    const struct keyword *found = keyword_find(densities, word);
    if (!found)
        return error_operand(vm, MODULE, word);
    *density = found->value;
    return 0;
}

static int take_tape(struct vmblok *vm, const char **operands, struct rdev **tape)
{
    char word[WORD_SIZE];
    uint32_t address;
    if (!str_word(operands, word, sizeof word) || !operand_device(word, &address))
        return cp_error(vm, MODULE, 21, "RADDR MISSING OR INVALID");
    *tape = rdev_find((uint16_t)address);
    if (!*tape)
        return error_no_device(vm, MODULE, address);
    if ((*tape)->class != CLASS_TAPE)
        return cp_error(vm, MODULE, 6, "INVALID DEVICE TYPE - %03X", (unsigned)address);
    return device_check_free(vm, MODULE, *tape);
}

static int monitor_start_it(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    struct rdev *tape = NULL;
    uint8_t density = 0;
    int error = 0;
    if (cp.monitor->active)
        return cp_error(vm, MODULE, 201, "MONITOR ALREADY ACTIVE");
    if (str_word(&operands, word, sizeof word)) {
        if (str_equal(word, "TAPE"))
            error = take_tape(vm, &operands, &tape);
        else if (!str_equal(word, "SPOOL"))
            return error_operand(vm, MODULE, word);
    }
    while (!error && str_word(&operands, word, sizeof word)) {
        if (str_abbrev(word, "BUFFS", 4))
            error = take_buffers(vm, &operands);
        else if (!tape && str_equal(word, "TO"))
            error = take_recipient(vm, &operands);
        else if (tape && str_equal(word, "MODE"))
            error = take_density(vm, &operands, &density);
        else
            error = error_operand(vm, MODULE, word);
    }
    if (error)
        return error;
    if (cp.monitor->active) /* looking for the recipient took time */
        return cp_error(vm, MODULE, 201, "MONITOR ALREADY ACTIVE");
    if (!monitor_start(vm->userid, tape, density))
        return cp_error(vm, MODULE, 27, "NO STORAGE FOR THIS COMMAND");
    return 0;
}

static int error_inactive(struct vmblok *vm)
{
    return cp_error(vm, MODULE, 202, "MONITOR NOT ACTIVE");
}

static int monitor_stop_it(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    bool named = str_word(&operands, word, sizeof word);
    if (named && !str_equal(word, "TAPE") && !str_equal(word, "SPOOL"))
        return error_operand(vm, MODULE, word);
    if (!cp.monitor->active || (named && str_equal(word, "TAPE") != (cp.monitor->tape != NULL)))
        return error_inactive(vm);
    /* Else it would begin again at once. */
    if (cp.monitor->begun_by_itself)
        cp.monitor->autodisk = false;
    if (!monitor_stop(vm->userid))
        return cp_error(vm, MODULE, 203, "MONITOR STOPPED; ITS OUTPUT IS NOT COMPLETE");
    return 0;
}

static int monitor_close_it(struct vmblok *vm, const char *operands)
{
    if (!cp.monitor->active || cp.monitor->tape)
        return error_inactive(vm);
    monitor_close();
    return 0;
}

/* --- INTERVAL, LIMIT, TIME, AUTODISK, SEEKS --- */

static int monitor_interval(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    uint32_t n;
    if (!str_word(&operands, word, sizeof word))
        return error_operand(vm, MODULE, NULL);
    if (!str_decimal(word, &n) || n > MONITOR_INTERVAL_MAX)
        return error_operand(vm, MODULE, word);
    if (str_word(&operands, word, sizeof word) && !str_equal(word, "SEC")) {
        if (!str_equal(word, "MIN"))
            return error_operand(vm, MODULE, word);
        n *= 60;
    }
    if (n < MONITOR_INTERVAL_MIN || n > MONITOR_INTERVAL_MAX)
        return error_operand(vm, MODULE, "INTERVAL");
    cp.monitor->interval = n; /* from the next one on */
    return 0;
}

static int monitor_limit(struct vmblok *vm, const char *operands)
{
    static const struct keyword then[] = {
        {"NOSTOP", 6, LIMIT_NOSTOP}, {"STOP", 4, LIMIT_STOP}, {"SAMPLE", 6, LIMIT_SAMPLE}, {0}};
    char word[WORD_SIZE];
    uint32_t n;
    const struct keyword *what = &then[0];
    if (!str_word(&operands, word, sizeof word))
        return error_operand(vm, MODULE, NULL);
    if (!str_decimal(word, &n) || n > 50000)
        return error_operand(vm, MODULE, word);
    if (str_word(&operands, word, sizeof word) && !(what = keyword_find(then, word)))
        return error_operand(vm, MODULE, word);
    cp.monitor->limit = n;
    cp.monitor->at_limit = what->value;
    return 0;
}

/* hh:mm or hh.mm, as minutes. */
static bool take_time(const char **operands, uint16_t *minutes)
{
    char word[WORD_SIZE];
    uint32_t hour, minute;
    if (!str_word(operands, word, sizeof word))
        return false;
    char *colon = strchr(word, ':') ? strchr(word, ':') : strchr(word, '.');
    if (!colon)
        return false;
    *colon = 0;
    if (!str_decimal(word, &hour) || !str_decimal(colon + 1, &minute) || hour > 24 || minute > 59)
        return false;
    *minutes = (uint16_t)((hour * 60 + minute) % MINUTES_DAY);
    return true;
}

static int monitor_time(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    uint16_t from = 0, to = 0;
    if (!str_word(&operands, word, sizeof word))
        return error_operand(vm, MODULE, NULL);
    if (str_equal(word, "NONE")) {
        from = MONITOR_NO_TIME;
    } else if (str_equal(word, "FROM")) {
        if (!take_time(&operands, &from) || !str_word(&operands, word, sizeof word))
            return error_operand(vm, MODULE, "TIME");
        bool length = str_equal(word, "FOR");
        if ((!length && !str_equal(word, "TO")) || !take_time(&operands, &to))
            return error_operand(vm, MODULE, "TIME");
        if (length)
            to = (uint16_t)((from + to) % MINUTES_DAY);
    } else if (!str_equal(word, "ALL")) {
        return error_operand(vm, MODULE, word);
    }
    cp.monitor->from = from;
    cp.monitor->to = to;
    return monitor_automatic() ? 0 : cp_error(vm, MODULE, 27, "NO STORAGE FOR THIS COMMAND");
}

static int monitor_autodisk(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    if (!str_word(&operands, word, sizeof word))
        return error_operand(vm, MODULE, NULL);
    if (!operand_on_off(word, &cp.monitor->autodisk))
        return error_operand(vm, MODULE, word);
    return monitor_automatic() ? 0 : cp_error(vm, MODULE, 27, "NO STORAGE FOR THIS COMMAND");
}

static void show_seeks(struct vmblok *vm)
{
    char line[80];
    size_t used = 0;
    for (unsigned i = 0; i < cp.monitor->seek_count; i++)
        used += fmt(line + used, sizeof line - used, " %03X", cp.monitor->seek[i]);
    if (used)
        cp_printf(vm, "SEEKS %s%s", cp.monitor->seek_excludes ? "EXCLUDE" : "INCLUDE", line);
    else
        cp_printf(vm, "SEEKS OF ALL DEVICES");
}

/* The list is begun anew when it turns from one that names devices into one that leaves them out.
 */
static int monitor_seeks(struct vmblok *vm, const char *operands)
{
    enum { INCLUDE, EXCLUDE, DELETE, SHOW };
    static const struct keyword actions[] = {
        {"INCLUDE", 2, INCLUDE},
        {"EXCLUDE", 2, EXCLUDE},
        {"DELETE", 3, DELETE},
        {"DISPLAY", 3, SHOW},
        {0},
    };
    struct monitor *m = cp.monitor;
    char word[WORD_SIZE];
    uint32_t address;
    if (!str_word(&operands, word, sizeof word))
        return error_operand(vm, MODULE, NULL);
    const struct keyword *action = keyword_find(actions, word);
    if (!action)
        return error_operand(vm, MODULE, word);
    if (action->value == SHOW)
        show_seeks(vm);
    if (action->value == DELETE || m->seek_excludes != (action->value == EXCLUDE))
        m->seek_count = action->value == SHOW ? m->seek_count : 0;
    if (action->value != SHOW)
        m->seek_excludes = action->value == EXCLUDE;
    while (action->value <= EXCLUDE && str_word(&operands, word, sizeof word)) {
        if (!operand_device(word, &address))
            return cp_error(vm, MODULE, 21, "RADDR MISSING OR INVALID");
        if (!rdev_find((uint16_t)address))
            return error_no_device(vm, MODULE, address);
        if (m->seek_count == MONITOR_SEEK_DEVICES)
            return error_operand(vm, MODULE, word);
        m->seek[m->seek_count++] = (uint16_t)address;
    }
    return 0;
}

/* --- DISPLAY --- */

static void show_time(struct vmblok *vm, const struct monitor *m)
{
    if (m->from == MONITOR_NO_TIME)
        cp_printf(vm, "AUTODISK %s, TIME NONE", m->autodisk ? "ON" : "OFF");
    else if (m->from == m->to)
        cp_printf(vm, "AUTODISK %s, TIME ALL", m->autodisk ? "ON" : "OFF");
    else
        cp_printf(vm, "AUTODISK %s, TIME FROM %02u:%02u TO %02u:%02u", m->autodisk ? "ON" : "OFF",
                  m->from / 60u, m->from % 60u, m->to / 60u, m->to % 60u);
}

static int monitor_display(struct vmblok *vm, const char *operands)
{
    static const char *const at_limit[] = {"NOSTOP", "STOP", "SAMPLE"};
    const struct monitor *m = cp.monitor;
    char word[WORD_SIZE] = "SPOOL";
    str_word(&operands, word, sizeof word);
    bool all = str_equal(word, "ALL");
    if (!all && !str_equal(word, "SPOOL") && !str_equal(word, "TAPE"))
        return error_operand(vm, MODULE, word);
    cp_printf(vm, "CLS  KEYWORD   STATUS");
    for (const struct keyword *class = classes; class->name; class ++)
        cp_printf(vm, " %u   %-8s  %s", class->value, class->name,
                  m->classes & MONITOR_BIT(class->value) ? "ENABLED" : "DISABLED");
    if (!m->active)
        cp_printf(vm, "MONITOR NOT ACTIVE, INTERVAL %u SEC", (unsigned)m->interval);
    else if (m->tape)
        cp_printf(vm, "MONITOR ACTIVE TO TAPE %03X BY %s, INTERVAL %u SEC", m->tape->address, m->by,
                  (unsigned)m->interval);
    else
        cp_printf(vm, "MONITOR ACTIVE TO SPOOL FILE %04u, %u BLOCKS, BY %s, INTERVAL %u SEC",
                  m->writer.file ? m->writer.file->id : 0u, (unsigned)m->blocks, m->by,
                  (unsigned)m->interval);
    if (!str_equal(word, "TAPE")) {
        cp_printf(vm, "SPOOL TO %s, BUFFS %u, LIMIT %u %s", m->recipient, m->buffers_wanted,
                  (unsigned)m->limit, at_limit[m->at_limit]);
        show_time(vm, m);
    }
    return 0;
}

static const struct command forms[] = {
    {"DISPLAY", 3, CLASS_ANY, false, monitor_display, ""},
    {"ENABLE", 2, CLASS_ANY, false, monitor_enable, ""},
    {"DISABLE", 4, CLASS_ANY, false, monitor_disable, ""},
    {"INTERVAL", 3, CLASS_ANY, false, monitor_interval, ""},
    {"START", 3, CLASS_ANY, false, monitor_start_it, ""},
    {"STOP", 4, CLASS_ANY, false, monitor_stop_it, ""},
    {"CLOSE", 5, CLASS_ANY, false, monitor_close_it, ""},
    {"AUTODISK", 4, CLASS_ANY, false, monitor_autodisk, ""},
    {"TIME", 4, CLASS_ANY, false, monitor_time, ""},
    {"LIMIT", 5, CLASS_ANY, false, monitor_limit, ""},
    {"SEEKS", 4, CLASS_ANY, false, monitor_seeks, ""},
    {0},
};

int command_monitor(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    if (!monitor_state())
        return cp_error(vm, MODULE, 27, "NO STORAGE FOR THIS COMMAND");
    if (!str_word(&operands, word, sizeof word))
        return error_operand(vm, MODULE, NULL);
    const struct command *form = command_find(forms, word, vm->classes);
    if (!form)
        return error_operand(vm, MODULE, word);
    int error = form->run(vm, operands);
    if (!error && form->run != monitor_display)
        cp_printf(vm, "COMMAND COMPLETE");
    return error;
}
