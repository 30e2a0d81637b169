/* Proves: frames of GDB's protocol are taken in any pieces and damaged ones refused; each packet
 * that docs/debugging.md names reads and alters what it says; breakpoints, watchpoints, steps
 * and Ctrl-C stop the CPU where they should, and the CPUs go on when the debugger leaves. */
#include "s370/operator/gdb.h"
#include "s370/operator/gdb_packet.h"
#include "s370/operator/operator.h"
#include "tests/unit/machine_fixture.h"
#include "tests/unit/run_suite.h"

#include <uv.h>

static struct oper *op;
static struct gdb *gdb;
static char sent[65536]; /* all that went to GDB since the last packet */
static bool hung_up;

static void take(void *context, const char *bytes, size_t length)
{
    size_t n = strlen(sent);
    snprintf(sent + n, sizeof sent - n, "%.*s", (int)length, bytes);
    machine->quit = true; /* for those who wait for an answer */
}

static void take_end(void *context)
{
    hung_up = true;
}

static const struct gdb_link link_to_test = {take, take_end};

static void setup(void)
{
    fixture_open(CLOCK_VIRTUAL);
    attach(0x009, "3215-C");
    op = operator_create(machine, 0x009);
    gdb = gdb_create(op, &link_to_test, NULL);
    ck_assert_ptr_nonnull(gdb);
    sent[0] = 0;
    hung_up = false;
}

static void teardown(void)
{
    gdb_destroy(gdb);
    operator_destroy(op);
    fixture_close();
}

/* --- talking --- */

static void give(const char *payload)
{
    char frame[GDB_FRAME_MOST];
    size_t n = gdb_frame(frame, payload, strlen(payload));
    sent[0] = 0;
    gdb_input(gdb, (const uint8_t *)frame, n);
}

/* The payload of the last frame that was sent. */
static const char *last(void)
{
    static char payload[GDB_PACKET_MOST + 1];
    const char *start = strrchr(sent, '$');
    payload[0] = 0;
    if (start) {
        size_t n = strcspn(start, "#") - 1;
        memcpy(payload, start + 1, n);
        payload[n] = 0;
    }
    return payload;
}

static void answers(const char *payload, const char *answer)
{
    give(payload);
    ck_assert_msg(!strcmp(last(), answer), "%s: %s instead of %s", payload, last(), answer);
}

static bool has_sent(void)
{
    return sent[0] && strchr(sent, '$');
}

/* The packet lets the machine run until it stops with this (the beginning of the answer). */
static void stops(const char *payload, const char *answer)
{
    if (payload)
        give(payload);
    ck_assert_msg(!has_sent() || payload == NULL, "%s was answered at once: %s", payload, sent);
    machine->quit = false;
    while (!has_sent()) {
        machine_run(machine);
        machine->quit = false;
    }
    ck_assert_msg(!strncmp(last(), answer, strlen(answer)), "%s: %s instead of %s", payload, last(),
                  answer);
}

/* Where the CPU is, by the stop reply. */
static void is_at(const char *address)
{
    char text[32];
    snprintf(text, sizeof text, ";1:%s;", address);
    ck_assert_msg(strstr(last(), text), "%s instead of %s", last(), text);
}

/* A program at 1000 that counts in GR1 for ever; its data is at 800:
 *   1000 L 2,800  1004 LA 1,1(1)  1008 ST 1,810  100C MVC 820(4),800  1012 B 0(,12) */
static void program_at_1000(void)
{
    poke(0x1000, "58200800 41101001 50100810 D20308200800 47F0C000");
    poke(0x800, "11223344");
    cpu_regs(machine->cpu)->gr[12] = 0x1000;
    cpu_load_psw(machine->cpu, UINT64_C(0x0008000000001000));
}

/* --- frames --- */

static enum gdb_event feed(struct gdb_reader *r, const char *bytes)
{
    enum gdb_event event = GDB_NOTHING;
    for (; *bytes; bytes++)
        event = gdb_reader_byte(r, (uint8_t)*bytes);
    return event;
}

START_TEST(frames)
{
    struct gdb_reader r = {0};
    char frame[GDB_FRAME_MOST + 1];
    ck_assert_int_eq(feed(&r, "noise+"), GDB_ACK);
    ck_assert_int_eq(feed(&r, "-"), GDB_NAK);
    ck_assert_int_eq(feed(&r, "\003"), GDB_BREAK);
    ck_assert_int_eq(feed(&r, "$g#67"), GDB_PACKET);
    ck_assert_str_eq(r.payload, "g");
    ck_assert_int_eq(feed(&r, "$g#68"), GDB_BAD_PACKET);
    ck_assert_int_eq(feed(&r, "$g#6x"), GDB_BAD_PACKET);
    ck_assert_int_eq(feed(&r, "$lost$m0,4#fd"), GDB_PACKET);
    ck_assert_str_eq(r.payload, "m0,4");
    /* What means something in frames is escaped, and comes back as it was. */
    frame[gdb_frame(frame, "a$b#c}d*\003", 9)] = 0;
    ck_assert_ptr_null(memchr(frame + 1, '$', strlen(frame) - 1));
    ck_assert_int_eq(feed(&r, frame), GDB_PACKET);
    ck_assert_uint_eq(r.length, 9);
    ck_assert_mem_eq(r.payload, "a$b#c}d*\003", 9);
    /* Too long: refused, and the next one is taken. */
    feed(&r, "$");
    for (unsigned i = 0; i <= GDB_PACKET_MOST; i++)
        feed(&r, "@");
    char end[4];
    uint8_t sum = (uint8_t)((GDB_PACKET_MOST + 1) * '@');
    snprintf(end, sizeof end, "#%02x", sum);
    ck_assert_int_eq(feed(&r, end), GDB_BAD_PACKET);
    ck_assert_int_eq(feed(&r, "$?#3f"), GDB_PACKET);
}
END_TEST

START_TEST(numbers)
{
    uint32_t value = 5;
    const char *at = "fFffFFff,";
    ck_assert(gdb_number(&at, &value));
    ck_assert_uint_eq(value, 0xffffffff);
    ck_assert_str_eq(at, ",");
    ck_assert(!gdb_number(&at, &value));
    at = "100000000";
    ck_assert(!gdb_number(&at, &value));
    uint8_t bytes[2];
    ck_assert(gdb_bytes("0aB1", bytes, 2) && bytes[0] == 0x0a && bytes[1] == 0xb1);
    ck_assert(!gdb_bytes("0a1", bytes, 2) && !gdb_bytes("0a1122", bytes, 2));
}
END_TEST

START_TEST(acknowledgement)
{
    sent[0] = 0;
    gdb_input(gdb, (const uint8_t *)"$qC#b4", 6);
    ck_assert_str_eq(sent, "+$QC1#c5");
    sent[0] = 0;
    gdb_input(gdb, (const uint8_t *)"-", 1); /* it got lost: again */
    ck_assert_str_eq(sent, "$QC1#c5");
    sent[0] = 0;
    gdb_input(gdb, (const uint8_t *)"$qC#b5", 6);
    ck_assert_str_eq(sent, "-");
    answers("QStartNoAckMode", "OK");
    give("qC");
    ck_assert_str_eq(sent, "$QC1#c5");
    answers("vMustReplyEmpty", "");
    answers("qAttached", "1");
    ck_assert_ptr_null(gdb_create(op, &link_to_test, NULL)); /* there is one already */
}
END_TEST

/* --- registers and storage --- */

START_TEST(description)
{
    char whole[16384] = "";
    for (unsigned from = 0;; from += 256) {
        char payload[64];
        snprintf(payload, sizeof payload, "qXfer:features:read:target.xml:%x,100", from);
        give(payload);
        strcat(whole, last() + 1);
        if (last()[0] == 'l')
            break;
        ck_assert_int_eq(last()[0], 'm');
        ck_assert_uint_eq(strlen(last()), 257);
    }
    ck_assert_ptr_nonnull(strstr(whole, "<architecture>s390:31-bit</architecture>"));
    ck_assert_ptr_nonnull(strstr(whole, "<reg name=\"pswa\" bitsize=\"32\""));
    ck_assert_ptr_nonnull(strstr(whole, "<reg name=\"f15\" bitsize=\"64\""));
    ck_assert_ptr_nonnull(strstr(whole, "</target>"));
    answers("qXfer:features:read:other.xml:0,100", "");
    answers("qXfer:features:read:target.xml:ffffff,100", "l");
}
END_TEST

START_TEST(registers)
{
    struct cpu_state_regs *regs = cpu_regs(machine->cpu);
    give("?");
    regs->gr[3] = 0x01020304;
    regs->fpr[1] = UINT64_C(0x4111223344556677);
    answers("p5", "01020304");
    answers("P5=0000000a", "OK");
    ck_assert_uint_eq(regs->gr[3], 10);
    answers("p25", "4111223344556677"); /* f2 */
    answers("P25=4210000000000000", "OK");
    ck_assert_uint_eq(regs->fpr[1], UINT64_C(0x4210000000000000));
    answers("p24", "0000000000000000");     /* f1 does not exist */
    answers("P24=0000000000000001", "E16"); /* and can't be altered */
    answers("P1=00001234", "OK");           /* pswa */
    ck_assert_uint_eq(cpu_psw(machine->cpu) & 0xffffff, 0x1234);
    answers("P0=00080000", "OK"); /* pswm: extended control */
    ck_assert_uint_eq(cpu_psw(machine->cpu), UINT64_C(0x0008000000001234));
    answers("P34=00000001", "OK"); /* cr1 */
    ck_assert_uint_eq(regs->cr[1], 1);
    answers("p43", "00000000"); /* prefix */
    answers("p44", "E16");
    answers("P5=000000", "E16");
    answers("p", "E16");
    /* All of them: what g gives, G takes. */
    char all[1200];
    give("g");
    ck_assert_uint_eq(strlen(last()), 2 * (4 * 35 + 8 * 16 + 4 * 17));
    snprintf(all, sizeof all, "G%s", last());
    regs->gr[3] = 99;
    answers(all, "OK");
    ck_assert_uint_eq(regs->gr[3], 10);
    answers("G00", "E16");
}
END_TEST

START_TEST(storage)
{
    give("?");
    answers("M7fe,4:01020304", "OK");
    answers("m7fe,4", "01020304");
    answers("X900,3:abc", "OK");
    answers("m900,3", "616263");
    answers("X900,3:ab", "E16");
    answers("mffffe,4", "0000"); /* storage ends there */
    answers("m100000,4", "E0e");
    answers("Mffffe,4:01020304", "E0e");
    answers("mffffe,2", "0000"); /* nothing was altered */
    answers("m0,0", "");
    answers("mx", "E16");
    answers("m0,4,", "E16");
    answers("M0,4:0102", "E16");
}
END_TEST

/* Addresses are those of the CPU's program: a page of the translation tables. */
START_TEST(translated)
{
    poke(0x3000, "F0004000");       /* segment 0: page table of 16 at 4000 */
    poke(0x4000, "0080 0008 0008"); /* page 0 at 8000, page 1 invalid */
    poke(0x8010, "CAFE");
    cpu_set_cr(machine->cpu, 0, 0x00800000); /* 4K pages, 64K segments */
    cpu_set_cr(machine->cpu, 1, 0x3000);
    cpu_load_psw(machine->cpu, UINT64_C(0x040c000000000000));
    give("?");
    answers("m10,2", "cafe");
    answers("M10,2:beef", "OK");
    uint8_t bytes[2];
    storage_peek(&machine->storage, 0x8010, bytes, 2);
    ck_assert_uint_eq(bytes[0] << 8 | bytes[1], 0xbeef);
    answers("m1000,2", "E0e");
    answers("Z0,1000,2", "E0e"); /* it can't be known where that will be */
    answers("Z1,1000,2", "OK");  /* but the address can be waited for */
}
END_TEST

/* --- running --- */

START_TEST(steps)
{
    program_at_1000();
    give("?");
    ck_assert(!strncmp(last(), "T05thread:1;", 12));
    is_at("00001000");
    stops("vCont;s:1;c", "T05thread:1;");
    is_at("00001004");
    stops("s", "T05");
    is_at("00001008");
    stops("vCont;r1008,1016:1", "T05"); /* through the range, and out of it at the branch back */
    is_at("00001000");
    ck_assert_uint_eq(cpu_regs(machine->cpu)->gr[1], 1);
    stops("s1004", "T05"); /* from another place */
    is_at("00001008");
}
END_TEST

START_TEST(breakpoints)
{
    program_at_1000();
    give("qSupported:swbreak+;hwbreak+");
    ck_assert_ptr_nonnull(strstr(last(), "QStartNoAckMode+"));
    give("?");
    answers("Z0,1008,2", "OK");
    answers("Z0,1008,2", "OK"); /* twice is once */
    stops("vCont;c", "T05thread:1;swbreak:;");
    is_at("00001008");
    stops("c", "T05thread:1;swbreak:;"); /* once around */
    is_at("00001008");
    ck_assert_uint_eq(cpu_regs(machine->cpu)->gr[1], 2);
    answers("z0,1008,2", "OK");
    answers("Z1,100c,2", "OK");
    stops("c", "T05thread:1;hwbreak:;");
    is_at("0000100c");
    answers("Z5,0,2", "E16");
    answers("Z0,zz", "E16");
    answers("Z2,800,0", "E0e");
    answers("Z2,ffffe,4", "E0e");
}
END_TEST

/* A debugger that sets a point and goes on, or steps, without having asked for the state. */
START_TEST(goes_on_without_asking)
{
    program_at_1000();
    answers("Z0,1008,2", "OK");
    stops("c", "T05thread:1;");
    is_at("00001008");
    answers("z0,1008,2", "OK");
    answers("D", "OK");
    cpu_stop(machine->cpu);
    program_at_1000();
    stops("s", "T05thread:1;");
    is_at("00001004");
}
END_TEST

/* One that says go on while the CPU goes on, even from another place, changes nothing and is told
 * of the stop once. */
START_TEST(continue_in_progress)
{
    program_at_1000();
    give("?");
    give("c");
    uint64_t psw = cpu_psw(machine->cpu);
    give("c1004");
    ck_assert_uint_eq(cpu_psw(machine->cpu), psw);
    give("s1004");
    give("vCont;s:1");
    ck_assert(!has_sent());
    ck_assert_uint_eq(cpu_psw(machine->cpu), psw);
    gdb_input(gdb, (const uint8_t *)"\3", 1);
    ck_assert(!strncmp(last(), "T02thread:1;", 12));
    sent[0] = 0;
    gdb_input(gdb, (const uint8_t *)"\3", 1);
    ck_assert(!has_sent());
}
END_TEST

START_TEST(watchpoints)
{
    program_at_1000();
    give("?");
    answers("Z2,812,2", "OK"); /* stores */
    stops("c", "T05thread:1;watch:812;");
    is_at("0000100c"); /* behind the ST */
    answers("z2,812,2", "OK");
    answers("Z3,803,1", "OK"); /* fetches */
    stops("c", "T05thread:1;rwatch:803;");
    is_at("00001012"); /* the MVC has fetched it, as the L would have done next */
    stops("c", "T05thread:1;rwatch:803;");
    is_at("00001004");
    answers("z3,803,1", "OK");
    answers("Z4,820,4", "OK"); /* both; the value stays the same */
    stops("c", "T05thread:1;awatch:820;");
    is_at("00001012");
    /* The fetch of instructions is no access to data. */
    answers("z4,820,4", "OK");
    answers("Z3,1000,16", "OK");
    answers("Z1,1012,2", "OK");
    stops("c", "T05thread:1;0:"); /* or a kind, which this GDB has not said that it knows */
}
END_TEST

/* A channel's store is watched as well: the console's line is read to 2000. */
START_TEST(watched_channel)
{
    program_at_1000();
    poke(0x48, "00003000");
    poke(0x3000, "0A002000 20000010");
    poke(0x78, "0008000000001000"); /* I/O new PSW: not reached, disabled */
    give("?");
    answers("Z2,2000,4", "OK");
    cpu_load_psw(machine->cpu, UINT64_C(0x0008000000001100));
    poke(0x1100, "9C000009 4770C100 47F0C108"); /* SIO 009 until it is accepted, loop */
    give("c");
    ck_assert(operator_command(op, "/hello"));
    stops(NULL, "T05thread:1;watch:2000;");
}
END_TEST

START_TEST(ctrl_c_and_disabled_wait)
{
    program_at_1000();
    give("?");
    give("c");
    ck_assert(!has_sent());
    ck_assert_int_eq(cpu_get_state(machine->cpu), CPU_RUNNING);
    gdb_input(gdb, (const uint8_t *)"\003", 1);
    ck_assert(!strncmp(last(), "T02", 3));
    ck_assert_int_eq(cpu_get_state(machine->cpu), CPU_STOPPED);
    /* A PSW with the wait bit, all masks zero. */
    answers("P0=000a0000", "OK");
    stops("c", "T06");
    stops("c", "T06"); /* nor does it go on */
}
END_TEST

static bool is_stopped(void)
{
    return cpu_get_state(machine->cpu) == CPU_STOPPED;
}

static void too_early(struct machine *m, struct event *event)
{
    ck_abort_msg("time goes on while the debugger holds the machine");
}

static void enough(uv_timer_t *timer)
{
    machine_quit(machine, 0);
}

static void run_for_host_ms(unsigned ms)
{
    static uv_timer_t timer;
    uv_timer_init(machine->loop, &timer);
    uv_timer_start(&timer, enough, ms, 0);
    machine->quit = false;
    machine_run(machine);
}

START_TEST(who_is_stopped_stays)
{
    program_at_1000();
    give("?"); /* the CPU was stopped before: detaching leaves it so */
    answers("D", "OK");
    ck_assert(is_stopped());
    /* It ran: attaching stops it, detaching lets it go on. */
    ck_assert(operator_command(op, "start"));
    give("?");
    ck_assert(is_stopped());
    answers("Z1,1008,2", "OK");
    answers("D", "OK");
    ck_assert(!is_stopped());
    /* Its breakpoint is gone with it. */
    ck_assert(operator_command(op, "b 100c"));
    run_until(is_stopped);
    ck_assert_uint_eq(cpu_psw(machine->cpu) & 0xffffff, 0x100c);
    /* While the debugger has the machine nobody else starts it, and no time is skipped. */
    static struct event later;
    give("?");
    later.happen = too_early;
    event_schedule(&machine->events, &later, machine_now(machine) + 1000000);
    ck_assert(operator_command(op, "start"));
    uint64_t now = machine_now(machine);
    run_for_host_ms(20);
    ck_assert(is_stopped());
    ck_assert_uint_eq(machine_now(machine), now);
    ck_assert_uint_eq(cpu_psw(machine->cpu) & 0xffffff, 0x100c);
    event_cancel(&machine->events, &later);
}
END_TEST

START_TEST(commands)
{
    give("?");
    give("qRcmd,67707220313d3142"); /* gpr 1=1B */
    ck_assert_ptr_nonnull(strstr(sent, "$O475230313d30303030303031420a#"));
    ck_assert_str_eq(last(), "OK");
    ck_assert_uint_eq(cpu_regs(machine->cpu)->gr[1], 0x1b);
    ck_assert_ptr_nonnull(strstr(said, "GR01=0000001B")); /* the operator sees it, too */
    answers("qRcmd,6", "E16");
    answers("qRcmd,", "E16");
    give("k");
    ck_assert(hung_up);
    ck_assert_ptr_nonnull(strstr(said, "system reset"));
}
END_TEST

/* Two CPUs are two threads; one that the program never started is left alone. */
START_TEST(threads)
{
    ck_assert(machine_install_cpus(machine, 3));
    program_at_1000();
    cpu_regs(machine->cpus[1])->gr[12] = 0x1000;
    cpu_load_psw(machine->cpus[1], UINT64_C(0x0008000000001000));
    cpu_start(machine->cpus[0]);
    cpu_start(machine->cpus[1]);
    give("?");
    answers("qfThreadInfo", "m1,2,3");
    answers("qsThreadInfo", "l");
    answers("T3", "OK");
    answers("T4", "E16");
    answers("Hg2", "OK");
    answers("p2", "00000000");
    answers("P3=00000007", "OK");
    ck_assert_uint_eq(cpu_regs(machine->cpus[1])->gr[1], 7);
    stops("vCont;s:2", "T05thread:2;"); /* that one alone */
    is_at("00001004");
    ck_assert_uint_eq(cpu_psw(machine->cpus[0]) & 0xffffff, 0x1000);
    answers("Z1,1008,2", "OK");
    stops("vCont;c", "T05thread:");
    ck_assert_int_eq(cpu_get_state(machine->cpus[0]), CPU_STOPPED);
    ck_assert_int_eq(cpu_get_state(machine->cpus[1]), CPU_STOPPED);
    ck_assert_uint_eq(cpu_instructions(machine->cpus[2]), 0);
    answers("D", "OK");
    ck_assert_int_eq(cpu_get_state(machine->cpus[0]), CPU_RUNNING);
    ck_assert_int_eq(cpu_get_state(machine->cpus[2]), CPU_STOPPED);
}
END_TEST

START_TEST(link_lost)
{
    program_at_1000();
    ck_assert(operator_command(op, "start"));
    give("?");
    answers("Z1,1008,2", "OK");
    gdb_destroy(gdb);
    ck_assert_ptr_nonnull(strstr(said, "the connection is lost; the CPU is stopped"));
    ck_assert(is_stopped());
    gdb = gdb_create(op, &link_to_test, NULL); /* another one may come */
    ck_assert_ptr_nonnull(gdb);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("gdb");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, frames);
    tcase_add_test(t, numbers);
    tcase_add_test(t, acknowledgement);
    tcase_add_test(t, description);
    tcase_add_test(t, registers);
    tcase_add_test(t, storage);
    tcase_add_test(t, translated);
    tcase_add_test(t, steps);
    tcase_add_test(t, breakpoints);
    tcase_add_test(t, goes_on_without_asking);
    tcase_add_test(t, continue_in_progress);
    tcase_add_test(t, watchpoints);
    tcase_add_test(t, watched_channel);
    tcase_add_test(t, ctrl_c_and_disabled_wait);
    tcase_add_test(t, commands);
    tcase_add_test(t, who_is_stopped_stays);
    tcase_add_test(t, threads);
    tcase_add_test(t, link_lost);
    Suite *s = suite_create("gdb");
    suite_add_tcase(s, t);
    return run_suite(s);
}
