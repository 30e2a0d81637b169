/* DEBUG: looks at a program that was stopped by an abnormal end or a breakpoint, changes it, lets
 * it go on.  VM/370 CMS Command and Macro Reference (GC20-1818), "Debug Subcommands". */
#include "cms/kit/cms.h"

#define MODULE   "DBG"
#define EXAMINE  56 /* bytes that X types at most */
#define OPERANDS 8

struct session {
    struct cms_debug state;
    char line[CMS_LINE_MAX + 1];
    char word[OPERANDS][CMS_LINE_MAX / OPERANDS + 9];
    int words;
    uint32_t storage_size;
};

enum { GO_ON = -1 }; /* read the next subcommand; else enum debug_answer */

static int say(const char *text)
{
    cms_write(text, strlen(text));
    return GO_ON;
}

static int incorrect(void)
{
    return say("INVALID OPERAND");
}

static int fewer(void)
{
    return say("MISSING OPERAND");
}

/* ---- addresses ---- */

static int find_symbol(const struct session *s, const char *word)
{
    for (int i = 0; i < DEBUG_SYMBOLS; i++)
        if (s->state.symbols[i].name[0] && str_field_equal(s->state.symbols[i].name, word, 8))
            return i;
    return -1;
}

/* A name of DEFINE's, or hexadecimal and then from ORIGIN on. *length: DEFINE's, or 4. */
static bool location(const struct session *s, const char *word, uint32_t *at, uint32_t *length)
{
    int i = find_symbol(s, word);

    *length = 4;
    if (i >= 0) {
        *at = s->state.symbols[i].address;
        *length = s->state.symbols[i].length;
        return true;
    }
    if (!str_hex(word, at))
        return false;
    *at += s->state.origin;
    return *at < s->storage_size;
}

/* ---- showing ---- */

static int type_words(const uint32_t *words, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        cms_printf("%08X", words[i]);
    return GO_ON;
}

static int show_gpr(struct session *s)
{
    uint32_t first, last;

    if (s->words < 2)
        return fewer();
    if (!str_decimal(s->word[1], &first) || first > 15)
        return incorrect();
    last = first;
    if (s->words > 2 && (!str_decimal(s->word[2], &last) || last > 15 || last < first))
        return incorrect();
    return type_words(&s->state.r[first], last - first + 1);
}

static int show_psw(struct session *s)
{
    cms_printf("%08X %08X", load_be32(s->state.psw), load_be32(s->state.psw + 4));
    return GO_ON;
}

static int show_csw(struct session *s)
{
    cms_printf("%08X %08X", load_be32(s->state.csw), load_be32(s->state.csw + 4));
    return GO_ON;
}

static int show_caw(struct session *s)
{
    return type_words(&s->state.caw, 1);
}

static size_t hex_text(char *to, size_t size, const uint8_t *bytes, uint32_t length)
{
    size_t n = 0;

    for (uint32_t i = 0; i < length; i++)
        n += fmt(to + n, size - n, i % 4 == 0 && i ? " %02X" : "%02X", bytes[i]);
    return n;
}

static int examine(struct session *s)
{
    char line[EXAMINE * 2 + EXAMINE / 4 + 1];
    uint32_t at, length;

    if (s->words < 2)
        return fewer();
    if (!location(s, s->word[1], &at, &length))
        return incorrect();
    if (s->words > 2 && !str_decimal(s->word[2], &length))
        return incorrect();
    if (!length || length > EXAMINE || length > s->storage_size - at)
        return incorrect();
    cms_write(line, hex_text(line, sizeof(line), (const uint8_t *)at, length));
    return GO_ON;
}

enum { PRINT_SPACE = 0x09, DUMP_LINE = 32 };

static char shown(char c)
{
    bool good = str_is_alnum(c) || (c && strchr(" .<(+|&!$*);-/,%_>?:#@'=\"", c));

    return good ? c : '.';
}

static int dump(struct session *s)
{
    char line[133];
    uint32_t from = 0, to = 32, ignored;

    if (s->words > 1 && !location(s, s->word[1], &from, &ignored))
        return incorrect();
    if (s->words == 2)
        to = from + 4;
    if (s->words > 2 && !strcmp(s->word[2], "*"))
        to = s->storage_size;
    else if (s->words > 2 && !location(s, s->word[2], &to, &ignored))
        return incorrect();
    if (to < from)
        return incorrect();
    if (s->words > 3)
        cms_print(s->word[3], strlen(s->word[3]), PRINT_SPACE);
    for (uint32_t at = from & ~(DUMP_LINE - 1u); at < to; at += DUMP_LINE) {
        size_t n = fmt(line, sizeof(line), "%06X  ", at);
        n += hex_text(line + n, sizeof(line) - n, (const uint8_t *)at, DUMP_LINE);
        n += fmt(line + n, sizeof(line) - n, "  *");
        for (uint32_t i = 0; i < DUMP_LINE; i++)
            line[n + i] = shown(*(const char *)(at + i));
        line[n + DUMP_LINE] = '*';
        if (cms_print(line, n + DUMP_LINE + 1, PRINT_SPACE))
            return say("THE PRINTER IS NOT READY");
    }
    return GO_ON;
}

/* ---- changing ---- */

static int define(struct session *s)
{
    uint32_t at, length = 4, ignored;
    int i = find_symbol(s, s->words > 1 ? s->word[1] : "");

    if (s->words < 3)
        return fewer();
    if (!str_is_alpha(s->word[1][0]) || strlen(s->word[1]) > 8)
        return incorrect();
    if (!location(s, s->word[2], &at, &ignored))
        return incorrect();
    if (s->words > 3 && (!str_decimal(s->word[3], &length) || !length || length > EXAMINE))
        return incorrect();
    for (int n = 0; i < 0 && n < DEBUG_SYMBOLS; n++)
        if (!s->state.symbols[n].name[0])
            i = n;
    if (i < 0)
        return say("16 SYMBOLS ALREADY DEFINED");
    str_pad(s->state.symbols[i].name, s->word[1], 8);
    s->state.symbols[i].address = at;
    s->state.symbols[i].length = length;
    return GO_ON;
}

static int set_origin(struct session *s)
{
    uint32_t at, ignored, before = s->state.origin;

    if (s->words < 2)
        return fewer();
    s->state.origin = 0;
    if (!location(s, s->word[1], &at, &ignored)) {
        s->state.origin = before;
        return incorrect();
    }
    s->state.origin = at;
    return GO_ON;
}

/* What may be stored into: programs' storage. */
static bool can_store(const struct session *s, uint32_t at, uint32_t length)
{
    return at >= 0x20000 && at <= s->storage_size - length;
}

/* BREAK id location; the instruction there comes back when it is reached. */
static int set_break(struct session *s)
{
    uint32_t id, at, ignored;

    if (s->words < 3)
        return fewer();
    if (!str_decimal(s->word[1], &id) || id >= DEBUG_BREAKS)
        return incorrect();
    if (!location(s, s->word[2], &at, &ignored) || (at & 1) || !can_store(s, at, 2))
        return incorrect();
    if (s->state.breaks[id].address)
        store_be16((void *)s->state.breaks[id].address, s->state.breaks[id].instruction);
    for (int i = 0; i < DEBUG_BREAKS; i++)
        if (s->state.breaks[i].address == at)
            return say("BREAKPOINT ALREADY THERE");
    s->state.breaks[id].address = at;
    s->state.breaks[id].instruction = load_be16((const void *)at);
    store_be16((void *)at, id);
    return GO_ON;
}

static int set(struct session *s)
{
    uint32_t first, value, second;

    if (s->words < 3)
        return fewer();
    bool pair = s->words > 3;
    if (str_abbrev(s->word[1], "GPR", 1)) {
        if (!pair)
            return fewer();
        bool good = str_decimal(s->word[2], &first) && first < 16 && str_hex(s->word[3], &value);
        if (!good || (s->words > 4 && (first == 15 || !str_hex(s->word[4], &second))))
            return incorrect();
        s->state.r[first] = value;
        if (s->words > 4)
            s->state.r[first + 1] = second;
        return GO_ON;
    }
    if (!str_hex(s->word[2], &first) || (pair && !str_hex(s->word[3], &second)))
        return incorrect();
    if (!strcmp(s->word[1], "CAW") && !pair) {
        s->state.caw = first;
    } else if (!strcmp(s->word[1], "CSW") || !strcmp(s->word[1], "PSW")) {
        uint8_t *to = s->word[1][0] == 'C' ? s->state.csw : s->state.psw;
        store_be32(to, first);
        if (pair)
            store_be32(to + 4, second);
    } else {
        return incorrect();
    }
    return GO_ON;
}

/* STORE location hex...: up to 12 bytes. */
static int store(struct session *s)
{
    uint32_t at, ignored, value;

    if (s->words < 3)
        return fewer();
    if (s->words > 5 || !location(s, s->word[1], &at, &ignored))
        return incorrect();
    for (int i = 2; i < s->words; i++) {
        uint32_t digits = (uint32_t)strlen(s->word[i]), length = digits / 2;
        if (digits % 2 || !str_hex(s->word[i], &value) || !can_store(s, at, length))
            return incorrect();
        for (uint32_t b = 0; b < length; b++)
            *(uint8_t *)(at + b) = (uint8_t)(value >> 8 * (length - 1 - b));
        at += length;
    }
    return GO_ON;
}

/* ---- leaving ---- */

static int go(struct session *s)
{
    uint32_t at, ignored;

    if (!s->state.stopped)
        return say("NO PROGRAM WAS STOPPED");
    if (s->words > 1) {
        if (!location(s, s->word[1], &at, &ignored) || (at & 1))
            return incorrect();
        store_be24(s->state.psw + 5, at);
    }
    return DEBUG_GO;
}

static int back(struct session *s)
{
    return DEBUG_RETURN;
}

static int halt(struct session *s)
{
    return DEBUG_HX;
}

static const struct {
    const char *name;
    uint8_t least;
    int (*subcommand)(struct session *s);
} subcommands[] = {
    {"BREAK", 2, set_break},   {"CAW", 3, show_caw}, {"CSW", 3, show_csw}, {"DEFINE", 3, define},
    {"DUMP", 2, dump},         {"GO", 2, go},        {"GPR", 3, show_gpr}, {"HX", 2, halt},
    {"ORIGIN", 2, set_origin}, {"PSW", 3, show_psw}, {"RETURN", 3, back},  {"SET", 3, set},
    {"STORE", 2, store},       {"X", 1, examine},
};

static int one(struct session *s)
{
    const char *p = s->line;
    uint32_t p_put[5] = {DEBUG_PUT, (uint32_t)&s->state};

    for (s->words = 0; s->words < OPERANDS && str_word(&p, s->word[s->words], sizeof(s->word[0]));
         s->words++)
        ;
    if (!s->words)
        return GO_ON;
    for (unsigned i = 0; i < sizeof(subcommands) / sizeof(subcommands[0]); i++) {
        if (!str_abbrev(s->word[0], subcommands[i].name, subcommands[i].least))
            continue;
        int answer = subcommands[i].subcommand(s);
        cms_service(SERVICE_DEBUG, p_put);
        return answer;
    }
    return say("INVALID DEBUG REQUEST");
}

int command_main(const struct cms_call *call)
{
    static struct session s;
    struct cms_switches switches;
    uint32_t get[5] = {DEBUG_GET, (uint32_t)&s.state};
    int answer = GO_ON;

    if (call->tokens > 1)
        return cms_bad_operand(MODULE, call->token[1]);
    cms_get_switches(&switches);
    s.storage_size = switches.storage_size;
    cms_service(SERVICE_DEBUG, get);
    if (call->kind != CALL_PROGRAM)
        cms_error(0, "DMS" MODULE "728I DEBUG ENTERED.");
    while (answer == GO_ON) {
        int length = cms_read(s.line, CMS_LINE_MAX, READ_UPPER | READ_TERMINAL);
        s.line[length] = 0;
        answer = one(&s);
    }
    return s.state.stopped ? answer : DEBUG_RETURN;
}
