/* The machine's configuration: a text with one statement or one device on a line, in the
 * manner of Hercules.  Reading it (config_read) and building the machine from it
 * (config_attach) are two steps, so that a wrong line is found before anything is opened.
 *
 *     # a comment
 *     MAINSIZE 16              main storage: MiB, or with a suffix 512K, 16M
 *     CNSLPORT 3270            or HOST:PORT; without HOST the loopback interface
 *     CNSLTLS 992 box.pem box.key  another port, for TLS: [HOST:]PORT, certificate, key (or in it)
 *     CPUSERIAL 001234         six hexadecimal digits
 *     FACILITY ENABLE DAS      an optional facility of the CPU; DISABLE
 *     TOD 1980-01-01 12:00:00  the clock at power-on (UTC), instead of the usual
 *     IPL 0150                 loaded at power-on unless a script runs the machine
 *     CHANNEL 1 SELECTOR       or BYTE, BLOCK; also 1-3.  Without it 0 is BYTE and the others BLOCK
 *     CHANNEL 2 BLOCK 80 90    units 80 to 8F have one subchannel in common, and 90 to 9F
 *     0009 3215-C              a device: address, type, what the type wants
 *     00C0.16 3215             sixteen of them, 00C0 to 00CF; or 00C0-00CF
 *     0150 3350 res.3350 ro    a relative path starts at the configuration's directory
 *     000C 3505 watch=decks    and so do the values of watch=, hopper=, print=, sf=, and @FILE
 *     0151 3350 $(DATA)/x.3350 $(NAME) is one of the given variables, or the environment's
 *     000C 3505 "two words"    blanks in quotes
 */
#ifndef S370_CONFIG_H
#define S370_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONFIG_ARGUMENTS 16 /* of one device */
#define CONFIG_CHANNELS  16

struct machine;

struct config_device {
    struct config_device *next;
    unsigned line; /* of the configuration, for messages */
    uint16_t address;
    uint16_t count;
    char *type;
    int argc;
    char *argv[CONFIG_ARGUMENTS];
};

struct config {
    char *name;            /* of the file, for messages */
    uint32_t storage_size; /* bytes */
    char *console_host;    /* NULL: loopback */
    uint16_t console_port; /* 0: no telnet */
    char *tls_host;
    uint16_t tls_port; /* 0: no TLS */
    char *certificate, *key;
    uint32_t cpu_serial; /* 24 bits */
    unsigned cpus;       /* how many, 1 to CPUS_MAX */
    uint8_t facilities;  /* of enum cpu_facility, those that are not as usual */
    bool has_tod;
    int64_t tod; /* seconds since 1970-01-01 UTC */
    bool has_ipl;
    uint16_t ipl;
    char ipl_parm[65]; /* text for the operator command ipl's parm; "": none */
    struct {
        bool given;
        uint8_t type; /* enum channel_type */
        uint16_t shared;
    } channels[CONFIG_CHANNELS];
    struct config_device *devices; /* in the order of the file */
};

/* What $(NAME) stands for; a NULL name ends the list. */
struct config_variable {
    const char *name, *value;
};

/* Reads the text of a configuration; `directory` is where relative paths of devices start.
 * Every wrong line gives one message "name:line: what is wrong" through `message`.  NULL
 * if there was any. */
struct config *config_read(const char *text, const char *name, const char *directory,
                           const struct config_variable *variables,
                           void (*message)(void *context, const char *text), void *context);
/* The same from a file. */
struct config *config_read_file(const char *path, const struct config_variable *variables,
                                void (*message)(void *context, const char *text), void *context);
void config_free(struct config *config);

/* Attaches the devices and sets the clock.  False with a message (machine_message) that
 * names file and line if a device refuses. */
bool config_attach(const struct config *config, struct machine *m);

#endif
