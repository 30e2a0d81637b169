/* PER: what the guest does, by program event recording, in the manner of VM/SP: a set of traces,
 * each with an event, where it counts, and what is done then. Source: VM/SP CP Command Reference,
 * SC19-6211, "PER". */
#include "cp/commands/commands.h"
#include "cp/commands/state.h"
#include "cp/guest.h"
#include "cp/mnemonic.h"
#include "cp/text/operands.h"
#include "cp/trace.h"
#include "cp/vmrun.h"
#include "lib/str.h"

#define MODULE     "PER"
#define PER_TRACES 6
#define PER_SAVED  4

struct per_trace {
    uint8_t event; /* enum per_event */
    bool runs;
    uint8_t mask_length; /* MASK: so many bytes of the instruction ... */
    uint8_t mask[6];     /* ... are these */
    uint16_t registers;  /* G: bit 15 is register 0 */
    uint32_t from, to;   /* RANGE: of the instruction's address */
    uint32_t into_from, into_to;
    uint32_t step, seen; /* every STEP-th event */
    char command[80];    /* CMD */
};

struct per_set {
    unsigned count;
    struct per_trace traces[PER_TRACES];
};

struct per_traces {
    struct per_set set;
    bool counts; /* COUNT: events are counted, not shown */
    uint32_t events;
    struct {
        char name[9];
        struct per_set set;
    } saved[PER_SAVED];
};

void per_free(struct vmblok *vm)
{
    cp_free(command_vm(vm)->per, sizeof(struct per_traces));
    command_vm(vm)->per = NULL;
}

uint32_t per_wanted(const struct vmblok *vm, uint32_t *from, uint32_t *to)
{
    const struct per_traces *per = vm->command_data->per;
    uint32_t control = 0;
    for (unsigned i = 0; per && i < per->set.count; i++) {
        const struct per_trace *trace = &per->set.traces[i];
        control |= (uint32_t)trace->event << 24 | trace->registers;
        if (trace->event == PER_STORE) {
            *from = trace->into_from;
            *to = trace->into_to;
        }
    }
    return control;
}

/* --- events --- */

static bool is_inside(uint32_t address, uint32_t from, uint32_t to)
{
    return address >= from && address <= to;
}

static bool matches(struct vmblok *vm, const struct per_trace *trace, uint32_t events, uint32_t at)
{
    uint8_t code[sizeof trace->mask];
    if (!(events & trace->event) || !is_inside(at, trace->from, trace->to))
        return false;
    if (trace->event == PER_BRANCH)
        return is_inside(vm_address(vm), trace->into_from, trace->into_to);
    return !trace->mask_length || (!guest_fetch(vm, at, code, trace->mask_length) &&
                                   memcmp(code, trace->mask, trace->mask_length) == 0);
}

void per_report(struct vmblok *vm, uint32_t events, uint32_t at)
{
    struct per_traces *per = command_vm(vm)->per;
    char behind[20] = "";
    for (unsigned i = 0; per && i < per->set.count; i++) {
        struct per_trace *trace = &per->set.traces[i];
        if (!matches(vm, trace, events, at))
            continue;
        per->events++;
        if (per->counts || ++trace->seen % trace->step)
            continue;
        if (trace->event == PER_BRANCH)
            fmt(behind, sizeof behind, " ==> %06X", (unsigned)vm_address(vm));
        trace_instruction(vm, at, "", behind);
        bool runs = trace->runs;
        if (trace->command[0]) {
            char command[sizeof trace->command];
            str_copy(command, trace->command, sizeof command);
            command_run(vm, command);
            per = command_vm(vm)->per; /* it may have been PER END */
        }
        if (!runs)
            vm->cp_mode = true;
    }
    terminal_throttle(vm);
}

/* --- the command --- */

static int parse_range(struct vmblok *vm, const char **operands, uint32_t *from, uint32_t *to)
{
    char word[WORD_SIZE];
    struct operand_range range;
    if (!str_word(operands, word, sizeof word))
        return error_operand(vm, MODULE, NULL);
    if (!operand_range(word, &range) || range.first > 0xffffff)
        return cp_error(vm, MODULE, 4, "INVALID HEXLOC - %s", word);
    *from = range.first;
    *to = range.to_end ? 0x00ffffff : range.last;
    return 0;
}

/* G [n[-n]]: none is all of them. */
static bool parse_registers(const char **operands, uint16_t *mask)
{
    char word[WORD_SIZE];
    const char *rest = *operands;
    uint32_t first, last;
    *mask = 0xffff;
    if (!str_word(&rest, word, sizeof word) || !str_is_digit(word[0]))
        return true;
    char *dash = strchr(word, '-');
    if (dash)
        *dash = 0;
    if (!str_decimal(word, &first) || !str_decimal(dash ? dash + 1 : word, &last) || first > last ||
        last > 15)
        return false;
    *mask = (uint16_t)(0xffffu >> first & 0xffffu << (15 - last));
    *operands = rest;
    return true;
}

static bool parse_mask(const char **operands, struct per_trace *trace)
{
    char word[WORD_SIZE], digits[3] = "";
    uint32_t byte;
    size_t length = str_word(operands, word, sizeof word) ? strlen(word) : 1;
    if (length % 2 || length > 2 * sizeof trace->mask)
        return false;
    for (size_t i = 0; i < length; i += 2) {
        memcpy(digits, word + i, 2);
        if (!str_hex(digits, &byte))
            return false;
        trace->mask[i / 2] = (uint8_t)byte;
    }
    trace->mask_length = (uint8_t)(length / 2);
    return true;
}

enum { INTO, RANGE, STEP, RUN, NORUN, CMD };
static const struct keyword options[] = {
    {"INTO", 4, INTO},
    {"RANGE", 5, RANGE},
    {"STEP", 4, STEP},
    {"RUN", 3, RUN},
    {"NORUN", 5, NORUN},
    {"CMD", 3, CMD},
    {0},
};

/* What follows the event. */
static int parse_options(struct vmblok *vm, const char *operands, struct per_trace *trace)
{
    char word[WORD_SIZE];
    int error = 0;
    while (!error && str_word(&operands, word, sizeof word)) {
        const struct keyword *option = keyword_find(options, word);
        bool into = trace->event == PER_STORE || trace->event == PER_BRANCH;
        if (!option || (option->value == INTO && !into))
            return error_option(vm, MODULE, word);
        if (option->value == INTO)
            error = parse_range(vm, &operands, &trace->into_from, &trace->into_to);
        else if (option->value == RANGE)
            error = parse_range(vm, &operands, &trace->from, &trace->to);
        else if (option->value == STEP) {
            if (!str_word(&operands, word, sizeof word) || !str_decimal(word, &trace->step) ||
                !trace->step)
                return error_operand(vm, MODULE, word);
        } else if (option->value == CMD) {
            str_copy(trace->command, operands, sizeof trace->command);
            return *operands ? 0 : error_operand(vm, MODULE, NULL);
        } else
            trace->runs = option->value == RUN;
    }
    return error;
}

/* The machine has one range: that of stores is not to be the others'. */
static bool goes_with(const struct per_set *set, const struct per_trace *new)
{
    for (unsigned i = 0; i < set->count; i++) {
        uint8_t both = set->traces[i].event | new->event;
        bool bounded = set->traces[i].into_from || set->traces[i].into_to != 0x00ffffff ||
                       new->into_from || new->into_to != 0x00ffffff;
        if (both & PER_STORE && bounded && (both & PER_FETCH || both == PER_STORE))
            return false;
    }
    return true;
}

static int add_trace(struct vmblok *vm, uint8_t event, const char *operands, bool is_mask)
{
    struct per_set *set = &command_vm(vm)->per->set;
    struct per_trace trace = {.event = event, .to = 0x00ffffff, .into_to = 0x00ffffff, .step = 1};
    if ((event == PER_REGISTER && !parse_registers(&operands, &trace.registers)) ||
        (is_mask && !parse_mask(&operands, &trace)))
        return error_operand(vm, MODULE, operands);
    int error = parse_options(vm, operands, &trace);
    if (error)
        return error;
    if (set->count == PER_TRACES || !goes_with(set, &trace))
        return cp_error(vm, MODULE, 3, "PER SET IS FULL, OR STORE INTO BESIDE ANOTHER RANGE");
    set->traces[set->count++] = trace;
    return 0;
}

static int save(struct vmblok *vm, const char *operands, bool get)
{
    struct per_traces *per = command_vm(vm)->per;
    char name[WORD_SIZE];
    unsigned n = 0;
    if (!str_word(&operands, name, sizeof name) || strlen(name) > 8)
        return error_operand(vm, MODULE, NULL);
    str_upcase(name, strlen(name));
    while (n < PER_SAVED && strcmp(per->saved[n].name, name) != 0)
        n++;
    for (unsigned i = 0; !get && n == PER_SAVED && i < PER_SAVED; i++)
        n = per->saved[i].name[0] ? n : i;
    if (n == PER_SAVED)
        return cp_error(vm, MODULE, 46, get ? "TRACESET %s DOES NOT EXIST" : "NO ROOM FOR %s",
                        name);
    if (get) {
        per->set = per->saved[n].set;
        return 0;
    }
    str_copy(per->saved[n].name, name, sizeof per->saved[n].name);
    per->saved[n].set = per->set;
    return 0;
}

static int run_per(struct vmblok *vm, const char *operands)
{
    enum { INSTRUCT, BRANCH, STORE, REGISTER, MASK, END, COUNT, SAVE, GET };
    static const struct keyword forms[] = {
        {"INSTRUCT", 1, INSTRUCT}, {"BRANCH", 1, BRANCH},
        {"STORE", 2, STORE},       {"G", 1, REGISTER},
        {"MASK", 1, MASK},         {"END", 3, END},
        {"COUNT", 5, COUNT},       {"SAVE", 4, SAVE},
        {"GET", 3, GET},           {0},
    };
    struct per_traces *per = command_vm(vm)->per;
    char word[WORD_SIZE];
    if (!str_word(&operands, word, sizeof word))
        return error_operand(vm, MODULE, NULL);
    const struct keyword *form = keyword_find(forms, word);
    if (!form)
        return error_operand(vm, MODULE, word);
    switch (form->value) {
    case INSTRUCT:
        return add_trace(vm, PER_FETCH, operands, false);
    case MASK:
        return add_trace(vm, PER_FETCH, operands, true);
    case BRANCH:
        return add_trace(vm, PER_BRANCH, operands, false);
    case STORE:
        return add_trace(vm, PER_STORE, operands, false);
    case REGISTER:
        return add_trace(vm, PER_REGISTER, operands, false);
    case COUNT:
        if (per->counts)
            cp_printf(vm, "PER COUNT %u", (unsigned)per->events);
        per->counts = !per->counts;
        per->events = 0;
        return 0;
    case SAVE:
    case GET:
        return save(vm, operands, form->value == GET);
    }
    per->set.count = 0;
    per->counts = false;
    return 0;
}

int command_per(struct vmblok *vm, const char *operands)
{
    struct command_vm *data = command_vm(vm);
    if (!data->per)
        data->per = cp_alloc(sizeof *data->per);
    if (!data->per)
        return cp_error(vm, MODULE, 96, "NO STORAGE FOR THE TRACES");
    int error = run_per(vm, operands);
    trace_set_events(vm);
    return error;
}

/* --- QUERY PER --- */

static void show_trace(struct vmblok *vm, unsigned n, const struct per_trace *trace)
{
    static const char *const names[] = {"G", "STORE", "INSTRUCT", "BRANCH"};
    const char *name = names[trace->event == PER_BRANCH  ? 3
                             : trace->event == PER_FETCH ? 2
                             : trace->event == PER_STORE ? 1
                                                         : 0];
    char line[160];
    size_t used = fmt(line, sizeof line, "%u %s", n + 1, name);
    if (trace->mask_length) {
        used = fmt(line, sizeof line, "%u MASK ", n + 1);
        for (unsigned i = 0; i < trace->mask_length; i++)
            used += fmt(line + used, sizeof line - used, "%02X", trace->mask[i]);
    }
    if (trace->event == PER_REGISTER && trace->registers != 0xffff)
        used += fmt(line + used, sizeof line - used, " REGISTERS %04X", trace->registers);
    if (trace->into_from || trace->into_to != 0x00ffffff)
        used += fmt(line + used, sizeof line - used, " INTO %06X-%06X", (unsigned)trace->into_from,
                    (unsigned)trace->into_to);
    used += fmt(line + used, sizeof line - used, " RANGE %06X-%06X", (unsigned)trace->from,
                (unsigned)trace->to);
    if (trace->step > 1)
        used += fmt(line + used, sizeof line - used, " STEP %u", (unsigned)trace->step);
    used += fmt(line + used, sizeof line - used, trace->runs ? " RUN" : " NORUN");
    if (trace->command[0])
        fmt(line + used, sizeof line - used, " CMD %s", trace->command);
    cp_printf(vm, "%s", line);
}

int query_per(struct vmblok *vm, const char *operands)
{
    const struct per_traces *per = command_vm(vm)->per;
    for (unsigned i = 0; per && i < per->set.count; i++)
        show_trace(vm, i, &per->set.traces[i]);
    if (!per || !per->set.count)
        cp_printf(vm, "PER NOT ACTIVE");
    return 0;
}
