/* FORMAT cuu mode [nocyl] [(BLKSIZE nnnn LABEL RECOMP]: makes a disk ready for CMS files.
 *
 * Every track is written anew with records of the block size (a fixed-block disk has its blocks);
 * then the file system writes an empty directory (cms/fs).  With LABEL only the label is changed.
 */
#include "cms/fs/edf.h"
#include "cms/kit/cms.h"
#include "s370/arch/fba.h"

#define MODULE "FOR"

enum { LABEL, RECOMP, BLKSIZE, OPTIONS };
static const struct cms_option options[OPTIONS] = {
    [LABEL] = {"LABEL", 3},
    [RECOMP] = {"RECOMP", 4},
    [BLKSIZE] = {"BLKSIZE", 3, 1},
};

enum {
    DASD_WRITE = 0x05,
    DASD_READ = 0x06,
    DASD_SEEK = 0x07,
    DASD_READ_R0 = 0x16,
    DASD_WRITE_CKD = 0x1d,
    DASD_SEARCH_ID = 0x31,
};
#define RECORDS_MAX 96
#define BLOCK_MAX   4096

struct format {
    struct cms_device device;
    uint32_t block_size, per_track;
    uint8_t bbcchhr[7];
};

static void set_place(struct format *f, uint32_t cylinder, uint32_t head, uint32_t record)
{
    memset(f->bbcchhr, 0, sizeof(f->bbcchhr));
    store_be16(f->bbcchhr + 2, cylinder);
    store_be16(f->bbcchhr + 4, head);
    f->bbcchhr[6] = (uint8_t)record;
}

/* Seek, find record 0, then WRITE COUNT, KEY AND DATA for each record of the track.  On a
 * minidisk record 0 has the address of the real track: it is read, to search for it.  The new
 * records have the minidisk's own addresses. */
static int format_track(struct format *f, uint32_t cylinder, uint32_t head)
{
    static struct ccw ccws[4 + 2 * RECORDS_MAX];
    static uint8_t counts[RECORDS_MAX][8] __attribute__((aligned(8)));
    static uint8_t zeros[BLOCK_MAX] __attribute__((aligned(2048)));
    static uint8_t record0[8];
    struct cms_io io;
    unsigned n = 4;

    set_place(f, cylinder, head, 0);
    ccw_set(&ccws[0], DASD_SEEK, f->bbcchhr, CCW_CHAIN_COMMAND, 6);
    ccw_set(&ccws[1], DASD_READ_R0, record0, CCW_CHAIN_COMMAND | CCW_SUPPRESS_LENGTH, 8);
    ccw_set(&ccws[2], DASD_SEARCH_ID, record0, CCW_CHAIN_COMMAND, 5);
    ccw_set(&ccws[3], CCW_TIC, &ccws[2], 0, 1);
    for (unsigned r = 0; r < f->per_track; r++) {
        memcpy(counts[r], f->bbcchhr + 2, 4);
        counts[r][4] = (uint8_t)(r + 1);
        counts[r][5] = 0;
        store_be16(counts[r] + 6, f->block_size);
        ccw_set(&ccws[n++], DASD_WRITE_CKD, counts[r], CCW_CHAIN_DATA, 8);
        ccw_set(&ccws[n++], 0, zeros, r + 1 < f->per_track ? CCW_CHAIN_COMMAND : 0, f->block_size);
    }
    memset(&io, 0, sizeof(io));
    io.address = f->device.address;
    io.ccws = (uint32_t)ccws;
    return cms_io(&io);
}

/* ---- what the file system needs ---- */

static bool is_fixed(const struct format *f)
{
    return !f->device.heads;
}

static bool transfer_fixed(struct format *f, uint32_t block, const void *bytes, bool write)
{
    struct fba_program p;
    struct cms_io io;
    uint32_t count, first = fba_of_cms_block(block, f->block_size, &count);

    fba_program_build(&p, first, count, bytes, write);
    memset(&io, 0, sizeof(io));
    io.address = f->device.address;
    io.ccws = (uint32_t)p.ccws;
    return cms_io(&io) == 0;
}

static bool transfer(struct format *f, uint32_t block, const void *bytes, uint8_t command)
{
    struct ccw ccws[4];
    struct cms_io io;

    if (is_fixed(f))
        return transfer_fixed(f, block, bytes, command == DASD_WRITE);
    uint32_t track = (block - 1) / f->per_track;

    set_place(f, track / f->device.heads, track % f->device.heads, (block - 1) % f->per_track + 1);
    ccw_set(&ccws[0], DASD_SEEK, f->bbcchhr, CCW_CHAIN_COMMAND, 6);
    ccw_set(&ccws[1], DASD_SEARCH_ID, f->bbcchhr + 2, CCW_CHAIN_COMMAND, 5);
    ccw_set(&ccws[2], CCW_TIC, &ccws[1], 0, 1);
    ccw_set(&ccws[3], command, bytes, 0, f->block_size);
    memset(&io, 0, sizeof(io));
    io.address = f->device.address;
    io.ccws = (uint32_t)ccws;
    return cms_io(&io) == 0;
}

static bool read_block(void *context, uint32_t block, void *bytes)
{
    return transfer(context, block, bytes, DASD_READ);
}

static bool write_block(void *context, uint32_t block, const void *bytes)
{
    return transfer(context, block, bytes, DASD_WRITE);
}

static uint8_t packed(unsigned n)
{
    return (uint8_t)(n / 10 << 4 | n % 10);
}

static void now(void *context, uint8_t date[7])
{
    struct cms_clock c;

    cms_clock(&c);
    date[0] = packed(c.year / 100);
    date[1] = packed(c.year % 100);
    date[2] = packed(c.month);
    date[3] = packed(c.day);
    date[4] = packed(c.hour);
    date[5] = packed(c.minute);
    date[6] = packed(c.second);
}

/* ---- the conversation ---- */

static bool confirmed(char letter, uint32_t address)
{
    char answer[CMS_LINE_MAX + 1];

    cms_error(0,
              "DMS" MODULE "603R FORMAT WILL ERASE ALL FILES ON DISK '%c(%03X)'. DO YOU WISH TO "
              "CONTINUE? (YES|NO):",
              letter, address);
    int n = cms_read(answer, CMS_LINE_MAX, READ_UPPER);
    answer[n > 0 ? n : 0] = 0;
    return str_abbrev(answer, "YES", 1);
}

static void ask_label(char label[6])
{
    char answer[CMS_LINE_MAX + 1];

    cms_error(0, "DMS" MODULE "605R ENTER DISK LABEL:");
    int n = cms_read(answer, CMS_LINE_MAX, READ_UPPER);
    answer[n > 0 ? n : 0] = 0;
    str_pad(label, answer, 6);
}

static int io_failed(char letter, uint32_t address)
{
    return cms_error(RC_IO_ERROR, "DMS" MODULE "112S DISK '%c(%03X)' DEVICE ERROR", letter,
                     address);
}

static int change_label(struct format *f, char letter, const char label[6])
{
    struct cms_disk disk;
    static uint8_t block[BLOCK_MAX];
    char other;

    if (cms_disk(letter, &disk) || disk.address != f->device.address)
        return cms_not_accessed(MODULE, letter);
    f->block_size = disk.block_size;
    f->device.block_size = disk.block_size;
    cms_device(disk.address, &f->device);
    f->per_track = f->device.per_track;
    int rc = cms_release(letter);
    if (!rc && !read_block(f, EDF_LABEL_BLOCK, block))
        rc = RC_IO_ERROR;
    memcpy(((struct edf_label *)block)->volume, label, 6);
    if (!rc && !write_block(f, EDF_LABEL_BLOCK, block))
        rc = RC_IO_ERROR;
    if (!rc)
        rc = cms_access(disk.address, letter, 0, 0, NULL, &other);
    return rc ? io_failed(letter, disk.address) : RC_OK;
}

static int format_disk(struct format *f, char letter, uint32_t cylinders, const char label[6])
{
    static uint8_t memory[EDF_MEMORY_SIZE(BLOCK_MAX, 2)];
    struct edf_io io = {f, read_block, write_block, now};
    uint32_t heads = f->device.heads;
    uint32_t blocks = is_fixed(f) ? cylinders / (f->block_size / FBA_BLOCK_BYTES)
                                  : cylinders * heads * f->per_track;
    char other;

    cms_error(0, "DMS" MODULE "733I FORMATTING DISK '%c'.", letter);
    for (uint32_t track = 0; track < cylinders * heads; track++)
        if (format_track(f, track / heads, track % heads))
            return io_failed(letter, f->device.address);
    enum edf_error e = edf_format(&io, f->block_size, blocks, cylinders, (const uint8_t *)label,
                                  memory, sizeof(memory));
    if (e != EDF_OK)
        return io_failed(letter, f->device.address);
    cms_error(0, "DMS" MODULE "732I '%u' %s FORMATTED ON '%c(%03X)'.", cylinders,
              is_fixed(f) ? "FB-512 BLOCKS" : "CYLINDERS", letter, f->device.address);
    int rc = cms_access(f->device.address, letter, 0, 0, NULL, &other);
    return rc ? io_failed(letter, f->device.address) : RC_OK;
}

/* Better said before it is asked whether all may go.  A disk that is not accessed shows itself
 * at the first write. */
static bool accessed_read_only(uint32_t address)
{
    struct cms_disk disk;

    for (char letter = 'A'; letter <= 'Z'; letter++)
        if (str_is_alpha(letter) && !cms_disk(letter, &disk) && disk.address == address)
            return disk.read_only;
    return false;
}

static int check_operands(struct format *f, const struct cms_call *call, char *letter)
{
    uint32_t address;
    char word[9];

    str_unpad(word, cms_operands_end(call) > 1 ? call->token[1] : "        ", 8);
    if (!str_hex(word, &address) || address > 0xfff)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "017E INVALID DEVICE ADDRESS '%s'", word);
    str_unpad(word, cms_operands_end(call) > 2 ? call->token[2] : "        ", 8);
    *letter = word[0];
    if (!str_is_alpha(*letter) || word[1] || *letter == 'S')
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "048E INVALID MODE '%s'", word);
    f->device.block_size = (uint16_t)f->block_size;
    if (cms_device(address, &f->device))
        return cms_error(RC_IO_ERROR, "DMS" MODULE "113S %03X NOT ATTACHED", address);
    if (!f->device.type)
        return cms_error(88, "DMS" MODULE "114S %03X IS AN UNSUPPORTED DEVICE TYPE", address);
    return accessed_read_only(address)
               ? cms_error(RC_NO_DISK, "DMS" MODULE "037E DISK '%c(%03X)' IS READ/ONLY", *letter,
                           address)
               : RC_OK;
}

/* On a 2314 fifteen blocks of 800 bytes lie on two tracks: such disks are neither read nor made;
 * fixed blocks had not been thought of. */
static bool block_size_is_known(const struct format *f)
{
    static const uint16_t known[] = {512, CDF_BLOCK, 1024, 2048, 4096};

    for (unsigned i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (known[i] == f->block_size)
            return known[i] != CDF_BLOCK || (f->device.type != 0x2314 && !is_fixed(f));
    return false;
}

int command_main(const struct cms_call *call)
{
    static struct format f;
    struct cms_disk disk;
    uint32_t cylinders;
    char letter = 0, label[6];
    const char *found[OPTIONS];
    int rc = cms_parse_options(call, MODULE, options, OPTIONS, found);

    if (rc)
        return rc;
    f.block_size = 1024;
    if (found[BLKSIZE] && (!cms_number(found[BLKSIZE], &f.block_size) || f.block_size > BLOCK_MAX))
        return cms_bad_operand(MODULE, found[BLKSIZE]);
    rc = check_operands(&f, call, &letter);
    if (rc)
        return rc;
    if (found[LABEL]) {
        ask_label(label);
        return change_label(&f, letter, label);
    }
    if (found[RECOMP])
        return cms_bad_operand(MODULE, found[RECOMP]);
    f.per_track = f.device.per_track;
    bool fits = is_fixed(&f) || (f.per_track && f.per_track <= RECORDS_MAX);
    if (!block_size_is_known(&f) || !fits)
        return cms_error(RC_BAD_OPERAND,
                         "DMS" MODULE "029E INVALID PARAMETER '%.8s' IN THE OPTION 'BLKSIZE' FIELD",
                         found[BLKSIZE] ? found[BLKSIZE] : "");
    cylinders = f.device.cylinders;
    if (cms_operands_end(call) > 3 &&
        (!cms_number(call->token[3], &cylinders) || !cylinders || cylinders > f.device.cylinders))
        return cms_bad_operand(MODULE, call->token[3]);
    if (!confirmed(letter, f.device.address))
        return cms_error(8, "DMS" MODULE "732I FORMAT WAS NOT DONE");
    ask_label(label);
    if (cms_disk(letter, &disk) == RC_OK)
        cms_release(letter);
    return format_disk(&f, letter, cylinders, label);
}
