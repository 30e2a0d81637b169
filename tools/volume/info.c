/* `datbox volume info`: what kind of image a file is, how large, how well compressed, whose label.
 */
#include "tools/volume/volume.h"

#include "lib/ebcdic.h"
#include "s370/media/cckd.h"
#include "s370/media/fba_image.h"

#include <string.h>

#define LABEL_BLOCK 1 /* of a fixed-block disk */

static void show_form(const struct cckd *form, unsigned files, const char *unit, FILE *out)
{
    static const char *const kinds[] = {"without compression", "zlib", "bzip2"};
    struct cckd_statistics s;
    if (!form) {
        if (files > 1)
            fprintf(out, "plain, %u files\n", files);
        else
            fprintf(out, "plain\n");
        return;
    }
    cckd_statistics(form, &s);
    fprintf(out, "compressed (%s), %llu bytes, %u %s, %u of them not empty\n",
            s.compression < 3 ? kinds[s.compression] : "unknown", (unsigned long long)s.file_size,
            s.units, unit, s.stored);
}

/* A label's serial number, if it is a label: VOL1 in EBCDIC. */
static void show_label(const uint8_t *label, FILE *out)
{
    char text[10];
    latin1_from_ebcdic(text, label, sizeof text);
    if (!memcmp(text, "VOL1", 4))
        fprintf(out, "volume %.6s\n", text + 4);
    else
        fprintf(out, "no label\n");
}

static bool info_blocks(struct volume *v, const char *path, FILE *out)
{
    uint8_t block[FBA_BLOCK] = {0};
    memset(v, 0, sizeof *v);
    v->path = path;
    struct fba_image *image = fba_image_open(path, FBA_READ_ONLY, v->message, sizeof v->message);
    if (!image)
        return false;
    fprintf(out, "%s: fixed-block disk, %u blocks of %u bytes\n", path, fba_image_blocks(image),
            FBA_BLOCK);
    show_form(fba_image_compressed(image), 1, "groups of blocks", out);
    if (fba_image_blocks(image) > LABEL_BLOCK)
        (void)fba_image_read(image, LABEL_BLOCK, 1, block);
    show_label(block, out);
    fba_image_close(image);
    return true;
}

bool volume_info(struct volume *v, const char *path, FILE *out)
{
    struct ckd_record r;
    if (volume_is_fixed_block(path))
        return info_blocks(v, path, out);
    if (!volume_open(v, path, false))
        return false;
    fprintf(out, "%s: %s, %u cylinders of %u tracks\n", path, v->geometry->name, v->cylinders,
            v->geometry->heads);
    show_form(ckd_image_compressed(v->image), ckd_image_files(v->image), "tracks", out);
    const uint8_t *track = ckd_image_track(v->image, 0, 0);
    bool labelled =
        track && ckd_record_find(track, v->geometry->image_track, 3, &r) && r.data_length >= 10;
    show_label(labelled ? r.data : (const uint8_t[10]){0}, out);
    uint32_t damaged = ckd_image_check(v->image);
    return !damaged || volume_fail(v, "%u tracks are damaged", damaged);
}
