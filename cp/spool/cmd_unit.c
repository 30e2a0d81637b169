/* The operator's commands for real unit record devices: START, DRAIN, FLUSH, BACKSPAC,
 * REPEAT, SPACE, QUERY UR; and HOLD, FREE, QUERY HOLD for users' output.
 * Source: VM/370 Operator's Guide, GC20-1806. */
#include "cp/spool/commands.h"
#include "cp/spool/unit.h"

#include "cp/frames.h"
#include "cp/message.h"
#include "cp/state.h"
#include "cp/text/operands.h"
#include "lib/str.h"

#define MODULE "CSO"

/* --- which units --- */

struct units {
    unsigned kind; /* SPOOL_ANY: all; 0: by address */
    uint16_t address;
};

static bool is_meant(const struct units *w, const struct unit *u)
{
    return w->kind ? w->kind == SPOOL_ANY || w->kind == u->kind : w->address == u->rdev->address;
}

static int parse_units(struct vmblok *vm, const char **line, struct units *w)
{
    char word[WORD_SIZE];
    uint32_t address;
    if (!str_word(line, word, sizeof word))
        return cp_error(vm, MODULE, 21, "RADDR MISSING OR INVALID");
    w->kind = spool_kind_word(word);
    if (w->kind && w->kind != SPOOL_CONSOLE)
        return 0;
    w->kind = 0;
    if (!operand_device(word, &address))
        return cp_error(vm, MODULE, 21, "RADDR MISSING OR INVALID");
    w->address = (uint16_t)address;
    if (unit_find(w->address))
        return 0;
    if (rdev_find(w->address))
        return cp_error(vm, MODULE, 6, "INVALID DEVICE TYPE - %03X", (unsigned)address);
    return error_no_device(vm, MODULE, address);
}

/* For the commands that work on the file at hand: one printer or punch. */
static int parse_busy_unit(struct vmblok *vm, const char **line, struct unit **u)
{
    char word[WORD_SIZE] = "";
    uint32_t address;
    str_word(line, word, sizeof word);
    if (!operand_device(word, &address))
        return cp_error(vm, MODULE, 21, "RADDR MISSING OR INVALID");
    *u = unit_find((uint16_t)address);
    if (!*u && !rdev_find((uint16_t)address))
        return error_no_device(vm, MODULE, address);
    if (!*u || (*u)->kind == SPOOL_READER)
        return cp_error(vm, MODULE, 6, "INVALID DEVICE TYPE - %03X", (unsigned)address);
    if (!(*u)->reader.file) {
        char name[UNIT_NAME];
        unit_name(*u, name);
        return cp_error(vm, MODULE, 140, "%s IDLE", name);
    }
    return 0;
}

/* --- START, DRAIN --- */

struct start {
    char classes[UNIT_CLASSES + 1]; /* "": as they are */
    int separator, manual;          /* -1: as it is */
};

static int parse_start(struct vmblok *vm, const char *line, struct start *s)
{
    char word[WORD_SIZE];
    while (str_word(&line, word, sizeof word)) {
        if (str_equal(word, "NOSEP")) {
            s->separator = 0;
        } else if (str_equal(word, "SEP")) {
            s->separator = 1;
        } else if (str_equal(word, "MANUAL")) {
            s->manual = 1;
        } else if (str_equal(word, "AUTO")) {
            s->manual = 0;
        } else if (str_abbrev(word, "CLASS", 2)) {
            unsigned n = 0;
            word[0] = 0;
            str_word(&line, word, sizeof word);
            for (const char *c = word; *c; c++, n++) {
                if (n == UNIT_CLASSES || !str_is_alnum(*c))
                    return cp_error(vm, MODULE, 28, "CLASS MISSING OR INVALID");
                s->classes[n] = str_upper(*c);
            }
            if (!n)
                return cp_error(vm, MODULE, 28, "CLASS MISSING OR INVALID");
        } else {
            return error_option(vm, MODULE, word);
        }
    }
    return 0;
}

int command_start(struct vmblok *vm, const char *operands)
{
    struct units which;
    struct start s = {.separator = -1, .manual = -1};
    char name[UNIT_NAME];
    int error = parse_units(vm, &operands, &which);
    if (!error)
        error = parse_start(vm, operands, &s);
    if (error)
        return error;
    LIST_EACH(it, &cp.spool->units)
    {
        struct unit *u = LIST_ENTRY(it, struct unit, link);
        if (!is_meant(&which, u))
            continue;
        unit_name(u, name);
        if (u->rdev->owner) {
            error = cp_error(vm, MODULE, 140, "%s ATTACHED TO %s", name, u->rdev->owner->userid);
            continue;
        }
        if (s.classes[0] && u->kind != SPOOL_READER)
            str_copy(u->classes, s.classes, sizeof u->classes);
        if (s.separator >= 0)
            u->separator = s.separator;
        if (s.manual >= 0)
            u->manual = s.manual;
        u->drained = u->draining = false;
        u->more_cards = true;
        if (u->kind == SPOOL_READER)
            cp_printf(vm, "%s STARTED", name);
        else
            cp_printf(vm, "%s STARTED, SYSTEM CLASS = %s", name, u->classes);
        unit_wake(u);
    }
    return error;
}

static bool is_busy(const struct unit *u)
{
    return u->reader.file || u->writer.file;
}

int command_drain(struct vmblok *vm, const char *operands)
{
    struct units which;
    char name[UNIT_NAME];
    int error = parse_units(vm, &operands, &which);
    if (error)
        return error;
    LIST_EACH(it, &cp.spool->units)
    {
        struct unit *u = LIST_ENTRY(it, struct unit, link);
        if (!is_meant(&which, u))
            continue;
        unit_name(u, name);
        u->draining = is_busy(u);
        u->drained = !u->draining;
        cp_printf(vm, u->draining ? "%s WILL BE DRAINED" : "%s DRAINED", name);
    }
    return 0;
}

/* --- the file at hand --- */

int command_flush(struct vmblok *vm, const char *operands)
{
    struct unit *u;
    char word[WORD_SIZE];
    uint8_t request = REQUEST_FLUSH;
    int error = parse_busy_unit(vm, &operands, &u);
    if (error)
        return error;
    while (str_word(&operands, word, sizeof word)) {
        if (str_equal(word, "ALL"))
            request = REQUEST_FLUSH_ALL;
        else if (str_abbrev(word, "HOLD", 2))
            request = REQUEST_FLUSH_HOLD;
        else
            return error_option(vm, MODULE, word);
    }
    u->request = request;
    unit_wake(u);
    return 0;
}

int command_backspac(struct vmblok *vm, const char *operands)
{
    struct unit *u;
    char word[WORD_SIZE];
    uint32_t pages = 1;
    int error = parse_busy_unit(vm, &operands, &u);
    if (error)
        return error;
    if (u->kind != SPOOL_PRINTER)
        return cp_error(vm, MODULE, 6, "INVALID DEVICE TYPE - %03X", (unsigned)u->rdev->address);
    if (str_word(&operands, word, sizeof word)) {
        if (str_abbrev(word, "FILE", 1) || str_equal(word, "EOF")) {
            u->request = REQUEST_RESTART;
            return 0;
        }
        if (!str_decimal(word, &pages) || pages < 1 || pages > 15)
            return error_operand(vm, MODULE, word);
    }
    u->pages = (uint8_t)pages;
    u->request = REQUEST_BACKSPACE;
    return 0;
}

int command_repeat(struct vmblok *vm, const char *operands)
{
    struct unit *u;
    char word[WORD_SIZE] = "1";
    uint8_t copies;
    int error = parse_busy_unit(vm, &operands, &u);
    if (error)
        return error;
    str_word(&operands, word, sizeof word);
    if (!spool_copies_word(word, &copies) || u->reader.file->copies + copies > SPOOL_COPIES_MAX)
        return cp_error(vm, MODULE, 30, "COPIES MISSING OR INVALID");
    u->reader.file->copies = (uint8_t)(u->reader.file->copies + copies);
    spool_update(the_spool(), u->reader.file);
    return 0;
}

int command_space(struct vmblok *vm, const char *operands)
{
    struct unit *u;
    int error = parse_busy_unit(vm, &operands, &u);
    if (error)
        return error;
    if (u->kind != SPOOL_PRINTER)
        return cp_error(vm, MODULE, 6, "INVALID DEVICE TYPE - %03X", (unsigned)u->rdev->address);
    u->single = true;
    return 0;
}

/* A 1403 has no forms control buffer, and its character set is in its chain. */

int query_real_ur(struct vmblok *vm, const char *operands)
{
    char name[UNIT_NAME];
    LIST_EACH(it, &cp.spool->units)
    {
        struct unit *u = LIST_ENTRY(it, struct unit, link);
        const char *state = u->drained    ? "DRAINED"
                            : u->waiting  ? "INTERVENTION"
                            : u->draining ? "DRAINING"
                            : is_busy(u)  ? "BUSY"
                                          : "IDLE";
        unit_name(u, name);
        if (u->kind == SPOOL_READER)
            cp_printf(vm, "%s %s", name, state);
        else if (u->reader.file)
            cp_printf(vm, "%s %s CLASS %s %s  FILE %04d OF %s", name, state, u->classes,
                      u->separator ? "SEP" : "NOSEP", (int)u->reader.file->id,
                      u->reader.file->owner);
        else
            cp_printf(vm, "%s %s CLASS %s %s", name, state, u->classes,
                      u->separator ? "SEP" : "NOSEP");
    }
    return 0;
}

/* --- HOLD, FREE --- */

#define BOTH (1u << SPOOL_PRINTER | 1u << SPOOL_PUNCH)

static int parse_held(struct vmblok *vm, const char *line, char *userid, unsigned *kinds)
{
    char word[WORD_SIZE];
    if (!str_word(&line, word, sizeof word) || !operand_userid(word, userid))
        return error_userid(vm, MODULE);
    if (!spool_user_exists(userid))
        return cp_error(vm, MODULE, 53, "%s NOT IN CP DIRECTORY", userid);
    *kinds = BOTH;
    if (str_word(&line, word, sizeof word)) {
        unsigned kind = spool_kind_word(word);
        if (kind != SPOOL_PRINTER && kind != SPOOL_PUNCH && kind != SPOOL_ANY)
            return cp_error(vm, MODULE, 35, "DEVICE TYPE MISSING OR INVALID");
        if (kind != SPOOL_ANY)
            *kinds = 1u << kind;
    }
    return 0;
}

static struct held_user *held_find(const char *userid)
{
    LIST_EACH(it, &cp.spool->held)
    {
        struct held_user *h = LIST_ENTRY(it, struct held_user, link);
        if (!strcmp(h->userid, userid))
            return h;
    }
    return NULL;
}

int command_hold(struct vmblok *vm, const char *operands)
{
    char userid[USERID_SIZE];
    unsigned kinds;
    int error = parse_held(vm, operands, userid, &kinds);
    if (error)
        return error;
    struct held_user *h = held_find(userid);
    if (!h) {
        h = cp_alloc(sizeof *h);
        if (!h)
            return cp_error(vm, MODULE, 27, "NO STORAGE FOR THIS COMMAND");
        str_copy(h->userid, userid, sizeof h->userid);
        list_append(&cp.spool->held, &h->link);
    }
    h->kinds |= (uint8_t)kinds;
    return 0;
}

int command_free(struct vmblok *vm, const char *operands)
{
    char userid[USERID_SIZE];
    unsigned kinds;
    int error = parse_held(vm, operands, userid, &kinds);
    if (error)
        return error;
    struct held_user *h = held_find(userid);
    if (!h)
        return cp_error(vm, MODULE, 142, "%s NOT IN HOLD STATUS", userid);
    h->kinds &= (uint8_t)~kinds;
    if (!h->kinds) {
        list_remove(&h->link);
        cp_free(h, sizeof *h);
    }
    spool_wake_units();
    return 0;
}

int query_hold(struct vmblok *vm, const char *operands)
{
    if (list_empty(&cp.spool->held))
        cp_printf(vm, "NO USERS IN HOLD STATUS");
    /* By number: a line may wait for the terminal, and the list change meanwhile. */
    for (unsigned n = 0;; n++) {
        unsigned i = 0;
        struct held_user *h = NULL;
        LIST_EACH(it, &cp.spool->held)
        if (i++ == n)
            h = LIST_ENTRY(it, struct held_user, link);
        if (!h)
            return 0;
        cp_printf(vm, "%-8s - %s", h->userid,
                  h->kinds == BOTH                  ? "ALL"
                  : h->kinds == 1u << SPOOL_PRINTER ? "PRT"
                                                    : "PUN");
    }
}
