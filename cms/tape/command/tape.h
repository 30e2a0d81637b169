/* TAPE and VMFPLC2: files on tape, and motions of the tape.  The two differ in the form of what is
 * on tape: TAPE     X'02' "CMS " and 800 bytes of the file, as many as it takes; then X'02' "CMSN"
 * and the file's entry (struct cms_fst), 805 bytes each VMFPLC2  X'02' "PLCH" and the entry, 80
 * bytes; then X'02' "PLCD" and up to 5 times 800 bytes Files follow one another; behind the last
 * there is a tape mark. */
#ifndef CMS_TAPE_COMMAND_TAPE_H
#define CMS_TAPE_COMMAND_TAPE_H

#include "cms/kit/cms.h"

#define TAPE_DATA    800u
#define TAPE_BLOCKS  5u /* of a PLCD */
#define TAPE_ID      5u /* X'02' and four letters */
#define TAPE_LARGEST (TAPE_ID + TAPE_BLOCKS * TAPE_DATA)
#define PLCH_LENGTH  80u

struct tape_form {
    const char *module;       /* of messages */
    const char *data, *entry; /* the four letters */
    bool entry_first;
    uint32_t data_length;
};

struct tape {
    const struct tape_form *form;
    uint16_t unit;
    uint32_t marks;           /* EOF n: stop behind so many tape marks; EOT: many */
    bool end_of_tape;         /* EOT: two marks in a row are the end */
    bool write_mark;          /* WTM */
    bool silent, print, file; /* NOPRINT, PRINT, DISK; else at the terminal */
    struct fscb map;
    uint8_t block[TAPE_LARGEST];
    size_t length; /* of the block that was read */
};

int tape_command(const struct cms_call *call, const struct tape_form *form);

/* ---- tape.c ---- */
/* A line of the list of files. */
void tape_say(struct tape *t, const char *format, ...) FMT_CHECK(2, 3);
/* What went wrong with the drive, as a message; its return code. */
int tape_error(const struct tape *t, int rc, bool writing);
int tape_control(const struct tape *t, uint8_t command);

/* ---- files.c ---- */
enum tape_action { TAPE_LOAD, TAPE_SCAN, TAPE_SKIP };
int tape_dump(struct tape *t, const struct cms_fileid *pattern);
/* Names in `pattern` may be "*"; its mode is where LOAD puts the files. */
int tape_read_files(struct tape *t, enum tape_action action, const struct cms_fileid *pattern);

#endif
