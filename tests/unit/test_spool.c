/* Proves: spool files keep their records; attributes, order and ids survive a restart;
 * and whatever write a crash cuts off or in two, every file whose close was answered is
 * there whole after the warm start, every purged one is gone, and no slot belongs to two. */
#include "spool/checkpoint.h"
#include "spool/writer.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#define SLOTS      64
#define CHECKPOINT 6

/* A disk in storage that dies at a given write: `writes_left` counts down; the write that
 * meets 0 is cut in the middle if `torn`, else not done, and all later ones fail. */
struct disk {
    uint8_t slot[SLOTS][SPOOL_PAGE];
    uint8_t checkpoint[CHECKPOINT][SPOOL_PAGE];
    bool taken[SLOTS];
    int writes_left;
    bool torn;
    int pages, files; /* in use */
    int reports;
    struct spool_file *entries[CHECKPOINT / 2 * SPOOL_ENTRIES];
    uint32_t generations[CHECKPOINT / 2];
};

static bool disk_write(struct disk *d, uint8_t *at, const void *page)
{
    if (d->writes_left < 0)
        return false;
    if (d->writes_left-- > 0) {
        memcpy(at, page, SPOOL_PAGE);
        return true;
    }
    if (d->torn)
        memcpy(at, page, SPOOL_PAGE / 2);
    return false;
}

static bool slot_read(void *c, uint32_t n, void *page)
{
    struct disk *d = c;
    if (n >= SLOTS)
        return false;
    memcpy(page, d->slot[n], SPOOL_PAGE);
    return true;
}
static bool slot_write(void *c, uint32_t n, const void *page)
{
    struct disk *d = c;
    ck_assert(n < SLOTS && d->taken[n]);
    return disk_write(d, d->slot[n], page);
}
static uint32_t slot_alloc(void *c)
{
    struct disk *d = c;
    for (uint32_t i = 0; i < SLOTS; i++)
        if (!d->taken[i]) {
            d->taken[i] = true;
            return i;
        }
    return SPOOL_NO_SLOT;
}
static void slot_free(void *c, uint32_t n)
{
    struct disk *d = c;
    ck_assert_msg(n < SLOTS && d->taken[n], "slot %u is freed twice", n);
    d->taken[n] = false;
}
static bool slot_take(void *c, uint32_t n)
{
    struct disk *d = c;
    if (n >= SLOTS || d->taken[n])
        return false;
    d->taken[n] = true;
    return true;
}
static bool checkpoint_read(void *c, uint32_t n, void *page)
{
    struct disk *d = c;
    memcpy(page, d->checkpoint[n], SPOOL_PAGE);
    return true;
}
static bool checkpoint_write(void *c, uint32_t n, const void *page)
{
    struct disk *d = c;
    ck_assert(n < CHECKPOINT);
    return disk_write(d, d->checkpoint[n], page);
}
static void *page_get(void *c)
{
    ((struct disk *)c)->pages++;
    return malloc(SPOOL_PAGE);
}
static void page_put(void *c, void *page)
{
    ((struct disk *)c)->pages--;
    free(page);
}
static struct spool_file *file_get(void *c)
{
    ((struct disk *)c)->files++;
    return malloc(sizeof(struct spool_file));
}
static void file_put(void *c, struct spool_file *f)
{
    ((struct disk *)c)->files--;
    free(f);
}

static struct disk *new_disk(struct spool_store *store)
{
    struct disk *d = calloc(1, sizeof *d);
    d->writes_left = 1000000;
    *store = (struct spool_store){d,         slot_read, slot_write,      slot_alloc,
                                  slot_free, slot_take, checkpoint_read, checkpoint_write,
                                  page_get,  page_put,  file_get,        file_put};
    return d;
}

static void start(struct disk *d, struct spool *s, const struct spool_store *store)
{
    spool_init(s, store, CHECKPOINT, d->entries, d->generations);
}

/* Forgets all that is in storage, as a crash does. */
static void forget(struct spool *s)
{
    for (unsigned q = 0; q <= SPOOL_QUEUES; q++) {
        struct list *head = q ? &s->queue[q] : &s->open;
        LIST_EACH_SAFE(it, head)
        file_put(s->store->context, LIST_ENTRY(it, struct spool_file, link));
    }
}

static void report(void *c, const struct spool_file *f, const char *what)
{
    ((struct disk *)c)->reports++;
}

static uint32_t restart(struct disk *d, struct spool *s, const struct spool_store *store)
{
    forget(s);
    memset(d->taken, 0, sizeof d->taken);
    d->writes_left = 1000000;
    start(d, s, store);
    spool_warm_start(s, report, d);
    if (s->lost)
        ck_assert_int_eq(spool_forget_lost(s), SPOOL_OK);
    uint32_t files = 0;
    for (unsigned q = SPOOL_READER; q <= SPOOL_QUEUES; q++)
        for (struct spool_file *f = NULL; (f = spool_next_file(s, q, f, "", '*'));)
            files++;
    return files;
}

/* The line that record `i` of a test file holds: of many lengths. */
static uint16_t line(uint8_t *to, unsigned file, unsigned i)
{
    uint16_t length = (uint16_t)(i * 7 % 133);
    for (unsigned k = 0; k < length; k++)
        to[k] = (uint8_t)(0x41 + (file + i + k) % 100);
    return length;
}

static enum spool_result write_file(struct spool *s, unsigned number, unsigned records,
                                    const char *owner, struct spool_file **f)
{
    struct spool_writer w;
    uint8_t text[SPOOL_RECORD_MAX];
    *f = NULL;
    enum spool_result r = spool_write_open(s, &w, SPOOL_PRINTER, number);
    if (r != SPOOL_OK)
        return r;
    strcpy(w.file->owner, owner);
    strcpy(w.file->origin, owner);
    sprintf(w.file->name, "F%u", number);
    for (unsigned i = 0; i < records && r == SPOOL_OK; i++) {
        struct spool_record record = {0x09, 0, line(text, number, i), text};
        r = spool_write(s, &w, &record);
    }
    if (r == SPOOL_OK)
        r = spool_write_close(s, &w, f);
    if (r != SPOOL_OK)
        spool_write_purge(s, &w);
    return r;
}

static void check_file(struct spool *s, struct spool_file *f)
{
    struct spool_reader reader;
    struct spool_record record;
    uint8_t text[SPOOL_RECORD_MAX];
    unsigned number = (unsigned)atoi(f->name + 1), i = 0;
    ck_assert(spool_read_open(s, &reader, f) == SPOOL_OK);
    while (spool_read(s, &reader, &record) == SPOOL_OK) {
        ck_assert_uint_eq(record.length, line(text, number, i));
        ck_assert(!memcmp(record.data, text, record.length));
        ck_assert_uint_eq(record.command, 0x09);
        i++;
    }
    ck_assert_int_eq(spool_read(s, &reader, &record), SPOOL_END);
    ck_assert_uint_eq(i, f->records);
    ck_assert(spool_read_seek(s, &reader, f->records / 2) == SPOOL_OK);
    if (f->records > 1) {
        ck_assert(spool_read(s, &reader, &record) == SPOOL_OK);
        ck_assert_uint_eq(record.length, line(text, number, f->records / 2));
    }
    spool_read_close(s, &reader);
}

static int slots_taken(struct disk *d)
{
    int n = 0;
    for (int i = 0; i < SLOTS; i++)
        n += d->taken[i];
    return n;
}

static void end(struct disk *d, struct spool *s)
{
    forget(s);
    ck_assert_int_eq(d->pages, 0);
    ck_assert_int_eq(d->files, 0);
    free(d);
}

START_TEST(attributes_survive)
{
    struct spool_store store;
    struct spool s;
    struct disk *d = new_disk(&store);
    struct spool_file *f[4];
    start(d, &s, &store);
    for (unsigned i = 0; i < 4; i++) {
        ck_assert(write_file(&s, i + 1, 10 + 40 * i, i & 1 ? "MAINT" : "CMSUSER", &f[i]) ==
                  SPOOL_OK);
        ck_assert_uint_eq(f[i]->id, i + 1);
    }
    f[1]->class = '7';
    f[1]->copies = 99;
    f[1]->hold = SPOOL_HOLD_USER;
    memset(f[1]->tag, 'x', SPOOL_TAG);
    strcpy(f[1]->dist, "BIN 5");
    strcpy(f[1]->date, "11/24/26");
    ck_assert(spool_update(&s, f[1]) == SPOOL_OK);
    ck_assert(spool_front(&s, f[2]) == SPOOL_OK);
    ck_assert(spool_move(&s, f[0], SPOOL_READER, "STUDENT1") == SPOOL_OK);
    int taken = slots_taken(d);

    ck_assert_uint_eq(restart(d, &s, &store), 4);
    ck_assert_int_eq(d->reports, 0);
    ck_assert_int_eq(slots_taken(d), taken);
    struct spool_file *a = spool_next_file(&s, SPOOL_PRINTER, NULL, "", '*');
    struct spool_file *b = spool_next_file(&s, SPOOL_PRINTER, a, "", '*');
    struct spool_file *c = spool_next_file(&s, SPOOL_PRINTER, b, "", '*');
    ck_assert(a->id == 3 && b->id == 2 && c->id == 4);
    ck_assert(!spool_next_file(&s, SPOOL_PRINTER, c, "", '*'));
    ck_assert(b->class == '7' && b->copies == 99 && b->hold == SPOOL_HOLD_USER);
    ck_assert_str_eq(b->dist, "BIN 5");
    ck_assert_str_eq(b->date, "11/24/26");
    ck_assert_uint_eq(strlen(b->tag), SPOOL_TAG);
    struct spool_file *r = spool_select_reader(&s, "STUDENT1", '*');
    ck_assert(r && r->id == 1 && r->kind == SPOOL_PRINTER);
    ck_assert(!spool_select_reader(&s, "STUDENT1", 'B'));
    ck_assert(!spool_select_reader(&s, "CMSUSER", '*'));
    /* Class 7 is held: of "7A" the first A is next. */
    ck_assert(spool_select_output(&s, SPOOL_PRINTER, "7A", NULL, NULL) == a);
    for (unsigned q = SPOOL_READER; q <= SPOOL_QUEUES; q++)
        for (struct spool_file *x = NULL; (x = spool_next_file(&s, q, x, "", '*'));)
            check_file(&s, x);
    ck_assert_uint_eq(spool_new_id(&s), 5);
    while ((a = spool_next_file(&s, SPOOL_PRINTER, NULL, "", '*')))
        ck_assert(spool_delete(&s, a) == SPOOL_OK);
    ck_assert(spool_delete(&s, r) == SPOOL_OK);
    ck_assert_int_eq(slots_taken(d), 0);
    end(d, &s);
}
END_TEST

START_TEST(full_loses_nothing)
{
    struct spool_store store;
    struct spool s;
    struct disk *d = new_disk(&store);
    struct spool_file *f, *g;
    struct spool_writer w;
    uint8_t text[SPOOL_RECORD_MAX];
    enum spool_result r;
    unsigned n = 0;
    start(d, &s, &store);
    ck_assert(write_file(&s, 1, 500, "MAINT", &f) == SPOOL_OK);
    ck_assert(spool_write_open(&s, &w, SPOOL_PRINTER, 2) == SPOOL_OK);
    strcpy(w.file->owner, "MAINT");
    strcpy(w.file->name, "F2");
    struct spool_record record = {0x09, 0, 0, text};
    do {
        record.length = line(text, 2, n);
        r = spool_write(&s, &w, &record);
        n += r == SPOOL_OK;
    } while (r == SPOOL_OK);
    ck_assert_int_eq(r, SPOOL_FULL);
    ck_assert_int_eq(slots_taken(d), SLOTS);
    ck_assert_int_eq(write_file(&s, 3, 1, "MAINT", &g), SPOOL_FULL);
    /* Room is made; the same record goes in now. */
    ck_assert(spool_delete(&s, f) == SPOOL_OK);
    ck_assert(spool_write(&s, &w, &record) == SPOOL_OK);
    ck_assert(spool_write_close(&s, &w, &f) == SPOOL_OK);
    ck_assert_uint_eq(f->records, n + 1);
    check_file(&s, f);
    /* An empty file is none. */
    ck_assert(write_file(&s, 3, 0, "MAINT", &g) == SPOOL_OK && !g);
    end(d, &s);
}
END_TEST

START_TEST(all_entries)
{
    struct spool_store store;
    struct spool s;
    struct disk *d = new_disk(&store);
    struct spool_file *f;
    start(d, &s, &store);
    uint32_t most = spool_entry_count(CHECKPOINT);
    for (unsigned i = 0; i < most; i++)
        ck_assert(write_file(&s, i + 1, 1, "MAINT", &f) == SPOOL_OK);
    ck_assert_int_eq(write_file(&s, 99, 1, "MAINT", &f), SPOOL_NO_ROOM);
    ck_assert_int_eq(slots_taken(d), (int)most);
    ck_assert_uint_eq(restart(d, &s, &store), most);
    ck_assert_int_eq(spool_cold_start(&s), SPOOL_OK);
    ck_assert_int_eq(slots_taken(d), 0);
    ck_assert_uint_eq(restart(d, &s, &store), 0);
    end(d, &s);
}
END_TEST

/* What the crash scenario has been told is done, by file number. */
#define NUMBERS 20
enum fate { NEVER, TRIED, CLOSED, PURGING, PURGED };

static void scenario(struct spool *s, enum fate *fate)
{
    struct spool_file *f;
    for (unsigned i = 1; i < NUMBERS; i++) {
        fate[i] = TRIED;
        if (write_file(s, i, i % 4 * 60 + 1, "MAINT", &f) == SPOOL_OK)
            fate[i] = CLOSED;
        if (i % 3 == 0 && (f = spool_next_file(s, SPOOL_PRINTER, NULL, "", '*'))) {
            unsigned number = (unsigned)atoi(f->name + 1);
            fate[number] = PURGING;
            if (spool_delete(s, f) == SPOOL_OK)
                fate[number] = PURGED;
        }
        if (i % 5 == 0 && (f = spool_next_file(s, SPOOL_PRINTER, NULL, "", '*'))) {
            f->copies++;
            spool_update(s, f);
        }
    }
}

START_TEST(crash_at_every_write)
{
    for (int at = 0;; at++)
        for (int torn = 0; torn < 2; torn++) {
            struct spool_store store;
            struct spool s;
            struct disk *d = new_disk(&store);
            enum fate fate[NUMBERS] = {NEVER};
            start(d, &s, &store);
            d->writes_left = at;
            d->torn = torn;
            scenario(&s, fate);
            bool crashed = d->writes_left < 0;
            restart(d, &s, &store);
            ck_assert_msg(!d->reports, "crash at write %d: %d reports", at, d->reports);
            uint32_t blocks = 0;
            bool seen[NUMBERS] = {false};
            struct spool_file *f = NULL;
            while ((f = spool_next_file(&s, SPOOL_PRINTER, f, "", '*'))) {
                check_file(&s, f);
                blocks += f->blocks;
                seen[atoi(f->name + 1)] = true;
            }
            for (unsigned i = 1; i < NUMBERS; i++)
                ck_assert_msg(seen[i] ? fate[i] != PURGED : fate[i] != CLOSED,
                              "crash at write %d, file %u: fate %d", at, i, fate[i]);
            ck_assert_int_eq(slots_taken(d), (int)blocks);
            end(d, &s);
            if (!crashed)
                return;
        }
}
END_TEST

START_TEST(damaged_chains_are_dropped)
{
    /* Any byte of a file's blocks or entry is changed: the file is whole or dropped, with a
     * report, and the other one is there. */
    for (int at = 0; at < 6000; at += 37) {
        struct spool_store store;
        struct spool s;
        struct disk *d = new_disk(&store);
        struct spool_file *f;
        start(d, &s, &store);
        ck_assert(write_file(&s, 1, 120, "MAINT", &f) == SPOOL_OK);
        uint32_t second = load_be32(d->slot[f->first] + 8);
        ck_assert(write_file(&s, 2, 120, "MAINT", &f) == SPOOL_OK);
        d->slot[at < (int)SPOOL_PAGE ? 0 : second][at % (int)SPOOL_PAGE] ^= 0x55;
        ck_assert_uint_eq(restart(d, &s, &store), 1);
        ck_assert_int_eq(d->reports, 1);
        f = spool_next_file(&s, SPOOL_PRINTER, NULL, "", '*');
        ck_assert_str_eq(f->name, "F2");
        check_file(&s, f);
        ck_assert_int_eq(slots_taken(d), (int)f->blocks);
        /* The report comes once. */
        d->reports = 0;
        restart(d, &s, &store);
        ck_assert_int_eq(d->reports, 0);
        end(d, &s);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("spool");
    TCase *t = tcase_create("spool");
    suite_add_tcase(suite, t);
    tcase_set_timeout(t, 300);
    tcase_add_test(t, attributes_survive);
    tcase_add_test(t, full_loses_nothing);
    tcase_add_test(t, all_entries);
    tcase_add_test(t, crash_at_every_write);
    tcase_add_test(t, damaged_chains_are_dropped);
    return run_suite(suite);
}
