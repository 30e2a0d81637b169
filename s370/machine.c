/* The machine's loop and clocks.  One turn of the loop: events that are due, a slice of
 * instructions, and now and then what the host has brought.  In the wait state the host
 * thread sleeps in the event loop until a timer, an event or input; under the virtual
 * clock it skips to the time of the next event instead. */
#include "s370/machine.h"

#include "lib/list.h"
#include "s370/io/channel.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

/* At most so many instructions without a look at the events... */
#define SLICE 20000
/* ... and of several CPUs without the others' turn: a spinning one must not hold up who has the
 * lock. */
#define TURN 500
/* ... and, under the host's clock, no more than about fit before the next event. */
#define HOST_NS_PER_INSTRUCTION 20
/* A shorter wait than this is not worth a sleep of the host thread (ns): the steps of a
 * channel program are some microseconds apart. */
#define SLEEP_LEAST 50000
/* Host input is looked at this often while the CPU runs (ns). */
#define POLL_INTERVAL UINT64_C(1000000)

#define SECONDS_1900_TO_1970 INT64_C(2208988800)
#define NS_PER_SECOND        INT64_C(1000000000)

/* Under the virtual clock, time is not skipped to what is farther away than this (ns, a year):
 * programs that do not use a timer set it to some such value. */
#define FAR UINT64_C(31536000000000000)

/* A timer of the host with a resolution of nanoseconds (libuv's own has milliseconds,
 * too coarse for the time that a channel program takes). */
struct machine_alarm {
    uv_poll_t poll;
    int fd;
};

/* Instructions executed by all CPUs. */
static uint64_t executed_by_all(const struct machine *m)
{
    uint64_t sum = 0;
    for (unsigned n = 0; n < m->cpu_count; n++)
        sum += cpu_instructions(m->cpus[n]);
    return sum;
}

uint64_t machine_now(const struct machine *m)
{
    if (m->clock == CLOCK_VIRTUAL)
        return executed_by_all(m) * VIRTUAL_NS_PER_INSTRUCTION / m->cpu_count + m->idle_ns;
    return uv_hrtime() - m->host_origin;
}

/* A TOD unit is 1/4096 microsecond, so 512 units are 125 ns. */
uint64_t machine_tod_at(const struct machine *m, uint64_t now)
{
    uint64_t ns = now + (uint64_t)m->tod_origin;
    return ns / 125 * 512 + ns % 125 * 512 / 125;
}

uint64_t machine_tod(const struct machine *m)
{
    return machine_tod_at(m, machine_now(m));
}

void machine_set_tod(struct machine *m, uint64_t tod)
{
    uint64_t ns = tod / 512 * 125 + tod % 512 * 125 / 512;
    m->tod_origin = (int64_t)(ns - machine_now(m));
}

void machine_set_tod_unix(struct machine *m, int64_t seconds)
{
    m->tod_origin = (seconds + SECONDS_1900_TO_1970) * NS_PER_SECOND - (int64_t)machine_now(m);
}

void machine_message(struct machine *m, const char *format, ...)
{
    char line[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (m->message)
        m->message(m->message_context, line);
    else
        fprintf(stderr, "%s\n", line);
}

static void alarm_rang(uv_poll_t *poll, int status, int events)
{
    struct machine_alarm *alarm = LIST_ENTRY(poll, struct machine_alarm, poll);
    uint64_t times;
    if (read(alarm->fd, &times, sizeof times) < 0)
        return; /* it was set anew in between */
}

static struct machine_alarm *alarm_create(uv_loop_t *loop)
{
    struct machine_alarm *alarm = calloc(1, sizeof *alarm);
    if (!alarm)
        return NULL;
    alarm->fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (alarm->fd < 0 || uv_poll_init(loop, &alarm->poll, alarm->fd)) {
        free(alarm);
        return NULL;
    }
    uv_poll_start(&alarm->poll, UV_READABLE, alarm_rang);
    return alarm;
}

static void alarm_closed(uv_handle_t *handle)
{
    struct machine_alarm *alarm = LIST_ENTRY(handle, struct machine_alarm, poll);
    close(alarm->fd);
    free(alarm);
}

/* Sets the alarm to `ns` from now; UINT64_MAX turns it off. */
static void alarm_set(struct machine_alarm *alarm, uint64_t ns)
{
    struct itimerspec spec = {0};
    if (ns != UINT64_MAX) {
        spec.it_value.tv_sec = (time_t)(ns / NS_PER_SECOND);
        spec.it_value.tv_nsec = (long)(ns % NS_PER_SECOND);
    }
    timerfd_settime(alarm->fd, 0, &spec, NULL);
}

static void event_is_sooner(struct event_queue *q)
{
    cpu_break(LIST_ENTRY(q, struct machine, events)->cpu);
}

/* Makes the parts; false if the host has no memory or timer for one of them. */
static bool make_parts(struct machine *m, uint32_t size)
{
    return m->loop && !uv_loop_init(m->loop) && storage_init(&m->storage, size) &&
           (m->alarm = alarm_create(m->loop)) && (m->channels = channels_create(m)) &&
           machine_install_cpus(m, 1);
}

bool machine_install_cpus(struct machine *m, unsigned count)
{
    /* The mean of the counts would step back: what has passed stays passed. */
    uint64_t now = m->clock == CLOCK_VIRTUAL && m->cpu_count ? machine_now(m) : 0;
    while (m->cpu_count < count) {
        struct cpu *cpu = cpu_create(m, &m->storage, m->cpu_count);
        if (!cpu)
            return false;
        m->cpus[m->cpu_count++] = cpu;
    }
    m->cpu = m->cpus[m->selected];
    if (m->clock == CLOCK_VIRTUAL)
        m->idle_ns += now - machine_now(m);
    return true;
}

void machine_select_cpu(struct machine *m, unsigned address)
{
    m->selected = address;
    m->cpu = m->cpus[address];
}

struct machine *machine_create(uint32_t size, enum clock_mode clock)
{
    struct machine *m = calloc(1, sizeof *m);
    if (m) {
        m->clock = clock;
        m->host_origin = uv_hrtime();
        m->loop = malloc(sizeof *m->loop);
    }
    if (!m || !make_parts(m, size)) {
        /* Whoever asked ends now: what was made is not taken apart. */
        fprintf(stderr, "datbox: the host refuses memory or a timer for a machine of %u bytes\n",
                size);
        return NULL;
    }
    m->cpu_serial = 1;
    m->last_state = CPU_STOPPED;
    m->events.sooner = event_is_sooner;
    machine_set_tod_unix(m, clock == CLOCK_VIRTUAL ? VIRTUAL_TOD_START : (int64_t)time(NULL));
    return m;
}

static void close_handle(uv_handle_t *handle, void *context)
{
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

void machine_destroy(struct machine *m)
{
    if (!m)
        return;
    channels_destroy(m->channels);
    while (m->cpu_count > 0) /* the first one owns what they share */
        cpu_destroy(m->cpus[--m->cpu_count]);
    storage_free(&m->storage);
    uv_close((uv_handle_t *)&m->alarm->poll, alarm_closed);
    uv_walk(m->loop, close_handle, NULL);
    uv_run(m->loop, UV_RUN_DEFAULT);
    uv_loop_close(m->loop);
    free(m->loop);
    free(m);
}

void machine_quit(struct machine *m, int status)
{
    m->quit = true;
    m->quit_status = status;
    cpu_break(m->cpu);
}

static bool operates(const struct cpu *cpu)
{
    enum cpu_state state = cpu_get_state(cpu);
    return state == CPU_RUNNING || state == CPU_WAIT;
}

/* True if any CPU operates. */
static bool cpu_operates(const struct machine *m)
{
    for (unsigned n = 0; n < m->cpu_count; n++) {
        if (operates(m->cpus[n]))
            return true;
    }
    return false;
}

static void update_timers(struct machine *m)
{
    for (unsigned n = 0; n < m->cpu_count; n++)
        cpu_timers_update(m->cpus[n]);
}

/* Machine time of what happens next: an event, or a timer while the CPU operates. */
static uint64_t next_time(const struct machine *m, uint64_t now)
{
    uint64_t next = m->events.first ? m->events.first->when : UINT64_MAX;
    for (unsigned n = 0; n < m->cpu_count; n++) {
        if (!operates(m->cpus[n]))
            continue;
        uint64_t timer = cpu_timers_next(m->cpus[n]);
        /* A timer that is due already is pending in the CPU and needs no time. */
        if (timer > now && timer < next)
            next = timer;
    }
    return next;
}

static uint64_t slice(const struct machine *m)
{
    uint64_t now = machine_now(m);
    uint64_t next = next_time(m, now);
    uint64_t ns = next > now ? next - now : 0;
    uint64_t each =
        m->clock == CLOCK_VIRTUAL ? VIRTUAL_NS_PER_INSTRUCTION : HOST_NS_PER_INSTRUCTION;
    uint64_t limit = ns / each + (ns % each != 0);
    uint64_t most = m->cpu_count > 1 ? TURN : SLICE;
    return limit > most ? most : limit ? limit : 1;
}

/* Says once what no program can. */
static void notice_loop(struct machine *m)
{
    struct cpu_loop loop;
    if (!cpu_begins_to_loop(m->cpu, &loop))
        return;
    machine_message(m,
                    "the CPU does nothing but program interruptions (code %04X): the new PSW "
                    "%08X %08X %s; stop, sysreset and ipl end that",
                    loop.code, (uint32_t)(loop.new_psw >> 32), (uint32_t)loop.new_psw,
                    loop.invalid ? "is invalid" : "leads to the next one");
}

/* Gives each CPU its turn.  True if none of them has anything to do. */
static bool run_cpus(struct machine *m)
{
    bool waits = true;
    for (unsigned n = 0; n < m->cpu_count && !m->quit; n++) {
        if (!operates(m->cpus[n]))
            continue;
        m->cpu = m->cpus[n];
        waits &= cpu_run(m->cpu, slice(m)) == CPU_EXIT_WAIT;
        cpu_timers_update(m->cpu);
        notice_loop(m);
    }
    m->cpu = m->cpus[m->selected];
    return waits;
}

/* The CPU can do nothing now: let time pass until something comes.  False if that is so
 * soon that host input was not looked at. */
static bool idle(struct machine *m)
{
    struct event *event = m->events.first;
    if (m->clock == CLOCK_HOST && event && event->eager) {
        event_cancel(&m->events, event);
        event->happen(m, event);
        return false;
    }
    uint64_t now = machine_now(m);
    uint64_t next = next_time(m, now);
    if (next <= now)
        return false;
    if (m->clock == CLOCK_HOST && next - now < SLEEP_LEAST)
        return false;
    bool skips = next != UINT64_MAX && next - now <= FAR && (!m->held || m->loading);
    if (m->clock == CLOCK_VIRTUAL && skips) {
        uint64_t executed = executed_by_all(m);
        struct event *first = m->events.first;
        uv_run(m->loop, UV_RUN_NOWAIT);
        /* Host input may have changed all; only if it did not, time is skipped. */
        if (!m->quit && executed == executed_by_all(m) && first == m->events.first)
            m->idle_ns += next - now;
    } else {
        bool far = next == UINT64_MAX || m->clock == CLOCK_VIRTUAL;
        alarm_set(m->alarm, far ? UINT64_MAX : next - now);
        uv_run(m->loop, UV_RUN_ONCE);
    }
    update_timers(m);
    return true;
}

static void notice_state(struct machine *m)
{
    enum cpu_state state = cpu_get_state(m->cpu);
    if (state == CPU_WAIT)
        state = CPU_RUNNING;
    if (state == m->last_state)
        return;
    m->last_state = state;
    if (m->state_changed)
        m->state_changed(m->state_context, state);
}

int machine_run(struct machine *m)
{
    uint64_t polled = uv_hrtime();
    while (!m->quit) {
        struct event *event;
        while (!m->quit && (event = event_take(&m->events, machine_now(m))))
            event->happen(m, event);
        notice_state(m); /* of what events and the host did */
        bool waits = true;
        if (!m->quit && cpu_operates(m))
            waits = run_cpus(m);
        notice_state(m);
        if (m->quit)
            break;
        if ((waits || !cpu_operates(m)) && idle(m)) {
            polled = uv_hrtime();
        } else if (uv_hrtime() - polled >= POLL_INTERVAL) {
            uv_run(m->loop, UV_RUN_NOWAIT);
            polled = uv_hrtime();
        }
    }
    return m->quit_status;
}

void machine_system_reset(struct machine *m, bool clear)
{
    m->loading = false;
    for (unsigned n = 0; n < m->cpu_count; n++) {
        cpu_stop(m->cpus[n]);
        cpu_reset(m->cpus[n], clear);
    }
    channels_reset(m);
    if (!clear)
        return;
    /* Clear reset also zeroes what the CPU's resets leave alone: GA22-7000, "Resets". */
    for (unsigned n = 0; n < m->cpu_count; n++) {
        struct cpu_state_regs *regs = cpu_regs(m->cpus[n]);
        memset(regs->gr, 0, sizeof regs->gr);
        memset(regs->fpr, 0, sizeof regs->fpr);
    }
    storage_clear(&m->storage);
}

static void ipl_done(struct machine *m, uint16_t address, uint16_t status)
{
    m->loading = false;
    if ((status & ~(UNIT_DEVICE_END << 8)) == UNIT_CHANNEL_END << 8) /* device end may be late */
        cpu_ipl_complete(m->cpu, address);
    else
        machine_message(m, "IPL from %03X failed: unit status %02X, channel status %02X", address,
                        status >> 8, status & 0xff);
}

const char *machine_ipl(struct machine *m, uint16_t address, bool clear)
{
    machine_system_reset(m, clear);
    cpu_reset(m->cpu, true); /* an initial program reset, GA22-7000 "Resets" */
    m->loading = true;
    const char *error = channel_ipl(m, address, ipl_done);
    if (error)
        m->loading = false;
    return error;
}
