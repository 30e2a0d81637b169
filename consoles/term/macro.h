/* The commands of the terminal itself: typed at its command line, or read from a macro file.  The
 * customs are those of the machine's scripts (docs/operating.md): one command on a line, # begins
 * a comment line, words with blanks stand in double quotes, in which \" and \\ may stand. */
#ifndef CONSOLES_TERM_MACRO_H
#define CONSOLES_TERM_MACRO_H

#include "consoles/term/keys.h"

#define COMMAND_WORDS  4
#define COMMAND_LENGTH 512 /* longest line, bytes */
#define COMMAND_ERROR  160
#define EXPECT_SECONDS 30
#define COMMANDS_MOST  10000 /* of a macro file */

enum verb {
    VERB_NONE, /* an empty line or a comment */
    VERB_BIND,
    VERB_CLOSE,
    VERB_CONNECT,
    VERB_EXPECT,
    VERB_HELP,
    VERB_KEY,
    VERB_MACRO,
    VERB_NEXT,
    VERB_PREVIOUS,
    VERB_QUIT,
    VERB_SAVE,
    VERB_SEARCH,
    VERB_SESSION,
    VERB_TRACE,
    VERB_TYPE,
    VERBS
};

struct term_command {
    enum verb verb;
    unsigned line;  /* of the file */
    unsigned count; /* of words behind the verb */
    char text[COMMAND_LENGTH];
    uint16_t words[COMMAND_WORDS]; /* where in `text` */
    /* What the words mean, as far as the verb has such. */
    enum action action;
    tty_key key;
    uint32_t number; /* repetitions, seconds, session */
};

/* Word n behind the verb; "" if there is none. */
const char *command_word(const struct term_command *c, unsigned n);

/* For help and docs: NULL of VERB_NONE. */
const char *verb_name(enum verb verb);
const char *verb_operands(enum verb verb);
const char *verb_help(enum verb verb);

/* False with a message if the line is no command. */
bool command_parse(const char *line, struct term_command *c, char error[COMMAND_ERROR]);

struct host_name {
    bool tls;
    uint16_t port; /* 0: it is not said */
    char lu[64];   /* "": any */
    char host[256];
};

/* "[tls://][LU@]HOST[:PORT]", an IPv6 address with a port in brackets.  False: it is none. */
bool host_parse(const char *text, struct host_name *name);

struct macro {
    char name[256];
    struct term_command *commands;
    unsigned count;
};

/* All commands of a macro file, or NULL with a message that names the line. */
struct macro *macro_parse(const char *name, const char *text, size_t length,
                          char error[COMMAND_ERROR]);
struct macro *macro_read(const char *path, char error[COMMAND_ERROR]);
void macro_free(struct macro *m);

#endif
