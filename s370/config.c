/* Reads the configuration and attaches its devices.  A statement is a row of the table
 * below; every other line begins with a device address. */
#include "s370/config.h"

#include "lib/str.h"
#include "s370/io/channel.h"
#include "s370/io/device.h"
#include "s370/machine.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define WORDS         (CONFIG_ARGUMENTS + 2)
#define LINE_SIZE     2048
#define STORAGE_LEAST (64u << 10)
#define STORAGE_MOST  STORAGE_SIZE_MOST
#define STORAGE_USUAL (16u << 20)

struct reader {
    struct config *config;
    struct config_device **last;
    const char *directory;
    const struct config_variable *variables;
    void (*message)(void *context, const char *text);
    void *context;
    unsigned line;
    bool failed;
};

static void wrong(struct reader *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void wrong(struct reader *r, const char *format, ...)
{
    char what[512], text[800];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    if (r->line)
        snprintf(text, sizeof text, "%s:%u: %s", r->config->name, r->line, what);
    else
        snprintf(text, sizeof text, "%s: %s", r->config->name, what);
    r->message(r->context, text);
    r->failed = true;
}

static void *reserve(size_t size)
{
    void *p = calloc(1, size);
    if (!p)
        abort(); /* the host has no memory for some hundred bytes */
    return p;
}

static char *copy(const char *s)
{
    size_t size = strlen(s) + 1;
    return memcpy(reserve(size), s, size);
}

/* A relative path starts at the configuration's directory. */
static char *path_from(const struct reader *r, const char *word)
{
    char path[2 * LINE_SIZE];
    if (word[0] == '/' || !r->directory || !r->directory[0])
        return copy(word);
    snprintf(path, sizeof path, "%s/%s", r->directory, word);
    return copy(path);
}

/* --- statements --- */

static void set_mainsize(struct reader *r, int count, char **words)
{
    char digits[16], unit = 'M';
    str_copy(digits, words[1], sizeof digits);
    size_t n = strlen(digits);
    if (n > 1 && !str_is_digit(digits[n - 1])) {
        unit = str_upper(digits[n - 1]);
        digits[n - 1] = 0;
    }
    uint32_t value;
    if (!str_decimal(digits, &value) || (unit != 'M' && unit != 'K') || value > STORAGE_MOST ||
        (uint64_t)value << (unit == 'M' ? 20 : 10) > STORAGE_MOST ||
        value << (unit == 'M' ? 20 : 10) < STORAGE_LEAST || (unit == 'K' && value % 4)) {
        wrong(r, "MAINSIZE %s: give 1 to 64 (MiB), or 64K to 65536K in steps of 4K", words[1]);
        return;
    }
    r->config->storage_size = value << (unit == 'M' ? 20 : 10);
}

/* "PORT" or "HOST:PORT"; *host is NULL for the first. */
static bool take_port(struct reader *r, char **words, char **host, uint16_t *number)
{
    char *colon = strrchr(words[1], ':');
    uint32_t port;
    if (!str_decimal(colon ? colon + 1 : words[1], &port) || port > 65535) {
        wrong(r, "%s %s: give a port number from 1 to 65535, or 0 for none", words[0], words[1]);
        return false;
    }
    *number = (uint16_t)port;
    free(*host);
    *host = NULL;
    if (colon) {
        *colon = 0;
        *host = copy(words[1]);
    }
    return true;
}

static void set_cnslport(struct reader *r, int count, char **words)
{
    (void)take_port(r, words, &r->config->console_host, &r->config->console_port);
}

static void set_cnsltls(struct reader *r, int count, char **words)
{
    struct config *c = r->config;
    if (!take_port(r, words, &c->tls_host, &c->tls_port))
        return;
    if (c->tls_port && count < 3) {
        wrong(r,
              "CNSLTLS %s: name the file with the certificate (PEM) behind the port, and the "
              "key's if it is another",
              words[1]);
        return;
    }
    free(c->certificate);
    free(c->key);
    c->certificate = count < 3 ? NULL : path_from(r, words[2]);
    c->key = count < 3 ? NULL : path_from(r, words[count > 3 ? 3 : 2]);
}

static void set_cpuserial(struct reader *r, int count, char **words)
{
    uint32_t serial;
    if (!str_hex(words[1], &serial) || serial > 0xffffff)
        wrong(r, "CPUSERIAL %s: give six hexadecimal digits", words[1]);
    else
        r->config->cpu_serial = serial;
}

static void set_numcpu(struct reader *r, int count, char **words)
{
    uint32_t cpus;
    if (!str_decimal(words[1], &cpus) || cpus < 1 || cpus > CPUS_MAX)
        wrong(r, "NUMCPU %s: give 1 to %d", words[1], CPUS_MAX);
    else
        r->config->cpus = cpus;
}

static void set_tod(struct reader *r, int count, char **words)
{
    char text[64];
    struct tm tm = {0};
    snprintf(text, sizeof text, "%s %s", words[1], count > 2 ? words[2] : "00:00:00");
    const char *end = strptime(text, "%Y-%m-%d %H:%M:%S", &tm);
    if (!end || *end || tm.tm_year < 0 || tm.tm_year > 142) {
        wrong(r, "TOD %s: give a date and time like 1980-01-01 12:00:00", text);
        return;
    }
    r->config->has_tod = true;
    r->config->tod = timegm(&tm);
}

static void set_ipl(struct reader *r, int count, char **words)
{
    uint32_t address;
    if (!str_hex(words[1], &address) || address > 0xfff) {
        wrong(r, "IPL %s: '%s' is no device address (000 to FFF)", words[1], words[1]);
        return;
    }
    if (count > 2 && (count < 4 || !str_equal(words[2], "PARM"))) {
        wrong(r, "IPL %s: behind the device there can be PARM and a text", words[1]);
        return;
    }
    size_t used = 0;
    for (int i = 3; i < count; i++) {
        used += (size_t)snprintf(r->config->ipl_parm + used, sizeof r->config->ipl_parm - used,
                                 "%s%s", used ? " " : "", words[i]);
        if (used >= sizeof r->config->ipl_parm) {
            wrong(r, "IPL %s: the text of PARM is longer than 64 characters", words[1]);
            return;
        }
    }
    r->config->has_ipl = true;
    r->config->ipl = (uint16_t)address;
}

static void set_archmode(struct reader *r, int count, char **words)
{
    if (!str_equal(words[1], "S/370"))
        wrong(r, "ARCHMODE %s: this machine is an S/370", words[1]);
}

/* Hercules' name for the first is known too. */
static const struct {
    const char *name;
    enum cpu_facility facility;
    bool usual;
} facilities[] = {
    {"370_EXTENSION", FACILITY_COMPILER, true},
    {"HERC_370_EXTENSION", FACILITY_COMPILER, true},
    {"DAS", FACILITY_DUAL_SPACE, false},
};

static void set_facility(struct reader *r, int count, char **words)
{
    bool on = str_equal(words[1], "ENABLE");
    if (!on && !str_equal(words[1], "DISABLE")) {
        wrong(r, "FACILITY %s: say ENABLE or DISABLE, and which", words[1]);
        return;
    }
    for (unsigned k = 0; k < sizeof facilities / sizeof facilities[0]; k++) {
        if (!str_equal(words[2], facilities[k].name))
            continue;
        uint8_t *unusual = &r->config->facilities;
        *unusual = (uint8_t)(on == facilities[k].usual ? *unusual & ~facilities[k].facility
                                                       : *unusual | facilities[k].facility);
        return;
    }
    wrong(r,
          "FACILITY %s %s: there are 370_EXTENSION (what the C compiler needs) and DAS (dual "
          "address spaces)",
          words[1], words[2]);
}

/* CHANNEL n[-m] TYPE [UNIT...]: the units whose sixteen share a subchannel. */
static void set_channel(struct reader *r, int count, char **words)
{
    static const char *const types[] = {
        [CHANNEL_BYTE] = "BYTE", [CHANNEL_SELECTOR] = "SELECTOR", [CHANNEL_BLOCK] = "BLOCK"};
    uint32_t first, last, unit;
    uint16_t shared = 0;
    uint8_t type = CHANNEL_BYTE;
    char *dash = strchr(words[1], '-');
    if (dash)
        *dash = 0;
    if (!str_hex(words[1], &first) || !str_hex(dash ? dash + 1 : words[1], &last) || last < first ||
        last >= CONFIG_CHANNELS) {
        wrong(r, "CHANNEL %s: give a channel from 0 to F, or two of them as 1-3", words[1]);
        return;
    }
    while (type <= CHANNEL_BLOCK && !str_equal(words[2], types[type]))
        type++;
    if (type > CHANNEL_BLOCK) {
        wrong(r, "CHANNEL %s: '%s' is no type; there are BYTE, SELECTOR, BLOCK", words[1],
              words[2]);
        return;
    }
    for (int i = 3; i < count; i++) {
        if (!str_hex(words[i], &unit) || unit > 0xf0 || (unit & 15) || type == CHANNEL_SELECTOR) {
            wrong(r, "CHANNEL %s: '%s' is not the first of sixteen units of a multiplexer (80)",
                  words[1], words[i]);
            return;
        }
        shared |= (uint16_t)(0x8000 >> (unit >> 4));
    }
    for (uint32_t n = first; n <= last; n++) {
        if (r->config->channels[n].given)
            wrong(r, "CHANNEL %X: its type was given before", n);
        r->config->channels[n].given = true;
        r->config->channels[n].type = type;
        r->config->channels[n].shared = shared;
    }
}

static const struct statement {
    const char *name;
    int least, most; /* operands */
    void (*set)(struct reader *r, int count, char **words);
} statements[] = {
    {"MAINSIZE", 1, 1, set_mainsize},
    {"CNSLPORT", 1, 1, set_cnslport},
    {"CNSLTLS", 1, 3, set_cnsltls},
    {"CPUSERIAL", 1, 1, set_cpuserial},
    {"NUMCPU", 1, 1, set_numcpu},
    {"FACILITY", 2, 2, set_facility},
    {"TOD", 1, 2, set_tod},
    {"IPL", 1, 16, set_ipl},
    {"ARCHMODE", 1, 1, set_archmode},
    {"CHANNEL", 2, 16, set_channel},
    {NULL, 0, 0, NULL},
};

/* --- devices --- */

/* "00C0", "00C0.16" or "00C0-00CF".  False if it isn't that. */
static bool device_range(const char *word, uint32_t *address, uint32_t *count)
{
    char first[16], last[16] = "";
    size_t n = strcspn(word, ".-");
    if (n >= sizeof first || strlen(word) - n >= sizeof last)
        return false;
    memcpy(first, word, n);
    first[n] = 0;
    *count = 1;
    if (!str_hex(first, address) || *address > 0xfff)
        return false;
    if (word[n] == '.' && (!str_decimal(word + n + 1, count) || !*count || *count > 0x1000))
        return false;
    if (word[n] == '-') {
        uint32_t end;
        if (!str_hex(word + n + 1, &end) || end < *address)
            return false;
        *count = end - *address + 1;
    }
    return *address + *count <= 0x1000;
}

/* How long the prefix of a word is behind which a path comes: "watch=decks". */
static size_t path_key(const char *word)
{
    static const char *const keys[] = {"watch=", "hopper=", "binhopper=", "print=", "sf=", "@"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (!strncmp(word, keys[i], strlen(keys[i])))
            return strlen(keys[i]);
    return 0;
}

/* Devices whose first argument is no file: consoles, displays, adapters, lines. */
static bool has_file(const struct device_type *type)
{
    static const char *const without[] = {"CON", "DSP", "CTCA", "LINE"};
    for (unsigned i = 0; i < sizeof without / sizeof *without; i++)
        if (!strcmp(type->class, without[i]))
            return false;
    return true;
}

/* The first argument names a file (* is none) or a socket's address; relative files start at the
 * configuration's directory. */
static char *argument(struct reader *r, const struct device_type *type, int n, int count,
                      char **words)
{
    char path[2 * LINE_SIZE];
    const char *word = words[n];
    size_t key = path_key(word);
    bool is_file = n == 0 && has_file(type) && strcmp(word, "*") != 0;
    for (int i = 0; i < count; i++)
        is_file = is_file && strcmp(words[i], "sockdev") != 0;
    if ((!is_file && !key) || word[key] == '/' || !r->directory || !r->directory[0])
        return copy(word);
    snprintf(path, sizeof path, "%.*s%s/%s", (int)key, word, r->directory, word + key);
    return copy(path);
}

static void add_device(struct reader *r, int count, char **words)
{
    uint32_t address, number;
    if (!device_range(words[0], &address, &number)) {
        wrong(r, "'%s' is neither a statement nor a device address (000 to FFF, 0C0.16, 0C0-0CF)",
              words[0]);
        return;
    }
    if (count < 2) {
        wrong(r, "device %s has no type", words[0]);
        return;
    }
    const struct device_type *type = device_type_find(words[1]);
    if (!type) {
        char known[512] = "";
        for (int i = 0; device_types[i]; i++)
            snprintf(known + strlen(known), sizeof known - strlen(known), " %s",
                     device_types[i]->name);
        wrong(r, "device %s: there is no type '%s'; there are:%s", words[0], words[1], known);
        return;
    }
    for (struct config_device *d = r->config->devices; d; d = d->next) {
        if (address < d->address + d->count && d->address < address + number) {
            wrong(r, "device %s: line %u has that address already", words[0], d->line);
            return;
        }
    }
    struct config_device *device = reserve(sizeof *device);
    device->line = r->line;
    device->address = (uint16_t)address;
    device->count = (uint16_t)number;
    device->type = copy(words[1]);
    for (int i = 2; i < count; i++)
        device->argv[device->argc++] = argument(r, type, i - 2, count - 2, words + 2);
    *r->last = device;
    r->last = &device->next;
}

/* --- lines --- */

static const char *variable(const struct reader *r, const char *name)
{
    for (const struct config_variable *v = r->variables; v && v->name; v++)
        if (!strcmp(v->name, name))
            return v->value;
    return getenv(name);
}

/* Copies `line` to `to`, with the variables' values for their names. */
static bool substitute(struct reader *r, const char *line, char *to, size_t size)
{
    size_t n = 0;
    while (*line) {
        const char *end = line[0] == '$' && line[1] == '(' ? strchr(line, ')') : NULL;
        const char *value = line;
        size_t length = 1;
        if (end) {
            char name[64];
            str_copy(name, line + 2,
                     (size_t)(end - line - 1) < sizeof name ? (size_t)(end - line - 1)
                                                            : sizeof name);
            value = variable(r, name);
            if (!value) {
                wrong(r, "there is no variable $(%s)", name);
                return false;
            }
            length = strlen(value);
            line = end;
        }
        if (n + length >= size) {
            wrong(r, "the line is too long");
            return false;
        }
        memcpy(to + n, value, length);
        n += length;
        line++;
    }
    to[n] = 0;
    return true;
}

/* Splits a line, in place, at blanks outside of quotes; a word that begins with # ends it.
 * The number of words, or -1. */
static int split(struct reader *r, char *line, char **words)
{
    int count = 0;
    for (;;) {
        while (*line == ' ' || *line == '\t' || *line == '\r')
            line++;
        if (!*line || *line == '#')
            return count;
        if (count == WORDS) {
            wrong(r, "there are too many words");
            return -1;
        }
        bool quoted = *line == '"';
        words[count++] = line += quoted;
        line += strcspn(line, quoted ? "\"" : " \t\r");
        if (quoted && !*line) {
            wrong(r, "a quote is not closed");
            return -1;
        }
        if (*line)
            *line++ = 0;
    }
}

static void read_line(struct reader *r, const char *text)
{
    char line[LINE_SIZE], *words[WORDS];
    if (text[strspn(text, " \t\r")] == '#' || !substitute(r, text, line, sizeof line))
        return;
    int count = split(r, line, words);
    if (count <= 0)
        return;
    for (const struct statement *s = statements; s->name; s++) {
        if (!str_equal(words[0], s->name))
            continue;
        if (count - 1 < s->least || count - 1 > s->most)
            wrong(r, "%s has %d operands; it wants %s%d", s->name, count - 1,
                  s->least == s->most ? "" : "at most ", s->most);
        else
            s->set(r, count, words);
        return;
    }
    add_device(r, count, words);
}

static struct config *new_config(const char *name)
{
    struct config *config = reserve(sizeof *config);
    config->name = copy(name);
    config->storage_size = STORAGE_USUAL;
    config->cpu_serial = 1;
    config->cpus = 1;
    return config;
}

struct config *config_read(const char *text, const char *name, const char *directory,
                           const struct config_variable *variables,
                           void (*message)(void *context, const char *text), void *context)
{
    struct config *config = new_config(name);
    struct reader r = {config, &config->devices, directory, variables, message, context, 0, false};
    while (*text) {
        size_t length = strcspn(text, "\n");
        char line[LINE_SIZE];
        r.line++;
        if (length >= sizeof line) {
            wrong(&r, "the line is too long");
        } else {
            memcpy(line, text, length);
            line[length] = 0;
            read_line(&r, line);
        }
        text += length + (text[length] == '\n');
    }
    if (!r.failed)
        return config;
    config_free(config);
    return NULL;
}

static char *read_whole(const char *path)
{
    FILE *f = fopen(path, "re");
    if (!f)
        return NULL;
    size_t n = 0, size = 65536;
    char *text = reserve(size);
    n = fread(text, 1, size - 1, f);
    int error = ferror(f) ? errno : fgetc(f) != EOF ? EFBIG : 0;
    fclose(f);
    text[n] = 0;
    if (!error && strlen(text) != n)
        error = EILSEQ;
    if (!error)
        return text;
    free(text);
    errno = error;
    return NULL;
}

struct config *config_read_file(const char *path, const struct config_variable *variables,
                                void (*message)(void *context, const char *text), void *context)
{
    char *text = read_whole(path);
    if (!text) {
        char line[800];
        snprintf(line, sizeof line, "%s: cannot read this configuration: %s", path,
                 errno == EILSEQ ? "it is not a text" : strerror(errno));
        message(context, line);
        return NULL;
    }
    char *directory = copy(path);
    char *slash = strrchr(directory, '/');
    if (slash)
        *slash = 0;
    struct config *config =
        config_read(text, path, slash ? directory : ".", variables, message, context);
    free(directory);
    free(text);
    return config;
}

void config_free(struct config *config)
{
    if (!config)
        return;
    for (struct config_device *d = config->devices, *next; d; d = next) {
        next = d->next;
        for (int i = 0; i < d->argc; i++)
            free(d->argv[i]);
        free(d->type);
        free(d);
    }
    free(config->console_host);
    free(config->tls_host);
    free(config->certificate);
    free(config->key);
    free(config->name);
    free(config);
}

bool config_attach(const struct config *config, struct machine *m)
{
    bool ok = true;
    m->cpu_serial = config->cpu_serial;
    if (!machine_install_cpus(m, config->cpus)) {
        machine_message(m, "%s: NUMCPU %u: the host has no memory for them", config->name,
                        config->cpus);
        return false;
    }
    for (unsigned k = 0; k < sizeof facilities / sizeof facilities[0]; k++) {
        if (config->facilities & facilities[k].facility)
            cpu_set_facility(m->cpu, facilities[k].facility, !facilities[k].usual);
    }
    for (unsigned n = 0; n < CONFIG_CHANNELS; n++)
        if (config->channels[n].given)
            channel_install(m, n, (enum channel_type)config->channels[n].type,
                            config->channels[n].shared);
    if (config->has_tod)
        machine_set_tod_unix(m, config->tod);
    for (const struct config_device *d = config->devices; d; d = d->next) {
        for (unsigned i = 0; i < d->count; i++) {
            uint16_t address = (uint16_t)(d->address + i);
            const char *error =
                device_attach(m, address, d->type, d->argc, (char **)(uintptr_t)d->argv);
            if (!error)
                continue;
            machine_message(m, "%s:%u: device %04X (%s): %s", config->name, d->line, address,
                            d->type, error);
            ok = false;
        }
    }
    return ok;
}
