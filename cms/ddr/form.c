/* A track's block, from tape: looked at before anything in it is used. */
#include "cms/ddr/form.h"
#include "lib/str.h"

bool ddr_track_is_good(const uint8_t *block, size_t length)
{
    struct ddr_track h;
    uint32_t at = 0;

    if (length < sizeof(h))
        return false;
    memcpy(&h, block, sizeof(h));
    uint32_t all = get32(h.length);
    if (memcmp(h.id, "TRK ", 4) != 0 || all > DDR_TRACK_MOST || length != sizeof(h) + all ||
        get16(h.records) > DDR_RECORDS_MOST)
        return false;
    for (uint32_t i = 0; i < get16(h.records); i++) {
        if (at > all || all - at < DDR_COUNT)
            return false;
        at += record_length(block + sizeof(h) + at);
    }
    return at == all;
}
