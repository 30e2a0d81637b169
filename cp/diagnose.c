/* DIAGNOSE: see diagnose.h.  Source: VM/370 System Programmer's Guide, GC20-1807, "DIAGNOSE
 * Instruction in a Virtual Machine"; addresses are guest real. */
#include "cp/diagnose.h"

#include "cp/account.h"
#include "cp/commands/commands.h"
#include "cp/commands/state.h"
#include "cp/guest.h"
#include "cp/screen.h"
#include "cp/userdir.h"
#include "cp/vconsole.h"
#include "cp/vdev.h"
#include "cp/text/operands.h"
#include "cp/vmrun.h"
#include "cp/vtimer_device.h"
#include "lib/be.h"
#include "lib/str.h"
#include "s370/arch/ccw.h"
#include "s370/arch/codes.h"

#define NEW_LINE      ((char)0x15)
#define COMMAND_MAX   240
#define RESPONSE_MAX  8192
#define MESSAGE_CODE  10 /* "DMKxxxnnnE" */
#define ADDRESS(word) ((word)&0x00ffffff)

#define ANY CLASS_ANY

static const struct {
    uint16_t code;
    uint8_t classes; /* one of them is needed */
    diagnose_function *run;
} rows[] = {
    {0x00, ANY, diagnose_identify},
    {0x04, CLASS_C | CLASS_E, diagnose_examine},
    {0x08, ANY, diagnose_command},
    {0x0c, ANY, diagnose_timer},
    {0x10, ANY, diagnose_release},
    {0x14, ANY, diagnose_spool},
    {0x18, ANY, diagnose_disk},
    {0x1c, CLASS_F, diagnose_clear_errors},
    {0x20, ANY, diagnose_general_io},
    {0x24, ANY, diagnose_device},
    {0x28, ANY, diagnose_change},
    {0x2c, CLASS_C | CLASS_E | CLASS_F, diagnose_find_errors},
    {0x30, CLASS_C | CLASS_E | CLASS_F, diagnose_read_errors},
    {0x34, CLASS_C | CLASS_E, diagnose_dump},
    {0x38, CLASS_C | CLASS_E, diagnose_symbols},
    {0x3c, CLASS_A | CLASS_B | CLASS_C, diagnose_swap},
    {0x44, ANY, diagnose_yield},
    {0x48, ANY, diagnose_record},
    {0x4c, ANY, diagnose_account},
    {0x54, ANY, diagnose_pa2},
    {0x58, ANY, diagnose_display},
    {0x5c, ANY, diagnose_message},
    {0x60, ANY, diagnose_storage},
    {0x64, ANY, diagnose_segment},
    {0x68, ANY, diagnose_vmcf},
    {0x6c, ANY, diagnose_shadow},
    {0x70, ANY, diagnose_clock},
    {0x8c, ANY, diagnose_features},
};

void diagnose(struct vmblok *vm, uint32_t code, unsigned r1, unsigned r2)
{
    const struct diagnose d = {code, r1, r2};
    int result = -PGM_SPECIFICATION;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].code == code)
            result = rows[i].classes & vm->classes ? rows[i].run(vm, &d) : -PGM_PRIVILEGED;
    if (result < 0)
        vm_program(vm, (uint32_t)-result, 4);
    else if (result != DIAGNOSE_KEEP_CC)
        vm_set_cc(vm, (unsigned)result);
}

/* 00: 40 bytes that say who the guest runs under; Rx address, Ry how many it wants. */
int diagnose_identify(struct vmblok *vm, const struct diagnose *d)
{
    uint32_t *gr = vm->regs.gr;
    struct {
        char system[8];
        uint8_t reserved[3], version;
        be16 mcel, cpu;
        char userid[8];
        uint8_t programs[8];
        be32 zone; /* seconds east of UTC */
        be32 release;
    } id = {.version = 1};
    LAYOUT(__typeof__(id), 40);
    uint32_t length = gr[d->ry] < sizeof id ? gr[d->ry] : sizeof id;
    if ((int32_t)gr[d->ry] <= 0 || gr[d->rx] % 8)
        return -PGM_SPECIFICATION;
    str_pad(id.system, "VM/370", sizeof id.system); /* what guests look for */
    str_pad(id.userid, vm->userid, sizeof id.userid);
    put32(&id.zone, (uint32_t)cp.zone);
    put32(&id.release, 6);
    if (!guest_write(vm, ADDRESS(gr[d->rx]), &id, length))
        return -PGM_ADDRESSING;
    gr[d->ry] -= length;
    return DIAGNOSE_KEEP_CC;
}

/* --- 08: CP commands --- */

/* Runs the commands in `text`, separated by new lines; false once the guest's CPU has been reset
 * (IPL, ...), so that there are no registers to answer in. */
static bool run_commands(struct vmblok *vm, char *text, int *rc)
{
    uint32_t count = command_vm(vm)->ipl_count;
    while (text) {
        char *next = strchr(text, NEW_LINE);
        if (next)
            *next++ = 0;
        *rc = command_run(vm, text);
        if (command_vm(vm)->ipl_count != count)
            return false;
        text = next;
    }
    return true;
}

/* With a buffer for the response: Rx+1, Ry+1. */
static int command_with_response(struct vmblok *vm, const struct diagnose *d, char *text)
{
    uint32_t *gr = vm->regs.gr;
    uint32_t address = ADDRESS(gr[d->rx + 1]), size = gr[d->ry + 1];
    if (size > RESPONSE_MAX)
        size = RESPONSE_MAX;
    char *buffer = cp_alloc(RESPONSE_MAX);
    if (!buffer)
        return -PGM_ADDRESSING;
    int rc = 0;
    vm->response = buffer;
    vm->response_size = RESPONSE_MAX;
    vm->response_length = 0;
    vm->response_overflow = false;
    bool goes_on = run_commands(vm, text, &rc);
    uint32_t length = vm->response_length;
    vm->response = NULL;
    uint32_t stored = length < size ? length : size;
    bool good = !goes_on || guest_write(vm, address, buffer, stored);
    bool cut = length > size || vm->response_overflow;
    cp_free(buffer, RESPONSE_MAX);
    if (!goes_on)
        return DIAGNOSE_KEEP_CC;
    if (!good)
        return -PGM_ADDRESSING;
    gr[d->ry] = (uint32_t)rc;
    gr[d->ry + 1] = cut ? length - stored : stored;
    return cut ? 1 : 0;
}

int diagnose_command(struct vmblok *vm, const struct diagnose *d)
{
    char text[COMMAND_MAX + 1];
    uint32_t *gr = vm->regs.gr;
    uint32_t length = ADDRESS(gr[d->ry]), flags = gr[d->ry] >> 24;
    bool response = flags & 0x40;
    int rc = 0;
    if (length > COMMAND_MAX ||
        (response && (d->rx == 15 || d->ry == 15 || d->rx == d->ry + 1 || d->ry == d->rx + 1)))
        return -PGM_SPECIFICATION;
    if (!length) {
        console_stop(vm);
        return DIAGNOSE_KEEP_CC;
    }
    if (!guest_read(vm, ADDRESS(gr[d->rx]), text, length))
        return -PGM_ADDRESSING;
    text[length] = 0;
    command_vm(vm)->no_prompts = flags & 0x80;
    command_vm(vm)->by_diagnose = true;
    int result = 0;
    if (response) {
        result = command_with_response(vm, d, text);
    } else if (run_commands(vm, text, &rc)) {
        gr[d->ry] = (uint32_t)rc;
        terminal_throttle(vm);
    } else {
        result = DIAGNOSE_KEEP_CC;
    }
    command_vm(vm)->no_prompts = command_vm(vm)->by_diagnose = false;
    return result;
}

void pseudo_timer(struct vmblok *vm, uint8_t data[PSEUDO_TIMER_BYTES])
{
    char text[CLOCK_TIME_SIZE];
    vm_timers_update(vm);
    clock_format_date(text, tod_now());
    memcpy(data, text, 8);
    clock_format_time(text, tod_now());
    memcpy(data + 8, text, 8);
    store_be64(data + 16, vm->virtual_time >> TOD_MICROSECONDS);
    store_be64(data + 24, vm->task->total >> TOD_MICROSECONDS);
}

/* 0C: date, time, and the CPU time used, in 32 bytes at Rx. */
int diagnose_timer(struct vmblok *vm, const struct diagnose *d)
{
    uint8_t data[PSEUDO_TIMER_BYTES];
    uint32_t address = vm->regs.gr[d->rx];
    if (address % 8)
        return -PGM_SPECIFICATION;
    pseudo_timer(vm, data);
    return guest_write(vm, ADDRESS(address), data, sizeof data) ? DIAGNOSE_KEEP_CC
                                                                : -PGM_ADDRESSING;
}

/* 10: the pages from Rx to Ry are not needed any more. */
int diagnose_release(struct vmblok *vm, const struct diagnose *d)
{
    uint32_t first = vm->regs.gr[d->rx], last = vm->regs.gr[d->ry];
    if (first % PAGE_SIZE || last % PAGE_SIZE || first > last)
        return -PGM_SPECIFICATION;
    if (last >= vm->storage_size)
        return -PGM_ADDRESSING;
    guest_release(vm, PAGE_OF(first), PAGE_OF(last));
    return DIAGNOSE_KEEP_CC;
}

/* 44: others go first. */
int diagnose_yield(struct vmblok *vm, const struct diagnose *d)
{
    vm->slice = 0;
    return DIAGNOSE_KEEP_CC;
}

/* 4C with codes 0, 4, 8: from now on somebody else is charged, whose userid, account and
 * distribution code the list at Rx has, as far as the code says; address 0: the user himself again.
 */
static int charge(struct vmblok *vm, uint32_t address, uint32_t code)
{
    char list[24], userid[USERID_SIZE] = "", account[9] = "";
    struct directory_user user;
    if (address % 8)
        return -PGM_SPECIFICATION;
    if (address) {
        if (!guest_read(vm, ADDRESS(address), list, 8 + code * 2))
            return -PGM_ADDRESSING;
        str_unpad(userid, list, 8);
        if (userdir_find(userid, &user) != DIRECTORY_OK)
            return 2;
        if (code)
            str_unpad(account, list + 8, 8);
        else
            str_copy(account, user.account[0] ? user.account : userid, sizeof account);
    }
    account_charge(vm, userid, account);
    account_punch();
    return 0;
}

/* 4C: accounting by the guest; code in Ry: 10 is a record of its own, Ry+1 its length. */
int diagnose_account(struct vmblok *vm, const struct diagnose *d)
{
    uint8_t data[70] = {0};
    uint32_t code = vm->regs.gr[d->ry];
    if (!(vm->options & OPTION_ACCT))
        return 1;
    if (code == 0 || code == 4 || code == 8)
        return charge(vm, vm->regs.gr[d->rx], code);
    if (code != 0x10)
        return 3;
    if (d->ry == 15)
        return -PGM_SPECIFICATION;
    uint32_t length = vm->regs.gr[d->ry + 1];
    if (!length || length > sizeof data)
        return -PGM_SPECIFICATION;
    if (!guest_read(vm, ADDRESS(vm->regs.gr[d->rx]), data, length))
        return -PGM_ADDRESSING;
    account_guest(vm, data, length);
    return 0;
}

/* 54: what PA2 does: Rx zero: it clears the output area; else an external interruption. */
int diagnose_pa2(struct vmblok *vm, const struct diagnose *d)
{
    vm->set.pa2_external = vm->regs.gr[d->rx] != 0;
    return DIAGNOSE_KEEP_CC;
}

/* 58: Rx is the address of a channel program for the console (Ry), with commands that only this
 * DIAGNOSE has: cp/fullscreen.c.  It ends with an interruption, as if START I/O had started it. */
int diagnose_display(struct vmblok *vm, const struct diagnose *d)
{
    uint32_t at = vm->regs.gr[d->rx];
    if (at % 8)
        return -PGM_SPECIFICATION;
    if (!vm->console || (vm->regs.gr[d->ry] & 0xffff) != vm->console->address)
        return 3;
    vm->count.sio++;
    return vio_start_diagnose(vm, vm->console->address, ADDRESS(at));
}

/* 8C: what the 3270 is: 6 bytes at Rx, or as many as Ry says; Rx becomes 0, or 4: there is none. */
int diagnose_features(struct vmblok *vm, const struct diagnose *d)
{
    const struct terminal *t = vm->terminal;
    uint32_t *gr = vm->regs.gr;
    uint8_t data[6];
    if (!t || !t->screen) {
        gr[d->rx] = 4;
        return DIAGNOSE_KEEP_CC;
    }
    data[0] = t->screen->size.flags;
    data[1] = 0;
    store_be16(data + 2, t->screen->size.columns);
    store_be16(data + 4, t->screen->size.rows);
    uint32_t length = gr[d->ry] < sizeof data ? gr[d->ry] : sizeof data;
    if (!length)
        return -PGM_SPECIFICATION;
    if (!guest_write(vm, ADDRESS(gr[d->rx]), data, length))
        return -PGM_ADDRESSING;
    gr[d->rx] = 0;
    return DIAGNOSE_KEEP_CC;
}

/* 5C: Rx and Ry become address and length of what SET EMSG leaves of a message. */
int diagnose_message(struct vmblok *vm, const struct diagnose *d)
{
    uint32_t *gr = vm->regs.gr;
    const struct vm_settings *set = &vm->set;
    if (gr[d->ry] < MESSAGE_CODE + 1 || (set->emsg_code && set->emsg_text))
        return DIAGNOSE_KEEP_CC;
    if (set->emsg_code) {
        gr[d->ry] = MESSAGE_CODE;
    } else if (set->emsg_text) {
        gr[d->rx] += MESSAGE_CODE + 1;
        gr[d->ry] -= MESSAGE_CODE + 1;
    } else {
        gr[d->ry] = 0;
    }
    return DIAGNOSE_KEEP_CC;
}

/* 60: the size of storage. */
int diagnose_storage(struct vmblok *vm, const struct diagnose *d)
{
    vm->regs.gr[d->rx] = vm->storage_size;
    return DIAGNOSE_KEEP_CC;
}
