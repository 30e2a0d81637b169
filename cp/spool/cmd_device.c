/* SPOOL, CLOSE and TAG: the user's virtual unit record devices and console.
 * Source: VM/370 CP Command Reference for General Users, GC20-1820. */
#include "cp/spool/commands.h"

#include "cp/message.h"
#include "cp/text/operands.h"
#include "lib/str.h"

unsigned spool_kind_word(const char *word)
{
    static const struct keyword kinds[] = {
        {"READER", 1, SPOOL_READER},   {"RDR", 3, SPOOL_READER},  {"PRINTER", 1, SPOOL_PRINTER},
        {"PRT", 3, SPOOL_PRINTER},     {"PUNCH", 2, SPOOL_PUNCH}, {"PCH", 3, SPOOL_PUNCH},
        {"CONSOLE", 3, SPOOL_CONSOLE}, {"ALL", 3, SPOOL_ANY},     {0},
    };
    const struct keyword *k = keyword_find(kinds, word);
    return k ? k->value : 0;
}

bool spool_class_word(const char *word, bool any, char *class)
{
    if (!word[0] || word[1] || !(str_is_alnum(word[0]) || (any && word[0] == '*')))
        return false;
    *class = str_upper(word[0]);
    return true;
}

bool spool_id_word(const char *word, uint16_t *id)
{
    uint32_t n;
    if (!str_decimal(word, &n) || n < 1 || n > SPOOL_ID_MAX)
        return false;
    *id = (uint16_t)n;
    return true;
}

bool spool_copies_word(const char *word, uint8_t *copies)
{
    uint32_t n;
    if (!str_decimal(word, &n) || n < 1 || n > SPOOL_COPIES_MAX)
        return false;
    *copies = (uint8_t)n;
    return true;
}

/* --- which devices --- */

/* The devices that an operand names: one address, or all of a kind. */
struct devices {
    unsigned kind; /* 0: by address */
    uint16_t address;
};

static int parse_devices(struct vmblok *vm, const char *module, const char **line,
                         struct devices *d)
{
    char word[WORD_SIZE];
    uint32_t address;
    if (!str_word(line, word, sizeof word))
        return cp_error(vm, module, 22, "VADDR MISSING OR INVALID");
    d->kind = spool_kind_word(word);
    if (d->kind && d->kind != SPOOL_ANY)
        return 0;
    d->kind = 0;
    if (!operand_device(word, &address))
        return cp_error(vm, module, 22, "VADDR MISSING OR INVALID");
    d->address = (uint16_t)address;
    struct vdev *vdev = vdev_find(vm, d->address);
    if (!vdev)
        return error_no_device(vm, module, address);
    if (!vspool_of(vdev) && vdev != vm->console)
        return cp_error(vm, module, 6, "INVALID DEVICE TYPE - %03X", (unsigned)address);
    return 0;
}

/* The device after `v` (NULL: the first) in order of addresses. */
static struct vspool *next_device(struct vmblok *vm, const struct devices *d,
                                  const struct vspool *v)
{
    if (d->kind == SPOOL_CONSOLE)
        return v ? NULL : vspool_console(vm, true);
    LIST_EACH(it, &vm->vdevs)
    {
        struct vdev *vdev = LIST_ENTRY(it, struct vdev, link);
        struct vspool *x = vdev == vm->console && !d->kind && vdev->address == d->address
                               ? vspool_console(vm, true)
                               : vspool_of(vdev);
        if (!x || (v && vdev->address <= v->vdev->address))
            continue;
        if (d->kind ? x->kind == d->kind : vdev->address == d->address)
            return x;
    }
    return NULL;
}

/* --- SPOOL --- */

enum spool_option {
    OPT_CLASS,
    OPT_COPY,
    OPT_HOLD,
    OPT_NOHOLD,
    OPT_CONT,
    OPT_NOCONT,
    OPT_EOF,
    OPT_NOEOF,
    OPT_TO,
    OPT_FOR,
    OPT_OFF,
    OPT_CLOSE,
    OPT_PURGE,
    OPT_NOPURGE,
    OPT_START,
    OPT_STOP,
    OPT_TERM,
    OPT_NOTERM,
};

#define KIND(k) (1u << (k))
#define OUTPUT  (KIND(SPOOL_PRINTER) | KIND(SPOOL_PUNCH) | KIND(SPOOL_CONSOLE))
#define READER  KIND(SPOOL_READER)
#define CONSOLE KIND(SPOOL_CONSOLE)

static const struct keyword spool_options[] = {
    {"CLASS", 2, OPT_CLASS},     {"COPY", 3, OPT_COPY},
    {"HOLD", 2, OPT_HOLD},       {"NOHOLD", 3, OPT_NOHOLD},
    {"CONT", 2, OPT_CONT},       {"NOCONT", 3, OPT_NOCONT},
    {"EOF", 3, OPT_EOF},         {"NOEOF", 3, OPT_NOEOF},
    {"TO", 1, OPT_TO},           {"FOR", 1, OPT_FOR},
    {"OFF", 3, OPT_OFF},         {"SYSTEM", 3, OPT_OFF},
    {"CLOSE", 3, OPT_CLOSE},     {"PURGE", 3, OPT_PURGE},
    {"NOPURGE", 3, OPT_NOPURGE}, {"START", 3, OPT_START},
    {"STOP", 3, OPT_STOP},       {"TERM", 2, OPT_TERM},
    {"NOTERM", 3, OPT_NOTERM},   {0},
};

/* For which kinds an option is. */
static const uint8_t option_kinds[] = {
    [OPT_CLASS] = OUTPUT | READER,
    [OPT_COPY] = OUTPUT,
    [OPT_HOLD] = OUTPUT | READER,
    [OPT_NOHOLD] = OUTPUT | READER,
    [OPT_CONT] = OUTPUT | READER,
    [OPT_NOCONT] = OUTPUT | READER,
    [OPT_EOF] = READER,
    [OPT_NOEOF] = READER,
    [OPT_TO] = OUTPUT,
    [OPT_FOR] = OUTPUT,
    [OPT_OFF] = OUTPUT,
    [OPT_CLOSE] = OUTPUT | READER,
    [OPT_PURGE] = OUTPUT,
    [OPT_NOPURGE] = OUTPUT,
    [OPT_START] = CONSOLE,
    [OPT_STOP] = CONSOLE,
    [OPT_TERM] = CONSOLE,
    [OPT_NOTERM] = CONSOLE,
};

/* TO userid, TO *, TO SYSTEM, and the same with FOR. */
static int parse_destination(struct vmblok *vm, const char **line, bool to,
                             struct vspool_settings *set)
{
    char word[WORD_SIZE], userid[USERID_SIZE];
    if (!str_word(line, word, sizeof word))
        return error_userid(vm, "CSP");
    if (str_equal(word, "SYSTEM")) {
        set->destination = TO_SYSTEM;
        return 0;
    }
    if (str_equal(word, "*"))
        str_copy(userid, vm->userid, sizeof userid);
    else if (!operand_userid(word, userid))
        return error_userid(vm, "CSP");
    if (!spool_user_exists(userid))
        return cp_error(vm, "CSP", 53, "%s NOT IN CP DIRECTORY", userid);
    set->destination = to ? TO_USER : FOR_USER;
    if (!to && !strcmp(userid, vm->userid))
        set->destination = TO_SYSTEM;
    str_copy(set->user, userid, sizeof set->user);
    return 0;
}

/* One option with its operand.  0 or a message's number. */
static int parse_option(struct vmblok *vm, unsigned option, const char **line, bool reader,
                        struct vspool_settings *set)
{
    char word[WORD_SIZE] = "";
    switch (option) {
    case OPT_CLASS:
        str_word(line, word, sizeof word);
        if (!spool_class_word(word, reader, &set->class))
            return cp_error(vm, "CSP", 28, "CLASS MISSING OR INVALID");
        return 0;
    case OPT_COPY:
        str_word(line, word, sizeof word);
        if (!spool_copies_word(word[0] == '*' ? word + 1 : word, &set->copies))
            return cp_error(vm, "CSP", 30, "COPIES MISSING OR INVALID");
        return 0;
    case OPT_TO:
    case OPT_FOR:
        return parse_destination(vm, line, option == OPT_TO, set);
    case OPT_HOLD:
    case OPT_NOHOLD:
        set->hold = option == OPT_HOLD;
        return 0;
    case OPT_CONT:
    case OPT_NOCONT:
        set->cont = option == OPT_CONT;
        return 0;
    case OPT_EOF:
    case OPT_NOEOF:
        set->eof = option == OPT_EOF;
        return 0;
    case OPT_OFF:
        set->destination = TO_SYSTEM;
        return 0;
    case OPT_PURGE:
    case OPT_NOPURGE:
        set->purge = option == OPT_PURGE;
        return 0;
    case OPT_START:
    case OPT_STOP:
        set->started = option == OPT_START;
        return 0;
    case OPT_TERM:
    case OPT_NOTERM:
        set->terminal = option == OPT_TERM;
        return 0;
    }
    return 0;
}

static int parse_options(struct vmblok *vm, const char *line, const struct vspool *v,
                         struct vspool_settings *set, bool *close)
{
    char word[WORD_SIZE];
    if (!*line)
        return error_operand(vm, "CSP", NULL);
    while (str_word(&line, word, sizeof word)) {
        const struct keyword *k = keyword_find(spool_options, word);
        uint8_t copies;
        if (!k && v->kind != SPOOL_READER && spool_copies_word(word, &copies)) {
            set->copies = copies; /* COPY may be left out */
            continue;
        }
        if (!k)
            return error_option(vm, "CSP", word);
        if (!(option_kinds[k->value] & KIND(v->kind)))
            return cp_error(vm, "CSP", 13, "CONFLICTING OPTION - %s", k->name);
        if (k->value == OPT_CLOSE)
            *close = true;
        int error = parse_option(vm, k->value, &line, v->kind == SPOOL_READER, set);
        if (error)
            return error;
    }
    return 0;
}

int command_spool(struct vmblok *vm, const char *operands)
{
    struct devices d;
    struct vspool *v = NULL;
    int error = parse_devices(vm, "CSP", &operands, &d);
    if (error)
        return error;
    if (!next_device(vm, &d, NULL))
        return cp_error(vm, "CSP", 40, "DEV %s DOES NOT EXIST", spool_kind_name(d.kind));
    while ((v = next_device(vm, &d, v))) {
        struct vspool_settings set = v->set;
        bool close = false;
        error = parse_options(vm, operands, v, &set, &close);
        if (error)
            return error;
        v->set = set;
        if (close) {
            struct close_options options = {.force = true};
            vspool_close(v, &options);
        }
    }
    return 0;
}

/* --- CLOSE --- */

struct close_words {
    struct close_options options;
    char name[SPOOL_NAME + 1], type[SPOOL_NAME + 1], dist[9];
};

/* NAME fn ft, or NAME dsname of up to 24 characters. */
static int parse_name(struct vmblok *vm, const char **line, struct close_words *w)
{
    char word[2 * SPOOL_NAME + 2];
    if (!str_word(line, word, sizeof word) || strlen(word) > 2 * SPOOL_NAME)
        return error_operand(vm, "CSP", NULL);
    str_upcase(word, strlen(word));
    str_copy(w->name, word, sizeof w->name);
    w->options.name = w->name;
    w->options.type = w->type;
    if (strlen(word) > SPOOL_NAME) {
        str_copy(w->type, word + SPOOL_NAME, sizeof w->type);
    } else if (str_word(line, word, sizeof word)) {
        str_upcase(word, strlen(word));
        str_copy(w->type, word, sizeof w->type);
    }
    return 0;
}

static int parse_close(struct vmblok *vm, const char *line, struct close_words *w)
{
    static const struct keyword words[] = {
        {"HOLD", 2, 1}, {"NOHOLD", 3, 2}, {"PURGE", 3, 3}, {"NAME", 2, 4}, {"DIST", 1, 5}, {0},
    };
    char word[WORD_SIZE];
    while (str_word(&line, word, sizeof word)) {
        const struct keyword *k = keyword_find(words, word);
        int error = 0;
        if (!k)
            return error_option(vm, "CSP", word);
        if (k->value <= 2) {
            w->options.hold = k->value == 1;
            w->options.nohold = k->value == 2;
        } else if (k->value == 3) {
            w->options.purge = true;
        } else if (k->value == 4) {
            error = parse_name(vm, &line, w);
        } else {
            if (!str_word(&line, word, sizeof word) || strlen(word) > 8)
                return error_operand(vm, "CSP", NULL);
            str_upcase(word, strlen(word));
            str_copy(w->dist, word, sizeof w->dist);
            w->options.dist = w->dist;
        }
        if (error)
            return error;
    }
    return 0;
}

int command_close(struct vmblok *vm, const char *operands)
{
    struct devices d;
    struct close_words words = {0};
    struct vspool *v = NULL;
    int error = parse_devices(vm, "CSP", &operands, &d);
    if (!error)
        error = parse_close(vm, operands, &words);
    if (error)
        return error;
    while ((v = next_device(vm, &d, v)))
        vspool_close(v, &words.options);
    return 0;
}

/* --- TAG --- */

/* The text as it was typed, without the blanks behind it. */
static void set_tag(char *tag, const char *text)
{
    str_copy(tag, text, SPOOL_TAG + 1);
    for (size_t n = strlen(tag); n && tag[n - 1] == ' ';)
        tag[--n] = 0;
}

static int tag_file(struct vmblok *vm, const char *line, bool query)
{
    char word[WORD_SIZE];
    uint16_t id;
    if (!str_word(&line, word, sizeof word) || !spool_id_word(word, &id))
        return cp_error(vm, "CST", 27, "SPOOLID MISSING OR INVALID");
    struct spool_file *f = spool_find_any(the_spool(), id);
    if (!f || f->entry < 0 || (!spool_may(vm, f) && strcmp(f->origin, vm->userid)))
        return cp_error(vm, "CST", 42, "SPOOLID %04d DOES NOT EXIST", (int)id);
    if (query) {
        cp_printf(vm, "%s", f->tag[0] ? f->tag : "NO TAG INFORMATION");
        return 0;
    }
    set_tag(f->tag, line);
    spool_update(the_spool(), f);
    return 0;
}

static int tag_device(struct vmblok *vm, const char *line, bool query)
{
    struct devices d;
    struct vspool *v = NULL;
    int error = parse_devices(vm, "CST", &line, &d);
    if (error)
        return error;
    while ((v = next_device(vm, &d, v))) {
        if (v->kind == SPOOL_READER)
            return cp_error(vm, "CST", 6, "INVALID DEVICE TYPE - %03X", (unsigned)v->vdev->address);
        if (query)
            cp_printf(vm, "%s", v->tag[0] ? v->tag : "NO TAG INFORMATION");
        else
            set_tag(v->tag, line);
    }
    return 0;
}

int command_tag(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    bool query = false;
    if (!str_word(&operands, word, sizeof word))
        return error_operand(vm, "CST", NULL);
    if (str_abbrev(word, "QUERY", 1)) {
        query = true;
        if (!str_word(&operands, word, sizeof word))
            return error_operand(vm, "CST", NULL);
    }
    if (str_abbrev(word, "DEV", 3))
        return tag_device(vm, operands, query);
    if (str_abbrev(word, "FILE", 4))
        return tag_file(vm, operands, query);
    return error_operand(vm, "CST", word);
}
