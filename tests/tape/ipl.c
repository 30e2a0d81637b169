/* IPL from tape: writes a tape with a program (ipl.S), plain or compressed, IPLs it, and checks
 * how the program ended.
 *
 * usage: ipl IMAGE TAPE      exit status 1 if the program does not end well */
#include "s370/machine.h"

#include "lib/be.h"
#include "s370/arch/psw.h"
#include "s370/io/device.h"
#include "s370/media/tape_image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define UNIT       0x180
#define IMAGE_SIZE 0x1000
#define PROGRAM    0x200 /* where in the image the second block begins */
#define TIME_LIMIT UINT64_C(5000000000)

static bool write_tape(const char *path, const uint8_t *image)
{
    char message[512];
    uint8_t data[200];
    unlink(path);
    struct tape_image *t =
        tape_image_open(path, strstr(path, ".het") ? TAPE_COMPRESS : 0, message, sizeof message);
    if (!t) {
        fprintf(stderr, "%s\n", message);
        return false;
    }
    bool ok = tape_image_write(t, image, 24) == TAPE_BLOCK &&
              tape_image_write(t, image + PROGRAM, IMAGE_SIZE - PROGRAM) == TAPE_BLOCK;
    memset(data, 0xc1, sizeof data);
    ok =
        ok && tape_image_write(t, data, 100) == TAPE_BLOCK && tape_image_write_mark(t) == TAPE_MARK;
    memset(data, 0xc2, sizeof data);
    ok = ok && tape_image_write(t, data, 200) == TAPE_BLOCK;
    tape_image_close(t);
    return ok;
}

static void stop_when_done(void *context, enum cpu_state state)
{
    if (state == CPU_DISABLED_WAIT || state == CPU_STOPPED)
        machine_quit(context, 0);
}

static void too_long(struct machine *m, struct event *event)
{
    machine_quit(m, 1);
}

static bool ipl(char *path)
{
    struct machine *m = machine_create(1 << 20, CLOCK_VIRTUAL);
    struct event limit = {.happen = too_long};
    if (!m)
        return false;
    const char *wrong = device_attach(m, UNIT, "3420", 1, &path);
    m->state_changed = stop_when_done;
    m->state_context = m;
    event_schedule(&m->events, &limit, TIME_LIMIT);
    if (!wrong)
        wrong = machine_ipl(m, UNIT, true);
    if (!wrong)
        machine_run(m);
    uint64_t psw = cpu_psw(m->cpu);
    bool good = !wrong && cpu_get_state(m->cpu) == CPU_DISABLED_WAIT && !(psw & PSW_ADDRESS);
    printf("%-32s %s", path, good ? "ok\n" : "FAILED: ");
    if (!good)
        printf("%s PSW=%016llX\n", wrong ? wrong : "", (unsigned long long)psw);
    event_cancel(&m->events, &limit);
    machine_destroy(m);
    return good;
}

int main(int argc, char **argv)
{
    static uint8_t image[IMAGE_SIZE];
    FILE *f = argc == 3 ? fopen(argv[1], "rb") : NULL;
    if (!f || fread(image, 1, sizeof image, f) != sizeof image) {
        fprintf(stderr, "usage: ipl IMAGE TAPE\n");
        return 2;
    }
    fclose(f);
    return write_tape(argv[2], image) && ipl(argv[2]) ? 0 : 1;
}
