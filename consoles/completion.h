/* Completion of what is typed at the operator's console: commands of the machine's operator and
 * device numbers, which the machine knows; and words that the guest's console has shown or that
 * were typed there (userids, file names), since what they mean is the guest's business. */
#ifndef CONSOLES_COMPLETION_H
#define CONSOLES_COMPLETION_H

#include <stdbool.h>
#include <stddef.h>

struct machine;
struct completion;

#define COMPLETION_WORD 32 /* longest word, with its zero */
#define COMPLETION_MOST 64

struct completion *completion_create(const struct machine *m); /* never NULL */
void completion_free(struct completion *c);

/* Text of the guest's console, in pieces as it comes; a word that ends with a piece goes on. */
void completion_note(struct completion *c, const char *text, size_t length);

struct completed {
    size_t start;                                 /* where the word being completed begins */
    unsigned count;                               /* words that it could become */
    char words[COMPLETION_MOST][COMPLETION_WORD]; /* in order */
    char insert[COMPLETION_WORD + 1]; /* what all of them have behind what is typed, in its
                                         case; and a blank if there is only one */
};

/* What the text up to the cursor can become.  command: it is an operator command (without the mark
 * that makes it one). */
void completion_find(const struct completion *c, const char *text, size_t length, bool command,
                     struct completed *found);

#endif
