/* Fuzz target: any file as a disk image, and a valid image (plain or compressed) with any bytes
 * in it.  It is refused with a message, or its tracks can be read, searched and written. */
#include "fuzz_machine.h"

#include "s370/media/ckd_image.h"

#include <sys/mman.h>
#include <unistd.h>

#define HEADER 512u

static const struct ckd_geometry *geometry;
static uint8_t *valid; /* an image of one cylinder */
static size_t valid_size;

static void make_valid(void)
{
    char path[] = "/tmp/datbox-fuzz-XXXXXX", message[256];
    close(mkstemp(path));
    unlink(path);
    geometry = ckd_geometry_find("2314");
    if (ckd_image_create(path, geometry, 1, message, sizeof message))
        abort();
    FILE *f = fopen(path, "rb");
    valid_size = HEADER + geometry->heads * geometry->image_track;
    valid = malloc(valid_size);
    if (!f || fread(valid, 1, valid_size, f) != valid_size)
        abort();
    fclose(f);
    unlink(path);
}

/* Reads all of the image by library and by channel program. */
static void use(char *path)
{
    char message[512];
    struct ckd_image *image = ckd_image_open(path, CKD_COPY_ON_WRITE, message, sizeof message);
    if (!image)
        return;
    const struct ckd_geometry *g = ckd_image_geometry(image);
    uint8_t *copy = malloc(g->image_track);
    unsigned sum = 0;
    for (unsigned head = 0; head < g->heads && head < 4; head++) {
        const uint8_t *track = ckd_image_track(image, 0, head);
        struct ckd_record r;
        if (!track)
            continue;
        bool more = ckd_record_at(track, g->image_track, CKD_HOME_ADDRESS, &r);
        for (; more; more = ckd_record_next(track, g->image_track, &r))
            sum += r.data_length ? r.data[r.data_length - 1u] : 0;
        memcpy(copy, track, g->image_track);
        if (!ckd_image_write(image, 0, head, 0, copy, g->image_track))
            abort();
    }
    free(copy);
    bool fits = g == geometry;
    ckd_image_close(image);
    if (!fits || sum == 1)
        return;
    /* Read count, key and data, multitrack, again and again; then write behind a search. */
    static const uint8_t program[] = {
        0x9e, 0, 0x20, 0,    0x60, 0, 0x08, 0,    /* read count, key and data */
        0x1d, 0, 0x20, 0,    0x60, 0, 0x00, 0x40, /* not after a search: refused */
        0xb1, 0, 0x20, 0,    0x60, 0, 0,    5,    /* search ID equal, multitrack */
        0x08, 0, 0x10, 0x10, 0,    0, 0,    1,    /* TIC */
        0x1d, 0, 0x20, 0,    0x20, 0, 0x01, 0,
    };
    machine_on(0x8000);
    attach(0x230, "2314", 2, (char *[]){path, "cow"});
    memcpy(machine.storage.main + 0x1000, program, sizeof program);
    for (uint32_t start = 0x1000; start <= 0x1010; start += 8) {
        store_be32(machine.storage.main + 0x48, start);
        channel_start_io(&machine, 0x230, false);
        run_events(50);
        channel_clear_io(&machine, 0x230);
    }
    machine_off();
}

/* A compressed image: good headers, then an L2 table and whatever else from the input. */
static void put_compressed(int fd, const uint8_t *data, size_t size)
{
    uint8_t header[1028] = {0};
    memcpy(header, valid, HEADER);
    memcpy(header, "CKD_C370", 8);
    header[HEADER + 4] = 1;  /* entries in L1 */
    header[HEADER + 9] = 1;  /* 256 in L2 */
    header[HEADER + 40] = 1; /* cylinder */
    header[1024 + 1] = 0x04; /* L2 at 0404 */
    header[1024] = 0x04;
    if (write(fd, header, sizeof header) < 0 || write(fd, data, size) < 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    if (!valid)
        make_valid();
    int fd = memfd_create("image", 0);
    if (size >= 3 && (data[0] & 1)) {
        size_t at = HEADER + (size_t)(data[1] << 8 | data[2]) % geometry->image_track;
        if (write(fd, valid, valid_size) < 0 || pwrite(fd, data + 3, size - 3, (off_t)at) < 0)
            abort();
    } else if (size >= 1 && (data[0] & 2)) {
        put_compressed(fd, data + 1, size - 1);
    } else if (size >= 1 && write(fd, data + 1, size - 1) < 0) {
        abort();
    }
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    use(path);
    close(fd);
    return 0;
}
