/* FILEDEF [ddname device [operands] [(options]]: what the name of a data set in a program stands
 * for. VM/370 CMS Command and Macro Reference (GC20-1818), FILEDEF. */
#include "cms/kit/cms.h"
#include "cms/os/layout.h"

#define MODULE      "FLD"
#define BLKSIZE_MAX 32760

enum {
    BLKSIZE,
    BLOCK,
    CHANGE,
    DEN,
    DISP,
    LOWCASE,
    LRECL,
    MEMBER,
    NOCHANGE,
    PERM,
    RECFM,
    UPCASE,
    OPTIONS
};
static const struct cms_option options[OPTIONS] = {
    [BLKSIZE] = {"BLKSIZE", 7, 1}, [BLOCK] = {"BLOCK", 5, 1},   [CHANGE] = {"CHANGE", 6},
    [DEN] = {"DEN", 3, 1},         [DISP] = {"DISP", 4, 1},     [LOWCASE] = {"LOWCASE", 3},
    [LRECL] = {"LRECL", 5, 1},     [MEMBER] = {"MEMBER", 6, 1}, [NOCHANGE] = {"NOCHANGE", 5},
    [PERM] = {"PERM", 4},          [RECFM] = {"RECFM", 5, 1},   [UPCASE] = {"UPCASE", 2},
};

static const struct {
    const char *name;
    uint8_t least, device;
} devices[] = {
    {"DISK", 2, FILEDEF_DISK},   {"TERMINAL", 1, FILEDEF_TERMINAL}, {"READER", 1, FILEDEF_READER},
    {"PUNCH", 2, FILEDEF_PUNCH}, {"PRINTER", 2, FILEDEF_PRINTER},   {"DUMMY", 2, FILEDEF_DUMMY},
};

static int service(unsigned function, struct cms_filedef *def)
{
    uint32_t p[5] = {function, (uint32_t)def};

    return cms_service(SERVICE_FILEDEF, p);
}

static int bad_option(const char *token, int option)
{
    char word[9];

    str_unpad(word, token, 8);
    return cms_error(RC_BAD_OPERAND,
                     "DMS" MODULE "029E INVALID PARAMETER '%s' IN THE OPTION '%s' FIELD", word,
                     options[option].name);
}

static int bad_word(const char *what, const char *token)
{
    char word[9];

    str_unpad(word, token, 8);
    return cms_error(RC_BAD_OPERAND, "DMS" MODULE "%s '%s'", what, word);
}

/* FORTRAN's unit numbers stand for FTnnF001. */
static void set_ddname(struct cms_filedef *def, const char token[8])
{
    uint32_t unit;

    memcpy(def->ddname, token, 8);
    if (cms_number(token, &unit) && unit < 100) {
        char name[12];
        fmt(name, sizeof(name), "FT%02uF001", unit);
        memcpy(def->ddname, name, 8);
    }
}

static bool set_device(struct cms_filedef *def, const char token[8])
{
    char word[9];

    str_unpad(word, token, 8);
    for (unsigned i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
        if (str_abbrev(word, devices[i].name, devices[i].least)) {
            def->device = devices[i].device;
            return true;
        }
    def->device = FILEDEF_TAPE;
    return !strncmp(word, "TAP", 3) && cms_tape_unit(token, &def->tape);
}

/* DISK's fn ft [fm]; without them FILE ddname A1. */
static int set_file(struct cms_filedef *def, const struct cms_call *call, int end)
{
    cms_fileid(&def->id, "FILE", "", "A1");
    memcpy(def->id.ft, def->ddname, 8);
    if (end <= 3)
        return RC_OK;
    if (end == 4)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "023E NO FILETYPE SPECIFIED");
    if (end > 6)
        return cms_bad_operand(MODULE, call->token[6]);
    memcpy(def->id.fn, call->token[3], 8);
    memcpy(def->id.ft, call->token[4], 8);
    if (end == 5)
        return RC_OK;
    const char *mode = call->token[5];
    bool good = (str_is_alpha(mode[0]) || mode[0] == '*') &&
                (mode[1] == ' ' || (mode[1] >= '0' && mode[1] <= '6')) && mode[2] == ' ';
    if (!good)
        return bad_word("048E INVALID MODE", mode);
    memcpy(def->id.fm, mode, 2);
    return RC_OK;
}

/* F, V or U, then letters in any order. */
static bool set_recfm(struct cms_filedef *def, const char token[8])
{
    static const struct {
        char letter;
        uint8_t bit;
    } kinds[] = {{'F', RECFM_FIXED}, {'V', RECFM_VARIABLE}, {'U', RECFM_UNDEFINED}},
      more[] = {{'B', RECFM_BLOCKED}, {'S', RECFM_SPANNED}, {'A', RECFM_ASA}, {'M', RECFM_MACHINE}};

    def->recfm = 0;
    for (unsigned i = 0; i < 3; i++)
        if (token[0] == kinds[i].letter)
            def->recfm = kinds[i].bit;
    for (int at = 1; at < 8 && token[at] != ' '; at++) {
        uint8_t bit = 0;
        for (unsigned i = 0; i < sizeof(more) / sizeof(more[0]); i++)
            if (token[at] == more[i].letter)
                bit = more[i].bit;
        if (!bit || def->recfm & bit)
            return false;
        def->recfm |= bit;
    }
    bool both = (def->recfm & (RECFM_ASA | RECFM_MACHINE)) == (RECFM_ASA | RECFM_MACHINE);
    bool spanned = def->recfm & RECFM_SPANNED && (def->recfm & RECFM_KIND) != RECFM_FIXED;
    return def->recfm & RECFM_KIND && !both && !spanned;
}

static bool set_number(uint16_t *to, const char *token)
{
    uint32_t value;

    if (!cms_number(token, &value) || !value || value > BLKSIZE_MAX)
        return false;
    *to = (uint16_t)value;
    return true;
}

static int only_for(const char *option, bool right)
{
    return right ? RC_OK
                 : cms_error(RC_BAD_OPERAND,
                             "DMS" MODULE "003E INVALID OPTION '%s' FOR THIS DEVICE", option);
}

static int set_options(struct cms_filedef *def, const char *const found[OPTIONS])
{
    const char *blksize = found[BLKSIZE] ? found[BLKSIZE] : found[BLOCK];
    int rc = RC_OK;

    if (found[RECFM] && !set_recfm(def, found[RECFM]))
        return bad_option(found[RECFM], RECFM);
    if (found[LRECL] && !set_number(&def->lrecl, found[LRECL]))
        return bad_option(found[LRECL], LRECL);
    if (blksize && !set_number(&def->blksize, blksize))
        return bad_option(blksize, BLKSIZE);
    if (found[DEN] && !cms_tape_mode(found[DEN], &def->mode_set))
        return bad_option(found[DEN], DEN);
    if (found[DISP] && !str_field_equal(found[DISP], "MOD", 8))
        return bad_option(found[DISP], DISP);
    if (found[DEN])
        rc = only_for("DEN", def->device == FILEDEF_TAPE);
    if (!rc && (found[MEMBER] || found[DISP]))
        rc = only_for(found[MEMBER] ? "MEMBER" : "DISP", def->device == FILEDEF_DISK);
    if (!rc && (found[LOWCASE] || found[UPCASE]))
        rc = only_for(found[LOWCASE] ? "LOWCASE" : "UPCASE", def->device == FILEDEF_TERMINAL);
    if (found[MEMBER])
        memcpy(def->member, found[MEMBER], 8);
    if (found[DISP])
        def->flags |= FILEDEF_MOD;
    if (found[LOWCASE])
        def->flags |= FILEDEF_LOWER_CASE;
    if (found[UPCASE])
        def->flags &= (uint8_t)~FILEDEF_LOWER_CASE;
    if (found[PERM])
        def->flags |= FILEDEF_PERMANENT;
    return rc;
}

/* The old definition's options hold on if the device is the same. */
static void merge(struct cms_filedef *def)
{
    struct cms_filedef old;

    if (cms_filedef(def->ddname, &old) || old.device != def->device)
        return;
    def->flags = old.flags;
    def->recfm = old.recfm;
    def->lrecl = old.lrecl;
    def->blksize = old.blksize;
    def->mode_set = old.mode_set;
    memcpy(def->member, old.member, 8);
}

static int clear_all(void)
{
    struct cms_filedef def;
    uint32_t p[5] = {FILEDEF_NUMBER, (uint32_t)&def, 0};

    while (!cms_service(SERVICE_FILEDEF, p))
        if (def.flags & FILEDEF_PERMANENT)
            p[2]++;
        else
            service(FILEDEF_CLEAR, &def);
    return RC_OK;
}

static int clear(struct cms_filedef *def)
{
    if (def->ddname[0] == '*')
        return clear_all();
    if (service(FILEDEF_CLEAR, def))
        return cms_error(RC_NOT_FOUND, "DMS" MODULE "704I INVALID CLEAR REQUEST");
    return RC_OK;
}

static int define(struct cms_filedef *def, const struct cms_call *call, int end,
                  const char *const found[OPTIONS])
{
    struct cms_filedef old;

    if (!set_device(def, call->token[2]))
        return bad_word("027E INVALID DEVICE", call->token[2]);
    if (found[NOCHANGE] && !cms_filedef(def->ddname, &old))
        return RC_OK;
    if (def->device != FILEDEF_DISK && end > 3)
        return cms_bad_operand(MODULE, call->token[3]);
    merge(def);
    int rc = def->device == FILEDEF_DISK ? set_file(def, call, end) : RC_OK;
    if (!rc)
        rc = set_options(def, found);
    if (!rc && service(FILEDEF_SET, def))
        rc = cms_error(RC_NO_STORAGE, "DMS" MODULE "109S VIRTUAL STORAGE CAPACITY EXCEEDED");
    return rc;
}

int command_main(const struct cms_call *call)
{
    struct cms_filedef def;
    const char *found[OPTIONS];
    int end = cms_operands_end(call);
    int rc = cms_parse_options(call, MODULE, options, OPTIONS, found);

    if (rc)
        return rc;
    if (end == 1) {
        cms_type_filedefs(MODULE);
        return RC_OK;
    }
    if (end == 2)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "050E PARAMETER MISSING AFTER DDNAME");
    memset(&def, 0, sizeof(def));
    memset(def.member, ' ', 8);
    set_ddname(&def, call->token[1]);
    if (cms_token_is(call, 2, "CLEAR"))
        return clear(&def);
    if (def.ddname[0] == '*')
        return cms_bad_operand(MODULE, call->token[1]);
    return define(&def, call, end, found);
}
