/* Displaying and altering: PSW, registers, storage.  All numbers are hexadecimal, all
 * operands of the form WHAT, or WHAT=HEX to alter. */
#include "s370/operator/internal.h"

#include "lib/ebcdic.h"
#include "lib/str.h"
#include "s370/arch/codes.h"
#include "s370/arch/psw.h"
#include "s370/cpu/insn.h"

#include <inttypes.h>
#include <stdio.h>

#define DISPLAY_DEFAULT 64    /* bytes shown without a length */
#define DISPLAY_MOST    65536 /* ... and at most */

void operator_symbol(struct oper *o, uint32_t address, char *text, size_t size)
{
    uint32_t offset;
    const char *name = symbols_find(o->symbols, address, &offset);
    if (!name)
        text[0] = 0;
    else if (offset)
        snprintf(text, size, "%s+%X", name, offset);
    else
        snprintf(text, size, "%s", name);
}

bool operator_address(struct oper *o, const char *text, uint32_t *address)
{
    char name[80];
    uint32_t offset = 0;
    if (str_hex(text, address))
        return true;
    size_t n = strcspn(text, "+");
    str_copy(name, text, n + 1 < sizeof name ? n + 1 : sizeof name);
    if ((text[n] && !str_hex(text + n + 1, &offset)) || !symbols_address(o->symbols, name, address))
        return false;
    *address += offset;
    return true;
}

unsigned operator_code(struct oper *o, struct cpu *cpu, uint32_t address, uint8_t bytes[6])
{
    unsigned length = 2;
    for (unsigned i = 0; i < length; i += 2) {
        uint32_t real;
        if (cpu_translate(cpu, (address + i) & PSW_ADDRESS, &real) ||
            !storage_peek(&o->m->storage, real, bytes + i, 2))
            return 0;
        length = 2 * insn_halfwords(bytes[0]);
    }
    return length;
}

void operator_instruction(struct oper *o, uint32_t address, char *text, size_t size)
{
    uint8_t bytes[6];
    unsigned length = operator_code(o, o->m->cpu, address, bytes);
    if (!length) {
        snprintf(text, size, "(the instruction is not in storage)");
        return;
    }
    char hex[16], name[80], mnemonic[80];
    for (unsigned i = 0; i < length; i++)
        snprintf(hex + 2 * i, sizeof hex - 2 * i, "%02X", bytes[i]);
    disassemble(bytes, address, mnemonic, sizeof mnemonic);
    operator_symbol(o, address, name, sizeof name);
    snprintf(text, size, "%-12s %-28s %s", hex, mnemonic,
             cpu_psw(o->m->cpu) & PSW_PROBLEM ? "" : name);
    size_t end = strlen(text);
    while (end && text[end - 1] == ' ')
        text[--end] = 0;
}

void operator_show_psw(struct oper *o, const char *prefix)
{
    char instruction[200];
    uint64_t psw = cpu_psw(o->m->cpu);
    operator_instruction(o, (uint32_t)(psw & PSW_ADDRESS), instruction, sizeof instruction);
    machine_message(o->m, "%sPSW=%08X %08X  %s", prefix, (uint32_t)(psw >> 32), (uint32_t)psw,
                    instruction);
}

void operator_show_stop(struct oper *o)
{
    uint64_t psw = cpu_psw(o->m->cpu);
    unsigned long long executed = cpu_instructions(o->m->cpu);
    if (cpu_get_state(o->m->cpu) == CPU_DISABLED_WAIT)
        machine_message(o->m, "stopped: disabled wait PSW=%08X %08X after %llu instructions",
                        (uint32_t)(psw >> 32), (uint32_t)psw, executed);
    else if (cpu_is_check_stopped(o->m->cpu))
        machine_message(o->m, "stopped: check stop PSW=%08X %08X after %llu instructions",
                        (uint32_t)(psw >> 32), (uint32_t)psw, executed);
    else
        operator_show_psw(o, "stopped: ");
}

/* Parses up to 16 hexadecimal digits, blanks and commas allowed between them. */
static bool hex_value(const char *s, unsigned most, uint64_t *value)
{
    unsigned digits = 0;
    uint64_t v = 0;
    for (; *s; s++) {
        uint32_t digit;
        char one[2] = {*s, 0};
        if (*s == ' ' || *s == ',' || *s == '\t')
            continue;
        if (!str_hex(one, &digit) || ++digits > most)
            return false;
        v = v << 4 | digit;
    }
    if (!digits)
        return false;
    *value = v;
    return true;
}

/* What stands behind the command's word. */
static const char *operand(struct oper *o)
{
    const char *text = o->line;
    while (*text && *text != ' ' && *text != '\t' && *text != '=')
        text++;
    while (*text == ' ' || *text == '\t')
        text++;
    return text;
}

bool command_psw(struct oper *o, int argc, char **argv)
{
    uint64_t psw;
    const char *text = operand(o);
    if (*text == '=')
        text++;
    if (!*text) {
        operator_show_psw(o, "");
        return true;
    }
    if (!hex_value(text, 16, &psw) || strlen(text) < 16)
        return operator_error(o, "psw %s: a PSW has 16 hexadecimal digits", text);
    if (!cpu_load_psw(o->m->cpu, psw))
        machine_message(o->m, "that PSW has bits which must be zero: a specification exception "
                              "follows when the CPU starts");
    operator_show_psw(o, "");
    return true;
}

bool command_clocks(struct oper *o, int argc, char **argv)
{
    uint64_t microseconds = machine_now(o->m) / 1000;
    machine_message(
        o->m, "machine time %" PRIu64 ".%06" PRIu64 ", %" PRIu64 " instructions, TOD %016" PRIX64,
        microseconds / 1000000, microseconds % 1000000, cpu_instructions(o->m->cpu),
        machine_tod(o->m));
    return true;
}

/* "N" or "N=HEX" of a register command. */
struct register_operand {
    bool all, alters;
    unsigned n;
    uint64_t value;
};

static bool register_operand(struct oper *o, const char *name, unsigned most, unsigned digits,
                             struct register_operand *r)
{
    const char *text = operand(o);
    char number[8];
    uint32_t n;
    *r = (struct register_operand){.all = !*text};
    if (r->all)
        return true;
    size_t length = strcspn(text, "= ");
    str_copy(number, text, length + 1 < sizeof number ? length + 1 : sizeof number);
    if (!str_decimal(number, &n) || n > most)
        return operator_error(o, "%s %s: the registers are 0 to %u", name, text, most);
    r->n = n;
    text += length;
    text += strspn(text, " ");
    if (!*text)
        return true;
    r->alters = true;
    if (*text != '=' || !hex_value(text + 1, digits, &r->value))
        return operator_error(o, "%s %u: give =HEX with at most %u digits to alter it", name, n,
                              digits);
    return true;
}

static void show_words(struct oper *o, const char *name, const uint32_t *registers,
                       const struct register_operand *r)
{
    if (!r->all) {
        machine_message(o->m, "%s%02u=%08X", name, r->n, registers[r->n]);
        return;
    }
    for (unsigned i = 0; i < 16; i += 4)
        machine_message(o->m, "%s%02u=%08X %s%02u=%08X %s%02u=%08X %s%02u=%08X", name, i,
                        registers[i], name, i + 1, registers[i + 1], name, i + 2, registers[i + 2],
                        name, i + 3, registers[i + 3]);
}

bool command_gpr(struct oper *o, int argc, char **argv)
{
    struct register_operand r;
    struct cpu_state_regs *registers = cpu_regs(o->m->cpu);
    if (!register_operand(o, "gpr", 15, 8, &r))
        return false;
    if (r.alters)
        registers->gr[r.n] = (uint32_t)r.value;
    show_words(o, "GR", registers->gr, &r);
    return true;
}

bool command_cr(struct oper *o, int argc, char **argv)
{
    struct register_operand r;
    if (!register_operand(o, "cr", 15, 8, &r))
        return false;
    if (r.alters)
        cpu_set_cr(o->m->cpu, r.n, (uint32_t)r.value);
    show_words(o, "CR", cpu_regs(o->m->cpu)->cr, &r);
    return true;
}

bool command_fpr(struct oper *o, int argc, char **argv)
{
    struct register_operand r;
    uint64_t *registers = cpu_regs(o->m->cpu)->fpr;
    if (!register_operand(o, "fpr", 6, 16, &r))
        return false;
    if (r.n % 2)
        return operator_error(o, "fpr %u: the registers are 0, 2, 4 and 6", r.n);
    if (r.alters)
        registers[r.n / 2] = r.value;
    for (unsigned n = 0; n < 8; n += 2)
        if (r.all || n == r.n)
            machine_message(o->m, "FPR%u=%08X %08X", n, (uint32_t)(registers[n / 2] >> 32),
                            (uint32_t)registers[n / 2]);
    return true;
}

/* --- storage --- */

bool operator_range(struct oper *o, const char *text, struct range *range)
{
    char first[80], second[16] = "";
    size_t n = strcspn(text, ".-= ");
    const char *rest = text + n;
    *range = (struct range){.length = DISPLAY_DEFAULT};
    str_copy(first, text, n + 1 < sizeof first ? n + 1 : sizeof first);
    bool good = n < sizeof first && operator_address(o, first, &range->address);
    rest += strspn(rest, " ");
    if (good && (*rest == '.' || *rest == '-')) {
        uint32_t value;
        str_copy(second, rest + 1, sizeof second);
        second[strcspn(second, " ")] = 0;
        good = str_hex(second, &value);
        range->has_length = true;
        range->length = *rest == '.' ? value : value - range->address + 1;
        good = good && (*rest == '.' || value >= range->address);
    } else if (good && *rest == '=') {
        range->value = rest + 1;
    } else if (*rest) {
        good = false;
    }
    if (!good || !range->length)
        return operator_error(o,
                              "'%s': give ADDRESS, ADDRESS.LENGTH, ADDRESS-END or ADDRESS=HEX, "
                              "in hexadecimal",
                              text);
    return true;
}

/* Finds the real address; for real storage it is the address itself. */
bool operator_locate(struct oper *o, bool is_virtual, uint32_t address, uint32_t *real)
{
    *real = address;
    int code = is_virtual ? cpu_translate(o->m->cpu, address & PSW_ADDRESS, real) : 0;
    uint8_t byte;
    if (code)
        return operator_error(o, "V:%06X: %s (code %04X)", address,
                              code == PGM_SEGMENT ? "segment translation exception"
                              : code == PGM_PAGE  ? "page translation exception"
                                                  : "translation exception",
                              (unsigned)code);
    if (!storage_peek(&o->m->storage, *real, &byte, 1))
        return operator_error(o, "%c:%06X: storage ends at %06X", is_virtual ? 'V' : 'R', address,
                              o->m->storage.size);
    return true;
}

static void show_line(struct oper *o, char kind, uint32_t address, const uint8_t *bytes,
                      unsigned length, bool with_text)
{
    char hex[48], text[24];
    size_t n = 0;
    for (unsigned i = 0; i < length; i++) {
        n +=
            (size_t)snprintf(hex + n, sizeof hex - n, i && i % 4 == 0 ? " %02X" : "%02X", bytes[i]);
        uint8_t c = ebcdic_to_latin1(bytes[i]);
        text[i] = c >= 0x20 && c < 0x7f ? (char)c : '.';
    }
    text[length] = 0;
    if (with_text)
        machine_message(o->m, "%c:%06X: %-35s  *%s*", kind, address, hex, text);
    else
        machine_message(o->m, "%c:%06X: %s", kind, address, hex);
}

unsigned operator_bytes(struct oper *o, const char *text, uint8_t *bytes, unsigned most)
{
    unsigned digits = 0;
    for (const char *s = text; *s; s++) {
        uint32_t digit;
        char one[2] = {*s, 0};
        if (*s == ' ' || *s == ',')
            continue;
        if (!str_hex(one, &digit) || digits == 2 * most) {
            (void)operator_error(o, "'%s' is not hexadecimal, or longer than %u bytes", text, most);
            return 0;
        }
        if (digits % 2)
            bytes[digits / 2] = (uint8_t)(bytes[digits / 2] | digit);
        else
            bytes[digits / 2] = (uint8_t)(digit << 4);
        digits++;
    }
    if (digits && digits % 2 == 0)
        return digits / 2;
    (void)operator_error(o, "'%s': two digits are one byte", text);
    return 0;
}

static bool alter(struct oper *o, bool is_virtual, const struct range *range)
{
    uint8_t bytes[256];
    unsigned count = operator_bytes(o, range->value, bytes, sizeof bytes);
    for (unsigned i = 0; i < count; i++) {
        uint32_t real;
        if (!operator_locate(o, is_virtual, range->address + i, &real))
            return false;
        if (!storage_poke(&o->m->storage, real, &bytes[i], 1))
            return false;
    }
    return count != 0;
}

static bool show_or_alter(struct oper *o, bool is_virtual)
{
    struct range range;
    if (!operator_range(o, operand(o), &range))
        return false;
    if (range.length > DISPLAY_MOST)
        range.length = DISPLAY_MOST;
    if (range.value)
        return alter(o, is_virtual, &range);
    for (uint32_t done = 0; done < range.length;) {
        uint8_t bytes[16];
        uint32_t address = range.address + done, real;
        unsigned n = range.length - done < 16 ? range.length - done : 16;
        for (unsigned i = 0; i < n; i++) {
            if (!operator_locate(o, is_virtual, address + i, &real))
                return done > 0;
            storage_peek(&o->m->storage, real, &bytes[i], 1);
        }
        show_line(o, is_virtual ? 'V' : 'R', address, bytes, n, !range.has_length);
        done += n;
    }
    return true;
}

bool command_real(struct oper *o, int argc, char **argv)
{
    return show_or_alter(o, false);
}

bool command_virtual(struct oper *o, int argc, char **argv)
{
    return show_or_alter(o, true);
}
