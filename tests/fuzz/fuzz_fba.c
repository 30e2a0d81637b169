/* Fuzz target: any channel program on a fixed-block disk of eight blocks, and any file as one.  It
 * ends, the blocks are as many as before, and the disk can be read afterwards. */
#include "fuzz_machine.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PROGRAM 0x1000u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t blocks[8 * 512],
        end[] = {0x63, 0, 0x20, 0, 0x40, 0, 0,    16, 0x43, 0, 0x20, 0x10,
                 0x40, 0, 0,    8, 0x42, 0, 0x30, 0,  0x20, 0, 2,    0};
    char path[64];
    int fd = memfd_create("image", 0);
    if (!size)
        return 0;
    if (write(fd, blocks, sizeof blocks) < 0 || pwrite(fd, data, size < 512 ? size : 512, 512) < 0)
        abort();
    if (data[0] == 0xff && pwrite(fd, data + 1, size - 1, 0) < 0)
        abort();
    struct stat before, after;
    fstat(fd, &before);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    machine_on(0x8000);
    attach(0x240, "3370", 0, NULL);
    struct device *d = device_find(&machine, 0x240);
    if (!d->type->ops->mount(d, 1, (char *[]){path})) {
        memcpy(machine.storage.main + PROGRAM, data, size < 0x4000 ? size : 0x4000);
        store_be32(machine.storage.main + 0x48, PROGRAM);
        channel_start_io(&machine, 0x240, false);
        run_events(200);
        channel_clear_io(&machine, 0x240);
        memset(machine.storage.main + 0x2000, 0, 0x20);
        machine.storage.main[0x200f] = 7;    /* the extent: blocks 0 to 7 */
        machine.storage.main[0x2010] = 0x06; /* read one */
        machine.storage.main[0x2013] = 1;
        memcpy(machine.storage.main + PROGRAM, end, sizeof end);
        channel_start_io(&machine, 0x240, false);
        run_events(200);
    }
    machine_off();
    fstat(fd, &after);
    if (before.st_size != after.st_size)
        abort();
    close(fd);
    return 0;
}
