/* ACCESS [cuu [mode[/ext]]] [(ERASE]: gives a disk a mode letter. */
#include "cms/kit/cms.h"

#define MODULE "ACC"

enum { ERASE, NOPROF, NODISK, OPTIONS };
static const struct cms_option options[OPTIONS] = {
    [ERASE] = {"ERASE", 5},
    [NOPROF] = {"NOPROF", 6},
    [NODISK] = {"NODISK", 6},
};

static bool is_letter(char c)
{
    return str_is_alpha(c) && c == str_upper(c);
}

/* "A" or "B/A". */
static bool mode_token(const char token[8], char *letter, char *extends)
{
    *letter = token[0];
    *extends = 0;
    if (!is_letter(*letter))
        return false;
    if (token[1] == '/') {
        *extends = token[2];
        return is_letter(*extends) && (token[3] == ' ' || str_is_alpha(token[3]));
    }
    return token[1] == ' ';
}

static int failed(int rc, unsigned address, char letter, char other)
{
    switch (rc) {
    case RC_NO_DISK:
        return cms_error(RC_IO_ERROR, "DMS" MODULE "113S DEVICE '%03X' NOT ATTACHED", address);
    case RC_FAILED:
        return cms_error(RC_NO_DISK,
                         "DMS" MODULE "059E '%03X' ALREADY ACCESSED AS READ/WRITE '%c' DISK",
                         address, other);
    case RC_BAD_FILE:
        return cms_error(RC_IO_ERROR,
                         "DMS" MODULE "112S DISK '%c(%03X)' IS NOT A CMS DISK: FORMAT "
                         "IT",
                         letter, address);
    case RC_NO_STORAGE:
        return cms_error(rc, "DMS" MODULE "109S VIRTUAL STORAGE CAPACITY EXCEEDED");
    default:
        return cms_error(RC_IO_ERROR, "DMS" MODULE "112S DISK '%c(%03X)' DEVICE ERROR", letter,
                         address);
    }
}

/* The letters under which the same device is known already. */
static void say_also(unsigned address, char letter)
{
    struct cms_disk disk;

    for (const char *l = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"; *l; l++)
        if (*l != letter && cms_disk(*l, &disk) == RC_OK && disk.address == address)
            cms_error(0, "DMS" MODULE "725I %03X ALSO = '%c' DISK", address, *l);
}

int command_main(const struct cms_call *call)
{
    uint32_t address = 0x191;
    char word[9], letter = 'A', extends = 0, other;
    const char *found[OPTIONS];
    struct cms_disk old, disk;
    int end = cms_operands_end(call);
    int rc = cms_parse_options(call, MODULE, options, OPTIONS, found);

    if (rc)
        return rc;
    if (end > 1) {
        str_unpad(word, call->token[1], 8);
        if (!str_hex(word, &address) || address > 0xfff)
            return cms_error(RC_BAD_OPERAND, "DMS" MODULE "017E INVALID DEVICE ADDRESS '%s'", word);
    }
    if (end > 2 && !mode_token(call->token[2], &letter, &extends)) {
        str_unpad(word, call->token[2], 8);
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "048E INVALID MODE '%s'", word);
    }
    if (end > 3)
        return cms_bad_operand(MODULE, call->token[3]);
    if (letter == 'S')
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "048E INVALID MODE 'S'");
    if (extends && extends != letter && cms_disk(extends, &disk))
        return cms_not_accessed(MODULE, extends);
    bool had = cms_disk(letter, &old) == RC_OK;
    unsigned flags = (extends ? ACCESS_READ_ONLY : 0) | (found[ERASE] ? ACCESS_ERASE : 0);
    rc = cms_access(address, letter, extends == letter ? 0 : extends, flags, &other);
    if (rc)
        return failed(rc, address, letter, other);
    cms_disk(letter, &disk);
    if (had && old.address != address)
        cms_error(0, "DMS" MODULE "724I '%03X' REPLACES ' %c (%03X) '", address, letter,
                  old.address);
    if (disk.read_only)
        cms_error(0, "DMS" MODULE "723I %c (%03X) R/O", letter, address);
    say_also(address, letter);
    return RC_OK;
}
