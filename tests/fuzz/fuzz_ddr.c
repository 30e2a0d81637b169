/* A block of DDR's tapes: what is taken for a good track can be walked through without leaving it.
 */
#include "cms/ddr/form.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ddr_track h;
    volatile uint8_t sum = 0;

    if (!ddr_track_is_good(data, size))
        return 0;
    memcpy(&h, data, sizeof(h));
    const uint8_t *at = data + sizeof(h);
    for (uint32_t i = 0; i < get16(h.records); i++) {
        for (uint32_t b = 0; b < record_length(at); b++)
            sum = (uint8_t)(sum + at[b]);
        at += record_length(at);
    }
    if (at != data + size)
        abort();
    return 0;
}
