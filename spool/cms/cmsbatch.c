/* CMSBATCH: the batch facility, a CMS command that never ends.  In the virtual machine of this name
 * it is the monitor (batch/monitor.c); in those that BATCH CONFIG names it takes one job after
 * another from its virtual reader, gives each the cleared work disk 195 as A, and sends what it
 * prints and punches to the system's printer and punch under the job's name.  Everything that the
 * job types is its console listing: the nucleus copies it to the log printer 01E.
 *
 * Cards, as in VM/370's batch facility (CMS User's Guide, "Batch Facility"):
 *   /JOB userid account [jobname] [comment]   begins a job
 *   /SET [TIME sec] [PRINT lines] [PUNCH cards]   limits
 *   slash, asterisk                           ends data in the deck, or the job
 * Every other card is a CMS (or CP) command or data for one.  The job's return code is the
 * last one that was not zero. */
#include "spool/cms/batch/batch.h"

/* What cms_card_read says behind the last card of a file. */
#define CARDS_END 12

#define CONFIG_DISK  0x191
#define CONFIG_MODE  'X'
#define WORK_DISK    0x195
#define LOG          0x01e
#define ACCOUNT_DATA 70u

/* What the virtual machine has used, as CP counts it. */
struct used {
    uint32_t cpu; /* virtual, microseconds */
    uint32_t start_io, page_reads, page_writes;
};

/* A batch machine. */
struct worker {
    struct batch_config config;
    char class; /* of the deck that is being read */
    struct job job;
    bool in_job;
    struct used before; /* the job */
    /* The deck came from another system: its output goes back there.  "": it did not. */
    char home_node[9], home_user[9];
};

static uint32_t cpu_now(void)
{
    struct cms_clock clock;
    cms_clock(&clock);
    return clock.virtual_us;
}

/* The number behind a word of INDICATE's answer. */
static uint32_t indicated(const char *answer, size_t length, const char *word)
{
    size_t n = strlen(word), digits = 0;
    char number[12];
    uint32_t value = 0;
    for (size_t at = 0; at + n < length; at++) {
        if (memcmp(answer + at, word, n) != 0)
            continue;
        for (at += n; at < length && digits < 10 && str_is_digit(answer[at]); at++)
            number[digits++] = answer[at];
        number[digits] = 0;
        str_decimal(number, &value);
        break;
    }
    return value;
}

static struct used used_now(void)
{
    static const char command[] = "INDICATE USER";
    char answer[512];
    size_t length = 0;
    cms_cp(command, sizeof command - 1, answer, sizeof answer, &length);
    if (length > sizeof answer)
        length = sizeof answer;
    return (struct used){.cpu = cpu_now(),
                         .start_io = indicated(answer, length, " SIO="),
                         .page_reads = indicated(answer, length, " READS="),
                         .page_writes = indicated(answer, length, " WRITES=")};
}

/* The nucleus gives a job's cards to whatever reads, and logs the console on the printer. */
static void set_batch(bool on)
{
    struct cms_switches s;
    cms_get_switches(&s);
    s.reader_input = on;
    s.console_log = on ? LOG : 0;
    cms_set_switches(&s);
}

static void limit_output(const struct worker *m)
{
    cms_service(SERVICE_OUTPUT_LIMIT, (uint32_t[5]){m->job.limits.lines, m->job.limits.cards});
}

/* The deck that will be read next: its class, and where it has come from. */
static void find_home(struct worker *m)
{
    struct spool_entry e;
    memset(&e, 0, sizeof e);
    m->home_node[0] = 0;
    do
        if (!batch_next_file(&e))
            return;
    while (e.hold);
    m->class = batch_file_class(&e);
    batch_home(&e, m->home_node, m->home_user);
}

static void spool_device(const struct worker *m, const char *device)
{
    batch_cp("SPOOL %s CLASS A COPY 1 NOHOLD CONT %s", device,
             m->home_node[0] ? "TO " RSCS : "OFF");
    if (m->home_node[0])
        batch_cp("TAG DEV %s %s %s", device, m->home_node, m->home_user);
}

/* To the operator, and to who has sent the job. */
static void tell(const struct worker *m, const char *text)
{
    batch_cp("MSG OPERATOR %s", text);
    if (m->home_node[0])
        batch_cp("SMSG " RSCS " MSG %s %s %s", m->home_node, m->home_user, text);
}

static void start_job(struct worker *m)
{
    char text[80];
    m->in_job = true;
    spool_device(m, "00E");
    spool_device(m, "00D");
    spool_device(m, "01E");
    cms_access(WORK_DISK, 'A', 0, ACCESS_ERASE, NULL, NULL);
    m->before = used_now();
    m->job.limits = batch_class_limits(&m->config, m->class);
    limit_output(m);
    fmt(text, sizeof text, "JOB %s OF %s STARTED", m->job.name, m->job.userid);
    tell(m, text);
    batch_cp("SMSG " BATCH_MONITOR " " SAY_BEGIN " %s %s", m->job.name, m->job.userid);
    set_batch(true);
    cms_printf("JOB %s  USER %s  ACCOUNT %s", m->job.name, m->job.userid, m->job.account);
}

/* What the job wrote there becomes one file of the job's name; nothing, and there is none.  CP's
 * answer is about the file. */
static unsigned close_device(const char *device, const char *name, const char *type)
{
    char command[60], answer[160];
    size_t length = 0;
    batch_cp("SPOOL %s NOCONT", device);
    size_t n = fmt(command, sizeof command, "CLOSE %s NAME %s %s", device, name, type);
    cms_cp(command, n, answer, sizeof answer, &length);
    return length != 0;
}

/* CP's accounting record of the job: its columns 9 to 78, behind this machine's userid. */
static void account(const struct worker *m, const struct used *now)
{
    char record[ACCOUNT_DATA + 1];
    size_t n = fmt(record, sizeof record, "%-8s%-8s%-8s%-8s%c%05u%08u%08u%06u%06u", m->job.userid,
                   m->job.account, m->job.name, m->home_node, m->class ? m->class : ' ',
                   (unsigned)m->job.rc % 100000, (unsigned)(now->cpu - m->before.cpu) / 1000,
                   (unsigned)(now->start_io - m->before.start_io),
                   (unsigned)(now->page_reads - m->before.page_reads),
                   (unsigned)(now->page_writes - m->before.page_writes));
    while (n < ACCOUNT_DATA)
        record[n++] = ' ';
    cms_account(record, ACCOUNT_DATA);
}

static void end_job(struct worker *m)
{
    struct used now = used_now();
    uint32_t milliseconds = (now.cpu - m->before.cpu + 500) / 1000;
    char text[120];
    batch_cp("SET IMSG ON"); /* CP says what it closes */
    unsigned files = close_device("00E", m->job.name, "LISTING");
    files += close_device("00D", m->job.name, "PUNCH");
    fmt(text, sizeof text, "JOB %s ENDED RC %d CPU %u.%03u SIO %u READS %u WRITES %u FILES %u",
        m->job.name, (int)m->job.rc, (unsigned)milliseconds / 1000, (unsigned)milliseconds % 1000,
        (unsigned)(now.start_io - m->before.start_io),
        (unsigned)(now.page_reads - m->before.page_reads),
        (unsigned)(now.page_writes - m->before.page_writes), files);
    cms_printf("%s", text);
    set_batch(false);
    close_device("01E", m->job.name, "CONSOLE");
    account(m, &now);
    tell(m, text);
    batch_cp("SMSG " BATCH_MONITOR " " SAY_END);
    m->in_job = false;
}

/* What the nucleus runs if a command of the job ends abnormally: all that we know goes with
 * it, since our storage is lost then. */
static void set_recovery(const struct worker *m)
{
    char line[CMS_LINE_MAX + 1];
    size_t n =
        fmt(line, sizeof line, "CMSBATCH RECOVER %s %s %s %u %X %X %X %X %c %s %s", m->job.userid,
            m->job.account, m->job.name, (unsigned)m->job.limits.seconds, (unsigned)m->before.cpu,
            (unsigned)m->before.start_io, (unsigned)m->before.page_reads,
            (unsigned)m->before.page_writes, m->class ? m->class : 'A', m->home_node, m->home_user);
    uint32_t p[5] = {(uint32_t)(uintptr_t)line, (uint32_t)n};
    cms_service(SERVICE_RECOVERY, p);
}

static uint32_t seconds_used(const struct worker *m)
{
    return (cpu_now() - m->before.cpu) / 1000000;
}

/* The job has used more CPU time than its /SET TIME allows: nothing more of it is executed. */
static void over_limit(struct worker *m)
{
    m->job.rc = JOB_OVER_TIME;
    m->job.flushing = true;
    cms_printf("DMSBTP107S JOB EXCEEDS ITS TIME LIMIT OF %u SECONDS",
               (unsigned)m->job.limits.seconds);
}

/* The interval timer runs as long as the job's program does; 0: no limit. */
static void limit_time(const struct worker *m, bool on)
{
    uint32_t used = seconds_used(m);
    uint32_t p[5] = {0};
    if (on && m->job.limits.seconds)
        p[0] = m->job.limits.seconds > used ? m->job.limits.seconds - used : 1;
    cms_service(SERVICE_TIME_LIMIT, p);
}

/* True if the job was ended for its output. */
static bool over_output(struct worker *m)
{
    uint32_t p[5] = {[3] = 1};
    cms_service(SERVICE_OUTPUT_LIMIT, p);
    if (p[2] == OUTPUT_WITHIN)
        return false;
    bool lines = p[2] == OUTPUT_LINES;
    m->job.rc = JOB_OVER_OUTPUT;
    m->job.flushing = true;
    cms_printf("DMSBTP109S JOB EXCEEDS ITS LIMIT OF %s", lines ? "PRINTED LINES" : "PUNCHED CARDS");
    return true;
}

static void recover(struct worker *m, const struct cms_call *call)
{
    char word[9], card[40];
    uint32_t *const before[] = {&m->before.cpu, &m->before.start_io, &m->before.page_reads,
                                &m->before.page_writes};
    if (call->tokens < 10 || !cms_token_is(call, 1, "RECOVER"))
        return;
    fmt(card, sizeof card, "/JOB %.8s %.8s %.8s", call->token[2], call->token[3], call->token[4]);
    job_begin(&m->job, card);
    str_unpad(word, call->token[5], 8);
    str_decimal(word, &m->job.limits.seconds);
    for (int i = 0; i < 4; i++) {
        str_unpad(word, call->token[6 + i], 8);
        str_hex(word, before[i]);
    }
    if (call->tokens > 10)
        m->class = call->token[10][0];
    if (call->tokens > 12) {
        str_unpad(m->home_node, call->token[11], 8);
        str_unpad(m->home_user, call->token[12], 8);
    }
    m->in_job = true;
    limit_time(m, false);
    if (m->job.limits.seconds && seconds_used(m) >= m->job.limits.seconds) {
        over_limit(m);
        return;
    }
    if (over_output(m))
        return;
    m->job.rc = JOB_CANCELLED;
    m->job.flushing = true;
    cms_printf("DMSBTP106S JOB CANCELLED: ABNORMAL END");
}

static void run_card(struct worker *m, const char *card)
{
    cms_printf("%s", card);
    set_recovery(m);
    limit_time(m, true);
    int rc = cms_command(card, strlen(card), COMMAND_IMPLIED);
    limit_time(m, false);
    if (rc) {
        m->job.rc = rc;
        cms_printf("Ready(%05d);", rc);
    } else
        cms_printf("Ready;");
    if (m->job.limits.seconds && seconds_used(m) >= m->job.limits.seconds)
        over_limit(m);
}

static void take_card(struct worker *m, const char *card)
{
    switch (job_card(&m->job, m->in_job, card)) {
    case CARD_JOB:
        if (m->in_job)
            end_job(m);
        job_begin(&m->job, card);
        start_job(m);
        break;
    case CARD_END:
        if (m->in_job)
            end_job(m);
        break;
    case CARD_SET:
        cms_printf("%s", card);
        if (job_set(&m->job, card)) {
            struct job_limits most = batch_class_limits(&m->config, m->class);
            job_limits_lower(&m->job.limits, &most);
            limit_output(m);
        } else {
            m->job.rc = RC_BAD_OPERAND;
            cms_printf("DMSBTP108E INVALID OPERAND ON A /SET CARD");
            m->job.flushing = true;
        }
        break;
    case CARD_COMMAND:
        run_card(m, card);
        break;
    case CARD_IGNORED:
        break;
    }
}

/* The next card as a line.  0; at the end of a file or with none there, what the reader said. */
static int next_card(char *card, size_t size)
{
    size_t n;
    struct cms_switches s;
    cms_get_switches(&s);
    bool batch = s.reader_input;
    /* The monitor wants the card as it is: a program would see its end of data. */
    s.reader_input = false;
    cms_set_switches(&s);
    int rc = cms_card_read(card, size - 1, &n);
    s.reader_input = batch;
    cms_set_switches(&s);
    if (rc)
        return rc;
    while (n && card[n - 1] == ' ')
        n--;
    card[n] = 0;
    return 0;
}

static int read_config(struct batch_config *c, char mode)
{
    struct cms_fileid id;
    struct fscb f;
    char line[CMS_LINE_MAX + 1];
    unsigned number = 0;
    const char *wrong = NULL;
    int rc;
    cms_fileid(&id, "BATCH", "CONFIG", (const char[]){mode, 0});
    cms_file(&f, &id);
    while (!wrong && !(rc = cms_file_read(&f, line, CMS_LINE_MAX))) {
        line[f.nord] = 0;
        number++;
        for (size_t n = strlen(line); n && line[n - 1] == ' ';)
            line[--n] = 0;
        wrong = batch_configure(c, line);
    }
    cms_file_close(&f);
    if (wrong)
        return cms_error(RC_BAD_FILE, "DMSBTM100E BATCH CONFIG LINE %u: %s", number, wrong);
    return rc == FILE_NOT_FOUND ? cms_no_file("BTM", &id) : RC_OK;
}

/* From the disk 191, which is accessed for as long as this takes: jobs have no such disk. */
static int configure(struct batch_config *c)
{
    char own = 0; /* the letter that it has already */
    int rc = cms_access(CONFIG_DISK, CONFIG_MODE, 0, ACCESS_READ_ONLY, NULL, &own);
    if (rc && own)
        return read_config(c, own);
    rc = read_config(c, CONFIG_MODE);
    cms_release(CONFIG_MODE);
    return rc;
}

static _Noreturn void run_jobs(struct worker *m, const struct cms_call *call)
{
    char card[CMS_LINE_MAX + 1];
    recover(m, call);
    set_batch(m->in_job);
    if (!m->in_job)
        batch_cp("MSG OPERATOR BATCH MACHINE READY");
    for (;;) {
        int rc;
        find_home(m);
        while (!(rc = next_card(card, sizeof card)))
            take_card(m, card);
        if (m->in_job)
            end_job(m);
        /* Behind the end of one file there may be another one already. */
        if (rc == CARDS_END)
            continue;
        set_recovery(m);
        batch_cp("SMSG " BATCH_MONITOR " " SAY_READY);
        cms_service(SERVICE_READER_WAIT, (uint32_t[5]){0});
    }
}

static struct worker the_worker;

int command_main(const struct cms_call *call)
{
    struct worker *m = &the_worker;
    struct cms_identity me;
    int rc = configure(&m->config);
    if (rc)
        return rc;
    cms_identify(&me);
    if (batch_find_machine(&m->config, me.userid) < 0)
        return batch_monitor(&m->config);
    run_jobs(m, call);
}
