/* ZAP MODULE [(INPUT fn]: changes bytes of MODULE files, by statements of `fn ZAP` or of the
 * terminal: NAME, BASE, VER, REP, DUMP, END.  Where bytes are not what VER says, nothing of the
 * module is changed any more until the next NAME.  VM/370 Operator's Guide, "ZAP Service Program".
 */
#include "cms/load/command/map.h"

#define MODULE "ZAP"
#define BYTES  16 /* that a VER or REP has */

enum { INPUT, TERM, OPTIONS };
static const struct cms_option options[OPTIONS] = {[INPUT] = {"INPUT", 2, 1}, [TERM] = {"TERM", 2}};

struct zap {
    struct fscb input; /* statements */
    bool from_file;
    struct cms_fileinfo info; /* the module of NAME */
    struct fscb file;
    struct module_header header;
    bool open, refused;      /* refused: VER has failed */
    uint32_t base;           /* of displacements */
    uint32_t section;        /* NAME's section, from the module's beginning */
    uint32_t number, length; /* of the record that is in `record`; 0: none */
    uint8_t record[MODULE_RECORD];
    int rc;
};

static int note(struct zap *z, int rc)
{
    if (rc > z->rc)
        z->rc = rc;
    return rc;
}

static int bad(struct zap *z, const char *statement)
{
    return note(z,
                cms_error(RC_BAD_OPERAND, "DMS" MODULE "193E INVALID '%s' STATEMENT", statement));
}

static void close_module(struct zap *z)
{
    if (z->open)
        cms_file_close(&z->file);
    z->open = false;
}

static int no_section(struct zap *z, const char name[8])
{
    close_module(z);
    return note(z, cms_error(RC_NOT_FOUND,
                             "DMS" MODULE "195E SECTION '%.8s' IS NOT IN THE MODULE'S MAP", name));
}

static int open_module(struct zap *z, const char *name, const char *section)
{
    struct cms_fileid id;
    struct module_symbol s;
    char field[8];

    close_module(z);
    z->refused = false;
    z->base = z->section = z->number = 0;
    cms_fileid(&id, name, "MODULE", "*");
    int rc = cms_state(&id, &z->info);
    if (rc)
        return note(z, cms_state_error(MODULE, rc, &id));
    rc = module_header(&z->file, &z->info, MODULE, &z->header);
    z->open = true;
    if (rc) {
        close_module(z);
        return note(z, rc);
    }
    if (!*section)
        return RC_OK;
    str_pad(field, section, 8);
    for (uint32_t i = 0; i < get32(z->header.symbols); i++)
        if (!module_symbol(&z->file, &z->header, i, &s) && !memcmp(s.name, field, 8)) {
            z->section = get32(s.address) - get32(z->header.origin);
            return RC_OK;
        }
    return no_section(z, field);
}

/* The image's record with this byte, into z->record: its number, or 0. */
static uint32_t record_of(struct zap *z, uint32_t offset)
{
    if (offset >= get32(z->header.image_size))
        return 0;
    uint32_t number = 2 + offset / MODULE_RECORD;
    if (number == z->number)
        return number;
    z->number = cms_file_read_at(&z->file, number, z->record, sizeof(z->record)) ? 0 : number;
    z->length = z->file.nord;
    return z->number;
}

/* Bytes of hexadecimal digits, in any groups: commas between are passed over; how many, or -1. */
static int bytes_of(const char *text, uint8_t to[BYTES])
{
    int digits = 0;

    for (; *text; text++) {
        char digit[2] = {*text, 0};
        uint32_t value;
        if (*text == ',' || *text == ' ')
            continue;
        if (digits == 2 * BYTES || !str_hex(digit, &value))
            return -1;
        to[digits / 2] = (uint8_t)(digits % 2 ? to[digits / 2] | value : value << 4);
        digits++;
    }
    return digits && digits % 2 == 0 ? digits / 2 : -1;
}

static int verify(struct zap *z, uint32_t offset, const uint8_t *bytes, int count)
{
    for (int i = 0; i < count; i++) {
        if (!record_of(z, offset + (uint32_t)i))
            return bad(z, "VER");
        if (z->record[(offset + (uint32_t)i) % MODULE_RECORD] == bytes[i])
            continue;
        z->refused = true;
        return note(z, cms_error(RC_WARNING,
                                 "DMS" MODULE "200W VERIFY REJECT - AT %06X IS %02X, NOT %02X",
                                 offset + (uint32_t)i,
                                 z->record[(offset + (uint32_t)i) % MODULE_RECORD], bytes[i]));
    }
    return RC_OK;
}

static int replace(struct zap *z, uint32_t offset, const uint8_t *bytes, int count)
{
    int rc = z->info.read_only ? cms_disk_read_only(MODULE, z->info.id.fm[0]) : RC_OK;

    if (!rc && z->refused)
        rc = cms_error(RC_WARNING, "DMS" MODULE "190W REP IGNORED: VERIFY WAS REJECTED");
    if (rc)
        return note(z, rc);
    for (int i = 0; i < count && !rc; i++) {
        uint32_t number = record_of(z, offset + (uint32_t)i);
        if (!number)
            return bad(z, "REP");
        z->record[(offset + (uint32_t)i) % MODULE_RECORD] = bytes[i];
        rc = cms_file_write_at(&z->file, number, z->record, z->length, 'V');
    }
    return rc ? note(z, cms_write_error(MODULE, &z->info.id, rc)) : RC_OK;
}

/* VER and REP: displacement, bytes. */
static int change(struct zap *z, const char *statement, const char *at)
{
    char word[12];
    uint8_t bytes[BYTES];
    uint32_t displacement;
    bool good = str_word(&at, word, sizeof(word)) && str_hex(word, &displacement);
    int count = good ? bytes_of(at, bytes) : -1;

    if (count < 0 || displacement < z->base)
        return bad(z, statement);
    if (!z->open)
        return note(z, cms_error(RC_BAD_OPERAND, "DMS" MODULE "191E NAME MUST COME FIRST"));
    uint32_t offset = z->section + displacement - z->base;
    return *statement == 'V' ? verify(z, offset, bytes, count) : replace(z, offset, bytes, count);
}

/* DUMP module [from [to]] */
static int dump(struct zap *z, const char *name, const char *from, const char *to)
{
    uint32_t first = 0, last;
    char line[CMS_LINE_MAX];
    int rc = open_module(z, name, "");

    if (rc)
        return rc;
    last = get32(z->header.image_size) - 1;
    if ((*from && !str_hex(from, &first)) || (*to && !str_hex(to, &last)))
        return bad(z, "DUMP");
    for (uint32_t at = first; at <= last && record_of(z, at); at += 16) {
        size_t n = fmt(line, sizeof(line), "%06X ", at);
        for (uint32_t i = at; i <= last && i < at + 16 && record_of(z, i); i++)
            n += fmt(line + n, sizeof(line) - n, (i - at) % 4 ? "%02X" : " %02X",
                     z->record[i % MODULE_RECORD]);
        cms_write(line, n);
    }
    close_module(z);
    return RC_OK;
}

/* False: END. */
static bool statement(struct zap *z, char *line)
{
    char verb[9], one[9] = "", two[9] = "", three[9] = "";
    const char *at = line;

    str_upcase(line, strlen(line));
    if (!str_word(&at, verb, sizeof(verb)) || verb[0] == '*' || !strcmp(verb, "COMMENT"))
        return true;
    const char *rest = at;
    str_word(&at, one, sizeof(one));
    str_word(&at, two, sizeof(two));
    str_word(&at, three, sizeof(three));
    if (!strcmp(verb, "END"))
        return false;
    if (!strcmp(verb, "NAME") && *one)
        open_module(z, one, two);
    else if (!strcmp(verb, "BASE") && str_hex(one, &z->base))
        ;
    else if (!strcmp(verb, "VER") || !strcmp(verb, "VERIFY") || !strcmp(verb, "REP"))
        change(z, verb[0] == 'V' ? "VER" : "REP", rest);
    else if (!strcmp(verb, "DUMP") && *one)
        dump(z, one, two, three);
    else
        bad(z, verb);
    return true;
}

static bool next_line(struct zap *z, char line[CMS_LINE_MAX + 1])
{
    int length;

    if (!z->from_file) {
        cms_printf("ENTER:");
        length = cms_read(line, CMS_LINE_MAX, 0);
    } else {
        int rc = cms_file_read(&z->input, line, CMS_LINE_MAX);
        if (rc && rc != FILE_CUT)
            return false;
        length = (int)z->input.nord;
    }
    line[length] = 0;
    return true;
}

int command_main(const struct cms_call *call)
{
    static struct zap z;
    static char line[CMS_LINE_MAX + 1];
    struct cms_fileid id;
    struct cms_fileinfo info;
    const char *found[OPTIONS];
    int rc = cms_parse_options(call, MODULE, options, OPTIONS, found);

    if (rc)
        return rc;
    if (cms_operands_end(call) < 2)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "047E NO FUNCTION SPECIFIED");
    if (!cms_token_is(call, 1, "MODULE"))
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "014E INVALID FUNCTION '%.8s'",
                         call->token[1]);
    if (cms_operands_end(call) > 2)
        return cms_bad_operand(MODULE, call->token[2]);
    if (found[INPUT] && found[TERM])
        return cms_error(RC_BAD_OPERAND,
                         "DMS" MODULE "066E 'INPUT' AND 'TERM' ARE CONFLICTING OPTIONS");
    if (found[INPUT]) {
        cms_fileid(&id, "", "ZAP", "*");
        memcpy(id.fn, found[INPUT], 8);
        if (cms_state(&id, &info))
            return cms_no_file(MODULE, &id);
        cms_file(&z.input, &info.id);
        z.from_file = true;
    }
    while (next_line(&z, line) && statement(&z, line))
        ;
    close_module(&z);
    if (z.from_file)
        cms_file_close(&z.input);
    return z.rc;
}
