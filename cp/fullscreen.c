/* Full screen, the side of the VM: commands of a guest's channel program become a request of the
 * terminal, which ends in the VM's task again.  Source of DIAGNOSE 58: SC19-6203, "VM/SP System
 * Programmer's Guide", "DIAGNOSE Code X'58' - 3270 Virtual Console Interface". */
#include "cp/fullscreen.h"

#include "cp/commands/state.h"
#include "cp/screen.h"
#include "cp/vmrun.h"
#include "lib/str.h"

#define GOOD (UNIT_CHANNEL_END | UNIT_DEVICE_END)

#define DIAGNOSE_ROWS  0x19
#define DIAGNOSE_WRITE 0x29
#define DIAGNOSE_READ  0x2a

/* The control byte of X'19' ... */
#define ROWS_MORE   0x80 /* MORE... before the data is shown */
#define ROWS_NUMBER 0x3f
#define ROWS_CLEAR  0xff
#define ROWS_FORMAT 0xfe
/* ... and of X'29' and X'2A'. */
#define CONTROL_FIRST      0x80 /* write: erase; read: READ MODIFIED */
#define CONTROL_ALTERNATE  0x40
#define CONTROL_STRUCTURED 0x20
#define CONTROL_ATTENTION  0x10 /* PA1 is the guest's */

static struct screen *screen_of(struct vmblok *vm)
{
    return vm->terminal && !vm->terminal->lost ? vm->terminal->screen : NULL;
}

/* A command that was given up may still go on at the terminal. */
static struct screen *free_screen(struct vmblok *vm)
{
    struct screen *s;
    while ((s = screen_of(vm)) != NULL && s->doing == REQUEST_GUEST && !(vm->work & WORK_FORCE))
        task_sleep(vm);
    return s && s->doing != REQUEST_GUEST ? s : NULL;
}

void screen_guest_free(struct screen_guest *g)
{
    for (unsigned i = 0; i < SCREEN_PAGES; i++)
        if (g->pages[i])
            cp_free(g->pages[i], SCREEN_PAGE);
    memset(g, 0, sizeof *g);
}

static bool need_page(struct screen_guest *g, unsigned n)
{
    g->pages[n] = cp_alloc(SCREEN_PAGE);
    return g->pages[n] != NULL;
}

/* The data of a write.  More than 64K no terminal takes. */
static bool take_data(struct vdev *vdev, struct screen_guest *g)
{
    for (unsigned n = 0; n < SCREEN_PAGES; n++) {
        if (!need_page(g, n))
            return false;
        uint32_t got = vchannel_take(vdev, g->pages[n], SCREEN_PAGE);
        g->length += got;
        if (got < SCREEN_PAGE)
            return true;
    }
    return true;
}

static bool make_room(struct screen_guest *g, const struct vchannel *ch)
{
    uint32_t most = SCREEN_PAGE * SCREEN_PAGES;
    g->length = ch->flags & CCW_CHAIN_DATA ? most : ch->count;
    for (unsigned n = 0; n * SCREEN_PAGE < g->length; n++)
        if (!need_page(g, n))
            return false;
    return true;
}

/* Hands the prepared command to the terminal. */
static unsigned start(struct vdev *vdev, struct screen *s)
{
    struct screen_guest *g = &s->guest;
    command_vm(vdev->vm)->fullscreen = true;
    g->wanted = true;
    vm_interactive(vdev->vm);
    screen_advance(s->t);
    return COMMAND_PENDING;
}

static unsigned begin(struct vdev *vdev, struct vchannel *ch, const struct screen_guest *what)
{
    struct vmblok *vm = vdev->vm;
    struct screen_guest g = *what;
    bool reads = CCW_IS_READ(g.command), control = CCW_IS_CONTROL(g.command);
    bool good = control || (reads ? make_room(&g, ch) : take_data(vdev, &g));
    struct screen *s = good && !ch->channel_status ? free_screen(vm) : NULL;
    if (s) {
        s->guest = g;
        return start(vdev, s);
    }
    screen_guest_free(&g);
    if (ch->channel_status)
        return GOOD;
    return vdev_check(vdev, good ? SENSE_INTERVENTION : SENSE_EQUIPMENT);
}

/* Nobody's 3270: the terminal is a typewriter, or nobody is there. */
static unsigned no_screen(struct vdev *vdev)
{
    command_vm(vdev->vm)->screen_taken |= !vdev->vm->terminal;
    return vdev_check(vdev, vdev->vm->terminal ? SENSE_COMMAND_REJECT : SENSE_INTERVENTION);
}

/* --- DIAGNOSE 58 --- */

/* X'19' for a typewriter: the rows are typed. */
static unsigned type_rows(struct vdev *vdev, struct vchannel *ch)
{
    char text[80];
    if (ch->control >= ROWS_FORMAT)
        return GOOD;
    for (;;) {
        uint32_t n = vchannel_take(vdev, text, sizeof text);
        if (n)
            terminal_write_text(vdev->vm, text, n, 0);
        if (n < sizeof text)
            return GOOD;
        terminal_throttle(vdev->vm);
    }
}

static unsigned rows(struct vdev *vdev, struct vchannel *ch)
{
    struct screen_guest g = {.rows = true, .command = COMMAND_WRITE};
    if (!screen_of(vdev->vm))
        return type_rows(vdev, ch);
    if (ch->control >= ROWS_FORMAT) {
        struct screen *s = free_screen(vdev->vm);
        if (!s)
            return no_screen(vdev);
        g.command = ch->control == ROWS_FORMAT ? COMMAND_ERASE_WRITE : COMMAND_ERASE_UNPROTECTED;
        s->guest = g;
        return start(vdev, s);
    }
    g.row = ch->control & ROWS_NUMBER;
    g.wait = ch->control & ROWS_MORE;
    return begin(vdev, ch, &g);
}

static uint8_t write_command(uint8_t control)
{
    if (control & CONTROL_STRUCTURED)
        return COMMAND_WRITE_STRUCTURED;
    if (!(control & CONTROL_FIRST))
        return COMMAND_WRITE;
    return control & CONTROL_ALTERNATE ? COMMAND_ERASE_WRITE_ALTERNATE : COMMAND_ERASE_WRITE;
}

unsigned fullscreen_diagnose(struct vdev *vdev, struct vchannel *ch)
{
    struct screen_guest g = {.strict = true};
    if (ch->command == DIAGNOSE_ROWS)
        return rows(vdev, ch);
    if (!screen_of(vdev->vm))
        return no_screen(vdev);
    g.keeps_attention = ch->control & CONTROL_ATTENTION;
    if (ch->command == DIAGNOSE_WRITE)
        g.command = write_command(ch->control);
    else if (ch->command == DIAGNOSE_READ)
        g.command = ch->control & CONTROL_FIRST ? COMMAND_READ_MODIFIED : COMMAND_READ_BUFFER;
    else
        return vdev_check(vdev, SENSE_COMMAND_REJECT);
    return begin(vdev, ch, &g);
}

/* --- CONMODE 3270 --- */

unsigned fullscreen_command(struct vdev *vdev, struct vchannel *ch)
{
    static const uint8_t selects[] = {0x0b, 0x1b, 0x2b, 0x3b, 0x4b};
    static const uint8_t known[] = {COMMAND_WRITE,
                                    COMMAND_ERASE_WRITE,
                                    COMMAND_READ_MODIFIED,
                                    COMMAND_ERASE_WRITE_ALTERNATE,
                                    COMMAND_READ_BUFFER,
                                    COMMAND_WRITE_STRUCTURED,
                                    COMMAND_ERASE_UNPROTECTED};
    struct screen_guest g = {.command = ch->command, .keeps_attention = false};
    for (size_t i = 0; i < sizeof selects; i++)
        if (selects[i] == ch->command)
            return GOOD;
    for (size_t i = 0; i < sizeof known; i++)
        if (known[i] == ch->command)
            return screen_of(vdev->vm) ? begin(vdev, ch, &g) : no_screen(vdev);
    return vdev_check(vdev, SENSE_COMMAND_REJECT);
}

/* --- the end --- */

static void give_data(struct vdev *vdev, struct screen_guest *g)
{
    uint32_t left = g->length;
    for (unsigned n = 0; left; n++) {
        uint32_t piece = left < SCREEN_PAGE ? left : SCREEN_PAGE;
        if (vchannel_give(vdev, g->pages[n], piece) < piece)
            return;
        left -= piece;
    }
}

void fullscreen_work(struct vmblok *vm)
{
    struct screen *s = screen_of(vm);
    struct vdev *console = vm->console;
    if (!command_vm(vm)->fullscreen || (s && !s->guest.over))
        return;
    command_vm(vm)->fullscreen = false;
    uint8_t status = UNIT_CHECK | GOOD;
    if (s) {
        status = s->guest.status;
        if (console && CCW_IS_READ(s->guest.command) && !(status & UNIT_CHECK))
            give_data(console, &s->guest);
        if (console && status & UNIT_CHECK)
            vdev_check(console, s->guest.sense);
        screen_guest_free(&s->guest);
    } else {
        command_vm(vm)->screen_taken = true;
        if (console)
            vdev_check(console, SENSE_INTERVENTION);
    }
    if (console)
        vchannel_end(console, status);
}

void fullscreen_cancel(struct vmblok *vm)
{
    struct screen *s = vm->terminal ? vm->terminal->screen : NULL;
    if (!command_vm(vm)->fullscreen)
        return;
    command_vm(vm)->fullscreen = false;
    if (s)
        screen_guest_cancel(s);
}

void fullscreen_resumed(struct vmblok *vm)
{
    struct screen *s = screen_of(vm);
    if (command_vm(vm)->screen_taken && s && vm->console && !s->guest.wanted)
        vdev_attention(vm->console, UNIT_ATTENTION);
    command_vm(vm)->screen_taken = false;
}
