/* DISPLAY and STORE (and STCP): guest storage, registers, PSW, keys, CSW and CAW, as on a panel. */
#include "cp/commands/commands.h"
#include "cp/commands/state.h"
#include "cp/commands/view.h"
#include "cp/guest.h"
#include "cp/text/operands.h"
#include "cp/vmrun.h"
#include "lib/be.h"
#include "lib/str.h"
#include "s370/arch/lowcore.h"
#include "s370/arch/psw.h"

#define LAST_REGISTER 15
#define LINE_BYTES    16

/* --- DISPLAY --- */

/* One line of up to four words, with their text between asterisks for T. */
static void storage_line(struct vmblok *vm, uint32_t address, unsigned words, bool text)
{
    uint8_t bytes[LINE_BYTES] = {0};
    char line[80];
    guest_read(vm, address, bytes, words * 4);
    size_t used = fmt(line, sizeof line, "%06X ", (unsigned)address);
    for (unsigned i = 0; i < words; i++)
        used += fmt(line + used, sizeof line - used, " %08X", (unsigned)load_be32(bytes + 4 * i));
    if (text) {
        line[used++] = ' ';
        used += view_text(line + used, bytes, words * 4);
        line[used] = 0;
    }
    cp_printf(vm, "%s", line);
}

static bool all_there(const struct vmblok *vm, uint32_t first, uint32_t last)
{
    for (uint32_t page = PAGE_OF(first); page <= PAGE_OF(last); page++)
        if (!guest_page_exists(vm, page))
            return false;
    return true;
}

static int display_storage(struct vmblok *vm, const struct operand_range *range, bool text)
{
    uint32_t unit = text ? LINE_BYTES : 4;
    uint32_t last = range->to_end ? vm->storage_size - 1 : range->last;
    if (!all_there(vm, range->first, last))
        return cp_error(vm, "CDB", 160, "HEXLOC %06X EXCEEDS STORAGE", (unsigned)range->last);
    for (uint32_t at = range->first & ~(unit - 1); at <= last && !terminal_stopped(vm);
         at += LINE_BYTES) {
        uint32_t words = (last - at) / 4 + 1;
        storage_line(vm, at, text || words > 4 ? 4 : words, text);
    }
    return 0;
}

/* Blocks of 2K that follow each other and have the same key are one line. */
static int display_keys(struct vmblok *vm, const struct operand_range *range)
{
    uint32_t last = range->to_end ? vm->storage_size - 1 : range->last;
    if (!all_there(vm, range->first, last))
        return cp_error(vm, "CDB", 160, "HEXLOC %06X EXCEEDS STORAGE", (unsigned)range->last);
    uint32_t from = range->first & ~2047u;
    uint8_t key = guest_get_key(vm, from);
    for (uint32_t at = from + 2048;; at += 2048) {
        uint8_t next = at <= last ? guest_get_key(vm, at) : 0;
        if (at <= last && next == key)
            continue;
        cp_printf(vm, "%06X TO %06X  KEY = %02X", (unsigned)from, (unsigned)(at - 1), key);
        if (at > last || terminal_stopped(vm))
            return 0;
        from = at;
        key = next;
    }
}

static int display_registers(struct vmblok *vm, const struct operand_range *range, const char *name,
                             const uint32_t *registers)
{
    char line[80];
    uint32_t last = range->to_end ? LAST_REGISTER : range->last;
    if (last > LAST_REGISTER)
        return cp_error(vm, "CDB", 10, "INVALID REGISTER - %X", (unsigned)last);
    for (uint32_t r = range->first; r <= last;) {
        size_t used = fmt(line, sizeof line, "%s %-2u =", name, (unsigned)r);
        do
            used += fmt(line + used, sizeof line - used, " %08X", (unsigned)registers[r]);
        while (++r <= last && r % 4);
        cp_printf(vm, "%s", line);
    }
    return 0;
}

static int display_float(struct vmblok *vm, const struct operand_range *range)
{
    uint32_t last = range->to_end ? 6 : range->last;
    if (last > 6)
        return cp_error(vm, "CDB", 10, "INVALID REGISTER - %X", (unsigned)last);
    for (uint32_t r = range->first & ~1u; r <= last; r += 2)
        cp_printf(vm, "FPR %u  = %08X%08X", (unsigned)r, (unsigned)(vm->regs.fpr[r / 2] >> 32),
                  (unsigned)vm->regs.fpr[r / 2]);
    return 0;
}

static int display_words(struct vmblok *vm, const char *word)
{
    uint32_t a = 0, b = 0;
    if (str_abbrev(word, "PSW", 1)) {
        a = (uint32_t)(vm->psw >> 32);
        b = (uint32_t)vm->psw;
        cp_printf(vm, "PSW = %08X %08X", (unsigned)a, (unsigned)b);
    } else if (str_equal(word, "CAW")) {
        guest_read32(vm, offsetof(struct lowcore, caw), &a);
        cp_printf(vm, "CAW = %08X", (unsigned)a);
    } else if (str_equal(word, "CSW")) {
        guest_read32(vm, offsetof(struct lowcore, csw), &a);
        guest_read32(vm, offsetof(struct lowcore, csw) + 4, &b);
        cp_printf(vm, "CSW = %08X %08X", (unsigned)a, (unsigned)b);
    } else {
        return -1;
    }
    return 0;
}

static int display_one(struct vmblok *vm, const char *word)
{
    struct operand_range range = {0, 0, true};
    int result = display_words(vm, word);
    if (result >= 0)
        return result;
    char prefix = str_upper(word[0]);
    bool prefixed = prefix && strchr("GYXKLT", prefix);
    const char *rest = prefixed ? word + 1 : word;
    if (*rest && !operand_range(rest, &range))
        return error_operand(vm, "CDB", word);
    switch (prefixed ? prefix : 'L') {
    case 'G':
        return display_registers(vm, &range, "GPR", vm->regs.gr);
    case 'X':
        return display_registers(vm, &range, "ECR", vm->cr);
    case 'Y':
        return display_float(vm, &range);
    case 'K':
        return display_keys(vm, &range);
    default:
        return display_storage(vm, &range, prefix == 'T');
    }
}

int command_display(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    int result;
    if (!str_word(&operands, word, sizeof word))
        return display_one(vm, "0-END");
    vm_timers_update(vm);
    do
        result = display_one(vm, word);
    while (!result && str_word(&operands, word, sizeof word));
    return result;
}

/* --- STORE --- */

/* Words of hexadecimal data from here on; stops at the first that is none. */
static int store_words(struct vmblok *vm, struct vmblok *of, uint32_t address, const char *operands)
{
    char word[WORD_SIZE];
    uint32_t value;
    int count = 0;
    address &= ~3u;
    for (; str_word(&operands, word, sizeof word); count++, address += 4) {
        if (!str_hex(word, &value))
            return error_operand(vm, "CDS", word);
        if (!view_put(of, address, &value, sizeof value))
            return cp_error(vm, "CDS", 160, "HEXLOC %06X EXCEEDS STORAGE", (unsigned)address);
    }
    if (!count)
        return error_operand(vm, "CDS", NULL);
    cp_printf(vm, "STORE COMPLETE");
    return 0;
}

/* S: bytes, from any address on; blanks between them are left out. */
static int store_bytes(struct vmblok *vm, struct vmblok *of, uint32_t address, const char *operands)
{
    char pair[3] = "", word[WORD_SIZE];
    uint32_t value;
    if (!*operands)
        return error_operand(vm, "CDS", NULL);
    while (str_word(&operands, word, sizeof word)) {
        if (strlen(word) % 2 || strlen(word) >= sizeof word - 1)
            return error_operand(vm, "CDS", word);
        for (const char *p = word; *p; p += 2, address++) {
            memcpy(pair, p, 2);
            if (!str_hex(pair, &value))
                return error_operand(vm, "CDS", word);
            uint8_t byte = (uint8_t)value;
            if (!view_put(of, address, &byte, 1))
                return cp_error(vm, "CDS", 160, "HEXLOC %06X EXCEEDS STORAGE", (unsigned)address);
        }
    }
    cp_printf(vm, "STORE COMPLETE");
    return 0;
}

static int store_registers(struct vmblok *vm, uint32_t *registers, const char *number,
                           const char *operands)
{
    char word[WORD_SIZE];
    uint32_t r, value;
    if (!str_hex(number, &r) || r > LAST_REGISTER)
        return cp_error(vm, "CDS", 10, "INVALID REGISTER - %s", number);
    if (!*operands)
        return error_operand(vm, "CDS", NULL);
    for (; str_word(&operands, word, sizeof word); r++) {
        if (r > LAST_REGISTER || !str_hex(word, &value))
            return error_operand(vm, "CDS", word);
        registers[r] = value;
    }
    cp_printf(vm, "STORE COMPLETE");
    return 0;
}

static int store_float(struct vmblok *vm, const char *number, const char *operands)
{
    char word[WORD_SIZE], half[9];
    uint32_t r, high = 0, low = 0;
    if (!str_hex(number, &r) || r > 6 || r % 2)
        return cp_error(vm, "CDS", 10, "INVALID REGISTER - %s", number);
    if (!str_word(&operands, word, sizeof word) || strlen(word) > 16)
        return error_operand(vm, "CDS", NULL);
    size_t n = strlen(word); /* digits fill from the left, as the register does */
    memset(word + n, '0', 16 - n);
    memcpy(half, word, 8);
    half[8] = 0;
    word[16] = 0;
    if (!str_hex(half, &high) || !str_hex(word + 8, &low))
        return error_operand(vm, "CDS", word);
    vm->regs.fpr[r / 2] = (uint64_t)high << 32 | low;
    cp_printf(vm, "STORE COMPLETE");
    return 0;
}

/* STORE PSW [hexword1] hexword2: with one word, the right half. */
static int store_psw(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    uint32_t high = (uint32_t)(vm->psw >> 32), low, second;
    if (!str_word(&operands, word, sizeof word) || !str_hex(word, &low))
        return error_operand(vm, "CDS", word);
    if (str_word(&operands, word, sizeof word)) {
        if (!str_hex(word, &second))
            return error_operand(vm, "CDS", word);
        high = low;
        low = second;
    }
    vm_load_psw(vm, (uint64_t)high << 32 | low);
    command_vm(vm)->ipl_count++;
    cp_printf(vm, "STORE COMPLETE");
    return 0;
}

/* STORE STATUS: GA22-7000, "Store Status": CPU timer, clock comparator, PSW, registers. */
static int store_status(struct vmblok *vm)
{
    uint8_t save[0x100] = {0};
    vm_timers_update(vm);
    store_be64(save + 0x00, vm->cpu_timer);
    store_be64(save + 0x08, vm->clock_comparator);
    bool good = guest_write(vm, 0xd8, save, 16);
    store_be64(save, vm->psw);
    good = good && guest_write(vm, 0x100, save, 8);
    for (int i = 0; i < 4; i++)
        store_be64(save + 8 * i, vm->regs.fpr[i]);
    for (int i = 0; i < 16; i++)
        store_be32(save + 0x20 + 4 * i, vm->regs.gr[i]);
    for (int i = 0; i < 16; i++)
        store_be32(save + 0x60 + 4 * i, vm->cr[i]);
    good = good && guest_write(vm, 0x160, save, 0xa0);
    if (!good)
        return cp_error(vm, "CDS", 160, "HEXLOC 000160 EXCEEDS STORAGE");
    cp_printf(vm, "STORE COMPLETE");
    return 0;
}

/* [L]hexloc word ..., Shexloc bytes: storage of `of`, NULL: CP's. */
static int store_storage(struct vmblok *vm, struct vmblok *of, const char *word,
                         const char *operands)
{
    uint32_t address;
    char prefix = str_upper(word[0]);
    if (!str_hex(word + (prefix == 'L' || prefix == 'S'), &address))
        return cp_error(vm, "CDS", 4, "INVALID HEXLOC - %s", word);
    return prefix == 'S' ? store_bytes(vm, of, address, operands)
                         : store_words(vm, of, address, operands);
}

int command_store(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    if (!str_word(&operands, word, sizeof word))
        return error_operand(vm, "CDS", NULL);
    if (str_equal(word, "PSW"))
        return store_psw(vm, operands);
    if (str_abbrev(word, "STATUS", 4))
        return store_status(vm);
    char prefix = str_upper(word[0]);
    if (prefix == 'G')
        return store_registers(vm, vm->regs.gr, word + 1, operands);
    if (prefix == 'X')
        return store_registers(vm, vm->cr, word + 1, operands);
    if (prefix == 'Y')
        return store_float(vm, word + 1, operands);
    return store_storage(vm, vm, word, operands);
}

int command_stcp(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    if (!str_word(&operands, word, sizeof word))
        return error_operand(vm, "CDS", NULL);
    return store_storage(vm, NULL, word, operands);
}
