/* PUNCH fn ft [fm] [(HEADER|NOHEADER MEMBER name|*]: a file as cards to the punch 00D. */
#include "cms/kit/cms.h"

#define MODULE "PUN"
#define CARD   80

enum { HEADER, MEMBER, NOHEADER, OPTIONS };
static const struct cms_option options[OPTIONS] = {
    [HEADER] = {"HEADER", 1},
    [MEMBER] = {"MEMBER", 3, 1},
    [NOHEADER] = {"NOHEADER", 3},
};

struct punching {
    const struct cms_fileinfo *info;
    struct fscb file;
    bool header;
};

/* A member is a file of its name and of type MEMBER.
 * ":READ  fn       ft       fm label  mm/dd/yy hh:mm:ss", as READCARD understands it. */
static int punch_header(const struct cms_fileinfo *info, const struct cms_part *part)
{
    char card[81];
    struct cms_disk disk;
    const uint8_t *d = info->date;

    bool member = part->name[0] != ' ';

    cms_disk(info->id.fm[0], &disk);
    size_t n = fmt(card, sizeof(card), ":READ  %.8s %.8s %.2s %.6s %02X/%02X/%02X %02X:%02X:%02X",
                   member ? part->name : info->id.fn, member ? "MEMBER  " : info->id.ft,
                   info->id.fm, disk.label, d[1], d[2], d[0], d[3], d[4], d[5]);
    return cms_card_punch(card, n);
}

static int punch_part(void *context, const struct cms_part *part)
{
    struct punching *p = context;
    char card[CARD];
    int rc = p->header ? punch_header(p->info, part) : RC_OK;

    for (uint32_t n = 0; n < part->count && !rc; n++) {
        int got = cms_file_read_at(&p->file, part->first + n, card, sizeof(card));
        if (got)
            return cms_file_error(MODULE, &p->file, got, false);
        rc = cms_card_punch(card, p->file.nord);
    }
    if (!rc)
        return RC_OK;
    return cms_error(RC_IO_ERROR, "DMS" MODULE "118S ERROR PUNCHING FILE '%.8s %.8s %.2s'",
                     p->info->id.fn, p->info->id.ft, p->info->id.fm);
}

int command_main(const struct cms_call *call)
{
    struct cms_fileid id;
    struct cms_fileinfo info;
    char line[48];
    const char *found[OPTIONS];
    int rc = cms_parse_options(call, MODULE, options, OPTIONS, found);

    if (rc)
        return rc;
    if (!cms_fileid_of(&id, call, 1, "*"))
        return cms_incomplete(MODULE);
    if (cms_operands_end(call) > 4)
        return cms_bad_operand(MODULE, call->token[4]);
    rc = cms_state(&id, &info);
    if (rc)
        return cms_state_error(MODULE, rc, &id);
    if (info.lrecl > CARD)
        return cms_error(RC_BAD_FILE, "DMS" MODULE "044E RECORD LENGTH EXCEEDS ALLOWABLE MAXIMUM");
    struct punching p = {.info = &info, .header = !found[NOHEADER]};
    cms_file(&p.file, &info.id);
    rc = cms_parts(MODULE, &info, found[MEMBER], punch_part, &p);
    cms_file_close(&p.file);
    if (rc)
        return rc;
    size_t n = fmt(line, sizeof(line), "CLOSE 00D NAME %.8s %.8s", info.id.fn, info.id.ft);
    cms_cp(line, n, NULL, 0, NULL);
    return RC_OK;
}
