/* The channel-to-channel adapter's commands, and which of them exclude each other: for the
 * machine's adapter (s370/devices/dev_ctca.c) and the virtual ones of CP (cp/io/vctca.c). Sources:
 * GA22-6983 (Channel-to-Channel Adapter), SA22-7091 (3088). */
#ifndef S370_ARCH_CTCA_H
#define S370_ARCH_CTCA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a side is doing.  All but the first go on until the other side acts. */
enum ctca_activity {
    DOES_NOTHING,
    PREPARES,
    CONTROLS,
    READS,
    WRITES,
};

enum ctca_command {
    COMMAND_OTHER, /* rejected */
    COMMAND_WRITE,
    COMMAND_WRITE_EOF,
    COMMAND_READ,
    COMMAND_CONTROL,
    COMMAND_NOP,
    COMMAND_BASIC,
    COMMAND_EXTENDED,
    COMMAND_PREPARE,
    COMMAND_SENSE_COMMAND_BYTE,
};

/* A command by its bits; WRITE END OF FILE is one in extended mode only. */
static inline enum ctca_command ctca_command_of(uint8_t code, bool extended)
{
    static const struct {
        uint8_t mask, value, command;
    } rows[] = {
        {0x83, 0x81, COMMAND_WRITE_EOF}, {0x03, 0x01, COMMAND_WRITE},
        {0x03, 0x02, COMMAND_READ},      {0x0f, 0x0c, COMMAND_READ},
        {0x07, 0x07, COMMAND_CONTROL},   {0x1f, 0x14, COMMAND_SENSE_COMMAND_BYTE},
        {0x47, 0x03, COMMAND_NOP},       {0xc7, 0x43, COMMAND_BASIC},
        {0xff, 0xc3, COMMAND_EXTENDED},  {0xff, 0xe3, COMMAND_PREPARE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if ((code & rows[i].mask) == rows[i].value &&
            (rows[i].command != COMMAND_WRITE_EOF || extended))
            return (enum ctca_command)rows[i].command;
    return COMMAND_OTHER;
}

/* The commands that the other side's one excludes: busy, with attention, so that this side looks
 * what the other one wants. */
static inline bool ctca_excludes(enum ctca_activity other, enum ctca_command command)
{
    switch (command) {
    case COMMAND_CONTROL:
    case COMMAND_NOP:
        return other >= CONTROLS;
    case COMMAND_WRITE_EOF:
    case COMMAND_WRITE:
        return other == CONTROLS || other == WRITES;
    case COMMAND_READ:
        return other == CONTROLS || other == READS;
    default:
        return false;
    }
}

#endif
