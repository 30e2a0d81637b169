/* Runs self-checking programs of the machine: each image is loaded at 0 of a machine of
 * its own, the PSW at 0 is loaded, and the program runs until a disabled wait.  PSW
 * address 0 is good; otherwise the address is the number of the check that failed.  Each
 * runs with the fast loop and in the plain interpreter, which must count alike.
 *
 * usage: runner IMAGE...      exit status 1 if any fails */
#include "s370/machine.h"

#include "lib/be.h"
#include "s370/arch/psw.h"

#include <stdio.h>
#include <stdlib.h>

#define STORAGE_SIZE (2u << 20)
#define TIME_LIMIT   UINT64_C(30000000000) /* ns of machine time */

static void stop_when_done(void *context, enum cpu_state state)
{
    if (state == CPU_DISABLED_WAIT || state == CPU_STOPPED)
        machine_quit(context, 0);
}

static void too_long(struct machine *m, struct event *event)
{
    machine_quit(m, 1);
}

static bool load(struct machine *m, const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        perror(path);
        return false;
    }
    size_t n = fread(m->storage.main, 1, m->storage.size, f);
    bool whole = feof(f) || n < m->storage.size;
    fclose(f);
    if (!n || !whole)
        fprintf(stderr, "%s: empty, or larger than the machine\n", path);
    return n && whole;
}

/* Helps to find out what went wrong. */
static void show_program_old(const struct machine *m)
{
    const uint8_t *p = m->storage.main;
    printf("    program old PSW %08X %08X, ILC and code %08X\n", load_be32(p + 0x28),
           load_be32(p + 0x2c), load_be32(p + 0x8c));
}

static bool no_stop(void *context, struct cpu *cpu, uint32_t address)
{
    return false;
}

/* With the fast loop, or in the plain interpreter.  *count gets the instructions. */
static bool run(const char *path, bool plain, uint64_t *count)
{
    static const struct cpu_watch watch = {.instruction = no_stop};
    struct machine *m = machine_create(STORAGE_SIZE, CLOCK_VIRTUAL);
    struct event limit = {.happen = too_long};
    uint64_t psw;
    bool good = false;
    if (!m)
        return false;
    cpu_reset(m->cpu, true);
    cpu_set_facility(m->cpu, FACILITY_DUAL_SPACE, true);
    if (plain)
        cpu_set_watch(m->cpu, &watch);
    if (load(m, path) && storage_peek(&m->storage, 0, &psw, 8)) {
        psw = __builtin_bswap64(psw);
        m->state_changed = stop_when_done;
        m->state_context = m;
        event_schedule(&m->events, &limit, TIME_LIMIT);
        if (cpu_load_psw(m->cpu, psw)) {
            cpu_start(m->cpu);
            machine_run(m);
        }
        psw = cpu_psw(m->cpu);
        good = cpu_get_state(m->cpu) == CPU_DISABLED_WAIT && !(psw & PSW_ADDRESS);
        *count = cpu_instructions(m->cpu);
        printf("%-32s %-5s ", path, plain ? "plain" : "fast");
        if (good)
            printf("ok, %llu instructions\n", (unsigned long long)*count);
        else if (cpu_get_state(m->cpu) == CPU_DISABLED_WAIT)
            printf("FAILED: check %llu (X'%06llX')\n", (unsigned long long)(psw & PSW_ADDRESS),
                   (unsigned long long)(psw & PSW_ADDRESS));
        else
            printf("FAILED: still running, PSW=%016llX\n", (unsigned long long)psw);
        if (!good)
            show_program_old(m);
    }
    event_cancel(&m->events, &limit);
    machine_destroy(m);
    return good;
}

int main(int argc, char **argv)
{
    int status = 0;
    for (int k = 1; k < argc; k++) {
        uint64_t fast = 0, plain = 0;
        if (!run(argv[k], false, &fast) || !run(argv[k], true, &plain))
            status = 1;
        if (fast != plain) {
            printf("%s: the loops do not count alike\n", argv[k]);
            status = 1;
        }
    }
    return status;
}
