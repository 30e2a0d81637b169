/* How fast the machine is: runs each image once, in the fast loop or in the plain interpreter,
 * until its disabled wait, and prints name, instructions and milliseconds of CPU time (others'
 * work on the same host counts less than on the clock).  bench.sh makes a table of several runs,
 * beside Hercules.
 *
 * usage: bench [-p] IMAGE...     each is a program as for the runner; -p: plain interpreter */
#include "s370/machine.h"

#include "dat/gate.h"
#include "lib/be.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool no_stop(void *context, struct cpu *cpu, uint32_t address)
{
    return false;
}

/* Runs the image until its disabled wait, which must be at address 0. */
static void run(const char *path, bool plain)
{
    static const struct cpu_watch watch = {.instruction = no_stop};
    struct machine *m = machine_create(2u << 20, CLOCK_VIRTUAL);
    FILE *f = fopen(path, "rb");
    if (!m || !f || !fread(m->storage.main, 1, m->storage.size, f)) {
        perror(path);
        exit(1);
    }
    fclose(f);
    cpu_reset(m->cpu, true);
    if (plain)
        cpu_set_watch(m->cpu, &watch);
    (void)cpu_load_psw(m->cpu, load_be64(m->storage.main));
    cpu_start(m->cpu);
    double start = seconds();
    while (cpu_run(m->cpu, 20000) == CPU_EXIT_LIMIT)
        ;
    double ms = (seconds() - start) * 1e3;
    if (cpu_psw(m->cpu) & ADDRESS_MASK) {
        fprintf(stderr, "%s: ended with PSW %016llX\n", path, (unsigned long long)cpu_psw(m->cpu));
        exit(1);
    }
    const char *name = strrchr(path, '/');
    printf("%s %llu %.3f\n", name ? name + 1 : path, (unsigned long long)cpu_instructions(m->cpu),
           ms);
    machine_destroy(m);
}

int main(int argc, char **argv)
{
    bool plain = argc > 1 && !strcmp(argv[1], "-p");
    for (int k = 1 + plain; k < argc; k++)
        run(argv[k], plain);
    return 0;
}
