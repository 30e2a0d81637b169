/* Virtual printers: 1403, 1443, 3203, 3211, 3800 as a line printer.  Each command becomes a
 * record with its command code, so the real printer moves paper as the virtual one would.
 * Commands: GA24-3312 (1403), GA24-3543 (3211), GA33-1529 (3203). */
#include "cp/spool/cpspool.h"

#include "lib/str.h"

#define GOOD             (UNIT_CHANNEL_END | UNIT_DEVICE_END)
#define SENSE_CHANNEL_9  0x01
#define SENSE_LOAD_CHECK 0x02

enum {
    UCS_GATE = 0xeb,
    LOAD_UCS_FOLD = 0xf3,
    LOAD_UCS = 0xfb,
    LOAD_FCB = 0x63,
    BLOCK_DATA_CHECK = 0x73,
    ALLOW_DATA_CHECK = 0x7b,
    UNFOLD = 0x23,
    FOLD = 0x43,
};

/* Space 0 to 3 lines, or skip to channel 1 to 12, in the five high bits of the command. */
static bool is_motion(uint8_t command)
{
    unsigned motion = command >> 3;
    return motion <= 3 || (motion >= 0x11 && motion <= 0x1c);
}

/* Without a forms buffer nobody knows where channels are, and none are told of. */
static unsigned move(struct vspool *v, struct vdev *vdev, uint8_t command)
{
    unsigned holes = forms_move(&v->forms, command);
    unsigned status = holes & FORMS_CHANNEL_9 ? vdev_check(vdev, SENSE_CHANNEL_9) : GOOD;
    return holes & FORMS_CHANNEL_12 ? status | UNIT_EXCEPTION : status;
}

static unsigned print(struct vspool *v, struct vdev *vdev, uint8_t command)
{
    uint8_t text[150];
    unsigned width = vdev->type == 0x3211 ? 150 : 132;
    uint32_t n = vchannel_take(vdev, text, width);
    struct spool_record record = {command, 0, (uint16_t)n, text};
    enum spool_result r = vspool_put(v, &record);
    if (r != SPOOL_OK)
        return vspool_failed(v, r);
    v->vm->count.lines_printed++;
    return move(v, vdev, command);
}

static unsigned control(struct vspool *v, struct vdev *vdev, uint8_t command)
{
    struct spool_record record = {command, 0, 0, (const uint8_t *)""};
    enum spool_result r = vspool_put(v, &record);
    return r == SPOOL_OK ? move(v, vdev, command) : vspool_failed(v, r);
}

/* Character sets and forms are the real printer's business. */
static unsigned load_buffer(struct vdev *vdev, unsigned most)
{
    uint8_t image[64];
    while (most && vchannel_take(vdev, image, sizeof image) == sizeof image)
        most -= sizeof image;
    return GOOD;
}

/* A 3800 has its forms in another form: they are not kept. */
static unsigned load_forms(struct vspool *v, struct vdev *vdev)
{
    uint8_t bytes[FORMS_LINES + 1];
    bool indexed = vdev->type == 0x3211;
    if (vdev->type == 0x3800)
        return load_buffer(vdev, 256);
    uint32_t n = vchannel_take(vdev, bytes, indexed ? sizeof bytes : FORMS_LINES);
    return forms_load(&v->forms, bytes, n, indexed) ? GOOD : vdev_check(vdev, SENSE_LOAD_CHECK);
}

static unsigned printer_command(struct vdev *vdev, struct vchannel *ch)
{
    struct vspool *v = vdev->data;
    uint8_t command = ch->command;
    bool has_fcb = vdev->type == 0x3203 || vdev->type == 0x3211 || vdev->type == 0x3800;
    if ((command & 7) == 1 && is_motion(command))
        return print(v, vdev, command);
    if ((command & 7) == 3 && command != 0x03 && is_motion(command))
        return control(v, vdev, command);
    switch (command) {
    case BLOCK_DATA_CHECK:
    case ALLOW_DATA_CHECK:
    case UCS_GATE:
        return GOOD;
    case LOAD_UCS_FOLD:
    case LOAD_UCS:
        return load_buffer(vdev, vdev->type == 0x3211 ? 512 : 256);
    case LOAD_FCB:
        if (has_fcb)
            return load_forms(v, vdev);
        break;
    case FOLD:
    case UNFOLD:
        if (has_fcb)
            return GOOD;
        break;
    }
    return vdev_check(vdev, SENSE_COMMAND_REJECT);
}

const struct vdev_ops vprinter_ops = {
    .class_name = "PRT",
    .command = printer_command,
    .detach = vspool_detach,
};

struct vspool *vprinter_of(struct vmblok *vm)
{
    LIST_EACH(it, &vm->vdevs)
    {
        struct vdev *vdev = LIST_ENTRY(it, struct vdev, link);
        if (vdev->ops == &vprinter_ops)
            return vspool_of(vdev);
    }
    return NULL;
}
