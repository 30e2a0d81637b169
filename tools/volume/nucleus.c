/* Nuclei: puts a program's image on cylinders of a volume, in records of 4096 bytes, and makes the
 * volume (or minidisk) load it at IPL.
 *
 * IPL reads the first 24 bytes of record 1: a PSW, and a channel program of one READ DATA, which
 * reads record 2 to `boot`, behind the place of the image.  The PSW enters the program there,
 * written out below: for each track it starts a channel program that reads the records to their
 * place, and waits for it with TIO, everything masked off.  Then it branches to the nucleus, in BC
 * mode, with the address of the IPL device still at location 2, and general registers 0 to 11 as
 * they were after IPL (a CP's IPL command puts its PARM there).
 *
 * Records 1 and 2 are the same.  A CP that runs the IPL of a virtual machine as two channel
 * programs (it cannot translate the second CCW before the first has read it) loses the place on the
 * track between them, and reads record 1 again: that is as good.  No other channel command is read
 * by the channel program that it belongs to, and cylinders count from the start of the disk, so a
 * minidisk and a volume are loaded alike.  Principles of Operation, "Initial Program Loading". */
#include "tools/volume/volume.h"

#include <stdlib.h>
#include <string.h>

/* Where things are in the records. */
enum {
    AT_CODE = 24,
    AT_ERROR = 200, /* PSW */
    AT_SEEK = 208,  /* BB CC HH, and R: the first record of the track */
    AT_CYLINDER = AT_SEEK + 2,
    AT_HEAD = AT_SEEK + 4,
    AT_ENTRY = 216,
    AT_BYTES = 220,  /* of a track */
    AT_TRACKS = 224, /* left */
    AT_HEADS = 226,
    AT_CHAIN = 232,
    AT_READS = AT_CHAIN + 24,
    AT_SAVE = 464, /* general registers 0 to 11 */
    AT_END = 512,
};

/* Displacement from GR12, which BALR sets to the second instruction. */
#define D(at) 0xc0 | ((at)-26) >> 8, ((at)-26) & 0xff

/* Places in the code. */
#define TRACK 42
#define WAIT  58
#define TEST  74
#define BUMP  114
#define STORE 164
#define FAIL  194

static const uint8_t code[] = {
    0x05, 0xc0,                       /* 24        BALR 12,0 */
    0x90, 0x0b, D(AT_SAVE),           /* 26        STM  0,11,SAVE     what a PARM has put there */
    0x48, 0x10, 0x00,           0x02, /* 30        LH   1,2          the IPL device */
    0x41, 0x20, D(AT_CHAIN),          /* 34        LA   2,CHAIN */
    0x50, 0x20, 0x00,           0x48, /* 38        ST   2,72         CAW */
    0x9c, 0x00, 0x10,           0x00, /* 42 TRACK  SIO  0(1) */
    0x47, 0x10, D(FAIL),              /* 46        BC   1,FAIL       not operational */
    0x47, 0x20, D(TRACK),             /* 50        BC   2,TRACK      busy */
    0x47, 0x40, D(TEST),              /* 54        BC   4,TEST       CSW stored */
    0x9d, 0x00, 0x10,           0x00, /* 58 WAIT   TIO  0(1) */
    0x47, 0x20, D(WAIT),              /* 62        BC   2,WAIT */
    0x47, 0x10, D(FAIL),              /* 66        BC   1,FAIL */
    0x47, 0x80, D(WAIT),              /* 70        BC   8,WAIT */
    0x91, 0x10, 0x00,           0x44, /* 74 TEST   TM   68,X'10'     busy with old status */
    0x47, 0x70, D(TRACK),             /* 78        BC   7,TRACK */
    0x91, 0xf3, 0x00,           0x44, /* 82        TM   68,X'F3'     but channel end, device end */
    0x47, 0x70, D(FAIL),              /* 86        BC   7,FAIL */
    0x91, 0xff, 0x00,           0x45, /* 90        TM   69,X'FF'     channel status */
    0x47, 0x70, D(FAIL),              /* 94        BC   7,FAIL */
    0x91, 0x04, 0x00,           0x44, /* 98        TM   68,X'04'     device end */
    0x47, 0x80, D(WAIT),              /* 102        BC   8,WAIT       not yet */
    0x41, 0x40, 0x00,           0x00, /* 106        LA   4,records of a track */
    0x41, 0x50, D(AT_READS),          /* 110        LA   5,READS */
    0x58, 0x60, 0x50,           0x00, /* 114 BUMP  L    6,0(5)       command and address */
    0x5a, 0x60, D(AT_BYTES),          /* 118       A    6,BYTES */
    0x50, 0x60, 0x50,           0x00, /* 122       ST   6,0(5) */
    0x41, 0x55, 0x00,           0x08, /* 126       LA   5,8(5) */
    0x46, 0x40, D(BUMP),              /* 130       BCT  4,BUMP */
    0x48, 0x60, D(AT_HEAD),           /* 134       LH   6,HEAD */
    0x41, 0x66, 0x00,           0x01, /* 138       LA   6,1(6) */
    0x49, 0x60, D(AT_HEADS),          /* 142       CH   6,HEADS */
    0x47, 0x40, D(STORE),             /* 146       BC   4,STORE */
    0x48, 0x70, D(AT_CYLINDER),       /* 150       LH   7,CYLINDER   the next one */
    0x41, 0x77, 0x00,           0x01, /* 154       LA   7,1(7) */
    0x40, 0x70, D(AT_CYLINDER),       /* 158       STH  7,CYLINDER */
    0x1b, 0x66,                       /* 162       SR   6,6 */
    0x40, 0x60, D(AT_HEAD),           /* 164 STORE STH  6,HEAD */
    0x48, 0x60, D(AT_TRACKS),         /* 168       LH   6,TRACKS */
    0x06, 0x60,                       /* 172       BCTR 6,0 */
    0x40, 0x60, D(AT_TRACKS),         /* 174       STH  6,TRACKS */
    0x12, 0x66,                       /* 178       LTR  6,6 */
    0x47, 0x70, D(TRACK),             /* 180       BC   7,TRACK */
    0x58, 0xf0, D(AT_ENTRY),          /* 184       L    15,ENTRY */
    0x98, 0x0b, D(AT_SAVE),           /* 188       LM   0,11,SAVE */
    0x07, 0xff,                       /* 192       BCR  15,15 */
    0x82, 0x00, D(AT_ERROR),          /* 194 FAIL  LPSW ERROR        disabled wait */
};
#define AT_RECORDS (106 + 3) /* the LA's displacement */

_Static_assert(sizeof code == FAIL + 4 - AT_CODE, "the code is as long as its places say");

/* Disabled wait, code X'F1': the nucleus could not be read. */
static const uint8_t error_psw[8] = {0, 0x02, 0, 0, 0, 0, 0, 0xf1};

static void put_ccw(uint8_t *at, uint8_t command, uint32_t address, uint8_t flags, uint32_t count)
{
    store_be32(at, (uint32_t)command << 24 | address);
    store_be32(at + 4, (uint32_t)flags << 24 | count);
}

struct load {
    uint32_t address, entry, boot; /* boot: where record 1 is read to */
    unsigned cylinder, tracks, records, heads;
};

static void build_boot(uint8_t *r1, const struct load *l, unsigned length)
{
    memset(r1, 0, AT_END);
    store_be32(r1 + 4, l->boot + AT_CODE);        /* the PSW: BC mode, masks off */
    put_ccw(r1 + 8, 0x06, l->boot, 0x20, length); /* READ DATA, SLI */
    put_ccw(r1 + 16, 0x03, 0, 0x20, 1);           /* NOP, not reached */
    memcpy(r1 + AT_CODE, code, sizeof code);
    r1[AT_RECORDS] = (uint8_t)l->records;
    memcpy(r1 + AT_ERROR, error_psw, sizeof error_psw);
    store_be16(r1 + AT_CYLINDER, l->cylinder);
    r1[AT_HEAD + 2] = 1;
    store_be32(r1 + AT_ENTRY, l->entry);
    store_be32(r1 + AT_BYTES, l->records * CP_RECORD);
    store_be16(r1 + AT_TRACKS, l->tracks);
    store_be16(r1 + AT_HEADS, l->heads);
    put_ccw(r1 + AT_CHAIN, 0x07, l->boot + AT_SEEK, 0x40, 6);         /* SEEK */
    put_ccw(r1 + AT_CHAIN + 8, 0x31, l->boot + AT_CYLINDER, 0x40, 5); /* SEARCH ID EQUAL */
    put_ccw(r1 + AT_CHAIN + 16, 0x08, l->boot + AT_CHAIN + 8, 0, 1);  /* TIC */
    for (unsigned i = 0; i < l->records; i++)
        put_ccw(r1 + AT_READS + 8 * i, 0x06, l->address + i * CP_RECORD,
                i + 1 < l->records ? 0x40 : 0, CP_RECORD);
}

/* Records 1 and 2 of the disk, whatever their length; at least AT_END bytes. */
static bool write_boot(struct volume *v, unsigned base, const struct load *l)
{
    struct ckd_record r;
    for (unsigned n = 1; n <= 2; n++) {
        const uint8_t *track = ckd_image_track(v->image, base, 0);
        if (!track || !ckd_record_find(track, v->geometry->image_track, (uint8_t)n, &r) ||
            r.data_length < AT_END)
            return volume_fail(v,
                               "cylinder %u head 0 has no record %u of %u bytes for IPL: label or "
                               "format the disk first",
                               base, n, (unsigned)AT_END);
        uint8_t *bytes = calloc(1, r.data_length);
        build_boot(bytes, l, r.data_length);
        bool ok = volume_write(v, base, 0, n, bytes, r.data_length);
        free(bytes);
        if (!ok)
            return false;
    }
    return true;
}

static bool write_image(struct volume *v, const struct elf *e, unsigned start, const struct load *l)
{
    uint8_t record[CP_RECORD];
    for (unsigned n = 0; n < l->tracks * l->records; n++) {
        uint32_t at = n * CP_RECORD, size = e->end - e->base;
        unsigned track = n / l->records;
        memset(record, 0, sizeof record);
        if (at < size)
            memcpy(record, e->image + at, size - at < CP_RECORD ? size - at : CP_RECORD);
        if (!volume_write(v, start + track / l->heads, track % l->heads, n % l->records + 1, record,
                          CP_RECORD))
            return false;
    }
    return true;
}

static bool place(struct volume *v, const char *path, const struct elf *e, unsigned base,
                  unsigned start, unsigned cylinders)
{
    struct load l = {.address = e->base, .entry = e->entry, .cylinder = start - base};
    l.heads = v->geometry->heads;
    l.records = ckd_records_per_track(v->geometry, 0, CP_RECORD);
    if (l.records == 0 || AT_READS + 8 * l.records > AT_SAVE)
        return volume_fail(v, "a nucleus cannot lie on a %s", v->geometry->name);
    uint32_t track_bytes = l.records * CP_RECORD;
    l.tracks = (e->end - e->base + track_bytes - 1) / track_bytes;
    l.boot = (e->base + l.tracks * track_bytes + 7) & ~UINT32_C(7);
    if (e->base < 0x200 || l.boot + 4096 > 0x1000000)
        return volume_fail(v, "%s: must lie between X'200' and the end of 16M, not at X'%X'", path,
                           e->base);
    if (e->entry < e->base || e->entry >= e->end)
        return volume_fail(v, "%s: its entry X'%X' is outside of it", path, e->entry);
    if (l.tracks > cylinders * l.heads)
        return volume_fail(v, "%s: needs %u tracks, the nucleus has %u cylinders of %u", path,
                           l.tracks, cylinders, l.heads);
    return write_image(v, e, start, &l) && write_boot(v, base, &l);
}

bool volume_nucleus(struct volume *v, const char *elf, unsigned base, unsigned start,
                    unsigned cylinders)
{
    struct elf e;
    if (!volume_extent(v, start, cylinders) || !elf_open(v, &e, elf))
        return false;
    bool ok = place(v, elf, &e, base, start, cylinders);
    elf_close(&e);
    return ok;
}
