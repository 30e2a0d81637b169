/* Executes commands: those typed at the terminal's command line, and those of a macro, which waits
 * for the host where it has to. */
#include "consoles/term/internal.h"

#include "lib/str.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void do_bind(struct term *t, const struct term_command *c)
{
    if (!bindings_set(&t->bindings, c->key, c->number, c->action))
        term_say(t, "too many keys are bound");
}

static void do_close(struct term *t, const struct term_command *c)
{
    term_close_session(t);
}

static void do_connect(struct term *t, const struct term_command *c)
{
    const struct session *s = term_session(t);
    struct host_name name = {.tls = s->tls_wanted, .port = s->port};
    snprintf(name.host, sizeof name.host, "%s", s->host);
    if (c->count && !host_parse(command_word(c, 0), &name))
        return; /* the parser has looked already */
    if (!name.port)
        name.port = PORT_USUAL;
    if (c->count > 1)
        snprintf(name.lu, sizeof name.lu, "%s", command_word(c, 1));
    (void)term_open_session(t, &name);
}

static void do_help(struct term *t, const struct term_command *c)
{
    if (c->count == 0) {
        t->commands = true;
        tty_escape_alone(true);
    } else {
        t->help = str_equal(command_word(c, 0), "on");
    }
}

static void do_key(struct term *t, const struct term_command *c)
{
    for (uint32_t i = 0; i < c->number; i++)
        term_do(t, c->action);
}

static void do_macro(struct term *t, const struct term_command *c)
{
    macro_start(t, command_word(c, 0));
}

static void do_next(struct term *t, const struct term_command *c)
{
    term_do(t, ACTION_NEXT);
}

static void do_previous(struct term *t, const struct term_command *c)
{
    term_do(t, ACTION_PREVIOUS);
}

static void do_quit(struct term *t, const struct term_command *c)
{
    t->quit = true;
}

static void do_save(struct term *t, const struct term_command *c)
{
    const char *path = command_word(c, 0);
    FILE *f = fopen(path, "w");
    bool good = f && session_save(term_session(t), f);
    if (f && fclose(f))
        good = false;
    if (good)
        term_say(t, "saved in %s", path);
    else
        term_say(t, "%s: %s", path, strerror(errno));
}

static void do_search(struct term *t, const struct term_command *c)
{
    struct utf8_decoder decoder = {0};
    char32_t text[EDIT_MOST];
    unsigned n = 0;
    for (const char *b = command_word(c, 0); *b && n < EDIT_MOST; b++) {
        int32_t character = utf8_decode(&decoder, (uint8_t)*b);
        if (character >= 0)
            text[n++] = (char32_t)character;
    }
    if (session_is_display(term_session(t)))
        term_say(t, "there is nothing to search: a 3270 has no paper");
    else if (!session_search(term_session(t), text, n, true))
        term_say(t, "not found before this");
}

static void do_session(struct term *t, const struct term_command *c)
{
    if (c->number <= t->tab_count)
        term_go_to(t, c->number - 1);
    else
        term_say(t, "there are %u sessions", t->tab_count);
}

static void do_trace(struct term *t, const struct term_command *c)
{
    const char *path = command_word(c, 0);
    FILE *f = str_equal(path, "off") ? NULL : fopen(path, "a");
    if (!f && !str_equal(path, "off"))
        term_say(t, "%s: %s", path, strerror(errno));
    else
        session_trace(term_session(t), f);
}

static void do_type(struct term *t, const struct term_command *c)
{
    struct utf8_decoder decoder = {0};
    for (const char *b = command_word(c, 0); *b; b++) {
        int32_t character = utf8_decode(&decoder, (uint8_t)*b);
        if (character >= 0)
            session_type(term_session(t), (char32_t)character);
    }
}

static void do_expect(struct term *t, const struct term_command *c)
{
    term_say(t, "expect is for macros");
}

static void (*const functions[VERBS])(struct term *t, const struct term_command *c) = {
    [VERB_BIND] = do_bind,       [VERB_CLOSE] = do_close, [VERB_CONNECT] = do_connect,
    [VERB_EXPECT] = do_expect,   [VERB_HELP] = do_help,   [VERB_KEY] = do_key,
    [VERB_MACRO] = do_macro,     [VERB_NEXT] = do_next,   [VERB_PREVIOUS] = do_previous,
    [VERB_QUIT] = do_quit,       [VERB_SAVE] = do_save,   [VERB_SEARCH] = do_search,
    [VERB_SESSION] = do_session, [VERB_TRACE] = do_trace, [VERB_TYPE] = do_type,
};

void execute_line(struct term *t, const char *line)
{
    char error[COMMAND_ERROR];
    struct term_command c;
    if (!command_parse(line, &c, error))
        term_say(t, "%s", error);
    else if (functions[c.verb])
        functions[c.verb](t, &c);
}

/* --- macros --- */

static void macro_end(struct term *t)
{
    macro_free(t->macro);
    t->macro = NULL;
    t->macro_waits = false;
    uv_timer_stop(&t->deadline);
}

void macro_start(struct term *t, const char *path)
{
    char error[COMMAND_ERROR];
    struct macro *m = macro_read(path, error);
    if (!m) {
        term_say(t, "%s", error);
        return;
    }
    macro_end(t);
    t->macro = m;
    t->macro_next = 0;
}

/* Whether a command can be done now.  Keys that call off what the host does can always. */
static bool may_go_on(struct term *t, const struct term_command *c)
{
    struct session *s = term_session(t);
    bool urgent = c->action == ACTION_ATTENTION || (unsigned)c->action == KEY_RESET;
    if (c->verb == VERB_EXPECT)
        return session_shows(s, command_word(c, 0));
    if (c->verb != VERB_TYPE && c->verb != VERB_KEY)
        return true;
    return s->state == SESSION_CLOSED ||
           (s->state == SESSION_OPEN && (urgent || !session_is_locked(s)));
}

void macro_step(struct term *t)
{
    while (t->macro && t->macro_next < t->macro->count && !t->quit) {
        struct term_command c = t->macro->commands[t->macro_next];
        if (!may_go_on(t, &c)) {
            uint64_t seconds = c.verb == VERB_EXPECT ? c.number : EXPECT_SECONDS;
            if (!t->macro_waits)
                uv_timer_start(&t->deadline, macro_timeout, seconds * 1000, 0);
            t->macro_waits = true;
            return;
        }
        t->macro_waits = false;
        uv_timer_stop(&t->deadline);
        t->macro_next++;
        if (c.verb != VERB_EXPECT)
            functions[c.verb](t, &c);
    }
    if (t->macro && t->macro_next == t->macro->count)
        macro_end(t);
}

void macro_timeout(uv_timer_t *timer)
{
    struct term *t = timer->data;
    const struct term_command *c = &t->macro->commands[t->macro_next];
    if (c->verb == VERB_EXPECT)
        term_say(t, "%.60s:%u: the host has not shown \"%.60s\"", t->macro->name, c->line,
                 command_word(c, 0));
    else
        term_say(t, "%.60s:%u: the host keeps the keyboard locked", t->macro->name, c->line);
    macro_end(t);
    term_draw_soon(t);
}
