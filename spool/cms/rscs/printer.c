/* A link to a printer: its device is RSCS's own, attached from the real system (whose host keeps
 * what it prints as text or PDF) or virtual.  A file is printed as often as it has copies, with a
 * page before and behind each that says whose it is.  It stays until all of it is on paper; a
 * printer that is not ready is tried again. */
#include "lib/ebcdic.h"
#include "spool/cms/rscs/rscs.h"
#include "spool/separator.h"

enum {
    WRITE_SPACE = 0x09,
    BLOCK_DATA_CHECK = 0x73, /* characters that it has not are blanks, and no error */
    WRITE_SKIP_TO_1 = 0x89,
    SKIP_TO_1 = 0x8b,
};

#define BATCH      24u /* lines for a channel program */
#define PAGE_LINES 80u /* of a page before or behind a file */
#define RETRY      2   /* seconds, of a printer that is not ready */

/* What is printed next. */
enum part { NOTHING, HEADER, LINES, TRAILER };

struct printing {
    enum part part;
    struct rscs_file file;
    struct spool_file described; /* for its pages */
    unsigned copy;
    unsigned page, from; /* of the file, from 0: the page at hand, and the first that is printed */
    bool moved;          /* by BACKSPAC or FWDSPACE: the file is to be read anew */
    bool attached;
    bool told;            /* that the printer is not ready */
    unsigned count, done; /* lines of the channel program, and how many of them are printed */
    struct ccw ccws[BATCH] __attribute__((aligned(8)));
    struct rscs_record lines[BATCH];
    unsigned pages[BATCH];          /* on which they are */
    unsigned page_count, page_done; /* lines of a page before or behind the file */
    struct rscs_record page_lines[PAGE_LINES];
};

/* --- what is printed --- */

static int add_line(void *context, uint8_t command, const char *text)
{
    struct printing *p = context;
    if (p->page_count == PAGE_LINES)
        return 1;
    struct rscs_record *line = &p->page_lines[p->page_count++];
    line->command = command;
    line->length = (uint16_t)strlen(text);
    ebcdic_put_field(line->data, text, line->length);
    return 0;
}

static void make_page(struct circuit *c, enum part part)
{
    struct printing *p = c->printing;
    p->part = part;
    p->page_count = p->page_done = 0;
    if (part == HEADER)
        add_line(p, BLOCK_DATA_CHECK, "");
    if (!line_config(c)->separate)
        return;
    p->described.copies = (uint8_t)(p->file.copies - p->copy + 1);
    if (part == HEADER)
        spool_separator_page(&p->described, p->copy, c->rscs->config.local, add_line, p);
    else
        spool_trailer_page(&p->described, p->copy, add_line, p);
}

static void describe(struct printing *p, const struct spool_entry *e)
{
    struct spool_file *d = &p->described;
    memset(d, 0, sizeof *d);
    d->id = p->file.id;
    d->kind = e->kind;
    d->class = p->file.class;
    d->records = p->file.records;
    str_copy(d->owner, p->file.to_user, sizeof d->owner);
    str_copy(d->origin, p->file.from_user, sizeof d->origin);
    str_copy(d->name, p->file.name, sizeof d->name);
    str_copy(d->type, p->file.type, sizeof d->type);
    str_copy(d->dist, p->file.distribution, sizeof d->dist);
    ebcdic_get_field(d->date, e->date, sizeof e->date);
    ebcdic_get_field(d->time, e->time, sizeof e->time);
}

/* The file is not printed (any more). */
static void give_up(struct circuit *c, bool purge)
{
    struct printing *p = c->printing;
    reading_close(c, 0, false);
    rscs_cp(purge ? "PURGE RDR %u" : "CHANGE RDR %u HOLD", (unsigned)p->file.id);
    p->part = NOTHING;
    c->look = true;
}

static void cannot_read(struct circuit *c)
{
    rscs_operator("DMTAXS200I FILE %04u CANNOT BE READ: IT IS HELD",
                  (unsigned)c->printing->file.id);
    give_up(c, false);
}

/* From the file's beginning, though not all of that may be shown. */
static bool begin_lines(struct circuit *c)
{
    struct printing *p = c->printing;
    p->part = LINES;
    p->page = 0;
    p->moved = false;
    reading_close(c, 0, false);
    if (reading_open(c, 0, p->file.id))
        return true;
    cannot_read(c);
    return false;
}

/* The next file, if there is one. */
static bool begin_file(struct circuit *c)
{
    struct printing *p = c->printing;
    struct spool_entry e;
    if (!c->wanted || !queue_select(c, &p->file) || !queue_find(c->rscs, p->file.id, &p->file, &e))
        return false;
    p->copy = 1;
    p->from = 0;
    describe(p, &e);
    make_page(c, HEADER);
    return true;
}

static void end_file(struct circuit *c)
{
    struct printing *p = c->printing;
    char what[40];
    p->part = NOTHING;
    reading_close(c, 0, true);
    c->files_sent++;
    account_file(c, &p->file, ACCOUNT_PRINTED);
    fmt(what, sizeof what, "PRINTED ON %s FOR", line_config(c)->name);
    queue_tell_origin(c->rscs, &p->file, what);
}

/* The file's next line, from the page on that is to be printed first: 1, 0 at its end, -1. */
static int next_line(struct circuit *c, struct rscs_record *line)
{
    struct printing *p = c->printing;
    for (;;) {
        int more = reading_next(c, 0, line);
        if (more <= 0)
            return more;
        if (!p->file.print) {
            line->command = WRITE_SPACE;
            return 1;
        }
        p->page += line->command == SKIP_TO_1;
        bool shown = p->page >= p->from;
        p->page += line->command == WRITE_SKIP_TO_1;
        if (shown)
            return 1;
    }
}

/* The next line of whatever is being printed; false: there is none. */
static bool next(struct circuit *c, struct rscs_record *line)
{
    struct printing *p = c->printing;
    for (;;) {
        if (p->part == NOTHING && !begin_file(c))
            return false;
        if (p->part != LINES && p->page_done < p->page_count) {
            *line = p->page_lines[p->page_done++];
            return true;
        }
        if (p->part == TRAILER && p->copy++ < p->file.copies)
            make_page(c, HEADER);
        else if (p->part == TRAILER)
            end_file(c);
        else if (p->part == HEADER || p->moved) {
            if (begin_lines(c) && p->from) {
                *line = (struct rscs_record){.command = SKIP_TO_1};
                return true;
            }
        } else if (p->part == LINES) {
            int more = next_line(c, line);
            if (more > 0)
                return true;
            p->from = 0;
            if (more < 0)
                cannot_read(c);
            else
                make_page(c, TRAILER);
        }
    }
}

/* --- the device --- */

/* Starts what is left of the channel program. */
static void print(struct circuit *c)
{
    if (!line_start_io(c, &c->printing->ccws[c->printing->done], LINE_WRITING)) {
        reading_close(c, 0, false);
        c->printing->part = NOTHING;
    }
}

static void go_on(struct circuit *c)
{
    struct printing *p = c->printing;
    p->count = p->done = 0;
    while (p->count < BATCH && next(c, &p->lines[p->count])) {
        struct rscs_record *line = &p->lines[p->count];
        p->pages[p->count] = p->page;
        if (!line->length)
            line->data[line->length++] = ' ';
        ccw_set(&p->ccws[p->count++], line->command, line->data,
                CCW_CHAIN_COMMAND | CCW_SUPPRESS_LENGTH, line->length);
    }
    if (p->count) {
        p->ccws[p->count - 1].flags = CCW_SUPPRESS_LENGTH;
        print(c);
    } else if (c->wanted) {
        c->state = LINE_READING;
    } else {
        line_ended(c);
    }
}

static void not_ready(struct circuit *c)
{
    if (!c->printing->told)
        rscs_tell("DMTPRT026E PRINTER %03X OF LINK %s IS NOT READY", line_config(c)->line,
                  line_config(c)->name);
    c->printing->told = true;
    c->waited = 0;
    c->state = LINE_ENABLING;
}

/* CP may have it for its own spool: that gives it up when it has printed what it is printing. */
static void attach(struct circuit *c)
{
    const struct rscs_link_config *l = line_config(c);
    struct printing *p = c->printing;
    if (!line_attach(c))
        rscs_cp("DRAIN %03X", l->line);
    p->attached = line_attach(c);
    if (!p->attached) {
        not_ready(c);
        return;
    }
    p->told = false;
    rscs_tell("DMTNJE142I LINK %s PRINTER %03X STARTED", l->name, l->line);
    go_on(c);
}

static void start(struct circuit *c)
{
    if (!c->printing && (c->printing = cms_alloc(sizeof *c->printing)))
        memset(c->printing, 0, sizeof *c->printing);
    if (!c->printing) {
        rscs_operator("DMTCMX205E NO STORAGE FOR LINK %s", line_config(c)->name);
        c->wanted = false;
        return;
    }
    c->printing->part = NOTHING;
    c->printing->count = c->printing->done = 0;
    c->printing->told = false;
    c->look = true;
    attach(c);
}

static void work(struct circuit *c)
{
    if (c->state == LINE_READING)
        go_on(c);
}

/* What a printer that is not ready has not taken is not printed any more. */
static void forget_lines(struct circuit *c)
{
    if (c->state == LINE_ENABLING)
        c->printing->count = c->printing->done = 0;
}

void printer_give_back(struct circuit *c)
{
    struct printing *p = c->printing;
    if (!p || p->part == NOTHING)
        return;
    reading_close(c, 0, false);
    p->part = NOTHING;
    c->look = true;
    forget_lines(c);
}

static void leave(struct circuit *c)
{
    printer_give_back(c);
    line_ended(c);
}

static void stop(struct circuit *c, bool at_once)
{
    if (c->state == LINE_READING || (c->state == LINE_ENABLING && at_once))
        leave(c);
    else if (at_once && c->state == LINE_WRITING)
        line_halt(c, LINE_DROPPING);
}

/* The command whose end is not good was not executed: a data check is blocked. */
static void event(struct circuit *c, const struct cms_event *e)
{
    struct printing *p = c->printing;
    if (c->state == LINE_DROPPING) {
        leave(c);
        return;
    }
    if (c->state != LINE_WRITING)
        return;
    uint32_t at = (e->last_ccw & 0x00ffffff) - (uint32_t)p->ccws;
    bool failed = (e->unit_status & UNIT_CHECK) || e->channel_status;
    if (at <= sizeof p->ccws)
        p->done = at / sizeof *p->ccws;
    if (failed && p->done)
        p->done--;
    if (failed)
        not_ready(c);
    else if (p->done < p->count) /* unit exception: the form's end */
        print(c);
    else {
        p->told = false;
        go_on(c);
    }
}

static uint32_t patience(const struct circuit *c)
{
    return c->state == LINE_ENABLING ? RETRY : 0;
}

static void tick(struct circuit *c, uint32_t seconds)
{
    if (c->state != LINE_ENABLING)
        return;
    c->waited += seconds;
    if (c->waited < RETRY)
        return;
    if (!c->printing->attached)
        attach(c);
    else if (c->printing->done < c->printing->count)
        print(c);
    else
        go_on(c);
}

bool printer_space(struct circuit *c, int pages, bool all)
{
    struct printing *p = c->printing;
    if (!p || p->part != LINES || c->state == LINE_STOPPED)
        return false;
    int page = (int)(p->moved ? p->from : p->done < p->count ? p->pages[p->done] : p->page);
    page = all || -pages >= page ? 0 : page + pages;
    p->from = (unsigned)page;
    p->moved = true;
    forget_lines(c);
    return true;
}

bool printer_flush(struct circuit *c, uint16_t id, bool purge)
{
    struct printing *p = c->printing;
    if (!p || p->part == NOTHING || p->file.id != id)
        return false;
    give_up(c, purge);
    forget_lines(c);
    return true;
}

const struct line_kind line_printer = {start, stop, event, work, patience, tick};
