/* place IMAGE PACK CYLINDER: copies a volume onto cylinders of a larger one, where a virtual
 * machine has it as a minidisk: tracks get the home addresses of their new place, records stay what
 * they are.  Both are plain CKD images (CKD_P370) of the same device type. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEADER    512
#define HEADS_AT  8 /* 32-bit numbers, the low byte first */
#define LENGTH_AT 12

static uint32_t number_at(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static int fail(const char *what, const char *file)
{
    fprintf(stderr, "place: %s: %s\n", file, what);
    return 1;
}

int main(int argc, char **argv)
{
    uint8_t from[HEADER], to[HEADER];
    if (argc != 4) {
        fprintf(stderr, "usage: place IMAGE PACK CYLINDER\n");
        return 2;
    }
    FILE *image = fopen(argv[1], "rb"), *pack = fopen(argv[2], "r+b");
    if (!image || !pack)
        return fail("cannot be opened", image ? argv[2] : argv[1]);
    if (fread(from, HEADER, 1, image) != 1 || fread(to, HEADER, 1, pack) != 1 ||
        memcmp(from, "CKD_P370", 8) != 0 || memcmp(from, to, LENGTH_AT + 4) != 0)
        return fail("is no image of the same type", argv[2]);
    uint32_t heads = number_at(from + HEADS_AT), length = number_at(from + LENGTH_AT);
    uint32_t track = (uint32_t)strtoul(argv[3], NULL, 10) * heads;
    uint8_t *buffer = malloc(length);
    if (!buffer || fseeko(pack, HEADER + (off_t)track * length, SEEK_SET) != 0)
        return fail("has no such cylinder", argv[2]);
    for (; fread(buffer, length, 1, image) == 1; track++) {
        buffer[1] = (uint8_t)(track / heads >> 8);
        buffer[2] = (uint8_t)(track / heads);
        buffer[3] = 0;
        buffer[4] = (uint8_t)(track % heads);
        if (fwrite(buffer, length, 1, pack) != 1)
            return fail("cannot be written", argv[2]);
    }
    free(buffer);
    fclose(image);
    return fclose(pack) == 0 ? 0 : fail("cannot be written", argv[2]);
}
