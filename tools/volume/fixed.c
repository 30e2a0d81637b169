/* Fixed-block disks for the volume tool: a new one with its label, and a program for IPL.
 *
 * READ IPL reads 24 bytes of block 0: a PSW, another READ IPL for all of block 0 to `boot`, behind
 * the place of the program, and a TIC into it.  There stand a LOCATE and a chain of READs that
 * bring the program to its place, from block 2 on.  So the channel loads all of it before the PSW
 * begins. GA26-1657. */
#include "tools/volume/volume.h"

#include "lib/be.h"
#include "lib/ebcdic.h"
#include "s370/arch/fba.h"
#include "s370/media/fba_image.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LABEL_BLOCK   1u
#define PROGRAM_BLOCK 2u
#define READ_MOST     0x8000u /* bytes of a CCW */
#define BOOT_LOCATE   24u     /* in block 0: the CCWs; and LOCATE's parameters */
#define BOOT_WHERE    (FBA_BLOCK - 8)
#define ADDRESS_MOST  0xffffffu

/* What IPL of a disk without a program does: a disabled wait, X'0F' as Hercules' dasdinit leaves
 * it, and a channel program that does nothing. */
static const uint8_t no_ipl[24] = {
    0x00, 0x06, 0, 0, 0, 0, 0, 0x0f, 0x03, 0, 0, 0, 0x20, 0, 0, 1, 0x03, 0, 0, 0, 0x20, 0, 0, 1,
};

/* --- a new disk --- */

bool volume_create_fixed(struct volume *v, const char *path, const char *type, uint32_t blocks,
                         const char *volser)
{
    const struct fba_geometry *g = fba_geometry_find(type);
    uint8_t first[2 * FBA_BLOCK] = {0}, *label = first + LABEL_BLOCK * FBA_BLOCK;
    memset(v, 0, sizeof *v);
    v->path = path;
    if (!volume_good_volser(v, volser))
        return false;
    if (blocks == 1 || blocks > g->blocks)
        return volume_fail(v, "a %s has 2 to %u blocks", type, g->blocks);
    if (fba_image_create(path, blocks ? blocks : g->blocks, CKD_PLAIN, v->message,
                         sizeof v->message))
        return false;
    memcpy(first, no_ipl, sizeof no_ipl);
    volume_make_label(label, volser);
    memset(label + 11, 0, 5); /* there is no table of contents */
    struct fba_image *image = fba_image_open(path, 0, v->message, sizeof v->message);
    bool ok = image && (fba_image_write(image, 0, 2, first) ||
                        volume_fail(v, "the label cannot be written"));
    fba_image_close(image);
    return ok;
}

/* --- a program for IPL --- */

static void put_ccw(uint8_t *to, uint8_t command, uint32_t address, uint8_t flags, uint32_t count)
{
    store_be32(to, address);
    to[0] = command;
    store_be32(to + 4, count);
    to[4] = flags;
}

/* Block 0. `boot`: where it goes. */
static void make_boot(uint8_t *block, const struct elf *e, uint32_t boot, uint32_t blocks)
{
    uint32_t length = blocks * FBA_BLOCK, at = BOOT_LOCATE;
    memset(block, 0, FBA_BLOCK);
    store_be32(block + 4, e->entry);
    put_ccw(block + 8, FBA_READ_IPL, boot, CCW_CHAIN_COMMAND, FBA_BLOCK);
    put_ccw(block + 16, CCW_TIC, boot + BOOT_LOCATE, 0, 1);
    put_ccw(block + at, FBA_LOCATE, boot + BOOT_WHERE, CCW_CHAIN_COMMAND, 8);
    for (uint32_t done = 0, n; done < length; done += n) {
        n = length - done < READ_MOST ? length - done : READ_MOST;
        put_ccw(block + (at += 8), FBA_READ, e->base + done, done + n < length ? CCW_CHAIN_DATA : 0,
                n);
    }
    store_be32(block + BOOT_WHERE, (uint32_t)FBA_OPERATION_READ << 24 | blocks);
    store_be32(block + BOOT_WHERE + 4, PROGRAM_BLOCK);
}

static bool write_program(struct volume *v, struct fba_image *image, const struct elf *e)
{
    uint32_t length = e->end - e->base, blocks = (length + FBA_BLOCK - 1) / FBA_BLOCK;
    uint32_t boot = e->base + blocks * FBA_BLOCK;
    uint32_t reads = (blocks * FBA_BLOCK + READ_MOST - 1) / READ_MOST;
    uint8_t block[FBA_BLOCK];
    if (reads * 8 > BOOT_WHERE - BOOT_LOCATE - 8 || boot + FBA_BLOCK > ADDRESS_MOST)
        return volume_fail(v, "the program is too long for IPL from a fixed-block disk");
    if (blocks + PROGRAM_BLOCK > fba_image_blocks(image))
        return volume_fail(v, "the program has %u blocks, the disk %u behind its label", blocks,
                           fba_image_blocks(image) - PROGRAM_BLOCK);
    for (uint32_t i = 0; i < blocks; i++) {
        uint32_t n = length - i * FBA_BLOCK < FBA_BLOCK ? length - i * FBA_BLOCK : FBA_BLOCK;
        memset(block, 0, sizeof block);
        memcpy(block, e->image + i * FBA_BLOCK, n);
        if (!fba_image_write(image, PROGRAM_BLOCK + i, 1, block))
            return volume_fail(v, "block %u cannot be written: %s", PROGRAM_BLOCK + i,
                               strerror(errno));
    }
    make_boot(block, e, boot, blocks);
    return fba_image_write(image, 0, 1, block) ||
           volume_fail(v, "block 0 cannot be written: %s", strerror(errno));
}

bool volume_nucleus_fixed(struct volume *v, const char *path, const char *elf)
{
    struct elf e;
    memset(v, 0, sizeof *v);
    v->path = path;
    struct fba_image *image = fba_image_open(path, 0, v->message, sizeof v->message);
    if (!image)
        return false;
    bool ok = fba_image_blocks(image) > PROGRAM_BLOCK || volume_fail(v, "has too few blocks");
    ok = ok && elf_open(v, &e, elf);
    if (ok) {
        ok = write_program(v, image, &e);
        elf_close(&e);
    }
    fba_image_close(image);
    return ok;
}
