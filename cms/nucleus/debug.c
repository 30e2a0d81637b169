/* DEBUG: when a program cannot go on, or comes to a breakpoint, DEBUG MODULE may look at it before
 * it is given up.  It runs further up the same stack, so the program can go on where it was. */
#include "cms/nucleus/nucleus.h"
#include "s370/arch/codes.h"
#include "s370/arch/lowcore.h"

#define LOWCORE ((struct lowcore *)page_zero)

/* A breakpoint's place holds X'00nn': an operation exception, two bytes long. */
#define BREAK_LENGTH 2

static void take_state(const struct interrupt_frame *frame)
{
    struct cms_debug *d = &nuc.debug;

    memcpy(d->r, frame->r, sizeof(d->r));
    memcpy(d->psw, frame->psw, sizeof(d->psw));
    memcpy(d->csw, &LOWCORE->csw, sizeof(d->csw));
    d->caw = get32(LOWCORE->caw);
    d->stopped = 1;
}

/* True: the program goes on. */
static bool run_debug(struct interrupt_frame *frame)
{
    static const char line[] = "DEBUG";

    int rc = command_line(line, sizeof(line) - 1, COMMAND_QUIET, CALL_PROGRAM);
    if (rc == RC_UNKNOWN)
        console_error(0, "DMSDBG002E DEBUG MODULE IS NOT THERE");
    nuc.debug.stopped = 0;
    if (rc != DEBUG_GO)
        return false;
    memcpy(frame->r, nuc.debug.r, sizeof(frame->r));
    memcpy(frame->psw, nuc.debug.psw, sizeof(frame->psw));
    return true;
}

static bool is_debug(const char *line, int length)
{
    char word[CMS_LINE_MAX + 1];
    const char *p = word;

    memcpy(word, line, (size_t)length);
    word[length] = 0;
    while (*p == ' ')
        p++;
    return str_equal(p, "DEBUG");
}

/* "CMS" is typed and a line is read.  DEBUG sees all as it is; any other line is done when the
 * program has been given up. */
bool debug_after_abend(struct interrupt_frame *frame)
{
    char line[CMS_LINE_MAX];

    nuc.prompted = false;
    if (nuc.recovery_length || nuc.sw.reader_input)
        return false;
    console_write("CMS", 3, 0);
    nuc.prompted = true;
    take_state(frame);
    int length = console_read(line, READ_TERMINAL);
    if (is_debug(line, length)) {
        nuc.prompted = false;
        return run_debug(frame);
    }
    nuc.debug.stopped = 0;
    if ((uint32_t)length > sizeof(nuc.recovery))
        length = sizeof(nuc.recovery);
    memcpy(nuc.recovery, line, (size_t)length);
    nuc.recovery_length = (uint32_t)length;
    return false;
}

bool debug_breakpoint(struct interrupt_frame *frame)
{
    uint32_t at = load_be24(frame->psw + 5) - BREAK_LENGTH;

    if (load_be16(frame->psw + 2) != PGM_OPERATION)
        return false;
    for (unsigned i = 0; i < DEBUG_BREAKS; i++) {
        if (nuc.debug.breaks[i].address != at)
            continue;
        store_be16((void *)at, nuc.debug.breaks[i].instruction);
        nuc.debug.breaks[i].address = 0;
        store_be24(frame->psw + 5, at);
        console_error(0, "DMSDBG728I DEBUG ENTERED. BREAKPOINT %02u AT %06X", i, at);
        take_state(frame);
        if (run_debug(frame))
            return true;
        nuc.prompted = false;
        abend_give_up();
    }
    return false;
}

int debug_service(unsigned function, struct cms_debug *state)
{
    struct cms_debug *d = &nuc.debug;

    if (function == DEBUG_GET) {
        *state = *d;
        return RC_OK;
    }
    uint8_t stopped = d->stopped;
    *d = *state;
    d->stopped = stopped;
    if (stopped) {
        memcpy(&LOWCORE->csw, d->csw, sizeof(d->csw));
        put32(&LOWCORE->caw, d->caw);
    }
    return RC_OK;
}
