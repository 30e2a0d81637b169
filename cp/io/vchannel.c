/* The virtual channel of simulated devices: interprets the guest's channel program, one
 * command at a time, and moves data between the device and guest storage.
 * GA22-7000, "Input/Output Operations": "Execution of I/O Operations", "Conclusion". */
#include "cp/io/vchannel.h"

#include "cp/guest.h"
#include "cp/state.h"
#include "lib/str.h"
#include "s370/arch/control.h"

#define CHAIN_LIMIT 100000 /* commands: longer chains are taken for endless */

#define GOOD (UNIT_CHANNEL_END | UNIT_DEVICE_END)

static void program_check(struct vdev *vdev)
{
    vdev->ch.channel_status |= CHANNEL_PROGRAM_CHECK;
}

/* May the channel, with its key, touch [address, +length), within one 2K block? */
static bool key_allows(struct vdev *vdev, uint32_t address, bool store)
{
    if (!vdev->ch.key)
        return true;
    uint8_t key = guest_get_key(vdev->vm, address);
    return key >> 4 == vdev->ch.key || (!store && !(key & KEY_FETCH));
}

/* Fetches from guest storage as the channel does: CCWs and IDAWs. */
static bool channel_read(struct vdev *vdev, uint32_t address, void *to, uint32_t length)
{
    if (!guest_read(vdev->vm, address, to, length)) {
        program_check(vdev);
        return false;
    }
    if (!key_allows(vdev, address, false)) {
        vdev->ch.channel_status |= CHANNEL_PROTECTION_CHECK;
        return false;
    }
    return true;
}

/* Takes the CCW at ch->next, through at most one TIC.  Data chaining keeps the command. */
static bool fetch_ccw(struct vdev *vdev, bool data_chained)
{
    struct vchannel *ch = &vdev->ch;
    struct ccw ccw;
    for (int tics = 0;; tics++) {
        uint32_t at = ch->next;
        if (at & 7) {
            program_check(vdev);
            return false;
        }
        if (!channel_read(vdev, at, &ccw, sizeof ccw))
            return false;
        ch->next = (at + 8) & 0x00ffffff;
        if (!CCW_IS_TIC(ccw.command))
            break;
        if (tics || ch->first) {
            program_check(vdev);
            return false;
        }
        ch->next = get24(ccw.address);
    }
    ch->count = get16(ccw.count);
    if (!ch->count || ccw.flags & 3 || (!data_chained && !(ccw.command & 15))) {
        program_check(vdev);
        return false;
    }
    if (!data_chained) {
        ch->command = ccw.command;
        ch->control = ccw.unused;
    }
    if (ccw.flags & CCW_PCI)
        vdev_pci(vdev, ch->key, ch->next);
    ch->flags = ccw.flags;
    ch->address = get24(ccw.address);
    ch->ida_left = 0;
    if (ccw.flags & CCW_INDIRECT) {
        ch->ida_list = ch->address;
        if (ch->ida_list & 3) {
            program_check(vdev);
            return false;
        }
    }
    return true;
}

/* Where the next bytes go, and how many lie there without a break: to the end of the 2K
 * block, of the count. */
static uint32_t next_piece(struct vdev *vdev)
{
    struct vchannel *ch = &vdev->ch;
    if (ch->flags & CCW_INDIRECT && !ch->ida_left) {
        be32 word;
        bool first = ch->address == ch->ida_list;
        if (!channel_read(vdev, ch->ida_list, &word, sizeof word))
            return 0;
        uint32_t to = get32(word);
        if (to >> 24 || (!first && to % 2048)) {
            program_check(vdev);
            return 0;
        }
        ch->ida_list += 4;
        ch->address = to;
        ch->ida_left = 2048 - to % 2048;
    }
    uint32_t piece = 2048 - ch->address % 2048;
    return piece < ch->count ? piece : ch->count;
}

static bool move_piece(struct vdev *vdev, uint8_t *data, uint32_t length, bool store)
{
    struct vchannel *ch = &vdev->ch;
    bool skip = store && ch->flags & CCW_SKIP;
    if (!skip) {
        if (!guest_page_exists(vdev->vm, PAGE_OF(ch->address))) {
            program_check(vdev);
            return false;
        }
        if (!key_allows(vdev, ch->address, store)) {
            ch->channel_status |= CHANNEL_PROTECTION_CHECK;
            return false;
        }
        bool moved = store ? guest_write(vdev->vm, ch->address, data, length)
                           : guest_read(vdev->vm, ch->address, data, length);
        if (!moved) {
            program_check(vdev);
            return false;
        }
    }
    ch->address += length;
    if (ch->flags & CCW_INDIRECT)
        ch->ida_left -= length;
    ch->count -= length;
    return true;
}

static uint32_t move(struct vdev *vdev, uint8_t *data, uint32_t length, bool store)
{
    struct vchannel *ch = &vdev->ch;
    uint32_t moved = 0;
    while (moved < length && !ch->channel_status) {
        if (!ch->count) {
            if (!(ch->flags & CCW_CHAIN_DATA)) {
                ch->wanted_more |= store;
                break;
            }
            if (!fetch_ccw(vdev, true))
                break;
        }
        uint32_t piece = ch->flags & CCW_SKIP && store ? ch->count : next_piece(vdev);
        if (piece > length - moved)
            piece = length - moved;
        if (!piece || !move_piece(vdev, data + moved, piece, store))
            break;
        moved += piece;
    }
    return moved;
}

uint32_t vchannel_give(struct vdev *vdev, const void *from, uint32_t length)
{
    return move(vdev, (uint8_t *)from, length, true);
}

uint32_t vchannel_take(struct vdev *vdev, void *to, uint32_t length)
{
    return move(vdev, to, length, false);
}

uint32_t vchannel_room(struct vdev *vdev)
{
    struct vchannel *ch = &vdev->ch;
    if (!ch->count && ch->flags & CCW_CHAIN_DATA && !fetch_ccw(vdev, true))
        return 0;
    return ch->channel_status ? 0 : ch->count;
}

unsigned vdev_check(struct vdev *vdev, uint8_t sense0)
{
    memset(vdev->sense, 0, sizeof vdev->sense);
    vdev->sense[0] = sense0;
    vdev->sense_length = 1;
    return GOOD | UNIT_CHECK;
}

/* How many sense bytes a device has that says nothing else. */
static uint32_t sense_size(const struct vdev *vdev)
{
    return vdev->sense_length > 1 ? vdev->sense_length : vdev->class == CLASS_DASD ? 24 : 1;
}

static unsigned do_sense(struct vdev *vdev)
{
    vchannel_give(vdev, vdev->sense, sense_size(vdev));
    memset(vdev->sense, 0, sizeof vdev->sense);
    vdev->sense_length = 0;
    return GOOD;
}

static unsigned do_sense_id(struct vdev *vdev)
{
    uint8_t id[7] = {0xff, 0, 0, 0, 0, 0, 0};
    store_be16(id + 1, vdev->type);
    store_be16(id + 4, vdev->type);
    id[6] = vdev->model;
    vchannel_give(vdev, id, sizeof id);
    return GOOD;
}

static unsigned do_command(struct vdev *vdev)
{
    uint8_t command = vdev->ch.command;
    if (command == CCW_SENSE)
        return do_sense(vdev);
    if (command == CCW_NOP)
        return GOOD;
    if (command == CCW_SENSE_ID)
        return do_sense_id(vdev);
    if (vdev->not_ready)
        return vdev_check(vdev, SENSE_INTERVENTION) & UNIT_CHECK;
    if (!vdev->ops->command)
        return vdev_check(vdev, SENSE_COMMAND_REJECT);
    return vdev->ops->command(vdev, &vdev->ch);
}

static void conclude(struct vdev *vdev, unsigned unit_status)
{
    struct vchannel *ch = &vdev->ch;
    vdev->csw.key = (uint8_t)(ch->key << 4);
    put24(&vdev->csw.address, ch->next);
    vdev->csw.unit_status = (uint8_t)unit_status;
    vdev->csw.channel_status = ch->channel_status;
    put16(&vdev->csw.count, ch->count);
    ch->active = false;
    vdev->busy = false;
    vdev_set_pending(vdev);
}

/* The device ended a command.  True: the chain goes on with the CCW at ch->next. */
static bool after_command(struct vdev *vdev, unsigned status)
{
    struct vchannel *ch = &vdev->ch;
    bool immediate = CCW_IS_CONTROL(ch->command);
    bool chaining = ch->flags & CCW_CHAIN_COMMAND && !(ch->flags & CCW_CHAIN_DATA);
    if (!immediate && !(status & UNIT_CHECK && !(status & UNIT_CHANNEL_END))) {
        bool odd = ch->count || ch->wanted_more || (ch->flags & CCW_CHAIN_DATA);
        bool suppressed = ch->flags & CCW_SUPPRESS_LENGTH && !(ch->flags & CCW_CHAIN_DATA);
        if (odd && !suppressed && !ch->channel_status)
            ch->channel_status |= CHANNEL_INCORRECT_LENGTH;
    }
    if (chaining && (status & ~(unsigned)UNIT_STATUS_MODIFIER) == GOOD && !ch->channel_status) {
        if (status & UNIT_STATUS_MODIFIER)
            ch->next = (ch->next + 8) & 0x00ffffff;
        return true;
    }
    conclude(vdev, status);
    return false;
}

/* Runs commands until one is pending or the program is over. */
static void go_on(struct vdev *vdev)
{
    struct vchannel *ch = &vdev->ch;
    for (uint32_t commands = 0;; commands++) {
        ch->wanted_more = false;
        if (!fetch_ccw(vdev, false)) {
            conclude(vdev, ch->first ? 0 : GOOD);
            return;
        }
        unsigned status = do_command(vdev);
        if (status & COMMAND_PENDING) {
            ch->active = true;
            ch->first = false;
            return;
        }
        if (!after_command(vdev, status))
            return;
        ch->first = false;
        if (commands % 64 == 63) /* a long chain must not hold up the others */
            task_yield();
        if (commands == CHAIN_LIMIT) {
            ch->channel_status |= CHANNEL_CONTROL_CHECK;
            conclude(vdev, GOOD);
            return;
        }
    }
}

void vchannel_end(struct vdev *vdev, uint8_t unit_status)
{
    if (!vdev->ch.active)
        return;
    vdev->ch.active = false;
    if (after_command(vdev, unit_status))
        go_on(vdev);
}

void vchannel_halt(struct vdev *vdev)
{
    vdev->ch.flags = CCW_SUPPRESS_LENGTH;
    vchannel_end(vdev, GOOD);
}

int vchannel_start(struct vdev *vdev, uint8_t key, uint32_t ccw_address)
{
    struct vchannel *ch = &vdev->ch;
    memset(ch, 0, sizeof *ch);
    ch->key = key;
    ch->next = ccw_address;
    ch->first = true;
    vdev->busy = true;
    go_on(vdev);
    /* An immediate command without chaining, or a program that is wrong at once, ends in
     * the SIO. */
    bool at_once = !vdev->busy && ch->first &&
                   (!vdev->csw.unit_status || CCW_IS_CONTROL(ch->command) ||
                    !(vdev->csw.unit_status & UNIT_CHANNEL_END));
    return at_once ? 1 : 0;
}
