/* Channel command word, channel status word and their bits.  GA22-7000, "Input/Output
 * Operations".  Device commands are in the devices' own headers and in the tables of
 * commands below, where CP needs them too. */
#ifndef S370_ARCH_CCW_H
#define S370_ARCH_CCW_H

#include "lib/be.h"

/* On a doubleword boundary, or the channel gives a program check. */
struct ccw {
    uint8_t command;
    be24 address;
    uint8_t flags;
    uint8_t unused;
    be16 count;
} __attribute__((aligned(8)));
LAYOUT(struct ccw, 8);

/* Fills in one; data and indirect lists by their 24-bit address. */
static inline void ccw_put(struct ccw *ccw, uint8_t command, uint32_t address, uint8_t flags,
                           uint32_t count)
{
    ccw->command = command;
    put24(&ccw->address, address);
    ccw->flags = flags;
    ccw->unused = 0;
    put16(&ccw->count, count);
}
/* The same for programs of the machine, whose pointers are addresses. */
static inline void ccw_set(struct ccw *ccw, uint8_t command, const void *data, uint8_t flags,
                           uint32_t count)
{
    ccw_put(ccw, command, (uint32_t)(uintptr_t)data, flags, count);
}

enum ccw_flag {
    CCW_CHAIN_DATA = 0x80,
    CCW_CHAIN_COMMAND = 0x40,
    CCW_SUPPRESS_LENGTH = 0x20, /* SLI */
    CCW_SKIP = 0x10,
    CCW_PCI = 0x08,
    CCW_INDIRECT = 0x04, /* IDA: address is that of a list of indirect address words */
};

/* Commands by their low-order bits. */
#define CCW_IS_TIC(command)           (((command)&0x0f) == 0x08)
#define CCW_IS_READ(command)          (((command)&0x03) == 0x02)
#define CCW_IS_WRITE(command)         (((command)&0x03) == 0x01)
#define CCW_IS_CONTROL(command)       (((command)&0x03) == 0x03)
#define CCW_IS_SENSE(command)         (((command)&0x0f) == 0x04)
#define CCW_IS_READ_BACKWARD(command) (((command)&0x0f) == 0x0c)
enum {
    CCW_TIC = 0x08,
    CCW_NOP = 0x03,
    CCW_SENSE = 0x04,
    CCW_SENSE_ID = 0xe4,
};

struct csw {
    uint8_t key;  /* storage key in the left half */
    be24 address; /* of the last CCW, plus 8 */
    uint8_t unit_status;
    uint8_t channel_status;
    be16 count;
};
LAYOUT(struct csw, 8);

enum unit_status {
    UNIT_ATTENTION = 0x80,
    UNIT_STATUS_MODIFIER = 0x40,
    UNIT_CONTROL_UNIT_END = 0x20,
    UNIT_BUSY = 0x10,
    UNIT_CHANNEL_END = 0x08,
    UNIT_DEVICE_END = 0x04,
    UNIT_CHECK = 0x02,
    UNIT_EXCEPTION = 0x01,
};

enum channel_status {
    CHANNEL_PCI = 0x80,
    CHANNEL_INCORRECT_LENGTH = 0x40,
    CHANNEL_PROGRAM_CHECK = 0x20,
    CHANNEL_PROTECTION_CHECK = 0x10,
    CHANNEL_DATA_CHECK = 0x08,
    CHANNEL_CONTROL_CHECK = 0x04,
    CHANNEL_INTERFACE_CHECK = 0x02,
    CHANNEL_CHAINING_CHECK = 0x01,
};

/* Sense byte 0, common to all devices. */
enum sense0 {
    SENSE_COMMAND_REJECT = 0x80,
    SENSE_INTERVENTION = 0x40,
    SENSE_BUS_OUT = 0x20,
    SENSE_EQUIPMENT = 0x10,
    SENSE_DATA_CHECK = 0x08,
    SENSE_OVERRUN = 0x04,
};

#endif
