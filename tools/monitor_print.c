/* The records of MONITOR as lines of text: a row for each kind of them, and the function that
 * prints it. */
#include "tools/monitor.h"

#include "lib/ebcdic.h"
#include "lib/str.h"

#include <inttypes.h>

#define TOD_MS 4096000.0

/* --- fields --- */

/* A field of text as a string, what cannot be shown as points. */
const char *record_text(char *to, const void *field, size_t size)
{
    latin1_from_ebcdic(to, field, size);
    for (size_t i = 0; i < size; i++)
        if ((uint8_t)to[i] < ' ' || (uint8_t)to[i] > '~')
            to[i] = '.';
    to[size] = 0;
    while (size && to[size - 1] == ' ')
        to[--size] = 0;
    return to;
}

double record_ms(uint64_t tod)
{
    return (double)tod / TOD_MS;
}

/* --- records --- */

static void print_start(FILE *out, const struct record *r)
{
    const struct monitor_start *d = (const void *)r->data;
    char level[9], date[9], at[9], by[9];
    fprintf(out,
            "cpu %016" PRIX64 ", %s, %s %s, by %s, classes %04X, nucleus %uK, CP %uK, paging %uK",
            get64(d->cpu), record_text(level, d->level, 8), record_text(date, d->date, 8),
            record_text(at, d->time, 8), record_text(by, d->userid, 8), (unsigned)get32(d->classes),
            (unsigned)get32(d->nucleus) / 1024, (unsigned)get32(d->cp_pages) / 1024,
            (unsigned)get32(d->paging) / 1024);
}

static void print_userid(FILE *out, const struct record *r)
{
    char name[9];
    fputs(record_text(name, r->data, 8), out);
}

static void print_suspended(FILE *out, const struct record *r)
{
    const struct monitor_suspended *d = (const void *)r->data;
    fprintf(out, "%u events were lost", (unsigned)get32(d->events));
}

static void print_perform(FILE *out, const struct record *r)
{
    const struct monitor_perform *d = (const void *)r->data;
    fprintf(
        out,
        "idle %.3f ms, guests %.3f ms, CP %.3f ms, pages in %u out %u stolen %u, I/O %u, "
        "dispatches "
        "%u, exits %u, frames %u free %u CP %u, working sets %u, users %u, Q1 %u Q2 %u E1 %u E2 %u",
        record_ms(get64(d->idle)), record_ms(get64(d->in_guests)), record_ms(get64(d->in_cp)),
        (unsigned)get32(d->page_reads), (unsigned)get32(d->page_writes),
        (unsigned)get32(d->page_steals), (unsigned)get32(d->real_io),
        (unsigned)get32(d->dispatches), (unsigned)get32(d->exits), (unsigned)get32(d->frames),
        (unsigned)get32(d->frames_free), (unsigned)get32(d->frames_cp),
        (unsigned)get32(d->working_sets), (unsigned)get16(d->users), (unsigned)get16(d->in_q1),
        (unsigned)get16(d->in_q2), (unsigned)get16(d->eligible_q1),
        (unsigned)get16(d->eligible_q2));
}

static void print_terminal(FILE *out, const struct record *r)
{
    const struct monitor_terminal *d = (const void *)r->data;
    char text[MONITOR_LINE + 1];
    size_t length = r->length - offsetof(struct monitor_terminal, text);
    print_userid(out, r);
    if (get16(d->line) != 0xffff)
        fprintf(out, " %03X", (unsigned)get16(d->line));
    if (r->length <= offsetof(struct monitor_terminal, length))
        return;
    if (length > d->length)
        length = d->length;
    fprintf(out, " '%s'",
            record_text(text, d->text, length < MONITOR_LINE ? length : MONITOR_LINE));
}

static void print_schedule(FILE *out, const struct record *r)
{
    const struct monitor_schedule *d = (const void *)r->data;
    print_userid(out, r);
    fprintf(out, " Q%u, working set %u of %u in use of %u, Q1 %u Q2 %u E1 %u E2 %u", d->queue,
            (unsigned)get16(d->working_set), (unsigned)get32(d->working_sets),
            (unsigned)get32(d->pageable), (unsigned)get32(d->in_q1), (unsigned)get32(d->in_q2),
            (unsigned)get16(d->eligible_q1), (unsigned)get16(d->eligible_q2));
    if (r->length >= offsetof(struct monitor_schedule, page_reads))
        fprintf(out, ", CP %.3f ms, own %.3f ms, priority %u", record_ms(get64(d->cp_time)),
                record_ms(get64(d->virtual_time)), (unsigned)get16(d->priority));
    if (r->length >= sizeof *d)
        fprintf(out, ", pages in %u, resident %u, I/O %u", (unsigned)get16(d->page_reads),
                (unsigned)get16(d->resident), (unsigned)get32(d->sio));
}

static void print_user(FILE *out, const struct record *r)
{
    const struct monitor_user *d = (const void *)r->data;
    print_userid(out, r);
    fprintf(out,
            " CP %.3f ms, own %.3f ms, pages in %u out %u resident %u on disk %u working set %u, "
            "I/O %u, "
            "cards %u/%u, lines %u, priority %u%s%s%s%s",
            record_ms(get64(d->cp_time)), record_ms(get64(d->virtual_time)),
            (unsigned)get32(d->page_reads), (unsigned)get32(d->page_writes),
            (unsigned)get16(d->resident), (unsigned)get16(d->on_disk),
            (unsigned)get16(d->working_set), (unsigned)get32(d->sio), (unsigned)get32(d->read),
            (unsigned)get32(d->punched), (unsigned)get32(d->printed), d->priority,
            d->flags & MONITOR_USER_ELIGIBLE ? ", eligible" : "",
            d->flags & MONITOR_USER_PAGE_WAIT ? ", waits for a page" : "",
            d->flags & MONITOR_USER_CP_MODE ? ", in CP mode" : "",
            d->flags & MONITOR_USER_DISCONNECTED ? ", disconnected" : "");
}

unsigned record_exit_rows(const struct record *r, unsigned *reasons)
{
    const struct monitor_exits *d = (const void *)r->data;
    size_t room = (r->length - sizeof *d) / sizeof(struct monitor_exit_row);
    size_t rows = get16(d->reasons) + get16(d->kinds);
    rows = rows < room ? rows : room;
    rows = rows < MONITOR_ROWS ? rows : MONITOR_ROWS;
    *reasons = get16(d->reasons) < rows ? get16(d->reasons) : (unsigned)rows;
    return (unsigned)rows;
}

static void print_exits(FILE *out, const struct record *r)
{
    const struct monitor_exits *d = (const void *)r->data;
    const struct monitor_exit_row *row = (const void *)(d + 1);
    unsigned reasons, rows = record_exit_rows(r, &reasons);
    char name[9];
    print_userid(out, r);
    fprintf(out, " own %.3f ms, bare %.3f ms", record_ms(get64(d->virtual_time)),
            record_ms(get64(d->bare_time)));
    for (unsigned i = 0; i < rows; i++)
        if (get32(row[i].times))
            fprintf(out, ", %s %u in %.3f ms", record_text(name, row[i].name, 8),
                    (unsigned)get32(row[i].times), record_ms(get64(row[i].time)));
}

static void print_instruction(FILE *out, const struct record *r)
{
    const struct monitor_instruction *d = (const void *)r->data;
    print_userid(out, r);
    fprintf(out, " %08X at %06X, CP so far %.3f ms", (unsigned)get32(d->instruction),
            (unsigned)get32(d->address), record_ms(get64(d->cp_time)));
}

static void print_exit(FILE *out, const struct record *r)
{
    const struct monitor_exit *d = (const void *)r->data;
    char name[9];
    print_userid(out, r);
    fprintf(out, " %s took CP %.3f us, after %.3f us of its own", record_text(name, d->reason, 8),
            record_ms(get64(d->time)) * 1000, record_ms(get64(d->own)) * 1000);
}

static void print_device_list(FILE *out, const uint8_t *data, size_t length)
{
    const struct monitor_devices *d = (const void *)data;
    size_t room = (length - sizeof *d) / sizeof d->device[0];
    char volser[7];
    for (size_t i = 0; i < get16(d->count) && i < room; i++)
        fprintf(out, "%s%03X %04X %s %u", i ? ", " : "", (unsigned)get16(d->device[i].address),
                (unsigned)get16(d->device[i].type), record_text(volser, d->device[i].volser, 6),
                (unsigned)get32(d->device[i].io));
}

static void print_devices(FILE *out, const struct record *r)
{
    print_device_list(out, r->data, r->length);
}

static void print_profile(FILE *out, const struct record *r)
{
    print_userid(out, r);
    fprintf(out, " ");
    print_device_list(out, r->data + 8, r->length - 8);
}

static void print_seek(FILE *out, const struct record *r)
{
    const struct monitor_seek *d = (const void *)r->data;
    print_userid(out, r);
    fprintf(out, " %03X from cylinder %u to %u, %u waiting", (unsigned)get16(d->device),
            (unsigned)get16(d->arm), (unsigned)get16(d->cylinder), d->queued);
}

static const struct record_kind kinds[] = {
    {MONITOR_PERFORM, PERFORM_STATISTICS, sizeof(struct monitor_perform), "statistics",
     print_perform},
    {MONITOR_PERFORM, PERFORM_START, sizeof(struct monitor_start), "start", print_start},
    {MONITOR_PERFORM, PERFORM_STOP, 8, "stop", print_userid},
    {MONITOR_PERFORM, PERFORM_SUSPENDED, sizeof(struct monitor_suspended), "suspended",
     print_suspended},
    {MONITOR_RESPONSE, RESPONSE_READ, 10, "read", print_terminal},
    {MONITOR_RESPONSE, RESPONSE_OUTPUT, 11, "output", print_terminal},
    {MONITOR_RESPONSE, RESPONSE_INPUT, 11, "input", print_terminal},
    {MONITOR_RESPONSE, RESPONSE_SLEEP, 10, "sleep", print_terminal},
    {MONITOR_RESPONSE, RESPONSE_LOGON, 10, "logon", print_terminal},
    {MONITOR_RESPONSE, RESPONSE_LOGOFF, 10, "logoff", print_terminal},
    {MONITOR_SCHEDULE, SCHEDULE_DROP, sizeof(struct monitor_schedule), "drop", print_schedule},
    {MONITOR_SCHEDULE, SCHEDULE_ADD, offsetof(struct monitor_schedule, cp_time), "add",
     print_schedule},
    {MONITOR_SCHEDULE, SCHEDULE_ELIGIBLE, offsetof(struct monitor_schedule, page_reads), "eligible",
     print_schedule},
    {MONITOR_USER, USER_STATISTICS, sizeof(struct monitor_user), "statistics", print_user},
    {MONITOR_USER, USER_EXITS, sizeof(struct monitor_exits), "exits", print_exits},
    {MONITOR_INSTSIM, INSTSIM_START, sizeof(struct monitor_instruction), "begins",
     print_instruction},
    {MONITOR_INSTSIM, INSTSIM_EXIT, sizeof(struct monitor_exit), "exit", print_exit},
    {MONITOR_DASTAP, DASTAP_START, sizeof(struct monitor_devices), "start", print_devices},
    {MONITOR_DASTAP, DASTAP_ACTIVITY, sizeof(struct monitor_devices), "activity", print_devices},
    {MONITOR_SEEKS, SEEKS_REQUEST, sizeof(struct monitor_seek), "request", print_seek},
    {MONITOR_SYSPROF, SYSPROF_DROP, 8 + sizeof(struct monitor_devices), "drop", print_profile},
};

const struct record_kind *record_kind(const struct record *r)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (kinds[i].class == r->class && kinds[i].code == r->code)
            return r->length >= kinds[i].least ? &kinds[i] : NULL;
    return NULL;
}

const char *record_class_name(unsigned class)
{
    static const char *const names[MONITOR_CLASSES] = {
        "PERFORM", "RESPONSE", "SCHEDULE", "3", "USER", "INSTSIM", "DASTAP", "SEEKS", "SYSPROF"};
    return class < MONITOR_CLASSES ? names[class] : "?";
}
