/* The user directory: who may log on, and what their virtual machines are made of.  Its
 * source is text (statements USER, MDISK, ...: VM/370 Planning and System Generation Guide,
 * "Creating your VM/370 directory"); directory_compile() checks it and makes the object form:
 * records of 4096 bytes in the DRCT space of a CP volume.  CP reads these, one record
 * at a time, through a callback.  Portable: the host compiles the shipped directory with the
 * same code.  Text in the structures below is in the compilation's own character set and
 * ends with a zero; in the records it is EBCDIC.
 *
 * Record 0 is the header with the table of named systems, then come the entries, each whole within
 * a record, then the index (users in the order of their EBCDIC names); internal.h has the layouts.
 */
#ifndef CP_DIRECTORY_DIRECTORY_H
#define CP_DIRECTORY_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DIRECTORY_RECORD 4096
/* Where the VOL1 label (cylinder 0, head 0, record 3) has the slot number of record 0 of the
 * directory, a fullword; the records follow each other in slots. */
#define DIRECTORY_VOL1_OFFSET 52

enum directory_error {
    DIRECTORY_OK = 0,
    DIRECTORY_NOT_FOUND, /* no such user; no further device */
    DIRECTORY_IO,        /* the callback failed */
    DIRECTORY_DAMAGED,   /* the records are no directory */
};

/* A directory on disk.  The buffer (DIRECTORY_RECORD bytes) holds the record used last, so
 * the calls may block for one read each. */
struct directory {
    void *context;
    bool (*read_record)(void *context, uint32_t number, void *bytes); /* false: I/O error */
    uint8_t *buffer;
    /* filled in by directory_open */
    uint32_t record; /* in the buffer; UINT32_MAX: none */
    uint32_t records, users, index, index_records, systems;
};

enum directory_option {
    OPTION_REALTIMER = 0x0001,
    OPTION_ECMODE = 0x0002,
    OPTION_ISAM = 0x0004,
    OPTION_VIRTREAL = 0x0008,
    OPTION_ACCT = 0x0010,
    OPTION_SVCOFF = 0x0020,
    OPTION_BMX = 0x0040,
    OPTION_CPUID = 0x0080, /* cpuid is given */
    OPTION_AFFINITY = 0x0100,
    OPTION_LNKNOPAS = 0x0200,
    OPTION_STFIRST = 0x0400,
};

/* Privilege classes: bit 0x80 is A, 0x01 is H. */
#define DIRECTORY_CLASS(letter_index) ((uint8_t)(0x80 >> (letter_index)))

/* A password as it is kept: mixed with the user's name by a function that does not go
 * backwards.  It keeps passwords out of dumps and listings; it is no cryptography. */
struct directory_password {
    enum directory_password_kind {
        PASSWORD_NONE, /* none given: nobody gets in by one (LINK: that mode is not allowed) */
        PASSWORD_ALL,  /* MDISK ... ALL: none is asked for */
        PASSWORD_SET,
        PASSWORD_NOLOG, /* USER ... NOLOG: cannot log on */
    } kind;
    uint8_t mixed[8];
};

struct directory_user {
    char userid[9];
    struct directory_password password;
    uint32_t storage, max_storage; /* bytes */
    uint8_t classes;
    uint8_t priority;                                /* 1 to 99; 64 if not given */
    char line_end, line_delete, char_delete, escape; /* 0: OFF */
    char account[9], distribution[9];
    uint16_t options; /* enum directory_option */
    uint32_t cpuid;
    uint8_t affinity;
    char ipl[9];       /* device number or name of a system; "": none */
    char ipl_parm[65]; /* text after PARM */
    /* private: the entry's items in the directory's buffer's record */
    uint32_t record;
    uint16_t offset, length;
};

enum directory_kind {
    DEVICE_CONSOLE = 1,
    DEVICE_SPOOL,
    DEVICE_MDISK,
    DEVICE_TDISK, /* MDISK ... T-DISK: cylinders only */
    DEVICE_DEDICATE,
    DEVICE_LINK,
    DEVICE_SPECIAL,
};

/* LINK and MDISK access modes. */
enum directory_mode {
    LINK_R = 1,
    LINK_RR,
    LINK_W,
    LINK_WR,
    LINK_M,
    LINK_MR,
    LINK_MW,
};

/* What a spooled device is, from its type. */
enum directory_unit {
    UNIT_NONE,
    UNIT_READER,
    UNIT_PUNCH,
    UNIT_PRINTER,
};

struct directory_device {
    enum directory_kind kind;
    uint16_t address; /* virtual */
    char type[6];     /* "3215", "2540R", "3350", "CTCA", "TIMER"; LINK: "" */
    /* CONSOLE, SPOOL */
    char spool_class;  /* 'A' ..., or '*'; 'T' for consoles */
    char secondary[9]; /* CONSOLE: user who sees the console when it is disconnected; or "" */
    enum directory_unit unit;
    /* MDISK, TDISK */
    uint16_t start, cylinders;
    char volume[7]; /* also DEDICATE by volume */
    enum directory_mode mode;
    struct directory_password read, write, multiple;
    /* DEDICATE: a real address, or `volume` */
    uint16_t real_address;
    bool read_only;
    /* LINK */
    char owner[9];
    uint16_t owner_address;
};

/* A named system: NAMESYS, which is what a row of DMKSNT is in VM/370. */
#define SYSTEM_RANGES 8
#define SYSTEM_PAGES  480 /* that one system may have */
struct directory_system {
    char name[9];
    /* Where it is kept: a CP-owned volume, the first slot by cylinder and page of it.  The pages
     * follow that slot. */
    char volume[7];
    uint16_t cylinder;
    uint8_t page;
    bool protect;     /* shared pages may not be altered */
    uint16_t address; /* IPL wants this virtual device; 0: it is a segment, or none is needed */
    uint32_t size;    /* bytes of storage that IPL wants at least */
    struct {
        uint16_t first, last;
    } range[SYSTEM_RANGES]; /* saved pages, ascending */
    uint8_t ranges;
    uint8_t shared[32]; /* bit n from the left: segment n is shared */
};

/* --- use --- */

/* The caller has set context, read_record and buffer. */
enum directory_error directory_open(struct directory *d);
/* Looks a user up (case does not matter). */
enum directory_error directory_find(struct directory *d, const char *userid,
                                    struct directory_user *user);
/* User number `n` (0 to d->users - 1), in order of names. */
enum directory_error directory_user_at(struct directory *d, uint32_t n,
                                       struct directory_user *user);

/* Goes through the user's devices in the order of the source.  Set *cursor to 0 first;
 * DIRECTORY_NOT_FOUND at the end. */
enum directory_error directory_next_device(struct directory *d, const struct directory_user *user,
                                           uint16_t *cursor, struct directory_device *device);
enum directory_error directory_find_device(struct directory *d, const struct directory_user *user,
                                           uint16_t address, struct directory_device *device);

/* Looks a named system up (case does not matter). */
enum directory_error directory_find_system(struct directory *d, const char *name,
                                           struct directory_system *system);
/* System number `n`, in the order of the source. */
enum directory_error directory_system_at(struct directory *d, uint32_t n,
                                         struct directory_system *system);

/* Does `given` (native text, case does not matter) open this?  `userid` is the owner of the
 * entry.  NONE and NOLOG: never; ALL: always. */
bool directory_password_matches(const struct directory_password *p, const char *userid,
                                const char *given);

/* Words of the source, also for commands. */
bool directory_mode_parse(const char *word, enum directory_mode *mode);
const char *directory_mode_name(enum directory_mode mode);

/* --- compile --- */

enum directory_severity {
    DIRECTORY_WARNING,
    DIRECTORY_ERROR, /* no object form is to be used */
};

struct directory_source {
    void *context;
    /* The next line without its end, native text, at most size - 1 characters and a zero;
     * false: no more. */
    bool (*next_line)(void *context, char *line, size_t size);
    /* Record `number` of the object form; they come in any order, some twice.  false: failed. */
    bool (*write_record)(void *context, uint32_t number, const void *bytes);
    /* `statement` is the statement's name ("" if the line has none), `text` says what is wrong. */
    void (*message)(void *context, enum directory_severity severity, uint32_t line,
                    const char *statement, const char *text);
    /* write_record may be NULL: only check. */
    uint32_t max_records; /* of the space for the object form */
};

struct directory_totals {
    uint32_t users, minidisks, systems, records, errors, warnings;
    char volume[7];   /* of the DIRECTORY statement ... */
    uint16_t address; /* ... and where it is to be written to */
};

/* Compiles a directory.  `memory` holds three records, and 16 bytes for each user and each
 * minidisk: 64K do for 1500 of each.  An error does not end the work: all are told.  True if there
 * was none and all was written; only then record 0 has been written, last of all. */
bool directory_compile(const struct directory_source *source, void *memory, size_t size,
                       struct directory_totals *totals);

#endif
