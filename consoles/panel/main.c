/* datbox panel: the front panel of a running machine, in a window or as a picture. */
#include "consoles/panel/panel.h"

#include <SDL_image.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOT_FRAMES 8     /* frames to wait for before a picture: the lights are at rest */
#define SHOT_MS     20000 /* a machine that sends none in this time is not running */
#define FRAME_MS    33

#define COMMANDS_MAX 16

struct options {
    const char *data, *socket, *paper, *shot, *font;
    const char *commands[COMMANDS_MAX];
    int command_count;
    bool view;
};

static int usage(FILE *to)
{
    fputs(
        "usage: datbox panel [OPTION]...\n"
        "      --data DIR      the running datbox's data directory (else DATBOX_DATA, else "
        "./data)\n"
        "      --socket FILE   its socket (else panel.sock in the data directory)\n"
        "      --paper FILE    the printer's output file (else printer.txt there)\n"
        "      --view          look on only: no keys\n"
        "      --command LINE  an operator command first (up to 16 of them)\n"
        "      --shot FILE     write a picture (PNG) and end; needs no display\n"
        "      --font FILE     a TrueType font\n"
        "keys: F1 to F11, R and S as on the keys; arrows, Tab and hexadecimal digits turn dials\n",
        to);
    return to == stdout ? 0 : 2;
}

/* -1, or the exit status with which the program ends at once. */
static int parse(struct options *o, int argc, char **argv)
{
    enum { DATA = 256, SOCKET, PAPER, VIEW, SHOT, FONT, COMMAND };
    static const struct option table[] = {
        {"data", required_argument, NULL, DATA},
        {"socket", required_argument, NULL, SOCKET},
        {"paper", required_argument, NULL, PAPER},
        {"view", no_argument, NULL, VIEW},
        {"shot", required_argument, NULL, SHOT},
        {"font", required_argument, NULL, FONT},
        {"command", required_argument, NULL, COMMAND},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "h", table, NULL)) != -1) {
        switch (option) {
        case DATA:
            o->data = optarg;
            break;
        case SOCKET:
            o->socket = optarg;
            break;
        case PAPER:
            o->paper = optarg;
            break;
        case VIEW:
            o->view = true;
            break;
        case SHOT:
            o->shot = optarg;
            break;
        case COMMAND:
            if (o->command_count == COMMANDS_MAX)
                return usage(stderr);
            o->commands[o->command_count++] = optarg;
            break;
        case FONT:
            o->font = optarg;
            break;
        case 'h':
            return usage(stdout);
        default:
            return usage(stderr);
        }
    }
    if (optind < argc) {
        fprintf(stderr, "datbox panel: unexpected argument '%s'\n", argv[optind]);
        return usage(stderr);
    }
    const char *set = getenv("DATBOX_DATA");
    if (!o->data)
        o->data = set && set[0] ? set : "data";
    return -1;
}

/* --- what the machine sends --- */

static void take_frame(struct panel *p, const uint8_t *content, size_t length)
{
    struct panel_frame frame;
    if (!panel_frame_decode(&frame, content, length))
        return;
    uint64_t ns = frame.now - p->before.now;
    if (p->frames == 0) {
        p->before = frame;
    } else if (ns > (p->mips > 0 ? 500000000u : 100000000u)) {
        p->mips = (double)(frame.instructions - p->before.instructions) * 1000 / (double)ns;
        p->before = frame;
    }
    p->frame = frame;
    p->frames++;
    if (frame.lights.lamps[LAMP_SYSTEM])
        p->displayed = false;
}

/* A line of the operator's, and perhaps what DISPLAY has asked for. */
static void take_text(struct panel *p, const char *content, size_t length)
{
    char *line = p->text[p->text_next];
    p->text_next = (p->text_next + 1) % TEXT_LINES;
    snprintf(line, TEXT_COLUMNS + 1, "%.*s", (int)length, content);
    unsigned address, data;
    if (p->asked && sscanf(line, "R:%6x: %8x", &address, &data) == 2) {
        p->asked = false;
        p->displayed = true;
        p->display_address = address;
        p->display_data = data;
    }
}

static void take(void *context, enum panel_message kind, const uint8_t *content, size_t length)
{
    struct panel *p = context;
    if (kind == PANEL_FRAME)
        take_frame(p, content, length);
    if (kind == PANEL_SCREEN)
        (void)panel_screen_decode(&p->screen, content, length);
    if (kind == PANEL_CARDS)
        p->has_cards |= panel_cards_decode(&p->cards, content, length);
    if (kind == PANEL_TEXT)
        take_text(p, (const char *)content, length);
}

/* --- a picture --- */

static int shoot(struct panel *p, const struct options *o)
{
    SDL_Surface *surface =
        SDL_CreateRGBSurfaceWithFormat(0, PANEL_WIDTH, PANEL_HEIGHT, 32, SDL_PIXELFORMAT_RGBA32);
    SDL_Renderer *renderer = surface ? SDL_CreateSoftwareRenderer(surface) : NULL;
    struct face *face = renderer ? face_create(renderer, o->font) : NULL;
    int status = 1;
    uint32_t end = SDL_GetTicks() + SHOT_MS;
    bool alive = true;
    while (face && alive && p->frames < SHOT_FRAMES && SDL_GetTicks() < end) {
        link_wait(&p->link, FRAME_MS);
        alive = link_read(&p->link, take, p);
    }
    if (face && p->frames < SHOT_FRAMES) {
        fprintf(stderr, "datbox panel: the machine sends nothing\n");
    } else if (face) {
        paper_read(&p->paper);
        p->paper.lag = 0;
        face_draw(face, p);
        SDL_RenderPresent(renderer);
        status = IMG_SavePNG(surface, o->shot) == 0 ? 0 : 1;
        if (status)
            fprintf(stderr, "datbox panel: %s: %s\n", o->shot, SDL_GetError());
    }
    face_destroy(face);
    if (renderer)
        SDL_DestroyRenderer(renderer);
    SDL_FreeSurface(surface);
    return status;
}

/* --- a window --- */

static bool handle(struct panel *p, const SDL_Event *e)
{
    switch (e->type) {
    case SDL_QUIT:
        return false;
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP:
        keys_mouse(p, &e->button);
        break;
    case SDL_KEYDOWN:
        keys_keyboard(p, &e->key.keysym);
        break;
    case SDL_KEYUP:
        p->pressed = KEY_NONE;
        break;
    default:
        break;
    }
    return true;
}

/* The panel's own size, or as much of it as the display has room for: it is drawn to scale. */
static SDL_Window *open_window(void)
{
    int width = PANEL_WIDTH, height = PANEL_HEIGHT;
    SDL_Rect room;

    if (SDL_GetDisplayUsableBounds(0, &room) == 0 && room.w > 0 && room.h > 0) {
        int border = 40; /* of the window's frame and title */
        if (height > room.h - border) {
            height = room.h > 2 * border ? room.h - border : room.h;
            width = PANEL_WIDTH * height / PANEL_HEIGHT;
        }
        if (width > room.w) {
            width = room.w;
            height = PANEL_HEIGHT * width / PANEL_WIDTH;
        }
    }
    return SDL_CreateWindow("datbox panel", SDL_WINDOWPOS_UNDEFINED, SDL_WINDOWPOS_UNDEFINED, width,
                            height, SDL_WINDOW_RESIZABLE);
}

static int show(struct panel *p, const struct options *o)
{
    SDL_Window *window = open_window();
    SDL_Renderer *renderer = window ? SDL_CreateRenderer(window, -1, 0) : NULL;
    if (!renderer) {
        fprintf(stderr, "datbox panel: no window: %s (--shot FILE needs none)\n", SDL_GetError());
        if (window)
            SDL_DestroyWindow(window);
        return 1;
    }
    SDL_SetHint(SDL_HINT_RENDER_SCALE_QUALITY, "1");
    SDL_RenderSetLogicalSize(renderer, PANEL_WIDTH, PANEL_HEIGHT);
    struct face *face = face_create(renderer, o->font);
    bool open = face != NULL, alive = true;
    SDL_Event e;
    while (open && alive) {
        link_wait(&p->link, FRAME_MS);
        alive = link_read(&p->link, take, p);
        while (open && SDL_PollEvent(&e))
            open = handle(p, &e);
        keys_tick(p);
        paper_read(&p->paper);
        face_draw(face, p);
        SDL_RenderPresent(renderer);
    }
    if (!alive)
        fprintf(stderr, "datbox panel: the machine is gone\n");
    int status = face && alive ? 0 : 1;
    face_destroy(face);
    SDL_DestroyRenderer(renderer);
    SDL_DestroyWindow(window);
    return status;
}

int main(int argc, char **argv)
{
    struct options o = {0};
    static struct panel p = {.rate = RATE_PROCESS, .paper.position = -1, .dials = {1, 5, 0}};
    char socket[PATH_MAX], paper[PATH_MAX];
    int status = parse(&o, argc, argv);
    if (status >= 0)
        return status;
    snprintf(socket, sizeof socket, "%s/%s", o.data, PANEL_SOCKET);
    snprintf(paper, sizeof paper, "%s/printer.txt", o.data);
    p.view = o.view;
    p.paper.path = o.paper ? o.paper : paper;
    signal(SIGPIPE, SIG_IGN);
    if (!link_open(&p.link, o.socket ? o.socket : socket)) {
        fprintf(stderr,
                "datbox panel: no running datbox at %s: %s (start one with 'datbox run', or "
                "name its directory with --data)\n",
                o.socket ? o.socket : socket, strerror(errno));
        return 1;
    }
    if (p.view)
        (void)link_send(&p.link, PANEL_VIEW, "");
    for (int i = 0; i < o.command_count; i++)
        (void)link_send(&p.link, PANEL_COMMAND, o.commands[i]);
    if (o.shot)
        SDL_SetHint(SDL_HINT_VIDEODRIVER, "dummy");
    if (SDL_Init(o.shot ? 0 : SDL_INIT_VIDEO) != 0 || TTF_Init() != 0) {
        fprintf(stderr, "datbox panel: %s (--shot FILE needs no display)\n", SDL_GetError());
        link_close(&p.link);
        return 1;
    }
    status = o.shot ? shoot(&p, &o) : show(&p, &o);
    link_close(&p.link);
    TTF_Quit();
    SDL_Quit();
    return status;
}
