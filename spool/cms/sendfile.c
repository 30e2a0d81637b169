/* SENDFILE fn ft [fm] [TO] name [AT node] [(options]: a file to a user here, or by RSCS to one of
 * another system.  NETDATA, or with OLD the form of DISK DUMP.  The name may be a nickname (TELL
 * has the same rules).  Source: VM/SP CMS Command and Macro Reference, "SENDFILE". */
#include "cms/names/command/lookup.h"
#include "spool/cms/netlog.h"
#include "spool/nje/netdata.h"

#define MODULE "SEN"

enum { ACK, NOACK, LOG, NOLOG, NEW, OLD, TYPE, NOTYPE, OPTIONS };
static const struct cms_option options[OPTIONS] = {
    [ACK] = {"ACK", 1}, [NOACK] = {"NOACK", 3}, [LOG] = {"LOG", 1},   [NOLOG] = {"NOLOG", 3},
    [NEW] = {"NEW", 3}, [OLD] = {"OLD", 3},     [TYPE] = {"TYPE", 2}, [NOTYPE] = {"NOTYPE", 3},
};

struct sending {
    const char *found[OPTIONS];
    struct cms_fileinfo info;
    struct cms_identity me;
};

static bool punch(void *context, const uint8_t *card)
{
    return cms_card_punch((const char *)card, NETDATA_CARD) == 0;
}

static void unpacked(char *to, size_t size, const struct cms_fileinfo *info)
{
    const uint8_t *d = info->date;

    fmt(to, size, "%s%02X%02X%02X%02X%02X%02X", info->century ? "20" : "19", d[0], d[1], d[2], d[3],
        d[4], d[5]);
}

static void describe(struct netdata_file *f, const struct sending *s, const char *userid,
                     const char *node)
{
    memset(f, 0, sizeof(*f));
    str_copy(f->from_node, s->me.node, sizeof(f->from_node));
    str_copy(f->from_user, s->me.userid, sizeof(f->from_user));
    str_copy(f->to_node, node, sizeof(f->to_node));
    str_copy(f->to_user, userid, sizeof(f->to_user));
    netlog_now(f->sent, sizeof(f->sent));
    f->acknowledge = s->found[ACK] != NULL;
    str_unpad(f->name, s->info.id.fn, 8);
    str_unpad(f->type, s->info.id.ft, 8);
    str_unpad(f->mode, s->info.id.fm, 2);
    f->recfm = s->info.recfm;
    f->lrecl = s->info.lrecl;
    f->records = s->info.records;
    unpacked(f->changed, sizeof(f->changed), &s->info);
}

static int send_netdata(const struct sending *s, const struct netdata_file *what)
{
    struct netdata_writer w = {.card = punch};
    struct fscb f;
    size_t size = s->info.lrecl ? s->info.lrecl : 1;
    char *record = cms_alloc(size);
    int got = 0;

    if (!record)
        return cms_error(RC_NO_STORAGE, "DMS" MODULE "109S VIRTUAL STORAGE CAPACITY EXCEEDED");
    cms_file(&f, &s->info.id);
    bool good = netdata_begin(&w, what);
    while (good && (got = cms_file_read(&f, record, size)) == 0)
        good = netdata_record(&w, record, f.nord);
    cms_file_close(&f);
    cms_free(record, size);
    if (got && got != FILE_END)
        return cms_file_error(MODULE, &f, got, false);
    return good && netdata_end(&w)
               ? RC_OK
               : cms_error(RC_IO_ERROR, "DMS" MODULE "118S ERROR PUNCHING FILE '%.8s %.8s %.2s'",
                           s->info.id.fn, s->info.id.ft, s->info.id.fm);
}

static int send_deck(const struct sending *s)
{
    char line[48];
    size_t n = fmt(line, sizeof(line), "DISK DUMP %.8s %.8s %.2s", s->info.id.fn, s->info.id.ft,
                   s->info.id.fm);

    return cms_command(line, n, 0);
}

static int send(void *context, const char *userid, const char *node)
{
    const struct sending *s = context;
    struct netdata_file what;
    char name[24], line[CMS_LINE_MAX];

    describe(&what, s, userid, node);
    int rc = netlog_address(MODULE, &s->me, userid, node);
    if (rc)
        return rc;
    rc = s->found[OLD] ? send_deck(s) : send_netdata(s, &what);
    netlog_close(&s->info.id, rc == RC_OK);
    if (rc)
        return rc;
    fmt(line, sizeof(line), "FILE %s SENT TO %s AT %s", cms_fileid_text(name, &s->info.id), userid,
        node);
    netlog_say(line, !s->found[NOTYPE], !s->found[NOLOG]);
    return RC_OK;
}

int command_main(const struct cms_call *call)
{
    static struct sending s;
    struct cms_fileid id;
    char name[9], node[9] = "";
    int end = cms_operands_end(call), at = 3;
    int rc = cms_parse_options(call, MODULE, options, OPTIONS, s.found);

    if (rc)
        return rc;
    if ((s.found[OLD] && (s.found[NEW] || s.found[ACK])) || (s.found[ACK] && s.found[NOACK]))
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "066E '%s' AND '%s' ARE CONFLICTING OPTIONS",
                         s.found[OLD] ? "OLD" : "ACK",
                         s.found[NEW]   ? "NEW"
                         : s.found[OLD] ? "ACK"
                                        : "NOACK");
    if (end < 3)
        return cms_incomplete(MODULE);
    cms_fileid_of(&id, call, 1, "*");
    str_pad(id.fm, "*", 2);
    /* A mode is one letter, perhaps with a number; a name behind TO may be that, too. */
    if (at < end && !cms_token_is(call, at, "TO") &&
        (call->token[at][1] == ' ' ||
         (str_is_digit(call->token[at][1]) && call->token[at][2] == ' ')))
        memcpy(id.fm, call->token[at++], 2);
    if (cms_token_is(call, at, "TO"))
        at++;
    if (at >= end)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "647E NO USERID SPECIFIED");
    str_unpad(name, call->token[at++], 8);
    if (at < end && cms_token_is(call, at, "AT") && at + 1 < end) {
        str_unpad(node, call->token[at + 1], 8);
        at += 2;
    }
    if (at < end)
        return cms_bad_operand(MODULE, call->token[at]);
    rc = cms_state(&id, &s.info);
    if (rc)
        return cms_state_error(MODULE, rc, &id);
    cms_identify(&s.me);
    struct names_visitor v = {&s, send};
    return names_resolve(name, node[0] ? node : NULL, &v);
}
