/* Proves: terminals over TLS: a line for openssl s_client, a 3270 for s3270, both ways and with
 * records longer than a packet; who stalls in the handshake, or speaks no TLS, is dropped and
 * holds nobody up; old TLS is refused; certificates and keys that can't be used are named. */
#include "lib/ebcdic.h"
#include "tests/unit/s3270.h"
#include "tests/unit/terminal_fixture.h"
#include "tests/unit/run_suite.h"

#include <sys/stat.h>

static char directory[] = "/tmp/datbox-tls-XXXXXX";
static char certificate[64], key[64];

static void run(const char *command)
{
    ck_assert_msg(system(command) == 0, "%s", command);
}

static void make_identity(void)
{
    char command[512];
    ck_assert_ptr_nonnull(mkdtemp(directory));
    snprintf(certificate, sizeof certificate, "%s/box.pem", directory);
    snprintf(key, sizeof key, "%s/box.key", directory);
    snprintf(command, sizeof command,
             "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
             "-subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 "
             "-keyout %s -out %s 2>/dev/null",
             key, certificate);
    run(command);
}

static void remove_identity(void)
{
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", directory);
    run(command);
}

static void setup(void)
{
    fixture_open(CLOCK_HOST);
    attach(0x20, "3215");
    attach(0xc0, "3270");
    server = telnet_listen_tls(machine, NULL, 0, certificate, key);
    ck_assert_ptr_nonnull(server);
}

static void teardown(void)
{
    telnet_close(server);
    fixture_close();
}

/* --- openssl s_client --- */

static struct s3270 openssl; /* a process with pipes; its answers are its own */
static const char *awaited;

static bool said_wanted(void)
{
    ssize_t n =
        read(openssl.out, openssl.text + openssl.length, sizeof openssl.text - 1 - openssl.length);
    openssl.length += n > 0 ? (size_t)n : 0;
    return memmem(openssl.text, openssl.length, awaited, strlen(awaited)) != NULL;
}

static void openssl_says(const char *text)
{
    awaited = text;
    run_until(said_wanted);
    openssl.length = 0;
}

static void open_openssl(const char *option)
{
    int in[2], out[2];
    char where[32];
    snprintf(where, sizeof where, "127.0.0.1:%u", telnet_port(server));
    openssl.length = 0;
    ck_assert(!pipe2(in, O_CLOEXEC) && !pipe2(out, O_CLOEXEC));
    openssl.pid = fork();
    if (openssl.pid == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        dup2(out[1], 2);
        execlp("openssl", "openssl", "s_client", "-connect", where, "-CAfile", certificate,
               "-verify_return_error", option, (char *)NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    openssl.in = in[1];
    openssl.out = out[0];
    fcntl(openssl.out, F_SETFL, O_NONBLOCK);
}

START_TEST(line)
{
    static const char *const versions[] = {"-tls1_2", "-tls1_3"};
    uint8_t text[] = "VM/370 ONLINE";
    for (int i = 0; i < 2; i++) {
        open_openssl(versions[i]);
        dprintf(openssl.in, "hello\n"); /* so it is no 3270 */
        program_gets(0x20, UNIT_DEVICE_END | UNIT_ATTENTION);
        ebcdic_from_latin1(text, "VM/370 ONLINE", 13);
        storage_poke(&machine->storage, BUFFER, text, 13);
        start_io(0x20, "09002000 2000000D");
        program_gets(0x20, GOOD);
        openssl_says("VM/370 ONLINE\r\n");
        start_io(0x20, "0A002000 20000050");
        program_gets(0x20, GOOD);
        storage_peek(&machine->storage, BUFFER, text, 5);
        ck_assert_mem_eq(text, "\x88\x85\x93\x93\x96", 5);
        s3270_close(&openssl); /* the end of a pipe's reader ends it without a word */
        program_gets(0x20, UNIT_ATTENTION | UNIT_CHECK);
    }
}
END_TEST

START_TEST(old_versions)
{
    open_openssl("-tls1_1");
    openssl_says("no peer certificate available");
    s3270_close(&openssl);
}
END_TEST

/* --- s3270 --- */

START_TEST(display)
{
    static struct s3270 real;
    char host[64];
    snprintf(host, sizeof host, "Y:L:127.0.0.1:%u", telnet_port(server));
    s3270_open(&real, "3279-4-E", host);
    program_gets(0xc0, UNIT_DEVICE_END);
    poke(BUFFER, "C3 11 40 40 1D F0 C8 C5 D3 D3 D6 1D 40 13");
    start_io(0xc0, "05002000 2000000E");
    program_gets(0xc0, GOOD);
    s3270_do(&real, "Wait(InputField)");
    s3270_do(&real, "Ascii(0,1,5)");
    ck_assert_msg(strstr(real.text, "data: HELLO\n") == real.text, "%s", real.text);
    s3270_say(&real, "Enter()");
    program_gets(0xc0, UNIT_ATTENTION);
    start_io(0xc0, "02008000 20002000"); /* READ BUFFER: longer than a packet */
    program_gets(0xc0, GOOD);
    ck_assert_ptr_null(device_detach(machine, 0xc0));
    s3270_do(&real, "Wait(Disconnect)");
    s3270_close(&real);
}
END_TEST

/* --- who does no harm --- */

static int stalled;

static bool dropped(void)
{
    char bytes[512];
    ssize_t n = recv(stalled, bytes, sizeof bytes, 0);
    return n == 0 || (n < 0 && errno == ECONNRESET);
}

START_TEST(stalls)
{
    stalled = open_client();
    ck_assert_int_eq(send(stalled, "\x16\x03\x01\x02\x00\x01", 6, 0), 6); /* a hello's beginning */
    open_openssl("-quiet");                                               /* is served meanwhile */
    dprintf(openssl.in, "hello\n");
    program_gets(0x20, UNIT_DEVICE_END | UNIT_ATTENTION);
    s3270_close(&openssl);
    program_gets(0x20, UNIT_ATTENTION | UNIT_CHECK);
    run_until(dropped);
    close(stalled);
}
END_TEST

START_TEST(no_tls)
{
    stalled = open_client();
    ck_assert_int_eq(send(stalled, "\xff\xfb\x18hello\r\n", 10, 0), 10);
    run_until(dropped);
    close(stalled);
}
END_TEST

static bool a_moment_later(void)
{
    return condition.looks == 20;
}

START_TEST(flood)
{
    static int clients[400];
    for (int i = 0; i < 400; i++) {
        clients[i] = stalled = open_client();
        if (i == 199)
            run_until(a_moment_later); /* the host queues so many */
    }
    run_until(dropped); /* the last: too many are in the handshake */
    for (int i = 0; i < 400; i++)
        close(clients[i]);
    run_until(a_moment_later); /* the next one must not come before their ends are seen */
    open_openssl("-quiet");
    dprintf(openssl.in, "hello\n");
    program_gets(0x20, UNIT_DEVICE_END | UNIT_ATTENTION);
    s3270_close(&openssl);
}
END_TEST

/* The end of a session by a machine that ends: the client is told. */
START_TEST(hang_up)
{
    open_openssl("-quiet");
    dprintf(openssl.in, "hello\n");
    program_gets(0x20, UNIT_DEVICE_END | UNIT_ATTENTION);
    ck_assert_ptr_null(device_detach(machine, 0x20));
    awaited = "";
    int status;
    while (waitpid(openssl.pid, &status, WNOHANG) == 0)
        run_until(said_wanted);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    close(openssl.in);
    close(openssl.out);
}
END_TEST

START_TEST(identities)
{
    ck_assert_ptr_null(telnet_listen_tls(machine, NULL, 0, "/nowhere.pem", key));
    ck_assert_ptr_nonnull(strstr(said, "no certificate (PEM) can be read from /nowhere.pem"));
    said[0] = 0;
    ck_assert_ptr_null(telnet_listen_tls(machine, NULL, 0, certificate, certificate));
    ck_assert_ptr_nonnull(strstr(said, "no key (PEM) for the certificate"));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("tls");
    TCase *t = tcase_create("tls");
    tcase_add_unchecked_fixture(t, make_identity, remove_identity);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 300);
    tcase_add_test(t, line);
    tcase_add_test(t, old_versions);
    tcase_add_test(t, display);
    tcase_add_test(t, stalls);
    tcase_add_test(t, no_tls);
    tcase_add_test(t, flood);
    tcase_add_test(t, hang_up);
    tcase_add_test(t, identities);
    suite_add_tcase(s, t);
    return run_suite(s);
}
