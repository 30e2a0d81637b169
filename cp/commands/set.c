/* SET: one row for each operand.  Most are a switch in the VM's settings. */
#include "cp/commands/commands.h"
#include "cp/commands/state.h"
#include "cp/text/operands.h"
#include "cp/vmrun.h"
#include "lib/str.h"

/* ON or OFF into *flag. */
static int set_flag(struct vmblok *vm, const char *operands, bool *flag)
{
    char word[WORD_SIZE];
    bool on;
    if (!str_word(&operands, word, sizeof word))
        return error_operand(vm, "CFS", NULL);
    if (!operand_on_off(word, &on))
        return error_operand(vm, "CFS", word);
    *flag = on;
    return 0;
}

static int set_msg(struct vmblok *vm, const char *operands)
{
    return set_flag(vm, operands, &vm->set.msg);
}

static int set_wng(struct vmblok *vm, const char *operands)
{
    return set_flag(vm, operands, &vm->set.wng);
}

static int set_imsg(struct vmblok *vm, const char *operands)
{
    return set_flag(vm, operands, &vm->set.imsg);
}

static int set_smsg(struct vmblok *vm, const char *operands)
{
    return set_flag(vm, operands, &vm->set.smsg);
}

static int set_acnt(struct vmblok *vm, const char *operands)
{
    return set_flag(vm, operands, &vm->set.acnt);
}

static int set_linedit(struct vmblok *vm, const char *operands)
{
    return set_flag(vm, operands, &vm->set.linedit);
}

static int set_run(struct vmblok *vm, const char *operands)
{
    return set_flag(vm, operands, &vm->set.run);
}

static int set_pagex(struct vmblok *vm, const char *operands)
{
    return set_flag(vm, operands, &vm->set.pagex);
}

static int set_emsg(struct vmblok *vm, const char *operands)
{
    static const struct keyword parts[] = {
        {"ON", 2, 3}, {"OFF", 3, 0}, {"CODE", 4, 1}, {"TEXT", 4, 2}, {0}};
    char word[WORD_SIZE];
    if (!str_word(&operands, word, sizeof word))
        return error_operand(vm, "CFS", NULL);
    const struct keyword *part = keyword_find(parts, word);
    if (!part)
        return error_operand(vm, "CFS", word);
    vm->set.emsg_code = part->value & 1;
    vm->set.emsg_text = part->value & 2;
    return 0;
}

/* REAL: the interval timer runs while the virtual machine waits, too. */
static int set_timer(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    const char *rest = operands;
    vm_timers_update(vm);
    if (str_word(&rest, word, sizeof word) && str_equal(word, "REAL")) {
        vm->set.timer = true;
        vm->options |= OPTION_REALTIMER;
        return 0;
    }
    int error = set_flag(vm, operands, &vm->set.timer);
    if (!error)
        vm->options &= (uint16_t)~OPTION_REALTIMER;
    return error;
}

/* Control mode changes what a CPU is: the virtual machine is reset. */
static int set_ecmode(struct vmblok *vm, const char *operands)
{
    bool on = vm->options & OPTION_ECMODE;
    int error = set_flag(vm, operands, &on);
    if (error)
        return error;
    if (on)
        vm->options |= OPTION_ECMODE;
    else
        vm->options &= (uint16_t)~OPTION_ECMODE;
    command_vm(vm)->ipl_count++;
    vm_reset(vm);
    vm->cp_mode = true;
    return 0;
}

/* Channel programs of disks that read into their own CCWs and seek addresses, as OS's ISAM has. */
static int set_isam(struct vmblok *vm, const char *operands)
{
    bool on = vm->options & OPTION_ISAM;
    int error = set_flag(vm, operands, &on);
    if (!error)
        vm->options = (uint16_t)(on ? vm->options | OPTION_ISAM : vm->options & ~OPTION_ISAM);
    return error;
}

/* SET CPUID nnnnnn: the serial number that STIDP stores. */
static int set_cpuid(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    uint32_t serial;
    if (!str_word(&operands, word, sizeof word))
        return error_operand(vm, "CFS", NULL);
    if (strlen(word) > 6 || !str_hex(word, &serial))
        return error_operand(vm, "CFS", word);
    vm->serial = serial;
    return 0;
}

/* Facilities that this CP does not have: they are off and stay so. */
static int set_absent(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    bool on;
    if (!str_word(&operands, word, sizeof word))
        return error_operand(vm, "CFS", NULL);
    return operand_on_off(word, &on) && !on ? 0 : error_operand(vm, "CFS", word);
}

/* SET PRIV classes: some of those of the directory; SET PRIV *: all of them. */
static int set_priv(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    uint8_t classes = 0;
    if (!str_word(&operands, word, sizeof word))
        return error_operand(vm, "CFS", NULL);
    if (strcmp(word, "*") == 0)
        classes = vm->all_classes;
    for (const char *letter = word; *letter && *letter != '*'; letter++) {
        const char *found = strchr(CLASS_LETTERS, str_upper(*letter));
        uint8_t bit = found ? CLASS_BIT(found - CLASS_LETTERS) & vm->all_classes : 0;
        if (!bit)
            return error_operand(vm, "CFS", word);
        classes |= bit;
    }
    if (!classes)
        return error_operand(vm, "CFS", word);
    vm->classes = classes;
    return 0;
}

/* --- of the operator --- */

static int set_journal(struct vmblok *vm, const char *operands)
{
    return set_flag(vm, operands, &cp.commands->journal);
}

/* SET MAXIMUM nnn | OFF: how many users may be logged on. */
static int set_maximum(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    uint32_t most = 0;
    if (!str_word(&operands, word, sizeof word))
        return error_operand(vm, "CFS", NULL);
    if (!str_equal(word, "OFF") && (!str_decimal(word, &most) || !most))
        return error_operand(vm, "CFS", word);
    cp.commands->users_max = most;
    return 0;
}

static int set_priority(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE], userid[USERID_SIZE];
    uint32_t priority;
    if (!str_word(&operands, word, sizeof word) || !operand_userid(word, userid))
        return error_userid(vm, "CFS");
    struct vmblok *user = vm_find(userid);
    if (!user)
        return error_not_logged_on(vm, "CFS", userid);
    if (!str_word(&operands, word, sizeof word) || !str_decimal(word, &priority) || !priority ||
        priority > 99)
        return error_operand(vm, "CFS", word);
    user->priority = (uint8_t)priority;
    return 0;
}

/* SET LOGMSG [nn] text, SET LOGMSG nn NULL, SET LOGMSG NULL; without text it asks. */
static int set_logmsg(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE], answer[TERMINAL_LINE + 1];
    struct command_state *state = cp.commands;
    const char *text = operands;
    uint32_t line = 1;
    if (str_word(&text, word, sizeof word) && !str_decimal(word, &line)) {
        text = operands;
        line = 1;
        if (str_equal(word, "NULL")) {
            memset(state->logmsg, 0, sizeof state->logmsg);
            state->logmsg_tod = 0;
            return 0;
        }
    }
    if (line < 1 || line > LOGMSG_LINES)
        return error_operand(vm, "CFS", word);
    if (!*text) {
        if (terminal_ask(vm, "LOGMSG:", false, answer, sizeof answer) < 0)
            return error_operand(vm, "CFS", NULL);
        text = answer;
    }
    str_copy(state->logmsg[line - 1], str_equal(text, "NULL") ? "" : text, LOGMSG_SIZE);
    state->logmsg_tod = tod_now();
    return 0;
}

#define G CLASS_G

const struct command set_operands[] = {
    {"MSG", 3, G, false, set_msg, "ON | OFF: messages of other users"},
    {"WNG", 1, G, false, set_wng, "ON | OFF: warnings of the operator"},
    {"EMSG", 1, G, false, set_emsg, "ON | OFF | CODE | TEXT: parts of error messages"},
    {"IMSG", 2, G, false, set_imsg, "ON | OFF: informational messages"},
    {"SMSG", 1, G, false, set_smsg, "ON | OFF: special messages"},
    {"ACNT", 1, G, false, set_acnt, "ON | OFF: accounting messages"},
    {"RUN", 3, G, false, set_run, "ON | OFF: the guest runs on while you are in CP"},
    {"LINEDIT", 3, G, false, set_linedit, "ON | OFF: line editing of what the guest reads"},
    {"TIMER", 3, G, false, set_timer, "ON | OFF | REAL: the interval timer"},
    {"ECMODE", 2, G, false, set_ecmode, "ON | OFF: extended control mode; resets"},
    {"NOTRANS", 3, G, false, set_absent, "OFF"},
    {"CPUID", 5, G, false, set_cpuid, "nnnnnn: the serial number of the virtual CPU"},
    {"AFFINITY", 4, G, false, set_absent, "OFF"},
    {"ISAM", 4, G, false, set_isam, "ON | OFF: channel programs may read into themselves"},
    {"ASSIST", 3, G, false, set_absent, "OFF"},
    {"PAGEX", 4, G, false, set_pagex,
     "ON | OFF: a guest in EC mode is told of its page faults, and when the page has come"},
    {"AUTOPOLL", 4, G, false, set_absent, "OFF"},
    {"STBYPASS", 2, G, false, set_absent, "OFF"},
    {"PRIV", 4, CLASS_ANY, false, set_priv, "classes | *: those that count, of your own"},
    {"JOURNAL", 4, CLASS_A, false, set_journal, "ON | OFF: wrong passwords are recorded"},
    {"MAXIMUM", 3, CLASS_A, false, set_maximum, "nnn | OFF: how many users may be logged on"},
    {"SASSIST", 2, CLASS_A, false, set_absent, "OFF"},
    {"CPASSIST", 3, CLASS_A, false, set_absent, "OFF"},
    {"PRIORITY", 4, CLASS_A, false, set_priority, "userid nn: dispatching priority, 1 is best"},
    {"FAVORED", 4, CLASS_A, false, set_favored,
     "userid [nn | OFF]: never waits for storage to enter a queue; gets nn percent of the CPU"},
    {"RESERVE", 4, CLASS_A, false, set_reserve,
     "userid n: so many of its pages stay in storage; for one user at a time"},
    {"PFnn", 2, G, false, set_pf,
     "[IMMED | DELAYED] text | TAB n ... | RETRIEVE | COPY: a key of a 3270 (COPY prints what it "
     "shows); without operand undefined"},
    {"DUMP", 4, CLASS_B, false, set_dump,
     "AUTO|raddr [CP|ALL]: what is dumped if CP fails; on the residence"},
    {"RECORD", 3, CLASS_F, false, set_record,
     "OFF | ON raddr LIMIT n BYTE n BIT n [AND|OR BYTE n BIT n]: every n-th unit check of a device "
     "with these sense bits is recorded"},
    {"MODE", 4, CLASS_F, false, set_check_mode, "RETRY|MAIN QUIET"},
    {"LOGMSG", 3, CLASS_B, false, set_logmsg, "[nn] text | [nn] NULL: what users read at LOGON"},
    {0},
};

int command_set(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    const char *key = pf_operand(operands);
    if (key && vm->classes & G)
        return set_pf(vm, key);
    if (!str_word(&operands, word, sizeof word))
        return error_operand(vm, "CFS", NULL);
    const struct command *row = command_find(set_operands, word, vm->classes);
    if (!row)
        return error_operand(vm, "CFS", word);
    return row->run(vm, operands);
}
