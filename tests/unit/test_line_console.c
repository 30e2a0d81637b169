/* Proves: the operator's console at a (pseudo) terminal: typed lines with editing reach the
 * guest, output does not destroy a line being typed, passwords are not shown, half a key
 * blocks nothing, ! commands, attention by SIGINT, history across sessions, Ctrl-D, completion. */
#include "consoles/line.h"
#include "lib/ebcdic.h"
#include "s370/operator/operator.h"
#include "tests/unit/machine_fixture.h"
#include "tests/unit/run_suite.h"

#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <unistd.h>

#define GOOD (UNIT_CHANNEL_END | UNIT_DEVICE_END)

static int terminal; /* the person's side */
static struct oper *op;
static struct line_console *console;
static char history[] = "/tmp/datbox-history-XXXXXX";
static char screen[1 << 16]; /* all that came out since it was last looked at */
static size_t screen_length;
static const char *wanted;
static uint8_t unit_status;

static bool panel_commands;

static void open_console(void)
{
    struct line_console_options options = {0x009, panel_commands, history};
    console = line_console_create(machine, op, &options);
}

static void setup(void)
{
    int slave;
    struct winsize size = {24, 80, 0, 0};
    setenv("TERM", "xterm", 1);
    ck_assert(!openpty(&terminal, &slave, NULL, NULL, &size));
    dup2(slave, STDIN_FILENO);
    dup2(slave, STDOUT_FILENO);
    close(slave);
    fcntl(terminal, F_SETFL, O_NONBLOCK);
    close(mkstemp(history));
    fixture_open(CLOCK_HOST);
    attach(0x009, "3215-C");
    op = operator_create(machine, 0x009);
    panel_commands = false;
    open_console();
    screen_length = 0;
}

static void teardown(void)
{
    line_console_destroy(console);
    operator_destroy(op);
    fixture_close();
    unlink(history);
}

static void read_screen(void)
{
    ssize_t n = read(terminal, screen + screen_length, sizeof screen - 1 - screen_length);
    screen_length += n > 0 ? (size_t)n : 0;
    screen[screen_length] = 0;
}

static bool is_shown(void)
{
    read_screen();
    return strstr(screen, wanted) != NULL;
}

static void shows(const char *text)
{
    wanted = text;
    run_until(is_shown);
    screen_length = 0;
    screen[0] = 0;
}

static void keys(const char *text)
{
    ck_assert_int_eq(write(terminal, text, strlen(text)), (ssize_t)strlen(text));
}

static bool interrupted(void)
{
    uint16_t device;
    uint8_t csw[8];
    read_screen();
    if (!channel_take_interrupt(machine, 0xffffffff, &device))
        return false;
    storage_peek(&machine->storage, 0x40, csw, 8);
    unit_status = csw[4];
    return true;
}

static void program_gets(uint8_t status)
{
    run_until(interrupted);
    ck_assert_uint_eq(unit_status, status);
}

static bool some_time_passed(void)
{
    read_screen();
    return condition.looks == 10;
}

static void start_io(const char *ccws)
{
    poke(0x1000, ccws);
    poke(0x48, "00001000");
    ck_assert_int_eq(channel_start_io(machine, 0x009, false), 0);
    run_until(some_time_passed);
}

#define READ "0A002000 20000050"

static void program_read(const char *text)
{
    uint8_t csw[8], bytes[80];
    storage_peek(&machine->storage, 0x40, csw, 8);
    size_t n = 80 - load_be16(csw + 6);
    storage_peek(&machine->storage, 0x2000, bytes, 80);
    latin1_from_ebcdic(bytes, bytes, n);
    ck_assert_msg(n == strlen(text) && !memcmp(bytes, text, n), "read '%.*s' instead of '%s'",
                  (int)n, (char *)bytes, text);
}

static void program_writes(const char *text)
{
    uint8_t bytes[200], ccw[8] = {0x09, 0, 0x30, 0, 0x20, 0, 0, (uint8_t)strlen(text)};
    ebcdic_from_latin1(bytes, text, strlen(text));
    storage_poke(&machine->storage, 0x3000, bytes, (uint32_t)strlen(text));
    storage_poke(&machine->storage, 0x1000, ccw, 8);
    poke(0x48, "00001000");
    ck_assert_int_eq(channel_start_io(machine, 0x009, false), 0);
    program_gets(GOOD);
}

START_TEST(lines_and_editing)
{
    program_writes("VM ONLINE");
    shows("VM ONLINE\r\n");
    start_io(READ);
    keys("qry\033[D\033[Due\r"); /* the cursor to the left twice */
    program_gets(GOOD);
    program_read("query");
    start_io(READ);
    keys("abx\177c\r");
    program_gets(GOOD);
    program_read("abc");
    start_io(READ);
    keys("\r");
    program_gets(GOOD);
    program_read("");
    keys("\033[A\033[A"); /* two lines back */
    shows("query");
}
END_TEST

START_TEST(output_while_typing)
{
    start_io(READ);
    keys("half a li");
    shows("half a li");
    /* A message of the machine comes between. */
    machine_message(machine, "SOMETHING HAPPENED");
    shows("SOMETHING HAPPENED\r\nhalf a li");
    keys("ne\r");
    program_gets(GOOD);
    program_read("half a line");
}
END_TEST

START_TEST(password)
{
    poke(0x1100, "D7E6 7A E7E7E7 161616"); /* PW: and a mask */
    start_io("01001100 60000003 01001103 60000006 " READ);
    shows("PW:");
    keys("SECRET\n");
    program_gets(GOOD);
    program_read("SECRET");
    run_until(some_time_passed);
    ck_assert_ptr_null(strstr(screen, "SECRET"));
    /* ... and what is typed next is shown again. */
    keys("visible");
    shows("visible");
    char saved[100] = "";
    FILE *f = fopen(history, "r");
    saved[fread(saved, 1, sizeof saved - 1, f)] = 0;
    fclose(f);
    ck_assert_ptr_null(strstr(saved, "SECRET"));
}
END_TEST

START_TEST(half_a_key_blocks_nothing)
{
    keys("\033");
    run_until(some_time_passed);
    keys("[");
    run_until(some_time_passed);
    machine_message(machine, "STILL ALIVE");
    shows("STILL ALIVE");
    keys("A\303");
    run_until(some_time_passed);
    keys("\251\r");
    program_gets(UNIT_ATTENTION);
    start_io(READ);
    program_gets(GOOD);
    program_read("\351");
}
END_TEST

START_TEST(machine_commands)
{
    keys("!message hello\r");
    shows("\033[Jhello\r\n");
    raise(SIGINT);
    program_gets(UNIT_ATTENTION | UNIT_EXCEPTION);
    cpu_load_psw(machine->cpu, UINT64_C(0x010a000000000000)); /* an enabled wait */
    cpu_start(machine->cpu);
    keys("\004");
    shows("Ctrl-D once more");
    keys("\004");
    machine->quit = false;
    machine_run(machine);
    ck_assert(machine->quit && machine->quit_status == 0);
}
END_TEST

START_TEST(history_across_sessions)
{
    keys("first line\r");
    program_gets(UNIT_ATTENTION);
    line_console_destroy(console);
    open_console();
    keys("\033[A");
    shows("first line");
}
END_TEST

/* Commands and devices are completed behind !, words of the guest before; what is not unique is
 * listed, and the line comes back. */
START_TEST(completion)
{
    program_writes("USERS: CMSUSER CMSBATCH");
    shows("CMSBATCH");
    keys("!devl\t\r");
    shows("3215-C");
    keys("!devinit 0\t");
    shows("09 ");
    keys("\025!dev\t");
    shows("devinit devlist \r\n!dev");
    keys("\025msg cmsu\t");
    shows("ser ");
    keys("\025");
}
END_TEST

/* The hobbyists' way: operator commands are plain, / leads to the guest's console. */
START_TEST(panel_way)
{
    line_console_destroy(console);
    panel_commands = true;
    open_console();
    start_io(READ);
    keys("/query names\r");
    program_gets(GOOD);
    program_read("query names");
    keys("message hello\r");
    shows("hello\r\n");
    keys("devl\t");
    shows("ist ");
    keys("\r");
    shows("3215-C");
    keys("/query nam\t");
    shows("es ");
    start_io(READ);
    keys("\r");
    program_gets(GOOD);
    program_read("query names ");
}
END_TEST

/* The event loop's non-blocking reads are no business of standard input, which is standard output
 * at a terminal, and belongs to the shell too. */
START_TEST(terminal_stays_blocking)
{
    run_until(some_time_passed);
    ck_assert(!(fcntl(STDIN_FILENO, F_GETFL) & O_NONBLOCK));
    ck_assert(!(fcntl(STDOUT_FILENO, F_GETFL) & O_NONBLOCK));
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("line console");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 300);
    tcase_add_test(t, lines_and_editing);
    tcase_add_test(t, output_while_typing);
    tcase_add_test(t, password);
    tcase_add_test(t, half_a_key_blocks_nothing);
    tcase_add_test(t, machine_commands);
    tcase_add_test(t, history_across_sessions);
    tcase_add_test(t, completion);
    tcase_add_test(t, panel_way);
    tcase_add_test(t, terminal_stays_blocking);
    Suite *s = suite_create("line console");
    suite_add_tcase(s, t);
    return run_suite(s);
}
