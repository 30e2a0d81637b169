/* Fuzz target: a compressed image with good headers and any L2 table and track images, opened for
 * writing.  It is refused with a message, or its tracks can be written, and are there after it was
 * closed, as are those that were not written. */
#include "s370/media/ckd_image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HEADS 20u

static uint8_t before[HEADS][0x1e00];
static bool readable[HEADS];

static void put_image(int fd, const uint8_t *data, size_t size)
{
    uint8_t header[1028] = {0};
    memcpy(header, "CKD_C370", 8);
    header[8] = HEADS;
    header[13] = 0x1e;
    header[16] = 0x14;
    header[512 + 4] = 1;  /* entries in L1 */
    header[512 + 9] = 1;  /* 256 in L2 */
    header[512 + 40] = 1; /* cylinder */
    header[512 + 44] = 1;
    header[512 + 45] = data[0] % 3;
    header[1024 + 1] = 0x04; /* L2 at 0404 or 0408 */
    header[1024] = data[0] & 0x80 ? 8 : 4;
    static const uint8_t zeros[2048 + 4];
    size_t entries = size - 1 < 8 * HEADS ? size - 1 : 8 * HEADS;
    if (write(fd, header, sizeof header) < 0 || write(fd, zeros, sizeof zeros) < 0 ||
        pwrite(fd, data + 1, entries, header[1024] + 1024) < 0 ||
        write(fd, data + 1 + entries, size - 1 - entries) < 0)
        abort();
}

static void write_some(struct ckd_image *image, const uint8_t *data, size_t size)
{
    const struct ckd_geometry *g = ckd_image_geometry(image);
    for (unsigned h = 0; h < HEADS; h++) {
        const uint8_t *track = ckd_image_track(image, 0, h);
        readable[h] = track != NULL;
        if (track)
            memcpy(before[h], track, sizeof before[h]);
    }
    for (size_t i = 0; i < 64 && i < size; i++) {
        unsigned h = data[i] % HEADS;
        struct ckd_builder b;
        if (!readable[h])
            continue;
        ckd_build(&b, g, before[h], 0, h);
        for (uint8_t r = 1; r <= data[i] >> 5; r++)
            ckd_build_record(&b, r, NULL, 0, data, size < 1000 ? (unsigned)size : 1000);
        uint32_t end = ckd_build_end(&b);
        if (!ckd_image_write(image, 0, h, 0, before[h], end))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64], message[512];
    if (!size)
        return 0;
    int fd = memfd_create("image", 0);
    put_image(fd, data, size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct ckd_image *image = ckd_image_open(path, 0, message, sizeof message);
    if (image) {
        write_some(image, data, size);
        ckd_image_close(image);
        image = ckd_image_open(path, 0, message, sizeof message);
        if (!image)
            abort();
        for (unsigned h = 0; h < HEADS; h++) {
            const uint8_t *track = ckd_image_track(image, 0, h);
            struct ckd_record r;
            uint32_t end = CKD_HOME_ADDRESS;
            if ((track != NULL) != readable[h])
                abort();
            bool more = track && ckd_record_at(track, sizeof before[h], end, &r);
            for (; more; more = ckd_record_next(track, sizeof before[h], &r))
                end = r.offset + CKD_COUNT + r.key_length + r.data_length;
            if (track && memcmp(track + 1, before[h] + 1, end - 1))
                abort();
        }
        ckd_image_close(image);
    }
    close(fd);
    return 0;
}
