/* Shadow files: an image that stays as it is, and over it up to eight files with the tracks that
 * were changed since. A track is looked for from the last file down. */
#include "s370/media/ckd_image.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SHADOWS_MAX 8u

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

struct ckd_image *ckd_image_open_shadowed(const char *path, const char *shadows, unsigned flags,
                                          char *message, size_t size)
{
    char name[4096];
    unsigned last = 0;
    while (last < SHADOWS_MAX && shadow_name(shadows, last + 1, name, sizeof name) &&
           access(name, F_OK) == 0)
        last++;
    if (!shadow_name(shadows, 1, name, sizeof name)) {
        snprintf(message, size, "%s: is no name for shadow files", shadows);
        return NULL;
    }
    struct ckd_image *image = ckd_image_open(path, CKD_READ_ONLY, message, size);
    if (image && last == 0) {
        last = 1;
        if (ckd_image_create_as(name, ckd_image_geometry(image), ckd_image_cylinders(image),
                                CKD_SHADOW_FILE | 1, message, size)) {
            ckd_image_close(image);
            return NULL;
        }
    }
    for (unsigned n = 1; image && n <= last; n++) {
        shadow_name(shadows, n, name, sizeof name);
        image = open_over(image, name, n < last ? CKD_READ_ONLY : flags, message, size);
    }
    return image;
}
