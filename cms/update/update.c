/* Updates: see update.h. */
#include "cms/update/update.h"

#include "lib/fmt.h"
#include "lib/str.h"

#define SEQUENCE     72 /* where the numbers begin */
#define LABEL        3
#define DEFAULT_STEP 10

static void raise(struct update *u, int severity, int number, const char *text)
{
    if (severity > u->severity)
        u->severity = severity;
    u->host->warn(u->host->context, number, text);
}

static bool is_control(const char *card)
{
    return card[0] == '.' && card[1] == '/' && (card[2] == ' ' || str_is_alpha(card[2]));
}

/* ---- sequence numbers ---- */

static bool number_of(const struct update *u, const char *card, uint32_t *value)
{
    char digits[9];
    unsigned from = u->eight ? 0 : LABEL;

    memcpy(digits, card + SEQUENCE + from, 8 - from);
    digits[8 - from] = 0;
    return str_decimal(digits, value);
}

static void put_number(const struct update *u, char *card, uint32_t value, const char *label)
{
    char digits[12];

    if (u->eight) {
        fmt(digits, sizeof digits, "%08u", value % 100000000);
        memcpy(card + SEQUENCE, digits, 8);
        return;
    }
    if (label)
        memcpy(card + SEQUENCE, label, LABEL);
    fmt(digits, sizeof digits, "%05u", value % 100000);
    memcpy(card + SEQUENCE + LABEL, digits, 5);
}

/* ---- the source ---- */

static bool read_source(struct update *u)
{
    uint32_t number;
    char text[64];

    u->has_card = u->host->source(u->host->context, u->card);
    if (!u->has_card || !number_of(u, u->card, &number))
        return u->has_card;
    if (number <= u->last_in && u->last_in) {
        fmt(text, sizeof text, "INPUT FILE SEQUENCE ERROR '%08u' TO '%08u'", u->last_in, number);
        raise(u, UPDATE_INPUT_ORDER, 210, text);
    }
    u->last_in = number;
    return true;
}

static void put(struct update *u, const char *card)
{
    uint32_t number;

    if (number_of(u, card, &number)) {
        if (number <= u->last_out && u->last_out)
            raise(u, UPDATE_OUTPUT_ORDER, 174, "SEQUENCE ERROR INTRODUCED IN OUTPUT FILE");
        u->last_out = number;
    }
    if (!u->host->write(u->host->context, card))
        u->severity = UPDATE_NOT_WRITTEN;
}

/* Copies up to the record with this number, which is then u->card; false if there is none. */
static bool copy_to(struct update *u, uint32_t wanted)
{
    uint32_t number;
    char text[48];

    for (; u->has_card && u->severity < UPDATE_NOT_WRITTEN; read_source(u)) {
        if (number_of(u, u->card, &number)) {
            if (number == wanted)
                return true;
            if (number > wanted)
                break;
        }
        put(u, u->card);
    }
    fmt(text, sizeof text, "SEQUENCE NUMBER '%u' NOT FOUND", wanted);
    raise(u, UPDATE_WRONG, 186, text);
    return false;
}

/* ---- the update file ---- */

static void read_change(struct update *u)
{
    u->has_next = u->host->change(u->host->context, u->next);
}

/* What a statement says behind its letter. */
struct operands {
    uint32_t first, last, start, step;
    bool dollar, has_first, has_last, has_start, has_step;
    char label[LABEL + 1];
};

static bool take_number(const char *word, bool *has, uint32_t *value)
{
    *has = str_decimal(word, value);
    return *has;
}

static bool parse(struct operands *o, const char *at, bool range)
{
    char word[16];

    memset(o, 0, sizeof *o);
    if (!str_word(&at, word, sizeof word) || !take_number(word, &o->has_first, &o->first))
        return false;
    o->last = o->first;
    bool more = str_word(&at, word, sizeof word);
    if (more && range && take_number(word, &o->has_last, &o->last))
        more = str_word(&at, word, sizeof word);
    if (!more)
        return o->last >= o->first;
    o->dollar = !strcmp(word, "$");
    if (o->dollar && str_word(&at, word, sizeof word)) {
        if (!take_number(word, &o->has_start, &o->start))
            return false;
        if (str_word(&at, word, sizeof word) && !take_number(word, &o->has_step, &o->step))
            return false;
    }
    return o->dollar && o->last >= o->first;
}

/* The records up to the next statement go to the output, or nowhere. */
static void insert(struct update *u, const struct operands *o, bool keep)
{
    uint32_t step = o->has_step ? o->step : DEFAULT_STEP;
    uint32_t number = o->has_start ? o->start : o->first + (step + 9) / 10;

    for (; u->has_next && !is_control(u->next) && u->severity < UPDATE_NOT_WRITTEN;
         read_change(u)) {
        if (!keep)
            continue;
        if (o->dollar)
            put_number(u, u->next, number, NULL);
        else if (u->asterisks)
            memset(u->next + SEQUENCE, '*', 8);
        put(u, u->next);
        number += step;
    }
}

static void delete_to(struct update *u, uint32_t last)
{
    uint32_t number;

    while (u->has_card && (!number_of(u, u->card, &number) || number <= last)) {
        bool end = number_of(u, u->card, &number) && number == last;
        read_source(u);
        if (end)
            break;
    }
}

static void resequence(struct update *u, const char *at)
{
    uint32_t start = u->eight ? 1000 : 10, step = start;
    char word[16], label[LABEL + 1] = "   ";

    if (str_word(&at, word, sizeof word) && str_decimal(word, &start))
        step = start;
    if (str_word(&at, word, sizeof word))
        str_decimal(word, &step);
    if (str_word(&at, word, sizeof word))
        str_pad(label, word, LABEL);
    else if (u->has_card)
        memcpy(label, u->card, LABEL);
    for (; u->has_card && u->severity < UPDATE_NOT_WRITTEN; read_source(u), start += step) {
        put_number(u, u->card, start, label);
        put(u, u->card);
    }
}

static void invalid(struct update *u)
{
    static const struct operands none;

    raise(u, UPDATE_WRONG, 207, "INVALID UPDATE FILE CONTROL CARD");
    insert(u, &none, false);
}

static void statement(struct update *u, bool first)
{
    struct operands o;
    const char *at = u->statement + 2;
    char word[16];

    if (!str_word(&at, word, sizeof word) || word[0] == '*')
        return;
    char letter = word[1] ? ' ' : str_upper(word[0]);
    if (letter == 'S') {
        if (first)
            resequence(u, at);
        else
            raise(u, UPDATE_WRONG, 184, "'./ S' NOT FIRST CARD -- IGNORED");
        return;
    }
    if ((letter != 'I' && letter != 'D' && letter != 'R') || !parse(&o, at, letter != 'I')) {
        invalid(u);
        return;
    }
    bool found = copy_to(u, o.first);
    if (found && letter == 'I') {
        put(u, u->card);
        read_source(u);
    } else if (found) {
        delete_to(u, o.last);
    }
    if (letter != 'D')
        insert(u, &o, found);
}

int update_run(struct update *u, const struct update_host *host, bool eight, bool asterisks)
{
    bool first = true;

    memset(u, 0, sizeof *u);
    u->host = host;
    u->eight = eight;
    u->asterisks = asterisks;
    read_source(u);
    read_change(u);
    while (u->has_next && u->severity < UPDATE_NOT_WRITTEN) {
        if (!is_control(u->next)) {
            invalid(u);
            first = false;
            continue;
        }
        memcpy(u->statement, u->next, SEQUENCE);
        u->statement[SEQUENCE] = 0;
        host->log(host->context, u->statement);
        read_change(u);
        statement(u, first);
        first = false;
    }
    for (; u->has_card && u->severity < UPDATE_NOT_WRITTEN; read_source(u))
        put(u, u->card);
    return u->severity;
}
