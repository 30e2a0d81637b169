/* The kit's file functions: parameter lists (FSCB) for SVC 202. */
#include "cms/kit/kit.h"

void cms_fileid(struct cms_fileid *id, const char *fn, const char *ft, const char *fm)
{
    memset(id, ' ', sizeof(*id));
    str_pad(id->fn, fn, 8);
    str_pad(id->ft, ft, 8);
    str_pad(id->fm, *fm ? fm : "*", 2);
    str_upcase(id->fn, sizeof(*id));
}

bool cms_fileid_of(struct cms_fileid *id, const struct cms_call *call, int n, const char *fm)
{
    int end = cms_operands_end(call);

    str_pad(id->fm, fm, 2);
    if (n + 1 >= end)
        return false;
    memcpy(id->fn, call->token[n], 8);
    memcpy(id->ft, call->token[n + 1], 8);
    if (n + 2 < end)
        memcpy(id->fm, call->token[n + 2], 2);
    return true;
}

static size_t add_field(char *to, const char *field, size_t size)
{
    size_t n = 0;

    while (n < size && field[n] != ' ' && field[n])
        n++;
    memcpy(to, field, n);
    return n;
}

const char *cms_fileid_text(char *to, const struct cms_fileid *id)
{
    size_t n = add_field(to, id->fn, 8);

    to[n++] = ' ';
    n += add_field(to + n, id->ft, 8);
    to[n++] = ' ';
    n += add_field(to + n, id->fm, 2);
    to[n] = 0;
    return to;
}

int cms_state(const struct cms_fileid *id, struct cms_fileinfo *info)
{
    uint32_t p[5] = {(uint32_t)id, (uint32_t)info};

    return cms_service(SERVICE_STATE, p);
}

void cms_file(struct fscb *f, const struct cms_fileid *id)
{
    memset(f, 0, sizeof(*f));
    memcpy(f->fn, id->fn, 8);
    memcpy(f->ft, id->ft, 8);
    memcpy(f->fm, id->fm, 2);
    f->flag = FSCB_EXTENDED;
}

static int call(struct fscb *f, const char *function)
{
    str_pad(f->command, function, 8);
    return kit_svc202(f, 0);
}

int cms_file_read_at(struct fscb *f, uint32_t number, void *buffer, size_t size)
{
    f->buffer = buffer;
    f->size = size;
    f->aitn = number;
    f->anit = 1;
    return call(f, "RDBUF");
}

int cms_file_read(struct fscb *f, void *buffer, size_t size)
{
    return cms_file_read_at(f, 0, buffer, size);
}

int cms_file_write_at(struct fscb *f, uint32_t number, const void *record, size_t length,
                      char recfm)
{
    f->buffer = (void *)(uintptr_t)record;
    f->size = length;
    f->aitn = number;
    f->anit = 1;
    f->recfm = recfm;
    return call(f, "WRBUF");
}

int cms_file_read_many(struct fscb *f, uint32_t number, void *buffer, size_t size, uint32_t count)
{
    f->buffer = buffer;
    f->size = size;
    f->aitn = number;
    f->anit = count;
    return call(f, "RDBUF");
}

int cms_file_write_many(struct fscb *f, const void *records, size_t length, uint32_t count)
{
    f->buffer = (void *)(uintptr_t)records;
    f->size = length * count;
    f->aitn = 0;
    f->anit = count;
    f->recfm = 'F';
    return call(f, "WRBUF");
}

int cms_file_write(struct fscb *f, const void *record, size_t length, char recfm)
{
    return cms_file_write_at(f, 0, record, length, recfm);
}

/* 6 is "it was not open": nothing to do. */
int cms_file_close(struct fscb *f)
{
    int rc = call(f, "FINIS");

    return rc == 6 ? 0 : rc;
}

int cms_file_erase(const struct cms_fileid *id)
{
    struct fscb f;

    cms_file(&f, id);
    return call(&f, "ERASE");
}

int cms_file_rename(const struct cms_fileid *from, const struct cms_fileid *to)
{
    uint32_t p[5] = {(uint32_t)from, (uint32_t)to};

    return cms_service(SERVICE_RENAME, p);
}

int cms_file_redate(const struct cms_fileid *id, const struct cms_fileinfo *like)
{
    uint8_t date[7] = {like->century ? 0x20 : 0x19};
    uint32_t p[5] = {(uint32_t)id, (uint32_t)date};

    memcpy(date + 1, like->date, 6);
    return cms_service(SERVICE_REDATE, p);
}

int cms_write_error(const char *module, const struct cms_fileid *id, int rc)
{
    char name[24];
    struct cms_disk disk;

    cms_fileid_text(name, id);
    if (rc == FILE_FULL && !cms_disk(id->fm[0], &disk))
        return cms_error(FILE_FULL,
                         "DMS%s107S DISK '%c(%03X)' IS FULL: '%s' WAS NOT WRITTEN. ERASE FILES OR "
                         "USE ANOTHER DISK",
                         module, disk.letter, disk.address, name);
    return cms_error(RC_IO_ERROR, "DMS%s105S ERROR '%d' WRITING FILE '%s' ON DISK", module, rc,
                     name);
}

int cms_file_error(const char *module, const struct fscb *f, int rc, bool writing)
{
    struct cms_fileid id;
    char name[24];

    memcpy(id.fn, f->fn, 8);
    memcpy(id.ft, f->ft, 8);
    memcpy(id.fm, f->fm, 2);
    if (writing)
        return cms_write_error(module, &id, rc);
    cms_fileid_text(name, &id);
    return cms_error(RC_IO_ERROR, "DMS%s104S ERROR '%d' READING FILE '%s' FROM DISK", module, rc,
                     name);
}

void cms_list_start(struct cms_list *list)
{
    memset(list, 0, sizeof(*list));
}

int cms_list_next(struct cms_list *list, char letter)
{
    uint32_t p[5] = {(uint8_t)letter, (uint32_t)list};

    return cms_service(SERVICE_LIST, p);
}

/* '*' matches any string, '%' any one character; backs up to the last '*' when a match fails. */
bool cms_match(const char field[8], const char pattern[8])
{
    int f = 0, p = 0, star = -1, star_field = 0;

    while (f < 8 && field[f] != ' ') {
        bool more = p < 8 && pattern[p] != ' ';
        if (more && pattern[p] == '*') {
            star = p++;
            star_field = f;
        } else if (more && (pattern[p] == '%' || pattern[p] == field[f])) {
            p++;
            f++;
        } else if (star >= 0) {
            p = star + 1;
            f = ++star_field;
        } else {
            return false;
        }
    }
    while (p < 8 && pattern[p] == '*')
        p++;
    return p == 8 || pattern[p] == ' ';
}
