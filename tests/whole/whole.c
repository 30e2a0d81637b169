/* Whole programs, here and on Hercules (the Debian package, as a black box): the same image is
 * loaded at 0 of both machines, started by RESTART, and runs to its disabled wait.  Then all that
 * it has left must be the same: PSW, prefix, general, floating-point and control registers, every
 * byte of storage, every key.  What the manual leaves open is named in `compare`.
 *
 * usage: whole DIRECTORY IMAGE... [-e IMAGE...]
 * Those behind -e run in ESA/390 with 24-bit addresses on Hercules, since they have relative
 * branches, which its System/370 lacks.  Files are left in DIRECTORY.  Without Hercules: says so,
 * and compares nothing. */
#include "lib/be.h"
#include "s370/arch/control.h"
#include "s370/arch/psw.h"
#include "s370/machine.h"
#include "tests/differential/hercules.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MEGABYTES    2u
#define STORAGE      (MEGABYTES << 20)
#define KEYS         (STORAGE / STORAGE_BLOCK)
#define INSTRUCTIONS UINT64_C(4000000000) /* more than any program here */
#define AT_ONCE      3u                   /* Hercules takes its time to begin and to end */

struct program {
    const char *name;
    bool esa;
    uint8_t *image;
    size_t size;
    unsigned unlike;
};

static void differs(struct program *p, const char *what, unsigned n, uint64_t ours, uint64_t theirs)
{
    if (++p->unlike <= 12)
        printf("whole: %s: %s %X: ours %llX, Hercules %llX\n", p->name, what, n,
               (unsigned long long)ours, (unsigned long long)theirs);
}

/* In the BC mode code and instruction length are those of an interruption: they mean nothing in the
 * current PSW. */
static uint64_t psw_of(uint64_t psw)
{
    return psw & PSW_EC ? psw : psw & ~UINT64_C(0x0000ffffc0000000);
}

static void compare_registers(struct program *p, const struct machine *m,
                              const struct hercules_state *theirs)
{
    const struct cpu_state_regs *ours = cpu_regs(m->cpu);
    uint64_t psw = psw_of(cpu_psw(m->cpu)), their_psw = psw_of(theirs->psw);
    if (psw != their_psw)
        differs(p, "PSW", 0, psw, their_psw);
    if (cpu_prefix(m->cpu) != theirs->prefix)
        differs(p, "prefix", 0, cpu_prefix(m->cpu), theirs->prefix);
    for (unsigned k = 0; k < 16; k++) {
        if (ours->gr[k] != theirs->gr[k])
            differs(p, "general register", k, ours->gr[k], theirs->gr[k]);
        /* ESA/390 has other uses for CR2 and CR15, and other initial values. */
        if (ours->cr[k] != theirs->cr[k] && !(p->esa && (k == 2 || k == 15)))
            differs(p, "control register", k, ours->cr[k], theirs->cr[k]);
    }
    for (unsigned k = 0; k < 4; k++) {
        if (ours->fpr[k] != theirs->fpr[k])
            differs(p, "floating-point register", 2 * k, ours->fpr[k], theirs->fpr[k]);
    }
}

static void compare(struct program *p, const struct machine *m, const uint8_t *storage,
                    const struct hercules_state *state)
{
    const uint8_t *main = m->storage.main, *keys = m->storage.keys;
    compare_registers(p, m, state);
    for (uint32_t at = 0; at < STORAGE; at++) {
        /* "Interval Timer": it goes by the time of the day. */
        if (main[at] != storage[at] && at / 4 != 0x50 / 4)
            differs(p, "storage", at, main[at], storage[at]);
    }
    for (uint32_t k = 0; k < KEYS; k++) {
        /* ESA/390 has one key for 4096 bytes. */
        uint32_t other = p->esa ? k ^ 1 : k;
        uint8_t key = keys[k] | keys[other], their_key = state->keys[k] | state->keys[other];
        if (key != their_key)
            differs(p, "key of", k * STORAGE_BLOCK, key, their_key);
    }
}

static struct machine *run_ours(const struct program *p)
{
    struct machine *m = machine_create(STORAGE, CLOCK_VIRTUAL);
    if (!m)
        exit(1);
    machine_system_reset(m, true);
    if (!storage_poke(&m->storage, 0, p->image, (uint32_t)p->size))
        exit(1);
    /* As Hercules' `loadcore` leaves them. */
    for (uint32_t at = 0; at < p->size; at += STORAGE_BLOCK)
        m->storage.keys[at / STORAGE_BLOCK] |= KEY_REFERENCE | KEY_CHANGE;
    cpu_restart(m->cpu);
    cpu_start(m->cpu);
    while (cpu_run(m->cpu, 1000000) == CPU_EXIT_LIMIT && cpu_instructions(m->cpu) < INSTRUCTIONS)
        ;
    return m;
}

/* The program's files are in a directory of its own. */
static bool run_theirs(const struct program *p, const char *directory, uint8_t *storage,
                       struct hercules_state *state)
{
    char own[512];
    snprintf(own, sizeof own, "%s/%s.files", directory, p->name);
    (void)mkdir(own, 0777);
    const struct hercules_run run = {.directory = own,
                                     .mode = p->esa ? "ESA/390" : "S/370",
                                     .megabytes = MEGABYTES,
                                     .image = p->image,
                                     .size = p->size,
                                     .from = 0,
                                     .to = STORAGE,
                                     .storage = storage,
                                     .state = state};
    if (run_hercules(&run))
        return true;
    printf("whole: %s: comes to no end on Hercules: see %s/hercules.log\n", p->name, own);
    return false;
}

static bool load(struct program *p, const char *path)
{
    p->image = malloc(STORAGE);
    FILE *f = fopen(path, "rb");
    p->size = f && p->image ? fread(p->image, 1, STORAGE, f) : 0;
    if (!p->size)
        fprintf(stderr, "whole: cannot load %s\n", path);
    if (f)
        fclose(f);
    return p->size;
}

/* Runs one program on both.  It must also be content with itself: a self-checking program ends at
 * the address 0. */
static bool check(const char *directory, char *path, bool esa)
{
    char *copy = strdup(path);
    struct program p = {.name = copy ? basename(copy) : path, .esa = esa};
    struct hercules_state state = {.keys = calloc(1, KEYS)};
    uint8_t *storage = calloc(1, STORAGE);
    if (!state.keys || !storage || !load(&p, path))
        exit(1);
    struct machine *m = run_ours(&p);
    if (cpu_get_state(m->cpu) != CPU_DISABLED_WAIT || (cpu_psw(m->cpu) & PSW_ADDRESS))
        differs(&p, "no good end: PSW", 0, cpu_psw(m->cpu), 0);
    else if (!run_theirs(&p, directory, storage, &state))
        p.unlike++;
    else
        compare(&p, m, storage, &state);
    if (!p.unlike)
        printf("whole: %s: registers, PSW, storage and keys as on Hercules after %llu "
               "instructions\n",
               p.name, (unsigned long long)cpu_instructions(m->cpu));
    machine_destroy(m);
    free(state.keys);
    free(storage);
    free(p.image);
    free(copy);
    return !p.unlike;
}

static bool wait_for_one(void)
{
    int status;
    return wait(&status) > 0 && WIFEXITED(status) && !WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
    unsigned running = 0, failed = 0, count = 0;
    bool esa = false;
    if (argc < 3) {
        fprintf(stderr, "usage: whole DIRECTORY IMAGE... [-e IMAGE...]\n");
        return 2;
    }
    if (system("command -v hercules >/dev/null 2>&1") != 0) {
        printf("whole: hercules is not installed: nothing compared\n");
        return 0;
    }
    char *directory = realpath(argv[1], NULL);
    if (!directory) {
        perror(argv[1]);
        return 1;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (int k = 2; k < argc; k++) {
        if (!strcmp(argv[k], "-e")) {
            esa = true;
            continue;
        }
        if (running == AT_ONCE)
            failed += !wait_for_one();
        else
            running++;
        count++;
        pid_t child = fork();
        if (child == 0)
            exit(!check(directory, argv[k], esa));
        if (child < 0) {
            perror("whole");
            return 1;
        }
    }
    for (; running; running--)
        failed += !wait_for_one();
    printf("whole: %u programs, %u unlike Hercules\n", count, failed);
    free(directory);
    return failed != 0;
}
