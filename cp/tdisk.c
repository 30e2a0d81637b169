/* Temporary disks: see tdisk.h.  Of a TDSK cylinder, volume->in_use has its state. */
#include "cp/tdisk.h"

#include "cp/state.h"
#include "cp/vdev.h"
#include "lib/be.h"
#include "lib/str.h"

#define SEEK       0x07
#define SET_MASK   0x1f
#define SEARCH_ID  0x31
#define WRITE_CKD  0x1d
#define MASK_WRITE 0xc0 /* all writes are allowed */

enum tdisk_state {
    TDISK_UNKNOWN, /* since IPL */
    TDISK_CLEAN,
    TDISK_IN_USE,
    TDISK_DIRTY,    /* free; to be cleared */
    TDISK_CLEARING, /* free, and being cleared */
    TDISK_BROKEN,   /* could not be cleared */
};

/* What clears a track: record 0 stays, behind it come the four records of CP's format, of zeros. */
struct clearing {
    struct ccw ccw[4 + 2 * SLOTS_PER_TRACK];
    struct {
        be16 bin, cylinder, head;
        uint8_t record, unused;
    } at;
    uint8_t mask;
    struct {
        be16 cylinder, head;
        uint8_t record, key_length;
        be16 data_length;
    } count[SLOTS_PER_TRACK];
    uint8_t zeros[SLOT_SIZE];
};

/* --- clearing --- */

static void prepare(struct clearing *c)
{
    struct ccw *ccw = c->ccw;
    c->mask = MASK_WRITE;
    ccw_set(ccw++, SEEK, &c->at, CCW_CHAIN_COMMAND, 6);
    ccw_set(ccw++, SET_MASK, &c->mask, CCW_CHAIN_COMMAND, 1);
    ccw_set(ccw++, SEARCH_ID, &c->at.cylinder, CCW_CHAIN_COMMAND, 5);
    ccw_set(ccw, CCW_TIC, ccw - 1, 0, 0);
    ccw++;
    for (unsigned i = 0; i < SLOTS_PER_TRACK; i++) {
        bool last = i == SLOTS_PER_TRACK - 1;
        c->count[i].record = (uint8_t)(i + 1);
        put16(&c->count[i].data_length, SLOT_SIZE);
        ccw_set(ccw++, WRITE_CKD, &c->count[i], CCW_CHAIN_DATA, sizeof c->count[i]);
        ccw_set(ccw++, WRITE_CKD, c->zeros, last ? 0 : CCW_CHAIN_COMMAND, SLOT_SIZE);
    }
}

static bool clear_cylinder(struct rdev *rdev, uint32_t cylinder)
{
    struct clearing *c = cp_alloc(sizeof *c);
    struct ioreq request;
    bool good = c != NULL;
    if (c)
        prepare(c);
    for (uint32_t head = 0; good && head < rdev->heads; head++) {
        put16(&c->at.cylinder, cylinder);
        put16(&c->at.head, head);
        for (unsigned i = 0; i < SLOTS_PER_TRACK; i++) {
            put16(&c->count[i].cylinder, cylinder);
            put16(&c->count[i].head, head);
        }
        good = rio_run(rdev, c->ccw, &request);
    }
    if (c)
        cp_free(c, sizeof *c);
    if (!good)
        operator_printf("DMKTDK902W DASD %03X CYLINDER %03u CANNOT BE CLEARED, NOT USED ANY MORE",
                        rdev->address, (unsigned)cylinder);
    return good;
}

/* Clears a cylinder that was freed; false if there is none. */
static bool clear_one(void)
{
    for (unsigned v = 0; v < cp.volume_count; v++) {
        struct volume *volume = &cp.volumes[v];
        for (uint32_t c = 0; c < volume->cylinders; c++) {
            if (volume->map[c] != CYLINDER_TDSK || volume->in_use[c] != TDISK_DIRTY)
                continue;
            volume->in_use[c] = TDISK_CLEARING;
            volume->in_use[c] = clear_cylinder(volume->rdev, c) ? TDISK_CLEAN : TDISK_BROKEN;
            return true;
        }
    }
    return false;
}

/* The task that clears what was freed; it ends when nothing is left. */
static void clear_all(void *unused)
{
    while (clear_one())
        continue;
    cp.tdisk_task = false;
    task_exit();
}

void tdisk_free(const struct rdev *rdev, uint16_t start, uint16_t cylinders)
{
    for (unsigned v = 0; v < cp.volume_count; v++)
        if (cp.volumes[v].rdev == rdev)
            memset(cp.volumes[v].in_use + start, TDISK_DIRTY, cylinders);
    if (!cp.tdisk_task)
        cp.tdisk_task = task_create("TDISK", NULL, clear_all, NULL) != NULL;
}

/* --- making disks --- */

static bool is_free(const struct volume *volume, uint32_t cylinder)
{
    uint8_t state = volume->in_use[cylinder];
    return volume->map[cylinder] == CYLINDER_TDSK &&
           (state == TDISK_UNKNOWN || state == TDISK_CLEAN || state == TDISK_DIRTY);
}

/* The first of that many free cylinders in a row; 0: there are none. */
static uint32_t find_space(const struct volume *volume, uint32_t cylinders)
{
    uint32_t row = 0;
    for (uint32_t c = 0; c < volume->cylinders; c++) {
        row = is_free(volume, c) ? row + 1 : 0;
        if (row == cylinders)
            return c + 1 - cylinders;
    }
    return 0;
}

/* Takes the cylinders and clears those that are not known to be clean. */
static bool take(struct volume *volume, uint32_t start, uint32_t cylinders)
{
    bool good = true, *dirty = cp_alloc(cylinders * sizeof *dirty);
    if (!dirty)
        return false;
    for (uint32_t i = 0; i < cylinders; i++) {
        dirty[i] = volume->in_use[start + i] != TDISK_CLEAN;
        volume->in_use[start + i] = TDISK_IN_USE;
    }
    for (uint32_t i = 0; i < cylinders && good; i++)
        good = !dirty[i] || clear_cylinder(volume->rdev, start + i);
    cp_free(dirty, cylinders * sizeof *dirty);
    return good;
}

struct vdev *tdisk_create(struct vmblok *vm, uint16_t address, uint16_t type, uint16_t cylinders)
{
    for (unsigned v = 0; v < cp.volume_count; v++) {
        struct volume *volume = &cp.volumes[v];
        uint32_t start =
            volume->rdev && volume->rdev->type == type ? find_space(volume, cylinders) : 0;
        if (!start)
            continue;
        struct vdev *vdev = NULL;
        if (take(volume, start, cylinders))
            vdev = minidisk_create(vm, address, volume->rdev, (uint16_t)start, cylinders, false);
        if (!vdev) {
            tdisk_free(volume->rdev, (uint16_t)start, cylinders);
            return NULL;
        }
        minidisk_of(vdev)->temporary = true;
        return vdev;
    }
    return NULL;
}
