/* Count-key-data disks: orientation on the track, searches and reads.
 * Sources: GA26-1592 (3830 storage control), "Search commands", "Read commands";
 * GA26-5988 (2841).
 *
 * A command that needs the next record goes on from where the last one left the head.  At
 * the end of the track a multitrack command goes to the next head; another one passes the
 * index and starts the track again.  Passing it twice without having read or written in
 * between is "no record found". */
#include "s370/devices/dev_ckd.h"

#include "lib/be.h"

#include <string.h>

/* Puts the next count field into ckd->record (place: behind it).  Returns 0, or the unit
 * status that ends the command. */
static int next_count(struct ckd_device *ckd, bool with_r0);

/* The end of the track is reached: another track, or this one again. */
static int pass_index(struct ckd_device *ckd)
{
    ckd_time_to(ckd, 0);
    ckd->place = PLACE_INDEX;
    if (!ckd->multitrack)
        return ++ckd->indexes >= 2 ? ckd_check(ckd, 0, SENSE1_NO_RECORD, SENSE7_NONE) : 0;
    if ((ckd->file_mask & MASK_SEEK) == MASK_SEEK_NONE)
        return ckd_check(ckd, 0, SENSE1_FILE_PROTECTED, SENSE7_NONE);
    if (ckd->head + 1 >= ckd_image_geometry(ckd->image)->heads)
        return ckd_check(ckd, 0, SENSE1_END_OF_CYLINDER, SENSE7_NONE);
    ckd->head++;
    return 0;
}

/* Where the chain has not found its place yet, what comes first under the head is next: `track` is
 * that under it. */
static void orient(struct ckd_device *ckd, const uint8_t *track)
{
    uint32_t under = ckd_time_offset(ckd), size = ckd_track_size(ckd);
    struct ckd_record r;
    ckd->place = PLACE_INDEX;
    if (under == 0)
        return;
    ckd->place = PLACE_COUNT;
    ckd->offset = size;
    if (!ckd_record_at(track, size, CKD_HOME_ADDRESS, &r))
        return;
    while (r.offset < under)
        if (!ckd_record_next(track, size, &r))
            return;
    ckd->offset = r.offset;
}

static int next_count(struct ckd_device *ckd, bool with_r0)
{
    for (;;) {
        const uint8_t *track = ckd_track(ckd);
        if (!track)
            return ckd_host_error(ckd, "read");
        if (ckd->place == PLACE_LOST)
            orient(ckd, track);
        uint32_t at = ckd->place == PLACE_INDEX   ? CKD_HOME_ADDRESS
                      : ckd->place == PLACE_COUNT ? ckd->offset
                                                  : ckd_record_end(&ckd->record);
        bool found = ckd_record_at(track, ckd_track_size(ckd), at, &ckd->record);
        if (found && at == CKD_HOME_ADDRESS && !with_r0)
            found = ckd_record_next(track, ckd_track_size(ckd), &ckd->record);
        if (found) {
            ckd->place = PLACE_KEY;
            ckd_time_to(ckd, ckd->record.offset + CKD_COUNT);
            return 0;
        }
        int status = pass_index(ckd);
        if (status)
            return status;
    }
}

/* The record whose data (or key and data) come next under the head: that of the count just
 * passed, or the next one. */
static int this_record(struct ckd_device *ckd, bool behind_key_too)
{
    if (ckd->place == PLACE_KEY || (behind_key_too && ckd->place == PLACE_DATA)) {
        /* The track may have left the cache since: find the fields again. */
        const uint8_t *track = ckd_track(ckd);
        if (!track)
            return ckd_host_error(ckd, "read");
        if (ckd_record_at(track, ckd_track_size(ckd), ckd->record.offset, &ckd->record))
            return 0;
    }
    return next_count(ckd, false);
}

int ckd_next_segment(struct ckd_device *ckd, uint8_t command)
{
    uint8_t why = 0;
    if ((ckd->file_mask & MASK_SEEK) == MASK_SEEK_NONE)
        why = SENSE1_FILE_PROTECTED;
    else if (ckd->head + 1 >= ckd_image_geometry(ckd->image)->heads)
        why = SENSE1_END_OF_CYLINDER;
    if (!why) {
        ckd->head++;
        ckd->place = PLACE_COUNT;
        ckd_time_to(ckd, 0);
        const uint8_t *track = ckd_track(ckd);
        if (!track)
            return ckd_host_error(ckd, "read");
        uint32_t size = ckd_track_size(ckd);
        if (ckd_record_at(track, size, CKD_HOME_ADDRESS, &ckd->record) &&
            ckd_record_next(track, size, &ckd->record))
            return 0;
        ckd->place = PLACE_INDEX;
        why = SENSE1_NO_RECORD;
    }
    ckd_check(ckd, 0, why, SENSE7_NONE);
    return ckd_incomplete(ckd, command);
}

static void behind_record(struct ckd_device *ckd)
{
    ckd_time_to(ckd, ckd_record_end(&ckd->record));
    ckd->place = PLACE_COUNT;
    ckd->offset = ckd_record_end(&ckd->record);
}

/* --- searches --- */

/* Does the search end satisfied?  Bits 1 and 2 of the command ask for high, equal. */
static bool satisfied(uint8_t command, const uint8_t *disk, const uint8_t *storage, size_t length)
{
    int order = length ? memcmp(disk, storage, length) : 0;
    return ((command & 0x40) && order > 0) || ((command & 0x20) && order == 0);
}

int ckd_search_id(struct ckd_device *ckd, struct channel_program *cp, uint8_t command)
{
    int status = next_count(ckd, true);
    if (status)
        return status;
    const struct ckd_record *r = &ckd->record;
    uint8_t id[5], wanted[5];
    store_be16(id, r->cylinder);
    store_be16(id + 2, r->head);
    id[4] = r->record;
    uint32_t n = channel_take(cp, wanted, sizeof wanted);
    if (!satisfied(command, id, wanted, n))
        return CKD_ENDED;
    if (n == sizeof id && !(command & 0x40))
        ckd->allows = PRIOR_ID;
    return CKD_ENDED | UNIT_STATUS_MODIFIER;
}

int ckd_search_key(struct ckd_device *ckd, struct channel_program *cp, uint8_t command)
{
    int status = this_record(ckd, false);
    if (status)
        return status;
    const struct ckd_record *r = &ckd->record;
    uint8_t wanted[255];
    ckd->place = PLACE_DATA;
    ckd_time_to(ckd, r->offset + CKD_COUNT + r->key_length);
    if (r->key_length == 0)
        return CKD_ENDED;
    uint32_t n = channel_take(cp, wanted, r->key_length);
    if (!satisfied(command, r->key, wanted, n))
        return CKD_ENDED;
    if (n == r->key_length && !(command & 0x40))
        ckd->allows = PRIOR_KEY;
    return CKD_ENDED | UNIT_STATUS_MODIFIER;
}

/* --- file scan (2841, 2314) --- */

#define SCAN_PASSES 0x10 /* in a Continue Scan: 35 and 75 set the status modifier, 55 does not */

/* Goes on with comparing the record's key and data with storage, whose bytes of FF agree with
 * everything. The first byte that differs decides, also for what a Continue Scan compares.  Some of
 * these pass bytes without comparing them. */
static int scan(struct ckd_device *ckd, struct channel_program *cp, uint8_t command)
{
    const struct ckd_record *r = &ckd->record;
    uint32_t length = (uint32_t)r->key_length + r->data_length, n;
    uint8_t wanted[256];
    do {
        uint32_t left = length - ckd->scanned;
        n = channel_take(cp, wanted, left < sizeof wanted ? left : sizeof wanted);
        const uint8_t *disk = r->key + ckd->scanned; /* the data lie behind the key */
        for (uint32_t i = 0; i < n && !ckd->scan_order && !(command & SCAN_PASSES); i++)
            if (wanted[i] != 0xff)
                ckd->scan_order = disk[i] - wanted[i];
        ckd->scanned += n;
    } while (n == sizeof wanted && ckd->scanned < length);
    behind_record(ckd);
    bool satisfied_so_far =
        ((command & 0x40) && ckd->scan_order > 0) || ((command & 0x20) && ckd->scan_order == 0);
    if (command & SCAN_PASSES)
        satisfied_so_far = command & 0x20;
    return satisfied_so_far ? CKD_ENDED | UNIT_STATUS_MODIFIER : CKD_ENDED;
}

int ckd_search_key_data(struct ckd_device *ckd, struct channel_program *cp, uint8_t command)
{
    int status = this_record(ckd, false);
    if (status)
        return status;
    ckd->scanned = 0;
    ckd->scan_order = 0;
    return scan(ckd, cp, command);
}

/* Only directly behind a scan command. */
int ckd_continue_scan(struct ckd_device *ckd, struct channel_program *cp, uint8_t command)
{
    uint8_t before = channel_previous_command(cp);
    bool behind_scan = (before & 0x07) == 0x05 && (before & 0x60);
    const uint8_t *track = ckd_track(ckd);
    if (!track)
        return ckd_host_error(ckd, "read");
    if (!channel_is_chained(cp) || !behind_scan ||
        !ckd_record_at(track, ckd_track_size(ckd), ckd->record.offset, &ckd->record))
        return ckd_check(ckd, SENSE_COMMAND_REJECT, 0, SENSE7_SEQUENCE);
    return scan(ckd, cp, command);
}

/* Moves the head to a home address: that of this track, or with multitrack the next one's (the
 * head is switched at the index, before the home address). */
static int next_home_address(struct ckd_device *ckd)
{
    if (ckd->place == PLACE_LOST && !ckd->multitrack) {
        ckd_time_to(ckd, 0);
        ckd->place = PLACE_INDEX;
    }
    return ckd->place == PLACE_INDEX && !ckd->multitrack ? 0 : pass_index(ckd);
}

static void behind_home_address(struct ckd_device *ckd)
{
    ckd_time_to(ckd, CKD_HOME_ADDRESS);
    ckd->place = PLACE_COUNT;
    ckd->offset = CKD_HOME_ADDRESS;
}

int ckd_search_ha(struct ckd_device *ckd, struct channel_program *cp, uint8_t command)
{
    int status = next_home_address(ckd);
    if (status)
        return status;
    const uint8_t *track = ckd_track(ckd);
    if (!track)
        return ckd_host_error(ckd, "read");
    uint8_t wanted[4];
    uint32_t n = channel_take(cp, wanted, sizeof wanted);
    behind_home_address(ckd);
    if (!satisfied(command, track + 1, wanted, n))
        return CKD_ENDED;
    if (n == sizeof wanted)
        ckd->allows = PRIOR_HA;
    return CKD_ENDED | UNIT_STATUS_MODIFIER;
}

/* --- reads --- */

static void give_count(struct channel_program *cp, const struct ckd_record *r)
{
    uint8_t count[CKD_COUNT];
    store_be16(count, r->cylinder);
    store_be16(count + 2, r->head);
    count[4] = r->record;
    count[5] = r->key_length;
    store_be16(count + 6, r->data_length);
    channel_give(cp, count, sizeof count);
}

/* Reads and updates may stand between a search and a format write: of data behind a search of ID or
 * key, of key and data behind a search of ID only. */
void ckd_keep_format(struct ckd_device *ckd, bool with_key)
{
    if (ckd->prior & (PRIOR_ID | PRIOR_ID_BEFORE))
        ckd->allows = PRIOR_ID_BEFORE;
    else if (!with_key && (ckd->prior & (PRIOR_KEY | PRIOR_KEY_BEFORE)))
        ckd->allows = PRIOR_KEY_BEFORE;
}

/* The end of a read of data: a data length of zero marks the end of a file. */
static int end_of_read(struct ckd_device *ckd)
{
    behind_record(ckd);
    return ckd->record.data_length ? CKD_ENDED : CKD_ENDED | UNIT_EXCEPTION;
}

/* Gives the data, with all segments of an overflow record, and ends the command. */
static int give_data(struct ckd_device *ckd, struct channel_program *cp)
{
    channel_give(cp, ckd->record.data, ckd->record.data_length);
    while (ckd->record.overflow && !channel_stopped(cp)) {
        int status = ckd_next_segment(ckd, 0x06);
        if (status)
            return status;
        channel_give(cp, ckd->record.data, ckd->record.data_length);
    }
    return end_of_read(ckd);
}

int ckd_read_ha(struct ckd_device *ckd, struct channel_program *cp, uint8_t command)
{
    (void)command;
    int status = next_home_address(ckd);
    if (status)
        return status;
    const uint8_t *track = ckd_track(ckd);
    if (!track)
        return ckd_host_error(ckd, "read");
    channel_give(cp, track, CKD_HOME_ADDRESS);
    behind_home_address(ckd);
    return CKD_ENDED;
}

static int give_whole(struct ckd_device *ckd, struct channel_program *cp)
{
    const struct ckd_record *r = &ckd->record;
    give_count(cp, r);
    channel_give(cp, r->key, r->key_length);
    return give_data(ckd, cp);
}

int ckd_read_r0(struct ckd_device *ckd, struct channel_program *cp, uint8_t command)
{
    (void)command;
    bool behind_ha = ckd->place == PLACE_COUNT && ckd->offset == CKD_HOME_ADDRESS;
    int status = behind_ha ? 0 : next_home_address(ckd);
    if (!status)
        status = next_count(ckd, true);
    return status ? status : give_whole(ckd, cp);
}

int ckd_read_count(struct ckd_device *ckd, struct channel_program *cp, uint8_t command)
{
    (void)command;
    int status = next_count(ckd, false);
    if (status)
        return status;
    give_count(cp, &ckd->record);
    return CKD_ENDED;
}

int ckd_read_data(struct ckd_device *ckd, struct channel_program *cp, uint8_t command)
{
    (void)command;
    int status = this_record(ckd, true);
    if (status)
        return status;
    ckd_keep_format(ckd, false);
    return give_data(ckd, cp);
}

int ckd_read_key_data(struct ckd_device *ckd, struct channel_program *cp, uint8_t command)
{
    (void)command;
    int status = this_record(ckd, false);
    if (status)
        return status;
    channel_give(cp, ckd->record.key, ckd->record.key_length);
    ckd_keep_format(ckd, true);
    return give_data(ckd, cp);
}

int ckd_read_ckd(struct ckd_device *ckd, struct channel_program *cp, uint8_t command)
{
    (void)command;
    int status = next_count(ckd, false);
    return status ? status : give_whole(ckd, cp);
}

/* All records from the next one to the end of the track; an end-of-file record is
 * one of them. */
int ckd_read_multiple(struct ckd_device *ckd, struct channel_program *cp, uint8_t command)
{
    (void)command;
    int status = next_count(ckd, false);
    if (status)
        return status;
    const uint8_t *track = ckd_track(ckd);
    struct ckd_record *r = &ckd->record;
    for (bool more = true; more;) {
        struct ckd_record next = *r;
        give_count(cp, r);
        channel_give(cp, r->key, r->key_length);
        channel_give(cp, r->data, r->data_length);
        more = ckd_record_next(track, ckd_track_size(ckd), &next);
        if (more)
            *r = next;
    }
    behind_record(ckd);
    return CKD_ENDED;
}

/* Passes over a count field that cannot be read; the program gives the lengths of key and data
 * (3 bytes).  Count fields of images are never bad, and those lengths hold. */
int ckd_space_count(struct ckd_device *ckd, struct channel_program *cp, uint8_t command)
{
    (void)command;
    int status = next_count(ckd, false);
    if (status)
        return status;
    uint8_t lengths[3];
    channel_take(cp, lengths, sizeof lengths);
    return CKD_ENDED;
}

int ckd_read_ipl(struct ckd_device *ckd, struct channel_program *cp, uint8_t command)
{
    if (ckd->file_mask_set)
        return ckd_check(ckd, SENSE_COMMAND_REJECT, 0, SENSE7_SEQUENCE);
    ckd->cylinder = ckd->head = 0;
    ckd->sought = true;
    ckd->place = PLACE_INDEX;
    return ckd_read_data(ckd, cp, command);
}
