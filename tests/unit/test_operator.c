/* Proves: the operator's commands display and alter what they say, refuse what is wrong
 * with a message, run and step programs, and are all in docs/operating.md. */
#include "s370/operator/operator.h"
#include "tests/unit/machine_fixture.h"
#include "tests/unit/run_suite.h"

#include <unistd.h>

static struct oper *op;

static void setup(void)
{
    fixture_open(CLOCK_VIRTUAL);
    attach(0x009, "3215-C");
    op = operator_create(machine, 0x009);
}

static void teardown(void)
{
    operator_destroy(op);
    fixture_close();
}

/* The command succeeds and says exactly this. */
static void says(const char *command, const char *text)
{
    said[0] = 0;
    ck_assert_msg(operator_command(op, command), "%s failed: %s", command, said);
    ck_assert_str_eq(said, text);
}

static const char *awaited;

static bool awaited_was_said(void)
{
    return strstr(said, awaited) != NULL;
}

static void comes(const char *text)
{
    awaited = text;
    run_until(awaited_was_said);
}

START_TEST(storage)
{
    says("r 1000=0102 aabb", "");
    says("r 1000.4", "R:001000: 0102AABB\n");
    says("r 1000-1013", "R:001000: 0102AABB 00000000 00000000 00000000\nR:001010: 00000000\n");
    says("v 1002.1", "V:001002: AA\n");
    says("r fff00=C1C2", "");
    said[0] = 0;
    ck_assert(operator_command(op, "r fff00"));
    ck_assert_ptr_nonnull(
        strstr(said, "R:0FFF00: C1C20000 00000000 00000000 00000000  *AB..............*\n"));
    said[0] = 0;
    ck_assert(operator_command(op, "r ffffc.8") || said[0]);
    ck_assert_ptr_nonnull(strstr(said, "storage ends at 100000"));
}
END_TEST

START_TEST(registers)
{
    says("gpr 5=12", "GR05=00000012\n");
    says("gpr 15 = ffffffff", "GR15=FFFFFFFF\n");
    says("cr 1=00FF", "CR01=000000FF\n");
    says("fpr 2=4110000000000000", "FPR2=41100000 00000000\n");
    said[0] = 0;
    ck_assert(operator_command(op, "g"));
    ck_assert_ptr_nonnull(strstr(said, "GR04=00000000 GR05=00000012 GR06=00000000"));
    said[0] = 0;
    ck_assert(operator_command(op, "psw 00000000 00000800"));
    ck_assert_ptr_nonnull(strstr(said, "PSW=00000000 00000800"));
}
END_TEST

static const struct {
    const char *command, *message;
} bad[] = {
    {"frobnicate", "there is no operator command 'frobnicate'"},
    {"r", "give ADDRESS"},
    {"r xyz", "'xyz': give ADDRESS"},
    {"r 10-5", "give ADDRESS"},
    {"r 1000=1", "two digits are one byte"},
    {"r 1000=xx", "is not hexadecimal"},
    {"r 200000", "storage ends at 100000"},
    {"gpr 16", "the registers are 0 to 15"},
    {"gpr 1=123456789", "at most 8 digits"},
    {"fpr 1", "the registers are 0, 2, 4 and 6"},
    {"psw 0", "a PSW has 16 hexadecimal digits"},
    {"ipl", "is no device address"},
    {"ipl 999", "there is no device 999"},
    {"ipl 1999", "'1999' is no device address"},
    {"attach 0c0", "attach wants a device address and a type"},
    {"attach 0c0 9999", "attach 0C0: "},
    {"attach 009 3215", "attach 009: "},
    {"detach 0c0", "there is no device 0C0"},
    {"devinit 009 x", "a 3215-C has no media"},
    {"loadcore /no/such/file", "No such file"},
    {"b xyz", "that is no address, nor a symbol"},
    {"b xyz+4", "that is no address, nor a symbol"},
    {"b- 10", "there is no breakpoint"},
    {"chcheck", "is no device address"},
    {"chcheck 009", "chcheck wants a device and data, control or interface"},
    {"chcheck 009 parity", "chcheck wants a device and data, control or interface"},
    {"chcheck 777 data", "there is no device 777"},
    {"mcheck 4x", "one to twelve hexadecimal digits"},
    {"mcheck 0002", "bits 0 to 5, 7 and 8"},
    {"mcheck 8002", "bits 14 and 34 belong to bit 1"},
    {"mcheck 4 address 1000", "address (with bit 16, 17 or 18)"},
    {"mcheck 4 region", "mcheck region wants a hexadecimal value"},
    {"compare zz", "'zz': give ADDRESS"},
    {"compare 10 stored", "compare stored: the words are fetch, store, io, virtual"},
    {"compare 10=1", "two digits are one byte"},
    {"compare ffffff", "storage ends at 100000"},
    {"compare- 10", "there is no compare at that address"},
    {"s 0", "a number of instructions"},
    {"wait", "wait is for scripts"},
    {"expect 009 \"x\"", "expect is for scripts"},
    {"type 009", "type wants a device and a text"},
    {"type 0c1 \"x\"", "0C1 is no console"},
    {"connect", "connect wants a device"},
    {"message \"x", "a quote is not closed"},
    {"quit 256", "0 to 255"},
    {"script /no/such/script", "script /no/such/script: No such file"},
    {"symbols /no/such/file", "no symbols from /no/such/file"},
    {"help frobnicate", "there is no operator command"},
    {"store", "store wants the word status"},
};

START_TEST(refusals)
{
    ck_assert(!operator_command(op, bad[_i].command));
    ck_assert_msg(strstr(said, bad[_i].message) != NULL, "%s: %s", bad[_i].command, said);
}
END_TEST

START_TEST(devices)
{
    says("attach 0c0 3215", "");
    says("devlist", "0009 3215-C  CON  not connected\n00C0 3215    CON  not connected\n");
    says("detach c0", "");
    says("devlist", "0009 3215-C  CON  not connected\n");
}
END_TEST

START_TEST(load_core)
{
    char path[] = "/tmp/datbox-core-XXXXXX", command[64];
    int fd = mkstemp(path);
    ck_assert(fd >= 0 && write(fd, "\1\2\3", 3) == 3);
    close(fd);
    snprintf(command, sizeof command, "loadcore %s 2000", path);
    says(command, "3 bytes loaded at 002000\n");
    says("r 2000.4", "R:002000: 01020300\n");
    snprintf(command, sizeof command, "loadcore %s fffff", path);
    ck_assert(!operator_command(op, command));
    unlink(path);
}
END_TEST

/* LA 1,5; BCT 1,*; LPSW a disabled wait. */
static void load_program(void)
{
    poke(0x800, "41100005 46100804 82000810");
    poke(0x810, "00020000 00000BAD");
    ck_assert(operator_command(op, "psw 00000000 00000800"));
    said[0] = 0;
}

START_TEST(runs_to_a_wait)
{
    load_program();
    says("start", "");
    comes("stopped: disabled wait PSW=00020000 00000BAD after 7 instructions\n");
    says("gpr 1", "GR01=00000000\n");
}
END_TEST

static uint64_t much;

static bool executed_much(void)
{
    return cpu_instructions(machine->cpu) >= much;
}

static void runs_quietly(void)
{
    said[0] = 0;
    much = cpu_instructions(machine->cpu) + 5000000;
    run_until(executed_much);
    ck_assert_str_eq(said, "");
}

/* Program interruptions without end are said once, and only those: an invalid new PSW, one that
 * leads to no instruction, and a handler that each time comes to its end. */
START_TEST(endless_interruptions)
{
    static const struct {
        const char *new_psw, *text;
    } loops[] = {
        {"00080001 00000900", "(code 0006): the new PSW 00080001 00000900 is invalid"},
        {"00080000 00000901", "(code 0006): the new PSW 00080000 00000901 leads to the next one"},
        {"00000000 00000A00", "(code 0001): the new PSW 00000000 00000A00 leads to the next one"},
        {"00080000 00FFF000", "(code 0005): the new PSW 00080000 00FFF000 leads to the next one"},
    };
    poke(0x800, "0000");
    for (size_t k = 0; k < sizeof loops / sizeof *loops; k++) {
        poke(0x68, loops[k].new_psw);
        ck_assert(operator_command(op, "psw 00080000 00000800"));
        said[0] = 0;
        says("start", "");
        comes(loops[k].text);
        runs_quietly();
        says("stop", "");
        comes("stopped: ");
    }
    poke(0x68, "00080000 00000900");
    poke(0x900, "1A11 82000028"); /* changes a register, and goes on behind what was wrong */
    poke(0x800, "0000 47F00800");
    said[0] = 0;
    ck_assert(operator_command(op, "psw 00080000 00000800"));
    says("start", "");
    runs_quietly();
}
END_TEST

START_TEST(steps)
{
    load_program();
    says("s", "");
    comes("stopped: PSW=00000000 00000804  46100804");
    says("gpr 1", "GR01=00000005\n");
    says("s 2", "");
    comes("stopped: ");
    says("gpr 1", "GR01=00000003\n");
    says("s+", "");
    says("start", "");
    comes("stopped: ");
    says("gpr 1", "GR01=00000002\n");
    says("s-", "");
    says("start", "");
    comes("disabled wait");
}
END_TEST

START_TEST(breakpoints)
{
    load_program();
    says("b 804", "");
    says("b 808", "");
    says("b", "breakpoint 000804 \nbreakpoint 000808 \n");
    says("start", "");
    comes("stopped: ");
    says("gpr 1", "GR01=00000005\n");
    says("start", "");
    comes("stopped: ");
    says("gpr 1", "GR01=00000004\n"); /* each instruction once */
    says("b- 804", "");
    says("start", "");
    comes("stopped: PSW=00000000 00000808");
    says("b-", "");
    says("start", "");
    comes("disabled wait");
}
END_TEST

/* A machine check by command: its code, and the address of the failing storage. */
START_TEST(machine_check)
{
    poke(0x70, "000A0000 00000070");
    poke(0x800, "47F00800");
    ck_assert(operator_command(op, "psw 000C0000 00000800"));
    says("mcheck 40008 address 12340 region 7", "");
    says("start", "");
    comes("disabled wait PSW=000A0000 00000070");
    says("r e8.8", "R:0000E8: 40008FDF 00030000\n");
    says("r f8.8", "R:0000F8: 00012340 00000007\n");
    says("r 100.8", "R:000100: 000C0000 00000800\n");
}
END_TEST

/* Starts the program at 800 again; it must stop with the message and at the address. */
static void stops(const char *message, const char *psw)
{
    ck_assert(operator_command(op, "psw 00000000 00000800"));
    said[0] = 0;
    ck_assert(operator_command(op, "start"));
    comes(psw);
    ck_assert_msg(strstr(said, message) != NULL, "%s", said);
}

/* Address compare by fetch, store and channel, data compare, and what does not count. */
START_TEST(address_compare)
{
    poke(0x800, "58100900 50100904 D2070910 0900 92050914 95050914"); /* L, ST, MVC, MVI, CLI */
    poke(0x816, "9C000009 47F0081A");                                 /* SIO 9; a loop */
    poke(0x48, "00000830");
    poke(0x830, "03000000 60000001 03000000 20000001");
    poke(0x900, "01020304 05060708");
    says("compare", "there is no address compare\n");
    says("compare 903 fetch", "");
    says("compare", "compare 000903.1 fetch\n");
    stops("compare 000903.1: fetched\n", "stopped: PSW=00000000 00000804");
    says("start", "");
    comes("stopped: PSW=00000000 0000080E"); /* MVC fetches it */
    says("compare- 903", "");
    says("compare 904.4 store", "");
    stops("compare 000904.4: stored into\n", "stopped: PSW=00000000 00000808");
    says("compare-", "");
    says("compare 914=05", "");
    says("compare 914=06 store", "");
    says("compare", "compare 000914=05 fetch store io\ncompare 000914=06 store\n");
    /* MVC stores another value. */
    stops("compare 000914=05: stored into\n", "stopped: PSW=00000000 00000812");
    says("start", "");
    comes("compare 000914=05: fetched\n");
    says("compare-", "");
    /* The channel fetches CCWs, after SIO; the fetch of instructions does not count. */
    says("compare 816.8", "");
    says("compare 838 io", "");
    stops("compare 000838.1: used by a channel\n", "stopped: PSW=");
    says("compare-", "");
}
END_TEST

/* Instructions with what they change, branches and I/O alone, an area alone; into a file too. */
START_TEST(instructions)
{
    const char *file = "build/trace.tmp";
    poke(0x68, "000A0000 00000BAD");
    poke(0x40, "00000000 00000000");
    poke(0x800, "41100002 4610 0804 9C000123 0700 82000818 0700 0700 0700 000A0000 00000FED");
    ck_assert(operator_command(op, "psw 00000000 00000800"));
    ck_assert(operator_command(op, "gpr 1=0"));
    ck_assert(operator_command(op, "i+"));
    said[0] = 0;
    ck_assert(operator_command(op, "start"));
    comes("disabled wait");
    ck_assert_msg(strstr(said, "000800 LA    1,X'002'             R1=00000002\n") != NULL, "%s",
                  said);
    ck_assert_msg(strstr(said, "000804 BCT   1,X'804'             R1=00000001 -> 000804\n") != NULL,
                  "%s", said);
    ck_assert_msg(strstr(said, "000804 BCT   1,X'804'             R1=00000000\n") != NULL, "%s",
                  said);
    ck_assert_msg(strstr(said, "000808 SIO   X'123'               device 123 CC=3\n") != NULL, "%s",
                  said);
    ck_assert_msg(strstr(said, "00080E LPSW  X'818'               -> 000FED\n") != NULL, "%s",
                  said);
    says("i-", "6 lines traced\n");
    ck_assert(operator_command(op, "i+ branch io 804-80B"));
    unlink(file);
    ck_assert(operator_command(op, "tracefile build/trace.tmp"));
    ck_assert(operator_command(op, "psw 00000000 00000800"));
    said[0] = 0;
    ck_assert(operator_command(op, "start"));
    comes("disabled wait");
    ck_assert_ptr_null(strstr(said, "BCT"));
    says("i-", "2 lines traced\n");
    says("tracefile", "");
    FILE *f = fopen(file, "r");
    char lines[2][200];
    ck_assert_ptr_nonnull(f);
    for (unsigned i = 0; i < 2; i++)
        ck_assert_ptr_nonnull(fgets(lines[i], sizeof lines[i], f));
    ck_assert_int_eq(fgetc(f), EOF);
    ck_assert_msg(strstr(lines[0], "BCT ") != NULL, "%s", lines[0]);
    ck_assert_msg(strstr(lines[1], "SIO ") != NULL, "%s", lines[1]);
    fclose(f);
    unlink(file);
    ck_assert(!operator_command(op, "i+ 800"));
    ck_assert(!operator_command(op, "tracefile build/no/such/directory"));
}
END_TEST

/* A supervisor sends a program to problem state; its SVC comes back. */
START_TEST(traps)
{
    poke(0x60, "00000000 00000900");           /* SVC new PSW */
    poke(0x800, "82000808 0000 0000");         /* LPSW 808 */
    poke(0x808, "00010000 00000820");          /* problem state */
    poke(0x820, "41000001 0A05 0A06");         /* LA 0,1; SVC 5; SVC 6 */
    poke(0x900, "95060023 47800910 82000020"); /* SVC 6? else LPSW old */
    poke(0x910, "82000918 00000000 00020000 00000FED");
    says("t?", "trace is off\n");
    ck_assert(operator_command(op, "t+"));
    operator_count_exits(op, true); /* both look at the same interruptions */
    ck_assert(operator_command(op, "psw 00000000 00000800"));
    says("start", "");
    comes("disabled wait");
    const char *line = strstr(said, "000824 SVC");
    ck_assert_msg(line != NULL, "%s", said);
    ck_assert_ptr_nonnull(strstr(line, "SVC 05"));
    ck_assert_ptr_nonnull(strstr(line, "-> 000900"));
    ck_assert_ptr_nonnull(strstr(line, "back at 000826 after 3 instructions"));
    line = strstr(line, "000826 SVC");
    ck_assert_ptr_nonnull(line);
    ck_assert_ptr_nonnull(strstr(line, "CPU waits after 3 instructions"));
    says("t-", "2 traps traced\n");
    /* ... and another program, by its segment table. */
    const struct operator_exits *rows;
    ck_assert_uint_eq(operator_exits(op, &rows), 1);
    ck_assert_uint_eq(rows[0].count, 2);
    ck_assert_str_eq(rows[0].name, "");
    cpu_set_cr(machine->cpu, 1, 0x123400);
    ck_assert(operator_command(op, "psw 00000000 00000800"));
    says("start", "");
    comes("disabled wait");
    ck_assert_uint_eq(operator_exits(op, &rows), 2);
    ck_assert_uint_eq(rows[1].count, 2);
    ck_assert_uint_eq(rows[1].segment_table, 0x123400);
    operator_count_exits(op, false);
    ck_assert_uint_eq(operator_exits(op, &rows), 0);
}
END_TEST

START_TEST(documented)
{
    static char docs[1 << 16];
    FILE *f = fopen("docs/operating.md", "r");
    ck_assert_ptr_nonnull(f);
    docs[fread(docs, 1, sizeof docs - 1, f)] = 0;
    fclose(f);
    for (const struct operator_command *c = operator_commands(); c->name; c++) {
        char operands[128], row[400];
        size_t n = 0;
        for (const char *s = c->operands; *s; s++) {
            if (*s == '|')
                operands[n++] = '\\'; /* a table of Markdown wants it */
            operands[n++] = *s;
        }
        operands[n] = 0;
        snprintf(row, sizeof row, "| `%s%s%s` | %u | %s |", c->name, n ? " " : "", operands,
                 c->least, c->help);
        ck_assert_msg(strstr(docs, row) != NULL, "docs/operating.md lacks: %s", row);
    }
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("operator");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, storage);
    tcase_add_test(t, registers);
    tcase_add_loop_test(t, refusals, 0, sizeof bad / sizeof bad[0]);
    tcase_add_test(t, devices);
    tcase_add_test(t, load_core);
    tcase_add_test(t, runs_to_a_wait);
    tcase_add_test(t, endless_interruptions);
    tcase_add_test(t, steps);
    tcase_add_test(t, breakpoints);
    tcase_add_test(t, machine_check);
    tcase_add_test(t, address_compare);
    tcase_add_test(t, instructions);
    tcase_add_test(t, traps);
    tcase_add_test(t, documented);
    Suite *s = suite_create("operator");
    suite_add_tcase(s, t);
    return run_suite(s);
}
