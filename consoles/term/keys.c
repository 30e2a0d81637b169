/* Names of keys and actions, and the bindings that are there from the start; see keys.h. */
#include "consoles/term/keys.h"

#include "lib/str.h"

#include <stdio.h>
#include <string.h>

static const struct {
    tty_key key;
    const char *name;
} key_names[] = {
    {TTY_ENTER, "Enter"},
    {TTY_TAB, "Tab"},
    {TTY_ESCAPE, "Esc"},
    {' ', "Space"},
    {TTY_UP, "Up"},
    {TTY_DOWN, "Down"},
    {TTY_LEFT, "Left"},
    {TTY_RIGHT, "Right"},
    {TTY_HOME, "Home"},
    {TTY_END, "End"},
    {TTY_PAGE_UP, "PageUp"},
    {TTY_PAGE_DOWN, "PageDown"},
    {TTY_INSERT, "Insert"},
    {TTY_DELETE, "Delete"},
    {TTY_BACKSPACE, "Backspace"},
    {TTY_BACKTAB, "Shift-Tab"},
    {TTY_SHIFT_UP, "Shift-Up"},
    {TTY_SHIFT_DOWN, "Shift-Down"},
    {TTY_SHIFT_LEFT, "Shift-Left"},
    {TTY_SHIFT_RIGHT, "Shift-Right"},
    {TTY_CTRL_LEFT, "Ctrl-Left"},
    {TTY_CTRL_RIGHT, "Ctrl-Right"},
    {TTY_CTRL_PAGE_UP, "Ctrl-PageUp"},
    {TTY_CTRL_PAGE_DOWN, "Ctrl-PageDown"},
};
#define KEY_NAMES (sizeof key_names / sizeof *key_names)

size_t utf8_encode(char32_t c, char to[4])
{
    static const uint8_t heads[] = {0, 0xc0, 0xe0, 0xf0};
    unsigned more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    to[0] = (char)(heads[more] | c >> (6 * more));
    for (unsigned i = 1; i <= more; i++)
        to[i] = (char)(0x80 | (c >> (6 * (more - i)) & 0x3f));
    return more + 1;
}

void tty_key_name(tty_key key, char name[TTY_NAME])
{
    unsigned at = 0;
    if (key & TTY_ALT)
        at = (unsigned)snprintf(name, TTY_NAME, "Alt-");
    key &= ~TTY_ALT;
    for (unsigned i = 0; i < KEY_NAMES; i++) {
        if (key_names[i].key == key) {
            snprintf(name + at, TTY_NAME - at, "%s", key_names[i].name);
            return;
        }
    }
    if (key >= TTY_F1 && key <= TTY_F24) {
        unsigned n = key - TTY_F1 + 1;
        snprintf(name + at, TTY_NAME - at, n > 12 ? "Shift-F%u" : "F%u", n > 12 ? n - 12 : n);
    } else if (key < ' ') {
        snprintf(name + at, TTY_NAME - at, "Ctrl-%c", (char)(key + '@'));
    } else {
        name[at + (key < TTY_SPECIAL ? utf8_encode(key, name + at) : 0)] = 0;
    }
}

static bool begins(const char **name, const char *prefix)
{
    size_t n = strlen(prefix);
    for (size_t i = 0; i < n; i++)
        if (str_upper((*name)[i]) != str_upper(prefix[i]))
            return false;
    *name += n;
    return true;
}

static tty_key function_key(const char *name)
{
    uint32_t number;
    bool shift = begins(&name, "Shift-");
    if (!begins(&name, "F") || !str_decimal(name, &number) || number < 1 ||
        number > (shift ? 12 : 24))
        return 0;
    return TTY_F1 + number - 1 + (shift ? 12 : 0);
}

tty_key tty_key_named(const char *name)
{
    tty_key alt = 0;
    if (begins(&name, "Alt-"))
        alt = TTY_ALT;
    for (unsigned i = 0; i < KEY_NAMES; i++)
        if (str_equal(key_names[i].name, name))
            return key_names[i].key | alt;
    tty_key key = function_key(name);
    if (!key && begins(&name, "Ctrl-") && name[0] && !name[1]) {
        char c = str_upper(name[0]);
        key = c >= '@' && c <= '_' ? TTY_CTRL((uint8_t)c) : 0;
    } else if (!key && (uint8_t)name[0] > ' ' && (uint8_t)name[0] < 0x7f && !name[1]) {
        key = (uint8_t)name[0];
    }
    return key ? key | alt : 0;
}

static const char *const action_names[ACTIONS - KEYS] = {
    [ACTION_ATTENTION - KEYS] = "ATTN",
    [ACTION_FIELD_EXIT - KEYS] = "FIELD-EXIT",
    [ACTION_RUBOUT - KEYS] = "RUBOUT",
    [ACTION_END_OF_FIELD - KEYS] = "END-OF-FIELD",
    [ACTION_PF - KEYS] = "PF",
    [ACTION_SEND - KEYS] = "SEND",
    [ACTION_OLDER - KEYS] = "OLDER",
    [ACTION_NEWER - KEYS] = "NEWER",
    [ACTION_WORD_LEFT - KEYS] = "WORD-LEFT",
    [ACTION_WORD_RIGHT - KEYS] = "WORD-RIGHT",
    [ACTION_ERASE_LINE - KEYS] = "ERASE-LINE",
    [ACTION_ERASE_WORD - KEYS] = "ERASE-WORD",
    [ACTION_ERASE_REST - KEYS] = "ERASE-REST",
    [ACTION_PAGE_BACK - KEYS] = "PAGE-BACK",
    [ACTION_PAGE_ON - KEYS] = "PAGE-ON",
    [ACTION_SEARCH - KEYS] = "SEARCH",
    [ACTION_KEYPAD - KEYS] = "KEYPAD",
    [ACTION_COMMAND - KEYS] = "COMMAND",
    [ACTION_MARK - KEYS] = "MARK",
    [ACTION_PASTE - KEYS] = "PASTE",
    [ACTION_NEW - KEYS] = "NEW",
    [ACTION_NEXT - KEYS] = "NEXT",
    [ACTION_PREVIOUS - KEYS] = "PREVIOUS",
    [ACTION_CLOSE - KEYS] = "CLOSE",
    [ACTION_HELP - KEYS] = "HELP",
    [ACTION_REDRAW - KEYS] = "REDRAW",
    [ACTION_SUSPEND - KEYS] = "SUSPEND",
    [ACTION_QUIT - KEYS] = "QUIT",
};

enum action action_named(const char *name)
{
    enum screen_key key = screen_key_named(name);
    if (key != KEYS)
        return (enum action)key;
    for (unsigned i = 0; i < ACTIONS - KEYS; i++)
        if (str_equal(action_names[i], name))
            return (enum action)(KEYS + i);
    return str_equal(name, "NONE") ? ACTION_NONE : ACTIONS;
}

void action_name(enum action action, char name[TTY_NAME])
{
    if (action >= ACTIONS)
        snprintf(name, TTY_NAME, "NONE");
    else if ((unsigned)action >= KEYS)
        snprintf(name, TTY_NAME, "%s", action_names[action - KEYS]);
    else if ((unsigned)action >= KEY_PF1 && (unsigned)action <= KEY_PF24)
        snprintf(name, TTY_NAME, "PF%u", action - KEY_PF1 + 1);
    else
        snprintf(name, TTY_NAME, "%s", screen_key_name((enum screen_key)action));
}

static const char *const helps[ACTIONS] = {
    [KEY_ENTER] = "sends what you have filled in",
    [KEY_CLEAR] = "erases the screen and tells the host; shows what comes after MORE...",
    [KEY_PA1] = "calls the host without sending anything; with CP: from your program to CP",
    [KEY_PA2] = "calls the host without sending anything; with CP: the same as CLEAR",
    [KEY_PA3] = "calls the host without sending anything",
    [KEY_SYSREQ] = "the key for the system operator (Test Request)",
    [KEY_TAB] = "to the next field",
    [KEY_BACKTAB] = "to the beginning of this field, or the one before",
    [KEY_NEWLINE] = "to the first field from the next line on",
    [KEY_HOME] = "to the first field of the screen",
    [KEY_UP] = "the cursor up",
    [KEY_DOWN] = "the cursor down",
    [KEY_LEFT] = "the cursor to the left",
    [KEY_RIGHT] = "the cursor to the right",
    [KEY_DELETE] = "erases the character at the cursor",
    [KEY_BACKSPACE] = "the cursor to the left",
    [KEY_ERASE_EOF] = "erases from the cursor to the end of the field",
    [KEY_ERASE_INPUT] = "erases all that was filled in",
    [KEY_INSERT] = "insert mode on or off: what you type moves the rest of the field",
    [KEY_RESET] = "unlocks the keyboard after a mistake; ends insert mode",
    [KEY_DUP] = "tells the program to take this field as it was last time",
    [KEY_FIELD_MARK] = "a mark that divides a field in two, for programs that know it",
    [KEY_CURSOR_SELECT] = "selects the field at the cursor, as a light pen does",
    [ACTION_ATTENTION] = "the attention key: interrupts what the host does; to CP",
    [ACTION_FIELD_EXIT] = "erases the rest of the field, and goes to the next",
    [ACTION_RUBOUT] = "erases the character before the cursor",
    [ACTION_END_OF_FIELD] = "behind the last character",
    [ACTION_PF] = "a PF key by its number",
    [ACTION_SEND] = "sends the line",
    [ACTION_OLDER] = "the line that was typed before",
    [ACTION_NEWER] = "the line that was typed after it",
    [ACTION_WORD_LEFT] = "a word to the left",
    [ACTION_WORD_RIGHT] = "a word to the right",
    [ACTION_ERASE_LINE] = "erases the line",
    [ACTION_ERASE_WORD] = "erases the word before the cursor",
    [ACTION_ERASE_REST] = "erases the rest of the line",
    [ACTION_PAGE_BACK] = "what was printed before",
    [ACTION_PAGE_ON] = "... and on to the end",
    [ACTION_SEARCH] = "searches in what was printed",
    [ACTION_KEYPAD] = "this list",
    [ACTION_COMMAND] = "a command for this terminal: connect, trace, macro ... (help lists them)",
    [ACTION_MARK] = "marks text, to copy it",
    [ACTION_PASTE] = "types what was copied",
    [ACTION_NEW] = "one more session",
    [ACTION_NEXT] = "to the next session",
    [ACTION_PREVIOUS] = "to the session before",
    [ACTION_CLOSE] = "closes this session",
    [ACTION_HELP] = "the line of help, on or off",
    [ACTION_REDRAW] = "draws the screen anew",
    [ACTION_SUSPEND] = "back to the shell; fg comes back here",
    [ACTION_QUIT] = "ends this terminal",
};

const char *action_help(enum action action)
{
    if (action >= ACTIONS)
        return "";
    return helps[action] ? helps[action] : "a command of the program; it says which on its screen";
}

/* Of several keys for the same, the first is the one that help names. */
static const struct binding defaults[] = {
    {TTY_ENTER, MODE_DISPLAY, KEY_ENTER},
    {TTY_ALT | 'c', MODE_BOTH, KEY_CLEAR},
    {TTY_ALT | '1', MODE_BOTH, KEY_PA1},
    {TTY_ALT | '2', MODE_DISPLAY, KEY_PA2},
    {TTY_ALT | '3', MODE_DISPLAY, KEY_PA3},
    {TTY_ALT | 'f', MODE_DISPLAY, ACTION_PF},
    {TTY_CTRL('C'), MODE_BOTH, ACTION_ATTENTION},
    {TTY_ALT | 'a', MODE_BOTH, ACTION_ATTENTION},
    {TTY_ALT | 's', MODE_DISPLAY, KEY_SYSREQ},
    {TTY_CTRL('R'), MODE_DISPLAY, KEY_RESET},
    {TTY_ALT | TTY_ESCAPE, MODE_DISPLAY, KEY_RESET},
    {TTY_TAB, MODE_DISPLAY, KEY_TAB},
    {TTY_BACKTAB, MODE_DISPLAY, KEY_BACKTAB},
    {TTY_ALT | TTY_TAB, MODE_DISPLAY, KEY_BACKTAB},
    {TTY_CTRL('J'), MODE_DISPLAY, KEY_NEWLINE},
    {TTY_ALT | TTY_ENTER, MODE_DISPLAY, KEY_NEWLINE},
    {TTY_HOME, MODE_DISPLAY, KEY_HOME},
    {TTY_CTRL('A'), MODE_DISPLAY, KEY_HOME},
    {TTY_END, MODE_DISPLAY, ACTION_END_OF_FIELD},
    {TTY_CTRL('E'), MODE_DISPLAY, ACTION_END_OF_FIELD},
    {TTY_UP, MODE_DISPLAY, KEY_UP},
    {TTY_DOWN, MODE_DISPLAY, KEY_DOWN},
    {TTY_LEFT, MODE_BOTH, KEY_LEFT},
    {TTY_RIGHT, MODE_BOTH, KEY_RIGHT},
    {TTY_DELETE, MODE_BOTH, KEY_DELETE},
    {TTY_CTRL('D'), MODE_BOTH, KEY_DELETE},
    {TTY_BACKSPACE, MODE_BOTH, ACTION_RUBOUT},
    {TTY_ALT | 'e', MODE_DISPLAY, KEY_ERASE_EOF},
    {TTY_ALT | 'u', MODE_DISPLAY, KEY_ERASE_INPUT},
    {TTY_CTRL('U'), MODE_DISPLAY, KEY_ERASE_INPUT},
    {TTY_ALT | 'x', MODE_DISPLAY, ACTION_FIELD_EXIT},
    {TTY_INSERT, MODE_DISPLAY, KEY_INSERT},
    {TTY_ALT | 'i', MODE_DISPLAY, KEY_INSERT},
    {TTY_ALT | 'd', MODE_DISPLAY, KEY_DUP},
    {TTY_ALT | 'o', MODE_DISPLAY, KEY_FIELD_MARK},
    {TTY_ALT | 'p', MODE_DISPLAY, KEY_CURSOR_SELECT},
    {TTY_PAGE_UP, MODE_DISPLAY, KEY_PF1 + 6},
    {TTY_PAGE_DOWN, MODE_DISPLAY, KEY_PF1 + 7},
    {TTY_ENTER, MODE_LINE, ACTION_SEND},
    {TTY_CTRL('J'), MODE_LINE, ACTION_SEND},
    {TTY_UP, MODE_LINE, ACTION_OLDER},
    {TTY_CTRL('P'), MODE_LINE, ACTION_OLDER},
    {TTY_DOWN, MODE_LINE, ACTION_NEWER},
    {TTY_CTRL('N'), MODE_LINE, ACTION_NEWER},
    {TTY_HOME, MODE_LINE, KEY_HOME},
    {TTY_CTRL('A'), MODE_LINE, KEY_HOME},
    {TTY_END, MODE_LINE, ACTION_END_OF_FIELD},
    {TTY_CTRL('E'), MODE_LINE, ACTION_END_OF_FIELD},
    {TTY_CTRL('B'), MODE_LINE, KEY_LEFT},
    {TTY_CTRL_LEFT, MODE_LINE, ACTION_WORD_LEFT},
    {TTY_ALT | 'b', MODE_LINE, ACTION_WORD_LEFT},
    {TTY_CTRL_RIGHT, MODE_LINE, ACTION_WORD_RIGHT},
    {TTY_ALT | 'f', MODE_LINE, ACTION_WORD_RIGHT},
    {TTY_CTRL('U'), MODE_LINE, ACTION_ERASE_LINE},
    {TTY_CTRL('W'), MODE_LINE, ACTION_ERASE_WORD},
    {TTY_ALT | 'd', MODE_LINE, ACTION_ERASE_REST},
    {TTY_PAGE_UP, MODE_LINE, ACTION_PAGE_BACK},
    {TTY_SHIFT_UP, MODE_LINE, ACTION_PAGE_BACK},
    {TTY_PAGE_DOWN, MODE_LINE, ACTION_PAGE_ON},
    {TTY_SHIFT_DOWN, MODE_LINE, ACTION_PAGE_ON},
    {TTY_CTRL('F'), MODE_LINE, ACTION_SEARCH},
    {TTY_CTRL('K'), MODE_BOTH, ACTION_KEYPAD},
    {TTY_ALT | 'k', MODE_BOTH, ACTION_KEYPAD},
    {TTY_CTRL(']'), MODE_BOTH, ACTION_COMMAND},
    {TTY_ALT | 'm', MODE_BOTH, ACTION_MARK},
    {TTY_CTRL('V'), MODE_BOTH, ACTION_PASTE},
    {TTY_ALT | 'v', MODE_BOTH, ACTION_PASTE},
    {TTY_ALT | 'n', MODE_BOTH, ACTION_NEW},
    {TTY_ALT | TTY_RIGHT, MODE_BOTH, ACTION_NEXT},
    {TTY_ALT | '.', MODE_BOTH, ACTION_NEXT},
    {TTY_CTRL_PAGE_DOWN, MODE_BOTH, ACTION_NEXT},
    {TTY_ALT | TTY_LEFT, MODE_BOTH, ACTION_PREVIOUS},
    {TTY_ALT | ',', MODE_BOTH, ACTION_PREVIOUS},
    {TTY_CTRL_PAGE_UP, MODE_BOTH, ACTION_PREVIOUS},
    {TTY_ALT | 'w', MODE_BOTH, ACTION_CLOSE},
    {TTY_ALT | 'h', MODE_BOTH, ACTION_HELP},
    {TTY_CTRL('L'), MODE_BOTH, ACTION_REDRAW},
    {TTY_CTRL('Z'), MODE_BOTH, ACTION_SUSPEND},
    {TTY_ALT | 'q', MODE_BOTH, ACTION_QUIT},
};

void bindings_default(struct bindings *b)
{
    b->count = 0;
    for (unsigned i = 0; i < 24; i++)
        bindings_set(b, TTY_F1 + i, MODE_DISPLAY, (enum action)(KEY_PF1 + i));
    for (unsigned i = 0; i < sizeof defaults / sizeof *defaults; i++)
        b->rows[b->count++] = defaults[i];
}

bool bindings_set(struct bindings *b, tty_key key, unsigned modes, enum action action)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < b->count; i++) {
        struct binding row = b->rows[i];
        if (row.key == key)
            row.modes &= (uint8_t)~modes;
        if (row.modes)
            b->rows[kept++] = row;
    }
    b->count = kept;
    if (action == ACTION_NONE)
        return true;
    if (kept == BINDINGS_MOST)
        return false;
    memmove(b->rows + 1, b->rows, kept * sizeof *b->rows);
    b->rows[0] = (struct binding){key, (uint8_t)modes, (uint8_t)action};
    b->count++;
    return true;
}

enum action bindings_find(const struct bindings *b, tty_key key, enum key_mode mode)
{
    for (unsigned i = 0; i < b->count; i++)
        if (b->rows[i].key == key && b->rows[i].modes & mode)
            return (enum action)b->rows[i].action;
    return ACTION_NONE;
}

tty_key bindings_key(const struct bindings *b, enum action action, enum key_mode mode)
{
    for (unsigned i = 0; i < b->count; i++)
        if (b->rows[i].action == action && b->rows[i].modes & mode)
            return b->rows[i].key;
    return 0;
}
