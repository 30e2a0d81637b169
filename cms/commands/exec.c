/* EXEC fn [arguments]: runs the file `fn EXEC`.  The language is cms/exec; here it meets the
 * file system, the terminal and the program stack of CMS. */
#include "cms/exec/exec.h"
#include "cms/kit/cms.h"

struct exec_command {
    struct exec interpreter;
    struct fscb file;
    struct cms_fileinfo info;
};

/* Records of the usual card form end before the sequence numbers. */
#define CARD_TEXT 72

static int get_line(void *context, uint32_t number, char *text, size_t size)
{
    struct exec_command *c = context;
    if (number > c->info.records)
        return EXEC_LINE_END;
    int rc = cms_file_read_at(&c->file, number, text, size - 1);
    if (rc == FILE_END)
        return EXEC_LINE_END;
    if (rc && rc != FILE_CUT)
        return EXEC_LINE_ERROR;
    size_t n = c->file.nord;
    if (c->info.recfm == 'F' && c->info.lrecl == 80 && n > CARD_TEXT)
        n = CARD_TEXT;
    text[n] = 0;
    return (int)n;
}

static int run_command(void *context, const char *text)
{
    return cms_command(text, strlen(text), COMMAND_IMPLIED | COMMAND_EXEC);
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
    struct cms_clock clock;
    cms_clock(&clock);
    unsigned virtual = (clock.virtual_us + 5000) / 10000, total = (clock.total_us + 5000) / 10000;
    fmt(text, size, "T=%u.%02u/%u.%02u %.8s", virtual / 100, virtual % 100, total / 100,
        total % 100, clock.time);
}

static void typing(void *context, bool on)
{
    struct cms_switches s;
    cms_get_switches(&s);
    s.typing_halted = !on;
    cms_set_switches(&s);
}

static bool halted(void *context)
{
    struct cms_switches s;
    cms_get_switches(&s);
    if (!s.halt_exec)
        return false;
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
                                             .typing = typing,
                                             .halted = halted};

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

static int run(struct exec_command *c, const struct cms_call *call)
{
    char name[9], arguments[CMS_LINE_MAX + 1];
    size_t n = 0;
    struct exec_host host = host_of_cms;
    host.context = c;
    str_unpad(name, call->token[1], 8);
    for (int i = 2; i < call->tokens; i++)
        n += fmt(arguments + n, sizeof arguments - n, "%s%.8s", i > 2 ? " " : "", call->token[i]);
    arguments[n] = 0;
    int level = enter(1);
    int rc = exec_run(&c->interpreter, &host, name, level, arguments);
    enter(-1);
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
        return cms_error(RC_NO_STORAGE, "DMSEXC109S VIRTUAL STORAGE CAPACITY EXCEEDED");
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
