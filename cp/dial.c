/* Virtual displays: see dial.h.  Channel programs go to the real 3270, translated as those of a
 * dedicated device; without one the line is not ready. */
#include "cp/dial.h"

#include "cp/commands/state.h"
#include "cp/io/vchannel.h"
#include "cp/io/vreal.h"
#include "lib/str.h"

struct line {
    struct vreal real; /* must be first; rdev NULL: nobody has dialed */
    struct terminal *t;
    struct ioreq sense; /* after a unit check that nobody asked for: is the terminal gone? */
    struct ccw ccw;
    uint8_t byte;
    bool sensing;
};

static struct line *line_of(const struct vdev *vdev)
{
    return vdev->data;
}

struct terminal *dial_terminal(const struct vdev *vdev)
{
    return line_of(vdev)->t;
}

static void announce(const struct vdev *vdev, const struct terminal *t, const char *what)
{
    char name[TERMINAL_NAME_SIZE];
    operator_printf("%s %s %s %03X DIALED = %03u", terminal_name(name, t), what, vdev->vm->userid,
                    vdev->address, (unsigned)terminals_dialed());
}

static void let_go(struct vdev *vdev)
{
    struct line *line = line_of(vdev);
    line->real.rdev = NULL;
    line->t = NULL;
}

/* The person has hung up.  From interruptions. */
static void hung_up(struct vdev *vdev)
{
    struct line *line = line_of(vdev);
    struct terminal *t = line->t;
    if (!t)
        return;
    let_go(vdev);
    terminal_take_back(t, false);
    announce(vdev, t, "DROP FROM");
    vdev_check(vdev, SENSE_INTERVENTION);
}

static void sensed(struct ioreq *request)
{
    struct vdev *vdev = request->context;
    struct line *line = line_of(vdev);
    line->sensing = false;
    if (request->cc == 3 || line->byte & SENSE_INTERVENTION)
        hung_up(vdev);
    else
        vdev_check(vdev, line->byte);
    vdev_attention(vdev, UNIT_ATTENTION | UNIT_CHECK);
}

static void unsolicited(struct rdev *rdev, uint8_t status)
{
    struct vdev *vdev = rdev->context;
    struct line *line = line_of(vdev);
    if (!(status & UNIT_CHECK)) {
        vdev_attention(vdev, status);
        return;
    }
    if (line->sensing)
        return;
    line->sensing = true;
    line->byte = 0;
    ccw_set(&line->ccw, CCW_SENSE, &line->byte, CCW_SUPPRESS_LENGTH, 1);
    line->sense.rdev = rdev;
    line->sense.program = &line->ccw;
    line->sense.completed = sensed;
    line->sense.context = vdev;
    rio_start(&line->sense);
}

static int start(struct vdev *vdev, uint8_t key, uint32_t ccw_address)
{
    struct line *line = line_of(vdev);
    if (vreal_is_simulated(vdev, ccw_address) && (vdev->sense_length || !line->real.rdev))
        return vchannel_start(vdev, key, ccw_address);
    if (line->real.rdev)
        return vreal_start(vdev, &line->real, vreal_prepare(vdev), key, ccw_address);
    vdev_check(vdev, SENSE_INTERVENTION);
    memset(&vdev->csw, 0, sizeof vdev->csw);
    vdev->csw.unit_status = UNIT_CHECK;
    return 1;
}

static void detach(struct vdev *vdev)
{
    dial_release(vdev);
    cp_free(vdev->data, sizeof(struct line));
}

const struct vdev_ops dial_ops = {
    .class_name = "GRAF",
    .start_io = start,
    .halt = vreal_halt,
    .detach = detach,
};

struct vdev *dial_create(struct vmblok *vm, uint16_t address, uint16_t type)
{
    struct line *line = cp_alloc(sizeof *line);
    struct vdev *vdev = line ? vdev_create(vm, address, &dial_ops) : NULL;
    if (!vdev) {
        if (line)
            cp_free(line, sizeof *line);
        return NULL;
    }
    vdev->type = type;
    vdev->model = 2;
    vdev->class = CLASS_GRAPHIC;
    vdev->data = line;
    line->real.lost = hung_up;
    return vdev;
}

struct vdev *dial_find(struct vmblok *vm, uint16_t address)
{
    LIST_EACH(it, &vm->vdevs)
    {
        struct vdev *vdev = LIST_ENTRY(it, struct vdev, link);
        if (vdev->ops == &dial_ops && !line_of(vdev)->t && (!address || address == vdev->address))
            return vdev;
    }
    return NULL;
}

void dial_connect(struct vdev *vdev, struct terminal *t)
{
    struct line *line = line_of(vdev);
    struct rdev *rdev = t->rdev;
    terminal_lend(t);
    line->t = t;
    line->real.rdev = rdev;
    rdev->owner = vdev->vm;
    rdev->unsolicited = unsolicited;
    rdev->context = vdev;
    vdev->sense_length = 0;
    announce(vdev, t, "DIALED TO");
    vdev_attention(vdev, UNIT_DEVICE_END);
}

void dial_release(struct vdev *vdev)
{
    struct line *line = line_of(vdev);
    struct terminal *t = line->t;
    while (line->sensing)
        rio_wait(&line->sense);
    if (!line->t)
        return;
    let_go(vdev);
    terminal_take_back(t, true);
    announce(vdev, t, "DROP FROM");
}
