/* ACCESS [cuu [mode[/ext] [fn [ft [fm]]]]] [(ERASE]: gives a disk, or some of its files, a mode
 * letter. */
#include "cms/kit/cms.h"

#define MODULE "ACC"

enum { ERASE, OPTIONS };
static const struct cms_option options[OPTIONS] = {
    [ERASE] = {"ERASE", 5},
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

static void some_files(struct cms_fileid *only, const struct cms_call *call, int end)
{
    cms_fileid(only, "*", "*", "*");
    if (end > 3)
        memcpy(only->fn, call->token[3], 8);
    if (end > 4)
        memcpy(only->ft, call->token[4], 8);
    if (end > 5)
        memcpy(only->fm, call->token[5], 2);
}

static int not_there(const struct cms_fileid *only, unsigned address, char letter)
{
    char name[24];

    cms_release(letter);
    return cms_error(RC_NOT_FOUND,
                     "DMS" MODULE
                     "060E FILE(S) '%s' NOT FOUND. DISK '%c(%03X)' WILL NOT BE ACCESSED",
                     cms_fileid_text(name, only), letter, address);
}

int command_main(const struct cms_call *call)
{
    uint32_t address = 0x191;
    char word[9], letter = 'A', extends = 0, other;
    const char *found[OPTIONS];
    struct cms_disk old, disk;
    struct cms_fileid only;
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
    if (end > 6)
        return cms_bad_operand(MODULE, call->token[6]);
    if (letter == 'S')
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "048E INVALID MODE 'S'");
    if (extends && extends != letter && cms_disk(extends, &disk))
        return cms_not_accessed(MODULE, extends);
    if (end > 3 && !extends)
        return cms_error(RC_BAD_OPERAND,
                         "DMS" MODULE
                         "060E FOR SOME OF ITS FILES THE DISK MUST BE AN EXTENSION, AS %c/A",
                         letter);
    some_files(&only, call, end);
    bool had = cms_disk(letter, &old) == RC_OK;
    unsigned flags = (extends ? ACCESS_READ_ONLY : 0) | (found[ERASE] ? ACCESS_ERASE : 0);
    rc = cms_access(address, letter, extends == letter ? 0 : extends, flags, end > 3 ? &only : NULL,
                    &other);
    if (rc)
        return failed(rc, address, letter, other);
    cms_disk(letter, &disk);
    if (end > 3 && !disk.files)
        return not_there(&only, address, letter);
    if (had && old.address != address)
        cms_error(0, "DMS" MODULE "724I '%03X' REPLACES ' %c (%03X) '", address, letter,
                  old.address);
    if (disk.read_only)
        cms_error(0, "DMS" MODULE "723I %c (%03X) R/O", letter, address);
    say_also(address, letter);
    return RC_OK;
}
