/* datbox spool: the spool files of a CP volume that no machine uses, read with CP's own code
 * (spool/).  Without a spool id it lists the files, with one it writes the file as text,
 * or with --binary its cards as they are, 80 bytes each.  Nothing is changed. */
#include "tools/tools.h"

#include "lib/be.h"
#include "lib/ebcdic.h"
#include "s370/media/ckd_image.h"
#include "spool/checkpoint.h"
#include "spool/report.h"
#include "spool/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A CP volume: cp/slot.h has the same numbers for CP's side. */
#define SLOTS_PER_CYLINDER 120u
#define SLOTS_PER_TRACK    4u
#define SLOT_NUMBER(slot)  ((slot)&0x00ffffffu) /* the high byte is the volume's index */
#define CYLINDER_TEMP      0x02
#define CYLINDER_CKPT      0x10
#define CARD               80u
#define EBCDIC_BLANK       0x40

struct volume {
    struct ckd_image *image;
    uint8_t map[SPOOL_PAGE]; /* use of each cylinder */
    unsigned cylinders;
    uint8_t *taken; /* by slot */
};

static bool record_read(struct volume *v, uint32_t cylinder, uint32_t head, uint8_t number,
                        void *page)
{
    struct ckd_record r;
    if (cylinder >= ckd_image_cylinders(v->image))
        return false;
    const uint8_t *track = ckd_image_track(v->image, cylinder, head);
    if (!track || !ckd_record_find(track, ckd_image_geometry(v->image)->image_track, number, &r) ||
        r.data_length > SPOOL_PAGE)
        return false;
    memset(page, 0, SPOOL_PAGE);
    memcpy(page, r.data, r.data_length);
    return true;
}

static bool slot_read(void *context, uint32_t slot, void *page)
{
    uint32_t n = SLOT_NUMBER(slot), in_cylinder = n % SLOTS_PER_CYLINDER;
    return record_read(context, n / SLOTS_PER_CYLINDER, in_cylinder / SLOTS_PER_TRACK,
                       (uint8_t)(in_cylinder % SLOTS_PER_TRACK + 1), page);
}

static bool slot_take(void *context, uint32_t slot)
{
    struct volume *v = context;
    uint32_t n = SLOT_NUMBER(slot), cylinder = n / SLOTS_PER_CYLINDER;
    if (cylinder >= v->cylinders || v->map[cylinder] != CYLINDER_TEMP || v->taken[n])
        return false;
    v->taken[n] = true;
    return true;
}

static void slot_free(void *context, uint32_t slot)
{
    struct volume *v = context;
    v->taken[SLOT_NUMBER(slot)] = false;
}

static uint32_t no_alloc(void *context)
{
    return SPOOL_NO_SLOT;
}

static bool no_write(void *context, uint32_t slot, const void *page)
{
    return false;
}

/* Slot number `n` of the checkpoint cylinders, counted over all of them. */
static bool checkpoint_read(void *context, uint32_t n, void *page)
{
    struct volume *v = context;
    for (uint32_t cylinder = 0; cylinder < v->cylinders; cylinder++) {
        if (v->map[cylinder] != CYLINDER_CKPT)
            continue;
        if (n < SLOTS_PER_CYLINDER)
            return slot_read(v, cylinder * SLOTS_PER_CYLINDER + n, page);
        n -= SLOTS_PER_CYLINDER;
    }
    return false;
}

static void *page_get(void *context)
{
    return malloc(SPOOL_PAGE);
}

static void page_put(void *context, void *page)
{
    free(page);
}

static struct spool_file *file_get(void *context)
{
    return malloc(sizeof(struct spool_file));
}

static void file_put(void *context, struct spool_file *f)
{
    free(f);
}

static void report(void *context, const struct spool_file *f, const char *what)
{
    if (f)
        fprintf(stderr, "datbox spool: file %04u of %s %s\n", f->id, f->owner, what);
    else
        fprintf(stderr, "datbox spool: %s\n", what);
}

static void list_files(struct spool *s)
{
    char line[SPOOL_LINE];
    for (unsigned q = SPOOL_READER; q <= SPOOL_QUEUES; q++) {
        struct spool_file *f = NULL;
        bool title = false;
        while ((f = spool_next_file(s, q, f, "", '*'))) {
            if (!title) {
                spool_report_title(line, sizeof line, true, true);
                printf("%s queue\n%s\n", spool_kind_name(q), line);
            }
            title = true;
            spool_report_line(line, sizeof line, f, true, true);
            puts(line);
        }
    }
}

/* What the paper does: new lines for spaces, a form feed for skips to channel 1. */
static void move_paper(uint8_t command)
{
    unsigned motion = command >> 3;
    if (motion == 0x11)
        putchar('\f');
    else
        for (unsigned lines = motion <= 3 ? motion : 1; lines; lines--)
            putchar('\n');
}

static void print_record(const struct spool_record *record, bool paper)
{
    char text[SPOOL_RECORD_MAX];
    latin1_from_ebcdic(text, record->data, record->length);
    fwrite(text, 1, record->length, stdout);
    if (paper)
        move_paper(record->command);
    else
        putchar('\n');
}

/* The spool has left out the blanks at the end. */
static void write_card(const struct spool_record *record)
{
    fwrite(record->data, 1, record->length, stdout);
    for (unsigned column = record->length; column < CARD; column++)
        putchar(EBCDIC_BLANK);
}

static int print_file(struct spool *s, struct spool_file *f, bool binary)
{
    struct spool_reader r;
    struct spool_record record;
    enum spool_result result;
    bool paper = f->kind == SPOOL_PRINTER || f->kind == SPOOL_CONSOLE;
    if (spool_read_open(s, &r, f) != SPOOL_OK)
        return STATUS_FAILED;
    while ((result = spool_read(s, &r, &record)) == SPOOL_OK) {
        if (binary)
            write_card(&record);
        else
            print_record(&record, paper);
    }
    spool_read_close(s, &r);
    if (result == SPOOL_END)
        return STATUS_OK;
    fprintf(stderr, "datbox spool: %s\n", spool_result_text(result));
    return STATUS_FAILED;
}

static int with_volume(struct volume *v, const char *path, unsigned long id, bool binary)
{
    struct spool_store store = {v,         slot_read, no_write,        no_alloc,
                                slot_free, slot_take, checkpoint_read, no_write,
                                page_get,  page_put,  file_get,        file_put};
    struct spool s;
    unsigned checkpoint = 0;
    v->cylinders = ckd_image_cylinders(v->image);
    if (v->cylinders > SPOOL_PAGE)
        v->cylinders = SPOOL_PAGE;
    if (ckd_image_geometry(v->image)->heads * SLOTS_PER_TRACK != SLOTS_PER_CYLINDER ||
        !record_read(v, 0, 0, SLOTS_PER_TRACK, v->map)) {
        fprintf(stderr, "datbox spool: %s is not a CP volume\n", path);
        return STATUS_FAILED;
    }
    for (unsigned c = 0; c < v->cylinders; c++)
        checkpoint += v->map[c] == CYLINDER_CKPT;
    if (!checkpoint) {
        fprintf(stderr, "datbox spool: %s has no checkpoint cylinder\n", path);
        return STATUS_FAILED;
    }
    uint32_t slots = checkpoint * SLOTS_PER_CYLINDER;
    struct spool_file **entries = calloc(spool_entry_count(slots), sizeof *entries);
    uint32_t *generations = calloc(spool_page_count(slots), sizeof *generations);
    v->taken = calloc(v->cylinders, SLOTS_PER_CYLINDER);
    spool_init(&s, &store, slots, entries, generations);
    spool_warm_start(&s, report, NULL);
    struct spool_file *f = id ? spool_find_any(&s, (uint16_t)id) : NULL;
    int status = STATUS_OK;
    if (!id) {
        list_files(&s);
    } else if (f) {
        status = print_file(&s, f, binary);
    } else {
        fprintf(stderr, "datbox spool: %s has no spool file %lu\n", path, id);
        status = STATUS_FAILED;
    }
    for (uint32_t i = 0; i < s.pages * SPOOL_ENTRIES; i++)
        free(entries[i]);
    free(entries);
    free(generations);
    free(v->taken);
    return status;
}

int spool_main(int argc, char **argv)
{
    struct volume v = {0};
    char message[256], *end = "";
    bool binary = argc > 1 && !strcmp(argv[1], "--binary");
    argc -= binary;
    argv += binary;
    unsigned long id = argc > 2 ? strtoul(argv[2], &end, 10) : 0;
    if (argc < 2 || argc > 3 || *end || (argc > 2 && (id < 1 || id > SPOOL_ID_MAX)) ||
        (binary && !id)) {
        fprintf(stderr, "usage: datbox spool VOLUME [SPOOLID]\n"
                        "       datbox spool --binary VOLUME SPOOLID\n");
        return STATUS_USAGE;
    }
    v.image = ckd_image_open(argv[1], CKD_READ_ONLY, message, sizeof message);
    if (!v.image) {
        fprintf(stderr, "datbox spool: %s\n", message);
        return STATUS_FAILED;
    }
    int status = with_volume(&v, argv[1], id, binary);
    ckd_image_close(v.image);
    return status;
}
