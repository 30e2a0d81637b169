/* What the files of the count-key-data disks share: dev_ckd.c (types, control commands),
 * dev_ckd_read.c (orientation, searches, reads), dev_ckd_write.c, dev_ckd_time.c. */
#ifndef S370_DEVICES_DEV_CKD_H
#define S370_DEVICES_DEV_CKD_H

#include "s370/io/channel.h"
#include "s370/media/ckd_image.h"

/* Where on the track the head is. */
enum ckd_place {
    PLACE_INDEX, /* before the home address */
    PLACE_COUNT, /* before the count field at position.offset, if there is one */
    PLACE_KEY,   /* behind the count field of `record` */
    PLACE_DATA,  /* behind the key of `record` */
    PLACE_LOST,  /* anywhere: where the disk has turned to */
};

/* What the command before allows the next one to write. */
enum ckd_prior {
    PRIOR_NONE,
    PRIOR_ID = 1,         /* Search ID Equal, equal in all bytes */
    PRIOR_KEY = 2,        /* Search Key Equal, the same */
    PRIOR_FORMAT = 4,     /* Write R0, Write CKD */
    PRIOR_HA = 8,         /* Search HA Equal, Write HA */
    PRIOR_ID_BEFORE = 16, /* reads or updates, and before them such a search of ID */
    PRIOR_KEY_BEFORE = 32,
};

struct ckd_device {
    struct device device;
    struct ckd_image *image;
    unsigned open_flags; /* of the image */
    char *shadows;       /* name for shadow files, or NULL */
    bool attached;       /* mounting from now on gives device end */
    bool write_failed;   /* the host refused; the operator knows */
    unsigned cylinder, head;
    /* Of the chain: */
    uint8_t file_mask;
    bool file_mask_set;
    bool multitrack;       /* the current command has the bit */
    bool sought;           /* the chain has a seek, recalibrate or Read IPL */
    unsigned indexes;      /* index points passed since something was read or written */
    enum ckd_prior prior;  /* what the command before allows to write */
    enum ckd_prior allows; /* what the current one allows */
    /* Orientation: */
    enum ckd_place place;
    uint32_t offset; /* PLACE_COUNT */
    struct ckd_record record;
    uint64_t head_ns; /* timed I/O: machine time up to which the disk's turning is accounted */
    /* Of a scan: the record's bytes compared so far, and how they compare. */
    uint32_t scanned;
    int scan_order;
};

/* File mask: write control, seek control. */
#define MASK_WRITE      0xc0
#define MASK_WRITE_NONE 0x40
#define MASK_WRITE_DATA 0x80 /* update only */
#define MASK_WRITE_ALL  0xc0
#define MASK_INVALID    0x20
#define MASK_SEEK       0x18
#define MASK_DIAGNOSTIC 0x04
#define MASK_SEEK_HEAD  0x10
#define MASK_SEEK_NONE  0x18

/* Sense byte 1. */
enum ckd_sense1 {
    SENSE1_TRACK_OVERRUN = 0x40,
    SENSE1_END_OF_CYLINDER = 0x20,
    SENSE1_SEQUENCE = 0x10, /* 2841, 2314 */
    SENSE1_NO_RECORD = 0x08,
    SENSE1_FILE_PROTECTED = 0x04,
    SENSE1_WRITE_INHIBITED = 0x02,
    SENSE1_INCOMPLETE = 0x01, /* an overflow record breaks off; byte 3 or 5: in which command */
};

/* Sense byte 7: format and message. */
enum ckd_sense7 {
    SENSE7_NONE = 0x00,
    SENSE7_COMMAND = 0x01,
    SENSE7_SEQUENCE = 0x02,
    SENSE7_COUNT = 0x03,
    SENSE7_PARAMETER = 0x04,
    SENSE7_DIAGNOSTIC = 0x05, /* the file mask does not allow diagnostic commands */
    SENSE7_EQUIPMENT = 0x10,
};

#define CKD_ENDED (UNIT_CHANNEL_END | UNIT_DEVICE_END)

/* Sets sense and returns channel end, device end, unit check. */
int ckd_check(struct ckd_device *ckd, uint8_t sense0, uint8_t sense1, uint8_t sense7);
/* Adds to the sense of such a check: it broke off an overflow record, in a read (06) or write
 * (05). */
int ckd_incomplete(struct ckd_device *ckd, uint8_t command);
/* Equipment check: the host cannot read or write; tells the operator (errno). */
int ckd_host_error(struct ckd_device *ckd, const char *doing);
/* The track under the head, or NULL: the host failed (errno). */
const uint8_t *ckd_track(struct ckd_device *ckd);
uint32_t ckd_track_size(const struct ckd_device *ckd);
void ckd_keep_format(struct ckd_device *ckd, bool with_key);
bool ckd_is_old_unit(const struct ckd_device *ckd); /* 2841, 2314: six sense bytes */
/* Goes to the next segment of an overflow record: the first record behind R0 on the next track of
 * the cylinder. Returns 0, or status; `command`: as for ckd_incomplete. */
int ckd_next_segment(struct ckd_device *ckd, uint8_t command);
/* Bytes of the track from the beginning to the end of a record. */
uint32_t ckd_record_end(const struct ckd_record *r);

/* dev_ckd_time.c: what the mechanics take, under timed I/O; else nothing takes time, and a new
 * chain begins with the head at the index.  A place on the track is an offset in the image's track.
 */

/* A command begins now; ckd_time_command tells the channel how long it took. */
void ckd_time_begin(struct ckd_device *ckd, const struct channel_program *cp);
void ckd_time_command(struct ckd_device *ckd, struct channel_program *cp);
/* The head waits until `offset` has come under it. */
void ckd_time_to(struct ckd_device *ckd, uint32_t offset);
/* What is under it now; 0 is the index. */
uint32_t ckd_time_offset(const struct ckd_device *ckd);
/* The arm moves over so many cylinders; the disk turns to a sector: channel end is before that. */
void ckd_time_seek(struct ckd_device *ckd, struct channel_program *cp, unsigned cylinders);
void ckd_time_sector(struct ckd_device *ckd, struct channel_program *cp, uint8_t sector);

/* dev_ckd_saved.c: ops->saved and ops->medium. */
void ckd_saved(struct device *d, struct saved *s);
const char *ckd_medium(struct device *d, uint32_t *checksum);

/* dev_ckd_shadow.c: ops->shadow. */
const char *ckd_shadow_command(struct device *d, const char *command, const char *word);

/* Commands: each returns unit status. */
typedef int ckd_command(struct ckd_device *ckd, struct channel_program *cp, uint8_t command);
ckd_command ckd_search_id, ckd_search_key, ckd_search_ha, ckd_search_key_data, ckd_continue_scan;
ckd_command ckd_read_ha, ckd_read_r0, ckd_read_count, ckd_read_data, ckd_read_key_data,
    ckd_read_ckd, ckd_read_multiple, ckd_space_count, ckd_read_ipl;
ckd_command ckd_write_data, ckd_write_key_data, ckd_write_ckd, ckd_write_r0, ckd_write_ha,
    ckd_write_special, ckd_erase;

#endif
