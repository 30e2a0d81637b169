/* A disk of 800-byte blocks with any bytes behind its label: mounted, listed, and all that it
 * claims to have is read; if its map agrees with its counts, it is also changed. */
#include "cms/fs/edf.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define BLOCKS 24

static uint8_t medium[BLOCKS][CDF_BLOCK];

static bool read_block(void *context, uint32_t block, void *bytes)
{
    if (block < 1 || block > BLOCKS)
        return false;
    memcpy(bytes, medium[block - 1], CDF_BLOCK);
    return true;
}

static bool write_block(void *context, uint32_t block, const void *bytes)
{
    if (block < 1 || block > BLOCKS)
        return false;
    memcpy(medium[block - 1], bytes, CDF_BLOCK);
    return true;
}

static void now(void *context, uint8_t date[7])
{
    memset(date, 0, 7);
}

static void read_file(struct edf_disk *d, const struct edf_name *name)
{
    static uint8_t record[4096];
    struct edf_file f;
    uint32_t n;
    if (edf_open(d, &f, name, false) != EDF_OK)
        return;
    for (unsigned i = 0;
         i < 300 && edf_read(&f, i % 50 == 49 ? i / 2 : 0, record, sizeof record, &n) == EDF_OK;)
        i++;
    edf_close(&f);
}

/* Adds to the file, or erases it, or makes another one. */
static void change_file(struct edf_disk *d, struct edf_name *name, unsigned what)
{
    static const uint8_t record[1700];
    struct edf_file f;
    if (what % 3 == 2) {
        edf_erase(d, name);
        return;
    }
    name->ft[0] ^= what % 3;
    enum edf_error e =
        what % 3 ? edf_create(d, &f, name, 0xf1, EDF_VARYING, 0) : edf_open(d, &f, name, true);
    if (e != EDF_OK)
        return;
    edf_write(&f, 0, record, sizeof record);
    edf_write(&f, 2, record, 3);
    edf_close(&f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t memory[65536];
    static struct edf_disk d;
    struct edf_io io = {NULL, read_block, write_block, now};
    struct edf_search s;
    struct edf_status status;
    struct edf_name all;
    unsigned files = 0;
    if (size > sizeof medium - 3 * CDF_BLOCK)
        size = sizeof medium - 3 * CDF_BLOCK;
    memset(medium, 0, sizeof medium);
    memcpy(medium[2], "\xc3\xd4\xe2\x7e", 4);
    memcpy(medium[3], data, size);
    if (edf_mount(&d, &io, CDF_BLOCK, memory, sizeof memory, true) != EDF_OK)
        return 0;
    memset(&all, EDF_BLANK, sizeof all);
    all.fn[0] = all.ft[0] = 0x5c;
    edf_search_start(&s, &all);
    while (files++ < 40 && edf_search_next(&d, &s, &status) == EDF_OK)
        read_file(&d, &status.name);
    edf_commit(&d);
    edf_search_start(&s, &all);
    for (files = 0; files < 40 && edf_search_next(&d, &s, &status) == EDF_OK; files++)
        change_file(&d, &status.name, files + (unsigned)size);
    edf_release(&d);
    return 0;
}
