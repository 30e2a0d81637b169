/* Proves: the tables and parsers of the full-screen terminal: every key's name leads back to it,
 * every action has a name and, if it is on the keypad, a key; commands and macro files are taken
 * or refused with a message that names the line; the paper prints, forgets and finds; the
 * typed line edits and remembers, also in the line console's file. */
#include "consoles/term/history.h"
#include "consoles/term/line_edit.h"
#include "consoles/term/macro.h"
#include "consoles/term/paper.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <histedit.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- keys --- */

START_TEST(names_of_keys)
{
    static const char *const names[] = {"Enter", "Tab",      "Shift-Tab", "F1",      "F12",
                                        "Esc",   "Shift-F1", "Shift-F12", "Ctrl-K",  "Ctrl-]",
                                        "Alt-c", "Alt-C",    "Alt-Left",  "PageUp",  "Alt-Enter",
                                        "a",     "Space",    "Alt-,",     "Alt-Esc", "Ctrl-PageUp"};
    char name[TTY_NAME];
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        tty_key key = tty_key_named(names[i]);
        ck_assert_msg(key != 0, "%s", names[i]);
        tty_key_name(key, name);
        ck_assert_str_eq(name, names[i]);
    }
    ck_assert_uint_eq(tty_key_named("f13"), tty_key_named("shift-f1"));
    ck_assert_uint_eq(tty_key_named("ctrl-k"), TTY_CTRL('K'));
    static const char *const none[] = {"",      "F0",     "F25",  "Shift-F13",
                                       "Ctrl-", "Ctrl-1", "Alt-", "xy"};
    for (unsigned i = 0; i < sizeof none / sizeof *none; i++)
        ck_assert_msg(tty_key_named(none[i]) == 0, "%s", none[i]);
    tty_key_name(0x20ac | TTY_ALT, name);
    ck_assert_str_eq(name, "Alt-\xe2\x82\xac");
}
END_TEST

START_TEST(names_of_actions)
{
    char name[TTY_NAME];
    for (unsigned a = 0; a < ACTIONS; a++) {
        action_name((enum action)a, name);
        ck_assert_uint_eq(action_named(name), a);
        ck_assert_msg(action_help((enum action)a)[0] && strlen(action_help((enum action)a)) < 78,
                      "%s", name);
    }
    ck_assert_uint_eq(action_named("pf24"), KEY_PF24);
    ck_assert_str_eq(action_help((enum action)KEY_ENTER), "sends what you have filled in");
    ck_assert_uint_eq(action_named("none"), ACTION_NONE);
    ck_assert_uint_eq(action_named("PF25"), ACTIONS);
}
END_TEST

/* Whatever can be done has a key from the start, in the mode where it makes sense; and no key
 * means two things in one mode. */
START_TEST(default_bindings)
{
    struct bindings b;
    bindings_default(&b);
    for (unsigned a = 0; a < ACTIONS; a++) {
        char name[TTY_NAME];
        action_name((enum action)a, name);
        if (a != KEY_BACKSPACE) /* the 3270's moves only: KEY_LEFT does that */
            ck_assert_msg(bindings_key(&b, (enum action)a, MODE_DISPLAY) ||
                              bindings_key(&b, (enum action)a, MODE_LINE),
                          "%s has no key", name);
    }
    for (unsigned a = 0; a < KEYS; a++)
        if (a != KEY_BACKSPACE)
            ck_assert(bindings_key(&b, (enum action)a, MODE_DISPLAY));
    for (unsigned i = 0; i < b.count; i++)
        for (unsigned k = 0; k < i; k++)
            ck_assert(b.rows[i].key != b.rows[k].key || !(b.rows[i].modes & b.rows[k].modes));
}
END_TEST

START_TEST(changed_bindings)
{
    struct bindings b;
    bindings_default(&b);
    tty_key key = TTY_F1 + 2;
    ck_assert_uint_eq(bindings_find(&b, key, MODE_DISPLAY), KEY_PF1 + 2);
    ck_assert_uint_eq(bindings_find(&b, key, MODE_LINE), ACTION_NONE);
    ck_assert(bindings_set(&b, key, MODE_BOTH, ACTION_CLOSE));
    ck_assert_uint_eq(bindings_find(&b, key, MODE_DISPLAY), ACTION_CLOSE);
    ck_assert_uint_eq(bindings_key(&b, ACTION_CLOSE, MODE_LINE), key);
    ck_assert(bindings_set(&b, key, MODE_LINE, ACTION_NONE));
    ck_assert_uint_eq(bindings_find(&b, key, MODE_DISPLAY), ACTION_CLOSE);
    ck_assert_uint_eq(bindings_find(&b, key, MODE_LINE), ACTION_NONE);
    unsigned n = 0;
    while (bindings_set(&b, 0x1000 + n, MODE_BOTH, ACTION_HELP))
        ck_assert_uint_lt(n++, BINDINGS_MOST);
    ck_assert_uint_eq(b.count, BINDINGS_MOST);
}
END_TEST

/* --- commands --- */

static struct term_command command;
static char error[COMMAND_ERROR];

static void good(const char *line, enum verb verb)
{
    error[0] = 0;
    ck_assert_msg(command_parse(line, &command, error), "%s: %s", line, error);
    ck_assert_uint_eq(command.verb, verb);
}

static void bad(const char *line, const char *message)
{
    ck_assert_msg(!command_parse(line, &command, error), "%s", line);
    ck_assert_msg(strstr(error, message) != NULL, "%s: %s", line, error);
}

START_TEST(commands)
{
    good("", VERB_NONE);
    good("   # note", VERB_NONE);
    good("connect", VERB_CONNECT);
    good("connect tls://example.org:23 L0001", VERB_CONNECT);
    ck_assert_str_eq(command_word(&command, 1), "L0001");
    ck_assert_str_eq(command_word(&command, 2), "");
    good("type \"a \\\"b\\\" \\\\ c\"", VERB_TYPE);
    ck_assert_str_eq(command_word(&command, 0), "a \"b\" \\ c");
    good("KEY pf3 2", VERB_KEY);
    ck_assert_uint_eq(command.action, KEY_PF1 + 2);
    ck_assert_uint_eq(command.number, 2);
    good("key field-exit", VERB_KEY);
    good("expect Ready; 5", VERB_EXPECT);
    ck_assert_uint_eq(command.number, 5);
    good("expect \"more text\"", VERB_EXPECT);
    ck_assert_uint_eq(command.number, EXPECT_SECONDS);
    good("bind F1 help line", VERB_BIND);
    ck_assert_uint_eq(command.number, MODE_LINE);
    ck_assert_uint_eq(command.key, TTY_F1);
    good("help off", VERB_HELP);
    bad("dance", "no command 'dance'");
    bad("type", "it is: type \"TEXT\"");
    bad("type a b", "it is: type");
    bad("type \"a", "double quote");
    bad("key PF99", "no key 'PF99'");
    bad("key PF1 0", "number of times");
    bad("expect \"\"", "expect what");
    bad("expect a b", "seconds");
    bad("bind F77 help", "no key 'F77'");
    bad("bind F1 dance", "'dance'");
    bad("bind F1 help maybe", "3270 or line");
    bad("connect host:0", "is not [tls://]");
    bad("connect L1@host L2", "is not [tls://]");
    bad("session x", "number of a session");
    bad("a b c d e f", "too many words");
}
END_TEST

static void host(const char *text, bool tls, const char *lu, const char *where, unsigned port)
{
    struct host_name name;
    ck_assert_msg(host_parse(text, &name), "%s", text);
    ck_assert(name.tls == tls);
    ck_assert_str_eq(name.lu, lu);
    ck_assert_str_eq(name.host, where);
    ck_assert_uint_eq(name.port, port);
}

START_TEST(hosts)
{
    struct host_name name;
    host("example.org", false, "", "example.org", 0);
    host("tls://example.org:992", true, "", "example.org", 992);
    host("tls://CLASS@[::1]:3270", true, "CLASS", "::1", 3270);
    host("L0080@fe80::1", false, "L0080", "fe80::1", 0);
    host("[fe80::1]", false, "", "fe80::1", 0);
    static const char *const none[] = {"",     ":23",     "host:",     "host:0", "host:65536",
                                       "[::1", "[::1]23", "host:port", "L@",     "tls://"};
    for (unsigned i = 0; i < sizeof none / sizeof *none; i++)
        ck_assert_msg(!host_parse(none[i], &name), "%s", none[i]);
    char text[600];
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = 0;
    ck_assert(!host_parse(text, &name));
    text[100] = '@';
    ck_assert(!host_parse(text, &name));
}
END_TEST

START_TEST(macro_files)
{
    static const char text[] = "# logs on\r\n\nconnect localhost\nexpect \"LOGON\"\n  type hello";
    struct macro *m = macro_parse("m", text, sizeof text - 1, error);
    ck_assert_msg(m != NULL, "%s", error);
    ck_assert_uint_eq(m->count, 3);
    ck_assert_uint_eq(m->commands[0].line, 3);
    ck_assert_str_eq(command_word(&m->commands[1], 0), "LOGON");
    ck_assert_str_eq(command_word(&m->commands[2], 0), "hello");
    macro_free(m);
    ck_assert_ptr_null(macro_parse("m", "next\nkey PF0\n", 13, error));
    ck_assert_str_eq(error, "m:2: there is no key 'PF0' (like ENTER, PF3, PA1, TAB, ERASE-EOF)");
    ck_assert_ptr_null(macro_parse("m", "next\0\n", 6, error));
    char line[COMMAND_LENGTH + 10];
    memset(line, 'x', sizeof line);
    ck_assert_ptr_null(macro_parse("m", line, sizeof line, error));
    ck_assert_ptr_nonnull(strstr(error, "m:1: the line is too long"));
    ck_assert_ptr_null(macro_read("/nonexistent/macro", error));
    ck_assert_ptr_nonnull(strstr(error, "No such file"));
}
END_TEST

/* --- paper --- */

static void print(struct paper *p, const char *text)
{
    for (; *text; text++)
        paper_put(p, (uint8_t)*text);
}

static const char *line_text(const struct paper *p, unsigned n)
{
    static char text[PAPER_WIDTH_MOST + 1];
    const struct paper_line *line = paper_line(p, n);
    for (unsigned i = 0; i < line->length; i++)
        text[i] = (char)line->text[i];
    text[line->length] = 0;
    return text;
}

START_TEST(paper_prints)
{
    struct paper *p = paper_create(4);
    print(p, "one\ntwo\rT\nab\tc\b\bxy\nprompt");
    ck_assert_uint_eq(p->count, 4);
    ck_assert_str_eq(line_text(p, 0), "one");
    ck_assert_str_eq(line_text(p, 1), "Two");
    ck_assert_str_eq(line_text(p, 2), "ab     xy");
    ck_assert_str_eq(line_text(p, 3), "prompt");
    print(p, "\x01\x7f\n\n");
    ck_assert_uint_eq(p->count, 4);
    ck_assert_uint_eq(p->dropped, 2);
    ck_assert_str_eq(line_text(p, 0), "ab     xy");
    for (unsigned i = 0; i < PAPER_WIDTH_MOST + 1; i++)
        paper_put(p, 'w');
    ck_assert_uint_eq(paper_line(p, 2)->length, PAPER_WIDTH_MOST);
    ck_assert_str_eq(line_text(p, 3), "w");
    paper_clear(p);
    ck_assert_uint_eq(p->count, 1);
    ck_assert_str_eq(line_text(p, 0), "");
    paper_free(p);
}
END_TEST

START_TEST(paper_finds)
{
    struct paper *p = paper_create(100);
    static const char32_t ready[] = U"Ready";
    unsigned column;
    print(p, "ready 1\nnothing\n  READY 2\nend");
    ck_assert_int_eq(paper_search(p, ready, 5, 3, true, &column), 2);
    ck_assert_uint_eq(column, 2);
    ck_assert_int_eq(paper_search(p, ready, 5, 1, true, &column), 0);
    ck_assert_int_eq(paper_search(p, ready, 5, 1, false, &column), 2);
    ck_assert_int_eq(paper_search(p, ready, 5, 3, false, &column), -1);
    ck_assert_int_eq(paper_search(p, ready, 5, -1, true, &column), -1);
    /* From match to match; the paper goes on meanwhile, and forgets. */
    struct paper_match match = {0};
    unsigned back = 0;
    ck_assert(paper_find(p, &match, &back, ready, 5, true) && match.line == 2 && back == 0);
    print(p, "\n\n\n\n");
    ck_assert(paper_find(p, &match, &back, ready, 5, true) && match.line == 0 && back == 5);
    ck_assert(!paper_find(p, &match, &back, ready, 5, true) && match.line == 0);
    ck_assert(paper_find(p, &match, &back, ready, 5, false) && match.line == 2 && back == 3);
    for (unsigned i = 0; i < 200; i++)
        print(p, "more\n");
    ck_assert(!paper_find(p, &match, &back, ready, 5, true));
    paper_free(p);
}
END_TEST

/* --- the typed line --- */

static void type(struct line_edit *e, const char *text)
{
    for (; *text; text++)
        ck_assert(line_edit_type(e, (uint8_t)*text));
}

static void holds(const struct line_edit *e, const char *text)
{
    char now[4 * EDIT_MOST + 1];
    line_edit_utf8(e, now);
    ck_assert_str_eq(now, text);
}

START_TEST(line_edits)
{
    struct line_edit e = {0};
    type(&e, "one two three");
    line_edit_do(&e, ACTION_WORD_LEFT);
    line_edit_do(&e, ACTION_ERASE_WORD);
    holds(&e, "one three");
    line_edit_do(&e, (enum action)KEY_HOME);
    type(&e, "x");
    line_edit_do(&e, (enum action)KEY_DELETE);
    holds(&e, "xne three");
    line_edit_do(&e, ACTION_WORD_RIGHT);
    line_edit_do(&e, ACTION_ERASE_REST);
    holds(&e, "xne");
    line_edit_do(&e, ACTION_RUBOUT);
    holds(&e, "xn");
    line_edit_do(&e, ACTION_ERASE_LINE);
    line_edit_do(&e, ACTION_RUBOUT);
    line_edit_do(&e, (enum action)KEY_DELETE);
    line_edit_do(&e, (enum action)KEY_LEFT);
    line_edit_do(&e, (enum action)KEY_RIGHT);
    holds(&e, "");
    line_edit_type(&e, 0xe4);
    holds(&e, "\xc3\xa4");
    while (line_edit_type(&e, 'x'))
        ck_assert_uint_lt(e.length, EDIT_MOST);
    ck_assert(!line_edit_do(&e, ACTION_QUIT));
    line_edit_free(&e);
}
END_TEST

START_TEST(line_remembers)
{
    struct line_edit e = {0};
    static const char *const lines[] = {"first", "second", "second", ""};
    for (unsigned i = 0; i < 4; i++) {
        type(&e, lines[i]);
        line_edit_remember(&e);
        line_edit_clear(&e);
    }
    ck_assert_uint_eq(e.count, 2);
    type(&e, "new");
    line_edit_do(&e, ACTION_OLDER);
    holds(&e, "second");
    line_edit_do(&e, ACTION_OLDER);
    line_edit_do(&e, ACTION_OLDER);
    holds(&e, "first");
    line_edit_do(&e, ACTION_NEWER);
    line_edit_do(&e, ACTION_NEWER);
    line_edit_do(&e, ACTION_NEWER);
    holds(&e, "new");
    for (unsigned i = 0; i < 2 * EDIT_HISTORY; i++) {
        line_edit_clear(&e);
        line_edit_type(&e, 'a' + i % 26);
        line_edit_remember(&e);
    }
    ck_assert_uint_eq(e.count, EDIT_HISTORY);
    line_edit_free(&e);
}
END_TEST

/* The history file is the line console's: what libedit has written is read, and the other way. */
START_TEST(history_file)
{
    static const char *const lines[] = {"query  names", "a\\b \xc3\xa4", "!dev list"};
    char path[] = "/tmp/datbox-history-XXXXXX", text[4 * EDIT_MOST + 1];
    struct line_edit e = {0};
    HistEventW event;
    close(mkstemp(path));
    setlocale(LC_CTYPE, "C.UTF-8");
    HistoryW *libedit = history_winit();
    history_w(libedit, &event, H_SETSIZE, 100);
    history_w(libedit, &event, H_ENTER, L"query  names\n");
    history_w(libedit, &event, H_ENTER, L"a\\b \u00e4\n");
    history_w(libedit, &event, H_SAVE, path);
    history_load(&e, path);
    ck_assert_uint_eq(e.count, 2);
    type(&e, "!dev list");
    line_edit_remember(&e);
    history_save(&e, path);
    history_w(libedit, &event, H_CLEAR);
    ck_assert_int_eq(history_w(libedit, &event, H_LOAD, path), 3);
    history_wend(libedit);
    line_edit_clear(&e);
    for (unsigned i = 3; i-- > 0;) {
        line_edit_do(&e, ACTION_OLDER);
        line_edit_utf8(&e, text);
        ck_assert_str_eq(text, lines[i]);
    }
    line_edit_free(&e);
    FILE *f = fopen(path, "w");
    fputs("something else\nline\n", f);
    fclose(f);
    struct line_edit none = {0};
    history_load(&none, path);
    history_load(&none, "/nonexistent/file");
    ck_assert_uint_eq(none.count, 0);
    unlink(path);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {names_of_keys,    names_of_actions, default_bindings,
                                  changed_bindings, commands,         macro_files,
                                  paper_prints,     paper_finds,      line_edits,
                                  line_remembers,   history_file,     hosts};
    Suite *suite = suite_create("term");
    TCase *t = tcase_create("tables, parsers, paper");
    for (unsigned i = 0; i < sizeof tests / sizeof *tests; i++)
        tcase_add_test(t, tests[i]);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
