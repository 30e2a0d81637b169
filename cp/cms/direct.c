/* DIRECT: checks a user directory and writes it to the volume that its DIRECTORY statement names,
 * where the label points to it from then on; the CP that runs takes it up at once (DIAGNOSE 3C).
 * The new one goes to the half of the DRCT cylinders that the present one does not use.
 * Source: VM/370 Planning and System Generation Guide, GC20-1801, "Directory Program". */
#include "cms/kit/cms.h"
#include "cp/directory/directory.h"
#include "lib/be.h"
#include "s370/arch/ccw.h"

#define SEEK           0x07
#define SEARCH_ID      0x31
#define READ           0x06
#define WRITE          0x05
#define LABEL_SLOT     2 /* cylinder 0, head 0, records 3 and 4 */
#define MAP_SLOT       3
#define LABEL_LENGTH   80
#define DRCT           0x04 /* in the map */
#define COMPILE_MEMORY (96 * 1024)

struct direct {
    struct fscb file;
    bool read_error;
    /* The object form, in the second pass. */
    uint8_t *object;
    uint32_t records;
    /* The volume. */
    struct cms_device device;
    uint32_t slots; /* of a cylinder */
};

/* --- the compiler's calls --- */

static bool next_line(void *context, char *line, size_t size)
{
    struct direct *d = context;
    int rc = cms_file_read(&d->file, line, size - 1);
    if (rc && rc != FILE_CUT) {
        d->read_error |= rc != FILE_END;
        return false;
    }
    line[d->file.nord < size - 1 ? d->file.nord : size - 1] = 0;
    return true;
}

static bool keep_record(void *context, uint32_t number, const void *bytes)
{
    struct direct *d = context;
    if (number >= d->records)
        return false;
    memcpy(d->object + number * DIRECTORY_RECORD, bytes, DIRECTORY_RECORD);
    return true;
}

static void message(void *context, enum directory_severity severity, uint32_t line,
                    const char *statement, const char *text)
{
    (void)context;
    cms_printf("LINE %u: %s%s%s%s", (unsigned)line,
               severity == DIRECTORY_WARNING ? "WARNING: " : "", statement, *statement ? ": " : "",
               text);
}

static bool compile(struct direct *d, const struct cms_fileid *id, bool keep, void *memory,
                    struct directory_totals *totals)
{
    struct directory_source source = {d, next_line, keep ? keep_record : NULL, message, UINT32_MAX};
    cms_file(&d->file, id);
    bool ok = directory_compile(&source, memory, COMPILE_MEMORY, totals);
    cms_file_close(&d->file);
    return ok && !d->read_error;
}

/* --- the volume --- */

static bool slot_io(const struct direct *d, uint32_t slot, uint8_t command, void *data,
                    uint32_t length)
{
    struct ccw ccws[4];
    uint8_t at[8] = {0};
    struct cms_io io;
    memset(&io, 0, sizeof io);
    store_be16(at + 2, slot / d->slots);
    store_be16(at + 4, slot % d->slots / d->device.per_track);
    at[6] = (uint8_t)(slot % d->device.per_track + 1);
    ccw_set(&ccws[0], SEEK, at, CCW_CHAIN_COMMAND, 6);
    ccw_set(&ccws[1], SEARCH_ID, at + 2, CCW_CHAIN_COMMAND, 5);
    ccw_set(&ccws[2], CCW_TIC, &ccws[1], 0, 1);
    ccw_set(&ccws[3], command, data, 0, length);
    io.address = d->device.address;
    io.ccws = (uint32_t)ccws;
    return cms_io(&io) == 0;
}

static bool find_volume(struct direct *d, const struct directory_totals *totals, uint8_t *label)
{
    char volser[7];
    memset(&d->device, 0, sizeof d->device);
    d->device.block_size = DIRECTORY_RECORD;
    if (cms_device(totals->address, &d->device) || !d->device.per_track) {
        cms_error(0, "DMKDIR761E OPERATION COMPLETE; DEVICE %03X IS NO DISK HERE", totals->address);
        return false;
    }
    d->slots = (uint32_t)d->device.per_track * d->device.heads;
    if (!slot_io(d, LABEL_SLOT, READ, label, LABEL_LENGTH) || memcmp(label, "VOL1", 4)) {
        cms_error(0, "DMKDIR760E NO VOL1 LABEL ON %03X", totals->address);
        return false;
    }
    str_unpad(volser, (const char *)label + 4, 6);
    if (strcmp(volser, totals->volume) == 0)
        return true;
    cms_error(0, "DMKDIR751E INVALID OPERAND - %s, THE VOLUME ON %03X IS %s", totals->volume,
              totals->address, volser);
    return false;
}

/* The slot where the new directory begins; 0: there is no room for it. */
static uint32_t find_space(const struct direct *d, const uint8_t *label, const uint8_t *map)
{
    uint32_t first = 0;
    while (first < d->device.cylinders && map[first] != DRCT)
        first++;
    uint32_t end = first;
    while (end < d->device.cylinders && map[end] == DRCT)
        end++;
    uint32_t half = (end - first) * d->slots / 2, slot = first * d->slots;
    if (half < d->records)
        return 0;
    return load_be32(label + DIRECTORY_VOL1_OFFSET) == slot ? slot + half : slot;
}

/* Record 0 is written last of the directory, the label last of all. */
static bool write_directory(const struct direct *d, uint32_t first, uint8_t *label)
{
    for (uint32_t i = d->records; i-- > 0;)
        if (!slot_io(d, first + i, WRITE, d->object + i * DIRECTORY_RECORD, DIRECTORY_RECORD))
            return false;
    store_be32(label + DIRECTORY_VOL1_OFFSET, first);
    return slot_io(d, LABEL_SLOT, WRITE, label, LABEL_LENGTH);
}

static bool store(const struct direct *d, uint8_t *label, uint8_t *map)
{
    if (!slot_io(d, MAP_SLOT, READ, map, DIRECTORY_RECORD)) {
        cms_error(0, "DMKDIR758E NO ALLOCATION MAP ON %03X", d->device.address);
        return false;
    }
    uint32_t first = find_space(d, label, map);
    if (!first) {
        cms_error(0, "DMKDIR764E NO ROOM FOR %u RECORDS IN HALF OF THE DRCT CYLINDERS",
                  (unsigned)d->records);
        return false;
    }
    if (write_directory(d, first, label))
        return true;
    cms_error(0, "DMKDIR763E ERROR WRITING THE DIRECTORY ON %03X; IS IT LINKED R/O?",
              d->device.address);
    return false;
}

/* --- taking it up --- */

/* May this user have the running CP take a directory up?  False on the bare machine, too. */
static bool may_swap(void)
{
    char answer[80];
    size_t length;
    if (cms_cp("QUERY PRIV", 10, answer, sizeof answer, &length))
        return false;
    if (length > sizeof answer)
        length = sizeof answer;
    while (length && answer[length - 1] != ' ')
        if (strchr("ABC", answer[--length]))
            return true;
    return false;
}

/* DIAGNOSE 3C with the volume's name in registers: the condition code. */
static unsigned swap(const char *volser)
{
    char name[8];
    str_pad(name, volser, sizeof name);
    uint32_t rx = load_be32(name), ry = load_be32(name + 4), cc;
    __asm__ volatile(".insn rs,0x83000000,%1,%2,0x003c\n\tipm %0"
                     : "=d"(cc)
                     : "d"(rx), "d"(ry)
                     : "cc", "memory");
    return cc >> 28 & 3;
}

/* --- the command --- */

static int not_updated(int rc)
{
    cms_printf("EOJ DIRECTORY NOT UPDATED");
    return rc;
}

static int direct(struct direct *d, const struct cms_fileid *id, bool check_only, void *memory)
{
    struct directory_totals totals;
    uint8_t label[LABEL_LENGTH];
    if (!compile(d, id, false, memory, &totals))
        return not_updated(RC_BAD_FILE);
    cms_printf("%u USERS, %u MINIDISKS, %u RECORDS", (unsigned)totals.users,
               (unsigned)totals.minidisks, (unsigned)totals.records);
    if (check_only)
        return not_updated(0);
    if (!find_volume(d, &totals, label))
        return not_updated(RC_NO_DISK);
    size_t size = totals.records * DIRECTORY_RECORD;
    uint8_t *object = cms_alloc(size + DIRECTORY_RECORD);
    if (!object)
        return cms_error(RC_NO_STORAGE, "DMKDIR755E NOT ENOUGH STORAGE FOR THE DIRECTORY");
    memset(object, 0, size);
    d->object = object;
    d->records = totals.records;
    bool ok = compile(d, id, true, memory, &totals) && store(d, label, object + size);
    cms_free(object, size + DIRECTORY_RECORD);
    if (!ok)
        return not_updated(RC_IO_ERROR);
    if (may_swap() && swap(totals.volume) == 0)
        cms_printf("EOJ DIRECTORY UPDATED AND ON LINE");
    else
        cms_printf("EOJ DIRECTORY UPDATED");
    return 0;
}

int command_main(const struct cms_call *call)
{
    struct direct d;
    struct cms_fileid id;
    struct cms_fileinfo info;
    char text[21];
    int operands = 1;
    while (operands < call->tokens && !cms_token_is(call, operands, "("))
        operands++;
    bool check_only = cms_token_is(call, operands + 1, "EDIT");
    memset(&d, 0, sizeof d);
    if (operands > 4 || (operands + 1 < call->tokens && !check_only))
        return cms_error(RC_BAD_OPERAND,
                         "DMKDIR751E INVALID OPERAND - DIRECT [fn [ft [fm]]] [(EDIT]");
    cms_fileid(&id, "USER", "DIRECT", "*");
    if (operands > 1)
        memcpy(id.fn, call->token[1], 8);
    if (operands > 2)
        memcpy(id.ft, call->token[2], 8);
    if (operands > 3)
        memcpy(id.fm, call->token[3], 2);
    if (cms_state(&id, &info))
        return cms_error(RC_NOT_FOUND, "DMKDIR750E FILE '%s' NOT FOUND",
                         cms_fileid_text(text, &id));
    void *memory = cms_alloc(COMPILE_MEMORY);
    if (!memory)
        return cms_error(RC_NO_STORAGE, "DMKDIR755E NOT ENOUGH STORAGE FOR THE DIRECTORY");
    int rc = direct(&d, &info.id, check_only, memory);
    cms_free(memory, COMPILE_MEMORY);
    return rc;
}
