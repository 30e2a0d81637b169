/* CP volumes and their slots: see cp/slot.h. */
#include "cp/slot.h"

#include "cp/state.h"
#include "cp/sysres.h"
#include "lib/str.h"

#define SEEK       0x07
#define SEARCH_ID  0x31
#define READ_DATA  0x06
#define WRITE_DATA 0x05
#define MAP_RECORD 4
#define MAP_BYTES  ((SLOTS_PER_CYLINDER + 7) / 8)

/* The addresses that SEEK and SEARCH ID take. */
struct disk_address {
    be16 bin;
    be16 cylinder, head;
    uint8_t record;
};

/* Reads or writes one record of 4096 bytes. */
static bool record_io(struct rdev *rdev, uint32_t number, uint8_t command, const void *page,
                      struct ioreq *request)
{
    struct disk_address at;
    struct ccw ccws[4];
    memset(&at, 0, sizeof at);
    put16(&at.cylinder, number / SLOTS_PER_CYLINDER);
    put16(&at.head, number % SLOTS_PER_CYLINDER / SLOTS_PER_TRACK);
    at.record = (uint8_t)(number % SLOTS_PER_TRACK + 1);
    ccw_set(&ccws[0], SEEK, &at, CCW_CHAIN_COMMAND, 6);
    ccw_set(&ccws[1], SEARCH_ID, &at.cylinder, CCW_CHAIN_COMMAND, 5);
    ccw_set(&ccws[2], CCW_TIC, &ccws[1], 0, 0);
    ccw_set(&ccws[3], command, page, 0, SLOT_SIZE);
    return rio_run(rdev, ccws, request);
}

static bool slot_io(uint32_t slot, uint8_t command, const void *page)
{
    struct ioreq request;
    if (SLOT_VOLUME(slot) >= cp.volume_count || !cp.volumes[SLOT_VOLUME(slot)].rdev)
        return false;
    struct volume *volume = &cp.volumes[SLOT_VOLUME(slot)];
    if (record_io(volume->rdev, SLOT_NUMBER(slot), command, page, &request))
        return true;
    operator_printf("DMKPGS901W %s ERROR ON %s %03X SLOT %06X, CSW %02X%02X SENSE %02X%02X",
                    command == WRITE_DATA ? "WRITE" : "READ", volume->volser, volume->rdev->address,
                    (unsigned)SLOT_NUMBER(slot), request.csw.unit_status,
                    request.csw.channel_status, request.sense[0], request.sense[1]);
    return false;
}

bool slot_read(uint32_t slot, void *page)
{
    return slot_io(slot, READ_DATA, page);
}

bool slot_write(uint32_t slot, const void *page)
{
    return slot_io(slot, WRITE_DATA, page);
}

/* Other formats may have a record of this size there too: a map has one kind for each cylinder. */
static bool is_map(const uint8_t *map, uint32_t cylinders)
{
    for (uint32_t c = 0; c < cylinders && c < VOLUME_CYLINDERS; c++)
        if (map[c] & (map[c] - 1))
            return false;
    return true;
}

bool slots_read_residence(uint32_t number, void *page)
{
    struct ioreq request;
    return cp.residence && record_io(cp.residence, number, READ_DATA, page, &request);
}

/* The volume's place; a new one for a volume that was never there.  NULL: there are too many. */
static struct volume *place_of(const char *volser)
{
    for (unsigned i = 0; i < cp.volume_count; i++)
        if (!strcmp(cp.volumes[i].volser, volser))
            return &cp.volumes[i];
    if (cp.volume_count == VOLUME_MAX)
        return NULL;
    struct volume *volume = &cp.volumes[cp.volume_count++];
    str_copy(volume->volser, volser, sizeof volume->volser);
    return volume;
}

static void add_volume(struct rdev *rdev, uint8_t *map)
{
    struct ioreq request;
    /* A labelled volume with a record of 4096 bytes in the place of the map is CP's. */
    if (rdev->class != CLASS_DASD || rdev->type != 0x3350 || !rdev->volser[0] || rdev->cms_label ||
        !record_io(rdev, MAP_RECORD - 1, READ_DATA, map, &request) || !is_map(map, rdev->cylinders))
        return;
    struct volume *volume = place_of(rdev->volser);
    if (!volume || volume->rdev) {
        early_printf("DMKCPI954E DASD %03X VOLID %s NOT MOUNTED, %s", rdev->address, rdev->volser,
                     volume ? "DUPLICATE OF ANOTHER" : "TOO MANY CP OWNED VOLUMES");
        return;
    }
    volume->map = cp_alloc(VOLUME_CYLINDERS);
    volume->used = cp_alloc(VOLUME_CYLINDERS * sizeof *volume->used);
    volume->in_use = cp_alloc(VOLUME_CYLINDERS);
    if (!volume->map || !volume->used || !volume->in_use)
        panic(PANIC_STORAGE, "NO STORAGE FOR THE VOLUMES");
    volume->rdev = rdev;
    volume->cylinders = rdev->cylinders < VOLUME_CYLINDERS ? rdev->cylinders : VOLUME_CYLINDERS;
    memcpy(volume->map, map, volume->cylinders);
    rdev->is_system = true;
}

/* The volumes that were CP's before, in their places. */
static void take_places(void)
{
    for (uint32_t i = 0; i < get32(cp.sysres->owned_count); i++) {
        char volser[7];
        str_unpad(volser, cp.sysres->owned[i], 6);
        place_of(volser);
    }
}

static void keep_places(void)
{
    put32(&cp.sysres->owned_count, cp.volume_count);
    for (unsigned i = 0; i < cp.volume_count; i++) {
        str_pad(cp.sysres->owned[i], cp.volumes[i].volser, 6);
        if (!cp.volumes[i].rdev)
            early_printf("DMKCPI951I CP VOLID %s NOT MOUNTED", cp.volumes[i].volser);
    }
}

void slots_init(void)
{
    uint8_t *map = cp_alloc(SLOT_SIZE);
    if (!map || !sysres_read())
        panic(PANIC_STORAGE, "NO STORAGE FOR THE VOLUMES");
    take_places();
    if (cp.residence)
        add_volume(cp.residence, map);
    LIST_EACH(it, &cp.rdevs)
    {
        struct rdev *rdev = LIST_ENTRY(it, struct rdev, link);
        if (rdev != cp.residence)
            add_volume(rdev, map);
    }
    keep_places();
    cp_free(map, SLOT_SIZE);
}

/* Takes a free slot in this cylinder; SLOTS_PER_CYLINDER if there is none. */
static uint32_t take_in_cylinder(struct volume *volume, uint32_t cylinder)
{
    if (!volume->used[cylinder])
        volume->used[cylinder] = cp_alloc(MAP_BYTES);
    uint8_t *used = volume->used[cylinder];
    if (!used || volume->in_use[cylinder] == SLOTS_PER_CYLINDER)
        return SLOTS_PER_CYLINDER;
    for (uint32_t n = 0; n < SLOTS_PER_CYLINDER; n++)
        if (!(used[n / 8] & 0x80 >> n % 8)) {
            used[n / 8] |= (uint8_t)(0x80 >> n % 8);
            volume->in_use[cylinder]++;
            return n;
        }
    return SLOTS_PER_CYLINDER;
}

uint32_t slot_alloc(enum slot_kind kind)
{
    /* The rotor keeps searches short while cylinders fill up one after the other. */
    uint32_t all = cp.volume_count * VOLUME_CYLINDERS;
    for (uint32_t i = 0; i < all; i++, cp.slot_rotor = (cp.slot_rotor + 1) % all) {
        uint32_t v = cp.slot_rotor / VOLUME_CYLINDERS, c = cp.slot_rotor % VOLUME_CYLINDERS;
        if (c >= cp.volumes[v].cylinders || cp.volumes[v].map[c] != kind)
            continue;
        uint32_t n = take_in_cylinder(&cp.volumes[v], c);
        if (n < SLOTS_PER_CYLINDER)
            return v << 24 | (c * SLOTS_PER_CYLINDER + n);
    }
    return 0;
}

/* Where the use of a slot is recorded; NULL if it is no slot of a CP volume. */
static struct volume *locate(uint32_t slot, uint32_t *cylinder, uint32_t *index)
{
    if (SLOT_VOLUME(slot) >= cp.volume_count)
        return NULL;
    struct volume *volume = &cp.volumes[SLOT_VOLUME(slot)];
    *cylinder = SLOT_NUMBER(slot) / SLOTS_PER_CYLINDER;
    *index = SLOT_NUMBER(slot) % SLOTS_PER_CYLINDER;
    return *cylinder < volume->cylinders ? volume : NULL;
}

void slot_free(uint32_t slot)
{
    uint32_t cylinder, n;
    struct volume *volume = locate(slot, &cylinder, &n);
    uint8_t bit = (uint8_t)(0x80 >> n % 8);
    if (!volume || !volume->used[cylinder] || !(volume->used[cylinder][n / 8] & bit))
        return;
    volume->used[cylinder][n / 8] &= (uint8_t)~bit;
    volume->in_use[cylinder]--;
    if (volume->map[cylinder] == CYLINDER_PAGE || volume->map[cylinder] == CYLINDER_TEMP)
        cp.page_space_full = false; /* pages may go there again */
}

bool slot_reserve(enum slot_kind kind, uint32_t slot)
{
    uint32_t cylinder, n;
    struct volume *volume = locate(slot, &cylinder, &n);
    if (!volume || volume->map[cylinder] != kind)
        return false;
    if (!volume->used[cylinder])
        volume->used[cylinder] = cp_alloc(MAP_BYTES);
    uint8_t *used = volume->used[cylinder];
    if (!used || used[n / 8] & 0x80 >> n % 8)
        return false;
    used[n / 8] |= (uint8_t)(0x80 >> n % 8);
    volume->in_use[cylinder]++;
    return true;
}

uint32_t slot_area(enum slot_kind kind, unsigned n)
{
    for (unsigned v = 0; v < cp.volume_count; v++)
        for (uint32_t c = 0; c < cp.volumes[v].cylinders; c++)
            if (cp.volumes[v].map[c] == kind && n-- == 0)
                return v << 24 | c * SLOTS_PER_CYLINDER;
    return 0;
}

void slot_count(enum slot_kind kind, uint32_t *all, uint32_t *used)
{
    *all = *used = 0;
    for (unsigned v = 0; v < cp.volume_count; v++)
        for (uint32_t c = 0; c < cp.volumes[v].cylinders; c++)
            if (cp.volumes[v].map[c] == kind) {
                *all += SLOTS_PER_CYLINDER;
                *used += cp.volumes[v].in_use[c];
            }
}
