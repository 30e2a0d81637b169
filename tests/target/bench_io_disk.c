/* Makes the disk of the I/O kernels: a 3350 whose tracks have four records of 4096 bytes.
 * usage: bench_io_disk FILE CYLINDERS */
#include "s370/media/ckd_image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    char message[256];
    uint8_t data[4096];
    const struct ckd_geometry *g = ckd_geometry_find("3350");
    unsigned cylinders = argc == 3 ? (unsigned)atoi(argv[2]) : 0;
    const char *wrong = cylinders ? NULL : "usage: bench_io_disk FILE CYLINDERS";
    if (!wrong)
        wrong = ckd_image_create(argv[1], g, cylinders, message, sizeof message);
    struct ckd_image *image = wrong ? NULL : ckd_image_open(argv[1], 0, message, sizeof message);
    uint8_t *track = malloc(g->image_track);
    if (!image || !track) {
        fprintf(stderr, "bench_io_disk: %s\n", wrong ? wrong : message);
        return 1;
    }
    for (unsigned n = 0; n < cylinders * g->heads; n++) {
        struct ckd_builder b;
        ckd_build(&b, g, track, n / g->heads, n % g->heads);
        for (uint8_t r = 1; r <= 4; r++) {
            memset(data, (int)(n + r), sizeof data);
            ckd_build_record(&b, r, NULL, 0, data, sizeof data);
        }
        ckd_image_write(image, n / g->heads, n % g->heads, 0, track, ckd_build_end(&b));
    }
    ckd_image_close(image);
    free(track);
    return 0;
}
