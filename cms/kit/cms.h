/* The C kit: what a CMS command or program written in C sees.  A module defines
 * command_main(); the kit's start.S calls it with the command's arguments and gives its
 * result back to CMS as the return code (the n of `R(n);`).
 *
 *     #include "cms/kit/cms.h"
 *     int command_main(const struct cms_call *call)
 *     {
 *         cms_printf("Hello, %.8s", call->tokens > 1 ? call->token[1] : "world");
 *         return 0;
 *     }
 *
 * Text is EBCDIC; file ids and tokens are blank padded, upper case.  All functions return a
 * CMS return code (0 is success) unless stated.  A module's stack is 16K bytes. */
#ifndef CMS_KIT_CMS_H
#define CMS_KIT_CMS_H

#include "cms/kit/services.h"
#include "cms/library/library.h"
#include "lib/fmt.h"
#include "lib/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CMS_LINE_MAX    255 /* longest console, stack and command line */
#define CMS_RECORD_MAX  65535
#define CMS_STACK_BYTES 16384

/* The usual return codes. */
enum {
    RC_OK = 0,
    RC_WARNING = 4,
    RC_BAD_CHARACTER = 20,
    RC_BAD_OPERAND = 24,
    RC_NOT_FOUND = 28, /* or: exists already */
    RC_BAD_FILE = 32,
    RC_NO_DISK = 36, /* not accessed, or read-only */
    RC_FAILED = 40,
    RC_IO_ERROR = 100,
    RC_NO_STORAGE = 104,
    RC_UNKNOWN_CP = -1,
    RC_NOT_IN_SUBSET = -2,
    RC_UNKNOWN = -3,
    RC_LOAD_FAILED = -4,
};

/* ---- how the command was called ---- */

struct cms_call {
    const char (*token)[8]; /* token[0] is the command's name; "(" and ")" are tokens */
    int tokens;             /* how many, with the name */
    const char *line;       /* the arguments as they were typed (not zero-ended); NULL if the
                               caller gave tokens only */
    size_t length;
    enum call_kind kind;
};

int command_main(const struct cms_call *call);

/* True if token `n` exists and equals `word` (upper case, as given). */
bool cms_token_is(const struct cms_call *call, int n, const char *word);
/* The index of the first token after "(", or of the end. Where the options begin. */
int cms_options(const struct cms_call *call);
/* The arguments as typed, zero-ended, from word `n` on (1: all of them); the tokens, joined, if the
 * caller gave no line.  to needs CMS_LINE_MAX + 1 bytes; returns the length. */
size_t cms_arguments(const struct cms_call *call, int n, char *to);
/* Ends the program from anywhere. */
void cms_exit(int code) __attribute__((noreturn));

/* ---- the terminal ---- */

void cms_write(const char *text, size_t length); /* a line */
void cms_prompt(const char *text, size_t length);
void cms_printf(const char *format, ...) FMT_CHECK(1, 2); /* a line, at most 255 characters */
/* Error message "DMSxxxnnnE text" (SET EMSG of CP edits it); returns rc. */
int cms_error(int rc, const char *format, ...) FMT_CHECK(2, 3);
/* Reads a line: from the program stack, else typed ahead, else from the terminal; with
 * READ_TERMINAL not from the stack.  flags: enum read_flag.  Returns the length, or -1 with
 * READ_STACK when the stack is empty.  At most `size` bytes; no zero behind it. */
int cms_read(char *buffer, size_t size, unsigned flags);
/* The program stack: enum stack_flag. 0, or 104. */
int cms_stack(const char *text, size_t length, unsigned flags);
int cms_stacked(void); /* lines in the program stack */

/* ---- variables of the EXEC that has called the program ----
 * The subcommand environment EXECCOMM, as EXEC, EXEC 2 and REXX have it.  Names without an
 * ampersand, of any case.  0, or bits of enum shv_result (cms/kit/scblock.h); RC_UNKNOWN: no EXEC.
 */
int cms_variable_get(const char *name, size_t name_length, char *value, size_t size,
                     size_t *length);
int cms_variable_set(const char *name, size_t name_length, const char *value, size_t length);

/* What an interpreter offers, from cms_offer_variables() to cms_withdraw_variables(): functions
 * that give bits of enum shv_result. Fields are not zero-ended. */
struct shvblock;
struct cms_variables {
    void *context;
    int (*handle)(void *context, struct shvblock *request);
};
int cms_offer_variables(const struct cms_variables *v);
void cms_withdraw_variables(void);

/* ---- the whole screen of a 3270 ----
 * A program writes it in the 3270 data stream (lib/datastream.h has the orders) and reads what a
 * key brings.  control: enum screen_control.  The first write must erase.  All give 40 where the
 * user sits at no 3270; write and read give 4 when CP or a line on the console had the screen
 * meanwhile: write all of it anew, with SCREEN_ERASE. */
struct ds_size;
int cms_screen_size(struct ds_size *size);
int cms_screen_write(const void *stream, size_t length, unsigned control);
/* Waits for a key (AID and cursor, then the fields): *length of it. */
int cms_screen_read(void *buffer, size_t size, unsigned control, size_t *length);

/* ---- commands ---- */

/* Runs a command line as the console or an EXEC would (search order in docs/inside-cms.md);
 * flags: enum command_flag.  Returns its return code; -3 unknown CMS command (and CP not
 * asked), -1 unknown CP command. */
int cms_command(const char *line, size_t length, unsigned flags);
/* CMS SUBSET: commands from the stack or terminal until RETURN; none that would take the user area.
 */
void cms_subset(void);
/* SVC 202 with a list of the caller's own; `as` makes R1's high byte and R0 point to the line. */
int cms_svc202(const void *plist);
int cms_svc202_as(const void *plist, enum call_kind kind, const struct extended_plist *extended);
/* Runs a command in CP (DIAGNOSE 8), its answer typed at the terminal if `response` is NULL.
 * Otherwise at most `size` bytes of the answer, lines ended by X'15', go there and their
 * number to *length (greater than size if cut).  Returns CP's code; -1 on the bare machine. */
int cms_cp(const char *line, size_t length, char *response, size_t size, size_t *length_out);

/* ---- programs that stay: nucleus extensions (cms/kit/scblock.h) ---- */
struct scblock;
struct cms_fileid;
/* Loads `id` as nucleus extension `name`; flags: enum scblock_flag.  0; 28 no such file; 104; -4.
 */
int cms_extension_load(const char name[8], const struct cms_fileid *id, uint8_t flags);
int cms_extension_drop(const char name[8]); /* after RESET, if it wants that; 1: there is none */
/* Number n of them, from 0; false: there are not so many. */
bool cms_extension(uint32_t n, struct scblock *s);
/* For a program whose data are to stay: true if it is the nucleus extension `name`.  Otherwise
 * it is loaded as that and called, and *rc is what it gave. */
bool cms_stay(const char *name, const struct cms_call *call, int *rc);

/* ---- storage ---- */

void *cms_alloc(size_t bytes);          /* doubleword aligned, not cleared; NULL if there is none */
void *cms_alloc_resident(size_t bytes); /* kept when the command ends: for nucleus extensions */
void cms_free(void *at, size_t bytes);

/* ---- files ---- */

struct cms_fileid {
    char fn[8], ft[8];
    char fm[2]; /* letter or '*' (or blank) and number or blank */
};

struct cms_fileinfo {
    struct cms_fileid id; /* with the real mode letter and number */
    char recfm;           /* 'F' or 'V' */
    uint8_t read_only;    /* 1: its disk is read-only */
    uint32_t lrecl;
    uint32_t records;
    uint32_t blocks;
    uint8_t date[6]; /* packed YY MM DD HH MM SS */
    uint8_t century; /* 0: 19YY, 1: 20YY */
};

/* A file's entry in a directory of 800-byte blocks: what STATE gives the address of, and what tapes
 * have. Source: VM/370, FSTD macro. */
struct cms_fst {
    char fn[8], ft[8];                /* 00 */
    uint8_t date[4];                  /* 10 packed MM DD HH MM */
    be16 write_pointer, read_pointer; /* 14 */
    char fm[2];                       /* 18 */
    be16 items, chain;                /* 1A */
    char recfm;                       /* 1E */
    uint8_t flags;                    /* 1F 80: STATE: on a disk accessed for reading only */
    be32 lrecl;                       /* 20 */
    be16 blocks;                      /* 24 */
    char year[2];                     /* 26 two digits */
};
LAYOUT(struct cms_fst, 40);

/* The file system's parameter list (FSCB), as RDBUF, WRBUF, FINIS, POINT, ERASE and STATE
 * take it by SVC 202.  Source: VM/370 and VM/SP, FSCBD macro. */
struct fscb {
    char command[8]; /* 00 set by the kit's functions */
    char fn[8];      /* 08 */
    char ft[8];      /* 10 */
    char fm[2];      /* 18 */
    uint16_t itno;   /* 1A record number, if not extended; 0: the next */
    void *buffer;    /* 1C */
    uint32_t size;   /* 20 of the buffer, bytes */
    char recfm;      /* 24 'F' or 'V' */
    uint8_t flag;    /* 25 FSCB_EXTENDED: aitn, anit are used */
    uint16_t noit;   /* 26 number of records, if not extended */
    uint32_t nord;   /* 28 bytes read */
    uint32_t aitn;   /* 2C record number; 0: the next */
    uint32_t anit;   /* 30 number of records */
    uint32_t wptr;   /* 34 POINT: write pointer, 0 unchanged, -1 end */
    uint32_t rptr;   /* 38 POINT: read pointer */
};
LAYOUT(struct fscb, 60);
FIELD_AT(struct fscb, nord, 0x28);
#define FSCB_EXTENDED 0x20

/* Return codes of the file functions (VM/370, FSREAD and FSWRITE). */
enum file_rc {
    FILE_NOT_FOUND = 1,
    FILE_IO_ERROR = 3,
    FILE_BAD_LETTER = 4, /* mode letter not accessed or not valid */
    FILE_BAD_RECFM = 7,
    FILE_CUT = 8,        /* buffer smaller than the record: the rest is lost */
    FILE_READ_ONLY = 12, /* WRBUF: disk is read-only */
    FILE_END = 12,       /* RDBUF: no such record any more */
    FILE_FULL = 13,      /* disk full */
    FILE_BAD_LENGTH = 15,
    FILE_OTHER_RECFM = 16, /* not the file's format */
    FILE_LIMIT = 19,       /* more than a disk of 800-byte blocks can have */
    FILE_BAD_FN = 20,      /* bad character in file name */
    FILE_BAD_FT = 21,
    FILE_NO_STORAGE = 25,
};

/* Makes an id of strings, upper case; fm "" or "*": any disk for reading, A1 for writing. */
void cms_fileid(struct cms_fileid *id, const char *fn, const char *ft, const char *fm);
/* Only these characters may be in a file's name and type. */
static inline bool cms_valid_name(const char field[8])
{
    if (field[0] == ' ')
        return false;
    for (int i = 0; i < 8; i++)
        if (field[i] != ' ' && !str_is_alnum(field[i]) && !strchr("$#@+-:_", field[i]))
            return false;
    return true;
}
/* Makes it of tokens n, n+1, n+2 of the call; false if name or type is missing.  A missing
 * mode becomes `fm`. */
bool cms_fileid_of(struct cms_fileid *id, const struct cms_call *call, int n, const char *fm);
/* "PROFILE EXEC A1": for messages; to needs 21 bytes. Returns to. */
const char *cms_fileid_text(char *to, const struct cms_fileid *id);

/* STATE: 0, or 28 not found, 36 disk not accessed, 20 bad character. */
int cms_state(const struct cms_fileid *id, struct cms_fileinfo *info);

/* Makes the file ready for the functions below: nothing is opened yet. */
void cms_file(struct fscb *f, const struct cms_fileid *id);
/* Reads the next record into buffer; f->nord = its length. 0 or enum file_rc; with FILE_CUT
 * nord is `size`. */
int cms_file_read(struct fscb *f, void *buffer, size_t size);
/* Reads record `number` (from 1). */
int cms_file_read_at(struct fscb *f, uint32_t number, void *buffer, size_t size);
/* Appends a record; the first one creates the file with `recfm` (an F file takes records of
 * one length).  write_at replaces record `number` (V: same length), or appends at end + 1. */
int cms_file_write(struct fscb *f, const void *record, size_t length, char recfm);
int cms_file_write_at(struct fscb *f, uint32_t number, const void *record, size_t length,
                      char recfm);
/* F files: up to `count` records one behind the other, from record `number` on (0: the next); as
 * many as there are, f->nord bytes.  Each call of CMS costs more than a record, under CP most of
 * all. */
int cms_file_read_many(struct fscb *f, uint32_t number, void *buffer, size_t size, uint32_t count);
/* Adds `count` records of `length` bytes each to an F file. */
int cms_file_write_many(struct fscb *f, const void *records, size_t length, uint32_t count);
int cms_file_close(struct fscb *f); /* FINIS: what was written is permanent now */
int cms_file_erase(const struct cms_fileid *id);
int cms_file_rename(const struct cms_fileid *from, const struct cms_fileid *to);
/* The file's date of last change becomes that of `like`. */
int cms_file_redate(const struct cms_fileid *id, const struct cms_fileinfo *like);
/* Types DMSxxx107S where the disk is full, and what to do; else DMSxxx105S; returns 13 or 100. */
int cms_write_error(const char *module, const struct cms_fileid *id, int rc);
/* Types DMSxxx104S/105S "ERROR 'nn' READING/WRITING FILE 'fn ft fm' FROM/ON DISK"; returns 100. A
 * full disk is 107S, 13. module: three letters. */
int cms_file_error(const char *module, const struct fscb *f, int rc, bool writing);

/* Listing: cms_list_start, then cms_list_next until it is not 0. Letter 0: all disks. */
struct cms_list {
    uint32_t disk, entry; /* the nucleus's place in the list */
    struct cms_fileinfo info;
};
void cms_list_start(struct cms_list *list);
int cms_list_next(struct cms_list *list, char letter);
/* Matches a name or type field against a pattern: '*' any string, '%' any character. */
bool cms_match(const char field[8], const char pattern[8]);

/* ---- options and the messages that commands share ---- */

/* An option behind the "(": its name, the letters that suffice, whether a value follows. */
struct cms_option {
    const char *name;
    uint8_t least;
    uint8_t has_value;
};
/* found[i]: NULL if option i was not given, else its value's token (its own if it has none).
 * 24 after DMSmod003E INVALID OPTION. module: the three letters of messages. */
int cms_parse_options(const struct cms_call *call, const char *module,
                      const struct cms_option *options, int count, const char *found[]);
/* For commands that have none. */
int cms_no_options(const struct cms_call *call, const char *module);
/* The file id at tokens n to n + 2, the mode `fm` if it is missing, nothing behind it, no options:
 * 0, or 24 after a message. */
int cms_only_fileid(struct cms_fileid *id, const struct cms_call *call, const char *module, int n,
                    const char *fm);
/* The number in a token; false if it is none. */
bool cms_number(const char token[8], uint32_t *value);
/* Index of the first token that is not an operand: the "(" or the end. */
int cms_operands_end(const struct cms_call *call);

bool cms_is_quiet(const char *module);                            /* an EXEC wants no 002E of it */
int cms_no_file(const char *module, const struct cms_fileid *id); /* 002E, 28 */
int cms_incomplete(const char *module);                           /* 054E, 24 */
int cms_bad_operand(const char *module, const char token[8]);     /* 070E, 24 */
int cms_not_accessed(const char *module, char letter);            /* 069E, 36 */
int cms_disk_read_only(const char *module, char letter);          /* 037E, 36 */
int cms_file_exists(const char *module, const struct cms_fileid *id); /* 024E, 28 */
/* Before a file is written: 069E or 037E, 36; 062E, 20. */
int cms_can_create(const char *module, const struct cms_fileid *id);
/* What a STATE that failed with rc means: 069E or 002E. */
int cms_state_error(const char *module, int rc, const struct cms_fileid *id);
/* 0 if files can be written on the disk, else the message's return code. */
int cms_can_write(const char *module, char letter);
/* Makes the file `from`, written completely, into `to`, replacing it if it is there: at once. */
int cms_replace_file(const struct cms_fileid *from, const struct cms_fileid *to);

/* A MACLIB or TXTLIB that is read: cms/library/library.h has its form. */
struct cms_library {
    struct fscb file;
    struct library_member *members; /* from cms_alloc */
    uint32_t count;
};
/* 0; 28 no such file; 32 it is no library; 104; 100 after a message. */
int cms_library_open(struct cms_library *library, const struct cms_fileid *id);
void cms_library_close(struct cms_library *library);
/* NULL if it has no such member. */
const struct library_member *cms_library_find(const struct cms_library *library,
                                              const char name[8]);

/* What PRINT, PUNCH and TYPE work on: a whole file, or with MEMBER a member, or each of them (*).
 */
struct cms_part {
    char name[8]; /* the member's; blank: it is the file */
    uint32_t first, count;
};
/* `each` gets them in order until its result is not 0, which is returned; 28 or 32 after a message.
 */
int cms_parts(const char *module, const struct cms_fileinfo *info, const char *member,
              int (*each)(void *context, const struct cms_part *part), void *context);

/* ---- disks ---- */

struct cms_disk {
    char letter, extends; /* extends: ' ', or the letter it is an extension of */
    uint8_t read_only;
    uint8_t spare;
    uint16_t address;
    uint16_t type; /* 0x3350 */
    char label[6];
    uint16_t block_size;
    uint32_t cylinders, blocks, used,
        files; /* cylinders of a fixed-block disk: blocks of 512 bytes */
};
int cms_disk(char letter, struct cms_disk *disk); /* 36 not accessed */
/* *replaced, unless NULL: the letter the disk had before, or 0.  only: patterns of the files that
 * are to be seen; NULL: all. */
int cms_access(unsigned address, char letter, char extends, unsigned flags,
               const struct cms_fileid *only, char *replaced);
int cms_release(char letter);
int cms_commit(char letter);

/* ---- devices ---- */

/* A channel program run to its end.  ccws: up to device end, data in 24-bit addresses. */
struct cms_io {
    uint32_t address;    /* of the device */
    uint32_t ccws;       /* address of the first CCW */
    uint8_t unit_status; /* out: all status until device end, or'ed */
    uint8_t channel_status;
    uint16_t residual;
    uint32_t last_ccw; /* CSW address */
    uint8_t sense[24]; /* read on unit check */
};
/* 0 if it ended without errors, 3 not operational, 1 with errors in status and sense. */
int cms_io(struct cms_io *io);

/* DIAGNOSE 14 under CP: function SPOOL_... of a virtual reader; rx is an address or a spool id. The
 * condition code: 0 done, 1 there are no more, 2 no such file, 3 error. */
#define SPOOL_READ_BLOCK 0x000u /* the open file's next block, 4096 bytes, to address rx */
#define SPOOL_SELECT     0x00cu /* opens the file with id rx */
#define SPOOL_NEXT_DESCRIPTION                                                                     \
    0xfffu /* at rx: of the file behind the one that is described there */
int cms_spool_file(uint32_t rx, unsigned device, unsigned function);
/* DIAGNOSE 4C: an accounting record with these 1 to 70 bytes; CP puts the userid in front. */
void cms_account(const void *data, size_t length);

/* Channel programs that run while the program does other things, and waiting for several things at
 * once: what comes first is the event. */
struct cms_event {
    enum event_kind kind;
    uint16_t device;
    uint8_t unit_status, channel_status;
    uint16_t residual;
    uint32_t last_ccw; /* CSW address */
};
int cms_start_io(unsigned device, const void *ccws); /* 3 not operational, 104 */
/* With NULL nothing is started, but attention from the device is an event from now on. */
void cms_halt_io(unsigned device);
void cms_event(struct cms_event *event);
void cms_event_within(uint32_t seconds, struct cms_event *event); /* at most so long: EVENT_TIME */

struct cms_device {
    uint16_t address;
    uint16_t type; /* 0x3350, ...; 0 if it is no disk */
    uint8_t model;
    uint8_t spare[3];
    uint32_t cylinders;  /* of the (mini)disk; fixed-block: its blocks of 512 bytes */
    uint16_t heads;      /* tracks of a cylinder; 0: a fixed-block disk */
    uint16_t block_size; /* in: of the records one thinks of */
    uint16_t per_track;  /* out: how many of them fit on a track; 0: none */
};
/* Asks about a device; block_size must be set. 36: there is none. */
int cms_device(unsigned address, struct cms_device *device);

/* Unit record.  A card is 80 columns; reading gives 0, 12 at end of file, 4 not ready or no
 * file, 100 error. */
int cms_card_read(char *card, size_t size, size_t *length);
void cms_card_again(const char *card, size_t length); /* it is the next that is read */
int cms_card_punch(const char *card, size_t length);
/* carriage: 0x09 write and space 1, 0x11 2, 0x19 3, 0x01 none, 0x89 write and skip to
 * channel 1; immediate forms 0x0b 0x13 0x1b 0x8b. */
int cms_print(const char *line, size_t length, uint8_t carriage);

/* ---- who and where ---- */
struct cms_identity {
    char userid[9], node[9], rscs[9], zone[9];
};
/* The node's name is CP's, else that of SYSTEM NETID's record for this CPU, or for any ("*"). */
void cms_identify(struct cms_identity *id);
/* Prints a record whose first byte is its carriage control: a machine code, or ASA's. */
int cms_print_controlled(const char *record, size_t length);
/* Carriage control that is ASA's: the immediate command that does it before the line; 0: none. */
uint8_t cms_asa_control(char asa);

/* ---- FILEDEF ---- */

enum filedef_device {
    FILEDEF_DISK,
    FILEDEF_TERMINAL,
    FILEDEF_READER,
    FILEDEF_PUNCH,
    FILEDEF_PRINTER,
    FILEDEF_TAPE,
    FILEDEF_DUMMY,
};
enum filedef_flag {
    FILEDEF_PERMANENT = 0x80,  /* FILEDEF * CLEAR leaves it */
    FILEDEF_MOD = 0x40,        /* what is written goes behind what is there */
    FILEDEF_LOWER_CASE = 0x20, /* of the terminal: not translated to upper case */
};
/* What the name of a data set in a program stands for.  Zero: not said. */
struct cms_filedef {
    char ddname[8];
    uint8_t device;   /* enum filedef_device */
    uint8_t flags;    /* enum filedef_flag */
    uint8_t recfm;    /* as in a DCB: enum dcb_recfm of cms/os/layout.h */
    uint8_t mode_set; /* TAPE: command that sets the density */
    uint16_t lrecl, blksize;
    uint16_t tape;        /* TAPE: device address */
    struct cms_fileid id; /* DISK */
    char member[8];       /* of a library that it is read from; blank: none */
    uint8_t spare2[2];
};
/* Types them, one to a line; 324I if there is none. */
void cms_type_filedefs(const char *module);
/* 0; 28: there is none. */
int cms_filedef(const char ddname[8], struct cms_filedef *def);

/* ---- magnetic tape ---- */

/* TAP1 to TAP4, or a device address, in a token; false if it is neither. */
bool cms_tape_unit(const char token[8], uint16_t *unit);
enum tape_rc {
    TAPE_MARK = 12, /* read: a tape mark; spacing: as well */
    TAPE_ERROR = 100,
    TAPE_FILE_PROTECTED = 6,
    TAPE_NOT_READY = 4,
    TAPE_NOT_THERE = 113, /* no such device, or no tape drive */
    TAPE_END = 2,         /* written behind the mark at the end of the reel */
};
int cms_tape_read(unsigned unit, void *block, size_t size, size_t *length);
int cms_tape_write(unsigned unit, const void *block, size_t length);
enum tape_command {
    TAPE_REWIND = 0x07,
    TAPE_UNLOAD = 0x0f,
    TAPE_ERASE_GAP = 0x17,
    TAPE_WRITE_MARK = 0x1f,
    TAPE_BACKSPACE_BLOCK = 0x27,
    TAPE_BACKSPACE_FILE = 0x2f,
    TAPE_FORWARD_BLOCK = 0x37,
    TAPE_FORWARD_FILE = 0x3f,
    TAPE_MODE_800 = 0xcb,
    TAPE_MODE_1600 = 0xc3,
    TAPE_MODE_6250 = 0xd3,
};
/* The mode set command for a density: 800, 1600, 6250. */
bool cms_tape_mode(const char token[8], uint8_t *command);
/* Any command without data. */
int cms_tape_control(unsigned unit, uint8_t command);

/* ---- DEBUG ---- */

#define DEBUG_BREAKS  16
#define DEBUG_SYMBOLS 16
/* What DEBUG shows and changes of a program that was stopped, and what it keeps from one time to
 * the next. */
struct cms_debug {
    uint32_t r[16];
    uint8_t psw[8], csw[8];
    uint32_t caw;
    uint8_t stopped; /* read only: there is such a program */
    uint8_t spare[3];
    uint32_t origin;
    struct {
        uint32_t address; /* 0: none */
        uint16_t instruction, spare;
    } breaks[DEBUG_BREAKS];
    struct {
        char name[8];
        uint32_t address, length;
    } symbols[DEBUG_SYMBOLS]; /* name zeros: none */
};

/* ---- the nucleus's switches and times ---- */

#define LOADER_PAGES  3 /* unless SET LDRTBLS says otherwise */
#define CMS_LIBRARIES 8 /* of a kind that GLOBAL takes */

struct cms_switches {
    uint8_t ready_short; /* SET RDYMSG SMSG */
    uint8_t implied_exec, implied_cp, abbreviate;
    uint8_t release_pages, protect;
    uint8_t typing_halted; /* HT */
    uint8_t halt_exec;     /* HB or HI: an EXEC stops when its command ends, and clears it */
    uint8_t in_subset;     /* CMS SUBSET */
    uint8_t reader_input;  /* console lines come from the card reader: batch */
    uint8_t under_cp;      /* read only */
    uint8_t exec_level;    /* how deep EXECs are nested: counted by EXEC, 0 at the console */
    uint8_t no_file_quiet; /* &CONTROL NOMSG: some commands do not say that a file is not there */
    uint8_t disk_sio;      /* under CP: disks by SIO, as on the bare machine */
    uint8_t auto_read_off; /* SET AUTOREAD OFF: a line is read when attention was pressed */
    uint8_t exec_trace;    /* SET EXECTRAC ON, TS: EXECs show all they do */
    uint8_t loader_pages;  /* SET LDRTBLS: 4K pages of LOAD's table */
    uint8_t svc_trace;     /* SVCTRACE: enum svc_trace_state (cms/kit/svctrace.h) */
    uint16_t console_log;  /* a printer that gets a copy of all that is typed; 0: none */
    uint32_t storage_size; /* read only */
    uint32_t user_top;     /* read only: free storage above the user area begins here */
    uint32_t user_end;     /* read only: behind what is kept in the user area; 0: nothing is */
    int32_t last_rc;       /* read only: of the last command typed */
    uint32_t module_begin, module_end, module_entry; /* LOADMOD's or LOAD's: START, GENMOD */
    uint32_t loader_table;           /* read only: LOAD's (cms/load/load.h); 0 none */
    int32_t exec_globals[10];        /* &GLOBAL0 to &GLOBAL9 */
    uint8_t input[256], output[256]; /* SET INPUT, SET OUTPUT translation */
    /* GLOBAL's libraries, in the order of search; an empty name (zeros) ends the list. */
    char maclibs[CMS_LIBRARIES][8], txtlibs[CMS_LIBRARIES][8];
};
void cms_get_switches(struct cms_switches *s);
void cms_set_switches(const struct cms_switches *s);
/* The nucleus's own, to look at: what changes is seen at once. */
const struct cms_switches *cms_view_switches(void);

/* The switches that SET and QUERY know by two words: for 0 and for 1.  Ends with a NULL name. */
struct cms_switch_name {
    const char *name;
    size_t at; /* in struct cms_switches, one byte */
    const char *off, *on;
};
extern const struct cms_switch_name cms_switch_names[];

struct cms_clock {
    uint16_t year;
    uint8_t month, day, hour, minute, second, weekday; /* weekday 0: Sunday */
    uint32_t virtual_us, total_us; /* CPU time since IPL (logon under CP), microseconds */
    char date[8];                  /* "11/24/26" */
    char time[8];                  /* "03:12:55" */
};
void cms_clock(struct cms_clock *clock);

#define CMS_SYNONYMS 40 /* most of them */
struct cms_synonym {
    char command[8], synonym[8];
    uint8_t least; /* letters of the synonym that suffice; 0: all of it */
    uint8_t spare[3];
};

/* Any service by number: p as in services.h. */
int cms_service(enum nucleus_service service, uint32_t *p);

#endif
