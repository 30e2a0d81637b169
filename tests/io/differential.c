/* Random channel programs on a disk here and on Hercules (the Debian package, as a black box):
 * condition codes, CSW, sense, the data read, and the disk afterwards must be the same.  One
 * image of storage holds all programs; driver.S runs them.  Both machines begin with copies of
 * the same disk.  The seed is fixed.  Behind the random programs come the named ones (named.c), on
 * cylinders of their own.
 *
 * usage: differential DRIVER DIRECTORY [TESTS [SEED [TYPE]]] */
#include "s370/arch/ccw.h"
#include "s370/io/channel.h"
#include "s370/machine.h"
#include "s370/media/ckd_image.h"
#include "tests/differential/hercules.h"
#include "tests/io/named.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STORAGE       (16u << 20)
#define INPUT         0x10000u
#define CYLINDERS     4 /* for random programs */
#define ALL_CYLINDERS 8
#define PROGRAM       0x100 /* in a record: CCWs; then arguments, then data */
#define ARGUMENTS     0x200
#define DATA          0x400
#define RECORD        0x3000u
#define CC            CCW_CHAIN_COMMAND
#define SLI           CCW_SUPPRESS_LENGTH

struct record {
    be32 caw;
    be32 unused;
    /* Results: */
    be32 start_link, end_link; /* condition codes in bits 2-3 */
    struct csw csw;
    uint8_t sense[24];
    uint8_t rest[RECORD - 48];
};
LAYOUT(struct record, RECORD);

static uint64_t state;
static const char *type = "3350";
/* Data of a record.  Hercules looks only whether a record fits into the image of the track; the
 * formulas of the real units know gaps, too.  So tracks are never nearly full. */
static uint32_t longest;

static uint32_t below(uint32_t n)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(state >> 33) % n;
}

static uint8_t one_of(const uint8_t *list, size_t n)
{
    return list[below((uint32_t)n)];
}
#define ONE_OF(...) one_of((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static unsigned heads_of_type(void)
{
    return ckd_geometry_find(type)->heads;
}

/* --- the disk --- */

/* A random track, or one for named cases. */
static void fill_track(struct ckd_builder *b, unsigned c, unsigned h)
{
    uint8_t data[0x2000], key[8];
    bool named = c >= CYLINDERS;
    unsigned records = named ? 6 : below(7);
    for (unsigned r = 1; r <= records; r++) {
        memset(data, (int)(c * 64 + h * 8 + r), sizeof data);
        memset(key, (int)(0xf0 + r), sizeof key);
        unsigned key_length = named ? 4 * !(r % 2) : below(2) ? 4 : 0;
        unsigned length = named ? 100 + r : below(6) ? 1 + below(longest) : 0;
        ckd_build_record(b, (uint8_t)r, key, key_length, data, length);
    }
}

static void make_disk(const char *path)
{
    char message[256];
    unlink(path);
    const struct ckd_geometry *g = ckd_geometry_find(type);
    if (ckd_image_create(path, g, ALL_CYLINDERS, message, sizeof message)) {
        fprintf(stderr, "%s\n", message);
        exit(1);
    }
    struct ckd_image *image = ckd_image_open(path, 0, message, sizeof message);
    uint8_t *track = malloc(g->image_track);
    for (unsigned c = 0; c < ALL_CYLINDERS; c++)
        for (unsigned h = 0; h < g->heads; h++) {
            struct ckd_builder b;
            ckd_build(&b, g, track, c, h);
            fill_track(&b, c, h);
            if (!ckd_image_write(image, c, h, 0, track, ckd_build_end(&b)))
                exit(1);
        }
    free(track);
    ckd_image_close(image);
}

/* --- programs --- */

struct maker {
    uint8_t *storage;
    uint32_t record; /* address */
    uint32_t ccw, argument, data;
};

static void put(struct maker *p, uint8_t command, uint32_t data, uint8_t flags, uint32_t count)
{
    struct ccw ccw = {.command = command, .flags = flags};
    put24(&ccw.address, data);
    put16(&ccw.count, count);
    memcpy(p->storage + p->ccw, &ccw, sizeof ccw);
    p->ccw += 8;
}

/* Room for arguments of a command. */
static uint32_t argument(struct maker *p, const void *bytes, uint32_t length)
{
    uint32_t at = p->argument;
    memcpy(p->storage + at, bytes, length);
    p->argument += 16;
    return at;
}

static uint32_t data(struct maker *p)
{
    uint32_t at = p->data;
    p->data += 0x900;
    return at;
}

/* A search, most often in a loop. */
static void put_search(struct maker *p, const uint8_t *seek)
{
    uint8_t id[5] = {seek[2], seek[3], seek[4], seek[5], (uint8_t)below(8)};
    uint8_t key[4], command, length, multitrack = below(4) ? 0 : 0x80;
    memset(key, (int)(0xf0 + below(7)), sizeof key);
    switch (below(5)) {
    case 0:
        command = ONE_OF(0x29, 0x49, 0x69);
        length = below(8) ? 4 : (uint8_t)(1 + below(6));
        put(p, command | multitrack, argument(p, key, 4), CC | SLI, length);
        break;
    case 4:
        put(p, 0x39 | multitrack, argument(p, id, 4), CC | SLI, below(8) ? 4 : 2);
        return; /* once: Hercules would search another track's home address for ever */
    default:
        command = ONE_OF(0x31, 0x31, 0x31, 0x51, 0x71);
        put(p, command | multitrack, argument(p, id, 5), CC | SLI, below(8) ? 5 : 1 + below(6));
        break;
    }
    if (below(8))
        put(p, CCW_TIC, p->ccw - 8, 0, 1);
}

/* One that moves data; with a format write its count field first. */
static void put_transfer(struct maker *p, const uint8_t *seek, uint8_t chain)
{
    uint8_t flags = chain | (below(3) ? SLI : 0) | (below(12) ? 0 : CCW_SKIP);
    uint8_t read = ONE_OF(0x06, 0x0e, 0x1e, 0x1a, 0x16, 0x06, 0x06, 0x12);
    uint8_t write = ONE_OF(0x05, 0x05, 0x0d, 0x1d, 0x1d, 0x15, 0x11);
    uint32_t at = data(p);
    if (read == 0x12 && at != p->record + DATA)
        read = 0x06; /* Hercules counts the index points that reads before it have passed */
    if (below(3)) {
        put(p, read | (chain || read == 0x16 || below(4) ? 0 : 0x80), at, flags, 1 + below(0x8ff));
        return;
    }
    for (unsigned i = 0; i < 0x900; i++)
        p->storage[at + i] = (uint8_t)below(256);
    uint32_t length = below(longest);
    if (write >= 0x11 || write == 0x01) {
        uint8_t count[8] = {seek[2], seek[3], seek[4], seek[5], (uint8_t)(1 + below(7))};
        if (write == 0x15)
            count[4] = 0; /* Hercules knows record zero by its number, not by its place */
        count[5] = below(2) ? 4 : 0;
        count[6] = (uint8_t)(length >> 8);
        count[7] = (uint8_t)length;
        if (!below(20))
            count[6] = 0x50; /* more than a track */
        memcpy(p->storage + at, count, 8);
        length += 8u + count[5];
    }
    flags &= (uint8_t)~CCW_SKIP;
    if (!below(6))
        length = 8 + below(0x8f8);
    if (write == 0x05 || write == 0x0d || length < 1600)
        flags |= SLI; /* Hercules does not report a short count, which is an incorrect length */
    put(p, write, at, flags, length + !length);
}

static void make(uint8_t *storage, uint32_t n)
{
    uint32_t record = INPUT + n * RECORD;
    struct maker p = {storage, record, record + PROGRAM, record + ARGUMENTS, record + DATA};
    store_be32(storage + record, record + PROGRAM);
    uint8_t seek[6] = {0, 0, 0, (uint8_t)below(CYLINDERS), 0, (uint8_t)below(heads_of_type())};
    if (!below(30))
        seek[3 + 2 * below(2)] = 40; /* not there */
    uint8_t mask = ONE_OF(0x00, 0xc0, 0x80, 0x40, 0x18, 0x10, 0x08, 0xd8);
    bool masked = !below(4);
    if (masked && below(2))
        put(&p, 0x1f, argument(&p, &mask, 1), CC, 1);
    put(&p, below(10) ? 0x07 : ONE_OF(0x0b, 0x1b), argument(&p, seek, 6), CC, below(30) ? 6 : 4);
    if (masked)
        put(&p, 0x1f, argument(&p, &mask, 1), CC, 1);
    if (below(5))
        put_search(&p, seek);
    if (!below(12))
        put(&p, CCW_NOP, 0, CC, 1);
    if (!below(8)) {
        uint8_t three[3] = {0, 0, 16};
        uint8_t control = ONE_OF(0x13, 0x17, 0x23);
        put(&p, control, argument(&p, three, 3), CC | SLI, 1);
    }
    uint32_t steps = 1 + below(3);
    for (uint32_t i = 0; i < steps; i++)
        put_transfer(&p, seek, i + 1 < steps ? CC : 0);
}

/* --- named programs --- */

/* Hexadecimal digits, @ and +, as bytes; returns how many. */
static uint32_t take_hex(const char **text, uint8_t *to, unsigned cylinder, unsigned head)
{
    uint32_t n = 0;
    for (const char *s = *text;; *text = s) {
        char byte[3] = "";
        if (*s == '@' || *s == '+') {
            store_be16(to + n, cylinder);
            store_be16(to + n + 2, head + (*s++ == '+'));
            n += 4;
            continue;
        }
        if (!*s || *s == ' ')
            return n;
        memcpy(byte, s, 2);
        s += 2;
        to[n++] = (uint8_t)strtoul(byte, NULL, 16);
    }
}

static void make_named(uint8_t *storage, uint32_t n, unsigned number)
{
    uint32_t record = INPUT + n * RECORD;
    struct maker p = {storage, record, record + PROGRAM, record + ARGUMENTS, record + DATA};
    unsigned pairs = heads_of_type() / 2;
    unsigned cylinder = CYLINDERS + number / pairs, head = number % pairs * 2;
    store_be32(storage + record, record + PROGRAM);
    for (const char *s = named_cases[number].program; *s;) {
        bool loop = *s == '^';
        s += loop;
        uint8_t command = (uint8_t)strtoul(s, (char **)(uintptr_t)&s, 16);
        char kind = *s;
        uint32_t at = p.data, count = 1;
        p.data += 0x200;
        if (kind == '=')
            count = (uint32_t)strtoul(s + 1, (char **)(uintptr_t)&s, 10);
        else if (kind == ':')
            s++, count = take_hex(&s, storage + at, cylinder, head);
        if (command == 0x1d || command == 0x01 || command == 0x15 || command == 0x11)
            count += storage[at + 5] + load_be16(storage + at + 6);
        s += *s == ' ';
        put(&p, command, at, SLI | (*s || loop ? CC : 0), count);
        if (loop)
            put(&p, CCW_TIC, p.ccw - 8, 0, 1);
    }
}

static bool named_is_for_type(const struct named *c)
{
    const char *at = c->types ? strstr(c->types, type) : type;
    size_t n = strlen(type);
    return at && (at[n] == 0 || at[n] == ' ') && (at == c->types || at == type || at[-1] == ' ');
}

/* --- running --- */

static void run_ours(uint8_t *storage)
{
    struct machine *m = machine_create(STORAGE, CLOCK_VIRTUAL);
    char *argv[] = {(char *)"ours"};
    const char *wrong = m ? device_attach(m, 0x131, type, 1, argv) : "no machine";
    if (wrong) {
        fprintf(stderr, "%s\n", wrong);
        exit(1);
    }
    cpu_reset(m->cpu, true);
    memcpy(m->storage.main, storage, STORAGE);
    (void)cpu_load_psw(m->cpu, load_be64(storage));
    cpu_start(m->cpu);
    while (cpu_get_state(m->cpu) == CPU_RUNNING && cpu_instructions(m->cpu) < 100000000) {
        (void)cpu_run(m->cpu, 100);
        struct event *event;
        while ((event = event_take(&m->events, machine_now(m))))
            event->happen(m, event);
    }
    memcpy(storage, m->storage.main, STORAGE);
    machine_destroy(m);
}

static void run_theirs(const uint8_t *image, uint32_t size, uint8_t *storage)
{
    char devices[64], *directory = realpath(".", NULL);
    snprintf(devices, sizeof devices, "0131 %s theirs\n", type);
    const struct hercules_run run = {.directory = directory,
                                     .mode = "S/370",
                                     .megabytes = STORAGE >> 20,
                                     .devices = devices,
                                     .image = image,
                                     .size = size,
                                     .from = 0,
                                     .to = size,
                                     .storage = storage};
    if (!directory || !run_hercules(&run)) {
        fprintf(stderr, "hercules gave no result: see hercules.log\n");
        exit(1);
    }
    free(directory);
}

/* --- comparing --- */

static void show(const char *who, const struct record *r)
{
    printf("  %-8s cc %u %u csw %02X %06X %02X%02X %04X sense %02X%02X %02X\n", who,
           r->start_link.b[0] >> 4 & 3, r->end_link.b[0] >> 4 & 3, r->csw.key,
           get24(r->csw.address), r->csw.unit_status, r->csw.channel_status, get16(r->csw.count),
           r->sense[0], r->sense[1], r->sense[7]);
}

/* The old units, 2841 and 2314, tell why a command was rejected: seek check (byte 0, 01), invalid
 * sequence and file protected (byte 1, 10 and 04).  Hercules leaves these out.  GA26-5988,
 * GA26-3599. */
static bool same_sense(const uint8_t *ours, const uint8_t *theirs)
{
    uint8_t a[2] = {ours[0], ours[1]};
    if ((!strcmp(type, "2311") || !strcmp(type, "2314")) && (a[0] & 0x80)) {
        a[0] &= 0xfe;
        a[1] &= 0xeb;
    }
    return !memcmp(a, theirs, sizeof a);
}

/* With a unit check Hercules reports incorrect length even if no data could move; a real
 * unit rejects a command in its initial status, and there is none. */
static bool same(const struct record *a, const struct record *b)
{
    struct csw x = a->csw, y = b->csw;
    if (x.unit_status & y.unit_status & UNIT_CHECK)
        x.channel_status = y.channel_status = 0, put16(&x.count, 0), put16(&y.count, 0);
    if (x.channel_status & y.channel_status & CHANNEL_PROGRAM_CHECK)
        put16(&x.count, 0), put16(&y.count, 0); /* unpredictable */
    return !memcmp(&x, &y, sizeof x) &&
           (a->start_link.b[0] & 0x30) == (b->start_link.b[0] & 0x30) &&
           same_sense(a->sense, b->sense) && !memcmp(a->rest, b->rest, sizeof a->rest);
}

static void report(uint32_t n, const uint8_t *ours, const struct record *a, const struct record *b)
{
    printf("test %u\n", n);
    for (uint32_t at = INPUT + n * RECORD + PROGRAM; load_be64(ours + at); at += 8) {
        uint32_t address = load_be24(ours + at + 1);
        printf("  %06X %02X %06X %02X %04X  %08X %08X\n", at, ours[at], address, ours[at + 4],
               load_be16(ours + at + 6), load_be32(ours + address), load_be32(ours + address + 4));
    }
    show("ours", a);
    show("hercules", b);
    unsigned shown = 0;
    for (uint32_t i = 0; i < sizeof a->rest && shown < 8; i++)
        if (a->rest[i] != b->rest[i] && ++shown)
            printf("  %06X: ours %02X, hercules %02X\n", INPUT + n * RECORD + 48 + i, a->rest[i],
                   b->rest[i]);
}

/* Tracks that differ, up to their end marks. */
static unsigned compare_disks(void)
{
    char message[256];
    unsigned differ = 0;
    struct ckd_image *a = ckd_image_open("ours", CKD_READ_ONLY, message, sizeof message);
    struct ckd_image *b = ckd_image_open("theirs", CKD_READ_ONLY, message, sizeof message);
    for (unsigned c = 0; a && b && c < CYLINDERS; c++) /* named cases may leave others */
        for (unsigned h = 0; h < ckd_image_geometry(a)->heads; h++) {
            const uint8_t *x = ckd_image_track(a, c, h), *y = ckd_image_track(b, c, h);
            struct ckd_record r = {0};
            uint32_t size = ckd_image_geometry(a)->image_track, end = CKD_HOME_ADDRESS;
            bool found = ckd_record_at(x, size, end, &r);
            for (; found; found = ckd_record_next(x, size, &r))
                end = r.offset + CKD_COUNT + r.key_length + r.data_length;
            if (memcmp(x, y, end + CKD_COUNT) && ++differ < 10)
                printf("the disks differ: cylinder %u head %u\n", c, h);
        }
    ckd_image_close(a);
    ckd_image_close(b);
    return a && b ? differ : 1;
}

/* The named cases of the type; how many are not as they should be. */
static unsigned compare_named(uint32_t first, const uint8_t *ours, const uint8_t *theirs)
{
    unsigned failed = 0;
    for (unsigned i = 0; i < named_count; i++) {
        const struct record *a = (const struct record *)(ours + INPUT) + first + i;
        const struct record *b = (const struct record *)(theirs + INPUT) + first + i;
        const struct named *c = &named_cases[i];
        uint32_t outcome =
            (uint32_t)a->csw.unit_status << 16 | (uint32_t)a->sense[0] << 8 | a->sense[1];
        if (c->outcome == 0x0e8000u && (outcome & 0xffff10u) == 0x0e8010u)
            outcome &= 0xffffefu; /* the old units: invalid sequence */
        if (!named_is_for_type(c) || (outcome == c->outcome && same(a, b) != c->unlike))
            continue;
        printf("named case: %s: %s\n", c->name,
               outcome != c->outcome ? "not as it should be"
               : c->unlike           ? "Hercules does the same now"
                                     : "unlike Hercules");
        report(first + i, ours, a, b);
        failed++;
    }
    return failed;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: differential DRIVER DIRECTORY [TESTS [SEED [TYPE]]]\n");
        return 2;
    }
    uint32_t count = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 0) : 1200, failed = 0;
    type = argc > 5 ? argv[5] : type;
    uint32_t track = ckd_geometry_find(type)->track_length;
    longest = track / 14 < 1500 ? track / 14 : 1500;
    state = argc > 4 ? strtoull(argv[4], NULL, 0) : 370;
    uint32_t all = count + named_count, size = INPUT + all * RECORD;
    uint8_t *ours = calloc(1, STORAGE), *theirs = calloc(1, STORAGE);
    FILE *f = fopen(argv[1], "rb");
    if (!ours || !theirs || size > STORAGE || !f || !fread(ours, 1, 0x1000, f) || chdir(argv[2])) {
        perror("differential");
        return 1;
    }
    fclose(f);
    store_be32(ours + 0x180, all);
    store_be32(ours + 0x184, INPUT);
    store_be32(ours + 0x188, RECORD);
    make_disk("ours");
    if (system("cp --sparse=always ours theirs"))
        return 1;
    for (uint32_t n = 0; n < count; n++)
        make(ours, n);
    for (unsigned i = 0; i < named_count; i++)
        make_named(ours, count + i, i);
    run_theirs(ours, size, theirs);
    run_ours(ours);
    for (uint32_t n = 0; n < count; n++) {
        const struct record *a = (const struct record *)(ours + INPUT) + n;
        const struct record *b = (const struct record *)(theirs + INPUT) + n;
        if (!same(a, b) && ++failed <= 10)
            report(n, ours, a, b);
    }
    unsigned tracks = compare_disks(), named = compare_named(count, ours, theirs);
    printf("differential: %s: %u channel programs, %u unlike Hercules, %u tracks differ; %u named "
           "cases not as they should be\n",
           type, count, failed, tracks, named);
    free(ours);
    free(theirs);
    return failed != 0 || tracks != 0 || named != 0;
}
