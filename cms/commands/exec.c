/* EXEC fn [arguments]: runs the file `fn EXEC`.  The language is cms/exec, or cms/exec2 if it
 * begins with &TRACE; here it meets the file system, the terminal and the program stack of CMS. */
#include "cms/exec/exec.h"
#include "cms/exec2/exec2.h"
#include "cms/kit/cms.h"
#include "cms/kit/scblock.h"

struct exec_command {
    struct exec *first; /* the interpreter: one of these */
    struct exec2 *second;
    struct fscb file;
    struct cms_fileinfo info;
    const struct cms_switches *switches;
    uint32_t virtual_us, total_us; /* when the EXEC began, or &TIME RESET was */
    /* The whole file, if there is room for it: each record behind its length. */
    uint8_t *text, **lines;
    size_t text_size, lines_size;
};

/* Records of the usual card form end before the sequence numbers. */
#define CARD_TEXT 72

static int read_record(struct exec_command *c, uint32_t number, char *text, size_t size)
{
    int rc = cms_file_read_at(&c->file, number, text, size);
    if (rc && rc != FILE_CUT)
        return rc == FILE_END ? EXEC_LINE_END : EXEC_LINE_ERROR;
    size_t n = c->file.nord;
    if (c->info.recfm == 'F' && c->info.lrecl == 80 && n > CARD_TEXT)
        n = CARD_TEXT;
    while (n && text[n - 1] == ' ')
        n--;
    return (int)n;
}

static int get_line(void *context, uint32_t number, char *text, size_t size)
{
    struct exec_command *c = context;
    int n;
    if (number > c->info.records)
        return EXEC_LINE_END;
    if (c->lines) {
        n = c->lines[number - 1][0];
        memcpy(text, c->lines[number - 1] + 1, (size_t)n);
    } else
        n = read_record(c, number, text, size - 1);
    if (n >= 0)
        text[n] = 0;
    return n;
}

/* A loop reads its lines again and again: without room for all of them from the disk. */
static void keep_lines(struct exec_command *c)
{
    struct cms_disk disk;
    if (cms_disk(c->info.id.fm[0], &disk))
        return;
    uint32_t bytes =
        c->info.recfm == 'F' ? c->info.records * c->info.lrecl : c->info.blocks * disk.block_size;
    c->text_size = bytes + c->info.records + EXEC_LINE;
    c->lines_size = c->info.records * sizeof *c->lines;
    c->text = cms_alloc(c->text_size);
    uint8_t **lines = c->text ? cms_alloc(c->lines_size) : NULL;
    uint8_t *at = c->text;
    for (uint32_t i = 0; lines && i < c->info.records; i++) {
        bool room = c->text + c->text_size >= at + EXEC_LINE;
        int n = room ? read_record(c, i + 1, (char *)at + 1, EXEC_LINE - 1) : -1;
        if (n < 0) {
            cms_free(lines, c->lines_size);
            return;
        }
        at[0] = (uint8_t)n;
        lines[i] = at;
        at += n + 1;
    }
    c->lines = lines;
}

static void forget_lines(struct exec_command *c)
{
    if (c->text)
        cms_free(c->text, c->text_size);
    if (c->lines)
        cms_free(c->lines, c->lines_size);
}

static int run_command(void *context, const char *text)
{
    return cms_command(text, strlen(text), COMMAND_IMPLIED | COMMAND_EXEC);
}

/* EXEC 2 does not look for EXECs nor ask CP. */
static int run_command_as_is(void *context, const char *text)
{
    return cms_command(text, strlen(text), COMMAND_EXEC | COMMAND_QUIET);
}

static int run_subcommand(void *context, const char *environment, const char *text)
{
    char words[2][8];
    struct extended_plist e = {(uint32_t)text, (uint32_t)text, (uint32_t)text + strlen(text), 0};

    str_pad(words[0], environment, 8);
    str_upcase(words[0], 8);
    memset(words[1], 0xff, 8);
    return cms_svc202_as(words, CALL_SUBCOMMAND, &e);
}

static void type(void *context, const char *text)
{
    cms_write(text, strlen(text));
}

static void read_line(void *context, char *text, size_t size)
{
    int n = cms_read(text, size - 1, READ_UPPER);
    text[n > 0 ? n : 0] = 0;
}

static void read_as_typed(void *context, char *text, size_t size)
{
    int n = cms_read(text, size - 1, 0);
    text[n > 0 ? n : 0] = 0;
}

static bool stack_is_empty(void *context)
{
    return cms_stacked() == 0;
}

static void stack(void *context, const char *text, bool lifo)
{
    cms_stack(text, strlen(text), lifo ? STACK_LIFO : STACK_FIFO);
}

static void punch(void *context, const char *text)
{
    char card[80];
    str_pad(card, text, sizeof card);
    cms_card_punch(card, sizeof card);
}

/* The mode letter of the read-write disk with the most room, or of the first one. */
static void find_disk(bool most, char *value, size_t size)
{
    uint32_t best = 0;
    str_copy(value, "NONE", size);
    for (const char *letter = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"; *letter; letter++) {
        struct cms_disk disk;
        if (cms_disk(*letter, &disk) || disk.read_only || disk.blocks - disk.used <= best)
            continue;
        best = disk.blocks - disk.used;
        value[0] = *letter;
        value[1] = 0;
        if (!most)
            return;
    }
}

static bool special(void *context, const char *name, char *value, size_t size)
{
    struct cms_switches s;
    struct cms_disk disk;
    if (!strncmp(name, "DISK", 4) && name[4] && !name[5]) {
        if (name[4] == '*' || name[4] == '?')
            find_disk(name[4] == '?', value, size);
        else
            str_copy(value, cms_disk(str_upper(name[4]), &disk) ? "NA" : "CMS", size);
        return true;
    }
    if (str_equal(name, "DOS")) {
        str_copy(value, "OFF", size);
        return true;
    }
    if (str_equal(name, "TYPEFLA")) {
        cms_get_switches(&s);
        str_copy(value, s.typing_halted ? "HT" : "RT", size);
        return true;
    }
    return false;
}

/* EXEC 2's. */
static bool fact(void *context, const char *name, char *value, size_t size)
{
    const struct exec_command *c = context;
    struct cms_clock clock;
    cms_clock(&clock);
    if (!strcmp(name, "FILENAME"))
        str_unpad(value, c->info.id.fn, 8);
    else if (!strcmp(name, "FILETYPE"))
        str_unpad(value, c->info.id.ft, 8);
    else if (!strcmp(name, "FILEMODE"))
        str_unpad(value, c->info.id.fm, 2);
    else if (!strcmp(name, "DATE"))
        fmt(value, size, "%02u/%02u/%02u", clock.year % 100, clock.month, clock.day);
    else if (!strcmp(name, "TIME"))
        fmt(value, size, "%.8s", clock.time);
    else
        return false;
    return true;
}

static void global(void *context, int n, int *value, bool set)
{
    struct cms_switches s;
    cms_get_switches(&s);
    if (set) {
        s.exec_globals[n] = *value;
        cms_set_switches(&s);
    }
    *value = s.exec_globals[n];
}

static void times(void *context, char *text, size_t size)
{
    const struct exec_command *c = context;
    struct cms_clock clock;
    cms_clock(&clock);
    unsigned virtual = (clock.virtual_us - c->virtual_us + 5000) / 10000;
    unsigned total = (clock.total_us - c->total_us + 5000) / 10000;
    fmt(text, size, "T=%u.%02u/%u.%02u %.8s", virtual / 100, virtual % 100, total / 100,
        total % 100, clock.time);
}

static void reset_times(void *context)
{
    struct exec_command *c = context;
    struct cms_clock clock;
    cms_clock(&clock);
    c->virtual_us = clock.virtual_us;
    c->total_us = clock.total_us;
}

static void quiet(void *context, bool on)
{
    struct cms_switches s;
    cms_get_switches(&s);
    s.no_file_quiet = on;
    cms_set_switches(&s);
}

static void typing(void *context, bool on)
{
    struct cms_switches s;
    cms_get_switches(&s);
    s.typing_halted = !on;
    cms_set_switches(&s);
}

static bool traced(void *context)
{
    const struct exec_command *c = context;
    return c->switches->exec_trace;
}

static bool halted(void *context)
{
    struct exec_command *c = context;
    struct cms_switches s;
    if (!c->switches->halt_exec)
        return false;
    cms_get_switches(&s);
    s.halt_exec = 0;
    cms_set_switches(&s);
    return true;
}

static const struct exec_host host_of_cms = {.line = get_line,
                                             .command = run_command,
                                             .type = type,
                                             .read = read_line,
                                             .stack_is_empty = stack_is_empty,
                                             .stack = stack,
                                             .punch = punch,
                                             .special = special,
                                             .global = global,
                                             .times = times,
                                             .reset_times = reset_times,
                                             .quiet = quiet,
                                             .typing = typing,
                                             .traced = traced,
                                             .halted = halted};

/* EXECCOMM of EXEC 2: names and values of any length and case. */
static int second_variable(void *context, struct shvblock *b)
{
    struct exec_command *c = context;
    char name[EXEC2_WORD], value[EXEC2_WORD] = "";
    const char *from = (const char *)b->name;
    size_t n = b->name_length;
    if (n && *from == '&')
        from++, n--;
    if (!n || n >= sizeof name)
        return SHV_BAD_NAME;
    memcpy(name, from, n);
    name[n] = 0;
    if (b->code == SHV_SET || b->code == SHV_DROP) {
        if (b->code == SHV_SET && b->length >= sizeof value)
            return SHV_BAD_VALUE;
        n = b->code == SHV_SET ? b->length : 0;
        memcpy(value, (const char *)b->value, n);
        value[n] = 0;
        return exec2_variable_set(c->second, name, value) ? SHV_BAD_NAME : 0;
    }
    if (b->code != SHV_FETCH)
        return SHV_BAD_CODE;
    bool there = exec2_variable_get(c->second, name, value);
    b->length = strlen(value);
    memcpy((char *)b->value, value, b->length < b->size ? b->length : b->size);
    return b->length > b->size ? SHV_CUT : there ? 0 : SHV_NEW;
}

/* EXECCOMM.  Names and values are those of EXEC: eight characters, with the ampersand. */
static int variable(void *context, struct shvblock *b)
{
    struct exec_command *c = context;
    const char *from = (const char *)b->name;
    char name[9], value[9] = "";
    size_t n = b->name_length;
    if (n && *from == '&')
        from++, n--;
    if (!n)
        return SHV_BAD_NAME;
    memset(name, 0, sizeof name);
    memcpy(name, from, n < 7 ? n : 7);
    str_upcase(name, 8);
    if (b->code == SHV_SET) {
        n = b->length < 8 ? b->length : 8;
        memcpy(value, (const char *)b->value, n);
        value[n] = 0;
        if (exec_variable_set(c->first, name, value))
            return SHV_BAD_NAME;
        return b->length > 8 ? SHV_BAD_VALUE : 0;
    }
    if (b->code == SHV_DROP)
        return exec_variable_set(c->first, name, "") ? SHV_BAD_NAME : 0;
    if (b->code != SHV_FETCH)
        return SHV_BAD_CODE;
    exec_variable_get(c->first, name, value, sizeof value);
    b->length = strlen(value);
    memcpy((char *)b->value, value, b->length < b->size ? b->length : b->size);
    return b->length > b->size ? SHV_CUT : b->length ? 0 : SHV_NEW;
}

/* Counts the nesting; returns the new level.  In the first EXEC all &GLOBALn begin with 1. */
static int enter(int by)
{
    struct cms_switches s;
    cms_get_switches(&s);
    s.exec_level = (uint8_t)(s.exec_level + by);
    for (int i = 0; by > 0 && s.exec_level == 1 && i < 10; i++)
        s.exec_globals[i] = 1;
    cms_set_switches(&s);
    return s.exec_level;
}

static int no_storage(void)
{
    return cms_error(RC_NO_STORAGE, "DMSEXC109S VIRTUAL STORAGE CAPACITY EXCEEDED");
}

/* The language with tokens of eight characters. */
static int run_first(struct exec_command *c, const struct exec_host *host,
                     const struct cms_call *call, const char *name, int level)
{
    char arguments[CMS_LINE_MAX + 1];
    struct cms_variables variables = {c, variable};
    size_t n = 0;
    c->first = cms_alloc(sizeof *c->first);
    if (!c->first)
        return no_storage();
    for (int i = 2; i < call->tokens; i++)
        n += fmt(arguments + n, sizeof arguments - n, "%s%.8s", i > 2 ? " " : "", call->token[i]);
    arguments[n] = 0;
    cms_offer_variables(&variables);
    int rc = exec_run(c->first, host, name, level, arguments);
    cms_withdraw_variables();
    cms_free(c->first, sizeof *c->first);
    return rc;
}

static int run_second(struct exec_command *c, const struct exec_host *host,
                      const struct cms_call *call, const char *name, int level)
{
    char arguments[CMS_LINE_MAX + 1];
    struct cms_variables variables = {c, second_variable};
    struct exec2_host second = {*host, run_subcommand, fact};
    c->second = cms_alloc(sizeof *c->second);
    if (!c->second)
        return no_storage();
    second.common.command = run_command_as_is;
    second.common.read = read_as_typed;
    cms_arguments(call, 2, arguments);
    cms_offer_variables(&variables);
    int rc = exec2_run(c->second, &second, name, level, arguments);
    cms_withdraw_variables();
    cms_free(c->second, sizeof *c->second);
    return rc;
}

static int run(struct exec_command *c, const struct cms_call *call)
{
    char name[9];
    struct exec_host host = host_of_cms;
    host.context = c;
    str_unpad(name, call->token[1], 8);
    bool was_quiet = cms_view_switches()->no_file_quiet;
    int level = enter(1);
    c->switches = cms_view_switches();
    reset_times(c);
    quiet(c, true); /* &CONTROL NOMSG is how an EXEC begins */
    keep_lines(c);
    int rc = exec2_is_program(&host) ? run_second(c, &host, call, name, level)
                                     : run_first(c, &host, call, name, level);
    quiet(c, was_quiet);
    enter(-1);
    forget_lines(c);
    cms_file_close(&c->file);
    return rc;
}

int command_main(const struct cms_call *call)
{
    struct cms_fileid id;
    if (call->tokens < 2)
        return cms_error(RC_BAD_OPERAND, "DMSEXC001E NO FILENAME SPECIFIED");
    struct exec_command *c = cms_alloc(sizeof *c);
    if (!c)
        return no_storage();
    memset(c, 0, sizeof *c);
    cms_fileid(&id, "", "EXEC", "*");
    memcpy(id.fn, call->token[1], sizeof id.fn);
    int rc = cms_state(&id, &c->info);
    if (rc)
        rc = cms_error(RC_NOT_FOUND, "DMSEXC002E FILE '%.8s EXEC' NOT FOUND", call->token[1]);
    else {
        cms_file(&c->file, &c->info.id);
        rc = run(c, call);
    }
    cms_free(c, sizeof *c);
    return rc;
}
