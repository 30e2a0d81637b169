/* A stream of MONITOR's records: blocks taken apart, what they say of users added up. */
#include "tools/monitor.h"

#include "lib/str.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TOD_1970    UINT64_C(0x7d91048bca000000)
#define TOD_SECOND  UINT64_C(4096000000)
#define FIELD_SHIFT 16 /* of the five bytes in a header */
#define FIELD_BITS  UINT64_C(0x00ffffffffff0000)
#define FIELD_WRAP  UINT64_C(0x0100000000000000)

static void print_time(FILE *out, uint64_t tod)
{
    time_t seconds = (time_t)((tod - TOD_1970) / TOD_SECOND);
    unsigned micro = (unsigned)((tod - TOD_1970) % TOD_SECOND / 4096);
    struct tm tm;
    char text[20];
    if (gmtime_r(&seconds, &tm) && strftime(text, sizeof text, "%H:%M:%S", &tm))
        fprintf(out, "%s.%06u", text, micro);
}

/* The header's five bytes with the byte that they leave out. */
static uint64_t whole_tod(const struct stream *s, uint64_t field)
{
    uint64_t tod = (s->base & ~(FIELD_BITS | UINT64_C(0xffff))) | field;
    return tod + FIELD_WRAP < s->base ? tod + FIELD_WRAP : tod;
}

/* --- what is summed up --- */

static struct user *user_of(struct stream *s, const uint8_t *field)
{
    char name[9];
    struct user **at = &s->users;
    record_text(name, field, 8);
    while (*at && strcmp((*at)->userid, name))
        at = &(*at)->next;
    if (!*at && (*at = calloc(1, sizeof **at)) != NULL)
        str_copy((*at)->userid, name, sizeof(*at)->userid);
    return *at;
}

static struct exit_count *count_of(struct exit_count *rows, unsigned *used, const char *name)
{
    for (unsigned i = 0; i < *used; i++)
        if (!strcmp(rows[i].name, name))
            return &rows[i];
    if (*used == MONITOR_ROWS)
        return NULL;
    str_copy(rows[*used].name, name, sizeof rows[0].name);
    return &rows[(*used)++];
}

/* Counters go up while a session lasts; one that is lower than it was belongs to the next session.
 */
static uint64_t grown(uint64_t now, uint64_t before)
{
    return now < before ? now : now - before;
}

/* The counters of a record are since LOGON.  What users who were there at the start had then is not
 * of this stream. */
static void add_exits(struct stream *s, const struct record *r)
{
    const struct monitor_exits *d = (const void *)r->data;
    const struct monitor_exit_row *row = (const void *)(d + 1);
    struct user *u = user_of(s, r->data);
    unsigned reasons, rows = record_exit_rows(r, &reasons);
    if (!u)
        return;
    bool another = get64(d->virtual_time) < u->last_virtual; /* it has logged on again */
    if (another) {
        u->last_rows = 0;
        u->last_virtual = u->last_bare = 0;
    }
    if (s->first_sample_over) {
        u->virtual_time += grown(get64(d->virtual_time), u->last_virtual);
        u->bare_time += grown(get64(d->bare_time), u->last_bare);
    }
    u->last_virtual = get64(d->virtual_time);
    u->last_bare = get64(d->bare_time);
    for (unsigned i = 0; i < rows; i++) {
        char name[9];
        unsigned shown = u->reasons + u->kinds;
        record_text(name, row[i].name, 8);
        struct exit_count *before = count_of(u->last, &u->last_rows, name);
        struct exit_count *sum = count_of(u->row, &shown, name);
        if (!before || !sum)
            continue;
        if (shown > u->reasons + u->kinds)
            *(i < reasons ? &u->reasons : &u->kinds) += 1;
        if (s->first_sample_over) {
            sum->times += grown(get32(row[i].times), before->times);
            sum->time += grown(get64(row[i].time), before->time);
        }
        before->times = get32(row[i].times);
        before->time = get64(row[i].time);
    }
}

static void take_record(struct stream *s, const struct record *given)
{
    struct record record = *given, *r = &record;
    const struct record_kind *kind = record_kind(r);
    if (kind && r->class == MONITOR_PERFORM && r->code == PERFORM_START) {
        s->base = get64(((const struct monitor_start *)(const void *)r->data)->tod);
        s->started = true;
        s->first_sample_over = false;
    }
    if (r->class < MONITOR_CLASSES)
        s->records[r->class]++;
    if (s->started) {
        s->last_tod = whole_tod(s, r->tod);
        if (!s->first_tod)
            s->first_tod = s->last_tod;
        s->base = s->last_tod > s->base ? s->last_tod : s->base;
    }
    if (kind && r->class == MONITOR_PERFORM && r->code == PERFORM_SUSPENDED)
        s->lost += get32(((const struct monitor_suspended *)(const void *)r->data)->events);
    if (kind && r->class == MONITOR_PERFORM && r->code == PERFORM_STATISTICS) {
        s->last_perform = *(const struct monitor_perform *)(const void *)r->data;
        if (!s->performs++)
            s->first_perform = s->last_perform;
        s->first_sample_over = s->performs > 1;
    }
    if (kind && r->class == MONITOR_USER && r->code == USER_EXITS)
        add_exits(s, r);
    if (!s->show_records)
        return;
    print_time(s->out, whole_tod(s, r->tod));
    fprintf(s->out, " %s ", record_class_name(r->class));
    if (kind) {
        fprintf(s->out, "%s: ", kind->name);
        kind->print(s->out, r);
    } else {
        fprintf(s->out, "code %u, %zu bytes", r->code, r->length);
    }
    putc('\n', s->out);
}

static void print_user_sum(FILE *out, const struct user *u)
{
    uint64_t times = 0, time = 0;
    for (unsigned i = 0; i < u->reasons; i++) {
        times += u->row[i].times;
        time += u->row[i].time;
    }
    if (!times)
        return;
    fprintf(out, "\n%-18s%12s %14s %12s\n", u->userid, "times", "CP time, ms", "each, us");
    for (unsigned i = 0; i < u->reasons + u->kinds; i++)
        if (u->row[i].times)
            fprintf(out, "  %s%-14s%12" PRIu64 " %14.3f %12.2f\n", i < u->reasons ? "" : "  ",
                    u->row[i].name, u->row[i].times, record_ms(u->row[i].time),
                    record_ms(u->row[i].time) * 1000 / (double)u->row[i].times);
    fprintf(out, "  %-16s%12" PRIu64 " %14.3f %12.2f\n", "total", times, record_ms(time),
            record_ms(time) * 1000 / (double)times);
    fprintf(out, "  own %.3f ms, with CP's part %.3f ms, on the bare machine %.3f ms",
            record_ms(u->virtual_time), record_ms(u->virtual_time + time), record_ms(u->bare_time));
    if (u->bare_time)
        fprintf(out, ": here %.3f times as long",
                (double)(u->virtual_time + time) / (double)u->bare_time);
    putc('\n', out);
}

void stream_summary(const struct stream *s)
{
    fprintf(s->out, "Records:");
    for (unsigned c = 0; c < MONITOR_CLASSES; c++)
        if (s->records[c])
            fprintf(s->out, " %s %" PRIu64, record_class_name(c), s->records[c]);
    if (s->lost)
        fprintf(s->out, ", lost %" PRIu64, s->lost);
    fprintf(s->out, "\nTime:    %.3f s\n", record_ms(s->last_tod - s->first_tod) / 1000);
    if (s->performs > 1) {
        const struct monitor_perform *a = &s->first_perform, *b = &s->last_perform;
        double idle = record_ms(get64(b->idle) - get64(a->idle)),
               guests = record_ms(get64(b->in_guests) - get64(a->in_guests)),
               in_cp = record_ms(get64(b->in_cp) - get64(a->in_cp)), all = idle + guests + in_cp;
        if (all > 0)
            fprintf(s->out, "CPU:     guests %.1f %%, CP %.1f %%, idle %.1f %%\n",
                    guests * 100 / all, in_cp * 100 / all, idle * 100 / all);
        fprintf(s->out, "Pages:   in %u, out %u; I/O %u; dispatches %u; exits %u\n",
                (unsigned)(get32(b->page_reads) - get32(a->page_reads)),
                (unsigned)(get32(b->page_writes) - get32(a->page_writes)),
                (unsigned)(get32(b->real_io) - get32(a->real_io)),
                (unsigned)(get32(b->dispatches) - get32(a->dispatches)),
                (unsigned)(get32(b->exits) - get32(a->exits)));
    }
    for (const struct user *u = s->users; u; u = u->next)
        print_user_sum(s->out, u);
}

/* --- blocks --- */

/* The records of a block of `length` bytes.  False: it is none. */
bool stream_block(struct stream *s, const uint8_t *block, size_t length)
{
    if (length < MONITOR_BLOCK_HEAD || load_be16(block) < MONITOR_BLOCK_HEAD ||
        load_be16(block) > length || load_be16(block + 2))
        return false;
    size_t end = load_be16(block), at = MONITOR_BLOCK_HEAD;
    while (at < end) {
        const struct monitor_header *h = (const void *)(block + at);
        size_t size = end - at >= sizeof *h ? get16(h->size) : 0;
        if (size < sizeof *h || size > end - at || get16(h->zero))
            return false;
        uint64_t field = (uint64_t)h->tod[0] << 32 | load_be32(h->tod + 1);
        struct record r = {h->class, get16(h->code), field << FIELD_SHIFT, (const uint8_t *)(h + 1),
                           size - sizeof *h};
        take_record(s, &r);
        at += size;
    }
    return true;
}

bool stream_cards(struct stream *s, const uint8_t *bytes, size_t length)
{
    size_t at = 0;
    while (at < length) {
        if (!stream_block(s, bytes + at, length - at))
            return false;
        at += (load_be16(bytes + at) + MONITOR_CARD - 1u) / MONITOR_CARD * MONITOR_CARD;
    }
    return true;
}

void stream_free(struct stream *s)
{
    while (s->users) {
        struct user *next = s->users->next;
        free(s->users);
        s->users = next;
    }
}
