/* Whole programs, here and on Hercules (the Debian package, as a black box): the same image is
 * loaded at 0 of both machines, started by RESTART, and runs to its disabled wait.  Then all that
 * it has left must be the same: PSW, prefix, general, floating-point and control registers, every
 * byte of storage, every key.  What the manual leaves open is named in `compare`.
 *
 * usage: whole DIRECTORY [-d DECK] IMAGE... [-e IMAGE...]
 * With -d the next image has a reader 00C with this deck and a printer 00E, and what is printed
 * must be the same too.  Those behind -e run in ESA/390 with 24-bit addresses on Hercules, since
 * they have relative branches, which its System/370 lacks.  Files are left in DIRECTORY.  Without
 * Hercules: says so, and compares nothing. */
#include "lib/be.h"
#include "s370/arch/control.h"
#include "s370/arch/psw.h"
#include "s370/io/device.h"
#include "s370/machine.h"
#include "tests/differential/hercules.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MEGABYTES  2u
#define STORAGE    (MEGABYTES << 20)
#define KEYS       (STORAGE / STORAGE_BLOCK)
#define TIME_LIMIT UINT64_C(400000000000) /* ns of machine time: more than any program here */
#define AT_ONCE    3u                     /* Hercules takes its time to begin and to end */

struct program {
    const char *name;
    const char *deck;            /* NULL: no devices */
    char directory[512];         /* for its files */
    char ours[600], theirs[600]; /* what is printed */
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

static void attach(struct machine *m, const struct program *p)
{
    char *reader[] = {(char *)p->deck, (char *)"ascii", (char *)"trunc", (char *)"eof"};
    char *printer[] = {(char *)p->ours};
    const char *wrong = device_attach(m, 0x00c, "3505", 4, reader);
    if (!wrong)
        wrong = device_attach(m, 0x00e, "1403", 1, printer);
    if (wrong) {
        fprintf(stderr, "whole: %s\n", wrong);
        exit(1);
    }
}

static void stop_when_done(void *context, enum cpu_state state)
{
    if (state == CPU_DISABLED_WAIT || state == CPU_STOPPED)
        machine_quit(context, 0);
}

static void too_long(struct machine *m, struct event *event)
{
    machine_quit(m, 1);
}

static struct machine *run_ours(const struct program *p)
{
    struct machine *m = machine_create(STORAGE, CLOCK_VIRTUAL);
    struct event limit = {.happen = too_long};
    if (!m)
        exit(1);
    if (p->deck)
        attach(m, p);
    machine_system_reset(m, true);
    if (!storage_poke(&m->storage, 0, p->image, (uint32_t)p->size))
        exit(1);
    /* As Hercules' `loadcore` leaves them. */
    for (uint32_t at = 0; at < p->size; at += STORAGE_BLOCK)
        m->storage.keys[at / STORAGE_BLOCK] |= KEY_REFERENCE | KEY_CHANGE;
    cpu_restart(m->cpu);
    cpu_start(m->cpu);
    m->state_changed = stop_when_done;
    m->state_context = m;
    event_schedule(&m->events, &limit, TIME_LIMIT);
    (void)machine_run(m);
    event_cancel(&m->events, &limit);
    return m;
}

static bool run_theirs(const struct program *p, uint8_t *storage, struct hercules_state *state)
{
    char devices[1600];
    snprintf(devices, sizeof devices, "000C 3505 %s ascii trunc eof\n000E 1403 %s\n", p->deck,
             p->theirs);
    const struct hercules_run run = {.directory = p->directory,
                                     .mode = p->esa ? "ESA/390" : "S/370",
                                     .megabytes = MEGABYTES,
                                     .devices = p->deck ? devices : NULL,
                                     .image = p->image,
                                     .size = p->size,
                                     .from = 0,
                                     .to = STORAGE,
                                     .storage = storage,
                                     .state = state};
    if (run_hercules(&run))
        return true;
    printf("whole: %s: comes to no end on Hercules: see %s/hercules.log\n", p->name, p->directory);
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

static size_t read_print(const char *path, char *text, size_t size)
{
    FILE *f = fopen(path, "r");
    size_t n = f ? fread(text, 1, size, f) : 0;
    if (f)
        fclose(f);
    return n;
}

static void compare_print(struct program *p)
{
    static char ours[16384], theirs[16384];
    size_t n = read_print(p->ours, ours, sizeof ours),
           size = read_print(p->theirs, theirs, sizeof theirs);
    if (!n || n != size || memcmp(ours, theirs, n)) {
        printf("whole: %s: %s and %s are not the same\n", p->name, p->ours, p->theirs);
        p->unlike++;
    }
}

static void name_files(struct program *p, const char *directory)
{
    snprintf(p->directory, sizeof p->directory, "%s/%s.files", directory, p->name);
    snprintf(p->ours, sizeof p->ours, "%s/print.ours", p->directory);
    snprintf(p->theirs, sizeof p->theirs, "%s/print.theirs", p->directory);
    (void)mkdir(p->directory, 0777);
    unlink(p->ours);
    unlink(p->theirs);
}

/* Runs one program on both.  It must also be content with itself: a self-checking program ends at
 * the address 0. */
static bool check(const char *directory, char *path, const char *deck, bool esa)
{
    char *copy = strdup(path);
    struct program p = {.name = copy ? basename(copy) : path, .deck = deck, .esa = esa};
    struct hercules_state state = {.keys = calloc(1, KEYS)};
    uint8_t *storage = calloc(1, STORAGE);
    if (!state.keys || !storage || !load(&p, path))
        exit(1);
    name_files(&p, directory);
    struct machine *m = run_ours(&p);
    if (cpu_get_state(m->cpu) != CPU_DISABLED_WAIT || (cpu_psw(m->cpu) & PSW_ADDRESS))
        differs(&p, "no good end: PSW", 0, cpu_psw(m->cpu), 0);
    else if (!run_theirs(&p, storage, &state))
        p.unlike++;
    else
        compare(&p, m, storage, &state);
    uint64_t count = cpu_instructions(m->cpu);
    machine_destroy(m);
    if (deck && !p.unlike)
        compare_print(&p);
    if (!p.unlike)
        printf("whole: %s: registers, PSW, storage and keys as on Hercules after %llu "
               "instructions\n",
               p.name, (unsigned long long)count);
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
    char *deck = NULL;
    if (argc < 3) {
        fprintf(stderr, "usage: whole DIRECTORY [-d DECK] IMAGE... [-e IMAGE...]\n");
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
        if (!strcmp(argv[k], "-d") && k + 1 < argc) {
            deck = realpath(argv[++k], NULL);
            continue;
        }
        if (running == AT_ONCE)
            failed += !wait_for_one();
        else
            running++;
        count++;
        pid_t child = fork();
        if (child == 0)
            exit(!check(directory, argv[k], deck, esa));
        if (child < 0) {
            perror("whole");
            return 1;
        }
        free(deck);
        deck = NULL;
    }
    for (; running; running--)
        failed += !wait_for_one();
    printf("whole: %u programs, %u unlike Hercules\n", count, failed);
    free(directory);
    return failed != 0;
}
