/* The commands TAPE and VMFPLC2: operands, motions, messages.  VM/370 CMS Command and Macro
 * Reference (GC20-1818), TAPE. */
#include "cms/tape/command/tape.h"

enum {
    DISK,
    DEN,
    END_OF_FILES,
    EOT,
    NOPRINT,
    NOWTM,
    PRINT,
    TERM,
    WTM,
    TAP1,
    TAP2,
    TAP3,
    TAP4,
    OPTIONS
};
static const struct cms_option options[OPTIONS] = {
    [DISK] = {"DISK", 2},   [DEN] = {"DEN", 3, 1},      [END_OF_FILES] = {"EOF", 3, 1},
    [EOT] = {"EOT", 3},     [NOPRINT] = {"NOPRINT", 3}, [NOWTM] = {"NOWTM", 5},
    [PRINT] = {"PRINT", 2}, [TERM] = {"TERM", 2},       [WTM] = {"WTM", 3},
    [TAP1] = {"TAP1", 4},   [TAP2] = {"TAP2", 4},       [TAP3] = {"TAP3", 4},
    [TAP4] = {"TAP4", 4},
};

enum { PRINT_SPACE = 0x09, MAP_RECORD = 80 };

void tape_say(struct tape *t, const char *format, ...)
{
    char line[MAP_RECORD + 1];
    va_list args;

    if (t->silent)
        return;
    va_start(args, format);
    size_t length = vfmt(line, sizeof(line), format, args);
    va_end(args);
    if (t->print)
        cms_print(line, length, PRINT_SPACE);
    if (!t->file && !t->print)
        cms_write(line, length);
    if (!t->file)
        return;
    memset(line + length, ' ', MAP_RECORD - length);
    if (cms_file_write(&t->map, line, MAP_RECORD, 'F'))
        t->file = false; /* no list is no reason not to go on */
}

int tape_error(const struct tape *t, int rc, bool writing)
{
    const char *module = t->form->module;
    unsigned number = t->unit & 0xf, unit = t->unit;

    switch (rc) {
    case TAPE_MARK:
    case TAPE_END:
        return cms_error(40, "DMS%s058E END-OF-FILE OR END-OF-TAPE", module);
    case TAPE_FILE_PROTECTED:
        return cms_error(RC_NO_DISK, "DMS%s043E 'TAP%X(%03X)' IS FILE PROTECTED", module, number,
                         unit);
    case TAPE_NOT_THERE:
        return cms_error(RC_IO_ERROR, "DMS%s113S TAP%X(%03X) NOT ATTACHED", module, number, unit);
    case TAPE_NOT_READY:
        return cms_error(RC_IO_ERROR, "DMS%s112S TAP%X(%03X) NOT READY: NO TAPE IS MOUNTED", module,
                         number, unit);
    default:
        return cms_error(RC_IO_ERROR, "DMS%s%s TAP%X(%03X)", module,
                         writing ? "111S ERROR WRITING" : "110S ERROR READING", number, unit);
    }
}

int tape_control(const struct tape *t, uint8_t command)
{
    int rc = cms_tape_control(t->unit, command);

    return rc ? tape_error(t, rc, command == TAPE_WRITE_MARK || command == TAPE_ERASE_GAP) : RC_OK;
}

/* ---- motions ---- */

static const struct {
    const char *name;
    uint8_t command;
    bool counted;
} motions[] = {
    {"BSF", TAPE_BACKSPACE_FILE, true}, {"BSR", TAPE_BACKSPACE_BLOCK, true},
    {"ERG", TAPE_ERASE_GAP, false},     {"FSF", TAPE_FORWARD_FILE, true},
    {"FSR", TAPE_FORWARD_BLOCK, true},  {"REW", TAPE_REWIND, false},
    {"RUN", TAPE_UNLOAD, false},        {"WTM", TAPE_WRITE_MARK, true},
};

static int move(const struct tape *t, const struct cms_call *call, unsigned motion)
{
    int end = cms_operands_end(call), rc = RC_OK;
    uint32_t count = 1;

    if (end > 3 || (end > 2 && !motions[motion].counted))
        return cms_bad_operand(t->form->module, call->token[end - 1]);
    if (end > 2 && (!cms_number(call->token[2], &count) || !count))
        return cms_bad_operand(t->form->module, call->token[2]);
    while (count-- && !rc)
        rc = tape_control(t, motions[motion].command);
    return rc;
}

static int bad_option(const struct tape *t, const char *token, const char *option)
{
    char word[9];

    str_unpad(word, token, 8);
    return cms_error(RC_BAD_OPERAND, "DMS%s029E INVALID PARAMETER '%s' IN THE OPTION '%s' FIELD",
                     t->form->module, word, option);
}

/* MODESET (DEN n: the density of what is written from the beginning of the tape on. */
static int mode_set(const struct tape *t, const char *density)
{
    uint8_t command;

    if (!density)
        return cms_error(RC_BAD_OPERAND, "DMS%s029E DENSITY IS MISSING: MODESET (DEN N",
                         t->form->module);
    return cms_tape_mode(density, &command) ? tape_control(t, command)
                                            : bad_option(t, density, "DEN");
}

/* ---- the command ---- */

static int choose(struct tape *t, const char *const found[OPTIONS])
{
    t->unit = 0x181;
    for (unsigned i = 0; i < 4; i++)
        if (found[TAP1 + i])
            t->unit = (uint16_t)(0x181 + i);
    t->marks = 1;
    if (found[END_OF_FILES] && (!cms_number(found[END_OF_FILES], &t->marks) || !t->marks))
        return bad_option(t, found[END_OF_FILES], "EOF");
    t->end_of_tape = found[EOT] != NULL;
    t->write_mark = found[WTM] != NULL && !found[NOWTM];
    t->silent = found[NOPRINT] != NULL;
    t->print = found[PRINT] != NULL;
    t->file = found[DISK] != NULL;
    if (t->file) {
        struct cms_fileid id;
        cms_fileid(&id, "TAPE", "MAP", "A5");
        int rc = cms_can_write(t->form->module, 'A');
        if (rc)
            return rc;
        cms_file_erase(&id);
        cms_file(&t->map, &id);
    }
    return RC_OK;
}

static int dump(struct tape *t, const struct cms_call *call)
{
    struct cms_fileid id;

    if (!cms_fileid_of(&id, call, 2, "A "))
        return cms_error(RC_BAD_OPERAND, "DMS%s042E NO FILEID SPECIFIED", t->form->module);
    if (cms_operands_end(call) > 5)
        return cms_bad_operand(t->form->module, call->token[5]);
    return tape_dump(t, &id);
}

static int read_files(struct tape *t, enum tape_action action, const struct cms_call *call)
{
    struct cms_fileid id;
    int end = cms_operands_end(call), most = action == TAPE_LOAD ? 5 : 4;

    cms_fileid(&id, "*", "*", "A");
    if (end == 3)
        return cms_error(RC_BAD_OPERAND, "DMS%s023E NO FILETYPE SPECIFIED", t->form->module);
    if (end > most)
        return cms_bad_operand(t->form->module, call->token[most]);
    if (end > 3)
        cms_fileid_of(&id, call, 2, "A ");
    return tape_read_files(t, action, &id);
}

int tape_command(const struct cms_call *call, const struct tape_form *form)
{
    enum { ACTIONS = TAPE_SKIP + 1 };
    static const char *const actions[ACTIONS] = {
        [TAPE_LOAD] = "LOAD", [TAPE_SCAN] = "SCAN", [TAPE_SKIP] = "SKIP"};
    static struct tape t;
    const char *found[OPTIONS];
    char word[9];
    int rc = cms_parse_options(call, form->module, options, OPTIONS, found);

    t.form = form;
    if (!rc && cms_operands_end(call) < 2)
        rc = cms_error(RC_BAD_OPERAND, "DMS%s047E NO FUNCTION SPECIFIED", form->module);
    if (!rc)
        rc = choose(&t, found);
    if (rc)
        return rc;
    str_unpad(word, call->token[1], 8);
    for (unsigned i = 0; i < sizeof(motions) / sizeof(motions[0]); i++)
        if (!strcmp(word, motions[i].name))
            return move(&t, call, i);
    if (!strcmp(word, "MODESET"))
        return mode_set(&t, found[DEN]);
    unsigned i = 0;
    while (i < ACTIONS && strcmp(word, actions[i]))
        i++;
    if (i < ACTIONS)
        rc = read_files(&t, (enum tape_action)i, call);
    else if (!strcmp(word, "DUMP"))
        rc = dump(&t, call);
    else
        rc = cms_error(RC_BAD_OPERAND, "DMS%s014E INVALID FUNCTION '%s'", form->module, word);
    if (t.file)
        cms_file_close(&t.map);
    return rc;
}
