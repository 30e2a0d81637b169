/* The CMS EXEC language (the first one: tokens of eight characters, control words that
 * begin with an ampersand).  The interpreter is portable: it takes lines, runs commands and
 * talks to the terminal through `struct exec_host`.  Text is in the compilation's character
 * set on both sides.  Source: VM/370 CMS User's Guide, "The EXEC Processor", and CMS Command
 * and Macro Reference, "EXEC Control Statements". */
#ifndef CMS_EXEC_EXEC_H
#define CMS_EXEC_EXEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXEC_LINE      256 /* longest line with its ending zero */
#define EXEC_TOKENS    64  /* in one statement */
#define EXEC_ARGUMENTS 30  /* &1 to &30 */
#define EXEC_LOOPS     8   /* depth of &LOOP in &LOOP */
#define EXEC_VARIABLES 400 /* user variables of one EXEC */

/* Return codes of the interpreter itself; DMSEXT072E goes with each. */
enum exec_error {
    EXEC_OK = 0,
    EXEC_FILE_NOT_FOUND = 801,
    EXEC_GOTO_ERROR = 802,
    EXEC_BAD_FORMAT = 803,
    EXEC_TOO_MANY_ARGUMENTS = 804,
    EXEC_LOOP_DEPTH = 805,
    EXEC_READ_ERROR = 806,
    EXEC_SYNTAX = 807,
    EXEC_CONDITION = 808,
    EXEC_ASSIGNMENT = 809,
    EXEC_SPECIAL_VARIABLE = 810,
    EXEC_ERROR_ACTION = 811,
    EXEC_CONVERSION = 812,
    EXEC_TOO_MANY_TOKENS = 813,
    EXEC_FUNCTION = 814,
    EXEC_LOOP_EOF = 815,
    EXEC_CONTROL_WORD = 816,
};

/* Results of exec_host.line other than a length. */
enum { EXEC_LINE_END = -1, EXEC_LINE_ERROR = -2 };

struct exec_host {
    void *context;
    /* Copies line `number` (from 1) with an ending zero; returns its length, EXEC_LINE_END
     * behind the last one, or EXEC_LINE_ERROR. */
    int (*line)(void *context, uint32_t number, char *text, size_t size);
    /* Runs a CMS (or CP) command; returns its return code. */
    int (*command)(void *context, const char *text);
    /* A line for the terminal. */
    void (*type)(void *context, const char *text);
    /* A line from the program stack, or else the terminal. */
    void (*read)(void *context, char *text, size_t size);
    bool (*stack_is_empty)(void *context);
    void (*stack)(void *context, const char *text, bool lifo);
    void (*punch)(void *context, const char *card);
    /* Value of a special variable that only CMS knows (&DISKx, &TYPEFLAG, ...): false if it is
     * none of these.  `name` comes without its ampersand, cut to seven characters. */
    bool (*special)(void *context, const char *name, char *value, size_t size);
    /* &GLOBAL0 to &GLOBAL9, which all nested EXECs share: reads or sets number n. */
    void (*global)(void *context, int n, int *value, bool set);
    /* The time line of &TIME and &CONTROL TIME. */
    void (*times)(void *context, char *text, size_t size);
    /* &TIME RESET: the times of the line begin anew. */
    void (*reset_times)(void *context);
    /* &CONTROL NOMSG and MSG: whether ERASE, LISTFILE, RENAME and STATE say that there is no such
     * file. */
    void (*quiet)(void *context, bool on);
    /* SET CMSTYPE by &STACK HT and RT. */
    void (*typing)(void *context, bool on);
    /* SET EXECTRAC ON, or TS: all statements are shown. */
    bool (*traced)(void *context);
    /* True after the HI immediate command: the EXEC ends. */
    bool (*halted)(void *context);
};

struct exec_token {
    char text[9];
};

struct exec_variable {
    char name[8]; /* without ampersand, padded */
    char value[9];
};

enum exec_control { EXEC_CONTROL_OFF, EXEC_CONTROL_ERROR, EXEC_CONTROL_CMS, EXEC_CONTROL_ALL };

struct exec_loop {
    uint32_t first, last; /* lines of the body */
    uint32_t left;        /* further executions, if it has no condition */
    bool has_condition;
    char condition[EXEC_LINE / 2];
};

/* The state of one running EXEC: about 12K, from the caller, not initialized. */
struct exec {
    const struct exec_host *host;
    const char *name;
    uint32_t line;          /* the current one */
    uint32_t next;          /* the one to be executed after it */
    uint32_t lines_to_read; /* &READ n: statements that come from the terminal first */
    int level;              /* nesting of EXECs: &GLOBAL */
    int return_code;        /* &RETCODE */
    int exit_code;
    bool ended, in_error_action, time_each;
    bool assigning;   /* X'n is converted the other way round there */
    bool hexadecimal; /* &HEX ON: tokens X'n are converted */
    enum exec_control control;
    char error_action[EXEC_LINE];
    int argument_count;
    struct exec_token arguments[EXEC_ARGUMENTS + 1]; /* [0]: the EXEC's name */
    int loop_count;
    struct exec_loop loops[EXEC_LOOPS];
    int variable_count;
    struct exec_variable variables[EXEC_VARIABLES];
    struct exec_token tokens[EXEC_TOKENS]; /* of the current statement */
    int token_count;
    char text[EXEC_LINE];
    char output[EXEC_LINE];
};

/* Variables from outside, by names without ampersand; `value` has room for nine characters.  Unset
 * ones are empty.  EXEC_OK, or an error. */
int exec_variable_get(struct exec *e, const char *name, char *value, size_t size);
int exec_variable_set(struct exec *e, const char *name, const char *value);

/* Runs the EXEC that `host` holds with `arguments` (a line).  Returns its &EXIT code, or the
 * exec_error that stopped it, after the message
 * `DMSEXT072E ERROR IN EXEC FILE name, LINE n - text`. */
int exec_run(struct exec *e, const struct exec_host *host, const char *name, int level,
             const char *arguments);

#endif
