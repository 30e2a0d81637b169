/* The trace of channel programs (ccw+): a line for each SIO, each command that a device has
 * executed, and each I/O interruption, as the channel's watch hook tells them:
 *
 *   time     device CCW at  command            address flags count     status  residual
 *
 * A search that goes round and round is one line, with how many times. */
#include "s370/operator/internal.h"

#include "s370/io/channel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct io_trace {
    bool all;
    uint16_t device; /* else only this one */
    char last[160];  /* the last command's line without its time: repeated lines are counted */
    unsigned repeated;
};

static const char *disk_command(uint8_t command)
{
    static const struct {
        uint8_t command;
        const char *name;
    } names[] = {
        {0x02, "READ IPL"},        {0x05, "WRITE DATA"},
        {0x06, "READ DATA"},       {0x07, "SEEK"},
        {0x0b, "SEEK CYLINDER"},   {0x0d, "WRITE KEY DATA"},
        {0x0e, "READ KEY DATA"},   {0x11, "ERASE"},
        {0x12, "READ COUNT"},      {0x13, "RECALIBRATE"},
        {0x15, "WRITE R0"},        {0x16, "READ R0"},
        {0x19, "WRITE HA"},        {0x1a, "READ HA"},
        {0x1b, "SEEK HEAD"},       {0x1d, "WRITE CKD"},
        {0x1e, "READ CKD"},        {0x1f, "SET FILE MASK"},
        {0x22, "READ SECTOR"},     {0x23, "SET SECTOR"},
        {0x29, "SEARCH KEY EQ"},   {0x31, "SEARCH ID EQ"},
        {0x39, "SEARCH HA EQ"},    {0x49, "SEARCH KEY HI"},
        {0x51, "SEARCH ID HI"},    {0x69, "SEARCH KEY EQ HI"},
        {0x71, "SEARCH ID EQ HI"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].command == command || (names[i].command | 0x80) == command)
            return names[i].name;
    return NULL;
}

/* What the low bits of any command say. */
static const char *command_name(const struct device *d, uint8_t command)
{
    const char *name = strcmp(d->type->class, "DASD") ? NULL : disk_command(command);
    if (name)
        return name;
    return command == CCW_NOP              ? "NO OPERATION"
           : command == CCW_SENSE_ID       ? "SENSE ID"
           : CCW_IS_SENSE(command)         ? "SENSE"
           : CCW_IS_READ_BACKWARD(command) ? "READ BACKWARD"
           : CCW_IS_WRITE(command)         ? "WRITE"
           : CCW_IS_READ(command)          ? "READ"
                                           : "CONTROL";
}

static void status_text(char *text, size_t size, uint8_t unit, uint8_t channel)
{
    static const char *const bits[16] = {"AT",  "SM", "CUE", "BY",  "CE",  "DE",  "UC",  "UX",
                                         "PCI", "IL", "PRG", "PRO", "CDC", "CCC", "ICC", "CHC"};
    uint32_t status = (uint32_t)unit << 8 | channel;
    size_t used = 0;
    text[0] = 0;
    for (unsigned i = 0; i < 16 && used < size; i++)
        if (status & 0x8000u >> i)
            used += (size_t)snprintf(text + used, size - used, "%s%s", used ? " " : "", bits[i]);
}

static void put_line(struct oper *o, const char *line)
{
    uint64_t us = machine_now(o->m) / 1000;
    operator_trace(o, "%6u.%06u %s", (unsigned)(us / 1000000), (unsigned)(us % 1000000), line);
}

static void end_repeats(struct oper *o)
{
    if (o->io->repeated)
        operator_trace(o, "              ... %u times more", o->io->repeated);
    o->io->repeated = 0;
    o->io->last[0] = 0;
}

static void put_command(struct oper *o, const struct channel_watch_event *e, const char *status)
{
    char line[sizeof o->io->last];
    snprintf(line, sizeof line, "%04X %06X %02X %-16s %06X %02X %04X  %s, %u left",
             e->device->address, e->ccw_address, e->ccw.command,
             command_name(e->device, e->ccw.command), get24(e->ccw.address), e->ccw.flags,
             get16(e->ccw.count), status, e->residual);
    if (!strcmp(line, o->io->last)) {
        o->io->repeated++;
        return;
    }
    end_repeats(o);
    strcpy(o->io->last, line);
    put_line(o, line);
}

static void watch(void *context, const struct channel_watch_event *e)
{
    struct oper *o = context;
    char status[64], line[160];
    if (!o->io->all && e->device->address != o->io->device)
        return;
    status_text(status, sizeof status, e->unit_status, e->channel_status);
    if (e->kind == WATCH_COMMAND) {
        put_command(o, e, status);
        return;
    }
    end_repeats(o);
    if (e->kind == WATCH_START)
        snprintf(line, sizeof line, "%04X SIO %06X  condition code %d%s%s", e->device->address,
                 e->ccw_address, e->condition_code, e->condition_code == 1 ? ", " : "",
                 e->condition_code == 1 ? status : "");
    else {
        status_text(status, sizeof status, e->csw.unit_status, e->csw.channel_status);
        snprintf(line, sizeof line, "%04X interruption, CSW %02X%06X %02X%02X%04X  %s",
                 e->device->address, e->csw.key, get24(e->csw.address), e->csw.unit_status,
                 e->csw.channel_status, get16(e->csw.count), status);
    }
    put_line(o, line);
}

void io_trace_destroy(struct oper *o)
{
    if (!o->io)
        return;
    channel_set_watch(o->m, NULL, NULL);
    free(o->io);
    o->io = NULL;
}

bool command_ccw_on(struct oper *o, int argc, char **argv)
{
    uint16_t device = 0;
    if (argc > 2)
        return operator_error(o, "ccw+ wants a device, or nothing for all");
    if (argc == 2 && !operator_device(o, argv[1], &device))
        return false;
    if (!o->io && !(o->io = calloc(1, sizeof *o->io)))
        return operator_error(o, "ccw+: the host has no memory");
    o->io->all = argc < 2;
    o->io->device = device;
    channel_set_watch(o->m, watch, o);
    return true;
}

bool command_ccw_off(struct oper *o, int argc, char **argv)
{
    io_trace_destroy(o);
    return true;
}
