/* The card punch 3525. Each write feeds and punches one card.  Source: GA21-9124.
 * Column binary, read and print features are not installed.
 *
 * The file is text, a line per card, where bytes that are no characters become question
 * marks; or with option `ebcdic` card images, which keep every byte. */
#include "s370/devices/output_device.h"
#include "s370/devices/types.h"

#include "lib/ebcdic.h"
#include "s370/arch/ccw.h"
#include "s370/io/channel.h"

#include <string.h>

#define COLUMNS 80
#define BLANK   0x40

/* Commands: SSD0 0001, SS the stacker; D (column binary) is zero. */
static bool is_write(uint8_t command)
{
    return (command & 0x3f) == 0x01;
}

static void punch_text(struct output_device *o, const uint8_t *card)
{
    char line[COLUMNS + 2];
    size_t length = COLUMNS;
    while (length > 0 && card[length - 1] == BLANK)
        length--;
    latin1_from_ebcdic(line, card, length);
    for (size_t i = 0; i < length; i++)
        if ((uint8_t)line[i] < 0x20 || (uint8_t)(line[i] - 0x7f) < 0x21)
            line[i] = '?'; /* no character: only card images keep it */
    if (o->crlf)
        line[length++] = '\r';
    line[length++] = '\n';
    output_put(&o->output, line, length);
}

static int execute(struct device *d, struct channel_program *cp, uint8_t command)
{
    struct output_device *o = (struct output_device *)d;
    uint8_t card[COLUMNS];
    if (!is_write(command))
        return device_check(d, SENSE_COMMAND_REJECT);
    uint32_t n = channel_take_any(cp, card, sizeof card);
    memset(card + n, BLANK, sizeof card - n);
    if (channel_stopped(cp))
        return UNIT_CHANNEL_END | UNIT_DEVICE_END;
    if (o->ebcdic)
        output_put(&o->output, (const char *)card, sizeof card);
    else
        punch_text(o, card);
    return UNIT_CHANNEL_END | UNIT_DEVICE_END;
}

static const struct device_ops ops = {
    .select = output_device_select,
    .execute = execute,
    .chain_end = output_device_flush,
    .destroy = output_device_destroy,
    .describe = output_device_describe,
    .mount = output_device_mount,
};

const struct device_type device_3525 = {
    .name = "3525",
    .class = "PCH",
    .size = sizeof(struct output_device),
    .sense_id = {0xff, 0x35, 0x05, 0x01, 0x35, 0x25, 0x01},
    .sense_bytes = 4,
    .ops = &ops,
    .create = output_device_mount,
    .options = "FILE [ascii|ebcdic] [crlf] [clear|noclear]",
};
