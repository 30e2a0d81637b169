/* DISK DUMP fn ft [fm] | LOAD: a file of any form as cards, and back.
 *
 * A card: X'02', "CMS", a blank (or "N" on the last card), 50 bytes of data, 2 blanks, file
 * name (8), a blank, type (8), mode (2), sequence number (4).  The data are the file's
 * records one behind the other, for V files each behind a halfword with its length.  The last
 * card's data are struct end_card. */
#include "cms/archive/command/stream.h"

#define MODULE "DSK"
#define DATA   50

struct disk_card {
    uint8_t mark; /* 02 */
    char cms[3];  /* "CMS" */
    char kind;    /* ' ' or 'N' */
    char data[DATA];
    char blank[2];
    char fn[8];
    char blank2;
    char ft[8];
    char fm[2];
    char sequence[4];
};
LAYOUT(struct disk_card, 80);

struct end_card {
    char recfm;
    char unused[3];
    be32 lrecl;
    be32 records;
    be32 bytes; /* of data on the cards before */
    uint8_t date[6];
    uint8_t century; /* as in struct cms_fileinfo */
};

struct punching {
    struct disk_card card;
    uint32_t filled, cards, bytes;
    int rc;
};

static void punch(struct punching *p)
{
    char number[12];

    fmt(number, sizeof(number), "%04u", ++p->cards % 10000);
    memcpy(p->card.sequence, number, 4);
    if (!p->rc)
        p->rc = cms_card_punch((const char *)&p->card, sizeof(p->card));
    memset(p->card.data, ' ', DATA);
    p->filled = 0;
}

static int put_bytes(void *context, const char *from, uint32_t length)
{
    struct punching *p = context;

    p->bytes += length;
    while (length && !p->rc) {
        uint32_t n = DATA - p->filled < length ? DATA - p->filled : length;
        memcpy(p->card.data + p->filled, from, n);
        p->filled += n;
        from += n;
        length -= n;
        if (p->filled == DATA)
            punch(p);
    }
    return p->rc;
}

static void punch_end(struct punching *p, const struct cms_fileinfo *info)
{
    struct end_card end;

    if (p->filled)
        punch(p);
    memset(&end, 0, sizeof(end));
    end.recfm = info->recfm;
    put32(&end.lrecl, info->lrecl);
    put32(&end.records, info->records);
    put32(&end.bytes, p->bytes);
    memcpy(end.date, info->date, 6);
    end.century = info->century;
    p->card.kind = 'N';
    memcpy(p->card.data, &end, sizeof(end));
    punch(p);
}

static int dump(const struct cms_fileinfo *info)
{
    struct punching p;
    char line[48];

    memset(&p, 0, sizeof(p));
    memset(&p.card, ' ', sizeof(p.card));
    p.card.mark = 0x02;
    memcpy(p.card.cms, "CMS", 3);
    memcpy(p.card.fn, info->id.fn, 8);
    memcpy(p.card.ft, info->id.ft, 8);
    memcpy(p.card.fm, info->id.fm, 2);
    int rc = stream_file(MODULE, info, put_bytes, &p);
    if (rc && !p.rc)
        return rc;
    punch_end(&p, info);
    if (p.rc)
        return cms_error(RC_IO_ERROR, "DMS" MODULE "118S ERROR PUNCHING FILE '%.8s %.8s %.2s'",
                         info->id.fn, info->id.ft, info->id.fm);
    size_t n = fmt(line, sizeof(line), "CLOSE 00D NAME %.8s %.8s", info->id.fn, info->id.ft);
    cms_cp(line, n, NULL, 0, NULL);
    return RC_OK;
}

/* Loading: the data of the cards are kept in a work file of 50-byte records until the end
 * card says what they are. */
static void work_id(struct cms_fileid *id, const char *fn)
{
    cms_fileid(id, fn, "CMSUT1", "A1");
}

struct source {
    struct fscb f;
    char data[DATA];
    uint32_t at;
};

static int get_bytes(void *context, char *to, uint32_t length)
{
    struct source *s = context;

    while (length) {
        if (s->at == DATA) {
            if (cms_file_read(&s->f, s->data, DATA))
                return cms_error(RC_BAD_FILE, "DMS" MODULE "104S CARDS ARE MISSING FROM THE DECK");
            s->at = 0;
        }
        uint32_t n = DATA - s->at < length ? DATA - s->at : length;
        memcpy(to, s->data + s->at, n);
        to += n;
        s->at += n;
        length -= n;
    }
    return RC_OK;
}

static int build(const struct disk_card *last)
{
    struct cms_fileid raw;
    struct cms_fileinfo made;
    struct source s;
    const struct end_card *end = (const struct end_card *)last->data;
    char name[24];

    memset(&made, 0, sizeof(made));
    memcpy(made.id.fn, last->fn, 8);
    memcpy(made.id.ft, last->ft, 8);
    made.id.fm[0] = 'A';
    made.id.fm[1] = last->fm[1];
    made.recfm = end->recfm;
    made.lrecl = get32(end->lrecl);
    made.records = get32(end->records);
    memcpy(made.date, end->date, 6);
    made.century = end->century;
    if (!made.lrecl || made.lrecl > CMS_RECORD_MAX || (made.recfm != 'F' && made.recfm != 'V'))
        return cms_error(RC_BAD_FILE, "DMS" MODULE "077E END CARD MISSING OR INVALID");
    work_id(&raw, "DISKLOAD");
    cms_file(&s.f, &raw);
    s.at = DATA;
    int rc = stream_build(MODULE, &made, get_bytes, &s);
    cms_file_close(&s.f);
    if (!rc)
        cms_printf("%s", cms_fileid_text(name, &made.id));
    return rc;
}

static int load(void)
{
    struct cms_fileid raw;
    struct disk_card card;
    struct fscb f;
    size_t length;
    uint32_t files = 0, cards = 0;
    int rc = cms_can_write(MODULE, 'A'), got = 0;

    if (rc)
        return rc;
    work_id(&raw, "DISKLOAD");
    cms_file_erase(&raw);
    cms_file(&f, &raw);
    while (!rc && (got = cms_card_read((char *)&card, sizeof(card), &length)) == 0) {
        if (card.mark != 0x02 || memcmp(card.cms, "CMS", 3)) {
            rc = cms_error(RC_BAD_FILE, "DMS" MODULE "078E INVALID CARD IN READER DECK");
        } else if (card.kind != 'N') {
            cards++;
            rc = cms_file_write(&f, card.data, DATA, 'F');
            if (rc)
                rc = cms_write_error(MODULE, &raw, rc);
        } else {
            cms_file_close(&f);
            rc = build(&card);
            cms_file_erase(&raw);
            files++;
            cards = 0;
        }
    }
    cms_file_close(&f);
    cms_file_erase(&raw);
    if (rc)
        return rc;
    if (got == RC_IO_ERROR)
        return cms_error(rc, "DMS" MODULE "124S ERROR READING CARD FILE");
    if (cards)
        return cms_error(RC_BAD_FILE, "DMS" MODULE "077E END CARD MISSING FROM INPUT DECK");
    return files ? RC_OK : cms_error(8, "DMS" MODULE "205W READER EMPTY OR NOT READY");
}

int command_main(const struct cms_call *call)
{
    struct cms_fileid id;
    struct cms_fileinfo info;

    if (call->tokens < 2)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "047E NO FUNCTION SPECIFIED");
    if (cms_token_is(call, 1, "LOAD"))
        return call->tokens > 2 ? cms_bad_operand(MODULE, call->token[2]) : load();
    if (!cms_token_is(call, 1, "DUMP"))
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "014E INVALID FUNCTION '%.8s'",
                         call->token[1]);
    int rc = cms_only_fileid(&id, call, MODULE, 2, "*");
    if (rc)
        return rc;
    rc = cms_state(&id, &info);
    return rc ? cms_state_error(MODULE, rc, &id) : dump(&info);
}
