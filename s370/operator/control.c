/* The keys of the machine: IPL, start, stop, reset, interrupt; and its devices. */
#include "s370/operator/internal.h"

#include "lib/be.h"
#include "lib/ebcdic.h"
#include "lib/str.h"
#include "s370/arch/control.h"
#include "s370/devices/line.h"
#include "s370/io/channel.h"

#include <errno.h>
#include <stdio.h>

bool operator_device(struct oper *o, const char *word, uint16_t *address)
{
    uint32_t value;
    *address = 0;
    if (!word || !str_hex(word, &value) || value > 0xfff)
        return operator_error(o, "'%s' is no device address (000 to FFF)", word ? word : "");
    *address = (uint16_t)value;
    return true;
}

static bool existing_device(struct oper *o, const char *word, struct device **device)
{
    uint16_t address;
    if (!operator_device(o, word, &address))
        return false;
    *device = device_find(o->m, address);
    return *device ? true
                   : operator_error(o, "there is no device %03X (devlist lists them)", address);
}

void operator_start_cpu(struct oper *o)
{
    o->started_at = cpu_instructions(o->m->cpu);
    if (o->step_always && (!o->stepping || o->steps == 0)) {
        o->stepping = true;
        o->steps = 1;
    }
    operator_watch(o);
    cpu_start(o->m->cpu);
}

static bool load(struct oper *o, const char *word, bool clear)
{
    struct device *device;
    if (!existing_device(o, word, &device))
        return false;
    o->started_at = 0; /* a breakpoint may be at the very first instruction */
    const char *error = machine_ipl(o->m, device->address, clear);
    return error ? operator_error(o, "ipl %03X: %s", device->address, error) : true;
}

/* The words from argv[n] on as EBCDIC capitals in general registers 0 to 15, as a CP's IPL command
 * has them. */
static bool set_parm(struct oper *o, int argc, char **argv, int n)
{
    char parm[65] = "";
    for (size_t used = 0; n < argc; n++) {
        used += (size_t)snprintf(parm + used, sizeof parm - used, "%s%s", used ? " " : "", argv[n]);
        if (used >= sizeof parm)
            return operator_error(o, "a parm has at most 64 characters");
    }
    uint8_t field[64];
    struct cpu_state_regs *registers = cpu_regs(o->m->cpu);
    str_pad((char *)field, parm, sizeof field);
    str_upcase((char *)field, sizeof field);
    ebcdic_from_latin1(field, field, sizeof field);
    for (int i = 0; i < 16; i++)
        registers->gr[i] = load_be32(field + 4 * i);
    return true;
}

bool command_ipl(struct oper *o, int argc, char **argv)
{
    bool clear = argc > 2 && str_equal(argv[2], "clear");
    int parm = clear ? 3 : 2;
    if (argc > parm && !str_equal(argv[parm], "parm"))
        return operator_error(
            o, "ipl wants a device, perhaps the word clear, perhaps parm and a text");
    return load(o, argv[1], clear) && (argc <= parm || set_parm(o, argc, argv, parm + 1));
}

bool command_iplc(struct oper *o, int argc, char **argv)
{
    return load(o, argv[1], true);
}

bool command_start(struct oper *o, int argc, char **argv)
{
    if (o->m->loading)
        return operator_error(o, "an IPL is going on");
    if (cpu_is_check_stopped(o->m->cpu))
        return operator_error(o, "the CPU is in the check stop: sysreset ends it");
    operator_start_cpu(o);
    return true;
}

bool command_stop(struct oper *o, int argc, char **argv)
{
    cpu_stop(o->m->cpu);
    return true;
}

bool command_restart(struct oper *o, int argc, char **argv)
{
    cpu_restart(o->m->cpu);
    return true;
}

bool command_ext(struct oper *o, int argc, char **argv)
{
    cpu_interrupt_key(o->m->cpu);
    return true;
}

bool command_cpu(struct oper *o, int argc, char **argv)
{
    struct machine *m = o->m;
    uint32_t n;
    if (argc == 2) {
        if (!str_decimal(argv[1], &n) || n >= m->cpu_count)
            return operator_error(o,
                                  "there is no CPU %s (%u of them, from 0; NUMCPU in the "
                                  "configuration)",
                                  argv[1], m->cpu_count);
        machine_select_cpu(m, n);
    } else if (argc != 1) {
        return operator_error(o, "cpu wants a CPU's address");
    }
    for (n = 0; n < m->cpu_count; n++) {
        static const char *const states[] = {[CPU_STOPPED] = "stopped",
                                             [CPU_RUNNING] = "running",
                                             [CPU_WAIT] = "waiting",
                                             [CPU_DISABLED_WAIT] = "disabled wait"};
        machine_message(m, "cpu %u%s: %s, prefix %06X, %llu instructions", n,
                        n == m->selected ? " (selected)" : "",
                        cpu_is_check_stopped(m->cpus[n]) ? "check stop"
                                                         : states[cpu_get_state(m->cpus[n])],
                        cpu_prefix(m->cpus[n]), (unsigned long long)cpu_instructions(m->cpus[n]));
    }
    return true;
}

/* The interruption code's bits from hexadecimal digits, the leftmost first. */
static bool mcheck_bits(struct oper *o, const char *digits, uint64_t *bits)
{
    static const uint64_t known = MCIC_SUBCLASSES | MCIC_BACKED_UP | MCIC_STORAGE_ERROR |
                                  MCIC_STORAGE_DEGRADATION | MCIC_INDIRECT | MCIC_DELAYED_ACCESS;
    size_t n = strlen(digits);
    *bits = 0;
    for (size_t k = 0; k < n; k++) {
        uint32_t digit;
        char one[2] = {digits[k], 0};
        if (n > 12 || !str_hex(one, &digit))
            return operator_error(o, "mcheck wants one to twelve hexadecimal digits: the left bits "
                                     "of the interruption code");
        *bits |= (uint64_t)digit << (60 - 4 * k);
    }
    if (!(*bits & MCIC_SUBCLASSES) || (*bits & ~known))
        return operator_error(o,
                              "mcheck %s: bits 0 to 5, 7 and 8 are damage, recovery, timers, "
                              "external, degradation, warning; besides them 14 backed up, 16 to 19 "
                              "and 32 storage, 34 delayed access",
                              digits);
    if (!(*bits & MCIC_PROCESSING) && (*bits & (MCIC_BACKED_UP | MCIC_DELAYED_ACCESS)))
        return operator_error(o, "mcheck %s: bits 14 and 34 belong to bit 1", digits);
    return true;
}

bool command_mcheck(struct oper *o, int argc, char **argv)
{
    struct machine_check check = {.bits = MCIC_PROCESSING};
    if (argc > 1 && !mcheck_bits(o, argv[1], &check.bits))
        return false;
    for (int k = 2; k < argc; k += 2) {
        uint32_t value;
        if (k + 1 == argc || !str_hex(argv[k + 1], &value))
            return operator_error(o, "mcheck %s wants a hexadecimal value", argv[k]);
        if (str_equal(argv[k], "address") && (check.bits & MCIC_STORAGE_ERROR)) {
            check.bits |= MCIC_FAILING_ADDRESS;
            check.address = value;
        } else if (str_equal(argv[k], "external") && (check.bits & MCIC_EXTERNAL_DAMAGE)) {
            check.bits |= MCIC_EXTERNAL_CODE;
            check.external = value;
        } else if (str_equal(argv[k], "region")) {
            check.bits |= MCIC_REGION_CODE;
            check.region = value;
        } else {
            return operator_error(o,
                                  "mcheck %s: there are address (with bit 16, 17 or 18), external "
                                  "(with bit 5), region",
                                  argv[k]);
        }
    }
    cpu_machine_check(o->m->cpu, &check);
    return true;
}

bool command_chcheck(struct oper *o, int argc, char **argv)
{
    static const struct {
        const char *name;
        uint8_t check;
    } checks[] = {{"data", CHANNEL_DATA_CHECK},
                  {"control", CHANNEL_CONTROL_CHECK},
                  {"interface", CHANNEL_INTERFACE_CHECK}};
    struct device *d;
    if (!existing_device(o, argc > 1 ? argv[1] : NULL, &d))
        return false;
    for (size_t k = 0; argc == 3 && k < sizeof checks / sizeof *checks; k++) {
        if (!str_equal(argv[2], checks[k].name))
            continue;
        channel_break(d, checks[k].check);
        return true;
    }
    return operator_error(o, "chcheck wants a device and data, control or interface");
}

bool command_sysreset(struct oper *o, int argc, char **argv)
{
    machine_system_reset(o->m, false);
    return true;
}

bool command_sysclear(struct oper *o, int argc, char **argv)
{
    machine_system_reset(o->m, true);
    return true;
}

bool command_store(struct oper *o, int argc, char **argv)
{
    if (argc != 2 || !str_equal(argv[1], "status"))
        return operator_error(o, "store wants the word status (r and v alter storage)");
    cpu_store_status(o->m->cpu);
    return true;
}

bool command_loadcore(struct oper *o, int argc, char **argv)
{
    uint8_t block[4096];
    uint32_t start = 0, at;
    if (argc < 2 || argc > 3 || (argc == 3 && !str_hex(argv[2], &start)))
        return operator_error(o, "loadcore wants a file and an address");
    FILE *f = fopen(argv[1], "re");
    if (!f)
        return operator_error(o, "loadcore %s: %s", argv[1], strerror(errno));
    size_t n;
    for (at = start; (n = fread(block, 1, sizeof block, f)) > 0; at += (uint32_t)n) {
        if (!storage_poke(&o->m->storage, at, block, (uint32_t)n)) {
            fclose(f);
            return operator_error(o, "loadcore %s: storage ends at %X", argv[1],
                                  o->m->storage.size);
        }
    }
    bool failed = ferror(f);
    fclose(f);
    if (failed)
        return operator_error(o, "loadcore %s: it cannot be read", argv[1]);
    machine_message(o->m, "%u bytes loaded at %06X", at - start, start);
    return true;
}

/* --- devices --- */

bool command_devlist(struct oper *o, int argc, char **argv)
{
    for (struct device *d = device_next(o->m, NULL); d; d = device_next(o->m, d)) {
        char text[256] = "";
        if (d->type->ops->describe)
            d->type->ops->describe(d, text, sizeof text);
        machine_message(o->m, "%04X %-7s %-4s %s", d->address, d->type->name, d->type->class, text);
    }
    return true;
}

bool command_devinit(struct oper *o, int argc, char **argv)
{
    struct device *d;
    if (!existing_device(o, argv[1], &d))
        return false;
    if (!d->type->ops->mount)
        return operator_error(o, "devinit %03X: a %s has no media", d->address, d->type->name);
    const char *error = d->type->ops->mount(d, argc - 2, argv + 2);
    return error ? operator_error(o, "devinit %03X: %s", d->address, error) : true;
}

bool command_attach(struct oper *o, int argc, char **argv)
{
    uint16_t address;
    if (argc < 3)
        return operator_error(o, "attach wants a device address and a type");
    if (!operator_device(o, argv[1], &address))
        return false;
    const char *error = device_attach(o->m, address, argv[2], argc - 3, argv + 3);
    return error ? operator_error(o, "attach %03X: %s", address, error) : true;
}

bool command_detach(struct oper *o, int argc, char **argv)
{
    struct device *d;
    if (!existing_device(o, argv[1], &d))
        return false;
    uint16_t address = d->address;
    const char *error = device_detach(o->m, address);
    return error ? operator_error(o, "detach %03X: %s", address, error) : true;
}

bool command_attention(struct oper *o, int argc, char **argv)
{
    struct device *d;
    if (!existing_device(o, argv[1], &d))
        return false;
    struct line *line = line_of_device(o->m, d->address);
    if (!line)
        return operator_error(o, "attn %03X: it is no console", d->address);
    line_attention(line);
    return true;
}
