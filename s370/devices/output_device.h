/* What printers and punches have in common: a host file or a socket, options, and what happens when
 * the host, or the socket's client, does not take what they write. */
#ifndef S370_DEVICES_OUTPUT_DEVICE_H
#define S370_DEVICES_OUTPUT_DEVICE_H

#include "s370/io/device.h"
#include "s370/media/deck.h"
#include "s370/media/output.h"

/* An option of a type's own, "NAME" or "NAME=VALUE". */
struct output_option {
    const char *name; /* with the '=', if it has a value */
    /* NULL, or what is wrong (static, or in d->message). */
    const char *(*set)(struct device *d, const char *value);
};

struct output_device {
    struct device device;
    struct output output;
    enum deck_form form; /* punch: text, card images, column binary */
    bool crlf;           /* lines end in CR LF */
    bool failed;         /* the host refused; the operator knows */
    bool stalled;        /* too much waits for the socket's client; the operator knows */
    bool overflow;       /* printer: channels 9 and 12 are sensed */
};

#define OUTPUT_PLACE "FILE | [HOST:]PORT sockdev"

/* PLACE [ascii|ebcdic|binary] [crlf] [clear|noclear] [overflow] and the type's own options (up to
 * one without a name; NULL: none); NULL or a message. Opens the file in place of the one before;
 * leaves that if there is an error. */
const char *output_device_mount(struct device *d, int argc, char **argv,
                                const struct output_option *own);
/* ops->select: tries again what the host had refused; unit check if it still does. */
uint8_t output_device_select(struct device *d, uint8_t command);
/* ops->chain_end: to the host. */
void output_device_flush(struct device *d);
void output_device_destroy(struct device *d);
/* ops->saved, ops->medium. What was written is in the file; that goes on at its end. */
void output_device_saved(struct device *d, struct saved *s);
const char *output_device_medium(struct device *d, uint32_t *checksum);
void output_device_describe(struct device *d, char *text, size_t size);

#endif
