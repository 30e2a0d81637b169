/* LOGON, and logging users on without a terminal. */
#include "cp/account.h"
#include "cp/commands/commands.h"
#include "cp/commands/state.h"
#include "cp/session.h"
#include "cp/text/operands.h"
#include "cp/vconsole.h"
#include "cp/vmrun.h"
#include "lib/str.h"

#define PASSWORD_TRIES 4
/* How long a terminal is locked after that many wrong passwords. */
#define LOCK_TIME TOD_MILLISECONDS(30000)

int session_lookup(struct vmblok *tell, const char *module, const char *userid,
                   struct directory_user *user)
{
    enum directory_error error = userdir_find(userid, user);
    if (error == DIRECTORY_NOT_FOUND)
        return cp_error(tell, module, 53, "%s NOT IN CP DIRECTORY", userid);
    if (error)
        return cp_error(tell, module, 52, "ERROR IN CP DIRECTORY");
    return 0;
}

/* The VM of this user, even if it is being built or taken down. */
static struct vmblok *find_user(const char *userid)
{
    LIST_EACH(it, &cp.vms)
    {
        struct vmblok *vm = LIST_ENTRY(it, struct vmblok, link);
        if (strcmp(vm->userid, userid) == 0)
            return vm;
    }
    return NULL;
}

/* The operands of LOGON. */
struct logon {
    char userid[USERID_SIZE], password[WORD_SIZE];
    bool no_ipl;
};

static int parse(struct vmblok *vm, const char *operands, struct logon *logon)
{
    char word[WORD_SIZE];
    memset(logon, 0, sizeof *logon);
    if (!str_word(&operands, word, sizeof word) || !operand_userid(word, logon->userid))
        return error_userid(vm, "LOG");
    while (str_word(&operands, word, sizeof word)) {
        if (str_abbrev(word, "NOIPL", 4))
            logon->no_ipl = true;
        else if (str_abbrev(word, "MASK", 1))
            continue; /* the device always hides it */
        else if (!logon->password[0])
            str_copy(logon->password, word, sizeof logon->password);
        else
            return error_operand(vm, "LOG", word);
    }
    return 0;
}

/* Asks for the password if it was not in the line. */
static int check_password(struct vmblok *vm, struct logon *logon, const struct directory_user *user)
{
    struct terminal *t = vm->terminal;
    char name[TERMINAL_NAME_SIZE];
    if (!logon->password[0] && user->password.kind == PASSWORD_SET) {
        char answer[TERMINAL_LINE + 1];
        const char *rest = answer;
        if (terminal_ask(vm, "ENTER PASSWORD:", true, answer, sizeof answer) < 0)
            return 50;
        str_word(&rest, logon->password, sizeof logon->password);
        memset(answer, 0, sizeof answer);
    }
    bool good = user->password.kind == PASSWORD_SET &&
                directory_password_matches(&user->password, user->userid, logon->password);
    memset(logon->password, 0, sizeof logon->password);
    if (good)
        return 0;
    account_journal(JOURNAL_LOGON, user->userid, terminal_name(name, t), "");
    cp_error(vm, "LOG", 50, "PASSWORD INCORRECT - REINITIATE LOGON PROCEDURE");
    if (t && ++t->password_errors >= PASSWORD_TRIES) {
        operator_printf("%s LOGON %s: %u WRONG PASSWORDS", terminal_name(name, t), logon->userid,
                        t->password_errors);
        cp_error(vm, "LOG", 51, "MAXIMUM PASSWORD ATTEMPTS EXCEEDED, TRY LATER");
        t->password_errors = 0;
        task_sleep_until(logon, tod_now() + LOCK_TIME);
    }
    return 50;
}

/* The user's VM is there already: it takes over the terminal, and the VM that ran LOGON ends. */
static int reconnect(struct vmblok *vm, struct vmblok *user)
{
    struct terminal *t = vm->terminal;
    char name[TERMINAL_NAME_SIZE];
    if (!user->logged_on || !user->disconnected || user->leaving)
        return cp_error(vm, "LOG", 54, "ALREADY LOGGED ON %s", terminal_name(name, user->terminal));
    if (!t)
        return 54;
    vm->terminal = NULL; /* it is not left: somebody else has it now */
    terminal_connect(t, user);
    user->disconnected = false;
    command_vm(user)->cp_read_tod = 0;
    if (str_equal(user->userid, "OPERATOR"))
        cp.operator_vm = user;
    operator_printf("%s RECONNECT AS %-8s USERS = %03u", terminal_name(name, t), user->userid,
                    (unsigned)cp.commands->users);
    session_welcome(user, "RECONNECTED");
    console_stop(user);
    vm_post(user, WORK_TERMINAL);
    session_end(vm, "");
}

static int log_on(struct vmblok *vm, const struct logon *logon, const struct directory_user *user)
{
    if (session_build(vm, vm, user) || !vm->terminal)
        session_end(vm, ""); /* half built: the terminal begins anew */
    vm->terminal->password_errors = 0;
    session_begin(vm, NULL);
    if (str_equal(vm->userid, "OPERATOR") && !cp.operator_vm)
        cp.operator_vm = vm;
    session_welcome(vm, "LOGON");
    if (user->ipl[0] && !logon->no_ipl) {
        char line[80];
        fmt(line, sizeof line, "IPL %s%s%s", user->ipl, user->ipl_parm[0] ? " PARM " : "",
            user->ipl_parm);
        command_run(vm, line);
    }
    return 0;
}

int command_logon(struct vmblok *vm, const char *operands)
{
    struct logon logon;
    struct directory_user user;
    if (vm->logged_on)
        return cp_error(vm, "CFC", 1, "?CP: LOGON");
    int error = parse(vm, operands, &logon);
    if (!error)
        error = session_lookup(vm, "LOG", logon.userid, &user);
    if (!error)
        error = check_password(vm, &logon, &user);
    if (error || !vm->terminal)
        return error;
    struct vmblok *there = find_user(user.userid);
    if (there)
        return reconnect(vm, there);
    uint32_t most = cp.commands->users_max;
    if (most && cp.commands->users >= most && !(user.classes & CLASS_A))
        return cp_error(vm, "LOG", 60, "NOT LOGGED ON; %u USERS ARE THE MAXIMUM", (unsigned)most);
    if (cp.shutting_down)
        return cp_error(vm, "LOG", 58, "THE SYSTEM IS BEING SHUT DOWN");
    return log_on(vm, &logon, &user);
}

int session_autolog(struct vmblok *tell, const struct directory_user *user)
{
    if (cp.shutting_down)
        return cp_error(tell, "ALG", 58, "THE SYSTEM IS BEING SHUT DOWN");
    struct vmblok *vm = session_new();
    int error;
    if (!vm)
        return cp_error(tell, "ALG", 59, "AUTOLOG FAILED FOR %s - NO STORAGE", user->userid);
    struct command_vm *data = command_vm(vm);
    error = session_build(vm, tell, user);
    if (!error && user->ipl[0])
        fmt(data->first_command, sizeof data->first_command, "IPL %s%s%s", user->ipl,
            user->ipl_parm[0] ? " PARM " : "", user->ipl_parm);
    if (error || !vm_start(vm)) {
        vm_destroy(vm);
        cp_free(data, sizeof *data);
        return error ? error : 59;
    }
    session_begin(vm, tell);
    return 0;
}
