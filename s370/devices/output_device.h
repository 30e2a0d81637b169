/* What printers and punches have in common: a host file, options, and what happens when the
 * host does not take what they write. */
#ifndef S370_DEVICES_OUTPUT_DEVICE_H
#define S370_DEVICES_OUTPUT_DEVICE_H

#include "s370/io/device.h"
#include "s370/media/output.h"

struct output_device {
    struct device device;
    struct output output;
    bool ebcdic;   /* punch: card images */
    bool crlf;     /* lines end in CR LF */
    bool failed;   /* the host refused; the operator knows */
    bool overflow; /* printer: channels 9 and 12 are sensed */
};

/* FILE [ascii|ebcdic] [crlf] [clear|noclear] [overflow]; NULL or a message. Opens the file in
 * place of the one before; leaves that if there is an error. */
const char *output_device_mount(struct device *d, int argc, char **argv);
/* ops->select: tries again what the host had refused; unit check if it still does. */
uint8_t output_device_select(struct device *d, uint8_t command);
/* ops->chain_end: to the host. */
void output_device_flush(struct device *d);
void output_device_destroy(struct device *d);
void output_device_describe(struct device *d, char *text, size_t size);

#endif
