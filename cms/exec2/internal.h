/* What the files of the EXEC 2 interpreter share; see exec2.h for the language. */
#ifndef CMS_EXEC2_INTERNAL_H
#define CMS_EXEC2_INTERNAL_H

#include "cms/exec2/exec2.h"

/* --- words.c --- */

/* Splits a line at blanks; nothing is replaced yet. */
int exec2_split(struct exec2_statement *s, const char *line);
/* Word i, or an empty one. */
const char *exec2_word(const struct exec2_statement *s, int i);
/* Replaces the variables in words `first` to `end` - 1. */
int exec2_substitute(struct exec2 *e, struct exec2_statement *s, int first, int end);
/* Within one word, but its first `keep` characters. */
int exec2_substitute_word(struct exec2 *e, struct exec2_statement *s, int i, size_t keep);
/* The words from `first` on that are not empty, with single blanks between. */
int exec2_join(const struct exec2_statement *s, int first, char *to, size_t size);
/* The line from word `first` on as it was written. */
const char *exec2_raw(const struct exec2_statement *s, int first);
/* A signed whole number of 32 bits: EXEC2_OK or EXEC2_CONVERSION. */
int exec2_number(const char *text, int32_t *value);

/* --- variables.c --- */

/* Arguments of the current subroutine from words `first` on. */
int exec2_set_arguments(struct exec2 *e, const struct exec2_statement *s, int first);
/* Forgets the current subroutine's arguments. */
void exec2_drop_arguments(struct exec2 *e);
/* An argument may only be set if there are so many. */
int exec2_assign_variable(struct exec2 *e, const char *name, const char *value);
void exec2_dump(struct exec2 *e,
                void (*show)(struct exec2 *e, const char *name, const char *value));

/* --- functions.c --- */

/* The expression in words `first` and up, not substituted yet. */
int exec2_evaluate(struct exec2 *e, struct exec2_statement *s, int first, char *value);

/* --- statements.c --- */

int exec2_statement(struct exec2 *e, const char *line);
/* A line from the stack or terminal, as &CASE says. */
void exec2_read_line(struct exec2 *e, char text[EXEC2_WORD]);
/* A condition at word `*at`, which goes behind it. */
int exec2_condition(struct exec2 *e, struct exec2_statement *s, int *at, bool *result);

/* --- exec2.c --- */

/* Line `number` into text: EXEC2_OK, EXEC2_READ, or -1 behind the last. */
int exec2_fetch(struct exec2 *e, uint32_t number, char *text);
void exec2_goto(struct exec2 *e, uint32_t number);
/* The line of a label or number. */
int exec2_find(struct exec2 *e, const char *target, uint32_t *line);
/* Begins a subroutine at `line`: its arguments are still to be set. */
int exec2_enter(struct exec2 *e, uint32_t line);
int exec2_leave(struct exec2 *e);
/* Runs lines until the subroutine at depth `depth` has returned, or the program ends. */
int exec2_run_lines(struct exec2 *e, int depth);

#endif
