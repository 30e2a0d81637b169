/* The batch monitor: the virtual machine CMSBATCH, to which users send their decks.  It gives each
 * to a batch machine that is free and takes its class, and logs one on if none is; who asks (SMSG
 * CMSBATCH QUERY) is shown the queue.  Of a batch machine that somebody logs off the job ends; the
 * decks that wait go to another one, or to the same one when it is logged on again. */
#include "spool/cms/batch/batch.h"

#include "lib/ebcdic.h"

#define MESSAGE_HEAD 40u /* VMCF's header in front of a special message */

#define LOOK_AGAIN 10 /* seconds after which a machine that is busy might be lost */

enum machine_state {
    MACHINE_OFF,      /* not logged on */
    MACHINE_STARTING, /* it will say that it is ready */
    MACHINE_FREE,
    MACHINE_BUSY,
};

static const char *const state_names[] = {"NOT LOGGED ON", "STARTING", "FREE", "BUSY"};

struct machine {
    uint8_t state; /* enum machine_state */
    bool promised; /* while the queue is looked through: to a deck */
    uint16_t id;   /* of its deck */
    char class;
    char job[9], user[9];
    uint32_t since; /* seconds of the TOD clock's upper half, about */
};

struct monitor {
    const struct batch_config *config;
    struct machine machines[BATCH_MACHINES];
    bool waits; /* a deck for which some machine could be there */
    /* CP puts special messages here. */
    uint8_t message[MESSAGE_HEAD + CMS_LINE_MAX] __attribute__((aligned(8)));
};

static struct monitor the_monitor;

static uint32_t seconds_now(void)
{
    uint8_t tod[8];
    __asm__ volatile("stck %0" : "=Q"(tod) : : "cc", "memory");
    return load_be32(tod);
}

/* --- decks go to machines --- */

/* One in this state for this class; -1: there is none. */
static int find_machine(struct monitor *m, enum machine_state state, char class)
{
    for (unsigned i = 0; i < m->config->machine_count; i++) {
        const struct batch_config_machine *c = &m->config->machines[i];
        if (m->machines[i].state == state && !m->machines[i].promised &&
            !(state == MACHINE_OFF && c->standby) && batch_machine_takes_class(c, class))
            return (int)i;
    }
    return -1;
}

static bool is_taken(const struct batch_config *config, char class)
{
    for (unsigned i = 0; i < config->machine_count; i++)
        if (batch_machine_takes_class(&config->machines[i], class))
            return true;
    return false;
}

/* True if the deck has gone to a machine. */
static bool place(struct monitor *m, const struct spool_entry *e)
{
    char class = batch_file_class(e);
    int n = find_machine(m, MACHINE_FREE, class);
    unsigned id = (unsigned)get16(e->id);
    if (n >= 0) {
        struct machine *machine = &m->machines[n];
        if (batch_cp("TRANSFER %u TO %s RDR", id, m->config->machines[n].user)) {
            machine->promised = true; /* not now */
            return false;
        }
        *machine = (struct machine){
            .state = MACHINE_BUSY, .id = (uint16_t)id, .class = class, .since = seconds_now()};
        return true;
    }
    n = find_machine(m, MACHINE_STARTING, class);
    if (n < 0) {
        n = find_machine(m, MACHINE_OFF, class);
        if (n >= 0 && !batch_cp("AUTOLOG %s", m->config->machines[n].user))
            m->machines[n].state = MACHINE_STARTING;
    }
    if (n >= 0)
        m->machines[n].promised = true;
    m->waits |= is_taken(m->config, class);
    return false;
}

/* A batch machine that somebody has logged off, or that has ended, is found out here. */
static void look_for_lost(struct monitor *m)
{
    for (unsigned i = 0; i < m->config->machine_count; i++) {
        struct machine *machine = &m->machines[i];
        machine->promised = false;
        if (machine->state != MACHINE_OFF &&
            batch_cp("QUERY USERS %s", m->config->machines[i].user))
            machine->state = MACHINE_OFF;
    }
}

static void place_decks(struct monitor *m)
{
    struct spool_entry e;
    bool placed;
    look_for_lost(m);
    do {
        placed = m->waits = false;
        memset(&e, 0, sizeof e);
        while (!placed && batch_next_file(&e))
            placed = !e.hold && place(m, &e);
    } while (placed); /* the queue is another one now */
}

/* --- what batch machines say --- */

static void hear(struct monitor *m, struct machine *machine, const char *text)
{
    char word[9] = "";
    str_word(&text, word, sizeof word);
    if (str_equal(word, SAY_BEGIN)) {
        machine->state = MACHINE_BUSY;
        machine->since = seconds_now();
        str_word(&text, machine->job, sizeof machine->job);
        str_word(&text, machine->user, sizeof machine->user);
    } else if (str_equal(word, SAY_END)) {
        machine->job[0] = 0;
    } else if (str_equal(word, SAY_READY)) {
        *machine = (struct machine){.state = MACHINE_FREE};
        place_decks(m);
    }
}

/* --- what users want --- */

typedef void user_command(struct monitor *m, const char *user, const char *operands);

static void answer(const char *user, const char *format, ...)
{
    char text[133];
    va_list args;
    va_start(args, format);
    vfmt(text, sizeof text, format, args);
    va_end(args);
    batch_cp("MSGNOH %s %s", user, text);
}

static void query_queue(struct monitor *m, const char *user)
{
    struct spool_entry e;
    char origin[9], node[9], name[13], type[13], home[9];
    unsigned count = 0;
    answer(user, "SPID C FROM     NODE     DECK              CARDS STATE");
    for (unsigned i = 0; i < m->config->machine_count; i++) {
        const struct machine *machine = &m->machines[i];
        if (machine->state != MACHINE_BUSY)
            continue;
        count++;
        answer(user, "%04u %c %-8s %-8s %-17s %5s RUNS IN %s, %u SECONDS", (unsigned)machine->id,
               machine->class ? machine->class : '-', machine->user, "", machine->job, "",
               m->config->machines[i].user, (unsigned)(seconds_now() - machine->since));
    }
    memset(&e, 0, sizeof e);
    while (batch_next_file(&e)) {
        batch_home(&e, node, home);
        ebcdic_get_field(origin, e.origin, sizeof e.origin);
        ebcdic_get_field(name, e.name, sizeof e.name);
        ebcdic_get_field(type, e.type, sizeof e.type);
        count++;
        answer(user, "%04u %c %-8s %-8s %-8.8s %-8.8s %5u %s", (unsigned)get16(e.id),
               batch_file_class(&e), home[0] ? home : origin, node, name, type,
               (unsigned)get32(e.records), e.hold ? "HELD" : "WAITS");
    }
    if (!count)
        answer(user, "NO JOB WAITS OR RUNS");
}

static void query_machines(struct monitor *m, const char *user)
{
    for (unsigned i = 0; i < m->config->machine_count; i++) {
        const struct batch_config_machine *c = &m->config->machines[i];
        answer(user, "%-8s CLASSES %s %s", c->user, c->classes[0] ? c->classes : "*",
               state_names[m->machines[i].state]);
    }
}

static void query_limits(struct monitor *m, const char *user)
{
    static const char names[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    bool any = false;
    for (const char *class = names; *class; class ++) {
        struct job_limits l = batch_class_limits(m->config, *class);
        if (!l.seconds && !l.lines && !l.cards)
            continue;
        any = true;
        answer(user, "CLASS %c TIME %u PRINT %u PUNCH %u", *class, (unsigned)l.seconds,
               (unsigned)l.lines, (unsigned)l.cards);
    }
    if (!any)
        answer(user, "NO CLASS IS LIMITED");
}

static void command_query(struct monitor *m, const char *user, const char *operands)
{
    char word[12] = "";
    str_word(&operands, word, sizeof word);
    if (!word[0] || str_abbrev(word, "QUEUE", 1))
        query_queue(m, user);
    else if (str_abbrev(word, "MACHINES", 1))
        query_machines(m, user);
    else if (str_abbrev(word, "LIMITS", 1))
        query_limits(m, user);
    else
        answer(user, "DMSBTM202E QUERY KNOWS QUEUE, MACHINES AND LIMITS");
}

/* A user's own deck, while it waits. */
static void change(struct monitor *m, const char *user, const char *operands, const char *command,
                   const char *option, const char *done)
{
    char word[9] = "", origin[9];
    uint32_t id = 0;
    struct spool_entry e;
    memset(&e, 0, sizeof e);
    str_word(&operands, word, sizeof word);
    str_decimal(word, &id);
    while (batch_next_file(&e)) {
        ebcdic_get_field(origin, e.origin, sizeof e.origin);
        if (get16(e.id) != id || !str_equal(origin, user))
            continue;
        batch_cp("%s RDR %u %s", command, (unsigned)id, option);
        answer(user, "DECK %04u %s", (unsigned)id, done);
        place_decks(m);
        return;
    }
    answer(user, "DMSBTM208E NO DECK %s OF YOURS WAITS", word);
}

static void command_purge(struct monitor *m, const char *user, const char *operands)
{
    change(m, user, operands, "PURGE", "", "PURGED");
}

static void command_hold(struct monitor *m, const char *user, const char *operands)
{
    change(m, user, operands, "CHANGE", "HOLD", "HELD");
}

static void command_free(struct monitor *m, const char *user, const char *operands)
{
    change(m, user, operands, "CHANGE", "NOHOLD", "FREED");
}

static void run_command(struct monitor *m, const char *user, const char *line)
{
    static const struct {
        const char *name;
        uint8_t least;
        user_command *run;
    } commands[] = {{"FREE", 2, command_free},
                    {"HOLD", 2, command_hold},
                    {"PURGE", 2, command_purge},
                    {"QUERY", 1, command_query}};
    char word[12] = "";
    str_word(&line, word, sizeof word);
    str_upcase(word, strlen(word));
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (str_abbrev(word, commands[i].name, commands[i].least)) {
            commands[i].run(m, user, line);
            return;
        }
    answer(user, "DMSBTM201E INVALID COMMAND %s: QUERY, PURGE, HOLD AND FREE ARE KNOWN", word);
}

/* --- events --- */

/* VMCF's header says whose message it is. */
static void special_message(struct monitor *m)
{
    char line[CMS_LINE_MAX + 1], user[9];
    uint32_t length = load_be32(m->message + 20);
    if (length > CMS_LINE_MAX)
        length = CMS_LINE_MAX;
    memcpy(line, m->message + MESSAGE_HEAD, length);
    line[length] = 0;
    str_unpad(user, (const char *)m->message + 32, 8);
    int n = batch_find_machine(m->config, user);
    if (n >= 0)
        hear(m, &m->machines[n], line);
    else
        run_command(m, user, line);
}

/* VMCF: AUTHORIZE, with the buffer for special messages. */
static bool authorize(struct monitor *m)
{
    static uint8_t block[40] __attribute__((aligned(8)));
    register uint32_t r2 __asm__("2") = (uint32_t)block;
    register uint32_t r4 __asm__("4") = 0;
    store_be32(block + 16, (uint32_t)m->message);
    store_be32(block + 20, sizeof m->message);
    __asm__ volatile(".insn rs,0x83000000,%0,%1,0x0068" : "+d"(r2), "+d"(r4) : : "cc", "memory");
    return r4 == 0;
}

int batch_monitor(const struct batch_config *config)
{
    struct monitor *m = &the_monitor;
    struct cms_event event;
    char line[CMS_LINE_MAX + 1];
    m->config = config;
    if (!authorize(m))
        return cms_error(RC_FAILED, "DMSBTM100E CMSBATCH NEEDS CP: VMCF CANNOT BE USED");
    batch_cp("SET SMSG ON");
    batch_cp("SET IMSG OFF");
    /* Of a machine that is logged on already nobody knows what it does: a deck can wait there. */
    for (unsigned i = 0; i < config->machine_count; i++)
        if (!batch_cp("QUERY USERS %s", config->machines[i].user))
            m->machines[i].state = MACHINE_FREE;
    batch_cp("MSG OPERATOR BATCH MACHINE READY");
    place_decks(m);
    for (;;) {
        cms_event_within(m->waits ? LOOK_AGAIN : 0, &event);
        if (event.kind == EVENT_MESSAGE)
            special_message(m);
        else if (event.kind == EVENT_READER || event.kind == EVENT_TIME)
            place_decks(m);
        else if (event.kind == EVENT_LINE)
            cms_read(line, CMS_LINE_MAX, READ_TERMINAL); /* there is nothing to be typed */
    }
}
