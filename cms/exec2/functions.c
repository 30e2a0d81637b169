/* Expressions: sums, the predefined functions, and functions of one's own (-LABEL OF words). */
#include "cms/exec2/internal.h"

#include "cms/exec/internal.h"
#include "lib/fmt.h"
#include "lib/str.h"

/* A function's arguments are words `first` and up. */
typedef int function(struct exec2 *e, struct exec2_statement *s, int first, char *value);

static int join_all(struct exec2 *e, struct exec2_statement *s, int first, char *value)
{
    return exec2_join(s, first, value, EXEC2_WORD);
}

static int do_concatenation(struct exec2 *e, struct exec2_statement *s, int first, char *value)
{
    size_t n = 0;

    value[0] = 0;
    for (int i = first; i < s->count; i++) {
        size_t length = strlen(exec2_word(s, i));
        if (n + length >= EXEC2_WORD)
            return EXEC2_TOO_LONG;
        memcpy(value + n, exec2_word(s, i), length + 1);
        n += length;
    }
    return EXEC2_OK;
}

static int do_datatype(struct exec2 *e, struct exec2_statement *s, int first, char *value)
{
    int32_t number;

    str_copy(value, exec2_number(exec2_word(s, first), &number) ? "CHAR" : "NUM", EXEC2_WORD);
    return EXEC2_OK;
}

static int number_at(const struct exec2_statement *s, int i, int32_t *value)
{
    return i < s->count ? exec2_number(exec2_word(s, i), value) : EXEC2_MISSING;
}

static int give(char *value, int64_t number)
{
    if (number > INT32_MAX || number < -INT32_MAX)
        return EXEC2_OVERFLOW;
    fmt(value, EXEC2_WORD, "%d", (int)number);
    return EXEC2_OK;
}

static int do_division(struct exec2 *e, struct exec2_statement *s, int first, char *value)
{
    int32_t total, by;
    int error = number_at(s, first, &total);

    if (!error && first + 1 >= s->count)
        error = EXEC2_MISSING;
    for (int i = first + 1; i < s->count && !error; i++) {
        error = number_at(s, i, &by);
        if (!error && !by)
            error = EXEC2_DIVISION;
        if (!error)
            total /= by;
    }
    return error ? error : give(value, total);
}

static int do_multiplication(struct exec2 *e, struct exec2_statement *s, int first, char *value)
{
    int64_t total = 1;
    int32_t by;
    int error = first < s->count ? EXEC2_OK : EXEC2_MISSING;

    for (int i = first; i < s->count && !error; i++) {
        error = number_at(s, i, &by);
        if (!error)
            total *= by;
        if (!error && (total > INT32_MAX || total < -INT32_MAX))
            error = EXEC2_OVERFLOW;
    }
    return error ? error : give(value, total);
}

/* &LEFT and &RIGHT: word, length. */
static int sized(const struct exec2_statement *s, int first, bool right, char *value)
{
    const char *word = exec2_word(s, first);
    int32_t want, has = (int32_t)strlen(word);
    int error = number_at(s, first + 1, &want);

    if (error)
        return error;
    if (want < 0 || want >= EXEC2_WORD)
        return EXEC2_ARGUMENT;
    for (int32_t i = 0; i < want; i++) {
        int32_t at = right ? has - want + i : i;
        value[i] = at >= 0 && at < has ? word[at] : ' ';
    }
    value[want] = 0;
    return EXEC2_OK;
}

static int do_left(struct exec2 *e, struct exec2_statement *s, int first, char *value)
{
    return sized(s, first, false, value);
}

static int do_right(struct exec2 *e, struct exec2_statement *s, int first, char *value)
{
    return sized(s, first, true, value);
}

static int do_length(struct exec2 *e, struct exec2_statement *s, int first, char *value)
{
    return give(value, (int64_t)strlen(exec2_word(s, first)));
}

/* Where the first word is in the second, from 1. */
static int do_location(struct exec2 *e, struct exec2_statement *s, int first, char *value)
{
    const char *what = exec2_word(s, first), *in = exec2_word(s, first + 1);
    size_t n = strlen(what);

    if (first + 1 >= s->count)
        return EXEC2_MISSING;
    for (size_t at = 0; n && at + n <= strlen(in); at++)
        if (!memcmp(in + at, what, n))
            return give(value, (int64_t)at + 1);
    return give(value, 0);
}

/* Which of the words behind the first is the same. */
static int do_position(struct exec2 *e, struct exec2_statement *s, int first, char *value)
{
    for (int i = first + 1; i < s->count; i++)
        if (!strcmp(exec2_word(s, i), exec2_word(s, first)))
            return give(value, i - first);
    return give(value, 0);
}

/* Word, first character, how many (all that are left). */
static int do_piece(struct exec2 *e, struct exec2_statement *s, int first, char *value)
{
    const char *word = exec2_word(s, first);
    int32_t from, count = EXEC2_WORD, has = (int32_t)strlen(word);
    int error = number_at(s, first + 1, &from);

    if (!error && first + 2 < s->count)
        error = number_at(s, first + 2, &count);
    if (error)
        return error;
    if (from < 1 || count < 0)
        return EXEC2_ARGUMENT;
    value[0] = 0;
    if (from <= has)
        str_copy(value, word + from - 1, (size_t)(count < EXEC2_WORD ? count + 1 : EXEC2_WORD));
    return EXEC2_OK;
}

/* Word, characters, what each becomes; a word alone: capitals. */
static int do_translation(struct exec2 *e, struct exec2_statement *s, int first, char *value)
{
    const char *from = exec2_word(s, first + 1), *to = exec2_word(s, first + 2);

    str_copy(value, exec2_word(s, first), EXEC2_WORD);
    if (first + 1 >= s->count) {
        str_upcase(value, strlen(value));
        return EXEC2_OK;
    }
    for (char *c = value; *c; c++) {
        const char *at = strchr(from, *c);
        if (at)
            *c = (size_t)(at - from) < strlen(to) ? to[at - from] : ' ';
    }
    return EXEC2_OK;
}

static int do_trim(struct exec2 *e, struct exec2_statement *s, int first, char *value)
{
    size_t n;

    str_copy(value, exec2_word(s, first), EXEC2_WORD);
    for (n = strlen(value); n && value[n - 1] == ' '; n--)
        value[n - 1] = 0;
    return EXEC2_OK;
}

static int do_literal(struct exec2 *e, struct exec2_statement *s, int first, char *value)
{
    str_copy(value, exec2_raw(s, first), EXEC2_WORD);
    return EXEC2_OK;
}

static const struct predefined_function {
    const char *name;
    function *run;
} functions[] = {
    {"&CONCAT", do_concatenation},
    {"&CONCATENATION", do_concatenation},
    {"&DATATYPE", do_datatype},
    {"&DIV", do_division},
    {"&DIVISION", do_division},
    {"&LEFT", do_left},
    {"&LENGTH", do_length},
    {"&LITERAL", do_literal},
    {"&LOCATION", do_location},
    {"&MULT", do_multiplication},
    {"&MULTIPLICATION", do_multiplication},
    {"&PIECE", do_piece},
    {"&POSITION", do_position},
    {"&RIGHT", do_right},
    {"&STRING", join_all},
    {"&SUBSTR", do_piece},
    {"&TRANS", do_translation},
    {"&TRANSLATION", do_translation},
    {"&TRIM", do_trim},
};

/* -LABEL OF words: the lines at the label run until &RETURN, whose words are the value. */
static int call_own(struct exec2 *e, struct exec2_statement *s, int at, char *value)
{
    uint32_t line;
    int error = exec2_find(e, exec2_word(s, at), &line);

    if (error)
        return error;
    if (e->nesting == EXEC2_NESTING)
        return EXEC2_STORAGE;
    uint32_t here = e->line, back = e->next, reading = e->lines_to_read;
    error = exec2_enter(e, line);
    if (!error)
        error = exec2_set_arguments(e, s, at + 2);
    if (error)
        return error;
    e->returned[0] = 0;
    e->lines_to_read = 0;
    e->nesting++;
    error = exec2_run_lines(e, e->depth);
    e->nesting--;
    str_copy(value, e->returned, EXEC2_WORD);
    if (error)
        return error;
    e->line = here;
    e->next = back;
    e->lines_to_read = reading;
    return EXEC2_OK;
}

/* The value of the term at word `*at`, behind which *at goes.  A function takes all words that
 * follow. */
static int term(struct exec2 *e, struct exec2_statement *s, int *at, char *value)
{
    const char *word = exec2_word(s, *at);

    if (str_equal(exec2_word(s, *at + 1), "OF") && (*word == '&' || *word == '-')) {
        const struct predefined_function *f = exec_find_word(word, functions, sizeof *functions,
                                                             sizeof functions / sizeof *functions);
        int first = *at + 2, error = EXEC2_OK;
        if (!f && *word != '-')
            return EXEC2_FUNCTION;
        if (!f || f->run != do_literal)
            error = exec2_substitute(e, s, first, s->count);
        if (!error)
            error = f ? f->run(e, s, first, value) : call_own(e, s, *at, value);
        *at = s->count;
        return error;
    }
    int error = exec2_substitute_word(e, s, *at, 0);
    str_copy(value, exec2_word(s, *at), EXEC2_WORD);
    ++*at;
    return error;
}

int exec2_evaluate(struct exec2 *e, struct exec2_statement *s, int first, char *value)
{
    int at = first;
    int32_t total, number;

    value[0] = 0;
    if (at >= s->count)
        return EXEC2_OK;
    int error = term(e, s, &at, value);
    if (error || e->ended || at >= s->count)
        return error;
    error = exec2_number(value, &total);
    int64_t sum = error ? 0 : total;
    while (!error && at < s->count) {
        error = exec2_substitute_word(e, s, at, 0);
        const char *sign = exec2_word(s, at);
        bool minus = !strcmp(sign, "-");
        if (!error && ((!minus && strcmp(sign, "+") != 0) || ++at >= s->count))
            error = EXEC2_ASSIGNMENT;
        if (!error)
            error = term(e, s, &at, value);
        if (!error)
            error = exec2_number(value, &number);
        if (!error)
            sum += minus ? -(int64_t)number : number;
    }
    return error ? error : give(value, sum);
}
