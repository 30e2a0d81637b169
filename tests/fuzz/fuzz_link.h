/* A device whose other side is a socket of the host: what the fuzz targets of the
 * channel-to-channel adapter and of the NJE line share. */
#ifndef TESTS_FUZZ_LINK_H
#define TESTS_FUZZ_LINK_H

#include "fuzz_machine.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <uv.h>

#define BUFFER 0x2000 /* where the commands' data are */

static uv_loop_t loop;
static struct sockaddr_un address = {.sun_family = AF_UNIX};

static void turn_loop(void)
{
    for (int i = 0; i < 3; i++)
        uv_run(&loop, UV_RUN_NOWAIT);
}

static void issue(uint16_t device, uint8_t command, uint16_t count)
{
    uint8_t ccw[8] = {command, 0, BUFFER >> 8, 0, 0x20, 0, (uint8_t)(count >> 8), (uint8_t)count};
    memcpy(machine.storage.main + 0x1000, ccw, sizeof ccw);
    store_be32(machine.storage.main + 0x48, 0x1000);
    channel_start_io(&machine, device, false);
    run_events(20);
}

/* A machine; `option`: "NAME=" and the place of a socket, for the device that is to be attached. */
static void link_machine(char option[128], const char *name)
{
    if (!*address.sun_path) {
        signal(SIGPIPE, SIG_IGN);
        uv_loop_init(&loop);
        snprintf(address.sun_path, sizeof address.sun_path, "/tmp/datbox-fuzz-%d", getpid());
    }
    machine_on(0x4000);
    machine.loop = &loop;
    snprintf(option, 128, "%s=%s", name, address.sun_path);
}

/* The other side calls; what it says first, if anything. */
static int link_call(const char *greeting, size_t length)
{
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
        abort();
    if (length && write(fd, greeting, length) != (ssize_t)length)
        abort();
    return fd;
}

/* A byte of command (from `commands`), a byte of length, so many bytes from the other side; and so
 * on.  Then the channels are reset and the other side hangs up. */
static void link_talk(uint16_t device, int fd, const uint8_t *commands, size_t command_count,
                      const uint8_t *data, size_t size)
{
    for (size_t at = 0; at + 1 < size;) {
        size_t n = data[at + 1] % 32u;
        if (n > size - at - 2)
            n = size - at - 2;
        if (data[at] & 0x80)
            issue(device, commands[data[at] % command_count], data[at] & 0x40 ? 1 : 4000);
        if (data[at] & 0x20)
            channel_halt_device(&machine, device);
        if (n > 0 && write(fd, data + at + 2, n) < 0)
            break; /* it has hung up */
        turn_loop();
        run_events(20);
        at += 2 + n;
    }
    channels_reset(&machine);
    close(fd);
    turn_loop();
}

static void link_off(void)
{
    machine_off();
    while (uv_loop_alive(&loop))
        uv_run(&loop, UV_RUN_NOWAIT);
}

#endif
