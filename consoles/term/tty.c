/* The terminal by ncurses; see tty.h.  Keys with modifiers, which terminfo does not know, are
 * told to ncurses in the form that all terminals of today send (xterm's). */
#include "consoles/term/tty.h"

#include "consoles/utf8.h"

#include <curses.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

/* Codes for define_key, above those of ncurses. */
#define OWN_CODES 0x2000
#define ESCAPE_MS 25 /* so long does the rest of a key's sequence take at most */
/* What ncurses makes of a button's press and release that come together. */
#define CLICKS      (BUTTON1_CLICKED | BUTTON1_DOUBLE_CLICKED | BUTTON1_TRIPLE_CLICKED)
#define PASTE_LINES "\033[?2004"

enum own_code {
    OWN_PASTE_BEGIN = OWN_CODES,
    OWN_PASTE_END,
    OWN_KEYS, /* ... + index in own_keys */
};

static struct {
    SCREEN *screen;
    int descriptor;
    bool pasting, colours, backgrounds;
    bool escape; /* Esc was typed: the next key is with Alt */
    bool escape_alone;
    bool click; /* its release is still to be told, at: */
    unsigned click_row, click_column;
} tty;

/* Sequences of xterm: CSI 1;MODIFIER FINAL, or CSI NUMBER;MODIFIER ~.  Modifiers: 2 shift, 3 alt,
 * 5 control ("ctlseqs", "PC-Style Function Keys"). */
static const struct {
    const char *sequence;
    tty_key key;
} own_keys[] = {
    {"\033[1;3A", TTY_ALT | TTY_UP},
    {"\033[1;3B", TTY_ALT | TTY_DOWN},
    {"\033[1;3C", TTY_ALT | TTY_RIGHT},
    {"\033[1;3D", TTY_ALT | TTY_LEFT},
    {"\033[1;2A", TTY_SHIFT_UP},
    {"\033[1;2B", TTY_SHIFT_DOWN},
    {"\033[1;2C", TTY_SHIFT_RIGHT},
    {"\033[1;2D", TTY_SHIFT_LEFT},
    {"\033[1;5C", TTY_CTRL_RIGHT},
    {"\033[1;5D", TTY_CTRL_LEFT},
    {"\033[5;5~", TTY_CTRL_PAGE_UP},
    {"\033[6;5~", TTY_CTRL_PAGE_DOWN},
    {"\033[5;2~", TTY_SHIFT_UP},
    {"\033[6;2~", TTY_SHIFT_DOWN},
    {"\033[H", TTY_HOME},
    {"\033[F", TTY_END},
    {"\033[1~", TTY_HOME},
    {"\033[4~", TTY_END},
    {"\033[1;2P", TTY_F1 + 12},
    {"\033[1;2Q", TTY_F1 + 13},
    {"\033[1;2R", TTY_F1 + 14},
    {"\033[1;2S", TTY_F1 + 15},
    {"\033[15;2~", TTY_F1 + 16},
    {"\033[17;2~", TTY_F1 + 17},
    {"\033[18;2~", TTY_F1 + 18},
    {"\033[19;2~", TTY_F1 + 19},
    {"\033[20;2~", TTY_F1 + 20},
    {"\033[21;2~", TTY_F1 + 21},
    {"\033[23;2~", TTY_F1 + 22},
    {"\033[24;2~", TTY_F1 + 23},
};
#define OWN_COUNT (sizeof own_keys / sizeof *own_keys)

static const struct {
    int code;
    tty_key key;
} curses_keys[] = {
    {KEY_UP, TTY_UP},
    {KEY_DOWN, TTY_DOWN},
    {KEY_LEFT, TTY_LEFT},
    {KEY_RIGHT, TTY_RIGHT},
    {KEY_HOME, TTY_HOME},
    {KEY_END, TTY_END},
    {KEY_PPAGE, TTY_PAGE_UP},
    {KEY_NPAGE, TTY_PAGE_DOWN},
    {KEY_IC, TTY_INSERT},
    {KEY_DC, TTY_DELETE},
    {KEY_BACKSPACE, TTY_BACKSPACE},
    {KEY_BTAB, TTY_BACKTAB},
    {KEY_ENTER, TTY_ENTER},
    {KEY_SR, TTY_SHIFT_UP},
    {KEY_SF, TTY_SHIFT_DOWN},
    {KEY_SLEFT, TTY_SHIFT_LEFT},
    {KEY_SRIGHT, TTY_SHIFT_RIGHT},
};

/* --- beginning and end --- */

/* Pair 1 + foreground + COLOURS * background, if there are that many; else 1 + foreground. */
static void prepare_colours(void)
{
    static const short curses_colour[COLOURS] = {
        -1,         COLOR_BLUE,   COLOR_RED,   COLOR_MAGENTA, COLOR_GREEN,
        COLOR_CYAN, COLOR_YELLOW, COLOR_WHITE, COLOR_BLACK};
    if (!has_colors() || start_color() == ERR)
        return;
    bool transparent = use_default_colors() != ERR;
    tty.backgrounds = COLOR_PAIRS > COLOURS * COLOURS;
    tty.colours = COLOR_PAIRS > COLOURS;
    for (int b = 0; tty.colours && b < (tty.backgrounds ? COLOURS : 1); b++) {
        for (int f = 0; f < COLOURS; f++) {
            short fore = curses_colour[f], back = curses_colour[b];
            /* The dark blue of terminals is hard to read on black. */
            if (f == COLOUR_BLUE && COLORS >= 16)
                fore = 12;
            if (!transparent && fore < 0)
                fore = COLOR_WHITE;
            if (!transparent && back < 0)
                back = COLOR_BLACK;
            init_pair((short)(1 + f + COLOURS * b), fore, back);
        }
    }
}

static void raw_output(const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t done = write(STDOUT_FILENO, bytes, n);
        if (done <= 0)
            return;
        bytes += done;
        n -= (size_t)done;
    }
}

static void bracketed_paste(bool on)
{
    raw_output(on ? PASTE_LINES "h" : PASTE_LINES "l", sizeof PASTE_LINES);
}

const char *tty_open(bool mouse)
{
    setlocale(LC_ALL, "");
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return "standard input and output are no terminal";
    memset(&tty, 0, sizeof tty);
    tty.descriptor = open(ttyname(STDIN_FILENO), O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (tty.descriptor < 0)
        return "the terminal can't be opened once more by its name";
    tty.screen = newterm(NULL, stdout, stdin);
    if (!tty.screen)
        return "this terminal is not known (TERM is wrong, or its description is missing)";
    if (!cursor_address) {
        tty_close();
        return "this terminal cannot put the cursor anywhere (TERM=dumb?)";
    }
    set_escdelay(ESCAPE_MS);
    raw();
    noecho();
    nonl();
    nodelay(stdscr, TRUE);
    keypad(stdscr, TRUE);
    intrflush(stdscr, FALSE);
    prepare_colours();
    if (mouse) {
        mousemask(BUTTON1_PRESSED | BUTTON1_RELEASED | CLICKS, NULL);
        mouseinterval(0);
    }
    define_key("\033[200~", OWN_PASTE_BEGIN);
    define_key("\033[201~", OWN_PASTE_END);
    for (unsigned i = 0; i < OWN_COUNT; i++)
        define_key(own_keys[i].sequence, OWN_KEYS + (int)i);
    bracketed_paste(true);
    return NULL;
}

void tty_close(void)
{
    if (!tty.screen)
        return;
    bracketed_paste(false);
    endwin();
    delscreen(tty.screen);
    close(tty.descriptor);
    tty.screen = NULL;
}

void tty_suspend(void)
{
    bracketed_paste(false);
    endwin();
    raise(SIGTSTP);
    bracketed_paste(true);
    tty_resized();
    tty_redraw();
}

void tty_resized(void)
{
    struct winsize size;
    if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_row && size.ws_col)
        resizeterm(size.ws_row, size.ws_col);
}

unsigned tty_rows(void)
{
    return (unsigned)LINES;
}

unsigned tty_columns(void)
{
    return (unsigned)COLS;
}

/* --- output --- */

static attr_t attributes_of(struct tty_style style)
{
    attr_t a = A_NORMAL;
    a |= style.bold ? A_BOLD : 0;
    a |= style.reverse ? A_REVERSE : 0;
    a |= style.underline ? A_UNDERLINE : 0;
    a |= style.blink ? A_BLINK : 0;
    a |= style.dim ? A_DIM : 0;
    return a;
}

static short pair_of(struct tty_style style)
{
    if (!tty.colours)
        return 0;
    return (short)(1 + style.foreground + (tty.backgrounds ? COLOURS * style.background : 0));
}

void tty_clear(void)
{
    erase();
}

void tty_put(unsigned row, unsigned column, char32_t character, struct tty_style style)
{
    wchar_t text[2] = {(wchar_t)character, 0};
    cchar_t cell;
    if (row >= tty_rows() || column >= tty_columns())
        return;
    if (character < ' ' || (character >= 0x7f && character < 0xa0) || wcwidth(text[0]) != 1)
        text[0] = character ? L'?' : L' ';
    setcchar(&cell, text, attributes_of(style), pair_of(style), NULL);
    mvadd_wch((int)row, (int)column, &cell);
}

unsigned tty_text(unsigned row, unsigned column, const char *text, struct tty_style style)
{
    struct utf8_decoder decoder = {0};
    for (; *text; text++) {
        int32_t character = utf8_decode(&decoder, (uint8_t)*text);
        if (character >= 0)
            tty_put(row, column++, (char32_t)character, style);
    }
    return column;
}

char32_t tty_at(unsigned row, unsigned column)
{
    cchar_t cell;
    wchar_t text[CCHARW_MAX + 1] = {0};
    attr_t attributes;
    short pair;
    if (mvin_wch((int)row, (int)column, &cell) == ERR ||
        getcchar(&cell, text, &attributes, &pair, NULL) == ERR)
        return ' ';
    return text[0] ? (char32_t)text[0] : ' ';
}

void tty_reverse(unsigned row, unsigned column)
{
    cchar_t cell;
    wchar_t text[CCHARW_MAX + 1] = {0};
    attr_t attributes;
    short pair;
    if (mvin_wch((int)row, (int)column, &cell) == ERR ||
        getcchar(&cell, text, &attributes, &pair, NULL) == ERR)
        return;
    setcchar(&cell, text, attributes ^ A_REVERSE, pair, NULL);
    mvadd_wch((int)row, (int)column, &cell);
}

void tty_cursor(unsigned row, unsigned column, bool block)
{
    if (row >= tty_rows() || column >= tty_columns()) {
        tty_hide_cursor();
        return;
    }
    curs_set(block ? 2 : 1);
    move((int)row, (int)column);
}

void tty_hide_cursor(void)
{
    if (curs_set(0) == ERR)
        move(LINES - 1, COLS - 1);
}

void tty_show(void)
{
    refresh();
}

void tty_redraw(void)
{
    clearok(curscr, TRUE);
}

void tty_bell(void)
{
    beep();
}

void tty_clipboard(const char *utf8, size_t length)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char block[4];
    raw_output("\033]52;c;", 7);
    for (size_t i = 0; i < length; i += 3) {
        size_t n = length - i < 3 ? length - i : 3;
        uint32_t bits = 0;
        for (size_t k = 0; k < 3; k++)
            bits = bits << 8 | (k < n ? (uint8_t)utf8[i + k] : 0);
        for (size_t k = 0; k < 4; k++)
            block[k] = k <= n ? digits[bits >> (18 - 6 * k) & 63] : '=';
        raw_output(block, 4);
    }
    raw_output("\a", 1);
}

/* --- input --- */

static bool read_mouse(struct tty_input *input)
{
    MEVENT event;
    if (getmouse(&event) == ERR)
        return false;
    input->row = (unsigned)event.y;
    input->column = (unsigned)event.x;
    tty.click = event.bstate & CLICKS;
    tty.click_row = input->row;
    tty.click_column = input->column;
    input->key = tty.click || event.bstate & BUTTON1_PRESSED ? TTY_MOUSE_DOWN : TTY_MOUSE_UP;
    return true;
}

/* False: a key that nobody has a use for, or none by itself. */
static bool take_code(int code, struct tty_input *input)
{
    if (code == KEY_MOUSE)
        return read_mouse(input);
    if (code == OWN_PASTE_BEGIN || code == OWN_PASTE_END) {
        tty.pasting = code == OWN_PASTE_BEGIN;
        return false;
    }
    if (code >= OWN_KEYS && code < OWN_KEYS + (int)OWN_COUNT) {
        input->key = own_keys[code - OWN_KEYS].key;
        return true;
    }
    if (code >= KEY_F(1) && code <= KEY_F(24)) {
        input->key = TTY_F1 + (tty_key)(code - KEY_F(1));
        return true;
    }
    for (unsigned i = 0; i < sizeof curses_keys / sizeof *curses_keys; i++) {
        if (curses_keys[i].code == code) {
            input->key = curses_keys[i].key;
            return true;
        }
    }
    return false;
}

/* Alt with a key comes as Esc and the key in one go. */
static bool is_followed(void)
{
    wint_t code;
    int kind = get_wch(&code);
    if (kind == KEY_CODE_YES)
        ungetch((int)code);
    else if (kind != ERR)
        unget_wch((wchar_t)code);
    return kind != ERR;
}

void tty_escape_alone(bool alone)
{
    tty.escape_alone = alone;
    tty.escape = false;
}

bool tty_escape_waits(void)
{
    return tty.escape;
}

bool tty_read(struct tty_input *input)
{
    wint_t code;
    int kind;
    if (tty.click) {
        *input = (struct tty_input){
            .key = TTY_MOUSE_UP, .row = tty.click_row, .column = tty.click_column};
        tty.click = false;
        return true;
    }
    while ((kind = get_wch(&code)) != ERR) {
        *input = (struct tty_input){.pasted = tty.pasting};
        if (kind == KEY_CODE_YES) {
            if (!take_code((int)code, input))
                continue;
        } else {
            input->key = code == 0x7f || code == 8 ? TTY_BACKSPACE : (tty_key)code;
        }
        if (input->key == TTY_ESCAPE && !tty.escape && !tty.pasting) {
            if (tty.escape_alone && !is_followed())
                return true;
            tty.escape = true;
            continue;
        }
        if (tty.escape)
            input->key |= TTY_ALT;
        tty.escape = false;
        return true;
    }
    return false;
}

bool tty_is_gone(void)
{
    struct termios mode;
    return tcgetattr(STDIN_FILENO, &mode) != 0;
}

int tty_descriptor(void)
{
    return tty.descriptor;
}
