/* Fuzz target: the stream between the machine and its panels, in pieces that the input chooses.
 * Nothing is read or written beyond a message's content, whatever the stream says. */
#include "consoles/panel_frame.h"

#include <stdlib.h>
#include <string.h>

static void take(void *context, enum panel_message kind, const uint8_t *content, size_t length)
{
    struct panel_frame frame;
    uint8_t *copy = malloc(length ? length : 1); /* so that the sanitizer sees its end */
    memcpy(copy, content, length);
    if (kind == PANEL_FRAME && panel_frame_decode(&frame, copy, length)) {
        uint8_t bytes[PANEL_FRAME_SIZE];
        panel_frame_encode(&frame, bytes);
        if (memcmp(bytes, copy, sizeof bytes) != 0)
            abort();
    }
    struct panel_screen *screen = malloc(sizeof *screen);
    struct panel_cards cards;
    if (screen && kind == PANEL_SCREEN && panel_screen_decode(screen, copy, length)) {
        uint8_t *bytes = malloc(PANEL_SCREEN_SIZE);
        if (!bytes || panel_screen_encode(screen, bytes) != length)
            abort();
        free(bytes);
    }
    if (kind == PANEL_CARDS)
        (void)panel_cards_decode(&cards, copy, length);
    free(screen);
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct panel_input input = {0};
    while (size > 1) {
        size_t n = data[0] % 64u + 1;
        data++;
        size--;
        n = n < size ? n : size;
        if (!panel_input_add(&input, data, n, take, NULL))
            break;
        data += n;
        size -= n;
    }
    return 0;
}
