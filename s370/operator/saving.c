/* Saving the machine and restoring it (s370/save.h).  If something is going on that cannot be
 * saved but will be over soon, a script tries its command again, and for others an event of the
 * machine does. */
#include "s370/operator/internal.h"

#include "lib/list.h"
#include "lib/str.h"
#include "s370/save.h"

#include <stdlib.h>

#define TRY_NS UINT64_C(1000000) /* machine time between tries */
#define TRIES  10000

struct saving {
    struct oper *o;
    struct event again;
    unsigned tries;
    char *path;
};

void saving_destroy(struct oper *o)
{
    if (!o->saving)
        return;
    event_cancel(&o->m->events, &o->saving->again);
    free(o->saving->path);
    free(o->saving);
    o->saving = NULL;
}

static void try_again(struct machine *m, struct event *event)
{
    struct saving *saving = LIST_ENTRY(event, struct saving, again);
    char why[256];
    enum save_result result = machine_save(m, saving->path, why, sizeof why);
    if (result == SAVE_LATER && ++saving->tries < TRIES) {
        event_schedule(&m->events, event, machine_now(m) + TRY_NS);
        return;
    }
    if (result == SAVE_DONE)
        machine_message(m, "saved: %s", saving->path);
    else
        machine_message(m, "not saved: %s", why);
    saving_destroy(saving->o);
}

static void save_soon(struct oper *o, const char *path, const char *why)
{
    saving_destroy(o); /* the one before is forgotten */
    struct saving *saving = calloc(1, sizeof *saving);
    if (!saving || !(saving->path = strdup(path)))
        abort();
    saving->o = o;
    saving->again.happen = try_again;
    o->saving = saving;
    event_schedule(&o->m->events, &saving->again, machine_now(o->m) + TRY_NS);
    machine_message(o->m, "%s: that is waited for", why);
}

bool command_save(struct oper *o, int argc, char **argv)
{
    char why[256];
    if (argc != 2)
        return operator_error(o, "save wants the name of a file");
    switch (machine_save(o->m, argv[1], why, sizeof why)) {
    case SAVE_DONE:
        machine_message(o->m, "saved: %s", argv[1]);
        return true;
    case SAVE_LATER:
        if (script_again(o))
            return true;
        if (script_executes(o))
            break;
        save_soon(o, argv[1], why);
        return true;
    case SAVE_FAILED:
        break;
    }
    return operator_error(o, "not saved: %s", why);
}

bool command_restore(struct oper *o, int argc, char **argv)
{
    bool anyway = argc == 3 && str_equal(argv[2], "anyway");
    if (argc != 2 && !anyway)
        return operator_error(o, "restore wants the name of a file, and perhaps the word anyway");
    if (!machine_restore(o->m, argv[1], anyway ? RESTORE_ANYWAY : 0))
        return operator_error(o, "not restored");
    o->started_at = 0; /* it was started in another life */
    machine_message(o->m, "restored: %s", argv[1]);
    return true;
}
