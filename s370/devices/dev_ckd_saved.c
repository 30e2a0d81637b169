/* Count-key-data disks in a saved state: the arm, what the chain has done so far, and the tracks
 * that were copied on write, which are nowhere else. */
#include "s370/devices/dev_ckd.h"

#include "s370/saved.h"

#include <stdlib.h>
#include <string.h>

#define PRIOR_ALL                                                                                  \
    (PRIOR_ID | PRIOR_KEY | PRIOR_FORMAT | PRIOR_HA | PRIOR_ID_BEFORE | PRIOR_KEY_BEFORE)

/* The tracks copied on write. */
static void saved_tracks(struct ckd_device *ckd, struct saved *s)
{
    unsigned heads = ckd_image_geometry(ckd->image)->heads;
    uint32_t tracks = ckd_image_cylinders(ckd->image) * heads, count = 0;
    uint32_t size = ckd_track_size(ckd);
    uint8_t *buffer = malloc(size);
    if (s->reading)
        ckd_image_forget_changes(ckd->image);
    for (uint32_t n = 0; n < tracks; n++)
        count += ckd_image_is_changed(ckd->image, n / heads, n % heads);
    saved_u32(s, &count);
    for (uint32_t n = 0; count && buffer && saved_good(s); count--, n++) {
        while (!s->reading && !ckd_image_is_changed(ckd->image, n / heads, n % heads))
            n++;
        n = saved_limited(s, n, tracks - 1, "the number of a track");
        const uint8_t *track =
            s->reading ? NULL : ckd_image_track(ckd->image, n / heads, n % heads);
        if (track)
            memcpy(buffer, track, size);
        saved_bytes(s, buffer, size);
        if (s->reading && saved_good(s) &&
            !ckd_image_write(ckd->image, n / heads, n % heads, 0, buffer, size))
            saved_refuse(s, "%03X: %s: track %u cannot be written", ckd->device.address,
                         ckd_image_path(ckd->image), n);
    }
    free(buffer);
}

/* The head stands at or behind a record: finds it again in the restored track. */
static void find_record(struct ckd_device *ckd, struct saved *s, uint32_t at)
{
    const uint8_t *track = ckd_track(ckd);
    struct ckd_record *r = &ckd->record;
    bool found = track && ckd_record_at(track, ckd_track_size(ckd), at, r);
    if (!found) {
        memset(r, 0, sizeof *r);
        r->offset = at;
    }
    if (ckd->scanned > (uint32_t)r->key_length + r->data_length)
        ckd->scanned = 0;
    bool at_record = ckd->place == PLACE_KEY || ckd->place == PLACE_DATA;
    if (found || !at_record)
        return;
    saved_refuse(s, "the disk %03X was at a record that it has not", ckd->device.address);
    ckd->place = PLACE_INDEX;
}

static void saved_place(struct ckd_device *ckd, struct saved *s)
{
    uint32_t at = ckd->record.offset, order = (uint32_t)ckd->scan_order;
    uint32_t size = ckd->image ? ckd_track_size(ckd) : UINT16_MAX;
    ckd->place = (enum ckd_place)saved_limited(s, ckd->place, PLACE_LOST, "the place of a head");
    ckd->offset = saved_limited(s, ckd->offset, size, "the place on a track");
    at = saved_limited(s, at, size, "the place of a record");
    saved_u64(s, &ckd->head_ns);
    saved_u32(s, &ckd->scanned);
    saved_u32(s, &order);
    ckd->scan_order = (int)order;
    if (!s->reading)
        return;
    if (ckd->image)
        find_record(ckd, s, at);
    else
        ckd->place = PLACE_INDEX;
}

void ckd_saved(struct device *d, struct saved *s)
{
    struct ckd_device *ckd = (struct ckd_device *)d;
    unsigned cylinders = ckd->image ? ckd_image_cylinders(ckd->image) : 1;
    unsigned heads = ckd->image ? ckd_image_geometry(ckd->image)->heads : 1;
    if (ckd->image)
        saved_tracks(ckd, s);
    ckd->cylinder = saved_limited(s, ckd->cylinder, cylinders - 1, "a cylinder");
    ckd->head = saved_limited(s, ckd->head, heads - 1, "a head");
    saved_u8(s, &ckd->file_mask);
    saved_bool(s, &ckd->file_mask_set);
    saved_bool(s, &ckd->multitrack);
    saved_bool(s, &ckd->sought);
    ckd->indexes = saved_limited(s, ckd->indexes, 2, "a count of revolutions");
    ckd->prior = (enum ckd_prior)saved_limited(s, ckd->prior, PRIOR_ALL, "what may be written");
    ckd->allows = (enum ckd_prior)saved_limited(s, ckd->allows, PRIOR_ALL, "what may be written");
    saved_place(ckd, s);
}

const char *ckd_medium(struct device *d, uint32_t *checksum)
{
    struct ckd_device *ckd = (struct ckd_device *)d;
    if (!ckd->image)
        return NULL;
    *checksum = ckd_image_checksum(ckd->image);
    return ckd_image_path(ckd->image);
}
