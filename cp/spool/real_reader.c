/* The task of a real reader: decks become files in readers' queues.  A run of cards ends
 * with the end of file; its first card is an ID card (spool/report.h) that says whose it is.
 * A later card that is a good USERID card of a known user begins another deck.  Cards
 * without an ID card, or for a user whom the directory does not have, are read and thrown away,
 * and the operator knows (DMKRSP431E, 432E of VM/370). */
#include "cp/spool/cpspool.h"
#include "cp/spool/unit.h"

#include "cp/message.h"
#include "cp/state.h"
#include "cp/task.h"
#include "lib/str.h"
#include "spool/report.h"

#define CARD      80u
#define READ_CARD 0x02

/* The run of cards at hand. */
struct run {
    struct unit *unit;
    bool begun;    /* its first card has been seen */
    bool flushing; /* this deck is thrown away */
    uint32_t cards;
};

static void close_deck(struct run *run)
{
    struct unit *u = run->unit;
    struct spool_file *f = NULL;
    enum spool_result r = SPOOL_OK;
    char name[UNIT_NAME];
    unit_name(u, name);
    if (run->flushing)
        operator_printf("%s %d CARDS FLUSHED", name, (int)run->cards);
    while (u->writer.file && (r = spool_write_close(the_spool(), &u->writer, &f)) != SPOOL_OK) {
        spool_tell_full(r); /* no room for its entry: wait, it is in no file yet */
        unit_sleep(u);
    }
    if (f)
        spool_arrived(f, f->origin);
    run->flushing = false;
    run->cards = 0;
}

static void open_deck(struct run *run, const struct spool_deck *deck)
{
    struct unit *u = run->unit;
    enum spool_result r;
    while ((r = spool_write_open(the_spool(), &u->writer, SPOOL_READER, tod_now())) != SPOOL_OK) {
        spool_tell_full(r);
        unit_sleep(u);
    }
    struct spool_file *f = u->writer.file;
    f->class = deck->class;
    str_copy(f->owner, deck->userid, sizeof f->owner);
    str_copy(f->origin, deck->userid, sizeof f->origin);
    str_copy(f->name, deck->name, sizeof f->name);
    str_copy(f->type, deck->type, sizeof f->type);
    spool_stamp_date(f);
}

static void first_card(struct run *run, const struct spool_deck *deck, const char *wrong)
{
    char name[UNIT_NAME];
    unit_name(run->unit, name);
    run->begun = true;
    if (wrong) {
        operator_printf("DMKRSP431E %s ID CARD MISSING OR INVALID%s%s", name,
                        wrong == SPOOL_NOT_AN_ID_CARD ? "" : " - ",
                        wrong == SPOOL_NOT_AN_ID_CARD ? "" : wrong);
        run->flushing = true;
        run->cards = 1;
    } else if (!spool_user_exists(deck->userid)) {
        operator_printf("DMKRSP432E %s USERID %s NOT IN CP DIRECTORY", name, deck->userid);
        run->flushing = true;
        run->cards = 1;
    } else {
        open_deck(run, deck);
    }
}

static void put_card(struct run *run, const uint8_t *card)
{
    struct unit *u = run->unit;
    struct spool_record record = {READ_CARD - 1, 0, CARD, card};
    enum spool_result r;
    run->cards++;
    if (!u->writer.file)
        return;
    while ((r = spool_write(the_spool(), &u->writer, &record)) != SPOOL_OK) {
        spool_tell_full(r);
        unit_sleep(u);
    }
}

static void take_card(struct run *run, const uint8_t *card)
{
    struct spool_deck deck;
    char text[CARD + 1];
    memcpy(text, card, CARD);
    text[CARD] = 0;
    for (unsigned i = 0; i < CARD; i++)
        if (!text[i])
            text[i] = '?'; /* binary: no ID card */
    const char *wrong = spool_deck_card(&deck, text);
    if (!run->begun) {
        first_card(run, &deck, wrong);
    } else if (!wrong && !strncmp(text, "USERID ", 7) && spool_user_exists(deck.userid)) {
        close_deck(run);
        open_deck(run, &deck);
    } else {
        put_card(run, card);
    }
}

/* Reads a batch of cards.  False when the hopper is empty or the reader is broken. */
static bool read_batch(struct run *run)
{
    struct unit *u = run->unit;
    struct unit_buffer *b = u->buffer;
    unsigned count = UNIT_BATCH;
    for (unsigned i = 0; i < UNIT_BATCH; i++)
        ccw_set(&b->ccw[i], READ_CARD, b->data[i],
                (uint8_t)(CCW_SUPPRESS_LENGTH | (i + 1 < UNIT_BATCH ? CCW_CHAIN_COMMAND : 0)),
                CARD);
    bool good = rio_run(u->rdev, b->ccw, &u->io);
    if (u->io.cc == 3) {
        unit_broken(u, "NOT OPERATIONAL");
        return false;
    }
    if (!good) {
        const uint8_t *end = (const uint8_t *)(uintptr_t)get24(u->io.csw.address);
        count = (unsigned)(end - (const uint8_t *)b->ccw) / sizeof(struct ccw);
        count = count && count <= UNIT_BATCH ? count - 1 : 0;
    }
    for (unsigned i = 0; i < count; i++)
        take_card(run, b->data[i]);
    if (good)
        return true;
    if (u->io.csw.unit_status & UNIT_EXCEPTION) { /* end of file */
        close_deck(run);
        run->begun = false;
        return true;
    }
    if ((u->io.csw.unit_status & UNIT_CHECK) && u->io.sense[0] & SENSE_DATA_CHECK) {
        char name[UNIT_NAME];
        unit_name(u, name);
        operator_printf("DMKUNT501E %s A CARD HAS NO CHARACTERS, IT IS LEFT OUT", name);
        return true;
    }
    if ((u->io.csw.unit_status & UNIT_CHECK) && !(u->io.sense[0] & SENSE_INTERVENTION))
        unit_broken(u, "IN ERROR");
    return false; /* empty: wait for the next deck */
}

/* A deck may lie in the hopper since before IPL: it is somebody's, and if not the operator is to
 * know, so it waits for the directory and, for a time, for the operator. */
static void wait_for_system(struct unit *u)
{
    for (unsigned tries = 0; !cp.operator_vm && tries < 50; tries++)
        task_sleep_until(u, tod_now() + TOD_MILLISECONDS(100));
    while (!cp.directory)
        unit_sleep(u);
}

void real_reader_main(void *unit)
{
    struct run run = {.unit = unit};
    struct unit *u = unit;
    wait_for_system(u);
    for (;;) {
        if (u->draining && !u->writer.file) {
            u->draining = false;
            u->drained = true;
        }
        if (u->drained || !u->more_cards) {
            task_sleep(u);
            continue;
        }
        u->more_cards = false; /* a device end that comes meanwhile sets it again */
        if (read_batch(&run))
            u->more_cards = true;
    }
}
