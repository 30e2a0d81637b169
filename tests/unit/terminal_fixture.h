/* The program's side of a terminal, on top of machine_fixture.h: the test starts channel programs
 * and takes their interruptions as a program would; and the server that the terminals come to. */
#ifndef TESTS_UNIT_TERMINAL_FIXTURE_H
#define TESTS_UNIT_TERMINAL_FIXTURE_H

#include "consoles/telnet.h"
#include "tests/unit/machine_fixture.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#define PROGRAM 0x1000
#define BUFFER  0x2000
#define GOOD    (UNIT_CHANNEL_END | UNIT_DEVICE_END)

static struct telnet_server *server;
static uint16_t device;     /* of the last interruption */
static uint8_t unit_status; /* its CSW's */

static inline bool interrupted(void)
{
    if (!channel_take_interrupt(machine, 0xffffffff, &device))
        return false;
    uint8_t csw[8];
    storage_peek(&machine->storage, 0x40, csw, 8);
    unit_status = csw[4];
    return true;
}

/* Runs the machine until an interruption comes; it must be this one. */
static inline void program_gets(uint16_t address, uint8_t status)
{
    run_until(interrupted);
    ck_assert_uint_eq(device, address);
    ck_assert_uint_eq(unit_status, status);
}

static inline void start_io(uint16_t address, const char *ccws)
{
    poke(PROGRAM, ccws);
    poke(0x48, "00001000");
    ck_assert_int_eq(channel_start_io(machine, address, false), 0);
}

/* A connection to the server that does not block. */
static inline int open_client(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(telnet_port(server))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert(fd >= 0 && !connect(fd, (struct sockaddr *)&address, sizeof address));
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

/* What the client `client` has received since it was last looked at. */
static int client = -1;
static char got[1 << 16];
static size_t got_length;
static const char *wanted;
static size_t wanted_length;

static inline bool received_wanted(void)
{
    ssize_t n = recv(client, got + got_length, sizeof got - got_length, 0);
    got_length += n > 0 ? (size_t)n : 0;
    return memmem(got, got_length, wanted, wanted_length) != NULL;
}

/* Runs the machine until the client has received these bytes, and forgets them. */
static inline void client_gets_bytes(const char *bytes, size_t n)
{
    wanted = bytes;
    wanted_length = n;
    run_until(received_wanted);
    got_length = 0;
}
#define client_gets(text) client_gets_bytes(text, sizeof text - 1)

#endif
