/* The machine's operator: commands that display and alter the machine, run scripts and
 * trace.  Whoever takes commands (the console, a script) gives them here as lines; answers
 * go through machine_message. */
#ifndef S370_OPERATOR_OPERATOR_H
#define S370_OPERATOR_OPERATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct machine;
struct oper;

/* The operator takes over the machine's state_changed hook and, when needed, the CPU's
 * watch. `console` is the device that "/text" goes to (usually 009).  Never NULL. */
struct oper *operator_create(struct machine *m, uint16_t console);
void operator_destroy(struct oper *o);

/* Executes one command.  False if it failed (a message told why). */
bool operator_command(struct oper *o, const char *line);

/* A line for people to be printed when the CPU has stopped in a disabled wait, or NULL. */
void operator_set_hint(struct oper *o, const char *hint);

/* Gives the device's line somebody who listens to nothing, so that its program finds its
 * console connected.  Does nothing if somebody is there, or if it is no console. */
void operator_connect(struct oper *o, uint16_t device);

/* How scripts see 3270 screens: the model of a screen is the consoles' (consoles/screen.h). */
struct operator_screen;
struct operator_screens {
    /* Follows what the device's program writes, and calls `changed` each time. */
    struct operator_screen *(*create)(struct machine *m, uint16_t device,
                                      void (*changed)(void *context), void *context);
    void (*destroy)(struct operator_screen *screen);
    /* Sits down there as a model 2 to 5, or leaves.  False: somebody else sits there. */
    bool (*connect)(struct operator_screen *screen, unsigned model);
    void (*disconnect)(struct operator_screen *screen);
    /* The rows of the screen, each with a newline; freed by the caller. */
    char *(*text)(const struct operator_screen *screen);
    bool (*locked)(const struct operator_screen *screen); /* the host has the keyboard */
    /* Each returns NULL or what is wrong (static text). */
    const char *(*type)(struct operator_screen *screen, const char *text);
    const char *(*key)(struct operator_screen *screen, const char *name);
};
/* Without this call, scripts know no 3270s. */
void operator_set_screens(struct oper *o, const struct operator_screens *screens);

/* What the command gdb does: listens for debuggers at `where` (port or address:port; NULL: nowhere
 * any more).  False with a message. */
void operator_set_gdb(struct oper *o, bool (*listen)(void *context, const char *where),
                      void *context);

/* Starts a script, which then runs with the machine.  `ends_machine`: the machine quits
 * with status 1 if it fails, and with 0 at its end.  False with a message if the file can't
 * be read. */
bool operator_run_script(struct oper *o, const char *path, bool ends_machine);

/* Loads the symbols that trace and displays use.  False with a message unless `quiet`. */
bool operator_load_symbols(struct oper *o, const char *path, bool quiet);

/* "name+off" of an address in the symbol file, or "". */
void operator_symbol(struct oper *o, uint32_t address, char *text, size_t size);

/* Counts from now on how often programs were taken out of problem state: under a control program
 * the exits of its guests.  They are told apart by their segment tables; the names of CP's guests
 * are found if CP's symbols are loaded. */
struct operator_exits {
    uint32_t segment_table; /* CR1 */
    char name[9];           /* of the guest, or "" */
    uint64_t count;
};
void operator_count_exits(struct oper *o, bool on);
/* The programs so far, by time of their first exit; *rows is valid until the next one. */
unsigned operator_exits(const struct oper *o, const struct operator_exits **rows);

/* The rows of the command table, for help, docs and their test.  NULL at the end. */
struct operator_command {
    const char *name;
    unsigned least; /* characters that are enough */
    bool (*run)(struct oper *o, int argc, char **argv);
    const char *operands;
    const char *help;
};
const struct operator_command *operator_commands(void);

#endif
