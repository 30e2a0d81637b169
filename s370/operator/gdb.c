/* GDB's packets: which one means what.  Each packet has one answer, but those that let the
 * machine run: theirs comes when it has stopped. */
#include "s370/operator/gdb_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* --- replies --- */

void gdb_say(struct gdb *g, const char *format, ...)
{
    struct gdb_reply *r = &g->reply;
    va_list args;
    va_start(args, format);
    int n = vsnprintf(r->text + r->length, sizeof r->text - r->length, format, args);
    va_end(args);
    r->length += (size_t)n;
    if (r->length > GDB_PACKET_MOST) /* whoever asks for more gets what fits */
        r->length = GDB_PACKET_MOST;
}

void gdb_say_hex(struct gdb *g, const void *bytes, size_t length)
{
    struct gdb_reply *r = &g->reply;
    size_t room = (GDB_PACKET_MOST - r->length) / 2;
    if (length > room)
        length = room;
    r->length = (size_t)(gdb_hex(r->text + r->length, bytes, length) - r->text);
}

void gdb_send(struct gdb *g)
{
    g->frame_length = gdb_frame(g->frame, g->reply.text, g->reply.length);
    g->link->send(g->context, g->frame, g->frame_length);
}

/* --- packets --- */

static void query_supported(struct gdb *g, const char *at)
{
    g->tells_kinds = strstr(at, "swbreak+") && strstr(at, "hwbreak+");
    gdb_say(g,
            "PacketSize=%x;QStartNoAckMode+;qXfer:features:read+;vContSupported+;swbreak+;"
            "hwbreak+",
            GDB_PACKET_MOST);
}

static void start_no_ack(struct gdb *g, const char *at)
{
    g->no_ack = true;
    gdb_say(g, "OK");
}

static void query_state(struct gdb *g, const char *at)
{
    gdb_attach(g);
    gdb_hold(g);
    gdb_say_stop(g);
}

static void query_attached(struct gdb *g, const char *at)
{
    gdb_say(g, "1"); /* the machine was there before: GDB detaches when it ends */
}

static void query_thread(struct gdb *g, const char *at)
{
    gdb_say(g, "QC%x", g->cpu + 1);
}

static void list_threads(struct gdb *g, const char *at)
{
    for (unsigned n = 0; n < g->m->cpu_count; n++)
        gdb_say(g, "%c%x", n ? ',' : 'm', n + 1);
}

static void list_no_more(struct gdb *g, const char *at)
{
    gdb_say(g, "l");
}

static bool parse_thread(const struct gdb *g, const char *at, uint32_t *n)
{
    return gdb_number(&at, n) && *at == 0 && *n >= 1 && *n <= g->m->cpu_count;
}

static void describe_thread(struct gdb *g, const char *at)
{
    char text[64];
    uint32_t n;
    if (!parse_thread(g, at, &n)) {
        gdb_say(g, "E16");
        return;
    }
    const struct cpu *cpu = g->m->cpus[n - 1];
    enum cpu_state state = cpu_get_state(cpu);
    snprintf(text, sizeof text, "CPU %u%s", n - 1,
             cpu_is_check_stopped(cpu)    ? ", check stop"
             : state == CPU_DISABLED_WAIT ? ", disabled wait"
             : g->halted >> (n - 1) & 1   ? ""
             : state == CPU_STOPPED       ? ", stopped by the program or the operator"
                                          : "");
    gdb_say_hex(g, text, strlen(text));
}

static void thread_alive(struct gdb *g, const char *at)
{
    uint32_t n;
    gdb_say(g, parse_thread(g, at, &n) ? "OK" : "E16");
}

/* Hg: the CPU of registers and addresses; Hc is for those who do without vCont. */
static void set_thread(struct gdb *g, const char *at)
{
    uint32_t n;
    bool any = at[0] && (!strcmp(at + 1, "0") || !strcmp(at + 1, "-1"));
    if ((*at != 'g' && *at != 'c') || (!any && !parse_thread(g, at + 1, &n))) {
        gdb_say(g, "E16");
        return;
    }
    if (!any && *at == 'g') {
        g->cpu = n - 1;
        machine_select_cpu(g->m, g->cpu);
    }
    gdb_say(g, "OK");
}

/* What the operator's command says goes to GDB's user, and to whom it went before. */
struct listener {
    struct gdb *g;
    void (*message)(void *context, const char *line);
    void *context;
};

static void listen(void *context, const char *line)
{
    struct listener *l = context;
    size_t n = strlen(line);
    if (n > GDB_PACKET_MOST / 2 - 2)
        n = GDB_PACKET_MOST / 2 - 2;
    l->g->reply.length = 0;
    gdb_say(l->g, "O");
    gdb_say_hex(l->g, line, n);
    gdb_say_hex(l->g, "\n", 1);
    gdb_send(l->g);
    if (l->message)
        l->message(l->context, line);
}

static void monitor(struct gdb *g, const char *at)
{
    char line[COMMAND_SIZE];
    struct machine *m = g->m;
    size_t n = strlen(at) / 2;
    if (n == 0 || n >= sizeof line || !gdb_bytes(at, (uint8_t *)line, n)) {
        gdb_say(g, "E16");
        return;
    }
    line[n] = 0;
    struct listener l = {g, m->message, m->message_context};
    m->message = listen;
    m->message_context = &l;
    (void)operator_command(g->o, line); /* if it failed, a message says why */
    m->message = l.message;
    m->message_context = l.context;
    g->reply.length = 0;
    gdb_say(g, "OK");
}

static void resume_one(struct gdb *g, const char *at)
{
    char action[16];
    uint32_t signal;
    char word = g->reader.payload[0];
    const char *address = at;
    if (word == 'C' || word == 'S') {
        (void)gdb_number(&address, &signal);
        address += *address == ';';
        word = word == 'C' ? 'c' : 's';
    }
    uint32_t where;
    if (g->running)
        return; /* as in gdb_resume */
    gdb_attach(g);
    if (gdb_number(&address, &where)) {
        uint64_t psw = cpu_psw(gdb_cpu(g));
        (void)cpu_load_psw(gdb_cpu(g), (psw & ~(uint64_t)ADDRESS_MASK) | (where & ADDRESS_MASK));
    }
    snprintf(action, sizeof action, ";%c:%x%s", word, g->cpu + 1, word == 's' ? ";c" : "");
    gdb_resume(g, word == 'c' ? ";c" : action);
}

static void continue_what(struct gdb *g, const char *at)
{
    gdb_say(g, "vCont;c;C;s;S;r");
}

static void detach(struct gdb *g, const char *at)
{
    gdb_clear_points(g);
    gdb_release(g);
    gdb_say(g, "OK");
}

/* The program is gone, the machine stays: as if the operator pressed system reset. */
static void kill_program(struct gdb *g, const char *at)
{
    gdb_clear_points(g);
    g->halted = 0;
    gdb_release(g);
    machine_system_reset(g->m, false);
    machine_message(g->m, "gdb: killed the program: system reset");
    g->link->hang_up(g->context);
}

enum answer { ANSWER, ANSWER_LATER };

static const struct {
    const char *word;
    enum { WHOLE, PREFIX } match;
    enum answer answer;
    void (*run)(struct gdb *g, const char *at); /* `at`: behind the word */
} packets[] = {
    {"qSupported", PREFIX, ANSWER, query_supported},
    {"QStartNoAckMode", WHOLE, ANSWER, start_no_ack},
    {"qXfer:features:read:target.xml:", PREFIX, ANSWER, gdb_describe},
    {"qAttached", PREFIX, ANSWER, query_attached},
    {"qC", WHOLE, ANSWER, query_thread},
    {"qfThreadInfo", WHOLE, ANSWER, list_threads},
    {"qsThreadInfo", WHOLE, ANSWER, list_no_more},
    {"qThreadExtraInfo,", PREFIX, ANSWER, describe_thread},
    {"qRcmd,", PREFIX, ANSWER, monitor},
    {"vCont?", WHOLE, ANSWER, continue_what},
    {"vCont", PREFIX, ANSWER_LATER, gdb_resume},
    {"?", WHOLE, ANSWER, query_state},
    {"g", WHOLE, ANSWER, gdb_read_registers},
    {"G", PREFIX, ANSWER, gdb_write_registers},
    {"p", PREFIX, ANSWER, gdb_read_register},
    {"P", PREFIX, ANSWER, gdb_write_register},
    {"m", PREFIX, ANSWER, gdb_read_storage},
    {"M", PREFIX, ANSWER, gdb_write_storage},
    {"X", PREFIX, ANSWER, gdb_write_binary},
    {"Z", PREFIX, ANSWER, gdb_set_point},
    {"z", PREFIX, ANSWER, gdb_clear_point},
    {"H", PREFIX, ANSWER, set_thread},
    {"T", PREFIX, ANSWER, thread_alive},
    {"c", PREFIX, ANSWER_LATER, resume_one},
    {"C", PREFIX, ANSWER_LATER, resume_one},
    {"s", PREFIX, ANSWER_LATER, resume_one},
    {"S", PREFIX, ANSWER_LATER, resume_one},
    {"D", PREFIX, ANSWER, detach},
    {"k", WHOLE, ANSWER_LATER, kill_program},
};

static void take_packet(struct gdb *g)
{
    const char *payload = g->reader.payload;
    g->reply.length = 0;
    for (size_t i = 0; i < sizeof packets / sizeof *packets; i++) {
        size_t n = strlen(packets[i].word);
        if (strncmp(payload, packets[i].word, n) != 0 || (packets[i].match == WHOLE && payload[n]))
            continue;
        packets[i].run(g, payload + n);
        if (packets[i].answer == ANSWER)
            gdb_send(g);
        return;
    }
    gdb_send(g); /* an empty answer: not known */
}

static void acknowledge(struct gdb *g, const char *sign)
{
    if (!g->no_ack)
        g->link->send(g->context, sign, 1);
}

void gdb_input(struct gdb *g, const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        switch (gdb_reader_byte(&g->reader, bytes[i])) {
        case GDB_PACKET:
            acknowledge(g, "+");
            take_packet(g);
            break;
        case GDB_BAD_PACKET:
            acknowledge(g, "-");
            break;
        case GDB_BREAK:
            gdb_interrupt(g);
            break;
        case GDB_NAK:
            if (!g->no_ack && g->frame_length)
                g->link->send(g->context, g->frame, g->frame_length);
            break;
        case GDB_ACK:
        case GDB_NOTHING:
            break;
        }
    }
}

/* --- */

struct gdb *gdb_create(struct oper *o, const struct gdb_link *link, void *context)
{
    struct gdb *g = o->gdb ? NULL : calloc(1, sizeof *g);
    if (!g)
        return NULL;
    g->o = o;
    g->m = o->m;
    g->link = link;
    g->context = context;
    return o->gdb = g;
}

void gdb_destroy(struct gdb *g)
{
    if (!g)
        return;
    if (g->attached)
        machine_message(g->m, "gdb: the connection is lost; %s",
                        g->running ? "the CPU goes on" : "the CPU is stopped (start goes on)");
    event_cancel(&g->m->events, &g->halt);
    gdb_clear_points(g);
    g->m->held = false;
    g->o->gdb = NULL;
    operator_watch(g->o);
    free(g);
}
