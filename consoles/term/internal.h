/* What the files of the full-screen terminal share: term.c (the loop, and where keys go), view.c
 * (what is drawn), dialog.c (questions, the list of keys), copy.c (marking and pasting),
 * execute.c (commands and macros). */
#ifndef CONSOLES_TERM_INTERNAL_H
#define CONSOLES_TERM_INTERNAL_H

#include "consoles/term/macro.h"
#include "consoles/term/session.h"
#include "consoles/term/term.h"
#include "consoles/term/tty.h"

#define TABS_MOST  16
#define SPOTS_MOST 96
#define MESSAGE    200

enum question {
    QUESTION_NONE,
    QUESTION_COMMAND,
    QUESTION_SEARCH,
    QUESTION_PF,
    QUESTION_NEW,
    QUESTION_QUIT,
};

/* Something that can be clicked. */
struct spot {
    unsigned row, from, to; /* columns, the last not included */
    enum action action;
    int tab; /* or -1 */
};

/* Where the parts lie in the window; -1: not shown. */
struct layout {
    unsigned columns;
    unsigned body, body_rows; /* first row, and how many */
    int tabs, status, help;   /* rows; help may be in the status row */
    unsigned top;             /* first row of the 3270's screen that is shown */
    unsigned left;            /* ... and column */
};

struct term {
    uv_loop_t loop;
    uv_poll_t keys;
    uv_signal_t resized, continued, ended, hung_up;
    uv_timer_t deadline; /* of a macro's expect */
    uv_idle_t settles;   /* once, when all that has come was taken */
    uv_timer_t draws;    /* not too often */
    uint64_t drawn_at;
    bool quit;
    struct term_options options;
    struct session_owner session_owner;
    struct tls_identity *trust; /* made when first needed */
    struct bindings bindings;
    struct session *tabs[TABS_MOST];
    unsigned tab_count, current;
    bool marked_new[TABS_MOST]; /* something came that nobody has seen */
    bool help;
    bool touched;          /* a key was pressed */
    char message[MESSAGE]; /* until the next key */
    struct layout layout;
    bool cursor_shown; /* of a line, where */
    unsigned cursor_row, cursor_column;
    struct spot spots[SPOTS_MOST];
    unsigned spot_count;

    enum question question;
    struct line_edit answers[QUESTION_QUIT + 1];
    bool keypad, commands; /* lists that are shown */
    unsigned chosen;       /* on the keypad */

    bool marking; /* cells of the body, from where to where */
    unsigned mark_row, mark_column, mark_end_row, mark_end_column;
    bool mouse_held;
    char *clipboard; /* UTF-8 */

    struct macro *macro;
    unsigned macro_next;
    bool macro_waits; /* for expect */
};

struct session *term_session(struct term *t);
enum key_mode term_mode(struct term *t);
void term_say(struct term *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void term_do(struct term *t, enum action action);
void term_key(struct term *t, const struct tty_input *input);
void term_draw_soon(struct term *t);
bool term_open_session(struct term *t, const struct host_name *name);
void term_go_to(struct term *t, unsigned tab);
void term_close_session(struct term *t);

/* view.c */
void view_draw(struct term *t);
void view_spot(struct term *t, unsigned row, unsigned from, unsigned to, enum action action,
               int tab);
/* Where the cursor of the session is in the window; false: not shown. */
bool view_cursor(struct term *t, unsigned *row, unsigned *column);
/* The other way: the address on the 3270's screen, or -1. */
int view_address(const struct term *t, unsigned row, unsigned column);

/* dialog.c */
void dialog_ask(struct term *t, enum question question);
void dialog_key(struct term *t, const struct tty_input *input);
void dialog_draw(struct term *t);
void keypad_open(struct term *t);
void keypad_key(struct term *t, const struct tty_input *input);
void keypad_draw(struct term *t);
void commands_key(struct term *t, const struct tty_input *input);
void commands_draw(struct term *t);

/* copy.c */
void copy_begin(struct term *t);
void copy_key(struct term *t, const struct tty_input *input);
void copy_mouse(struct term *t, const struct tty_input *input);
void copy_draw(struct term *t);
void copy_paste(struct term *t);

/* execute.c */
void execute_line(struct term *t, const char *line);
void macro_start(struct term *t, const char *path);
/* Goes on with the macro as far as it goes; called when something has changed. */
void macro_step(struct term *t);
void macro_timeout(uv_timer_t *timer);

#endif
