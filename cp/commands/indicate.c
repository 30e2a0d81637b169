/* INDICATE: the load of the system, who waits for what, and what a user uses.
 * Source: CP Command Reference for General Users, GC20-1820, and Operator's Guide, GC20-1806. */
#include "cp/commands/commands.h"
#include "cp/commands/state.h"
#include "cp/guest.h"
#include "cp/text/operands.h"
#include "cp/text/ratio.h"
#include "cp/vdev.h"
#include "lib/str.h"

/* --- LOAD --- */

static unsigned per_second(uint32_t count, const struct load_sample *recent)
{
    return ratio(count, clock_milliseconds(recent->tod), 1000);
}

static int indicate_load(struct vmblok *vm, const char *operands)
{
    struct load_sample recent;
    struct load_queues queues;
    load_queues(&queues);
    load_recent(&recent);
    uint64_t busy = recent.tod - recent.idle_time;
    unsigned in = queues.in[QUEUE_1] + queues.in[QUEUE_2];
    unsigned all = in + queues.eligible[QUEUE_1] + queues.eligible[QUEUE_2];
    unsigned tenths = in ? (unsigned)ratio(all, in, 10) : 10;
    cp_printf(vm, "CPU-%03u%% Q1-%02u Q2-%02u E1-%02u E2-%02u STORAGE-%03u%% RATIO-%u.%u",
              (unsigned)ratio(busy, recent.tod, 100), queues.in[QUEUE_1], queues.in[QUEUE_2],
              queues.eligible[QUEUE_1], queues.eligible[QUEUE_2],
              (unsigned)ratio(cp.frame_count - cp.frames_free - cp.high_free, cp.frame_count, 100),
              tenths / 10, tenths % 10);
    cp_printf(vm, "GUESTS-%03u%% CP-%03u%% PAGING-%04u/SEC I/O-%04u/SEC EXITS-%06u/SEC",
              (unsigned)ratio(recent.virtual_time, recent.tod, 100),
              (unsigned)ratio(busy - recent.virtual_time, recent.tod, 100),
              per_second(recent.page_reads + recent.page_writes, &recent),
              per_second(recent.real_io, &recent), per_second(recent.exits, &recent));
    return 0;
}

/* --- QUEUES, I/O, PAGING: all users in turn --- */

/* The real device that a guest's I/O operation is going on at; NULL: there is none. */
static const struct rdev *io_device(const struct vmblok *user)
{
    LIST_EACH(it, &user->vdevs)
    {
        struct vdev *vdev = LIST_ENTRY(it, struct vdev, link);
        bool is_real = vdev->ops == &minidisk_ops || vdev->ops == &dedicated_ops;
        if (vdev->busy && is_real)
            return ((const struct vreal *)vdev->data)->rdev;
    }
    return NULL;
}

/* What a user who is in a queue waits for; NULL: he waits for his terminal or a timer, and is in
 * none. */
static const char *queue_status(const struct vmblok *user)
{
    if (user->task->state == TASK_RUNNING)
        return "R ";
    if (user->task->state == TASK_READY || user->eligible)
        return "  ";
    if (user->page_wait)
        return "PG";
    return io_device(user) ? "IO" : NULL;
}

/* A line about a user, in `line`; false: nothing to be said about him. */
typedef bool describe_function(const struct vmblok *user, char *line, size_t size);

static bool describe_queue(const struct vmblok *user, char *line, size_t size)
{
    const char *status = queue_status(user);
    uint32_t resident, on_disk;
    if (!status)
        return false;
    guest_page_counts(user, &resident, &on_disk);
    fmt(line, size, "%-8s %c%u %s %04u/%04u", user->userid, user->eligible ? 'E' : 'Q',
        user->task->queue == QUEUE_1 ? 1u : 2u, status, (unsigned)resident, (unsigned)on_disk);
    return true;
}

static bool describe_io(const struct vmblok *user, char *line, size_t size)
{
    const struct rdev *rdev = user->task->state == TASK_SLEEPING ? io_device(user) : NULL;
    if (!rdev)
        return false;
    fmt(line, size, "%-8s %03X", user->userid, rdev->address);
    return true;
}

static bool describe_pages(const struct vmblok *user, char *line, size_t size)
{
    uint32_t resident, on_disk;
    guest_page_counts(user, &resident, &on_disk);
    fmt(line, size, "%-8s %04u:%04u", user->userid, (unsigned)resident, (unsigned)on_disk);
    return true;
}

static bool describe_page_wait(const struct vmblok *user, char *line, size_t size)
{
    return user->page_wait && describe_pages(user, line, size);
}

/* Those that there is something to say about, three on a line; `none` if there are none. */
static int each_user(struct vmblok *vm, describe_function *describe, const char *none)
{
    char line[80], one[32];
    size_t used = 0;
    unsigned n = 0;
    for (struct vmblok *user = user_next(NULL); user; user = user_next(user)) {
        if (!describe(user, one, sizeof one))
            continue;
        used += fmt(line + used, sizeof line - used, "%s%s", n % 3 ? ", " : "", one);
        if (++n % 3)
            continue;
        cp_printf(vm, "%s", line);
        used = 0;
    }
    if (n % 3)
        cp_printf(vm, "%s", line);
    if (!n)
        cp_printf(vm, "%s", none);
    return 0;
}

static int indicate_queues(struct vmblok *vm, const char *operands)
{
    return each_user(vm, describe_queue, "NO USERS IN QUEUE");
}

static int indicate_io(struct vmblok *vm, const char *operands)
{
    return each_user(vm, describe_io, "NO USERS CURRENTLY IN I/O WAIT");
}

static int indicate_paging(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    if (!str_word(&operands, word, sizeof word) || str_abbrev(word, "WAIT", 4))
        return each_user(vm, describe_page_wait, "NO USERS CURRENTLY IN PAGEWAIT");
    if (!str_equal(word, "ALL"))
        return error_operand(vm, "IND", word);
    return each_user(vm, describe_pages, "NO USERS LOGGED ON");
}

/* --- USER --- */

struct vmblok *indicate_whom(struct vmblok *vm, const char *operands, int *error)
{
    char word[WORD_SIZE], userid[USERID_SIZE];
    if (!str_word(&operands, word, sizeof word) || str_equal(word, "*"))
        return vm;
    struct vmblok *user = NULL;
    if (!(vm->classes & CLASS_E))
        *error = error_operand(vm, "IND", word);
    else if (!operand_userid(word, userid))
        *error = error_userid(vm, "IND");
    else if ((user = vm_find(userid)) == NULL)
        *error = error_not_logged_on(vm, "IND", userid);
    return user;
}

static int indicate_user(struct vmblok *vm, const char *operands)
{
    char virtual[CLOCK_CPU_SIZE], total[CLOCK_CPU_SIZE];
    uint32_t resident, on_disk;
    int error = 0;
    struct vmblok *user = indicate_whom(vm, operands, &error);
    if (!user)
        return error;
    guest_page_counts(user, &resident, &on_disk);
    clock_format_cpu(virtual, user->virtual_time >> TOD_MICROSECONDS);
    clock_format_cpu(total, user->task->total >> TOD_MICROSECONDS);
    cp_printf(vm, "USERID=%-8s PAGES: RES-%04u DISK-%04u READS=%06u WRITES=%06u", user->userid,
              (unsigned)resident, (unsigned)on_disk, (unsigned)user->count.page_reads,
              (unsigned)user->count.page_writes);
    cp_printf(vm, "VTIME=%s TTIME=%s SIO=%06u RDR-%06u PRT-%06u PCH-%06u", virtual, total,
              (unsigned)user->count.sio, (unsigned)user->count.cards_read,
              (unsigned)user->count.lines_printed, (unsigned)user->count.cards_punched);
    cp_printf(vm, "SIMULATED: PRIV-%06u DIAG-%06u SVC-%06u", (unsigned)user->count.privops,
              (unsigned)user->count.diagnoses, (unsigned)user->count.svcs);
    return 0;
}

/* What is about others is for class E. */
static const struct command forms[] = {
    {"LOAD", 4, CLASS_G | CLASS_E, false, indicate_load, ""},
    {"USER", 4, CLASS_G | CLASS_E, false, indicate_user, ""},
    {"EXITS", 4, CLASS_G | CLASS_E, false, indicate_exits, ""},
    {"QUEUES", 1, CLASS_E, false, indicate_queues, ""},
    {"I/O", 1, CLASS_E, false, indicate_io, ""},
    {"PAGING", 3, CLASS_E, false, indicate_paging, ""},
    {0},
};

int command_indicate(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    if (!str_word(&operands, word, sizeof word))
        return indicate_load(vm, operands);
    const struct command *form = command_find(forms, word, vm->classes);
    return form ? form->run(vm, operands) : error_operand(vm, "IND", word);
}
