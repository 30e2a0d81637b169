/* CP's volumes: cylinder 0, head 0 with its IPL records, label and allocation map; format. */
#include "tools/volume/volume.h"

#include "lib/ebcdic.h"
#include "lib/str.h"

#include <stdlib.h>
#include <string.h>

#define LABEL_RECORD 3
#define MAP_RECORD   4
#define IPL_LENGTH   512 /* the first 24 bytes are what IPL reads; nucleus.c has the rest */
#define LABEL_LENGTH 80

static const struct {
    const char *name;
    enum allocation kind;
} kinds[] = {
    {"FREE", ALLOCATION_FREE}, {"PERM", ALLOCATION_PERM}, {"TEMP", ALLOCATION_TEMP},
    {"DRCT", ALLOCATION_DRCT}, {"PAGE", ALLOCATION_PAGE}, {"CKPT", ALLOCATION_CKPT},
    {"NUCL", ALLOCATION_NUCL}, {"TDSK", ALLOCATION_TDSK}, {"DUMP", ALLOCATION_DUMP},
};

bool allocation_parse(const char *word, enum allocation *kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (str_equal(kinds[i].name, word)) {
            *kind = kinds[i].kind;
            return true;
        }
    return false;
}

const char *allocation_name(uint8_t kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (kinds[i].kind == kind)
            return kinds[i].name;
    return "????";
}

bool volume_good_volser(struct volume *v, const char *volser)
{
    size_t n = strlen(volser);
    bool ok = n >= 1 && n <= 6;
    for (size_t i = 0; ok && i < n; i++)
        ok = (volser[i] >= 'A' && volser[i] <= 'Z') || str_is_digit(volser[i]) ||
             strchr("$#@", volser[i]);
    return ok ||
           volume_fail(v, "'%s' is not a volume serial number (1 to 6 letters and digits)", volser);
}

/* What IPL of a volume without a nucleus does: a disabled wait, X'0F' as Hercules' dasdinit
 * leaves it, and a channel program that does nothing. */
static const uint8_t no_ipl[24] = {
    0x00, 0x06, 0, 0, 0, 0, 0, 0x0f, 0x03, 0, 0, 0, 0x20, 0, 0, 1, 0x03, 0, 0, 0, 0x20, 0, 0, 1,
};

/* A table of contents without data sets: its own (format 4) entry, 44 bytes of key and 96 of
 * data, so that systems and tools that look for one see a full volume. */
static bool write_vtoc(struct volume *v)
{
    const struct ckd_geometry *g = v->geometry;
    struct ckd_builder b;
    uint8_t key[44], data[96] = {0}, *track = malloc(g->image_track);
    memset(key, 0x04, sizeof key);
    data[0] = 0xf4;
    data[15] = 1; /* extents */
    store_be16(data + 18, v->cylinders);
    store_be16(data + 20, g->heads);
    store_be16(data + 22, g->track_length);
    data[30] = (uint8_t)ckd_records_per_track(g, 44, 96);
    data[61] = 1; /* the extent is this track: cylinder 0, head 1 */
    data[66] = data[70] = 1;
    ckd_build(&b, g, track, 0, 1);
    ckd_build_record(&b, 1, key, sizeof key, data, sizeof data);
    ckd_build_end(&b);
    bool ok = ckd_image_write(v->image, 0, 1, 0, track, g->image_track) ||
              volume_fail(v, "the label cannot be written");
    free(track);
    return ok;
}

void volume_make_label(uint8_t *label, const char *volser)
{
    memset(label, ' ', LABEL_LENGTH);
    memcpy(label, "VOL1", 4);
    memcpy(label + 4, volser, strlen(volser));
    memcpy(label + 37, "DATBOX", 6); /* the owner */
    ebcdic_from_latin1(label, label, LABEL_LENGTH);
}

static bool write_first_track(struct volume *v, const char *volser)
{
    struct ckd_builder b;
    uint8_t *track = malloc(v->geometry->image_track);
    uint8_t ipl[IPL_LENGTH] = {0}, label[LABEL_LENGTH], map[CP_RECORD] = {ALLOCATION_PERM};
    uint8_t key[3][4];
    memcpy(ipl, no_ipl, sizeof no_ipl);
    volume_make_label(label, volser);
    ebcdic_from_latin1(key, "IPL1IPL2VOL1", sizeof key);
    memset(label + 10, 0, 6); /* no security; the VTOC is at 0, 1, record 1 */
    label[14] = label[15] = 1;
    memset(label + 52, 0, 4); /* no directory yet */
    ckd_build(&b, v->geometry, track, 0, 0);
    bool ok = ckd_build_record(&b, 1, key[0], 4, ipl, sizeof ipl) &&
              ckd_build_record(&b, 2, key[1], 4, ipl, sizeof ipl) &&
              ckd_build_record(&b, LABEL_RECORD, key[2], 4, label, sizeof label) &&
              ckd_build_record(&b, MAP_RECORD, NULL, 0, map, sizeof map);
    if (!ok)
        volume_fail(v, "tracks of a %s are too short for a CP volume", v->geometry->name);
    ckd_build_end(&b);
    ok = ok && (ckd_image_write(v->image, 0, 0, 0, track, v->geometry->image_track) ||
                volume_fail(v, "the label cannot be written"));
    free(track);
    return ok;
}

bool volume_create(struct volume *v, const char *path, const char *type, unsigned cylinders,
                   const char *volser)
{
    const struct ckd_geometry *g = ckd_geometry_find(type);
    memset(v, 0, sizeof *v);
    v->path = path;
    if (!volume_good_volser(v, volser))
        return false;
    if (!g)
        return volume_fail(v, "there is no disk type %s", type);
    if (cylinders > (unsigned)g->cylinders + g->alternates)
        return volume_fail(v, "a %s has no more than %u cylinders", type,
                           (unsigned)g->cylinders + g->alternates);
    if (ckd_image_create(path, g, cylinders, v->message, sizeof v->message))
        return false;
    return volume_open(v, path, true) && write_first_track(v, volser) && write_vtoc(v);
}

bool volume_format(struct volume *v, unsigned start, unsigned cylinders)
{
    if (!volume_extent(v, start, cylinders))
        return false;
    for (unsigned c = start; c < start + cylinders; c++)
        for (unsigned h = c ? 0 : 2; h < v->geometry->heads; h++)
            if (!volume_format_track(v, 0, c, h, CP_RECORD))
                return false;
    return true;
}

bool volume_read_label(struct volume *v, char volser[7], uint8_t *map)
{
    uint8_t label[LABEL_LENGTH];
    char text[LABEL_LENGTH];
    if (!volume_read(v, 0, 0, LABEL_RECORD, label, sizeof label))
        return false;
    latin1_from_ebcdic(text, label, sizeof label);
    if (memcmp(text, "VOL1", 4))
        return volume_fail(v, "has no VOL1 label (cylinder 0 head 0 record 3)");
    str_unpad(volser, text + 4, 6);
    return !map || volume_read(v, 0, 0, MAP_RECORD, map, CP_RECORD);
}

bool volume_label(struct volume *v, const char *volser)
{
    uint8_t label[LABEL_LENGTH];
    char old[7], field[6];
    if (!volume_good_volser(v, volser) || !volume_read_label(v, old, NULL) ||
        !volume_read(v, 0, 0, LABEL_RECORD, label, sizeof label))
        return false;
    str_pad(field, volser, sizeof field);
    ebcdic_from_latin1(label + 4, field, sizeof field);
    return volume_write(v, 0, 0, LABEL_RECORD, label, sizeof label);
}

bool volume_allocate(struct volume *v, enum allocation kind, unsigned start, unsigned cylinders)
{
    uint8_t map[CP_RECORD];
    char volser[7];
    if (!volume_extent(v, start, cylinders) || !volume_read_label(v, volser, map))
        return false;
    if (!start && kind != ALLOCATION_PERM)
        return volume_fail(v, "cylinder 0 can only be PERM: the label is there");
    memset(map + start, kind, cylinders);
    return volume_write(v, 0, 0, MAP_RECORD, map, sizeof map);
}

bool volume_find_allocation(struct volume *v, enum allocation kind, unsigned *start,
                            unsigned *cylinders)
{
    uint8_t map[CP_RECORD];
    char volser[7];
    if (!volume_read_label(v, volser, map))
        return false;
    unsigned first = 0;
    while (first < v->cylinders && map[first] != kind)
        first++;
    unsigned end = first;
    while (end < v->cylinders && map[end] == kind)
        end++;
    *start = first;
    *cylinders = end - first;
    return *cylinders || volume_fail(v, "no cylinder is allocated as %s", allocation_name(kind));
}
