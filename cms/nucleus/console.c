/* The console: a 3215 by SIO, under CP as on the bare machine (CP edits lines then).  Lines
 * typed while a program runs arrive with attention: immediate commands are done at once,
 * the others are kept (typed ahead). */
#include "cms/kit/svctrace.h"
#include "cms/nucleus/nucleus.h"

enum { CONSOLE_WRITE = 0x01, CONSOLE_WRITE_RETURN = 0x09, CONSOLE_READ = 0x0a };
enum { PRINTER_WRITE_SPACE = 0x09 };

static const uint8_t console_places[] = {0x09, 0x1f};

/* CP knows the console's address (DIAGNOSE 24 of device -1); on the bare machine it is at 009 or
 * 01F, as VM users know it. */
bool console_find(void)
{
    uint32_t device = UINT32_MAX, information[2];

    if (nuc.under_cp && diagnose_24(&device, information) != 3) {
        nuc.console = (uint16_t)device;
        return true;
    }
    for (unsigned i = 0; i < sizeof(console_places); i++)
        if (tio(console_places[i]) != 3) {
            nuc.console = console_places[i];
            return true;
        }
    return false;
}

/* A copy for the batch monitor's listing. */
static void log_line(const char *line, uint32_t length)
{
    struct cms_io io;

    if (nuc.sw.console_log && length)
        io_simple(nuc.sw.console_log, PRINTER_WRITE_SPACE, line, length > 132 ? 132 : length, &io);
}

void console_write(const char *text, uint32_t length, unsigned flags)
{
    struct cms_io io;
    char line[CMS_LINE_MAX];

    if (nuc.sw.typing_halted && !(flags & WRITE_ALWAYS))
        return;
    screen_leave();
    if (length > sizeof(line))
        length = sizeof(line);
    for (uint32_t i = 0; i < length; i++)
        line[i] = (char)nuc.sw.output[(uint8_t)text[i]];
    if (!length)
        line[length++] = ' ';
    log_line(line, length);
    for (unsigned tries = 0; tries < 3; tries++) {
        int rc =
            io_simple(nuc.console, flags & WRITE_NO_RETURN ? CONSOLE_WRITE : CONSOLE_WRITE_RETURN,
                      line, length, &io);
        if (rc != 1 || !(io.sense[0] & SENSE_INTERVENTION))
            break;
    }
}

void console_print(const char *format, ...)
{
    char line[CMS_LINE_MAX + 1];
    va_list args;

    va_start(args, format);
    size_t length = vfmt(line, sizeof(line), format, args);
    va_end(args);
    console_write(line, length, 0);
}

int console_message(int rc, const char *text, uint32_t length)
{
    /* DIAGNOSE 5C cuts the message as SET EMSG says. */
    if (nuc.under_cp) {
        uint32_t edited = length;
        text = diagnose_5c(text, &edited);
        length = edited;
        if (!length)
            return rc;
    }
    console_write(text, length, 0);
    return rc;
}

int console_error(int rc, const char *format, ...)
{
    char line[CMS_LINE_MAX + 1];
    va_list args;

    va_start(args, format);
    size_t length = vfmt(line, sizeof(line), format, args);
    va_end(args);
    return console_message(rc, line, length);
}

/* One READ from the keyboard; -1 if it was cancelled by the break key. */
static int read_keyboard(char *line)
{
    struct cms_io io;

    screen_leave();
    for (;;) {
        nuc.reading = true;
        int rc = io_simple(nuc.console, CONSOLE_READ, line, CMS_LINE_MAX, &io);
        nuc.reading = false;
        if (rc == IO_NOT_OPERATIONAL)
            stop_nucleus(STOP_NO_CONSOLE);
        if (rc == 0 && (io.unit_status & UNIT_EXCEPTION))
            return -1;
        if (rc == 0)
            break;
        if (!(io.sense[0] & SENSE_INTERVENTION))
            return 0;
        /* Nobody is at the console: an interruption tells when somebody is. */
        clock_wait_begins();
        wait_for_io();
        clock_wait_ends();
    }
    int length = CMS_LINE_MAX - io.residual;
    for (int i = 0; i < length; i++)
        line[i] = (char)nuc.sw.input[(uint8_t)line[i]];
    return length;
}

static void halt_typing(void)
{
    nuc.sw.typing_halted = 1;
}
static void resume_typing(void)
{
    nuc.sw.typing_halted = 0;
}
static void halt_execution(void)
{
    nuc.halt_program = true;
}
static void halt_exec(void)
{
    nuc.sw.halt_exec = 1;
}
static void trace_exec(void)
{
    nuc.sw.exec_trace = 1;
}
static void end_trace_exec(void)
{
    nuc.sw.exec_trace = 0;
}
static void suspend_trace(void)
{
    if (nuc.sw.svc_trace)
        nuc.sw.svc_trace = SVC_TRACE_SUSPENDED;
}
static void resume_trace(void)
{
    if (nuc.sw.svc_trace)
        nuc.sw.svc_trace = SVC_TRACE_ON;
}

static const struct {
    char name[3];
    void (*action)(void);
} immediate_commands[] = {
    {"HT", halt_typing},   {"RT", resume_typing},  {"HX", halt_execution}, {"HB", halt_exec},
    {"TS", trace_exec},    {"TE", end_trace_exec}, {"HI", halt_exec},      {"HO", trace_off},
    {"SO", suspend_trace}, {"RO", resume_trace},
};

bool console_immediate(const char *line, int length)
{
    char word[4];

    while (length > 0 && line[length - 1] == ' ')
        length--;
    if (length != 2)
        return false;
    word[0] = str_upper(line[0]);
    word[1] = str_upper(line[1]);
    word[2] = 0;
    for (unsigned i = 0; i < sizeof(immediate_commands) / sizeof(immediate_commands[0]); i++)
        if (!strcmp(word, immediate_commands[i].name)) {
            immediate_commands[i].action();
            return true;
        }
    return false;
}

void console_take_line(void)
{
    char line[CMS_LINE_MAX];
    int length = read_keyboard(line);

    if (length >= 0 && !console_immediate(line, length))
        queue_add(&nuc.typed, line, (uint32_t)length, false);
}

/* If the attention key was pressed while something ran: read the line that goes with it. */
void console_attention(void)
{
    while (nuc.attention && !nuc.screen) {
        nuc.attention = false;
        console_take_line();
    }
    if (nuc.halt_program)
        abend_halt();
}

/* In batch the lines that the terminal would give are cards of the job's deck. */
static int read_from_reader(char *line)
{
    uint32_t length;

    if (card_read(line, 80, &length) != 0) {
        nuc.halt_program = true;
        abend_halt();
    }
    while (length && line[length - 1] == ' ')
        length--;
    if (length && line[0] == '/') {
        /* The job's end, or a card for the batch monitor: the program asked for too much. */
        card_hold(line, length);
        if (nuc.empty_reads++ < 2)
            return 0;
        nuc.halt_program = true;
        abend_halt();
    }
    nuc.empty_reads = 0;
    log_line(line, length);
    return (int)length;
}

int console_read(char *line, unsigned flags)
{
    int length = -1;

    if (!(flags & READ_TERMINAL))
        length = stack_take(line);
    if (flags & READ_STACK)
        return length;
    if (length < 0)
        length = queue_take(&nuc.typed, line);
    while (length < 0) {
        nuc.sw.typing_halted = 0;
        while (nuc.sw.auto_read_off && !nuc.sw.reader_input && !nuc.attention)
            io_wait();
        length = nuc.sw.reader_input ? read_from_reader(line) : read_keyboard(line);
    }
    if (flags & READ_UPPER)
        str_upcase(line, (size_t)length);
    return length;
}
