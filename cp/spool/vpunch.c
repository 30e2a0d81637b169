/* Virtual punches: 2540P, 3525.  A card is a record of 80 bytes, or 160 in column binary.
 * Commands: GA24-3312 (2540), GA21-9124 (3525). */
#include "cp/spool/cpspool.h"

#include "lib/str.h"

#define GOOD         (UNIT_CHANNEL_END | UNIT_DEVICE_END)
#define EBCDIC_BLANK 0x40

/* Write, feed, select stacker: SSD0 0001. */
static bool is_write(uint8_t command)
{
    return (command & 0x1f) == 0x01 && (command & 0xc0) != 0xc0;
}

static unsigned punch_command(struct vdev *vdev, struct vchannel *ch)
{
    struct vspool *v = vdev->data;
    uint8_t card[160];
    if (!is_write(ch->command))
        return vdev_check(vdev, SENSE_COMMAND_REJECT);
    bool binary = ch->command & 0x20;
    unsigned columns = binary ? 160 : 80;
    memset(card, binary ? 0 : EBCDIC_BLANK, sizeof card);
    uint8_t command = ch->command;      /* data chaining changes ch */
    vchannel_take(vdev, card, columns); /* the columns behind stay blank */
    struct spool_record record = {command, binary ? SPOOL_BINARY : 0, (uint16_t)columns, card};
    enum spool_result r = vspool_put(v, &record);
    if (r != SPOOL_OK)
        return vspool_failed(v, r);
    v->vm->count.cards_punched++;
    return GOOD;
}

const struct vdev_ops vpunch_ops = {
    .class_name = "PUN",
    .command = punch_command,
    .detach = vspool_detach,
};
