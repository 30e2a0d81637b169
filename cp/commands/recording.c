/* SET RECORD, SET MODE, SET DUMP, QUERY DUMP: what is kept of errors.
 * Source: Operator's Guide, GC20-1806; Data Areas, SY20-0884, IRMBLOK. */
#include "cp/commands/commands.h"
#include "cp/errors.h"
#include "cp/state.h"
#include "cp/text/operands.h"
#include "lib/str.h"

#define MODULE     "CFS"
#define LIMIT_MOST 999
#define SENSE_LAST 31

/* `name` and a decimal number of at most `most`. */
static bool take_number(const char **operands, const char *name, uint32_t most, uint32_t *n)
{
    char word[WORD_SIZE];
    return str_word(operands, word, sizeof word) && str_equal(word, name) &&
           str_word(operands, word, sizeof word) && str_decimal(word, n) && *n <= most;
}

static bool take_sense(const char **operands, struct error_intensive *intensive, unsigned which)
{
    uint32_t byte, bit;
    if (!take_number(operands, "BYTE", SENSE_LAST, &byte) || !take_number(operands, "BIT", 7, &bit))
        return false;
    intensive->sense[which].byte = (uint8_t)byte;
    intensive->sense[which].mask = (uint8_t)(0x80 >> bit);
    return true;
}

/* SET RECORD OFF | ON raddr LIMIT n BYTE n BIT n [AND|OR BYTE n BIT n] */
int set_record(struct vmblok *vm, const char *operands)
{
    struct error_intensive intensive = {0};
    char word[WORD_SIZE];
    uint32_t address;
    bool on;
    if (!str_word(&operands, word, sizeof word))
        return error_operand(vm, MODULE, NULL);
    if (!operand_on_off(word, &on))
        return error_operand(vm, MODULE, word);
    if (!on) {
        cp.errors_intensive = intensive;
        return 0;
    }
    if (!str_word(&operands, word, sizeof word) || !operand_device(word, &address))
        return cp_error(vm, MODULE, 21, "RADDR MISSING OR INVALID");
    if (!rdev_find((uint16_t)address))
        return error_no_device(vm, MODULE, address);
    intensive.address = (uint16_t)address;
    if (!take_number(&operands, "LIMIT", LIMIT_MOST, &intensive.limit) ||
        !take_sense(&operands, &intensive, 0))
        return error_operand(vm, MODULE, NULL);
    if (str_word(&operands, word, sizeof word)) {
        intensive.both = str_equal(word, "AND");
        if ((!intensive.both && !str_equal(word, "OR")) || !take_sense(&operands, &intensive, 1))
            return error_operand(vm, MODULE, word);
    }
    cp.errors_intensive = intensive;
    return 0;
}

/* SET MODE RETRY|MAIN QUIET: the machine does not tell of errors that it has corrected. */
int set_check_mode(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    if (!str_word(&operands, word, sizeof word))
        return error_operand(vm, MODULE, NULL);
    if (!str_equal(word, "RETRY") && !str_equal(word, "MAIN"))
        return error_operand(vm, MODULE, word);
    if (!str_word(&operands, word, sizeof word))
        return error_operand(vm, MODULE, NULL);
    return str_equal(word, "QUIET") ? 0 : error_operand(vm, MODULE, word);
}

/* SET DUMP AUTO|raddr [CP|ALL]: a dump goes to the residence, which may be named, too. */
int set_dump(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    uint32_t address;
    if (!str_word(&operands, word, sizeof word))
        return error_operand(vm, MODULE, NULL);
    if (!str_equal(word, "AUTO")) {
        if (!operand_device(word, &address))
            return cp_error(vm, MODULE, 21, "RADDR MISSING OR INVALID");
        if (!rdev_find((uint16_t)address))
            return error_no_device(vm, MODULE, address);
        if (!cp.residence || address != cp.residence->address)
            return cp_error(vm, MODULE, 6, "INVALID DEVICE TYPE - %03X", (unsigned)address);
    }
    bool all = false;
    if (str_word(&operands, word, sizeof word) && !(all = str_equal(word, "ALL")) &&
        !str_equal(word, "CP"))
        return error_operand(vm, MODULE, word);
    cp.dump_all = all;
    return 0;
}

int query_dump(struct vmblok *vm, const char *operands)
{
    cp_printf(vm, "DUMP UNIT %03X %s", cp.residence ? cp.residence->address : 0u,
              cp.dump_all ? "ALL" : "CP");
    return 0;
}
