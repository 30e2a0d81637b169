/* READCARD fn ft [fm] | * [*] : the deck in the reader 00C becomes a file; with "*" the :READ
 * cards say which, and what comes before the first of them becomes READCARD CMSUT1.  In batch the
 * deck ends at a card that begins with a slash and asterisk. */
#include "cms/kit/cms.h"

#define MODULE "RDC"
#define CARD   80

struct reading {
    struct fscb file; /* a work file; open if `open` */
    struct cms_fileid work, wanted;
    bool open, by_header, batch;
    uint32_t cards, files;
};

static int failed(struct reading *r, int rc)
{
    r->open = false;
    cms_file_close(&r->file);
    cms_file_erase(&r->work);
    return cms_write_error(MODULE, &r->wanted, rc);
}

/* What was read becomes the wanted file. */
static int finish_file(struct reading *r)
{
    if (!r->open)
        return RC_OK;
    r->open = false;
    int rc = cms_file_close(&r->file);
    if (!rc)
        rc = cms_replace_file(&r->work, &r->wanted);
    if (rc)
        return failed(r, rc);
    r->files++;
    return RC_OK;
}

static int begin_file(struct reading *r, const struct cms_fileid *wanted)
{
    int rc = cms_can_create(MODULE, wanted);

    if (rc)
        return rc;
    r->wanted = *wanted;
    cms_fileid(&r->work, "READCARD", "CMSUT2", "A1");
    r->work.fm[0] = wanted->fm[0];
    cms_file_erase(&r->work);
    cms_file(&r->file, &r->work);
    r->open = true;
    return RC_OK;
}

/* ":READ  fn  ft  fm ...": false if it is no such card. */
static bool header_card(const char *card, struct cms_fileid *id)
{
    char text[CARD + 1], word[9], fn[9], ft[9];
    const char *at = text;

    memcpy(text, card, CARD);
    text[CARD] = 0;
    if (!str_word(&at, word, sizeof(word)) || strcmp(word, ":READ"))
        return false;
    if (!str_word(&at, fn, sizeof(fn)) || !str_word(&at, ft, sizeof(ft)))
        return false;
    cms_fileid(id, fn, ft, "A1");
    return true;
}

/* No card of a deck is lost for want of a name. */
static int begin_unnamed(struct reading *r)
{
    struct cms_fileid id;

    cms_fileid(&id, "READCARD", "CMSUT1", "A1");
    cms_error(0, "DMS" MODULE "702I :READ CONTROL CARD IS MISSING. FOLLOWING ASSUMED:");
    cms_printf(":READ READCARD CMSUT1 A1");
    return begin_file(r, &id);
}

static int take_card(struct reading *r, const char *card)
{
    struct cms_fileid id;

    if (header_card(card, &id)) {
        if (r->by_header) {
            int rc = finish_file(r);
            cms_printf("%.5s %.8s %.8s %.2s", card, id.fn, id.ft, id.fm);
            return rc ? rc : begin_file(r, &id);
        }
        if (!r->cards) /* the name on the command holds: the header is dropped */
            return RC_OK;
    }
    int rc = r->open ? RC_OK : begin_unnamed(r);
    if (rc)
        return rc;
    r->cards++;
    rc = cms_file_write(&r->file, card, CARD, 'F');
    return rc ? failed(r, rc) : RC_OK;
}

static int read_deck(struct reading *r)
{
    char card[CARD];
    size_t length;
    bool any = false;
    int rc;

    for (;;) {
        memset(card, ' ', sizeof(card));
        rc = cms_card_read(card, sizeof(card), &length);
        if (rc)
            break;
        if (r->batch && card[0] == '/' && card[1] == '*')
            return any ? finish_file(r) : RC_OK;
        any = true;
        rc = take_card(r, card);
        if (rc)
            return rc;
    }
    if (!any && rc == RC_IO_ERROR)
        return cms_error(rc, "DMS" MODULE "124S ERROR READING CARD FILE");
    if (!any)
        return cms_error(8, "DMS" MODULE "205W READER EMPTY OR NOT READY");
    if (rc == RC_IO_ERROR)
        return cms_error(rc, "DMS" MODULE "124S ERROR READING CARD FILE");
    return finish_file(r);
}

int command_main(const struct cms_call *call)
{
    struct reading r;
    struct cms_fileid id;
    struct cms_switches switches;
    int rc = RC_OK;

    memset(&r, 0, sizeof(r));
    if (call->tokens < 2)
        return cms_incomplete(MODULE);
    cms_get_switches(&switches);
    r.batch = switches.reader_input;
    r.by_header = cms_token_is(call, 1, "*");
    if (!r.by_header) {
        rc = cms_only_fileid(&id, call, MODULE, 1, "A1");
        if (rc)
            return rc;
        if (id.fm[0] == '*')
            id.fm[0] = 'A';
        if (id.fm[1] == ' ')
            id.fm[1] = '1';
        rc = begin_file(&r, &id);
    }
    if (!rc)
        rc = read_deck(&r);
    if (r.open) {
        cms_file_close(&r.file);
        cms_file_erase(&r.work);
    }
    return rc;
}
