/* DIAGNOSE 14: input spool file manipulation.  Rx: an address, a spool id or a count; Ry: the
 * virtual reader; Ry+1: what to do.  Condition code 0 done, 1 end of file, 2 no such file, 3 an
 * error with its number in Ry+1.  Source: VM/370 System Programmer's Guide, GC20-1807,
 * "DIAGNOSE Code X'14'".  Spool blocks and file descriptions are in the layouts of spool/block.h
 * and spool/checkpoint.h, not in VM/370's. */
#include "cp/spool/cpspool.h"

#include "cp/diagnose.h"
#include "cp/guest.h"
#include "cp/monitor/record.h"
#include "lib/str.h"
#include "s370/arch/codes.h"
#include "spool/checkpoint.h"

#define ADDRESS(word) ((word)&0x00ffffff)
#define EBCDIC_BLANK  0x40

enum {
    SUB_READ_BLOCK = 0x000,
    SUB_NEXT_PRINTER = 0x004,
    SUB_NEXT_PUNCH = 0x008,
    SUB_SELECT = 0x00c,
    SUB_REPEAT = 0x010,
    SUB_RESTART = 0x014,
    SUB_BACKSPACE = 0x018,
    SUB_READ_MONITOR = 0x01c,
    SUB_NEXT_DESCRIPTION = 0xfff,
};

enum diag14_error {
    ERROR_NO_DEVICE = 4,
    ERROR_DEVICE_TYPE = 8,
    ERROR_DEVICE_BUSY = 12,
    ERROR_SUBCODE = 16,
    ERROR_SPOOL_IO = 20,
};

/* A condition code, or the negative of a program interruption's. */
static int failed(struct vmblok *vm, unsigned r2, enum diag14_error error)
{
    vm->regs.gr[(r2 + 1) & 15] = error;
    return 3;
}

/* The file has no more, which ends its reading; or something is wrong. */
static int ended(struct vmblok *vm, struct vspool *v, unsigned r2, enum spool_result r)
{
    struct close_options none = {0};
    if (r != SPOOL_END)
        return failed(vm, r2, ERROR_SPOOL_IO);
    vreader_close(v, &none);
    return 1;
}

static int read_block(struct vmblok *vm, struct vspool *v, unsigned r1, unsigned r2)
{
    if (!v->reader.file) {
        enum spool_result r = vreader_open(v, NULL);
        if (r != SPOOL_OK)
            return r == SPOOL_END ? 2 : failed(vm, r2, ERROR_SPOOL_IO);
    }
    /* To the first record of the next block; the whole block is given. */
    struct spool_record record;
    if (v->reader.loaded) {
        const struct spool_block *b = (const struct spool_block *)v->reader.page;
        v->reader.offset = get16(b->used);
    }
    enum spool_result r = spool_read(the_spool(), &v->reader, &record);
    if (r == SPOOL_END && vreader_again(v))
        return read_block(vm, v, r1, r2);
    if (r != SPOOL_OK)
        return ended(vm, v, r2, r);
    return guest_write(vm, ADDRESS(vm->regs.gr[r1]), v->reader.page, SPOOL_PAGE) ? 0
                                                                                 : -PGM_ADDRESSING;
}

/* A block of MONITOR's records (cp/monitor/record.h), put together from the cards that it is in. */
static int read_monitor(struct vmblok *vm, struct vspool *v, unsigned r1, unsigned r2)
{
    struct spool_record record;
    uint32_t to = ADDRESS(vm->regs.gr[r1]), length = MONITOR_CARD;
    uint8_t card[MONITOR_CARD];
    if (!v->reader.file) {
        enum spool_result r = vreader_open(v, NULL);
        if (r != SPOOL_OK)
            return r == SPOOL_END ? 2 : failed(vm, r2, ERROR_SPOOL_IO);
    }
    for (uint32_t at = 0; at < length; at += MONITOR_CARD) {
        enum spool_result r = spool_read(the_spool(), &v->reader, &record);
        if (r != SPOOL_OK)
            return ended(vm, v, r2, r);
        memset(card, EBCDIC_BLANK, sizeof card);
        memcpy(card, record.data, record.length < sizeof card ? record.length : sizeof card);
        if (!at)
            length = load_be16(card);
        if (length < MONITOR_BLOCK_HEAD || length > MONITOR_BLOCK)
            return failed(vm, r2, ERROR_SPOOL_IO); /* another file */
        uint32_t part = length - at < sizeof card ? length - at : (uint32_t)sizeof card;
        if (!guest_write(vm, to + at, card, part))
            return -PGM_ADDRESSING;
    }
    return 0;
}

static int select_file(struct vmblok *vm, struct vspool *v, unsigned r1, unsigned r2)
{
    uint16_t id = (uint16_t)vm->regs.gr[r1];
    struct spool_file *f = spool_find(the_spool(), SPOOL_READER, id);
    if (!f || strcmp(f->owner, vm->userid) || f->in_use)
        return 2;
    if (v->reader.file)
        return failed(vm, r2, ERROR_DEVICE_BUSY);
    return vreader_open(v, f) == SPOOL_OK ? 0 : failed(vm, r2, ERROR_SPOOL_IO);
}

/* The description of the first of the user's files in this queue behind the one with the spool id
 * in the first two bytes of the buffer (zero: the first). */
static int next_description(struct vmblok *vm, unsigned queue, unsigned r1)
{
    struct spool_entry e;
    be16 id;
    uint32_t address = ADDRESS(vm->regs.gr[r1]);
    if (!guest_read(vm, address, &id, sizeof id))
        return -PGM_ADDRESSING;
    struct spool_file *f = get16(id) ? spool_find(the_spool(), queue, get16(id)) : NULL;
    if (get16(id) && !f)
        return 2;
    f = spool_next_file(the_spool(), queue, f, vm->userid, '*');
    if (!f)
        return 1;
    spool_entry_from_file(&e, f);
    return guest_write(vm, address, &e, sizeof e) ? 0 : -PGM_ADDRESSING;
}

static int with_reader(struct vmblok *vm, struct vspool *v, unsigned r1, unsigned r2)
{
    uint32_t record = v->reader.record;
    switch (vm->regs.gr[(r2 + 1) & 15] & 0xfff) {
    case SUB_READ_BLOCK:
        return read_block(vm, v, r1, r2);
    case SUB_SELECT:
        return select_file(vm, v, r1, r2);
    case SUB_RESTART:
    case SUB_BACKSPACE:
        if (!v->reader.file)
            return 2;
        v->kept = false;
        if ((vm->regs.gr[(r2 + 1) & 15] & 0xfff) == SUB_RESTART)
            spool_read_rewind(&v->reader);
        else if (spool_read_seek(the_spool(), &v->reader, record ? record - 1 : 0) != SPOOL_OK)
            return failed(vm, r2, ERROR_SPOOL_IO);
        return 0;
    case SUB_REPEAT:
        if (!v->reader.file || !vm->regs.gr[r1] || vm->regs.gr[r1] > SPOOL_COPIES_MAX)
            return 2;
        v->repeats = (uint8_t)(vm->regs.gr[r1] - 1);
        return 0;
    case SUB_READ_MONITOR:
        return read_monitor(vm, v, r1, r2);
    case SUB_NEXT_PRINTER:
        return next_description(vm, SPOOL_PRINTER, r1);
    case SUB_NEXT_PUNCH:
        return next_description(vm, SPOOL_PUNCH, r1);
    case SUB_NEXT_DESCRIPTION:
        return next_description(vm, SPOOL_READER, r1);
    }
    return failed(vm, r2, ERROR_SUBCODE);
}

int diagnose_spool(struct vmblok *vm, const struct diagnose *d)
{
    struct vdev *vdev = vdev_find(vm, (uint16_t)vm->regs.gr[d->ry]);
    struct vspool *v = vdev ? vspool_of(vdev) : NULL;
    if (d->ry & 1)
        return -PGM_SPECIFICATION;
    if (!vdev)
        return failed(vm, d->ry, ERROR_NO_DEVICE);
    if (!v || v->kind != SPOOL_READER)
        return failed(vm, d->ry, ERROR_DEVICE_TYPE);
    return with_reader(vm, v, d->rx, d->ry);
}
