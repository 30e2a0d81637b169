/* Scripts at console lines: what consoles print is kept for `expect` and written to
 * transcripts; `type` and `connect` play the person at the console. */
#include "s370/operator/script.h"

#include "lib/str.h"
#include "s370/devices/display.h"
#include "s370/devices/line.h"
#include "s370/io/device.h"

#include <errno.h>
#include <stdlib.h>

static void printed(void *context, const char *text, size_t length)
{
    struct script_line *l = context;
    struct script *s = l->script;
    if (l->transcript) {
        fwrite(text, 1, length, l->transcript);
        fflush(l->transcript);
    }
    if (l->length + length > SCRIPT_TEXT_MOST) { /* forget the older half */
        size_t kept = l->length / 2;
        memmove(l->text, l->text + l->length - kept, kept);
        l->length = kept;
        if (length > SCRIPT_TEXT_MOST / 4)
            length = SCRIPT_TEXT_MOST / 4;
    }
    while (l->length + length + 1 > l->size) {
        l->size = l->size ? 2 * l->size : 4096;
        l->text = realloc(l->text, l->size);
        if (!l->text)
            abort();
    }
    size_t before = l->length;
    memcpy(l->text + l->length, text, length);
    l->length += length;
    if (s->wait == SCRIPT_WAITS_EXPECT && s->expect_line == l) {
        size_t sought = strlen(s->expect);
        if (script_line_match(l, s->expect, before > sought ? before - sought : 0))
            script_resume(s);
    }
}

bool script_line_match(struct script_line *l, const char *text, size_t from)
{
    if (l->screen)
        return script_screen_match(l, text);
    size_t length = strlen(text);
    const char *found =
        l->length > from ? memmem(l->text + from, l->length - from, text, length) : NULL;
    if (!found)
        return false;
    size_t end = (size_t)(found - l->text) + length;
    memmove(l->text, l->text + end, l->length - end);
    l->length -= end;
    return true;
}

void script_line_show(struct script_line *l)
{
    if (l->screen) {
        script_screen_show(l);
        return;
    }
    size_t at = l->length > 4000 ? l->length - 4000 : 0;
    if (!l->length)
        machine_message(l->script->o->m, "  | (nothing)");
    while (at < l->length) {
        const char *end = memchr(l->text + at, '\n', l->length - at);
        size_t length = end ? (size_t)(end - l->text) - at : l->length - at;
        machine_message(l->script->o->m, "  | %.*s", (int)length, l->text + at);
        at += length + 1;
    }
}

static struct script_line *row(struct script *s, uint16_t device)
{
    struct line *line = line_of_device(s->o->m, device);
    bool display = s->o->screens && display_of_device(s->o->m, device);
    if (!line && !display)
        return NULL;
    struct script_line *l = s->lines;
    while (l && l->device != device)
        l = l->next;
    if (!l) {
        l = calloc(1, sizeof *l);
        if (!l)
            abort();
        l->script = s;
        l->device = device;
        l->next = s->lines;
        s->lines = l;
    }
    if (display)
        return script_screen_open(l) ? l : NULL;
    script_screen_free(l);
    line_set_tap(line, printed, l); /* again: the device may be a new one */
    return l;
}

struct script_line *script_line(struct script *s, const char *device)
{
    uint16_t address;
    if (!operator_device(s->o, device, &address))
        return NULL;
    struct script_line *l = row(s, address);
    if (!l)
        operator_error(s->o, "%03X is no console of this machine", address);
    return l;
}

void script_tap_all(struct script *s)
{
    for (struct device *d = device_next(s->o->m, NULL); d; d = device_next(s->o->m, d))
        row(s, d->address);
}

void script_lines_free(struct script *s)
{
    for (struct script_line *l = s->lines, *next; l; l = next) {
        next = l->next;
        struct line *line = line_of_device(s->o->m, l->device);
        script_screen_free(l);
        if (line) {
            line_set_tap(line, NULL, NULL);
            if (l->connected)
                line_disconnect(line);
        }
        if (l->transcript && l->transcript != stdout)
            fclose(l->transcript);
        free(l->text);
        free(l);
    }
    s->lines = NULL;
}

/* --- a terminal of the script's own --- */

static void ignore_write(void *context, const char *text, size_t length)
{
}

static void ignore_read(void *context, bool hidden)
{
}

static void ignore(void *context)
{
}

static void hung_up(void *context)
{
    struct script_line *l = context;
    l->connected = false;
    struct line *line = line_of_device(l->script->o->m, l->device);
    if (line)
        line_disconnect(line);
}

static const struct line_backend script_backend = {
    .write = ignore_write,
    .read_started = ignore_read,
    .read_ended = ignore,
    .bell = ignore,
    .hang_up = hung_up,
};

void operator_connect(struct oper *o, uint16_t device)
{
    struct line *line = line_of_device(o->m, device);
    if (!line || line_is_connected(line))
        return;
    struct script_line *l = row(script_of(o), device);
    l->connected = line_connect(line, &script_backend, l);
}

bool command_connect(struct oper *o, int argc, char **argv)
{
    bool right = argc == 2 || argc == 3;
    struct script_line *l = right ? script_line(script_of(o), argv[1]) : NULL;
    if (!l)
        return right ? false : operator_error(o, "connect wants a device");
    if (l->screen)
        return script_screen_connect(l, argc == 3 ? argv[2] : "2");
    if (argc == 3)
        return operator_error(o, "connect %03X: only a 3270 has a model", l->device);
    if (l->connected || !line_connect(line_of_device(o->m, l->device), &script_backend, l))
        return operator_error(o, "connect %03X: somebody is there already", l->device);
    l->connected = true;
    return true;
}

bool command_disconnect(struct oper *o, int argc, char **argv)
{
    struct script_line *l = argc == 2 ? script_line(script_of(o), argv[1]) : NULL;
    if (!l)
        return argc == 2 ? false : operator_error(o, "disconnect wants a device");
    if (!l->connected)
        return operator_error(o, "disconnect %03X: the script did not connect there", l->device);
    l->connected = false;
    if (l->screen)
        o->screens->disconnect(l->screen);
    else
        line_disconnect(line_of_device(o->m, l->device));
    return true;
}

bool command_type(struct oper *o, int argc, char **argv)
{
    struct script_line *l = argc == 3 ? script_line(script_of(o), argv[1]) : NULL;
    if (!l)
        return argc == 3 ? false : operator_error(o, "type wants a device and a text in quotes");
    if (l->screen)
        return script_screen_type(l, argv[2]);
    struct line *line = line_of_device(o->m, l->device);
    if (!line_is_connected(line))
        return operator_error(o, "type %03X: nobody sits there (connect %03X)", l->device,
                              l->device);
    if (!line_input(line, argv[2], strlen(argv[2])))
        return script_again(o) ||
               operator_error(o, "type %03X: too many lines wait there already", l->device);
    return true;
}

bool command_transcript(struct oper *o, int argc, char **argv)
{
    struct script_line *l = argc == 3 ? script_line(script_of(o), argv[1]) : NULL;
    if (!l)
        return argc == 3 ? false : operator_error(o, "transcript wants a device and a file");
    if (l->screen)
        return operator_error(o, "transcript %03X: a 3270 has none", l->device);
    FILE *f = !strcmp(argv[2], "-") ? stdout : fopen(argv[2], "we");
    if (!f)
        return operator_error(o, "transcript %s: %s", argv[2], strerror(errno));
    if (l->transcript && l->transcript != stdout)
        fclose(l->transcript);
    l->transcript = f;
    return true;
}
