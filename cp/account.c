/* Accounting records: see account.h.  Cards go to the punch; while the spool cannot take them
 * they are kept. */
#include "cp/account.h"

#include "cp/commands/state.h"
#include "cp/diagnose.h"
#include "cp/frames.h"
#include "cp/spool/cpspool.h"
#include "cp/vdev.h"
#include "lib/be.h"
#include "lib/str.h"

#define CARD_USER      "01"
#define CARD_DEDICATED "02"
#define CARD_TEMPORARY "03"
#define CARD_GUEST     "C0"

/* The oldest is lost when so many are kept: something is wrong with the spool then. */
#define CARDS_MOST 400

struct account_card {
    char userid[8];
    char account[8];
    char stamp[12];      /* mmddyyhhmmss */
    be32 connect;        /* seconds */
    be32 total, virtual; /* CPU, milliseconds */
    be32 page_reads, page_writes;
    be32 sio;
    be32 cards_punched, lines_printed, cards_read;
    char unused[14];
    char code[2];
};
LAYOUT(struct account_card, 80);
FIELD_AT(struct account_card, code, 78);

/* Of a dedicated device or a temporary disk. */
struct device_card {
    char userid[8];
    char account[8];
    char stamp[12];
    be32 connect;    /* seconds that the user had it */
    uint8_t type[2]; /* class and type, as DIAGNOSE 24 gives them */
    uint8_t model;
    uint8_t features; /* none are known */
    be16 cylinders;   /* of temporary disks */
    char unused[40];
    char code[2];
};
LAYOUT(struct device_card, 80);
FIELD_AT(struct device_card, code, 78);

struct kept_card {
    struct list link;
    uint8_t card[80];
};

static void drop_card(struct kept_card *kept)
{
    list_remove(&kept->link);
    cp_free(kept, sizeof *kept);
    cp.commands->card_count--;
}

static struct kept_card *first_card(void)
{
    return LIST_ENTRY(cp.commands->cards.next, struct kept_card, link);
}

static void put_card(const void *card)
{
    struct command_state *state = cp.commands;
    struct kept_card *kept = cp_alloc(sizeof *kept);
    if (!kept || state->card_count == CARDS_MOST) {
        operator_printf("ACCOUNTING RECORD LOST: %s",
                        kept ? "THE SPOOL IS FULL" : "THERE IS NO STORAGE");
        if (kept)
            drop_card(first_card());
    }
    if (!kept)
        return;
    memcpy(kept->card, card, sizeof kept->card);
    list_append(&state->cards, &kept->link);
    state->card_count++;
}

static void put_stamp(char to[12])
{
    struct clock_date d = clock_date(tod_now());
    char stamp[13];
    fmt(stamp, sizeof stamp, "%02u%02u%02u%02u%02u%02u", d.month, d.day, d.year % 100, d.hour,
        d.minute, d.second);
    memcpy(to, stamp, 12);
}

/* What all cards but those of the journal begin with; `code` is their end. */
static void fill_head(void *card, const struct vmblok *vm, const char *code)
{
    struct account_card *head = card;
    memset(head, ' ', sizeof *head);
    const struct command_vm *data = vm->command_data;
    bool other = data->charge_userid[0];
    str_pad(head->userid, other ? data->charge_userid : vm->userid, 8);
    str_pad(head->account, other ? data->charge_account : vm->account, 8);
    put_stamp(head->stamp);
    memcpy(head->code, code, 2);
}

void account_punch(void)
{
    struct command_state *state = cp.commands;
    while (!list_empty(&state->cards)) {
        struct kept_card *kept = first_card();
        list_remove(&kept->link); /* nobody else is to punch it */
        bool punched = spool_account_card(kept->card);
        list_prepend(&state->cards, &kept->link);
        if (!punched)
            return;
        drop_card(kept);
    }
}

static void cut_device(struct vdev *vdev)
{
    struct device_card card;
    struct vmblok *vm = vdev->vm;
    bool disk = vdev->ops == &minidisk_ops;
    bool temporary = disk && minidisk_of(vdev)->temporary;
    struct vreal *real = vdev->data;
    if ((!disk && vdev->ops != &dedicated_ops) || (disk && !temporary && real->rdev->owner != vm))
        return;
    fill_head(&card, vm, temporary ? CARD_TEMPORARY : CARD_DEDICATED);
    put32(&card.connect, clock_seconds(tod_now() - real->account_tod));
    store_be16(card.type, diagnose_type_code(vdev->type) >> 16);
    card.model = vdev->model;
    card.features = 0;
    put16(&card.cylinders, temporary ? minidisk_of(vdev)->cylinders : 0);
    real->account_tod = tod_now();
    put_card(&card);
}

void account_device(struct vdev *vdev)
{
    /* At LOGOFF its cards have been cut. */
    if (vdev->vm->logged_on && !vdev->vm->leaving)
        cut_device(vdev);
}

void account_cut(struct vmblok *vm)
{
    struct account_card card;
    struct command_vm *data = command_vm(vm);
    const struct vm_counters *now = &vm->count, *before = &data->accounted;
    uint64_t total = vm->task ? vm->task->total : 0;
    fill_head(&card, vm, CARD_USER);
    put32(&card.connect, clock_seconds(tod_now() - data->account_tod));
    put32(&card.total, clock_milliseconds(total - data->account_total));
    put32(&card.virtual, clock_milliseconds(vm->virtual_time - data->account_virtual));
    put32(&card.page_reads, now->page_reads - before->page_reads);
    put32(&card.page_writes, now->page_writes - before->page_writes);
    put32(&card.sio, now->sio - before->sio);
    put32(&card.cards_punched, now->cards_punched - before->cards_punched);
    put32(&card.lines_printed, now->lines_printed - before->lines_printed);
    put32(&card.cards_read, now->cards_read - before->cards_read);
    data->accounted = vm->count;
    data->account_tod = tod_now();
    data->account_total = total;
    data->account_virtual = vm->virtual_time;
    put_card(&card);
    LIST_EACH(it, &vm->vdevs)
    {
        cut_device(LIST_ENTRY(it, struct vdev, link));
    }
}

void account_charge(struct vmblok *vm, const char *userid, const char *account)
{
    struct command_vm *data = command_vm(vm);
    account_cut(vm);
    str_copy(data->charge_userid, userid, sizeof data->charge_userid);
    str_copy(data->charge_account, account, sizeof data->charge_account);
}

void account_guest(struct vmblok *vm, const uint8_t *data, unsigned length)
{
    struct account_card card;
    fill_head(&card, vm, CARD_GUEST);
    /* The guest's part begins behind the userid. */
    memcpy((uint8_t *)&card + 8, data, length < 70 ? length : 70);
    put_card(&card);
}

void account_journal(enum journal_kind kind, const char *userid, const char *by, const char *disk)
{
    static const struct {
        const char *code, *name;
    } kinds[] = {{"04", "LOGON"}, {"05", "AUTOLOG"}, {"06", "LINK"}};
    struct {
        char userid[8], by[8], stamp[12], disk[8], unused[42], code[2];
    } card;
    _Static_assert(sizeof card == 80, "a card");
    if (!cp.commands->journal)
        return;
    memset(&card, ' ', sizeof card);
    str_pad(card.userid, userid, sizeof card.userid);
    str_pad(card.by, by, sizeof card.by);
    put_stamp(card.stamp);
    str_pad(card.disk, disk, sizeof card.disk);
    memcpy(card.code, kinds[kind].code, 2);
    put_card(&card);
    account_punch();
    operator_printf("JOURNAL: %s %s%s%s BY %s, WRONG PASSWORD", kinds[kind].name, userid,
                    *disk ? " " : "", disk, by);
}
