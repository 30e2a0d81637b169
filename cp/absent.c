/* Weak stand-ins that let CP be linked while some of its rooms are not built yet; the real
 * functions replace them at link time.  To be removed with the last of them. */
#include "cp/command.h"
#include "cp/session.h"
#include "cp/task.h"

#define ABSENT __attribute__((weak))

ABSENT void session_end(struct vmblok *vm, const char *reason)
{
    vm_destroy(vm);
    task_exit();
}
ABSENT void session_greet(struct vmblok *vm)
{
}
ABSENT void session_disconnect(struct vmblok *vm)
{
}
ABSENT void commands_start(void)
{
}
ABSENT void trace_report(struct vmblok *vm, enum trace_kind kind, uint32_t code)
{
}
ABSENT void diagnose(struct vmblok *vm, uint32_t code, unsigned r1, unsigned r2)
{
}
ABSENT void vm_force(struct vmblok *vm)
{
    session_end(vm, "FORCED");
}
ABSENT enum directory_error directory_find(struct directory *d, const char *userid,
                                           struct directory_user *to)
{
    return DIRECTORY_NOT_FOUND;
}
