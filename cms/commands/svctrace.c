/* SVCTRACE ON|OFF: a trace of supervisor calls on the printer.  The program stays in storage as a
 * nucleus extension; the nucleus calls it before and after each call (cms/kit/svctrace.h).  The
 * immediate commands HO, SO and RO end, suspend and resume the trace. */
#include "cms/kit/cms.h"
#include "cms/kit/svctrace.h"

#define MODULE "OVS"
#define NAME   "SVCTRACE"

enum { WRITE_SPACE_1 = 0x09 };

static void set_state(enum svc_trace_state state)
{
    struct cms_switches s;

    cms_get_switches(&s);
    s.svc_trace = (uint8_t)state;
    cms_set_switches(&s);
}

static void print(const char *line, size_t length, uint8_t carriage)
{
    int rc = cms_print(line, length, carriage);

    if (!rc)
        return;
    set_state(SVC_TRACE_OFF);
    cms_error(rc, "DMS" MODULE "123S ERROR '%02d' PRINTING THE TRACE: IT IS OFF", rc);
}

static void print_words(const char *title, const uint32_t *words)
{
    char line[CMS_LINE_MAX];
    size_t n = fmt(line, sizeof(line), " %-6s=", title);

    for (int i = 0; i < 8; i++)
        n += fmt(line + n, sizeof(line) - n, " %08X", words[i]);
    print(line, n, WRITE_SPACE_1);
}

/* The list in characters, too: SVC 202's are mostly text. */
static void print_plist(uint32_t at)
{
    char line[CMS_LINE_MAX];
    uint32_t words[8];

    if (at > cms_view_switches()->storage_size - sizeof(words))
        return;
    memcpy(words, (const void *)at, sizeof(words));
    size_t n = fmt(line, sizeof(line), " PARM  =");
    for (int i = 0; i < 8; i++)
        n += fmt(line + n, sizeof(line) - n, " %08X", words[i]);
    n += fmt(line + n, sizeof(line) - n, " *");
    for (unsigned i = 0; i < sizeof(words); i++) {
        uint8_t c = ((const uint8_t *)words)[i];
        line[n++] = c > (uint8_t)' ' && c < 0xff ? (char)c : c == (uint8_t)' ' ? ' ' : '.';
    }
    line[n++] = '*';
    print(line, n, WRITE_SPACE_1);
}

/* The nucleus does not touch them: they are still the program's. */
static void print_floating(char phase)
{
    uint64_t f[4];
    char title[8];

    __asm__ volatile("std %%f0,0(%0)\n\tstd %%f2,8(%0)\n\tstd %%f4,16(%0)\n\tstd %%f6,24(%0)"
                     :
                     : "a"(f)
                     : "memory");
    fmt(title, sizeof(title), "FPRS%c", phase);
    print_words(title, (const uint32_t *)f);
}

static void print_general(char phase, const uint32_t r[16])
{
    char title[8];

    fmt(title, sizeof(title), "GPRS%c", phase);
    print_words(title, r);
    print_words("", r + 8);
}

/* What is called: SVC 202 and 204 by name, SVC 203 by number. */
static void called(const struct svc_trace *t, uint32_t at, char to[16])
{
    uint32_t plist = t->r[1] & 0x00ffffff;

    if ((t->svc == 202 || t->svc == 204) && plist < cms_view_switches()->storage_size - 8)
        fmt(to, 16, "%.8s", (const char *)plist);
    else if (t->svc == 203)
        fmt(to, 16, "203/%d", (int16_t)load_be16((const void *)(at + 2)));
    else
        fmt(to, 16, "SVC %u", t->svc);
}

static void trace(const struct svc_trace *t)
{
    char line[CMS_LINE_MAX], name[16];
    uint32_t at = load_be24(t->psw + 5) - 2;

    if (t->phase == SVC_TRACE_CALL) {
        called(t, at, name);
        print(line,
              fmt(line, sizeof(line), "N/D = %u/%02u %s FROM %06X OLDPSW = %08X %08X", t->number,
                  t->depth, name, at, load_be32(t->psw), load_be32(t->psw + 4)),
              WRITE_SPACE_1);
        print_general('B', t->r);
        print_floating('B');
        print_plist(t->r[1] & 0x00ffffff);
        return;
    }
    print(line,
          fmt(line, sizeof(line), "N/D = %u/%02u RETURN GOPSW = %08X %08X RC = %d", t->number,
              t->depth, load_be32(t->psw), load_be32(t->psw + 4), (int)t->r[15]),
          WRITE_SPACE_1);
    print_general('A', t->r);
    print_floating('A');
    print(" ", 1, WRITE_SPACE_1);
}

static void off(void)
{
    static const char close[] = "CLOSE 00E";

    if (cms_view_switches()->svc_trace == SVC_TRACE_OFF)
        return;
    set_state(SVC_TRACE_OFF);
    cms_cp(close, sizeof(close) - 1, NULL, 0, NULL); /* nothing on the bare machine */
}

int command_main(const struct cms_call *call)
{
    char word[9];
    int rc;

    if (call->kind == CALL_SERVICE) {
        trace((const struct svc_trace *)call->token[call->tokens + 1]);
        return RC_OK;
    }
    if (call->tokens < 2)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "047E NO FUNCTION SPECIFIED");
    if (call->tokens > 2)
        return cms_bad_operand(MODULE, call->token[2]);
    str_unpad(word, call->token[1], 8);
    if (!strcmp(word, "OFF")) {
        off();
        return RC_OK;
    }
    if (strcmp(word, "ON"))
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "014E INVALID FUNCTION '%s'", word);
    if (!cms_stay(NAME, call, &rc))
        return rc;
    set_state(SVC_TRACE_ON);
    return RC_OK;
}
