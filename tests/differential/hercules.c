/* Hercules as a black box: a configuration, a script, an image that it loads and one that it
 * saves. */
#include "tests/differential/hercules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void write_file(const char *directory, const char *name, const void *data, size_t size)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(data, 1, size, f) != size || fclose(f)) {
        perror(path);
        exit(1);
    }
}

/* Hercules runs it from a script; its automatic operator saves the storage when the
 * disabled wait is announced, again if the CPU was not stopped yet, and then quits. */
bool run_hercules(const char *directory, const uint8_t *image, size_t size, uint32_t from,
                  uint32_t to, uint8_t *storage)
{
    char text[2048], path[512];
    static const char config[] =
        "CPUSERIAL 000001\nCPUMODEL 0158\nMAINSIZE 16\nXPNDSIZE 0\n"
        "NUMCPU 1\nARCHMODE S/370\nOSTAILOR QUIET\nCNSLPORT 0\n000C 3505 /dev/null\n";
    write_file(directory, "hercules.cnf", config, strlen(config));
    write_file(directory, "image", image, size);
    snprintf(text, sizeof text,
             "hao tgt HHCCP011I\nhao cmd script %s/save.rc\nhao tgt HHCPN102E\n"
             "hao cmd script %s/save.rc\nhao tgt HHCPN170I\nhao cmd quit\n"
             "loadcore %s/image\nrestart\n",
             directory, directory, directory);
    write_file(directory, "run.rc", text, strlen(text));
    snprintf(text, sizeof text, "stopall\nsavecore %s/result %X %X\n", directory, from, to - 1);
    write_file(directory, "save.rc", text, strlen(text));
    snprintf(path, sizeof path, "%s/result", directory);
    snprintf(text, sizeof text,
             "cd %s && HERCULES_RC=run.rc timeout 60 hercules -d -f hercules.cnf "
             "</dev/null >hercules.log 2>&1",
             directory);
    /* Another process may need the same resources at the moment: try again. */
    for (int tries = 0; tries < 3; tries++) {
        unlink(path);
        if (system(text) == -1)
            return false;
        if (access(path, R_OK) == 0)
            break;
    }
    FILE *f = fopen(path, "rb");
    if (!f)
        return false;
    bool read = fread(storage + from, 1, to - from, f) == to - from;
    fclose(f);
    return read;
}
