/* Shadow files: an image that stays as it is, and over it up to eight files with the tracks that
 * were changed since. A track is looked for from the last file down.
 *
 * Adding, removing and compressing them happens while the image is in use, and closes and opens
 * its files.  At each moment of that the files on the host are the whole disk. */
#include "s370/media/cckd.h"
#include "s370/media/ckd_image.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SHADOWS_MAX 8u
#define NAME_SIZE   4096u

/* The name of shadow file `number`; false if there is no character to replace. */
static bool shadow_name(const char *shadows, unsigned number, char *name, size_t size)
{
    size_t length = strlen(shadows);
    if (length == 0 || length >= size)
        return false;
    memcpy(name, shadows, length + 1);
    char *base = strrchr(name, '/');
    base = base ? base + 1 : name;
    char *dot = strrchr(base, '.');
    char *digit = dot ? dot - 1 : name + length - 1;
    if (digit < base)
        return false;
    *digit = (char)('0' + number);
    return true;
}

static struct ckd_image *open_over(struct ckd_image *below, const char *name, unsigned flags,
                                   char *message, size_t size)
{
    struct ckd_image *image = ckd_image_open(name, flags | CKD_SHADOW, message, size);
    if (image && ckd_image_set_below(image, below))
        return image;
    if (image)
        snprintf(message, size, "%s: is no shadow file of %s", name, ckd_image_path(below));
    ckd_image_close(image);
    ckd_image_close(below);
    return NULL;
}

/* Opens the image and `count` shadow files; `flags` are for the last of them. */
static struct ckd_image *open_all(const char *path, const char *shadows, unsigned count,
                                  unsigned flags, char *message, size_t size)
{
    char name[NAME_SIZE];
    struct ckd_image *image = ckd_image_open(path, count ? CKD_READ_ONLY : flags, message, size);
    for (unsigned n = 1; image && n <= count; n++) {
        shadow_name(shadows, n, name, sizeof name);
        image = open_over(image, name, n < count ? CKD_READ_ONLY : flags, message, size);
    }
    return image;
}

struct ckd_image *ckd_image_open_shadowed(const char *path, const char *shadows, unsigned flags,
                                          char *message, size_t size)
{
    char name[NAME_SIZE];
    unsigned last = 0;
    while (last < SHADOWS_MAX && shadow_name(shadows, last + 1, name, sizeof name) &&
           access(name, F_OK) == 0)
        last++;
    if (!shadow_name(shadows, 1, name, sizeof name)) {
        snprintf(message, size, "%s: is no name for shadow files", shadows);
        return NULL;
    }
    if (last == 0) {
        struct ckd_image *image = ckd_image_open(path, CKD_READ_ONLY, message, size);
        bool made = image && !ckd_image_create_as(name, ckd_image_geometry(image),
                                                  ckd_image_cylinders(image),
                                                  CKD_SHADOW_FILE | COMPRESSED_ZLIB, message, size);
        ckd_image_close(image);
        if (!made)
            return NULL;
        last = 1;
    }
    return open_all(path, shadows, last, flags, message, size);
}

/* --- while the image is in use --- */

unsigned ckd_shadow_count(const struct ckd_image *image)
{
    unsigned count = 0;
    while ((image = ckd_image_below(image)))
        count++;
    return count;
}

/* What is needed to open the files again: the name of the image, and how many lie over it. */
struct place {
    char path[NAME_SIZE], last[NAME_SIZE]; /* names of the image, and of the last file */
    unsigned count;
};

static bool find_place(const struct ckd_shadowed *s, struct place *p, char *message, size_t size)
{
    const struct ckd_image *image = s->image;
    snprintf(p->last, sizeof p->last, "%s", ckd_image_path(image));
    p->count = ckd_shadow_count(image);
    while (ckd_image_below(image))
        image = ckd_image_below(image);
    snprintf(p->path, sizeof p->path, "%s", ckd_image_path(image));
    if (s->shadows && shadow_name(s->shadows, 1, (char[NAME_SIZE]){0}, NAME_SIZE))
        return true;
    snprintf(message, size, "%s: it has no name for shadow files", p->path);
    return false;
}

/* Opens the files, `count` shadows of them. */
static bool open_again(struct ckd_shadowed *s, const struct place *p, unsigned count, char *message,
                       size_t size)
{
    ckd_image_close(s->image);
    s->image = open_all(p->path, s->shadows, count, 0, message, size);
    return s->image != NULL;
}

bool ckd_shadow_add(struct ckd_shadowed *s, char *message, size_t size)
{
    struct place p;
    char name[NAME_SIZE];
    if (!find_place(s, &p, message, size))
        return false;
    if (p.count == SHADOWS_MAX) {
        snprintf(message, size, "%s: there are %u shadow files, which is the most", p.last,
                 p.count);
        return false;
    }
    shadow_name(s->shadows, p.count + 1, name, sizeof name);
    if (ckd_image_create_as(name, ckd_image_geometry(s->image), ckd_image_cylinders(s->image),
                            CKD_SHADOW_FILE | COMPRESSED_ZLIB, message, size))
        return false;
    return open_again(s, &p, p.count + 1, message, size);
}

/* Copies the tracks that `from` itself has. */
static bool copy_tracks(struct ckd_image *from, struct ckd_image *to, char *message, size_t size)
{
    unsigned heads = ckd_image_geometry(from)->heads;
    uint32_t tracks = ckd_image_cylinders(from) * heads;
    for (uint32_t n = 0; n < tracks; n++) {
        unsigned cylinder = n / heads, head = n % heads;
        if (!ckd_image_has(from, cylinder, head))
            continue;
        const uint8_t *track = ckd_image_track(from, cylinder, head);
        if (track &&
            ckd_image_write(to, cylinder, head, 0, track, ckd_image_track_length(from, track)))
            continue;
        snprintf(message, size, "%s: cylinder %u head %u cannot be copied to %s: %s",
                 ckd_image_path(from), cylinder, head, ckd_image_path(to), strerror(errno));
        return false;
    }
    return true;
}

/* Opens the files without the last one, and copies what that has.  The files stay whole: the last
 * one lies over the one that is written here. */
static bool merge_last(struct ckd_shadowed *s, const struct place *p, char *message, size_t size)
{
    if (!open_again(s, p, p->count - 1, message, size))
        return false;
    if (!ckd_image_writable(s->image)) {
        snprintf(message, size, "%s may not be written", ckd_image_path(s->image));
        return false;
    }
    struct ckd_image *last = ckd_image_open(p->last, CKD_READ_ONLY | CKD_SHADOW, message, size);
    bool ok = last && copy_tracks(last, s->image, message, size);
    ckd_image_close(last);
    return ok;
}

bool ckd_shadow_remove(struct ckd_shadowed *s, bool merge, char *message, size_t size)
{
    struct place p;
    char ignored[256];
    if (!find_place(s, &p, message, size))
        return false;
    if (p.count == 0) {
        snprintf(message, size, "%s: there is no shadow file", p.path);
        return false;
    }
    bool ok =
        merge ? merge_last(s, &p, message, size) : open_again(s, &p, p.count - 1, message, size);
    if (!ok) {
        (void)open_again(s, &p, p.count, ignored, sizeof ignored);
        return false;
    }
    if (unlink(p.last) == 0)
        return true;
    snprintf(message, size, "%s: cannot be removed: %s", p.last, strerror(errno));
    return false;
}

/* Writes what the last file has to a new one. */
static bool write_anew(const struct ckd_shadowed *s, const struct place *p, const char *name,
                       char *message, size_t size)
{
    struct ckd_image *below = NULL, *to;
    if (p->count > 0) {
        below = open_all(p->path, s->shadows, p->count - 1, CKD_READ_ONLY, message, size);
        to = below ? open_over(below, name, 0, message, size) : NULL;
    } else {
        to = ckd_image_open(name, 0, message, size);
    }
    bool ok = to && copy_tracks(s->image, to, message, size);
    ckd_image_close(to);
    return ok;
}

bool ckd_shadow_compress(struct ckd_shadowed *s, char *message, size_t size)
{
    struct place p;
    char name[NAME_SIZE + 8], ignored[256];
    const struct cckd *form = ckd_image_compressed(s->image);
    bool named = find_place(s, &p, message, size);
    struct cckd_statistics before;
    if (!named && p.count > 0)
        return false;
    if (!form) {
        snprintf(message, size, "%s: is not compressed", p.last);
        return false;
    }
    cckd_statistics(form, &before);
    snprintf(name, sizeof name, "%s.new", p.last);
    int kind = before.compression | (p.count ? CKD_SHADOW_FILE : 0);
    if (ckd_image_create_as(name, ckd_image_geometry(s->image), ckd_image_cylinders(s->image), kind,
                            message, size))
        return false;
    bool ok = write_anew(s, &p, name, message, size);
    if (ok && rename(name, p.last) != 0) {
        snprintf(message, size, "%s: cannot be replaced: %s", p.last, strerror(errno));
        ok = false;
    }
    if (!ok)
        (void)unlink(name);
    return open_again(s, &p, p.count, ok ? message : ignored, ok ? size : sizeof ignored) && ok;
}
