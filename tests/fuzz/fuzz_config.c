/* Fuzz target: any bytes as a configuration.  It is refused with messages that name a line, or
 * gives devices whose addresses exist. */
#include "s370/config.h"
#include "s370/cpu/cpu.h"

#include "fuzz_machine.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

bool machine_install_cpus(struct machine *m, unsigned count)
{
    (void)m;
    return count <= 4;
}

void cpu_set_facility(struct cpu *cpu, enum cpu_facility facility, bool on)
{
    (void)cpu;
    (void)facility;
    (void)on;
}

void machine_set_tod_unix(struct machine *m, int64_t seconds)
{
    (void)m;
    (void)seconds;
}

static void count(void *context, const char *text)
{
    ++*(unsigned *)context;
    if (strncmp(text, "fuzz:", 5) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct config_variable variables[] = {{"DATA", "/box"}, {NULL, NULL}};
    unsigned messages = 0;
    char *text = malloc(size + 1);
    memcpy(text, data, size);
    text[size] = 0;
    struct config *config = config_read(text, "fuzz", "dir", variables, count, &messages);
    free(text);
    if (!config != (messages > 0))
        abort();
    for (struct config_device *d = config ? config->devices : NULL; d; d = d->next)
        if (d->address + d->count > 0x1000 || !d->count || d->argc > CONFIG_ARGUMENTS)
            abort();
    config_free(config);
    return 0;
}
