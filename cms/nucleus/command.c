/* The command loop: reads a line, finds what it names, runs it, says Ready.
 *
 * Order of search, for a line typed or from an EXEC (VM/370 CMS User's Guide): an EXEC of
 * that name; a nucleus extension, nucleus function or MODULE; the name as synonym or abbreviation,
 * again as EXEC, then as function or MODULE; CP. */
#include "cms/nucleus/nucleus.h"

/* What a running command keeps: its line and its parameter list, where programs may read
 * them. */
struct command_area {
    struct extended_plist extended;
    char line[CMS_LINE_MAX + 1];
    char tokens[TOKENS_MAX + 1][8]; /* [0] is room for "EXEC" */
};

/* The system's abbreviations (VM/370 CMS Command Reference, "Command abbreviations"). */
static const struct {
    char name[9];
    uint8_t least;
} abbreviations[] = {
    {"ACCESS", 2},  {"BROWSE", 2}, {"COMPARE", 4},  {"COPYFILE", 4}, {"EDIT", 1},    {"ERASE", 3},
    {"EXEC", 2},    {"GENMOD", 1}, {"HELP", 1},     {"LISTFILE", 1}, {"LOADMOD", 5}, {"PRINT", 2},
    {"PUNCH", 2},   {"QUERY", 1},  {"READCARD", 4}, {"RELEASE", 3},  {"INCLUDE", 2}, {"LOAD", 2},
    {"MACLIB", 3},  {"TXTLIB", 3}, {"GLOBAL", 2},   {"ASSEMBLE", 2}, {"RENAME", 1},  {"START", 2},
    {"SYNONYM", 3}, {"TYPE", 1},   {"FILEDEF", 2},  {"MOVEFILE", 4},
};

static bool blank(const char *line, uint32_t length)
{
    for (uint32_t i = 0; i < length; i++)
        if (line[i] != ' ')
            return false;
    return true;
}

static void set_id(struct cms_fileid *id, const char name[8], const char *type)
{
    memcpy(id->fn, name, 8);
    memcpy(id->ft, type, 8);
    memcpy(id->fm, "* ", 2);
}

static int run_module(const struct cms_fileid *id, uint32_t plist, uint8_t kind, uint32_t r0)
{
    struct loaded l;

    int rc = load_module(id, OWNER_PROGRAM, &l);
    if (rc)
        return rc == RC_NOT_IN_SUBSET ? rc : RC_LOAD_FAILED;
    struct entry_point at = {l.entry, 0, program_psw(l.system)};
    rc = enter_at(&at, id->fn, r0, (uint32_t)kind << 24 | plist);
    if (l.relocatable)
        storage_free((void *)l.origin, l.size);
    return rc;
}

int command_plist(uint32_t plist, uint8_t kind, uint32_t r0)
{
    struct call call = {(uint8_t *)plist, kind, r0};
    struct cms_fileid id;
    struct cms_fileinfo info;
    char name[8];

    memcpy(name, (const char *)plist, 8);
    if (kind == CALL_SUBCOMMAND) {
        const struct scblock *s = resident_find(RESIDENT_SUBCOMMAND, name);
        return s ? resident_enter(s, r0, (uint32_t)kind << 24 | plist) : RC_UNKNOWN;
    }
    const struct scblock *extension =
        kind == CALL_NO_EXTENSION ? NULL : resident_find(RESIDENT_EXTENSION, name);
    if (extension)
        return resident_enter(extension, r0, (uint32_t)kind << 24 | plist);
    nucleus_function *function = function_find(name, kind);
    if (function)
        return function(&call);
    set_id(&id, name, "MODULE  ");
    if (name[0] == '*' || file_find(&id, &info) != RC_OK)
        return NOT_A_COMMAND;
    return run_module(&info.id, plist, kind, r0);
}

static bool exec_exists(const char name[8])
{
    struct cms_fileid id;
    struct cms_fileinfo info;

    set_id(&id, name, "EXEC    ");
    return name[0] != '*' && file_find(&id, &info) == RC_OK;
}

/* EXEC name args, the user's line beginning at the name. */
static int run_exec(struct command_area *a, uint8_t kind)
{
    struct extended_plist extended = a->extended;

    extended.begin = extended.command;
    a->extended = extended;
    memcpy(a->tokens[0], "EXEC    ", 8);
    return command_plist((uint32_t)a->tokens[0], kind, (uint32_t)&a->extended);
}

static bool fits(const char name[8], const char *full, uint8_t least)
{
    char word[9], padded[9];

    str_unpad(word, name, 8);
    str_unpad(padded, full, 8);
    return least ? str_abbrev(word, padded, least) : str_equal(word, padded);
}

/* Replaces the name by what it stands for: the user's synonyms first. */
static bool expand(char name[8])
{
    char padded[8];

    for (unsigned i = 0; i < nuc.synonym_count; i++) {
        const struct cms_synonym *s = &nuc.synonyms[i];
        if (fits(name, s->synonym, s->least)) {
            memcpy(name, s->command, 8);
            return true;
        }
    }
    if (!nuc.sw.abbreviate || !nuc.system_synonyms)
        return false;
    for (unsigned i = 0; i < sizeof(abbreviations) / sizeof(abbreviations[0]); i++) {
        str_pad(padded, abbreviations[i].name, 8);
        if (fits(name, padded, abbreviations[i].least) && memcmp(name, padded, 8)) {
            memcpy(name, padded, 8);
            return true;
        }
    }
    return false;
}

/* As EXEC, function or MODULE; the name is tokens[1]. */
static int try_name(struct command_area *a, unsigned flags, uint8_t kind)
{
    if ((flags & COMMAND_IMPLIED) && nuc.sw.implied_exec && exec_exists(a->tokens[1]))
        return run_exec(a, kind);
    return command_plist((uint32_t)a->tokens[1], kind, (uint32_t)&a->extended);
}

/* How much of a CP command is in capitals: all, but the text of a message, which is the other
 * user's to read. */
static uint32_t upper_length(const char *text, uint32_t length)
{
    static const struct {
        const char *name;
        uint8_t least;
    } messages[] = {{"MESSAGE", 1}, {"MSG", 1},     {"MSGNOH", 4},
                    {"SMSG", 2},    {"WARNING", 1}, {"WNG", 1}};
    char line[CMS_LINE_MAX + 1], word[9];
    const char *at = line;

    memcpy(line, text, length);
    line[length] = 0;
    if (!str_word(&at, word, sizeof(word)))
        return length;
    for (size_t i = 0; i < sizeof(messages) / sizeof(*messages); i++)
        if (str_abbrev(word, messages[i].name, messages[i].least) &&
            str_word(&at, word, sizeof(word)))
            return (uint32_t)(at - line);
    return length;
}

/* DIAGNOSE 8; with response NULL CP types its answer at the console. */
int cp_command(const char *text, uint32_t length, char *response, uint32_t size,
               uint32_t *response_length)
{
    char line[CMS_LINE_MAX];
    uint32_t lengths[2];

    *response_length = 0;
    if (!nuc.under_cp)
        return RC_UNKNOWN_CP;
    if (length > 132)
        length = 132;
    memcpy(line, text, length);
    str_upcase(line, upper_length(text, length));
    lengths[0] = length | (response ? 0x40000000 : 0);
    lengths[1] = response ? size : 0;
    int rc = diagnose_08(line, response, lengths);
    /* Cut: the length that did not fit comes back. */
    *response_length = lengths[0] == UINT32_MAX ? size + lengths[1] : lengths[1];
    return rc == 1 ? RC_UNKNOWN_CP : rc;
}

static int unknown(unsigned flags)
{
    if (!(flags & COMMAND_QUIET))
        console_print(nuc.under_cp && nuc.sw.implied_cp ? "Unknown CP/CMS command"
                                                        : "Unknown CMS command");
    return RC_UNKNOWN;
}

static int run_in_area(struct command_area *a, uint32_t length, unsigned flags, uint8_t kind)
{
    uint32_t ignored;

    if (!tokenize(a->line, length, a->tokens + 1, TOKENS_MAX))
        return RC_OK;
    uint32_t start = 0;
    while (a->line[start] == ' ')
        start++;
    a->extended.command = (uint32_t)a->line + start;
    a->extended.begin = (uint32_t)a->line + (uint32_t)tokens_arguments(a->line, length);
    a->extended.end = (uint32_t)a->line + length;
    int rc = try_name(a, flags, kind);
    if (rc == NOT_A_COMMAND && expand(a->tokens[1]))
        rc = try_name(a, flags, kind);
    if (rc != NOT_A_COMMAND)
        return rc;
    if ((flags & COMMAND_IMPLIED) && nuc.sw.implied_cp && nuc.under_cp) {
        rc = cp_command(a->line + start, length - start, NULL, 0, &ignored);
        if (rc != RC_UNKNOWN_CP)
            return rc;
    }
    return unknown(flags);
}

int command_line(const char *line, uint32_t length, unsigned flags, uint8_t kind)
{
    struct command_area *a;
    int rc;

    if (length > CMS_LINE_MAX)
        length = CMS_LINE_MAX;
    while (length && line[length - 1] == ' ')
        length--;
    a = storage_get(sizeof(*a), OWNER_PROGRAM);
    if (!a)
        return console_error(RC_NO_STORAGE, "DMSINT109S VIRTUAL STORAGE CAPACITY EXCEEDED");
    memset(a, 0, sizeof(a->extended));
    memcpy(a->line, line, length);
    a->line[length] = ' ';
    rc = run_in_area(a, length, flags, kind);
    storage_free(a, sizeof(*a));
    return rc;
}

/* Hundredths of a second, as "T=0.01". */
static void times(char *to, size_t size, uint32_t virtual_us, uint32_t total_us)
{
    uint32_t v = virtual_us / 10000, t = total_us / 10000;

    fmt(to, size, "T=%u.%02u/%u.%02u", v / 100, v % 100, t / 100, t % 100);
}

static void ready(int rc)
{
    struct cms_clock c;
    char code[12] = "", cpu[32];

    nuc.sw.typing_halted = 0;
    if (rc)
        fmt(code, sizeof(code), "(%05d)", rc);
    if (nuc.sw.ready_short) {
        console_print("R%s;", code);
        return;
    }
    clock_now(&c);
    times(cpu, sizeof(cpu), c.virtual_us - nuc.command_start.virtual_us,
          c.total_us - nuc.command_start.total_us);
    console_print("Ready%s; %s %.8s", code, cpu, c.time);
}

/* What every command leaves behind is cleaned up: files closed, changes made true,
 * storage free. */
static void clean_up(void)
{
    nuc.in_command = false;
    nuc.halt_program = false;
    file_close_all();
    disk_commit_all();
    event_forget();
    resident_end_of_command();
    storage_free_owner(OWNER_PROGRAM);
    storage_release_pages();
    nuc.sw.halt_exec = 0;
}

static void one_command(const char *line, uint32_t length)
{
    clock_now(&nuc.command_start);
    nuc.in_command = true;
    nuc.empty_reads = 0;
    int rc = command_line(line, length, COMMAND_IMPLIED, CALL_CONSOLE);
    clean_up();
    nuc.sw.last_rc = rc;
    ready(rc);
}

void command_loop(void)
{
    char line[CMS_LINE_MAX];
    bool first = nuc.sw.storage_size && !nuc.in_command;

    clean_up();
    if (first && !nuc.recovery_length)
        ready(RC_OK);
    for (;;) {
        uint32_t length = nuc.recovery_length;
        if (length) {
            memcpy(line, nuc.recovery, length);
            nuc.recovery_length = 0;
        } else {
            length = (uint32_t)console_read(line, 0);
        }
        if (blank(line, length))
            console_write("CMS", 3, 0);
        else if (line[0] != '*' && !console_immediate(line, (int)length))
            one_command(line, length);
    }
}
