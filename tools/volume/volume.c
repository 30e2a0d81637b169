/* Disk images for the volume tool: open, records, tracks, messages, the date. */
#include "tools/volume/volume.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

bool volume_fail(struct volume *v, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = v->path ? snprintf(v->message, sizeof v->message, "%s: ", v->path) : 0;
    if (n >= 0 && (size_t)n < sizeof v->message)
        vsnprintf(v->message + n, sizeof v->message - (size_t)n, format, args);
    va_end(args);
    return false;
}

bool volume_open(struct volume *v, const char *path, bool write)
{
    memset(v, 0, sizeof *v);
    v->path = path;
    v->image = ckd_image_open(path, write ? 0 : CKD_READ_ONLY, v->message, sizeof v->message);
    if (!v->image)
        return false;
    v->geometry = ckd_image_geometry(v->image);
    v->cylinders = ckd_image_cylinders(v->image);
    if (write && !ckd_image_writable(v->image)) {
        volume_close(v);
        return volume_fail(v, "the file may not be written");
    }
    return true;
}

bool volume_open_any(struct volume *v, const char *path, bool write)
{
    if (!volume_is_fixed_block(path))
        return volume_open(v, path, write);
    memset(v, 0, sizeof *v);
    v->path = path;
    v->fixed = fba_image_open(path, write ? 0 : FBA_READ_ONLY, v->message, sizeof v->message);
    if (v->fixed && write && !fba_image_writable(v->fixed)) {
        volume_close(v);
        return volume_fail(v, "the file may not be written");
    }
    return v->fixed != NULL;
}

void volume_close(struct volume *v)
{
    ckd_image_close(v->image);
    fba_image_close(v->fixed);
    v->image = NULL;
    v->fixed = NULL;
}

uint32_t volume_size(const struct volume *v)
{
    return v->fixed ? fba_image_blocks(v->fixed) : v->cylinders;
}

bool volume_extent(struct volume *v, unsigned start, unsigned cylinders)
{
    uint32_t all = volume_size(v);
    if (cylinders && start < all && cylinders <= all - start)
        return true;
    return volume_fail(v, "%u %s from %u on are not on the volume, which has %u", cylinders,
                       v->fixed ? "blocks" : "cylinders", start, all);
}

static const uint8_t *find(struct volume *v, unsigned cylinder, unsigned head, unsigned record,
                           struct ckd_record *r)
{
    if (!volume_extent(v, cylinder, 1))
        return NULL;
    const uint8_t *track = ckd_image_track(v->image, cylinder, head);
    if (!track) {
        volume_fail(v, "cylinder %u head %u cannot be read: %s", cylinder, head, strerror(errno));
        return NULL;
    }
    if (ckd_record_find(track, v->geometry->image_track, (uint8_t)record, r))
        return track;
    volume_fail(v, "cylinder %u head %u has no record %u", cylinder, head, record);
    return NULL;
}

static bool right_length(struct volume *v, const struct ckd_record *r, unsigned length)
{
    return r->data_length == length ||
           volume_fail(v, "cylinder %u head %u record %u has %u bytes, not %u", r->cylinder,
                       r->head, r->record, r->data_length, length);
}

bool volume_read(struct volume *v, unsigned cylinder, unsigned head, unsigned record, void *data,
                 unsigned length)
{
    struct ckd_record r;
    if (!find(v, cylinder, head, record, &r) || !right_length(v, &r, length))
        return false;
    memcpy(data, r.data, length);
    return true;
}

static bool write_failed(struct volume *v, unsigned cylinder, unsigned head)
{
    return volume_fail(v, "cylinder %u head %u cannot be written: %s", cylinder, head,
                       strerror(errno));
}

bool volume_write(struct volume *v, unsigned cylinder, unsigned head, unsigned record,
                  const void *data, unsigned length)
{
    struct ckd_record r;
    const uint8_t *track = find(v, cylinder, head, record, &r);
    if (!track || !right_length(v, &r, length))
        return false;
    return ckd_image_write(v->image, cylinder, head, (uint32_t)(r.data - track), data, length) ||
           write_failed(v, cylinder, head);
}

bool volume_format_track(struct volume *v, unsigned start, unsigned cylinder, unsigned head,
                         unsigned length)
{
    struct ckd_builder b;
    uint8_t *track = malloc(v->geometry->image_track);
    unsigned n = ckd_records_per_track(v->geometry, 0, length);
    ckd_build(&b, v->geometry, track, cylinder, head);
    b.cylinder = (uint16_t)(cylinder - start);
    for (unsigned r = 1; r <= n; r++)
        ckd_build_record(&b, (uint8_t)r, NULL, 0, NULL, length);
    ckd_build_end(&b);
    bool ok = ckd_image_write(v->image, cylinder, head, 0, track, v->geometry->image_track) ||
              write_failed(v, cylinder, head);
    free(track);
    return ok;
}

static uint8_t packed(int n)
{
    return (uint8_t)(n / 10 % 10 << 4 | n % 10);
}

void volume_now(void *context, uint8_t date[7])
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    time_t t = epoch ? (time_t)strtoll(epoch, NULL, 10) : time(NULL);
    struct tm tm;
    if (epoch)
        gmtime_r(&t, &tm);
    else
        localtime_r(&t, &tm);
    int year = tm.tm_year + 1900;
    date[0] = packed(year / 100);
    date[1] = packed(year % 100);
    date[2] = packed(tm.tm_mon + 1);
    date[3] = packed(tm.tm_mday);
    date[4] = packed(tm.tm_hour);
    date[5] = packed(tm.tm_min);
    date[6] = packed(tm.tm_sec);
}
