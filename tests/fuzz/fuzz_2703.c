/* Fuzz target: any bytes as what the other side of an NJE line sends, well opened or not, while a
 * program here issues any commands.  What cannot be is refused, and after a reset the line has
 * forgotten all.  There is another line at the same port. */
#include "fuzz_link.h"

#define LINE 0x030

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t commands[] = {0x01, 0x02, 0x06, 0x27, 0x2f, 0x23, 0x09, 0x03};
    static const char open[] =
        "\xd6\xd7\xc5\xd5\x40\x40\x40\x40\xc2\x40\x40\x40\x40\x40\x40\x40\0\0\0\0"
        "\xc1\x40\x40\x40\x40\x40\x40\x40\0\0\0\0";
    char option[128];
    if (size < 2)
        return 0;
    link_machine(option, "lport");
    attach(LINE, "2703", 3, (char *[]){(char[]){"lnode=A"}, (char[]){"rnode=B"}, option});
    attach(LINE + 1, "2703", 3, (char *[]){(char[]){"lnode=A"}, (char[]){"rnode=C"}, option});
    issue(LINE, 0x27, 1);
    issue(LINE + 1, 0x27, 1);
    int fd = link_call(open, data[0] & 1 ? sizeof open : 0);
    link_talk(LINE, fd, commands, sizeof commands, data + 1, size - 1);
    issue(LINE, 0x06, 1);
    issue(LINE, 0x04, 1);
    if (machine.storage.main[BUFFER] != 0x40)
        abort();
    link_off();
    return 0;
}
