/* An empty disk of 800-byte blocks (cdf.c). */
#include "cms/fs/edf_internal.h"

/* The MFD's code of the unit, by the blocks of a cylinder; of others it is 0. */
static uint8_t unit_of(uint32_t blocks, uint32_t cylinders)
{
    static const struct {
        uint16_t blocks;
        uint8_t code;
    } units[] = {{19 * 14, 0x09}, {30 * 19, 0x0b}}; /* 3330, 3350 */
    for (unsigned i = 0; i < sizeof units / sizeof units[0]; i++)
        if (units[i].blocks * cylinders == blocks)
            return units[i].code;
    return 0;
}

/* Marks the first `used` blocks in the map's part that begins with block `first`. */
static void mark_first(uint8_t *part, uint32_t first, uint32_t bytes, uint32_t used)
{
    for (uint32_t bit = 0; bit < 8 * bytes && first + bit <= used; bit++)
        part[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
}

enum edf_error cdf_format(const struct edf_io *io, uint32_t blocks, uint32_t cylinders,
                          const uint8_t volume[6], uint8_t *bytes)
{
    uint8_t unit = unit_of(blocks, cylinders);
    if (blocks < 32)
        return EDF_FORMAT;
    if (blocks > CDF_BLOCKS_MOST) /* what is behind cannot be named */
        blocks = CDF_BLOCKS_MOST;
    uint32_t parts = cdf_part_of(blocks), used = CDF_MFD + parts;
    /* A disk that breaks off here is none. */
    memset(bytes, 0, CDF_BLOCK);
    if (!io->write(io->context, EDF_LABEL_BLOCK, bytes))
        return EDF_IO;
    for (uint32_t part = 1; part <= parts; part++)
        if (!io->write(io->context, CDF_MFD + part, bytes))
            return EDF_IO;
    for (uint32_t part = 1; part <= parts; part++)
        store_be16(bytes + 2 * part, CDF_MFD + part);
    store_be16(bytes, parts ? CDF_LIST_MAP : CDF_LIST_END);
    if (parts)
        store_be16(bytes + 2 * (parts + 1), CDF_LIST_END);
    store_be32(bytes + CDF_TOTAL, blocks - CDF_MFD);
    store_be32(bytes + CDF_USED, parts);
    store_be32(bytes + CDF_LEFT, blocks - used);
    store_be32(bytes + CDF_LAST, (used - 1) / 8);
    store_be32(bytes + CDF_CYLINDERS, cylinders);
    mark_first(bytes + CDF_MAP, 1, CDF_MAP_BYTES, used);
    bytes[CDF_UNIT] = unit;
    if (!io->write(io->context, CDF_MFD, bytes))
        return EDF_IO;
    memset(bytes, 0, CDF_BLOCK);
    memcpy(bytes, cdf_label_id, sizeof cdf_label_id);
    memcpy(bytes + sizeof cdf_label_id, volume, 6);
    return io->write(io->context, EDF_LABEL_BLOCK, bytes) ? EDF_OK : EDF_IO;
}
