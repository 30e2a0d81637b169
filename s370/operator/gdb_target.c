/* The machine as GDB sees it: registers and storage of the CPU that it looks at.
 *
 * The registers are those of GDB's "s390:31-bit" (its features org.gnu.gdb.s390.core, .acr and
 * .fpr) and, behind them, the control registers and the prefix.  What a System/370 does not
 * have (access registers, floating-point control, floating-point registers but 0, 2, 4, 6)
 * reads as zero.  The PSW's address part is the 24 bits alone, whatever the format. */
#include "s370/operator/gdb_internal.h"

#include "s370/arch/psw.h"

#include <stdio.h>

#define PSW_MASK      0u
#define PSW_ADDRESS_N 1u
#define GENERAL       2u
#define ACCESS        (GENERAL + 16)
#define FLOAT_CONTROL (ACCESS + 16)
#define FLOAT         (FLOAT_CONTROL + 1)
#define CONTROL       (FLOAT + 16)
#define PREFIX        (CONTROL + 16)
#define REGISTERS     (PREFIX + 1)

#define LINK_REGISTER 14
#define STACK_POINTER 15

#define ERROR_ARGUMENT "E16" /* as errno counts */
#define ERROR_FAULT    "E0e"

static unsigned width(unsigned n)
{
    return n >= FLOAT && n < CONTROL ? 8 : 4;
}

static uint64_t get(const struct gdb *g, unsigned n)
{
    struct cpu *cpu = gdb_cpu(g);
    const struct cpu_state_regs *regs = cpu_regs(cpu);
    if (n == PSW_MASK)
        return cpu_psw(cpu) >> 32;
    if (n == PSW_ADDRESS_N)
        return cpu_psw(cpu) & PSW_ADDRESS;
    if (n >= GENERAL && n < ACCESS)
        return regs->gr[n - GENERAL];
    if (n >= FLOAT && n < CONTROL)
        return n - FLOAT < 8 && (n - FLOAT) % 2 == 0 ? regs->fpr[(n - FLOAT) / 2] : 0;
    if (n >= CONTROL && n < PREFIX)
        return regs->cr[n - CONTROL];
    return n == PREFIX ? cpu_prefix(cpu) : 0;
}

/* False if the machine has no such register, and the value is not its zero. */
static bool set(struct gdb *g, unsigned n, uint64_t value)
{
    struct cpu *cpu = gdb_cpu(g);
    struct cpu_state_regs *regs = cpu_regs(cpu);
    if (value == get(g, n))
        return true;
    if (n == PSW_MASK) /* GDB may write what the CPU refuses when it goes on */
        (void)cpu_load_psw(cpu, value << 32 | (uint32_t)cpu_psw(cpu));
    else if (n == PSW_ADDRESS_N)
        (void)cpu_load_psw(cpu, (cpu_psw(cpu) & ~PSW_ADDRESS) | (value & PSW_ADDRESS));
    else if (n >= GENERAL && n < ACCESS)
        regs->gr[n - GENERAL] = (uint32_t)value;
    else if (n >= FLOAT && n < FLOAT + 8 && (n - FLOAT) % 2 == 0)
        regs->fpr[(n - FLOAT) / 2] = value;
    else if (n >= CONTROL && n < PREFIX)
        cpu_set_cr(cpu, n - CONTROL, (uint32_t)value);
    else
        return false;
    return true;
}

static void say_register(struct gdb *g, unsigned n)
{
    uint8_t bytes[8];
    store_be64(bytes, get(g, n));
    gdb_say_hex(g, bytes + 8 - width(n), width(n));
}

static uint64_t value_of(const uint8_t *bytes, unsigned n)
{
    return width(n) == 8 ? load_be64(bytes) : load_be32(bytes);
}

void gdb_read_registers(struct gdb *g, const char *at)
{
    for (unsigned n = 0; n < REGISTERS; n++)
        say_register(g, n);
}

void gdb_write_registers(struct gdb *g, const char *at)
{
    uint8_t bytes[REGISTERS * 8];
    unsigned size = 0;
    for (unsigned n = 0; n < REGISTERS; n++)
        size += width(n);
    if (!gdb_bytes(at, bytes, size)) {
        gdb_say(g, ERROR_ARGUMENT);
        return;
    }
    const uint8_t *from = bytes;
    for (unsigned n = 0; n < REGISTERS; from += width(n++))
        (void)set(g, n, value_of(from, n));
    gdb_say(g, "OK");
}

void gdb_read_register(struct gdb *g, const char *at)
{
    uint32_t n;
    if (!gdb_number(&at, &n) || *at || n >= REGISTERS)
        gdb_say(g, ERROR_ARGUMENT);
    else
        say_register(g, n);
}

void gdb_write_register(struct gdb *g, const char *at)
{
    uint8_t bytes[8];
    uint32_t n;
    bool good = gdb_number(&at, &n) && *at++ == '=' && n < REGISTERS &&
                gdb_bytes(at, bytes, width(n)) && set(g, n, value_of(bytes, n));
    gdb_say(g, good ? "OK" : ERROR_ARGUMENT);
}

void gdb_say_place(struct gdb *g)
{
    static const unsigned wanted[] = {PSW_MASK, PSW_ADDRESS_N, GENERAL + LINK_REGISTER,
                                      GENERAL + STACK_POINTER};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        gdb_say(g, "%x:", wanted[i]);
        say_register(g, wanted[i]);
        gdb_say(g, ";");
    }
}

/* --- storage --- */

/* "ADDRESS,LENGTH" and what ends it.  Moves *at behind that. */
static bool operands(const char **at, char end, uint32_t *address, uint32_t *length)
{
    if (!gdb_number(at, address) || *(*at)++ != ',' || !gdb_number(at, length) || **at != end)
        return false;
    *at += end != 0;
    return true;
}

/* How many of `length` bytes at a logical address are in storage in one piece, and where. */
static uint32_t locate(const struct gdb *g, uint32_t address, uint32_t length, uint32_t *absolute)
{
    uint32_t room = STORAGE_BLOCK - address % STORAGE_BLOCK;
    if (cpu_translate(gdb_cpu(g), address & ADDRESS_MASK, absolute))
        return 0;
    return length < room ? length : room;
}

void gdb_read_storage(struct gdb *g, const char *at)
{
    uint8_t bytes[GDB_PACKET_MOST / 2];
    uint32_t address, length, absolute, n;
    if (!operands(&at, 0, &address, &length)) {
        gdb_say(g, ERROR_ARGUMENT);
        return;
    }
    uint32_t most = length < sizeof bytes ? length : sizeof bytes, done = 0;
    while (done < most && (n = locate(g, address + done, most - done, &absolute)) &&
           storage_peek(&g->m->storage, absolute, bytes + done, n))
        done += n;
    if (done || !length)
        gdb_say_hex(g, bytes, done); /* fewer than wanted tell where storage ends */
    else
        gdb_say(g, ERROR_FAULT);
}

/* All bytes, or none. */
static void write_storage(struct gdb *g, uint32_t address, const uint8_t *bytes, uint32_t length)
{
    uint32_t absolute, n;
    for (uint32_t done = 0; done < length; done += n) {
        if (!(n = locate(g, address + done, length - done, &absolute))) {
            gdb_say(g, ERROR_FAULT);
            return;
        }
    }
    for (uint32_t done = 0; done < length; done += n) {
        n = locate(g, address + done, length - done, &absolute);
        (void)storage_poke(&g->m->storage, absolute, bytes + done, n);
    }
    gdb_say(g, "OK");
}

void gdb_write_storage(struct gdb *g, const char *at)
{
    uint8_t bytes[GDB_PACKET_MOST / 2];
    uint32_t address, length;
    if (!operands(&at, ':', &address, &length) || length > sizeof bytes ||
        !gdb_bytes(at, bytes, length))
        gdb_say(g, ERROR_ARGUMENT);
    else
        write_storage(g, address, bytes, length);
}

void gdb_write_binary(struct gdb *g, const char *at)
{
    uint32_t address, length;
    if (!operands(&at, ':', &address, &length) ||
        length != g->reader.length - (size_t)(at - g->reader.payload))
        gdb_say(g, ERROR_ARGUMENT);
    else
        write_storage(g, address, (const uint8_t *)at, length);
}

/* --- the description that GDB reads --- */

static const struct {
    const char *feature;
    const char *name; /* of the first register; with a number behind it, if there are several */
    unsigned count, bits;
    const char *group;
} description[] = {
    {"org.gnu.gdb.s390.core", "pswm", 1, 32, "psw"},
    {NULL, "pswa", 1, 32, "psw"},
    {NULL, "r", 16, 32, "general"},
    {"org.gnu.gdb.s390.acr", "acr", 16, 32, "access"},
    {"org.gnu.gdb.s390.fpr", "fpc", 1, 32, "float"},
    {NULL, "f", 16, 64, "float"},
    {"datbox.control", "cr", 16, 32, "system"},
    {NULL, "prefix", 1, 32, "system"},
};

static size_t describe(char *text, size_t size)
{
    size_t n = (size_t)snprintf(text, size,
                                "<?xml version=\"1.0\"?>\n"
                                "<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n"
                                "<target version=\"1.0\">\n"
                                "<architecture>s390:31-bit</architecture>\n");
    const size_t rows = sizeof description / sizeof *description;
    for (size_t i = 0; i < rows; i++) {
        if (description[i].feature)
            n += (size_t)snprintf(text + n, size - n, "%s<feature name=\"%s\">\n",
                                  i ? "</feature>\n" : "", description[i].feature);
        for (unsigned k = 0; k < description[i].count; k++) {
            char number[12] = "";
            if (description[i].count > 1)
                snprintf(number, sizeof number, "%u", k);
            n += (size_t)snprintf(text + n, size - n,
                                  "<reg name=\"%s%s\" bitsize=\"%u\" type=\"uint%u\" "
                                  "group=\"%s\"/>\n",
                                  description[i].name, number, description[i].bits,
                                  description[i].bits, description[i].group);
        }
    }
    return n + (size_t)snprintf(text + n, size - n, "</feature>\n</target>\n");
}

void gdb_describe(struct gdb *g, const char *at)
{
    char text[GDB_PACKET_MOST];
    uint32_t from, length;
    if (!operands(&at, 0, &from, &length)) {
        gdb_say(g, "E00");
        return;
    }
    uint32_t size = (uint32_t)describe(text, sizeof text);
    uint32_t rest = from < size ? size - from : 0;
    uint32_t n = length < GDB_PACKET_MOST - 1 ? length : GDB_PACKET_MOST - 1;
    if (n > rest)
        n = rest;
    gdb_say(g, "%c%.*s", n < rest ? 'm' : 'l', (int)n, n ? text + from : "");
}
