/* Storage for commands: see view.h. */
#include "cp/commands/view.h"

#include "cp/guest.h"
#include "cp/state.h"
#include "lib/str.h"

uint32_t view_size(const struct vmblok *of)
{
    return of ? of->storage_size : cp.storage_size;
}

static bool is_real(uint32_t address, uint32_t length)
{
    return address <= cp.storage_size && length <= cp.storage_size - address;
}

bool view_get(struct vmblok *of, uint32_t address, void *to, uint32_t length)
{
    if (of)
        return guest_read(of, address, to, length);
    if (!is_real(address, length))
        return false;
    memcpy(to, (const void *)(uintptr_t)address, length);
    return true;
}

bool view_put(struct vmblok *of, uint32_t address, const void *from, uint32_t length)
{
    if (of)
        return guest_write(of, address, from, length);
    if (!is_real(address, length))
        return false;
    memcpy((void *)(uintptr_t)address, from, length);
    return true;
}

size_t view_text(char *to, const uint8_t *bytes, size_t n)
{
    to[0] = '*';
    for (size_t i = 0; i < n; i++) {
        char c = (char)bytes[i];
        to[i + 1] = str_is_alnum(c) || (c && strchr(" .,;:?!'\"()+-*/=<>&%$#@_|", c)) ? c : '.';
    }
    to[n + 1] = '*';
    return n + 2;
}
