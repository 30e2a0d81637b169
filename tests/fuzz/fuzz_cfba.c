/* Fuzz target: a compressed image of a fixed-block disk with good headers and any L2 table and
 * images of groups, opened for writing.  It is refused with a message, or its blocks can be
 * written, and are there after it was closed, as are those that were not written. */
#include "s370/media/fba_image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define GROUPS 4u
#define BLOCKS (FBA_GROUP * (GROUPS - 1) + 7)

static uint8_t before[GROUPS][FBA_GROUP_BYTES];
static bool readable[GROUPS];

static void put_image(int fd, const uint8_t *data, size_t size)
{
    static const uint8_t zeros[2048 + 4];
    uint8_t header[1028] = {0};
    memcpy(header, "FBA_C370", 8);
    header[512 + 4] = 1; /* entries in L1 */
    header[512 + 9] = 1; /* 256 in L2 */
    header[512 + 40] = BLOCKS & 0xff;
    header[512 + 41] = BLOCKS >> 8;
    header[512 + 45] = data[0] % 3;
    header[1024 + 1] = 0x04; /* L2 at 0404 or 0408 */
    header[1024] = data[0] & 0x80 ? 8 : 4;
    size_t entries = size - 1 < 8 * GROUPS ? size - 1 : 8 * GROUPS;
    if (write(fd, header, sizeof header) < 0 || write(fd, zeros, sizeof zeros) < 0 ||
        pwrite(fd, data + 1, entries, header[1024] + 1024) < 0 ||
        write(fd, data + 1 + entries, size - 1 - entries) < 0)
        abort();
}

static void write_some(struct fba_image *image, const uint8_t *data, size_t size)
{
    for (uint32_t g = 0; g < GROUPS; g++) {
        uint32_t first = g * FBA_GROUP;
        uint32_t n = fba_image_together(first, BLOCKS - first);
        memset(before[g], 0, sizeof before[g]);
        readable[g] = fba_image_read(image, first, n, before[g]);
    }
    for (size_t i = 0; i + 3 < size && i < 32; i += 4) {
        uint8_t bytes[FBA_GROUP_BYTES];
        uint32_t block = (data[i] | (uint32_t)data[i + 1] << 8) % BLOCKS;
        uint32_t n = fba_image_together(block, 1 + data[i + 2] % FBA_GROUP);
        n = n < BLOCKS - block ? n : BLOCKS - block;
        for (size_t k = 0; k < n * FBA_BLOCK; k++)
            bytes[k] = data[i + 3] & 1 ? data[(i + k) % size] : (uint8_t)(data[i + 3] & 2);
        bool written = fba_image_write(image, block, n, bytes);
        if (written != readable[block / FBA_GROUP])
            abort();
        if (written)
            memcpy(before[block / FBA_GROUP] + block % FBA_GROUP * (size_t)FBA_BLOCK, bytes,
                   n * FBA_BLOCK);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t bytes[FBA_GROUP_BYTES];
    char path[64], message[512];
    if (!size)
        return 0;
    int fd = memfd_create("image", 0);
    put_image(fd, data, size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct fba_image *image = fba_image_open(path, 0, message, sizeof message);
    if (image) {
        write_some(image, data, size);
        fba_image_close(image);
        image = fba_image_open(path, 0, message, sizeof message);
        if (!image)
            abort();
        for (uint32_t g = 0; g < GROUPS; g++) {
            uint32_t first = g * FBA_GROUP;
            uint32_t n = fba_image_together(first, BLOCKS - first);
            bool good = fba_image_read(image, first, n, bytes);
            if (good != readable[g] || (good && memcmp(bytes, before[g], n * FBA_BLOCK)))
                abort();
        }
        fba_image_close(image);
    }
    close(fd);
    return 0;
}
