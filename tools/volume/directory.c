/* The user directory on a volume: compile it into the DRCT cylinders.  A new directory goes to the
 * half of that space which the present one does not use; the label's pointer is changed last. */
#include "cp/directory/directory.h"

#include "lib/ebcdic.h"
#include "lib/str.h"
#include "tools/volume/volume.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LABEL_LENGTH 80
#define MEMORY       (1024 * 1024)

struct job {
    struct volume *volume;
    FILE *source, *out;
    const char *path;
    bool too_long;
    uint32_t first; /* slot of record 0 */
    /* The object form also goes here, for looking things up. */
    uint8_t *object;
    uint32_t records;
};

static bool next_line(void *context, char *line, size_t size)
{
    struct job *j = context;
    if (!fgets(line, (int)size, j->source))
        return false;
    size_t n = strcspn(line, "\r\n");
    if (!line[n]) { /* longer than the compiler looks at */
        int c;
        while ((c = getc(j->source)) != '\n' && c != EOF)
            ;
    }
    line[n] = 0;
    return true;
}

static void message(void *context, enum directory_severity severity, uint32_t line,
                    const char *statement, const char *text)
{
    struct job *j = context;
    fprintf(j->out, "%s:%u: %s%s%s%s\n", j->path, (unsigned)line,
            severity == DIRECTORY_WARNING ? "warning: " : "", statement, *statement ? ": " : "",
            text);
}

static bool keep_record(void *context, uint32_t number, const void *bytes)
{
    struct job *j = context;
    if (number >= j->records) {
        j->object = realloc(j->object, (number + 1) * (size_t)DIRECTORY_RECORD);
        memset(j->object + j->records * (size_t)DIRECTORY_RECORD, 0,
               (number + 1 - j->records) * (size_t)DIRECTORY_RECORD);
        j->records = number + 1;
    }
    memcpy(j->object + number * (size_t)DIRECTORY_RECORD, bytes, DIRECTORY_RECORD);
    return true;
}

static bool read_object(void *context, uint32_t number, void *bytes)
{
    const struct job *j = context;
    if (number >= j->records)
        return false;
    memcpy(bytes, j->object + number * (size_t)DIRECTORY_RECORD, DIRECTORY_RECORD);
    return true;
}

/* Compiles into memory. */
static bool compile(struct job *j, const char *path, FILE *out, uint32_t max_records,
                    struct directory_totals *totals)
{
    struct directory_source source = {j, next_line, keep_record, message, max_records};
    j->path = path;
    j->out = out;
    j->source = fopen(path, "r");
    if (!j->source)
        return volume_fail(j->volume, "%s: %s", path, strerror(errno));
    void *memory = malloc(MEMORY);
    bool ok = directory_compile(&source, memory, MEMORY, totals);
    free(memory);
    fclose(j->source);
    return ok || volume_fail(j->volume, "%s: %u error%s; the directory is not changed", path,
                             (unsigned)totals->errors, totals->errors == 1 ? "" : "s");
}

static bool write_slot(struct volume *v, uint32_t slot, const void *bytes, bool write)
{
    static uint8_t old[CP_RECORD];
    unsigned per_track = ckd_records_per_track(v->geometry, 0, CP_RECORD);
    unsigned track = slot / per_track, record = slot % per_track + 1;
    unsigned cylinder = track / v->geometry->heads, head = track % v->geometry->heads;
    return write ? volume_write(v, cylinder, head, record, bytes, CP_RECORD)
                 : volume_read(v, cylinder, head, record, old, CP_RECORD);
}

static bool store(struct job *j, uint32_t slots_per_cylinder, unsigned start, unsigned cylinders)
{
    struct volume *v = j->volume;
    uint8_t label[LABEL_LENGTH];
    uint32_t half = cylinders * slots_per_cylinder / 2, first = start * slots_per_cylinder;
    if (!volume_read(v, 0, 0, 3, label, sizeof label))
        return false;
    if (load_be32(label + DIRECTORY_VOL1_OFFSET) == first)
        first += half;
    /* All the records must be there before any is changed; the header is the last. */
    for (uint32_t i = 0; i < j->records; i++)
        if (!write_slot(v, first + i, NULL, false))
            return false;
    for (uint32_t i = j->records; i-- > 0;)
        if (!write_slot(v, first + i, j->object + i * (size_t)DIRECTORY_RECORD, true))
            return false;
    store_be32(label + DIRECTORY_VOL1_OFFSET, first);
    return volume_write(v, 0, 0, 3, label, sizeof label);
}

/* The compiler sees one statement at a time; this sees whether LINKs lead to minidisks. */
static void check_links(struct job *j)
{
    uint8_t buffer[DIRECTORY_RECORD], other[DIRECTORY_RECORD];
    struct directory d = {.context = j, .read_record = read_object, .buffer = buffer};
    struct directory look = {.context = j, .read_record = read_object, .buffer = other};
    struct directory_user user, owner;
    struct directory_device device, target;
    if (directory_open(&d) != DIRECTORY_OK || directory_open(&look) != DIRECTORY_OK)
        return;
    for (uint32_t i = 0; i < d.users && directory_user_at(&d, i, &user) == DIRECTORY_OK; i++) {
        uint16_t cursor = 0;
        while (directory_next_device(&d, &user, &cursor, &device) == DIRECTORY_OK)
            if (device.kind == DEVICE_LINK &&
                (directory_find(&look, device.owner, &owner) != DIRECTORY_OK ||
                 directory_find_device(&look, &owner, device.owner_address, &target) !=
                     DIRECTORY_OK ||
                 target.kind != DEVICE_MDISK))
                fprintf(j->out, "%s: warning: USER %s: LINK %s %03X: there is no such minidisk\n",
                        j->path, user.userid, device.owner, device.owner_address);
    }
}

bool volume_directory(struct volume *v, const char *path, bool check_only, FILE *out)
{
    struct job j = {.volume = v};
    struct directory_totals totals;
    char volser[7] = "";
    unsigned start = 0, cylinders = 0;
    uint32_t slots = 0;
    if (!check_only) {
        if (!volume_read_label(v, volser, NULL) ||
            !volume_find_allocation(v, ALLOCATION_DRCT, &start, &cylinders))
            return false;
        slots = ckd_records_per_track(v->geometry, 0, CP_RECORD) * v->geometry->heads;
    }
    bool ok = compile(&j, path, out, check_only ? UINT32_MAX : cylinders * slots / 2, &totals);
    if (ok)
        check_links(&j);
    if (ok && !check_only && strcmp(totals.volume, volser))
        ok = volume_fail(v, "%s: the DIRECTORY statement says volume %s, this is %s", path,
                         totals.volume, volser);
    if (ok && !check_only)
        ok = store(&j, slots, start, cylinders);
    if (ok)
        fprintf(out, "%s: %u users, %u minidisks, %u records%s\n", path, (unsigned)totals.users,
                (unsigned)totals.minidisks, (unsigned)totals.records, check_only ? "" : " written");
    free(j.object);
    return ok;
}

/* --- minidisks of a source --- */

static bool load(struct job *j, struct directory *d, uint8_t *buffer, const char *source)
{
    struct directory_totals totals;
    if (!compile(j, source, stderr, UINT32_MAX, &totals))
        return false;
    *d = (struct directory){.context = j, .read_record = read_object, .buffer = buffer};
    return directory_open(d) == DIRECTORY_OK || volume_fail(j->volume, "%s: no directory", source);
}

bool volume_find_minidisk(struct volume *v, const char *source, const char *name, char volser[7],
                          unsigned *start, unsigned *cylinders)
{
    struct job j = {.volume = v};
    struct directory d;
    struct directory_user user;
    struct directory_device device;
    uint8_t buffer[DIRECTORY_RECORD];
    char userid[16] = "";
    uint32_t address = 0;
    const char *colon = strchr(name, ':');
    size_t n = colon ? (size_t)(colon - name) : 0;
    if (!n || n >= sizeof userid || !str_hex(colon + 1, &address) || address > 0xfff)
        return volume_fail(v, "'%s' is no minidisk (USERID:191)", name);
    memcpy(userid, name, n);
    bool ok = load(&j, &d, buffer, source);
    if (ok && (directory_find(&d, userid, &user) != DIRECTORY_OK ||
               directory_find_device(&d, &user, (uint16_t)address, &device) != DIRECTORY_OK ||
               device.kind != DEVICE_MDISK))
        ok = volume_fail(v, "%s: %s has no minidisk %03X", source, userid, (unsigned)address);
    if (ok) {
        strcpy(volser, device.volume);
        *start = device.start;
        *cylinders = device.cylinders;
    }
    free(j.object);
    return ok;
}

bool volume_minidisks(struct volume *v, const char *source, unsigned block_size)
{
    struct job j = {.volume = v};
    struct directory d;
    struct directory_user user;
    struct directory_device device;
    uint8_t buffer[DIRECTORY_RECORD];
    char volser[7], label[16];
    bool ok = volume_read_label(v, volser, NULL) && load(&j, &d, buffer, source);
    for (uint32_t i = 0; ok && i < d.users; i++) {
        uint16_t cursor = 0;
        ok = directory_user_at(&d, i, &user) == DIRECTORY_OK;
        while (ok && directory_next_device(&d, &user, &cursor, &device) == DIRECTORY_OK) {
            if (device.kind != DEVICE_MDISK || strcmp(device.volume, volser) || !device.start)
                continue;
            snprintf(label, sizeof label, "%.3s%03X", user.userid, device.address);
            ok = cms_disk_format(v, device.start, device.cylinders, 0, block_size, label);
        }
    }
    free(j.object);
    return ok;
}
