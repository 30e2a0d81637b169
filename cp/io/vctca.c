/* Virtual channel-to-channel adapters: see cp/vctca.h.  What one side writes the other reads.
 * Commands: s370/arch/ctca.h.
 *
 * Both sides are here, so each knows at once what the other is doing.  Each virtual machine's
 * channel is run in its own task: a command that comes to its end by what the other side does is
 * ended by work that is posted to its device.  Data are moved in the reader's task; until they are,
 * neither side's command can be halted. */
#include "cp/vctca.h"

#include "cp/io/vchannel.h"
#include "cp/state.h"
#include "cp/terminal.h"
#include "lib/str.h"
#include "s370/arch/ctca.h"

#define ENDED    (UNIT_CHANNEL_END | UNIT_DEVICE_END)
#define COLLIDES (UNIT_BUSY | UNIT_ATTENTION)
#define PIECE    4096u

struct adapter {
    struct vdev *vdev;
    struct adapter *other; /* NULL: not coupled */
    enum ctca_activity activity;
    uint8_t code; /* of the command that does it */
    bool extended;
    bool announced; /* the next command is chained to a CONTROL that the other side has sensed */
    bool moving;    /* data of its command are being moved */
    bool ended;     /* the channel is yet to be told that its command has ended ... */
    uint8_t end_status; /* ... like this */
};

static struct adapter *adapter_of(const struct vdev *vdev)
{
    return vdev->data;
}

/* --- how commands end --- */

/* The command of this side is over by what the other side did. Never sleeps. */
static void finish(struct adapter *a, uint8_t more)
{
    a->announced = a->activity == CONTROLS && !a->vdev->working;
    a->activity = DOES_NOTHING;
    a->code = 0;
    if (a->vdev->working) { /* channel end was given at once */
        a->vdev->working = false;
        vdev_attention(a->vdev, UNIT_DEVICE_END | more);
    } else {
        a->ended = true;
        a->end_status = ENDED | more;
        vdev_post(a->vdev);
    }
}

static void finish_with_check(struct adapter *a)
{
    if (a->activity == DOES_NOTHING)
        return;
    vdev_check(a->vdev, SENSE_INTERVENTION);
    finish(a, UNIT_CHECK);
}

static void end_prepare(struct adapter *a)
{
    if (a->activity == PREPARES)
        finish(a, 0);
}

/* A READ and a WRITE have met: no attention is needed any more. */
static void meet(struct adapter *a)
{
    vdev_withdraw(a->vdev, UNIT_ATTENTION);
    vdev_withdraw(a->other->vdev, UNIT_ATTENTION);
}

/* Moves the data of the other side's WRITE to this side's READ, until one of the channels has come
 * to its end.  In this side's task.  May sleep. */
static void transfer(struct adapter *reader)
{
    struct adapter *writer = reader->other;
    uint8_t *piece = cp_alloc(PIECE);
    reader->moving = writer->moving = true;
    for (uint32_t room; piece && (room = vchannel_room(reader->vdev)) != 0;) {
        uint32_t want = room < PIECE ? room : PIECE;
        uint32_t got = vchannel_take(writer->vdev, piece, want);
        if (vchannel_give(reader->vdev, piece, got) < got || got < want)
            break;
    }
    if (piece)
        cp_free(piece, PIECE);
    reader->moving = writer->moving = false;
    task_wake(reader);
    task_wake(writer);
    finish(writer, 0);
    reader->activity = DOES_NOTHING;
    reader->code = 0;
}

/* In the task of the VM, after vdev_post. */
static void work(struct vdev *vdev)
{
    struct adapter *a = adapter_of(vdev);
    if (a->activity == READS && a->other && a->other->activity == WRITES && !a->moving) {
        transfer(a);
        vchannel_end(vdev, ENDED);
    } else if (a->ended) {
        a->ended = false;
        vchannel_end(vdev, a->end_status);
    }
}

/* --- commands --- */

static void begin(struct adapter *a, enum ctca_activity activity, uint8_t code)
{
    a->activity = activity;
    a->code = code;
    a->announced = false;
    end_prepare(a->other);
}

/* Channel end at once, device end when the other side acts; in a chain both come then. */
static unsigned wait_for_other(struct adapter *a)
{
    if (a->vdev->ch.flags & CCW_CHAIN_COMMAND)
        return COMMAND_PENDING;
    a->vdev->working = true;
    return UNIT_CHANNEL_END;
}

static unsigned read_or_write(struct adapter *a, enum ctca_activity activity, uint8_t code)
{
    bool awaited = a->other->activity == PREPARES || a->announced;
    bool meets = a->other->activity == (activity == READS ? WRITES : READS);
    begin(a, activity, code);
    if (meets) {
        meet(a);
        if (activity == READS) {
            transfer(a);
            return ENDED;
        }
        vdev_post(a->other->vdev);
    } else if (!awaited) {
        vdev_attention(a->other->vdev, UNIT_ATTENTION);
    }
    return COMMAND_PENDING;
}

static unsigned control(struct adapter *a, uint8_t code)
{
    bool prepared = a->other->activity == PREPARES;
    begin(a, CONTROLS, code);
    if (!prepared)
        vdev_attention(a->other->vdev, UNIT_ATTENTION);
    return wait_for_other(a);
}

static unsigned prepare(struct adapter *a, uint8_t code)
{
    bool nothing = a->other->activity == DOES_NOTHING;
    end_prepare(a->other);
    if (!nothing)
        return ENDED;
    begin(a, PREPARES, code);
    return wait_for_other(a);
}

static unsigned sense_command_byte(struct adapter *a)
{
    vchannel_give(a->vdev, &a->other->code, 1);
    if (a->other->activity == CONTROLS) {
        finish(a->other, 0);
        vdev_withdraw(a->vdev, UNIT_ATTENTION);
    }
    return ENDED;
}

static unsigned write_eof(struct adapter *a)
{
    end_prepare(a->other);
    if (a->other->activity == READS) {
        finish(a->other, UNIT_EXCEPTION);
        vdev_withdraw(a->vdev, UNIT_ATTENTION);
    }
    return ENDED;
}

static unsigned command(struct vdev *vdev, struct vchannel *ch)
{
    struct adapter *a = adapter_of(vdev);
    enum ctca_command command = ctca_command_of(ch->command, a->extended);
    a->announced &= !ch->first;
    if (command == COMMAND_BASIC || command == COMMAND_EXTENDED) {
        a->extended = command == COMMAND_EXTENDED;
        return ENDED;
    }
    if (!a->other)
        return vdev_check(vdev, SENSE_INTERVENTION) & UNIT_CHECK;
    if (ctca_excludes(a->other->activity, command))
        return COLLIDES;
    switch (command) {
    case COMMAND_WRITE:
        return read_or_write(a, WRITES, ch->command);
    case COMMAND_READ:
        return read_or_write(a, READS, ch->command);
    case COMMAND_CONTROL:
        return control(a, ch->command);
    case COMMAND_PREPARE:
        return prepare(a, ch->command);
    case COMMAND_SENSE_COMMAND_BYTE:
        return sense_command_byte(a);
    case COMMAND_WRITE_EOF:
        return write_eof(a);
    case COMMAND_NOP:
        return ENDED;
    default:
        return vdev_check(vdev, SENSE_COMMAND_REJECT);
    }
}

/* --- halt, reset, coupling --- */

static void wait_moving(const struct adapter *a)
{
    while (a->moving)
        task_sleep(a);
}

static void halt(struct vdev *vdev)
{
    struct adapter *a = adapter_of(vdev);
    wait_moving(a);
    if (a->activity != DOES_NOTHING && a->other)
        vdev_withdraw(a->other->vdev, UNIT_ATTENTION);
    a->activity = DOES_NOTHING;
    a->code = 0;
    a->ended = false;
    if (vdev->working) {
        vdev->working = false;
        vdev_attention(vdev, UNIT_DEVICE_END);
    } else {
        vchannel_halt(vdev);
    }
}

/* What waited for this side does not any more. */
static void reset(struct vdev *vdev)
{
    struct adapter *a = adapter_of(vdev);
    a->extended = a->announced = false;
    if (a->other)
        finish_with_check(a->other);
}

static void uncouple(struct adapter *a)
{
    struct adapter *other = a->other;
    wait_moving(a);
    finish_with_check(a);
    finish_with_check(other);
    a->other = other->other = NULL;
}

static void drop(struct adapter *a, struct vmblok *tell)
{
    struct adapter *other = a->other;
    if (!other)
        return;
    uncouple(a);
    struct vdev *x = a->vdev, *y = other->vdev;
    if (tell)
        cp_printf(tell, "CTCA %03X DROP FROM %s %03X", x->address, y->vm->userid, y->address);
    if (y->vm != tell)
        terminal_tell(y->vm, "CTCA %03X DROP BY %s %03X", y->address, x->vm->userid, x->address);
}

void vctca_couple(struct vdev *from, struct vdev *to)
{
    struct adapter *a = adapter_of(from), *b = adapter_of(to);
    drop(a, from->vm);
    a->other = b;
    b->other = a;
    cp_printf(from->vm, "CTCA %03X COUPLE TO %s %03X", from->address, to->vm->userid, to->address);
    if (to->vm != from->vm)
        terminal_tell(to->vm, "CTCA %03X COUPLE BY %s %03X", to->address, from->vm->userid,
                      from->address);
}

struct vdev *vctca_other(const struct vdev *vdev)
{
    const struct adapter *other = adapter_of(vdev)->other;
    return other ? other->vdev : NULL;
}

static void detach(struct vdev *vdev)
{
    drop(adapter_of(vdev), NULL);
    cp_free(vdev->data, sizeof(struct adapter));
}

const struct vdev_ops vctca_ops = {
    .class_name = "CTCA",
    .command = command,
    .halt = halt,
    .reset = reset,
    .work = work,
    .detach = detach,
};

struct vdev *vctca_create(struct vmblok *vm, uint16_t address)
{
    struct adapter *a = cp_alloc(sizeof *a);
    struct vdev *vdev = a ? vdev_create(vm, address, &vctca_ops) : NULL;
    if (!vdev) {
        if (a)
            cp_free(a, sizeof *a);
        return NULL;
    }
    vdev->type = VCTCA_TYPE;
    vdev->class = CLASS_NONE;
    vdev->data = a;
    a->vdev = vdev;
    return vdev;
}
