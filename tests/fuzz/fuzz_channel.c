/* Fuzz target: any bytes as storage, any channel program in it, on every kind of device. What
 * the host must not do is crash, hang, or touch memory that is not the machine's. */
#include "fuzz_machine.h"

#include "s370/devices/line.h"
#include "s370/media/ckd_image.h"
#include "s370/media/fba_image.h"

#include <unistd.h>

#define STORAGE 0x4000u

static const uint16_t devices[] = {0x009, 0x00c, 0x00d, 0x00e, 0x00f, 0x131, 0x230, 0x010,
                                   0x011, 0x012, 0x013, 0x240, 0x180, 0x330, 0x014};
static char disk[] = "/tmp/datbox-fuzz-XXXXXX", disk2[sizeof disk + 1], disk3[sizeof disk + 1];
static char blocks[sizeof disk + 1];
static char deck[] = "/tmp/datbox-deck-XXXXXX";

static void remove_files(void)
{
    unlink(disk);
    unlink(disk2);
    unlink(disk3);
    unlink(blocks);
    unlink(deck);
}

static void make_disk(const char *path, const char *type)
{
    char message[256];
    unlink(path);
    const struct ckd_geometry *g = ckd_geometry_find(type);
    if (ckd_image_create(path, g, 1, message, sizeof message))
        abort();
    struct ckd_image *image = ckd_image_open(path, 0, message, sizeof message);
    uint8_t *track = malloc(g->image_track);
    struct ckd_builder b;
    ckd_build(&b, g, track, 0, 0);
    for (uint8_t r = 1; ckd_build_record(&b, r, "KEY", 3, NULL, 4u * r); r++)
        ;
    if (!ckd_image_write(image, 0, 0, 0, track, ckd_build_end(&b)))
        abort();
    free(track);
    ckd_image_close(image);
}

static void make_files(void)
{
    static const char cards[] = "ONE\nTWO\nTHREE\n";
    close(mkstemp(disk));
    snprintf(disk2, sizeof disk2, "%s2", disk);
    make_disk(disk, "3350");
    make_disk(disk2, "2314");
    snprintf(disk3, sizeof disk3, "%s3", disk);
    make_disk(disk3, "3380");
    snprintf(blocks, sizeof blocks, "%sb", disk);
    char message[256];
    if (fba_image_create(blocks, 300, CKD_PLAIN, message, sizeof message))
        abort();
    int fd = mkstemp(deck);
    if (write(fd, cards, sizeof cards - 1) < 0)
        abort();
    close(fd);
    atexit(remove_files);
}

static void ipl_done(struct machine *m, uint16_t address, uint16_t status)
{
    (void)m, (void)address, (void)status;
}

/* The first bytes of the input: which device, how the channels and time are, keys, the CAW; the
 * rest is storage. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool ready;
    if (!ready)
        make_files();
    ready = true;
    if (size < 8)
        return 0;
    machine_on(STORAGE);
    machine.timed_io = data[1] & 0x20;
    fuzz_regs.cr[0] = data[1] & 0x10 ? CR0_BLOCK_MULTIPLEX : 0;
    if (data[1] & 0x08)
        channel_install(&machine, 0, CHANNEL_SELECTOR, 0);
    attach(0x009, "3215-C", 0, NULL);
    attach(0x00c, "3505", 1, (char *[]){deck});
    attach(0x00d, "3525", 1, (char *[]){"/dev/null"});
    attach(0x00e, "1403", 2, (char *[]){"/dev/null", "overflow"});
    attach(0x00f, "3211", 2, (char *[]){"/dev/null", "overflow"});
    attach(0x131, "3350", 2, (char *[]){disk, "cow"});
    attach(0x230, "2314", 2, (char *[]){disk2, "cow"});
    attach(0x330, "3380", 2, (char *[]){disk3, "cow"});
    attach(0x240, "3370", 2, (char *[]){blocks, "cow"});
    attach(0x180, "3420", 0, NULL);
    char hopper[64];
    snprintf(hopper, sizeof hopper, "hopper=%s", deck);
    attach(0x010, "3525", 4, (char *[]){"/dev/null", hopper, "print=/dev/null", "binary"});
    attach(0x011, "2540P", 2, (char *[]){"/dev/null", hopper});
    attach(0x012, "3203", 3, (char *[]){"/dev/null", "lpp=5", "fcb=1:2,12:5"});
    attach(0x013, "2540R", 2, (char *[]){deck, "intrq"});
    attach(0x014, "1442", 2, (char *[]){deck, "stacker1=/dev/null"});
    if (data[1] & 0x20)
        fuzz_regs.cr[0] = 0;
    uint16_t device = devices[data[0] % (sizeof devices / sizeof *devices)];
    for (size_t i = 0; i < STORAGE; i++)
        machine.storage.main[i] = data[4 + i % (size - 4)];
    for (unsigned i = 0; i < STORAGE / STORAGE_BLOCK; i++)
        machine.storage.keys[i] = data[3] & (1u << i % 8) ? data[2] : 0;
    memcpy(machine.storage.main + 0x48, data + 4, 4);
    machine.storage.main[0x48] &= 0xf0;
    machine.storage.main[0x49] = 0;
    for (unsigned i = 0; i < 3; i++) {
        if (data[1] & 0x80)
            channel_ipl(&machine, device, ipl_done);
        else
            channel_start_io(&machine, device, data[1] & 0x04);
        run_events(20);
        if (device == 0x009)
            line_input(line_of_device(&machine, device), (const char *)data, size & 0x7f);
        if (data[1] & 0x40)
            channel_halt_io(&machine, device);
        run_events(20);
        channel_clear_io(&machine, device);
    }
    machine_off();
    return 0;
}
