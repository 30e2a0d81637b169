/* UTF-8 to and from ISO 8859-1 (RFC 3629), lenient on input. */
#include "consoles/utf8.h"

size_t utf8_from_latin1(char *to, const char *from, size_t n)
{
    size_t length = 0;
    for (size_t i = 0; i < n; i++) {
        uint8_t c = (uint8_t)from[i];
        if (c < 0x80) {
            to[length++] = (char)c;
        } else {
            to[length++] = (char)(0xc0 | c >> 6);
            to[length++] = (char)(0x80 | (c & 0x3f));
        }
    }
    return length;
}

int32_t utf8_decode(struct utf8_decoder *d, uint8_t byte)
{
    if (d->missing && (byte & 0xc0) == 0x80) {
        d->value = d->value << 6 | (byte & 0x3f);
        return --d->missing ? -1 : (int32_t)d->value;
    }
    d->missing = byte >= 0xf0 && byte < 0xf8   ? 3
                 : byte >= 0xe0 && byte < 0xf0 ? 2
                 : byte >= 0xc2 && byte < 0xe0 ? 1
                                               : 0;
    if (!d->missing)
        return byte;
    d->value = byte & (0x3fu >> d->missing);
    return -1;
}
