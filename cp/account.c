/* Accounting records: see account.h.  Cards go to the punch; while the spool cannot take them
 * they are kept. */
#include "cp/account.h"

#include "cp/commands/state.h"
#include "cp/spool/cpspool.h"
#include "lib/be.h"
#include "lib/str.h"

#define CARD_USER  "01"
#define CARD_GUEST "C0"

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

static void put_card(const void *card)
{
    struct command_state *state = cp.commands;
    if (state->card_count == ACCOUNT_CARDS) {
        operator_printf("ACCOUNTING RECORD LOST: THE SPOOL IS FULL");
        memmove(state->cards[0], state->cards[1], sizeof state->cards - 80);
        state->card_count--;
    }
    memcpy(state->cards[state->card_count++], card, 80);
}

static void put_stamp(char to[12])
{
    struct clock_date d = clock_date(tod_now());
    char stamp[13];
    fmt(stamp, sizeof stamp, "%02u%02u%02u%02u%02u%02u", d.month, d.day, d.year % 100, d.hour,
        d.minute, d.second);
    memcpy(to, stamp, 12);
}

static void fill_head(struct account_card *card, const struct vmblok *vm, const char *code)
{
    str_pad(card->userid, vm->userid, 8);
    str_pad(card->account, vm->account, 8);
    put_stamp(card->stamp);
    memcpy(card->code, code, 2);
}

void account_punch(void)
{
    struct command_state *state = cp.commands;
    uint8_t card[80];
    while (state->card_count) {
        memcpy(card, state->cards[0], sizeof card);
        state->card_count--;
        memmove(state->cards[0], state->cards[1], state->card_count * sizeof card);
        if (!spool_account_card(card)) {
            put_card(card); /* out of order, but not lost */
            return;
        }
    }
}

void account_cut(struct vmblok *vm)
{
    struct account_card card;
    struct command_vm *data = command_vm(vm);
    const struct vm_counters *now = &vm->count, *before = &data->accounted;
    uint64_t total = vm->task ? vm->task->total : 0;
    memset(&card, ' ', sizeof card);
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
}

void account_guest(struct vmblok *vm, const uint8_t *data, unsigned length)
{
    struct account_card card;
    memset(&card, ' ', sizeof card);
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
