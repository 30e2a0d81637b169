/* RECEIVE [spoolid] [fn ft [fm]] [(options]: takes in a file that was sent: NETDATA (SENDFILE,
 * TSO's TRANSMIT), or the cards of DISK DUMP or PUNCH.  A file that cannot be taken in stays in the
 * reader. Source: VM/SP CMS Command and Macro Reference, "RECEIVE". */
#include "spool/cms/netlog.h"
#include "spool/nje/netdata.h"

#define MODULE "RCV"

enum { REPLACE, NOREPLACE, OLDDATE, NEWDATE, LOG, NOLOG, TYPE, NOTYPE, OPTIONS };
static const struct cms_option options[OPTIONS] = {
    [REPLACE] = {"REPLACE", 3}, [NOREPLACE] = {"NOREPLACE", 4},
    [OLDDATE] = {"OLDDATE", 4}, [NEWDATE] = {"NEWDATE", 4},
    [LOG] = {"LOG", 1},         [NOLOG] = {"NOLOG", 3},
    [TYPE] = {"TYPE", 2},       [NOTYPE] = {"NOTYPE", 3},
};

struct receiving {
    const char *found[OPTIONS];
    struct cms_fileid asked; /* blank parts: as it was sent */
    struct netdata_reader in;
    struct fscb out;
    struct cms_fileid work, target;
    bool open;
    char card[NETDATA_CARD];
};

/* ---- the file that is made ---- */

static void choose_target(struct receiving *r)
{
    const struct netdata_file *f = &r->in.file;
    bool number = str_is_digit(f->mode[0] ? f->mode[1] : 0);

    r->target = r->asked;
    if (r->target.fn[0] == ' ' || r->target.fn[0] == '=')
        str_pad(r->target.fn, f->name, 8);
    if (r->target.ft[0] == ' ' || r->target.ft[0] == '=')
        str_pad(r->target.ft, f->type, 8);
    if (r->target.fm[0] == ' ' || r->target.fm[0] == '=')
        r->target.fm[0] = 'A';
    if (r->target.fm[1] == ' ')
        r->target.fm[1] = number ? f->mode[1] : '1';
}

static int begin(struct receiving *r)
{
    struct cms_fileinfo old;

    choose_target(r);
    int rc = cms_can_create(MODULE, &r->target);
    if (rc)
        return rc;
    if (!r->found[REPLACE] && cms_state(&r->target, &old) == RC_OK &&
        old.id.fm[0] == r->target.fm[0])
        return cms_file_exists(MODULE, &r->target);
    cms_fileid(&r->work, "RECEIVE", "CMSUT1", "A1");
    memcpy(r->work.fm, r->target.fm, 2);
    cms_file_erase(&r->work);
    cms_file(&r->out, &r->work);
    r->open = true;
    return RC_OK;
}

/* F records of the length that was announced; V ones have a byte at least. */
static int record(struct receiving *r)
{
    size_t n = r->in.length, lrecl = r->in.file.lrecl;

    if (r->in.file.recfm == 'F' && n < lrecl && lrecl <= r->in.size) {
        memset(r->in.record + n, ' ', lrecl - n);
        n = lrecl;
    }
    if (!n)
        r->in.record[n++] = ' ';
    int rc = cms_file_write(&r->out, r->in.record, n, r->in.file.recfm);
    return rc ? cms_write_error(MODULE, &r->target, rc) : RC_OK;
}

static uint8_t two_digits(const char *at)
{
    return (uint8_t)((at[0] - '0') << 4 | (at[1] - '0'));
}

static void keep_date(const struct receiving *r)
{
    const char *changed = r->in.file.changed;
    struct cms_fileinfo like = {.century = changed[0] == '2'};

    if (strlen(changed) < 14 || r->found[NEWDATE])
        return;
    for (int i = 0; i < 14; i++)
        if (!str_is_digit(changed[i]))
            return;
    for (int i = 0; i < 6; i++)
        like.date[i] = two_digits(changed + 2 + 2 * i);
    cms_file_redate(&r->work, &like);
}

static int complete(struct receiving *r)
{
    r->open = false;
    int rc = cms_file_close(&r->out);
    if (!rc) {
        keep_date(r);
        rc = cms_replace_file(&r->work, &r->target);
    }
    return rc ? cms_write_error(MODULE, &r->target, rc) : RC_OK;
}

/* ---- acknowledgements ---- */

static bool punch(void *context, const uint8_t *card)
{
    return cms_card_punch((const char *)card, NETDATA_CARD) == 0;
}

static void acknowledge(const struct receiving *r)
{
    struct netdata_writer w = {.card = punch};
    struct cms_identity me;
    struct netdata_file f = r->in.file;

    cms_identify(&me);
    str_copy(f.to_user, f.from_user, sizeof(f.to_user));
    str_copy(f.to_node, f.from_node, sizeof(f.to_node));
    str_copy(f.from_user, me.userid, sizeof(f.from_user));
    str_copy(f.from_node, me.node, sizeof(f.from_node));
    netlog_now(f.sent, sizeof(f.sent));
    if (netlog_address(MODULE, &me, f.to_user, f.to_node))
        return;
    bool good = netdata_acknowledge(&w, &f);
    netlog_close(&r->target, good);
}

static void say(const struct receiving *r)
{
    const struct netdata_file *f = &r->in.file;
    char name[24], line[CMS_LINE_MAX];

    if (f->is_acknowledgement)
        fmt(line, sizeof(line), "FILE %s %s %s RECEIVED BY %s AT %s", f->name, f->type, f->mode,
            f->from_user, f->from_node);
    else
        fmt(line, sizeof(line), "FILE %s CREATED FROM %s %s %s RECEIVED FROM %s AT %s",
            cms_fileid_text(name, &r->target), f->name, f->type, f->mode, f->from_user,
            f->from_node);
    netlog_say(line, !r->found[NOTYPE], !r->found[NOLOG]);
}

/* ---- the reader ---- */

static int next_card(struct receiving *r)
{
    size_t n;

    memset(r->card, ' ', sizeof(r->card));
    return cms_card_read(r->card, sizeof(r->card), &n);
}

static int feed(struct receiving *r)
{
    if (next_card(r))
        return cms_error(RC_BAD_FILE, "DMS" MODULE "077E CARDS ARE MISSING FROM THE FILE");
    netdata_card(&r->in, r->card, sizeof(r->card));
    return RC_OK;
}

static int take(struct receiving *r)
{
    int rc = RC_OK;

    netdata_card(&r->in, r->card, sizeof(r->card));
    while (!rc)
        switch (netdata_next(&r->in)) {
        case NETDATA_MORE:
            rc = feed(r);
            break;
        case NETDATA_START:
            rc = r->in.file.is_acknowledgement ? RC_OK : begin(r);
            break;
        case NETDATA_DATA:
            rc = record(r);
            break;
        case NETDATA_END:
            return r->open ? complete(r) : RC_OK;
        default:
            rc = cms_error(RC_BAD_FILE, "DMS" MODULE "156E THE FILE IS NO NETDATA: %s", r->in.why);
        }
    return rc;
}

static void close_reader(bool keep)
{
    static const char hold[] = "CLOSE 00C HOLD", end[] = "CLOSE 00C";

    cms_cp(keep ? hold : end, (keep ? sizeof(hold) : sizeof(end)) - 1, NULL, 0, NULL);
}

static int receive_netdata(struct receiving *r)
{
    uint8_t *room = cms_alloc(NETDATA_RECORD_MAX);

    if (!room)
        return cms_error(RC_NO_STORAGE, "DMS" MODULE "109S VIRTUAL STORAGE CAPACITY EXCEEDED");
    netdata_open(&r->in, room, NETDATA_RECORD_MAX);
    int rc = take(r);
    if (r->open) {
        cms_file_close(&r->out);
        cms_file_erase(&r->work);
    }
    close_reader(rc != RC_OK);
    if (!rc) {
        say(r);
        if (r->in.file.acknowledge && !r->in.file.is_acknowledgement)
            acknowledge(r);
    }
    cms_free(room, NETDATA_RECORD_MAX);
    return rc;
}

/* Cards: the command that knows them reads them, from the first one on. */
static int receive_cards(const struct receiving *r)
{
    char line[48];
    size_t n;

    cms_card_again(r->card, sizeof(r->card));
    if ((uint8_t)r->card[0] == 0x02 && !memcmp(r->card + 1, "CMS", 3))
        n = fmt(line, sizeof(line), "DISK LOAD");
    else if (r->asked.fn[0] != ' ')
        n = fmt(line, sizeof(line), "READCARD %.8s %.8s %.2s", r->asked.fn, r->asked.ft,
                r->asked.fm[0] == ' ' ? "A1" : r->asked.fm);
    else
        n = fmt(line, sizeof(line), "READCARD *");
    return cms_command(line, n, 0);
}

/* The spool file with this number is to be the first. */
static int choose_file(const char token[8])
{
    char line[40];
    int rc = cms_cp(line, fmt(line, sizeof(line), "ORDER READER %.8s", token), NULL, 0, NULL);

    return rc == RC_UNKNOWN_CP
               ? cms_error(RC_FAILED, "DMS" MODULE "638E THERE ARE NO SPOOL FILES WITHOUT CP")
               : rc;
}

static bool is_netdata(const char *card)
{
    return !memcmp(card + 2, "INMR", 4);
}

int command_main(const struct cms_call *call)
{
    static struct receiving r;
    uint32_t number;
    int end = cms_operands_end(call), at = 1;
    int rc = cms_parse_options(call, MODULE, options, OPTIONS, r.found);

    if (rc)
        return rc;
    if (r.found[OLDDATE] && r.found[NEWDATE])
        return cms_error(RC_BAD_OPERAND,
                         "DMS" MODULE "066E 'OLDDATE' AND 'NEWDATE' ARE CONFLICTING OPTIONS");
    if (end > 1 && cms_number(call->token[1], &number)) {
        rc = choose_file(call->token[at++]);
        if (rc)
            return rc;
    }
    memset(&r.asked, ' ', sizeof(r.asked));
    if (at < end && at + 1 == end)
        return cms_incomplete(MODULE);
    if (end - at > 3)
        return cms_bad_operand(MODULE, call->token[at + 3]);
    memcpy(r.asked.fn, call->token[at < end ? at : 0], at < end ? 8 : 0);
    memcpy(r.asked.ft, call->token[at < end ? at + 1 : 0], at < end ? 8 : 0);
    memcpy(r.asked.fm, call->token[at + 2 < end ? at + 2 : 0], at + 2 < end ? 2 : 0);
    rc = next_card(&r);
    if (rc)
        return cms_error(8, "DMS" MODULE "205W READER EMPTY OR NOT READY");
    return is_netdata(r.card) ? receive_netdata(&r) : receive_cards(&r);
}
