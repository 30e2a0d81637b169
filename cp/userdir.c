/* The user directory on disk: see userdir.h.  Its one buffer is used by one task at a time. */
#include "cp/userdir.h"

#include "cp/state.h"
#include "lib/be.h"
#include "lib/str.h"

#define SEEK      0x07
#define SEARCH_ID 0x31
#define READ_DATA 0x06

struct userdir {
    struct directory directory;
    bool busy;
    unsigned holds; /* tasks that look up one thing after the other */
    uint32_t base;  /* slot of record 0 */
    uint8_t buffer[DIRECTORY_RECORD];
};

static bool read_record(void *context, uint32_t number, void *bytes)
{
    struct userdir *u = context;
    return slot_read(u->base + number, bytes);
}

/* The slot that the label names, with the residence's volume index; 0: none. */
static uint32_t slot_in_label(void)
{
    static const uint8_t seek[6] = {0}, id[5] = {0, 0, 0, 0, 3};
    uint8_t label[80];
    struct ccw ccws[4];
    struct ioreq request;
    ccw_set(&ccws[0], SEEK, seek, CCW_CHAIN_COMMAND, sizeof seek);
    ccw_set(&ccws[1], SEARCH_ID, id, CCW_CHAIN_COMMAND, sizeof id);
    ccw_set(&ccws[2], CCW_TIC, &ccws[1], 0, 0);
    ccw_set(&ccws[3], READ_DATA, label, CCW_SUPPRESS_LENGTH, sizeof label);
    if (!cp.residence || !rio_run(cp.residence, ccws, &request))
        return 0;
    uint32_t number = load_be32(label + DIRECTORY_VOL1_OFFSET);
    for (unsigned i = 0; i < cp.volume_count && number; i++)
        if (cp.volumes[i].rdev == cp.residence)
            return i << 24 | SLOT_NUMBER(number);
    return 0;
}

bool userdir_open(void)
{
    struct userdir *u = cp_alloc(sizeof *u);
    if (!u)
        return false;
    u->base = slot_in_label();
    u->directory.context = u;
    u->directory.read_record = read_record;
    u->directory.buffer = u->buffer;
    if (!u->base || directory_open(&u->directory) != DIRECTORY_OK) {
        cp_free(u, sizeof *u);
        return false;
    }
    cp.directory = &u->directory;
    return true;
}

/* Waits until nobody else uses the directory. */
static struct userdir *acquire(void)
{
    struct userdir *u = (struct userdir *)cp.directory;
    while (u && u->busy)
        task_sleep(u);
    if (u)
        u->busy = true;
    return u;
}

static enum directory_error release(struct userdir *u, enum directory_error result)
{
    u->busy = false;
    task_wake(u);
    return result;
}

void userdir_hold(void)
{
    struct userdir *u = acquire();
    if (!u)
        return;
    u->holds++;
    release(u, DIRECTORY_OK);
}

void userdir_let_go(void)
{
    struct userdir *u = (struct userdir *)cp.directory;
    if (u && !--u->holds)
        task_wake(u);
}

enum directory_error userdir_swap(void)
{
    struct userdir *u = (struct userdir *)cp.directory;
    if (!u)
        return userdir_open() ? DIRECTORY_OK : DIRECTORY_NOT_FOUND;
    while (u->busy || u->holds)
        task_sleep(u);
    u->busy = true;
    struct directory old = u->directory;
    uint32_t base = u->base;
    enum directory_error error = DIRECTORY_IO;
    u->base = slot_in_label();
    if (u->base)
        error = directory_open(&u->directory);
    if (error != DIRECTORY_OK) {
        u->directory = old;
        u->directory.record = UINT32_MAX; /* the buffer has something else now */
        u->base = base;
    }
    return release(u, error);
}

enum directory_error userdir_find(const char *userid, struct directory_user *user)
{
    struct userdir *u = acquire();
    if (!u)
        return DIRECTORY_NOT_FOUND;
    return release(u, directory_find(&u->directory, userid, user));
}

enum directory_error userdir_next_device(const struct directory_user *user, uint16_t *cursor,
                                         struct directory_device *device)
{
    struct userdir *u = acquire();
    if (!u)
        return DIRECTORY_NOT_FOUND;
    return release(u, directory_next_device(&u->directory, user, cursor, device));
}

enum directory_error userdir_find_device(const struct directory_user *user, uint16_t address,
                                         struct directory_device *device)
{
    struct userdir *u = acquire();
    if (!u)
        return DIRECTORY_NOT_FOUND;
    return release(u, directory_find_device(&u->directory, user, address, device));
}

enum directory_error userdir_find_system(const char *name, struct directory_system *system)
{
    struct userdir *u = acquire();
    if (!u)
        return DIRECTORY_NOT_FOUND;
    return release(u, directory_find_system(&u->directory, name, system));
}

enum directory_error userdir_system_at(uint32_t n, struct directory_system *system)
{
    struct userdir *u = acquire();
    if (!u)
        return DIRECTORY_NOT_FOUND;
    return release(u, directory_system_at(&u->directory, n, system));
}
