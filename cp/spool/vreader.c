/* Virtual readers: 2540R, 2501, 3505.  The cards are the files in the user's reader queue,
 * in its order; a printer's file is read line by line.
 * Commands: GA24-3312 (2540), GA21-9124 (3505); end of file: VM/370 CP Command Reference,
 * "SPOOL", CONT and EOF. */
#include "cp/spool/cpspool.h"

#include "lib/str.h"
#include "s370/arch/ccw.h"

#define GOOD         (UNIT_CHANNEL_END | UNIT_DEVICE_END)
#define EBCDIC_BLANK 0x40

/* Read, feed, select: SSD0 0010 (with F, 3505: format); read only: 11D0 0010; feed, select:
 * SS10 0011. */
static bool is_read(uint8_t command)
{
    return (command & 0x1f) == 0x02;
}
static bool is_feed(uint8_t command)
{
    return (command & 0x3f) == 0x23;
}
static bool feeds(uint8_t command)
{
    return (command & 0xc0) != 0xc0;
}

enum spool_result vreader_open(struct vspool *v, struct spool_file *f)
{
    struct spool *s = the_spool();
    if (!f)
        f = spool_select_reader(s, v->vm->userid, v->set.class);
    if (!f)
        return SPOOL_END;
    return spool_read_open(s, &v->reader, f);
}

void vreader_close(struct vspool *v, const struct close_options *options)
{
    struct spool *s = the_spool();
    struct spool_file *f = v->reader.file;
    if (!f)
        return;
    spool_read_close(s, &v->reader);
    v->kept = false;
    v->repeats = 0;
    bool hold = (v->set.hold || options->hold) && !options->nohold && !options->purge;
    if (!hold) {
        spool_delete(s, f);
        return;
    }
    f->hold |= SPOOL_HOLD_USER;
    if (options->name) {
        str_copy(f->name, options->name, sizeof f->name);
        str_copy(f->type, options->type ? options->type : "", sizeof f->type);
    }
    spool_update(s, f);
}

/* A record that has data: controls of a printer file are no cards. */
static bool has_data(const struct spool_record *record)
{
    return (record->command & 3) == 1;
}

/* The next card of the file at hand; SPOOL_END at its end. */
static enum spool_result next_card(struct vspool *v, struct spool_record *record)
{
    enum spool_result r;
    do
        r = spool_read(the_spool(), &v->reader, record);
    while (r == SPOOL_OK && !has_data(record));
    return r;
}

bool vreader_again(struct vspool *v)
{
    if (!v->repeats)
        return false;
    v->repeats--;
    spool_read_rewind(&v->reader);
    return true;
}

/* The last card was read: the file is done with.  Returns the unit status, or 0 if another
 * file follows without an end (SPOOL CONT). */
static unsigned end_of_file(struct vspool *v)
{
    struct close_options none = {0};
    if (vreader_again(v))
        return 0;
    bool more = v->set.cont && spool_select_reader(the_spool(), v->vm->userid, v->set.class);
    vreader_close(v, &none);
    if (more)
        return 0;
    if (v->set.eof)
        return GOOD | UNIT_EXCEPTION;
    return vdev_check(v->vdev, SENSE_INTERVENTION);
}

/* Puts the card at hand into v->card.  0, or the unit status that ends the command. */
static unsigned load_card(struct vspool *v)
{
    struct spool_record record;
    for (;;) {
        if (!v->reader.file) {
            enum spool_result r = vreader_open(v, NULL);
            if (r != SPOOL_OK)
                return vdev_check(v->vdev, SENSE_INTERVENTION);
        }
        enum spool_result r = next_card(v, &record);
        if (r == SPOOL_END) {
            unsigned status = end_of_file(v);
            if (status)
                return status;
            continue;
        }
        if (r != SPOOL_OK)
            return vdev_check(v->vdev, SENSE_EQUIPMENT);
        unsigned width =
            record.flags & SPOOL_BINARY                                                      ? 160
            : v->reader.file->kind == SPOOL_PRINTER || v->reader.file->kind == SPOOL_CONSOLE ? 132
                                                                                             : 80;
        memset(v->card, EBCDIC_BLANK, sizeof v->card);
        memcpy(v->card, record.data, record.length);
        v->card_length = record.length > width ? record.length : (uint16_t)width;
        v->card_flags = record.flags;
        v->kept = true;
        return 0;
    }
}

static unsigned reader_command(struct vdev *vdev, struct vchannel *ch)
{
    struct vspool *v = vdev->data;
    uint8_t command = ch->command;
    if (!is_read(command) && !is_feed(command))
        return vdev_check(vdev, SENSE_COMMAND_REJECT);
    if (!v->kept) {
        unsigned status = load_card(v);
        if (status)
            return status;
    }
    if (feeds(command))
        v->kept = false;
    if (is_feed(command))
        return GOOD;
    v->vm->count.cards_read++;
    /* A card of the other form: the columns have no characters, or there is no binary for
     * them here. */
    if (!(command & 0x20) != !(v->card_flags & SPOOL_BINARY)) {
        vchannel_give(vdev, v->card, v->card_length);
        return vdev_check(vdev, SENSE_DATA_CHECK);
    }
    vchannel_give(vdev, v->card, v->card_length);
    return GOOD;
}

/* System reset leaves the file where it is; a card read without feeding stays. */
const struct vdev_ops vreader_ops = {
    .class_name = "RDR",
    .command = reader_command,
    .detach = vspool_detach,
};
