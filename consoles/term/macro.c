/* Commands and macro files; see macro.h.  What can be found wrong with a command is found when it
 * is read, so that a macro does not stop in its middle for a misspelt key. */
#include "consoles/term/macro.h"

#include "lib/str.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool wrong(char error[COMMAND_ERROR], const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool wrong(char error[COMMAND_ERROR], const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error, COMMAND_ERROR, format, arguments);
    va_end(arguments);
    return false;
}

const char *command_word(const struct term_command *c, unsigned n)
{
    return n < c->count ? c->text + c->words[n] : "";
}

/* --- what the words of a command must be --- */

static bool check_bind(struct term_command *c, char *error)
{
    c->key = tty_key_named(command_word(c, 0));
    c->action = action_named(command_word(c, 1));
    if (!c->key)
        return wrong(error, "there is no key '%.40s' (like F3, Ctrl-K, Alt-c, PageUp)",
                     command_word(c, 0));
    if (c->action == ACTIONS)
        return wrong(error, "no key can be made to do '%.40s' (Ctrl-K lists what there is)",
                     command_word(c, 1));
    c->number = MODE_BOTH;
    if (c->count == 3) {
        bool display = str_equal(command_word(c, 2), "3270");
        if (!display && !str_equal(command_word(c, 2), "line"))
            return wrong(error, "bind for what? It may end in 3270 or line, not in '%.40s'",
                         command_word(c, 2));
        c->number = display ? MODE_DISPLAY : MODE_LINE;
    }
    return true;
}

static bool check_connect(struct term_command *c, char *error)
{
    struct host_name name;
    if (c->count == 0)
        return true;
    if (!host_parse(command_word(c, 0), &name) ||
        (name.lu[0] ? c->count > 1 : strlen(command_word(c, 1)) >= sizeof name.lu))
        return wrong(error, "'%.60s' is not [tls://][LU@]HOST[:PORT]", command_word(c, 0));
    return true;
}

static bool check_expect(struct term_command *c, char *error)
{
    c->number = EXPECT_SECONDS;
    if (!command_word(c, 0)[0])
        return wrong(error, "expect what?");
    if (c->count == 2 && (!str_decimal(command_word(c, 1), &c->number) || c->number > 86400))
        return wrong(error, "'%.40s' is no number of seconds", command_word(c, 1));
    return true;
}

static bool check_key(struct term_command *c, char *error)
{
    c->action = action_named(command_word(c, 0));
    c->number = 1;
    if (c->action == ACTIONS || c->action == ACTION_NONE)
        return wrong(error, "there is no key '%.40s' (like ENTER, PF3, PA1, TAB, ERASE-EOF)",
                     command_word(c, 0));
    if (c->count == 2 &&
        (!str_decimal(command_word(c, 1), &c->number) || c->number < 1 || c->number > 1000))
        return wrong(error, "'%.40s' is no number of times (1 to 1000)", command_word(c, 1));
    return true;
}

static bool check_session(struct term_command *c, char *error)
{
    if (!str_decimal(command_word(c, 0), &c->number) || c->number < 1 || c->number > 99)
        return wrong(error, "'%.40s' is no number of a session", command_word(c, 0));
    return true;
}

static bool check_help(struct term_command *c, char *error)
{
    if (c->count == 0 || str_equal(command_word(c, 0), "on") ||
        str_equal(command_word(c, 0), "off"))
        return true;
    return wrong(error, "help is on or off, not '%.40s'", command_word(c, 0));
}

static const struct {
    const char *name;
    uint8_t least, most; /* words behind it */
    bool (*check)(struct term_command *c, char *error);
    const char *operands, *help;
} verbs[VERBS] = {
    [VERB_BIND] = {"bind", 2, 3, check_bind, "KEY ACTION [3270|line]",
                   "make a key of this terminal do something else"},
    [VERB_CLOSE] = {"close", 0, 0, NULL, "", "close this session"},
    [VERB_CONNECT] = {"connect", 0, 2, check_connect, "[[tls://]HOST[:PORT]] [LU]",
                      "a new session; without a host, one like this"},
    [VERB_EXPECT] = {"expect", 1, 2, check_expect, "\"TEXT\" [SECONDS]",
                     "wait until the host has shown the text (macros)"},
    [VERB_HELP] = {"help", 0, 1, check_help, "[on|off]", "the list of keys; help line on or off"},
    [VERB_KEY] = {"key", 1, 2, check_key, "KEY [TIMES]", "press a key: ENTER, PF3, PA1, TAB ..."},
    [VERB_MACRO] = {"macro", 1, 1, NULL, "FILE", "execute the commands in a file"},
    [VERB_NEXT] = {"next", 0, 0, NULL, "", "go to the next session"},
    [VERB_PREVIOUS] = {"previous", 0, 0, NULL, "", "go to the session before"},
    [VERB_QUIT] = {"quit", 0, 0, NULL, "", "close all sessions, and end"},
    [VERB_SAVE] = {"save", 1, 1, NULL, "FILE", "write the screen, or all of the paper, to a file"},
    [VERB_SEARCH] = {"search", 1, 1, NULL, "TEXT", "search backward in what was printed"},
    [VERB_SESSION] = {"session", 1, 1, check_session, "N", "go to session N"},
    [VERB_TRACE] = {"trace", 1, 1, NULL, "FILE|off", "write every screen and line to a file"},
    [VERB_TYPE] = {"type", 1, 1, NULL, "\"TEXT\"", "type the text"},
};

const char *verb_name(enum verb verb)
{
    return verbs[verb].name;
}

const char *verb_operands(enum verb verb)
{
    return verbs[verb].operands;
}

const char *verb_help(enum verb verb)
{
    return verbs[verb].help;
}

/* --- words --- */

/* Takes a word out of *from into *to, both in the same text; false if its quotes don't end. */
static bool take_word(const char **from, char **to)
{
    const char *in = *from;
    char *out = *to;
    bool quoted = *in == '"';
    in += quoted;
    while (*in && (quoted ? *in != '"' : *in != ' ' && *in != '\t')) {
        if (quoted && *in == '\\' && (in[1] == '"' || in[1] == '\\'))
            in++;
        *out++ = *in++;
    }
    if (quoted && *in++ != '"')
        return false;
    *out++ = 0;
    *from = in;
    *to = out;
    return true;
}

static bool split(struct term_command *c, const char *line, char *verb, char *error)
{
    char *to = c->text;
    char *words[COMMAND_WORDS];
    unsigned n = 0;
    while (*line == ' ' || *line == '\t')
        line++;
    while (*line) {
        if (n == COMMAND_WORDS)
            return wrong(error, "too many words (those with blanks stand in double quotes)");
        words[n++] = to;
        if (!take_word(&line, &to))
            return wrong(error, "a double quote is missing");
        while (*line == ' ' || *line == '\t')
            line++;
    }
    c->count = n ? n - 1 : 0;
    for (unsigned i = 1; i < n; i++)
        c->words[i - 1] = (uint16_t)(words[i] - c->text);
    snprintf(verb, COMMAND_LENGTH, "%s", n ? words[0] : "");
    return true;
}

bool command_parse(const char *line, struct term_command *c, char error[COMMAND_ERROR])
{
    char verb[COMMAND_LENGTH];
    memset(c, 0, sizeof *c);
    while (*line == ' ' || *line == '\t')
        line++;
    if (!*line || *line == '#')
        return true;
    /* A word needs its end, and may lie at the line's end. */
    if (strlen(line) >= COMMAND_LENGTH - COMMAND_WORDS)
        return wrong(error, "the line is too long");
    if (!split(c, line, verb, error))
        return false;
    for (unsigned v = VERB_NONE + 1; v < VERBS; v++)
        if (str_abbrev(verb, verbs[v].name, strlen(verbs[v].name) < 4 ? strlen(verbs[v].name) : 4))
            c->verb = (enum verb)v;
    if (c->verb == VERB_NONE)
        return wrong(error, "there is no command '%.40s' (help lists them)", verb);
    if (c->count < verbs[c->verb].least || c->count > verbs[c->verb].most)
        return wrong(error, "it is: %s %s", verbs[c->verb].name, verbs[c->verb].operands);
    return !verbs[c->verb].check || verbs[c->verb].check(c, error);
}

static bool take_lu(const char **text, struct host_name *name)
{
    const char *at = strchr(*text, '@');
    size_t n = at ? (size_t)(at - *text) : 0;
    if (n >= sizeof name->lu)
        return false;
    memcpy(name->lu, *text, n);
    name->lu[n] = 0;
    *text += at ? n + 1 : 0;
    return true;
}

bool host_parse(const char *text, struct host_name *name)
{
    uint32_t port = 0;
    name->tls = !strncmp(text, "tls://", 6);
    text += name->tls ? 6 : 0;
    if (!take_lu(&text, name))
        return false;
    const char *colon = strrchr(text, ':'), *end = text + strlen(text);
    if (text[0] == '[') { /* an IPv6 address has colons of its own */
        end = strchr(text, ']');
        if (!end || (end[1] && end[1] != ':'))
            return false;
        text++;
        colon = end[1] ? end + 1 : NULL;
    } else if (colon && strchr(text, ':') != colon) {
        colon = NULL; /* more than one: a bare IPv6 address */
    } else if (colon) {
        end = colon;
    }
    if (colon && (!str_decimal(colon + 1, &port) || port < 1 || port > 65535))
        return false;
    if (end == text || (size_t)(end - text) >= sizeof name->host)
        return false;
    memcpy(name->host, text, (size_t)(end - text));
    name->host[end - text] = 0;
    name->port = (uint16_t)port;
    return true;
}

/* --- files --- */

static bool add_line(struct macro *m, unsigned number, const char *line, char *error)
{
    char why[COMMAND_ERROR];
    struct term_command c;
    if (!command_parse(line, &c, why))
        return wrong(error, "%.60s:%u: %.80s", m->name, number, why);
    if (c.verb == VERB_NONE)
        return true;
    if (m->count == COMMANDS_MOST)
        return wrong(error, "%.60s: more than %u commands", m->name, COMMANDS_MOST);
    if ((m->count & (m->count - 1)) == 0) {
        struct term_command *more =
            realloc(m->commands, (m->count ? 2 * m->count : 1) * sizeof *more);
        if (!more)
            return wrong(error, "no memory");
        m->commands = more;
    }
    c.line = number;
    m->commands[m->count++] = c;
    return true;
}

struct macro *macro_parse(const char *name, const char *text, size_t length,
                          char error[COMMAND_ERROR])
{
    struct macro *m = calloc(1, sizeof *m);
    char line[COMMAND_LENGTH];
    unsigned number = 0;
    if (!m) {
        wrong(error, "no memory");
        return NULL;
    }
    snprintf(m->name, sizeof m->name, "%s", name);
    while (length > 0) {
        const char *end = memchr(text, '\n', length);
        size_t n = end ? (size_t)(end - text) : length, next = end ? n + 1 : n;
        number++;
        n -= n > 0 && text[n - 1] == '\r';
        bool good = n < sizeof line && !memchr(text, 0, n);
        if (good) {
            memcpy(line, text, n);
            line[n] = 0;
            good = add_line(m, number, line, error);
        } else {
            wrong(error, "%.60s:%u: the line is too long, or no text", name, number);
        }
        if (!good) {
            macro_free(m);
            return NULL;
        }
        text += next;
        length -= next;
    }
    return m;
}

struct macro *macro_read(const char *path, char error[COMMAND_ERROR])
{
    size_t most = COMMANDS_MOST * 64, n = 0;
    FILE *f = fopen(path, "r");
    char *text = f ? malloc(most) : NULL;
    if (text)
        n = fread(text, 1, most, f);
    if (!text || ferror(f) || n == most) {
        wrong(error, "%.80s: %s", path, n == most ? "is too long" : strerror(errno));
        free(text);
        if (f)
            fclose(f);
        return NULL;
    }
    fclose(f);
    struct macro *m = macro_parse(path, text, n, error);
    free(text);
    return m;
}

void macro_free(struct macro *m)
{
    if (m)
        free(m->commands);
    free(m);
}
