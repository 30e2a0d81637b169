/* IND$FILE GET|PUT fn ft [fm] [(ASCII CRLF APPEND RECFM F|V LRECL n]: a file to or from the
 * terminal's own file system; the terminal's program (Transfer of x3270, ...) types the command and
 * plays the other part.  Messages are those that such programs know; they go to it, not to the
 * console.
 *
 * Without RECFM a file is V: so a binary one comes back as it was.  An empty line becomes a record
 * of one blank, and such a record an empty line. */
#include "cms/kit/cms.h"
#include "cms/transfer/indfile.h"
#include "lib/datastream.h"

#define LRECL_BINARY 4096u /* of V records without CRLF */
#define LRECL_FIXED  80u
#define ASCII_CR     0x0d
#define ASCII_LF     0x0a
#define ASCII_EOF    0x1a
#define BLANK        0x40

enum { ASCII, CRLF, APPEND, RECFM, LRECL, OPTIONS };
static const struct cms_option options[OPTIONS] = {
    [ASCII] = {"ASCII", 5},    [CRLF] = {"CRLF", 4},      [APPEND] = {"APPEND", 6},
    [RECFM] = {"RECFM", 5, 1}, [LRECL] = {"LRECL", 5, 1},
};

enum reason {
    DONE,
    CANT_WRITE,
    CANT_READ,
    NO_STORAGE,
    BAD_REQUEST,
    BAD_NAME,
    NOT_FOUND,
    READ_ONLY
};
static const struct {
    const char *text;
    int rc;
} reasons[] = {
    [DONE] = {"TRANS03   File transfer complete$", RC_OK},
    [CANT_WRITE] = {"TRANS13   Error writing file to host: file transfer canceled$", RC_IO_ERROR},
    [CANT_READ] = {"TRANS14   Error reading file from host: file transfer canceled$", RC_IO_ERROR},
    [NO_STORAGE] = {"TRANS15   Required host storage unavailable: file transfer canceled$",
                    RC_NO_STORAGE},
    [BAD_REQUEST] = {"TRANS16   Incorrect request code: file transfer canceled$", RC_BAD_OPERAND},
    [BAD_NAME] = {"TRANS17   Missing or incorrect CMS file name: file transfer canceled$",
                  RC_BAD_CHARACTER},
    [NOT_FOUND] = {"TRANS33   Requested CMS file not found: file transfer canceled$", RC_NOT_FOUND},
    [READ_ONLY] = {"TRANS35   Requested CMS disk is not accessed, or read-only$", RC_NO_DISK},
};

struct transfer {
    struct indfile x;
    struct indfile_terminal terminal;
    bool cut;
    bool ascii, crlf, append;
    char recfm;
    uint32_t lrecl;    /* longest record; 0: any */
    struct fscb file;  /* what is read, or written */
    uint8_t *record;   /* CMS_RECORD_MAX bytes */
    uint32_t length;   /* of the one that is being collected */
    bool after_return; /* a carriage return has come: is a line feed behind it? */
    bool written;
};

/* --- the terminal --- */

static int read_answer(struct transfer *t, unsigned control)
{
    return cms_screen_read(t->terminal.record, INDFILE_FRAME, control, &t->terminal.length)
               ? INDFILE_LOST
               : INDFILE_OK;
}

static int structured(void *context, const uint8_t *fields, size_t n, bool answer)
{
    if (cms_screen_write(fields, n, SCREEN_STRUCTURED))
        return INDFILE_LOST;
    return answer ? read_answer(context, SCREEN_MODIFIED) : INDFILE_OK;
}

static int screen(void *context, const uint8_t *stream, size_t n)
{
    return cms_screen_write(stream, n, SCREEN_ERASE) ? INDFILE_LOST : read_answer(context, 0);
}

/* Takes the screen, and finds out how the terminal transfers files. */
static int take_terminal(struct transfer *t)
{
    static const uint8_t wcc = 0xc0;
    bool dft;
    if (cms_screen_write(&wcc, 1, SCREEN_ERASE))
        return INDFILE_LOST;
    /* Who can't even be asked is one for CUT. */
    t->cut = indfile_ask(&t->terminal, &dft) || !dft;
    return INDFILE_OK;
}

static int finish(struct transfer *t, enum reason reason)
{
    const char *text = reasons[reason].text;
    int rc = indfile_end(&t->x, &t->terminal, t->cut, reason == DONE, (const uint8_t *)text,
                         strlen(text));
    return reason == DONE && rc ? RC_FAILED : reasons[reason].rc;
}

/* --- GET: from CMS --- */

static int send_record(struct transfer *t, bool fixed)
{
    static const uint8_t end[] = {ASCII_CR, ASCII_LF}, end_ebcdic[] = {0x0d, 0x25};
    uint32_t n = t->file.nord;
    if (t->crlf) {
        while (n && fixed && t->record[n - 1] == BLANK)
            n--;
        n -= n == 1 && t->record[0] == BLANK;
    }
    for (uint32_t i = 0; i < n && t->ascii; i++)
        t->record[i] = indfile_to_ascii[t->record[i]];
    int rc = indfile_put(&t->x, t->record, n);
    return rc || !t->crlf ? rc : indfile_put(&t->x, t->ascii ? end : end_ebcdic, sizeof end);
}

static int get(struct transfer *t, const struct cms_fileinfo *info)
{
    int rc = indfile_start(&t->x, &t->terminal, t->cut, false);
    cms_file(&t->file, &info->id);
    while (!rc) {
        int read = cms_file_read(&t->file, t->record, CMS_RECORD_MAX);
        if (read == FILE_END)
            break;
        if (read)
            return finish(t, CANT_READ);
        rc = send_record(t, info->recfm == 'F');
    }
    cms_file_close(&t->file);
    return rc ? RC_FAILED : finish(t, DONE);
}

/* --- PUT: to CMS --- */

/* Writes the record that was collected.  False: it can't be written. */
static bool write_record(struct transfer *t)
{
    if (!t->length)
        t->record[t->length++] = t->crlf ? BLANK : 0;
    while (t->recfm == 'F' && t->length < t->lrecl)
        t->record[t->length++] = t->ascii || t->crlf ? BLANK : 0;
    int rc = cms_file_write(&t->file, t->record, t->length, t->recfm);
    t->length = 0;
    t->written |= !rc;
    return !rc;
}

static bool take_byte(struct transfer *t, uint8_t byte)
{
    uint8_t line_feed = t->ascii ? ASCII_LF : 0x25;
    if (t->crlf && t->after_return && byte == line_feed) {
        t->after_return = false;
        return write_record(t);
    }
    if (t->after_return) { /* one that ended no line */
        t->after_return = false;
        if (!take_byte(t, 0) || !t->length)
            return false;
        t->record[t->length - 1] = ASCII_CR;
    }
    if (t->crlf && byte == ASCII_CR) {
        t->after_return = true;
        return true;
    }
    if (t->length == (t->lrecl ? t->lrecl : CMS_RECORD_MAX) && !write_record(t))
        return false;
    t->record[t->length++] = t->ascii ? indfile_from_ascii[byte] : byte;
    return true;
}

static bool take_end(struct transfer *t)
{
    if (t->crlf && t->ascii && t->length &&
        t->record[t->length - 1] == indfile_from_ascii[ASCII_EOF])
        t->length--;
    return !t->length || write_record(t);
}

/* Gets all data; DONE, a reason, or -1: the transfer is off. */
static int receive(struct transfer *t)
{
    const uint8_t *data;
    size_t n;
    int rc = indfile_start(&t->x, &t->terminal, t->cut, true);
    while (!rc && !(rc = indfile_get(&t->x, &data, &n)) && n)
        for (size_t i = 0; i < n; i++)
            if (!take_byte(t, data[i]))
                return CANT_WRITE;
    if (rc)
        return -1;
    return take_end(t) ? DONE : CANT_WRITE;
}

static int put(struct transfer *t, const struct cms_fileid *id)
{
    struct cms_fileid work;
    cms_fileid(&work, "IND$FILE", "CMSUT1", "");
    work.fm[0] = id->fm[0];
    work.fm[1] = id->fm[1];
    if (!t->append)
        cms_file_erase(&work);
    cms_file(&t->file, t->append ? id : &work);
    int reason = receive(t);
    if (cms_file_close(&t->file) && t->written && reason == DONE)
        reason = CANT_WRITE;
    if (reason == DONE && !t->append && t->written && cms_replace_file(&work, id))
        reason = CANT_WRITE;
    if (!t->append)
        cms_file_erase(&work);
    return reason < 0 ? RC_FAILED : finish(t, (enum reason)reason);
}

/* --- the command --- */

static bool take_options(struct transfer *t, const struct cms_call *call)
{
    const char *found[OPTIONS];
    if (cms_parse_options(call, "IND", options, OPTIONS, found))
        return false;
    t->ascii = found[ASCII];
    t->crlf = found[CRLF];
    t->append = found[APPEND];
    t->recfm = found[RECFM] ? found[RECFM][0] : 'V';
    if (found[LRECL] &&
        (!cms_number(found[LRECL], &t->lrecl) || !t->lrecl || t->lrecl > CMS_RECORD_MAX))
        return false;
    if (!t->lrecl)
        t->lrecl = t->recfm == 'F' ? LRECL_FIXED : t->crlf ? 0 : LRECL_BINARY;
    return t->recfm == 'F' || t->recfm == 'V';
}

/* A file that is there says what its records are like. */
static void take_format(struct transfer *t, const struct cms_fileinfo *info)
{
    t->recfm = info->recfm;
    if (info->recfm == 'F')
        t->lrecl = info->lrecl;
}

static int run(struct transfer *t, const struct cms_call *call)
{
    struct cms_fileid id;
    struct cms_fileinfo info;
    bool gets = cms_token_is(call, 1, "GET"), puts = cms_token_is(call, 1, "PUT");
    if ((!gets && !puts) || cms_operands_end(call) > 5)
        return finish(t, BAD_REQUEST);
    if (!cms_fileid_of(&id, call, 2, gets ? "*" : "A1") || !cms_valid_name(id.fn) ||
        !cms_valid_name(id.ft))
        return finish(t, BAD_NAME);
    int rc = cms_state(&id, &info);
    if (gets)
        return rc ? finish(t, NOT_FOUND) : get(t, &info);
    struct cms_disk disk;
    if (id.fm[1] == ' ')
        id.fm[1] = '1';
    if (cms_disk(id.fm[0], &disk) || disk.read_only)
        return finish(t, READ_ONLY);
    t->append &= rc == RC_OK;
    if (t->append) {
        id = info.id;
        take_format(t, &info);
    }
    return put(t, &id);
}

int command_main(const struct cms_call *call)
{
    struct transfer *t = cms_alloc(sizeof *t);
    uint8_t *room = cms_alloc(INDFILE_FRAME + CMS_RECORD_MAX);
    if (!t || !room)
        return cms_error(RC_NO_STORAGE, "DMSIND109S VIRTUAL STORAGE CAPACITY EXCEEDED");
    memset(t, 0, sizeof *t);
    t->terminal.structured = structured;
    t->terminal.screen = screen;
    t->terminal.context = t;
    t->terminal.record = room;
    t->record = room + INDFILE_FRAME;
    if (!take_options(t, call))
        return RC_BAD_OPERAND;
    if (take_terminal(t))
        return cms_error(RC_FAILED, "DMSIND113S THE TERMINAL IS NO 3270");
    return run(t, call);
}
