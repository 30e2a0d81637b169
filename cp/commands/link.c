/* LINK: another user's minidisk, if its password is known. */
#include "cp/link.h"

#include "cp/account.h"
#include "cp/commands/commands.h"
#include "cp/commands/state.h"
#include "cp/session.h"
#include "cp/text/operands.h"
#include "lib/str.h"

/* After so many wrong passwords in a session LINK asks no more. */
#define PASSWORD_TRIES 10

struct link_operands {
    char owner[USERID_SIZE], password[WORD_SIZE];
    uint32_t from, to;
    enum directory_mode mode; /* 0: not given */
};

static int parse(struct vmblok *vm, const char *operands, struct link_operands *o)
{
    char word[WORD_SIZE];
    memset(o, 0, sizeof *o);
    if (!str_word(&operands, word, sizeof word))
        return error_userid(vm, "LNK");
    if (str_abbrev(word, "TO", 1))
        str_word(&operands, word, sizeof word);
    if (str_equal(word, "*"))
        str_copy(o->owner, vm->userid, sizeof o->owner);
    else if (!operand_userid(word, o->owner))
        return error_userid(vm, "LNK");
    if (!str_word(&operands, word, sizeof word) || !operand_device(word, &o->from))
        return error_vaddr(vm, "LNK");
    if (!str_word(&operands, word, sizeof word))
        return error_vaddr(vm, "LNK");
    if (str_abbrev(word, "AS", 1) && *operands)
        str_word(&operands, word, sizeof word);
    if (!operand_device(word, &o->to))
        return error_vaddr(vm, "LNK");
    if (!str_word(&operands, word, sizeof word))
        return 0;
    if (directory_mode_parse(word, &o->mode) && !str_word(&operands, word, sizeof word))
        return 0;
    str_upcase(word, strlen(word));
    const char *password = strncmp(word, "PASS=", 5) == 0 ? word + 5 : word;
    str_copy(o->password, password, sizeof o->password);
    if (!*password) /* "PASS= password" */
        str_word(&operands, o->password, sizeof o->password);
    return *operands ? error_operand(vm, "LNK", operands) : 0;
}

/* Which of the three passwords a mode needs. */
static const struct directory_password *needed(const struct directory_device *disk,
                                               enum directory_mode mode, const char **name,
                                               int *missing)
{
    switch (mode) {
    case LINK_R:
    case LINK_RR:
        *name = "READ";
        *missing = 111;
        return &disk->read;
    case LINK_W:
    case LINK_WR:
        *name = "WRITE";
        *missing = 112;
        return &disk->write;
    default:
        *name = "MULT";
        *missing = 113;
        return &disk->multiple;
    }
}

static int check_password(struct vmblok *vm, struct link_operands *o,
                          const struct directory_device *disk)
{
    struct command_vm *data = command_vm(vm);
    const char *name;
    int missing;
    const struct directory_password *password = needed(disk, o->mode, &name, &missing);
    if (password->kind == PASSWORD_ALL)
        return 0;
    if (password->kind != PASSWORD_SET)
        return cp_error(vm, "LNK", missing, "%s %03X NOT LINKED; NO %s PASSWORD", o->owner,
                        (unsigned)o->from, name);
    if (data->link_errors >= PASSWORD_TRIES)
        return cp_error(vm, "LNK", 115, "LINK INVALID; EXCESSIVE INCORRECT PASSWORDS");
    if (!o->password[0] && !data->no_prompts) {
        char prompt[24], answer[TERMINAL_LINE + 1] = "";
        const char *rest = answer;
        fmt(prompt, sizeof prompt, "ENTER %s PASSWORD:", name);
        terminal_ask(vm, prompt, true, answer, sizeof answer);
        str_word(&rest, o->password, sizeof o->password);
    }
    if (directory_password_matches(password, o->owner, o->password))
        return 0;
    char address[8];
    fmt(address, sizeof address, "%03X", (unsigned)o->from);
    account_journal(JOURNAL_LINK, o->owner, vm->userid, address);
    data->link_errors++;
    return cp_error(vm, "LNK", 114, "%s %03X NOT LINKED; MODE OR PASSWORD INCORRECT", o->owner,
                    (unsigned)o->from);
}

int command_link(struct vmblok *vm, const char *operands)
{
    struct link_operands o;
    struct directory_user user;
    struct directory_device disk;
    int error = parse(vm, operands, &o);
    if (error)
        return error;
    userdir_hold();
    error = session_lookup(vm, "LNK", o.owner, &user);
    bool found = !error && userdir_find_device(&user, (uint16_t)o.from, &disk) == DIRECTORY_OK;
    userdir_let_go();
    if (error)
        return error;
    if (!found || disk.kind != DEVICE_MDISK)
        return cp_error(vm, "LNK", 107, "%s %03X NOT LINKED; NOT IN CP DIRECTORY", o.owner,
                        (unsigned)o.from);
    bool own = strcmp(o.owner, vm->userid) == 0;
    if (!o.mode)
        o.mode = own ? disk.mode : LINK_R;
    if (!own && !(vm->options & OPTION_LNKNOPAS))
        error = check_password(vm, &o, &disk);
    memset(o.password, 0, sizeof o.password);
    if (error)
        return error;
    return link_attach(vm, vm, o.owner, &disk, (uint16_t)o.to, o.mode, true);
}
