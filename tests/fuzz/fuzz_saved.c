/* Fuzz target: any file as a saved state; and a good one, of a machine in the middle of
 * something, with any bytes changed and its checksum right.  It is refused, or the machine that
 * it gives runs, can be saved, and that state can be restored. */
#include "fuzz_system.h"

#include "s370/devices/line.h"
#include "s370/save.h"
#include "s370/save_file.h"

#define SCENES 8

static struct {
    uint8_t *bytes;
    size_t length;
} states[SCENES];

static void devices(void)
{
    system_attach(0x009, "3215-C", NULL, NULL);
    system_attach(0x0c0, "3215", NULL, NULL);
    system_attach(0x0c1, "3270", NULL, NULL);
    system_attach(0x00c, "3505", "deck", "deck");
    system_attach(0x00d, "3525", "cards", "clear");
    system_attach(0x00e, "3211", "paper", "clear");
    system_attach(0x191, "2311", "disk", "cow");
    system_attach(0x192, "3310", "blocks", NULL);
    system_attach(0x180, "3420", "tape", NULL);
    system_attach(0x010, "2540P", "holes", "hopper=deck");
    system_attach(0x00f, "1403", "lines", "lpp=20");
    system_attach(0x01f, "1052-C", NULL, NULL);
    system_attach(0x500, "CTCA", "listen=./adapter", NULL);
}

/* A program that starts the channel program at 2000 again and again. */
static void starting(uint8_t address_high, uint8_t address_low, const uint8_t *ccws, size_t length)
{
    const uint8_t sio[] = {0x9c, 0x00, address_high, address_low, 0x82, 0x00, 0x0f, 0x00};
    const uint8_t caw[] = {0, 0, 0x20, 0}, wait_psw[] = {0x02, 0x0a};
    const uint8_t new_psw[] = {0, 8, 0, 0, 0, 0, 0x10, 0};
    system_poke(0x1000, sio, sizeof sio);
    system_poke(0x48, caw, sizeof caw);
    system_poke(0xf00, wait_psw, sizeof wait_psw);
    system_poke(0x78, new_psw, sizeof new_psw);
    system_poke(0x2000, ccws, length);
    cpu_set_cr(system_machine->cpu, 2, 0xffffffff);
    cpu_load_psw(system_machine->cpu, UINT64_C(0x0008000000001000));
    cpu_start(system_machine->cpu);
}

/* What the machine is in the middle of. */
static void set_scene(unsigned scene)
{
    static const uint8_t read_line[] = {0x0a, 0, 0x30, 0, 0x20, 0, 0, 0x40};
    static const uint8_t read_disk[] = {0x1a, 0, 0x30, 0, 0x60, 0, 0,    5, 0x92, 0, 0x30, 0,
                                        0x60, 0, 0,    8, 0x19, 0, 0x30, 0, 0x20, 0, 0,    5};
    static const uint8_t use_tape[] = {0x01, 0, 0x30, 0, 0x60, 0, 0,    80, 0x07, 0, 0, 0,
                                       0x60, 0, 0,    1, 0x02, 0, 0x30, 0,  0x20, 0, 0, 80};
    static const uint8_t read_card[] = {0x02, 0, 0x30, 0, 0x20, 0, 0, 80};
    static const uint8_t print[] = {0x19, 0, 0x30, 0, 0x60, 0, 0, 40,
                                    0x89, 0, 0x30, 0, 0x20, 0, 0, 40};
    static const uint8_t punch[] = {0x09, 0, 0x30, 0, 0x60, 0, 0, 80,
                                    0x29, 0, 0x30, 0, 0x20, 0, 0, 80};
    switch (scene) {
    case 1:
        starting(0, 0x09, read_line, sizeof read_line);
        break;
    case 2:
        starting(1, 0x91, read_disk, sizeof read_disk);
        break;
    case 3:
        starting(1, 0x80, use_tape, sizeof use_tape);
        break;
    case 4:
        starting(0, 0x0c, read_card, sizeof read_card);
        break;
    case 5:
        starting(0, 0x0e, print, sizeof print);
        break;
    case 6:
        starting(0, 0x10, punch, sizeof punch);
        break;
    case 7:
        starting(5, 0x00, read_line, sizeof read_line);
        break;
    default:
        (void)line_input(line_of_device(system_machine, 0x009), "typed ahead", 11);
        break;
    }
}

static void stop_soon(struct machine *m, struct event *event)
{
    machine_quit(m, 0);
}

static void make_states(void)
{
    static uint8_t zeros[512 * 8];
    FILE *f = fopen("blocks", "w");
    if (!f || fwrite(zeros, 1, sizeof zeros, f) != sizeof zeros)
        abort();
    fclose(f);
    for (unsigned scene = 0; scene < SCENES; scene++) {
        char message[256];
        bool later;
        struct event stop = {.happen = stop_soon};
        devices();
        set_scene(scene);
        event_schedule(&system_machine->events, &stop,
                       machine_now(system_machine) + 100000 + 30000 * scene);
        system_machine->quit = false;
        machine_run(system_machine);
        states[scene].bytes = machine_save_image(system_machine, &states[scene].length, &later,
                                                 message, sizeof message);
        if (!states[scene].bytes)
            abort();
        system_end();
        system_begin();
    }
}

/* The state with the input laid over one of its sections: each byte is changed by the next one of
 * the input, from an offset on. */
static uint8_t *forge(const uint8_t *data, size_t size, size_t *length)
{
    struct saved sections[SAVE_SECTIONS] = {{0}};
    unsigned scene = data[0] % SCENES, n = data[1] % SAVE_SECTIONS;
    size_t at = (size_t)(data[2] << 8 | data[3]);
    if (save_unpack(states[scene].bytes, states[scene].length, sections))
        abort();
    struct saved *s = &sections[n];
    for (size_t i = 4; i < size && at < s->length; i++, at++)
        s->bytes[at] ^= data[i];
    if (data[2] == 0xff && s->length) /* cut */
        s->length = at % s->length;
    uint8_t *image = save_pack(sections, length);
    for (n = 0; n < SAVE_SECTIONS; n++)
        saved_free(&sections[n]);
    return image;
}

static void use(const uint8_t *image, size_t length)
{
    char message[256];
    size_t again_length;
    bool later;
    if (!machine_restore_image(system_machine, image, length, "fuzz", RESTORE_ANYWAY))
        return;
    system_run(50);
    uint8_t *again =
        machine_save_image(system_machine, &again_length, &later, message, sizeof message);
    if (again &&
        !machine_restore_image(system_machine, again, again_length, "again", RESTORE_ANYWAY))
        abort();
    if (!again && !later)
        abort();
    free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t length = size;
    system_begin();
    if (!states[0].bytes)
        make_states();
    devices();
    bool whole = size < 4 || data[0] == 'D';
    uint8_t *forged = whole ? NULL : forge(data, size, &length);
    use(whole ? data : forged, length);
    free(forged);
    system_end();
    return 0;
}
