/* Saved states: what belongs to one, in which order, and whether it fits the machine.  How the
 * file is laid out is in save_file.c.
 *
 * Before anything of the machine is changed, its configuration and media are compared with
 * those of the state.  What a restored machine does not have any more is what was the host's:
 * connections (a telnet user is gone, his program is told), scripts, breakpoints, traces. */
#include "s370/save.h"

#include "dat/storage.h"
#include "s370/arch/control.h"
#include "s370/io/channel.h"
#include "s370/machine.h"
#include "s370/save_file.h"
#include "s370/saved.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAGE      4096u
#define TIME_MOST (UINT64_C(1) << 62) /* ns, 146 years */

/* --- the sections --- */

/* What must be the same: storage, CPUs, devices and their types.  Restoring compares. */
static void saved_configuration(struct machine *m, struct saved *s)
{
    uint32_t size = m->storage.size, cpus = m->cpu_count, devices = 0;
    for (struct device *d = device_next(m, NULL); d; d = device_next(m, d))
        devices++;
    saved_u32(s, &size);
    saved_u32(s, &cpus);
    saved_u32(s, &devices);
    if (size != m->storage.size)
        saved_refuse(s, "it has %u KiB of storage, this machine %u (MAINSIZE)", size >> 10,
                     m->storage.size >> 10);
    if (cpus != m->cpu_count)
        saved_refuse(s, "it has %u CPUs, this machine %u (NUMCPU)", cpus, m->cpu_count);
    struct device *d = device_next(m, NULL);
    for (uint32_t i = 0; i < devices && saved_good(s); i++) {
        uint16_t address = d ? d->address : UINT16_MAX;
        char type[16] = "";
        snprintf(type, sizeof type, "%s", d ? d->type->name : "");
        saved_u16(s, &address);
        saved_string(s, type, sizeof type);
        if (!d || address < d->address)
            saved_refuse(s, "it has a %s at %03X, this machine has none", type, address);
        else if (address > d->address)
            saved_refuse(s, "it has no device at %03X, this machine has a %s", d->address,
                         d->type->name);
        else if (strcmp(type, d->type->name) != 0)
            saved_refuse(s, "it has a %s at %03X, this machine a %s", type, address, d->type->name);
        d = d ? device_next(m, d) : NULL;
    }
    if (d && s->reading)
        saved_refuse(s, "it has no device at %03X, this machine has a %s", d->address,
                     d->type->name);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* Compares what is mounted with what was, and tells how it differs.  False: that is a reason to
 * refuse; `anyway`: only if there is something instead of nothing, or the other way. */
static bool compare_medium(struct machine *m, struct device *d, const char *was,
                           uint32_t checksum_was, bool anyway)
{
    uint32_t checksum = 0;
    const char *path = d->type->ops->medium ? d->type->ops->medium(d, &checksum) : NULL;
    const char *is = path ? base_name(path) : "";
    if (!strcmp(was, is) && checksum == checksum_was)
        return true;
    if (strcmp(was, is) != 0)
        machine_message(m, "%03X: %s was mounted there, now it is %s", d->address,
                        was[0] ? was : "nothing", is[0] ? is : "nothing");
    else
        machine_message(m, "%03X: %s has changed since", d->address, path);
    return anyway && !was[0] == !is[0];
}

static void saved_media(struct machine *m, struct saved *s, bool anyway)
{
    bool good = true;
    for (struct device *d = device_next(m, NULL); d; d = device_next(m, d)) {
        char name[256] = "";
        uint32_t checksum = 0;
        const char *path = NULL;
        if (!s->reading && d->type->ops->medium)
            path = d->type->ops->medium(d, &checksum);
        snprintf(name, sizeof name, "%s", path ? base_name(path) : "");
        saved_string(s, name, sizeof name);
        saved_u32(s, &checksum);
        if (s->reading && saved_good(s))
            good = compare_medium(m, d, name, checksum, anyway) && good;
    }
    if (!good)
        saved_refuse(s, "other media are mounted than it was saved with (devinit mounts; "
                        "\"restore FILE anyway\" takes changed ones)");
}

static void shift_events(struct machine *m, uint64_t from, uint64_t to)
{
    for (struct event *e = m->events.first; e; e = e->next)
        e->when += to - from;
}

static void saved_machine(struct machine *m, struct saved *s)
{
    uint64_t now = machine_now(m), origin = (uint64_t)m->tod_origin;
    uint64_t before = now;
    if (!s->reading && m->loading)
        saved_wait(s, "an IPL is going on");
    saved_u64(s, &now);
    saved_u64(s, &origin);
    saved_u64(s, &m->last_clock);
    saved_u32(s, &m->cpu_serial);
    saved_bool(s, &m->timed_io);
    if (now > TIME_MOST) {
        saved_refuse(s, "its time is impossible");
        now = 0;
    }
    for (unsigned n = 0; n < m->cpu_count; n++)
        cpu_saved(m->cpus[n], s, now);
    if (!s->reading)
        return;
    m->tod_origin = (int64_t)origin;
    /* The clock goes on from there, and with it what the host waits for (scripts). */
    m->idle_ns += now - machine_now(m);
    m->host_origin -= now - machine_now(m);
    shift_events(m, before, now);
}

static bool is_zero(const uint8_t *page)
{
    return page[0] == 0 && memcmp(page, page + 1, PAGE - 1) == 0;
}

static void saved_storage(struct machine *m, struct saved *s)
{
    struct storage *storage = &m->storage;
    uint32_t pages = storage->size / PAGE, count = 0;
    if (s->reading)
        memset(storage->main, 0, storage->size);
    for (uint32_t n = 0; !s->reading && n < pages; n++)
        count += !is_zero(storage->main + (size_t)n * PAGE);
    count = saved_limited(s, count, pages, "the number of pages");
    for (uint32_t i = 0, n = 0; i < count && saved_good(s); i++, n++) {
        while (!s->reading && is_zero(storage->main + (size_t)n * PAGE))
            n++;
        n = saved_limited(s, n, pages - 1, "the number of a page");
        saved_bytes(s, storage->main + (size_t)n * PAGE, PAGE);
    }
    saved_bytes(s, storage->keys, storage->size / STORAGE_BLOCK);
    for (uint32_t n = 0; s->reading && n < storage->size / STORAGE_BLOCK; n++)
        storage->keys[n] &= KEY_ACCESS | KEY_FETCH | KEY_REFERENCE | KEY_CHANGE;
}

/* --- saving --- */

uint8_t *machine_save_image(struct machine *m, size_t *length, bool *later, char *message,
                            size_t size)
{
    struct saved sections[SAVE_SECTIONS] = {{0}};
    saved_configuration(m, &sections[SAVE_CONFIGURATION]);
    saved_machine(m, &sections[SAVE_MACHINE]);
    channels_saved(m, &sections[SAVE_DEVICES]);
    if (saved_good(&sections[SAVE_MACHINE]) && saved_good(&sections[SAVE_DEVICES])) {
        saved_media(m, &sections[SAVE_MEDIA], false);
        saved_storage(m, &sections[SAVE_STORAGE]);
    }
    uint8_t *image = NULL;
    bool good = true;
    *later = false;
    for (unsigned n = 0; n < SAVE_SECTIONS; n++) {
        if (good && !saved_good(&sections[n])) {
            snprintf(message, size, "%s", sections[n].wrong);
            *later = sections[n].later;
            good = false;
        }
    }
    if (good)
        image = save_pack(sections, length);
    if (good && !image)
        snprintf(message, size, "the host has no memory for it");
    for (unsigned n = 0; n < SAVE_SECTIONS; n++)
        saved_free(&sections[n]);
    return image;
}

enum save_result machine_save(struct machine *m, const char *path, char *message, size_t size)
{
    size_t length;
    bool later;
    uint8_t *image = machine_save_image(m, &length, &later, message, size);
    if (!image)
        return later ? SAVE_LATER : SAVE_FAILED;
    bool done = save_write(path, image, length, message, size);
    free(image);
    return done ? SAVE_DONE : SAVE_FAILED;
}

/* --- restoring --- */

/* Says what is wrong with the state.  False if nothing is. */
static bool complain(struct machine *m, const char *name, const struct saved *s)
{
    if (saved_good(s) && s->at == s->length)
        return false;
    machine_message(m, "%s: %s", name, saved_good(s) ? "a part of it is too long" : s->wrong);
    return true;
}

static bool fits(struct machine *m, struct saved *sections, const char *name, bool anyway)
{
    saved_configuration(m, &sections[SAVE_CONFIGURATION]);
    if (complain(m, name, &sections[SAVE_CONFIGURATION]))
        return false;
    saved_media(m, &sections[SAVE_MEDIA], anyway);
    return !complain(m, name, &sections[SAVE_MEDIA]);
}

static bool take(struct machine *m, struct saved *sections, const char *name)
{
    machine_system_reset(m, false);
    saved_machine(m, &sections[SAVE_MACHINE]);
    saved_storage(m, &sections[SAVE_STORAGE]);
    struct saved *devices = &sections[SAVE_DEVICES];
    channels_saved(m, devices);
    if (complain(m, name, &sections[SAVE_MACHINE]) || complain(m, name, &sections[SAVE_STORAGE]) ||
        complain(m, name, devices)) {
        machine_system_reset(m, true);
        machine_message(m, "the machine was cleared");
        return false;
    }
    saved_schedule(devices, m);
    return true;
}

bool machine_restore_image(struct machine *m, const uint8_t *image, size_t length, const char *name,
                           unsigned flags)
{
    struct saved sections[SAVE_SECTIONS] = {{0}};
    const char *wrong = save_unpack(image, length, sections);
    if (wrong)
        machine_message(m, "%s: %s", name, wrong);
    bool done =
        !wrong && fits(m, sections, name, flags & RESTORE_ANYWAY) && take(m, sections, name);
    for (unsigned n = 0; n < SAVE_SECTIONS; n++)
        saved_free(&sections[n]);
    return done;
}

bool machine_restore(struct machine *m, const char *path, unsigned flags)
{
    char message[400];
    size_t length;
    uint8_t *image = save_read(path, &length, message, sizeof message);
    if (!image) {
        machine_message(m, "%s", message);
        return false;
    }
    bool done = machine_restore_image(m, image, length, path, flags);
    free(image);
    return done;
}
