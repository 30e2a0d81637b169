/* How fast the machine is: a loop of common instructions and a program of the compiler,
 * in the fast loop and in the plain interpreter, in one run.
 *
 * usage: bench IMAGE...     each is a program as for the runner */
#include "s370/machine.h"

#include "lib/be.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool no_stop(void *context, struct cpu *cpu, uint32_t address)
{
    return false;
}

/* Runs the image until its disabled wait; MIPS, the best of three. */
static double run(const char *path, bool plain)
{
    static const struct cpu_watch watch = {.instruction = no_stop};
    double best = 0;
    for (int k = 0; k < 3; k++) {
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
        double mips = (double)cpu_instructions(m->cpu) / (seconds() - start) / 1e6;
        if (mips > best)
            best = mips;
        machine_destroy(m);
    }
    return best;
}

int main(int argc, char **argv)
{
    for (int k = 1; k < argc; k++) {
        double fast = run(argv[k], false), plain = run(argv[k], true);
        printf("%-36s %8.1f MIPS, plain %6.1f, ratio %.1f\n", argv[k], fast, plain, fast / plain);
    }
    return 0;
}
