/* CP comes up: from the entry of the nucleus to the operator's logon.
 *
 * cp_main runs once, on the dispatcher's stack, without tasks; what needs I/O is done by the
 * first task, come_up. */
#include "cp/command.h"
#include "cp/high.h"
#include "cp/lowstor.h"
#include "cp/s370.h"
#include "cp/state.h"
#include "cp/trap.h"
#include "cp/userdir.h"
#include "lib/str.h"

extern char __bss_end[];
bool probe_storage(uint32_t address);
bool probe_float(void);
void cp_main(uint32_t ipl_address) __attribute__((noreturn));

#define STORAGE_STEP  0x10000u
#define STORAGE_LEAST 0x80000u
#define CP_LEVEL      "datbox CP Release 1"

/* Storage is contiguous from 0: its size shows by an addressing exception. */
static uint32_t find_storage_size(void)
{
    uint32_t size = STORAGE_STEP;
    while (size < LOW_STORAGE && probe_storage(size))
        size += STORAGE_STEP;
    return size < LOW_STORAGE ? size : high_find();
}

static void banner(void)
{
    struct civil_time t;
    static const char *const days[] = {"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"};
    cp.ipl_tod = tod_now();
    civil_from_tod(cp.ipl_tod, &t);
    early_printf("%s, IPL from %03X, storage %uK, %02u:%02u:%02u UTC %s %02u/%02u/%02u", CP_LEVEL,
                 (unsigned)cp.ipl_address, (unsigned)(cp.storage_size / 1024), t.hour, t.minute,
                 t.second, days[t.weekday], t.month, t.day, t.year % 100);
}

/* The first task. */
static void come_up(void *unused)
{
    rio_init();
    banner();
    cp.residence = rdev_find(cp.ipl_address);
    slots_init();
    if (!cp.residence || !cp.residence->is_system)
        early_printf("DMKCPI950W %03X IS NOT A CP VOLUME: NO DIRECTORY, SPOOL OR PAGING THERE",
                     (unsigned)cp.ipl_address);
    /* Decks in the readers are looked at as soon as the spool is up: whose they are must be
     * known by then. */
    if (!userdir_open())
        early_printf("NO USER DIRECTORY ON %s: NOBODY CAN LOG ON",
                     cp.residence ? cp.residence->volser : "THE RESIDENCE");
    recover();
    commands_start();
}

void cp_main(uint32_t ipl_address)
{
    cp.ipl_address = (uint16_t)ipl_address;
    traps_init();
    uint32_t size = find_storage_size();
    low_has_float = probe_float();
    cp.cpu_model = (uint16_t)(s370_stidp() >> 16);
    list_init(&cp.vms);
    list_init(&cp.rdevs);
    list_init(&cp.saved_systems);
    list_init(&cp.errors_waiting);
    if (size < STORAGE_LEAST)
        panic(PANIC_STORAGE, "%uK OF STORAGE IS NOT ENOUGH, CP NEEDS %uK", (unsigned)(size / 1024),
              (unsigned)(STORAGE_LEAST / 1024));
    frames_init((uint32_t)__bss_end, size);
    high_init();
    tasks_init();
    if (!task_create("PAGER", NULL, pager_main, NULL) ||
        !task_create("COMEUP", NULL, come_up, NULL))
        halt_machine(PANIC_STORAGE);
    dispatcher_run();
}
