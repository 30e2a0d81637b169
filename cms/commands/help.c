/* HELP [component] [topic|MENU] [(BRIEF]: texts of the files `component HELP`, which are on the
 * system disk; more of the same names on other disks are read first, so that a user may add his
 * own.
 *
 * A file is a row of sections.  A section's first line is "= TOpic words | what it is", the
 * capitals being the shortest abbreviation; lines behind it that begin with blanks show the form;
 * then, behind an empty line, the text. */
#include "cms/kit/cms.h"

#define MODULE "HLP"
#define COLUMN 11

enum { BRIEF, OPTIONS };
static const struct cms_option options[OPTIONS] = {[BRIEF] = {"BRIEF", 3}};

static const struct {
    const char *name, *title;
} components[] = {
    {"CMS", "CMS commands"},
    {"CP", "CP commands"},
    {"EDIT", "Subcommands of EDIT"},
    {"EXEC", "Words of the EXEC language"},
    {"EXEC2", "Words of EXEC 2, the language of files that begin with &TRACE"},
    {"MESSAGE", "Messages, by number: HELP DMSxxxnnnX explains one"},
    {"TASKS", "What one may want to do"},
};
#define COMPONENT_COUNT (sizeof(components) / sizeof(components[0]))

struct reading {
    struct fscb f;
    char line[CMS_LINE_MAX + 1];
};

static bool next_line(struct reading *r)
{
    int rc = cms_file_read(&r->f, r->line, CMS_LINE_MAX);

    if (rc && rc != FILE_CUT)
        return false;
    size_t n = r->f.nord;
    while (n && r->line[n - 1] == ' ')
        n--;
    r->line[n] = 0;
    return true;
}

/* Of a section's first line: its topic's name with abbreviation, and what it is. */
struct topic {
    char name[CMS_LINE_MAX + 1];
    size_t least;
    const char *what;
};

static bool is_topic(const char *line, struct topic *t)
{
    if (line[0] != '=' || line[1] != ' ')
        return false;
    str_copy(t->name, line + 2, sizeof(t->name));
    char *bar = strchr(t->name, '|');
    t->what = "";
    if (bar) {
        t->what = bar + 1 + (bar[1] == ' ');
        *bar = 0;
    }
    size_t n = strlen(t->name);
    while (n && t->name[n - 1] == ' ')
        t->name[--n] = 0;
    for (t->least = 0; t->least < n && str_upper(t->name[t->least]) == t->name[t->least];)
        t->least++;
    return n != 0;
}

/* Opens `component HELP` of the disk `letter`. */
static bool open_help(struct reading *r, const char *component, char letter)
{
    struct cms_fileid id;
    struct cms_fileinfo info;
    char mode[2] = {letter, 0};

    cms_fileid(&id, component, "HELP", mode);
    if (cms_state(&id, &info) || info.id.fm[0] != letter)
        return false;
    cms_file(&r->f, &info.id);
    return true;
}

static void show_section(struct reading *r, const struct topic *t, bool brief)
{
    struct topic next;

    cms_printf("%s - %s", t->name, t->what);
    while (next_line(r) && !is_topic(r->line, &next)) {
        if (brief && !r->line[0])
            return;
        cms_write(r->line, strlen(r->line));
    }
}

static bool fits(const struct topic *t, const char *word)
{
    /* Names of the EXEC language are found with and without their ampersand. */
    const char *name = t->name + (t->name[0] == '&' && word[0] != '&');
    size_t least = t->least - (name != t->name);

    return str_equal(word, name) || str_abbrev(word, name, least ? least : 1);
}

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* True if a section of the component was shown. */
static bool show(const char *component, const char *word, bool brief)
{
    static struct reading r;
    static struct topic t;
    bool found = false;

    for (const char *l = letters; *l && !found; l++) {
        if (!open_help(&r, component, *l))
            continue;
        while (!found && next_line(&r))
            found = is_topic(r.line, &t) && fits(&t, word);
        if (found)
            show_section(&r, &t, brief);
        cms_file_close(&r.f);
    }
    return found;
}

/* The names of all topics in columns. */
static int menu(unsigned component)
{
    static struct reading r;
    static struct topic t;
    char line[80];
    size_t n = 0;
    bool any = false;

    for (const char *l = letters; *l; l++) {
        if (!open_help(&r, components[component].name, *l))
            continue;
        if (!any)
            cms_printf("%s (HELP %s name shows one):", components[component].title,
                       components[component].name);
        any = true;
        while (next_line(&r)) {
            if (!is_topic(r.line, &t))
                continue;
            if (n && n + 2 + strlen(t.name) > sizeof(line)) {
                cms_write(line, n);
                n = 0;
            }
            n += fmt(line + n, sizeof(line) - n, "%-*s ", COLUMN, t.name);
        }
        cms_file_close(&r.f);
    }
    if (n)
        cms_write(line, n);
    return any ? RC_OK
               : cms_error(RC_NOT_FOUND, "DMS" MODULE "002E FILE '%s HELP' NOT FOUND",
                           components[component].name);
}

static int component_of(const char *word)
{
    for (unsigned i = 0; i < COMPONENT_COUNT; i++)
        if (str_abbrev(word, components[i].name, strlen(components[i].name)) ||
            (!strcmp(components[i].name, "MESSAGE") && str_equal(word, "MESSAGES")))
            return (int)i;
    return -1;
}

/* "DMSCPY024E" or "DMS024E": the section is DMS024, whoever says it. */
static bool message_number(const char *word, char topic[8])
{
    size_t n = strlen(word), at = n > 8 ? 6 : 3;

    if (n < 6 || n > 10 || strncmp(word, "DMS", 3))
        return false;
    for (size_t i = at; i < at + 3; i++)
        if (!str_is_digit(word[i]))
            return false;
    fmt(topic, 8, "DMS%.3s", word + at);
    return true;
}

static int not_found(const char *word)
{
    return cms_error(RC_NOT_FOUND,
                     "DMS" MODULE "254E HELP CANNOT FIND THE INFORMATION YOU REQUESTED: %s", word);
}

static int one_word(const char *word, bool brief)
{
    char topic[8];

    if (str_equal(word, "MENU"))
        return menu(0);
    if (message_number(word, topic))
        return show("MESSAGE", topic, brief) ? RC_OK : not_found(word);
    for (unsigned i = 0; i < COMPONENT_COUNT; i++)
        if (show(components[i].name, word, brief))
            return RC_OK;
    int component = component_of(word);
    return component < 0 ? not_found(word) : menu((unsigned)component);
}

int command_main(const struct cms_call *call)
{
    char line[CMS_LINE_MAX + 1], first[CMS_LINE_MAX + 1], *second, *paren;
    const char *at = line, *found[OPTIONS];
    int rc = cms_parse_options(call, MODULE, options, OPTIONS, found);

    if (rc)
        return rc;
    cms_arguments(call, 1, line);
    str_upcase(line, strlen(line));
    if ((paren = strchr(line, '(')) != NULL)
        *paren = 0;
    bool brief = found[BRIEF] != NULL;
    if (!str_word(&at, first, sizeof(first)))
        return show("TASKS", "HELP", brief) ? RC_OK : not_found("HELP");
    second = line + (at - line);
    for (size_t n = strlen(second); n && second[n - 1] == ' ';)
        second[--n] = 0;
    if (!*second)
        return one_word(first, brief);
    int component = component_of(first);
    if (component < 0)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "640E INVALID COMPONENT '%s'", first);
    if (str_equal(second, "MENU"))
        return menu((unsigned)component);
    char topic[8];
    if (message_number(second, topic))
        second = topic;
    return show(components[component].name, second, brief) ? RC_OK : not_found(second);
}
