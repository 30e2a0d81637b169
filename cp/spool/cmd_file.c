/* CHANGE, ORDER, PURGE, TRANSFER: closed spool files; a user's own, or with class D those of
 * any user (first operand: a userid, or SYSTEM for all).
 * Source: VM/370 CP Command Reference for General Users, GC20-1820; Operator's Guide, GC20-1806. */
#include "cp/spool/commands.h"

#include "cp/frames.h"
#include "cp/message.h"
#include "cp/text/operands.h"
#include "lib/str.h"

#define MODULE "CSU"

/* The files that a command is about.  Their ids are taken first, since the queues may change
 * whenever a change of one file waits for the disk. */
#define PICK_MAX (4096u / sizeof(uint16_t))
struct pick {
    char owner[USERID_SIZE]; /* "": any */
    unsigned queue;          /* or SPOOL_ANY */
    uint16_t *ids;
    unsigned count;
};

bool spool_may(const struct vmblok *vm, const struct spool_file *f)
{
    return (vm->classes & CLASS_D) || !strcmp(f->owner, vm->userid);
}

void spool_tell_count(struct vmblok *vm, unsigned count, const char *done)
{
    if (count)
        cp_printf(vm, "%04d FILE%s %s", (int)count, count == 1 ? "" : "S", done);
    else
        cp_printf(vm, "NO FILES %s", done);
}

static bool is_choice(const char *word)
{
    uint32_t id;
    return str_equal(word, "ALL") || str_abbrev(word, "CLASS", 2) || str_decimal(word, &id);
}

/* [userid | SYSTEM] queue.  `optional`: without a queue it is the reader (TRANSFER). */
static int pick_begin(struct vmblok *vm, const char **line, bool optional, struct pick *p)
{
    char word[WORD_SIZE];
    const char *after = *line;
    memset(p, 0, sizeof *p);
    str_copy(p->owner, vm->userid, sizeof p->owner);
    if (!str_word(&after, word, sizeof word))
        return cp_error(vm, MODULE, 35, "DEVICE TYPE MISSING OR INVALID");
    p->queue = spool_kind_word(word);
    if (!p->queue && (vm->classes & CLASS_D)) {
        const char *further = after;
        char queue[WORD_SIZE] = "";
        str_word(&further, queue, sizeof queue);
        bool choice = optional && !is_choice(word) && is_choice(queue);
        if ((choice || spool_kind_word(queue)) && operand_userid(word, p->owner)) {
            if (!strcmp(p->owner, "SYSTEM"))
                p->owner[0] = 0;
            if (choice) {
                *line = after;
            } else {
                p->queue = spool_kind_word(queue);
                after = further;
            }
        }
    }
    bool all_is_a_choice = optional && p->queue == SPOOL_ANY; /* TRANSFER ALL: all in the reader */
    if (optional && (!p->queue || all_is_a_choice))
        p->queue = SPOOL_READER;
    else if (!p->queue || p->queue == SPOOL_CONSOLE)
        return cp_error(vm, MODULE, 35, "DEVICE TYPE MISSING OR INVALID");
    else
        *line = after;
    p->ids = cp_alloc(PICK_MAX * sizeof p->ids[0]);
    return p->ids ? 0 : cp_error(vm, MODULE, 27, "NO STORAGE FOR THIS COMMAND");
}

static void pick_end(struct pick *p)
{
    cp_free(p->ids, PICK_MAX * sizeof p->ids[0]);
}

static bool in_queue(const struct pick *p, unsigned queue)
{
    return p->queue == SPOOL_ANY || p->queue == queue;
}

static void pick_add(struct pick *p, uint16_t id)
{
    for (unsigned i = 0; i < p->count; i++)
        if (p->ids[i] == id)
            return;
    if (p->count < PICK_MAX)
        p->ids[p->count++] = id;
}

static void pick_class(struct pick *p, char class)
{
    for (unsigned q = SPOOL_READER; q <= SPOOL_QUEUES; q++) {
        struct spool_file *f = NULL;
        while (in_queue(p, q) && (f = spool_next_file(the_spool(), q, f, p->owner, class)))
            pick_add(p, f->id);
    }
}

/* One choice: ALL, CLASS c, or a spool id; `word` is its first word. */
static int pick_choice(struct vmblok *vm, struct pick *p, const char *word, const char **line)
{
    char class_word[WORD_SIZE] = "", class;
    uint16_t id;
    if (str_equal(word, "ALL")) {
        pick_class(p, '*');
        return 0;
    }
    if (str_abbrev(word, "CLASS", 2)) {
        str_word(line, class_word, sizeof class_word);
        if (!spool_class_word(class_word, false, &class))
            return cp_error(vm, MODULE, 28, "CLASS MISSING OR INVALID");
        pick_class(p, class);
        return 0;
    }
    if (!spool_id_word(word, &id))
        return cp_error(vm, MODULE, 8, "INVALID SPOOLID - %s", word);
    struct spool_file *f = spool_find_any(the_spool(), id);
    if (!f || f->entry < 0 || !in_queue(p, f->queue) ||
        (p->owner[0] && !(vm->classes & CLASS_D) && strcmp(f->owner, p->owner)))
        return cp_error(vm, MODULE, 42, "SPOOLID %04d DOES NOT EXIST", (int)id);
    pick_add(p, id);
    return 0;
}

/* All the rest of the line is choices. */
static int pick_choices(struct vmblok *vm, struct pick *p, const char *line)
{
    char word[WORD_SIZE];
    if (!str_word(&line, word, sizeof word)) {
        if (p->queue != SPOOL_ANY)
            return cp_error(vm, MODULE, 27, "SPOOLID MISSING OR INVALID");
        pick_class(p, '*'); /* PURGE ALL */
        return 0;
    }
    do {
        int error = pick_choice(vm, p, word, &line);
        if (error)
            return error;
    } while (str_word(&line, word, sizeof word));
    return 0;
}

/* The file of pick number i, if it is still there and nobody works on it. */
static struct spool_file *picked(const struct pick *p, unsigned i)
{
    struct spool_file *f = spool_find_any(the_spool(), p->ids[i]);
    return f && f->entry >= 0 && !f->in_use ? f : NULL;
}

int command_purge(struct vmblok *vm, const char *operands)
{
    struct pick p;
    unsigned done = 0;
    int error = pick_begin(vm, &operands, false, &p);
    if (error)
        return error;
    error = pick_choices(vm, &p, operands);
    for (unsigned i = 0; !error && i < p.count; i++) {
        struct spool_file *f = picked(&p, i);
        if (f && spool_delete(the_spool(), f) == SPOOL_OK)
            done++;
    }
    if (!error)
        spool_tell_count(vm, done, "PURGED");
    pick_end(&p);
    return error;
}

int command_order(struct vmblok *vm, const char *operands)
{
    struct pick p;
    unsigned done = 0;
    int error = pick_begin(vm, &operands, false, &p);
    if (error)
        return error;
    error = pick_choices(vm, &p, operands);
    for (unsigned i = p.count; !error && i-- > 0;) {
        struct spool_file *f = picked(&p, i);
        if (f && spool_front(the_spool(), f) == SPOOL_OK)
            done++;
    }
    if (!error)
        spool_tell_count(vm, done, "ORDERED");
    pick_end(&p);
    return error;
}

/* --- CHANGE --- */

/* What is to be changed: members with a value that is not "no change". */
struct changes {
    char class;     /* 0 */
    uint8_t copies; /* 0 */
    int hold;       /* -1 */
    bool name_given, dist_given;
    char name[SPOOL_NAME + 1], type[SPOOL_NAME + 1], dist[9];
};

static int parse_change(struct vmblok *vm, const char **line, const char *keyword,
                        struct changes *c)
{
    char word[2 * SPOOL_NAME + 2] = "";
    if (str_abbrev(keyword, "HOLD", 2) || str_abbrev(keyword, "NOHOLD", 3)) {
        c->hold = str_abbrev(keyword, "HOLD", 2);
        return 0;
    }
    if (str_abbrev(keyword, "CLASS", 2)) {
        str_word(line, word, sizeof word);
        if (!spool_class_word(word, false, &c->class))
            return cp_error(vm, MODULE, 28, "CLASS MISSING OR INVALID");
    } else if (str_abbrev(keyword, "COPY", 3)) {
        str_word(line, word, sizeof word);
        if (!spool_copies_word(word[0] == '*' ? word + 1 : word, &c->copies))
            return cp_error(vm, MODULE, 30, "COPIES MISSING OR INVALID");
    } else if (str_abbrev(keyword, "DIST", 1)) {
        if (!str_word(line, word, sizeof word) || strlen(word) > 8)
            return error_operand(vm, MODULE, NULL);
        str_upcase(word, strlen(word));
        str_copy(c->dist, word, sizeof c->dist);
        c->dist_given = true;
    } else if (str_abbrev(keyword, "NAME", 2)) {
        if (!str_word(line, word, sizeof word) || strlen(word) > 2 * SPOOL_NAME)
            return error_operand(vm, MODULE, NULL);
        str_upcase(word, strlen(word));
        str_copy(c->name, word, sizeof c->name);
        if (strlen(word) > SPOOL_NAME) {
            str_copy(c->type, word + SPOOL_NAME, sizeof c->type);
        } else if (str_word(line, word, sizeof word)) {
            str_upcase(word, strlen(word));
            str_copy(c->type, word, sizeof c->type);
        }
        c->name_given = true;
    } else {
        return error_option(vm, MODULE, keyword);
    }
    return 0;
}

static bool change_file(struct vmblok *vm, struct spool_file *f, const struct changes *c)
{
    /* The operator's hold on others' files is the system's; who owns the file and has
     * class D takes both away. */
    bool own = !strcmp(f->owner, vm->userid);
    if (c->class)
        f->class = c->class;
    if (c->copies)
        f->copies = c->copies;
    if (c->hold > 0)
        f->hold |= own ? SPOOL_HOLD_USER : SPOOL_HOLD_SYSTEM;
    if (c->hold == 0)
        f->hold &= (uint8_t) ~((own ? SPOOL_HOLD_USER : 0) |
                               (vm->classes & CLASS_D ? SPOOL_HOLD_SYSTEM : 0));
    if (c->name_given) {
        str_copy(f->name, c->name, sizeof f->name);
        str_copy(f->type, c->type, sizeof f->type);
    }
    if (c->dist_given)
        str_copy(f->dist, c->dist, sizeof f->dist);
    return spool_update(the_spool(), f) == SPOOL_OK;
}

int command_change(struct vmblok *vm, const char *operands)
{
    struct pick p;
    struct changes changes = {.hold = -1};
    char word[WORD_SIZE];
    unsigned done = 0;
    int error = pick_begin(vm, &operands, false, &p);
    if (error)
        return error;
    if (!str_word(&operands, word, sizeof word))
        error = cp_error(vm, MODULE, 27, "SPOOLID MISSING OR INVALID");
    else
        error = pick_choice(vm, &p, word, &operands);
    if (!error && !*operands)
        error = error_operand(vm, MODULE, NULL);
    while (!error && str_word(&operands, word, sizeof word))
        error = parse_change(vm, &operands, word, &changes);
    for (unsigned i = 0; !error && i < p.count; i++) {
        struct spool_file *f = picked(&p, i);
        if (f && change_file(vm, f, &changes))
            done++;
    }
    pick_end(&p);
    if (error)
        return error;
    spool_tell_count(vm, done, "CHANGED");
    spool_wake_units();
    return 0;
}

/* --- TRANSFER --- */

/* Where to: [TO] userid [queue]; or FROM userid, which takes back what this user sent. */
struct transfer {
    bool back;
    char userid[USERID_SIZE]; /* "": FROM ALL */
    unsigned queue;
};

static int parse_transfer(struct vmblok *vm, const char *line, struct transfer *t)
{
    char word[WORD_SIZE] = "";
    t->queue = SPOOL_READER;
    str_word(&line, word, sizeof word);
    t->back = str_equal(word, "FROM");
    if (t->back || str_equal(word, "TO")) {
        word[0] = 0;
        str_word(&line, word, sizeof word);
    }
    if (t->back && str_equal(word, "ALL"))
        t->userid[0] = 0;
    else if (str_equal(word, "*"))
        str_copy(t->userid, vm->userid, sizeof t->userid);
    else if (!operand_userid(word, t->userid))
        return error_userid(vm, MODULE);
    else if (!spool_user_exists(t->userid))
        return cp_error(vm, MODULE, 53, "%s NOT IN CP DIRECTORY", t->userid);
    if (str_word(&line, word, sizeof word)) {
        t->queue = spool_kind_word(word);
        if (!t->queue || t->queue > SPOOL_QUEUES || t->back)
            return error_operand(vm, MODULE, word);
    }
    return 0;
}

/* For FROM: the files in others' readers that came from this user. */
static void pick_sent(struct vmblok *vm, struct pick *p, const struct transfer *t)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < p->count; i++) {
        struct spool_file *f = spool_find_any(the_spool(), p->ids[i]);
        if (f && !strcmp(f->origin, vm->userid) && strcmp(f->owner, vm->userid) &&
            (!t->userid[0] || !strcmp(f->owner, t->userid)))
            p->ids[kept++] = p->ids[i];
    }
    p->count = kept;
}

static bool transfer_file(struct vmblok *vm, struct spool_file *f, const struct transfer *t)
{
    const char *to = t->back ? vm->userid : t->userid;
    if (spool_move(the_spool(), f, t->queue, to) != SPOOL_OK)
        return false;
    if (t->queue == SPOOL_READER && strcmp(to, vm->userid))
        spool_arrived(f, vm->userid);
    return true;
}

int command_transfer(struct vmblok *vm, const char *operands)
{
    struct pick p;
    struct transfer t;
    char word[WORD_SIZE], class_word[WORD_SIZE];
    unsigned done = 0;
    int error = pick_begin(vm, &operands, true, &p);
    if (error)
        return error;
    const char *choice = operands; /* looked at again when it is known whose files */
    if (!str_word(&operands, word, sizeof word))
        error = cp_error(vm, MODULE, 27, "SPOOLID MISSING OR INVALID");
    else if (str_abbrev(word, "CLASS", 2))
        str_word(&operands, class_word, sizeof class_word);
    if (!error)
        error = parse_transfer(vm, operands, &t);
    if (!error) {
        if (t.back)
            p.owner[0] = 0;
        str_word(&choice, word, sizeof word);
        error = pick_choice(vm, &p, word, &choice);
    }
    if (!error && t.back)
        pick_sent(vm, &p, &t);
    for (unsigned i = 0; !error && i < p.count; i++) {
        struct spool_file *f = picked(&p, i);
        if (f && transfer_file(vm, f, &t))
            done++;
    }
    pick_end(&p);
    if (error)
        return error;
    spool_tell_count(vm, done, "TRANSFERRED");
    spool_wake_units();
    return 0;
}
