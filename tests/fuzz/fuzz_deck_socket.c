/* Fuzz target: clients of a card reader's socket, up to four at a time, that send any bytes in any
 * portions, close, half-close or break off, while a program reads cards, is halted or the reader
 * gets other media.  What becomes a deck is whole cards; each client gets an answer or an end; when
 * the reader goes, nothing of it is left in the event loop. */
#include "fuzz_machine.h"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <uv.h>

#define READER  0x00c
#define PROGRAM 0x1000
#define BUFFER  0x2000
#define CLIENTS 4

static uv_loop_t loop;
static struct sockaddr_un address = {.sun_family = AF_UNIX};
static int clients[CLIENTS];

static void turn_loop(void)
{
    for (int i = 0; i < 3; i++)
        uv_run(&loop, UV_RUN_NOWAIT);
}

/* A read of at most 200 bytes; a card is 80 or, column binary, 160. */
static void read_card(uint8_t command)
{
    uint8_t ccw[8] = {command, 0, BUFFER >> 8, 0, 0x20, 0, 0, 200};
    memcpy(machine.storage.main + PROGRAM, ccw, sizeof ccw);
    memset(machine.storage.main + BUFFER, 0xee, 256);
    store_be32(machine.storage.main + 0x48, PROGRAM);
    (void)channel_start_io(&machine, READER, false);
    run_events(20);
    uint8_t *end = machine.storage.main + BUFFER + (command & 0x20 ? 160 : 80);
    for (int i = 0; i < 256 - 160; i++)
        if (end[i] != 0xee)
            abort();
}

static void hang_up(unsigned n, bool at_once)
{
    struct linger linger = {1, 0};
    if (clients[n] < 0)
        return;
    if (at_once)
        (void)setsockopt(clients[n], SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    close(clients[n]);
    clients[n] = -1;
}

static void call_in(unsigned n)
{
    if (clients[n] >= 0)
        return;
    clients[n] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (connect(clients[n], (struct sockaddr *)&address, sizeof address) != 0)
        hang_up(n, false); /* the queue is full, or nobody listens now */
}

static void listen_again(const char *form)
{
    static char option[128];
    snprintf(option, sizeof option, "%s", address.sun_path);
    struct device *d = device_find(&machine, READER);
    (void)d->type->ops->mount(d, 3, (char *[]){option, "sockdev", (char *)(uintptr_t)form});
}

static void set_up(void)
{
    signal(SIGPIPE, SIG_IGN);
    uv_loop_init(&loop);
    snprintf(address.sun_path, sizeof address.sun_path, "/tmp/datbox-fuzz-deck-%d", getpid());
}

/* One step: what, for which client, and the bytes for it. */
static void step(unsigned what, unsigned n, const uint8_t *bytes, size_t length, const char *form)
{
    static const uint8_t commands[] = {0x02, 0x42, 0xc2, 0x23, 0x22, 0x04, 0x12};
    switch (what) {
    case 0:
    case 1:
        call_in(n);
        if (clients[n] >= 0 && write(clients[n], bytes, length) < 0)
            hang_up(n, false);
        break;
    case 2:
        hang_up(n, false);
        break;
    case 3:
        hang_up(n, true);
        break;
    case 4:
        if (clients[n] >= 0)
            (void)shutdown(clients[n], SHUT_WR);
        break;
    case 5:
        channel_halt_device(&machine, READER);
        break;
    case 6:
        if (length > 0 && bytes[0] == 0x77)
            listen_again(form);
        break;
    default:
        read_card(commands[(length ? bytes[0] : 0) % sizeof commands]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool ready;
    static const char *const forms[] = {"ascii", "ebcdic", "binary", "trunc", "autopad", "intrq"};
    if (!ready)
        set_up();
    ready = true;
    if (size < 2)
        return 0;
    const char *form = forms[data[0] % (sizeof forms / sizeof *forms)];
    for (unsigned n = 0; n < CLIENTS; n++)
        clients[n] = -1;
    machine_on(0x4000);
    machine.loop = &loop;
    attach(READER, "3505", 3, (char *[]){address.sun_path, "sockdev", (char *)(uintptr_t)form});
    for (size_t at = 1; at + 1 < size;) {
        size_t n = data[at + 1] % 200u;
        if (n > size - at - 2)
            n = size - at - 2;
        step(data[at] & 7, data[at] >> 3 & 3, data + at + 2, n, form);
        turn_loop();
        run_events(20);
        at += 2 + n;
    }
    for (unsigned n = 0; n < CLIENTS; n++)
        hang_up(n, false);
    turn_loop();
    read_card(0x02);
    machine_off();
    for (int i = 0; uv_loop_alive(&loop); i++) {
        if (i == 1000)
            abort(); /* something of it is left */
        uv_run(&loop, UV_RUN_NOWAIT);
    }
    unlink(address.sun_path);
    return 0;
}
