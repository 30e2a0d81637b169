/* EDIT fn ft [fm] [(LRECL n]: the line editor, cms/edit, over CMS's files and terminal. */
#include "cms/edit/edit.h"
#include "cms/kit/cms.h"

struct edit_command {
    struct edit editor;
    struct fscb input, output;
    struct cms_fileid target;
    char recfm;
};

#define STORAGE_MOST  (512 * 1024)
#define STORAGE_LEAST (16 * 1024)

static void type(void *context, const char *text)
{
    cms_write(text, strlen(text));
}

static bool read_line(void *context, char *text, size_t size)
{
    int n = cms_read(text, size - 1, 0);
    text[n > 0 ? n : 0] = 0;
    return n >= 0;
}

static void make_id(struct cms_fileid *to, const struct edit_fileid *id, const char *missing)
{
    cms_fileid(to, id->fn, id->ft, id->fm[0] ? id->fm : missing);
}

static int open_file(void *context, const struct edit_fileid *id, char *recfm, uint32_t *lrecl)
{
    struct edit_command *c = context;
    struct cms_fileid file;
    struct cms_fileinfo info;
    make_id(&file, id, "*");
    int rc = cms_state(&file, &info);
    if (rc)
        return rc;
    *recfm = info.recfm;
    *lrecl = info.lrecl;
    cms_file(&c->input, &info.id);
    return 0;
}

static int read_record(void *context, char *text, size_t size)
{
    struct edit_command *c = context;
    int rc = cms_file_read(&c->input, text, size);
    if (rc == FILE_END)
        return EDIT_READ_END;
    if (rc && rc != FILE_CUT) {
        cms_file_error("EDI", &c->input, rc, false);
        return EDIT_READ_ERROR;
    }
    return (int)c->input.nord;
}

static void close_file(void *context)
{
    struct edit_command *c = context;
    cms_file_close(&c->input);
}

/* The editor goes on after an error: what can be done about it. */
static int not_written(struct edit_command *c, int rc)
{
    if (!rc)
        return 0;
    cms_write_error("EDI", &c->target, rc);
    if (rc == FILE_FULL)
        cms_printf("DISK IS FULL: SET NEW FILEMODE, OR ENTER CMS SUBSET AND CLEAR SOME SPACE");
    return RC_IO_ERROR;
}

/* The file is written as EDIT CMSUT1 and takes its name when it is complete. */
static int write_begin(void *context, const struct edit_fileid *id, char recfm, uint32_t lrecl)
{
    struct edit_command *c = context;
    struct cms_fileid work;
    char letter[2] = {id->fm[0] ? id->fm[0] : 'A', 0};
    make_id(&c->target, id, "A1");
    if (c->target.fm[1] == ' ')
        c->target.fm[1] = '1';
    int rc = cms_can_create("EDI", &c->target);
    if (rc == RC_NO_DISK)
        cms_printf("SET NEW FILEMODE AND RETRY");
    if (rc)
        return rc;
    cms_fileid(&work, "EDIT", "CMSUT1", letter);
    work.fm[1] = '1';
    cms_file_erase(&work);
    cms_file(&c->output, &work);
    c->recfm = recfm;
    return 0;
}

static int write_record(void *context, const char *text, size_t length)
{
    struct edit_command *c = context;
    return not_written(c, cms_file_write(&c->output, text, length, c->recfm));
}

static int write_end(void *context, bool keep)
{
    struct edit_command *c = context;
    struct cms_fileid work;
    memcpy(work.fn, c->output.fn, sizeof work.fn);
    memcpy(work.ft, c->output.ft, sizeof work.ft);
    memcpy(work.fm, c->output.fm, sizeof work.fm);
    int rc = cms_file_close(&c->output);
    if (rc || !keep) {
        cms_file_erase(&work);
        return not_written(c, rc);
    }
    cms_file_erase(&c->target);
    rc = cms_file_rename(&work, &c->target);
    if (!rc)
        rc = cms_commit(work.fm[0]);
    return not_written(c, rc);
}

static int run_command(void *context, const char *text)
{
    return cms_command(text, strlen(text), COMMAND_IMPLIED);
}

static void stack(void *context, const char *text)
{
    cms_stack(text, strlen(text), STACK_FIFO);
}

static void subset(void *context)
{
    cms_subset();
}

static const struct edit_host host_of_cms = {.type = type,
                                             .read_line = read_line,
                                             .open = open_file,
                                             .read = read_record,
                                             .close = close_file,
                                             .write_begin = write_begin,
                                             .write = write_record,
                                             .write_end = write_end,
                                             .command = run_command,
                                             .stack = stack,
                                             .subset = subset};

/* NODISP is how this editor works anyway. */
enum { LRECL, NODISP, OPTIONS };
static const struct cms_option options[OPTIONS] = {
    [LRECL] = {"LRECL", 2, 1}, [NODISP] = {"NODISP", 3}};

static int take_options(const struct cms_call *call, uint32_t *lrecl)
{
    const char *found[OPTIONS];
    int rc = cms_parse_options(call, "EDI", options, OPTIONS, found);
    if (rc || !found[LRECL])
        return rc;
    if (cms_number(found[LRECL], lrecl) && *lrecl && *lrecl <= EDIT_LRECL)
        return RC_OK;
    return cms_error(RC_BAD_OPERAND,
                     "DMSEDI029E INVALID PARAMETER '%.8s' IN THE OPTION 'LRECL' FIELD",
                     found[LRECL]);
}

static int run(struct edit_command *c, struct edit_fileid *id, uint32_t lrecl)
{
    struct edit_host host = host_of_cms;
    size_t size = STORAGE_MOST;
    void *storage;
    while (!(storage = cms_alloc(size)))
        if ((size /= 2) < STORAGE_LEAST)
            return cms_error(RC_NO_STORAGE, "DMSEDI104S INSUFFICIENT STORAGE AVAILABLE");
    host.context = c;
    int rc = edit_run(&c->editor, &host, id, lrecl, storage, size);
    cms_free(storage, size);
    return rc;
}

int command_main(const struct cms_call *call)
{
    struct cms_fileid file;
    struct cms_fileinfo info;
    struct edit_fileid id;
    uint32_t lrecl = 0;
    if (!cms_fileid_of(&file, call, 1, "*"))
        return cms_error(RC_BAD_OPERAND, "DMSEDI054E INCOMPLETE FILEID SPECIFIED");
    if (cms_operands_end(call) > 4)
        return cms_bad_operand("EDI", call->token[4]);
    int rc = take_options(call, &lrecl);
    if (rc)
        return rc;
    rc = cms_state(&file, &info);
    if (rc && rc != RC_NOT_FOUND)
        return cms_error(rc, "DMSEDI069E DISK '%c' NOT ACCESSED", file.fm[0]);
    if (!rc)
        memcpy(file.fm, info.id.fm, sizeof file.fm);
    else if (file.fm[0] == '*' || file.fm[0] == ' ')
        memcpy(file.fm, "A1", 2);
    str_unpad(id.fn, file.fn, 8);
    str_unpad(id.ft, file.ft, 8);
    str_unpad(id.fm, file.fm, 2);
    struct edit_command *c = cms_alloc(sizeof *c);
    if (!c)
        return cms_error(RC_NO_STORAGE, "DMSEDI104S INSUFFICIENT STORAGE AVAILABLE");
    rc = run(c, &id, lrecl);
    cms_free(c, sizeof *c);
    return rc;
}
