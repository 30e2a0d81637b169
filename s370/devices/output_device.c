/* What printers and punches have in common.
 *
 * A file without a name (none, or "*") is an empty stacker: the device is not ready. */
#include "s370/devices/output_device.h"

#include "s370/arch/ccw.h"
#include "s370/machine.h"
#include "s370/saved.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct operands {
    bool clear, socket;
    struct output_device values; /* the options of all types */
};

/* True if `name` is an option of all types; it is set. */
static bool set_option(struct operands *o, const char *name)
{
    static const struct {
        const char *name;
        enum deck_form form;
    } forms[] = {{"ascii", DECK_TEXT}, {"ebcdic", DECK_IMAGES}, {"binary", DECK_BINARY}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (!strcmp(name, forms[i].name)) {
            o->values.form = forms[i].form;
            return true;
        }
    if (!strcmp(name, "clear") || !strcmp(name, "noclear"))
        o->clear = name[0] == 'c';
    else if (!strcmp(name, "sockdev"))
        o->socket = true;
    else if (!strcmp(name, "crlf"))
        o->values.crlf = true;
    else if (!strcmp(name, "overflow"))
        o->values.overflow = true;
    else
        return false;
    return true;
}

/* Sets one of the type's own options. */
static const char *set_own(struct device *d, const struct output_option *own, const char *word)
{
    for (; own && own->name; own++) {
        size_t n = strlen(own->name);
        bool has_value = own->name[n - 1] == '=';
        if (has_value ? !strncmp(word, own->name, n) : !strcmp(word, own->name))
            return own->set(d, word + n);
    }
    snprintf(d->message, sizeof d->message, "unknown option '%s' (there are: %s)", word,
             d->type->options);
    return d->message;
}

static void close_output(struct output_device *o)
{
    char path[256];
    snprintf(path, sizeof path, "%s", o->output.path ? o->output.path : "");
    size_t lost = output_close(&o->output);
    if (lost)
        machine_message(o->device.machine, "%04X: %s: %zu bytes are lost, the host took no more",
                        o->device.address, path, lost);
}

/* A client has taken something. */
static void drained(void *context)
{
    struct output_device *o = context;
    if (!o->stalled || output_is_full(&o->output))
        return;
    o->stalled = false;
    device_status(&o->device, UNIT_DEVICE_END);
}

static const char *open_place(struct output_device *o, const char *place,
                              const struct operands *operands, struct output *fresh)
{
    struct device *d = &o->device;
    if (operands->socket)
        return output_listen(fresh, d->machine->loop, place, drained, o, d->message,
                             sizeof d->message);
    return output_open(fresh, place, operands->clear, d->message, sizeof d->message);
}

/* Writes to `place` from now on (NULL: nowhere).  What the old one did not take goes to the new
 * one. */
static const char *change_place(struct output_device *o, const char *place,
                                const struct operands *operands)
{
    struct output fresh = {0};
    if (place && operands->socket && o->output.socket && !strcmp(place, o->output.path))
        return NULL; /* the clients stay */
    const char *wrong = place ? open_place(o, place, operands, &fresh) : NULL;
    if (wrong)
        return wrong;
    if (o->output.path)
        output_flush(&o->output);
    if (place && o->output.length > 0) {
        output_put(&fresh, o->output.bytes, o->output.length);
        o->output.length = 0;
    }
    close_output(o);
    output_move(&o->output, &fresh);
    o->failed = o->stalled = false;
    return NULL;
}

const char *output_device_mount(struct device *d, int argc, char **argv,
                                const struct output_option *own)
{
    struct output_device *o = (struct output_device *)d;
    struct operands operands = {.values.form = DECK_TEXT};
    for (int i = 1; i < argc; i++) {
        const char *wrong = set_option(&operands, argv[i]) ? NULL : set_own(d, own, argv[i]);
        if (wrong)
            return wrong;
    }
    const char *place = argc > 0 && strcmp(argv[0], "*") != 0 ? argv[0] : NULL;
    const char *wrong = change_place(o, place, &operands);
    if (wrong)
        return wrong;
    o->form = operands.values.form;
    o->crlf = operands.values.crlf;
    o->overflow = operands.values.overflow;
    if (place)
        device_status(d, UNIT_DEVICE_END);
    return NULL;
}

/* Unit check with this sense: the command is not begun. */
static uint8_t not_ready(struct device *d, uint8_t sense0)
{
    device_check(d, sense0);
    return UNIT_CHECK;
}

uint8_t output_device_select(struct device *d, uint8_t command)
{
    struct output_device *o = (struct output_device *)d;
    if (command == CCW_NOP)
        return 0;
    if (!o->output.path)
        return not_ready(d, SENSE_INTERVENTION);
    if (output_is_full(&o->output)) {
        if (!o->stalled)
            machine_message(d->machine,
                            "%04X: %s: %zu bytes wait for a client; the unit is not ready until "
                            "one takes them",
                            d->address, o->output.path, o->output.length);
        o->stalled = true;
        return not_ready(d, SENSE_INTERVENTION);
    }
    if (!o->failed)
        return 0;
    o->failed = !output_flush(&o->output);
    return o->failed ? not_ready(d, SENSE_EQUIPMENT) : 0;
}

void output_device_flush(struct device *d)
{
    struct output_device *o = (struct output_device *)d;
    if (!o->output.path || o->failed || output_flush(&o->output))
        return;
    o->failed = true;
    machine_message(d->machine,
                    "%04X: %s: cannot write: %s; the text is kept, the next command gets an "
                    "equipment check until it can be written",
                    d->address, o->output.path, strerror(errno));
}

void output_device_destroy(struct device *d)
{
    close_output((struct output_device *)d);
}

void output_device_saved(struct device *d, struct saved *s)
{
    struct output_device *o = (struct output_device *)d;
    if (!s->reading)
        output_flush(&o->output);
    uint64_t was = output_size(&o->output), is = was;
    o->form = (enum deck_form)saved_limited(s, o->form, DECK_BINARY, "the form of cards");
    saved_bool(s, &o->crlf);
    saved_bool(s, &o->overflow);
    saved_u64(s, &was);
    output_saved(&o->output, s);
    if (s->reading && saved_good(s) && was != is)
        machine_message(d->machine,
                        "%03X: %s had %" PRIu64 " bytes and has %" PRIu64
                        " now; what comes goes to its end",
                        d->address, o->output.path ? o->output.path : "nothing", was, is);
}

const char *output_device_medium(struct device *d, uint32_t *checksum)
{
    *checksum = 0; /* nothing reads the file */
    return ((struct output_device *)d)->output.path;
}

void output_device_describe(struct device *d, char *text, size_t size)
{
    static const char *const forms[] = {"", "", " ebcdic", " binary"};
    const struct output_device *o = (struct output_device *)d;
    int n = snprintf(text, size, "%s%s", o->output.path ? o->output.path : "*", forms[o->form]);
    if (o->output.socket && n > 0 && (size_t)n < size)
        snprintf(text + n, size - (size_t)n, " sockdev, %s, %zu bytes wait",
                 output_is_connected(&o->output) ? "connected" : "nobody is connected",
                 o->output.length);
}
