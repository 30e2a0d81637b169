/* What is where on the panel. */
#include "consoles/panel/panel.h"

#define LIGHTS(member) offsetof(struct panel_lights, member)

#define ROW_X   40
#define PITCH   21
#define SIZE    14
#define GR_X    70
#define GR_X2   432
#define GR_Y    356
#define GR_STEP 17
#define GR_ROW(n)                                                                                  \
    {                                                                                              \
#n, (n) < 8 ? GR_X : GR_X2, GR_Y + (n) % 8 * GR_STEP, 9, 8, 0, 32, 0, LIGHTS(gr[n]), false \
    }

const struct layout_row layout_rows[] = {
    {"PROGRAM STATUS WORD", ROW_X, 92, PITCH, SIZE, 0, 32, 0, LIGHTS(psw), true},
    {NULL, ROW_X, 142, PITCH, SIZE, 0, 32, 32, LIGHTS(psw[32]), true},
    {"ADDRESS", ROW_X, 208, PITCH, SIZE, 8, 24, 8, LIGHTS(address), true},
    {"DATA", ROW_X, 274, PITCH, SIZE, 0, 32, 0, LIGHTS(data), true},
    GR_ROW(0),
    GR_ROW(1),
    GR_ROW(2),
    GR_ROW(3),
    GR_ROW(4),
    GR_ROW(5),
    GR_ROW(6),
    GR_ROW(7),
    GR_ROW(8),
    GR_ROW(9),
    GR_ROW(10),
    GR_ROW(11),
    GR_ROW(12),
    GR_ROW(13),
    GR_ROW(14),
    GR_ROW(15),
    {"CHANNELS", ROW_X, 530, PITCH, SIZE, 0, PANEL_CHANNELS, 0, LIGHTS(channels), true},
    {NULL, 0, 0, 0, 0, 0, 0, 0, 0, false},
};

#define KEY_W 100
#define KEY_H 46
#define KEY_Y 776
#define KEY_AT(column, row)                                                                        \
    {                                                                                              \
        40 + (column) * (KEY_W + 10), KEY_Y + (row) * (KEY_H + 8), KEY_W, KEY_H                    \
    }

const struct layout_key layout_keys[] = {
    {KEY_AT(0, 0), "LOAD", KEY_LOAD, SDLK_F1, "F1"},
    {KEY_AT(0, 1), "LOAD CLEAR", KEY_LOAD_CLEAR, SDLK_F2, "F2"},
    {KEY_AT(1, 0), "START", KEY_START, SDLK_F3, "F3"},
    {KEY_AT(1, 1), "STOP", KEY_STOP, SDLK_F4, "F4"},
    {KEY_AT(2, 0), "RESTART", KEY_RESTART, SDLK_F5, "F5"},
    {KEY_AT(2, 1), "INTERRUPT", KEY_INTERRUPT, SDLK_F6, "F6"},
    {KEY_AT(3, 0), "DISPLAY", KEY_DISPLAY, SDLK_F7, "F7"},
    {KEY_AT(3, 1), "STORE", KEY_STORE, SDLK_F8, "F8"},
    {KEY_AT(4, 0), "SET IC", KEY_SET_IC, SDLK_F9, "F9"},
    {KEY_AT(4, 1), "STORE STATUS", KEY_STATUS, SDLK_F10, "F10"},
    {KEY_AT(5, 0), "SYSTEM RESET", KEY_RESET, SDLK_F11, "F11"},
    {{600, 646, 120, 46}, "RATE", KEY_RATE, SDLK_r, "R"},
    {{600, 710, 120, 46}, "DISPLAY/STORE", KEY_SELECT, SDLK_s, "S"},
    {{0, 0, 0, 0}, NULL, KEY_NONE, 0, NULL},
};

const char *const layout_lamps[LAMP_COUNT] = {"SYSTEM", "MANUAL", "WAIT", "TEST", "LOAD"};
const char *const layout_rates[RATE_COUNT] = {"INSN STEP", "SINGLE CYCLE", "PROCESS"};
const char *const layout_stored[STORED_COUNT] = {"MAIN STORAGE", "GENERAL REG", "CONTROL REG"};

SDL_Rect layout_lamp(enum panel_lamp lamp)
{
    return (SDL_Rect){430 + (int)lamp * 64, 524, 58, 42};
}

/* Load unit above, address and data below it. */
SDL_Rect layout_dial(int dial)
{
    int y = dial < DIAL_ADDRESS ? 606 : 696;
    int n = dial < DIAL_ADDRESS ? dial : dial < DIAL_DATA ? dial - DIAL_ADDRESS : dial - DIAL_DATA;
    int x = dial < DIAL_DATA ? 40 : 290;
    return (SDL_Rect){x + n * 37, y, 33, 46};
}

int layout_column(const struct layout_row *row, unsigned column)
{
    unsigned gap = (unsigned)row->pitch / 5;
    return row->x + (int)(column * (unsigned)row->pitch + column / 4 * gap / 2 + column / 8 * gap);
}
