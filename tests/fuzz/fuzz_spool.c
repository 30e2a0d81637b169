/* Fuzz target: a warm start from any bytes, then every file that it took is read and deleted.
 * The input is the checkpoint area and the slots, in pages; what is missing is zeros.  With an odd
 * last byte the checksums of all pages are made right first, so that damage gets further in.  If
 * the first byte is M, the image is a good one, and the input changes it: place (2 bytes), value.
 */
#include "spool/checkpoint.h"
#include "spool/report.h"
#include "spool/separator.h"
#include "spool/writer.h"

#include <stdlib.h>
#include <string.h>

#define CHECKPOINT 2u
#define SLOTS      6u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct image {
    uint8_t page[CHECKPOINT + SLOTS][SPOOL_PAGE];
    bool taken[SLOTS];
};

static bool slot_read(void *c, uint32_t n, void *page)
{
    struct image *i = c;
    if (n >= SLOTS)
        return false;
    memcpy(page, i->page[CHECKPOINT + n], SPOOL_PAGE);
    return true;
}
static bool slot_write(void *c, uint32_t n, const void *page)
{
    struct image *i = c;
    if (n >= SLOTS)
        return false;
    memcpy(i->page[CHECKPOINT + n], page, SPOOL_PAGE);
    return true;
}
static uint32_t slot_alloc(void *c)
{
    struct image *i = c;
    for (uint32_t n = 0; n < SLOTS; n++)
        if (!i->taken[n]) {
            i->taken[n] = true;
            return n;
        }
    return SPOOL_NO_SLOT;
}
static void slot_free(void *c, uint32_t n)
{
    struct image *i = c;
    if (n >= SLOTS || !i->taken[n])
        abort(); /* freed twice */
    i->taken[n] = false;
}
static bool slot_take(void *c, uint32_t n)
{
    struct image *i = c;
    if (n >= SLOTS || i->taken[n])
        return false;
    i->taken[n] = true;
    return true;
}
static bool checkpoint_read(void *c, uint32_t n, void *page)
{
    memcpy(page, ((struct image *)c)->page[n], SPOOL_PAGE);
    return true;
}
static bool checkpoint_write(void *c, uint32_t n, const void *page)
{
    memcpy(((struct image *)c)->page[n], page, SPOOL_PAGE);
    return true;
}
static void *page_get(void *c)
{
    return malloc(SPOOL_PAGE);
}
static void page_put(void *c, void *page)
{
    free(page);
}
static struct spool_file *file_get(void *c)
{
    return malloc(sizeof(struct spool_file));
}
static void file_put(void *c, struct spool_file *f)
{
    free(f);
}
static void report(void *c, const struct spool_file *f, const char *what)
{
}
static int line(void *c, uint8_t command, const char *text)
{
    if (strlen(text) > SPOOL_PRINT_WIDTH)
        abort();
    return 0;
}

/* Three files, the second of several blocks. */
static void good_image(struct image *image, struct spool *s)
{
    for (unsigned n = 0; n < 3; n++) {
        struct spool_writer w;
        struct spool_file *f;
        uint8_t text[80];
        memset(text, 0xc1, sizeof text);
        spool_write_open(s, &w, SPOOL_READER + n, n + 1);
        strcpy(w.file->owner, "MAINT");
        for (unsigned i = 0; i < (n == 1 ? 120 : 3); i++) {
            struct spool_record r = {n ? 9 : 1, 0, sizeof text, text};
            spool_write(s, &w, &r);
        }
        spool_write_close(s, &w, &f);
    }
    struct list *head;
    for (unsigned q = SPOOL_READER; q <= SPOOL_QUEUES; q++)
        while (!list_empty(head = &s->queue[q])) {
            struct spool_file *f = LIST_ENTRY(head->next, struct spool_file, link);
            list_remove(&f->link);
            free(f);
        }
    memset(image->taken, 0, sizeof image->taken);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct image *image = calloc(1, sizeof *image);
    struct spool_store store = {image,     slot_read, slot_write,      slot_alloc,
                                slot_free, slot_take, checkpoint_read, checkpoint_write,
                                page_get,  page_put,  file_get,        file_put};
    struct spool_file *entries[SPOOL_ENTRIES], *f;
    uint32_t generations[1];
    struct spool s;
    if (size && data[0] == 'M') {
        spool_init(&s, &store, CHECKPOINT, entries, generations);
        good_image(image, &s);
        for (size_t i = 1; i + 3 <= size; i += 3)
            ((uint8_t *)image->page)[load_be16(data + i) % sizeof image->page] = data[i + 2];
    } else {
        memcpy(image->page, data, size < sizeof image->page ? size : sizeof image->page);
    }
    if (size && data[size - 1] & 1)
        for (unsigned i = 0; i < CHECKPOINT + SLOTS; i++)
            store_be32(image->page[i] + 4, spool_checksum(image->page[i]));
    spool_init(&s, &store, CHECKPOINT, entries, generations);
    spool_warm_start(&s, report, NULL);
    if (s.lost)
        spool_forget_lost(&s);
    for (unsigned q = SPOOL_READER; q <= SPOOL_QUEUES; q++)
        while ((f = spool_next_file(&s, q, NULL, "", '*'))) {
            struct spool_reader r;
            struct spool_record record;
            char text[SPOOL_LINE];
            if (spool_read_open(&s, &r, f) == SPOOL_OK) {
                while (spool_read(&s, &r, &record) == SPOOL_OK)
                    ;
                spool_read_close(&s, &r);
            }
            spool_report_line(text, sizeof text, f, true, false);
            spool_separator_page(f, 1, "FUZZ", line, NULL);
            spool_delete(&s, f);
        }
    for (unsigned n = 0; n < SLOTS; n++)
        if (image->taken[n])
            abort(); /* lost */
    struct spool_deck deck;
    char card[81] = "";
    memcpy(card, data, size < 80 ? size : 80);
    spool_deck_card(&deck, card);
    free(image);
    return 0;
}
