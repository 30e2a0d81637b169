/* The magazine of an automatic loader. */
#include "s370/media/tape_magazine.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_SIZE 4096

struct entry {
    struct entry *next;
    int count;
    char *words[MAGAZINE_WORDS];
};

struct tape_magazine {
    char *path;
    struct entry *entries; /* that are left */
    struct entry *current; /* whose words are in use */
};

static void entry_free(struct entry *e)
{
    if (!e)
        return;
    for (int i = 0; i < e->count; i++)
        free(e->words[i]);
    free(e);
}

/* The tape's name, from where the magazine is. */
static char *tape_name(const struct tape_magazine *m, const char *word)
{
    const char *slash = strrchr(m->path, '/');
    size_t directory = word[0] == '/' || !slash ? 0 : (size_t)(slash + 1 - m->path);
    char *name = malloc(directory + strlen(word) + 1);
    if (name) {
        memcpy(name, m->path, directory);
        strcpy(name + directory, word);
    }
    return name;
}

/* Splits a line; NULL, or what is wrong with it.  *e stays NULL for one without a tape. */
static const char *parse_line(const struct tape_magazine *m, char *line, struct entry **e)
{
    *e = NULL;
    for (;;) {
        line += strspn(line, " \t\r\n");
        if (!*line || *line == '#')
            return NULL;
        bool quoted = *line == '"';
        char *word = line += quoted;
        line += strcspn(line, quoted ? "\"\r\n" : " \t\r\n");
        if (quoted && *line != '"')
            return "a quote is missing";
        if (*line)
            *line++ = 0;
        if (!*e && !(*e = calloc(1, sizeof **e)))
            return "no memory";
        if ((*e)->count == MAGAZINE_WORDS)
            return "there are too many words";
        char *copy = (*e)->count == 0 ? tape_name(m, word) : strdup(word);
        if (!copy)
            return "no memory";
        (*e)->words[(*e)->count++] = copy;
    }
}

static const char *parse(struct tape_magazine *m, FILE *f, unsigned *number)
{
    char line[LINE_SIZE];
    struct entry **last = &m->entries;
    while (fgets(line, sizeof line, f)) {
        ++*number;
        if (strlen(line) == sizeof line - 1)
            return "the line is too long";
        const char *wrong = parse_line(m, line, last);
        if (wrong)
            return wrong;
        if (*last)
            last = &(*last)->next;
    }
    if (ferror(f))
        return strerror(errno);
    return m->entries ? NULL : "it names no tape";
}

struct tape_magazine *tape_magazine_open(const char *path, char *message, size_t size)
{
    struct tape_magazine *m = calloc(1, sizeof *m);
    unsigned number = 0;
    if (m)
        m->path = strdup(path);
    FILE *f = m && m->path ? fopen(path, "re") : NULL;
    const char *wrong = f ? parse(m, f, &number) : strerror(errno);
    if (f)
        fclose(f);
    if (!wrong)
        return m;
    snprintf(message, size, "%s:%u: %s", path, number, wrong);
    tape_magazine_close(m);
    return NULL;
}

void tape_magazine_close(struct tape_magazine *m)
{
    if (!m)
        return;
    while (m->entries) {
        struct entry *next = m->entries->next;
        entry_free(m->entries);
        m->entries = next;
    }
    entry_free(m->current);
    free(m->path);
    free(m);
}

int tape_magazine_next(struct tape_magazine *m, char *words[MAGAZINE_WORDS])
{
    entry_free(m->current);
    m->current = m->entries;
    if (!m->current)
        return 0;
    m->entries = m->current->next;
    memcpy(words, m->current->words, sizeof m->current->words);
    return m->current->count;
}

const char *tape_magazine_path(const struct tape_magazine *m)
{
    return m->path;
}

unsigned tape_magazine_left(const struct tape_magazine *m)
{
    unsigned left = 0;
    for (const struct entry *e = m->entries; e; e = e->next)
        left++;
    return left;
}
