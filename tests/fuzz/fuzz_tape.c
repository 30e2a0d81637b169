/* Fuzz target: any file as a tape, and a valid tape (plain or compressed) with any bytes in it.  It
 * is refused with a message, or can be read, spaced over and written by channel programs; then
 * its end is as it was written. */
#include "fuzz_machine.h"

#include "s370/media/tape_image.h"

#include <sys/mman.h>
#include <unistd.h>

static uint8_t valid[2][65536];
static size_t valid_size[2];

static void make_valid(void)
{
    static uint8_t block[70000]; /* more than a chunk, if it is not compressed */
    for (unsigned form = 0; form < 2; form++) {
        char path[64], message[256];
        int fd = memfd_create("tape", 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        unsigned flags = form ? TAPE_COMPRESS : 0;
        struct tape_image *t = tape_image_open(path, flags, message, sizeof message);
        if (!t)
            abort();
        for (unsigned i = 0; i < 6; i++) {
            tape_image_write(t, block, form ? 70000 / (i + 1) : 1 + i * 100);
            if (i % 2)
                tape_image_write_mark(t);
        }
        tape_image_close(t);
        ssize_t n = pread(fd, valid[form], sizeof valid[form], 0);
        valid_size[form] = n > 0 ? (size_t)n : 0;
        close(fd);
    }
}

/* Runs every command of `commands` as a program of its own. */
static void use(const uint8_t *commands, size_t count)
{
    static const uint8_t known[] = {0x02, 0x0c, 0x37, 0x27, 0x3f, 0x2f, 0x07, 0x01,
                                    0x1f, 0x17, 0x0f, 0x97, 0x8b, 0x1b, 0xc3, 0xd3};
    for (size_t i = 0; i < count; i++) {
        uint8_t ccw[8] = {known[commands[i] % sizeof known], 0, 0x20, 0, 0x20, 0, 0x10, 0};
        memcpy(machine.storage.main + 0x1000, ccw, sizeof ccw);
        store_be32(machine.storage.main + 0x48, 0x1000);
        channel_start_io(&machine, 0x180, false);
        run_events(50);
        channel_clear_io(&machine, 0x180);
    }
}

/* What is written at a damaged tape's load point can be read again. */
static void write_over(const char *path)
{
    char message[256];
    const uint8_t *bytes;
    uint32_t length;
    struct tape_image *t = tape_image_open(path, 0, message, sizeof message);
    if (!t || tape_image_write(t, (const uint8_t *)"block", 5) != TAPE_BLOCK)
        abort();
    tape_image_close(t);
    t = tape_image_open(path, 0, message, sizeof message);
    if (!t || *message || tape_image_read(t, false, &bytes, &length) != TAPE_BLOCK || length != 5 ||
        memcmp(bytes, "block", 5) != 0 || tape_image_space(t, false) != TAPE_END)
        abort();
    tape_image_close(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    if (!valid_size[0])
        make_valid();
    if (size < 8)
        return 0;
    int fd = memfd_create("tape", 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    unsigned form = data[0] & 1;
    if (data[0] & 2) {
        size_t at = (size_t)(data[1] << 8 | data[2]) % valid_size[form];
        if (write(fd, valid[form], valid_size[form]) < 0 ||
            pwrite(fd, data + 8, size - 8, (off_t)at) < 0)
            abort();
    } else if (write(fd, data + 8, size - 8) < 0) {
        abort();
    }
    machine_on(0x8000);
    if (!device_attach(&machine, 0x180, "3420", 1, (char *[]){path})) {
        use(data + 3, 5);
        use(data + 8, size - 8 < 16 ? size - 8 : 16);
        machine_off();
        write_over(path);
    } else {
        machine_off();
    }
    close(fd);
    return 0;
}
