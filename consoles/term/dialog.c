/* Questions in the last line, and the keypad: a list of all that keys do, from which one can be
 * chosen by arrows, by the mouse, or by its key. */
#include "consoles/term/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct tty_style plain = {0};
static const struct tty_style chosen_style = {.reverse = true};

/* --- questions --- */

static const char *const prompts[] = {
    [QUESTION_COMMAND] = "datbox term (help: all commands)> ",
    [QUESTION_SEARCH] = "search (Enter: further back, Down: on, Esc: end): ",
    [QUESTION_PF] = "PF number: ",
    [QUESTION_NEW] = "new session with HOST[:PORT] [LU] (Enter: the same host): ",
    [QUESTION_QUIT] = "sessions are open; quit all the same? (y/n) ",
};

void dialog_ask(struct term *t, enum question question)
{
    t->question = question;
    if (question)
        line_edit_clear(&t->answers[question]);
    tty_escape_alone(question != QUESTION_NONE);
}

static void press_pf(struct term *t, const char *digits)
{
    unsigned number = (unsigned)strtoul(digits, NULL, 10);
    dialog_ask(t, QUESTION_NONE);
    if (number >= 1 && number <= 24)
        term_do(t, (enum action)(KEY_PF1 + number - 1));
    else
        term_say(t, "there are PF1 to PF24");
}

static void search(struct term *t, bool older)
{
    struct line_edit *e = &t->answers[QUESTION_SEARCH];
    if (e->length && !session_search(term_session(t), e->text, e->length, older))
        term_say(t, older ? "not found before this" : "not found behind this");
}

static void new_session(struct term *t, const char *text)
{
    char line[4 * EDIT_MOST + 16];
    snprintf(line, sizeof line, "connect %s", text);
    execute_line(t, line);
}

static void answered(struct term *t)
{
    enum question question = t->question;
    struct line_edit *e = &t->answers[question];
    char text[4 * EDIT_MOST + 1];
    line_edit_utf8(e, text);
    if (question == QUESTION_SEARCH) { /* stays open: Enter finds the next */
        search(t, true);
        return;
    }
    line_edit_remember(e);
    dialog_ask(t, QUESTION_NONE);
    if (question == QUESTION_COMMAND)
        execute_line(t, text);
    else if (question == QUESTION_NEW)
        new_session(t, text);
    else if (question == QUESTION_PF)
        press_pf(t, text);
    else
        t->quit = text[0] == 'y' || text[0] == 'Y';
}

/* A PF number is complete when no digit could follow. */
static void pf_digit(struct term *t)
{
    struct line_edit *e = &t->answers[QUESTION_PF];
    char text[4 * EDIT_MOST + 1];
    line_edit_utf8(e, text);
    if (e->length == 2 || text[0] > '2')
        press_pf(t, text);
}

static void typed(struct term *t, tty_key key)
{
    if (t->question == QUESTION_PF && (key < '0' || key > '9'))
        return;
    line_edit_type(&t->answers[t->question], key);
    if (t->question == QUESTION_PF)
        pf_digit(t);
    else if (t->question == QUESTION_QUIT)
        answered(t);
    else if (t->question == QUESTION_SEARCH) { /* as far as it is typed */
        term_session(t)->match.found = false;
        search(t, true);
    }
}

void dialog_key(struct term *t, const struct tty_input *input)
{
    struct line_edit *e = &t->answers[t->question];
    enum action action = bindings_find(&t->bindings, input->key, MODE_LINE);
    if (input->key == TTY_MOUSE_DOWN || input->key == TTY_MOUSE_UP)
        return;
    if (input->key == TTY_ESCAPE || input->key == TTY_CTRL('C') || action == ACTION_COMMAND)
        dialog_ask(t, QUESTION_NONE);
    else if (input->key == TTY_ENTER)
        answered(t);
    else if (t->question == QUESTION_SEARCH && (input->key == TTY_UP || input->key == TTY_DOWN))
        search(t, input->key == TTY_UP);
    else if (input->key >= ' ' && input->key < TTY_SPECIAL)
        typed(t, input->key);
    else if (t->question == QUESTION_SEARCH && action == ACTION_SEARCH)
        search(t, true);
    else if (!line_edit_do(e, action) && action != ACTION_NONE) {
        dialog_ask(t, QUESTION_NONE);
        term_key(t, input);
    }
}

void dialog_draw(struct term *t)
{
    const struct line_edit *e = &t->answers[t->question];
    unsigned row = tty_rows() - 1, columns = tty_columns();
    for (unsigned i = 0; i < columns; i++)
        tty_put(row, i, ' ', plain);
    unsigned column = tty_text(row, 0, prompts[t->question], (struct tty_style){.bold = true});
    /* The end of a long answer. */
    unsigned room = columns > column + 1 ? columns - column - 1 : 1;
    unsigned from = e->cursor > room ? e->cursor - room : 0;
    for (unsigned i = from; i < e->length; i++)
        tty_put(row, column + i - from, e->text[i], plain);
    tty_cursor(row, column + e->cursor - from, false);
}

/* --- the keypad --- */

#define CELL_WIDTH 26

static const struct {
    enum action action;
    uint8_t modes;
} pad[] = {
    {(enum action)KEY_ENTER, MODE_DISPLAY},
    {(enum action)KEY_CLEAR, MODE_BOTH},
    {(enum action)KEY_PA1, MODE_DISPLAY},
    {(enum action)KEY_PA2, MODE_DISPLAY},
    {(enum action)KEY_PA3, MODE_DISPLAY},
    {ACTION_SEND, MODE_LINE},
    {ACTION_ATTENTION, MODE_BOTH},
    {(enum action)KEY_SYSREQ, MODE_DISPLAY},
    {(enum action)KEY_RESET, MODE_DISPLAY},
    {(enum action)KEY_INSERT, MODE_DISPLAY},
    {(enum action)KEY_DELETE, MODE_BOTH},
    {ACTION_RUBOUT, MODE_BOTH},
    {(enum action)KEY_ERASE_EOF, MODE_DISPLAY},
    {(enum action)KEY_ERASE_INPUT, MODE_DISPLAY},
    {ACTION_FIELD_EXIT, MODE_DISPLAY},
    {(enum action)KEY_TAB, MODE_DISPLAY},
    {(enum action)KEY_BACKTAB, MODE_DISPLAY},
    {(enum action)KEY_NEWLINE, MODE_DISPLAY},
    {(enum action)KEY_HOME, MODE_BOTH},
    {ACTION_END_OF_FIELD, MODE_BOTH},
    {(enum action)KEY_DUP, MODE_DISPLAY},
    {(enum action)KEY_FIELD_MARK, MODE_DISPLAY},
    {(enum action)KEY_CURSOR_SELECT, MODE_DISPLAY},
    {ACTION_OLDER, MODE_LINE},
    {ACTION_NEWER, MODE_LINE},
    {ACTION_WORD_LEFT, MODE_LINE},
    {ACTION_WORD_RIGHT, MODE_LINE},
    {ACTION_ERASE_LINE, MODE_LINE},
    {ACTION_ERASE_WORD, MODE_LINE},
    {ACTION_ERASE_REST, MODE_LINE},
    {ACTION_PAGE_BACK, MODE_LINE},
    {ACTION_PAGE_ON, MODE_LINE},
    {ACTION_SEARCH, MODE_LINE},
    {ACTION_PF, MODE_DISPLAY}, /* PF1 to PF24 follow */
    {ACTION_MARK, MODE_BOTH},
    {ACTION_PASTE, MODE_BOTH},
    {ACTION_NEW, MODE_BOTH},
    {ACTION_NEXT, MODE_BOTH},
    {ACTION_PREVIOUS, MODE_BOTH},
    {ACTION_CLOSE, MODE_BOTH},
    {ACTION_COMMAND, MODE_BOTH},
    {ACTION_HELP, MODE_BOTH},
    {ACTION_REDRAW, MODE_BOTH},
    {ACTION_SUSPEND, MODE_BOTH},
    {ACTION_QUIT, MODE_BOTH},
};

#define PAD_MOST (sizeof pad / sizeof *pad + 24)

static unsigned pad_actions(struct term *t, enum action actions[PAD_MOST])
{
    unsigned n = 0;
    for (unsigned i = 0; i < sizeof pad / sizeof *pad; i++) {
        if (!(pad[i].modes & term_mode(t)))
            continue;
        actions[n++] = pad[i].action;
        for (unsigned f = 0; pad[i].action == ACTION_PF && f < 24; f++)
            actions[n++] = (enum action)(KEY_PF1 + f);
    }
    return n;
}

/* Columns and rows of the list; it goes down the columns. */
static void pad_shape(unsigned n, unsigned *columns, unsigned *rows)
{
    unsigned most = tty_columns() > 2 ? (tty_columns() - 2) / CELL_WIDTH : 1;
    *columns = most > 3 ? most > 6 ? 6 : most : most ? most : 1;
    *rows = (n + *columns - 1) / *columns;
}

void keypad_open(struct term *t)
{
    t->keypad = true;
    t->chosen = 0;
    tty_escape_alone(true);
}

static void keypad_close(struct term *t)
{
    t->keypad = false;
    tty_escape_alone(false);
}

static void keypad_press(struct term *t, unsigned which)
{
    enum action actions[PAD_MOST];
    unsigned n = pad_actions(t, actions);
    keypad_close(t);
    if (which < n)
        term_do(t, actions[which]);
}

static bool keypad_click(struct term *t, const struct tty_input *input)
{
    for (unsigned i = 0; i < t->spot_count; i++) {
        const struct spot *spot = &t->spots[i];
        if (input->row == spot->row && input->column >= spot->from && input->column < spot->to &&
            spot->tab < 0) {
            keypad_close(t);
            term_do(t, spot->action);
            return true;
        }
    }
    return false;
}

void keypad_key(struct term *t, const struct tty_input *input)
{
    enum action actions[PAD_MOST];
    unsigned n = pad_actions(t, actions), columns, rows;
    pad_shape(n, &columns, &rows);
    switch (input->key) {
    case TTY_UP:
        t->chosen = (t->chosen + n - 1) % n;
        break;
    case TTY_DOWN:
        t->chosen = (t->chosen + 1) % n;
        break;
    case TTY_RIGHT:
        t->chosen = t->chosen + rows < n ? t->chosen + rows : t->chosen % rows;
        break;
    case TTY_LEFT:
        t->chosen = t->chosen >= rows ? t->chosen - rows : n - 1;
        break;
    case TTY_ENTER:
        keypad_press(t, t->chosen);
        break;
    case TTY_MOUSE_DOWN:
        if (!keypad_click(t, input))
            keypad_close(t);
        break;
    case TTY_MOUSE_UP:
        break;
    default:
        keypad_close(t);
        if (input->key != TTY_ESCAPE &&
            bindings_find(&t->bindings, input->key, term_mode(t)) != ACTION_KEYPAD)
            term_key(t, input);
        break;
    }
}

static void draw_entry(struct term *t, unsigned row, unsigned column, enum action action,
                       bool chosen)
{
    char name[TTY_NAME], key[TTY_NAME] = "", text[2 * TTY_NAME + 4];
    tty_key code = bindings_key(&t->bindings, action, term_mode(t));
    action_name(action, name);
    if (code)
        tty_key_name(code, key);
    snprintf(text, sizeof text, " %-14s%-11s", name, key);
    tty_text(row, column, text, chosen ? chosen_style : plain);
    view_spot(t, row, column, column + CELL_WIDTH, action, -1);
}

/* What the chosen one is for, in the row below the list. */
static void draw_about(unsigned row, enum action action)
{
    char name[TTY_NAME];
    action_name(action, name);
    for (unsigned i = 0; i < tty_columns(); i++)
        tty_put(row, i, ' ', plain);
    unsigned column = tty_text(row, 1, name, (struct tty_style){.bold = true});
    tty_text(row, column + 1, action_help(action), plain);
}

void keypad_draw(struct term *t)
{
    enum action actions[PAD_MOST];
    unsigned n = pad_actions(t, actions), columns, rows;
    pad_shape(n, &columns, &rows);
    unsigned window = tty_rows() > 3 ? tty_rows() - 3 : 1;
    unsigned shown = rows < window ? rows : window; /* a small window scrolls */
    unsigned first = t->chosen % rows >= shown ? t->chosen % rows - shown + 1 : 0;
    unsigned width = columns * CELL_WIDTH;
    t->spot_count = 0;
    for (unsigned row = 0; row < shown + 2; row++)
        for (unsigned i = 0; i < width; i++)
            tty_put(row, i, ' ', row == 0 || row == shown + 1 ? chosen_style : plain);
    tty_text(0, 1,
             term_mode(t) == MODE_DISPLAY ? "The keys of a 3270, and which they are here"
                                          : "Keys in line mode",
             chosen_style);
    tty_text(shown + 1, 1,
             "Arrows and Enter, or the mouse, press one.  Alt-c: Esc, then c.  Esc leaves",
             chosen_style);
    for (unsigned i = 0; i < n; i++) {
        unsigned row = i % rows;
        if (row >= first && row < first + shown)
            draw_entry(t, 1 + row - first, i / rows * CELL_WIDTH, actions[i], i == t->chosen);
    }
    draw_about(shown + 2, actions[t->chosen]);
    tty_hide_cursor();
}

/* --- the list of commands --- */

void commands_draw(struct term *t)
{
    unsigned row = 1;
    char text[128];
    t->spot_count = 0;
    for (unsigned v = VERB_NONE + 1; v < VERBS; v++, row++) {
        snprintf(text, sizeof text, " %-9s%-26s %s", verb_name((enum verb)v),
                 verb_operands((enum verb)v), verb_help((enum verb)v));
        for (unsigned i = 0; i < tty_columns(); i++)
            tty_put(row, i, ' ', plain);
        tty_text(row, 0, text, plain);
    }
    for (unsigned i = 0; i < tty_columns(); i++) {
        tty_put(0, i, ' ', chosen_style);
        tty_put(row, i, ' ', chosen_style);
    }
    tty_text(0, 1, "Commands of this terminal, also for macro files", chosen_style);
    tty_text(row, 1, "Any key leaves; Ctrl-] takes a command", chosen_style);
    tty_hide_cursor();
}

void commands_key(struct term *t, const struct tty_input *input)
{
    if (input->key == TTY_MOUSE_UP)
        return;
    t->commands = false;
    tty_escape_alone(false);
    if (bindings_find(&t->bindings, input->key, term_mode(t)) == ACTION_COMMAND)
        dialog_ask(t, QUESTION_COMMAND);
}
