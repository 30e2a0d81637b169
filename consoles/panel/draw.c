/* Drawing with SDL: boxes, lights, text.  Glyphs are drawn once for each font and kept as a
 * texture that is coloured when it is used. */
#include "consoles/panel/panel.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define GLYPHS     256
#define DISC       64 /* width of the light's picture */
#define GLOW_SCALE 2.2f

struct glyphs {
    SDL_Texture *textures[GLYPHS];
    int width[GLYPHS], height[GLYPHS], advance[GLYPHS];
};

struct face {
    SDL_Renderer *renderer;
    SDL_Texture *disc, *glow;
    struct glyphs fonts[FONT_COUNT];
};

static const struct {
    bool mono;
    int size;
} fonts[FONT_COUNT] = {
    [FONT_LABEL] = {false, 13},   [FONT_SMALL] = {false, 9}, [FONT_BIG] = {false, 24},
    [FONT_TERMINAL] = {true, 13}, [FONT_PAPER] = {true, 7},  [FONT_TUBE] = {true, 13},
};

/* A white disc whose alpha falls as `edge` says: sharp for the lamp, soft for its glow. */
static SDL_Texture *make_disc(SDL_Renderer *renderer, bool soft)
{
    SDL_Surface *s = SDL_CreateRGBSurfaceWithFormat(0, DISC, DISC, 32, SDL_PIXELFORMAT_RGBA32);
    if (!s)
        return NULL;
    for (int y = 0; y < DISC; y++) {
        uint8_t *p = (uint8_t *)s->pixels + y * s->pitch;
        for (int x = 0; x < DISC; x++, p += 4) {
            float r = hypotf((float)x - DISC / 2 + 0.5f, (float)y - DISC / 2 + 0.5f) / (DISC / 2);
            float a = soft ? (1 - r) * (1 - r) : (1 - r) * DISC / 4;
            p[0] = p[1] = p[2] = 255;
            p[3] = (uint8_t)(255 * (r >= 1 ? 0 : a > 1 ? 1 : a));
        }
    }
    SDL_Texture *t = SDL_CreateTextureFromSurface(renderer, s);
    SDL_FreeSurface(s);
    SDL_SetTextureBlendMode(t, soft ? SDL_BLENDMODE_ADD : SDL_BLENDMODE_BLEND);
    return t;
}

static void make_glyphs(SDL_Renderer *renderer, TTF_Font *font, struct glyphs *g)
{
    static const SDL_Color white = {255, 255, 255, 255};
    for (unsigned c = 32; c < GLYPHS; c++) {
        SDL_Surface *s = TTF_RenderGlyph_Blended(font, (uint16_t)c, white);
        TTF_GlyphMetrics(font, (uint16_t)c, NULL, NULL, NULL, NULL, &g->advance[c]);
        if (!s)
            continue;
        g->width[c] = s->w;
        g->height[c] = s->h;
        g->textures[c] = SDL_CreateTextureFromSurface(renderer, s);
        SDL_FreeSurface(s);
    }
}

static bool load_fonts(struct face *f, const char *given)
{
    static const char *const debian[2] = {"/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
                                          "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"};
    for (int i = 0; i < FONT_COUNT; i++) {
        const char *path = given ? given : debian[fonts[i].mono];
        TTF_Font *font = TTF_OpenFont(path, fonts[i].size);
        if (!font) {
            fprintf(stderr,
                    "datbox panel: the font %s: %s (package fonts-dejavu-core, or --font "
                    "FILE)\n",
                    path, TTF_GetError());
            return false;
        }
        make_glyphs(f->renderer, font, &f->fonts[i]);
        TTF_CloseFont(font);
    }
    return true;
}

struct face *face_create(SDL_Renderer *renderer, const char *font)
{
    struct face *f = calloc(1, sizeof *f);
    if (!f)
        return NULL;
    f->renderer = renderer;
    f->disc = make_disc(renderer, false);
    f->glow = make_disc(renderer, true);
    SDL_SetRenderDrawBlendMode(renderer, SDL_BLENDMODE_BLEND);
    if (f->disc && f->glow && load_fonts(f, font))
        return f;
    face_destroy(f);
    return NULL;
}

void face_destroy(struct face *f)
{
    if (!f)
        return;
    for (int i = 0; i < FONT_COUNT; i++) {
        for (int c = 0; c < GLYPHS; c++) {
            if (f->fonts[i].textures[c])
                SDL_DestroyTexture(f->fonts[i].textures[c]);
        }
    }
    SDL_DestroyTexture(f->disc);
    SDL_DestroyTexture(f->glow);
    free(f);
}

SDL_Renderer *face_renderer(struct face *f)
{
    return f->renderer;
}

void draw_box(struct face *f, SDL_Rect r, SDL_Color color)
{
    SDL_SetRenderDrawColor(f->renderer, color.r, color.g, color.b, color.a);
    SDL_RenderFillRect(f->renderer, &r);
}

void draw_frame(struct face *f, SDL_Rect r, SDL_Color color)
{
    SDL_SetRenderDrawColor(f->renderer, color.r, color.g, color.b, color.a);
    SDL_RenderDrawRect(f->renderer, &r);
}

void draw_light(struct face *f, int x, int y, int size, uint8_t brightness, SDL_Color color)
{
    /* A bulb that is lit a tenth of the time looks more than a tenth as bright. */
    float b = powf((float)brightness / 255, 0.6f);
    SDL_Rect r = {x, y, size, size};
    SDL_SetTextureColorMod(f->disc, (uint8_t)(38 + b * (float)(color.r - 38)),
                           (uint8_t)(30 + b * (float)(color.g - 30)),
                           (uint8_t)(28 + b * (float)(color.b - 28)));
    SDL_RenderCopy(f->renderer, f->disc, NULL, &r);
    if (brightness == 0)
        return;
    int wide = (int)((float)size * GLOW_SCALE);
    SDL_Rect around = {x + size / 2 - wide / 2, y + size / 2 - wide / 2, wide, wide};
    SDL_SetTextureColorMod(f->glow, color.r, color.g, color.b);
    SDL_SetTextureAlphaMod(f->glow, (uint8_t)(150 * b));
    SDL_RenderCopy(f->renderer, f->glow, NULL, &around);
}

static int text_width(const struct glyphs *g, const char *text)
{
    int width = 0;
    for (; *text; text++)
        width += g->advance[(uint8_t)*text];
    return width;
}

static void draw_glyph(struct face *f, struct glyphs *g, uint8_t c, float x, float y,
                       SDL_Color color)
{
    SDL_Texture *t = g->textures[c];
    if (!t || c == ' ')
        return;
    SDL_FRect r = {x, y, (float)g->width[c], (float)g->height[c]};
    SDL_SetTextureColorMod(t, color.r, color.g, color.b);
    SDL_RenderCopyF(f->renderer, t, NULL, &r);
}

void draw_text(struct face *f, enum text_font font, int x, int y, int align, SDL_Color color,
               const char *text)
{
    struct glyphs *g = &f->fonts[font];
    int width = align < 0 ? 0 : text_width(g, text);
    x -= align == 0 ? width / 2 : width;
    for (; *text; text++) {
        draw_glyph(f, g, (uint8_t)*text, (float)x, (float)y, color);
        x += g->advance[(uint8_t)*text];
    }
}

void draw_cells(struct face *f, enum text_font font, float x, float y, float pitch, SDL_Color color,
                const char *text)
{
    for (; *text; text++, x += pitch)
        draw_glyph(f, &f->fonts[font], (uint8_t)*text, x, y, color);
}
