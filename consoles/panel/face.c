/* Draws the panel: the state of struct panel by the tables of layout.c. */
#include "consoles/panel/panel.h"

#include <stdio.h>

static const SDL_Color back = {46, 52, 62, 255}, plate = {30, 34, 41, 255};
static const SDL_Color edge = {84, 92, 104, 255}, ink = {214, 219, 226, 255};
static const SDL_Color faint = {140, 150, 162, 255}, stripe = {31, 88, 140, 255};
static const SDL_Color bulb = {255, 196, 96, 255}, bulb_channel = {120, 220, 255, 255};
static const SDL_Color key_up = {222, 218, 206, 255}, key_down = {170, 166, 154, 255};
static const SDL_Color key_ink = {24, 26, 30, 255}, key_red = {196, 72, 60, 255};
static const SDL_Color phosphor = {86, 255, 120, 255}, tube = {8, 20, 12, 255};
static const SDL_Color white_bar = {250, 250, 246, 255}, green_bar = {214, 238, 214, 255};
static const SDL_Color print_ink = {36, 40, 60, 255}, hole = {60, 66, 76, 255};

static void draw_row(struct face *f, const struct layout_row *row, const uint8_t *lights)
{
    char number[8];
    bool small = row->size < 10;
    for (unsigned i = 0; i < row->bits; i++) {
        int x = layout_column(row, row->column + i);
        draw_light(f, x, row->y, row->size, lights[i],
                   row->offset == offsetof(struct panel_lights, channels) ? bulb_channel : bulb);
        if (!row->numbers)
            continue;
        snprintf(number, sizeof number, "%u", row->first + i);
        draw_text(f, FONT_SMALL, x + row->size / 2, row->y + row->size + 3, 0, faint, number);
    }
    if (row->label)
        draw_text(f, small ? FONT_SMALL : FONT_LABEL, small ? row->x - 8 : row->x,
                  small ? row->y - 2 : row->y - 21, small ? 1 : -1, ink, row->label);
}

/* ADDRESS and DATA hold what DISPLAY has brought until the machine runs again. */
static void show_displayed(const struct panel *p, struct panel_lights *lights)
{
    if (!p->displayed)
        return;
    for (unsigned i = 0; i < 24; i++)
        lights->address[i] = p->display_address >> (23 - i) & 1 ? 255 : 0;
    for (unsigned i = 0; i < 32; i++)
        lights->data[i] = p->display_data >> (31 - i) & 1 ? 255 : 0;
}

static void draw_lights(struct face *f, const struct panel *p)
{
    struct panel_lights lights = p->frame.lights;
    show_displayed(p, &lights);
    draw_text(f, FONT_LABEL, 40, 330, -1, ink, "GENERAL REGISTERS");
    for (const struct layout_row *row = layout_rows; row->bits; row++)
        draw_row(f, row, (const uint8_t *)&lights + row->offset);
    static const SDL_Color colors[LAMP_COUNT] = {{250, 250, 240, 255},
                                                 {250, 250, 240, 255},
                                                 {255, 220, 120, 255},
                                                 {255, 96, 80, 255},
                                                 {255, 150, 90, 255}};
    for (int i = 0; i < LAMP_COUNT; i++) {
        SDL_Rect r = layout_lamp((enum panel_lamp)i);
        float b = (float)lights.lamps[i] / 255;
        SDL_Color c = {(uint8_t)(52 + b * (float)(colors[i].r - 52)),
                       (uint8_t)(52 + b * (float)(colors[i].g - 52)),
                       (uint8_t)(52 + b * (float)(colors[i].b - 52)), 255};
        draw_box(f, r, c);
        draw_frame(f, r, edge);
        draw_text(f, FONT_SMALL, r.x + r.w / 2, r.y + 15, 0, b > 0.5f ? key_ink : faint,
                  layout_lamps[i]);
    }
}

static void draw_dials(struct face *f, const struct panel *p)
{
    static const struct {
        int first;
        const char *label;
    } groups[] = {{DIAL_UNIT, "LOAD UNIT"}, {DIAL_ADDRESS, "ADDRESS"}, {DIAL_DATA, "DATA"}};
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        SDL_Rect r = layout_dial(groups[i].first);
        draw_text(f, FONT_LABEL, r.x, r.y - 20, -1, ink, groups[i].label);
    }
    for (int i = 0; i < DIALS; i++) {
        SDL_Rect r = layout_dial(i);
        char digit[2] = {"0123456789ABCDEF"[p->dials[i]], 0};
        draw_box(f, r, (SDL_Color){16, 18, 22, 255});
        draw_frame(f, r, i == p->focus ? bulb : edge);
        draw_text(f, FONT_BIG, r.x + r.w / 2, r.y + 9, 0, ink, digit);
    }
}

static void draw_keys(struct face *f, const struct panel *p)
{
    for (const struct layout_key *k = layout_keys; k->label; k++) {
        bool selector = k->key == KEY_RATE || k->key == KEY_SELECT;
        bool red = k->key == KEY_LOAD || k->key == KEY_LOAD_CLEAR || k->key == KEY_RESET;
        draw_box(f, k->at, p->pressed == k->key ? key_down : red ? key_red : key_up);
        draw_frame(f, k->at, edge);
        const char *label = k->key == KEY_RATE     ? layout_rates[p->rate]
                            : k->key == KEY_SELECT ? layout_stored[p->stored]
                                                   : k->label;
        draw_text(f, FONT_LABEL, k->at.x + k->at.w / 2, k->at.y + 9, 0, key_ink, label);
        draw_text(f, FONT_SMALL, k->at.x + k->at.w / 2, k->at.y + 28, 0, key_ink, k->shortcut_name);
        if (selector)
            draw_text(f, FONT_SMALL, k->at.x + k->at.w / 2, k->at.y - 13, 0, ink, k->label);
    }
}

static void draw_paper(struct face *f, struct panel *p)
{
    SDL_Rect sheet = {772, 60, 640, 372};
    float line = (float)sheet.h / PAPER_LINES;
    draw_box(f, sheet, white_bar);
    SDL_RenderSetClipRect(face_renderer(f), &sheet);
    float shift = p->paper.lag * line; /* the eye follows: paper moves, it does not jump */
    for (unsigned i = 0; i < PAPER_LINES; i++) {
        float y = (float)sheet.y + (float)i * line + shift;
        unsigned number = p->paper.total + i;
        SDL_Rect bar = {sheet.x + 16, (int)y, sheet.w - 32, (int)line + 1};
        if (number / 3 % 2)
            draw_box(f, bar, green_bar);
    }
    for (unsigned i = 0; i < PAPER_LINES; i++) {
        float y = (float)sheet.y + (float)i * line + shift;
        if ((p->paper.total + i) % 3 == 0) {
            draw_light(f, sheet.x + 4, (int)y, 7, 0, hole);
            draw_light(f, sheet.x + sheet.w - 11, (int)y, 7, 0, hole);
        }
        draw_cells(f, FONT_PAPER, (float)sheet.x + 20, y, 4.55f, print_ink,
                   paper_line(&p->paper, i));
    }
    SDL_RenderSetClipRect(face_renderer(f), NULL);
    draw_text(f, FONT_LABEL, sheet.x, sheet.y - 20, -1, ink, "PRINTER");
    p->paper.lag -= p->paper.lag > 0.5f ? 0.1f * p->paper.lag + 0.4f : p->paper.lag;
}

static void draw_messages(struct face *f, const struct panel *p)
{
    SDL_Rect screen = {772, 908, 640, 132};
    draw_text(f, FONT_LABEL, screen.x, screen.y - 20, -1, ink, "OPERATOR'S MESSAGES");
    draw_box(f, screen, tube);
    draw_frame(f, screen, edge);
    SDL_RenderSetClipRect(face_renderer(f), &screen);
    for (unsigned i = 0; i < TEXT_LINES; i++)
        draw_cells(f, FONT_TERMINAL, (float)screen.x + 10, (float)screen.y + 6 + (float)i * 17.5f,
                   7.05f, phosphor, p->text[(p->text_next + i) % TEXT_LINES]);
    SDL_RenderSetClipRect(face_renderer(f), NULL);
}

void face_draw(struct face *f, struct panel *p)
{
    char speed[64];
    draw_box(f, (SDL_Rect){0, 0, PANEL_WIDTH, PANEL_HEIGHT}, back);
    draw_box(f, (SDL_Rect){20, 56, 736, 520}, plate);
    draw_box(f, (SDL_Rect){0, 0, PANEL_WIDTH, 34}, stripe);
    draw_text(f, FONT_BIG, 24, 3, -1, ink, "datbox");
    draw_text(f, FONT_LABEL, 130, 10, -1, ink, p->view ? "SYSTEM/370, VIEW ONLY" : "SYSTEM/370");
    snprintf(speed, sizeof speed, "%.1f MIPS   %llu instructions", p->mips,
             (unsigned long long)p->frame.instructions);
    draw_text(f, FONT_LABEL, PANEL_WIDTH - 28, 10, 1, ink, speed);
    draw_lights(f, p);
    draw_paper(f, p);
    draw_messages(f, p);
    beside_draw_screen(f, p, (SDL_Rect){772, 466, 640, 412});
    beside_draw_cards(f, p, (SDL_Rect){20, 908, 736, 132});
    if (p->view)
        return;
    draw_dials(f, p);
    draw_keys(f, p);
}
