/* What printers and punches have in common.
 *
 * A file without a name (none, or "*") is an empty stacker: the device is not ready. */
#include "s370/devices/output_device.h"

#include "s370/arch/ccw.h"
#include "s370/machine.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    size_t field;
    bool value;
} options[] = {
    {"ascii", offsetof(struct output_device, ebcdic), false},
    {"ebcdic", offsetof(struct output_device, ebcdic), true},
    {"crlf", offsetof(struct output_device, crlf), true},
    {"overflow", offsetof(struct output_device, overflow), true},
};

static bool set_option(struct output_device *o, const char *name, bool *clear)
{
    if (!strcmp(name, "clear") || !strcmp(name, "noclear")) {
        *clear = name[0] == 'c';
        return true;
    }
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (!strcmp(name, options[i].name)) {
            *(bool *)((char *)o + options[i].field) = options[i].value;
            return true;
        }
    return false;
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

const char *output_device_mount(struct device *d, int argc, char **argv)
{
    struct output_device *o = (struct output_device *)d;
    bool clear = false;
    o->ebcdic = o->crlf = o->overflow = false;
    for (int i = 1; i < argc; i++)
        if (!set_option(o, argv[i], &clear)) {
            snprintf(d->message, sizeof d->message, "unknown option '%s' (there are: %s)", argv[i],
                     d->type->options);
            return d->message;
        }
    bool ready = argc > 0 && strcmp(argv[0], "*") != 0;
    struct output output = {0};
    if (ready) {
        const char *wrong = output_open(&output, argv[0], clear, d->message, sizeof d->message);
        if (wrong)
            return wrong;
    }
    if (ready && !output_flush(&o->output)) { /* what the old file did not take goes to the new */
        output_put(&output, o->output.bytes, o->output.length);
        o->output.length = 0;
    }
    close_output(o);
    o->output = output;
    o->failed = false;
    if (ready)
        device_status(d, UNIT_DEVICE_END);
    return NULL;
}

uint8_t output_device_select(struct device *d, uint8_t command)
{
    struct output_device *o = (struct output_device *)d;
    if (!o->output.path && command != CCW_NOP) {
        device_check(d, SENSE_INTERVENTION);
        return UNIT_CHECK;
    }
    if (!o->failed)
        return 0;
    o->failed = !output_flush(&o->output);
    if (!o->failed)
        return 0;
    device_check(d, SENSE_EQUIPMENT);
    return UNIT_CHECK;
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

void output_device_describe(struct device *d, char *text, size_t size)
{
    const struct output_device *o = (struct output_device *)d;
    snprintf(text, size, "%s%s", o->output.path ? o->output.path : "*", o->ebcdic ? " ebcdic" : "");
}
