/* The operator's commands: one table, and how a line finds its row.  The commands
 * themselves are in display.c, control.c, step.c, trace.c and script*.c. */
#include "s370/operator/gdb_internal.h"

#include "lib/str.h"
#include "s370/devices/line.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* docs/operating.md shows the same table; a test compares them. */
static const struct operator_command commands[] = {
    {"attach", 3, command_attach, "DEVICE TYPE [ARGUMENTS]", "attach a device"},
    {"attn", 4, command_attention, "DEVICE", "press a console's attention key"},
    {"b", 1, command_breakpoint, "[ADDRESS]", "stop before the instruction there; list"},
    {"b-", 2, command_breakpoint_off, "[ADDRESS]", "forget that breakpoint, or all"},
    {"ccw+", 4, command_ccw_on, "[DEVICE]", "trace channel programs, of one device or all"},
    {"ccw-", 4, command_ccw_off, "", "no trace of them any more"},
    {"chcheck", 3, command_chcheck, "DEVICE data|control|interface",
     "the channel fails in the device's next command"},
    {"clocks", 5, command_clocks, "", "display machine time, instructions and the TOD clock"},
    {"compare", 4, command_compare, "[ADDRESS[.LENGTH|-END|=HEX] [fetch] [store] [io] [virtual]]",
     "stop when storage is referred to there, or is that then; list"},
    {"compare-", 8, command_compare_off, "[ADDRESS]", "forget that place, or all"},
    {"connect", 7, command_connect, "DEVICE [MODEL]",
     "sit down at a console line or 3270 (scripts)"},
    {"cpu", 3, command_cpu, "[N]", "the CPU that commands are for; choose another"},
    {"cr", 2, command_cr, "[N[=HEX]]", "display or alter control registers"},
    {"detach", 3, command_detach, "DEVICE", "detach a device"},
    {"devinit", 4, command_devinit, "DEVICE [ARGUMENTS]", "mount other media"},
    {"devlist", 4, command_devlist, "", "list the devices"},
    {"disconnect", 10, command_disconnect, "DEVICE", "leave it (scripts)"},
    {"expect", 6, command_expect, "DEVICE \"TEXT\" [SECONDS]",
     "wait until the console has printed or the 3270 shows that (scripts)"},
    {"ext", 3, command_ext, "", "press the interrupt key"},
    {"fpr", 3, command_fpr, "[N[=HEX]]", "display or alter floating-point registers"},
    {"gdb", 3, command_gdb, "[PORT|ADDRESS:PORT|off]",
     "listen for a debugger (gdb-multiarch); say who is there"},
    {"gpr", 1, command_gpr, "[N[=HEX]]", "display or alter general registers"},
    {"help", 1, command_help, "[COMMAND]", "this list"},
    {"i+", 2, command_insn_on, "[branch] [io] [ADDRESS-END]",
     "trace instructions: all, taken branches, I/O; of an area"},
    {"i-", 2, command_insn_off, "", "no trace of instructions any more"},
    {"ipl", 1, command_ipl, "DEVICE [clear] [parm TEXT]",
     "load the program from a device and start it; TEXT is in its general registers"},
    {"iplc", 4, command_iplc, "DEVICE", "ipl with cleared storage"},
    {"key", 3, command_key, "DEVICE KEY", "press a key of a 3270: ENTER, PF3, TAB... (scripts)"},
    {"loadcore", 5, command_loadcore, "FILE [ADDRESS]", "copy a file into real storage"},
    {"mcheck", 3, command_mcheck, "[CODE [address HEX] [external HEX] [region HEX]]",
     "a machine check with these bits (hexadecimal, from the "
     "left; without it: 4, processing damage)"},
    {"message", 3, command_message, "TEXT", "print the text"},
    {"psw", 3, command_psw, "[HEX HEX]", "display or alter the PSW"},
    {"quit", 4, command_quit, "[STATUS]", "power off: datbox ends"},
    {"r", 1, command_real, "ADDRESS[.LENGTH|-END|=HEX]", "display or alter real storage"},
    {"restart", 4, command_restart, "", "press the restart key"},
    {"restore", 5, command_restore, "FILE [anyway]",
     "make the machine what it was when that was saved"},
    {"s", 1, command_step, "[N]", "execute one instruction, or N"},
    {"s+", 2, command_step_on, "", "single step: start executes one instruction"},
    {"s-", 2, command_step_off, "", "no single step any more"},
    {"s?", 2, command_step_query, "", "is single step on?"},
    {"save", 4, command_save, "FILE", "save the whole machine, to be restored"},
    {"screen", 6, command_screen, "DEVICE", "print the screen of a 3270"},
    {"script", 3, command_script, "FILE", "execute the commands in a file"},
    {"sf+", 3, command_shadow, "DEVICE", "a new shadow file over a disk: writes go there"},
    {"sf-", 3, command_shadow, "DEVICE [merge|nomerge]",
     "remove the last one; what it has goes to the file below, or is lost"},
    {"sf=", 3, command_shadow, "DEVICE NAME", "the name for shadow files of a disk without any"},
    {"sfc", 3, command_shadow, "DEVICE", "compress the last file of a disk"},
    {"sfd", 3, command_shadow, "DEVICE", "display the files of a disk"},
    {"sfk", 3, command_shadow, "DEVICE", "check the files of a disk"},
    {"start", 3, command_start, "", "start the CPU"},
    {"stop", 3, command_stop, "", "stop the CPU"},
    {"store", 3, command_store, "status", "store the CPU's status at its place in storage"},
    {"symbols", 3, command_symbols, "[FILE]", "names for addresses, from an ELF file"},
    {"sysclear", 4, command_sysclear, "", "system reset, and clear storage and registers"},
    {"sysreset", 4, command_sysreset, "", "system reset"},
    {"t+", 2, command_trace_on, "[calls]", "trace every trap from problem state"},
    {"t-", 2, command_trace_off, "", "no trace any more"},
    {"t?", 2, command_trace_query, "", "is trace on?"},
    {"tracefile", 6, command_trace_file, "[FILE]",
     "the lines of all traces go to the end of a file; to the screen"},
    {"transcript", 10, command_transcript, "DEVICE FILE",
     "copy all that a console prints to a file"},
    {"type", 4, command_type, "DEVICE \"TEXT\"", "type a line at a console"},
    {"v", 1, command_virtual, "ADDRESS[.LENGTH|-END|=HEX]", "the same for virtual storage"},
    {"wait", 4, command_wait, "[SECONDS]", "wait until the CPU stops (scripts)"},
    {NULL, 0, NULL, NULL, NULL},
};

const struct operator_command *operator_commands(void)
{
    return commands;
}

static void state_changed(void *context, enum cpu_state state)
{
    struct oper *o = context;
    if (gdb_state_changed(o->gdb, state) || script_state_changed(o, state) ||
        state == CPU_RUNNING || o->m->loading)
        return;
    operator_show_stop(o);
    if (o->hint && state == CPU_DISABLED_WAIT)
        machine_message(o->m, "%s", o->hint);
}

void operator_set_screens(struct oper *o, const struct operator_screens *screens)
{
    o->screens = screens;
}

void operator_set_gdb(struct oper *o, bool (*listen)(void *context, const char *where),
                      void *context)
{
    o->gdb_listen = listen;
    o->gdb_context = context;
}

void operator_set_hint(struct oper *o, const char *hint)
{
    o->hint = hint;
}

struct oper *operator_create(struct machine *m, uint16_t console)
{
    struct oper *o = calloc(1, sizeof *o);
    if (!o)
        abort();
    o->m = m;
    o->console = console;
    o->watch.context = o;
    m->state_changed = state_changed;
    m->state_context = o;
    return o;
}

void operator_destroy(struct oper *o)
{
    if (!o)
        return;
    o->breakpoint_count = 0;
    o->stepping = o->step_always = false;
    script_destroy(o);
    saving_destroy(o);
    trace_destroy(o);
    operator_count_exits(o, false);
    io_trace_destroy(o);
    insn_trace_destroy(o);
    if (o->trace_file)
        fclose(o->trace_file);
    compare_destroy(o);
    operator_watch(o);
    symbols_free(o->symbols);
    o->m->state_changed = NULL;
    free(o);
}

bool operator_error(struct oper *o, const char *format, ...)
{
    char text[800];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    machine_message(o->m, "%s", text);
    return false;
}

static const struct operator_command *find(const char *word)
{
    for (const struct operator_command *c = commands; c->name; c++)
        if (str_equal(word, c->name))
            return c;
    for (const struct operator_command *c = commands; c->name; c++)
        if (str_abbrev(word, c->name, c->least))
            return c;
    return NULL;
}

/* Splits at blanks; a word in double quotes keeps them out, with \" \\ \n \t in it. The
 * count, or -1 if a quote is not closed. */
static int split(char *line, char **argv)
{
    int argc = 0;
    for (;;) {
        while (*line == ' ' || *line == '\t')
            line++;
        if (!*line || argc == COMMAND_ARGS)
            return argc;
        bool quoted = *line == '"';
        char *to = line += quoted;
        argv[argc++] = to;
        while (*line && (quoted ? *line != '"' : *line != ' ' && *line != '\t')) {
            if (quoted && *line == '\\' && line[1]) {
                line++;
                *to++ = *line == 'n' ? '\n' : *line == 't' ? '\t' : *line;
                line++;
            } else {
                *to++ = *line++;
            }
        }
        if (quoted && !*line)
            return -1;
        if (*line)
            line++;
        *to = 0;
    }
}

bool operator_command(struct oper *o, const char *line)
{
    char words[COMMAND_SIZE], *argv[COMMAND_ARGS + 1] = {NULL};
    while (*line == ' ' || *line == '\t')
        line++;
    if (*line == '/') {
        struct line *console = line_of_device(o->m, o->console);
        if (!console)
            return operator_error(o, "there is no console %03X to type at", o->console);
        return line_input(console, line + 1, strlen(line + 1)) || script_again(o) ||
               operator_error(o, "too many lines wait at the console %03X", o->console);
    }
    if (strlen(line) >= sizeof words)
        return operator_error(o, "the command is too long");
    str_copy(words, line, sizeof words);
    int argc = split(words, argv); /* the argument behind the last is NULL */
    if (argc < 0)
        return operator_error(o, "a quote is not closed");
    if (argc == 0)
        return true;
    const struct operator_command *c = find(argv[0]);
    if (!c)
        return operator_error(o, "there is no operator command '%s' (help lists them)", argv[0]);
    o->line = line;
    return c->run(o, argc, argv);
}

bool command_help(struct oper *o, int argc, char **argv)
{
    for (const struct operator_command *c = commands; c->name; c++) {
        char form[64];
        if (argc > 1 && c != find(argv[1]))
            continue;
        snprintf(form, sizeof form, "%s %s", c->name, c->operands);
        machine_message(o->m, "%-36s %s", form, c->help);
    }
    if (argc < 2)
        machine_message(o->m, "%-36s %s", "/TEXT", "type the text at the operator's console");
    else if (!find(argv[1]))
        return operator_error(o, "there is no operator command '%s'", argv[1]);
    return true;
}

bool command_message(struct oper *o, int argc, char **argv)
{
    const char *text = o->line;
    char word[16];
    str_word(&text, word, sizeof word);
    machine_message(o->m, "%s", text);
    return true;
}

bool command_quit(struct oper *o, int argc, char **argv)
{
    uint32_t status = 0;
    if (argc > 1 && (!str_decimal(argv[1], &status) || status > 255))
        return operator_error(o, "quit %s: the status is a number from 0 to 255", argv[1]);
    machine_quit(o->m, (int)status);
    return true;
}

bool operator_load_symbols(struct oper *o, const char *path, bool quiet)
{
    char error[256];
    struct symbols *s = symbols_read(path, error, sizeof error);
    if (!s)
        return quiet ? false : operator_error(o, "no symbols from %s: %s", path, error);
    symbols_free(o->symbols);
    o->symbols = s;
    return true;
}

bool command_gdb(struct oper *o, int argc, char **argv)
{
    if (argc == 1) {
        machine_message(o->m, "%s", o->gdb ? "a debugger is there" : "no debugger is there");
        return true;
    }
    if (argc > 2)
        return operator_error(o, "gdb wants a port, or an address and a port, or the word off");
    if (!o->gdb_listen)
        return operator_error(o, "gdb: this program has no port for debuggers");
    return o->gdb_listen(o->gdb_context, str_equal(argv[1], "off") ? NULL : argv[1]);
}

bool command_symbols(struct oper *o, int argc, char **argv)
{
    if (argc > 1 && !operator_load_symbols(o, argv[1], false))
        return false;
    machine_message(o->m, "%zu symbols", symbols_count(o->symbols));
    return true;
}

bool command_script(struct oper *o, int argc, char **argv)
{
    if (argc != 2)
        return operator_error(o, "script wants the name of one file");
    return operator_run_script(o, argv[1], false);
}
