/* ASSEMBLE fn [(options]: fn ASSEMBLE into fn TEXT and fn LISTING.  The assembler itself is
 * cms/asm; macros and COPY members come from the libraries that GLOBAL MACLIB names. */
#include "cms/asm/asm.h"
#include "cms/kit/cms.h"

#define MODULE "ASM"

enum {
    ALIGN,
    DECK,
    DISK,
    ESD,
    LINECOUN,
    LIST,
    NOALIGN,
    NODECK,
    NOESD,
    NOLIST,
    NOOBJECT,
    NOPRINT,
    NORLD,
    NOTERM,
    NOXREF,
    OBJECT,
    PRINT,
    RLD,
    SYSPARM,
    TERMINAL,
    XREF,
    OPTIONS
};
static const struct cms_option options[OPTIONS] = {
    [ALIGN] = {"ALIGN", 3},
    [DECK] = {"DECK", 4},
    [DISK] = {"DISK", 2},
    [ESD] = {"ESD", 3},
    [LINECOUN] = {"LINECOUN", 5, 1},
    [LIST] = {"LIST", 4},
    [NOALIGN] = {"NOALIGN", 5},
    [NODECK] = {"NODECK", 6},
    [NOESD] = {"NOESD", 5},
    [NOLIST] = {"NOLIST", 6},
    [NOOBJECT] = {"NOOBJECT", 5},
    [NOPRINT] = {"NOPRINT", 4},
    [NORLD] = {"NORLD", 5},
    [NOTERM] = {"NOTERM", 6},
    [NOXREF] = {"NOXREF", 6},
    [OBJECT] = {"OBJECT", 3},
    [PRINT] = {"PRINT", 2},
    [RLD] = {"RLD", 3},
    [SYSPARM] = {"SYSPARM", 7, 1},
    [TERMINAL] = {"TERMINAL", 4},
    [XREF] = {"XREF", 4},
};

struct assembly {
    struct fscb source, text, listing;
    struct cms_switches switches;
    struct cms_library libraries[CMS_LIBRARIES];
    unsigned library_count;
    struct cms_library *member_library;
    uint32_t member_item, member_left;
    bool list_disk, list_print, object, deck, terminal;
    int rc; /* of the first file error */
};

static void failed(struct assembly *s, struct fscb *f, int rc, bool writing)
{
    if (rc && !s->rc)
        s->rc = cms_file_error(MODULE, f, rc, writing);
}

static void card_text(char card[ASM_CARD + 1], uint32_t length)
{
    card[length] = 0;
}

static bool read_source(void *context, char card[ASM_CARD + 1])
{
    struct assembly *s = context;
    int rc = cms_file_read(&s->source, card, ASM_CARD);

    if (rc && rc != FILE_END)
        failed(s, &s->source, rc, false);
    if (rc || s->rc)
        return false;
    card_text(card, s->source.nord);
    return true;
}

static bool open_member(void *context, const char *name)
{
    struct assembly *s = context;
    char field[8];

    str_pad(field, name, sizeof(field));
    for (unsigned i = 0; i < s->library_count; i++) {
        const struct library_member *m = cms_library_find(&s->libraries[i], field);
        if (m) {
            s->member_library = &s->libraries[i];
            s->member_item = get32(m->item);
            s->member_left = get32(m->records);
            return true;
        }
    }
    return false;
}

static bool read_member(void *context, char card[ASM_CARD + 1])
{
    struct assembly *s = context;
    struct fscb *f = &s->member_library->file;

    if (!s->member_left)
        return false;
    int rc = cms_file_read_at(f, s->member_item, card, ASM_CARD);
    failed(s, f, rc, false);
    if (rc)
        return false;
    card_text(card, f->nord);
    s->member_item++;
    s->member_left--;
    return true;
}

/* ASA carriage control as the printer's command: it acts before the line, so what is due is
 * done as an immediate command. */
static void print_line(const char *line)
{
    if (line[0] == '1')
        cms_print("", 0, 0x8b);
    else if (line[0] == '0')
        cms_print("", 0, 0x0b);
    cms_print(line + 1, strlen(line + 1), 0x09);
}

static void list(void *context, const char *line)
{
    struct assembly *s = context;
    char record[ASM_LINE];

    if (s->list_print)
        print_line(line);
    if (!s->list_disk || s->rc)
        return;
    str_pad(record, line, sizeof(record));
    failed(s, &s->listing, cms_file_write(&s->listing, record, sizeof(record), 'F'), true);
}

static void object(void *context, const uint8_t card[ASM_CARD])
{
    struct assembly *s = context;

    if (s->deck)
        cms_card_punch((const char *)card, ASM_CARD);
    if (s->object && !s->rc)
        failed(s, &s->text, cms_file_write(&s->text, card, ASM_CARD, 'F'), true);
}

static void type(void *context, const char *line)
{
    struct assembly *s = context;

    if (s->terminal)
        cms_write(line, strlen(line));
}

static void *memory(void *context, size_t size)
{
    (void)context;
    return cms_alloc(size);
}

static int open_libraries(struct assembly *s)
{
    struct cms_fileid id;

    for (unsigned i = 0; i < CMS_LIBRARIES && s->switches.maclibs[i][0]; i++) {
        cms_fileid(&id, "", "MACLIB", "*");
        memcpy(id.fn, s->switches.maclibs[i], 8);
        int rc = cms_library_open(&s->libraries[i], &id);
        if (rc == RC_NOT_FOUND)
            return cms_no_file(MODULE, &id);
        if (rc)
            return cms_error(RC_BAD_FILE,
                             "DMS" MODULE "056E FILE '%.8s MACLIB' CONTAINS INVALID "
                             "RECORD FORMATS",
                             id.fn);
        s->library_count++;
    }
    return RC_OK;
}

static int read_options(const struct cms_call *call, struct assembly *s, struct asm_options *o,
                        char sysparm[9])
{
    const char *found[OPTIONS];
    int rc = cms_parse_options(call, MODULE, options, OPTIONS, found);

    if (rc)
        return rc;
    asm_default_options(o);
    o->list = !found[NOLIST];
    o->esd = !found[NOESD];
    o->rld = !found[NORLD];
    o->xref = !found[NOXREF];
    o->align = !found[NOALIGN];
    s->list_print = found[PRINT] && o->list;
    s->list_disk = !found[PRINT] && !found[NOPRINT] && o->list;
    s->object = !found[NOOBJECT];
    s->deck = found[DECK] != NULL;
    s->terminal = !found[NOTERM];
    o->deck = s->object || s->deck;
    if (found[LINECOUN]) {
        uint32_t lines;
        if (!cms_number(found[LINECOUN], &lines) || lines < 10 || lines > 99)
            return cms_error(RC_BAD_OPERAND,
                             "DMS" MODULE "029E INVALID PARAMETER '%.8s' IN THE "
                             "OPTION 'LINECOUN' FIELD",
                             found[LINECOUN]);
        o->lines = lines;
    }
    if (found[SYSPARM]) {
        str_unpad(sysparm, found[SYSPARM], 8);
        o->sysparm = sysparm;
    }
    return RC_OK;
}

static void set_time(struct asm_options *o)
{
    struct cms_clock now;

    cms_clock(&now);
    memcpy(o->date, now.date, 8);
    memcpy(o->time, now.time, 5);
    o->time[2] = '.';
}

/* What comes out is written under work names and takes the old files' place at the end. */
static int finish(struct assembly *s, struct fscb *f, const char *work, const struct cms_fileid *to)
{
    struct cms_fileid from;

    cms_file_close(f);
    cms_fileid(&from, "", work, "A1");
    memcpy(from.fn, to->fn, 8);
    if (s->rc) {
        cms_file_erase(&from);
        return s->rc;
    }
    return cms_replace_file(&from, to);
}

static int run(struct assembly *s, const struct asm_options *o, const struct cms_fileid *source)
{
    struct cms_fileid text, listing, work;
    struct asm_result result;
    struct asm_host host = {s,      read_source, open_member, read_member, list,
                            object, type,        memory,      NULL};

    cms_fileid(&text, "", "TEXT", "A1");
    cms_fileid(&listing, "", "LISTING", "A1");
    memcpy(text.fn, source->fn, 8);
    memcpy(listing.fn, source->fn, 8);
    cms_file(&s->source, source);
    work = text;
    memcpy(work.ft, "CMSUT1  ", 8);
    cms_file_erase(&work);
    cms_file(&s->text, &work);
    memcpy(work.ft, "CMSUT2  ", 8);
    cms_file_erase(&work);
    cms_file(&s->listing, &work);
    int severity = assemble(&host, o, &result);
    cms_file_close(&s->source);
    if (severity == 16 && !s->rc)
        s->rc = cms_error(RC_NO_STORAGE, "DMS" MODULE "109S VIRTUAL STORAGE CAPACITY EXCEEDED");
    int rc = RC_OK;
    if (s->object)
        rc = finish(s, &s->text, "CMSUT1", &text);
    if (s->list_disk && !rc)
        rc = finish(s, &s->listing, "CMSUT2", &listing);
    return rc ? rc : severity;
}

int command_main(const struct cms_call *call)
{
    static struct assembly s;
    struct asm_options o;
    struct cms_fileid id;
    struct cms_fileinfo info;
    char sysparm[9];
    int rc = read_options(call, &s, &o, sysparm);

    if (rc)
        return rc;
    if (cms_operands_end(call) < 2)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "001E NO FILENAME SPECIFIED");
    if (cms_operands_end(call) > 2)
        return cms_bad_operand(MODULE, call->token[2]);
    cms_fileid(&id, "", "ASSEMBLE", "*");
    memcpy(id.fn, call->token[1], 8);
    rc = cms_state(&id, &info);
    if (rc)
        return cms_state_error(MODULE, rc, &id);
    if (info.recfm != 'F' || info.lrecl != ASM_CARD)
        return cms_error(RC_BAD_FILE,
                         "DMS" MODULE "007E FILE '%.8s ASSEMBLE' IS NOT FIXED, "
                         "80 CHAR. RECORDS",
                         id.fn);
    if (s.object || s.list_disk) {
        rc = cms_can_write(MODULE, 'A');
        if (rc)
            return rc;
    }
    cms_get_switches(&s.switches);
    rc = open_libraries(&s);
    set_time(&o);
    if (!rc)
        rc = run(&s, &o, &info.id);
    for (unsigned i = 0; i < s.library_count; i++)
        cms_library_close(&s.libraries[i]);
    return rc;
}
