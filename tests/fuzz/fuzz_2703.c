/* Fuzz target: any bytes as what the other side of an NJE line sends, well opened or not, while a
 * program here issues any commands.  What cannot be is refused, and after a reset the line has
 * forgotten all. */
#include "fuzz_machine.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <uv.h>

#define LINE   0x030
#define BUFFER 0x2000

static uv_loop_t loop;
static struct sockaddr_un address = {.sun_family = AF_UNIX};

static void turn_loop(void)
{
    for (int i = 0; i < 3; i++)
        uv_run(&loop, UV_RUN_NOWAIT);
}

static void issue(uint8_t command, uint16_t count)
{
    uint8_t ccw[8] = {command, 0, BUFFER >> 8, 0, 0x20, 0, (uint8_t)(count >> 8), (uint8_t)count};
    memcpy(machine.storage.main + 0x1000, ccw, sizeof ccw);
    store_be32(machine.storage.main + 0x48, 0x1000);
    channel_start_io(&machine, LINE, false);
    run_events(20);
}

static void set_up(void)
{
    signal(SIGPIPE, SIG_IGN);
    uv_loop_init(&loop);
    snprintf(address.sun_path, sizeof address.sun_path, "/tmp/datbox-fuzz-2703-%d", getpid());
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool ready;
    static const uint8_t commands[] = {0x01, 0x02, 0x06, 0x27, 0x2f, 0x23, 0x09, 0x03};
    static const char open[] =
        "\xd6\xd7\xc5\xd5\x40\x40\x40\x40\xc2\x40\x40\x40\x40\x40\x40\x40\0\0\0\0"
        "\xc1\x40\x40\x40\x40\x40\x40\x40\0\0\0\0";
    char option[128];
    if (!ready)
        set_up();
    ready = true;
    if (size < 2)
        return 0;
    machine_on(0x4000);
    machine.loop = &loop;
    snprintf(option, sizeof option, "lport=%s", address.sun_path);
    attach(LINE, "2703", 3, (char *[]){(char[]){"lnode=A"}, (char[]){"rnode=B"}, option});
    issue(0x27, 1);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
        abort();
    if ((data[0] & 1) && write(fd, open, 33) != 33)
        abort();
    /* A byte of command, a byte of length, so many bytes from the other side; and so on. */
    for (size_t at = 1; at + 1 < size;) {
        size_t n = data[at + 1] % 32u;
        if (n > size - at - 2)
            n = size - at - 2;
        if (data[at] & 0x80)
            issue(commands[data[at] % sizeof commands], data[at] & 0x40 ? 1 : 4000);
        if (data[at] & 0x20)
            channel_halt_device(&machine, LINE);
        if (n > 0 && write(fd, data + at + 2, n) < 0)
            break; /* it has hung up */
        turn_loop();
        run_events(20);
        at += 2 + n;
    }
    channels_reset(&machine);
    close(fd);
    turn_loop();
    issue(0x06, 1);
    issue(0x04, 1);
    if (machine.storage.main[BUFFER] != 0x40)
        abort();
    machine_off();
    while (uv_loop_alive(&loop))
        uv_run(&loop, UV_RUN_NOWAIT);
    return 0;
}
