/* Magnetic tape: one block or one motion at a time, by the nucleus's channel programs. GA32-0020,
 * 3420; a virtual machine has its drives dedicated (CP ATTACH). */
#include "cms/kit/kit.h"
#include "s370/arch/ccw.h"

enum { TAPE_WRITE = 0x01, TAPE_READ = 0x02 };
#define TAP1 0x181
#define TAPS 4

bool cms_tape_unit(const char token[8], uint16_t *unit)
{
    char word[9];
    uint32_t address;

    str_unpad(word, token, 8);
    if (!strncmp(word, "TAP", 3) && word[3] >= '1' && word[3] <= '0' + TAPS && !word[4]) {
        *unit = (uint16_t)(TAP1 + (word[3] - '1'));
        return true;
    }
    if (!str_hex(word, &address) || !address || address > 0xfff)
        return false;
    *unit = (uint16_t)address;
    return true;
}

bool cms_tape_mode(const char token[8], uint8_t *command)
{
    static const struct {
        uint32_t density;
        uint8_t command;
    } modes[] = {{800, TAPE_MODE_800}, {1600, TAPE_MODE_1600}, {6250, TAPE_MODE_6250}};
    uint32_t density;

    if (!cms_number(token, &density))
        return false;
    for (unsigned i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
        if (modes[i].density == density) {
            *command = modes[i].command;
            return true;
        }
    return false;
}

/* What the end of a channel program means; `io` has its status. */
static int meaning(int rc, const struct cms_io *io)
{
    if (rc == 3)
        return TAPE_NOT_THERE;
    if (rc == 0)
        return io->unit_status & UNIT_EXCEPTION ? TAPE_MARK : RC_OK;
    if (io->sense[0] & SENSE_INTERVENTION)
        return TAPE_NOT_READY;
    /* Command reject while the reel has no write ring (sense byte 1). */
    if (io->sense[0] & SENSE_COMMAND_REJECT)
        return io->sense[1] & 0x02 ? TAPE_FILE_PROTECTED : TAPE_NOT_THERE;
    return TAPE_ERROR;
}

static int run(unsigned unit, struct cms_io *io, uint8_t command, const void *data, size_t size)
{
    struct ccw ccw;

    ccw.command = command;
    put24(&ccw.address, (uint32_t)data);
    ccw.flags = CCW_SUPPRESS_LENGTH;
    ccw.unused = 0;
    put16(&ccw.count, size);
    io->address = unit;
    io->ccws = (uint32_t)&ccw;
    return meaning(cms_io(io), io);
}

int cms_tape_read(unsigned unit, void *block, size_t size, size_t *length)
{
    struct cms_io io;
    int rc = run(unit, &io, TAPE_READ, block, size);

    *length = rc ? 0 : size - io.residual;
    return rc;
}

int cms_tape_write(unsigned unit, const void *block, size_t length)
{
    struct cms_io io;
    int rc = run(unit, &io, TAPE_WRITE, block, length);

    return rc == TAPE_MARK ? TAPE_END : rc;
}

int cms_tape_control(unsigned unit, uint8_t command)
{
    struct cms_io io;
    static const uint8_t nothing;
    int rc = run(unit, &io, command, &nothing, 1);

    /* The end of unloading is that the drive is not ready any more. */
    if (rc == TAPE_NOT_READY && command == TAPE_UNLOAD && io.unit_status & UNIT_CHANNEL_END)
        return RC_OK;
    return rc == TAPE_MARK && command == TAPE_WRITE_MARK ? TAPE_END : rc;
}
