/* PUNCH fn ft [fm] [(HEADER|NOHEADER]: a file as cards to the punch 00D. */
#include "cms/kit/cms.h"

#define MODULE "PUN"

enum { HEADER, NOHEADER, OPTIONS };
static const struct cms_option options[OPTIONS] = {
    [HEADER] = {"HEADER", 1},
    [NOHEADER] = {"NOHEADER", 3},
};

/* ":READ  fn       ft       fm label  mm/dd/yy hh:mm:ss", as READCARD understands it. */
static int punch_header(const struct cms_fileinfo *info)
{
    char card[81];
    struct cms_disk disk;
    const uint8_t *d = info->date;

    cms_disk(info->id.fm[0], &disk);
    size_t n =
        fmt(card, sizeof(card), ":READ  %.8s %.8s %.2s %.6s %02X/%02X/%02X %02X:%02X:%02X",
            info->id.fn, info->id.ft, info->id.fm, disk.label, d[1], d[2], d[0], d[3], d[4], d[5]);
    return cms_card_punch(card, n);
}

int command_main(const struct cms_call *call)
{
    struct cms_fileid id;
    struct cms_fileinfo info;
    struct fscb f;
    char card[80], line[48];
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
    if (info.lrecl > sizeof(card))
        return cms_error(RC_BAD_FILE, "DMS" MODULE "044E RECORD LENGTH EXCEEDS ALLOWABLE MAXIMUM");
    cms_file(&f, &info.id);
    if (!found[NOHEADER])
        rc = punch_header(&info);
    while (!rc) {
        int got = cms_file_read(&f, card, sizeof(card));
        if (got == FILE_END)
            break;
        if (got)
            return cms_file_error(MODULE, &f, got, false);
        rc = cms_card_punch(card, f.nord);
    }
    cms_file_close(&f);
    if (rc)
        return cms_error(RC_IO_ERROR, "DMS" MODULE "118S ERROR PUNCHING FILE '%.8s %.8s %.2s'",
                         info.id.fn, info.id.ft, info.id.fm);
    size_t n = fmt(line, sizeof(line), "CLOSE 00D NAME %.8s %.8s", info.id.fn, info.id.ft);
    cms_cp(line, n, NULL, 0, NULL);
    return RC_OK;
}
