/* 3270 screens per second: full screens (ERASE/WRITE of 24 by 80) go to 1, 10 and 100 TN3270
 * clients as fast as their devices take them; and what 100 clients cost that only sit there.
 * The clients are one process of their own that reads and forgets.
 *
 * usage: bench_screens */
#include "consoles/telnet.h"
#include "s370/arch/ccw.h"
#include "s370/io/channel.h"
#include "s370/machine.h"

#include "lib/be.h"

#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CLIENTS_MOST 100
#define FIRST        0x100 /* device */
#define PROGRAM      0x1000
#define BUFFER       0x2000
#define SCREEN       (1 + 1920)
#define SECONDS      2.0
#define STEP_NS      5000 /* how often the program looks for interruptions */

struct bench {
    struct event event;
    double until;
    unsigned ready, clients;
    unsigned long screens;
    bool writes;
};

static double seconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void be_clients(uint16_t port, unsigned n)
{
    static const char hello[] = "\xff\xfc\x28\xff\xfb\x18\xff\xfa\x18\x00IBM-3278-2\xff\xf0"
                                "\xff\xfb\x19\xff\xfd\x19\xff\xfb\x00\xff\xfd\x00";
    static char bytes[1 << 16];
    struct pollfd clients[CLIENTS_MOST];
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (unsigned i = 0; i < n; i++) {
        clients[i] = (struct pollfd){socket(AF_INET, SOCK_STREAM, 0), POLLIN, 0};
        if (connect(clients[i].fd, (struct sockaddr *)&address, sizeof address) ||
            send(clients[i].fd, hello, sizeof hello - 1, 0) < 0)
            _exit(1);
    }
    while (poll(clients, n, -1) > 0)
        for (unsigned i = 0; i < n; i++)
            if (clients[i].revents && read(clients[i].fd, bytes, sizeof bytes) <= 0)
                _exit(0);
}

/* The machine's program: each interruption starts the next screen on its device. */
static void program(struct machine *m, struct event *event)
{
    struct bench *b = (struct bench *)event;
    uint16_t device;
    uint8_t caw[4];
    store_be32(caw, PROGRAM);
    while (channel_take_interrupt(m, 0xffffffff, &device)) {
        if (b->ready < b->clients) {
            b->ready++;
            continue;
        }
        b->screens++;
        storage_poke(&m->storage, 0x48, caw, 4);
        (void)channel_start_io(m, device, false);
    }
    if (b->ready == b->clients && b->until == 0) {
        b->until = seconds(CLOCK_MONOTONIC) + SECONDS;
        for (unsigned i = 0; i < b->clients && b->writes; i++) {
            storage_poke(&m->storage, 0x48, caw, 4);
            (void)channel_start_io(m, (uint16_t)(FIRST + i), false);
        }
    }
    double left = b->until ? b->until - seconds(CLOCK_MONOTONIC) : 1;
    if (left <= 0)
        machine_quit(m, 0);
    else /* without writes there is nothing to look for */
        event_schedule(&m->events, event,
                       machine_now(m) +
                           (b->until && !b->writes ? (uint64_t)(left * 1e9) : STEP_NS));
}

static void measure(unsigned clients, bool writes)
{
    static uint8_t screen[SCREEN];
    struct machine *m = machine_create(1u << 20, CLOCK_HOST);
    struct bench b = {.event = {.happen = program}, .clients = clients, .writes = writes};
    struct ccw ccw = {.command = 0x05, .flags = CCW_SUPPRESS_LENGTH};
    for (unsigned i = 0; i < clients; i++)
        if (device_attach(m, (uint16_t)(FIRST + i), "3270", 0, NULL))
            exit(1);
    memset(screen, 0xc1, sizeof screen);
    screen[0] = 0xc3;
    put24(&ccw.address, BUFFER);
    put16(&ccw.count, SCREEN);
    storage_poke(&m->storage, BUFFER, screen, sizeof screen);
    storage_poke(&m->storage, PROGRAM, (uint8_t *)&ccw, sizeof ccw);
    struct telnet_server *server = telnet_listen(m, NULL, 0);
    pid_t child = fork();
    if (child == 0)
        be_clients(telnet_port(server), clients);
    event_schedule(&m->events, &b.event, machine_now(m));
    double before = seconds(CLOCK_PROCESS_CPUTIME_ID);
    machine_run(m);
    double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - before;
    if (writes)
        printf("screens to %3u clients: %8.0f a second\n", clients, (double)b.screens / SECONDS);
    else
        printf("%u idle clients: %.2f %% of a host CPU, their log-on included\n", clients,
               100 * cpu / SECONDS);
    event_cancel(&m->events, &b.event);
    telnet_close(server);
    machine_destroy(m);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    measure(1, true);
    measure(10, true);
    measure(100, true);
    measure(100, false);
    return 0;
}
