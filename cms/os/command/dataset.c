/* A data set is what FILEDEF says: a CMS file, a tape, a unit record device, the terminal, nothing.
 * This gives and takes its blocks.  CMS's files know no blocks: an F block is so many of the file's
 * records, of V one of them, of U the block is the record. */
#include "cms/os/command/dataset.h"

#define LINE_DEFAULT 80
#define PRINT_WIDTH  132
#define LENGTH_WORDS (2 * LENGTH_WORD) /* of a V block with one record */

static unsigned kind(const struct dataset *d)
{
    return d->form.recfm & RECFM_KIND;
}

static bool is_output(const struct dataset *d)
{
    return d->direction == OPEN_OUTPUT || d->direction == OPEN_OUTIN;
}

/* ---- opening ---- */

/* Without a FILEDEF it is the file FILE ddname A1. */
static void default_definition(struct dataset *d, const char ddname[8])
{
    memset(&d->def, 0, sizeof(d->def));
    memcpy(d->def.ddname, ddname, 8);
    d->def.device = FILEDEF_DISK;
    cms_fileid(&d->def.id, "FILE", "", "A1");
    memcpy(d->def.id.ft, ddname, 8);
    memset(d->def.member, ' ', 8);
}

static bool device_can(const struct dataset *d)
{
    switch (d->def.device) {
    case FILEDEF_READER:
        return d->direction == OPEN_INPUT;
    case FILEDEF_PUNCH:
    case FILEDEF_PRINTER:
        return d->direction == OPEN_OUTPUT;
    case FILEDEF_DISK:
    case FILEDEF_DUMMY:
        return true;
    default:
        return d->direction != OPEN_UPDAT;
    }
}

/* What the DCB does not say is said by FILEDEF, then by the file or the device. */
static void merge(struct dataset *d, uint8_t recfm, uint32_t lrecl, uint32_t blksize)
{
    struct dcb *dcb = d->dcb;

    if (!dcb->recfm)
        dcb->recfm = recfm;
    if (!get16(dcb->lrecl))
        put16(&dcb->lrecl, lrecl);
    if (!get16(dcb->blksi))
        put16(&dcb->blksi, blksize);
}

static void merge_device(struct dataset *d)
{
    bool control = d->dcb->recfm & (RECFM_ASA | RECFM_MACHINE);

    if (d->def.device == FILEDEF_PRINTER)
        merge(d, RECFM_FIXED, PRINT_WIDTH + control, 0);
    else
        merge(d, RECFM_FIXED, 0, 0);
    /* F and V: LRECL and BLKSIZE follow from each other. */
    uint32_t lrecl = get16(d->dcb->lrecl), blksize = get16(d->dcb->blksi);
    switch (d->dcb->recfm & RECFM_KIND) {
    case RECFM_FIXED:
        merge(d, 0, blksize ? blksize : LINE_DEFAULT, lrecl ? lrecl : LINE_DEFAULT);
        break;
    case RECFM_VARIABLE:
        merge(d, 0, blksize > LENGTH_WORD ? blksize - LENGTH_WORD : LINE_DEFAULT + LENGTH_WORD,
              lrecl ? lrecl + LENGTH_WORD : LINE_DEFAULT + LENGTH_WORDS);
        break;
    default:
        merge(d, 0, 0, lrecl ? lrecl : LINE_DEFAULT);
    }
}

static void merge_file(struct dataset *d, const struct cms_fileinfo *info)
{
    bool fixed = info->recfm == 'F';

    if (fixed)
        merge(d, RECFM_FIXED, info->lrecl, 0);
    else if (d->dcb->recfm && (d->dcb->recfm & RECFM_KIND) != RECFM_VARIABLE)
        merge(d, 0, info->lrecl, 0);
    else
        merge(d, RECFM_VARIABLE, info->lrecl + LENGTH_WORD, 0);
}

static int find_member(struct dataset *d)
{
    struct cms_library library;
    int rc = cms_library_open(&library, &d->def.id);
    const struct library_member *m = rc ? NULL : cms_library_find(&library, d->def.member);

    if (m) {
        d->item = get32(m->item);
        d->end = d->item + get32(m->records);
    }
    if (!rc)
        cms_library_close(&library);
    return m ? 0 : OPEN_NO_MEMBER;
}

static int find_file(struct dataset *d)
{
    struct cms_fileinfo info;
    struct cms_disk disk;
    bool member = d->def.member[0] != ' ', writes = d->direction != OPEN_INPUT;

    cms_file(&d->file, &d->def.id);
    d->item = 1;
    if (writes && member)
        return OPEN_DEVICE;
    if (writes && (cms_disk(d->def.id.fm[0], &disk) || disk.read_only))
        return OPEN_DISK;
    if (cms_state(&d->def.id, &info)) {
        d->end = 1;
        return is_output(d) || d->direction == OPEN_INOUT ? 0 : OPEN_NO_FILE;
    }
    memcpy(d->file.fn, &info.id, sizeof(info.id));
    d->end = info.records + 1;
    if (is_output(d) && !(d->def.flags & FILEDEF_MOD))
        return 0;
    d->file_lrecl = info.recfm == 'F' ? info.lrecl : 0;
    merge_file(d, &info);
    return member ? find_member(d) : 0;
}

int dataset_find(struct dataset *d)
{
    const char *ddname = (const char *)d->before.ddname;
    int error = 0;

    if (cms_filedef(ddname, &d->def))
        default_definition(d, ddname);
    if (!device_can(d))
        return OPEN_DEVICE;
    merge(d, d->def.recfm, d->def.lrecl, d->def.blksize);
    if (d->def.device == FILEDEF_DISK)
        error = find_file(d);
    if (!error)
        merge_device(d);
    return error;
}

/* What FILEDEF's device and an old file allow of the DCB. */
static bool file_fits(const struct dataset *d)
{
    if (d->def.device != FILEDEF_DISK || !d->file_lrecl)
        return true;
    if (d->direction == OPEN_INPUT)
        return kind(d) != RECFM_FIXED || d->file_lrecl <= d->form.lrecl;
    return kind(d) == RECFM_FIXED && d->file_lrecl == d->form.lrecl;
}

int dataset_start(struct dataset *d)
{
    struct cms_fileid id;

    d->form.recfm = d->dcb->recfm;
    d->form.lrecl = (uint16_t)get16(d->dcb->lrecl);
    d->form.blksize = (uint16_t)get16(d->dcb->blksi);
    if (!kind(d) || (kind(d) == RECFM_VARIABLE && d->form.recfm & RECFM_SPANNED))
        return OPEN_RECFM;
    if (!form_is_good(&d->form) || !file_fits(d))
        return OPEN_LENGTH;
    if (d->def.device == FILEDEF_TAPE && d->def.mode_set && is_output(d))
        cms_tape_control(d->def.tape, d->def.mode_set);
    if (d->def.device != FILEDEF_DISK || !is_output(d))
        return 0;
    if (d->def.flags & FILEDEF_MOD) {
        d->item = d->end;
        return 0;
    }
    memcpy(&id, d->file.fn, sizeof(id));
    int rc = cms_file_erase(&id);
    d->end = 1;
    d->file_lrecl = kind(d) == RECFM_FIXED ? d->form.lrecl : 0;
    return rc && rc != RC_NOT_FOUND ? OPEN_DISK : 0;
}

/* ---- reading ---- */

/* A text that lies behind the place for length words at `to` becomes a block of one record. */
static uint32_t one_record(const struct dataset *d, uint8_t *to, uint32_t text)
{
    switch (kind(d)) {
    case RECFM_VARIABLE:
        store_be32(to, (text + LENGTH_WORDS) << 16);
        store_be32(to + LENGTH_WORD, (text + LENGTH_WORD) << 16);
        return text + LENGTH_WORDS;
    case RECFM_FIXED:
        if (text < d->form.lrecl)
            memset(to + text, ' ', d->form.lrecl - text);
        return d->form.lrecl;
    default:
        return text;
    }
}

static uint32_t text_at(const struct dataset *d)
{
    return kind(d) == RECFM_VARIABLE ? LENGTH_WORDS : 0;
}

/* How many bytes of text one record can have; 0: none fits into `size`. */
static uint32_t text_room(const struct dataset *d, uint32_t size)
{
    uint32_t room = kind(d) == RECFM_FIXED ? d->form.lrecl : size;

    if (kind(d) == RECFM_VARIABLE)
        room = size > LENGTH_WORDS ? size - LENGTH_WORDS : 0;
    return room <= size ? room : 0;
}

static enum dataset_rc file_result(int rc)
{
    return rc == 0 ? DATASET_OK : rc == FILE_END ? DATASET_END : DATASET_ERROR;
}

static enum dataset_rc read_many(struct dataset *d, uint8_t *to, uint32_t size, uint32_t *length)
{
    uint32_t many = size / d->form.lrecl, left = d->end - d->item;

    if (many > left)
        many = left;
    if (!many)
        return DATASET_ERROR;
    int rc = cms_file_read_many(&d->file, d->item, to, many * d->form.lrecl, many);
    *length = d->file.nord;
    d->item += many;
    return file_result(rc);
}

static enum dataset_rc read_file(struct dataset *d, uint8_t *to, uint32_t size, uint32_t *length)
{
    uint32_t room = text_room(d, size);

    d->last_item = d->item;
    if (d->item >= d->end)
        return DATASET_END;
    if (kind(d) == RECFM_FIXED && d->file_lrecl == d->form.lrecl)
        return read_many(d, to, size, length);
    int rc = cms_file_read_at(&d->file, d->item++, to + text_at(d), room);
    *length = one_record(d, to, d->file.nord);
    return file_result(rc);
}

static enum dataset_rc read_terminal(struct dataset *d, uint8_t *to, uint32_t room,
                                     uint32_t *length)
{
    unsigned flags = d->def.flags & FILEDEF_LOWER_CASE ? 0 : READ_UPPER;
    int got = cms_read((char *)to + text_at(d), room, flags);

    if (got <= 0)
        return DATASET_END;
    *length = one_record(d, to, (uint32_t)got);
    return DATASET_OK;
}

static enum dataset_rc read_card(struct dataset *d, uint8_t *to, uint32_t room, uint32_t *length)
{
    size_t got;
    int rc = cms_card_read((char *)to + text_at(d), room, &got);

    if (rc)
        return rc == RC_IO_ERROR ? DATASET_ERROR : DATASET_END;
    *length = one_record(d, to, got);
    return DATASET_OK;
}

static enum dataset_rc read_tape(struct dataset *d, uint8_t *to, uint32_t size, uint32_t *length)
{
    size_t got;

    d->last_item = d->item;
    int rc = cms_tape_read(d->def.tape, to, size, &got);
    d->at_mark = rc == TAPE_MARK;
    if (d->at_mark)
        return DATASET_END;
    d->item++;
    *length = got;
    return rc ? DATASET_ERROR : DATASET_OK;
}

enum dataset_rc dataset_read(struct dataset *d, uint8_t *to, uint32_t size, uint32_t *length)
{
    enum dataset_rc rc;
    uint32_t room = text_room(d, size);

    *length = 0;
    if (!room)
        return DATASET_ERROR;
    switch (d->def.device) {
    case FILEDEF_DISK:
        rc = read_file(d, to, size, length);
        break;
    case FILEDEF_TERMINAL:
        rc = read_terminal(d, to, room, length);
        break;
    case FILEDEF_READER:
        rc = read_card(d, to, room, length);
        break;
    case FILEDEF_TAPE:
        rc = read_tape(d, to, size, length);
        break;
    default:
        rc = DATASET_END;
    }
    d->residual = *length < size ? size - *length : 0;
    return rc;
}

/* ---- writing ---- */

/* On the terminal ASA's control is lines left free. */
static void write_line(const struct dataset *d, const char *text, uint32_t length)
{
    bool asa = d->form.recfm & RECFM_ASA;

    if (length && d->form.recfm & (RECFM_ASA | RECFM_MACHINE)) {
        if (asa && (*text == '0' || *text == '1' || *text == '-'))
            cms_write(" ", 1);
        if (asa && *text == '-')
            cms_write(" ", 1);
        text++;
        length--;
    }
    while (length && text[length - 1] == ' ')
        length--;
    cms_write(text, length);
}

enum { WRITE_SPACE = 0x09 };

static int print_line(const struct dataset *d, const char *text, uint32_t length)
{
    if (d->form.recfm & RECFM_MACHINE)
        return length ? cms_print(text + 1, length - 1, (uint8_t)text[0]) : 0;
    if (d->form.recfm & RECFM_ASA)
        return length ? cms_print_controlled(text, length) : 0;
    return cms_print(text, length, WRITE_SPACE);
}

/* One record's text to where it goes; 0 or an error. */
static int write_text(struct dataset *d, const uint8_t *text, uint32_t length, uint32_t item)
{
    char recfm = kind(d) == RECFM_FIXED ? 'F' : 'V';

    switch (d->def.device) {
    case FILEDEF_DISK:
        return cms_file_write_at(&d->file, item, length ? text : (const uint8_t *)" ",
                                 length ? length : 1, recfm);
    case FILEDEF_TERMINAL:
        write_line(d, (const char *)text, length);
        return 0;
    case FILEDEF_PRINTER:
        return print_line(d, (const char *)text, length);
    case FILEDEF_PUNCH:
        return cms_card_punch((const char *)text, length);
    default:
        return 0;
    }
}

/* The block's records from `item` on; *item: behind them. */
static enum dataset_rc write_records(struct dataset *d, const uint8_t *from, uint32_t length,
                                     uint32_t *item)
{
    struct block b = {(uint8_t *)(uintptr_t)from, length, 0};
    uint8_t *record;
    enum block_result r = block_open(&b, &d->form);

    while (r == BLOCK_OK && (r = block_next(&b, &d->form, &record, &length)) == BLOCK_OK) {
        uint32_t skip = kind(d) == RECFM_VARIABLE ? LENGTH_WORD : 0;
        if (write_text(d, record + skip, length - skip, *item))
            return DATASET_ERROR;
        ++*item;
    }
    return r == BLOCK_END ? DATASET_OK : DATASET_ERROR;
}

static enum dataset_rc write_block(struct dataset *d, const uint8_t *from, uint32_t length,
                                   uint32_t *item)
{
    uint32_t many = kind(d) == RECFM_FIXED ? length / d->form.lrecl : 0;

    d->made = true;
    if (d->def.device == FILEDEF_TAPE) {
        ++*item;
        return cms_tape_write(d->def.tape, from, length) ? DATASET_ERROR : DATASET_OK;
    }
    bool append = d->def.device == FILEDEF_DISK && *item == d->end;
    if (!append || many < 2 || length % d->form.lrecl)
        return write_records(d, from, length, item);
    int rc = cms_file_write_many(&d->file, from, d->form.lrecl, many);
    *item += many;
    return rc ? DATASET_ERROR : DATASET_OK;
}

enum dataset_rc dataset_write(struct dataset *d, const uint8_t *from, uint32_t length)
{
    d->last_item = d->item;
    enum dataset_rc rc = write_block(d, from, length, &d->item);
    if (d->item > d->end)
        d->end = d->item;
    return rc;
}

/* Over the block that was read last. */
enum dataset_rc dataset_rewrite(struct dataset *d, const uint8_t *from, uint32_t length)
{
    uint32_t item = d->last_item;

    return write_block(d, from, length, &item);
}

/* ---- closing ---- */

enum { CLOSE_OPTION = 0x70, CLOSE_REREAD = 0x10, CLOSE_LEAVE = 0x30 };

/* Behind what was written there are two tape marks, and the next file begins between them. */
static void close_tape(struct dataset *d, uint8_t option)
{
    if (d->made) {
        cms_tape_control(d->def.tape, TAPE_WRITE_MARK);
        cms_tape_control(d->def.tape, TAPE_WRITE_MARK);
        cms_tape_control(d->def.tape, TAPE_BACKSPACE_FILE);
    }
    if ((option & CLOSE_OPTION) == CLOSE_REREAD)
        cms_tape_control(d->def.tape, TAPE_REWIND);
    else if ((option & CLOSE_OPTION) == CLOSE_LEAVE && !d->made && !d->at_mark)
        cms_tape_control(d->def.tape, TAPE_FORWARD_FILE);
}

void dataset_close(struct dataset *d, uint8_t option)
{
    static const char printer[] = "CLOSE 00E", punch[] = "CLOSE 00D";

    switch (d->def.device) {
    case FILEDEF_DISK:
        cms_file_close(&d->file);
        break;
    case FILEDEF_PRINTER:
        cms_cp(printer, sizeof(printer) - 1, NULL, 0, NULL);
        break;
    case FILEDEF_PUNCH:
        cms_cp(punch, sizeof(punch) - 1, NULL, 0, NULL);
        break;
    case FILEDEF_TAPE:
        close_tape(d, option);
        break;
    default:
        break;
    }
}
