/* Streams.  A text file's records are lines without their ends; a byte file's records are one long
 * row.  The terminal is read and written by lines, too; before it is read, what is unfinished on
 * stdout is shown as a prompt. */
#include "cms/kit/cms.h"
#include "cms/libc/internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BYTES_RECORD 4096 /* of a file of bytes that is written */
#define NAME_LENGTH  32

struct cms_stream {
    bool open, terminal, reading, writing, bytes;
    bool end, error;
    char recfm;
    int held; /* by ungetc; EOF: none */
    struct fscb file;
    char *buffer;
    size_t size, length, at; /* of the buffer; of what is in it; the next */
    unsigned record;         /* the buffer's, from 1; 0: none yet */
};

int errno;

static char terminal_lines[3][CMS_LINE_MAX + 1];
static struct cms_stream standard[3] = {
    {.open = true, .terminal = true, .reading = true, .held = EOF},
    {.open = true, .terminal = true, .writing = true, .held = EOF},
    {.open = true, .terminal = true, .writing = true, .held = EOF},
};
static struct cms_stream streams[FOPEN_MAX];
FILE *const stdin = &standard[0];
FILE *const stdout = &standard[1];
FILE *const stderr = &standard[2];

/* ---- names and modes ---- */

static bool file_id(struct cms_fileid *id, const char *name)
{
    char text[NAME_LENGTH], part[3][9] = {"", "", ""};
    const char *p = text;

    str_copy(text, name, sizeof(text));
    for (char *c = text; *c; c++)
        if (*c == '.')
            *c = ' ';
    for (int i = 0; i < 3; i++)
        str_word(&p, part[i], sizeof(part[i]));
    cms_fileid(id, part[0], part[1], part[2]);
    return part[1][0] && !*p;
}

/* "recfm=f,lrecl=80" */
static bool form(struct cms_stream *f, const char *mode)
{
    char text[NAME_LENGTH];
    uint32_t lrecl = 0;

    str_copy(text, mode, sizeof(text));
    for (char *word = text, *next; word && *word; word = next) {
        next = strchr(word, ',');
        if (next)
            *next++ = 0;
        if (str_equal(word, "recfm=f") || str_equal(word, "recfm=v"))
            f->recfm = str_upper(word[6]);
        else if (strncmp(word, "lrecl=", 6) || !str_decimal(word + 6, &lrecl))
            return false;
    }
    if (lrecl > CMS_RECORD_MAX || (f->recfm == 'F' && !lrecl))
        return false;
    if (lrecl)
        f->size = lrecl;
    return true;
}

static int fail(int code)
{
    errno = code;
    return EOF;
}

static int open_file(struct cms_stream *f, const struct cms_fileid *id, char mode)
{
    struct cms_fileinfo info;
    int rc = cms_state(id, &info);

    cms_file(&f->file, rc ? id : &info.id);
    if (mode == 'r') {
        if (rc)
            return fail(ENOENT);
        f->size = info.lrecl;
    } else if (mode == 'w' && !rc && (rc = cms_file_erase(id)) != 0 && rc != RC_NOT_FOUND) {
        return fail(EROFS);
    } else if (mode == 'a' && !rc) {
        f->recfm = info.recfm;
        if (info.recfm == 'F')
            f->size = info.lrecl;
    }
    if (mode != 'r' && id->fm[0] == '*')
        f->file.fm[0] = 'A';
    f->buffer = malloc(f->size + 1);
    return f->buffer ? 0 : fail(RC_NO_STORAGE);
}

FILE *fopen(const char *name, const char *mode)
{
    struct cms_stream *f = NULL;
    struct cms_fileid id;
    char kind = mode[0];

    for (int i = 0; i < FOPEN_MAX && !f; i++)
        if (!streams[i].open)
            f = &streams[i];
    errno = EINVAL;
    if (!f || !kind || !strchr("rwa", kind))
        return NULL;
    memset(f, 0, sizeof(*f));
    f->held = EOF;
    f->reading = kind == 'r';
    f->writing = !f->reading;
    f->recfm = 'V';
    f->bytes = mode[1] == 'b';
    f->size = f->bytes ? BYTES_RECORD : CMS_RECORD_MAX;
    const char *more = strchr(mode, ',');
    if (more && (f->reading || !form(f, more + 1)))
        return NULL;
    f->terminal = !strcmp(name, "*");
    if (f->terminal) {
        f->size = CMS_LINE_MAX;
        f->buffer = malloc(CMS_LINE_MAX + 1);
    } else if (!file_id(&id, name) || open_file(f, &id, kind)) {
        return NULL;
    }
    f->open = f->buffer != NULL;
    return f->open ? f : NULL;
}

/* ---- reading ---- */

#define END_OF_INPUT "/*"

static bool read_terminal(struct cms_stream *f)
{
    fflush(stdout);
    if (!f->buffer)
        f->buffer = terminal_lines[f - standard];
    int length = cms_read(f->buffer, CMS_LINE_MAX, 0);
    if (length == 2 && !memcmp(f->buffer, END_OF_INPUT, 2))
        return false;
    f->length = (size_t)length;
    return true;
}

static bool read_record(struct cms_stream *f)
{
    int rc = cms_file_read_at(&f->file, f->record + 1, f->buffer, f->size);

    if (rc) {
        f->error = rc != FILE_END;
        errno = rc;
        return false;
    }
    f->length = f->file.nord;
    return true;
}

static bool fill(struct cms_stream *f)
{
    f->at = 0;
    f->length = 0;
    if (f->end || !(f->terminal ? read_terminal(f) : read_record(f))) {
        f->end = true;
        return false;
    }
    f->record++;
    if (f->bytes)
        return true;
    while (!f->terminal && f->file.recfm == 'F' && f->length && f->buffer[f->length - 1] == ' ')
        f->length--;
    f->buffer[f->length++] = '\n';
    return true;
}

int fgetc(FILE *f)
{
    int c = f->held;

    if (!f->reading)
        return EOF;
    if (c != EOF) {
        f->held = EOF;
        return c;
    }
    if (f->at == f->length && !fill(f))
        return EOF;
    return (unsigned char)f->buffer[f->at++];
}

int ungetc(int c, FILE *f)
{
    if (c == EOF || f->held != EOF || !f->reading)
        return EOF;
    f->held = c;
    return c;
}

char *fgets(char *line, int size, FILE *f)
{
    int n = 0, c = 0;

    while (n < size - 1 && c != '\n' && (c = fgetc(f)) != EOF)
        line[n++] = (char)c;
    if (size > 0)
        line[n] = 0;
    return n ? line : NULL;
}

size_t fread(void *to, size_t size, size_t count, FILE *f)
{
    char *p = to;
    size_t n = 0;
    int c = 0;

    if (!size)
        return 0;
    for (; n < size * count && (c = fgetc(f)) != EOF; n++)
        p[n] = (char)c;
    return n / size;
}

int getchar(void)
{
    return fgetc(stdin);
}

int fgetpos(FILE *f, fpos_t *pos)
{
    if (f->terminal || !f->reading)
        return EOF;
    pos->record = f->record;
    pos->at = (unsigned)f->at - (f->held != EOF);
    return 0;
}

int fsetpos(FILE *f, const fpos_t *pos)
{
    if (f->terminal || !f->reading)
        return EOF;
    f->held = EOF;
    f->end = f->error = false;
    f->record = pos->record ? pos->record - 1 : 0;
    f->at = f->length = 0;
    if (!pos->record)
        return 0;
    if (!fill(f) || pos->at > f->length)
        return EOF;
    f->at = pos->at;
    return 0;
}

void rewind(FILE *f)
{
    static const fpos_t begin;

    fsetpos(f, &begin);
}

/* ---- writing ---- */

/* The buffer becomes a line, or a record; an empty one of a file is a blank: CMS has none. */
static int put_record(struct cms_stream *f)
{
    int rc = 0;

    if (f->terminal) {
        cms_write(f->buffer, f->length);
    } else {
        if (!f->length && !f->bytes)
            f->buffer[f->length++] = ' ';
        if (f->recfm == 'F') {
            memset(f->buffer + f->length, f->bytes ? 0 : ' ', f->size - f->length);
            f->length = f->size;
        }
        rc = cms_file_write(&f->file, f->buffer, f->length, f->recfm);
    }
    f->length = 0;
    if (rc)
        f->error = true;
    return rc ? fail(rc) : 0;
}

int fputc(int c, FILE *f)
{
    if (!f->writing)
        return EOF;
    if (!f->buffer) {
        f->buffer = terminal_lines[f - standard];
        f->size = CMS_LINE_MAX;
    }
    if (c == '\n' && !f->bytes)
        return put_record(f) ? EOF : c;
    if (f->length == f->size && put_record(f))
        return EOF;
    f->buffer[f->length++] = (char)c;
    return (unsigned char)c;
}

int fputs(const char *s, FILE *f)
{
    for (; *s; s++)
        if (fputc((unsigned char)*s, f) == EOF)
            return EOF;
    return 0;
}

size_t fwrite(const void *from, size_t size, size_t count, FILE *f)
{
    const unsigned char *p = from;
    size_t n = 0;

    if (!size)
        return 0;
    while (n < size * count && fputc(p[n], f) != EOF)
        n++;
    return n / size;
}

int putchar(int c)
{
    return fputc(c, stdout);
}

int puts(const char *s)
{
    return fputs(s, stdout) == EOF ? EOF : fputc('\n', stdout);
}

/* What is unfinished on the terminal is shown; of a file it waits for the record's end. */
int fflush(FILE *f)
{
    if (!f) {
        for (int i = 0; i < FOPEN_MAX; i++)
            if (streams[i].open)
                fflush(&streams[i]);
        f = stdout;
    }
    if (f->terminal && f->writing && f->length) {
        cms_prompt(f->buffer, f->length);
        f->length = 0;
    }
    return 0;
}

int fclose(FILE *f)
{
    int rc = 0;

    if (!f->open)
        return EOF;
    if (f->writing && f->length)
        rc = put_record(f);
    if (!f->terminal) {
        int closed = cms_file_close(&f->file);
        rc = rc || closed ? EOF : 0;
    }
    if (f < standard || f >= standard + 3)
        free(f->buffer);
    f->open = f->reading = f->writing = false;
    return rc;
}

void streams_close(void)
{
    for (int i = 0; i < FOPEN_MAX; i++)
        fclose(&streams[i]);
    for (int i = 0; i < 3; i++)
        fclose(&standard[i]);
}

/* ---- the rest ---- */

int remove(const char *name)
{
    struct cms_fileid id;

    if (!file_id(&id, name))
        return fail(EINVAL);
    int rc = cms_file_erase(&id);
    return rc ? fail(rc == RC_NOT_FOUND ? ENOENT : rc) : 0;
}

int rename(const char *from, const char *to)
{
    struct cms_fileid old, new;

    if (!file_id(&old, from) || !file_id(&new, to))
        return fail(EINVAL);
    int rc = cms_file_rename(&old, &new);
    return rc ? fail(rc == RC_NOT_FOUND ? ENOENT : rc) : 0;
}

int feof(FILE *f)
{
    return f->end;
}

int ferror(FILE *f)
{
    return f->error;
}

void clearerr(FILE *f)
{
    f->end = f->error = false;
}

void perror(const char *s)
{
    fprintf(stderr, "%s%s%s\n", s ? s : "", s && *s ? ": " : "", strerror(errno));
}
