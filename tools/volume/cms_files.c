/* Files of a CMS disk from and to the host.  Text is UTF-8 or ISO 8859-1 on the host and EBCDIC
 * (1047, or 037 where asked) on the disk, a record for each line. */
#include "tools/volume/volume.h"

#include "lib/ebcdic.h"
#include "lib/str.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define RECORD_MAX 65535

static bool fs_failed(struct cms_disk *c, const char *name, enum edf_error e)
{
    if (e == EDF_IO && *c->volume->message)
        return false;
    return volume_fail(c->volume, "%s: %s", name, edf_error_text(e));
}

/* --- names --- */

static bool take_part(const char *from, size_t n, char to[9], bool pattern)
{
    if (!n || n > 8)
        return false;
    for (size_t i = 0; i < n; i++) {
        char c = str_upper(from[i]);
        if (!str_is_alnum(c) && !strchr("$#@+-:_", c) && !(pattern && strchr("*%", c)))
            return false;
        to[i] = c;
    }
    to[n] = 0;
    return true;
}

/* "FN.FT" or "FN FT", without regard to case. */
static bool parse_name(const char *text, struct edf_name *name, bool pattern)
{
    char fn[9], ft[9];
    size_t n = strcspn(text, ". ");
    if (!take_part(text, n, fn, pattern) || !text[n] ||
        !take_part(text + n + 1, strlen(text + n + 1), ft, pattern))
        return false;
    edf_name_set(name, fn, ft);
    ebcdic_from_latin1(name, name, sizeof *name);
    return true;
}

bool cms_name_parse(struct volume *v, const char *text, struct edf_name *name)
{
    return parse_name(text, name, false) ||
           volume_fail(v,
                       "'%s' is not a CMS file name (FN.FT, each 1 to 8 of A-Z 0-9 $ # @ + - : _)",
                       text);
}

static void show_name(const struct edf_name *name, char fn[9], char ft[9])
{
    char text[16];
    latin1_from_ebcdic(text, name, 16);
    str_unpad(fn, text, 8);
    str_unpad(ft, text + 8, 8);
}

/* --- put --- */

struct source {
    struct cms_disk *disk;
    const char *path;
    FILE *file;
    unsigned line;
    bool page_037;
    uint8_t record[RECORD_MAX + 1];
    size_t length;
};

/* Makes one character of UTF-8 (or of ISO 8859-1, if it is no UTF-8) one of ISO 8859-1; -1 if
 * that is not possible. */
static int next_character(const uint8_t *bytes, size_t n, size_t *at)
{
    uint8_t c = bytes[(*at)++];
    if (c < 0xc2 || *at == n || (bytes[*at] & 0xc0) != 0x80)
        return c;
    if (c <= 0xc3)
        return (c & 3) << 6 | (bytes[(*at)++] & 0x3f);
    return -1;
}

/* A line as EBCDIC in s->record; false at the end of the file or with a message. */
static bool next_line(struct source *s, size_t max, bool *bad)
{
    static uint8_t line[4 * RECORD_MAX];
    size_t n = 0;
    int c;
    while ((c = getc(s->file)) != EOF && c != '\n')
        if (n < sizeof line)
            line[n++] = (uint8_t)c;
    if (c == EOF && !n)
        return false;
    s->line++;
    if (n && line[n - 1] == '\r')
        n--;
    s->length = 0;
    for (size_t at = 0; at < n;) {
        size_t before = at;
        c = next_character(line, n, &at);
        unsigned columns = c == '\t' ? 8 - s->length % 8 : 1;
        if (c < 0 || (c < ' ' && c != '\t')) {
            *bad = true;
            return volume_fail(s->disk->volume,
                               "%s:%u: the byte X'%02X' in column %zu is no character that EBCDIC "
                               "has",
                               s->path, s->line, line[before], before + 1);
        }
        if (s->length + columns > max) {
            *bad = true;
            return volume_fail(s->disk->volume, "%s:%u: the line is longer than %zu characters",
                               s->path, s->line, max);
        }
        uint8_t e = latin1_to_ebcdic((uint8_t)(c == '\t' ? ' ' : c));
        for (; columns; columns--)
            s->record[s->length++] = s->page_037 ? ebcdic_page_037(e) : e;
    }
    if (!s->length)
        s->record[s->length++] = EDF_BLANK; /* CMS has no records without length */
    return true;
}

static bool put_records(struct source *s, struct edf_file *f, const struct cms_put *how,
                        unsigned lrecl, const char *name)
{
    bool bad = false;
    enum edf_error e = EDF_OK;
    if (how->binary) {
        while (e == EDF_OK && (s->length = fread(s->record, 1, lrecl, s->file)) > 0) {
            memset(s->record + s->length, 0, lrecl - s->length);
            e = edf_write(f, 0, s->record, how->recfm == 'V' ? (uint32_t)s->length : lrecl);
        }
    } else {
        while (e == EDF_OK && next_line(s, how->recfm == 'F' ? lrecl : RECORD_MAX, &bad))
            e = edf_write(f, 0, s->record, (uint32_t)s->length);
    }
    if (e != EDF_OK)
        return fs_failed(s->disk, name, e);
    if (ferror(s->file))
        return volume_fail(s->disk->volume, "%s: %s", s->path, strerror(errno));
    return !bad;
}

static bool replace(struct cms_disk *c, const struct edf_name *name, const char *text)
{
    enum edf_error e = edf_erase(&c->disk, name);
    return e == EDF_OK || e == EDF_NOT_FOUND || fs_failed(c, text, e);
}

static bool put_open(struct source *s, const struct cms_put *how, const char *text)
{
    struct cms_disk *c = s->disk;
    struct edf_name name;
    struct edf_file f;
    unsigned lrecl = how->lrecl ? how->lrecl : 80;
    bool fixed = !how->module && (how->recfm == 'F' || (how->binary && !how->recfm));
    struct cms_put settled = *how;
    settled.recfm = fixed ? 'F' : 'V';
    if (!cms_name_parse(c->volume, text, &name) || !replace(c, &name, text))
        return false;
    enum edf_error e = edf_create(&c->disk, &f, &name, latin1_to_ebcdic((uint8_t)how->mode),
                                  fixed ? EDF_FIXED : EDF_VARYING, lrecl);
    if (e != EDF_OK)
        return fs_failed(c, text, e);
    bool ok =
        how->module ? module_put(c, s->path, &name, &f) : put_records(s, &f, &settled, lrecl, text);
    e = edf_close(&f);
    return ok && (e == EDF_OK || fs_failed(c, text, e));
}

bool cms_put_file(struct cms_disk *c, const char *path, const struct cms_put *how)
{
    struct source *s = calloc(1, sizeof *s);
    char text[64];
    const char *base = strrchr(path, '/');
    base = base ? base + 1 : path;
    if (how->name)
        base = how->name;
    snprintf(text, sizeof text, "%.50s", base);
    char *dot = strchr(text, '.');
    if (how->module && !how->name && dot)
        strcpy(dot, ".MODULE");
    s->disk = c;
    s->path = path;
    s->page_037 = how->page_037;
    s->file = fopen(path, "rb");
    struct cms_put settled = *how;
    if (!settled.mode)
        settled.mode = '1';
    bool ok = s->file ? put_open(s, &settled, text)
                      : volume_fail(c->volume, "%s: %s", path, strerror(errno));
    if (s->file)
        fclose(s->file);
    free(s);
    if (!ok)
        edf_abandon(&c->disk); /* the disk stays as it was */
    return ok;
}

/* --- get, erase, list --- */

static bool get_records(struct cms_disk *c, struct edf_file *f, const char *name, FILE *out,
                        bool binary, bool page_037)
{
    uint8_t *record = malloc(RECORD_MAX);
    struct edf_status s;
    uint32_t length;
    enum edf_error e;
    edf_file_status(f, &s);
    while ((e = edf_read(f, 0, record, RECORD_MAX, &length)) == EDF_OK) {
        if (!binary) {
            while (length && record[length - 1] == EDF_BLANK &&
                   (s.recfm == EDF_FIXED || length == 1))
                length--;
            for (uint32_t i = 0; i < length && page_037; i++)
                record[i] = ebcdic_page_037(record[i]);
            latin1_from_ebcdic(record, record, length);
        }
        for (uint32_t i = 0; i < length; i++) {
            if (!binary && record[i] >= 0x80) {
                putc(0xc0 | record[i] >> 6, out);
                record[i] = 0x80 | (record[i] & 0x3f);
            }
            putc(record[i], out);
        }
        if (!binary)
            putc('\n', out);
    }
    free(record);
    return e == EDF_END || fs_failed(c, name, e);
}

bool cms_get_file(struct cms_disk *c, const char *text, const char *to, bool binary, bool page_037)
{
    struct edf_name name;
    struct edf_file f;
    char own[24], fn[9], ft[9];
    if (!cms_name_parse(c->volume, text, &name))
        return false;
    enum edf_error e = edf_open(&c->disk, &f, &name, false);
    if (e != EDF_OK)
        return fs_failed(c, text, e);
    if (!to) {
        show_name(&name, fn, ft);
        snprintf(own, sizeof own, "%s.%s", fn, ft);
        for (char *p = own; *p; p++)
            *p = str_lower(*p);
        to = own;
    }
    bool standard = !strcmp(to, "-");
    FILE *out = standard ? stdout : fopen(to, "wb");
    if (!out)
        return volume_fail(c->volume, "%s: %s", to, strerror(errno));
    bool ok = get_records(c, &f, text, out, binary, page_037);
    edf_close(&f);
    if ((standard ? fflush(out) : fclose(out)) && ok)
        ok = volume_fail(c->volume, "%s: %s", to, strerror(errno));
    return ok;
}

bool cms_erase_file(struct cms_disk *c, const char *text)
{
    struct edf_name name;
    if (!cms_name_parse(c->volume, text, &name))
        return false;
    enum edf_error e = edf_erase(&c->disk, &name);
    return e == EDF_OK || fs_failed(c, text, e);
}

bool cms_list(struct cms_disk *c, const char *pattern, FILE *out)
{
    struct edf_name p;
    struct edf_search search;
    struct edf_status s;
    char fn[9], ft[9];
    enum edf_error e;
    if (!parse_name(pattern ? pattern : "*.*", &p, true))
        return volume_fail(c->volume, "'%s' is no pattern (FN.FT with * and %%)", pattern);
    edf_search_start(&search, &p);
    while ((e = edf_search_next(&c->disk, &search, &s)) == EDF_OK) {
        show_name(&s.name, fn, ft);
        fprintf(out, "%-8s %-8s A%c %c %5u %7u %7u  %02X%02X-%02X-%02X %02X:%02X:%02X\n", fn, ft,
                ebcdic_to_latin1(s.mode), ebcdic_to_latin1(s.recfm), (unsigned)s.lrecl,
                (unsigned)s.items, (unsigned)s.blocks, s.date[0], s.date[1], s.date[2], s.date[3],
                s.date[4], s.date[5], s.date[6]);
    }
    return e == EDF_END || fs_failed(c, "directory", e);
}
