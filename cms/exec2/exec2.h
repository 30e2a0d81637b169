/* EXEC 2: the EXEC language without its eight-character tokens.  Words and values have up to 255
 * characters of any case, there are subroutines and functions of one's own, and commands go to CMS
 * as they are (EXECs by `EXEC name`, CP's by `CP ...`).  A file is one of its programs if its first
 * statement is &TRACE.  Portable, as cms/exec is; what both need of CMS is `struct exec_host`.
 * Source: VM/SP EXEC 2 Reference, SC24-5219. */
#ifndef CMS_EXEC2_EXEC2_H
#define CMS_EXEC2_EXEC2_H

#include "cms/exec/exec.h"

#define EXEC2_WORD    256   /* longest word, value or line, with its ending zero */
#define EXEC2_WORDS   128   /* in one statement */
#define EXEC2_TEXT    1024  /* characters of a statement with all its values */
#define EXEC2_DEPTH   32    /* subroutines that have called each other */
#define EXEC2_NESTING 8     /* functions that have called each other */
#define EXEC2_LOOPS   32    /* loops in one another, of all subroutines */
#define EXEC2_POOL    32768 /* names and values of all variables */

/* Return codes of the interpreter itself; DMSEXE085E goes with each. */
enum exec2_error {
    EXEC2_OK = 0,
    EXEC2_NO_FILE = 10001,
    EXEC2_TOO_LONG = 10004,
    EXEC2_CONTROL_WORD = 10005,
    EXEC2_LABEL = 10006,
    EXEC2_NAME = 10007,
    EXEC2_CONDITION = 10008,
    EXEC2_ASSIGNMENT = 10009,
    EXEC2_MISSING = 10010,
    EXEC2_ARGUMENT = 10011,
    EXEC2_CONVERSION = 10012,
    EXEC2_OVERFLOW = 10013,
    EXEC2_FUNCTION = 10014,
    EXEC2_LOOP_END = 10015,
    EXEC2_DIVISION = 10016,
    EXEC2_LOOP = 10017,
    EXEC2_ERROR_ACTION = 10019,
    EXEC2_UNSET_ARGUMENT = 10020,
    EXEC2_CONTEXT = 10021,
    EXEC2_STORAGE = 10097,
    EXEC2_READ = 10098,
};

struct exec2_host {
    struct exec_host common; /* command: to CMS as it stands; read: the line as it was typed */
    /* Runs a line in a subcommand environment; its return code, -3: there is none. */
    int (*subcommand)(void *context, const char *environment, const char *text);
    /* What FILENAME, FILETYPE, FILEMODE, DATE (YY/MM/DD) or TIME (HH:MM:SS) is; false: unknown. */
    bool (*fact)(void *context, const char *name, char *value, size_t size);
};

/* A statement's words; empty ones count, since a variable may be empty. */
struct exec2_statement {
    int count;
    uint16_t used;
    uint16_t word[EXEC2_WORDS]; /* where in text */
    uint8_t raw[EXEC2_WORDS];   /* where in line */
    char text[EXEC2_TEXT];
    char line[EXEC2_WORD];
};

enum exec2_trace { EXEC2_TRACE_OFF, EXEC2_TRACE_ERR, EXEC2_TRACE_ON, EXEC2_TRACE_ALL };
enum exec2_until { EXEC2_COUNT, EXEC2_WHILE, EXEC2_UNTIL };

struct exec2_loop {
    uint32_t first, last; /* lines of the body */
    uint32_t left;        /* further executions; UINT32_MAX: for ever */
    uint8_t until;        /* enum exec2_until */
    uint8_t depth;        /* the subroutine's that it belongs to */
    char condition[EXEC2_WORD];
};

struct exec2_frame {
    uint32_t from; /* line of the &CALL or function */
    uint32_t arguments;
};

/* The state of one running program: about 57K, from the caller, not initialized. */
struct exec2 {
    const struct exec2_host *host;
    const char *name;
    const char *argument_string;
    uint32_t line, next;
    uint32_t lines_to_read; /* &READ n: statements that come from the terminal first */
    int level;              /* nesting of EXECs */
    int return_code, exit_code;
    bool ended, in_error_action, mixed_case;
    enum exec2_trace trace;
    char environment[9]; /* &PRESUME &SUBCOMMAND; empty: commands */
    char error_action[EXEC2_WORD];
    char returned[EXEC2_WORD]; /* &RETURN's value */
    char output[EXEC2_TEXT];
    int depth, nesting, loop_count;
    struct exec2_frame frames[EXEC2_DEPTH + 1];
    struct exec2_loop loops[EXEC2_LOOPS];
    struct exec2_statement statements[EXEC2_NESTING + 1];
    uint32_t pool_used;
    uint8_t pool[EXEC2_POOL];
};

/* Is the first statement &TRACE? */
bool exec2_is_program(const struct exec_host *host);
/* Runs the program that `host` holds with `arguments` (a line).  Returns its &EXIT code, or the
 * exec2_error that stopped it, after the message. */
int exec2_run(struct exec2 *e, const struct exec2_host *host, const char *name, int level,
              const char *arguments);

/* Variables from outside, by names without ampersand; value has EXEC2_WORD bytes.  False: it is not
 * set. */
bool exec2_variable_get(struct exec2 *e, const char *name, char *value);
int exec2_variable_set(struct exec2 *e, const char *name, const char *value);

#endif
