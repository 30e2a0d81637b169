/* Fuzz target: a disk image in several files with any headers and lengths; and any order of adding,
 * merging, discarding and compressing shadow files, with writes between.  An image is refused with
 * a message that names a file, or all of its tracks can be asked for; of shadowed ones each track
 * is at all times what a model of them says. */
#include "s370/media/ckd_image.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HEADS 10u /* of a 2311 */
#define TRACK 0x1000u
#define FILES 3u

static char directory[] = "/tmp/datbox-fuzz-XXXXXX", names[2 + 10][sizeof directory + 16];
static char message[512];

static void remove_all(void)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(names[i]);
    rmdir(directory);
}

/* Names: base, then shadow files 1 to 8; the parts p_1 to p_3 use the places behind. */
static void set_up(void)
{
    if (!mkdtemp(directory))
        abort();
    snprintf(names[0], sizeof names[0], "%s/base", directory);
    for (unsigned n = 1; n <= 8; n++)
        snprintf(names[n], sizeof names[n], "%s/s%u", directory, n);
    for (unsigned n = 1; n <= FILES; n++)
        snprintf(names[8 + n], sizeof names[0], "%s/p_%u", directory, n);
    atexit(remove_all);
}

/* --- several files --- */

/* Per file: 24 bytes of header, or what must be there; how many half tracks. */
static void put_parts(const uint8_t *data, size_t size)
{
    for (unsigned n = 1; n <= FILES; n++) {
        uint8_t header[512] = "CKD_P370\x0a\0\0\0\0\x10\0\0\x11";
        const uint8_t *from = data + (n - 1) * 6;
        int fd = open(names[8 + n], O_RDWR | O_CREAT | O_TRUNC, 0600);
        header[17] = from[0] & 0x80 ? from[0] & 0x7f : (uint8_t)n;
        header[18] = from[1] & 0x80 ? from[1] & 0x7f : n == FILES ? 0 : (uint8_t)(2 * n - 1);
        if (from[2] & 0x80)
            header[from[3] % 24] ^= from[4];
        off_t length = 512 + 2 * HEADS * TRACK;
        if (from[2] & 0x40)
            length = from[5] * (off_t)(TRACK / 2);
        if (pwrite(fd, header, sizeof header, 0) < 0 || ftruncate(fd, length) != 0)
            abort();
        for (unsigned t = 0; size > 18 && t < 2 * HEADS; t++) {
            unsigned track = (n - 1) * 2 * HEADS + t;
            uint8_t begin[21 + 8] = {0, 0, (uint8_t)(track / HEADS), 0, (uint8_t)(track % HEADS)};
            memset(begin + 21, 0xff, 8);
            begin[12] = 8;
            if (512 + (off_t)(t + 1) * TRACK <= length &&
                pwrite(fd, begin, sizeof begin, 512 + (off_t)t * TRACK) < 0)
                abort();
        }
        close(fd);
    }
}

static void try_parts(const uint8_t *data, size_t size)
{
    put_parts(data, size);
    for (int again = 0; again < 2; again++) {
        struct ckd_image *image = ckd_image_open(names[9], 0, message, sizeof message);
        if (!image) {
            if (again || strncmp(message, directory, strlen(directory)) != 0)
                abort();
            return;
        }
        uint32_t tracks = ckd_image_cylinders(image) * ckd_image_geometry(image)->heads;
        for (uint32_t n = 0; n < tracks; n++) {
            unsigned heads = ckd_image_geometry(image)->heads;
            const uint8_t *track = ckd_image_track(image, n / heads, n % heads);
            if (!track)
                continue;
            if (again && n % 3 == 0 && track[20] != (uint8_t)n)
                abort();
            if (!again && n % 3 == 0 &&
                !ckd_image_write(image, n / heads, n % heads, 20, &(uint8_t){(uint8_t)n}, 1))
                abort();
        }
        ckd_image_close(image);
    }
}

/* --- shadow files --- */

static struct {
    unsigned count;         /* of shadow files */
    uint8_t fill[9][HEADS]; /* by file and track: what its record has; 0: not in this file */
} model;

static uint8_t expected(unsigned head)
{
    for (unsigned n = model.count + 1; n-- > 0;)
        if (model.fill[n][head])
            return model.fill[n][head];
    return 0;
}

static void write_track(struct ckd_image *image, unsigned head, uint8_t fill)
{
    uint8_t track[TRACK], data[200];
    struct ckd_builder b;
    memset(data, fill, sizeof data);
    ckd_build(&b, ckd_image_geometry(image), track, 0, head);
    ckd_build_record(&b, 1, NULL, 0, data, fill == 1 ? 1 : sizeof data);
    if (!ckd_image_write(image, 0, head, 0, track, ckd_build_end(&b)))
        abort();
    model.fill[model.count][head] = fill;
}

static void check_tracks(struct ckd_image *image)
{
    struct ckd_record r;
    if (ckd_shadow_count(image) != model.count || ckd_image_check(image))
        abort();
    for (unsigned h = 0; h < HEADS; h++) {
        const uint8_t *track = ckd_image_track(image, 0, h);
        bool found = track && ckd_record_find(track, TRACK, 1, &r);
        if (!track || found != (expected(h) != 0) || (found && r.data[0] != expected(h)))
            abort();
    }
}

static void remove_last(struct ckd_shadowed *s, bool merge)
{
    bool ok = ckd_shadow_remove(s, merge, message, sizeof message);
    if (ok != (model.count > 0))
        abort();
    if (!ok)
        return;
    for (unsigned h = 0; merge && h < HEADS; h++)
        if (model.fill[model.count][h])
            model.fill[model.count - 1][h] = model.fill[model.count][h];
    memset(model.fill[model.count--], 0, HEADS);
}

static void do_step(struct ckd_shadowed *s, uint8_t what)
{
    bool ok;
    switch (what >> 4) {
    case 0:
        ok = ckd_shadow_add(s, message, sizeof message);
        if (ok != (model.count < 8))
            abort();
        model.count += ok;
        break;
    case 1:
        remove_last(s, true);
        break;
    case 2:
        remove_last(s, false);
        break;
    case 3:
        ok = ckd_shadow_compress(s, message, sizeof message);
        if (!ok && !strstr(message, "not compressed"))
            abort();
        break;
    default:
        write_track(s->image, what % HEADS, (uint8_t)(1 + what % 251));
    }
}

static void try_shadows(const uint8_t *data, size_t size)
{
    char shadows[sizeof directory + 16];
    memset(&model, 0, sizeof model);
    for (unsigned n = 0; n <= 8; n++)
        unlink(names[n]);
    snprintf(shadows, sizeof shadows, "%s/sx", directory);
    if (ckd_image_create_as(names[0], ckd_geometry_find("2311"), 1, data[0] % 4 - 1, message,
                            sizeof message))
        abort();
    struct ckd_shadowed s = {ckd_image_open_shadowed(names[0], shadows, 0, message, sizeof message),
                             shadows};
    model.count = 1;
    for (size_t i = 1; i < size && i < 60; i++) {
        do_step(&s, data[i]);
        if (!s.image)
            abort();
        check_tracks(s.image);
    }
    ckd_image_close(s.image);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool ready;
    if (!ready)
        set_up();
    ready = true;
    if (size < 20)
        return 0;
    if (data[0] & 0x80)
        try_shadows(data + 1, size - 1);
    else
        try_parts(data + 1, size - 1);
    return 0;
}
