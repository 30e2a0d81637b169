/* A small CMS disk in memory, for the fuzz targets of the file system: of 512-byte blocks, or of
 * 800-byte blocks.  The target defines BLOCKS. */
#ifndef TESTS_FUZZ_FUZZ_DISK_H
#define TESTS_FUZZ_FUZZ_DISK_H

#include "cms/fs/edf.h"

#include <string.h>

static uint8_t medium[BLOCKS][CDF_BLOCK];
static uint32_t block_size;

static bool read_block(void *context, uint32_t block, void *bytes)
{
    if (!block || block > BLOCKS)
        return false;
    memcpy(bytes, medium[block - 1], block_size);
    return true;
}

static bool write_block(void *context, uint32_t block, const void *bytes)
{
    if (!block || block > BLOCKS)
        return false;
    memcpy(medium[block - 1], bytes, block_size);
    return true;
}

static void now(void *context, uint8_t date[7])
{
    memset(date, 0x20, 7);
}

static const struct edf_io io = {NULL, read_block, write_block, now};

#endif
