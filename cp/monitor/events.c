/* The events of MONITOR: a row for each MONITOR CALL that CP executes, and the function that makes
 * its record. All of this runs in the program interruption of the MC, wherever in CP that was: it
 * never sleeps, takes no storage, and executes no MC itself. */
#include "cp/monitor/monitor.h"

#include "cp/commands/state.h"
#include "cp/frames.h"
#include "cp/guest.h"
#include "cp/privop.h"
#include "cp/s370.h"
#include "cp/sched.h"
#include "cp/state.h"
#include "lib/str.h"

#define NO_LINE            0xffff
#define DASD_SEEK          0x07
#define DASD_SEEK_CYLINDER 0x0b
#define CP_LEVEL           "datbox 1"

extern char __bss_end[];

/* Makes the data of a record at `to`; how long they are. */
typedef uint32_t fill_function(void *to, const void *object);

static uint32_t min16(uint32_t n)
{
    return n < UINT16_MAX ? n : UINT16_MAX;
}

/* --- PERFORM --- */

static uint32_t fill_start(void *to, const void *object)
{
    struct monitor_start *r = to;
    const struct monitor *m = object;
    put64(&r->cpu, s370_stidp());
    str_pad(r->level, CP_LEVEL, sizeof r->level);
    char text[CLOCK_TIME_SIZE];
    uint64_t now = tod_now();
    clock_format_date(text, now);
    str_pad(r->date, text, sizeof r->date);
    clock_format_time(text, now);
    str_pad(r->time, text, sizeof r->time);
    str_pad(r->userid, m->by, sizeof r->userid);
    put32(&r->classes, m->classes);
    put32(&r->nucleus, (uint32_t)__bss_end);
    put32(&r->cp_pages, cp.frames_cp * PAGE_SIZE);
    put32(&r->paging, (cp.frame_count - cp.frames_cp) * PAGE_SIZE);
    put64(&r->tod, now);
    return sizeof *r;
}

static uint32_t fill_stop(void *to, const void *object)
{
    struct monitor_stop *r = to;
    str_pad(r->userid, object, sizeof r->userid);
    return sizeof *r;
}

static uint32_t fill_perform(void *to, const void *object)
{
    struct monitor_perform *r = to;
    const struct monitor *m = object;
    struct load_queues queues;
    load_queues(&queues);
    put64(&r->idle, cp.idle_time);
    put64(&r->in_guests, cp.virtual_time);
    put64(&r->in_cp, tod_now() - cp.ipl_tod - cp.idle_time - cp.virtual_time);
    put32(&r->page_reads, cp.page_reads);
    put32(&r->page_writes, cp.page_writes);
    put32(&r->page_steals, cp.page_steals);
    put32(&r->real_io, cp.real_io);
    put32(&r->dispatches, cp.dispatches);
    put32(&r->exits, cp.exits);
    put32(&r->frames, cp.frame_count);
    put32(&r->frames_free, cp.frames_free + cp.high_free);
    put32(&r->frames_cp, cp.frames_cp);
    put32(&r->working_sets, cp.set_pages);
    put16(&r->users, min16(cp.commands->users));
    put16(&r->in_q1, queues.in[QUEUE_1]);
    put16(&r->in_q2, queues.in[QUEUE_2]);
    put16(&r->eligible_q1, queues.eligible[QUEUE_1]);
    put16(&r->eligible_q2, queues.eligible[QUEUE_2]);
    put16(&r->interval, m->interval);
    return sizeof *r;
}

/* --- RESPONSE --- */

static uint32_t fill_terminal(void *to, const void *object)
{
    struct monitor_terminal *r = to;
    const struct monitor_line *line = object;
    const struct terminal *t = line->vm->terminal;
    str_pad(r->userid, line->vm->userid, sizeof r->userid);
    put16(&r->line, t ? t->rdev->address : NO_LINE);
    if (!line->text)
        return offsetof(struct monitor_terminal, length);
    r->length = (uint8_t)(line->length < MONITOR_LINE ? line->length : MONITOR_LINE);
    memcpy(r->text, line->text, r->length);
    return (uint32_t)offsetof(struct monitor_terminal, text) + r->length;
}

/* --- SCHEDULE, SYSPROF --- */

static uint32_t fill_add(void *to, const void *object)
{
    struct monitor_schedule *r = to;
    const struct vmblok *vm = object;
    struct load_queues queues;
    load_queues(&queues);
    str_pad(r->userid, vm->userid, sizeof r->userid);
    put32(&r->pageable, sched_room());
    put32(&r->working_sets, cp.set_pages);
    put32(&r->in_q1, queues.in[QUEUE_1]);
    put32(&r->in_q2, queues.in[QUEUE_2]);
    put16(&r->eligible_q1, queues.eligible[QUEUE_1]);
    put16(&r->eligible_q2, queues.eligible[QUEUE_2]);
    put16(&r->working_set, min16(vm->working_set));
    r->queue = vm->task->queue == QUEUE_1 ? 1 : 2;
    r->processor = 0;
    return offsetof(struct monitor_schedule, cp_time);
}

static uint32_t fill_eligible(void *to, const void *object)
{
    struct monitor_schedule *r = to;
    const struct vmblok *vm = object;
    fill_add(to, object);
    put64(&r->cp_time, vm->task->total - vm->virtual_time);
    put64(&r->virtual_time, vm->virtual_time);
    put16(&r->priority, vm->priority);
    return offsetof(struct monitor_schedule, page_reads);
}

static uint32_t fill_drop(void *to, const void *object)
{
    struct monitor_schedule *r = to;
    const struct vmblok *vm = object;
    fill_eligible(to, object);
    put16(&r->page_reads, min16(vm->brought));
    put16(&r->resident, min16(vm->resident));
    put32(&r->sio, vm->count.sio);
    put32(&r->punched, vm->count.cards_punched);
    put32(&r->printed, vm->count.lines_printed);
    put32(&r->read, vm->count.cards_read);
    return sizeof *r;
}

/* Disks and tapes: as many as `room` bytes take. */
static uint32_t fill_devices(struct monitor_devices *r, uint32_t room)
{
    uint32_t count = 0, most = (room - sizeof *r) / sizeof r->device[0];
    LIST_EACH(it, &cp.rdevs)
    {
        const struct rdev *rdev = LIST_ENTRY(it, struct rdev, link);
        if ((rdev->class != CLASS_DASD && rdev->class != CLASS_TAPE) || count == most)
            continue;
        struct monitor_device *d = &r->device[count++];
        put16(&d->address, rdev->address);
        put16(&d->type, rdev->type);
        str_pad(d->volser, rdev->volser, sizeof d->volser);
        put32(&d->io, rdev->io_count);
    }
    put16(&r->count, count);
    return (uint32_t)sizeof *r + count * (uint32_t)sizeof r->device[0];
}

static uint32_t fill_profile(void *to, const void *object)
{
    const struct vmblok *vm = object;
    str_pad(to, vm->userid, 8);
    return 8 + fill_devices((struct monitor_devices *)((char *)to + 8), MONITOR_DATA - 8);
}

static uint32_t fill_activity(void *to, const void *object)
{
    return fill_devices(to, MONITOR_DATA);
}

/* --- USER --- */

static uint32_t fill_user(void *to, const void *object)
{
    struct monitor_user *r = to;
    const struct vmblok *vm = object;
    uint32_t resident, on_disk;
    guest_page_counts(vm, &resident, &on_disk);
    str_pad(r->userid, vm->userid, sizeof r->userid);
    put64(&r->cp_time, vm->task->total - vm->virtual_time);
    put64(&r->virtual_time, vm->virtual_time);
    put32(&r->page_reads, vm->count.page_reads);
    put32(&r->page_writes, vm->count.page_writes);
    put32(&r->sio, vm->count.sio);
    put32(&r->punched, vm->count.cards_punched);
    put32(&r->printed, vm->count.lines_printed);
    put32(&r->read, vm->count.cards_read);
    r->state = (uint8_t)vm->task->state;
    r->queue = (uint8_t)vm->task->queue;
    r->flags = (uint8_t)((vm->eligible ? MONITOR_USER_ELIGIBLE : 0) |
                         (vm->page_wait ? MONITOR_USER_PAGE_WAIT : 0) |
                         (vm->cp_mode ? MONITOR_USER_CP_MODE : 0) |
                         (vm->disconnected ? MONITOR_USER_DISCONNECTED : 0));
    r->priority = vm->priority;
    put16(&r->resident, min16(resident));
    put16(&r->on_disk, min16(on_disk));
    put16(&r->working_set, min16(vm->working_set));
    put16(&r->interval, cp.monitor->interval);
    return sizeof *r;
}

static void fill_row(struct monitor_exit_row *row, const char *name, uint32_t times, uint64_t time)
{
    str_pad(row->name, name, sizeof row->name);
    put32(&row->times, times);
    put64(&row->time, time);
}

static uint32_t fill_exits(void *to, const void *object)
{
    struct monitor_exits *r = to;
    const struct vmblok *vm = object;
    const struct exits *exits = &vm->exits;
    struct monitor_exit_row *row = (struct monitor_exit_row *)(r + 1);
    uint32_t kinds = 0;
    for (unsigned reason = 0; reason < EXIT_CONSOLE; reason++)
        fill_row(row++, exits_name(reason), exits->times[reason], exits->time[reason]);
    for (unsigned kind = 0; kind < PRIVOP_KINDS; kind++)
        if (exits->kind_times[kind]) {
            fill_row(row++, privop_name(kind), exits->kind_times[kind], exits->kind_time[kind]);
            kinds++;
        }
    str_pad(r->userid, vm->userid, sizeof r->userid);
    put64(&r->virtual_time, vm->virtual_time);
    put64(&r->bare_time, exits_bare_time(vm, cp.monitor->privileged));
    put16(&r->reasons, EXIT_CONSOLE);
    put16(&r->kinds, kinds);
    return (uint32_t)((char *)row - (char *)to);
}

/* --- INSTSIM --- */

static uint32_t fill_instruction(void *to, const void *object)
{
    struct monitor_instruction *r = to;
    const struct monitor_privop *op = object;
    str_pad(r->userid, op->vm->userid, sizeof r->userid);
    put32(&r->instruction, op->instruction);
    put32(&r->address, op->address);
    put64(&r->cp_time, op->vm->task->total - op->vm->virtual_time);
    return sizeof *r;
}

static uint32_t fill_left(void *to, const void *object)
{
    struct monitor_exit *r = to;
    const struct vmblok *vm = object;
    const struct exits *exits = &vm->exits;
    str_pad(r->userid, vm->userid, sizeof r->userid);
    str_pad(r->reason,
            exits->reason == EXIT_PRIVILEGED ? privop_name(exits->kind) : exits_name(exits->reason),
            sizeof r->reason);
    put64(&r->time, vm->task->total - exits->from);
    put64(&r->own, exits->own);
    return sizeof *r;
}

/* --- SEEKS --- */

/* Is the device one of those that MONITOR SEEKS names? */
static bool is_listed(const struct monitor *m, uint16_t address)
{
    for (unsigned i = 0; i < m->seek_count; i++)
        if (m->seek[i] == address)
            return true;
    return false;
}

/* The cylinder of the first SEEK of the program, within its first commands; -1: there is none. */
static int32_t first_seek(const struct ccw *ccw)
{
    for (int i = 0; i < 4; i++, ccw++) {
        uint8_t command = ccw->command;
        if (command == DASD_SEEK || command == DASD_SEEK_CYLINDER) {
            const uint8_t *at = (const uint8_t *)get24(ccw->address);
            if (ccw->flags & CCW_INDIRECT)
                at = (const uint8_t *)load_be32(at);
            return (int32_t)load_be16(at + 2);
        }
        if (!(ccw->flags & CCW_CHAIN_COMMAND))
            break;
    }
    return -1;
}

/* A channel program of a disk is about to start: its rdev, the request is the active one. */
static uint32_t fill_seek(void *to, const void *object)
{
    struct monitor_seek *r = to;
    const struct rdev *rdev = object;
    const struct monitor *m = cp.monitor;
    int32_t cylinder = first_seek(rdev->active->program);
    if (cylinder < 0)
        return 0;
    uint16_t arm = rdev->arm;
    ((struct rdev *)rdev)->arm = (uint16_t)cylinder;
    if (m->seek_count && is_listed(m, rdev->address) == m->seek_excludes)
        return 0;
    uint32_t queued = 0;
    LIST_EACH(it, &rdev->queue)
    queued++;
    const struct vmblok *vm = vm_current();
    str_pad(r->userid, vm ? vm->userid : "SYSTEM", sizeof r->userid);
    put16(&r->device, rdev->address);
    put16(&r->cylinder, (uint32_t)cylinder);
    put16(&r->arm, arm);
    r->queued = (uint8_t)(queued < UINT8_MAX ? queued : UINT8_MAX);
    r->control_unit = r->channel = 0;
    r->outward = (uint32_t)cylinder > arm;
    return sizeof *r;
}

/* --- the table --- */

static const struct {
    uint8_t class;
    uint8_t code;
    fill_function *fill;
} events[] = {
    {MONITOR_PERFORM, PERFORM_STATISTICS, fill_perform}, /* struct monitor */
    {MONITOR_PERFORM, PERFORM_START, fill_start},        /* struct monitor */
    {MONITOR_PERFORM, PERFORM_STOP, fill_stop},          /* a userid */
    {MONITOR_RESPONSE, RESPONSE_READ, fill_terminal},    /* struct monitor_line, all of them */
    {MONITOR_RESPONSE, RESPONSE_OUTPUT, fill_terminal},
    {MONITOR_RESPONSE, RESPONSE_INPUT, fill_terminal},
    {MONITOR_RESPONSE, RESPONSE_SLEEP, fill_terminal},
    {MONITOR_RESPONSE, RESPONSE_LOGON, fill_terminal},
    {MONITOR_RESPONSE, RESPONSE_LOGOFF, fill_terminal},
    {MONITOR_SCHEDULE, SCHEDULE_DROP, fill_drop}, /* struct vmblok, from here ... */
    {MONITOR_SCHEDULE, SCHEDULE_ADD, fill_add},
    {MONITOR_SCHEDULE, SCHEDULE_ELIGIBLE, fill_eligible},
    {MONITOR_USER, USER_STATISTICS, fill_user},
    {MONITOR_USER, USER_EXITS, fill_exits},             /* ... to here */
    {MONITOR_INSTSIM, INSTSIM_START, fill_instruction}, /* struct monitor_privop */
    {MONITOR_INSTSIM, INSTSIM_EXIT, fill_left},         /* struct vmblok */
    {MONITOR_DASTAP, DASTAP_START, fill_activity},      /* nothing */
    {MONITOR_DASTAP, DASTAP_ACTIVITY, fill_activity},   /* nothing */
    {MONITOR_SEEKS, SEEKS_REQUEST, fill_seek},          /* struct rdev */
    {MONITOR_SYSPROF, SYSPROF_DROP, fill_profile},      /* struct vmblok */
};

void monitor_event(uint32_t class, uint32_t code, const void *object)
{
    struct monitor *m = cp.monitor;
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        if (events[i].class != class || events[i].code != code)
            continue;
        uint32_t length = events[i].fill(m->data, object);
        if (length)
            monitor_put(m, class, code, length);
    }
}
