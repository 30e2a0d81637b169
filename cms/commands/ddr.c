/* DDR [fn ft [fm]]: control statements of a file, or of the terminal, that dump, restore, copy,
 * print and type tracks of disks.  VM/370 Operator's Guide, "DASD Dump Restore Program". */
#include "cms/ddr/command/ddr.h"

#define WORDS 12

struct statement {
    char word[WORDS][9];
    int count;
};

struct session {
    struct ddr ddr;
    struct fscb file;
    bool from_file;
    int rc; /* the highest */
};

static int wrong(const struct statement *s, int i)
{
    return cms_error(RC_BAD_OPERAND, "DMS" MODULE "701E INVALID OPERAND '%s' OF %s",
                     i < s->count ? s->word[i] : "", s->word[0]);
}

/* Tape options from word i on. */
static int tape_options(const struct statement *s, int i, struct unit *u)
{
    for (; i < s->count; i++) {
        const char *w = s->word[i];
        char field[8];
        str_pad(field, i + 1 < s->count ? s->word[i + 1] : "", 8);
        if (str_abbrev(w, "LEAVE", 2))
            u->after = AFTER_LEAVE;
        else if (str_abbrev(w, "REWIND", 3))
            u->after = AFTER_REWIND;
        else if (str_abbrev(w, "UNLOAD", 3))
            u->after = AFTER_UNLOAD;
        else if (str_abbrev(w, "SKIP", 2) && cms_number(field, &u->skip))
            i++;
        else if (str_abbrev(w, "MODE", 2) && cms_tape_mode(field, &u->mode))
            i++;
        else
            return wrong(s, i);
    }
    return RC_OK;
}

static bool is_tape(const char *type)
{
    static const char *const tapes[] = {"2401", "2415", "2420", "3410", "3411", "3420", "8809"};

    for (unsigned i = 0; i < sizeof(tapes) / sizeof(tapes[0]); i++)
        if (!strcmp(type, tapes[i]))
            return true;
    return false;
}

static int set_disk(const struct statement *s, struct unit *u)
{
    uint32_t type;

    if (!str_hex(s->word[2], &type))
        return wrong(s, 2);
    u->device.block_size = 800;
    if (cms_device(u->address, &u->device) || !u->device.type)
        return cms_error(RC_IO_ERROR, "DMS" MODULE "113S DISK %03X NOT ATTACHED", u->address);
    if (type != u->device.type)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "703E DEVICE %03X IS A %04X, NOT A %s",
                         u->address, u->device.type, s->word[2]);
    if (s->count > 4)
        return wrong(s, 4);
    if (s->count > 3 && strcmp(s->word[3], "SCRATCH") != 0)
        str_pad(u->wanted, s->word[3], 6);
    return RC_OK;
}

/* INPUT|OUTPUT cuu type [volid | other tape] [(options] */
static int set_unit(const struct statement *s, struct unit *u)
{
    uint32_t address, other = 0;
    int options = 3;

    memset(u, 0, sizeof(*u));
    memset(u->wanted, ' ', sizeof(u->wanted));
    memcpy(u->volid, "NONE  ", 6);
    if (s->count < 3 || !str_hex(s->word[1], &address) || address > 0xfff)
        return wrong(s, s->count < 3 ? s->count : 1);
    u->address = (uint16_t)address;
    u->tape = is_tape(s->word[2]);
    int rc = RC_OK;
    if (u->tape) {
        if (s->count > 3 && str_hex(s->word[3], &other) && other && other < 0x1000) {
            u->alternate = (uint16_t)other;
            options++;
        }
        rc = tape_options(s, options, u);
    } else {
        rc = set_disk(s, u);
    }
    u->given = !rc;
    return rc;
}

static int do_input(struct session *x, const struct statement *s)
{
    return set_unit(s, &x->ddr.input);
}

static int do_output(struct session *x, const struct statement *s)
{
    return set_unit(s, &x->ddr.output);
}

/* SYSPRINT cuu | CONS */
static int do_sysprint(struct session *x, const struct statement *s)
{
    uint32_t address;

    if (s->count == 2 && str_abbrev(s->word[1], "CONS", 4)) {
        x->ddr.print = 0;
        return RC_OK;
    }
    if (s->count != 2 || !str_hex(s->word[1], &address) || address != 0x00e)
        return wrong(s, 1);
    x->ddr.print = (uint16_t)address;
    return RC_OK;
}

static bool word_is(const struct statement *s, int i, const char *word, size_t least)
{
    return i < s->count && str_abbrev(s->word[i], word, least);
}

/* ALL, or first [TO] [last] [REORDER [TO] cylinder] */
static int extent(const struct statement *s, struct extent *e)
{
    int i = 1;

    *e = (struct extent){0, UINT32_MAX, 0};
    if (word_is(s, 1, "ALL", 3))
        return s->count == 2 ? RC_OK : wrong(s, 2);
    if (s->count < 2 || !str_decimal(s->word[i++], &e->first))
        return wrong(s, 1);
    e->last = e->to = e->first;
    if (word_is(s, i, "TO", 2))
        i++;
    if (i < s->count && str_decimal(s->word[i], &e->last))
        i++;
    if (!word_is(s, i, "REORDER", 1))
        return i < s->count ? wrong(s, i) : RC_OK;
    i++;
    if (word_is(s, i, "TO", 2))
        i++;
    return i + 1 == s->count && str_decimal(s->word[i], &e->to) ? RC_OK : wrong(s, i);
}

static int move(struct session *x, const struct statement *s, enum what what)
{
    struct ddr *d = &x->ddr;
    bool input_tape = what == RESTORE, output_tape = what == DUMP;
    struct extent e;

    if (!d->input.given || !d->output.given)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "707E NO %s WAS DEFINED",
                         d->input.given ? "OUTPUT" : "INPUT");
    if (what != COPY && (d->input.tape != input_tape || d->output.tape != output_tape))
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "703E %s GOES FROM %s TO %s", s->word[0],
                         input_tape ? "TAPE" : "DISK", output_tape ? "TAPE" : "DISK");
    if (d->input.address == d->output.address)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "706E INPUT AND OUTPUT ARE THE SAME DEVICE");
    int rc = extent(s, &e);
    return rc ? rc : work_move(d, what, &e);
}

static int do_dump(struct session *x, const struct statement *s)
{
    return move(x, s, DUMP);
}

static int do_restore(struct session *x, const struct statement *s)
{
    return move(x, s, RESTORE);
}

static int do_copy(struct session *x, const struct statement *s)
{
    return move(x, s, COPY);
}

/* Up to three numbers from word *i on. */
static int place(const struct statement *s, int *i, struct place *p)
{
    uint32_t *const parts[] = {&p->cylinder, &p->head, &p->record};
    int n = 0;

    while (n < 3 && *i < s->count && str_decimal(s->word[*i], parts[n])) {
        n++;
        ++*i;
    }
    return n;
}

/* cylinder [head [record]] [TO cylinder [head]] */
static int show(struct session *x, const struct statement *s, bool printer)
{
    struct place from = {0, 0, 0}, to = {0, 0, 0};
    int i = 1, given = place(s, &i, &from);

    if (!x->ddr.input.given)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "707E NO INPUT WAS DEFINED");
    if (!given)
        return wrong(s, 1);
    to = from;
    if (given == 1)
        to.head = UINT16_MAX; /* all of the cylinder */
    if (word_is(s, i, "TO", 2)) {
        i++;
        given = place(s, &i, &to);
        if (!given)
            return wrong(s, i);
        if (given == 1)
            to.head = UINT16_MAX;
    }
    return i < s->count ? wrong(s, i) : work_show(&x->ddr, &from, &to, printer);
}

static int do_print(struct session *x, const struct statement *s)
{
    return show(x, s, true);
}

static int do_type(struct session *x, const struct statement *s)
{
    return show(x, s, false);
}

static const struct {
    const char *name;
    uint8_t least;
    int (*run)(struct session *x, const struct statement *s);
} statements[] = {
    {"COPY", 2, do_copy},     {"DUMP", 2, do_dump},         {"INPUT", 2, do_input},
    {"OUTPUT", 3, do_output}, {"PRINT", 2, do_print},       {"RESTORE", 3, do_restore},
    {"TYPE", 2, do_type},     {"SYSPRINT", 2, do_sysprint},
};

#define STATEMENTS (sizeof(statements) / sizeof(statements[0]))

static void run_line(struct session *x, char *line)
{
    static struct statement s;
    const char *at = line;

    for (char *p = line; *p; p++) /* options may, but need not, stand in parentheses */
        if (*p == '(' || *p == ')')
            *p = ' ';
    for (s.count = 0; s.count < WORDS && str_word(&at, s.word[s.count], sizeof(s.word[0]));
         s.count++)
        str_upcase(s.word[s.count], strlen(s.word[s.count]));
    if (!s.count || s.word[0][0] == '*')
        return;
    int rc;
    unsigned i = 0;
    while (i < STATEMENTS && !str_abbrev(s.word[0], statements[i].name, statements[i].least))
        i++;
    if (i < STATEMENTS)
        rc = statements[i].run(x, &s);
    else
        rc = cms_error(RC_BAD_OPERAND, "DMS" MODULE "700E UNKNOWN STATEMENT '%s'", s.word[0]);
    x->rc = rc > x->rc ? rc : x->rc;
}

/* The next statement; false: there are no more (an empty line of the terminal). */
static bool next_line(struct session *x, char line[CMS_LINE_MAX + 1])
{
    int length;

    if (x->from_file) {
        int rc = cms_file_read(&x->file, line, CMS_LINE_MAX);
        if (rc && rc != FILE_CUT)
            return false;
        length = (int)x->file.nord;
        while (length && line[length - 1] == ' ')
            length--;
        line[length] = 0;
        cms_printf("%s", line);
        return true;
    }
    cms_printf("ENTER:");
    length = cms_read(line, CMS_LINE_MAX, 0);
    line[length] = 0;
    const char *at = line;
    char word[9];
    return str_word(&at, word, sizeof(word));
}

int command_main(const struct cms_call *call)
{
    static struct session x;
    static char line[CMS_LINE_MAX + 1];
    struct cms_fileid id;
    struct cms_fileinfo info;

    x.ddr.print = 0x00e;
    if (call->tokens > 1) {
        int rc = cms_only_fileid(&id, call, MODULE, 1, "*");
        if (!rc && (rc = cms_state(&id, &info)))
            rc = cms_state_error(MODULE, rc, &id);
        if (rc)
            return rc;
        cms_file(&x.file, &info.id);
        x.from_file = true;
    }
    while (next_line(&x, line))
        run_line(&x, line);
    if (x.from_file)
        cms_file_close(&x.file);
    return x.rc;
}
