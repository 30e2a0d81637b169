/* What is on the channels: CP asks every address whether somebody is there, and who. */
#include "cp/lowstor.h"
#include "cp/rio.h"
#include "cp/s370.h"
#include "cp/state.h"
#include "lib/str.h"

#define LAST_ADDRESS 0x5ff
#define SEEK         0x07
#define SEARCH_ID    0x31
#define READ_DATA    0x06

void rio_clock_expired(struct clock_request *request);

/* Device types as SENSE ID gives them. Cylinders are those for data; heads per cylinder. */
static const struct known_type {
    uint16_t type;
    uint8_t model; /* 0xff: any */
    enum device_class class;
    uint16_t cylinders, heads;
} known_types[] = {
    {0x3350, 0xff, CLASS_DASD, 555, 30},  {0x3330, 0x01, CLASS_DASD, 404, 19},
    {0x3330, 0x11, CLASS_DASD, 808, 19},  {0x3340, 0x01, CLASS_DASD, 348, 12},
    {0x3340, 0x02, CLASS_DASD, 696, 12},  {0x2314, 0xff, CLASS_DASD, 200, 20},
    {0x3380, 0x0a, CLASS_DASD, 1770, 15}, {0x3380, 0x1e, CLASS_DASD, 2655, 15},
    {0x3380, 0xff, CLASS_DASD, 885, 15},  {0x3215, 0xff, CLASS_CONSOLE, 0, 0},
    {0x3210, 0xff, CLASS_CONSOLE, 0, 0},  {0x1052, 0xff, CLASS_CONSOLE, 0, 0},
    {0x2501, 0xff, CLASS_READER, 0, 0},   {0x3505, 0xff, CLASS_READER, 0, 0},
    {0x3525, 0xff, CLASS_PUNCH, 0, 0},    {0x1403, 0xff, CLASS_PRINTER, 0, 0},
    {0x1443, 0xff, CLASS_PRINTER, 0, 0},  {0x3203, 0xff, CLASS_PRINTER, 0, 0},
    {0x3211, 0xff, CLASS_PRINTER, 0, 0},  {0x2540, 0x01, CLASS_READER, 0, 0},
    {0x2540, 0x02, CLASS_PUNCH, 0, 0},    {0x3420, 0xff, CLASS_TAPE, 0, 0},
    {0x3410, 0xff, CLASS_TAPE, 0, 0},     {0x3277, 0xff, CLASS_GRAPHIC, 0, 0},
    {0x3278, 0xff, CLASS_GRAPHIC, 0, 0},  {0x3279, 0xff, CLASS_GRAPHIC, 0, 0},
};

const char *device_class_name(enum device_class class)
{
    static const char *const names[] = {"DEV ", "DASD", "TAPE", "RDR ",
                                        "PUN ", "PRT ", "CONS", "GRAF"};
    return names[class];
}

struct rdev *rdev_find(uint16_t address)
{
    LIST_EACH(it, &cp.rdevs)
    {
        struct rdev *rdev = LIST_ENTRY(it, struct rdev, link);
        if (rdev->address == address)
            return rdev;
    }
    return NULL;
}

struct rdev *rdev_find_volume(const char *volser)
{
    LIST_EACH(it, &cp.rdevs)
    {
        struct rdev *rdev = LIST_ENTRY(it, struct rdev, link);
        if (rdev->class == CLASS_DASD && rdev->online && strcmp(rdev->volser, volser) == 0)
            return rdev;
    }
    return NULL;
}

/* Asks with SENSE ID: X'FF', control unit type and model, device type and model. */
static void identify(struct rdev *rdev)
{
    uint8_t id[7] = {0};
    struct ccw ccw;
    struct ioreq request;
    ccw_set(&ccw, CCW_SENSE_ID, id, CCW_SUPPRESS_LENGTH, sizeof id);
    rdev->online = true;
    if (!rio_run(rdev, &ccw, &request)) {
        if (request.sense_length && request.sense[0] & SENSE_INTERVENTION)
            rdev->online = false;
        if (id[0] != 0xff)
            return;
    }
    rdev->type = load_be16(id + 4);
    rdev->model = id[6];
    if (!rdev->type) /* the control unit is the device */
        rdev->type = load_be16(id + 1);
    for (unsigned i = 0; i < sizeof known_types / sizeof *known_types; i++) {
        const struct known_type *known = &known_types[i];
        if (known->type == rdev->type && (known->model == 0xff || known->model == rdev->model)) {
            rdev->class = known->class;
            rdev->cylinders = known->cylinders;
            rdev->heads = known->heads;
            return;
        }
    }
}

/* The volume label is record 3 of cylinder 0, head 0.  A volume that is a CMS disk from its first
 * cylinder (so that it can be IPLed without CP) is known by the name in the CMS label. */
static void read_label(struct rdev *rdev)
{
    static const uint8_t seek[6] = {0}, id[5] = {0, 0, 0, 0, 3};
    char label[80];
    struct ccw ccws[4];
    struct ioreq request;
    ccw_set(&ccws[0], SEEK, seek, CCW_CHAIN_COMMAND, 6);
    ccw_set(&ccws[1], SEARCH_ID, id, CCW_CHAIN_COMMAND, 5);
    ccw_set(&ccws[2], CCW_TIC, &ccws[1], 0, 0);
    ccw_set(&ccws[3], READ_DATA, label, CCW_SUPPRESS_LENGTH, sizeof label);
    if (!rio_run(rdev, ccws, &request))
        return;
    rdev->cms_label = memcmp(label, "CMS1", 4) == 0;
    if (rdev->cms_label || memcmp(label, "VOL1", 4) == 0)
        str_unpad(rdev->volser, label + 4, 6);
}

/* A device that answers; `status` is what it had to say before it was asked anything.  NULL if
 * there is no storage. */
static struct rdev *add_device(uint16_t address, uint8_t status)
{
    struct rdev *rdev = cp_alloc(sizeof *rdev);
    if (!rdev)
        return NULL;
    rdev->address = address;
    rdev->first_status = status;
    list_init(&rdev->queue);
    struct list *at = cp.rdevs.next;
    while (at != &cp.rdevs && LIST_ENTRY(at, struct rdev, link)->address < address)
        at = at->next;
    list_insert_before(at, &rdev->link);
    return rdev;
}

/* Asks an address whether somebody is there. */
static struct rdev *probe(uint16_t address)
{
    unsigned cc = s370_tio(address);
    struct csw csw;
    memcpy(&csw, &lowcore.csw, sizeof csw);
    return cc == 3 ? NULL : add_device(address, cc == 1 ? csw.unit_status : 0);
}

static void examine(struct rdev *rdev)
{
    rdev->volser[0] = 0;
    rdev->cms_label = false;
    identify(rdev);
    if (rdev->class == CLASS_DASD && rdev->online)
        read_label(rdev);
    if (rdev->class == CLASS_CONSOLE || rdev->class == CLASS_GRAPHIC)
        rdev->online = true; /* somebody may come */
    if (rdev->class == CLASS_CONSOLE && !cp.console_address)
        cp.console_address = rdev->address;
}

/* First all are found, then asked: so that no interruption comes from an unknown one. */
void rio_init(void)
{
    list_init(&cp.rdevs);
    cp.rio_clock.expired = rio_clock_expired;
    for (uint32_t address = 0; address <= LAST_ADDRESS; address++)
        probe((uint16_t)address);
    LIST_EACH(it, &cp.rdevs)
    examine(LIST_ENTRY(it, struct rdev, link));
}

struct rdev *rio_vary_on(uint16_t address)
{
    struct rdev *rdev = rdev_find(address);
    if (!rdev)
        rdev = address <= LAST_ADDRESS ? probe(address) : NULL;
    if (rdev && !rdev->owner && !rdev->links && !rdev->is_system)
        examine(rdev);
    return rdev;
}
