/* Makes a volume that is a disk of 800-byte blocks, as VM/370 had them: a file with F records and
 * one with V records, laid out by the facts (cms/fs/cdf.c names the source).  For CMS's sessions.
 * usage: old_disk IMAGE */
#include "cms/fs/edf.h"
#include "lib/ebcdic.h"
#include "tools/volume/volume.h"

#include <stdio.h>
#include <string.h>

#define BLOCK  800
#define BLOCKS (19 * 30) /* of a 3350's cylinder */

static uint8_t disk[BLOCKS + 1][BLOCK];

static void entry(unsigned number, const char *name, uint8_t recfm, unsigned lrecl, unsigned items,
                  unsigned link, unsigned blocks)
{
    struct edf_fst fst;
    memset(&fst, 0, sizeof fst);
    ebcdic_from_latin1(fst.name.fn, name, 16);
    memcpy(fst.cdf_date, (uint8_t[]){0x07, 0x04, 0x12, 0x30}, 4);
    ebcdic_from_latin1(fst.year, "76", 2);
    ebcdic_from_latin1(fst.mode, "P1", 2);
    put16(&fst.cdf_items, items);
    put16(&fst.cdf_block, link);
    put16(&fst.cdf_blocks, blocks);
    fst.recfm = recfm;
    put32(&fst.lrecl, lrecl);
    memcpy(disk[5] + 40 * number, &fst, 40);
}

/* Text for a data block that a chain link names. */
static void data(unsigned link, unsigned index, unsigned block)
{
    store_be16(disk[link] + 2 * (40 + index), block);
}

static void fill(void)
{
    static const char *const lines[] = {"an old line", "and another, which is longer", "x"};
    char text[81];
    uint8_t *at = disk[12];
    ebcdic_from_latin1(disk[3], "CMS=OLD370", 10);
    store_be16(disk[4], 5);
    store_be16(disk[4] + 2, 0xffff);
    store_be32(disk[4] + 364, BLOCKS - 4);
    store_be32(disk[4] + 368, 7);
    store_be32(disk[4] + 372, BLOCKS - 4 - 7);
    store_be32(disk[4] + 376, 1);
    store_be32(disk[4] + 380, 1);
    store_be16(disk[4] + 384, 0xffb0); /* blocks 1 to 12 but not 10 */
    /* 25 records of 80 bytes in three blocks that are not in a row. */
    data(6, 0, 9);
    data(6, 1, 7);
    data(6, 2, 8);
    for (unsigned i = 0; i < 25; i++) {
        snprintf(text, sizeof text, "%-80s", i == 24 ? "THE LAST OF THE OLD CARDS" : "AN OLD CARD");
        ebcdic_from_latin1(disk[i < 10 ? 9 : i < 20 ? 7 : 8] + i % 10 * 80, text, 80);
    }
    data(11, 0, 12);
    for (unsigned i = 0; i < 3; i++) {
        size_t n = strlen(lines[i]);
        store_be16(at, (uint32_t)n);
        ebcdic_from_latin1(at + 2, lines[i], n);
        at += 2 + n;
    }
    entry(0, "CARDS   DATA    ", EDF_FIXED, 80, 25, 6, 3);
    entry(1, "LINES   DATA    ", EDF_VARYING, 28, 3, 11, 1);
}

int main(int argc, char **argv)
{
    static struct volume v;
    bool good = argc == 2 && volume_create(&v, argv[1], "3350", 1, "OLD370");
    fill();
    for (unsigned head = 0; good && head < 30; head++)
        good = volume_format_track(&v, 0, 0, head, BLOCK);
    for (unsigned i = 0; good && i < BLOCKS; i++)
        good = volume_write(&v, 0, i / 19, i % 19 + 1, disk[i + 1], BLOCK);
    if (!good)
        fprintf(stderr, "old_disk: %s\n", v.message);
    volume_close(&v);
    return !good;
}
