/* Fixed-block disks 3310 and 3370 on images of 512-byte blocks, plain or compressed.  Source:
 * GA26-1657 (3370), GA26-1660 (3310).
 *
 * DEFINE EXTENT says which blocks the chain may reach and how it may write, LOCATE which ones and
 * what for, READ or WRITE moves them.  READ IPL is all of that for block 0.  Under timed I/O LOCATE
 * gives device end when arm and disk are in place. */
#include "s370/arch/fba.h"
#include "s370/devices/types.h"
#include "s370/io/channel.h"

#include "lib/be.h"
#include "s370/devices/mechanics.h"
#include "s370/machine.h"
#include "s370/media/fba_image.h"
#include "s370/saved.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define ENDED (UNIT_CHANNEL_END | UNIT_DEVICE_END)

#define SENSE1_FILE_PROTECTED  0x04
#define SENSE1_WRITE_INHIBITED 0x02

/* LOCATE's other operations. */
enum {
    OPERATION_NONE = 0,
    OPERATION_READ_REPLICATED = 2,
    OPERATION_FORMAT = 4,
    OPERATION_WRITE_VERIFY = 5,
};

/* DEFINE EXTENT's mask. */
#define MASK_INVALID 0x3f
#define MASK_NONE    0x40
#define MASK_ALL     0xc0

/* How long the models' mechanics take. */
struct model {
    const char *type;
    uint16_t rotation_us;
    uint32_t seek_us[3]; /* to the next cylinder, over a third of them, over all */
};

static const struct model models[] = {
    {"3310", 19200, {9000, 27000, 46000}},
    {"3370", 20200, {5000, 20000, 40000}},
};

struct fba_device {
    struct device device;
    const struct model *model;
    const struct fba_geometry *geometry;
    unsigned cylinder; /* where the arm is */
    struct fba_image *image;
    bool attached; /* mounting from now on gives device end */
    bool failed;   /* the host refused; the operator knows */
    /* Of the chain: */
    bool defined;                /* DEFINE EXTENT was there */
    bool reachable;              /* it or READ IPL */
    uint8_t mask;                /* of DEFINE EXTENT */
    uint32_t start, first, last; /* the extent on the device; its first and last block for LOCATE */
    uint8_t operation;           /* what LOCATE, the command before, is for */
    uint32_t block, blocks;      /* and where */
};

static int check(struct fba_device *f, uint8_t sense0, uint8_t sense1)
{
    int status = device_check(&f->device, sense0);
    f->device.sense[1] = sense1;
    return status;
}

static int host_error(struct fba_device *f, const char *doing, uint32_t block)
{
    if (!f->failed)
        machine_message(f->device.machine,
                        "%04X: %s: cannot %s block %u: %s; the program gets an equipment check",
                        f->device.address, fba_image_path(f->image), doing, block, strerror(errno));
    f->failed = true;
    return check(f, SENSE_EQUIPMENT, 0);
}

/* --- timed I/O --- */

static uint64_t block_ns(const struct fba_device *f)
{
    return (uint64_t)f->model->rotation_us * 1000 / f->geometry->cyclic;
}

/* The arm and the disk move to a block: the time that takes. */
static uint64_t place(struct fba_device *f, uint32_t block)
{
    const struct model *m = f->model;
    uint32_t position = f->geometry->position;
    unsigned to = block / position, cylinders = fba_image_blocks(f->image) / position + 1;
    unsigned distance = to > f->cylinder ? to - f->cylinder : f->cylinder - to;
    uint64_t seek = mechanics_seek_ns(m->seek_us, cylinders < 8 ? 8 : cylinders, distance);
    uint64_t arrived = machine_now(f->device.machine) + seek;
    f->cylinder = to;
    return seek + mechanics_wait_ns(arrived, m->rotation_us * UINT64_C(1000),
                                    block % f->geometry->cyclic * block_ns(f));
}

/* --- commands --- */

static int define_extent(struct fba_device *f, struct channel_program *cp)
{
    uint8_t p[16];
    if (f->defined)
        return check(f, SENSE_COMMAND_REJECT, 0);
    if (channel_take(cp, p, sizeof p) != sizeof p)
        return channel_stopped(cp) ? ENDED : check(f, SENSE_COMMAND_REJECT, 0);
    uint32_t start = load_be32(p + 4), first = load_be32(p + 8), last = load_be32(p + 12);
    if ((p[0] & MASK_INVALID) || last < first)
        return check(f, SENSE_COMMAND_REJECT, 0);
    if ((uint64_t)start + (last - first) >= fba_image_blocks(f->image))
        return check(f, SENSE_COMMAND_REJECT, SENSE1_FILE_PROTECTED);
    f->mask = p[0];
    f->start = start;
    f->first = first;
    f->last = last;
    f->defined = f->reachable = true;
    return ENDED;
}

/* Does the extent's mask allow the operation? */
static bool allowed(uint8_t mask, uint8_t operation)
{
    if (operation == FBA_OPERATION_WRITE || operation == OPERATION_WRITE_VERIFY)
        return mask != MASK_NONE;
    return operation != OPERATION_FORMAT || mask == MASK_ALL;
}

static int locate(struct fba_device *f, struct channel_program *cp)
{
    uint8_t p[8];
    if (!f->reachable)
        return check(f, SENSE_COMMAND_REJECT, 0);
    if (channel_take(cp, p, sizeof p) != sizeof p)
        return channel_stopped(cp) ? ENDED : check(f, SENSE_COMMAND_REJECT, 0);
    uint32_t blocks = load_be16(p + 2), block = load_be32(p + 4);
    static const uint8_t operations = 1 << FBA_OPERATION_WRITE | 1 << OPERATION_READ_REPLICATED |
                                      1 << OPERATION_FORMAT | 1 << OPERATION_WRITE_VERIFY |
                                      1 << FBA_OPERATION_READ;
    if (p[0] > FBA_OPERATION_READ || !(operations >> p[0] & 1) || blocks == 0)
        return check(f, SENSE_COMMAND_REJECT, 0);
    if (block < f->first || block > f->last || blocks - 1 > f->last - block)
        return check(f, SENSE_COMMAND_REJECT, SENSE1_FILE_PROTECTED);
    if (!allowed(f->mask, p[0]))
        return check(f, SENSE_COMMAND_REJECT, SENSE1_FILE_PROTECTED);
    if (p[0] != FBA_OPERATION_READ && p[0] != OPERATION_READ_REPLICATED &&
        !fba_image_writable(f->image))
        return check(f, SENSE_EQUIPMENT, SENSE1_WRITE_INHIBITED);
    f->operation = p[0] == OPERATION_FORMAT ? OPERATION_NONE : p[0]; /* no block is defective */
    f->block = f->start + (block - f->first);
    f->blocks = blocks;
    channel_moves(cp, place(f, f->block));
    return ENDED;
}

static int read_blocks(struct fba_device *f, struct channel_program *cp, uint32_t block,
                       uint32_t blocks)
{
    uint8_t bytes[FBA_GROUP_BYTES];
    channel_takes(cp, blocks * block_ns(f));
    for (uint32_t n; blocks > 0; block += n, blocks -= n) {
        n = fba_image_together(block, blocks);
        uint32_t wanted = (channel_count(cp) + FBA_BLOCK - 1) / FBA_BLOCK;
        if (wanted > 0 && wanted < n)
            n = wanted;
        if (!fba_image_read(f->image, block, n, bytes))
            return host_error(f, "read", block);
        if (channel_give(cp, bytes, n * FBA_BLOCK) != n * FBA_BLOCK)
            break;
    }
    return ENDED;
}

/* A short count ends with the block that it reaches, which gets zeros. */
static int write_blocks(struct fba_device *f, struct channel_program *cp, uint32_t block,
                        uint32_t blocks)
{
    uint8_t bytes[FBA_GROUP_BYTES];
    channel_takes(cp, blocks * block_ns(f));
    for (uint32_t n, length; blocks > 0; block += n, blocks -= n) {
        n = fba_image_together(block, blocks);
        length = channel_take(cp, bytes, n * FBA_BLOCK);
        if (length == 0 || channel_stopped(cp))
            break;
        bool more = length == n * FBA_BLOCK;
        n = (length + FBA_BLOCK - 1) / FBA_BLOCK;
        memset(bytes + length, 0, n * FBA_BLOCK - length);
        if (!fba_image_write(f->image, block, n, bytes))
            return host_error(f, "write", block);
        f->failed = false;
        if (!more)
            break;
    }
    return ENDED;
}

static int transfer(struct fba_device *f, struct channel_program *cp, uint8_t command,
                    uint8_t operation)
{
    bool write = operation == FBA_OPERATION_WRITE || operation == OPERATION_WRITE_VERIFY;
    if (operation == OPERATION_NONE || write != (command == FBA_WRITE))
        return check(f, SENSE_COMMAND_REJECT, 0);
    return write ? write_blocks(f, cp, f->block, f->blocks)
                 : read_blocks(f, cp, f->block, f->blocks);
}

static int read_ipl(struct fba_device *f, struct channel_program *cp)
{
    if (channel_is_chained(cp) && channel_previous_command(cp) != FBA_READ_IPL)
        return check(f, SENSE_COMMAND_REJECT, 0);
    f->reachable = true;
    f->mask = 0;
    f->start = f->first = 0;
    f->last = fba_image_blocks(f->image) - 1;
    channel_takes(cp, place(f, 0));
    return read_blocks(f, cp, 0, 1);
}

static int read_characteristics(struct fba_device *f, struct channel_program *cp)
{
    const struct fba_geometry *g = f->geometry;
    uint8_t rdc[32] = {0x30, 0x08, 0x21, g->unit_type};
    store_be16(rdc + 4, FBA_BLOCK);
    store_be32(rdc + 6, g->cyclic);
    store_be32(rdc + 10, g->position);
    store_be32(rdc + 14, fba_image_blocks(f->image));
    channel_give(cp, rdc, sizeof rdc);
    return ENDED;
}

static void begin_chain(struct fba_device *f)
{
    f->defined = f->reachable = false;
    f->operation = OPERATION_NONE;
}

static int execute(struct device *d, struct channel_program *cp, uint8_t command)
{
    static const uint8_t zeros[24];
    struct fba_device *f = (struct fba_device *)d;
    if (!channel_is_chained(cp))
        begin_chain(f);
    /* LOCATE counts for the command directly behind it. */
    uint8_t operation = channel_previous_command(cp) == FBA_LOCATE ? f->operation : OPERATION_NONE;
    if (channel_is_chained(cp) && channel_previous_command(cp) == FBA_READ_IPL &&
        command == FBA_READ) {
        operation = FBA_OPERATION_READ;
        f->block = 0;
        f->blocks = 1;
    }
    f->operation = OPERATION_NONE;
    switch (command) {
    case FBA_READ_IPL:
        return read_ipl(f, cp);
    case FBA_DEFINE_EXTENT:
        return define_extent(f, cp);
    case FBA_LOCATE:
        return locate(f, cp);
    case FBA_READ:
    case FBA_WRITE:
        return transfer(f, cp, command, operation);
    case FBA_READ_CHARACTERISTICS:
        return read_characteristics(f, cp);
    case 0xa4: /* read and reset buffered log */
        channel_give(cp, zeros, sizeof zeros);
        return ENDED;
    case 0x14: /* unconditional reserve, reserve, release: there is one path */
    case 0xb4:
    case 0x94:
        if (channel_is_chained(cp))
            break;
        channel_give(cp, d->sense, d->type->sense_bytes);
        return ENDED;
    }
    return check(f, SENSE_COMMAND_REJECT, 0);
}

/* --- mounting --- */

static uint8_t select_unit(struct device *d, uint8_t command)
{
    struct fba_device *f = (struct fba_device *)d;
    if (f->image || command == CCW_NOP)
        return 0;
    check(f, SENSE_INTERVENTION, 0);
    return UNIT_CHECK;
}

static const char *take_options(struct device *d, int argc, char **argv, unsigned *flags)
{
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "ro") || !strcmp(argv[i], "rdonly"))
            *flags |= FBA_READ_ONLY;
        else if (!strcmp(argv[i], "cow"))
            *flags |= FBA_COPY_ON_WRITE;
        else {
            snprintf(d->message, sizeof d->message, "unknown option '%s' (there are: ro, cow)",
                     argv[i]);
            return d->message;
        }
    }
    return NULL;
}

static const char *mount(struct device *d, int argc, char **argv)
{
    struct fba_device *f = (struct fba_device *)d;
    struct fba_image *image = NULL;
    unsigned flags = 0;
    if (take_options(d, argc, argv, &flags))
        return d->message;
    bool none = argc < 1 || !strcmp(argv[0], "*");
    if (!none && f->image && !strcmp(fba_image_path(f->image), argv[0])) {
        snprintf(d->message, sizeof d->message, "%s: the image is mounted here already", argv[0]);
        return d->message;
    }
    if (!none) {
        image = fba_image_open(argv[0], flags, d->message, sizeof d->message);
        if (!image)
            return d->message;
        if (!flags && !fba_image_writable(image))
            machine_message(d->machine,
                            "%04X: %s may not be written; it is read-only for the program",
                            d->address, argv[0]);
    }
    fba_image_close(f->image);
    f->image = image;
    f->cylinder = 0;
    f->failed = false;
    begin_chain(f);
    if (image && f->attached)
        device_status(d, UNIT_DEVICE_END);
    return NULL;
}

static const char *create(struct device *d, int argc, char **argv)
{
    struct fba_device *f = (struct fba_device *)d;
    f->geometry = fba_geometry_find(d->type->name);
    f->model = models;
    while (strcmp(f->model->type, d->type->name) != 0)
        f->model++;
    const char *wrong = mount(d, argc, argv);
    f->attached = true;
    return wrong;
}

static void reset(struct device *d)
{
    begin_chain((struct fba_device *)d);
}

static void destroy(struct device *d)
{
    fba_image_close(((struct fba_device *)d)->image);
}

static void describe(struct device *d, char *text, size_t size)
{
    const struct fba_device *f = (struct fba_device *)d;
    if (!f->image)
        snprintf(text, size, "no pack");
    else
        snprintf(text, size, "%s %u blocks%s", fba_image_path(f->image), fba_image_blocks(f->image),
                 fba_image_writable(f->image) ? "" : " read-only");
}

/* The groups copied on write, which are nowhere else. */
static void saved_groups(struct fba_device *f, struct saved *s)
{
    uint32_t groups = (fba_image_blocks(f->image) + FBA_GROUP - 1) / FBA_GROUP, count = 0;
    uint8_t bytes[FBA_GROUP_BYTES];
    if (s->reading)
        fba_image_forget_changes(f->image);
    for (uint32_t n = 0; n < groups; n++)
        count += fba_image_changed(f->image, n) != NULL;
    saved_u32(s, &count);
    for (uint32_t n = 0; count && saved_good(s); count--, n++) {
        while (!s->reading && !fba_image_changed(f->image, n))
            n++;
        n = saved_limited(s, n, groups - 1, "the number of a group of blocks");
        if (!s->reading)
            memcpy(bytes, fba_image_changed(f->image, n), sizeof bytes);
        saved_bytes(s, bytes, sizeof bytes);
        if (s->reading && saved_good(s) && !fba_image_set_changed(f->image, n, bytes))
            saved_refuse(s, "%03X: %s: its blocks cannot be written", f->device.address,
                         fba_image_path(f->image));
    }
}

static void saved_unit(struct device *d, struct saved *s)
{
    struct fba_device *f = (struct fba_device *)d;
    if (f->image)
        saved_groups(f, s);
    saved_bool(s, &f->defined);
    saved_bool(s, &f->reachable);
    saved_u8(s, &f->mask);
    saved_u32(s, &f->start);
    saved_u32(s, &f->first);
    saved_u32(s, &f->last);
    saved_u8(s, &f->operation);
    saved_u32(s, &f->block);
    saved_u32(s, &f->blocks);
    f->cylinder = saved_limited(s, f->cylinder, UINT16_MAX, "a cylinder");
    uint64_t size = f->image ? fba_image_blocks(f->image) : 0;
    bool good =
        !f->reachable || (f->last >= f->first && (uint64_t)f->start + (f->last - f->first) < size);
    good = good && (f->operation == OPERATION_NONE || (uint64_t)f->block + f->blocks <= size);
    if (good)
        return;
    saved_refuse(s, "the disk %03X was at blocks that it has not", d->address);
    begin_chain(f);
}

static const char *medium(struct device *d, uint32_t *checksum)
{
    struct fba_device *f = (struct fba_device *)d;
    if (!f->image)
        return NULL;
    *checksum = fba_image_checksum(f->image);
    return fba_image_path(f->image);
}

static const struct device_ops ops = {
    .select = select_unit,
    .execute = execute,
    .reset = reset,
    .destroy = destroy,
    .describe = describe,
    .mount = mount,
    .saved = saved_unit,
    .medium = medium,
};

#define FBA_TYPE(variable, type_name, ...)                                                         \
    const struct device_type variable = {                                                          \
        .name = type_name,                                                                         \
        .class = "DASD",                                                                           \
        .size = sizeof(struct fba_device),                                                         \
        .sense_id = {0xff, __VA_ARGS__},                                                           \
        .sense_bytes = 24,                                                                         \
        .ops = &ops,                                                                               \
        .create = create,                                                                          \
        .options = "[FILE] [ro] [cow]",                                                            \
    }

FBA_TYPE(device_3310, "3310", 0x43, 0x31, 0x01, 0x33, 0x10, 0x01);
FBA_TYPE(device_3370, "3370", 0x38, 0x80, 0x01, 0x33, 0x70, 0x00);
