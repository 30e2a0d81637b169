/* Compares two pictures of the panel: they must have the same size, and at most one in 5000 of
 * their pixels may differ by more than a tenth in a colour (fonts are not drawn the same by all
 * versions of the libraries; a register of lights that is wrong has 800 pixels).  usage: compare A
 * B */
#include <SDL_image.h>
#include <stdio.h>
#include <stdlib.h>

static SDL_Surface *load(const char *path)
{
    SDL_Surface *s = IMG_Load(path);
    SDL_Surface *plain = s ? SDL_ConvertSurfaceFormat(s, SDL_PIXELFORMAT_RGBA32, 0) : NULL;
    if (!plain) {
        fprintf(stderr, "%s: %s\n", path, SDL_GetError());
        exit(2);
    }
    SDL_FreeSurface(s);
    return plain;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    SDL_Surface *a = load(argv[1]), *b = load(argv[2]);
    long differ = 0, pixels = (long)a->w * a->h;
    if (a->w != b->w || a->h != b->h) {
        fprintf(stderr, "%d x %d and %d x %d\n", a->w, a->h, b->w, b->h);
        return 1;
    }
    for (int y = 0; y < a->h; y++) {
        const uint8_t *p = (const uint8_t *)a->pixels + y * a->pitch;
        const uint8_t *q = (const uint8_t *)b->pixels + y * b->pitch;
        for (int x = 0; x < a->w; x++, p += 4, q += 4)
            differ += abs(p[0] - q[0]) > 25 || abs(p[1] - q[1]) > 25 || abs(p[2] - q[2]) > 25;
    }
    printf("%s: %ld of %ld pixels differ\n", argv[1], differ, pixels);
    return differ * 5000 > pixels;
}
