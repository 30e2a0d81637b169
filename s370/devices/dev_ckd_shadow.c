/* Count-key-data disks: the operator's commands for shadow files (sf+, sf-, sfc, sfd, sfk, sf=), as
 * Hercules has them.  The program sees the same disk before and after, and the arm stays where it
 * is. */
#include "s370/devices/dev_ckd.h"

#include "s370/machine.h"
#include "s370/media/cckd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Does something to the files; what is wrong is in the device's message. */
static const char *change(struct ckd_device *ckd,
                          bool (*to_do)(struct ckd_shadowed *s, char *message, size_t size))
{
    struct device *d = &ckd->device;
    struct ckd_shadowed s = {ckd->image, ckd->shadows};
    if (ckd->open_flags || !ckd_image_writable(ckd->image)) {
        snprintf(d->message, sizeof d->message, "%s: is not mounted for writing to a file",
                 ckd_image_path(ckd->image));
        return d->message;
    }
    bool ok = to_do(&s, d->message, sizeof d->message);
    ckd->image = s.image;
    if (!ckd->image)
        machine_message(d->machine, "%04X: %s; the drive is not ready", d->address, d->message);
    return ok ? NULL : d->message;
}

static void say_last(const struct ckd_device *ckd)
{
    machine_message(ckd->device.machine, "%04X: writes go to %s", ckd->device.address,
                    ckd_image_path(ckd->image));
}

static const char *add(struct ckd_device *ckd, const char *word)
{
    const char *wrong = *word ? "sf+ has no operand" : change(ckd, ckd_shadow_add);
    if (!wrong)
        say_last(ckd);
    return wrong;
}

static bool merge(struct ckd_shadowed *s, char *message, size_t size)
{
    return ckd_shadow_remove(s, true, message, size);
}

static bool discard(struct ckd_shadowed *s, char *message, size_t size)
{
    return ckd_shadow_remove(s, false, message, size);
}

static const char *remove_last(struct ckd_device *ckd, const char *word)
{
    if (*word && strcmp(word, "merge") && strcmp(word, "nomerge"))
        return "the operand is merge (the usual one) or nomerge";
    const char *wrong = change(ckd, strcmp(word, "nomerge") ? merge : discard);
    if (!wrong)
        say_last(ckd);
    return wrong;
}

static const char *compress_last(struct ckd_device *ckd, const char *word)
{
    struct cckd_statistics before = {0}, after;
    if (*word)
        return "sfc has no operand";
    if (ckd_image_compressed(ckd->image))
        cckd_statistics(ckd_image_compressed(ckd->image), &before);
    const char *wrong = change(ckd, ckd_shadow_compress);
    if (wrong)
        return wrong;
    cckd_statistics(ckd_image_compressed(ckd->image), &after);
    machine_message(ckd->device.machine, "%04X: %s had %llu bytes, has %llu", ckd->device.address,
                    ckd_image_path(ckd->image), (unsigned long long)before.file_size,
                    (unsigned long long)after.file_size);
    return NULL;
}

static void show_file(const struct ckd_device *ckd, const struct ckd_image *image, unsigned number)
{
    static const char *const kinds[] = {"none", "zlib", "bzip2"};
    struct machine *m = ckd->device.machine;
    const struct cckd *form = ckd_image_compressed(image);
    struct cckd_statistics s;
    if (!form) {
        machine_message(m, "%04X: %u %s, plain", ckd->device.address, number,
                        ckd_image_path(image));
        return;
    }
    cckd_statistics(form, &s);
    machine_message(m, "%04X: %u %s, %s, %llu bytes, %u%% free, %u tracks, %u of them not empty",
                    ckd->device.address, number, ckd_image_path(image),
                    s.compression < 3 ? kinds[s.compression] : "?", (unsigned long long)s.file_size,
                    (unsigned)(s.file_size ? s.free * 100 / s.file_size : 0), s.units, s.stored);
}

static const char *display(struct ckd_device *ckd, const char *word)
{
    if (*word)
        return "sfd has no operand";
    unsigned number = ckd_shadow_count(ckd->image);
    for (struct ckd_image *i = ckd->image; i; i = ckd_image_below(i))
        show_file(ckd, i, number--);
    return NULL;
}

static const char *check_all(struct ckd_device *ckd, const char *word)
{
    uint32_t all = 0;
    if (*word)
        return "sfk has no operand";
    for (struct ckd_image *i = ckd->image; i; i = ckd_image_below(i)) {
        uint32_t damaged = ckd_image_check(i);
        machine_message(ckd->device.machine, "%04X: %s: %u damaged tracks", ckd->device.address,
                        ckd_image_path(i), damaged);
        all += damaged;
    }
    return all ? "there are damaged tracks" : NULL;
}

static const char *set_name(struct ckd_device *ckd, const char *word)
{
    if (!*word)
        return "sf= wants a name";
    if (ckd_shadow_count(ckd->image))
        return "there are shadow files under another name";
    char *name = strdup(word);
    if (!name)
        return "no memory";
    free(ckd->shadows);
    ckd->shadows = name;
    return NULL;
}

const char *ckd_shadow_command(struct device *d, const char *command, const char *word)
{
    static const struct {
        const char *name;
        const char *(*execute)(struct ckd_device *ckd, const char *word);
    } rows[] = {
        {"sf+", add},     {"sf-", remove_last}, {"sfc", compress_last},
        {"sfd", display}, {"sfk", check_all},   {"sf=", set_name},
    };
    struct ckd_device *ckd = (struct ckd_device *)d;
    if (!ckd->image)
        return "there is no pack";
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!strcmp(rows[i].name, command))
            return rows[i].execute(ckd, word);
    return "there is no such command";
}
