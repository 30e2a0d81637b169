/* What the files of the EXEC interpreter share; see exec.h for the language. */
#ifndef CMS_EXEC_INTERNAL_H
#define CMS_EXEC_INTERNAL_H

#include "cms/exec/exec.h"

/* --- tokens.c --- */

/* Splits `text` into e->tokens (eight characters each; parentheses are tokens of their own).
 * EXEC_TOO_MANY_TOKENS if there are more than fit. */
int exec_tokenize(struct exec *e, const char *text);
/* Replaces the variables in tokens `first` and up, from right to left in each, and drops
 * tokens that become empty.  A token behind &LITERAL stays as it is.  With &HEX ON the decimal
 * number behind X' is replaced by its hexadecimal digits, but not in an assignment. */
int exec_substitute(struct exec *e, int first);
/* Replaces within one token, leaving its first `keep` characters alone. */
int exec_substitute_token(struct exec *e, struct exec_token *token, int keep);
void exec_drop_tokens(struct exec *e, int first, int count);
/* True for X' and something behind it. */
bool exec_is_hexadecimal(const char *text);
/* Joins tokens from `first` with single blanks into e->output. */
const char *exec_join(struct exec *e, int first);
/* A signed whole number of at most 9 digits. */
bool exec_number(const char *text, int *value);

/* --- variables.c --- */

/* Arguments from e->tokens[first] on; `%` leaves that one empty. */
int exec_set_arguments(struct exec *e, int first);

/* --- expression.c --- */

/* The assignment in e->tokens: &name = ... */
int exec_assign(struct exec *e);
/* Compares as `tokens[0] op tokens[1]`; EXEC_CONDITION if op is no comparison. */
int exec_compare(const char *a, const char *op, const char *b, bool *result);
bool exec_is_function(const char *word);
/* In the table of `count` rows of `size` bytes, each beginning with a `const char *` name in upper
 * case, the row of a word with an ampersand; NULL if there is none. */
const void *exec_find_word(const char *word, const void *table, size_t size, size_t count);

/* --- statements.c --- */

/* Executes one statement, `text`, with labels removed already. */
int exec_statement(struct exec *e, const char *text);
bool exec_is_control_word(const char *word);
/* A condition at tokens[at]; &$ and &* compare with any and with all arguments. */
int exec_condition(struct exec *e, int at, bool *result);

/* --- exec.c --- */

/* Reads line `number` into e->text; EXEC_OK, EXEC_READ_ERROR, or -1 at the end. */
int exec_fetch(struct exec *e, uint32_t number);
int exec_goto(struct exec *e, uint32_t number);
int exec_find_label(struct exec *e, const char *label, uint32_t from, uint32_t *line);

#endif
