/* Hercules as a black box: a configuration, a script, an image that it loads and one that it
 * saves, and what its commands print about the rest. */
#include "tests/differential/hercules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define KEY_BLOCK 2048u

static FILE *open_file(const struct hercules_run *run, const char *name, const char *how)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", run->directory, name);
    return fopen(path, how);
}

static void close_file(FILE *f, const char *name)
{
    if (!f || ferror(f) | fclose(f)) {
        perror(name);
        exit(1);
    }
}

/* The automatic operator saves all when the disabled wait is announced, again if the CPU was not
 * stopped yet, and quits when that is done. */
static void write_files(const struct hercules_run *run)
{
    const char *directory = run->directory;
    FILE *f = open_file(run, "hercules.cnf", "w");
    if (f)
        fprintf(f,
                "CPUSERIAL 000001\nCPUMODEL 0158\nMAINSIZE %u\nXPNDSIZE 0\nNUMCPU 1\nARCHMODE %s\n"
                "OSTAILOR QUIET\nCNSLPORT 0\n%s",
                run->megabytes, run->mode, run->devices ? run->devices : "000C 3505 /dev/null\n");
    close_file(f, "hercules.cnf");
    f = open_file(run, "image", "wb");
    if (f)
        fwrite(run->image, 1, run->size, f);
    close_file(f, "image");
    f = open_file(run, "run.rc", "w");
    if (f)
        fprintf(f,
                "hao tgt HHCCP011I\nhao cmd script %s/save.rc\nhao tgt HHCPN102E\n"
                "hao cmd script %s/save.rc\nhao tgt HHCPN170I\nhao cmd quit\n"
                "loadcore %s/image\nrestart\n",
                directory, directory, directory);
    close_file(f, "run.rc");
    f = open_file(run, "save.rc", "w");
    if (f) {
        fprintf(f, "stopall\n");
        if (run->state)
            fprintf(f, "gpr\nfpr\ncr\npsw\npr\n");
        for (uint32_t at = 0; run->state && at < run->megabytes << 20; at += KEY_BLOCK)
            fprintf(f, "r %X.1\n", at);
        fprintf(f, "savecore %s/result %X %X\n", directory, run->from, run->to - 1);
    }
    close_file(f, "save.rc");
}

/* One line of what was printed: `GR00=01234567  GR01=...`, `FPR0=01234567 89ABCDEF  FPR2=...`,
 * `PSW=...`, `Prefix=...`, `R:00000800:K:06=...`. */
static void read_line(const struct hercules_run *run, const char *line)
{
    struct hercules_state *state = run->state;
    unsigned n, high, low, key;
    if (sscanf(line, "R:%x:K:%x=", &n, &key) == 2 && n < run->megabytes << 20)
        state->keys[n / KEY_BLOCK] = (uint8_t)key;
    if (sscanf(line, "PSW=%8x %8x", &high, &low) == 2)
        state->psw = (uint64_t)high << 32 | low;
    (void)sscanf(line, "Prefix=%x", &state->prefix);
    for (const char *p = line; *p; p++) {
        if (sscanf(p, "GR%2u=%8x", &n, &low) == 2 && n < 16)
            state->gr[n] = low;
        if (sscanf(p, "CR%2u=%8x", &n, &low) == 2 && n < 16)
            state->cr[n] = low;
        if (sscanf(p, "FPR%1u=%8x %8x", &n, &high, &low) == 3 && n < 8)
            state->fpr[n / 2] = (uint64_t)high << 32 | low;
    }
}

static bool read_state(const struct hercules_run *run)
{
    char line[256];
    FILE *f = open_file(run, "hercules.log", "r");
    if (!f)
        return false;
    while (fgets(line, sizeof line, f))
        read_line(run, line);
    fclose(f);
    return true;
}

bool run_hercules(const struct hercules_run *run)
{
    char text[1200], result[512];
    size_t length = run->to - run->from;
    write_files(run);
    snprintf(result, sizeof result, "%s/result", run->directory);
    snprintf(text, sizeof text,
             "cd %s && HERCULES_RC=run.rc timeout 60 hercules -d -f hercules.cnf "
             "</dev/null >hercules.log 2>&1",
             run->directory);
    /* Another process may need the same resources at the moment: try again. */
    for (int tries = 0; tries < 3; tries++) {
        unlink(result);
        if (system(text) == -1)
            return false;
        if (access(result, R_OK) == 0)
            break;
    }
    FILE *f = fopen(result, "rb");
    if (!f)
        return false;
    bool read = fread(run->storage + run->from, 1, length, f) == length;
    fclose(f);
    return read && (!run->state || read_state(run));
}
