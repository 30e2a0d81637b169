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

size_t panel_screen_encode(const struct panel_screen *screen, uint8_t bytes[PANEL_SCREEN_SIZE])
{
    size_t cells = (size_t)screen->rows * screen->columns;
    store_be16(bytes, screen->device);
    bytes[2] = screen->rows;
    bytes[3] = screen->columns;
    store_be16(bytes + 4, screen->cursor);
    bytes[6] = screen->connected;
    memcpy(bytes + 7, screen->text, cells);
    memcpy(bytes + 7 + cells, screen->looks, cells);
    return 7 + 2 * cells;
}

bool panel_screen_decode(struct panel_screen *screen, const uint8_t *bytes, size_t length)
{
    size_t cells = length < 7 ? 0 : (size_t)bytes[2] * bytes[3];
    if (cells == 0 || cells > PANEL_CELLS || length != 7 + 2 * cells ||
        load_be16(bytes + 4) >= cells)
        return false;
    screen->device = (uint16_t)load_be16(bytes);
    screen->rows = bytes[2];
    screen->columns = bytes[3];
    screen->cursor = (uint16_t)load_be16(bytes + 4);
    screen->connected = bytes[6];
    memcpy(screen->text, bytes + 7, cells);
    memcpy(screen->looks, bytes + 7 + cells, cells);
    return true;
}

void panel_cards_encode(const struct panel_cards *cards, uint8_t bytes[PANEL_CARDS_SIZE])
{
    store_be16(bytes, cards->device);
    bytes[2] = cards->ready;
    store_be32(bytes + 3, cards->hopper);
    store_be32(bytes + 7, cards->stacker);
    for (unsigned i = 0; i < PANEL_COLUMNS; i++)
        store_be16(bytes + 11 + 2 * i, cards->holes[i]);
    memcpy(bytes + 11 + 2 * PANEL_COLUMNS, cards->text, PANEL_COLUMNS);
}

bool panel_cards_decode(struct panel_cards *cards, const uint8_t *bytes, size_t length)
{
    if (length != PANEL_CARDS_SIZE)
        return false;
    cards->device = (uint16_t)load_be16(bytes);
    cards->ready = bytes[2];
    cards->hopper = load_be32(bytes + 3);
    cards->stacker = load_be32(bytes + 7);
    for (unsigned i = 0; i < PANEL_COLUMNS; i++)
        cards->holes[i] = (uint16_t)load_be16(bytes + 11 + 2 * i);
    memcpy(cards->text, bytes + 11 + 2 * PANEL_COLUMNS, PANEL_COLUMNS);
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
