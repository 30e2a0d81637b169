/* Files by name: what RDBUF, WRBUF, FINIS, POINT, ERASE, STATE and the services do, over the
 * file system of cms/fs.  A file that is read or written stays open in a table until FINIS
 * or the end of the command. */
#include "cms/nucleus/nucleus.h"

static int file_rc(enum edf_error e)
{
    switch (e) {
    case EDF_OK:
        return 0;
    case EDF_NOT_FOUND:
        return FILE_NOT_FOUND;
    case EDF_FULL:
        return FILE_FULL;
    case EDF_READ_ONLY:
    case EDF_END:
        return FILE_READ_ONLY;
    case EDF_RECORD:
        return FILE_BAD_LENGTH;
    case EDF_NAME:
        return FILE_BAD_FN;
    case EDF_LIMIT:
        return FILE_LIMIT;
    case EDF_MEMORY:
        return FILE_NO_STORAGE;
    case EDF_BUSY:
        return 9;
    case EDF_EXISTS:
        return RC_NOT_FOUND;
    default:
        return FILE_IO_ERROR;
    }
}

static void set_name(struct edf_name *name, const char *fn, const char *ft)
{
    memcpy(name->fn, fn, 8);
    memcpy(name->ft, ft, 8);
}

static bool any(char c)
{
    return c == '*' || c == ' ' || c == 0;
}

static void fill_info(struct cms_fileinfo *info, const struct disk *d, const struct edf_status *s)
{
    memset(info, 0, sizeof(*info));
    memcpy(info->id.fn, s->name.fn, 8);
    memcpy(info->id.ft, s->name.ft, 8);
    info->id.fm[0] = d->letter;
    info->id.fm[1] = (char)s->mode;
    info->recfm = (char)s->recfm;
    info->read_only = d->read_only;
    info->lrecl = s->lrecl;
    info->records = s->items;
    info->blocks = s->blocks;
    memcpy(info->date, s->date + 1, 6);
    info->century = s->date[0] >= 0x20;
}

/* The first file that fits on this disk. */
static bool state_on(struct disk *d, const struct cms_fileid *id, struct cms_fileinfo *info)
{
    struct edf_search search;
    struct edf_status status;
    struct edf_name name;
    enum edf_error e;

    set_name(&name, id->fn, id->ft);
    if (id->fn[0] == '*' || id->ft[0] == '*') {
        edf_search_start(&search, &name);
        do
            e = edf_search_next(&d->fs, &search, &status);
        while (e == EDF_OK && !disk_shows(d, &status));
    } else {
        e = edf_state(&d->fs, &name, &status);
    }
    if (e != EDF_OK || !disk_shows(d, &status))
        return false;
    if (str_is_digit(id->fm[1]) && (uint8_t)id->fm[1] != status.mode)
        return false;
    fill_info(info, d, &status);
    return true;
}

/* Finds a file by the order of search: the letter given, then its extensions. */
static struct disk *find(const struct cms_fileid *id, struct cms_fileinfo *info)
{
    for (int i = 0; i < DISK_LETTERS; i++) {
        struct disk *d = nuc.disks[i];
        if (d && (any(id->fm[0]) || d->letter == id->fm[0]) && state_on(d, id, info))
            return d;
    }
    for (int i = 0; i < DISK_LETTERS && !any(id->fm[0]); i++) {
        struct disk *d = nuc.disks[i];
        if (d && d->extends == id->fm[0] && state_on(d, id, info))
            return d;
    }
    return NULL;
}

int file_find(const struct cms_fileid *id, struct cms_fileinfo *info)
{
    if (!any(id->fm[0]) && !disk_by_letter(id->fm[0]))
        return RC_NO_DISK;
    return find(id, info) ? RC_OK : RC_NOT_FOUND;
}

int file_list(char letter, struct cms_list *list)
{
    struct edf_search search;
    struct edf_status status;

    memset(search.pattern.fn, EDF_BLANK, sizeof(search.pattern));
    search.pattern.fn[0] = search.pattern.ft[0] = (uint8_t)'*';
    for (; list->disk < DISK_LETTERS; list->disk++, list->entry = 0) {
        struct disk *d = nuc.disks[list->disk];
        if (!d || (letter && letter != d->letter))
            continue;
        /* A place in the list is what the search itself remembers. */
        struct edf_search begin;
        edf_search_start(&begin, &search.pattern);
        search.next = list->entry ? list->entry : begin.next;
        enum edf_error e;
        do
            e = edf_search_next(&d->fs, &search, &status);
        while (e == EDF_OK && !disk_shows(d, &status));
        if (e != EDF_OK)
            continue;
        list->entry = search.next;
        fill_info(&list->info, d, &status);
        return RC_OK;
    }
    return RC_NOT_FOUND;
}

/* ---- the table of open files ---- */

static struct open_file *find_open(const struct cms_fileid *id, const struct disk *disk)
{
    for (int i = 0; i < OPEN_FILES; i++) {
        struct open_file *o = &nuc.files[i];
        if (o->disk && (!disk || o->disk == disk) && !memcmp(o->file.fst.name.fn, id->fn, 8) &&
            !memcmp(o->file.fst.name.ft, id->ft, 8) &&
            (any(id->fm[0]) || o->disk->letter == id->fm[0] || o->disk->extends == id->fm[0]))
            return o;
    }
    return NULL;
}

static struct open_file *free_slot(void)
{
    for (int i = 0; i < OPEN_FILES; i++)
        if (!nuc.files[i].disk)
            return &nuc.files[i];
    return NULL;
}

static int close_file(struct open_file *o)
{
    struct disk *d = o->disk;
    bool writing = o->writing;
    bool read_once = !writing && o->file.fst.mode[1] == (uint8_t)'3' && !d->read_only;
    struct edf_name name = o->file.fst.name;
    enum edf_error e = edf_close(&o->file);

    o->disk = NULL;
    if (e == EDF_OK && writing)
        e = edf_commit(&d->fs);
    /* A file with mode number 3 is erased when it has been read. */
    if (e == EDF_OK && read_once)
        e = edf_erase(&d->fs, &name);
    return file_rc(e);
}

void file_close_all(void)
{
    for (int i = 0; i < OPEN_FILES; i++)
        if (nuc.files[i].disk)
            close_file(&nuc.files[i]);
}

void file_close_disk(const struct disk *d)
{
    for (int i = 0; i < OPEN_FILES; i++)
        if (nuc.files[i].disk == d)
            close_file(&nuc.files[i]);
}

static void id_of(struct cms_fileid *id, const struct fscb *f)
{
    memcpy(id->fn, f->fn, 8);
    memcpy(id->ft, f->ft, 8);
    id->fm[0] = str_upper(f->fm[0]);
    id->fm[1] = f->fm[1];
}

static int open_for_reading(const struct cms_fileid *id, struct open_file **opened)
{
    struct cms_fileinfo info;
    struct edf_name name;
    struct disk *d = find(id, &info);

    *opened = free_slot();
    if (!d)
        return FILE_NOT_FOUND;
    if (!*opened)
        return FILE_NO_STORAGE;
    struct open_file *o = *opened;
    memset(o, 0, sizeof(*o));
    set_name(&name, info.id.fn, info.id.ft);
    enum edf_error e = edf_open(&d->fs, &o->file, &name, false);
    if (e == EDF_OK)
        o->disk = d;
    return file_rc(e);
}

/* As many as the buffer takes. */
static int read_many(struct open_file *o, struct fscb *f, uint32_t number, uint32_t many)
{
    uint32_t got, fit = f->size / o->file.lrecl;

    if (f->recfm != 'F')
        return 11;
    if (!fit)
        return FILE_CUT;
    enum edf_error e = edf_read_many(&o->file, number, f->buffer, many < fit ? many : fit, &got);
    o->read_next = number + got;
    f->nord = got * o->file.lrecl;
    return file_rc(e);
}

int file_read(struct fscb *f)
{
    struct cms_fileid id;
    bool extended = f->flag & FSCB_EXTENDED;
    uint32_t number = extended ? f->aitn : f->itno;
    uint32_t many = extended ? f->anit : f->noit;
    uint32_t length;

    id_of(&id, f);
    struct open_file *o = find_open(&id, NULL);
    f->nord = 0;
    if (!o) {
        int rc = open_for_reading(&id, &o);
        if (rc)
            return rc;
    }
    if (!number)
        number = o->read_next ? o->read_next : 1;
    f->recfm = (char)o->file.fst.recfm;
    if (many > 1)
        return read_many(o, f, number, many);
    enum edf_error e = edf_read(&o->file, number, f->buffer, f->size, &length);
    if (e != EDF_OK)
        return file_rc(e);
    o->read_next = number + 1;
    f->nord = length < f->size ? length : f->size;
    return length > f->size ? FILE_CUT : 0;
}

/* ---- writing ---- */

static uint32_t many_of(const struct fscb *f)
{
    uint32_t many = f->flag & FSCB_EXTENDED ? f->anit : f->noit;

    return many ? many : 1;
}

static int open_for_writing(const struct cms_fileid *id, const struct fscb *f,
                            struct open_file **opened)
{
    struct disk *d = disk_by_letter(any(id->fm[0]) ? 'A' : id->fm[0]);
    struct edf_name name;

    if (!d)
        return FILE_BAD_LETTER;
    if (d->read_only)
        return FILE_READ_ONLY;
    if (!cms_valid_name(id->fn))
        return FILE_BAD_FN;
    if (!cms_valid_name(id->ft))
        return FILE_BAD_FT;
    struct open_file *o = find_open(id, d);
    uint32_t read_next = 0;
    if (o) { /* open for reading: open it again for both */
        read_next = o->read_next;
        edf_close(&o->file);
        o->disk = NULL;
    } else {
        o = free_slot();
    }
    *opened = o;
    if (!o)
        return 10;
    memset(o, 0, sizeof(*o));
    set_name(&name, id->fn, id->ft);
    enum edf_error e = edf_open(&d->fs, &o->file, &name, true);
    if (e == EDF_NOT_FOUND) {
        if (f->recfm != 'F' && f->recfm != 'V')
            return 11;
        uint8_t mode = str_is_digit(id->fm[1]) ? (uint8_t)id->fm[1] : (uint8_t)'1';
        e = edf_create(&d->fs, &o->file, &name, mode, (uint8_t)f->recfm, f->size / many_of(f));
        o->made = true;
    }
    if (e != EDF_OK)
        return file_rc(e);
    o->disk = d;
    o->writing = true;
    o->read_next = read_next;
    return 0;
}

int file_write(struct fscb *f)
{
    struct cms_fileid id;
    bool extended = f->flag & FSCB_EXTENDED;
    uint32_t number = extended ? f->aitn : f->itno;
    uint32_t many = many_of(f);

    id_of(&id, f);
    if (!f->size || f->size > CMS_RECORD_MAX * many)
        return FILE_BAD_LENGTH;
    if (any(id.fm[0]))
        id.fm[0] = 'A';
    struct open_file *o = find_open(&id, disk_by_letter(id.fm[0]));
    if (!o || !o->writing) {
        int rc = open_for_writing(&id, f, &o);
        if (rc)
            return rc;
    }
    if (f->recfm != ' ' && f->recfm && (uint8_t)f->recfm != o->file.fst.recfm)
        return FILE_OTHER_RECFM;
    if (many < 2)
        return file_rc(edf_write(&o->file, number, f->buffer, f->size));
    if (o->file.fst.recfm != EDF_FIXED || f->size % many)
        return 14;
    if (f->size / many == o->file.lrecl)
        return file_rc(edf_write_many(&o->file, number, f->buffer, many));
    for (uint32_t i = 0, each = f->size / many; i < many; i++) {
        enum edf_error e =
            edf_write(&o->file, number ? number + i : 0, (const char *)f->buffer + i * each, each);
        if (e != EDF_OK)
            return file_rc(e);
    }
    return 0;
}

/* FINIS: "*" in name, type or mode closes all that fit. 6: nothing was open. */
int file_finis(const struct fscb *f)
{
    struct cms_fileid id;
    int rc = 6;

    id_of(&id, f);
    for (int i = 0; i < OPEN_FILES; i++) {
        struct open_file *o = &nuc.files[i];
        if (!o->disk ||
            (!any(id.fm[0]) && o->disk->letter != id.fm[0] && o->disk->extends != id.fm[0]))
            continue;
        if ((id.fn[0] == '*' || !memcmp(o->file.fst.name.fn, id.fn, 8)) &&
            (id.ft[0] == '*' || !memcmp(o->file.fst.name.ft, id.ft, 8))) {
            int closed = close_file(o);
            if (rc == 6 || closed)
                rc = closed;
        }
    }
    return rc;
}

int file_point(const struct fscb *f)
{
    struct cms_fileid id;

    id_of(&id, f);
    struct open_file *o = find_open(&id, NULL);
    if (!o) {
        int rc = open_for_reading(&id, &o);
        if (rc)
            return rc;
    }
    if (f->rptr)
        o->read_next = f->rptr;
    return 0;
}

/* A file that is to be erased or renamed: closed first. */
static int writable_place(const struct cms_fileid *id, struct disk **disk)
{
    struct fscb f;

    *disk = disk_by_letter(any(id->fm[0]) ? 'A' : id->fm[0]);
    if (!*disk)
        return RC_NO_DISK;
    memcpy(f.fn, id->fn, 8);
    memcpy(f.ft, id->ft, 8);
    f.fm[0] = (*disk)->letter;
    f.fm[1] = ' ';
    file_finis(&f);
    return RC_OK;
}

static int change_rc(enum edf_error e)
{
    switch (e) {
    case EDF_OK:
        return RC_OK;
    case EDF_NOT_FOUND:
    case EDF_EXISTS:
        return RC_NOT_FOUND;
    case EDF_READ_ONLY:
        return RC_NO_DISK;
    default:
        return RC_IO_ERROR;
    }
}

int file_erase(const struct cms_fileid *id)
{
    struct disk *d;
    struct edf_name name;
    int rc = writable_place(id, &d);

    if (rc)
        return rc;
    set_name(&name, id->fn, id->ft);
    return change_rc(edf_erase(&d->fs, &name));
}

/* With the next commit, as an ERASE. */
int file_redate(const struct cms_fileid *id, const uint8_t date[7])
{
    struct disk *d;
    struct edf_name name;
    int rc = writable_place(id, &d);

    if (rc)
        return rc;
    set_name(&name, id->fn, id->ft);
    return change_rc(edf_redate(&d->fs, &name, date));
}

int file_rename(const struct cms_fileid *from, const struct cms_fileid *to)
{
    struct disk *d;
    struct edf_name old_name, new_name;
    int rc = writable_place(from, &d);

    if (rc)
        return rc;
    if (!cms_valid_name(to->fn) || !cms_valid_name(to->ft))
        return RC_BAD_CHARACTER;
    set_name(&old_name, from->fn, from->ft);
    set_name(&new_name, to->fn, to->ft);
    uint8_t mode = str_is_digit(to->fm[1]) ? (uint8_t)to->fm[1] : 0;
    enum edf_error e = edf_rename(&d->fs, &old_name, &new_name, mode);
    /* An ERASE before it becomes true together with the new name: a file is replaced at once. */
    if (e == EDF_OK)
        e = edf_commit(&d->fs);
    return change_rc(e);
}
