/* Fuzz target: any bytes as an ELF file.  It is refused with a message, or its symbols can be
 * looked up. */
#include "s370/operator/symbols.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char message[128] = "";
    uint8_t *image = malloc(size + 64);
    /* The beginning of every ELF file, so that the rest is reached. */
    static const uint8_t magic[] = {0x7f, 'E', 'L', 'F', 1, 2, 1};
    memcpy(image, magic, sizeof magic);
    memcpy(image + sizeof magic, data, size);
    struct symbols *s = symbols_parse(image, size + sizeof magic, message, sizeof message);
    free(image);
    if (!s && !message[0])
        abort();
    size_t length = 0;
    for (uint32_t address = 0; s && address < 16; address++) {
        uint32_t offset;
        const char *name = symbols_find(s, address << 8, &offset);
        length += name ? strlen(name) : 0;
    }
    symbols_free(s);
    return length == 1 ? -1 : 0;
}
