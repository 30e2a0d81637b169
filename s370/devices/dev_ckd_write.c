/* Count-key-data disks: writes.  Sources: GA26-1592 (3830), "Write commands".
 *
 * A write is allowed only directly behind the search (or format write) that found its
 * place.  What the channel gives is collected first and goes to the image in one write; if
 * the channel stops halfway by a check, nothing is written. */
#include "s370/devices/dev_ckd.h"

#include "lib/be.h"

#include <string.h>

/* What may stand before a format write. */
#define FORMAT_PRIORS (PRIOR_ID | PRIOR_KEY | PRIOR_FORMAT | PRIOR_ID_BEFORE | PRIOR_KEY_BEFORE)

#define TRACK_MAX 0x10000u /* more than a track of any type */

/* What stands before every write: 0, or the status that refuses it. `mask_ok`: the file
 * mask allows this kind of write; `prior`: what may stand before it. */
static int refuse(struct ckd_device *ckd, bool mask_ok, unsigned prior)
{
    if (!mask_ok && ckd_is_old_unit(ckd))
        return ckd_check(ckd, SENSE_COMMAND_REJECT, SENSE1_FILE_PROTECTED, SENSE7_COMMAND);
    if (!mask_ok || !(ckd->prior & prior))
        return ckd_check(ckd, SENSE_COMMAND_REJECT, 0, SENSE7_SEQUENCE);
    if (!ckd_image_writable(ckd->image))
        return ckd_check(ckd, SENSE_EQUIPMENT, SENSE1_WRITE_INHIBITED, SENSE7_EQUIPMENT);
    return ckd_track(ckd) ? 0 : ckd_host_error(ckd, "read");
}

static bool mask_allows_update(const struct ckd_device *ckd)
{
    return (ckd->file_mask & MASK_WRITE) != MASK_WRITE_NONE;
}

static bool mask_allows_format(const struct ckd_device *ckd)
{
    uint8_t mask = ckd->file_mask & MASK_WRITE;
    return mask == 0 || mask == MASK_WRITE_ALL;
}

static bool mask_allows_home(const struct ckd_device *ckd)
{
    return (ckd->file_mask & MASK_WRITE) == MASK_WRITE_ALL;
}

static int write_track(struct ckd_device *ckd, uint32_t offset, const uint8_t *bytes,
                       uint32_t length)
{
    if (!ckd_image_write(ckd->image, ckd->cylinder, ckd->head, offset, bytes, length))
        return ckd_host_error(ckd, "write");
    ckd->write_failed = false;
    return CKD_ENDED;
}

/* Takes `length` bytes, zeros for those that the program does not have.  False if a
 * channel check has stopped it. */
static bool take_padded(struct channel_program *cp, uint8_t *to, uint32_t length)
{
    uint32_t n = channel_take(cp, to, length);
    memset(to + n, 0, length - n);
    return !channel_stopped(cp);
}

/* --- updates of a record --- */

/* The other segments of an overflow record, each a write of its own. */
static int update_segments(struct ckd_device *ckd, struct channel_program *cp)
{
    uint8_t bytes[TRACK_MAX];
    struct ckd_record *r = &ckd->record;
    int status = CKD_ENDED;
    while (status == CKD_ENDED && r->overflow) {
        status = ckd_next_segment(ckd, 0x05);
        if (status)
            return status;
        ckd->offset = ckd_record_end(r);
        ckd_time_to(ckd, ckd->offset);
        if (!take_padded(cp, bytes, r->data_length))
            return CKD_ENDED;
        status = write_track(ckd, r->offset + CKD_COUNT + r->key_length, bytes, r->data_length);
    }
    return status;
}

static int update(struct ckd_device *ckd, struct channel_program *cp, bool with_key)
{
    uint8_t bytes[TRACK_MAX];
    struct ckd_record *r = &ckd->record;
    uint32_t key = with_key ? r->key_length : 0;
    uint32_t offset = r->offset + CKD_COUNT + r->key_length - key;
    ckd->place = PLACE_COUNT;
    ckd->offset = ckd_record_end(r);
    ckd_time_to(ckd, ckd->offset);
    ckd_keep_format(ckd, with_key);
    if (r->data_length == 0) {
        channel_take(cp, bytes, 0);
        return CKD_ENDED | UNIT_EXCEPTION;
    }
    if (!take_padded(cp, bytes, key + r->data_length))
        return CKD_ENDED;
    bool overflow = r->overflow;
    int status = write_track(ckd, offset, bytes, key + r->data_length);
    return overflow && status == CKD_ENDED ? update_segments(ckd, cp) : status;
}

int ckd_write_data(struct ckd_device *ckd, struct channel_program *cp, uint8_t command)
{
    (void)command;
    int status = refuse(ckd, mask_allows_update(ckd), PRIOR_ID | PRIOR_KEY);
    return status ? status : update(ckd, cp, false);
}

int ckd_write_key_data(struct ckd_device *ckd, struct channel_program *cp, uint8_t command)
{
    (void)command;
    int status = refuse(ckd, mask_allows_update(ckd), PRIOR_ID);
    return status ? status : update(ckd, cp, true);
}

/* --- format writes: a record, and the rest of the track is erased --- */

/* Where a format write goes: behind the record that was found or written. */
static uint32_t format_offset(const struct ckd_device *ckd)
{
    return ckd->place == PLACE_COUNT ? ckd->offset : ckd_record_end(&ckd->record);
}

/* Does a record of this size fit on the track at `offset`? */
static bool fits(struct ckd_device *ckd, uint32_t offset, uint8_t key_length, uint16_t data_length)
{
    const struct ckd_geometry *g = ckd_image_geometry(ckd->image);
    const uint8_t *track = ckd_track(ckd);
    uint32_t used = 0;
    struct ckd_record r;
    bool found = ckd_record_at(track, g->image_track, CKD_HOME_ADDRESS, &r);
    while (found && ckd_record_next(track, g->image_track, &r) && r.offset < offset)
        used += ckd_record_space(g, r.key_length, r.data_length, false);
    return used + ckd_record_space(g, key_length, data_length, true) <= g->track_length &&
           offset + CKD_COUNT + key_length + data_length + CKD_COUNT <= g->image_track;
}

enum format_kind {
    FORMAT_RECORD,
    FORMAT_SEGMENT, /* of an overflow record, not its last */
    FORMAT_ERASE,
};

/* Takes a record from the channel and writes it at `offset`, or only erases there. */
static int format_write(struct ckd_device *ckd, struct channel_program *cp, uint32_t offset,
                        enum format_kind kind)
{
    uint8_t bytes[TRACK_MAX];
    if (channel_take(cp, bytes, CKD_COUNT) != CKD_COUNT)
        return channel_stopped(cp) ? CKD_ENDED
                                   : ckd_check(ckd, SENSE_COMMAND_REJECT, 0, SENSE7_COUNT);
    bool erase = kind == FORMAT_ERASE;
    bytes[0] &= 0x7f; /* the image's overflow mark is not the program's */
    if (kind == FORMAT_SEGMENT)
        bytes[0] |= CKD_OVERFLOW;
    uint8_t key_length = bytes[5];
    uint16_t data_length = load_be16(bytes + 6);
    if (!fits(ckd, offset, key_length, data_length))
        return ckd_check(ckd, 0, SENSE1_TRACK_OVERRUN, SENSE7_NONE);
    uint32_t length = CKD_COUNT + key_length + data_length;
    if (!take_padded(cp, bytes + CKD_COUNT, length - CKD_COUNT))
        return CKD_ENDED;
    if (erase)
        length = 0;
    memset(bytes + length, 0xff, CKD_COUNT);
    ckd->place = PLACE_COUNT;
    ckd->offset = offset + length;
    ckd_time_to(ckd, ckd->offset);
    ckd->allows = kind == FORMAT_RECORD ? PRIOR_FORMAT : PRIOR_NONE; /* a segment is the last one */
    return write_track(ckd, offset, bytes, length + CKD_COUNT);
}

int ckd_write_ckd(struct ckd_device *ckd, struct channel_program *cp, uint8_t command)
{
    (void)command;
    int status = refuse(ckd, mask_allows_format(ckd), FORMAT_PRIORS);
    return status ? status : format_write(ckd, cp, format_offset(ckd), FORMAT_RECORD);
}

int ckd_write_special(struct ckd_device *ckd, struct channel_program *cp, uint8_t command)
{
    (void)command;
    int status = refuse(ckd, mask_allows_format(ckd), FORMAT_PRIORS);
    return status ? status : format_write(ckd, cp, format_offset(ckd), FORMAT_SEGMENT);
}

int ckd_erase(struct ckd_device *ckd, struct channel_program *cp, uint8_t command)
{
    (void)command;
    int status = refuse(ckd, mask_allows_format(ckd), FORMAT_PRIORS);
    return status ? status : format_write(ckd, cp, format_offset(ckd), FORMAT_ERASE);
}

int ckd_write_r0(struct ckd_device *ckd, struct channel_program *cp, uint8_t command)
{
    (void)command;
    int status = refuse(ckd, mask_allows_home(ckd), PRIOR_HA);
    return status ? status : format_write(ckd, cp, CKD_HOME_ADDRESS, FORMAT_RECORD);
}

/* The image's tracks keep their own addresses; of a home address only the flag byte is the
 * program's. */
int ckd_write_ha(struct ckd_device *ckd, struct channel_program *cp, uint8_t command)
{
    (void)command;
    if (!mask_allows_home(ckd))
        return ckd_check(ckd, SENSE_COMMAND_REJECT, SENSE1_FILE_PROTECTED, SENSE7_NONE);
    ckd->prior = PRIOR_HA;
    int status = refuse(ckd, true, PRIOR_HA);
    if (status)
        return status;
    uint8_t bytes[CKD_HOME_ADDRESS + CKD_COUNT];
    if (!take_padded(cp, bytes, CKD_HOME_ADDRESS))
        return CKD_ENDED;
    memcpy(bytes + 1, ckd_track(ckd) + 1, CKD_HOME_ADDRESS - 1);
    memset(bytes + CKD_HOME_ADDRESS, 0xff, CKD_COUNT);
    ckd->place = PLACE_COUNT;
    ckd->offset = CKD_HOME_ADDRESS;
    ckd_time_to(ckd, CKD_HOME_ADDRESS);
    ckd->allows = PRIOR_HA;
    return write_track(ckd, 0, bytes, sizeof bytes);
}
