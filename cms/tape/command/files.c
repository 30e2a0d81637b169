/* Files to tape and back. */
#include "cms/archive/command/stream.h"
#include "cms/tape/command/tape.h"

static bool is(const struct tape *t, const char *letters)
{
    return t->length >= TAPE_ID + sizeof(struct cms_fst) && t->block[0] == 0x02 &&
           !memcmp(t->block + 1, letters, 4);
}

static void set_id(struct tape *t, const char *letters)
{
    t->block[0] = 0x02;
    memcpy(t->block + 1, letters, 4);
}

/* ---- dump ---- */

static int write_block(struct tape *t, size_t length)
{
    int rc = cms_tape_write(t->unit, t->block, length);

    return rc ? tape_error(t, rc, true) : RC_OK;
}

static int write_data(struct tape *t)
{
    uint32_t unit = TAPE_DATA, filled = (uint32_t)t->length;

    if (!filled)
        return RC_OK;
    /* Whole times 800 bytes. */
    uint32_t length = (filled + unit - 1) / unit * unit;
    memset(t->block + TAPE_ID + filled, 0, length - filled);
    set_id(t, t->form->data);
    t->length = 0;
    return write_block(t, TAPE_ID + length);
}

static int put(void *context, const char *bytes, uint32_t length)
{
    struct tape *t = context;
    int rc = RC_OK;

    while (length && !rc) {
        uint32_t room = t->form->data_length - (uint32_t)t->length;
        uint32_t n = room < length ? room : length;
        memcpy(t->block + TAPE_ID + t->length, bytes, n);
        t->length += n;
        bytes += n;
        length -= n;
        if (t->length == t->form->data_length)
            rc = write_data(t);
    }
    return rc;
}

static void fill_entry(struct cms_fst *e, const struct cms_fileinfo *info, uint32_t bytes)
{
    memset(e, 0, sizeof(*e));
    memcpy(e->fn, info->id.fn, 8);
    memcpy(e->ft, info->id.ft, 8);
    memcpy(e->fm, info->id.fm, 2);
    memcpy(e->date, info->date + 1, 4);
    put16(&e->write_pointer, info->records + 1);
    put16(&e->read_pointer, 1);
    put16(&e->items, info->records);
    e->recfm = info->recfm;
    put32(&e->lrecl, info->lrecl);
    put16(&e->blocks, (bytes + TAPE_DATA - 1) / TAPE_DATA);
    e->year[0] = (char)('0' + (info->date[0] >> 4));
    e->year[1] = (char)('0' + (info->date[0] & 15));
}

static int write_entry(struct tape *t, const struct cms_fileinfo *info, uint32_t bytes)
{
    struct cms_fst entry;
    uint32_t length = t->form->entry_first ? PLCH_LENGTH : TAPE_ID + TAPE_DATA;

    fill_entry(&entry, info, bytes);
    memset(t->block, 0, length);
    set_id(t, t->form->entry);
    memcpy(t->block + TAPE_ID, &entry, sizeof(entry));
    t->length = 0;
    return write_block(t, length);
}

static int count_bytes(void *context, const char *bytes, uint32_t length)
{
    *(uint32_t *)context += length;
    return RC_OK;
}

/* The entry has halfwords for records and blocks. */
#define ENTRY_MOST 65535u

static int dump_file(struct tape *t, const struct cms_fileinfo *info)
{
    char name[24];
    uint32_t bytes = 0;
    int rc = stream_file(t->form->module, info, count_bytes, &bytes);

    if (rc)
        return rc;
    if (info->records > ENTRY_MOST || bytes / TAPE_DATA >= ENTRY_MOST)
        return cms_error(88, "DMS%s044E FILE '%s' HAS TOO MANY RECORDS FOR TAPE", t->form->module,
                         cms_fileid_text(name, &info->id));
    if (t->form->entry_first)
        rc = write_entry(t, info, bytes);
    t->length = 0;
    if (!rc)
        rc = stream_file(t->form->module, info, put, t);
    if (!rc)
        rc = write_data(t);
    if (!rc && !t->form->entry_first)
        rc = write_entry(t, info, bytes);
    if (!rc)
        rc = tape_control(t, TAPE_WRITE_MARK);
    /* NOWTM: the next file follows in place of the mark. */
    if (!rc && !t->write_mark)
        rc = tape_control(t, TAPE_BACKSPACE_FILE);
    tape_say(t, "%.8s %.8s %.2s", info->id.fn, info->id.ft, info->id.fm);
    return rc;
}

int tape_dump(struct tape *t, const struct cms_fileid *pattern)
{
    struct cms_list list;
    struct cms_disk disk;
    char letter = pattern->fm[0] == '*' ? 0 : pattern->fm[0];
    int rc = RC_OK;
    bool any = false;

    if (letter && cms_disk(letter, &disk))
        return cms_not_accessed(t->form->module, letter);
    cms_list_start(&list);
    while (!rc && cms_list_next(&list, letter) == 0) {
        const struct cms_fileid *id = &list.info.id;
        if (!cms_match(id->fn, pattern->fn) || !cms_match(id->ft, pattern->ft) ||
            (str_is_digit(pattern->fm[1]) && pattern->fm[1] != id->fm[1]))
            continue;
        if (!any)
            tape_say(t, "DUMPING.....");
        any = true;
        rc = dump_file(t, &list.info);
    }
    return any ? rc : cms_no_file(t->form->module, pattern);
}

/* ---- load, scan, skip ---- */

/* 0; TAPE_MARK; else a message's code, not 12. */
static int read_block(struct tape *t)
{
    int rc = cms_tape_read(t->unit, t->block, sizeof(t->block), &t->length);

    return rc == 0 || rc == TAPE_MARK ? rc : tape_error(t, rc, false);
}

static int premature(const struct tape *t, const struct cms_fileid *id)
{
    char name[24];

    return cms_error(40, "DMS%s010E PREMATURE EOF ON FILE '%s'", t->form->module,
                     cms_fileid_text(name, id));
}

static int not_our_form(const struct tape *t)
{
    return cms_error(RC_BAD_FILE, "DMS%s057E INVALID RECORD FORMAT", t->form->module);
}

/* A file on tape, as its entry has it. */
struct tape_file {
    struct tape *tape;
    struct cms_fileinfo info;
    uint32_t blocks; /* of 800 bytes */
    uint32_t read;   /* tape blocks since the file's beginning */
    struct fscb work;
    uint32_t at, end; /* within what was read last */
    uint8_t data[TAPE_DATA];
};

static bool take_entry(struct tape_file *f)
{
    const struct cms_fst *e = (const struct cms_fst *)(f->tape->block + TAPE_ID);
    struct cms_fileinfo *info = &f->info;

    memset(info, 0, sizeof(*info));
    memcpy(info->id.fn, e->fn, 8);
    memcpy(info->id.ft, e->ft, 8);
    info->id.fm[0] = 'A';
    info->id.fm[1] = str_is_digit(e->fm[1]) ? e->fm[1] : '1';
    info->recfm = e->recfm;
    info->lrecl = get32(e->lrecl);
    info->records = get16(e->items);
    info->date[0] = (uint8_t)((e->year[0] & 15) << 4 | (e->year[1] & 15));
    memcpy(info->date + 1, e->date, 4);
    info->century = info->date[0] < 0x70;
    f->blocks = get16(e->blocks);
    return (info->recfm == 'F' || info->recfm == 'V') && info->lrecl &&
           info->lrecl <= CMS_RECORD_MAX && cms_valid_name(info->id.fn) &&
           cms_valid_name(info->id.ft);
}

static void work_file(struct tape_file *f, char mode)
{
    struct cms_fileid id;

    cms_fileid(&id, "TAPELOAD", "CMSUT1", "A1");
    id.fm[0] = mode;
    cms_file_erase(&id);
    cms_file(&f->work, &id);
}

/* Data come before the entry: LOAD keeps them in a work file until it is known whose they are. */
static int read_to_entry(struct tape_file *f, bool keep)
{
    struct tape *t = f->tape;
    int rc;

    f->read = 0;
    while ((rc = read_block(t)) == 0) {
        f->read++;
        if (is(t, t->form->entry))
            return take_entry(f) ? RC_OK : not_our_form(t);
        if (t->form->entry_first || !is(t, t->form->data) || t->length < TAPE_ID + TAPE_DATA)
            return not_our_form(t);
        if (keep && (rc = cms_file_write(&f->work, t->block + TAPE_ID, TAPE_DATA, 'F')) != 0) {
            struct cms_fileid id;
            memcpy(&id, f->work.fn, sizeof(id));
            return cms_write_error(t->form->module, &id, rc);
        }
    }
    if (rc == TAPE_MARK && f->read)
        return cms_error(40, "DMS%s058E END-OF-FILE OR END-OF-TAPE", t->form->module);
    return rc;
}

static int next_data(struct tape_file *f, const uint8_t **data)
{
    struct tape *t = f->tape;

    f->at = 0;
    if (!t->form->entry_first) {
        *data = f->data;
        f->end = TAPE_DATA;
        return cms_file_read(&f->work, f->data, TAPE_DATA) ? premature(t, &f->info.id) : RC_OK;
    }
    int rc = read_block(t);
    if (rc == TAPE_MARK)
        return premature(t, &f->info.id);
    if (rc)
        return rc;
    if (!is(t, t->form->data))
        return not_our_form(t);
    f->read++;
    *data = t->block + TAPE_ID;
    f->end = (uint32_t)t->length - TAPE_ID;
    return RC_OK;
}

static int get(void *context, char *to, uint32_t length)
{
    struct tape_file *f = context;
    const uint8_t *data = f->tape->form->entry_first ? f->tape->block + TAPE_ID : f->data;

    while (length) {
        if (f->at == f->end) {
            int rc = next_data(f, &data);
            if (rc)
                return rc;
        }
        uint32_t n = f->end - f->at < length ? f->end - f->at : length;
        memcpy(to, data + f->at, n);
        to += n;
        f->at += n;
        length -= n;
    }
    return RC_OK;
}

/* VMFPLC2's data behind an entry that is not loaded. */
static int skip_data(struct tape_file *f)
{
    uint32_t left = f->blocks;
    int rc = RC_OK;

    while (left && !rc && f->tape->form->entry_first) {
        rc = tape_control(f->tape, TAPE_FORWARD_BLOCK);
        left -= left < TAPE_BLOCKS ? left : TAPE_BLOCKS;
    }
    return rc;
}

static int load_file(struct tape_file *f, char mode)
{
    f->info.id.fm[0] = mode;
    f->at = f->end = 0;
    cms_file_close(&f->work);
    return stream_build(f->tape->form->module, &f->info, get, f);
}

/* SCAN leaves the tape before the file that it has found. */
static int back(struct tape_file *f)
{
    int rc = RC_OK;

    while (f->read-- && !rc)
        rc = tape_control(f->tape, TAPE_BACKSPACE_BLOCK);
    return rc;
}

static bool wanted(const struct tape_file *f, const struct cms_fileid *pattern)
{
    return cms_match(f->info.id.fn, pattern->fn) && cms_match(f->info.id.ft, pattern->ft);
}

static bool one_file(const struct cms_fileid *pattern)
{
    return !memchr(pattern->fn, '*', 8) && !memchr(pattern->ft, '*', 8);
}

/* The file whose entry has been read. *found: it was what the command looked for. */
static int do_file(struct tape_file *f, enum tape_action action, const struct cms_fileid *pattern,
                   bool *found)
{
    struct tape *t = f->tape;
    bool fits = wanted(f, pattern), stop = fits && one_file(pattern);
    int rc;

    *found = stop;
    if (action == TAPE_SCAN && stop)
        rc = back(f);
    else if (action == TAPE_LOAD && fits)
        rc = load_file(f, pattern->fm[0]);
    else
        rc = skip_data(f);
    if (!rc && (fits || action != TAPE_LOAD))
        tape_say(t, "%.8s %.8s %.2s", f->info.id.fn, f->info.id.ft, f->info.id.fm);
    return rc;
}

int tape_read_files(struct tape *t, enum tape_action action, const struct cms_fileid *pattern)
{
    static const char *const heads[] = {
        [TAPE_LOAD] = "LOADING.....", [TAPE_SCAN] = "SCANNING....", [TAPE_SKIP] = "SKIPPING...."};
    static struct tape_file f;
    uint32_t marks = 0;
    bool found = false, mark = false;
    int rc = action == TAPE_LOAD ? cms_can_write(t->form->module, pattern->fm[0]) : RC_OK;

    if (rc)
        return rc;
    f.tape = t;
    tape_say(t, "%s", heads[action]);
    while (!rc && !found) {
        if (action == TAPE_LOAD)
            work_file(&f, pattern->fm[0]);
        rc = read_to_entry(&f, action == TAPE_LOAD);
        if (rc == TAPE_MARK) {
            tape_say(t, "END-OF-FILE OR END-OF-TAPE");
            if (t->end_of_tape ? mark : ++marks == t->marks)
                break;
            mark = true;
            rc = RC_OK;
            continue;
        }
        mark = false;
        if (!rc)
            rc = do_file(&f, action, pattern, &found);
    }
    if (action == TAPE_LOAD) {
        cms_file_close(&f.work);
        work_file(&f, pattern->fm[0]);
    }
    if (rc == TAPE_MARK)
        rc = RC_OK;
    if (!rc && !found && one_file(pattern))
        return cms_no_file(t->form->module, pattern);
    return rc;
}
