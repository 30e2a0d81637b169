/* MONITOR's buffers, and the task that writes them to a tape or into a spool file: see
 * cp/monitor/monitor.h. */
#include "cp/monitor/monitor.h"

#include "cp/commands/state.h"
#include "cp/frames.h"
#include "cp/lowstor.h"
#include "cp/s370.h"
#include "cp/spool/cpspool.h"
#include "cp/state.h"
#include "lib/str.h"

#define SECOND       TOD_MILLISECONDS(1000)
#define SPOOL_CLASS  'M'
#define PUNCH_CARD   0x01
#define TAPE_WRITE   0x01
#define TAPE_MARK    0x1f
#define TAPE_UNLOAD  0x0f
#define TOD_TO_FIELD 16 /* shift: the five bytes of a header */

/* --- buffers --- */

static uint8_t *filling(const struct monitor *m)
{
    return m->full < m->buffers ? m->buffer[(m->oldest + m->full) % m->buffers] : NULL;
}

static void start_block(struct monitor *m)
{
    uint8_t *block = filling(m);
    if (block)
        store_be32(block, MONITOR_BLOCK_HEAD << 16);
}

/* The buffer that is being filled is to be written. */
static void block_is_full(struct monitor *m)
{
    m->full++;
    start_block(m);
    task_wake(m);
}

/* Room for a record of so many bytes; NULL: all buffers are full. */
static uint8_t *room_for(struct monitor *m, uint32_t size)
{
    uint8_t *block = filling(m);
    if (block && load_be16(block) + size > MONITOR_BLOCK) {
        block_is_full(m);
        block = filling(m);
    }
    if (!block)
        return NULL;
    uint8_t *at = block + load_be16(block);
    store_be16(block, load_be16(block) + size);
    return at;
}

static void put_tod(uint8_t field[5], uint64_t tod)
{
    uint64_t units = tod >> TOD_TO_FIELD;
    field[0] = (uint8_t)(units >> 32);
    store_be32(field + 1, (uint32_t)units);
}

static bool put_record(struct monitor *m, uint32_t class, uint32_t code, const void *data,
                       uint32_t length)
{
    struct monitor_header head = {.class = (uint8_t) class};
    uint8_t *at = room_for(m, (uint32_t)sizeof head + length);
    if (!at)
        return false;
    put16(&head.size, (uint32_t)sizeof head + length);
    put16(&head.code, code);
    put_tod(head.tod, tod_now());
    memcpy(at, &head, sizeof head);
    memcpy(at + sizeof head, data, length);
    return true;
}

void monitor_put(struct monitor *m, uint32_t class, uint32_t code, uint32_t length)
{
    struct monitor_suspended gap;
    if (m->suspended) {
        put_tod(gap.tod, m->suspended_tod);
        put32(&gap.events, m->suspended);
        if (put_record(m, MONITOR_PERFORM, PERFORM_SUSPENDED, &gap, sizeof gap))
            m->suspended = 0;
    }
    if (!m->suspended && put_record(m, class, code, m->data, length))
        return;
    if (!m->suspended++)
        m->suspended_tod = tod_now();
}

/* --- output --- */

static bool tape_run(struct monitor *m, uint8_t command, const void *data, uint16_t length)
{
    struct ioreq request;
    struct ccw ccw;
    ccw_set(&ccw, command, data, CCW_SUPPRESS_LENGTH, length);
    return rio_run(m->tape, &ccw, &request);
}

static void file_is_open(struct monitor *m)
{
    struct spool_file *f = m->writer.file;
    struct clock_date d = clock_date(tod_now());
    f->class = SPOOL_CLASS;
    f->queue = SPOOL_READER;
    str_copy(f->owner, m->recipient, sizeof f->owner);
    str_copy(f->origin, m->by, sizeof f->origin);
    str_copy(f->name, "MONITOR", sizeof f->name);
    fmt(f->type, sizeof f->type, "%02u%02u%02u%02u", d.month, d.day, d.hour, d.minute);
    m->blocks = 0;
}

/* The block in cards, the last one filled with zeros. */
static bool spool_block(struct monitor *m, const uint8_t *block, uint32_t length)
{
    struct spool *s = the_spool();
    uint8_t card[MONITOR_CARD];
    struct spool_record record = {PUNCH_CARD, 0, MONITOR_CARD, card};
    if (!m->writer.file) {
        if (spool_write_open(s, &m->writer, SPOOL_PUNCH, tod_now()) != SPOOL_OK)
            return false;
        file_is_open(m);
    }
    for (uint32_t at = 0; at < length; at += MONITOR_CARD) {
        uint32_t part = length - at < MONITOR_CARD ? length - at : MONITOR_CARD;
        memset(card, 0, sizeof card);
        memcpy(card, block + at, part);
        if (spool_write(s, &m->writer, &record) != SPOOL_OK)
            return false;
    }
    m->blocks++;
    return true;
}

static void close_file(struct monitor *m)
{
    struct spool_file *f = NULL;
    if (!m->writer.file)
        return;
    spool_stamp_date(m->writer.file);
    if (spool_write_close(the_spool(), &m->writer, &f) != SPOOL_OK) {
        m->failed = true;
        spool_write_purge(the_spool(), &m->writer);
    } else if (f) {
        spool_arrived(f, m->by);
    }
}

/* Nothing more is recorded; what is in the buffers is to be written. */
static void end_collection(struct monitor *m)
{
    const uint8_t *block = filling(m);
    if (m->stopping)
        return;
    m->stopping = true;
    monitor_set_classes();
    if (block && load_be16(block) > MONITOR_BLOCK_HEAD)
        block_is_full(m);
    task_wake(m);
}

static void output_failed(struct monitor *m)
{
    m->failed = true;
    if (m->tape)
        operator_printf("DMKMON532I MONITOR STOPPED; I/O ERROR ON TAPE %03X", m->tape->address);
    else
        operator_printf("DMKMON533I MONITOR STOPPED; %s", spool_result_text(SPOOL_FULL));
    end_collection(m);
}

static void limit_reached(struct monitor *m)
{
    if (m->at_limit != LIMIT_STOP)
        close_file(m);
    if (m->at_limit == LIMIT_STOP)
        end_collection(m);
    m->sampling = m->at_limit == LIMIT_SAMPLE;
    monitor_set_classes();
}

static void write_oldest(struct monitor *m)
{
    const uint8_t *block = m->buffer[m->oldest];
    uint32_t length = load_be16(block);
    bool good = m->failed || (m->tape ? tape_run(m, TAPE_WRITE, block, (uint16_t)length)
                                      : spool_block(m, block, length));
    bool was_all = m->full == m->buffers;
    m->oldest = (m->oldest + 1) % m->buffers;
    m->full--;
    if (was_all && !m->stopping)
        start_block(m);
    if (!good)
        output_failed(m);
    else if (!m->tape && m->limit && m->blocks >= m->limit && !m->stopping)
        limit_reached(m);
}

/* --- the task --- */

/* What is looked at once in an interval; it is recorded if its class is on. */
static void sample(struct monitor *m)
{
    m->privileged = exits_privileged_time();
    MONITOR_CALL(MONITOR_PERFORM, PERFORM_STATISTICS, m);
    for (const struct vmblok *vm = user_next(NULL); vm; vm = user_next((struct vmblok *)vm)) {
        MONITOR_CALL(MONITOR_USER, USER_STATISTICS, vm);
        MONITOR_CALL(MONITOR_USER, USER_EXITS, vm);
    }
    MONITOR_CALL(MONITOR_DASTAP, DASTAP_ACTIVITY, m);
}

static void interval_expired(struct clock_request *request)
{
    struct monitor *m = LIST_ENTRY(request, struct monitor, clock);
    m->interval_over = true;
    task_wake(m);
}

static void next_interval(struct monitor *m)
{
    m->interval_over = false;
    m->clock.expired = interval_expired;
    clock_request(&m->clock, tod_now() + m->interval * SECOND);
}

static void give_buffers_back(struct monitor *m)
{
    for (unsigned i = 0; i < m->buffers; i++)
        cp_free(m->buffer[i], MONITOR_BLOCK);
    m->buffers = 0;
}

static void end_output(struct monitor *m)
{
    if (m->tape) {
        bool good = tape_run(m, TAPE_MARK, NULL, 1) && tape_run(m, TAPE_MARK, NULL, 1);
        m->failed |= !good;
        tape_run(m, TAPE_UNLOAD, NULL, 1);
        m->tape->is_system = false;
    } else {
        close_file(m);
    }
}

static void collect(void *unused)
{
    struct monitor *m = cp.monitor;
    next_interval(m);
    for (;;) {
        if (m->full) {
            write_oldest(m);
        } else if (m->closing) {
            m->closing = false;
            close_file(m);
            task_wake(&m->closing);
        } else if (m->stopping) {
            break;
        } else if (m->interval_over) {
            m->sampling = false;
            monitor_set_classes();
            sample(m);
            next_interval(m);
        } else {
            task_sleep(m);
        }
    }
    clock_cancel(&m->clock);
    end_output(m);
    give_buffers_back(m);
    m->interval = MONITOR_INTERVAL;
    m->active = m->stopping = m->sampling = m->begun_by_itself = m->closing = false;
    task_wake(&m->active);
    task_wake(&m->closing);
}

/* --- for the command --- */

struct monitor *monitor_state(void)
{
    if (!cp.monitor && (cp.monitor = cp_alloc(sizeof *cp.monitor)) != NULL) {
        cp.monitor->classes = MONITOR_BIT(MONITOR_PERFORM) | MONITOR_BIT(MONITOR_USER);
        cp.monitor->interval = MONITOR_INTERVAL;
        cp.monitor->buffers_wanted = MONITOR_BUFFERS;
        cp.monitor->from = MONITOR_NO_TIME;
        str_copy(cp.monitor->recipient, "OPERATOR", sizeof cp.monitor->recipient);
    }
    return cp.monitor;
}

void monitor_set_classes(void)
{
    const struct monitor *m = cp.monitor;
    low_cr8 = m->active && !m->stopping && !m->sampling ? m->classes : 0;
    S370_LCTL(8, low_cr8);
}

bool monitor_start(const char *by, struct rdev *tape, uint8_t density)
{
    struct monitor *m = cp.monitor;
    for (m->buffers = 0; m->buffers < m->buffers_wanted; m->buffers++)
        if (!(m->buffer[m->buffers] = cp_alloc(MONITOR_BLOCK)))
            break;
    if (m->buffers < m->buffers_wanted || !task_create("MONITOR", NULL, collect, NULL)) {
        give_buffers_back(m);
        return false;
    }
    m->oldest = m->full = 0;
    m->suspended = 0;
    m->failed = false;
    m->tape = tape;
    str_copy(m->by, by, sizeof m->by);
    start_block(m);
    m->active = true;
    if (tape) {
        tape->is_system = true;
        if (density)
            tape_run(m, density, NULL, 1);
    }
    monitor_event(MONITOR_PERFORM, PERFORM_START, m);
    monitor_set_classes();
    MONITOR_CALL(MONITOR_DASTAP, DASTAP_START, m);
    sample(m);
    return true;
}

bool monitor_stop(const char *by)
{
    struct monitor *m = cp.monitor;
    if (m->active && !m->stopping) {
        m->sampling = false;
        monitor_set_classes();
        sample(m);
        monitor_event(MONITOR_PERFORM, PERFORM_STOP, by);
        end_collection(m);
    }
    while (m->active)
        task_sleep(&m->active);
    return !m->failed;
}

void monitor_close(void)
{
    struct monitor *m = cp.monitor;
    m->closing = true; /* only its task touches the file */
    task_wake(m);
    while (m->active && m->closing)
        task_sleep(&m->closing);
}

/* --- AUTODISK --- */

/* Is it time to collect? */
static bool is_time(const struct monitor *m)
{
    struct clock_date d = clock_date(tod_now());
    unsigned now = d.hour * 60 + d.minute;
    if (m->from == MONITOR_NO_TIME)
        return false;
    if (m->from < m->to)
        return now >= m->from && now < m->to;
    return now >= m->from || now < m->to; /* over midnight, or always */
}

static void look(struct monitor *m)
{
    bool now = is_time(m);
    if (now && !m->active && !cp.shutting_down) {
        m->begun_by_itself = monitor_start("SYSTEM", NULL, 0);
        operator_printf("AUTOMATIC MONITORING %s",
                        m->begun_by_itself ? "STARTED" : "NOT STARTED: NO STORAGE");
    } else if (!now && m->active && m->begun_by_itself) {
        monitor_stop("SYSTEM");
        operator_printf("AUTOMATIC MONITORING STOPPED");
    }
}

static void watch_clock(void *unused)
{
    struct monitor *m = cp.monitor;
    while (m->autodisk) {
        look(m);
        task_sleep_until(&m->autodisk, tod_now() + 20 * SECOND);
    }
    m->autodisk_task = false;
}

bool monitor_automatic(void)
{
    struct monitor *m = cp.monitor;
    task_wake(&m->autodisk);
    if (m->autodisk && !m->autodisk_task)
        m->autodisk_task = task_create("AUTOMON", NULL, watch_clock, NULL) != NULL;
    return !m->autodisk || m->autodisk_task;
}
