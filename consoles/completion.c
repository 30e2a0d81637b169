/* Completion at the operator's console; see completion.h. */
#include "consoles/completion.h"

#include "lib/str.h"
#include "s370/io/device.h"
#include "s370/operator/operator.h"

#include <stdio.h>
#include <stdlib.h>

#define WORDS      512 /* remembered, the latest */
#define WORD_LEAST 3   /* shorter ones are quicker typed */

struct completion {
    const struct machine *m;
    char words[WORDS][COMPLETION_WORD];
    unsigned count, next;       /* next: the place of the oldest, when all are used */
    char word[COMPLETION_WORD]; /* arriving */
    size_t length;
};

struct completion *completion_create(const struct machine *m)
{
    struct completion *c = calloc(1, sizeof *c);
    if (!c)
        abort();
    c->m = m;
    return c;
}

void completion_free(struct completion *c)
{
    free(c);
}

/* What userids, names of files and commands are made of. */
static bool is_word(char c)
{
    return str_is_alnum(c) || (c && strchr("$#@_-+", c));
}

static void remember(struct completion *c)
{
    c->word[c->length] = 0;
    bool letter = false;
    for (size_t i = 0; i < c->length; i++)
        letter |= str_is_alpha(c->word[i]);
    if (c->length < WORD_LEAST || c->length == COMPLETION_WORD - 1 || !letter)
        return;
    str_upcase(c->word, c->length);
    for (unsigned i = 0; i < c->count; i++)
        if (!strcmp(c->words[i], c->word))
            return;
    strcpy(c->words[c->next], c->word);
    c->next = (c->next + 1) % WORDS;
    c->count += c->count < WORDS;
}

void completion_note(struct completion *c, const char *text, size_t length)
{
    for (; length > 0; length--, text++) {
        if (is_word(*text)) {
            if (c->length < COMPLETION_WORD - 1)
                c->word[c->length++] = *text;
            continue;
        }
        remember(c);
        c->length = 0;
    }
}

/* --- finding --- */

static bool begins(const char *word, const char *typed, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_upper(word[i]) != str_upper(typed[i]))
            return false;
    return true;
}

/* Adds a word that begins with what is typed, in its order, once. */
static void add(struct completed *found, const char *word, const char *typed, size_t n)
{
    unsigned at = 0;
    if (found->count == COMPLETION_MOST || !begins(word, typed, n))
        return;
    while (at < found->count && strcmp(found->words[at], word) < 0)
        at++;
    if (at < found->count && !strcmp(found->words[at], word))
        return;
    memmove(found->words[at + 1], found->words[at], (found->count - at) * sizeof found->words[0]);
    snprintf(found->words[at], COMPLETION_WORD, "%s", word);
    found->count++;
}

static void add_devices(const struct completion *c, struct completed *found, const char *typed,
                        size_t n)
{
    char address[8];
    struct machine *m = (struct machine *)(uintptr_t)c->m;
    for (struct device *d = NULL; (d = device_next(m, d));) {
        snprintf(address, sizeof address, n > 0 && typed[0] == '0' && n > 3 ? "%04X" : "%03X",
                 d->address);
        add(found, address, typed, n);
    }
}

static void add_types(struct completed *found, const char *typed, size_t n)
{
    for (unsigned i = 0; device_types[i]; i++)
        add(found, device_types[i]->name, typed, n);
}

/* The operand number `which` of a command, by the table's own description of it. */
static void add_operands(const struct completion *c, struct completed *found, const char *command,
                         unsigned which, const char *typed, size_t n)
{
    const char *operands = NULL;
    char word[COMPLETION_WORD] = "";
    for (const struct operator_command *o = operator_commands(); o->name; o++)
        if (!operands && str_abbrev(command, o->name, o->least))
            operands = o->operands;
    for (unsigned i = 0; operands && i < which; i++)
        if (!str_word(&operands, word, sizeof word))
            return;
    if (strstr(word, "DEVICE"))
        add_devices(c, found, typed, n);
    else if (!strcmp(word, "TYPE"))
        add_types(found, typed, n);
    else if (!strcmp(word, "[COMMAND]"))
        for (const struct operator_command *o = operator_commands(); o->name; o++)
            add(found, o->name, typed, n);
    else if (str_is_alpha(word[0]) && str_lower(word[0]) == word[0])
        add(found, word, typed, n); /* "status" */
    else if (word[0] == '[' && str_is_alpha(word[1]) && str_lower(word[1]) == word[1]) {
        word[strcspn(word, "]")] = 0; /* "[clear]" */
        add(found, word + 1, typed, n);
    }
}

static void find_command(const struct completion *c, const char *text, size_t start,
                         const char *typed, size_t n, struct completed *found)
{
    char before[256], command[COMPLETION_WORD], word[COMPLETION_WORD];
    unsigned which = 0;
    snprintf(before, sizeof before, "%.*s", (int)start, text);
    const char *rest = before;
    if (!str_word(&rest, command, sizeof command)) {
        for (const struct operator_command *o = operator_commands(); o->name; o++)
            add(found, o->name, typed, n);
        return;
    }
    do
        which++;
    while (str_word(&rest, word, sizeof word));
    add_operands(c, found, command, which, typed, n);
}

static void find_word(const struct completion *c, const char *typed, size_t n,
                      struct completed *found)
{
    if (n == 0)
        return; /* anything would do */
    for (unsigned i = 0; i < c->count; i++)
        add(found, c->words[i], typed, n);
}

/* What all words have in common, without what is typed. */
static void common(struct completed *found, const char *typed, size_t n)
{
    size_t length = found->count ? strlen(found->words[0]) : 0;
    for (unsigned i = 1; i < found->count; i++) {
        size_t k = 0;
        while (k < length && str_upper(found->words[i][k]) == str_upper(found->words[0][k]))
            k++;
        length = k;
    }
    bool small = false, capital = false;
    for (size_t i = 0; i < n; i++) {
        small |= str_is_alpha(typed[i]) && str_lower(typed[i]) == typed[i];
        capital |= str_is_alpha(typed[i]) && str_upper(typed[i]) == typed[i];
    }
    size_t to = 0;
    for (size_t i = n; i < length; i++) {
        char c = found->words[0][i];
        found->insert[to++] = small ? str_lower(c) : capital ? str_upper(c) : c;
    }
    if (found->count == 1)
        found->insert[to++] = ' ';
    found->insert[to] = 0;
}

void completion_find(const struct completion *c, const char *text, size_t length, bool command,
                     struct completed *found)
{
    size_t start = length;
    while (start > 0 && text[start - 1] != ' ' && (command || is_word(text[start - 1])))
        start--;
    memset(found, 0, sizeof *found);
    found->start = start;
    const char *typed = text + start;
    size_t n = length - start;
    if (n >= COMPLETION_WORD)
        return;
    if (command)
        find_command(c, text, start, typed, n, found);
    else
        find_word(c, typed, n, found);
    common(found, typed, n);
}
