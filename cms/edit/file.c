/* Subcommands that read and write files, and the ways out. */
#include "cms/edit/internal.h"

#include "lib/fmt.h"
#include "lib/str.h"

static void take_name(char *to, const char *word, size_t size)
{
    str_copy(to, word, size);
    str_upcase(to, strlen(to));
}

/* Changes `id` by up to three words; `=` keeps a part. */
static void take_fileid(struct edit_fileid *id, const char **operands)
{
    struct {
        char *part;
        size_t size;
    } parts[] = {{id->fn, sizeof id->fn}, {id->ft, sizeof id->ft}, {id->fm, sizeof id->fm}};
    char word[EDIT_INPUT];
    for (int i = 0; i < 3 && str_word(operands, word, sizeof word); i++)
        if (strcmp(word, "="))
            take_name(parts[i].part, word, parts[i].size);
}

bool edit_write_file(struct edit *e, const struct edit_fileid *id)
{
    char record[EDIT_LRECL + 1];
    int rc = e->host->write_begin(e->host->context, id, e->recfm, e->lrecl);
    if (rc)
        return false;
    for (struct edit_line *l = e->top->next; l != e->end && !rc; l = l->next) {
        size_t n = l->length;
        memcpy(record, l->text, n);
        while (n > 0 && record[n - 1] == ' ')
            n--;
        /* A record has at least one byte, and all of them in an F file. */
        while (n < (e->recfm == 'F' ? e->lrecl : 1))
            record[n++] = ' ';
        rc = e->host->write(e->host->context, record, n);
    }
    int end = e->host->write_end(e->host->context, rc == 0);
    if (rc || end)
        return false;
    e->changes = 0;
    return true;
}

void edit_save(struct edit *e, const char *operands)
{
    struct edit_fileid id = e->id;
    take_fileid(&id, &operands);
    if (e->top->next == e->end)
        edit_type(e, "NO LINES IN THE FILE: NOT SAVED");
    else if (edit_write_file(e, &id))
        edit_type(e, "SAVED");
}

void edit_file(struct edit *e, const char *operands)
{
    struct edit_fileid id = e->id;
    take_fileid(&id, &operands);
    if (e->top->next == e->end) {
        edit_type(e, "NO LINES IN THE FILE: NOT SAVED");
        return;
    }
    e->ended = edit_write_file(e, &id);
}

void edit_quit(struct edit *e, const char *operands)
{
    e->ended = true;
}

/* FNAME and FMODE show or set the name for SAVE and FILE. */
void edit_fname(struct edit *e, const char *operands)
{
    char word[EDIT_INPUT];
    if (str_word(&operands, word, sizeof word))
        take_name(e->id.fn, word, sizeof e->id.fn);
    else
        edit_type(e, e->id.fn);
}

void edit_fmode(struct edit *e, const char *operands)
{
    char word[EDIT_INPUT];
    if (!str_word(&operands, word, sizeof word))
        edit_type(e, e->id.fm[0] ? e->id.fm : "A1");
    else if (!str_is_alpha(word[0]) || (word[1] && !str_is_digit(word[1])) || (word[1] && word[2]))
        edit_reject(e);
    else
        take_name(e->id.fm, word, sizeof e->id.fm);
}

static void get_records(struct edit *e, uint32_t first, uint32_t count)
{
    char record[EDIT_LRECL + 1];
    int n = 0;
    for (uint32_t number = 1; number - first < count || number < first; number++) {
        n = e->host->read(e->host->context, record, sizeof record);
        if (n < 0)
            break;
        if (number < first)
            continue;
        struct edit_line *line = edit_insert(e, e->current, record, (size_t)n);
        if (!line)
            break;
        e->current = line;
    }
    if (n == EDIT_READ_END)
        edit_type(e, "EOF REACHED");
    else if (n == EDIT_READ_ERROR)
        edit_type(e, "ERROR READING FILE");
}

/* GETFILE fn [ft [fm [first [count]]]] */
void edit_getfile(struct edit *e, const char *operands)
{
    struct edit_fileid id = e->id;
    uint32_t first, count, lrecl;
    char recfm, probe[2];
    const char *p = operands;
    if (!str_word(&p, probe, sizeof probe)) {
        edit_reject(e);
        return;
    }
    id.fm[0] = 0;
    take_fileid(&id, &operands);
    if (!edit_count(e, &operands, 1, &first) || !edit_count(e, &operands, EDIT_ALL, &count))
        return;
    if (e->host->open(e->host->context, &id, &recfm, &lrecl)) {
        edit_type(e, "FILE NOT FOUND");
        return;
    }
    if (lrecl > EDIT_LRECL)
        edit_type(e, "RECORD LENGTH TOO LONG");
    else
        get_records(e, first ? first : 1, count);
    e->host->close(e->host->context);
    edit_verify(e);
}

/* CMS [command]: one command, or the subset until RETURN. */
void edit_cms(struct edit *e, const char *operands)
{
    char answer[32];
    if (!*operands) {
        e->host->subset(e->host->context);
        edit_type(e, "EDIT:");
        return;
    }
    int rc = e->host->command(e->host->context, operands);
    if (rc) {
        fmt(answer, sizeof answer, "R(%05d);", rc);
        edit_type(e, answer);
    }
}

/* STACK [n|*] stacks lines from the current one on; STACK text stacks the text. */
void edit_stack(struct edit *e, const char *operands)
{
    char record[EDIT_LRECL + 1];
    const char *p = operands;
    uint32_t n = 1;
    if (*operands && !str_is_digit(*operands) && strcmp(operands, "*")) {
        e->host->stack(e->host->context, operands);
        return;
    }
    if (!edit_count(e, &p, 1, &n))
        return;
    if (!n)
        e->host->stack(e->host->context, "");
    for (; n && e->current != e->end; n--) {
        if (edit_is_line(e, e->current)) {
            str_copy(record, e->current->text, (size_t)e->current->length + 1);
            e->host->stack(e->host->context, record);
        }
        if (n > 1)
            e->current = e->current->next;
    }
}
