/* RSCS: the remote spooling communications subsystem.  A CMS command that never ends, in a virtual
 * machine of its own: it takes the files that users spool to it, sends them over its links,
 * receives others', and passes on messages and commands.  RSCS CONFIG says what this node is called
 * and what its links are (spool/rscs/config.h).  docs/rscs.md is for those who use it. */
#include "spool/cms/rscs/rscs.h"

#define MESSAGE_HEAD 40u /* VMCF's header in front of a special message */

static struct rscs the_rscs;

/* --- CP --- */

static int ask(char *answer, size_t size, const char *format, va_list args)
{
    char line[CMS_LINE_MAX + 1];
    size_t n = vfmt(line, sizeof line, format, args), length = 0;
    int rc = cms_cp(line, n, answer, size - 1, &length);
    answer[length < size ? length : size - 1] = 0;
    return rc;
}

int rscs_ask(char *answer, size_t size, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int rc = ask(answer, size, format, args);
    va_end(args);
    return rc;
}

int rscs_cp(const char *format, ...)
{
    char answer[256];
    va_list args;
    va_start(args, format);
    int rc = ask(answer, sizeof answer, format, args);
    va_end(args);
    return rc;
}

void rscs_operator(const char *format, ...)
{
    char text[CMS_LINE_MAX + 1];
    va_list args;
    va_start(args, format);
    size_t n = vfmt(text, sizeof text, format, args);
    va_end(args);
    cms_write(text, n);
}

void rscs_tell(const char *format, ...)
{
    char text[CMS_LINE_MAX + 1];
    va_list args;
    va_start(args, format);
    vfmt(text, sizeof text, format, args);
    va_end(args);
    rscs_operator("%s", text);
    rscs_cp("MSG OPERATOR %s", text);
}

/* --- links --- */

static struct circuit *circuit_of(void *context)
{
    return context;
}

static bool next_file(void *context, unsigned stream, struct rscs_file *f)
{
    struct circuit *c = circuit_of(context);
    while (queue_select(c, f)) {
        if (reading_open(c, stream, f->id))
            return true;
        rscs_operator("DMTAXS200I FILE %04u CANNOT BE READ: IT IS HELD", (unsigned)f->id);
        if (rscs_cp("CHANGE RDR %u HOLD", (unsigned)f->id))
            return false;
    }
    return false;
}

static int read_record(void *context, unsigned stream, struct rscs_record *record)
{
    return reading_next(circuit_of(context), stream, record);
}

static void sent(void *context, unsigned stream)
{
    struct circuit *c = circuit_of(context);
    const struct rscs_file *f = &c->link.senders[stream].file;
    c->files_sent++;
    account_file(c, f, ACCOUNT_SENT);
    reading_close(c, stream, true);
    if (str_equal(f->from_node, c->rscs->config.local))
        rscs_cp("MSGNOH %s DMTNJE147I SENT FILE %04u ON LINK %s TO %s(%s)", f->from_user,
                (unsigned)f->id, c->rscs->config.links[c->number].name, f->to_node, f->to_user);
}

static void unsent(void *context, unsigned stream, const char *why)
{
    struct circuit *c = circuit_of(context);
    uint16_t id = c->reading[stream].id;
    bool purge = c->reading[stream].purge;
    reading_close(c, stream, false);
    c->look = true;
    if (purge)
        rscs_cp("PURGE RDR %u", (unsigned)id);
    if (!why || purge)
        return;
    rscs_operator("DMTNJE149I FILE %04u NOT SENT: %s; IT IS HELD", (unsigned)id, why);
    rscs_cp("CHANGE RDR %u HOLD", (unsigned)id);
}

static enum rscs_take begin(void *context, unsigned stream, const struct rscs_file *f)
{
    struct circuit *c = circuit_of(context);
    char key[RSCS_KEY];
    rscs_file_key(key, f);
    if (queue_was_received(c->rscs, key))
        return RSCS_SKIP;
    return writing_open(c, stream, f) ? RSCS_TAKE : RSCS_REFUSE;
}

static bool write_record(void *context, unsigned stream, const struct rscs_record *record)
{
    return writing_put(circuit_of(context), stream, record);
}

static bool end(void *context, unsigned stream)
{
    struct circuit *c = circuit_of(context);
    if (!writing_close(c, stream))
        return false;
    c->files_received++;
    account_file(c, &c->link.receivers[stream].file, ACCOUNT_RECEIVED);
    queue_arrived(c->rscs);
    return true;
}

static void abandon(void *context, unsigned stream)
{
    writing_purge(circuit_of(context), stream);
}

static void message(void *context, const struct nje_nmr *n)
{
    message_route(circuit_of(context)->rscs, n);
}

static void signed_on(void *context)
{
    struct circuit *c = circuit_of(context);
    const struct rscs_link_config *l = line_config(c);
    c->look = true;
    rscs_tell("DMTNJE142I LINK %s LINE %03X CONNECTED TO %s", l->name, l->line, l->node);
}

static void say(void *context, const char *text)
{
    rscs_operator("DMTNJE000I %s", text);
}

const struct rscs_link_calls circuit_calls = {next_file, read_record,  sent, unsent,
                                              begin,     write_record, end,  abandon,
                                              message,   signed_on,    say};

struct circuit *rscs_circuit(struct rscs *r, unsigned link)
{
    if (r->circuits[link])
        return r->circuits[link];
    struct circuit *c = cms_alloc(sizeof *c);
    uint8_t *block = c ? cms_alloc(NJE_BLOCK_MAX) : NULL;
    if (!block)
        return NULL;
    memset(c, 0, sizeof *c);
    c->block = block;
    c->rscs = r;
    c->number = link;
    return r->circuits[link] = c;
}

void rscs_look(struct rscs *r)
{
    for (unsigned i = 0; i < RSCS_LINKS; i++) {
        struct circuit *c = r->circuits[i];
        if (!c)
            continue;
        c->look = true;
        line_work(c);
    }
}

/* --- events --- */

/* A special message: SMSG RSCS command, from a user whose id VMCF gives. */
static void special_message(struct rscs *r)
{
    struct origin o = {.authorized = false};
    char line[sizeof r->message - MESSAGE_HEAD + 1];
    uint32_t length = load_be32(r->message + 20);
    if (length > sizeof line - 1)
        length = sizeof line - 1;
    memcpy(line, r->message + MESSAGE_HEAD, length);
    line[length] = 0;
    str_unpad(o.user, (const char *)r->message + 32, 8);
    str_copy(o.node, r->config.local, sizeof o.node);
    o.authorized = rscs_is_authorized(&r->config, o.node, o.user);
    command_run(r, &o, line);
}

/* VMCF: AUTHORIZE, with the buffer into which CP puts special messages. */
static bool authorize(struct rscs *r)
{
    static uint8_t block[40] __attribute__((aligned(8)));
    register uint32_t r2 __asm__("2") = (uint32_t)block;
    register uint32_t r4 __asm__("4") = 0;
    store_be32(block + 16, (uint32_t)r->message);
    store_be32(block + 20, sizeof r->message);
    __asm__ volatile(".insn rs,0x83000000,%0,%1,0x0068" : "+d"(r2), "+d"(r4) : : "cc", "memory");
    return r4 == 0;
}

static void console_line(struct rscs *r)
{
    struct origin o = {.authorized = true};
    char line[CMS_LINE_MAX + 1];
    int n = cms_read(line, CMS_LINE_MAX, READ_TERMINAL);
    line[n < 0 ? 0 : n] = 0;
    str_copy(o.node, r->config.local, sizeof o.node);
    command_run(r, &o, line);
}

static void device_event(struct rscs *r, const struct cms_event *event)
{
    for (unsigned i = 0; i < RSCS_LINKS; i++)
        if (r->circuits[i] && r->config.links[i].line == event->device)
            line_event(r->circuits[i], event);
}

/* Seconds, about: the TOD clock's upper half. */
static uint32_t clock_now(void)
{
    uint8_t tod[8];
    __asm__ volatile("stck %0" : "=Q"(tod) : : "cc", "memory");
    return load_be32(tod);
}

/* How long may nothing happen until some line must be looked at?  0: for ever. */
static uint32_t patience(const struct rscs *r)
{
    uint32_t least = 0;
    for (unsigned i = 0; i < RSCS_LINKS; i++) {
        uint32_t one =
            r->circuits[i] && r->config.links[i].name[0] ? line_patience(r->circuits[i]) : 0;
        if (one && (!least || one < least))
            least = one;
    }
    return least;
}

static void time_passes(struct rscs *r)
{
    uint32_t seconds = clock_now() - r->now;
    r->now += seconds;
    for (unsigned i = 0; seconds && i < RSCS_LINKS; i++)
        if (r->circuits[i] && r->config.links[i].name[0])
            line_tick(r->circuits[i], seconds);
}

static void take_event(struct rscs *r)
{
    struct cms_event event;
    cms_event_within(patience(r), &event);
    switch (event.kind) {
    case EVENT_DEVICE:
        device_event(r, &event);
        break;
    case EVENT_LINE:
        console_line(r);
        break;
    case EVENT_MESSAGE:
        special_message(r);
        break;
    case EVENT_READER:
        queue_arrived(r);
        break;
    case EVENT_TIME:
        break;
    }
    time_passes(r);
}

/* --- start and end --- */

static int configure(struct rscs *r)
{
    struct cms_fileid id;
    struct fscb f;
    char line[CMS_LINE_MAX + 1];
    unsigned number = 0;
    int rc;
    cms_fileid(&id, "RSCS", "CONFIG", "*");
    cms_file(&f, &id);
    while (!(rc = cms_file_read(&f, line, CMS_LINE_MAX))) {
        line[f.nord] = 0;
        number++;
        for (size_t n = strlen(line); n && line[n - 1] == ' ';)
            line[--n] = 0;
        const char *wrong = rscs_configure(&r->config, line);
        if (wrong)
            return cms_error(RC_BAD_FILE, "DMTINI100E RSCS CONFIG LINE %u: %s", number, wrong);
    }
    cms_file_close(&f);
    if (rc == FILE_NOT_FOUND)
        return cms_no_file("RSC", &id);
    if (!r->config.local[0])
        return cms_error(RC_BAD_FILE, "DMTINI100E RSCS CONFIG HAS NO LOCAL STATEMENT");
    return RC_OK;
}

static bool lines_run(const struct rscs *r)
{
    for (unsigned i = 0; i < RSCS_LINKS; i++)
        if (r->circuits[i] && r->circuits[i]->state != LINE_STOPPED)
            return true;
    return false;
}

int command_main(const struct cms_call *call)
{
    struct rscs *r = &the_rscs;
    struct cms_identity me;
    int rc = configure(r);
    if (rc)
        return rc;
    cms_identify(&me);
    str_copy(r->me, me.userid, sizeof r->me);
    if (!authorize(r))
        return cms_error(RC_FAILED, "DMTINI100E RSCS NEEDS CP: VMCF CANNOT BE USED");
    rscs_cp("SET SMSG ON");
    rscs_cp("SET IMSG OFF");
    rscs_cp("CHANGE RDR ALL NOHOLD");
    queue_load_received(r);
    r->now = clock_now();
    rscs_tell("DMTREX000I RSCS READY: NODE %s", r->config.local);
    for (unsigned i = 0; i < RSCS_LINKS; i++) {
        struct circuit *c =
            r->config.links[i].name[0] && r->config.links[i].start ? rscs_circuit(r, i) : NULL;
        if (c)
            line_start(c);
    }
    queue_arrived(r);
    while (!r->ending)
        take_event(r);
    for (unsigned i = 0; i < RSCS_LINKS; i++)
        if (r->circuits[i])
            line_stop(r->circuits[i], true);
    while (lines_run(r))
        take_event(r);
    return RC_OK;
}
