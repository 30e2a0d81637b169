/* A whole machine, CPU and all, for fuzz targets; it is made once and runs for a bounded time.
 * What is in files lies in a directory of its own, which is the current one while an input is
 * tried: inputs may name files. */
#ifndef TESTS_FUZZ_FUZZ_SYSTEM_H
#define TESTS_FUZZ_FUZZ_SYSTEM_H

#include "s370/io/channel.h"
#include "s370/machine.h"
#include "s370/media/ckd_image.h"
#include "s370/operator/operator.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#define SYSTEM_STORAGE 0x20000u /* bytes */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct machine *system_machine;
static char system_directory[] = "/tmp/datbox-fuzz-XXXXXX";
static int system_back; /* the directory where the fuzzer works */

static void ignore_message(void *context, const char *line)
{
    (void)context, (void)line;
}

static inline void system_put(const char *name, const char *text)
{
    FILE *f = fopen(name, "w");
    if (!f)
        abort();
    fputs(text, f);
    fclose(f);
}

/* Empties the directory, and puts a deck and a disk of one cylinder there. */
static inline void system_files(void)
{
    char message[256];
    DIR *dir = opendir(".");
    for (struct dirent *entry; (entry = readdir(dir));)
        (void)unlink(entry->d_name);
    closedir(dir);
    system_put("deck", "ONE\nTWO\nTHREE\n");
    if (ckd_image_create("disk", ckd_geometry_find("2311"), 1, message, sizeof message))
        abort();
}

static void system_remove(void)
{
    if (chdir(system_directory) == 0)
        system_files();
    (void)unlink("deck");
    (void)unlink("disk");
    (void)!chdir("/");
    (void)rmdir(system_directory);
}

static inline void system_attach(uint16_t address, const char *type, const char *first,
                                 const char *second)
{
    char *argv[2] = {(char *)first, (char *)second};
    if (device_attach(system_machine, address, type, second ? 2 : first != NULL, argv))
        abort();
}

/* Into the directory, with the machine as it is at power-on, without devices. */
static inline void system_begin(void)
{
    if (!system_machine) {
        system_machine = machine_create(SYSTEM_STORAGE, CLOCK_VIRTUAL);
        system_back = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (!system_machine || system_back < 0 || !mkdtemp(system_directory) ||
            chdir(system_directory))
            abort();
        atexit(system_remove);
        system_machine->message = ignore_message;
        system_files();
    }
    if (chdir(system_directory))
        abort();
    machine_system_reset(system_machine, true);
    system_machine->quit = false;
}

static inline void system_end(void)
{
    struct device *d;
    while ((d = device_next(system_machine, NULL)))
        if (device_detach(system_machine, d->address))
            abort();
    if (system_machine->events.first)
        abort(); /* somebody has gone and left an event */
    machine_system_reset(system_machine, true);
    uv_run(system_machine->loop, UV_RUN_NOWAIT);
    if (fchdir(system_back))
        abort();
}

/* --- running for a while --- */

#define LOOK_NS   50000u
#define LOOK_MOST (LOOK_NS << 10)
static struct {
    struct event event;
    unsigned looks, most;
    uint64_t executed, delay;
} system_limit;

/* Instructions cost time, waiting does not: so it may take longer and longer. */
static void system_look(struct machine *m, struct event *event)
{
    uint64_t executed = cpu_instructions(m->cpu);
    bool runs = executed != system_limit.executed;
    system_limit.executed = executed;
    system_limit.looks += runs ? 5 : 1;
    system_limit.delay = runs ? LOOK_NS : system_limit.delay * 2;
    if (system_limit.delay > LOOK_MOST)
        system_limit.delay = LOOK_MOST;
    if (system_limit.looks > system_limit.most)
        machine_quit(m, 0);
    else
        event_schedule(&m->events, event, machine_now(m) + system_limit.delay);
}

/* Runs for `looks` at most; one that finds the CPU at work counts as five. */
static inline void system_run(unsigned looks)
{
    system_limit.most = looks;
    system_limit.looks = 0;
    system_limit.delay = LOOK_NS;
    system_limit.event.happen = system_look;
    system_machine->quit = false;
    event_schedule(&system_machine->events, &system_limit.event, machine_now(system_machine));
    machine_run(system_machine);
    event_cancel(&system_machine->events, &system_limit.event);
    system_machine->quit = false;
}

static inline void system_poke(uint32_t address, const void *bytes, size_t length)
{
    if (!storage_poke(&system_machine->storage, address, bytes, (uint32_t)length))
        abort();
}

#endif
