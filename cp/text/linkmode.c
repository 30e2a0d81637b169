/* What a LINK mode gives: see linkmode.h.  A row says what is given when nobody else has the
 * disk, when others only read it, and when somebody writes on it. */
#include "cp/text/linkmode.h"

static const struct {
    enum directory_mode mode;
    uint8_t unused, readers, writer;
} grants[] = {
    {LINK_R, LINK_READ_ONLY, LINK_READ_ONLY, LINK_REFUSED},
    {LINK_RR, LINK_READ_ONLY, LINK_READ_ONLY, LINK_READ_ONLY},
    {LINK_W, LINK_READ_WRITE, LINK_REFUSED, LINK_REFUSED},
    {LINK_WR, LINK_READ_WRITE, LINK_READ_ONLY, LINK_READ_ONLY},
    {LINK_M, LINK_READ_WRITE, LINK_READ_WRITE, LINK_REFUSED},
    {LINK_MR, LINK_READ_WRITE, LINK_READ_WRITE, LINK_READ_ONLY},
    {LINK_MW, LINK_READ_WRITE, LINK_READ_WRITE, LINK_READ_WRITE},
};

enum link_grant link_grant(enum directory_mode mode, unsigned readers, unsigned writers)
{
    for (size_t i = 0; i < sizeof grants / sizeof *grants; i++) {
        if (grants[i].mode != mode)
            continue;
        if (writers)
            return grants[i].writer;
        return readers ? grants[i].readers : grants[i].unused;
    }
    return LINK_REFUSED;
}

bool link_mode_writes(enum directory_mode mode)
{
    return link_grant(mode, 0, 0) == LINK_READ_WRITE;
}
