/* Count-key-data disks: how long the arm and the platters take, under timed I/O.
 *
 * All disks have had their index under the head at machine time 0, and turn evenly.  A place on
 * the track is where the image has it: the gaps between records take no time, but a command
 * that comes no later than a gap lasts still finds what is behind it. */
#include "s370/devices/dev_ckd.h"

#include "s370/devices/mechanics.h"
#include "s370/machine.h"

/* Microseconds of a seek: to the next cylinder, over a third of them, over all. */
static const struct {
    uint8_t image_type;
    uint32_t us[3];
} seeks[] = {
    {0x11, {25000, 75000, 135000}}, {0x14, {25000, 60000, 130000}}, {0x30, {10000, 30000, 55000}},
    {0x40, {10000, 25000, 50000}},  {0x50, {10000, 25000, 50000}},  {0x75, {4000, 19000, 38000}},
    {0x80, {3000, 16000, 30000}},
};

static bool takes_time(const struct ckd_device *ckd)
{
    return ckd->device.machine->timed_io && ckd->image;
}

static uint64_t rotation_ns(const struct ckd_device *ckd)
{
    return (uint64_t)ckd_image_geometry(ckd->image)->rotation_us * 1000;
}

/* Machine time from the index to a place. */
static uint64_t place_ns(const struct ckd_device *ckd, uint32_t offset)
{
    return (uint64_t)offset * rotation_ns(ckd) / ckd_track_size(ckd);
}

void ckd_time_begin(struct ckd_device *ckd, const struct channel_program *cp)
{
    if (!takes_time(ckd))
        return;
    uint64_t now = machine_now(ckd->device.machine);
    uint64_t gap = place_ns(ckd, ckd_image_geometry(ckd->image)->overhead);
    if (!channel_is_chained(cp) || now < ckd->head_ns || now - ckd->head_ns > gap)
        ckd->head_ns = now;
}

void ckd_time_command(struct ckd_device *ckd, struct channel_program *cp)
{
    uint64_t now = machine_now(ckd->device.machine);
    if (takes_time(ckd) && ckd->head_ns > now)
        channel_takes(cp, ckd->head_ns - now);
}

void ckd_time_to(struct ckd_device *ckd, uint32_t offset)
{
    if (takes_time(ckd))
        ckd->head_ns += mechanics_wait_ns(ckd->head_ns, rotation_ns(ckd), place_ns(ckd, offset));
}

uint32_t ckd_time_offset(const struct ckd_device *ckd)
{
    if (!takes_time(ckd))
        return 0;
    uint64_t rotation = rotation_ns(ckd), size = ckd_track_size(ckd);
    return (uint32_t)((ckd->head_ns % rotation * size + rotation - 1) / rotation);
}

void ckd_time_seek(struct ckd_device *ckd, struct channel_program *cp, unsigned cylinders)
{
    const struct ckd_geometry *g = ckd_image_geometry(ckd->image);
    size_t i = 0;
    while (i + 1 < sizeof seeks / sizeof *seeks && seeks[i].image_type != g->image_type)
        i++;
    channel_moves(cp, mechanics_seek_ns(seeks[i].us, g->cylinders, cylinders));
}

/* The head is over the track a gap ahead of the sector, so that its record is not missed. */
void ckd_time_sector(struct ckd_device *ckd, struct channel_program *cp, uint8_t sector)
{
    if (!takes_time(ckd))
        return;
    const struct ckd_geometry *g = ckd_image_geometry(ckd->image);
    uint32_t size = ckd_track_size(ckd);
    uint32_t ahead = (uint32_t)sector * size / g->sectors + size - g->overhead;
    channel_moves(cp, mechanics_wait_ns(ckd->head_ns, rotation_ns(ckd), place_ns(ckd, ahead)));
}
