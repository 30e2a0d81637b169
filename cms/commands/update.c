/* UPDATE fn [ft [fm [fn2 [ft2 [fm2]]]]] [(options]: changes a source file by an update file, or
 * with CTL by those that a control file and its AUX files name, the last line first.  The language
 * of update files is in cms/update. */
#include "cms/kit/cms.h"
#include "cms/update/update.h"

#define MODULE     "UPD"
#define LEVELS_MAX 64 /* updates of one control file */

enum {
    REP,
    NOREP,
    SEQ8,
    NOSEQ8,
    INC,
    NOINC,
    CTL,
    NOCTL,
    STK,
    NOSTK,
    TERM,
    NOTERM,
    DISK,
    PRINT,
    OPTIONS
};
static const struct cms_option options[OPTIONS] = {
    [REP] = {"REP", 3},   [NOREP] = {"NOREP", 5}, [SEQ8] = {"SEQ8", 4}, [NOSEQ8] = {"NOSEQ8", 6},
    [INC] = {"INC", 3},   [NOINC] = {"NOINC", 5}, [CTL] = {"CTL", 3},   [NOCTL] = {"NOCTL", 5},
    [STK] = {"STK", 3},   [NOSTK] = {"NOSTK", 5}, [TERM] = {"TERM", 4}, [NOTERM] = {"NOTERM", 6},
    [DISK] = {"DISK", 4}, [PRINT] = {"PRINT", 5},
};

struct updating {
    const char *found[OPTIONS];
    struct cms_fileid source, change; /* as the operands say */
    struct cms_fileid output, log, work[2];
    struct fscb in, update, out, listing;
    struct update engine;
    struct level {
        char type[8], id[9]; /* the update's file type; the level's name in the control file */
    } levels[LEVELS_MAX];    /* in the order of the files */
    int level_count;
    char id[9]; /* of the control file's line under way, then of the last update applied: STK */
    char macs[CMS_LINE_MAX + 1];
    int severity, rc;
};

/* ---- the engine's files ---- */

static bool read_card(struct updating *u, struct fscb *f, char card[UPDATE_CARD])
{
    int rc = cms_file_read(f, card, UPDATE_CARD);

    if (rc && rc != FILE_END)
        u->rc = cms_file_error(MODULE, f, rc, false);
    return rc == 0;
}

static bool source(void *context, char card[UPDATE_CARD])
{
    struct updating *u = context;

    return read_card(u, &u->in, card);
}

static bool change(void *context, char card[UPDATE_CARD])
{
    struct updating *u = context;

    return read_card(u, &u->update, card);
}

static bool write_card(void *context, const char card[UPDATE_CARD])
{
    struct updating *u = context;
    int rc = cms_file_write(&u->out, card, UPDATE_CARD, 'F');

    if (rc)
        u->rc = cms_write_error(MODULE, &u->output, rc);
    return !rc;
}

/* The log is a file of its own, or goes to the printer. */
static void log_line(void *context, const char *text)
{
    struct updating *u = context;
    char line[UPDATE_CARD];

    str_pad(line, text, sizeof(line));
    if (u->found[PRINT])
        cms_print(line, sizeof(line), 0x09);
    else
        cms_file_write(&u->listing, line, sizeof(line), 'F');
}

static void warn(void *context, int number, const char *text)
{
    struct updating *u = context;
    char line[UPDATE_CARD];

    fmt(line, sizeof(line), "DMS" MODULE "%03dW %s", number, text);
    log_line(u, line);
    if (!u->found[NOTERM])
        cms_error(0, "%s", line);
}

/* ---- one update ---- */

static int apply(struct updating *u, const struct cms_fileid *from, const struct cms_fileid *with,
                 const struct cms_fileid *to)
{
    struct update_host host = {u, source, change, write_card, log_line, warn};
    char a[24], b[24], line[UPDATE_CARD];

    fmt(line, sizeof(line), "DMS" MODULE "178I UPDATING '%s' WITH '%s'",
        cms_fileid_text(a, &u->source), cms_fileid_text(b, with));
    if (!u->found[NOTERM])
        cms_error(0, "%s", line);
    log_line(u, line);
    cms_file_erase(to);
    cms_file(&u->in, from);
    cms_file(&u->update, with);
    cms_file(&u->out, to);
    bool inc = u->found[INC] || (u->found[CTL] && !u->found[NOINC]);
    int severity = update_run(&u->engine, &host, !u->found[NOSEQ8], !inc);
    cms_file_close(&u->in);
    cms_file_close(&u->update);
    int closed = cms_file_close(&u->out);
    if (closed && !u->rc)
        u->rc = cms_write_error(MODULE, &u->output, closed);
    if (severity > u->severity && severity < UPDATE_NOT_WRITTEN)
        u->severity = severity;
    return u->rc;
}

static int must_be_cards(const struct cms_fileid *id, struct cms_fileinfo *info)
{
    char name[24];
    int rc = cms_state(id, info);

    if (rc)
        return cms_state_error(MODULE, rc, id);
    if (info->recfm != 'F' || info->lrecl != UPDATE_CARD)
        return cms_error(RC_BAD_FILE, "DMS" MODULE "007E FILE '%s' IS NOT FIXED, 80 CHAR. RECORDS",
                         cms_fileid_text(name, &info->id));
    return RC_OK;
}

/* ---- control files ---- */

/* Calls for each line that is no comment: its first two words, in upper case. */
static int each_line(struct updating *u, const struct cms_fileid *id,
                     int (*take)(struct updating *u, const char *line))
{
    struct cms_fileinfo info;
    struct fscb f;
    char line[CMS_LINE_MAX + 1];
    int rc = cms_state(id, &info);

    if (rc)
        return cms_state_error(MODULE, rc, id);
    cms_file(&f, &info.id);
    while (!rc && cms_file_read(&f, line, CMS_LINE_MAX) == 0) {
        line[info.recfm == 'F' && f.nord == UPDATE_CARD ? 72 : f.nord] = 0;
        str_upcase(line, strlen(line));
        if (line[0] != '*')
            rc = take(u, line);
    }
    cms_file_close(&f);
    return rc;
}

static int add_level(struct updating *u, const char *type)
{
    if (u->level_count == LEVELS_MAX)
        return cms_error(RC_BAD_FILE, "DMS" MODULE "180E MORE THAN %d UPDATES", LEVELS_MAX);
    struct level *l = &u->levels[u->level_count++];
    str_pad(l->type, type, 8);
    str_copy(l->id, u->id, sizeof(l->id));
    return RC_OK;
}

/* AUX files: the update's file type, then what the programmer likes. */
static int aux_line(struct updating *u, const char *line)
{
    char type[9];

    return str_word(&line, type, sizeof(type)) ? add_level(u, type) : RC_OK;
}

/* Control files: "TEXT MACS library ...", "level AUXtype", "level type". A source need not have
 * them all. */
static int control_line(struct updating *u, const char *line)
{
    struct cms_fileid id;
    struct cms_fileinfo info;
    char type[9];
    const char *at = line;

    if (!str_word(&at, u->id, sizeof(u->id)) || !str_word(&at, type, sizeof(type)))
        return RC_OK;
    if (!strcmp(type, "MACS")) {
        str_copy(u->macs, at, sizeof(u->macs));
        return RC_OK;
    }
    cms_fileid(&id, "", type, "*");
    memcpy(id.fn, u->source.fn, 8);
    if (cms_state(&id, &info))
        return RC_OK;
    return strncmp(type, "AUX", 3) ? add_level(u, type) : each_line(u, &id, aux_line);
}

/* From the last to the first, each on what the one before has made. */
static int apply_levels(struct updating *u)
{
    struct cms_fileid with = u->source, from = u->source;
    struct cms_fileinfo info;
    int rc = RC_OK, work = 0;

    u->id[0] = 0;
    memcpy(with.fm, "* ", 2);
    for (int i = u->level_count; i-- > 0 && !rc; work = !work) {
        memcpy(with.ft, u->levels[i].type, 8);
        rc = must_be_cards(&with, &info);
        if (!rc)
            rc = apply(u, &from, &info.id, &u->work[work]);
        from = u->work[work];
        str_copy(u->id, u->levels[i].id, sizeof(u->id));
    }
    /* finish() takes the first. */
    if (!work) {
        struct cms_fileid other = u->work[0];
        u->work[0] = u->work[1];
        u->work[1] = other;
    }
    return rc;
}

/* ---- the command ---- */

static int run(struct updating *u)
{
    struct cms_fileinfo info;
    int rc = must_be_cards(&u->source, &info);

    if (rc)
        return rc;
    u->source = info.id;
    if (!u->found[CTL]) {
        rc = must_be_cards(&u->change, &info);
        return rc ? rc : apply(u, &u->source, &info.id, &u->work[0]);
    }
    rc = each_line(u, &u->change, control_line);
    if (!rc && !u->level_count)
        return cms_error(RC_FAILED, "DMS" MODULE "181E NO UPDATE FILES WERE FOUND");
    return rc ? rc : apply_levels(u);
}

/* $fn, or with REP the source itself. */
static void name_output(struct updating *u)
{
    u->output = u->source;
    memcpy(u->output.fm, "A1", 2);
    if (!u->found[REP]) {
        u->output.fn[0] = '$';
        memcpy(u->output.fn + 1, u->source.fn, 7);
    }
}

static int finish(struct updating *u, int rc)
{
    struct cms_fileid *made = &u->work[0];

    if (!u->found[PRINT])
        cms_file_close(&u->listing);
    /* A source that was changed with warnings is not replaced. */
    if (u->severity && u->found[REP]) {
        u->found[REP] = NULL;
        name_output(u);
        u->found[REP] = options[REP].name;
    }
    if (!rc && (rc = cms_replace_file(made, &u->output)) != 0)
        rc = cms_write_error(MODULE, &u->output, rc);
    cms_file_erase(&u->work[0]);
    cms_file_erase(&u->work[1]);
    if (rc)
        return rc;
    if (u->found[STK]) {
        char line[CMS_LINE_MAX];
        cms_stack(line, fmt(line, sizeof(line), "* %s", u->id), STACK_FIFO);
        cms_stack(line, fmt(line, sizeof(line), "* %s", u->macs), STACK_FIFO);
    }
    if (u->severity && !u->found[NOTERM])
        cms_error(0, "DMS" MODULE "177I WARNING MESSAGES ISSUED (SEVERITY=%d).%s", u->severity,
                  u->found[REP] ? " 'REP' OPTION IGNORED" : "");
    return u->severity;
}

/* fn [ft [fm [fn2 [ft2 [fm2]]]]] */
static void operands(struct updating *u, const struct cms_call *call, int end)
{
    cms_fileid(&u->source, "", "ASSEMBLE", "A");
    memcpy(u->source.fn, call->token[1], 8);
    if (end > 2)
        memcpy(u->source.ft, call->token[2], 8);
    if (end > 3)
        memcpy(u->source.fm, call->token[3], 2);
    cms_fileid(&u->change, "", u->found[CTL] ? "CNTRL" : "UPDATE", "*");
    memcpy(u->change.fn, call->token[end > 4 ? 4 : 1], 8);
    if (end > 5)
        memcpy(u->change.ft, call->token[5], 8);
    if (end > 6)
        memcpy(u->change.fm, call->token[6], 2);
}

int command_main(const struct cms_call *call)
{
    static struct updating u;
    int end = cms_operands_end(call);
    int rc = cms_parse_options(call, MODULE, options, OPTIONS, u.found);

    if (rc)
        return rc;
    for (int i = REP; i < OPTIONS; i += 2)
        if (u.found[i] && u.found[i + 1])
            return cms_error(RC_BAD_OPERAND,
                             "DMS" MODULE "066E '%s' AND '%s' ARE CONFLICTING OPTIONS",
                             options[i].name, options[i + 1].name);
    if (u.found[STK] && !u.found[CTL])
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "187E OPTION 'STK' INVALID WITHOUT 'CTL'");
    if (end < 2)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "001E NO FILENAME SPECIFIED");
    if (end > 7)
        return cms_bad_operand(MODULE, call->token[7]);
    operands(&u, call, end);
    name_output(&u);
    rc = cms_can_create(MODULE, &u.output);
    if (rc)
        return rc;
    cms_fileid(&u.work[0], "UPDATE", "CMSUT1", "A1");
    cms_fileid(&u.work[1], "UPDATE", "CMSUT2", "A1");
    u.log = u.source;
    memcpy(u.log.ft, "UPDLOG  ", 8);
    memcpy(u.log.fm, "A1", 2);
    if (!u.found[PRINT]) {
        cms_file_erase(&u.log);
        cms_file(&u.listing, &u.log);
    }
    return finish(&u, run(&u));
}
