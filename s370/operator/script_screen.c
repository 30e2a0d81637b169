/* Scripts at 3270s: `expect` looks at what the screen shows, `type`, `key` and `connect` play
 * the person in front of it.  Somebody else's screen can be looked at, too, as far as its
 * program has written it. */
#include "s370/operator/script.h"

#include "lib/str.h"

#include <stdlib.h>

static void changed(void *context)
{
    struct script_line *l = context;
    struct script *s = l->script;
    if (s->wait == SCRIPT_WAITS_EXPECT && s->expect_line == l && script_screen_match(l, s->expect))
        script_resume(s);
}

bool script_screen_open(struct script_line *l)
{
    const struct oper *o = l->script->o;
    if (!l->screen)
        l->screen = o->screens->create(o->m, l->device, changed, l);
    return l->screen != NULL;
}

void script_screen_free(struct script_line *l)
{
    if (l->screen)
        l->script->o->screens->destroy(l->screen);
    l->screen = NULL;
}

bool script_screen_match(struct script_line *l, const char *text)
{
    char *shown = l->script->o->screens->text(l->screen);
    bool found = strstr(shown, text) != NULL;
    free(shown);
    return found;
}

void script_screen_show(struct script_line *l)
{
    char *shown = l->script->o->screens->text(l->screen), *rest = shown, *row;
    while ((row = strsep(&rest, "\n")) && rest)
        machine_message(l->script->o->m, "  | %s", row);
    free(shown);
}

bool script_screen_connect(struct script_line *l, const char *model)
{
    struct oper *o = l->script->o;
    size_t n = strlen(model);
    char digit = n ? model[n - 1] : 0;
    if ((n != 1 && (n != 6 || strncmp(model, "3278-", 5) != 0)) || digit < '2' || digit > '5')
        return operator_error(o, "connect %03X: '%s' is no model; there are 2, 3, 4, 5", l->device,
                              model);
    if (l->connected || !o->screens->connect(l->screen, (unsigned)(digit - '0')))
        return operator_error(o, "connect %03X: somebody is there already", l->device);
    l->connected = true;
    return true;
}

/* The script's own keyboard; false with a message. */
static bool has_keyboard(struct script_line *l, const char *command)
{
    return l->connected || operator_error(l->script->o,
                                          "%s %03X: the script does not sit there "
                                          "(connect %03X)",
                                          command, l->device, l->device);
}

/* A locked keyboard is waited for. */
static bool wait_for_keyboard(struct script_line *l, const char *command)
{
    struct oper *o = l->script->o;
    return script_again(o) ||
           operator_error(o, "%s %03X: the keyboard is locked", command, l->device);
}

bool script_screen_type(struct script_line *l, const char *text)
{
    struct oper *o = l->script->o;
    if (!has_keyboard(l, "type"))
        return false;
    if (o->screens->locked(l->screen))
        return wait_for_keyboard(l, "type");
    const char *wrong = o->screens->type(l->screen, text);
    return !wrong || operator_error(o, "type %03X: %s", l->device, wrong);
}

static struct script_line *screen_line(struct oper *o, const char *device)
{
    struct script_line *l = script_line(script_of(o), device);
    if (l && !l->screen)
        operator_error(o, "%03X is no 3270", l->device);
    return l && l->screen ? l : NULL;
}

bool command_screen(struct oper *o, int argc, char **argv)
{
    struct script_line *l = argc == 2 ? screen_line(o, argv[1]) : NULL;
    if (!l)
        return argc == 2 ? false : operator_error(o, "screen wants a device");
    script_screen_show(l);
    return true;
}

bool command_key(struct oper *o, int argc, char **argv)
{
    struct script_line *l = argc == 3 ? screen_line(o, argv[1]) : NULL;
    if (!l)
        return argc == 3 ? false : operator_error(o, "key wants a device and a key");
    if (!has_keyboard(l, "key"))
        return false;
    if (o->screens->locked(l->screen) && !str_equal(argv[2], "RESET"))
        return wait_for_keyboard(l, "key");
    const char *wrong = o->screens->key(l->screen, argv[2]);
    return !wrong || operator_error(o, "key %03X %s: %s", l->device, argv[2], wrong);
}
