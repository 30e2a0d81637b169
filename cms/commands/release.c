/* RELEASE cuu|mode [(DET]: the letter no longer means a disk. */
#include "cms/kit/cms.h"

#define MODULE "ARE"

enum { DET, OPTIONS };
static const struct cms_option options[OPTIONS] = {[DET] = {"DET", 3}};

int command_main(const struct cms_call *call)
{
    struct cms_disk disk;
    uint32_t address = 0;
    char word[9], line[32];
    bool any = false;
    const char *found[OPTIONS];
    int rc = cms_parse_options(call, MODULE, options, OPTIONS, found);

    if (rc)
        return rc;
    if (cms_operands_end(call) != 2)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "017E INVALID DEVICE ADDRESS ''");
    str_unpad(word, call->token[1], 8);
    bool by_letter = !word[1] && str_is_alpha(word[0]);
    if (!by_letter && !str_hex(word, &address))
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "017E INVALID DEVICE ADDRESS '%s'", word);
    if (by_letter && word[0] == 'S')
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "048E INVALID MODE 'S'");
    for (const char *l = "ABCDEFGHIJKLMNOPQRTUVWXYZ"; *l; l++) {
        if (cms_disk(*l, &disk) || !(by_letter ? *l == word[0] : disk.address == address))
            continue;
        any = true;
        address = disk.address;
        rc = cms_release(*l);
        if (rc)
            return cms_error(rc, "DMS" MODULE "112S DISK '%c(%03X)' DEVICE ERROR", *l, address);
    }
    if (!any && by_letter)
        return cms_not_accessed(MODULE, word[0]);
    if (!any)
        return cms_error(RC_NO_DISK, "DMS" MODULE "069E DISK '%s' NOT ACCESSED", word);
    if (found[DET]) {
        size_t n = fmt(line, sizeof(line), "DETACH %03X", address);
        return cms_cp(line, n, NULL, 0, NULL);
    }
    return RC_OK;
}
