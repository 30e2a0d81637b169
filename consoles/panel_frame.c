/* The messages between a running machine and its panels: see panel_frame.h. */
#include "consoles/panel_frame.h"

#include "lib/be.h"

#include <string.h>

void panel_frame_encode(const struct panel_frame *frame, uint8_t bytes[PANEL_FRAME_SIZE])
{
    const uint64_t longs[3] = {frame->instructions, frame->now, frame->psw};
    for (int i = 0; i < 3; i++, bytes += 8)
        store_be64(bytes, longs[i]);
    for (int i = 0; i < 4; i++, bytes += 8)
        store_be64(bytes, frame->fpr[i]);
    for (int i = 0; i < 16; i++, bytes += 4)
        store_be32(bytes, frame->gr[i]);
    for (int i = 0; i < 16; i++, bytes += 4)
        store_be32(bytes, frame->cr[i]);
    memcpy(bytes, &frame->lights, sizeof frame->lights);
}

bool panel_frame_decode(struct panel_frame *frame, const uint8_t *bytes, size_t length)
{
    if (length != PANEL_FRAME_SIZE)
        return false;
    uint64_t *longs[3] = {&frame->instructions, &frame->now, &frame->psw};
    for (int i = 0; i < 3; i++, bytes += 8)
        *longs[i] = load_be64(bytes);
    for (int i = 0; i < 4; i++, bytes += 8)
        frame->fpr[i] = load_be64(bytes);
    for (int i = 0; i < 16; i++, bytes += 4)
        frame->gr[i] = load_be32(bytes);
    for (int i = 0; i < 16; i++, bytes += 4)
        frame->cr[i] = load_be32(bytes);
    memcpy(&frame->lights, bytes, sizeof frame->lights);
    return true;
}

void panel_header(uint8_t header[PANEL_HEADER], enum panel_message kind, size_t length)
{
    store_be32(header, (uint32_t)length);
    header[0] = (uint8_t)kind;
}

bool panel_input_add(struct panel_input *input, const uint8_t *bytes, size_t length,
                     panel_take *take, void *context)
{
    while (length > 0) {
        size_t want = PANEL_HEADER;
        if (input->length >= PANEL_HEADER)
            want += load_be32(input->bytes) & 0xffffff;
        size_t n = want - input->length < length ? want - input->length : length;
        memcpy(input->bytes + input->length, bytes, n);
        input->length += n;
        bytes += n;
        length -= n;
        if (input->length < PANEL_HEADER)
            continue;
        size_t content = load_be32(input->bytes) & 0xffffff;
        if (content > PANEL_MESSAGE)
            return false;
        if (input->length == PANEL_HEADER + content) {
            input->length = 0;
            take(context, input->bytes[0], input->bytes + PANEL_HEADER, content);
        }
    }
    return true;
}
