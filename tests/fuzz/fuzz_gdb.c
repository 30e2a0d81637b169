/* Fuzz target: any bytes from a debugger, to a machine that runs a small program.  A line of the
 * input that begins with ! is taken as it is; any other is the payload of a packet with the right
 * checksum, and the machine runs for a while behind it.  Whatever was asked, there is at most one
 * answer at a time, framed well; when the debugger is gone, so is all that it has set. */
#include "fuzz_system.h"

#include "s370/operator/gdb.h"
#include "s370/operator/gdb_packet.h"

static struct gdb_reader answers;

/* What datbox sends must be frames. */
static void check(void *context, const char *bytes, size_t length)
{
    (void)context;
    for (size_t i = 0; i < length; i++) {
        enum gdb_event event = gdb_reader_byte(&answers, (uint8_t)bytes[i]);
        if (event == GDB_BAD_PACKET || event == GDB_BREAK)
            abort();
    }
    if (answers.state != GDB_OUTSIDE)
        abort();
    machine_quit(system_machine, 0); /* it may have stopped: nothing would happen any more */
}

static void hang_up(void *context)
{
    *(bool *)context = true;
}

/* Operator commands may name files, and quit: only a few are let through (h, g, p). */
static bool is_harmless(const char *payload)
{
    return strncmp(payload, "qRcmd,", 6) != 0 || !strncmp(payload + 6, "68", 2) ||
           !strncmp(payload + 6, "67", 2) || !strncmp(payload + 6, "70", 2);
}

static void give_line(struct gdb *gdb, const uint8_t *line, size_t length)
{
    char payload[512], frame[GDB_FRAME_MOST];
    if (length && line[0] == '!') {
        if (!memmem(line, length, "qRcmd", 5))
            gdb_input(gdb, line + 1, length - 1);
        return;
    }
    if (length >= sizeof payload)
        length = sizeof payload - 1;
    memcpy(payload, line, length);
    payload[length] = 0;
    if (!is_harmless(payload))
        return;
    gdb_input(gdb, (const uint8_t *)frame, gdb_frame(frame, payload, length));
    if (!system_machine->held)
        system_run(10);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct gdb_link link_to_fuzzer = {check, hang_up};
    /* 1000 L 2,800  1004 LA 1,1(1)  1008 ST 1,810  100C B 0(,12) */
    static const uint8_t program[] = {0x58, 0x20, 0x08, 0x00, 0x41, 0x10, 0x10, 0x01,
                                      0x50, 0x10, 0x08, 0x10, 0x47, 0xf0, 0xc0, 0x00};
    bool gone = false;
    system_begin();
    system_attach(0x009, "3215-C", NULL, NULL);
    struct oper *op = operator_create(system_machine, 0x009);
    system_poke(0x1000, program, sizeof program);
    cpu_regs(system_machine->cpu)->gr[12] = 0x1000;
    cpu_load_psw(system_machine->cpu, UINT64_C(0x0008000000001000));
    cpu_start(system_machine->cpu);
    memset(&answers, 0, sizeof answers);
    struct gdb *gdb = gdb_create(op, &link_to_fuzzer, &gone);
    if (!gdb)
        abort();
    for (size_t lines = 0; size && !gone && lines < 16; lines++) {
        const uint8_t *end = memchr(data, '\n', size);
        size_t length = end ? (size_t)(end - data) : size;
        give_line(gdb, data, length);
        data += length + (end != NULL);
        size -= length + (end != NULL);
    }
    gdb_destroy(gdb);
    operator_destroy(op);
    system_end();
    return 0;
}
