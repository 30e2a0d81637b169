/* The service behind the LINEDIT macro. */
#include "cms/os/command/os.h"
#include "cms/os/linedit.h"

static const uint8_t *fetch(void *context, uint32_t address)
{
    return (const uint8_t *)os_address(address);
}

enum { PRINT_SPACE = 0x09 };

static int dispose(const struct linedit_list *list, const char *text, size_t length)
{
    char *buffer;

    switch (list->disposition) {
    case LINEDIT_NONE:
        buffer = (char *)os_address(get32(list->buffer));
        buffer[0] = (char)length;
        memcpy(buffer + 1, text, length);
        return RC_OK;
    case LINEDIT_PRINT:
        return cms_print(text, length, PRINT_SPACE);
    case LINEDIT_CPCOMM:
        return cms_cp(text, length, NULL, 0, NULL);
    case LINEDIT_ERRMSG:
        return cms_error(RC_OK, "%.*s", (int)length, text);
    default:
        cms_write(text, length);
        return RC_OK;
    }
}

enum os_answer os_linedit(struct os_call *c)
{
    const struct linedit_list *list = (const struct linedit_list *)os_address(c->r[1]);
    const char *text = (const char *)get24(list->text);
    size_t length = get16(list->length);
    char line[LINEDIT_MOST];

    if (list->flags & LINEDIT_COUNTED)
        length = (uint8_t)*text++;
    length = linedit_fill(line, text, length, list->flags, (const struct linedit_value *)(list + 1),
                          list->count, fetch, NULL);
    c->r[15] = (uint32_t)dispose(list, line, length);
    return OS_DONE;
}
