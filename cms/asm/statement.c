/* From cards to statements: reading ahead on demand, continuation, the fields of a statement.
 * GC33-4010, "Coding Conventions". */
#include "cms/asm/internal.h"

/* ISEQ: each card of the program must be above the one before in these columns. */
static void check_sequence(struct assembler *a, const char *card, size_t length)
{
    unsigned from = a->sequence_from - 1u, n = a->sequence_to - from;
    char now[ASM_CARD];
    unsigned i = 0;

    memset(now, ' ', sizeof(now));
    if (length > from)
        memcpy(now, card + from, length - from < n ? length - from : n);
    while (i < n && now[i] == a->sequence[i])
        i++;
    if (a->sequence[0] && (i == n || asm_ebcdic(a, now[i]) < asm_ebcdic(a, a->sequence[i])))
        asm_error(a, M_SEQUENCE, (struct slice){now, n});
    memcpy(a->sequence, now, n);
}

static bool read_card(struct assembler *a, bool member, struct line **line)
{
    char card[ASM_CARD + 1];
    const struct asm_host *h = a->host;

    if (!asm_room(a, ASM_RESERVE))
        return false;
    if (!(member ? h->read_member(h->context, card) : h->read(h->context, card)))
        return false;
    size_t n = strlen(card);
    while (n && card[n - 1] == ' ')
        n--;
    *line = asm_alloc(a, sizeof(**line) + n);
    (*line)->length = (uint8_t)n;
    memcpy((*line)->text, card, n);
    a->result->cards++;
    if (!member && a->sequence_to)
        check_sequence(a, card, n);
    return true;
}

/* The line at a place; the open code is read as far as it is needed.  NULL at the end. */
struct line *asm_line(struct assembler *a, struct line **at)
{
    if (!*at && at == a->last_line && !a->source_ended) {
        if (read_card(a, false, at))
            a->last_line = &(*at)->next;
        else
            a->source_ended = true;
    }
    return *at;
}

bool asm_insert_member(struct assembler *a, struct line **at, struct slice name)
{
    char member[NAME_MAX_ + 1];
    struct line *rest = *at, **last = at;
    bool tail = at == a->last_line;

    if (!asm_is_symbol(name))
        return false;
    memcpy(member, name.at, name.length);
    member[name.length] = 0;
    if (!a->host->open_member(a->host->context, member))
        return false;
    a->result->members++;
    for (struct line *line; read_card(a, true, &line); last = &line->next)
        *last = line;
    *last = rest;
    if (tail)
        a->last_line = last;
    return true;
}

static char column(const struct line *line, unsigned n) /* from 1 */
{
    return n <= line->length ? line->text[n - 1] : ' ';
}

static bool is_continued(const struct assembler *a, const struct line *line)
{
    return a->resume && column(line, a->end + 1u) != ' ';
}

/* True if the quote at text[at] begins a string: it does not behind an attribute (L'NAME). */
bool asm_quote_starts(const char *text, unsigned at, unsigned length)
{
    if (!at || !strchr("LTSIKN", text[at - 1]))
        return true;
    if (at > 1 && (asm_symbol_char(text[at - 2]) || text[at - 2] == '\''))
        return true;
    if (at + 1 == length)
        return true;
    char next = text[at + 1];
    return !asm_symbol_start(next) && next != '&' && next != '*' && next != '=' && next != '(';
}

/* The operand field as it comes together from the cards. */
struct field {
    char *text; /* NULL: it still lies in its card */
    const char *start;
    unsigned length, depth;
    bool quoted, blanks; /* blanks: they are part of it inside parentheses */
    bool last_was_comma;
};

/* Takes card columns first..last.  True if a blank ended the operand there; *end is its column. */
static bool take_card(struct field *f, const struct line *line, unsigned first, unsigned last,
                      bool continued, unsigned *end)
{
    for (unsigned n = first; n <= last; n++) {
        char c = column(line, n);
        bool past = n > line->length;
        if (c == ' ' && !f->quoted && !(f->blanks && f->depth && !past)) {
            *end = n;
            return true;
        }
        if (past && !continued) {
            *end = n;
            return true;
        }
        if (f->length >= TEXT_MAX)
            break;
        if (f->text)
            f->text[f->length] = c;
        f->length++;
        const char *text = f->text ? f->text : f->start;
        if (c == '\'')
            f->quoted = !f->quoted && asm_quote_starts(text, f->length - 1,
                                                       f->length + (n < last && n < line->length));
        else if (!f->quoted && c == '(')
            f->depth++;
        else if (!f->quoted && c == ')' && f->depth)
            f->depth--;
        f->last_was_comma = c == ',';
    }
    *end = last + 1;
    return false;
}

static void fold(struct slice s)
{
    bool quoted = false;
    char *text = (char *)(uintptr_t)s.at; /* it lies in a card or in a buffer of ours */

    for (unsigned i = 0; i < s.length; i++) {
        if (!quoted)
            text[i] = str_upper(text[i]);
        if (text[i] == '\'')
            quoted = !quoted && asm_quote_starts(text, i, s.length);
    }
}

static bool takes_blanks(struct slice operation)
{
    static const char *const names[] = {"AIF", "AGO", "SETA", "SETB", "SETC",
                                        "aif", "ago", "seta", "setb", "setc"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (slice_is(operation, names[i]))
            return true;
    return false;
}

/* The operand begins in column n of the statement's first card. */
static void read_operands(struct assembler *a, struct line ***at, struct statement *s, unsigned n)
{
    struct line *line = s->line;
    bool continued = is_continued(a, line), ended = false;
    unsigned end, last = a->end;
    struct field f = {.start = line->text + n - 1, .blanks = takes_blanks(s->operation)};

    if (continued)
        f.text = a->scratch[0];
    if (n > last)
        n = last + 1;
    if (column(line, n) != ' ' || !continued)
        ended = take_card(&f, line, n, last, continued, &end) && !(f.last_was_comma && continued);
    if (!continued && end <= line->length) {
        while (end <= line->length && column(line, end) == ' ')
            end++;
        s->remark.at = line->text + end - 1;
        s->remark.length = (line->length > last ? last : line->length) + 1 > end
                               ? (line->length > last ? last : line->length) + 1 - end
                               : 0;
    }
    while (continued) {
        line = asm_line(a, *at);
        if (!line) {
            asm_error_text(a, M_CONTINUATION, "");
            break;
        }
        *at = &line->next;
        s->cards++;
        for (unsigned i = a->begin; i < a->resume; i++)
            if (column(line, i) != ' ') {
                asm_error_text(a, M_CONTINUATION, "");
                break;
            }
        continued = is_continued(a, line);
        if (!ended)
            ended = take_card(&f, line, a->resume, last, continued, &end) &&
                    !(f.last_was_comma && continued);
    }
    if (f.length >= TEXT_MAX)
        asm_error_text(a, M_TOO_LONG, "");
    if (f.text) {
        s->operands = asm_keep(a, f.text, f.length);
    } else {
        s->operands.at = f.start;
        s->operands.length = f.length;
    }
}

/* Reads the statement at *at and moves it behind.  False at the end. */
bool asm_read_statement(struct assembler *a, struct line ***at, struct statement *s)
{
    struct line *line = asm_line(a, *at);

    memset(s, 0, sizeof(*s));
    s->label.at = s->operation.at = s->operands.at = s->remark.at = "";
    if (!line)
        return false;
    s->line = line;
    s->cards = 1;
    *at = &line->next;
    unsigned n = a->begin, last = line->length < a->end ? line->length : a->end;
    s->comment = column(line, n) == '*';
    s->macro_comment = column(line, n) == '.' && column(line, n + 1) == '*';
    if (s->comment || s->macro_comment || last < n) {
        s->comment = s->comment || last < n;
        while (is_continued(a, line) && (line = asm_line(a, *at))) {
            *at = &line->next;
            s->cards++;
        }
        return true;
    }
    unsigned start = n;
    while (n <= last && column(line, n) != ' ')
        n++;
    s->label = (struct slice){line->text + start - 1, n - start};
    while (n <= last && column(line, n) == ' ')
        n++;
    start = n;
    while (n <= last && column(line, n) != ' ')
        n++;
    s->operation = (struct slice){line->text + start - 1, n - start};
    while (n <= last && column(line, n) == ' ')
        n++;
    read_operands(a, at, s, n);
    if (a->options->upper) {
        fold(s->label);
        fold(s->operation);
        fold(s->operands);
    }
    return true;
}

bool asm_operand(struct slice *rest, struct slice *operand)
{
    unsigned i = 0, depth = 0;
    bool quoted = false;

    if (!rest->at)
        return false;
    for (; i < rest->length; i++) {
        char c = rest->at[i];
        if (c == '\'')
            quoted = !quoted && asm_quote_starts(rest->at, i, rest->length);
        else if (!quoted && c == '(')
            depth++;
        else if (!quoted && c == ')' && depth)
            depth--;
        else if (!quoted && !depth && c == ',')
            break;
    }
    *operand = (struct slice){rest->at, i};
    if (i < rest->length)
        *rest = (struct slice){rest->at + i + 1, rest->length - i - 1};
    else
        *rest = (struct slice){NULL, 0};
    return true;
}
