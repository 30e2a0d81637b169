/* `datbox volume copy`: an image as a new one, plain or compressed. */
#include "tools/volume/volume.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The length of a track with its end mark; it is shown to be one, or 0. */
static uint32_t track_length(const uint8_t *track, uint32_t size)
{
    struct ckd_record r;
    uint32_t end = CKD_HOME_ADDRESS;
    for (bool more = ckd_record_at(track, size, end, &r); more;
         more = ckd_record_next(track, size, &r))
        end = r.offset + CKD_COUNT + r.key_length + r.data_length;
    return end + CKD_COUNT <= size ? end + CKD_COUNT : 0;
}

static bool copy_track(struct volume *v, struct ckd_image *to, unsigned cylinder, unsigned head)
{
    const uint8_t *track = ckd_image_track(v->image, cylinder, head);
    if (!track)
        return volume_fail(v, "cylinder %u head %u cannot be read: %s", cylinder, head,
                           strerror(errno));
    uint32_t length = track_length(track, v->geometry->image_track);
    const uint8_t *there = length ? ckd_image_track(to, cylinder, head) : NULL;
    if (!length)
        return volume_fail(v, "cylinder %u head %u is damaged: it has no end", cylinder, head);
    if (there && !memcmp(there, track, length))
        return true; /* an empty track */
    if (there && ckd_image_write(to, cylinder, head, 0, track, length))
        return true;
    return volume_fail(v, "%s: cylinder %u head %u cannot be written: %s", ckd_image_path(to),
                       cylinder, head, strerror(errno));
}

bool volume_copy(struct volume *v, const char *from, const char *to, int compression)
{
    if (!volume_open(v, from, false) ||
        ckd_image_create_as(to, v->geometry, v->cylinders, compression, v->message,
                            sizeof v->message))
        return false;
    struct ckd_image *copy = ckd_image_open(to, 0, v->message, sizeof v->message);
    bool ok = copy != NULL;
    for (unsigned c = 0; ok && c < v->cylinders; c++)
        for (unsigned h = 0; ok && h < v->geometry->heads; h++)
            ok = copy_track(v, copy, c, h);
    ckd_image_close(copy);
    if (!ok)
        unlink(to);
    return ok;
}
