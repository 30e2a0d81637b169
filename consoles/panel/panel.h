/* The inside of the front panel (datbox-panel): a program of its own that shows a running
 * machine's lights and works its keys over the local socket (consoles/panel_frame.h).
 *
 *   link.c    the socket
 *   layout.c  what is where: the tables of lamps, dials and keys
 *   draw.c    lamps, boxes and text with SDL
 *   face.c    draws the panel
 *   keys.c    what keys, dials and the keyboard do
 *   paper.c   the printer's paper
 *   beside.c  draws the 3270 and the card reader
 *   main.c    options, the loop, pictures without a display
 *
 * Lengths are pixels of a face of PANEL_WIDTH by PANEL_HEIGHT, which the window scales. */
#ifndef CONSOLES_PANEL_PANEL_H
#define CONSOLES_PANEL_PANEL_H

#include "consoles/panel_frame.h"

#include <SDL.h>
#include <SDL_ttf.h>

#define PANEL_WIDTH  1440
#define PANEL_HEIGHT 1060

#define TEXT_LINES   7
#define TEXT_COLUMNS 88

#define PAPER_COLUMNS 132
#define PAPER_LINES   40

/* --- link.c --- */

struct link {
    int fd; /* -1: not connected */
    struct panel_input input;
};

bool link_open(struct link *link, const char *path); /* false: errno says why */
/* Reads what has come and hands it to `take`. False when the machine is gone. */
bool link_read(struct link *link, panel_take *take, void *context);
/* False when the machine is gone. */
bool link_send(struct link *link, enum panel_message kind, const char *text);
/* Waits until something has come, or `ms` are over. */
void link_wait(const struct link *link, int ms);
void link_close(struct link *link);

/* --- layout.c --- */

/* What STORE and DISPLAY mean. */
enum stored { STORED_MAIN, STORED_GENERAL, STORED_CONTROL, STORED_COUNT };
enum rate { RATE_STEP, RATE_SINGLE_CYCLE, RATE_PROCESS, RATE_COUNT };

#define DIALS 17 /* load unit 3, address 6, data 8 */
enum { DIAL_UNIT = 0, DIAL_ADDRESS = 3, DIAL_DATA = 9 };

enum key {
    KEY_NONE,
    KEY_LOAD,
    KEY_LOAD_CLEAR,
    KEY_START,
    KEY_STOP,
    KEY_RESTART,
    KEY_INTERRUPT,
    KEY_DISPLAY,
    KEY_STORE,
    KEY_SET_IC,
    KEY_RESET,
    KEY_STATUS,
    KEY_RATE,
    KEY_SELECT,
};

struct layout_key {
    SDL_Rect at;
    const char *label;
    enum key key;
    SDL_Keycode shortcut;
    const char *shortcut_name;
};

/* A row of lights: `bits` of them, numbered from `first`, at columns `column` and on. */
struct layout_row {
    const char *label;
    int x, y, pitch, size;
    unsigned column, bits, first;
    size_t offset; /* in struct panel_lights */
    bool numbers;  /* bit numbers below */
};

extern const struct layout_row layout_rows[];
extern const struct layout_key layout_keys[];
extern const char *const layout_lamps[LAMP_COUNT];
extern const char *const layout_rates[RATE_COUNT];
extern const char *const layout_stored[STORED_COUNT];

SDL_Rect layout_lamp(enum panel_lamp lamp);
SDL_Rect layout_dial(int dial);
/* Left edge of light `column` in a row: bytes and half bytes stand apart. */
int layout_column(const struct layout_row *row, unsigned column);

/* --- paper.c --- */

struct paper {
    const char *path; /* the printer's file */
    long position;    /* read up to here; -1: not opened yet */
    char lines[PAPER_LINES][PAPER_COLUMNS + 1];
    unsigned next;  /* line being printed */
    unsigned total; /* lines since the panel started, for the bars */
    int column;
    float lag; /* lines that the eye has not seen moving yet */
};

void paper_read(struct paper *paper);
/* Line `i` from the top of what is seen, the last is PAPER_LINES - 1. */
const char *paper_line(const struct paper *paper, unsigned i);

/* --- the panel --- */

struct panel {
    struct link link;
    bool view; /* looks on only */
    struct panel_frame frame;
    unsigned frames;
    struct panel_frame before; /* for the speed */
    double mips;
    bool displayed; /* ADDRESS and DATA show what DISPLAY has brought */
    bool asked;     /* DISPLAY waits for an answer */
    uint32_t display_address, display_data;
    uint8_t dials[DIALS];
    int focus; /* the dial that the keyboard turns */
    enum rate rate;
    enum stored stored;
    bool cycling; /* START at single cycle speed */
    uint32_t next_cycle;
    enum key pressed;
    char text[TEXT_LINES][TEXT_COLUMNS + 1];
    unsigned text_next;
    struct paper paper;
    struct panel_screen screen; /* rows 0: there is none */
    struct panel_cards cards;
    bool has_cards; /* there is a reader */
};

uint32_t panel_dials(const struct panel *p, int first, int count);

/* --- draw.c --- */

struct face;
/* NULL with a message on stderr. `font`: NULL to look where Debian has them. */
struct face *face_create(SDL_Renderer *renderer, const char *font);
void face_destroy(struct face *face);
void draw_box(struct face *f, SDL_Rect r, SDL_Color color);
void draw_frame(struct face *f, SDL_Rect r, SDL_Color color);
/* A round light, `size` wide, of brightness 0 to 255. */
void draw_light(struct face *f, int x, int y, int size, uint8_t brightness, SDL_Color color);
enum text_font {
    FONT_LABEL,
    FONT_SMALL,
    FONT_BIG,
    FONT_TERMINAL,
    FONT_PAPER,
    FONT_TUBE, /* of a screen of 80 columns */
    FONT_COUNT
};
/* `align`: -1 left, 0 centre, 1 right of x; y is the top. */
void draw_text(struct face *f, enum text_font font, int x, int y, int align, SDL_Color color,
               const char *text);
/* Characters in cells `pitch` wide (terminals and paper). */
void draw_cells(struct face *f, enum text_font font, float x, float y, float pitch, SDL_Color color,
                const char *text);
SDL_Renderer *face_renderer(struct face *f);

/* --- face.c --- */
void face_draw(struct face *f, struct panel *p);

/* --- beside.c --- */
void beside_draw_screen(struct face *f, const struct panel *p, SDL_Rect at);
void beside_draw_cards(struct face *f, const struct panel *p, SDL_Rect at);

/* --- keys.c --- */
void keys_press(struct panel *p, enum key key);
void keys_mouse(struct panel *p, const SDL_MouseButtonEvent *e);
void keys_keyboard(struct panel *p, const SDL_Keysym *key);
/* What goes on by itself: single cycle speed. */
void keys_tick(struct panel *p);

#endif
