/* Errors of the channel's own equipment.  This one has none, but the operator can make some, so
 * that recovery programs have something to do.  GA22-7000, "Channel Status Conditions", "Limited
 * Channel Logout". */
#include "s370/arch/lowcore.h"
#include "s370/cpu/cpu.h"
#include "s370/io/internal.h"
#include "s370/machine.h"

#define CHECKS (CHANNEL_DATA_CHECK | CHANNEL_CONTROL_CHECK | CHANNEL_INTERFACE_CHECK)

/* Bits of the word at X'B0'. */
enum logout {
    DETECTED_BY_CHANNEL = 0x04000000,
    SOURCE_CHANNEL = 0x00400000,
    SOURCE_CONTROL_UNIT = 0x00080000,
    VALID_SEQUENCE = 0x00001000,
    VALID_UNIT_STATUS = 0x00000800,
    VALID_CCW_ADDRESS = 0x00000400,
    VALID_CHANNEL = 0x00000200,
    VALID_DEVICE = 0x00000100,
    ENDED_NORMALLY = 0x00000040, /* termination: stop, stack or normal */
    ENDED_BY_RESET = 0x00000080, /* selective reset */
    SEQUENCE_ACCEPTED = 2,       /* the command was accepted, no data have moved */
    SEQUENCE_MOVED = 3,          /* at least one byte has */
};

void channel_break(struct device *d, uint8_t check)
{
    d->broken = check;
}

uint8_t logout_check(struct channel_program *cp, uint8_t status)
{
    struct device *d = cp->device;
    uint8_t check = d->broken & CHECKS;
    if (!check || (check == CHANNEL_DATA_CHECK && !cp->moved))
        return status;
    d->broken = 0;
    cp->check |= check;
    return check == CHANNEL_DATA_CHECK ? status : 0; /* else what the unit said is not known */
}

void logout_store(struct channel_program *cp)
{
    struct machine *m = cp->machine;
    uint8_t bytes[4], check = cp->end_channel & CHECKS;
    if (!check)
        return;
    uint32_t word = DETECTED_BY_CHANNEL | VALID_SEQUENCE | VALID_CCW_ADDRESS | VALID_CHANNEL |
                    VALID_DEVICE | (cp->moved ? SEQUENCE_MOVED : SEQUENCE_ACCEPTED);
    word |= check & CHANNEL_CONTROL_CHECK ? SOURCE_CHANNEL : SOURCE_CONTROL_UNIT;
    word |= check == CHANNEL_DATA_CHECK ? VALID_UNIT_STATUS | ENDED_NORMALLY : ENDED_BY_RESET;
    store_be32(bytes, word);
    storage_poke(&m->storage,
                 storage_absolute(cpu_prefix(m->cpu), offsetof(struct lowcore, limited_logout)),
                 bytes, sizeof bytes);
}
