/* `datbox volume copy`: an image as a new one, plain or compressed; of count-key-data disks track
 * by track, of fixed-block disks group by group. */
#include "tools/volume/volume.h"

#include "s370/media/fba_image.h"

#include <errno.h>
#include <fcntl.h>
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

static bool copy_tracks(struct volume *v, const char *from, const char *to, int compression)
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

static bool is_zeros(const uint8_t *bytes, size_t length)
{
    return !bytes[0] && !memcmp(bytes, bytes + 1, length - 1);
}

static bool copy_groups(struct volume *v, struct fba_image *from, struct fba_image *to)
{
    uint8_t bytes[FBA_GROUP_BYTES];
    uint32_t blocks = fba_image_blocks(from), n;
    for (uint32_t block = 0; block < blocks; block += n) {
        n = fba_image_together(block, blocks - block);
        if (!fba_image_read(from, block, n, bytes))
            return volume_fail(v, "blocks from %u on cannot be read: %s", block, strerror(errno));
        if (!is_zeros(bytes, n * FBA_BLOCK) && !fba_image_write(to, block, n, bytes))
            return volume_fail(v, "%s: block %u cannot be written: %s", fba_image_path(to), block,
                               strerror(errno));
    }
    return true;
}

static bool copy_blocks(struct volume *v, const char *from, const char *to, int compression)
{
    memset(v, 0, sizeof *v);
    v->path = from;
    struct fba_image *old = fba_image_open(from, FBA_READ_ONLY, v->message, sizeof v->message);
    bool made = old && !fba_image_create(to, fba_image_blocks(old), compression, v->message,
                                         sizeof v->message);
    struct fba_image *new = made ? fba_image_open(to, 0, v->message, sizeof v->message) : NULL;
    bool ok = new &&copy_groups(v, old, new);
    fba_image_close(old);
    fba_image_close(new);
    if (made && !ok)
        unlink(to);
    return ok;
}

bool volume_is_fixed_block(const char *path)
{
    char id[4] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool is_one = fd >= 0 && pread(fd, id, sizeof id, 0) == sizeof id && memcmp(id, "CKD_", 4);
    if (fd >= 0)
        close(fd);
    return is_one;
}

bool volume_copy(struct volume *v, const char *from, const char *to, int compression)
{
    return volume_is_fixed_block(from) ? copy_blocks(v, from, to, compression)
                                       : copy_tracks(v, from, to, compression);
}
