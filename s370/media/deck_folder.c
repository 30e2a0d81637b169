/* A folder that is watched for decks.  The host tells of changes in it (libuv); that a file is
 * complete is found by asking the host for a lease on it, which it does not give while somebody
 * writes.  Where there are no leases a file is complete when it has not changed for a while. */
#include "s370/media/deck_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#define DONE          "done"
#define LOOK_AGAIN_MS 300 /* while a file is incomplete */
#define QUIET_NS      INT64_C(1000000000)

enum entry_state { ENTRY_NEW, ENTRY_TAKEN, ENTRY_BAD };

/* A file in the folder. */
struct entry {
    char *name;
    ino_t inode;
    off_t size;
    int64_t changed; /* ns */
    enum entry_state state;
    bool seen; /* by the scan that goes on */
};

struct deck_folder {
    char *path;
    int fd; /* of the folder, locked */
    struct deck_options options;
    const struct deck_folder_calls *calls;
    void *context;
    struct entry *entries; /* in order of appearance */
    size_t count, room;
    uv_fs_event_t watch;
    uv_timer_t timer; /* runs while a file is incomplete */
    unsigned handles; /* open */
};

static void say(struct deck_folder *f, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void say(struct deck_folder *f, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    f->calls->message(f->context, text);
}

/* --- what is in the folder --- */

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && !strcmp(text + n - m, end);
}

static bool is_deck_name(const char *name)
{
    return name[0] != '.' && !ends_with(name, "~") && !ends_with(name, ".tmp") &&
           !ends_with(name, ".part");
}

/* Looks at the file; false if it is none that could be a deck. */
static bool look(const struct deck_folder *f, const char *name, struct entry *e)
{
    struct stat st;
    if (fstatat(f->fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode) ||
        st.st_size == 0)
        return false;
    e->inode = st.st_ino;
    e->size = st.st_size;
    e->changed = st.st_mtim.tv_sec * INT64_C(1000000000) + st.st_mtim.tv_nsec;
    return true;
}

static bool is_same(const struct entry *a, const struct entry *b)
{
    return a->inode == b->inode && a->size == b->size && a->changed == b->changed;
}

static struct entry *find(struct deck_folder *f, const char *name)
{
    for (size_t i = 0; i < f->count; i++)
        if (!strcmp(f->entries[i].name, name))
            return &f->entries[i];
    return NULL;
}

static bool add(struct deck_folder *f, const char *name, const struct entry *found)
{
    if (f->count == f->room) {
        size_t room = f->room ? 2 * f->room : 16;
        struct entry *entries = realloc(f->entries, room * sizeof *entries);
        if (!entries)
            return false;
        f->entries = entries;
        f->room = room;
    }
    struct entry *e = &f->entries[f->count];
    *e = *found;
    e->seen = true;
    e->name = strdup(name);
    f->count += e->name != NULL;
    return e->name != NULL;
}

static void forget(struct deck_folder *f, size_t i)
{
    free(f->entries[i].name);
    memmove(&f->entries[i], &f->entries[i + 1], (--f->count - i) * sizeof *f->entries);
}

static int by_time(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    if (a->changed != b->changed)
        return a->changed < b->changed ? -1 : 1;
    return strcmp(a->name, b->name);
}

/* Brings the entries up to date.  Those that are new come behind the others. */
static void scan(struct deck_folder *f)
{
    int fd = openat(f->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = fd >= 0 ? fdopendir(fd) : NULL;
    if (!directory) {
        if (fd >= 0)
            close(fd);
        return;
    }
    size_t known = f->count;
    for (size_t i = 0; i < f->count; i++)
        f->entries[i].seen = false;
    for (struct dirent *d; (d = readdir(directory));) {
        struct entry found = {.state = ENTRY_NEW};
        if (!is_deck_name(d->d_name) || !look(f, d->d_name, &found))
            continue;
        struct entry *e = find(f, d->d_name);
        if (!e && !add(f, d->d_name, &found))
            break; /* no memory: it will be found later */
        if (!e)
            continue;
        e->seen = true;
        if (e->state == ENTRY_BAD && !is_same(e, &found))
            e->state = ENTRY_NEW;
        if (e->state != ENTRY_TAKEN) {
            found.name = e->name;
            found.state = e->state;
            found.seen = true;
            *e = found;
        }
    }
    closedir(directory);
    if (f->count > known)
        qsort(f->entries + known, f->count - known, sizeof *f->entries, by_time);
    for (size_t i = f->count; i-- > 0;)
        if (!f->entries[i].seen && f->entries[i].state != ENTRY_TAKEN)
            forget(f, i);
}

/* --- taking a deck --- */

/* Nobody writes to the file.  A lease that is broken while we have it would end us with its signal
 * if that were not one that is ignored. */
static bool is_complete(const struct deck_folder *f, const struct entry *e)
{
    int fd = openat(f->fd, e->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return true; /* reading it will say why */
    fcntl(fd, F_SETSIG, SIGURG);
    bool leased = fcntl(fd, F_SETLEASE, F_RDLCK) == 0;
    bool written = !leased && (errno == EAGAIN || errno == EWOULDBLOCK);
    if (leased)
        fcntl(fd, F_SETLEASE, F_UNLCK);
    close(fd);
    if (leased || written)
        return leased;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec - e->changed > QUIET_NS;
}

static struct deck *read_deck(struct deck_folder *f, struct entry *e)
{
    char path[4096], message[512];
    snprintf(path, sizeof path, "%s/%s", f->path, e->name);
    struct deck *deck = deck_open(path, &f->options, message, sizeof message);
    e->state = deck ? ENTRY_TAKEN : ENTRY_BAD;
    if (!deck)
        say(f, "%s; it stays in the folder", message);
    return deck;
}

static void look_again(uv_timer_t *timer)
{
    struct deck_folder *f = timer->data;
    f->calls->changed(f->context);
}

struct deck *deck_folder_take(struct deck_folder *f)
{
    bool incomplete = false;
    struct deck *deck = NULL;
    scan(f);
    for (size_t i = 0; i < f->count && !deck; i++) {
        struct entry *e = &f->entries[i];
        if (e->state != ENTRY_NEW)
            continue;
        if (is_complete(f, e))
            deck = read_deck(f, e);
        else
            incomplete = true;
    }
    if (incomplete && !deck)
        uv_timer_start(&f->timer, look_again, LOOK_AGAIN_MS, 0);
    return deck;
}

/* --- decks that have been read --- */

/* Moves the file to the folder of those that are done, by a name that is free there. */
static bool move_away(struct deck_folder *f, const char *name)
{
    char to[4096];
    if (mkdirat(f->fd, DONE, 0777) != 0 && errno != EEXIST)
        return false;
    snprintf(to, sizeof to, DONE "/%s", name);
    for (unsigned n = 2; renameat2(f->fd, name, f->fd, to, RENAME_NOREPLACE) != 0; n++) {
        if (errno != EEXIST || n == 0)
            return false;
        snprintf(to, sizeof to, DONE "/%s.%u", name, n);
    }
    return true;
}

void deck_folder_done(struct deck_folder *f)
{
    size_t i = 0;
    while (i < f->count && f->entries[i].state != ENTRY_TAKEN)
        i++;
    if (i == f->count)
        return;
    struct entry *e = &f->entries[i], now;
    bool there = look(f, e->name, &now);
    if (there && is_same(e, &now) && !move_away(f, e->name)) {
        say(f, "%s/%s: cannot move it to " DONE ": %s; it is not read again until it changes",
            f->path, e->name, strerror(errno));
        e->state = ENTRY_BAD;
        return;
    }
    if (there && !is_same(e, &now))
        say(f, "%s/%s: has changed while it was read; it is a new deck now", f->path, e->name);
    forget(f, i);
}

void deck_folder_put_back(struct deck_folder *f)
{
    for (size_t i = 0; i < f->count; i++) {
        if (f->entries[i].state == ENTRY_TAKEN)
            f->entries[i].state = ENTRY_NEW;
    }
}

/* --- watching --- */

static void happened(uv_fs_event_t *watch, const char *name, int events, int status)
{
    struct deck_folder *f = watch->data;
    (void)name, (void)events;
    if (status < 0)
        say(f, "%s: the host does not watch the folder any more: %s", f->path, uv_strerror(status));
    else
        f->calls->changed(f->context);
}

static void folder_free(struct deck_folder *f)
{
    if (f->fd >= 0)
        close(f->fd);
    while (f->count > 0)
        forget(f, f->count - 1);
    free(f->entries);
    free(f->path);
    free(f);
}

static void handle_closed(uv_handle_t *handle)
{
    struct deck_folder *f = handle->data;
    if (--f->handles == 0)
        folder_free(f);
}

/* Opens and locks the folder: NULL, or what is wrong. */
static const char *open_locked(struct deck_folder *f)
{
    f->fd = open(f->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (f->fd < 0)
        return strerror(errno);
    if (flock(f->fd, LOCK_EX | LOCK_NB) == 0)
        return NULL;
    return errno == EWOULDBLOCK ? "another reader watches the folder" : strerror(errno);
}

struct deck_folder *deck_folder_open(struct uv_loop_s *loop, const char *path,
                                     const struct deck_options *options,
                                     const struct deck_folder_calls *calls, void *context,
                                     char *message, size_t size)
{
    struct deck_folder *f = calloc(1, sizeof *f);
    if (!f || !(f->path = strdup(path))) {
        free(f);
        snprintf(message, size, "%s: no memory", path);
        return NULL;
    }
    f->options = *options;
    f->calls = calls;
    f->context = context;
    const char *wrong = open_locked(f);
    int error = 0;
    if (!wrong) {
        f->watch.data = f->timer.data = f;
        uv_timer_init(loop, &f->timer);
        f->handles = 1;
        if (!(error = uv_fs_event_init(loop, &f->watch))) {
            f->handles = 2;
            error = uv_fs_event_start(&f->watch, happened, path, 0);
        }
        if (!error)
            return f;
        wrong = uv_strerror(error);
    }
    snprintf(message, size, "%s: cannot watch the folder: %s", path, wrong);
    deck_folder_close(f);
    return NULL;
}

void deck_folder_close(struct deck_folder *f)
{
    if (!f)
        return;
    if (f->fd >= 0)
        close(f->fd);
    f->fd = -1;
    if (f->handles == 0) {
        folder_free(f);
        return;
    }
    uv_close((uv_handle_t *)&f->timer, handle_closed);
    if (f->handles == 2)
        uv_close((uv_handle_t *)&f->watch, handle_closed);
}

const char *deck_folder_path(const struct deck_folder *f)
{
    return f->path;
}
