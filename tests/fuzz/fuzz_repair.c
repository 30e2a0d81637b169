/* Fuzz target: the repair of CMS disks.  The input makes files on a small disk (of 512-byte blocks,
 * or of 800-byte blocks if its last byte is odd) and changes bytes on it.  What was repaired passes
 * the check, can be mounted for writing, and is not repaired again; where it fails, label and
 * directory are as they were. */
#include "cms/fs/edf_internal.h"
#include "tools/volume/cms_check.h"
#include "tools/volume/cms_repair.h"

#include <stdlib.h>
#include <string.h>

#define BLOCKS 160u

#include "tests/fuzz/fuzz_disk.h"

static uint8_t memory[EDF_MEMORY_SIZE(CDF_BLOCK, 8)], record[4096];
static struct edf_disk disk;

static void make_file(unsigned number, unsigned count, unsigned length, bool fixed)
{
    struct edf_name name;
    struct edf_file f;
    memset(&name, EDF_BLANK, sizeof name);
    name.fn[0] = (uint8_t)(0xc1 + number % 9);
    name.ft[0] = 0xc6;
    if (edf_create(&disk, &f, &name, 0xf1, fixed ? EDF_FIXED : EDF_VARYING, length) != EDF_OK)
        return;
    while (count-- && edf_write(&f, 0, record, length) == EDF_OK)
        ;
    edf_close(&f);
}

static void repair(void)
{
    uint8_t label[CDF_BLOCK];
    uint32_t key = EDF_COMMIT_BLOCK(block_size);
    memcpy(label, medium[key - 1], block_size);
    switch (cms_repair(&io, block_size, BLOCKS, NULL, NULL)) {
    case CMS_REPAIR_FAILED:
        if (memcmp(label, medium[key - 1], block_size))
            abort();
        return;
    case CMS_REPAIR_NOTHING:
    case CMS_REPAIR_DONE:
        if (cms_check(&io, block_size, NULL, NULL))
            abort();
    }
    if (cms_repair(&io, block_size, BLOCKS, NULL, NULL) != CMS_REPAIR_NOTHING ||
        edf_mount(&disk, &io, block_size, memory, sizeof memory, true) != EDF_OK || !disk.writable)
        abort();
    make_file(8, 3, 100, true);
    if (edf_release(&disk) != EDF_OK || cms_check(&io, block_size, NULL, NULL))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const uint8_t volume[6] = {0xc6, 0xe4, 0xe9, 0xe9, 0x40, 0x40};
    size_t at = 0;
    memset(medium, 0, sizeof medium);
    memset(record, 1, sizeof record);
    block_size = size && bytes[size - 1] & 1 ? CDF_BLOCK : 512;
    if (edf_format(&io, block_size, BLOCKS, 1, volume, memory, sizeof memory) != EDF_OK ||
        edf_mount(&disk, &io, block_size, memory, sizeof memory, true) != EDF_OK)
        abort();
    for (unsigned i = 0; i < 8 && at + 3 < size; i++, at += 3)
        make_file(i, bytes[at], 1 + bytes[at + 1] * 4u, bytes[at + 2] & 1);
    edf_release(&disk);
    /* Changes: block, place, value. */
    for (; at + 4 < size; at += 4) {
        unsigned place = (bytes[at + 1] << 8 | bytes[at + 2]) % block_size;
        medium[bytes[at] % BLOCKS][place] = bytes[at + 3];
    }
    repair();
    return 0;
}
