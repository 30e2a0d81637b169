/* Virtual unit record devices: making them, and the files they write. */
#include "cp/spool/cpspool.h"

#include "cp/frames.h"
#include "cp/message.h"
#include "cp/state.h"
#include "cp/task.h"
#include "lib/str.h"
#include "spool/report.h"

static struct vspool *vspool_new(struct vmblok *vm, unsigned kind, char class)
{
    struct vspool *v = cp_alloc(sizeof *v);
    if (!v)
        return NULL;
    v->vm = vm;
    v->kind = (uint8_t)kind;
    v->set.class = class;
    v->set.copies = 1;
    v->set.eof = true;
    v->set.terminal = true;
    list_append(&cp.spool->vspools, &v->link);
    return v;
}

static void vspool_drop(struct vspool *v)
{
    list_remove(&v->link);
    cp_free(v, sizeof *v);
}

/* Virtual unit record types of VM/370's directory. */
static const struct spooled_type {
    uint16_t type;
    uint8_t kind;
    const struct vdev_ops *ops;
} types[] = {
    {0x2501, SPOOL_READER, &vreader_ops},   {0x3505, SPOOL_READER, &vreader_ops},
    {0x3525, SPOOL_PUNCH, &vpunch_ops},     {0x1403, SPOOL_PRINTER, &vprinter_ops},
    {0x1443, SPOOL_PRINTER, &vprinter_ops}, {0x3203, SPOOL_PRINTER, &vprinter_ops},
    {0x3211, SPOOL_PRINTER, &vprinter_ops}, {0x3800, SPOOL_PRINTER, &vprinter_ops},
};

static const struct spooled_type *find_type(uint16_t type)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (types[i].type == type)
            return &types[i];
    return NULL;
}

struct vdev *vspool_create(struct vmblok *vm, uint16_t address, uint16_t type, char spool_class)
{
    static const struct spooled_type reader_2540 = {0x2540, SPOOL_READER, &vreader_ops};
    static const struct spooled_type punch_2540 = {0x2541, SPOOL_PUNCH, &vpunch_ops};
    const struct spooled_type *t = type == VSPOOL_2540R   ? &reader_2540
                                   : type == VSPOOL_2540P ? &punch_2540
                                                          : find_type(type);
    if (!t || vdev_find(vm, address))
        return NULL;
    char class = spool_class ? spool_class : t->kind == SPOOL_READER ? '*' : 'A';
    struct vspool *v = vspool_new(vm, t->kind, class);
    struct vdev *vdev = v ? vdev_create(vm, address, t->ops) : NULL;
    if (!vdev) {
        if (v)
            vspool_drop(v);
        return NULL;
    }
    static const enum device_class classes[] = {CLASS_NONE, CLASS_READER, CLASS_PRINTER,
                                                CLASS_PUNCH, CLASS_CONSOLE};
    vdev->type = type == VSPOOL_2540P ? 0x2540 : type;
    vdev->class = classes[t->kind];
    vdev->data = v;
    v->vdev = vdev;
    return vdev;
}

struct vspool *vspool_of(struct vdev *vdev)
{
    bool spooled =
        vdev->ops == &vreader_ops || vdev->ops == &vpunch_ops || vdev->ops == &vprinter_ops;
    return spooled ? vdev->data : NULL;
}

/* LOGOFF and DETACH close what is open, as on the real system. */
void vspool_detach(struct vdev *vdev)
{
    struct vspool *v = vdev->data;
    struct close_options end = {.force = true};
    vspool_close(v, &end);
    if (v->writer.file) /* the spool is full: nothing can be kept */
        spool_write_purge(the_spool(), &v->writer);
    vspool_drop(v);
}

enum spool_result vspool_put(struct vspool *v, const struct spool_record *record)
{
    struct spool *s = the_spool();
    if (!v->writer.file) {
        enum spool_result r = spool_write_open(s, &v->writer, v->kind, tod_now());
        if (r != SPOOL_OK)
            return r;
        struct spool_file *f = v->writer.file;
        str_copy(f->owner, v->vm->userid, sizeof f->owner);
        str_copy(f->origin, v->vm->userid, sizeof f->origin);
    }
    enum spool_result r = spool_write(s, &v->writer, record);
    if (r == SPOOL_OK)
        v->full_told = false;
    return r;
}

unsigned vspool_failed(struct vspool *v, enum spool_result result)
{
    if (!v->full_told)
        cp_printf(v->vm, "DMKVSP428E %s %03X: %s", spool_kind_name(v->kind),
                  (unsigned)v->vdev->address, spool_result_text(result));
    v->full_told = true;
    spool_tell_full(result);
    return vdev_check(v->vdev, SENSE_INTERVENTION);
}

/* Where the closed file goes and what it is called. */
static void set_attributes(struct vspool *v, const struct close_options *o)
{
    struct spool_file *f = v->writer.file;
    f->class = v->set.class;
    f->copies = v->set.copies;
    f->hold = (v->set.hold || o->hold) && !o->nohold ? SPOOL_HOLD_USER : 0;
    str_copy(f->name, o->name ? o->name : "", sizeof f->name);
    str_copy(f->type, o->name && o->type ? o->type : "", sizeof f->type);
    str_copy(f->dist, o->dist ? o->dist : v->vm->distribution, sizeof f->dist);
    str_copy(f->tag, v->tag, sizeof f->tag);
    if (v->set.destination != TO_SYSTEM)
        str_copy(f->owner, v->set.user, sizeof f->owner);
    f->queue = (uint8_t)(v->set.destination == TO_USER ? SPOOL_READER
                         : v->kind == SPOOL_CONSOLE    ? SPOOL_PRINTER
                                                       : v->kind);
    spool_stamp_date(f);
}

/* Once a message waits for a terminal the file may be printed and gone. */
static void tell_closed(struct vspool *v, struct spool_file *f)
{
    char line[SPOOL_LINE];
    bool to = v->set.destination == TO_USER;
    spool_report_file(line, sizeof line, f, to ? "TO  " : "FOR ", f->owner);
    spool_wake_units();
    if (to && strcmp(f->owner, v->vm->userid))
        spool_arrived(f, f->origin);
    else if (to)
        spool_ready_readers(f);
    if (v->vm->set.imsg && v->vm->logged_on)
        cp_printf(v->vm, "%s", line);
}

/* Closes the file of a writing device.  The file, if there is one to tell of. */
static struct spool_file *close_output(struct vspool *v, const struct close_options *options)
{
    struct spool *s = the_spool();
    struct spool_file *f = NULL;
    if (!v->writer.file || (v->set.cont && !options->force))
        return NULL;
    if (options->purge || v->set.purge) {
        spool_write_purge(s, &v->writer);
        return NULL;
    }
    set_attributes(v, options);
    enum spool_result r = spool_write_close(s, &v->writer, &f);
    if (r != SPOOL_OK) {
        spool_tell_full(r);
        if (v->kind != SPOOL_CONSOLE) /* what is written there would go into this file */
            cp_printf(v->vm, "DMKVSP428E %s FILE %04d IS NOT CLOSED: %s", spool_kind_name(v->kind),
                      (int)v->writer.file->id, spool_result_text(r));
    }
    return f;
}

void vspool_close(struct vspool *v, const struct close_options *options)
{
    if (v->kind == SPOOL_READER) {
        vreader_close(v, options);
    } else if (v->kind == SPOOL_CONSOLE) {
        spool_console_close(v->vm, options);
    } else {
        struct spool_file *f = close_output(v, options);
        if (f)
            tell_closed(v, f);
    }
}

/* --- consoles --- */

struct vspool *vspool_console(struct vmblok *vm, bool make)
{
    LIST_EACH(it, &cp.spool->vspools)
    {
        struct vspool *v = LIST_ENTRY(it, struct vspool, link);
        if (v->kind == SPOOL_CONSOLE && v->vm == vm)
            return v;
    }
    struct vspool *v = make && vm->console ? vspool_new(vm, SPOOL_CONSOLE, 'T') : NULL;
    if (v)
        v->vdev = vm->console;
    return v;
}

bool spool_console_is_quiet(struct vmblok *vm)
{
    const struct vspool *v = vspool_console(vm, false);
    return v && v->set.started && !v->set.terminal;
}

const char *spool_console_state(struct vmblok *vm)
{
    const struct vspool *v = vspool_console(vm, false);
    if (!v)
        return "TERM STOP";
    if (v->set.terminal)
        return v->set.started ? "TERM START" : "TERM STOP";
    return v->set.started ? "NOTERM START" : "NOTERM STOP";
}

/* The console's file is written by its own VM's task and by those that send it messages: one at
 * a time.  The VM may log off while this sleeps. */
static struct vspool *console_lock(struct vmblok *vm)
{
    struct vspool *v;
    while ((v = vspool_console(vm, false)) && v->writing)
        task_sleep(v);
    if (v)
        v->writing = true;
    return v;
}

static void console_unlock(struct vspool *v)
{
    v->writing = false;
    task_wake(v);
}

void spool_console_line(struct vmblok *vm, const char *text, size_t length)
{
    struct vspool *v = cp.spool ? vspool_console(vm, false) : NULL;
    if (!v || !v->set.started || !(v = console_lock(vm)))
        return;
    do {
        size_t n = 0;
        while (n < length && n < 132 && text[n] != 0x15)
            n++;
        struct spool_record record = {0x09, 0, (uint16_t)n, (const uint8_t *)text};
        /* A console has no intervention required: what finds no room is not kept, and the
         * operator knows. */
        enum spool_result r = vspool_put(v, &record);
        if (r != SPOOL_OK)
            spool_tell_full(r);
        n += n < length && text[n] == 0x15;
        text += n;
        length -= n;
    } while (length);
    console_unlock(v);
}

void spool_console_close(struct vmblok *vm, const struct close_options *options)
{
    struct vspool *v = console_lock(vm);
    if (!v)
        return;
    struct spool_file *f = close_output(v, options);
    console_unlock(v);
    if (f)
        tell_closed(v, f);
}

void spool_console_end(struct vmblok *vm)
{
    struct close_options end = {.force = true};
    struct vspool *v = cp.spool ? vspool_console(vm, false) : NULL;
    if (!v)
        return;
    v->set.started = false;
    spool_console_close(vm, &end);
    v = console_lock(vm);
    if (v->writer.file)
        spool_write_purge(the_spool(), &v->writer);
    console_unlock(v); /* those that wait find no console any more */
    vspool_drop(v);
}
