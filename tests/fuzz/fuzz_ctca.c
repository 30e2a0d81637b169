/* Fuzz target: any bytes as what the other side of a channel-to-channel adapter sends, well greeted
 * or not, while a program here issues any commands.  The adapter refuses what cannot be, and is
 * as new after a reset. */
#include "fuzz_link.h"

#define ADAPTER 0x500

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t commands[] = {0x01, 0x02, 0x07, 0x14, 0xe3, 0x81, 0x0c, 0xc3, 0x43, 0x03};
    char option[128];
    if (size < 2)
        return 0;
    link_machine(option, "listen");
    attach(ADAPTER, "CTCA", 1, (char *[]){option});
    int fd = link_call("\0\0\0\0\0\0\0\x0d"
                       "datbox CTCA 2",
                       data[0] & 1 ? 21 : 0);
    link_talk(ADAPTER, fd, commands, sizeof commands, data + 1, size - 1);
    issue(ADAPTER, 0x14, 1);
    if (machine.storage.main[BUFFER] != 0)
        abort();
    link_off();
    return 0;
}
