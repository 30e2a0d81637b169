/* CP's users come: the terminals, the operator, AUTOLOG1. */
#include "cp/commands/state.h"
#include "cp/session.h"
#include "cp/vmrun.h"
#include "lib/str.h"

static void find_terminals(void)
{
    LIST_EACH(it, &cp.rdevs)
    {
        struct rdev *rdev = LIST_ENTRY(it, struct rdev, link);
        if (rdev->class == CLASS_CONSOLE || rdev->class == CLASS_GRAPHIC)
            terminal_of(rdev);
    }
}

/* The operator's virtual machine, at the console of IPL.  Without an OPERATOR in the directory
 * the console is a terminal like the others. */
static void log_operator_on(struct terminal *t)
{
    struct directory_user user;
    struct vmblok *vm;
    t->connected = t->enabled = true;
    if (userdir_find("OPERATOR", &user) != DIRECTORY_OK || !(vm = session_new())) {
        terminal_enable(t, true);
        return;
    }
    terminal_connect(t, vm);
    session_greet(vm);
    if (session_build(vm, vm, &user) || !vm_start(vm)) {
        early_printf("THE OPERATOR CANNOT BE LOGGED ON: NO STORAGE");
        return;
    }
    cp.operator_vm = vm;
    vm->set.attn_vm = false; /* the attention key is for CP */
    session_begin(vm, NULL);
    session_welcome(vm, "LOGON");
}

/* AUTOLOG1 to AUTOLOG9, as far as the directory has them, log on whoever else is to run from the
 * beginning. */
static void autolog_first(void)
{
    char userid[] = "AUTOLOGn";
    struct directory_user user;
    for (unsigned n = 1; n <= 9 && cp.operator_vm; n++) {
        userid[sizeof userid - 2] = (char)('0' + n);
        if (userdir_find(userid, &user) == DIRECTORY_OK)
            session_autolog(cp.operator_vm, &user);
    }
}

void commands_start(void)
{
    cp.commands = cp_alloc(sizeof *cp.commands);
    if (!cp.commands)
        panic(PANIC_STORAGE, "NO STORAGE FOR THE COMMANDS");
    list_init(&cp.commands->terminals);
    list_init(&cp.commands->cards);
    recover_logmsg();
    find_terminals();
    struct rdev *console = cp.console_address ? rdev_find(cp.console_address) : NULL;
    if (console && (cp.commands->console = terminal_of(console)) != NULL)
        log_operator_on(cp.commands->console);
    LIST_EACH(it, &cp.commands->terminals)
    {
        terminal_enable(LIST_ENTRY(it, struct terminal, link), true);
    }
    autolog_first();
    cp.up = true;
}
