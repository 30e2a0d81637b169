/* EXECIO lines|* device [operands] [(options]: lines between a device (a file, cards, the printer,
 * CP, messages) and the program stack or variables of the EXEC.  Source: VM/SP CMS Command and
 * Macro Reference, "EXECIO". */
#include "cms/kit/cms.h"
#include "cms/kit/scblock.h"

#define MODULE "EIO"

enum {
    RC_CUT = 1,      /* a line was cut */
    RC_EOF = 2,      /* end of file before all lines were read */
    RC_NO_MATCH = 3, /* all lines read, none fits */
    RC_IO = 100,     /* + the return code of the operation */
    RC_CP = 1000,    /* + CP's */
    RC_VARIABLE = 2008,
};

enum search { ALL, FIND, LOCATE, AVOID };
enum target { TO_STACK, TO_VARIABLE, TO_STEM, TO_NOBODY };

struct span {
    uint32_t first, last; /* columns, from 1 */
};

struct execio {
    uint32_t lines; /* UINT32_MAX: "*" */
    struct cms_fileid id;
    uint32_t record, lrecl; /* DISKR and DISKW; 0: not given */
    char recfm;
    /* options */
    enum search search;
    enum target target;
    struct span zone, margins;
    bool finis, lifo, fifo, strip, upper, quiet, has_string;
    char carriage; /* PRINT: ASA character; 0: the line's first is it (DATA) */
    char text[CMS_LINE_MAX + 1], string[CMS_LINE_MAX + 1], variable[CMS_LINE_MAX + 1];
    uint32_t buffer_size; /* CP's answer */
    /* under way */
    uint32_t done;
    bool matched;
    int rc;
};

static int bad(const char *word)
{
    return cms_error(RC_BAD_OPERAND, "DMS" MODULE "632E I/O ERROR: INVALID OPERAND '%s'", word);
}

/* ---- the line as it comes and goes ---- */

static void put_number(char *to, size_t size, const char *stem, uint32_t n)
{
    fmt(to, size, "%s%u", stem, n);
}

static int set_variable(struct execio *x, const char *name, const char *text, size_t length)
{
    int result = cms_variable_set(name, strlen(name), text, length);

    if (result < 0 || result & (SHV_BAD_NAME | SHV_BAD_CODE))
        return x->rc = RC_VARIABLE;
    if (result & SHV_BAD_VALUE)
        x->rc = RC_CUT;
    return RC_OK;
}

static int deliver(struct execio *x, const char *text, size_t length, bool lifo)
{
    char name[CMS_LINE_MAX + 12];

    switch (x->target) {
    case TO_VARIABLE:
        return set_variable(x, x->variable, text, length);
    case TO_STEM:
        put_number(name, sizeof(name), x->variable, ++x->done);
        return set_variable(x, name, text, length);
    case TO_STACK:
        if (length > CMS_LINE_MAX) {
            length = CMS_LINE_MAX;
            x->rc = RC_CUT;
        }
        return cms_stack(text, length, lifo ? STACK_LIFO : STACK_FIFO);
    default:
        return RC_OK;
    }
}

static void apply_margins(const struct execio *x, const char **text, size_t *length)
{
    if (*length > x->margins.last)
        *length = x->margins.last;
    size_t skip = x->margins.first - 1 < *length ? x->margins.first - 1 : *length;
    *text += skip;
    *length -= skip;
    while (x->strip && *length && (*text)[*length - 1] == ' ')
        --*length;
}

static bool same(const struct execio *x, const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (x->upper ? str_upper(a[i]) != str_upper(b[i]) : a[i] != b[i])
            return false;
    return true;
}

static bool contains(const struct execio *x, const char *text, size_t length)
{
    size_t n = strlen(x->text);
    size_t end = length < x->zone.last ? length : x->zone.last, at = x->zone.first - 1;

    if (x->search == FIND)
        return end >= at + n && same(x, text + at, x->text, n);
    for (; at + n <= end; at++)
        if (same(x, text + at, x->text, n))
            return true;
    return false;
}

/* A line that was read: `number` of this EXECIO's, `record` of the file (0: it is no file).  False:
 * enough, or x->rc says why not. */
static bool take(struct execio *x, const char *text, size_t length, uint32_t number,
                 uint32_t record)
{
    char numbers[24];

    if (x->search != ALL && contains(x, text, length) == (x->search == AVOID))
        return true;
    apply_margins(x, &text, &length);
    if (x->search == ALL)
        return deliver(x, text, length, x->lifo) == RC_OK;
    /* The numbers are to be read first. */
    x->matched = true;
    size_t n = record ? fmt(numbers, sizeof(numbers), "%u %u", number, record)
                      : fmt(numbers, sizeof(numbers), "%u", number);
    bool lifo = !x->fifo;
    if (x->target == TO_VARIABLE) {
        deliver(x, text, length, false);
        return false;
    }
    if (deliver(x, lifo ? text : numbers, lifo ? length : n, lifo) == RC_OK)
        deliver(x, lifo ? numbers : text, lifo ? n : length, lifo);
    return false;
}

static int end_of_reading(struct execio *x, bool at_end)
{
    char name[CMS_LINE_MAX + 12], count[12];

    if (x->target == TO_STEM) {
        put_number(name, sizeof(name), x->variable, 0);
        size_t n = fmt(count, sizeof(count), "%u", x->done);
        if (set_variable(x, name, count, n))
            return x->rc;
    }
    if (x->rc || x->matched)
        return x->rc;
    if (at_end)
        return x->lines == UINT32_MAX && x->search == ALL ? RC_OK : RC_EOF;
    return x->search == ALL ? RC_OK : RC_NO_MATCH;
}

/* The next line to be written: the string, the variable, or the stack's.  -1: no more. */
static int give(struct execio *x, char *line, uint32_t number)
{
    char name[CMS_LINE_MAX + 12];
    size_t length;
    const char *text = line;
    int n;

    if (x->has_string) {
        str_copy(line, x->string, CMS_LINE_MAX + 1);
        length = strlen(line);
    } else if (x->target == TO_VARIABLE || x->target == TO_STEM) {
        str_copy(name, x->variable, sizeof(name));
        if (x->target == TO_STEM)
            put_number(name, sizeof(name), x->variable, number);
        if (cms_variable_get(name, strlen(name), line, CMS_LINE_MAX, &length) < 0) {
            x->rc = RC_VARIABLE;
            return -1;
        }
    } else {
        n = cms_read(line, CMS_LINE_MAX, x->upper ? READ_UPPER : 0);
        if (n < 0 || (!n && x->lines == UINT32_MAX))
            return -1;
        length = (size_t)n;
    }
    apply_margins(x, &text, &length);
    memmove(line, text, length);
    if (x->upper)
        str_upcase(line, length);
    return (int)length;
}

/* Without a number a string or variable is one line. */
static uint32_t lines_to_write(const struct execio *x)
{
    return (x->has_string || x->target == TO_VARIABLE) && x->lines ? 1 : x->lines;
}

/* ---- the devices ---- */

static int finish(struct execio *x, struct fscb *f, int rc)
{
    if (x->finis || (rc >= RC_IO && rc < RC_CP))
        cms_file_close(f);
    return rc;
}

static int run_diskr(struct execio *x)
{
    struct cms_fileinfo info;
    struct fscb f;
    int got = 0, rc = cms_state(&x->id, &info);

    if (rc)
        return cms_state_error(MODULE, rc, &x->id);
    size_t size = info.lrecl ? info.lrecl : 1;
    char *record = cms_alloc(size);
    if (!record)
        return cms_error(41, "DMS" MODULE "109S VIRTUAL STORAGE CAPACITY EXCEEDED");
    cms_file(&f, &info.id);
    bool more = true;
    uint32_t number = 0;
    while (more && number < x->lines) {
        got = cms_file_read_at(&f, number ? 0 : x->record, record, size);
        if (got)
            break;
        number++;
        more = take(x, record, f.nord, number, x->record ? x->record + number - 1 : number);
    }
    if (got && got != FILE_END)
        rc = RC_IO + got;
    else
        rc = end_of_reading(x, got == FILE_END);
    return finish(x, &f, rc);
}

static int write_record(struct execio *x, struct fscb *f, char *line, size_t length)
{
    if (x->recfm == 'F') {
        if (length > x->lrecl) {
            length = x->lrecl;
            x->rc = RC_CUT;
        }
        memset(line + length, ' ', x->lrecl - length);
        length = x->lrecl;
    } else if (!length) {
        line[length++] = ' '; /* records have a byte at least */
    }
    int rc = cms_file_write_at(f, x->record, line, length, x->recfm);
    if (x->record)
        x->record++;
    return rc;
}

static int run_diskw(struct execio *x)
{
    struct cms_fileinfo info;
    struct fscb f;
    int n, rc = cms_can_create(MODULE, &x->id);

    if (rc)
        return rc;
    bool exists = cms_state(&x->id, &info) == RC_OK && info.id.fm[0] == x->id.fm[0];
    if (exists && ((x->recfm && x->recfm != info.recfm) ||
                   (x->recfm == 'F' && x->lrecl && x->lrecl != info.lrecl)))
        return cms_error(RC_IO + FILE_OTHER_RECFM,
                         "DMS" MODULE "632E I/O ERROR: THE FILE IS RECFM %c LRECL %u", info.recfm,
                         info.lrecl);
    x->recfm = exists ? info.recfm : x->recfm ? x->recfm : 'V';
    x->lrecl = exists ? info.lrecl : x->lrecl ? x->lrecl : 80;
    size_t size = x->lrecl > CMS_LINE_MAX ? x->lrecl : CMS_LINE_MAX;
    char *line = cms_alloc(size + 1);
    if (!line)
        return cms_error(41, "DMS" MODULE "109S VIRTUAL STORAGE CAPACITY EXCEEDED");
    cms_file(&f, &x->id);
    for (uint32_t i = 1; i <= lines_to_write(x) && !rc && (n = give(x, line, i)) >= 0; i++)
        rc = write_record(x, &f, line, (size_t)n);
    if (rc) {
        cms_file_error(MODULE, &f, rc, true);
        return finish(x, &f, RC_IO + rc);
    }
    return finish(x, &f, x->rc);
}

static int run_card(struct execio *x)
{
    char card[160];
    size_t length;
    int got = 0;
    bool more = true;
    uint32_t number = 0;

    while (more && number < x->lines && (got = cms_card_read(card, sizeof(card), &length)) == 0)
        more = take(x, card, length, ++number, 0);
    if (got == RC_IO_ERROR)
        return RC_IO + got;
    return end_of_reading(x, got != 0);
}

static int run_punch(struct execio *x)
{
    char line[CMS_LINE_MAX + 1], card[80];
    int n, rc = 0;

    for (uint32_t i = 1; i <= lines_to_write(x) && !rc && (n = give(x, line, i)) >= 0; i++) {
        if (n > (int)sizeof(card)) {
            n = sizeof(card);
            x->rc = RC_CUT;
        }
        memset(card, ' ', sizeof(card));
        memcpy(card, line, (size_t)n);
        rc = cms_card_punch(card, sizeof(card));
    }
    return rc ? RC_IO + rc : x->rc;
}

/* PRINTR takes the carriage control in the line's first byte. */
static int run_print(struct execio *x)
{
    char line[CMS_LINE_MAX + 2];
    int n, rc = 0;

    for (uint32_t i = 1; i <= lines_to_write(x) && !rc && (n = give(x, line + 1, i)) >= 0; i++) {
        struct {
            char command[8];
            const char *text;
            uint32_t length;
        } p = {.text = line, .length = (uint32_t)n + 1};
        line[0] = x->carriage;
        if (!x->carriage) {
            p.text++;
            p.length--;
        }
        str_pad(p.command, "PRINTR", 8);
        rc = cms_svc202(&p);
    }
    return rc ? RC_IO + rc : x->rc;
}

/* The lines of CP's answer, ended by X'15'. */
static int take_answer(struct execio *x, const char *answer, size_t length)
{
    uint32_t number = 0;
    bool more = true;

    while (length && more && number < x->lines) {
        const char *end = memchr(answer, 0x15, length);
        size_t n = end ? (size_t)(end - answer) : length;
        more = take(x, answer, n, ++number, 0);
        n += end != NULL;
        answer += n;
        length -= n;
    }
    return end_of_reading(x, more && !length && number < x->lines);
}

static int run_cp(struct execio *x)
{
    char line[CMS_LINE_MAX + 1];
    size_t size = x->buffer_size ? x->buffer_size : 8192, length;
    int n = give(x, line, 1);

    if (n < 0)
        return x->rc;
    if (!x->has_string)
        x->target = TO_STACK;
    char *answer = cms_alloc(size);
    if (!answer)
        return cms_error(41, "DMS" MODULE "109S VIRTUAL STORAGE CAPACITY EXCEEDED");
    int code = cms_cp(line, (size_t)n, answer, size, &length);
    if (code == RC_UNKNOWN_CP)
        return RC_CP + 1;
    if (length > size) {
        length = size;
        x->rc = RC_CUT;
    }
    int rc = take_answer(x, answer, length);
    if (rc == RC_EOF)
        rc = RC_OK;
    return code ? code + RC_CP : rc;
}

static int run_emsg(struct execio *x)
{
    char line[CMS_LINE_MAX + 1];
    int n;

    for (uint32_t i = 1; i <= lines_to_write(x) && (n = give(x, line, i)) >= 0; i++)
        cms_error(0, "%.*s", n, line);
    return x->rc;
}

static const struct device {
    const char *name;
    uint8_t least;
    uint8_t file; /* operands: 1 fn ft [fm [line]], 2 and [recfm [lrecl]] */
    int (*run)(struct execio *x);
} devices[] = {
    {"DISKR", 5, 1, run_diskr}, {"DISKW", 5, 2, run_diskw}, {"CARD", 2, 0, run_card},
    {"PUNCH", 2, 0, run_punch}, {"PRINT", 2, 0, run_print}, {"CP", 2, 0, run_cp},
    {"EMSG", 1, 0, run_emsg},
};

/* ---- options ---- */

static bool delimited(const char **at, char *to)
{
    while (**at == ' ')
        ++*at;
    char delimiter = **at;
    const char *end = delimiter ? strchr(*at + 1, delimiter) : NULL;
    if (!end)
        return false;
    size_t n = (size_t)(end - *at - 1);
    memcpy(to, *at + 1, n);
    to[n] = 0;
    *at = end + 1;
    return n != 0;
}

static bool columns(const char **at, struct span *s)
{
    char word[16];

    if (!str_word(at, word, sizeof(word)) || !str_decimal(word, &s->first) || !s->first ||
        !str_word(at, word, sizeof(word)))
        return false;
    if (!strcmp(word, "*")) {
        s->last = UINT32_MAX;
        return true;
    }
    return str_decimal(word, &s->last) && s->first <= s->last;
}

static bool opt_finis(struct execio *x, const char **at)
{
    return x->finis = true;
}
static bool opt_lifo(struct execio *x, const char **at)
{
    return x->lifo = true;
}
static bool opt_fifo(struct execio *x, const char **at)
{
    return x->fifo = true;
}
static bool opt_skip(struct execio *x, const char **at)
{
    x->target = TO_NOBODY;
    return true;
}
static bool opt_strip(struct execio *x, const char **at)
{
    return x->strip = true;
}
static bool opt_zone(struct execio *x, const char **at)
{
    return columns(at, &x->zone);
}
static bool opt_margins(struct execio *x, const char **at)
{
    return columns(at, &x->margins);
}
static bool opt_find(struct execio *x, const char **at)
{
    x->search = FIND;
    return delimited(at, x->text);
}
static bool opt_locate(struct execio *x, const char **at)
{
    x->search = LOCATE;
    return delimited(at, x->text);
}
static bool opt_avoid(struct execio *x, const char **at)
{
    x->search = AVOID;
    return delimited(at, x->text);
}
static bool opt_var(struct execio *x, const char **at)
{
    x->target = TO_VARIABLE;
    return str_word(at, x->variable, sizeof(x->variable));
}
static bool opt_stem(struct execio *x, const char **at)
{
    x->target = TO_STEM;
    return str_word(at, x->variable, sizeof(x->variable));
}
static bool opt_string(struct execio *x, const char **at)
{
    str_copy(x->string, *at, sizeof(x->string));
    *at += strlen(*at);
    return x->has_string = true;
}
static bool opt_case(struct execio *x, const char **at)
{
    char word[8];

    if (!str_word(at, word, sizeof(word)))
        return false;
    x->upper = str_equal(word, "U");
    return x->upper || str_equal(word, "M");
}
static bool opt_buffer(struct execio *x, const char **at)
{
    char word[12];

    return str_word(at, word, sizeof(word)) && str_decimal(word, &x->buffer_size) &&
           x->buffer_size && x->buffer_size <= 0x10000;
}
static bool opt_cc(struct execio *x, const char **at)
{
    char word[8];

    if (!str_word(at, word, sizeof(word)))
        return false;
    x->carriage = str_equal(word, "DATA") ? 0 : word[0];
    return !word[1] || !x->carriage;
}
static bool opt_notype(struct execio *x, const char **at)
{
    return x->quiet = true;
}

static const struct {
    const char *name;
    uint8_t least;
    bool (*parse)(struct execio *x, const char **at);
} options[] = {
    {"FINIS", 3, opt_finis},     {"LIFO", 2, opt_lifo},     {"FIFO", 2, opt_fifo},
    {"SKIP", 2, opt_skip},       {"STRIP", 4, opt_strip},   {"ZONE", 1, opt_zone},
    {"MARGINS", 1, opt_margins}, {"FIND", 2, opt_find},     {"LOCATE", 2, opt_locate},
    {"AVOID", 2, opt_avoid},     {"VAR", 3, opt_var},       {"STEM", 4, opt_stem},
    {"STRING", 3, opt_string},   {"CASE", 2, opt_case},     {"BUFFER", 3, opt_buffer},
    {"CC", 2, opt_cc},           {"NOTYPE", 6, opt_notype},
};
#define OPTION_COUNT (sizeof(options) / sizeof(options[0]))

static int parse_options(struct execio *x, const char *at)
{
    char word[CMS_LINE_MAX + 1];

    while (str_word(&at, word, sizeof(word))) {
        unsigned i = 0;
        if (!strcmp(word, ")"))
            break;
        while (i < OPTION_COUNT && !str_abbrev(word, options[i].name, options[i].least))
            i++;
        if (i == OPTION_COUNT)
            return cms_error(RC_BAD_OPERAND, "DMS" MODULE "003E INVALID OPTION '%s'", word);
        if (!options[i].parse(x, &at))
            return cms_error(RC_BAD_OPERAND,
                             "DMS" MODULE "029E INVALID PARAMETER IN THE OPTION '%s' FIELD",
                             options[i].name);
    }
    return RC_OK;
}

/* fn ft [fm [line [recfm [lrecl]]]] */
static int parse_file(struct execio *x, const struct device *d, const char *at)
{
    char word[CMS_LINE_MAX + 1];

    if (!str_word(&at, word, sizeof(word)))
        return cms_incomplete(MODULE);
    str_pad(x->id.fn, word, 8);
    if (!str_word(&at, word, sizeof(word)))
        return cms_incomplete(MODULE);
    str_pad(x->id.ft, word, 8);
    str_pad(x->id.fm, d->file == 1 ? "*" : "A1", 2);
    if (str_word(&at, word, sizeof(word)))
        str_pad(x->id.fm, word, 2);
    str_upcase(x->id.fn, sizeof(x->id));
    if (d->file == 2 && x->id.fm[0] == '*')
        x->id.fm[0] = 'A';
    if (str_word(&at, word, sizeof(word)) && strcmp(word, "*") && !str_decimal(word, &x->record))
        return bad(word);
    if (d->file == 2 && str_word(&at, word, sizeof(word))) {
        x->recfm = str_upper(word[0]);
        if (word[1] || (x->recfm != 'F' && x->recfm != 'V'))
            return bad(word);
        if (str_word(&at, word, sizeof(word)) &&
            (!str_decimal(word, &x->lrecl) || !x->lrecl || x->lrecl > CMS_RECORD_MAX))
            return bad(word);
    }
    return str_word(&at, word, sizeof(word)) ? bad(word) : RC_OK;
}

static int parse(struct execio *x, char *line, const struct device **device)
{
    char word[CMS_LINE_MAX + 1];
    const char *at = line;
    char *paren = strchr(line, '(');

    if (paren)
        *paren = 0;
    if (!str_word(&at, word, sizeof(word)))
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "047E NO FUNCTION SPECIFIED");
    if (!strcmp(word, "*"))
        x->lines = UINT32_MAX;
    else if (!str_decimal(word, &x->lines))
        return bad(word);
    if (!str_word(&at, word, sizeof(word)))
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "047E NO FUNCTION SPECIFIED");
    *device = NULL;
    for (unsigned i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
        if (str_abbrev(word, devices[i].name, devices[i].least))
            *device = &devices[i];
    if (!*device)
        return bad(word);
    int rc = (*device)->file                     ? parse_file(x, *device, at)
             : str_word(&at, word, sizeof(word)) ? bad(word)
                                                 : RC_OK;
    return rc || !paren ? rc : parse_options(x, paren + 1);
}

int command_main(const struct cms_call *call)
{
    static struct execio x;
    char line[CMS_LINE_MAX + 1];
    const struct device *device = NULL;

    memset(&x, 0, sizeof(x));
    x.zone = x.margins = (struct span){1, UINT32_MAX};
    x.carriage = ' ';
    cms_arguments(call, 1, line);
    int rc = parse(&x, line, &device);
    if (rc)
        return rc;
    if (x.lifo && x.fifo)
        return cms_error(RC_BAD_OPERAND,
                         "DMS" MODULE "066E 'LIFO' AND 'FIFO' ARE CONFLICTING OPTIONS");
    return device->run(&x);
}
