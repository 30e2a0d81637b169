/* Draws what stands beside the panel: a 3270 with its green phosphor, and the card reader, with the
 * last card that it has read on its way from the hopper to the stacker. */
#include "consoles/panel/panel.h"

#include <stdio.h>

static const SDL_Color case_light = {196, 190, 176, 255}, case_dark = {120, 116, 106, 255};
static const SDL_Color tube = {6, 22, 12, 255}, tube_edge = {2, 8, 5, 255};
static const SDL_Color phosphor = {74, 232, 112, 255}, bright = {190, 255, 204, 255};
static const SDL_Color glow = {40, 170, 80, 255}, ink = {214, 219, 226, 255};
static const SDL_Color steel = {62, 70, 82, 255}, steel_light = {92, 102, 116, 255};
static const SDL_Color card = {232, 214, 168, 255}, card_edge = {176, 156, 108, 255};
static const SDL_Color hole = {34, 32, 30, 255}, card_ink = {70, 56, 40, 255};
static const SDL_Color lamp = {120, 255, 120, 255}, faint = {140, 150, 162, 255};

/* --- the 3270 --- */

/* The face of the tube: lighter in the middle, with lines of the beam. */
static void draw_tube(struct face *f, SDL_Rect r)
{
    draw_box(f, r, tube);
    for (int i = 0; i < 14; i++) {
        SDL_Rect frame = {r.x + i, r.y + i, r.w - 2 * i, r.h - 2 * i};
        SDL_Color c = tube_edge;
        c.a = (uint8_t)(210 - i * 15);
        draw_frame(f, frame, c);
    }
    for (int y = r.y + 1; y < r.y + r.h; y += 3)
        draw_box(f, (SDL_Rect){r.x, y, r.w, 1}, (SDL_Color){0, 0, 0, 46});
}

static void draw_row(struct face *f, const struct panel_screen *s, unsigned row, float x, float y,
                     float pitch, float height)
{
    enum text_font font = pitch < 6 || height < 12 ? FONT_PAPER : FONT_TUBE;
    for (unsigned i = 0; i < s->columns; i++) {
        unsigned at = row * s->columns + i;
        char text[2] = {(char)s->text[at], 0};
        SDL_Color color = s->looks[at] == LOOK_BRIGHT ? bright : phosphor;
        float left = x + (float)i * pitch;
        SDL_Rect cell = {(int)left, (int)y, (int)(pitch + 1), (int)height};
        if (s->looks[at] == LOOK_REVERSE) {
            draw_box(f, cell, phosphor);
            color = tube;
        } else if (text[0] != ' ') { /* the phosphor's halo */
            draw_cells(f, font, left + 0.6f, y + 0.6f, pitch, glow, text);
        }
        draw_cells(f, font, left, y, pitch, color, text);
        if (at == s->cursor && s->connected)
            draw_box(f, (SDL_Rect){cell.x, cell.y + cell.h - 3, cell.w, 2}, bright);
    }
}

void beside_draw_screen(struct face *f, const struct panel *p, SDL_Rect at)
{
    const struct panel_screen *s = &p->screen;
    char label[40] = "3270";
    SDL_Rect inner = {at.x + 10, at.y + 8, at.w - 20, at.h - 16};
    if (s->rows)
        snprintf(label, sizeof label, "3270 AT %03X%s", s->device,
                 s->connected ? "" : "  (NOBODY IS THERE)");
    draw_text(f, FONT_LABEL, at.x, at.y - 20, -1, ink, label);
    draw_box(f, at, case_light);
    draw_frame(f, at, case_dark);
    draw_tube(f, inner);
    if (!s->rows)
        return;
    float pitch = (float)(inner.w - 20) / (float)s->columns;
    float height = (float)(inner.h - 18) / (float)s->rows;
    SDL_RenderSetClipRect(face_renderer(f), &inner);
    for (unsigned row = 0; row < s->rows; row++)
        draw_row(f, s, row, (float)inner.x + 10, (float)inner.y + 9 + (float)row * height, pitch,
                 height);
    SDL_RenderSetClipRect(face_renderer(f), NULL);
}

/* --- the card reader --- */

#define STACK_HEIGHT 84
#define STACK_WIDTH  118
#define CARD_WIDTH   400
#define CARD_HEIGHT  104

/* A pile of cards, seen from its edge; every pixel is some of them. */
static void draw_stack(struct face *f, int x, int bottom, uint32_t cards, const char *label)
{
    char count[24];
    int height = cards == 0     ? 0
                 : cards > 1000 ? STACK_HEIGHT
                                : 3 + (int)cards * (STACK_HEIGHT - 3) / 1000;
    SDL_Rect bin = {x - 6, bottom - STACK_HEIGHT - 6, STACK_WIDTH + 12, STACK_HEIGHT + 12};
    draw_box(f, bin, steel);
    draw_frame(f, bin, steel_light);
    for (int i = 0; i < height; i++)
        draw_box(f, (SDL_Rect){x + i % 2, bottom - i - 1, STACK_WIDTH - i % 2, 1},
                 i % 3 ? card : card_edge);
    snprintf(count, sizeof count, "%s  %u", label, (unsigned)cards);
    draw_text(f, FONT_SMALL, x + STACK_WIDTH / 2, bottom + 10, 0, faint, count);
}

/* The card itself: what is printed along its upper edge, and its holes. */
static void draw_card(struct face *f, const struct panel_cards *c, int x, int y)
{
    float pitch = (float)(CARD_WIDTH - 16) / PANEL_COLUMNS, step = (float)(CARD_HEIGHT - 20) / 12;
    draw_box(f, (SDL_Rect){x, y, CARD_WIDTH, CARD_HEIGHT}, card);
    draw_frame(f, (SDL_Rect){x, y, CARD_WIDTH, CARD_HEIGHT}, card_edge);
    for (int i = 0; i < 9; i++) /* the corner that is cut off */
        draw_box(f, (SDL_Rect){x, y + i, 9 - i, 1}, (SDL_Color){30, 34, 41, 255});
    for (unsigned i = 0; i < PANEL_COLUMNS; i++) {
        char text[2] = {(char)c->text[i], 0};
        float left = (float)x + 8 + (float)i * pitch;
        draw_cells(f, FONT_PAPER, left, (float)y + 3, pitch, card_ink, text);
        for (unsigned row = 0; row < 12; row++)
            if (c->holes[i] & 0x800u >> row)
                draw_box(
                    f, (SDL_Rect){(int)(left + 1), (int)((float)y + 15 + (float)row * step), 3, 5},
                    hole);
    }
}

void beside_draw_cards(struct face *f, const struct panel *p, SDL_Rect at)
{
    const struct panel_cards *c = &p->cards;
    char label[40] = "CARD READER";
    if (p->has_cards)
        snprintf(label, sizeof label, "CARD READER %03X", c->device);
    draw_text(f, FONT_LABEL, at.x + 20, at.y - 20, -1, ink, label);
    draw_box(f, at, (SDL_Color){30, 34, 41, 255});
    if (!p->has_cards)
        return;
    draw_stack(f, at.x + 26, at.y + 100, c->hopper, "HOPPER");
    draw_stack(f, at.x + at.w - 26 - STACK_WIDTH, at.y + 100, c->stacker, "STACKER");
    draw_box(f, (SDL_Rect){at.x + 144, at.y + 60, at.w - 288, 8}, steel);
    if (c->stacker)
        draw_card(f, c, at.x + (at.w - CARD_WIDTH) / 2, at.y + 8);
    draw_light(f, at.x + at.w / 2 - 30, at.y + 116, 9, c->ready ? 255 : 0, lamp);
    draw_text(f, FONT_SMALL, at.x + at.w / 2 - 16, at.y + 115, -1, faint, "READY");
}
