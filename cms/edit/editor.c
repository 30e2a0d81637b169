/* The editor's loop: reads the file, takes lines in edit or input mode, finds the subcommand. */
#include "cms/edit/internal.h"

#include "lib/fmt.h"
#include "lib/str.h"

void edit_type(struct edit *e, const char *text)
{
    e->host->type(e->host->context, text);
}

void edit_type_line(struct edit *e, const struct edit_line *line, uint32_t columns)
{
    char text[EDIT_LRECL + 1];
    size_t n = line->length;
    if (line == e->top || line == e->end) {
        edit_type(e, line == e->top ? "TOF:" : "EOF:");
        return;
    }
    if (n > columns)
        n = columns;
    while (n && line->text[n - 1] == ' ')
        n--;
    str_copy(text, line->text, n + 1);
    edit_type(e, text);
}

void edit_verify(struct edit *e)
{
    if (e->settings.verify)
        edit_type_line(e, e->current, e->settings.verify_columns);
}

void edit_reject(struct edit *e)
{
    fmt(e->output, sizeof e->output, "?EDIT: %s", e->input);
    edit_type(e, e->settings.long_messages ? e->output : "?");
}

void edit_not_found(struct edit *e)
{
    edit_type(e, "NOT FOUND");
}

bool edit_count(struct edit *e, const char **operands, uint32_t missing, uint32_t *count)
{
    char word[EDIT_INPUT];
    *count = missing;
    if (!str_word(operands, word, sizeof word))
        return true;
    if (!strcmp(word, "*")) {
        *count = EDIT_ALL;
        return true;
    }
    if (str_decimal(word, count))
        return true;
    edit_reject(e);
    return false;
}

static uint32_t next_tab(const struct edit *e, uint32_t column)
{
    for (int i = 0; i < e->settings.tab_count; i++)
        if (e->settings.tabs[i] > column)
            return e->settings.tabs[i];
    return column + 1;
}

size_t edit_prepare(struct edit *e, const char *text, char *to)
{
    size_t n = 0;
    bool cut = false;
    for (; *text; text++) {
        size_t until = n + 1;
        if (*text == '\t' && e->settings.image)
            until = next_tab(e, (uint32_t)n + 1) - 1;
        for (; n < until; n++) {
            if (n >= e->settings.truncate) {
                cut = cut || *text != ' ';
                break;
            }
            to[n] = *text == '\t' ? ' ' : *text;
        }
    }
    if (cut)
        edit_type(e, "TRUNCATED");
    if (e->settings.upper_case)
        str_upcase(to, n);
    return n;
}

void edit_changed(struct edit *e)
{
    e->changed = true;
    e->changes++;
}

static void autosave(struct edit *e)
{
    if (e->settings.autosave && e->changes >= e->settings.autosave && e->top->next != e->end &&
        edit_write_file(e, &e->id))
        edit_type(e, "_SAVED");
}

const struct edit_subcommand edit_subcommands[] = {
    {"ALTER", 2, false, edit_alter},
    {"AUTOSAVE", 4, false, edit_autosave},
    {"BACKWARD", 2, false, edit_up},
    {"BOTTOM", 1, false, edit_bottom},
    {"CASE", 4, false, edit_case},
    {"CHANGE", 1, false, edit_change},
    {"CMS", 3, false, edit_cms},
    {"DELETE", 2, false, edit_delete_lines},
    {"DOWN", 2, false, edit_down},
    {"DSTRING", 2, false, edit_delete_to},
    {"FILE", 4, false, edit_file},
    {"FIND", 1, true, edit_find},
    {"FMODE", 2, false, edit_fmode},
    {"FNAME", 2, false, edit_fname},
    {"FORWARD", 2, false, edit_down},
    {"GETFILE", 1, false, edit_getfile},
    {"IMAGE", 3, false, edit_image},
    {"INPUT", 1, true, edit_input},
    {"INSERT", 3, true, edit_input},
    {"LOCATE", 1, false, edit_locate},
    {"LONG", 4, false, edit_long},
    {"NEXT", 1, false, edit_down},
    {"OVERLAY", 1, true, edit_overlay},
    {"PRESERVE", 2, false, edit_preserve},
    {"QUIT", 4, false, edit_quit},
    {"RECFM", 3, false, edit_recfm},
    {"REPEAT", 6, false, edit_repeat},
    {"REPLACE", 1, true, edit_replace_line},
    {"RESTORE", 4, false, edit_restore},
    {"REUSE", 3, false, edit_reuse},
    {"SAVE", 4, false, edit_save},
    {"SHORT", 5, false, edit_short},
    {"STACK", 5, false, edit_stack},
    {"TABSET", 4, false, edit_tabset},
    {"TOP", 3, false, edit_top},
    {"TRUNC", 5, false, edit_truncate},
    {"TYPE", 1, false, edit_type_lines},
    {"UP", 1, false, edit_up},
    {"VERIFY", 1, false, edit_verify_set},
    {"X", 1, false, edit_x},
    {"Y", 1, false, edit_y},
    {"ZONE", 1, false, edit_zone},
    {NULL, 0, false, NULL},
};

static const struct edit_subcommand *find_subcommand(const char *name)
{
    for (const struct edit_subcommand *s = edit_subcommands; s->name; s++)
        if (str_abbrev(name, s->name, s->least))
            return s;
    return NULL;
}

/* A $macro is an EXEC of that name, which stacks subcommands. */
static void run_macro(struct edit *e, const char *text)
{
    char command[EDIT_INPUT];
    struct edit_fileid id = {"", "EXEC", ""};
    uint32_t lrecl;
    char recfm;
    const char *p = text;
    str_word(&p, id.fn, sizeof id.fn);
    str_upcase(id.fn, strlen(id.fn));
    if (e->host->open(e->host->context, &id, &recfm, &lrecl)) {
        edit_reject(e);
        return;
    }
    e->host->close(e->host->context);
    fmt(command, sizeof command, "EXEC %s", text);
    if (e->host->command(e->host->context, command))
        edit_reject(e);
}

void edit_subcommand(struct edit *e, const char *text)
{
    char name[12];
    size_t n = 0;
    const char *p = text;
    str_copy(e->input, text, sizeof e->input);
    while (*p == ' ')
        p++;
    if (*p == '?' || *p == '=') {
        *p == '?' ? edit_show_last(e, "") : edit_reuse(e, "");
        return;
    }
    if (*p == '/') {
        edit_locate(e, p);
        return;
    }
    if (*p == '$') {
        run_macro(e, p);
        return;
    }
    while (str_is_alpha(*p) && n + 1 < sizeof name)
        name[n++] = *p++;
    name[n] = 0;
    const struct edit_subcommand *s = find_subcommand(name);
    if (!s) {
        edit_reject(e);
        return;
    }
    if (s->line && *p == ' ')
        p++;
    while (!s->line && *p == ' ')
        p++;
    s->run(e, p);
}

static bool is_blank(const char *text)
{
    while (*text == ' ')
        text++;
    return !*text;
}

static void edit_mode_line(struct edit *e, const char *text)
{
    if (is_blank(text)) {
        if (e->settings.verify)
            edit_type(e, "EDIT:");
        return;
    }
    const char *p = text;
    while (*p == ' ')
        p++;
    if (*p != '?' && *p != '=' && !str_equal(p, "REUSE"))
        str_copy(e->last, p, sizeof e->last);
    edit_subcommand(e, text);
}

/* A null line ends input mode. */
static void input_mode_line(struct edit *e, const char *text)
{
    if (!*text) {
        e->input_mode = false;
        edit_type(e, "EDIT:");
        return;
    }
    char to[EDIT_LRECL + 1];
    size_t length = edit_prepare(e, text, to);
    struct edit_line *line = edit_insert(e, e->current, to, length);
    if (line)
        e->current = line;
    else
        e->input_mode = false;
}

static int load(struct edit *e, uint32_t lrecl)
{
    char record[EDIT_LRECL + 1];
    int rc = e->host->open(e->host->context, &e->id, &e->recfm, &e->lrecl);
    if (rc && rc != 28)
        return rc;
    e->new_file = rc == 28;
    if (e->new_file) {
        e->recfm = 0;
        e->lrecl = lrecl;
        edit_settings_of_type(e);
        return 0;
    }
    if (e->lrecl > EDIT_LRECL) {
        edit_type(e, "DMSEDI044E RECORD LENGTH EXCEEDS ALLOWABLE MAXIMUM");
        e->host->close(e->host->context);
        return 32;
    }
    edit_settings_of_type(e);
    int n;
    struct edit_line *at = e->top;
    while ((n = e->host->read(e->host->context, record, sizeof record)) >= 0)
        if (!(at = edit_insert(e, at, record, (size_t)n)))
            break;
    e->host->close(e->host->context);
    if (n == EDIT_READ_ERROR)
        return 100;
    if (n >= 0) {
        edit_type(e, "DMSEDI132S FILE TOO LARGE");
        return 88;
    }
    /* A V file's lines may grow to what its type allows. */
    if (e->recfm == 'V' && e->lrecl < 130) {
        e->lrecl = 130;
        e->settings.zone_last = e->settings.truncate = 130;
    }
    return 0;
}

int edit_run(struct edit *e, const struct edit_host *host, const struct edit_fileid *id,
             uint32_t lrecl, void *storage, size_t size)
{
    char text[EDIT_INPUT];
    memset(e, 0, sizeof *e);
    e->host = host;
    e->id = *id;
    e->lrecl = EDIT_LRECL;
    edit_buffer_init(e, storage, size);
    if (!e->end) {
        edit_type(e, "DMSEDI104S INSUFFICIENT STORAGE AVAILABLE");
        return 104;
    }
    int rc = load(e, lrecl);
    if (rc)
        return rc;
    e->changed = false;
    e->changes = 0;
    e->preserved = e->settings;
    if (e->new_file)
        edit_type(e, "NEW FILE:");
    edit_type(e, "EDIT:");
    while (!e->ended) {
        if (!host->read_line(host->context, text, sizeof text))
            return 4;
        if (e->input_mode)
            input_mode_line(e, text);
        else
            edit_mode_line(e, text);
        autosave(e);
    }
    return e->exit_code;
}
