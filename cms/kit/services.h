/* What programs ask the CMS nucleus for: the SVC interface, seen by the nucleus and the kit.
 *
 * SVC 202: R1 -> a parameter list of 8-character tokens that begins with the name of a
 * command or nucleus function and ends with 8 x X'FF'.  R1's high byte says how the caller
 * got the list (enum call_kind).  A fullword whose first byte is zero behind the SVC is an
 * error address: with R15 not zero control goes there (1: to the instruction behind it), else
 * behind it.  Without one control always goes on behind the SVC.  R15 = return code; R0-R14
 * are kept.
 * Nucleus functions have binary lists: FSCB for RDBUF, WRBUF, FINIS, POINT, ERASE, STATE;
 * the others are described in docs/inside-cms.md.
 *
 * SVC 203: a halfword after the SVC holds the function (enum nucleus_service), R1 -> its
 * parameters: an array of fullwords, in and out.  R15 = return code; R0-R14 are kept.
 *
 * Source: VM/370 System Programmer's Guide (GC20-1807), "CMS Linkage"; the functions of
 * SVC 203 are our own, in place of VM/370's internal ones. */
#ifndef CMS_KIT_SERVICES_H
#define CMS_KIT_SERVICES_H

#include "lib/be.h"

#include <stdint.h>

enum call_kind {
    CALL_PROGRAM = 0x00,      /* tokens only: no extended list */
    CALL_EXTENDED = 0x01,     /* from an EXEC or program, R0 -> struct extended_plist */
    CALL_SUBCOMMAND = 0x02,   /* the first token is a subcommand environment; R0 as above */
    CALL_NO_EXTENSION = 0x04, /* as 00, and nucleus extensions are passed over */
    CALL_CONSOLE = 0x0b,      /* typed at the console, R0 -> struct extended_plist */
    CALL_EXEC_SHOWN = 0x0d,   /* from an EXEC under &CONTROL ALL; no extended list */
    CALL_SERVICE = 0xff,      /* from CMS to a nucleus extension: PURGE or RESET */
};

/* R0 points to it when the kind says so: the line as it was before it became tokens. */
struct extended_plist {
    uint32_t command; /* address of the command's name */
    uint32_t begin;   /* of the arguments */
    uint32_t end;     /* behind the last argument */
    uint32_t zero;
};

/* SVC 203.  p[] are the parameter words; "-> text" means address; lengths in bytes. */
enum nucleus_service {
    SERVICE_COMMAND = 1,  /* run a command line: p0 -> text, p1 length, p2 enum command_flag */
    SERVICE_CP = 2,       /* CP command: p0 -> text, p1 length, p2 -> response, p3 its size;
                             out p3 length of the response (may exceed size: it was cut) */
    SERVICE_GET = 3,      /* storage: p0 bytes, p2 1: it is kept when the command ends; out p1
                             address (of a doubleword); rc 104 */
    SERVICE_FREE = 4,     /* p0 bytes, p1 address */
    SERVICE_WRITE = 5,    /* console: p0 -> text, p1 length, p2 enum write_flag */
    SERVICE_READ = 6,     /* console: p0 -> buffer, p1 its size, p2 enum read_flag; out p1 length */
    SERVICE_STACK = 7,    /* program stack: p0 -> text, p1 length, p2 enum stack_flag */
    SERVICE_STACKED = 8,  /* out p0 lines in the program stack, p1 lines typed ahead */
    SERVICE_CLOCK = 9,    /* p0 -> struct cms_clock */
    SERVICE_STATE = 10,   /* p0 -> struct cms_fileid, p1 -> struct cms_fileinfo; 28, 36 */
    SERVICE_LIST = 11,    /* p0 mode letter (0: all in order), p1 -> struct cms_list */
    SERVICE_RENAME = 12,  /* p0 -> old struct cms_fileid, p1 -> new one */
    SERVICE_DISK = 13,    /* p0 mode letter, p1 -> struct cms_disk; 36 not accessed */
    SERVICE_ACCESS = 14,  /* p0 device address, p1 mode letter, p2 letter it extends or 0,
                             p3 enum access_flag, p4 -> struct cms_fileid: its files that fit
                             only, or 0; out p4 mode letter it replaced, or 0 */
    SERVICE_RELEASE = 15, /* p0 mode letter */
    SERVICE_IO = 16,      /* p0 -> struct cms_io */
    SERVICE_SWITCHES =
        17,             /* p0 -> struct cms_switches, p1 0 get, 1 set; 2: out p0 where they are */
    SERVICE_CARD = 18,  /* read a card: p0 -> 80 bytes (or p1 size); out p1 length; rc 12; p2 1: the
                           card of p1  bytes at p0 is to be read again */
    SERVICE_PUNCH = 19, /* p0 -> card, p1 length */
    SERVICE_PRINT = 20, /* p0 -> line, p1 length, p2 machine carriage control */
    SERVICE_LOAD =
        21, /* load a MODULE: p0 -> struct cms_fileid, p4 1: it is kept when the command
               ends, 2: to the user area or where it was made for; out p1 entry, p2 origin, p3 end,
               p4 1: free it by SERVICE_FREE, 0: it lies at a fixed place */
    SERVICE_COMMIT = 22,   /* make all file changes so far permanent: p0 mode letter, 0 all */
    SERVICE_SYNONYMS = 23, /* p0 -> struct cms_synonym array, p1 count; p2 0 or 1: set them, 1: the
                              system's abbreviations count, too; 2: get them, out p1 count */
    SERVICE_RECOVERY = 24, /* command line to run after an abend in place of reading the
                              console: p0 -> text, p1 length (0: none) */
    SERVICE_DEVICE = 25,   /* p0 device address, p1 -> struct cms_device */
    SERVICE_MESSAGE = 26,  /* error message, edited by CP's EMSG: p0 -> text, p1 length */
    SERVICE_OUTPUT_LIMIT = 29, /* end programs that print more than p0 lines or punch more than p1
                                  cards from now on (0: any number); with p3 1 nothing is set; out
                                  p2 enum output_limit: what has been exceeded */
    SERVICE_TIME_LIMIT = 30,  /* end programs that run on after p0 seconds by the interval timer, as
                                 a program check would; 0: no limit */
    SERVICE_READER_WAIT = 31, /* waits until the card reader 00C becomes ready */
    SERVICE_SCREEN_SIZE = 32, /* out p0 columns, p1 rows of the 3270, p2 flags; 40: there is none */
    SERVICE_SCREEN_WRITE = 33, /* p0 -> data stream, p1 length, p2 enum screen_control; 4: write the
                                  whole screen, CP had it; 40: there is no 3270 */
    SERVICE_SCREEN_READ = 34, /* waits for a key: p0 -> buffer, p1 its size, p2 enum screen_control;
                                 out p1 length; 4, 40 as above */
    SERVICE_PROGRAM = 35,     /* what is loaded in the user area: p0 its beginning, p1 end, p2 entry
                                 point, p3 end of what is to be kept behind it, p4 -> the loader's
                                 table (cms/load/load.h) or 0; rc 104: storage is in use there */
    SERVICE_RESIDENT = 36, /* p0 enum resident_kind, p1 which one, from 0, the last declared first,
                              p2 -> struct scblock; rc 28: there are not so many */
    SERVICE_REDATE = 37,  /* p0 -> struct cms_fileid, p1 -> the date of its last change from now on:
                             7 bytes, packed, century first */
    SERVICE_FILEDEF = 40, /* FILEDEF's table: p0 enum filedef_function, p1 -> struct
                             cms_filedef, p2 number from 0 (FILEDEF_NUMBER); rc 28 not there */
    SERVICE_ALARM = 41,   /* OS simulation: OS_ALARM when the TOD clock has passed p0, p1 (its
                             two halves); both 0: never */
    SERVICE_START_IO = 38, /* starts p0 device with p1 -> CCWs and does not wait: its end is an
                              event; p1 0: nothing is started, its attention is an event from now
                              on; rc 3 not operational, 104 too many devices */
    SERVICE_HALT_IO = 39,  /* halts p0 device; its end is an event */
    SERVICE_EVENT = 42,    /* waits for what comes first, at most p0 seconds (0: for
                              ever); out p0 enum event_kind, of a device p1 its
                              address, p2 unit status and channel status (a byte each), p3 residual
                              count, p4 CSW address */
    SERVICE_DEBUG = 48,    /* p0 enum debug_function, p1 -> struct cms_debug */
    SERVICE_KEY =
        50, /* the program's storage key; the halfword's upper byte is enum key_function */
    SERVICE_LINEDIT = 49, /* LINEDIT: R1 -> struct linedit_list (cms/os/linedit.h); OSSIM does it */
};

enum event_kind {
    EVENT_DEVICE = 1,  /* a channel program started by SERVICE_START_IO has ended */
    EVENT_LINE = 2,    /* a line was typed at the console: SERVICE_READ has it */
    EVENT_MESSAGE = 3, /* VMCF: the buffer given to AUTHORIZE is filled */
    EVENT_READER = 4,  /* the card reader 00C has become ready: a file is there */
    EVENT_TIME = 5,    /* the seconds are over */
};

#define SERVICE_MOST 64 /* numbers below this have an SVC in start.S */

enum command_flag {
    COMMAND_IMPLIED = 1, /* look for EXECs and try CP as SET IMPEX and IMPCP say */
    COMMAND_EXEC = 2,    /* from an EXEC: call kind CALL_EXTENDED */
    COMMAND_QUIET = 4,   /* no "Unknown CP/CMS command" message */
};
enum write_flag {
    WRITE_NO_RETURN = 1, /* the carrier stays behind the text: a prompt */
    WRITE_ALWAYS = 2,    /* also when HT halted typing */
};
enum read_flag {
    READ_TERMINAL = 1, /* not from the stack: from the console itself */
    READ_UPPER = 2,    /* lower case letters become upper case */
    READ_STACK = 4,    /* from the stack only; rc 4 if it is empty */
};
enum stack_flag { STACK_FIFO = 0, STACK_LIFO = 1, STACK_CLEAR = 2, STACK_CLEAR_ALL = 3 };
enum key_function { KEY_RESET, KEY_NUCLEUS, KEY_USER };
enum resident_kind { RESIDENT_EXTENSION, RESIDENT_SUBCOMMAND, RESIDENT_KINDS };
enum debug_function { DEBUG_GET, DEBUG_PUT };
/* DEBUG's return code: what becomes of the program that was stopped. */
enum debug_answer { DEBUG_RETURN = 0, DEBUG_GO = 1, DEBUG_HX = 2 };
enum filedef_function {
    FILEDEF_GET,    /* the one with p1's ddname */
    FILEDEF_SET,    /* makes it, or replaces it; rc 104: no storage */
    FILEDEF_CLEAR,  /* forgets the one with p1's ddname */
    FILEDEF_NUMBER, /* the p2'th */
};
enum output_limit { OUTPUT_WITHIN = 0, OUTPUT_LINES = 1, OUTPUT_CARDS = 2 };
enum screen_control {                          /* as in DIAGNOSE 58's CCWs */
                      SCREEN_ERASE = 0x80,     /* writes: erase first, the usual size of 24 by 80 */
                      SCREEN_ALTERNATE = 0xc0, /* ... the terminal's own size */
                      SCREEN_STRUCTURED = 0x20, /* the stream is of structured fields */
                      SCREEN_ATTENTION = 0x10,  /* with the first two: PA1 is the program's */
                      SCREEN_MODIFIED =
                          0x80, /* reads: the fields that were changed; without it the buffer */
};
enum access_flag {
    ACCESS_READ_ONLY = 1,
    ACCESS_ERASE = 2, /* forget all its files (on the disk at the first write) */
};

#endif
