/* What is known of each disk type: its size and its capacity formula.  A new type is a new
 * row here, and one in s370/devices/dev_ckd.c. Sources: GA26-5988 (2311), GA26-3599 (2314),
 * GA26-1592 (3330), GA26-1619 (3340), GA26-1638 (3350), GA26-1661 (3375, 3380). */
#include "s370/media/ckd_image.h"

#include <string.h>

const struct ckd_geometry ckd_geometries[] = {
    /* name, image type, cylinders, alternates, heads, track length, record max, image track,
     * overhead, key overhead, tolerance, rounding, last is short, sectors, us */
    {"2311", 0x11, 200, 3, 10, 3625, 3625, 0x1000, 61, 20, 2148, 1, true, 0, 25000},
    {"2314", 0x14, 200, 3, 20, 7294, 7294, 0x1e00, 101, 45, 2137, 1, true, 0, 25000},
    {"3330", 0x30, 404, 7, 19, 13165, 13030, 0x3400, 135, 56, 2048, 1, false, 128, 16700},
    {"3330-11", 0x30, 808, 7, 19, 13165, 13030, 0x3400, 135, 56, 2048, 1, false, 128, 16700},
    {"3340", 0x40, 348, 1, 12, 8535, 8368, 0x2200, 167, 75, 2048, 1, false, 64, 20200},
    {"3340-70", 0x40, 696, 2, 12, 8535, 8368, 0x2200, 167, 75, 2048, 1, false, 64, 20200},
    {"3350", 0x50, 555, 5, 30, 19254, 19069, 0x4c00, 185, 82, 2048, 1, false, 128, 16700},
    {"3375", 0x75, 959, 3, 12, 36000, 35616, 0x8c00, 384, 160, 2048, 32, false, 196, 20200},
    {"3380", 0x80, 885, 1, 15, 47968, 47476, 0xba00, 492, 236, 2048, 32, false, 222, 16600},
    {.name = NULL},
};

const struct ckd_geometry *ckd_geometry_find(const char *name)
{
    for (const struct ckd_geometry *g = ckd_geometries; g->name; g++)
        if (!strcmp(g->name, name))
            return g;
    return NULL;
}

static unsigned round_up(unsigned n, unsigned to)
{
    return (n + to - 1) / to * to;
}

unsigned ckd_record_space(const struct ckd_geometry *g, unsigned key_length, unsigned data_length,
                          bool last)
{
    unsigned key_overhead = key_length ? g->key_overhead : 0;
    if (g->last_is_short && last)
        return key_length + data_length + key_overhead;
    if (g->rounding > 1)
        return round_up(data_length + g->overhead, g->rounding) +
               (key_length ? round_up(key_length + key_overhead, g->rounding) : 0);
    return (key_length + data_length) * g->tolerance / 2048 + g->overhead + key_overhead;
}

unsigned ckd_records_per_track(const struct ckd_geometry *g, unsigned key_length,
                               unsigned data_length)
{
    unsigned last = ckd_record_space(g, key_length, data_length, true);
    if (last > g->track_length)
        return 0;
    return (g->track_length - last) / ckd_record_space(g, key_length, data_length, false) + 1;
}
