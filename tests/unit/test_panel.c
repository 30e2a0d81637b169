/* Proves: what the machine's panel shows travels whole (frame, messages in any pieces), and a
 * stream that is none of ours is refused; the server's frames hold what the machine holds; a
 * 3270 that was written last and the first card reader stand beside the panel; a
 * panel's commands are executed, those of one that only looks on are refused; a panel that
 * reads nothing, or is gone, does no harm. */
#include "consoles/panel_frame.h"
#include "consoles/panel_server.h"
#include "s370/devices/display.h"
#include "s370/operator/operator.h"
#include "tests/unit/machine_fixture.h"
#include "tests/unit/run_suite.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <uv.h>

static unsigned taken;
static enum panel_message kind_taken;
static size_t length_taken;
static uint8_t content_taken[PANEL_MESSAGE];

static void take(void *context, enum panel_message kind, const uint8_t *content, size_t length)
{
    if (context && *(enum panel_message *)context != kind)
        return;
    taken++;
    kind_taken = kind;
    length_taken = length;
    memcpy(content_taken, content, length);
}

START_TEST(frame_is_the_same_after_the_journey)
{
    static struct panel_frame a = {
        .instructions = 0x0123456789abcdef, .now = 77, .psw = 1ULL << 63};
    static struct panel_frame b;
    uint8_t bytes[PANEL_FRAME_SIZE];
    for (int i = 0; i < 16; i++) {
        a.gr[i] = 0x01010101u * (unsigned)i;
        a.cr[i] = ~a.gr[i];
        a.fpr[i / 4] = (uint64_t)i << 56;
        a.lights.gr[i][31 - i] = (uint8_t)(i + 1);
    }
    a.lights.lamps[LAMP_LOAD] = 255;
    panel_frame_encode(&a, bytes);
    ck_assert(panel_frame_decode(&b, bytes, sizeof bytes));
    ck_assert_mem_eq(&a, &b, sizeof a);
    ck_assert(!panel_frame_decode(&b, bytes, sizeof bytes - 1));
}
END_TEST

START_TEST(messages_arrive_in_any_pieces)
{
    static const uint8_t stream[] = {'T', 0, 0, 2, 'h', 'i', 'C', 0, 0, 0, 'T', 0, 0, 1, '!'};
    for (size_t piece = 1; piece <= sizeof stream; piece++) {
        struct panel_input input = {0};
        taken = 0;
        for (size_t at = 0; at < sizeof stream; at += piece) {
            size_t n = sizeof stream - at < piece ? sizeof stream - at : piece;
            ck_assert(panel_input_add(&input, stream + at, n, take, NULL));
        }
        ck_assert_uint_eq(taken, 3);
        ck_assert_int_eq(kind_taken, PANEL_TEXT);
        ck_assert_uint_eq(content_taken[0], '!');
    }
}
END_TEST

START_TEST(too_long_a_message_is_refused)
{
    static const uint8_t stream[] = {'T', 0, 0x20, 1, 'x'};
    struct panel_input input = {0};
    ck_assert(!panel_input_add(&input, stream, sizeof stream, take, NULL));
}
END_TEST

/* --- with a machine --- */

static struct oper *oper;
static struct panel_server *server;
static char path[64];

static void setup(void)
{
    fixture_open(CLOCK_HOST);
    snprintf(path, sizeof path, "/tmp/datbox-panel-%d.sock", getpid());
    oper = operator_create(machine, 9);
    server = panel_listen(machine, oper, path);
    ck_assert_ptr_nonnull(server);
}

static void teardown(void)
{
    panel_close(server);
    operator_destroy(oper);
    fixture_close();
    ck_assert_int_ne(access(path, F_OK), 0);
}

static int client(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(address.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    ck_assert(fd >= 0 && !connect(fd, (struct sockaddr *)&address, sizeof address));
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

/* Lets the machine's event loop run until a message of that kind has come. */
static void wait_for(int fd, struct panel_input *input, enum panel_message kind)
{
    uint8_t bytes[1000];
    for (taken = 0; taken == 0;) {
        uv_run(machine->loop, UV_RUN_ONCE);
        ssize_t n = read(fd, bytes, sizeof bytes);
        ck_assert_int_ne(n, 0);
        if (n > 0)
            ck_assert(panel_input_add(input, bytes, (size_t)n, take, &kind));
    }
}

static void send_line(int fd, enum panel_message kind, const char *line)
{
    uint8_t bytes[256];
    panel_header(bytes, kind, strlen(line));
    memcpy(bytes + PANEL_HEADER, line, strlen(line));
    ck_assert_int_eq(write(fd, bytes, PANEL_HEADER + strlen(line)),
                     (ssize_t)(PANEL_HEADER + strlen(line)));
}

START_TEST(lights_show_the_machine)
{
    struct panel_input input = {0};
    struct panel_frame frame;
    cpu_regs(machine->cpu)->gr[3] = 0x80000001;
    ck_assert(cpu_load_psw(machine->cpu, 0x000c000000001002));
    int fd = client();
    wait_for(fd, &input, PANEL_FRAME);
    ck_assert(panel_frame_decode(&frame, content_taken, length_taken));
    ck_assert_uint_eq(frame.psw, 0x000c000000001002);
    ck_assert_uint_eq(frame.gr[3], 0x80000001);
    ck_assert_uint_eq(frame.lights.gr[3][0], 255);
    ck_assert_uint_eq(frame.lights.gr[3][1], 0);
    ck_assert_uint_eq(frame.lights.gr[3][31], 255);
    ck_assert_uint_eq(frame.lights.address[22], 255);
    ck_assert_uint_eq(frame.lights.lamps[LAMP_MANUAL], 255);
    ck_assert_uint_eq(frame.lights.lamps[LAMP_SYSTEM], 0);
    close(fd);
}
END_TEST

START_TEST(keys_are_operator_commands)
{
    struct panel_input input = {0};
    int fd = client();
    send_line(fd, PANEL_COMMAND, "gpr 7=12345678");
    wait_for(fd, &input, PANEL_FRAME);
    ck_assert_uint_eq(cpu_regs(machine->cpu)->gr[7], 0x12345678);
    send_line(fd, PANEL_COMMAND, "nonsense");
    wait_for(fd, &input, PANEL_TEXT);
    ck_assert_ptr_nonnull(strstr(said, "nonsense"));
    close(fd);
}
END_TEST

START_TEST(who_looks_on_changes_nothing)
{
    struct panel_input input = {0};
    int fd = client();
    send_line(fd, PANEL_VIEW, "");
    send_line(fd, PANEL_COMMAND, "gpr 7=12345678");
    wait_for(fd, &input, PANEL_TEXT);
    ck_assert_mem_eq(content_taken, "this panel only", 15);
    ck_assert_uint_eq(cpu_regs(machine->cpu)->gr[7], 0);
    close(fd);
}
END_TEST

START_TEST(bad_panels_do_no_harm)
{
    struct panel_input input = {0};
    int silent = client(), gone = client(), mad = client(), good = client();
    close(gone);
    ck_assert_int_eq(write(mad, "\377\377\377\377\377", 5), 5);
    for (int i = 0; i < 10; i++) /* `silent` reads none of these */
        wait_for(good, &input, PANEL_FRAME);
    uint8_t byte;
    while (read(mad, &byte, 1) > 0)
        continue;
    ck_assert_int_eq(read(mad, &byte, 1), 0); /* dropped */
    close(silent);
    close(mad);
    close(good);
}
END_TEST

/* --- what stands beside the panel --- */

static bool interrupted(void)
{
    uint16_t device;
    return channel_take_interrupt(machine, 0xffffffff, &device);
}

START_TEST(a_reader)
{
    struct panel_input input = {0};
    struct panel_cards cards;
    char deck[64], *arguments[] = {deck};
    snprintf(deck, sizeof deck, "/tmp/datbox-panel-%d.deck", getpid());
    FILE *file = fopen(deck, "w");
    ck_assert(file && fputs("FIRST\nSECOND\nTHIRD\n", file) >= 0 && fclose(file) == 0);
    ck_assert_ptr_null(device_attach(machine, 0xc, "3505", 1, arguments));
    unlink(deck);
    int fd = client();
    wait_for(fd, &input, PANEL_CARDS);
    ck_assert(panel_cards_decode(&cards, content_taken, length_taken));
    ck_assert(cards.device == 0xc && cards.ready && cards.hopper == 3 && cards.stacker == 0);
    run_until(interrupted); /* the device end of a reader that was made ready */
    poke(0x1000, "02002000 20000050");
    poke(0x48, "00001000");
    ck_assert_int_eq(channel_start_io(machine, 0xc, false), 0);
    run_until(interrupted);
    wait_for(fd, &input, PANEL_CARDS);
    ck_assert(panel_cards_decode(&cards, content_taken, length_taken));
    ck_assert(cards.hopper == 2 && cards.stacker == 1);
    ck_assert_mem_eq(cards.text, "FIRST ", 6);
    ck_assert_uint_eq(cards.holes[0], 0x808); /* F: rows 12 and 6 */
    ck_assert(!panel_cards_decode(&cards, content_taken, length_taken - 1));
    close(fd);
}
END_TEST

static bool send_nothing(void *context, const uint8_t *record, size_t length)
{
    return true;
}

static void hang_up(void *context)
{
}

START_TEST(a_display)
{
    static const struct display_backend backend = {send_nothing, hang_up};
    static const struct display_terminal terminal = {43, 80, true};
    static struct panel_screen screen;
    struct panel_input input = {0};
    attach(0xc0, "3270");
    struct display *display = display_of_device(machine, 0xc0);
    ck_assert(display_connect(display, &terminal, &backend, NULL));
    int fd = client();
    wait_for(fd, &input, PANEL_FRAME); /* now it is followed */
    display_ready(display);
    run_until(interrupted); /* its device end */
    poke(0x2000, "C3 1D F8 C8 D6 E3 11 00 50 1D 7C D5 11 01 00 13");
    poke(0x1000, "0D002000 20000010");
    poke(0x48, "00001000");
    ck_assert_int_eq(channel_start_io(machine, 0xc0, false), 0);
    run_until(interrupted);
    wait_for(fd, &input, PANEL_SCREEN);
    ck_assert(panel_screen_decode(&screen, content_taken, length_taken));
    ck_assert(screen.device == 0xc0 && screen.rows == 43 && screen.columns == 80);
    ck_assert(screen.cursor == 256 && screen.connected);
    ck_assert_mem_eq(screen.text, " HOT ", 5);
    ck_assert_uint_eq(screen.looks[1], LOOK_BRIGHT);
    ck_assert_uint_eq(screen.text[81], ' '); /* a field that is not displayed */
    ck_assert(!panel_screen_decode(&screen, content_taken, length_taken - 1));
    int second = client(); /* who comes later sees it at once */
    memset(&input, 0, sizeof input);
    wait_for(second, &input, PANEL_SCREEN);
    ck_assert(panel_screen_decode(&screen, content_taken, length_taken));
    ck_assert_mem_eq(screen.text, " HOT ", 5);
    close(second);
    ck_assert_ptr_null(device_detach(machine, 0xc0));
    wait_for(fd, (memset(&input, 0, sizeof input), &input), PANEL_FRAME);
    close(fd);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("panel");
    TCase *codec = tcase_create("messages"), *live = tcase_create("server");
    tcase_add_test(codec, frame_is_the_same_after_the_journey);
    tcase_add_test(codec, messages_arrive_in_any_pieces);
    tcase_add_test(codec, too_long_a_message_is_refused);
    suite_add_tcase(s, codec);
    tcase_add_checked_fixture(live, setup, teardown);
    tcase_add_test(live, lights_show_the_machine);
    tcase_add_test(live, keys_are_operator_commands);
    tcase_add_test(live, who_looks_on_changes_nothing);
    tcase_add_test(live, bad_panels_do_no_harm);
    tcase_add_test(live, a_reader);
    tcase_add_test(live, a_display);
    suite_add_tcase(s, live);
    return run_suite(s);
}
