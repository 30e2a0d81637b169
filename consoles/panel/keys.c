/* What the panel's keys and dials do, by mouse and keyboard.  A key is an operator command. */
#include "consoles/panel/panel.h"

#include <stdarg.h>
#include <stdio.h>

/* At single cycle speed START runs an instruction this often: slow enough for the eye.  (The
 * machine has no cycles shorter than an instruction.) */
#define CYCLE_MS 250

static void command(struct panel *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void command(struct panel *p, const char *format, ...)
{
    char line[128];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    (void)link_send(&p->link, PANEL_COMMAND, line);
}

uint32_t panel_dials(const struct panel *p, int first, int count)
{
    uint32_t value = 0;
    for (int i = first; i < first + count; i++)
        value = value << 4 | p->dials[i];
    return value;
}

static void start(struct panel *p)
{
    p->displayed = false;
    p->cycling = p->rate == RATE_SINGLE_CYCLE;
    p->next_cycle = 0;
    if (p->rate != RATE_SINGLE_CYCLE)
        command(p, p->rate == RATE_STEP ? "s 1" : "start");
}

static void display(struct panel *p, uint32_t address)
{
    p->display_address = address;
    switch (p->stored) {
    case STORED_MAIN: /* keys_answer shows it */
        p->asked = true;
        command(p, "r %06X.4", address);
        return;
    case STORED_GENERAL:
        p->display_data = p->frame.gr[address & 15];
        break;
    default:
        p->display_data = p->frame.cr[address & 15];
        break;
    }
    p->displayed = true;
}

static void store(struct panel *p, uint32_t address, uint32_t data)
{
    if (p->stored == STORED_MAIN)
        command(p, "r %06X=%08X", address, data);
    else
        command(p, "%s %u=%08X", p->stored == STORED_GENERAL ? "gpr" : "cr", address & 15, data);
    p->display_address = address;
    p->display_data = data;
    p->displayed = true;
}

void keys_press(struct panel *p, enum key key)
{
    uint32_t address = panel_dials(p, DIAL_ADDRESS, 6), data = panel_dials(p, DIAL_DATA, 8);
    if (p->view)
        return;
    p->pressed = key;
    switch (key) {
    case KEY_LOAD:
    case KEY_LOAD_CLEAR:
        p->displayed = p->cycling = false;
        command(p, "ipl %03X%s", panel_dials(p, DIAL_UNIT, 3),
                key == KEY_LOAD_CLEAR ? " clear" : "");
        break;
    case KEY_START:
        start(p);
        break;
    case KEY_STOP:
        p->cycling = false;
        command(p, "stop");
        break;
    case KEY_RESTART:
        p->displayed = false;
        command(p, "restart");
        break;
    case KEY_INTERRUPT:
        command(p, "ext");
        break;
    case KEY_DISPLAY:
        display(p, address);
        break;
    case KEY_STORE:
        store(p, address, data);
        break;
    case KEY_SET_IC:
        command(p, "psw %08X %08X", (uint32_t)(p->frame.psw >> 32),
                ((uint32_t)p->frame.psw & 0xff000000) | address);
        break;
    case KEY_RESET:
        p->displayed = p->cycling = false;
        command(p, "sysreset");
        break;
    case KEY_STATUS:
        command(p, "store status");
        break;
    case KEY_RATE:
        p->rate = (p->rate + 1) % RATE_COUNT;
        p->cycling = false;
        break;
    case KEY_SELECT:
        p->stored = (p->stored + 1) % STORED_COUNT;
        break;
    default:
        break;
    }
}

static void turn(struct panel *p, int dial, int by)
{
    p->dials[dial] = (uint8_t)((p->dials[dial] + by) & 15);
    p->focus = dial;
}

void keys_mouse(struct panel *p, const SDL_MouseButtonEvent *e)
{
    SDL_Point at = {e->x, e->y};
    if (e->type == SDL_MOUSEBUTTONUP || p->view) {
        p->pressed = KEY_NONE;
        return;
    }
    for (int i = 0; i < DIALS; i++) {
        SDL_Rect r = layout_dial(i);
        if (SDL_PointInRect(&at, &r))
            turn(p, i, e->button == SDL_BUTTON_RIGHT ? -1 : 1);
    }
    for (const struct layout_key *k = layout_keys; k->label; k++) {
        if (SDL_PointInRect(&at, &k->at))
            keys_press(p, k->key);
    }
}

/* The value of a key that is a hexadecimal digit, or -1. */
static int digit_of(SDL_Keycode key)
{
    if (key >= SDLK_0 && key <= SDLK_9)
        return key - SDLK_0;
    return key >= SDLK_a && key <= SDLK_f ? key - SDLK_a + 10 : -1;
}

void keys_keyboard(struct panel *p, const SDL_Keysym *key)
{
    int digit = digit_of(key->sym);
    if (p->view)
        return;
    if (digit >= 0) {
        p->dials[p->focus] = (uint8_t)digit;
        p->focus = (p->focus + 1) % DIALS;
        return;
    }
    switch (key->sym) {
    case SDLK_RIGHT:
        p->focus = (p->focus + 1) % DIALS;
        return;
    case SDLK_LEFT:
        p->focus = (p->focus + DIALS - 1) % DIALS;
        return;
    case SDLK_UP:
        turn(p, p->focus, 1);
        return;
    case SDLK_DOWN:
        turn(p, p->focus, -1);
        return;
    case SDLK_TAB: /* to the next group of dials */
        p->focus = p->focus < DIAL_ADDRESS ? DIAL_ADDRESS
                   : p->focus < DIAL_DATA  ? DIAL_DATA
                                           : DIAL_UNIT;
        return;
    default:
        break;
    }
    for (const struct layout_key *k = layout_keys; k->label; k++) {
        if (k->shortcut == key->sym)
            keys_press(p, k->key);
    }
}

void keys_tick(struct panel *p)
{
    uint32_t now = SDL_GetTicks();
    if (!p->cycling || now < p->next_cycle)
        return;
    p->next_cycle = now + CYCLE_MS;
    command(p, "s 1");
}
