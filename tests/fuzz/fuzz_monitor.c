/* Any bytes as blocks of MONITOR's records, as a tape has them and as cards: they are taken or
 * refused, printed and summed up. */
#include "tools/monitor.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static FILE *nowhere;
    if (!nowhere && !(nowhere = fopen("/dev/null", "w")))
        abort();
    struct stream s = {.out = nowhere, .show_records = size && data[0] & 1};
    stream_block(&s, data, size);
    if (size > 1)
        stream_cards(&s, data + 1, size - 1);
    stream_summary(&s);
    stream_free(&s);
    return 0;
}
