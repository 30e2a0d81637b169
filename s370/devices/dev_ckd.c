/* Count-key-data disks: 2311 to 3380 on Hercules' images.  Types, mounting,
 * control commands, and the table of commands.  Sources: GA26-1592 (3830 and 3330),
 * GA26-1638 (3350), GA26-1619 (3340), GA26-3599 (2314), GA26-1661 (3380).
 *
 * What the arm and the turning platters take is in dev_ckd_time.c. */
#include "s370/devices/dev_ckd.h"
#include "s370/devices/types.h"

#include "lib/be.h"
#include "s370/machine.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEEK_BYTES 6u

bool ckd_is_old_unit(const struct ckd_device *ckd)
{
    return ckd->device.type->sense_bytes == 6; /* no rotational position sensing either */
}

/* --- sense --- */

static bool is_3880(const struct ckd_device *ckd)
{
    return ckd->device.type->sense_id[2] == 0x80; /* 3375, 3380 */
}

/* A 2841 or a 2314 has no format and message: the messages are bits of byte 1, and byte 3 holds
 * the lines of the drive: a 2311 is ready, on line, and selected. GA26-5988, GA26-3599. */
static void old_sense(struct ckd_device *ckd, uint8_t sense7)
{
    uint8_t *sense = ckd->device.sense;
    if (sense7 == SENSE7_SEQUENCE)
        sense[1] |= SENSE1_SEQUENCE;
    sense[3] = !ckd->image ? 0 : !strcmp(ckd->device.type->name, "2311") ? 0xc8 : 0x40;
    if (sense[1] & SENSE1_END_OF_CYLINDER)
        sense[3] |= 0x04;
}

/* Sense bytes 4 to 7: the drive, the cylinder, its high bits with the head, the format.  A 3340 has
 * its data module in byte 2: its size, and that it senses the rotational position. */
static void sense_place(struct ckd_device *ckd, uint8_t sense7)
{
    static const struct {
        const char *type;
        uint8_t mask, shift; /* of the high bits of the cylinder */
        enum { DRIVE_BIT, DRIVE_NUMBER, DRIVE_AND_COMPLEMENT } drive;
        uint8_t module;
    } layouts[] = {
        {"3330", 1, 6, DRIVE_AND_COMPLEMENT, 0},
        {"3330-11", 3, 5, DRIVE_AND_COMPLEMENT, 0},
        {"3340", 3, 5, DRIVE_BIT, 0x81},
        {"3340-70", 3, 5, DRIVE_BIT, 0x82},
        {"3350", 3, 5, DRIVE_BIT, 0},
        {"3375", 3, 6, DRIVE_NUMBER, 0},
        {"3380", 15, 4, DRIVE_NUMBER, 0},
    };
    uint8_t *sense = ckd->device.sense, drive = ckd->device.address & 7;
    size_t i = 0;
    while (i + 1 < sizeof layouts / sizeof *layouts &&
           strcmp(layouts[i].type, ckd->device.type->name) != 0)
        i++;
    sense[2] = layouts[i].module;
    sense[4] = layouts[i].drive == DRIVE_BIT      ? (uint8_t)(0x80 >> drive)
               : layouts[i].drive == DRIVE_NUMBER ? drive
                                                  : (uint8_t)(drive | (~drive & 7) << 3);
    sense[5] = (uint8_t)ckd->cylinder;
    sense[6] = (uint8_t)((ckd->cylinder >> 8 & layouts[i].mask) << layouts[i].shift | ckd->head);
    sense[7] = sense7;
}

int ckd_check(struct ckd_device *ckd, uint8_t sense0, uint8_t sense1, uint8_t sense7)
{
    int status = device_check(&ckd->device, sense0);
    ckd->device.sense[1] = sense1;
    if (!ckd_is_old_unit(ckd))
        sense_place(ckd, sense7);
    else
        old_sense(ckd, sense7);
    return status;
}

int ckd_incomplete(struct ckd_device *ckd, uint8_t command)
{
    ckd->device.sense[1] |= SENSE1_INCOMPLETE;
    ckd->device.sense[ckd_is_old_unit(ckd) ? 5 : 3] = command;
    return CKD_ENDED | UNIT_CHECK;
}

int ckd_host_error(struct ckd_device *ckd, const char *doing)
{
    int error = errno;
    if (!ckd->write_failed)
        machine_message(ckd->device.machine,
                        "%04X: %s: cannot %s cylinder %u head %u: %s; the program gets an "
                        "equipment check",
                        ckd->device.address, ckd_image_path(ckd->image), doing, ckd->cylinder,
                        ckd->head, error == EBADMSG ? "the track is damaged" : strerror(error));
    ckd->write_failed = true;
    return ckd_check(ckd, SENSE_EQUIPMENT, 0, SENSE7_EQUIPMENT);
}

/* --- for all commands --- */

const uint8_t *ckd_track(struct ckd_device *ckd)
{
    return ckd_image_track(ckd->image, ckd->cylinder, ckd->head);
}

uint32_t ckd_track_size(const struct ckd_device *ckd)
{
    return ckd_image_geometry(ckd->image)->image_track;
}

uint32_t ckd_record_end(const struct ckd_record *r)
{
    return r->offset + CKD_COUNT + r->key_length + r->data_length;
}

/* --- control commands --- */

static int move_arm(struct ckd_device *ckd, struct channel_program *cp, unsigned cylinder,
                    unsigned head)
{
    if (cylinder >= ckd_image_cylinders(ckd->image) ||
        head >= ckd_image_geometry(ckd->image)->heads)
        return ckd_check(ckd, SENSE_COMMAND_REJECT | (ckd_is_old_unit(ckd) ? 1 : 0), 0,
                         SENSE7_PARAMETER);
    ckd_time_seek(ckd, cp,
                  cylinder > ckd->cylinder ? cylinder - ckd->cylinder : ckd->cylinder - cylinder);
    ckd->cylinder = cylinder;
    ckd->head = head;
    ckd->place = PLACE_LOST;
    ckd->sought = true;
    return CKD_ENDED;
}

/* Seek, Seek Cylinder, Seek Head: BB CC HH.  The mask's seek bits forbid more with each
 * step: Seek, then Seek Cylinder, then Seek Head. */
static int seek(struct ckd_device *ckd, struct channel_program *cp, uint8_t command)
{
    uint8_t freedom = command == 0x07 ? 0x00 : command == 0x0b ? 0x08 : 0x10;
    if ((ckd->file_mask & MASK_SEEK) > freedom)
        return ckd_check(ckd, 0, SENSE1_FILE_PROTECTED, SENSE7_NONE);
    uint8_t to[SEEK_BYTES];
    if (channel_take(cp, to, sizeof to) != sizeof to)
        return channel_stopped(cp) ? CKD_ENDED
                                   : ckd_check(ckd, SENSE_COMMAND_REJECT, 0, SENSE7_COUNT);
    if (command != 0x1b && (to[0] || to[1]))
        return ckd_check(ckd, SENSE_COMMAND_REJECT, 0, SENSE7_PARAMETER);
    unsigned cylinder = command == 0x1b ? ckd->cylinder : (unsigned)(to[2] << 8 | to[3]);
    return move_arm(ckd, cp, cylinder, (unsigned)(to[4] << 8 | to[5]));
}

static int recalibrate(struct ckd_device *ckd, struct channel_program *cp, uint8_t command)
{
    (void)command;
    if (ckd->file_mask & MASK_SEEK)
        return ckd_check(ckd, 0, SENSE1_FILE_PROTECTED, SENSE7_NONE);
    return move_arm(ckd, cp, 0, 0);
}

/* Restore moves a data cell's strips; a disk has nothing to do. */
static int restore(struct ckd_device *ckd, struct channel_program *cp, uint8_t command)
{
    (void)ckd, (void)cp, (void)command;
    return CKD_ENDED;
}

static int set_file_mask(struct ckd_device *ckd, struct channel_program *cp, uint8_t command)
{
    (void)command;
    uint8_t mask;
    if (ckd->file_mask_set)
        return ckd_check(ckd, SENSE_COMMAND_REJECT, 0, SENSE7_SEQUENCE);
    if (channel_take(cp, &mask, 1) != 1)
        return CKD_ENDED;
    if (mask & MASK_INVALID)
        return ckd_check(ckd, SENSE_COMMAND_REJECT, 0, SENSE7_PARAMETER);
    ckd->file_mask = mask;
    ckd->file_mask_set = true;
    return CKD_ENDED;
}

/* Rotational position sensing: device end comes when the sector does.  FF asks for none. */
static int set_sector(struct ckd_device *ckd, struct channel_program *cp, uint8_t command)
{
    (void)command;
    uint8_t sector;
    if (channel_take(cp, &sector, 1) != 1 || sector == 0xff)
        return CKD_ENDED;
    if (sector >= ckd_image_geometry(ckd->image)->sectors)
        return ckd_check(ckd, SENSE_COMMAND_REJECT, 0, SENSE7_PARAMETER);
    ckd_time_sector(ckd, cp, sector);
    return CKD_ENDED;
}

static int read_sector(struct ckd_device *ckd, struct channel_program *cp, uint8_t command)
{
    (void)command;
    const struct ckd_geometry *g = ckd_image_geometry(ckd->image);
    bool nowhere = ckd->place == PLACE_INDEX || ckd->place == PLACE_LOST;
    uint32_t at = nowhere ? 0 : ckd->record.offset;
    uint8_t sector = (uint8_t)((uint64_t)at * g->sectors / g->image_track);
    channel_give(cp, &sector, 1);
    return CKD_ENDED;
}

/* Diagnostic Load, Diagnostic Write: microprograms of the control unit's maintenance, which is not
 * here.  As long as the file mask does not allow them the refusal says so. */
static int diagnose(struct ckd_device *ckd, struct channel_program *cp, uint8_t command)
{
    (void)cp, (void)command;
    return ckd_check(ckd, SENSE_COMMAND_REJECT, 0,
                     ckd->file_mask & MASK_DIAGNOSTIC ? SENSE7_COMMAND : SENSE7_DIAGNOSTIC);
}

/* Reserve, release, unconditional reserve: there is one path, so nobody to keep out.  They give
 * the sense bytes, as Sense does, and must begin their chain. */
static int reserve(struct ckd_device *ckd, struct channel_program *cp, uint8_t command)
{
    (void)command;
    if (channel_is_chained(cp))
        return ckd_check(ckd, SENSE_COMMAND_REJECT, 0, SENSE7_SEQUENCE);
    channel_give(cp, ckd->device.sense, ckd->device.type->sense_bytes);
    memset(ckd->device.sense, 0, sizeof ckd->device.sense);
    return CKD_ENDED;
}

static int read_buffered_log(struct ckd_device *ckd, struct channel_program *cp, uint8_t command)
{
    (void)ckd, (void)command;
    static const uint8_t zeros[24];
    channel_give(cp, zeros, sizeof zeros);
    return CKD_ENDED;
}

/* Read Device Characteristics, of the 3375 and 3380; GA26-1661. */
static int read_characteristics(struct ckd_device *ckd, struct channel_program *cp, uint8_t command)
{
    (void)command;
    const struct ckd_geometry *g = ckd_image_geometry(ckd->image);
    const uint8_t *id = ckd->device.type->sense_id;
    uint8_t rdc[64] = {0};
    memcpy(rdc, id + 1, 6); /* control unit, its model, device, its model */
    rdc[10] = 0x20;         /* class: disk */
    rdc[11] = 0x0e;         /* unit type */
    store_be16(rdc + 12, ckd_image_cylinders(ckd->image));
    store_be16(rdc + 14, g->heads);
    rdc[16] = g->sectors;
    store_be16(rdc + 18, g->track_length);
    store_be16(rdc + 20, (uint32_t)g->track_length - g->record_max); /* home address and R0 */
    rdc[22] = 1;                                                     /* capacity formula */
    rdc[23] = (uint8_t)g->rounding;
    store_be16(rdc + 24, g->overhead);
    store_be16(rdc + 26, g->key_overhead);
    store_be16(rdc + 28, g->cylinders); /* first alternate cylinder, alternate tracks */
    store_be16(rdc + 30, (uint32_t)g->alternates * g->heads);
    rdc[43] = 0x02;
    rdc[45] = 8; /* length of R0 */
    rdc[47] = 0x01;
    channel_give(cp, rdc, sizeof rdc);
    return CKD_ENDED;
}

/* --- the table --- */

enum command_flag {
    MULTITRACK = 1, /* has a multitrack form, with bit 80 */
    NEW_ONLY = 2,   /* not on a 2841 or 2314 */
    SEARCHES = 4,   /* does not forget index points that were passed */
    ONLY_3880 = 8,
    OLD_ONLY = 16,  /* the file scan feature of 2841 and 2314 */
    ARM_KNOWN = 32, /* on a 3880 only in a chain that has moved the arm */
    NOT_3880 = 64,
    NOT_3380 = 128, /* has no record overflow */
};

static const struct {
    uint8_t command;
    uint8_t flags;
    ckd_command *execute;
} commands[] = {
    {0x02, 0, ckd_read_ipl},
    {0x07, 0, seek},
    {0x0b, 0, seek},
    {0x1b, 0, seek},
    {0x13, 0, recalibrate},
    {0x17, 0, restore},
    {0x1f, 0, set_file_mask},
    {0x23, NEW_ONLY, set_sector},
    {0x22, NEW_ONLY, read_sector},
    {0xa4, NEW_ONLY, read_buffered_log},
    {0x53, NEW_ONLY, diagnose},
    {0x73, NEW_ONLY, diagnose},
    {0xb4, 0, reserve},
    {0x94, 0, reserve},
    {0x14, ONLY_3880, reserve},
    {0x64, ONLY_3880, read_characteristics},
    {0x39, MULTITRACK | SEARCHES | ARM_KNOWN, ckd_search_ha},
    {0x31, MULTITRACK | SEARCHES | ARM_KNOWN, ckd_search_id},
    {0x51, MULTITRACK | SEARCHES | ARM_KNOWN, ckd_search_id},
    {0x71, MULTITRACK | SEARCHES | ARM_KNOWN, ckd_search_id},
    {0x29, MULTITRACK | SEARCHES | ARM_KNOWN, ckd_search_key},
    {0x49, MULTITRACK | SEARCHES | ARM_KNOWN, ckd_search_key},
    {0x69, MULTITRACK | SEARCHES | ARM_KNOWN, ckd_search_key},
    {0x1a, MULTITRACK | ARM_KNOWN, ckd_read_ha},
    {0x16, MULTITRACK | ARM_KNOWN, ckd_read_r0},
    {0x12, MULTITRACK | SEARCHES | ARM_KNOWN, ckd_read_count},
    {0x06, MULTITRACK | ARM_KNOWN, ckd_read_data},
    {0x0e, MULTITRACK | ARM_KNOWN, ckd_read_key_data},
    {0x1e, MULTITRACK | ARM_KNOWN, ckd_read_ckd},
    {0x5e, ONLY_3880 | ARM_KNOWN, ckd_read_multiple},
    {0x0f, NOT_3880, ckd_space_count},
    {0x2d, MULTITRACK | SEARCHES | OLD_ONLY, ckd_search_key_data},
    {0x4d, MULTITRACK | SEARCHES | OLD_ONLY, ckd_search_key_data},
    {0x6d, MULTITRACK | SEARCHES | OLD_ONLY, ckd_search_key_data},
    {0x25, MULTITRACK | SEARCHES | OLD_ONLY, ckd_continue_scan},
    {0x45, MULTITRACK | SEARCHES | OLD_ONLY, ckd_continue_scan},
    {0x65, MULTITRACK | SEARCHES | OLD_ONLY, ckd_continue_scan},
    {0x35, MULTITRACK | SEARCHES | OLD_ONLY, ckd_continue_scan},
    {0x55, MULTITRACK | SEARCHES | OLD_ONLY, ckd_continue_scan},
    {0x75, MULTITRACK | SEARCHES | OLD_ONLY, ckd_continue_scan},
    {0x05, 0, ckd_write_data},
    {0x0d, 0, ckd_write_key_data},
    {0x1d, 0, ckd_write_ckd},
    {0x01, NOT_3380, ckd_write_special},
    {0x15, 0, ckd_write_r0},
    {0x19, 0, ckd_write_ha},
    {0x11, 0, ckd_erase},
};

/* Control commands that move no data: recalibrate, restore. */
static const uint8_t immediate[] = {0x13, 0x17, 0};

static void begin_chain(struct ckd_device *ckd)
{
    ckd->file_mask = 0;
    ckd->file_mask_set = false;
    ckd->indexes = 0;
    ckd->sought = false;
    ckd->allows = PRIOR_NONE;
    ckd->place = PLACE_LOST;
}

/* Is the command one of this unit? */
static bool known(const struct ckd_device *ckd, uint8_t flags)
{
    bool old = ckd_is_old_unit(ckd), new = is_3880(ckd);
    return !((flags & NEW_ONLY) && old) && !((flags & OLD_ONLY) && !old) &&
           !((flags & ONLY_3880) && !new) && !((flags & NOT_3880) && new) &&
           !((flags & NOT_3380) && !strcmp(ckd->device.type->name, "3380"));
}

static int execute(struct device *d, struct channel_program *cp, uint8_t command)
{
    struct ckd_device *ckd = (struct ckd_device *)d;
    uint8_t previous = channel_previous_command(cp);
    if (!channel_is_chained(cp))
        begin_chain(ckd);
    ckd->prior = ckd->allows;
    ckd->allows = PRIOR_NONE;
    if (previous == CCW_NOP || CCW_IS_SENSE(previous)) {
        ckd->indexes = 0;
        ckd->prior = PRIOR_NONE;
    }
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        bool multitrack = (commands[i].flags & MULTITRACK) && (command & 0x80);
        if ((multitrack ? command & 0x7f : command) != commands[i].command)
            continue;
        if (!known(ckd, commands[i].flags))
            break;
        if ((commands[i].flags & ARM_KNOWN) && is_3880(ckd) && !ckd->sought)
            return ckd_check(ckd, SENSE_COMMAND_REJECT, 0, SENSE7_SEQUENCE);
        ckd->multitrack = multitrack;
        bool searches = commands[i].flags & SEARCHES;
        if (!searches)
            ckd->indexes = 0;
        ckd_time_begin(ckd, cp);
        int status = commands[i].execute(ckd, cp, command);
        ckd_time_command(ckd, cp);
        if (!searches)
            ckd->indexes = 0; /* also those that the command itself has passed */
        return status;
    }
    return ckd_check(ckd, SENSE_COMMAND_REJECT, 0, SENSE7_COMMAND);
}

/* --- mounting --- */

/* Without a pack the drive is not ready. */
static uint8_t select_unit(struct device *d, uint8_t command)
{
    struct ckd_device *ckd = (struct ckd_device *)d;
    if (ckd->image || command == CCW_NOP)
        return 0;
    ckd_check(ckd, SENSE_INTERVENTION, 0, SENSE7_NONE);
    return UNIT_CHECK;
}

/* Takes the pack off, if there is one. */
static void unmount(struct ckd_device *ckd)
{
    ckd_image_close(ckd->image);
    free(ckd->shadows);
    ckd->image = NULL;
    ckd->shadows = NULL;
    ckd->cylinder = ckd->head = 0;
    ckd->write_failed = false;
    begin_chain(ckd);
}

static bool is_same_track(const struct ckd_geometry *a, const struct ckd_geometry *b)
{
    return a->image_type == b->image_type && a->heads == b->heads &&
           a->image_track == b->image_track;
}

static const char *mount(struct device *d, int argc, char **argv)
{
    struct ckd_device *ckd = (struct ckd_device *)d;
    unsigned flags = 0;
    const char *shadows = NULL;
    if (argc < 1 || (argc == 1 && !strcmp(argv[0], "*"))) {
        unmount(ckd);
        return NULL;
    }
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "ro") || !strcmp(argv[i], "rdonly"))
            flags |= CKD_READ_ONLY;
        else if (!strcmp(argv[i], "cow"))
            flags |= CKD_COPY_ON_WRITE;
        else if (!strncmp(argv[i], "sf=", 3))
            shadows = argv[i] + 3;
        else {
            snprintf(d->message, sizeof d->message, "unknown option '%s' (there are: ro, cow, sf=)",
                     argv[i]);
            return d->message;
        }
    }
    if (ckd->image && !strcmp(ckd_image_path(ckd->image), argv[0])) {
        snprintf(d->message, sizeof d->message, "%s: the image is mounted here already", argv[0]);
        return d->message;
    }
    struct ckd_image *image =
        shadows ? ckd_image_open_shadowed(argv[0], shadows, flags, d->message, sizeof d->message)
                : ckd_image_open(argv[0], flags, d->message, sizeof d->message);
    if (!image)
        return d->message;
    if (!is_same_track(ckd_image_geometry(image), ckd_geometry_find(d->type->name))) {
        snprintf(d->message, sizeof d->message, "%s: the image is of type %s, not %s", argv[0],
                 ckd_image_geometry(image)->name, d->type->name);
        ckd_image_close(image);
        return d->message;
    }
    if (!flags && !ckd_image_writable(image))
        machine_message(d->machine, "%04X: %s may not be written; it is read-only for the program",
                        d->address, argv[0]);
    unmount(ckd);
    ckd->image = image;
    ckd->open_flags = flags;
    ckd->shadows = shadows ? strdup(shadows) : NULL;
    if (ckd->attached)
        device_status(d, UNIT_DEVICE_END);
    return NULL;
}

static const char *create(struct device *d, int argc, char **argv)
{
    const char *wrong = mount(d, argc, argv);
    ((struct ckd_device *)d)->attached = true;
    return wrong;
}

static void destroy(struct device *d)
{
    unmount((struct ckd_device *)d);
}

static void reset(struct device *d)
{
    struct ckd_device *ckd = (struct ckd_device *)d;
    ckd->cylinder = ckd->head = 0;
    begin_chain(ckd);
}

static void describe(struct device *d, char *text, size_t size)
{
    const struct ckd_device *ckd = (struct ckd_device *)d;
    if (!ckd->image)
        snprintf(text, size, "no pack");
    else
        snprintf(text, size, "%s %u cylinders%s", ckd_image_path(ckd->image),
                 ckd_image_cylinders(ckd->image),
                 ckd_image_writable(ckd->image) ? "" : " read-only");
}

static const struct device_ops ops = {
    .saved = ckd_saved,
    .medium = ckd_medium,
    .select = select_unit,
    .execute = execute,
    .reset = reset,
    .destroy = destroy,
    .describe = describe,
    .mount = mount,
    .shadow = ckd_shadow_command,
};

/* A type is one row: name, control unit, its model, device type, its model, sense bytes; SENSE
 * ID is made of them (units with 6 sense bytes have none). */
#define CKD_TYPE(variable, type_name, unit, unit_model, high, low, model, bytes)                   \
    const struct device_type variable = {                                                          \
        .name = type_name,                                                                         \
        .class = "DASD",                                                                           \
        .size = sizeof(struct ckd_device),                                                         \
        .sense_id = {bytes == 24 ? 0xff : 0, 0x38, unit, unit_model, high, low, model},            \
        .sense_bytes = bytes,                                                                      \
        .ops = &ops,                                                                               \
        .immediate = immediate,                                                                    \
        .create = create,                                                                          \
        .options = "[FILE] [ro] [cow] [sf=SHADOW]",                                                \
    }

CKD_TYPE(device_2311, "2311", 0x30, 0x02, 0x23, 0x11, 0, 6);
CKD_TYPE(device_2314, "2314", 0x30, 0x02, 0x23, 0x14, 0, 6);
CKD_TYPE(device_3330, "3330", 0x30, 0x02, 0x33, 0x30, 0x01, 24);
CKD_TYPE(device_3330_11, "3330-11", 0x30, 0x02, 0x33, 0x30, 0x11, 24);
CKD_TYPE(device_3340, "3340", 0x30, 0x02, 0x33, 0x40, 0x01, 24);
CKD_TYPE(device_3340_70, "3340-70", 0x30, 0x02, 0x33, 0x40, 0x02, 24);
CKD_TYPE(device_3350, "3350", 0x30, 0x02, 0x33, 0x50, 0x00, 24);
CKD_TYPE(device_3375, "3375", 0x80, 0x05, 0x33, 0x75, 0x02, 24);
CKD_TYPE(device_3380, "3380", 0x80, 0x05, 0x33, 0x80, 0x02, 24);
