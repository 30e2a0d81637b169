/* QUERY READER, PRINTER, PUNCH and FILES, and the spooled devices in QUERY VIRTUAL and UR.
 * With class D the first three show all users' files unless a userid (or *) is given. */
#include "cp/spool/commands.h"

#include "cp/message.h"
#include "cp/text/operands.h"
#include "lib/str.h"
#include "spool/report.h"

#define MODULE "CFS"

/* What QUERY READER ... asks for. */
struct wanted {
    unsigned queue;
    char owner[USERID_SIZE]; /* "": any */
    char class;              /* '*': any */
    uint16_t id;             /* 0: any */
    bool full;               /* with date, time, name, type, distribution */
    bool by_owner;
};

static int parse_wanted(struct vmblok *vm, const char *line, struct wanted *w)
{
    char word[WORD_SIZE];
    w->by_owner = vm->classes & CLASS_D;
    w->class = '*';
    if (!w->by_owner)
        str_copy(w->owner, vm->userid, sizeof w->owner);
    while (str_word(&line, word, sizeof word)) {
        if (str_equal(word, "ALL")) {
            w->full = true;
        } else if (str_abbrev(word, "CLASS", 2)) {
            word[0] = 0;
            str_word(&line, word, sizeof word);
            if (!spool_class_word(word, false, &w->class))
                return cp_error(vm, MODULE, 28, "CLASS MISSING OR INVALID");
        } else if (spool_id_word(word, &w->id)) {
            w->full = true;
        } else if (str_equal(word, "*")) {
            str_copy(w->owner, vm->userid, sizeof w->owner);
            w->by_owner = false;
        } else if ((vm->classes & CLASS_D) && operand_userid(word, w->owner)) {
            if (!strcmp(w->owner, "SYSTEM"))
                w->owner[0] = 0;
            w->by_owner = !w->owner[0];
        } else {
            return error_operand(vm, MODULE, word);
        }
    }
    return 0;
}

static bool is_wanted(const struct wanted *w, const struct spool_file *f)
{
    return (!w->owner[0] || !strcmp(w->owner, f->owner)) &&
           (w->class == '*' || w->class == f->class) && (!w->id || w->id == f->id);
}

/* The file behind order `after` in the queue: a line may wait for the terminal, and the queue
 * change meanwhile. */
static struct spool_file *next_wanted(const struct wanted *w, uint32_t after)
{
    struct spool_file *f = NULL;
    while ((f = spool_next_file(the_spool(), w->queue, f, "", '*')))
        if (f->order > after && is_wanted(w, f))
            return f;
    return NULL;
}

static int query_queue(struct vmblok *vm, const char *operands, unsigned queue)
{
    struct wanted w = {.queue = queue};
    struct spool_file *f;
    char line[SPOOL_LINE];
    int error = parse_wanted(vm, operands, &w);
    if (error)
        return error;
    f = next_wanted(&w, 0);
    if (!f && w.id)
        return cp_error(vm, MODULE, 42, "SPOOLID %04d DOES NOT EXIST", (int)w.id);
    if (!f) {
        cp_printf(vm, "NO %s FILES", spool_kind_name(queue));
        return 0;
    }
    spool_report_title(line, sizeof line, w.full, w.by_owner);
    cp_printf(vm, "%s", line);
    while (f) {
        uint32_t order = f->order;
        spool_report_line(line, sizeof line, f, w.full, w.by_owner);
        cp_printf(vm, "%s", line);
        f = next_wanted(&w, order);
    }
    return 0;
}

int query_reader(struct vmblok *vm, const char *operands)
{
    return query_queue(vm, operands, SPOOL_READER);
}

int query_printer(struct vmblok *vm, const char *operands)
{
    return query_queue(vm, operands, SPOOL_PRINTER);
}

int query_punch(struct vmblok *vm, const char *operands)
{
    return query_queue(vm, operands, SPOOL_PUNCH);
}

bool spool_files_line(const char *userid, char *to, size_t size)
{
    static const uint8_t queues[] = {SPOOL_READER, SPOOL_PRINTER, SPOOL_PUNCH};
    bool any = false;
    size_t n = fmt(to, size, "FILES:");
    for (unsigned i = 0; i < sizeof queues; i++) {
        unsigned count = 0;
        struct spool_file *f = NULL;
        while ((f = spool_next_file(the_spool(), queues[i], f, userid, '*')))
            count++;
        if (count)
            n += fmt(to + n, size - n, " %04d %s%s", (int)count, spool_kind_name(queues[i]),
                     i < 2 ? "," : "");
        else
            n += fmt(to + n, size - n, " NO %s%s", spool_kind_name(queues[i]), i < 2 ? "," : "");
        any |= count != 0;
    }
    return any;
}

int query_files(struct vmblok *vm, const char *operands)
{
    char line[SPOOL_LINE], word[WORD_SIZE], userid[USERID_SIZE];
    str_copy(userid, vm->userid, sizeof userid);
    if (str_word(&operands, word, sizeof word)) {
        if (!(vm->classes & CLASS_D))
            return error_operand(vm, MODULE, word);
        if (str_equal(word, "SYSTEM"))
            userid[0] = 0;
        else if (!str_equal(word, "*") && !operand_userid(word, userid))
            return error_userid(vm, MODULE);
    }
    spool_files_line(userid, line, sizeof line);
    cp_printf(vm, "%s", line);
    return 0;
}

static const char *if_set(bool set, const char *yes, const char *no)
{
    return set ? yes : no;
}

void spool_query_vdev(struct vmblok *vm, struct vdev *vdev)
{
    struct vspool *v = vspool_of(vdev);
    if (!v)
        return;
    const struct vspool_settings *set = &v->set;
    unsigned address = vdev->address;
    const char *name = spool_kind_name(v->kind);
    const char *ready = if_set(vdev->not_ready, "NOTREADY", "READY");
    if (v->kind == SPOOL_READER) {
        cp_printf(vm, "%s  %03X CL %c %-6s %-6s   %-5s    %s", name, address, set->class,
                  if_set(set->cont, "CONT", "NOCONT"), if_set(set->hold, "HOLD", "NOHOLD"),
                  if_set(set->eof, "EOF", "NOEOF"), ready);
        return;
    }
    cp_printf(vm, "%s  %03X CL %c %-6s %-6s COPY %02d    %s", name, address, set->class,
              if_set(set->cont, "CONT", "NOCONT"), if_set(set->hold, "HOLD", "NOHOLD"),
              (int)set->copies, ready);
    cp_printf(vm, "     %03X %s %-8s DIST %s", address,
              if_set(set->destination == TO_USER, "TO ", "FOR"),
              set->destination == TO_SYSTEM ? vm->userid : set->user, vm->distribution);
}

int query_virtual_ur(struct vmblok *vm, const char *operands)
{
    LIST_EACH(it, &vm->vdevs)
    spool_query_vdev(vm, LIST_ENTRY(it, struct vdev, link));
    return 0;
}
