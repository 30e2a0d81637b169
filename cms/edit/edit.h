/* The CMS line editor, as VM/370 has it: a file's lines in storage, a current line, and
 * subcommands in edit mode or text in input mode.  Portable: files, terminal and commands are
 * reached through `struct edit_host`.  Text is in the compilation's character set on both
 * sides.  Source: VM/370 CMS Command and Macro Reference, "EDIT Subcommands and Macros". */
#ifndef CMS_EDIT_EDIT_H
#define CMS_EDIT_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EDIT_LRECL 255 /* longest line */
#define EDIT_TABS  24
#define EDIT_INPUT 256 /* a line from the terminal, with its ending zero */

struct edit_fileid {
    char fn[9], ft[9], fm[3];
};

/* Results of edit_host.read other than a length. */
enum { EDIT_READ_END = -1, EDIT_READ_ERROR = -2 };

struct edit_host {
    void *context;
    void (*type)(void *context, const char *text);
    /* The next line: from the program stack, else from the terminal. False: the terminal is
     * gone or the command is halted; the editor ends without saving. */
    bool (*read_line)(void *context, char *text, size_t size);
    /* Opens a file for reading: 0, or 28 if there is none; then its format is set. */
    int (*open)(void *context, const struct edit_fileid *id, char *recfm, uint32_t *lrecl);
    int (*read)(void *context, char *text, size_t size);
    void (*close)(void *context);
    /* Writes a file anew: begin, records, end; the old file stays until `end` succeeds.
     * Return codes are CMS's; the host has typed the message. */
    int (*write_begin)(void *context, const struct edit_fileid *id, char recfm, uint32_t lrecl);
    int (*write)(void *context, const char *text, size_t length);
    int (*write_end)(void *context, bool keep);
    int (*command)(void *context, const char *text);
    void (*stack)(void *context, const char *text);
    /* CMS SUBSET, until RETURN. */
    void (*subset)(void *context);
};

struct edit_line {
    struct edit_line *next, *previous;
    uint16_t length;
    uint16_t room; /* bytes of text[] */
    char text[];
};

struct edit_settings {
    bool verify, long_messages, upper_case, image;
    uint32_t verify_columns;
    uint32_t zone_first, zone_last; /* columns from 1 */
    uint32_t truncate;              /* last column of input */
    uint32_t tabs[EDIT_TABS];
    int tab_count;
    uint32_t autosave; /* after so many changes; 0: never */
};

#define EDIT_CLASSES 18 /* free lines by room, 16 bytes apart */

/* The state of one session; about 3K.  Not initialized by the caller. */
struct edit {
    const struct edit_host *host;
    struct edit_fileid id;
    char recfm;
    uint32_t lrecl;
    bool ended, input_mode, changed, new_file;
    int exit_code;
    struct edit_line *top, *end; /* the null lines before the first and behind the last */
    struct edit_line *current;
    uint32_t changes; /* since the last save */
    struct edit_settings settings, preserved;
    char last[EDIT_INPUT]; /* subcommand, for ? and = */
    char macro_x[EDIT_INPUT], macro_y[EDIT_INPUT];
    uint32_t repeat; /* of the next OVERLAY */
    char input[EDIT_INPUT], output[EDIT_INPUT];
    char *storage; /* what is left of the caller's */
    size_t left;
    struct edit_line *unused[EDIT_CLASSES];
};

/* Edits file `id` (mode blank: as found, or A1) in `storage`, which holds the lines.  lrecl:
 * of a new file, 0 for what the file type has.  Returns the return code of EDIT. */
int edit_run(struct edit *e, const struct edit_host *host, const struct edit_fileid *id,
             uint32_t lrecl, void *storage, size_t size);

#endif
