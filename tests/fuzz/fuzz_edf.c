/* Fuzz target: the CMS file system.  The input is a list of operations on a small disk (of 512-byte
 * blocks, or of 800-byte blocks if its last byte is odd), of crashes (mount again without a
 * commit), and of bytes that are changed on the medium.  Nothing may
 * crash or hang; as long as no byte was changed, the disk passes the check after every commit. */
#include "cms/fs/edf.h"
#include "tools/volume/cms_check.h"

#include <stdlib.h>
#include <string.h>

#define BLOCKS 200u

#include "tests/fuzz/fuzz_disk.h"

static uint8_t memory[EDF_MEMORY_SIZE(CDF_BLOCK, 6)], record[65536];
static struct edf_disk disk;

struct input {
    const uint8_t *bytes;
    size_t left;
};

static unsigned take(struct input *in)
{
    if (!in->left)
        return 0;
    in->left--;
    return *in->bytes++;
}

static struct edf_name name(unsigned n)
{
    struct edf_name name;
    memset(&name, EDF_BLANK, sizeof name);
    name.fn[0] = (uint8_t)(0xc1 + n % 9);
    name.ft[0] = 0xc6;
    return name;
}

static void change_file(struct input *in, bool fixed)
{
    struct edf_name n = name(take(in));
    struct edf_file f;
    enum edf_error e = edf_open(&disk, &f, &n, true);
    if (e == EDF_NOT_FOUND)
        e = edf_create(&disk, &f, &n, 0xf1, fixed ? EDF_FIXED : EDF_VARYING, 1 + take(in) * 3);
    if (e != EDF_OK)
        return;
    for (unsigned k = take(in) % 16; k; k--) {
        unsigned number = take(in) % 24, length = take(in) * (take(in) % 16);
        edf_write(&f, number, record, length);
    }
    edf_close(&f);
}

static void read_file(struct input *in)
{
    struct edf_name n = name(take(in));
    struct edf_file f;
    uint32_t length;
    if (edf_open(&disk, &f, &n, false) != EDF_OK)
        return;
    for (unsigned k = 0; k < 40; k++)
        if (edf_read(&f, k % 7 == 6 ? take(in) : 0, record, sizeof record, &length) != EDF_OK)
            break;
    edf_close(&f);
}

static void search(struct input *in)
{
    struct edf_search s;
    struct edf_status status;
    struct edf_name any = {{0x5c, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40},
                           {0x6c, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40}};
    unsigned every = take(in);
    edf_search_start(&s, &any);
    for (unsigned k = 1; edf_search_next(&disk, &s, &status) == EDF_OK; k++)
        if (every && k % every == 0)
            edf_search_erase(&disk, &s);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const uint8_t volume[6] = {0xc6, 0xe4, 0xe9, 0xe9, 0x40, 0x40};
    struct input in = {bytes, size};
    bool damaged = false;
    memset(medium, 0, sizeof medium);
    block_size = size && bytes[size - 1] & 1 ? CDF_BLOCK : 512;
    if (edf_format(&io, block_size, BLOCKS, 1, volume, memory, sizeof memory) != EDF_OK ||
        edf_mount(&disk, &io, block_size, memory, sizeof memory, true) != EDF_OK)
        abort();
    while (in.left) {
        struct edf_name a, b;
        unsigned what = take(&in) % 10, block;
        switch (what) {
        case 0:
            a = name(take(&in));
            edf_erase(&disk, &a);
            break;
        case 1:
            a = name(take(&in));
            b = name(take(&in));
            edf_rename(&disk, &a, &b, 0);
            break;
        case 2:
            read_file(&in);
            break;
        case 3:
            search(&in);
            break;
        case 4: /* a crash, or a change of the medium while nobody looks */
            block = take(&in);
            if (block < BLOCKS) {
                medium[block][take(&in) * 4 % block_size] ^= (uint8_t)take(&in);
                damaged = true;
            }
            if (edf_abandon(&disk) != EDF_OK)
                return 0;
            break;
        case 5:
            if (edf_commit(&disk) != EDF_OK && !damaged)
                abort();
            if (!damaged && cms_check(&io, block_size, NULL, NULL))
                abort();
            break;
        default:
            change_file(&in, what & 1);
        }
    }
    edf_release(&disk);
    if (!damaged && cms_check(&io, block_size, NULL, NULL))
        abort();
    return 0;
}
